//! Other payers of a claim: 2320, 2330A to 2330G, and 2430 on its lines.
//!
//! Everything balances as the guide asks, for each payer that has paid: a line's charge is SVD02 plus the line's
//! adjustments; AMT*D is the sum of SVD02 less the claim's own adjustments; so the claim's charge is AMT*D plus all
//! adjustments.

use super::super::json::dollars;
use super::super::random::Random;
use super::Segments;
use super::calendar::Day;
use super::encounter::Encounter;
use super::people::{Name, Payer, Person};

/// Part of a charge that a payer did not pay.
#[derive(Clone, Copy, Debug)]
struct Adjustment {
    group: &'static str,
    reason: &'static str,
    cents: i64,
}

/// What a payer said about one line.
#[derive(Clone, Debug, Default)]
struct Decision {
    paid_cents: i64,
    adjustments: Vec<Adjustment>,
}

impl Decision {
    fn left_to_patient(&self) -> i64 {
        self.adjustments.iter().filter(|one| one.group == "PR").map(|one| one.cents).sum()
    }

    fn adjust(&mut self, group: &'static str, reason: &'static str, cents: i64) {
        if cents > 0 {
            self.adjustments.push(Adjustment { group, reason, cents });
        }
    }
}

/// How far another payer is with the claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    /// It comes after the destination payer.
    Pending,
    /// It has paid and said so line by line.
    Lines,
    /// It has paid the claim as a whole.
    Whole,
    /// It never pays for this, and the destination payer knows.
    NotCovered,
}

/// One other payer.
#[derive(Clone, Debug)]
struct Other {
    /// SBR01.
    rank: &'static str,
    payer: Payer,
    member_id: String,
    standing: Standing,
    decisions: Vec<Decision>,
    /// Of the claim as a whole.
    own: Vec<Adjustment>,
    remitted: Day,
}

/// All other payers of one claim.
#[derive(Clone, Debug, Default)]
pub struct Coordination {
    others: Vec<Other>,
}

/// What the other payers are told of a claim.
pub struct Claimed<'a> {
    pub destination: &'a Payer,
    pub patient: &'a Person,
    /// SBR01: whether the destination is first (`P`), second (`S`) or third (`T`) in line.
    pub rank: &'a str,
    /// Of each line, in cents.
    pub charges: &'a [i64],
    /// The last day of service.
    pub last: Day,
    /// Names the subscriber.
    pub member: u64,
}

/// What is billed of a line, as the payer decides on it.
pub struct Billed<'a> {
    /// `HC:code:modifiers`.
    pub procedure: &'a str,
    pub quantity: &'a str,
}

impl Coordination {
    pub fn new(claimed: Claimed<'_>, random: &mut Random) -> Coordination {
        let Claimed { destination, patient, rank, charges, last, member } = claimed;
        let mut kinds = vec!["CI", "BL", "HM"];
        if patient.birth_date.as_str() < "1960" {
            kinds.push("MB");
        }
        kinds.retain(|one| *one != destination.filing_indicator);
        let first = random.below(kinds.len() as u64) as usize;
        let other = |rank, nth: usize| {
            let payer = Payer::of(kinds[(first + nth) % kinds.len()]);
            let member_id = payer.member_id(member + 500_000);
            Other {
                rank,
                payer,
                member_id,
                standing: Standing::Pending,
                decisions: Vec::new(),
                own: Vec::new(),
                remitted: last.plus(15),
            }
        };
        let others = match rank {
            "P" if random.chance(0.15) => vec![other("S", 0)],
            "S" => {
                let mut primary = other("P", 0);
                primary.standing = match random.below(10) {
                    0..=6 => Standing::Lines,
                    7..=8 => Standing::Whole,
                    _ => Standing::NotCovered,
                };
                primary.decide(charges, random);
                vec![primary]
            }
            "T" => {
                let (mut primary, mut secondary) = (other("P", 0), other("S", 1));
                primary.standing = Standing::Lines;
                primary.decide(charges, random);
                secondary.follow(&primary, charges);
                vec![primary, secondary]
            }
            _ => Vec::new(),
        };
        Coordination { others }
    }

