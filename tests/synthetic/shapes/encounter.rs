use super::super::json::dollars;
use super::super::random::Random;
use super::Segments;
use super::calendar::Day;
use super::coordination::{Claimed, Coordination};
use super::line::Line;
use super::people::{Payer, Person};
use super::providers::{Billing, Team};
use super::specialty::Kind;

/// One claim.
#[derive(Debug)]
pub struct Encounter<'a> {
    pub id: String,
    pub billing: &'a Billing,
    pub payer: &'a Payer,
    pub patient: &'a Person,
    /// First day of service.
    pub day: Day,
    pub place: &'static str,
    /// Day of the accident, or when the trouble began: one for all visits.
    onset: Day,
    /// Day of the patient's first visit.
    begin: Day,
    /// CLM05-3.
    pub frequency: &'static str,
    /// CLM11, its state included.
    cause: String,
    diagnoses: Vec<&'static str>,
    pub lines: Vec<Line>,
    pub team: Team,
    pub coordination: Coordination,
    /// Whether charges are written with two places (`90.00`) instead of the shortest way (`90`).
    two_places: bool,
    /// Whether somebody else has repriced it.
    pub repriced: bool,
}

/// What a claim belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    pub billing: &'a Billing,
    pub payer: &'a Payer,
    pub patient: &'a Person,
    /// SBR01.
    pub rank: &'static str,
    /// Day of the patient's first visit.
    pub begin: Day,
    /// 0 for the first claim of the patient.
    pub visit: u64,
    /// Names the subscriber in numbers that payers give out.
    pub member: u64,
}

