use serde_json::{Value, json};

use super::super::bills::Line;
use super::super::claim::{mbi, npi};
use super::super::json::dollars;
use super::super::random::Random;
use super::notes::note;
use super::visit::Visit;
use super::{Month, object};

/// The run date by which the month is clean.
pub const AS_OF: &str = "2025-05-05";

/// Codes billed once a day.
pub const UNTIMED: [&str; 7] = ["97161", "97165", "G0283", "97014", "97012", "98940", "97010"];

const PATIENTS: usize = 40;
const DAYS_OF_APRIL: u32 = 30;

/// Payers by patient: SBR09 and the payer's id.
const PAYERS: [(&str, &str); 10] = [
    ("MB", "99901"),
    ("CI", "99902"),
    ("MB", "99901"),
    ("16", "99904"),
    ("MC", "99905"),
    ("BL", "99906"),
    ("MB", "99901"),
    ("WC", "99903"),
    ("CI", "99902"),
    ("AM", "99907"),
];

/// What brings patients: diagnoses, region, side.
const CONDITIONS: [(&[&str], &str, &str); 7] = [
    (&["M5450", "M6281"], "low back", ""),
    (&["M542"], "neck", ""),
    (&["M25561", "M6281"], "knee", "right"),
    (&["M25511"], "shoulder", "right"),
    (&["M25562"], "knee", "left"),
    (&["M5450"], "low back", ""),
    (&["M542", "M6281"], "neck", ""),
];

/// What a day of physical therapy is: codes and units. No two of a day are an NCCI pair.
const PHYSICAL: [&[(&str, u64)]; 7] = [
    &[("97110", 2), ("97140", 1)],
    &[("97110", 1), ("97112", 1), ("97140", 1)],
    &[("97110", 1), ("97530", 1), ("STIM", 1)],
    &[("97110", 2), ("97124", 1)],
    &[("97112", 1), ("97530", 1), ("97116", 1)],
    &[("97110", 1), ("97035", 1), ("97140", 1)],
    &[("97110", 2), ("97112", 1)],
];

const OCCUPATIONAL: [&[(&str, u64)]; 4] = [
    &[("97530", 1), ("97110", 1)],
    &[("97535", 1), ("97530", 2)],
    &[("97110", 1), ("97140", 1)],
    &[("97530", 2), ("97112", 1)],
];

/// Charge of one unit in cents, above every fee of 2025.
pub fn charge_of(code: &str) -> i64 {
    match code {
        "97110" => 6500,
        "97112" => 7000,
        "97116" => 6200,
        "97124" => 6000,
        "97140" => 6800,
        "97530" => 7500,
        "97535" => 7200,
        "97035" | "G0283" | "97014" => 3500,
        "97161" | "97165" => 18_000,
        _ => 9000,
    }
}

pub fn money(cents: i64) -> String {
    dollars(cents)
}

/// Who treats: NPI, taxonomy, the modifier of the discipline.
fn therapist(index: usize) -> (String, &'static str, &'static str) {
    match index {
        2 => (npi(1003), "225X00000X", "GO"),
        other => (npi(1001 + other as u64), "225100000X", "GP"),
    }
}

struct Patient {
    id: String,
    payer: (&'static str, &'static str),
    /// 0 Monday, Wednesday and Friday, 1 Tuesday and Thursday.
    pattern: u32,
    therapist: usize,
    slot: usize,
    /// Day of April of the first visit of all; `None` where it was in March.
    begins: Option<u32>,
    birth: String,
    /// Whether the year's threshold is behind, and KX says why therapy goes on.
    above_threshold: bool,
}

fn patient(index: usize) -> Patient {
    let mut random = Random::new(11, index as u64);
    let payer = PAYERS[index % PAYERS.len()];
    let member = 4_000_000_000 + index as u64 * 7919;
    Patient {
        id: if payer.0 == "MB" { mbi(member) } else { format!("ZZ{member:010}") },
        payer,
        pattern: (index / 3 % 2) as u32,
        therapist: index % 3,
        slot: index / 6,
        begins: (index % 4 == 1).then_some(1 + (index % 9) as u32),
        birth: format!("{}-{:02}-{:02}", 1938 + random.below(50), 1 + random.below(12), 1 + random.below(28)),
        above_threshold: matches!(index, 0 | 12),
    }
}

/// April 1, 2025 was a Tuesday; there is no federal holiday in the month.
fn is_day_of(pattern: u32, day: u32) -> bool {
    match (day + 1) % 7 {
        1 | 3 | 5 => pattern == 0,
        2 | 4 => pattern == 1,
        _ => false,
    }
}

/// The month without a fault.
pub fn clean() -> Month {
    let mut month = Month::default();
    let patients: Vec<Patient> = (0..PATIENTS).map(patient).collect();
    let mut seen = [0; PATIENTS];
    for day in 1..=DAYS_OF_APRIL {
        let mut today: Vec<usize> = (0..PATIENTS)
            .filter(|&index| is_day_of(patients[index].pattern, day))
            .filter(|&index| patients[index].begins.is_none_or(|first| day >= first))
            .collect();
        today.sort_by_key(|&index| (patients[index].therapist, patients[index].slot));
        for index in today {
            month.visits.push(visit(&patients, index, day, seen[index]));
            seen[index] += 1;
        }
    }
    for (index, patient) in patients.iter().enumerate() {
        beside(&mut month, patient, index);
    }
    month.credentials = vec![
        "payer: commercial, state: AL, taxonomy: 225700000X, code: 97124, decision: allow".to_owned(),
        "payer: commercial, state: AL, taxonomy: 2255A2300X, code: 97110, decision: deny".to_owned(),
    ];
    month
}

