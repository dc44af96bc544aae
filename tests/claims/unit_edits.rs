//! Units that the minutes bear out and the unit edits (MUE) do not let through.

use crate::support::{check, json_lines, line};
use cleanclaim::finding::{MoneyClass, Run};
use serde_json::{Value, json};

type Told = (String, String, u16, MoneyClass, Option<i64>);

fn told(run: &Run) -> Vec<Told> {
    let findings = run.findings.iter().filter(|one| matches!(one.code.as_str(), "T01" | "T02" | "T03"));
    findings
        .map(|one| {
            let net = one.impact.net.map(|net| net.0);
            (one.code.clone(), one.outcome.clone(), one.line, one.impact.class, net)
        })
        .collect()
}

fn of(code: &str, units: u32, minutes: u32) -> Value {
    line(json!({"procedure_code": code, "units": units, "minutes": minutes}))
}

fn run(lines: &[Value]) -> Run {
    check(&[("day.jsonl", &json_lines(lines))])
}

#[test]
fn nothing_to_add_is_no_leave_for_a_unit_that_has_no_minutes() {
    // 98 minutes are seven units, four may be billed; 7 minutes are no unit.
    let day = run(&[of("97124", 4, 98), of("97110", 1, 7)]);
    assert_eq!(
        told(&day),
        [("T02".to_owned(), "moved-at-mue".to_owned(), 2, MoneyClass::Recoupment, Some(2183))]
    );
    assert!(
        day.findings.iter().any(|one| one.message.ends_with("(MUE) is 4 for 97124")),
        "{:?}",
        day.findings
    );
    // Without that unit nothing is wrong, and nothing can be added.
    let day = run(&[of("97124", 4, 98), of("97110", 0, 7)]);
    assert_eq!(told(&day), [("T02".to_owned(), "at-mue".to_owned(), 1, MoneyClass::None, None)]);
    // A unit is missing where it may be billed, and one stands where it has no minutes.
    let day = run(&[of("97124", 4, 98), of("97110", 1, 7), of("97112", 0, 15)]);
    let [(code, outcome, ..)] = &told(&day)[..] else { panic!("{:?}", told(&day)) };
    assert_eq!((code.as_str(), outcome.as_str()), ("T02", ""));
}

/// Nobody is advised to bill what the edit refuses as a whole.
#[test]
fn no_allocation_goes_past_the_edit() {
    for (lines, code, net) in [
        ([of("97124", 4, 75), of("97110", 2, 5)], "T01", 4366),
        ([of("97124", 4, 75), of("97110", 1, 5)], "T03", 2183),
    ] {
        let day = run(&lines);
        assert_eq!(told(&day), [(code.to_owned(), String::new(), 2, MoneyClass::Recoupment, Some(net))]);
        let finding = day.findings.iter().find(|one| one.code == code).expect("the finding");
        let said = format!("{} {}", finding.message, finding.help);
        assert!(said.contains("97124 x 4, as far as the unit edit (MUE) lets through"), "{said}");
    }
}

/// The edit counts the units of each therapist.
#[test]
fn another_therapist_has_room_of_her_own() {
    let of = |npi: &str, units: u32, minutes: u32, modifiers: &[&str]| {
        line(json!({
            "procedure_code": "97110", "units": units, "minutes": minutes, "rendering_npi": npi, "modifiers": modifiers,
        }))
    };
    let day = run(&[of("1000000228", 6, 90, &["GP"]), of("1000000335", 1, 30, &["GP", "KX"])]);
    assert_eq!(told(&day), [("T02".to_owned(), String::new(), 2, MoneyClass::LostRevenue, Some(2183))]);
    let day = run(&[of("1000000228", 6, 105, &["GP"]), of("1000000335", 6, 105, &["GP", "KX"])]);
    assert_eq!(told(&day), [("T02".to_owned(), "at-mue".to_owned(), 1, MoneyClass::None, None)]);
}

/// A further unit is worth nothing on a line that is certain to be denied, or that would be.
#[test]
fn no_revenue_is_promised_where_another_rule_says_that_nothing_is_paid() {
    let day = run(&[of("97124", 1, 30), of("97140", 1, 15)]);
    assert_eq!(told(&day), [("T02".to_owned(), String::new(), 1, MoneyClass::None, None)]);
    assert_eq!(day.columns.unbilled.net.0, 0);
    let day = run(&[of("97124", 0, 15), of("97140", 1, 15)]);
    assert_eq!(told(&day), [("T02".to_owned(), String::new(), 1, MoneyClass::None, None)]);
    // The other way round the unit can be billed.
    let day = run(&[of("97124", 1, 15), of("97140", 1, 30)]);
    assert_eq!(told(&day), [("T02".to_owned(), String::new(), 2, MoneyClass::LostRevenue, Some(2070))]);
}

/// Further units of 97129 are its add-on's, whether or not a line bills it.
#[test]
fn a_unit_that_an_add_on_would_bill_is_worth_what_the_add_on_is() {
    let speech = |code: &str, units: u32, minutes: u32| {
        line(json!({
            "procedure_code": code, "units": units, "minutes": minutes, "modifiers": ["GN"],
            "rendering_taxonomy": "235Z00000X",
        }))
    };
    let alone = told(&run(&[speech("97129", 1, 30)]));
    let beside = told(&run(&[speech("97129", 1, 15), speech("97130", 0, 15)]));
    assert_eq!(alone.len(), 1);
    assert_eq!(alone[0].4, beside[0].4);
    assert_eq!((alone[0].0.as_str(), alone[0].2, beside[0].2), ("T02", 1, 2));
    // Neither is billed: the first unit is the base's.
    let neither = told(&run(&[speech("97129", 0, 15), speech("97130", 0, 15)]));
    let first = told(&run(&[speech("97129", 0, 15)]));
    assert_eq!(neither[0].4, Some(first[0].4.unwrap_or(0) + beside[0].4.unwrap_or(0)));
    // A unit that stands on another code and is the add-on's: the difference of the two.
    let moved = |lines: &[Value]| told(&run(lines))[0].4;
    let with_line = moved(&[speech("97129", 1, 15), speech("97130", 0, 15), speech("97533", 1, 0)]);
    let without = moved(&[speech("97129", 1, 30), speech("97533", 1, 0)]);
    assert_eq!(with_line, without);
}