    /// 2330B NM109 of a payer that has decided line by line.
    pub fn payer_of_lines(&self) -> Option<&'static str> {
        self.others.iter().find(|other| other.standing == Standing::Lines).map(|other| other.payer.id)
    }

    /// 2320 and 2330A to 2330G.
    pub fn put_claim(&self, claim: &Encounter<'_>, random: &mut Random, out: &mut Segments) {
        for other in &self.others {
            other.put_claim(claim, random, out);
        }
    }

    /// 2430 of the line at `index`.
    pub fn put_line(&self, index: usize, billed: &Billed<'_>, random: &mut Random, out: &mut Segments) {
        for other in self.others.iter().filter(|other| other.standing == Standing::Lines) {
            let decision = &other.decisions[index];
            out.push(format!(
                "SVD*{}*{}*{}**{}",
                other.payer.id,
                dollars(decision.paid_cents),
                billed.procedure,
                billed.quantity
            ));
            put_adjustments(&decision.adjustments, random, out);
            out.push(format!("DTP*573*D8*{}", other.remitted.text()));
            if other.own.is_empty() && decision.left_to_patient() > 0 && random.chance(0.4) {
                out.push(format!("AMT*EAF*{}", dollars(decision.left_to_patient())));
            }
        }
    }
}

impl Other {
    /// What a payer that comes first allows, pays and leaves.
    fn decide(&mut self, charges: &[i64], random: &mut Random) {
        for &charge in charges {
            let mut decision = Decision::default();
            let (write_off, patient) = match random.below(6) {
                0 => (charge, 0),
                1 => (charge * 15 / 100, charge * 85 / 100),
                2 => (0, 0),
                _ => {
                    let write_off = charge * (10 + random.below(30) as i64) / 100;
                    (write_off, (charge - write_off) / 5)
                }
            };
            decision.adjust("CO", if write_off == charge { "97" } else { "45" }, write_off);
            let deductible = if random.chance(0.3) { patient / 3 } else { 0 };
            decision.adjust("PR", "1", deductible);
            decision.adjust("PR", "2", patient - deductible);
            let mut paid = charge - write_off - patient;
            if self.payer.is_medicare() {
                decision.adjust("CO", "253", paid / 50);
                paid -= paid / 50;
            }
            decision.paid_cents = paid;
            self.decisions.push(decision);
        }
        let paid: i64 = self.decisions.iter().map(|one| one.paid_cents).sum();
        if self.standing == Standing::Whole {
            for one in self.decisions.iter().flat_map(|one| &one.adjustments) {
                match self.own.iter_mut().find(|own| (own.group, own.reason) == (one.group, one.reason)) {
                    Some(own) => own.cents += one.cents,
                    None => self.own.push(*one),
                }
            }
        } else if self.standing == Standing::Lines && paid > 5_000 && random.chance(0.3) {
            self.own = vec![
                Adjustment { group: "PR", reason: "3", cents: 2_000 },
                Adjustment { group: "OA", reason: "94", cents: 1_550 },
            ];
        }
    }

    /// What the next payer does with what the first one left to the patient.
    fn follow(&mut self, first: &Other, charges: &[i64]) {
        self.standing = Standing::Lines;
        self.remitted = first.remitted.plus(20);
        for (&charge, before) in charges.iter().zip(&first.decisions) {
            let left = before.left_to_patient();
            let copay = left / 4;
            let mut decision = Decision { paid_cents: left - copay, adjustments: Vec::new() };
            decision.adjust("OA", "23", charge - left);
            decision.adjust("PR", "3", copay);
            self.decisions.push(decision);
        }
    }

