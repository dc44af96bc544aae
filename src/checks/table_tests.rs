//! Rules that live on tables, at the level of checks: edits, units, fees, each boundary from both sides.

use super::tests::{With, claim, code, commercial, found, medicare, on_lines, run, seen, timed, untimed};
use super::*;
use crate::claim::{Cents, Date, LineFact, Stated, Text, Units};
use crate::rules::{FeeFault, PairFault, ProviderFault};

fn advantage() -> Profile {
    Profile { ncci: true, ..commercial() }
}

fn table_pair(fault: PairFault) -> Check {
    Check::CodePair {
        fault,
        pairs: Vec::new(),
        modifiers: Vec::new(),
        assessments: vec!["97164".to_owned(), "99213".to_owned()],
    }
}

fn one_region() -> Check {
    let pairs = [("98940", "97124"), ("98940", "97140"), ("98941", "97140")];
    Check::CodePair {
        fault: PairFault::SameRegion,
        pairs: pairs.map(|(one, two)| (code(one), code(two))).to_vec(),
        modifiers: ["59", "XS"].map(str::to_owned).to_vec(),
        assessments: Vec::new(),
    }
}

#[test]
fn an_assessment_is_told_apart_by_what_was_assessed() {
    let unbundled = || table_pair(PairFault::Unbundled);
    let lines = [timed("97124", 15, 1), untimed("97164", 1)];
    assert_eq!(seen(unbundled(), &medicare(), &lines), found("assessment", 2, "lines [2]"));
    let apart = [lines[0], lines[1].modifier("59")];
    assert_eq!(seen(unbundled(), &medicare(), &apart), []);
    let visit = [untimed("98940", 1), untimed("99213", 1)];
    assert_eq!(seen(unbundled(), &medicare(), &visit), found("assessment", 2, "lines [2]"));
    let never = [untimed("98940", 1), untimed("97164", 1)];
    assert_eq!(seen(unbundled(), &medicare(), &never), found("indicator-0", 2, "lines [2]"));
}

#[test]
fn an_edit_begins_on_its_first_day() {
    let on = |year, month, day| {
        let date = Date::constant(year, month, day);
        let lines = [untimed("98940", 1), timed("97112", 15, 1)].map(|line| LineFact { date, ..line });
        seen(table_pair(PairFault::Unbundled), &medicare(), &lines).len()
    };
    assert_eq!((on(2020, 9, 30), on(2020, 10, 1)), (0, 1));
}

#[test]
fn manipulation_and_treatment_of_one_region() {
    let manual = timed("97140", 15, 1);
    let day = |spine: &str, other: &str| [untimed("98940", 1).region(spine), manual.region(other)];
    let with_modifier = |lines: [LineFact; 2]| [lines[0], lines[1].modifier("59")];

    // Where NCCI applies: only with a modifier, and only where the record names one region.
    assert_eq!(
        seen(one_region(), &advantage(), &with_modifier(day("lumbar", "lumbar"))),
        found("billed-as-separate", 2, "lines [2]")
    );
    assert_eq!(seen(one_region(), &advantage(), &with_modifier(day("cervical", "lumbar"))), []);
    assert_eq!(seen(one_region(), &advantage(), &day("lumbar", "lumbar")), [], "P01 has it");
    assert_eq!(seen(one_region(), &advantage(), &[untimed("98940", 1), manual.modifier("59")]), []);
    let linked = [untimed("98940", 1).linked("lumbar"), manual.linked("lumbar").modifier("59")];
    assert_eq!(seen(one_region(), &advantage(), &linked), [], "a pointer names no region");

    // Elsewhere: without a modifier, in one region or an unknown one.
    assert_eq!(seen(one_region(), &commercial(), &day("lumbar", "lumbar")), found("", 2, "lines [2]"));
    assert_eq!(seen(one_region(), &commercial(), &day("cervical", "lumbar")), []);
    assert_eq!(
        seen(one_region(), &commercial(), &[untimed("98940", 1), manual]),
        found("region-unknown", 2, "lines [2]")
    );
    assert_eq!(seen(one_region(), &commercial(), &with_modifier(day("lumbar", "lumbar"))), []);
    let exercise = [untimed("98940", 1), timed("97110", 15, 1)];
    assert_eq!(seen(one_region(), &commercial(), &exercise), []);
    let mut colleague = day("lumbar", "lumbar");
    colleague[1].rendering = 8;
    assert_eq!(seen(one_region(), &commercial(), &colleague), []);
    let two_hands = [manual, timed("97124", 15, 1)];
    assert_eq!(seen(one_region(), &commercial(), &two_hands), [], "nothing is manipulated");
}

