//! What Medicare asks for by modifiers.

use serde_json::json;

use super::super::seed::{Seed, seed};
use super::super::visit::Visit;
use super::discipline;

pub const SEEDS: &[Seed] = &[
    seed(
        "M03",
        2,
        |v| v.is_at(&["MB"]) && !v.is_plain() && v.lines[0]["modifiers"][1] == "KX",
        |v| {
            v.set(2, "modifiers", json!([discipline(v)]));
            vec![("M03", 2)]
        },
    ),
    seed(
        "M01",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]),
        |v| {
            v.set(1, "modifiers", json!([]));
            vec![("M01", 1)]
        },
    ),
    seed(
        "M02",
        2,
        |v| v.is_plain() && v.is_at(&["CI", "WC"]),
        |v| {
            let other = if discipline(v) == "GP" { "GO" } else { "GP" };
            v.set_all("modifiers", &json!([other]));
            v.every("M02")
        },
    ),
    seed("M06", 2, Visit::is_plain, |v| {
        let own = discipline(v);
        v.set(1, "modifiers", json!([own, own]));
        vec![("M06", 1)]
    }),
    seed(
        "M04",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]),
        |v| {
            v.set(1, "modifiers", json!([discipline(v), "GZ"]));
            vec![("M04", 1)]
        },
    ),
    seed(
        "M05",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]) && v.has("97124"),
        |v| {
            let line = v.find("97124").unwrap_or(1);
            v.set(line, "modifiers", json!([discipline(v), "AT"]));
            vec![("M05", line)]
        },
    ),
];
