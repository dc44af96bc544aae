use super::super::claim::npi;
use super::super::random::Random;
use super::Segments;
use super::people::{Address, Name};
use super::specialty::Specialty;

/// A person or organization in one of a claim's provider loops.
#[derive(Clone, Debug)]
pub struct Provider {
    /// NM103 to NM107.
    name: String,
    is_person: bool,
    pub npi: String,
    pub taxonomy: &'static str,
    pub address: Address,
}

impl Provider {
    pub fn person(number: u64, taxonomy: &'static str, random: &mut Random) -> Provider {
        Provider {
            name: Name::any(random).elements(),
            is_person: true,
            npi: npi(number),
            taxonomy,
            address: Address::any(random),
        }
    }

    pub fn organization(name: &str, number: u64, taxonomy: &'static str, random: &mut Random) -> Provider {
        Provider {
            name: format!("{name}****"),
            is_person: false,
            npi: npi(number),
            taxonomy,
            address: Address::any(random),
        }
    }

    /// NM1 of the loop that `qualifier` names.
    pub fn put_name(&self, qualifier: &str, out: &mut Segments) {
        let kind = if self.is_person { 1 } else { 2 };
        out.push(format!("NM1*{qualifier}*{kind}*{}*XX*{}", self.name, self.npi));
    }

    fn put_specialty(&self, out: &mut Segments) {
        out.push(format!("PRV*PE*PXC*{}", self.taxonomy));
    }
}

/// Who bills: the group of a specialty, or one of its practitioners.
#[derive(Clone, Debug)]
pub struct Billing {
    pub provider: Provider,
    pub specialty: &'static Specialty,
    /// Numbers of the people who work here.
    pub staff: u64,
}

impl Billing {
    /// Billing provider `number` of the file that `seed` names.
    pub fn new(seed: u64, number: u64, specialty: &'static Specialty, random: &mut Random) -> Billing {
        let base = 1_000_000 + seed % 50 * 1_000_000 + number * 10;
        let alone = !specialty.is_supplier() && random.chance(0.3);
        let provider = if alone {
            Provider::person(base, specialty.practitioner, random)
        } else {
            Provider::organization("EXAMPLE GROUP & SAMPLES", base, specialty.group, random)
        };
        Billing { provider, specialty, staff: base + 1 }
    }

    pub fn is_person(&self) -> bool {
        self.provider.is_person
    }

    /// 2000A after its HL, 2010AA, 2010AB and 2010AC.
    pub fn put(&self, random: &mut Random, out: &mut Segments) {
        if random.chance(0.8) {
            out.push(format!("PRV*BI*PXC*{}", self.provider.taxonomy));
        }
        self.provider.put_name("85", out);
        self.provider.address.put(out);
        out.push(match self.is_person() && random.chance(0.4) {
            true => "REF*SY*900001234".to_owned(),
            false => format!("REF*EI*99{:07}", self.staff % 10_000_000),
        });
        if random.chance(0.1) {
            out.push("REF*0B*LIC12345".to_owned());
        }
        match random.below(10) {
            0 => out.push("PER*IC*ANY NOBODY*TE*2055550100".to_owned()),
            1 => {
                out.push("PER*IC*ANY NOBODY*TE*2055550100*EX*12*FX*2055550101".to_owned());
                out.push("PER*IC**EM*nobody@example.invalid".to_owned());
            }
            _ => {}
        }
        if random.chance(0.15) {
            out.push(format!("NM1*87*{}", if self.is_person() { 1 } else { 2 }));
            out.push("N3*PO BOX 12".to_owned());
            out.push("N4*BIRMINGHAM*AL*352010012".to_owned());
        }
        if random.chance(0.06) {
            out.push("NM1*PE*2*SAMPLE SUBROGATION PLAN*****PI*99931".to_owned());
            out.push("N3*9 IMAGINARY ROAD".to_owned());
            out.push("N4*ATLANTA*GA*303030009".to_owned());
            if random.chance(0.5) {
                out.push("REF*FY*OFFICE7".to_owned());
            }
            out.push("REF*EI*990000931".to_owned());
        }
    }
}

/// Everybody named on a claim besides the billing provider: 2310A to 2310F.
#[derive(Clone, Debug, Default)]
pub struct Team {
    pub referring: Option<Provider>,
    primary_care: Option<Provider>,
    pub rendering: Option<Provider>,
    pub facility: Option<Provider>,
    pub supervising: Option<Provider>,
    is_transport: bool,
}

impl Team {
    pub fn new(billing: &Billing, place: &str, random: &mut Random) -> Team {
        let specialty = billing.specialty;
        let outsider = 60_000_000 + random.below(400);
        let physician = |number, random: &mut Random| Provider::person(number, "207Q00000X", random);
        let referring = (specialty.is_ordered() || random.chance(0.2)).then(|| physician(outsider, random));
        let primary_care =
            (referring.is_some() && random.chance(0.15)).then(|| physician(outsider + 1000, random));
        let rendering = if specialty.is_supplier() {
            random.chance(0.1).then(|| {
                Provider::organization("SAMPLE ASSOCIATES", billing.staff + 5, specialty.group, random)
            })
        } else {
            let number = billing.staff + random.below(3);
            (!billing.is_person()).then(|| Provider::person(number, specialty.practitioner, random))
        };
        let is_elsewhere = !matches!(place, "11" | "12" | "02" | "10" | "41" | "42" | "81" | "27");
        let facility = (is_elsewhere || place == "11" && random.chance(0.2)).then(|| {
            Provider::organization("IMAGINARY HALL", 61_000_000 + random.below(50), "282N00000X", random)
        });
        let supervised = !specialty.is_therapy() && !specialty.is_supplier() && random.chance(0.1);
        let supervising = supervised.then(|| physician(outsider + 2000, random));
        let is_transport = matches!(place, "41" | "42");
        Team { referring, primary_care, rendering, facility, supervising, is_transport }
    }