fn beside(month: &mut Month, patient: &Patient, index: usize) {
    let id = &patient.id;
    if patient.payer.0 == "MB" {
        let group = if patient.therapist == 2 { "OT" } else { "PT+SLP" };
        let allowed = if patient.above_threshold { 2300 } else { 120 + 10 * index };
        month.ytd.push(format!("{id},2025,{group},{allowed}.00"));
    }
    if matches!(patient.payer.0, "WC" | "MC") {
        month.authorizations.push(format!("{id},,{},A{index:04},30,2025-03-01,2025-06-30", patient.payer.1));
    }
    if index % 5 == 2 && patient.begins.is_none() {
        for (visit, date) in ["2025-03-25", "2025-03-27"].into_iter().enumerate() {
            let lines = lines(patient, index, date, 20 + visit, &format!("H{index:02}-{visit}"));
            month.history.extend(lines);
        }
    }
}

fn visit(patients: &[Patient], index: usize, day: u32, number: usize) -> Visit {
    let patient = &patients[index];
    let date = format!("2025-04-{day:02}");
    Visit {
        lines: lines(patient, index, &date, number, &format!("A{index:02}-{day:02}")),
        patient: index,
        therapist: patient.therapist,
        slot: patient.slot,
        number,
        edit: None,
    }
}

fn lines(patient: &Patient, index: usize, date: &str, number: usize, id: &str) -> Vec<Line> {
    let (rendering, taxonomy, discipline) = therapist(patient.therapist);
    let (indicator, payer) = patient.payer;
    let evaluation = if patient.therapist == 2 { "97165" } else { "97161" };
    let services: Vec<(&str, u64)> = match (patient.begins, number) {
        (Some(_), 0) => vec![(evaluation, 1), ("97110", 1)],
        _ if patient.therapist == 2 => OCCUPATIONAL[(index + number) % OCCUPATIONAL.len()].to_vec(),
        _ => PHYSICAL[(index / 2 + number) % PHYSICAL.len()].to_vec(),
    };
    // The assistant treats Medicare patients of the first therapist now and then.
    let assisted = patient.therapist == 0 && indicator == "MB" && number % 4 == 2;
    let mut modifiers = vec![discipline];
    if assisted {
        modifiers.push("CQ");
    }
    if patient.above_threshold {
        modifiers.push("KX");
    }
    let (diagnoses, region, side) = CONDITIONS[index % CONDITIONS.len()];
    let initial = patient.begins.map_or("2025-03-03".to_owned(), |_| first_day(patient));
    let mut now = 8 * 60 + 75 * patient.slot as u32;
    let mut lines = Vec::new();
    for (at, (code, units)) in services.into_iter().enumerate() {
        let code = match code {
            "STIM" if matches!(indicator, "MB" | "16" | "MC") => "G0283",
            "STIM" => "97014",
            code => code,
        };
        let mut line = object(json!({
            "claim_id": id,
            "line_number": at + 1,
            "patient_id": patient.id,
            "claim_filing_indicator": indicator,
            "payer_id": payer,
            "service_date": date,
            "procedure_code": code,
            "modifiers": modifiers,
            "units": units,
            "charge_amount": money(charge_of(code) * units as i64),
            "diagnosis_codes": diagnoses,
            "diagnosis_pointers": [1],
            "place_of_service": "11",
            "billing_npi": npi(1),
            "billing_taxonomy": "261QP2000X",
            "billing_entity_type": "2",
            "rendering_npi": rendering,
            "rendering_taxonomy": taxonomy,
            "referring_npi": npi(500_000 + index as u64 % 9),
            "state": "AL",
            "zip": "350040001",
            "claim_frequency": "1",
            "birth_date": patient.birth,
            "initial_treatment_date": initial,
            "region": region,
            "note": note(code, region, index, number, at),
        }));
        let mut put = |fact: &str, value: Value| line.insert(fact.to_owned(), value);
        if !side.is_empty() {
            put("laterality", json!(side));
        }
        match indicator {
            "WC" => put("related_causes", json!(["EM"])),
            "AM" => {
                put("related_causes", json!(["AA"]));
                put("accident_state", json!("AL"));
                put("accident_date", json!("2025-02-14"))
            }
            _ => put("onset_date", json!("2025-02-10")),
        };
        if matches!(indicator, "WC" | "MC") {
            put("prior_authorization", json!(format!("A{index:04}")));
        }
        if !UNTIMED.contains(&code) {
            // At most a minute over a full unit: right by both counting methods, alone and in the day's total.
            let minutes = 15 * units as u32 + ((index + number + at) % 2) as u32;
            put("minutes", json!(minutes));
            put("start", json!(clock(now)));
            put("end", json!(clock(now + minutes)));
            if assisted {
                put("assistant_minutes", json!(minutes));
            }
            now += minutes;
        }
        lines.push(line);
    }
    lines
}

fn first_day(patient: &Patient) -> String {
    let from = patient.begins.unwrap_or(1);
    let day = (from..).find(|&day| is_day_of(patient.pattern, day)).unwrap_or(from);
    format!("2025-04-{day:02}")
}

pub fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