    fn put_claim(&self, claim: &Encounter<'_>, random: &mut Random, out: &mut Segments) {
        let charge = claim.charge_cents();
        let medicare = self.payer.is_medicare();
        let relation = if medicare { "18" } else { random.pick(&["18", "18", "01", "19", "53", "G8"]) };
        let (group, plan) = match random.below(3) {
            _ if medicare => ("", ""),
            0 => ("GRP7001", ""),
            1 => ("", "SAMPLE STAFF PLAN"),
            _ => ("", ""),
        };
        let reason = if medicare && self.rank != "P" { "12" } else { "" };
        out.push(format!(
            "SBR*{}*{relation}*{group}*{plan}*{reason}****{}",
            self.rank, self.payer.filing_indicator
        ));
        put_adjustments(&self.own, random, out);
        let paid: i64 = self.decisions.iter().map(|one| one.paid_cents).sum();
        let own: i64 = self.own.iter().map(|one| one.cents).sum();
        match self.standing {
            Standing::Lines => out.push(format!("AMT*D*{}", dollars(paid - own))),
            Standing::Whole => out.push(format!("AMT*D*{}", dollars(charge - own))),
            Standing::NotCovered => out.push(format!("AMT*A8*{}", dollars(charge))),
            Standing::Pending => {}
        }
        let left: i64 = self.own.iter().filter(|one| one.group == "PR").map(|one| one.cents).sum();
        if self.standing == Standing::Whole && left > 0 {
            out.push(format!("AMT*EAF*{}", dollars(left)));
        }
        let signature = random.pick(&["", "", "P"]);
        out.push(format!("OI***Y*{signature}**Y"));
        if medicare && matches!(self.standing, Standing::Lines | Standing::Whole) && random.chance(0.6) {
            out.push("MOA***MA01*MA18".to_owned());
        }
        let insured = if relation == "18" { claim.patient.name.clone() } else { Name::any(random) };
        self.put_names(&insured, claim, random, out);
    }

    fn put_names(&self, insured: &Name, claim: &Encounter<'_>, random: &mut Random, out: &mut Segments) {
        let (team, billing) = (&claim.team, claim.billing);
        out.push(format!("NM1*IL*1*{}*MI*{}", insured.elements(), self.member_id));
        if random.chance(0.4) {
            out.push("N3*2 NOWHERE LANE".to_owned());
            out.push("N4*BIRMINGHAM*AL*35203".to_owned());
        }
        if random.chance(0.05) {
            out.push("REF*SY*900001235".to_owned());
        }
        out.push(format!("NM1*PR*2*{}*****PI*{}", self.payer.name, self.payer.id));
        if random.chance(0.3) {
            out.push("N3*PO BOX 7".to_owned());
            out.push("N4*BIRMINGHAM*AL*352010007".to_owned());
        }
        if self.standing == Standing::Whole {
            out.push(format!("DTP*573*D8*{}", self.remitted.text()));
        }
        for (share, segment) in [
            (0.1, "REF*2U*98765"),
            (0.1, "REF*FY*OFFICE3"),
            (0.1, "REF*G1*OTHERAUTH1"),
            (0.1, "REF*9F*OTHERREF1"),
            (0.05, "REF*T4*Y"),
        ] {
            if random.chance(share) {
                out.push(segment.to_owned());
            }
        }
        if self.standing != Standing::Pending && random.chance(0.5) {
            out.push(format!("REF*F8*ICN{}", self.member_id));
        }
        let number = 20_000 + random.below(70_000);
        for (is_there, name, qualifier) in [
            (team.referring.is_some(), "NM1*DN*1", "G2"),
            (team.rendering.is_some() && !billing.specialty.is_supplier(), "NM1*82*1", "LU"),
            (team.facility.is_some(), "NM1*77*2", "LU"),
            (team.supervising.is_some(), "NM1*DQ*1", "0B"),
            (true, if billing.is_person() { "NM1*85*1" } else { "NM1*85*2" }, "G2"),
        ] {
            if is_there && random.chance(0.25) {
                out.push(name.to_owned());
                out.push(format!("REF*{qualifier}*R{number}"));
            }
        }
    }
}

/// CAS, one for a group of reasons, up to six reasons in each.
fn put_adjustments(adjustments: &[Adjustment], random: &mut Random, out: &mut Segments) {
    for group in ["CO", "PR", "OA"] {
        let of_group: Vec<&Adjustment> = adjustments.iter().filter(|one| one.group == group).collect();
        for six in of_group.chunks(6) {
            let mut segment = format!("CAS*{group}");
            for one in six {
                let quantity = if random.chance(0.15) { "1" } else { "" };
                segment += &format!("*{}*{}*{quantity}", one.reason, dollars(one.cents));
            }
            out.push(segment);
        }
    }
}
