//! Claims of all shapes that the guide allows and a biller writes, all valid and clean: 837P only.
//!
//! A billing provider keeps to one row of [`practices`]; its claims differ in payer, patient, other payers, and in everything
//! that may but need not be said. Each concern has its own file, writes its own loops, and draws from the one stream of
//! numbers of its claim or household.

mod calendar;
mod coordination;
mod encounter;
mod line;
mod people;
mod practices;
mod providers;
mod specialty;

use std::io::{self, Write};

use super::Made;
use super::random::Random;
use super::style::{Scribe, Style, isa};
use calendar::Day;
use encounter::{Circumstances, Encounter};
use people::{Payer, Person};
use practices::SPECIALTIES;
use providers::Billing;
use specialty::{Kind, Patients, Specialty};

/// Segments with `*` between elements and `:` between components, in their order.
type Segments = Vec<String>;

/// Which claims to make.
#[derive(Clone, Copy, Debug)]
pub struct Shapes {
    /// Names the file.
    pub seed: u64,
    /// At least so many claims: the last patient is finished.
    pub claims: u64,
}

/// Writes the claims of `plan`: several interchanges, groups and transactions.
///
/// Everybody in it is invented. All claims are clean under every rule as of [`super::AS_OF`].
pub fn write_shapes(out: &mut impl Write, plan: &Shapes, style: Style) -> io::Result<Made> {
    let mut file = File {
        scribe: Scribe::new(out, style),
        seed: plan.seed,
        wanted: plan.claims,
        made: Made::default(),
        providers: 0,
        households: 0,
    };
    let mut random = Random::new(plan.seed, u64::MAX);
    let (mut interchanges, mut groups) = (0, 0);
    while !file.is_done() {
        interchanges += 1;
        file.scribe.put(&isa(interchanges));
        let mut groups_here = 0;
        for _ in 0..1 + random.below(3) {
            if groups_here == 0 || !file.is_done() {
                groups_here += 1;
                groups += 1;
                file.group(groups, &mut random)?;
            }
        }
        file.scribe.put(&format!("IEA*{groups_here}*{interchanges:09}"));
    }
    file.scribe.flush()?;
    file.made.bytes = file.scribe.bytes;
    Ok(file.made)
}

struct File<'w, W> {
    scribe: Scribe<'w, W>,
    seed: u64,
    wanted: u64,
    made: Made,
    /// Billing providers so far.
    providers: u64,
    /// Subscribers so far.
    households: u64,
}

/// Numbers the levels of a transaction.
struct Levels(u64);

impl Levels {
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

impl<W: Write> File<'_, W> {
    fn is_done(&self) -> bool {
        self.made.claims >= self.wanted
    }

    fn group(&mut self, number: u64, random: &mut Random) -> io::Result<()> {
        self.scribe.put(&format!("GS*HC*SYNTHETIC*NOBODY*20250630*1200*{number}*X*005010X222A1"));
        let mut transactions = 0;
        for _ in 0..1 + random.below(4) {
            if transactions == 0 || !self.is_done() {
                transactions += 1;
                self.transaction(number, transactions, random)?;
            }
        }
        self.scribe.put(&format!("GE*{transactions}*{number}"));
        Ok(())
    }

    fn transaction(&mut self, group: u64, number: u64, random: &mut Random) -> io::Result<()> {
        self.scribe.count_from_here();
        let mut out = vec![
            format!("ST*837*{number:04}*005010X222A1"),
            format!(
                "BHT*0019*{}*G{group}T{number}*20250630*{}*{}",
                random.pick(&["00", "00", "00", "18"]),
                random.pick(&["1200", "235959"]),
                random.pick(&["CH", "CH", "CH", "CH", "RP"])
            ),
        ];
        out.push(match random.chance(0.8) {
            true => "NM1*41*2*SYNTHETIC SUBMITTER*****46*SYN001".to_owned(),
            false => "NM1*41*1*NOBODY*ANY*Q***46*SYN003".to_owned(),
        });
        out.push("PER*IC*NOBODY*TE*2055550100*EX*7".to_owned());
        if random.chance(0.3) {
            out.push("PER*IC*SUPPORT*EM*nobody@example.invalid*FX*2055550109".to_owned());
        }
        out.push("NM1*40*2*SYNTHETIC RECEIVER*****46*SYN002".to_owned());
        let mut levels = Levels(0);
        for nth in 0..1 + random.below(5) {
            if nth == 0 || !self.is_done() {
                self.billing_provider(&mut levels, &mut out)?;
            }
        }
        self.write(&mut out)?;
        let count = self.scribe.counted() + 1;
        self.scribe.put(&format!("SE*{count}*{number:04}"));
        Ok(())
    }

