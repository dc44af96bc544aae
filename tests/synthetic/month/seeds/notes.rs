//! What the clinical note says, and what it leaves out.

use serde_json::json;

use super::super::seed::{Seed, seed};
use super::super::visit::Visit;

pub const SEEDS: &[Seed] = &[
    seed("N01", 2, by_hand, |v| {
        let (line, _) = hands_on(v);
        let note = format!("{} Spa-like, for stress relief.", v.note(line));
        v.set(line, "note", json!(note));
        vec![("N01", line)]
    }),
    seed("N02", 2, by_hand, |v| {
        let (line, code) = hands_on(v);
        v.unset(line, "region");
        v.unset(line, "laterality");
        let technique =
            if code == "97124" { "Petrissage, slow and deep" } else { "Myofascial release, slow" };
        v.set(
            line,
            "note",
            json!(format!("{technique}. Goal: driving for an hour. Pain NPRS 4/10, was 6/10.")),
        );
        vec![("N02", line)]
    }),
    seed("N03", 2, by_hand, |v| {
        let (line, code) = hands_on(v);
        let service = if code == "97124" { "Massage" } else { "Manual therapy" };
        let note =
            format!("{service}, {}. Goal: driving for an hour. Pain NPRS 4/10, was 6/10.", v.region(line));
        v.set(line, "note", json!(note));
        vec![("N03", line)]
    }),
    seed("N04", 2, by_hand, |v| {
        let (line, code) = hands_on(v);
        let technique = if code == "97124" { "Petrissage" } else { "Myofascial release" };
        let note = format!("{technique}, {}, no complaint. Pain NPRS 4/10, was 6/10.", v.region(line));
        v.set(line, "note", json!(note));
        vec![("N04", line)]
    }),
    seed("N06", 2, by_hand, |v| {
        let (line, code) = hands_on(v);
        let other =
            if code == "97124" { "Joint mobilization grade III" } else { "Effleurage and petrissage" };
        let note =
            format!("{other}, {}. Goal: driving for an hour. Pain NPRS 4/10, was 6/10.", v.region(line));
        v.set(line, "note", json!(note));
        vec![("N06", line)]
    }),
    seed(
        "N07",
        2,
        |v| v.is_plain() && v.is_timed(1),
        |v| {
            let note = format!("{} The patient has plateaued.", v.note(1));
            v.set(1, "note", json!(note));
            vec![("N07", 1)]
        },
    ),
];

fn by_hand(visit: &Visit) -> bool {
    visit.is_plain() && (visit.has("97124") || visit.has("97140"))
}

/// The line of massage or manual therapy, and its code.
fn hands_on(visit: &Visit) -> (u16, &'static str) {
    match visit.find("97124") {
        Some(line) => (line, "97124"),
        None => (visit.find("97140").unwrap_or(1), "97140"),
    }
}
