use super::random::Random;

/// One invented visit: one patient, one date, one claim.
#[derive(Clone, Debug)]
pub struct Visit {
    pub claim_id: String,
    pub last_name: &'static str,
    pub first_name: &'static str,
    pub sex: &'static str,
    /// CCYYMMDD.
    pub birth_date: String,
    pub member_id: String,
    pub payer: &'static Payer,
    /// CCYYMMDD.
    pub date: String,
    /// CCYYMMDD, some weeks before the visit.
    pub onset: String,
    /// CCYYMMDD, the first day of treatment.
    pub first_visit: &'static str,
    pub rendering_npi: String,
    pub rendering_taxonomy: &'static str,
    pub referring_npi: String,
    /// ICD-10-CM with the point.
    pub diagnoses: Vec<&'static str>,
    pub services: Vec<Service>,
    /// The rule that a seeded fault offends.
    pub seeded: Option<&'static str>,
}

/// One service line.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    pub code: &'static str,
    pub units: u32,
    pub minutes: u32,
    /// For all units.
    pub charge_cents: i64,
    /// 1-based, up to the claim's diagnoses.
    pub pointer: usize,
}

/// An invented payer.
#[derive(Debug)]
pub struct Payer {
    pub name: &'static str,
    pub id: &'static str,
    pub filing_indicator: &'static str,
}

pub const MEDICARE: Payer = Payer { name: "MEDICARE PART B EXAMPLE", id: "99901", filing_indicator: "MB" };
pub const COMMERCIAL: Payer = Payer { name: "SAMPLE MUTUAL HEALTH", id: "99902", filing_indicator: "CI" };
pub const WORKERS: Payer = Payer { name: "SPECIMEN WORK FUND", id: "99903", filing_indicator: "WC" };

/// The clinic that bills every claim.
pub const CLINIC_NAME: &str = "EXAMPLE THERAPY CLINIC";
pub const CLINIC_TAXONOMY: &str = "261QP2000X";
pub const CLINIC_TAX_ID: &str = "990000001";
pub const CLINIC_STREET: &str = "1 INVENTED WAY";
pub const CLINIC_CITY: &str = "BIRMINGHAM";
pub const CLINIC_STATE: &str = "AL";
pub const CLINIC_ZIP: &str = "352030001";

/// Where every visit takes place: a site of the clinic's.
pub const SITE_STREET: &str = "3 IMAGINARY ROAD";
pub const SITE_CITY: &str = "MOODY";
pub const SITE_ZIP: &str = "350040001";

/// The clinic's NPI.
pub fn clinic_npi() -> String {
    npi(1)
}

const LAST_NAMES: [&str; 8] = ["ALPHA", "BRAVO", "CEDAR", "DELTA", "EMBER", "FJORD", "GROVE", "HARBOR"];
const FIRST_NAMES: [&str; 8] = ["TESTA", "TESTO", "SAMPLE", "EXAMPLE", "MOCK", "DUMMY", "NOBODY", "ANY"];
const DIAGNOSES: [&str; 6] = ["M54.50", "M54.2", "M25.561", "M25.562", "M25.511", "M62.81"];

/// Charge of one unit in cents, above what the fee schedule allows in 2025.
const CHARGES: [(&str, i64); 8] = [
    ("97110", 6500),
    ("97112", 7000),
    ("97116", 6200),
    ("97124", 6000),
    ("97140", 6800),
    ("97530", 7500),
    ("97035", 3500),
    ("97161", 18000),
];

/// Codes billed together: no pair of them is in the NCCI table.
const COMBINATIONS: [&[&str]; 12] = [
    &["97110", "97140"],
    &["97110", "97112", "97140"],
    &["97110", "97116", "97530"],
    &["97110", "97112", "97530"],
    &["97110", "97112", "97124"],
    &["97112", "97124", "97530"],
    &["97110", "97116", "97140"],
    &["97110", "97035", "97140"],
    &["97161", "97110", "97112"],
    &["97110", "97112", "97116", "97530"],
    &["97110", "97112", "97140", "97530"],
    &["97110", "97035", "97124", "97530"],
];

/// Visits a therapist sees in a day, and days before the next therapist begins: nobody works more than a day.
const VISITS: u64 = 4;
const DAYS: u64 = 80;

