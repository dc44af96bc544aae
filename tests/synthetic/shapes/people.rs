use super::super::claim::mbi;
use super::super::random::Random;
use super::Segments;

/// An invented payer.
#[derive(Clone, Copy, Debug)]
pub struct Payer {
    pub name: &'static str,
    pub id: &'static str,
    /// SBR09.
    pub filing_indicator: &'static str,
}

const fn payer(filing_indicator: &'static str, name: &'static str, id: &'static str) -> Payer {
    Payer { name, id, filing_indicator }
}

const PAYERS: [Payer; 18] = [
    payer("MB", "MEDICARE PART B EXAMPLE", "99901"),
    payer("CI", "SAMPLE MUTUAL HEALTH", "99902"),
    payer("WC", "SPECIMEN WORK FUND", "99903"),
    payer("BL", "BLUE EXAMPLE PLAN", "99904"),
    payer("HM", "SAMPLE HEALTH MAINTENANCE", "99905"),
    payer("12", "PREFERRED SPECIMEN", "99906"),
    payer("13", "POINT OF EXAMPLE", "99907"),
    payer("14", "EXCLUSIVE SAMPLE", "99908"),
    payer("15", "INDEMNITY SAMPLE", "99909"),
    payer("16", "ADVANTAGE EXAMPLE", "99910"),
    payer("MC", "STATE MEDICAID EXAMPLE", "99911"),
    payer("CH", "SERVICE MEMBERS EXAMPLE", "99912"),
    payer("VA", "VETERANS EXAMPLE", "99913"),
    payer("OF", "FEDERAL EXAMPLE", "99914"),
    payer("AM", "SAMPLE AUTO MUTUAL", "99915"),
    payer("LM", "LIABILITY EXAMPLE", "99916"),
    payer("TV", "TITLE FIVE EXAMPLE", "99917"),
    payer("ZZ", "MUTUALLY DEFINED EXAMPLE", "99918"),
];
const OTHERS: Payer = payer("FI", "FEDERAL EMPLOYEES EXAMPLE", "99919");
const NON_FEDERAL: Payer = payer("11", "NON FEDERAL EXAMPLE", "99920");

impl Payer {
    pub fn of(filing_indicator: &str) -> Payer {
        let known = PAYERS.into_iter().chain([OTHERS, NON_FEDERAL]);
        known.into_iter().find(|one| one.filing_indicator == filing_indicator).unwrap_or(PAYERS[1])
    }

    pub fn is_medicare(&self) -> bool {
        self.filing_indicator == "MB"
    }

    /// Whether it pays for injuries at work or in traffic.
    pub fn is_property_and_casualty(&self) -> bool {
        matches!(self.filing_indicator, "WC" | "AM" | "LM")
    }

    /// A member id of its form.
    pub fn member_id(&self, number: u64) -> String {
        if self.is_medicare() { mbi(number) } else { format!("{}{number:09}", self.id) }
    }
}

/// NM1 from NM103 on, without an identifier: everything a person is called.
#[derive(Clone, Debug)]
pub struct Name {
    pub last: &'static str,
    first: &'static str,
    middle: &'static str,
    suffix: &'static str,
}

const LAST: [&str; 12] = [
    "ALPHA", "BRAVO", "CEDAR", "DELTA", "EMBER", "O'NOBODY", "GROVE", "HARBOR", "Invented", "SAM-PLE",
    "VAN TEST", "YONDER",
];
const FIRST: [&str; 8] = ["TESTA", "TESTO", "SAMPLE", "EXAMPLE", "MOCK", "Dummy", "NOBODY", "ANY"];

impl Name {
    pub fn any(random: &mut Random) -> Name {
        Name {
            last: random.pick(&LAST),
            first: random.pick(&FIRST),
            middle: random.pick(&["", "", "Q", "MOCK"]),
            suffix: random.pick(&["", "", "", "JR"]),
        }
    }

    /// NM103 to NM107.
    pub fn elements(&self) -> String {
        format!("{}*{}*{}**{}", self.last, self.first, self.middle, self.suffix)
    }
}

/// Where somebody lives or works: N3 and N4.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    street: &'static str,
    second: &'static str,
    city: &'static str,
    pub state: &'static str,
    zip: &'static str,
}

const fn place(city: &'static str, state: &'static str, zip: &'static str) -> Address {
    Address { street: "2 NOWHERE LANE", second: "", city, state, zip }
}

const PLACES: [Address; 8] = [
    place("BIRMINGHAM", "AL", "352030001"),
    place("ATLANTA", "GA", "303030002"),
    place("AUSTIN", "TX", "787010003"),
    place("NEW YORK", "NY", "100010004"),
    place("SAN FRANCISCO", "CA", "941050005"),
    place("COLUMBUS", "OH", "432150006"),
    Address { second: "SUITE 3", ..place("CHICAGO", "IL", "606010007") },
    place("SAN JUAN", "PR", "009010008"),
];

impl Address {
    pub fn any(random: &mut Random) -> Address {
        random.pick(&PLACES)
    }

    /// With the full ZIP code, as a provider's must be.
    pub fn put(&self, out: &mut Segments) {
        out.push(format!("N3*{}*{}", self.street, self.second));
        out.push(format!("N4*{}*{}*{}", self.city, self.state, self.zip));
    }

    /// As people give it: five digits mostly.
    fn put_of_person(&self, random: &mut Random, out: &mut Segments) {
        out.push(format!("N3*{}*{}", self.street, self.second));
        let zip = if random.chance(0.2) { self.zip } else { &self.zip[..5] };
        out.push(match random.below(40) {
            0 => "N4*LONDON**SW1A2AA*GB".to_owned(),
            1 => "N4*TORONTO*ON*M5H2N2*CA".to_owned(),
            _ => format!("N4*{}*{}*{zip}", self.city, self.state),
        });
    }
}

/// A patient, or a subscriber.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: Name,
    pub address: Address,
    pub sex: &'static str,
    /// CCYYMMDD.
    pub birth_date: String,
}

impl Person {
    /// Born in one of the `years` from `first` on.
    pub fn born(first: u64, years: u64, sex: Option<&'static str>, random: &mut Random) -> Person {
        Person {
            name: Name::any(random),
            address: Address::any(random),
            sex: sex.unwrap_or_else(|| random.pick(&["F", "M", "F", "M", "F", "M", "U"])),
            birth_date: format!(
                "{}{:02}{:02}",
                first + random.below(years),
                1 + random.below(12),
                1 + random.below(28)
            ),
        }
    }

    pub fn put_address_and_birth(&self, random: &mut Random, out: &mut Segments) {
        self.address.put_of_person(random, out);
        out.push(format!("DMG*D8*{}*{}", self.birth_date, self.sex));
    }
}