    fn write(&mut self, out: &mut Segments) -> io::Result<()> {
        for segment in out.drain(..) {
            self.scribe.put(&segment);
        }
        self.scribe.flush()
    }

    fn billing_provider(&mut self, levels: &mut Levels, out: &mut Segments) -> io::Result<()> {
        let mut random = Random::new(self.seed, (1 << 40) + self.providers);
        let specialty = &SPECIALTIES[(self.providers % SPECIALTIES.len() as u64) as usize];
        let billing = Billing::new(self.seed, self.providers, specialty, &mut random);
        self.providers += 1;
        let level = levels.next();
        out.push(format!("HL*{level}**20*1"));
        billing.put(&mut random, out);
        for nth in 0..1 + random.below(4) {
            if nth == 0 || !self.is_done() {
                self.household(&billing, level, levels, &mut random, out);
                self.write(out)?;
            }
        }
        Ok(())
    }

    /// A subscriber, and everybody covered through him who was seen.
    fn household(
        &mut self,
        billing: &Billing,
        above: u64,
        levels: &mut Levels,
        random: &mut Random,
        out: &mut Segments,
    ) {
        let specialty = billing.specialty;
        let payer = Payer::of(random.pick(specialty.payers));
        let member = self.seed % 1000 * 1_000_000 + self.households;
        self.households += 1;
        let rank = match random.below(10) {
            _ if payer.is_property_and_casualty() => "P",
            0..=6 => "P",
            7..=8 => "S",
            _ => "T",
        };
        let is_employer = payer.filing_indicator == "WC" && random.chance(0.5);
        let is_patient = match specialty.patients {
            _ if payer.is_medicare() => true,
            Patients::Children => random.chance(0.2),
            _ => !is_employer && random.chance(0.6),
        };
        let subscriber = Subscriber { payer, rank, member, is_patient, is_employer };
        let level = levels.next();
        out.push(format!("HL*{level}*{above}*22*{}", u8::from(!is_patient)));
        let person = if is_patient {
            patient(specialty, &payer, random)
        } else {
            Person::born(1950, 45, None, random)
        };
        let death = (specialty.kind == Kind::Hospice && random.chance(0.4)).then(|| Day::FIRST.plus(165));
        subscriber.put(&person, specialty, death, random, out);
        let begin = |random: &mut Random| {
            let weeks = if rank == "P" { 16 } else { 8 };
            Day::FIRST.plus(7 * random.below(weeks) + random.below(5))
        };
        let visits = |random: &mut Random| match specialty.repeats() {
            true => 1 + random.below(3),
            false => 1,
        };
        if is_patient {
            let around = Circumstances {
                billing,
                payer: &payer,
                patient: &person,
                rank,
                begin: begin(random),
                visit: 0,
                member,
            };
            return self.claims(around, visits(random), out);
        }
        for nth in 0..1 + random.below(3) {
            let dependent = patient(specialty, &payer, random);
            out.push(format!("HL*{}*{level}*23*0", levels.next()));
            subscriber.put_dependent(&dependent, nth, specialty, death, random, out);
            let around = Circumstances {
                billing,
                payer: &payer,
                patient: &dependent,
                rank,
                begin: begin(random),
                visit: 0,
                member,
            };
            self.claims(around, visits(random), out);
        }
    }

    fn claims(&mut self, around: Circumstances<'_>, visits: u64, out: &mut Segments) {
        for visit in 0..visits {
            let mut random = Random::new(self.seed, self.made.claims);
            let id = format!("S{:03}-{:06}", self.seed % 1000, self.made.claims);
            let claim = Encounter::new(id, Circumstances { visit, ..around }, &mut random);
            claim.put(&mut random, out);
            self.made.claims += 1;
            self.made.lines += claim.lines.len() as u64;
            self.made.charge_cents += claim.charge_cents();
        }
    }
}

/// Somebody whom this specialty treats and this payer covers.
fn patient(specialty: &Specialty, payer: &Payer, random: &mut Random) -> Person {
    match specialty.patients {
        Patients::Children => Person::born(2021, 3, None, random),
        Patients::Women if matches!(specialty.kind, Kind::Mammography) => {
            Person::born(1955, 20, Some("F"), random)
        }
        Patients::Women => Person::born(1985, 18, Some("F"), random),
        Patients::Anyone if payer.is_medicare() => Person::born(1932, 27, None, random),
        Patients::Anyone => Person::born(1948, 55, None, random),
    }
}

