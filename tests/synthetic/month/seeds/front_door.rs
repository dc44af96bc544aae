//! What is turned away before anybody reads it, and what cannot be read.

use serde_json::json;

use super::super::seed::{Form, Seed, Told, course, seed};
use super::super::visit::Visit;

pub const SEEDS: &[Seed] = &[
    seed(
        "X08",
        2,
        |v| v.is_at(&["AM"]),
        |v| {
            v.unset_all("accident_state");
            vec![("X08", 0)]
        },
    )
    .only(Form::X12),
    seed("X06", 2, Visit::is_plain, |v| {
        v.set_all("claim_charge_amount", &json!("12.34"));
        vec![("X06", 0)]
    }),
    seed(
        "X07",
        2,
        |v| v.is_plain() && v.is_at(&["CI", "BL"]),
        |v| {
            v.set_all("charge_amount", &json!("0"));
            v.set_all("claim_purpose", &json!("CH"));
            vec![("X07", 0)]
        },
    ),
    seed(
        "X09",
        2,
        |v| v.is_plain() && v.lines[0].contains_key("onset_date"),
        |v| {
            v.set_all("onset_date", &json!("2025-05-01"));
            vec![("X09", 0)]
        },
    ),
    seed(
        "X10",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]) && !v.has("G0283"),
        |v| {
            v.set_all("service_date", &json!("2024-04-03"));
            v.set_all("onset_date", &json!("2024-02-10"));
            v.set_all("initial_treatment_date", &json!("2024-04-03"));
            v.every("X10")
        },
    ),
    course(
        "X11",
        2,
        |v| v.is_plain(),
        |month, index| {
            let mut again = month.visits[index].clone();
            let id = format!("B{}", again.id());
            again.lines.truncate(1);
            again.set_all("claim_id", &json!(id));
            month.visits.push(again);
            vec![Told { code: "X11".to_owned(), claim: id, line: 1 }]
        },
    ),
    seed("X12", 2, Visit::is_plain, |v| {
        v.set(1, "place_of_service", json!("98"));
        vec![("X12", 1)]
    }),
    seed(
        "X13",
        2,
        |v| v.is_plain() && v.is_at(&["CI"]),
        |v| {
            v.set(1, "procedure_code", json!("97IIO"));
            vec![("X13", 1)]
        },
    ),
    seed("X14", 2, Visit::is_plain, |v| {
        v.set_all("line_control_number", &json!("SAME"));
        let last = v.lines.len();
        (2..=last).map(|line| ("X14", line as u16)).collect()
    }),
    seed(
        "X16",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]),
        |v| {
            v.set(1, "charge_amount", json!("9.00"));
            vec![("X16", 1)]
        },
    ),
    seed(
        "X17",
        2,
        |v| v.is_plain() && v.is_at(&["CI", "BL"]) && v.has("97140") && !v.has("97035"),
        |v| {
            v.set_all("place_of_service", &json!("10"));
            vec![("X17", v.find("97140").unwrap_or(1))]
        },
    ),
    course("J01", 2, Visit::is_plain, |month, index| {
        month.visits[index].set(1, "referral_number", json!({"number": 1}));
        vec![Told { code: "J01".to_owned(), claim: "month.jsonl".to_owned(), line: 0 }]
    })
    .only(Form::Json),
    seed("J02", 2, Visit::is_plain, |v| {
        v.set(1, "start", json!("nine"));
        vec![("J02", 1)]
    })
    .only(Form::Json),
];