/// Before July 2019 a modifier on column 1 alone was no bypass: P03 says so, and once is enough.
#[test]
fn a_modifier_that_was_not_yet_taken_is_not_judged_by_the_region() {
    let on = |date: Date, columns: [bool; 2]| {
        let lines = [untimed("98940", 1).region("lumbar"), timed("97140", 15, 1).region("lumbar")];
        let marked = [0, 1].map(|at| if columns[at] { lines[at].modifier("59") } else { lines[at] });
        seen(one_region(), &advantage(), &marked.map(|line| LineFact { date, ..line })).len()
    };
    let (before, after) = (Date::constant(2019, 6, 30), Date::constant(2019, 7, 1));
    assert_eq!((on(before, [true, false]), on(after, [true, false])), (0, 1));
    assert_eq!((on(before, [false, true]), on(after, [false, true])), (1, 1));
}

fn distinct() -> Check {
    Check::DistinctModifier { visits: vec!["99213".to_owned()] }
}

#[test]
fn modifiers_that_cannot_say_a_service_was_distinct() {
    let manual = timed("97140", 15, 1);
    let traction = untimed("97012", 1);
    let at = |lines: &[LineFact]| seen(distinct(), &medicare(), lines);
    assert_eq!(at(&[traction, manual.modifier("59").modifier("XS")]), found("", 2, ""));
    assert_eq!(at(&[traction, manual.modifier("XS").modifier("59")]), found("", 2, ""));
    assert_eq!(at(&[traction, manual.modifier("XS").modifier("XU")]), []);
    assert_eq!(at(&[traction, manual.modifier("59")]), []);
    assert_eq!(at(&[traction, manual]), []);
    let visit = untimed("99213", 1);
    assert_eq!(at(&[visit.modifier("59"), manual]), found("on-visit", 1, ""));
    assert_eq!(at(&[visit.modifier("25"), manual]), []);
    assert_eq!(at(&[visit.modifier("XU"), manual]), [], "the manual speaks of 59");
}

#[test]
fn a_modifier_with_nothing_to_be_told_apart_from() {
    let manual = timed("97140", 15, 1).modifier("59");
    let at = |lines: &[LineFact]| seen(distinct(), &commercial(), lines);
    assert_eq!(at(&[manual]), found("no-pair", 1, ""));
    assert_eq!(at(&[manual, timed("97530", 15, 1)]), found("no-pair", 1, ""));
    assert_eq!(at(&[manual, timed("97124", 15, 1)]), [], "whatever the indicator");
    assert_eq!(at(&[timed("97124", 15, 1).modifier("59"), timed("97140", 15, 1)]), [], "in either order");
    assert_eq!(at(&[manual, timed("97140", 15, 1)]), [], "another line of the code");
    let early = [LineFact { date: Date::constant(2024, 6, 30), ..manual }];
    let unknown = [manual, untimed("11042", 1)];
    for (lines, lack) in [(&early[..], Lack::Table), (&unknown, Lack::Figure)] {
        let out = run(distinct(), &commercial(), lines);
        assert_eq!((out.hits.len(), out.lacks[0][lack as usize]), (0, 1));
    }
    let mut colleague = [manual, untimed("97012", 1)];
    colleague[1].rendering = 8;
    assert_eq!(at(&colleague), [], "a colleague of the group may count as one provider");
}