/// The insured of one 2000B.
struct Subscriber {
    payer: Payer,
    /// SBR01.
    rank: &'static str,
    member: u64,
    is_patient: bool,
    /// Whether it is the employer of an injured patient.
    is_employer: bool,
}

impl Subscriber {
    /// 2000B after its HL, 2010BA and 2010BB.
    fn put(
        &self,
        person: &Person,
        specialty: &Specialty,
        death: Option<Day>,
        random: &mut Random,
        out: &mut Segments,
    ) {
        let relation = if self.is_patient { "18" } else { "" };
        let (group, plan) = match random.below(3) {
            _ if self.payer.is_medicare() => ("", ""),
            0 => ("GRP1001", ""),
            1 => ("", "SAMPLE STAFF PLAN"),
            _ => ("", ""),
        };
        let secondary = match (self.payer.is_medicare(), self.rank) {
            (true, "S" | "T") => random.pick(&["12", "13", "14", "15", "16", "41", "42", "43", "47"]),
            _ => "",
        };
        out.push(format!(
            "SBR*{}*{relation}*{group}*{plan}*{secondary}****{}",
            self.rank, self.payer.filing_indicator
        ));
        if self.is_patient {
            put_condition("", specialty, death, out);
        }
        let member_id = self.payer.member_id(self.member);
        match self.is_employer {
            true => out.push(format!("NM1*IL*2*INVENTED WORKS INC*****MI*{member_id}")),
            false => out.push(format!("NM1*IL*1*{}*MI*{member_id}", person.name.elements())),
        }
        if self.is_patient || random.chance(0.5) && !self.is_employer {
            person.put_address_and_birth(random, out);
        }
        if self.is_patient && !self.payer.is_medicare() && random.chance(0.08) {
            out.push("REF*SY*900001236".to_owned());
        }
        if self.is_patient && self.payer.is_property_and_casualty() {
            self.put_casualty(random, out);
        }
        let qualifier = random.pick(&["PI", "PI", "PI", "XV"]);
        out.push(format!("NM1*PR*2*{}*****{qualifier}*{}", self.payer.name, self.payer.id));
        if random.chance(0.5) {
            out.push("N3*PO BOX 0".to_owned());
            out.push("N4*BIRMINGHAM*AL*352010001".to_owned());
        }
        for segment in ["REF*2U*76543", "REF*FY*OFFICE9", "REF*NF*12345", "REF*G2*G0077", "REF*LU*L0078"] {
            if random.chance(0.06) {
                out.push(segment.to_owned());
            }
        }
    }

    /// The claim number of a workers' compensation or liability insurer, and whom to ask.
    fn put_casualty(&self, random: &mut Random, out: &mut Segments) {
        out.push(format!("REF*Y4*INJURY{}", self.member));
        if random.chance(0.3) {
            out.push("PER*IC*ANY NOBODY*TE*2055550107*EX*9".to_owned());
        }
    }

    /// 2000C after its HL, and 2010CA.
    fn put_dependent(
        &self,
        patient: &Person,
        nth: u64,
        specialty: &Specialty,
        death: Option<Day>,
        random: &mut Random,
        out: &mut Segments,
    ) {
        let relation = match specialty.patients {
            _ if self.is_employer => "20",
            Patients::Children => "19",
            _ if nth == 0 => random.pick(&["01", "53", "G8"]),
            _ => random.pick(&["19", "21", "G8", "39"]),
        };
        put_condition(relation, specialty, death, out);
        out.push(format!("NM1*QC*1*{}", patient.name.elements()));
        patient.put_address_and_birth(random, out);
        if self.payer.is_property_and_casualty() {
            self.put_casualty(random, out);
        }
    }
}

/// PAT: relationship, death, weight, pregnancy, where there is any of it.
fn put_condition(relation: &str, specialty: &Specialty, death: Option<Day>, out: &mut Segments) {
    let (form, date) = death.map_or(("", String::new()), |day| ("D8", day.text()));
    let (pounds, weight) = match specialty.kind {
        Kind::Dialysis | Kind::Wheelchair => ("01", "155.5"),
        _ => ("", ""),
    };
    let pregnant = if matches!(specialty.kind, Kind::Maternity | Kind::LaborAnesthesia) { "Y" } else { "" };
    if [relation, form, pounds, pregnant].iter().any(|said| !said.is_empty()) {
        out.push(format!("PAT*{relation}****{form}*{date}*{pounds}*{weight}*{pregnant}"));
    }
}
