//! Units against minutes, and minutes against the clock.

use serde_json::json;

use super::super::clinic::clock;
use super::super::seed::{Seed, seed};
use super::{minute_of, one_unit};

pub const SEEDS: &[Seed] = &[
    seed(
        "T06",
        2,
        |v| v.is_plain() && v.has("97014"),
        |v| {
            let line = v.find("97014").unwrap_or(1);
            v.bill(line, 2);
            vec![("T06", line)]
        },
    ),
    seed(
        "T08",
        2,
        |v| v.is_plain() && (v.has("97014") || v.has("G0283")),
        |v| {
            let line = v.find("97014").or_else(|| v.find("G0283")).unwrap_or(1);
            v.set(line, "units", json!(0.5));
            vec![("T08", line)]
        },
    ),
    seed(
        "T01",
        3,
        |v| v.is_plain() && one_unit(v),
        |v| {
            v.bill(1, 2);
            vec![("T01", 1)]
        },
    ),
    seed(
        "T02",
        3,
        |v| v.is_plain() && v.units(1) == 2 && v.is_timed(1),
        |v| {
            v.bill(1, 1);
            vec![("T02", 1)]
        },
    ),
    seed(
        "T03",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]) && v.units(1) == 2 && v.is_timed(2),
        |v| {
            v.bill(1, 1);
            v.bill(2, 2);
            vec![("T03", 1)]
        },
    ),
    seed(
        "T04",
        2,
        |v| v.is_plain() && v.is_timed(1),
        |v| {
            for fact in ["minutes", "start", "end"] {
                v.unset_all(fact);
            }
            vec![("T04", 1)]
        },
    ),
    seed(
        "T05",
        2,
        |v| v.is_plain() && v.is_timed(1),
        |v| {
            let end = minute_of(v, 1, "end") - 5;
            v.set(1, "end", json!(clock(end)));
            vec![("T05", 1)]
        },
    ),
    seed(
        "T07",
        2,
        |v| v.is_plain() && v.units(1) == 2 && v.is_timed(1),
        |v| {
            let line = v.split(1);
            vec![("T07", line)]
        },
    ),
];