impl Visit {
    /// Visit number `index` (from 0) of the file that `seed` names.
    pub fn new(seed: u64, index: u64, flagged: f64) -> Visit {
        let mut random = Random::new(seed, index);
        let (block, therapist) = (index / VISITS, index / VISITS / DAYS);
        let seeded = random.chance(flagged).then(|| random.pick(&["D01", "P01", "T06", "V01"]));
        let payer = match random.below(10) {
            _ if matches!(seeded, Some("P01" | "V01")) => &MEDICARE,
            0..=5 => &MEDICARE,
            6..=8 => &COMMERCIAL,
            _ => &WORKERS,
        };
        let workday = block % DAYS;
        // Monday 2025-03-03 and on, five days a week.
        let date = date_after(workday / 5 * 7 + workday % 5);
        let onset = onset_before(random.below(20));
        let diagnoses = match seeded {
            Some("D01") => vec!["R52"],
            _ => {
                let first = random.below(DIAGNOSES.len() as u64) as usize;
                (0..=random.below(2) as usize)
                    .map(|next| DIAGNOSES[(first + next) % DIAGNOSES.len()])
                    .collect()
            }
        };
        let codes: &[&str] = match seeded {
            Some("P01") => &["97110", "97140", "97124"],
            Some("T06") => &["97161", "97110"],
            _ => random.pick(&COMBINATIONS),
        };
        let services =
            codes.iter().map(|&code| service(code, seeded, diagnoses.len(), &mut random)).collect();
        let member = index + seed % 1000 * 10_000_000;
        Visit {
            claim_id: format!("C{:04}-{index:08}", seed % 10_000),
            last_name: random.pick(&LAST_NAMES),
            first_name: random.pick(&FIRST_NAMES),
            sex: random.pick(&["F", "M"]),
            birth_date: format!(
                "{}{:02}{:02}",
                1935 + random.below(50),
                1 + random.below(12),
                1 + random.below(28)
            ),
            member_id: if payer.filing_indicator == "MB" { mbi(member) } else { format!("ZZ{member:010}") },
            payer,
            date,
            onset,
            first_visit: "20250303",
            rendering_npi: npi(1000 + therapist),
            rendering_taxonomy: if seeded == Some("V01") { "225700000X" } else { "225100000X" },
            referring_npi: npi(500_000 + random.below(40)),
            diagnoses,
            services,
            seeded,
        }
    }

    /// The claim's charge: that of its lines.
    pub fn charge_cents(&self) -> i64 {
        self.services.iter().map(|service| service.charge_cents).sum()
    }
}

fn service(code: &'static str, seeded: Option<&str>, diagnoses: usize, random: &mut Random) -> Service {
    let timed = code != "97161";
    let units = match seeded {
        Some("T06") if !timed => 2,
        _ if timed && code != "97035" => 1 + random.below(2) as u32,
        _ => 1,
    };
    let charge = CHARGES.iter().find(|(known, _)| *known == code).map_or(0, |(_, charge)| *charge);
    // At most a minute over: right by both counting methods, alone and in the day's total.
    let minutes = if timed { 15 * units + random.below(2) as u32 } else { 30 };
    let pointer = 1 + random.below(diagnoses as u64) as usize;
    Service { code, units, minutes, charge_cents: charge * i64::from(units), pointer }
}

/// `days` after 2025-03-03, within 2025.
fn date_after(days: u64) -> String {
    let (mut month, mut day) = (3, 3 + days);
    for length in [31, 30, 31, 30] {
        if day <= length {
            break;
        }
        day -= length;
        month += 1;
    }
    format!("2025{month:02}{day:02}")
}

fn onset_before(days: u64) -> String {
    format!("202502{:02}", 28 - days)
}

/// A National Provider Identifier with its check digit: Luhn over the prefix 80840 and nine digits.
pub fn npi(number: u64) -> String {
    let digits = format!("1{:08}", number % 100_000_000);
    let mut sum = 24; // what the prefix 80840 adds
    for (place, digit) in digits.bytes().map(|byte| u32::from(byte - b'0')).enumerate() {
        let doubled = digit * 2;
        sum += if place % 2 == 0 { doubled / 10 + doubled % 10 } else { digit };
    }
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// A Medicare Beneficiary Identifier of the right shape: C A AN N A AN N A A N N.
pub fn mbi(mut number: u64) -> String {
    const LETTERS: &[u8] = b"ACDEFGHJKMNPQRTUVWXY";
    let mut text = [0; 11];
    for place in (0..11).rev() {
        let (choices, base): (&[u8], u64) = match place {
            0 => (b"123456789", 9),
            1 | 4 | 7 | 8 => (LETTERS, LETTERS.len() as u64),
            _ => (b"0123456789", 10),
        };
        text[place] = choices[(number % base) as usize];
        number /= base;
    }
    text.into_iter().map(char::from).collect()
}