impl<'a> Encounter<'a> {
    pub fn new(id: String, around: Circumstances<'a>, random: &mut Random) -> Encounter<'a> {
        let Circumstances { billing, payer, patient, rank, begin, visit, member } = around;
        let specialty = billing.specialty;
        let day = begin.plus(7 * visit);
        let place = random.pick(specialty.places);
        let cause = match payer.filing_indicator {
            "WC" if random.chance(0.2) => format!("EM:AA::{}", patient.address.state),
            "WC" => "EM".to_owned(),
            "AM" => format!("AA:::{}", patient.address.state),
            "LM" => "OA".to_owned(),
            _ if matches!(specialty.kind, Kind::Emergency | Kind::Ambulance) && random.chance(0.4) => {
                "OA".to_owned()
            }
            _ => String::new(),
        };
        let first = match specialty.diagnoses.len() {
            0..=3 => 0,
            known => random.below(known as u64) as usize,
        };
        let most = specialty.diagnoses.len().min(12);
        let diagnoses: Vec<_> = specialty
            .diagnoses
            .iter()
            .cycle()
            .skip(first)
            .take(1 + random.below(most as u64) as usize)
            .copied()
            .collect();
        let bills = if visit > 0 { &specialty.bills[..1] } else { specialty.bills };
        let lines = Line::of_bill(random.pick(bills), specialty, payer, day, diagnoses.len(), random);
        let last = lines.iter().map(|line| line.to).max().unwrap_or(day);
        let charges: Vec<i64> = lines.iter().map(|line| line.item.charge_cents).collect();
        Encounter {
            id,
            billing,
            payer,
            patient,
            day,
            place,
            onset: begin.minus(12 + member % 50),
            begin,
            frequency: if payer.is_medicare() {
                "1"
            } else {
                random.pick(&["1", "1", "1", "1", "1", "1", "7", "8"])
            },
            cause,
            diagnoses,
            lines,
            team: Team::new(billing, place, random),
            coordination: Coordination::new(
                Claimed { destination: payer, patient, rank, charges: &charges, last, member },
                random,
            ),
            two_places: random.chance(0.3),
            repriced: matches!(payer.filing_indicator, "CI" | "12" | "13") && random.chance(0.15),
        }
    }

    pub fn charge_cents(&self) -> i64 {
        self.lines.iter().map(|line| line.item.charge_cents).sum()
    }

    /// A charge as this claim writes it.
    pub fn money(&self, cents: i64) -> String {
        if self.two_places { format!("{}.{:02}", cents / 100, cents % 100) } else { dollars(cents) }
    }

    pub fn kind(&self) -> Kind {
        self.billing.specialty.kind
    }

    /// 2300 with all that is in it.
    pub fn put(&self, random: &mut Random, out: &mut Segments) {
        self.put_head(random, out);
        self.put_dates(random, out);
        self.put_papers(random, out);
        self.put_references(random, out);
        self.put_remarks(random, out);
        self.put_certificates(random, out);
        self.put_codes(random, out);
        self.team.put(random, out);
        self.coordination.put_claim(self, random, out);
        let noted = random.chance(0.5);
        for index in 0..self.lines.len() {
            self.put_line(index, noted, random, out);
        }
    }

    fn put_head(&self, random: &mut Random, out: &mut Segments) {
        let assignment = if self.payer.is_medicare() { "A" } else { random.pick(&["A", "A", "A", "B", "C"]) };
        let benefits = random.pick(&["Y", "Y", "Y", "Y", "W", "N"]);
        let (release, signature) = (random.pick(&["Y", "Y", "I"]), random.pick(&["", "", "P"]));
        let program =
            if self.payer.filing_indicator == "MC" { random.pick(&["", "", "02", "03", "09"]) } else { "" };
        let delay = if random.chance(0.06) {
            random.pick(&["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "15"])
        } else {
            ""
        };
        out.push(format!(
            "CLM*{}*{}***{}:B:{}*Y*{assignment}*{benefits}*{release}*{signature}*{}*{program}********{delay}",
            self.id,
            self.money(self.charge_cents()),
            self.place,
            self.frequency,
            self.cause,
        ));
    }

    fn put_dates(&self, random: &mut Random, out: &mut Segments) {
        let mut date = |qualifier: &str, day: Day| out.push(format!("DTP*{qualifier}*D8*{}", day.text()));
        let (day, kind) = (self.day, self.kind());
        let before = |most: u64, random: &mut Random| day.minus(1 + random.below(most));
        if self.billing.specialty.is_therapy() || kind == Kind::Office && random.chance(0.3) {
            date("431", self.onset);
        }
        if kind == Kind::Chiropractic || self.billing.specialty.is_therapy() && random.chance(0.4) {
            date("454", self.begin);
        }
        if kind == Kind::Physical && random.chance(0.4) {
            date("304", before(20, random));
        }
        if kind == Kind::Chiropractic {
            date("453", self.onset);
            if random.chance(0.4) {
                date("455", before(60, random));
            }
        }
        if !self.cause.is_empty() {
            date("439", self.onset);
        }
        if matches!(kind, Kind::Maternity | Kind::LaborAnesthesia) {
            date("484", day.minus(268 + random.below(14)));
        }
        if kind == Kind::Vision {
            date("471", before(10, random));
        }
        if self.payer.filing_indicator == "WC" {
            date("297", self.onset);
            if random.chance(0.4) {
                date("296", day.plus(10));
            }
        }
        if self.billing.specialty.is_admission(self.place) {
            date("435", day);
            if random.chance(0.7) {
                date("096", day.plus(5));
            }
        }
        if kind == Kind::Comanaged {
            date("090", day);
            date("091", day.plus(1));
        }
        if self.payer.is_property_and_casualty() && random.chance(0.5) {
            date("444", self.begin);
        }
        if self.repriced {
            date("050", day.plus(31));
        }
        if self.payer.filing_indicator == "WC" && random.chance(0.5) {
            let (begin, end) = (self.onset.text(), day.plus(9).text());
            out.push(match random.below(3) {
                0 => format!("DTP*314*RD8*{begin}-{end}"),
                1 => format!("DTP*360*D8*{begin}"),
                _ => format!("DTP*361*D8*{end}"),
            });
        }
    }

    /// Attachments, contract, what the patient has paid.
    fn put_papers(&self, random: &mut Random, out: &mut Segments) {
        put_attachments(0.1, random, out);
        put_contract(0.05, self.charge_cents(), random, out);
        let paid = self.charge_cents().min(2_500);
        if random.chance(0.2) && paid > 0 {
            out.push(format!("AMT*F5*{}", self.money(paid)));
        }
    }

    fn put_references(&self, random: &mut Random, out: &mut Segments) {
        let (id, medicare, kind) = (&self.id, self.payer.is_medicare(), self.kind());
        let medicaid = self.payer.filing_indicator == "MC";
        let laboratory = matches!(kind, Kind::Laboratory | Kind::HomeLaboratory);
        for (is_due, share, segment) in [
            (medicaid, 0.3, "REF*4N*3".to_owned()),
            (medicare, 0.1, "REF*F5*N".to_owned()),
            (kind == Kind::Mammography, 0.5, "REF*EW*123456".to_owned()),
            (self.team.referring.is_some(), 0.3, format!("REF*9F*F{id}")),
            (true, 0.15, format!("REF*G1*A{id}")),
            (self.frequency != "1", 1.0, format!("REF*F8*ICN{id}")),
            (
                laboratory || kind == Kind::Office,
                if laboratory { 1.0 } else { 0.2 },
                "REF*X4*01D1234567".to_owned(),
            ),
            (self.repriced, 1.0, format!("REF*9A*R{id}")),
            (self.repriced && self.frequency != "1", 1.0, format!("REF*9C*S{id}")),
            (medicare && kind == Kind::Surgery, 1.0, "REF*LX*G200001".to_owned()),
            (true, 0.3, format!("REF*D9*SYN{id}")),
            (true, 0.3, format!("REF*EA*CHART{id}")),
            (medicare, 0.1, "REF*P4*12".to_owned()),
            (kind == Kind::Oversight, 1.0, "REF*1J*1234567893".to_owned()),
        ] {
            if is_due && random.chance(share) {
                out.push(segment);
            }
        }
    }

    fn put_remarks(&self, random: &mut Random, out: &mut Segments) {
        if random.chance(0.03) {
            out.push("K3*STATE FIELD 0007".to_owned());
        }
        if random.chance(0.1) {
            let kind = random.pick(&["ADD", "CER", "DCP", "DGN", "TPO"]);
            out.push(format!("NTE*{kind}*INVENTED REMARK, SEE CHART"));
        }
    }

    fn put_certificates(&self, random: &mut Random, out: &mut Segments) {
        match self.kind() {
            Kind::Ambulance => put_transport(random, out),
            Kind::Chiropractic => {
                let condition = random.pick(&["A", "C", "D", "E", "F", "G", "M"]);
                out.push(match random.chance(0.5) {
                    true => format!("CR2********{condition}"),
                    false => format!("CR2********{condition}**STIFF NECK*STIFF BACK"),
                });
            }
            Kind::Vision => {
                out.push("CRC*E1*Y*L1*L3".to_owned());
                if random.chance(0.3) {
                    out.push("CRC*E3*N*L5".to_owned());
                }
            }
            Kind::HomeLaboratory => out.push("CRC*75*Y*IH".to_owned()),
            Kind::Epsdt => {
                out.push(random.pick(&["CRC*ZZ*Y*S2", "CRC*ZZ*Y*ST*AV", "CRC*ZZ*N*NU"]).to_owned())
            }
            _ => {}
        }
    }

    /// Diagnoses, the surgery behind an anesthesia, conditions, prices.
    fn put_codes(&self, random: &mut Random, out: &mut Segments) {
        let mut codes = "HI".to_owned();
        for (index, code) in self.diagnoses.iter().enumerate() {
            codes += &format!("*{}:{code}", if index == 0 { "ABK" } else { "ABF" });
        }
        out.push(codes);
        match self.lines.first().map(|line| line.item.code) {
            Some("00840") => out.push("HI*BP:44970*BO:49320".to_owned()),
            Some("01402") => out.push("HI*BP:27447".to_owned()),
            Some("00142") => out.push("HI*BP:66984".to_owned()),
            Some("01967") => out.push("HI*BP:59409".to_owned()),
            _ => {}
        }
        if self.kind() == Kind::Ambulance && random.chance(0.4) {
            out.push(random.pick(&["HI*BG:AM", "HI*BG:AL*BG:AM"]).to_owned());
        } else if self.payer.filing_indicator == "WC" && self.frequency == "7" {
            out.push("HI*BG:W3".to_owned());
        }
        if self.repriced {
            out.push(pricing(self.charge_cents()));
        }
    }
}

/// HCP01 to HCP04: what is allowed and what is saved are the charge.
pub fn pricing(charge_cents: i64) -> String {
    let saved = charge_cents / 4;
    format!("HCP*10*{}*{}*REPRICER1", dollars(charge_cents - saved), dollars(saved))
}

/// PWK of a claim or line.
pub fn put_attachments(share: f64, random: &mut Random, out: &mut Segments) {
    if random.chance(share) {
        let report = random.pick(&["OZ", "06", "B3", "DS", "OB", "RB", "03", "M1"]);
        out.push(match random.pick(&["AA", "BM", "EL", "EM", "FT", "FX"]) {
            "AA" => format!("PWK*{report}*AA"),
            way => format!("PWK*{report}*{way}***AC*ATT{}", random.below(100_000)),
        });
    }
}

/// CN1 of a claim or line.
pub fn put_contract(share: f64, charge_cents: i64, random: &mut Random, out: &mut Segments) {
    if random.chance(share) {
        out.push(match random.below(4) {
            0 => format!("CN1*02*{}", dollars(charge_cents)),
            1 => "CN1*03**85.5".to_owned(),
            2 => "CN1*05".to_owned(),
            _ => "CN1*09***PLAN7*2*1".to_owned(),
        });
    }
}

/// CR1 and the certificates of an ambulance.
pub fn put_transport(random: &mut Random, out: &mut Segments) {
    out.push(match random.below(3) {
        0 => "CR1*LB*165**A*DH*12".to_owned(),
        1 => "CR1*LB*190**C*DH*7.5****PATIENT COULD NOT SIT".to_owned(),
        _ => "CR1****A*DH*12***RETURN FROM TREATMENT*STRETCHER NEEDED".to_owned(),
    });
    out.push("CRC*07*Y*04*06*09".to_owned());
    if random.chance(0.4) {
        out.push("CRC*07*N*05*07".to_owned());
    }
}
