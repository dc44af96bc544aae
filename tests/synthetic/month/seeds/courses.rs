//! Courses of treatment and providers' days: each is planted with patients of its own, treated by a locum, so that nobody
//! else's course or day is touched.

use serde_json::json;

use super::super::super::claim::{mbi, npi};
use super::super::Month;
use super::super::notes::note;
use super::super::seed::{Seed, Told, course};
use super::super::visit::Visit;

pub const SEEDS: &[Seed] = &[
    course("F01", 2, at_auto, |month, index| {
        let claims = planted(month, index, 15, |_, _| {});
        told("F01", &claims[14..])
    }),
    course("F02", 2, at_medicare, |month, index| {
        let claims = planted(month, index, 1, |visit, _| {
            visit.set_all("service_date", &json!("2025-04-03"));
            visit.set_all("initial_treatment_date", &json!("2025-01-02"));
        });
        let patient = patient_of(month, index);
        month.authorizations.push(format!("{patient},certification,,,,2025-01-02,2025-04-01"));
        told("F02", &claims)
    }),
    course("F03", 2, at_medicaid, |month, index| {
        let claims = planted(month, index, 3, |visit, _| {
            visit.set_all("prior_authorization", &json!("TWO-VISITS"));
        });
        let patient = patient_of(month, index);
        month.authorizations.push(format!("{patient},,99905,TWO-VISITS,2,2025-03-01,2025-06-30"));
        told("F03", &claims[2..])
    }),
    course("F04", 2, at_commercial, |month, index| {
        let first = planted(month, index, 1, |visit, _| quarter_hour(visit, "17:00", "17:15"));
        let second = planted(month, index, 1, |visit, _| quarter_hour(visit, "17:10", "17:25"));
        assert_ne!(first, second);
        told("F04", &second)
    }),
    course("F05", 2, at_commercial, |month, index| {
        let mut claims = Vec::new();
        for _ in 0..11 {
            claims.extend(planted(month, index, 1, |visit, _| {
                visit.recode(1, "97110");
                visit.bill(1, 4);
                visit.set(1, "minutes", json!(60));
            }));
        }
        told("F05", &claims[10..])
    }),
    course("F06", 2, at_commercial, |month, index| {
        let claims = planted(month, index, 6, |visit, _| visit.recode(1, "97124"));
        told("F06", &claims[5..])
    }),
    course("N05", 2, at_commercial, |month, index| {
        let claims = planted(month, index, 9, |visit, number| {
            let goal = match number {
                6 => "reaching to a shelf",
                7 => "carrying shopping",
                8 => "sleeping through the night",
                _ => return,
            };
            visit.recode(1, "97124");
            let note = format!("Petrissage and kneading, {}. Goal: {goal}.", visit.region(1));
            visit.set(1, "note", json!(note));
        });
        told("N05", &claims[8..])
    }),
    course("N08", 2, at_commercial, |month, index| {
        let claims = planted(month, index, 3, |visit, _| {
            visit.recode(1, "97124");
            let said = "Petrissage and kneading";
            let note = format!("{said}, {}. Goal: reaching to a shelf. Pain NPRS 4/10.", visit.region(1));
            visit.set(1, "note", json!(note));
        });
        told("N08", &claims[2..])
    }),
];

fn at_medicare(visit: &Visit) -> bool {
    visit.is_plain() && visit.is_at(&["MB"])
}

fn at_medicaid(visit: &Visit) -> bool {
    visit.is_plain() && visit.is_at(&["MC"])
}

fn at_commercial(visit: &Visit) -> bool {
    visit.is_plain() && visit.is_at(&["CI", "BL"]) && visit.therapist < 2
}

fn at_auto(visit: &Visit) -> bool {
    visit.is_plain() && visit.is_at(&["AM"])
}

fn told(code: &str, claims: &[String]) -> Vec<Told> {
    let of = |claim: &String| Told { code: code.to_owned(), claim: claim.clone(), line: 1 };
    claims.iter().map(of).collect()
}

fn patient_of(month: &Month, index: usize) -> String {
    let own = month.visits.iter().rfind(|visit| visit.id().starts_with(&format!("L{index:03}-")));
    own.map(|visit| visit.lines[0]["patient_id"].as_str().unwrap_or_default().to_owned()).unwrap_or_default()
}

/// So many visits of a new patient with a locum, on the working days of April from the first on: one line each, of a
/// quarter of an hour, like the first line of the visit at `index`. `change` is given each visit with its number from 0.
/// Gives the numbers of the claims.
fn planted(month: &mut Month, index: usize, visits: usize, change: fn(&mut Visit, usize)) -> Vec<String> {
    let prefix = format!("L{index:03}-");
    let before = month.visits.iter().filter(|visit| visit.id().starts_with(&prefix)).count();
    let like = month.visits[index].clone();
    let member = 7_000_000_000 + (index * 1000 + before) as u64;
    let patient = if like.is_at(&["MB"]) { mbi(member) } else { format!("ZY{member:010}") };
    // April 1, 2025 was a Tuesday.
    let days = (1..=30).filter(|day| !matches!((day + 1) % 7, 0 | 6));
    let mut claims = Vec::new();
    for (number, day) in days.take(visits).enumerate() {
        let mut visit = like.clone();
        visit.lines.truncate(1);
        visit.number = before + number;
        let id = format!("{prefix}{}", visit.number);
        visit.set_all("claim_id", &json!(id));
        visit.set_all("patient_id", &json!(patient));
        visit.set_all("service_date", &json!(format!("2025-04-{day:02}")));
        visit.set_all("rendering_npi", &json!(npi(1100 + index as u64)));
        // A person of an 837P is known by name and birth date.
        let born = (index * 31 + before) % 9000;
        let birth = format!("{}-{:02}-{:02}", 1940 + born / 336, 1 + born / 28 % 12, 1 + born % 28);
        visit.set_all("birth_date", &json!(birth));
        visit.set_all("initial_treatment_date", &json!("2025-03-03"));
        for fact in ["start", "end", "assistant_minutes"] {
            visit.unset_all(fact);
        }
        visit.bill(1, 1);
        visit.set(1, "minutes", json!(15));
        let code = visit.lines[0]["procedure_code"].as_str().unwrap_or_default().to_owned();
        let own = note(&code, &visit.region(1), 41 + index, number, 0);
        visit.set(1, "note", json!(own));
        change(&mut visit, number);
        month.visits.push(visit);
        claims.push(id);
    }
    claims
}

fn quarter_hour(visit: &mut Visit, start: &str, end: &str) {
    visit.set(1, "start", json!(start));
    visit.set(1, "end", json!(end));
}