#[test]
fn scenario_9_units_above_the_edit() {
    let at = |lines: &[LineFact]| seen(Check::UnitEdit, &medicare(), lines);
    assert_eq!(at(&[timed("97124", 67, 4)]), []);
    assert_eq!(at(&[timed("97124", 67, 5)]), found("", 1, "lines [1]"));
    assert_eq!(seen(Check::UnitEdit, &commercial(), &[timed("97124", 67, 5)]), []);
    // Lines of one code and one provider add up; the one that crosses the value is named.
    let split = [timed("97124", 45, 3), timed("97110", 15, 1), timed("97124", 22, 2)];
    assert_eq!(at(&split), found("", 3, "lines [1, 3]"));
    let mut colleague = split;
    colleague[2].rendering = 8;
    assert_eq!(at(&colleague), []);
    let mut elsewhere = split;
    elsewhere[2].claim = 1;
    assert_eq!(at(&elsewhere).len(), 1, "over claims too");
    assert_eq!(at(&[untimed("97161", 2)]), found("by-policy", 1, "lines [1]"));
    assert_eq!(at(&[untimed("97010", 3)]), [], "a value of 0 is another rule's");
}

#[test]
fn units_that_no_edit_can_be_held_against() {
    let lacks = |line: LineFact, lack: Lack| {
        let out = run(Check::UnitEdit, &medicare(), &[line]);
        assert_eq!(out.hits.len(), 0);
        out.lacks[0][lack as usize]
    };
    assert_eq!(lacks(LineFact { units: None, ..untimed("97124", 1) }, Lack::Units), 1);
    assert_eq!(lacks(untimed("J1100", 2), Lack::Figure), 1);
    assert_eq!(lacks(untimed("J1100", 1), Lack::Figure), 0, "one unit is above no edit");
    let early = LineFact { date: Date::constant(2024, 6, 30), ..untimed("97124", 9) };
    assert_eq!(lacks(early, Lack::Figure), 1);
    let half = LineFact { units: Some(Units(4_500)), ..untimed("97124", 1) };
    assert_eq!(seen(Check::UnitEdit, &medicare(), &[half]).len(), 1);
}

fn fee(fault: FeeFault) -> Check {
    Check::Fee { fault, unless: vec!["52".to_owned()] }
}

#[test]
fn codes_that_are_not_paid_separately() {
    let at = |code: &str, profile: &Profile| {
        seen(fee(FeeFault::NotPayable), profile, &[untimed(code, 1)])
            .into_iter()
            .map(|(outcome, ..)| outcome)
            .collect::<Vec<_>>()
    };
    assert_eq!(at("97014", &medicare()), [""]);
    assert_eq!(at("97010", &medicare()), ["bundled"]);
    assert_eq!(at("98943", &medicare()), ["not-covered"]);
    for code in ["97124", "G0283", "97039", "J1100"] {
        assert_eq!(at(code, &medicare()), [""; 0], "{code}");
    }
    for code in ["97014", "97010", "98943"] {
        assert_eq!(at(code, &commercial()), [""; 0], "{code}");
    }
    let early = LineFact { date: Date::constant(2024, 6, 30), ..untimed("97014", 1) };
    let out = run(fee(FeeFault::NotPayable), &medicare(), &[early]);
    assert_eq!((out.hits.len(), out.lacks[0][Lack::Figure as usize]), (0, 1));
}

fn charged(code: &str, units: i32, cents: i64) -> LineFact {
    LineFact { charge: Some(Cents(cents)), ..untimed(code, units) }
}

