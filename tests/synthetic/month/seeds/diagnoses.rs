//! What the claim says was treated.

use serde_json::json;

use super::super::seed::{Form, Seed, seed};
use super::super::visit::Visit;

pub const SEEDS: &[Seed] = &[
    seed("D01", 2, Visit::is_plain, |v| {
        v.set_all("diagnosis_codes", &json!(["R52"]));
        v.every("D01")
    }),
    seed(
        "D02",
        2,
        |v| v.is_plain() && v.lines[0]["diagnosis_codes"][1] == "M6281",
        |v| {
            v.set_all("diagnosis_codes", &json!(["M6281", "R52"]));
            v.set(1, "diagnosis_pointers", json!([2]));
            vec![("D02", 1)]
        },
    ),
    seed("D03", 2, Visit::is_plain, |v| {
        v.set_all("diagnosis_codes", &json!(["M5450", "R52"]));
        v.set(1, "diagnosis_pointers", json!([1, 2]));
        vec![("D03", 0)]
    }),
    seed("D04", 2, Visit::is_plain, |v| {
        v.set_all("diagnosis_codes", &json!(["M545"]));
        vec![("D04", 0)]
    }),
    seed("D05", 2, Visit::is_plain, |v| {
        v.set_all("diagnosis_codes", &json!(["M5450", "QA00101"]));
        vec![("D05", 0)]
    }),
    seed("D06", 2, Visit::is_plain, |v| {
        v.set_all("diagnosis_codes", &json!(["M54.50"]));
        vec![("D06", 0)]
    })
    .only(Form::X12),
    seed("D07", 2, Visit::is_plain, |v| {
        v.set(1, "diagnosis_pointers", json!([4]));
        vec![("D07", 1)]
    }),
    seed("D08", 2, Visit::is_plain, |v| {
        v.set_all("diagnosis_codes", &json!(["Z0000"]));
        v.every("D08")
    }),
];
