//! Services that are billed side by side.

use serde_json::json;

use super::super::clinic::clock;
use super::super::seed::{Seed, seed};
use super::super::visit::Visit;
use super::{discipline, minute_of, one_unit};

pub const SEEDS: &[Seed] = &[
    seed(
        "P09",
        2,
        |v| v.is_at(&["MB"]) && v.is_plain() && v.has("G0283"),
        |v| {
            let line = v.find("G0283").unwrap_or(1);
            v.recode(line, "97014");
            vec![("P09", line)]
        },
    ),
    seed(
        "P03",
        2,
        |v| v.is_plain() && v.is_at(&["CI", "BL"]) && exercise_beside_manual(v),
        |v| {
            let (massage, manual) = massage_beside_manual(v);
            v.set(massage, "region", json!("neck"));
            v.set(manual, "region", json!("low back"));
            v.set(manual, "modifiers", json!([discipline(v), "59"]));
            vec![("P03", massage)]
        },
    ),
    seed(
        "P02",
        2,
        |v| v.is_plain() && v.is_at(&["CI", "BL"]) && exercise_beside_manual(v),
        |v| {
            let (massage, _) = massage_beside_manual(v);
            vec![("P02", massage)]
        },
    ),
    seed(
        "P04",
        2,
        |v| v.is_plain() && v.is_at(&["CI", "BL"]) && exercise_beside_manual(v),
        |v| {
            let (massage, manual) = massage_beside_manual(v);
            v.set(massage, "modifiers", json!([discipline(v), "59"]));
            for line in [massage, manual] {
                v.unset(line, "start");
                v.unset(line, "end");
            }
            vec![("P04", massage)]
        },
    ),
    seed(
        "P06",
        2,
        |v| v.is_plain() && v.is_at(&["CI", "BL"]) && v.has("97140") && !v.has("97112"),
        |v| {
            v.set_all("rendering_taxonomy", &json!("111N00000X"));
            let line = v.add("98940");
            v.set(line, "modifiers", json!(["AT"]));
            vec![("P06", v.find("97140").unwrap_or(1))]
        },
    ),
    seed(
        "P01",
        3,
        |v| v.is_plain() && v.is_at(&["MB", "16"]) && exercise_beside_manual(v),
        |v| {
            let (massage, _) = massage_beside_manual(v);
            vec![("P01", massage)]
        },
    ),
    seed(
        "P05",
        2,
        |v| v.is_plain() && v.has("97140"),
        |v| {
            let line = v.add("97012");
            v.set(line, "region", json!("pelvis"));
            let manual = v.find("97140").unwrap_or(1);
            v.set(manual, "modifiers", json!([discipline(v), "59", "XS"]));
            vec![("P05", manual)]
        },
    ),
    seed(
        "P07",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]) && v.has("97112"),
        |v| {
            let line = v.find("97112").unwrap_or(1);
            v.lines = vec![v.at(line).clone()];
            v.set(1, "line_number", json!(1));
            v.bill(1, 5);
            let start = 8 * 60 + 75 * v.slot as u32;
            v.set(1, "minutes", json!(75));
            v.set(1, "start", json!(clock(start)));
            v.set(1, "end", json!(clock(start + 75)));
            vec![("P07", 1)]
        },
    ),
    seed(
        "P08",
        2,
        |v| v.is_plain() && v.find("97110") == Some(1) && v.find("97112") == Some(2) && one_unit(v),
        |v| {
            move_by(v, 2, -5);
            vec![("P08", 1)]
        },
    ),
];

fn exercise_beside_manual(visit: &Visit) -> bool {
    visit.has("97110") && visit.has("97140")
}

/// Makes the exercise of the visit a massage; gives the lines of massage and manual therapy.
fn massage_beside_manual(visit: &mut Visit) -> (u16, u16) {
    let (exercise, manual) = (visit.find("97110").unwrap_or(1), visit.find("97140").unwrap_or(2));
    visit.recode(exercise, "97124");
    (exercise, manual)
}

fn move_by(visit: &mut Visit, line: u16, minutes: i32) {
    for fact in ["start", "end"] {
        let moved = minute_of(visit, line, fact).saturating_add_signed(minutes);
        visit.set(line, fact, json!(clock(moved)));
    }
}