    pub fn put(&self, random: &mut Random, out: &mut Segments) {
        if let Some(referring) = &self.referring {
            referring.put_name("DN", out);
            put_other_numbers(&["0B", "1G", "G2"], random, out);
        }
        if let Some(primary_care) = &self.primary_care {
            primary_care.put_name("P3", out);
        }
        if let Some(rendering) = &self.rendering {
            rendering.put_name("82", out);
            if rendering.is_person || random.chance(0.5) {
                rendering.put_specialty(out);
            }
            put_other_numbers(&["0B", "1G", "G2", "LU"], random, out);
        }
        if let Some(facility) = &self.facility {
            match random.chance(0.8) {
                true => facility.put_name("77", out),
                false => out.push("NM1*77*2*IMAGINARY HALL EAST".to_owned()),
            }
            facility.address.put(out);
            put_other_numbers(&["0B", "G2", "LU"], random, out);
            if random.chance(0.1) {
                out.push("PER*IC*ANY NOBODY*TE*2055550103*EX*4".to_owned());
            }
        }
        if let Some(supervising) = &self.supervising {
            supervising.put_name("DQ", out);
            put_other_numbers(&["0B", "1G", "G2", "LU"], random, out);
        }
        if self.is_transport {
            put_journey(out);
        }
    }
}

/// Secondary identifications that some payers still ask for.
fn put_other_numbers(qualifiers: &[&str], random: &mut Random, out: &mut Segments) {
    if random.chance(0.15) {
        let qualifier = random.pick(qualifiers);
        out.push(format!("REF*{qualifier}*P{}", 10_000 + random.below(90_000)));
    }
}

/// From where to where an ambulance went.
fn put_journey(out: &mut Segments) {
    out.push("NM1*PW*2".to_owned());
    out.push("N3*2 NOWHERE LANE".to_owned());
    out.push("N4*BIRMINGHAM*AL*35203".to_owned());
    out.push("NM1*45*2*IMAGINARY HALL".to_owned());
    out.push("N3*3 IMAGINARY ROAD".to_owned());
    out.push("N4*MOODY*AL*35004".to_owned());
}

/// What a line's provider loops need to know of the claim.
pub struct LineTeam<'a> {
    pub billing: &'a Billing,
    pub team: &'a Team,
    /// NPI of who sold the service, where PS1 says so.
    pub seller: Option<&'a Provider>,
    /// 2330B NM109 of the payer that gave out secondary numbers, where there is one.
    pub other_payer: Option<&'static str>,
}

impl LineTeam<'_> {
    /// 2420A to 2420H.
    pub fn put(&self, random: &mut Random, out: &mut Segments) {
        let specialty = self.billing.specialty;
        let outsider = 62_000_000 + random.below(400);
        let physician = |number, random: &mut Random| Provider::person(number, "207Q00000X", random);
        if self.team.rendering.is_some() && !specialty.is_supplier() && random.chance(0.12) {
            let colleague = Provider::person(self.billing.staff + 4, specialty.practitioner, random);
            colleague.put_name("82", out);
            colleague.put_specialty(out);
            self.put_numbers(&["0B", "1G", "G2", "LU"], random, out);
        }
        if let Some(seller) = self.seller {
            out.push(format!("NM1*QB*2******XX*{}", seller.npi));
            self.put_numbers(&["0B", "1G", "G2"], random, out);
        }
        if self.team.facility.is_some() && random.chance(0.1) {
            let site = Provider::organization("IMAGINARY ANNEX", 63_000_000, "282N00000X", random);
            site.put_name("77", out);
            site.address.put(out);
            self.put_numbers(&["G2", "LU"], random, out);
        }
        if self.team.supervising.is_some() && random.chance(0.3) {
            physician(outsider, random).put_name("DQ", out);
            self.put_numbers(&["0B", "1G", "G2", "LU"], random, out);
        }
        if specialty.is_supplier() && self.team.referring.is_some() && random.chance(0.6) {
            let ordering = physician(outsider + 500, random);
            ordering.put_name("DK", out);
            if random.chance(0.6) {
                ordering.address.put(out);
            }
            self.put_numbers(&["0B", "1G", "G2"], random, out);
            if random.chance(0.5) {
                out.push("PER*IC*ANY NOBODY*TE*2055550104".to_owned());
            }
        }
        if self.team.referring.is_some() && random.chance(0.1) {
            physician(outsider + 1000, random).put_name("DN", out);
            self.put_numbers(&["0B", "1G", "G2"], random, out);
            if random.chance(0.4) {
                physician(outsider + 1500, random).put_name("P3", out);
            }
        }
        if self.team.is_transport && random.chance(0.3) {
            put_journey(out);
        }
    }

    /// Numbers that the destination payer gave out, or another payer (REF04).
    fn put_numbers(&self, qualifiers: &[&str], random: &mut Random, out: &mut Segments) {
        if let (Some(payer), true) = (self.other_payer, random.chance(0.5)) {
            out.push(format!("REF*{}*Q{}**2U:{payer}", random.pick(qualifiers), random.below(90_000)));
        }
        put_other_numbers(qualifiers, random, out);
    }
}