#[test]
fn charges_below_the_fee() {
    let at = |lines: &[LineFact]| seen(fee(FeeFault::ChargeBelow), &medicare(), lines);
    assert_eq!(at(&[charged("97124", 1, 2976)]), []);
    assert_eq!(at(&[charged("97124", 1, 2975)]), found("national-rates", 1, "lines [1]"));
    assert_eq!(at(&[charged("97124", 1, 1500)]), found("", 1, "lines [1]"));
    // Reduced beside another service: what the line is allowed here is what counts.
    let leads = charged("97124", 1, 9000);
    assert_eq!(at(&[leads, charged("97140", 1, 2070)]), []);
    assert_eq!(at(&[leads, charged("97140", 1, 2069)]), found("national-rates", 2, "lines [2]"));
    let mut other_practice = [leads, charged("97140", 1, 2070)];
    other_practice[1].billing = 10;
    assert_eq!(at(&other_practice).len(), 1, "another practice's day");
    let both = [charged("97124", 1, 1000), charged("97140", 1, 1000), charged("97110", 1, 9000)];
    assert_eq!(at(&both).len(), 2);
    assert_eq!(at(&[charged("97124", 1, 1500).modifier("52")]), []);
    assert_eq!(at(&[charged("97124", 1, 0)]), [], "a charge of zero is another rule's");
    assert_eq!(seen(fee(FeeFault::ChargeBelow), &advantage(), &[charged("97124", 1, 100)]), []);
}

#[test]
fn charges_that_no_fee_can_be_held_against() {
    for (line, lack) in [
        (LineFact { charge: None, ..untimed("97124", 1) }, Lack::Fact),
        (LineFact { units: Some(Units(1_500)), ..untimed("97124", 1) }, Lack::Units),
        (charged("97039", 1, 100), Lack::Figure),
    ] {
        // Counted once, also where another line of the day is short.
        for lines in [&[line][..], &[charged("97124", 1, 1500), line], &[line, charged("97124", 1, 1500)]] {
            let out = run(fee(FeeFault::ChargeBelow), &medicare(), lines);
            assert_eq!((out.hits.len(), out.lacks[0][lack as usize]), (lines.len() - 1, 1), "{lack:?}");
        }
    }
    let late = LineFact { date: Date::constant(2027, 3, 3), ..charged("97124", 1, 100) };
    let out = run(fee(FeeFault::ChargeBelow), &medicare(), &[late]);
    assert_eq!((out.hits.len(), out.lacks[0][Lack::Figure as usize]), (0, 1));
}

#[test]
fn therapists_in_a_hospital() {
    let check = Check::ProviderType(ProviderFault::HospitalPlace);
    let placed = |place: &'static str, taxonomy, code| {
        let mut claim = claim(&["M5450"], taxonomy, &[(code, "GP", &[1])]);
        claim.place_of_service = Text::new(place.as_bytes(), 1);
        claim.lines[0].service_date = Stated { text: Text::ABSENT, value: Some(super::tests::DATE) };
        claim
    };
    for (place, taxonomy, code, fires) in [
        ("22", "225100000X", "97110", true),
        ("21", "2251X0800X", "97110", true),
        ("19", "225X00000X", "97530", true),
        ("11", "225100000X", "97110", false),
        ("23", "225100000X", "97110", false),
        ("31", "225100000X", "97110", false),
        ("22", "208100000X", "97110", false),
        ("22", "235Z00000X", "92507", false),
        ("22", "225100000X", "95851", false),
    ] {
        let claim = placed(place, taxonomy, code);
        let expected = if fires { vec![(1, "")] } else { vec![] };
        assert_eq!(on_lines(&check, &medicare(), &claim).0, expected, "{place} {taxonomy} {code}");
        assert_eq!(on_lines(&check, &commercial(), &claim).0, []);
    }
    let unnamed = on_lines(&check, &medicare(), &placed("22", "", "97110"));
    assert_eq!((unnamed.0.len(), unnamed.1.lacks[0][Lack::Taxonomy as usize]), (0, 1));
    let unknown = on_lines(&check, &medicare(), &placed("22", "225100000X", "J1100"));
    assert_eq!((unknown.0.len(), unknown.1.lacks[0][Lack::Figure as usize]), (0, 1));
}
