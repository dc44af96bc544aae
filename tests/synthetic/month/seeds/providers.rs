//! Who rendered the service, and where.

use serde_json::json;

use super::super::super::claim::npi;
use super::super::seed::{Form, Seed, seed};
use super::super::visit::Visit;

pub const SEEDS: &[Seed] = &[
    // What the practice knows of the payer is in its credentials file.
    seed(
        "V03",
        2,
        |v| v.is_plain() && v.is_at(&["CI"]) && v.find("97110") == Some(1),
        |v| {
            v.set_all("rendering_taxonomy", &json!("2255A2300X"));
            vec![("V03", 1)]
        },
    ),
    seed(
        "V01",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]),
        |v| {
            v.set_all("rendering_taxonomy", &json!("225700000X"));
            v.every("V01")
        },
    ),
    seed(
        "V02",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]),
        |v| {
            v.set_all("rendering_taxonomy", &json!("111N00000X"));
            v.every("V02")
        },
    ),
    seed(
        "V06",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]),
        |v| {
            v.unset_all("rendering_npi");
            v.unset_all("rendering_taxonomy");
            vec![("V06", 1)]
        },
    )
    .only(Form::X12),
    seed(
        "V07",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]),
        |v| {
            v.unset_all("referring_npi");
            vec![("V07", 1)]
        },
    )
    .only(Form::X12),
    seed("V08", 2, Visit::is_plain, |v| {
        // The check digit of another number.
        let wrong = format!("{}{}", &npi(700)[..9], (npi(700).as_bytes()[9] - b'0' + 1) % 10);
        v.set_all("referring_npi", &json!(wrong));
        vec![("V08", 0)]
    }),
    seed(
        "V09",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]) && !v.has("G0283"),
        |v| {
            v.set_all("place_of_service", &json!("22"));
            v.every("V09")
        },
    ),
    seed(
        "V04",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]) && v.is_timed(1),
        |v| {
            let minutes = v.lines[0]["minutes"].clone();
            v.set(1, "assistant_minutes", minutes);
            vec![("V04", 1)]
        },
    ),
    seed(
        "V05",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]) && v.is_timed(1),
        |v| {
            let note = format!("{} Exercises provided by rehab aide.", v.note(1));
            v.set(1, "note", json!(note));
            vec![("V05", 1)]
        },
    ),
];
