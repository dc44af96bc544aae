//! One seed for each rule. A new rule takes a few lines here: which visits will do, what is done to one, what is told.

use serde_json::{Value, json};

use super::super::claim::npi;
use super::clinic::clock;
use super::files;
use super::seed::{Form, Plant, Seed, Told, course, file, seed};
use super::visit::Visit;

/// Every seed. Those that few visits will do for come first.
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
        "X08",
        2,
        |v| v.is_at(&["AM"]),
        |v| {
            v.unset_all("accident_state");
            vec![("X08", 0)]
        },
    )
    .only(Form::X12),
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
    )
    .log(),
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
    )
    .log(),
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
    )
    .log(),
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
    )
    .log(),
    seed(
        "T01",
        3,
        |v| v.is_plain() && one_unit(v),
        |v| {
            v.bill(1, 2);
            vec![("T01", 1)]
        },
    )
    .log(),
    seed(
        "T02",
        3,
        |v| v.is_plain() && v.units(1) == 2 && v.is_timed(1),
        |v| {
            v.bill(1, 1);
            vec![("T02", 1)]
        },
    )
    .log(),
    seed(
        "T03",
        2,
        |v| v.is_plain() && v.is_at(&["MB"]) && v.units(1) == 2 && v.is_timed(2),
        |v| {
            v.bill(1, 1);
            v.bill(2, 2);
            vec![("T03", 1)]
        },
    )
    .log(),
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
    )
    .log(),
    seed(
        "T05",
        2,
        |v| v.is_plain() && v.is_timed(1),
        |v| {
            let end = minute_of(v, 1, "end") - 5;
            v.set(1, "end", json!(clock(end)));
            vec![("T05", 1)]
        },
    )
    .log(),
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
    file("X01", Plant::File(files::groups_miscounted)),
    file("X01", Plant::File(files::interchange_ends_as_another)),
    file("X02", Plant::File(files::segments_miscounted)),
    file("X02", Plant::File(files::sets_miscounted)),
    file("X03", Plant::File(files::a_level_left_out)),
    file("X03", Plant::File(files::a_level_of_nobody)),
    file("X04", Plant::FileOfClaim(files::a_date_twice, 1)),
    file("X04", Plant::File(files::no_address)),
    file("X05", Plant::FileOfClaim(files::an_assignment_of_no_kind, 0)),
    file("X05", Plant::File(files::a_name_missing)),
    file("X15", Plant::FileOfClaim(files::a_wife_on_her_husbands_medicare, 0)),
    file("X15", Plant::FileOfClaim(files::a_wife_on_her_husbands_medicare, 0)),
];

fn discipline(visit: &Visit) -> String {
    visit.lines[0]["modifiers"][0].as_str().unwrap_or_default().to_owned()
}

fn one_unit(visit: &Visit) -> bool {
    visit.is_timed(1) && visit.units(1) == 1
}

fn exercise_beside_manual(visit: &Visit) -> bool {
    visit.has("97110") && visit.has("97140")
}

/// Makes the exercise of the visit a massage; gives the lines of massage and manual therapy.
fn massage_beside_manual(visit: &mut Visit) -> (u16, u16) {
    let (exercise, manual) = (visit.find("97110").unwrap_or(1), visit.find("97140").unwrap_or(2));
    visit.recode(exercise, "97124");
    (exercise, manual)
}

fn minute_of(visit: &Visit, line: u16, fact: &str) -> u32 {
    let clock = visit.lines[usize::from(line) - 1].get(fact).and_then(Value::as_str).unwrap_or("00:00");
    let part = |range: std::ops::Range<usize>| clock[range].parse::<u32>().unwrap_or(0);
    part(0..2) * 60 + part(3..5)
}

fn move_by(visit: &mut Visit, line: u16, minutes: i32) {
    for fact in ["start", "end"] {
        let moved = minute_of(visit, line, fact).saturating_add_signed(minutes);
        visit.set(line, fact, json!(clock(moved)));
    }
}
