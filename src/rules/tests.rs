//! Conditions, the index and the choice of rules and profiles, over rules written as YAML.

use proptest::prelude::*;

use super::{Profile, RuleFile, RuleSet, Scope, Subject};
use crate::claim::{Cents, TimeOfDay};
use crate::claim::{
    Claim, Diagnosis, Payer, ProcedureCode, Provider, Role, ServiceLine, Stated, Text, Units, parse_iso_date,
};

fn text(value: &str) -> Text<'_> {
    Text::new(value.as_bytes(), 1)
}

fn set(yaml: &str) -> RuleSet {
    let file = RuleFile { name: "edits.yaml".to_owned(), text: yaml.into() };
    RuleSet::of(&[file]).unwrap_or_else(|errors| panic!("{yaml}\n{errors}"))
}

fn forbid(code: &str, when: &str) -> String {
    format!(
        "- {{code: {code}, name: rule-{}, severity: error, summary: S, check: forbid, message: M, help: H, when: {when}}}\n",
        code.to_lowercase()
    )
}

/// A line of two units of 97124-GP-59 at 09:00 on 2025-03-03 for $120.00, linked to M54.50 and R52.
fn claim() -> Claim<'static> {
    let line = ServiceLine {
        number: 1,
        procedure_code: text("97124"),
        modifiers: [text("GP"), text("59"), Text::ABSENT, Text::ABSENT],
        units: Stated { text: text("2"), value: Units::parse(b"2") },
        charge: Stated { text: text("120"), value: Cents::parse(b"120") },
        service_date: Stated { text: text("20250303"), value: parse_iso_date(b"20250303") },
        start: Stated { text: text("09:00"), value: TimeOfDay::parse(b"09:00") },
        pointers: [1, 2, 0, 0].map(|pointer| match pointer {
            0 => Stated::default(),
            1 => Stated { text: text("1"), value: Some(1) },
            _ => Stated { text: text("2"), value: Some(2) },
        }),
        ..ServiceLine::default()
    };
    let diagnosis = |code| Diagnosis::new(Text::ABSENT, text(code));
    Claim {
        diagnoses: vec![diagnosis("M54.50"), diagnosis("r52"), diagnosis("M25561")],
        providers: vec![Provider { taxonomy: text("225100000X"), ..Provider::new(Role::Rendering, 0) }],
        lines: vec![line],
        ..Claim::default()
    }
}

fn holds(when: &str, with_line: bool) -> bool {
    let set = set(&forbid("A1", when));
    let claim = claim();
    let profile = Profile { name: "unknown".to_owned(), ..Profile::default() };
    let line = claim.lines.first().filter(|_| with_line);
    set.rules[0].when.matches(&Subject { claim: &claim, line, profile: &profile })
}

#[test]
fn tests_of_a_stated_fact() {
    for (condition, wanted) in [
        ("{line.procedure_code: {in: [97110, 97124]}}", true),
        ("{line.procedure_code: {in: [97110]}}", false),
        ("{line.procedure_code: {in: [97120-97130]}}", true),
        ("{line.procedure_code: {not-in: [97110]}}", true),
        ("{line.procedure_code: {is: 97124}}", true),
        ("{line.procedure_code: {is: 9712}}", false),
        ("{line.procedure_code: {is-not: 97124}}", false),
        ("{line.procedure_code: {starts-with: ['971']}}", true),
        ("{line.procedure_code: {starts-with: '972'}}", false),
        ("{line.procedure_code: {starts-with: 971}}", true),
        ("{line.procedure_code: {starts-with: 972}}", false),
        ("{line.procedure_code: {starts-with: 0971}}", false),
        ("{line.procedure_code: {starts-with: 97124.0}}", false),
        (
            "{not: {any: [{line.procedure_code: {starts-with: NO}}, {all: [{line.units: {is: 2}}, {line.procedure_code: {starts-with: 1E10}}]}]}}",
            true,
        ),
        ("{any: [{line.procedure_code: {starts-with: 9}}]}", true),
        ("{line.procedure_code: {matches: '971[0-9]{2}'}}", true),
        ("{line.procedure_code: {matches: '712'}}", false),
        ("{line.procedure_code: {matches: '9|97124'}}", true),
        ("{line.modifiers: {in: [59, XS]}}", true),
        ("{line.modifiers: {in: [XS]}}", false),
        ("{line.modifiers: {not-in: [59]}}", true),
        ("{line.modifiers: {none-in: [59]}}", false),
        ("{line.modifiers: {none-in: [XS]}}", true),
        ("{line.units: {above: 1}}", true),
        ("{line.units: {above: 2}}", false),
        ("{line.units: {above: 1.5, below: 2.5}}", true),
        ("{line.units: {at-least: 2, at-most: 2}}", true),
        ("{line.units: {below: 2}}", false),
        ("{line.units: {is: 2.0}}", true),
        ("{line.units: {is-not: 2}}", false),
        ("{line.charge_amount: {above: 119.99}}", true),
        ("{line.charge_amount: {above: 120}}", false),
        ("{line.service_date: {from: 2025-03-03}}", true),
        ("{line.service_date: {from: 2025-01-01, to: 2025-03-02}}", false),
        ("{line.service_date: {to: 2025-12-31}}", true),
        ("{line.start: {from: 09:00, to: 09:00}}", true),
        ("{line.start: {from: 09:01}}", false),
        ("{claim.diagnosis_codes: {in: [M54.50]}}", true),
        ("{claim.diagnosis_codes: {in: [m2556]}}", false),
        ("{claim.diagnosis_codes: {starts-with: [M25.5]}}", true),
        ("{line.linked_diagnosis_codes: {in: [R52]}}", true),
        ("{line.linked_diagnosis_codes: {starts-with: [M25]}}", false),
        ("{line.linked_diagnosis_codes: {none-in: [M25561]}}", true),
        ("{line.diagnosis_pointers: {in: [2]}}", true),
        ("{line.rendering_taxonomy: {starts-with: [2251]}}", true),
        ("{claim.payer: {is: unknown}}", true),
        ("{line.procedure_code: {present: true}}", true),
        ("{line.procedure_code: {present: false}}", false),
        ("{line.units: {present: true, above: 1}}", true),
    ] {
        assert_eq!(holds(condition, true), wanted, "{condition}");
    }
}

#[test]
fn an_absent_fact_passes_nothing_but_its_absence() {
    for (fact, tests) in [
        ("line.region", ["{in: [a]}", "{not-in: [a]}", "{is-not: a}", "{none-in: [a]}", "{matches: '.*'}"]),
        ("line.minutes", ["{above: 0}", "{below: 9}", "{is-not: 1}", "{at-least: 0}", "{at-most: 9}"]),
        ("line.end", ["{from: 00:00}", "{to: 23:59}", "{is: 10:00}", "{is-not: 10:00}", "{present: true}"]),
    ] {
        for test in tests {
            assert!(!holds(&format!("{{{fact}: {test}}}"), true), "{fact} {test}");
        }
        assert!(holds(&format!("{{{fact}: {{present: false}}}}"), true));
    }
    assert!(!holds("{line.units: {above: 0}}", false), "no line, no fact of a line");
    assert!(!holds("{line.modifiers: {in: [GP]}}", false));
    assert!(!holds("{line.rendering_taxonomy: {present: true}}", false));
    assert!(holds("{line.units: {present: false}}", false));
}

#[test]
fn truth_tables() {
    let leaf = |truth: bool| if truth { "{line.units: {is: 2}}" } else { "{line.units: {is: 3}}" };
    for (a, b) in [(true, true), (true, false), (false, true), (false, false)] {
        let (one, other) = (leaf(a), leaf(b));
        assert_eq!(holds(&format!("{{all: [{one}, {other}]}}"), true), a && b);
        assert_eq!(holds(&format!("{{any: [{one}, {other}]}}"), true), a || b);
        assert_eq!(holds(&format!("{{not: {{any: [{one}, {other}]}}}}"), true), !(a || b));
        assert_eq!(holds(&format!("{{all: [{one}], any: [{other}]}}"), true), a && b, "keys of one mapping");
    }
    assert!(!holds("{not: {line.units: {above: 1}}}", true));
    assert!(holds("{all: []}", true) && !holds("{any: []}", true));
}

#[test]
fn the_profile_of_a_payer() {
    let yaml = "\
profiles:
  - {name: unknown}
  - {name: medicare, filing-indicators: [MB, MA]}
  - {name: commercial, filing-indicators: [CI]}
  - {name: acme, payer-ids: [00590]}
";
    let set = set(yaml);
    for (id, indicator, named, wanted) in [
        ("", "MB", "", "medicare"),
        ("00590", "MB", "commercial", "acme"),
        ("00591", "MB", "commercial", "medicare"),
        ("", "ZZ", "commercial", "commercial"),
        ("", "", "commercial", "commercial"),
        ("", "", "nobody", "unknown"),
        ("", "", "", "unknown"),
    ] {
        let payer = Payer {
            id: text(id),
            filing_indicator: text(indicator),
            profile: text(named),
            ..Payer::default()
        };
        let claim = Claim { payer, ..Claim::default() };
        assert_eq!(set.profiles[set.profile_for(&claim)].name, wanted, "{id} {indicator} {named}");
    }
    assert_eq!(set.profiles.last().map(|profile| profile.name.as_str()), Some("unknown"));
}

/// Payer id in the state, payer id, class in the state, class: in this order, however the file lists them.
#[test]
fn the_profile_of_a_payer_in_a_state() {
    let yaml = "\
profiles:
  - {name: workers, label: Workers, filing-indicators: [WC]}
  - {name: workers-texas, like: workers, label: Workers in Texas, states: [TX, ok], counting: cms}
  - {name: workers-coast, like: workers-texas, states: [CA]}
  - {name: fund, payer-ids: ['777']}
  - {name: fund-texas, like: fund, states: [TX]}
  - {name: desert, states: [NV], filing-indicators: [AM], payer-ids: ['888']}
  - {name: unknown}
";
    let set = set(yaml);
    for (id, indicator, named, state, wanted) in [
        ("", "WC", "", "TX", "workers-texas"),
        ("", "WC", "", "tx", "workers-texas"),
        ("", "WC", "", "OK", "workers-texas"),
        ("", "WC", "", "CA", "workers-coast"),
        ("", "WC", "", "AL", "workers"),
        ("", "WC", "", "", "workers"),
        ("777", "WC", "", "TX", "fund-texas"),
        ("777", "WC", "", "CA", "fund"),
        ("777", "WC", "", "", "fund"),
        ("778", "WC", "", "TX", "workers-texas"),
        ("", "", "workers", "TX", "workers-texas"),
        ("", "", "Workers", "CA", "workers-coast"),
        ("", "", "wc", "AL", "workers"),
        ("", "", "workers-texas", "TX", "workers-texas"),
        ("", "", "workers-texas", "AL", "workers"),
        ("", "", "workers-texas", "", "workers"),
        ("", "", "Workers in Texas", "CA", "workers-coast"),
        ("", "AM", "", "NV", "desert"),
        ("888", "", "", "AZ", "unknown"),
        ("", "", "desert", "NV", "desert"),
        ("", "", "desert", "AZ", "unknown"),
        ("", "", "desert", "", "unknown"),
    ] {
        let payer = Payer {
            id: text(id),
            filing_indicator: text(indicator),
            profile: text(named),
            ..Payer::default()
        };
        let facility = Provider { state: text(state), ..Provider::new(Role::ServiceFacility, 0) };
        let claim = Claim { payer, providers: vec![facility], ..Claim::default() };
        let found = &set.profiles[set.profile_for(&claim)];
        assert_eq!(found.name, wanted, "{id} {indicator} {named} {state}");
    }
    let texas = set.profiles.iter().find(|profile| profile.name == "workers-texas").expect("the profile");
    assert_eq!((texas.counting, texas.states.join(" ")), (super::Counting::Cms, "TX OK".to_owned()));
}

/// Without a service facility the billing provider's state counts, and a facility's own goes before it.
#[test]
fn the_state_is_that_of_the_place_of_treatment() {
    let set =
        set("profiles:\n  - {name: a, filing-indicators: [CI]}\n  - {name: b, like: a, states: [TX]}\n");
    for (billing, facility, wanted) in
        [("TX", None, "b"), ("AL", None, "a"), ("AL", Some("TX"), "b"), ("TX", Some("AL"), "a")]
    {
        let mut providers = vec![Provider { state: text(billing), ..Provider::new(Role::Billing, 0) }];
        providers.extend(
            facility.map(|state| Provider { state: text(state), ..Provider::new(Role::ServiceFacility, 0) }),
        );
        let payer = Payer { filing_indicator: text("CI"), ..Payer::default() };
        let claim = Claim { payer, providers, ..Claim::default() };
        assert_eq!(set.profiles[set.profile_for(&claim)].name, wanted, "{billing} {facility:?}");
    }
}

#[test]
fn rules_are_chosen_by_code_family_name_and_pack() {
    let yaml = forbid("T01", "{line.units: {above: 1}}")
        + &forbid("T02", "{line.units: {above: 2}}")
        + &forbid("P01", "{line.units: {above: 3}}");
    let chosen = |select: &[&str], ignore: &[&str]| {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let mut set = set(&yaml);
        set.select(&words(select), &words(ignore))
            .map(|()| set.rules.iter().map(|rule| rule.code.clone()).collect::<Vec<_>>().join(" "))
            .map_err(|unknown| unknown.to_string())
    };
    assert_eq!(chosen(&[], &[]), Ok("P01 T01 T02".to_owned()));
    assert_eq!(chosen(&["T"], &["t02"]), Ok("T01".to_owned()));
    assert_eq!(chosen(&["rule-p01", "T02"], &[]), Ok("P01 T02".to_owned()));
    assert_eq!(chosen(&["edits"], &["T"]), Ok("P01".to_owned()));
    assert_eq!(
        chosen(&["rule-t1"], &[]),
        Err("no rule, family or pack is called `rule-t1`; did you mean `rule-t01`?".to_owned())
    );
}

/// Conditions over procedure codes, payers and units, nested.
fn condition() -> impl Strategy<Value = String> {
    let code = prop::sample::select(vec!["97110", "97124", "97140", "G0283", "9712", "x"]);
    let leaf = prop_oneof![
        prop::collection::vec(code.clone(), 0..3)
            .prop_map(|codes| format!("{{line.procedure_code: {{in: [{}]}}}}", codes.join(", "))),
        code.clone().prop_map(|code| format!("{{line.procedure_code: {{is: '{code}'}}}}")),
        code.clone().prop_map(|code| format!("{{line.procedure_code: {{is-not: '{code}'}}}}")),
        code.prop_map(|code| format!("{{line.procedure_code: {{in: ['{code}'], starts-with: ['9']}}}}")),
        (0..3).prop_map(|units| format!("{{line.units: {{above: {units}}}}}")),
        prop::sample::select(vec![
            "{is: A}",
            "{in: [A, B]}",
            "{is-not: A}",
            "{starts-with: [B]}",
            "{present: false}"
        ])
        .prop_map(|test| format!("{{claim.payer_id: {test}}}")),
        prop::sample::select(vec!["{is: unknown}", "{not-in: [unknown]}"])
            .prop_map(|test| format!("{{claim.payer: {test}}}")),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|parts| format!("{{all: [{}]}}", parts.join(", "))),
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|parts| format!("{{any: [{}]}}", parts.join(", "))),
            inner.prop_map(|part| format!("{{not: {part}}}")),
        ]
    })
}

proptest! {
    #[test]
    fn the_index_never_leaves_out_a_rule_that_matches(
        conditions in prop::collection::vec(condition(), 1..5),
        code in prop::sample::select(vec!["97110", "97124", "97140", "G0283", "9712", "x", "", "99999"]),
        units in 0..4_u8,
        payer_id in prop::sample::select(vec!["A", "B", "a", ""]),
    ) {
        let kinds = ["forbid", "overlap"];
        let rules = conditions.iter().enumerate().map(|(index, when)| {
            forbid(&format!("A{index}"), when).replace("forbid", kinds[index % 2])
        });
        let set = set(&rules.collect::<String>());
        let units = units.to_string();
        let line = ServiceLine {
            number: 1,
            procedure_code: text(code),
            units: Stated { text: text(&units), value: Units::parse(units.as_bytes()) },
            ..ServiceLine::default()
        };
        let payer = Payer { id: if payer_id.is_empty() { Text::ABSENT } else { text(payer_id) }, ..Payer::default() };
        let claim = Claim { payer, lines: vec![line], ..Claim::default() };
        let profile = Profile { name: "unknown".to_owned(), ..Profile::default() };
        let bound = set.bound_to(&claim, &profile);
        let subject = Subject { claim: &claim, line: Some(&claim.lines[0]), profile: &profile };
        let calls = set.calls_for(claim.lines[0].code()).expect("there are rules");
        for (number, rule) in (0..).zip(&set.rules) {
            let line = calls.line.iter().find(|call| call.rule == number);
            let bit = |words: &[u64]| rule.day_bit.is_some_and(|bit| words[usize::from(bit / 64)] >> (bit % 64) & 1 == 1);
            let day = calls.day.contains(&number);
            prop_assert_eq!(day, bit(&calls.certain_days) != calls.open_days.iter().any(|open| bit(&open.bits)));
            let matches = rule.when.matches(&subject);
            let is_bound = bound.iter().flatten().any(|own| {
                [(&own.line, Scope::Line), (&own.claim, Scope::Claim), (&own.day, Scope::Day)]
                    .iter()
                    .any(|(rules, scope)| rules.contains(&number) && rule.scope() == *scope)
            });
            let is_found = line.is_some() || day || is_bound || set.claim_rules().contains(&number);
            prop_assert!(is_found || !matches, "{} left out for {code:?} of {payer_id:?}", rule.code);
            prop_assert!(!is_bound || line.is_none() && !day, "{} found twice", rule.code);
            let is_called = set.calls(rule, claim.lines[0].code());
            prop_assert!(is_called || line.is_none() && !day && !matches, "{} not called for {code:?}", rule.code);
            let certain = line.is_some_and(|call| call.left == 0) || bit(&calls.certain_days);
            prop_assert!(!certain || matches, "{} taken for certain for {code:?}", rule.code);
            if let Some(call) = line {
                prop_assert_eq!(rule.when.holds_of(call.left, &subject), matches, "{} for {:?}", &rule.code, code);
            }
            if let Some(open) = calls.open_days.iter().find(|open| bit(&open.bits)) {
                let answers = set.rules[usize::from(open.rule)].when.holds_of(open.left, &subject);
                prop_assert_eq!(answers, matches, "{} for {:?}", &rule.code, code);
            }
        }
    }
}

#[test]
fn the_index_is_sharp_where_conditions_name_codes() {
    let yaml = forbid("A1", "{line.procedure_code: {in: [97110, 97124]}}")
        + &forbid("A2", "{all: [{line.procedure_code: {is: 97124}}, {line.units: {above: 1}}]}")
        + &forbid("A3", "{line.units: {above: 1}}")
        + &forbid("A4", "{line.procedure_code: {is: 97124}}").replace("forbid", "overlap");
    let set = set(&yaml);
    let about = |code: &[u8]| {
        let calls = set.calls_for(ProcedureCode::new(code).unwrap_or_default()).expect("there are rules");
        (calls.line.iter().map(|call| (call.rule, call.left)).collect::<Vec<_>>(), &calls.day[..])
    };
    assert_eq!(about(b"97110"), (vec![(0, 0), (2, 1)], &[][..]));
    assert_eq!(about(b"97124"), (vec![(0, 0), (1, 2), (2, 1)], &[3][..]));
    assert_eq!(about(b"99213"), (vec![(2, 1)], &[][..]));
    assert_eq!(about(b""), (vec![(2, 1)], &[][..]));
    assert_eq!((set.day_words(), set.rules[3].day_bit), (1, Some(0)));
}

#[test]
fn rules_bound_to_a_payer_are_found_by_it_alone() {
    let limit = |over: &str| format!("{{limit: {{sum: line.units, over: {over}, at-most: 9}}}}");
    let yaml = forbid("A1", "{claim.payer_id: {in: [X, Y]}, line.procedure_code: {is: 97124}}")
        + &forbid("A2", "{claim.payer_id: {is: X}}")
        + &forbid("A3", "{claim.payer_id: {is: Y}}").replace("forbid", &limit("patient-day"))
        + &forbid("A4", "{claim.payer_id: {is: Y}}").replace("forbid", &limit("claim"))
        + &forbid("A5", "{claim.payer: {is: unknown}, line.referral_number: {present: true}}")
        + &forbid("A6", "{claim.payer: {is: unknown}, line.procedure_code: {is: 97124}}")
        + &forbid("A7", "{claim.payer_id: {is-not: X}}")
        + &forbid("A8", "{any: [{claim.payer_id: {is: X}}, {line.units: {above: 1}}]}")
        + &forbid("A9", "{claim.payer_id: {is: X}}").replace("forbid", "{charges: {faults: [total]}}")
        + &forbid("B1", "{claim.payer: {is: unknown}, line.units: {above: 1}}");
    let set = set(&yaml);
    let found = |id: &'static str, profile: &str| {
        let id = if id.is_empty() { Text::ABSENT } else { text(id) };
        let claim = Claim { payer: Payer { id, ..Payer::default() }, ..Claim::default() };
        let profile = Profile { name: profile.to_owned(), ..Profile::default() };
        let own = set.bound_to(&claim, &profile);
        let all = own.iter().flatten().map(|own| [&own.line[..], &own.claim, &own.day].concat());
        all.collect::<Vec<_>>()
    };
    assert_eq!(found("X", "other"), [[0, 1]]);
    assert_eq!(found("Y", "other"), [[0, 3, 2]]);
    assert_eq!(found("X", "unknown"), [vec![0, 1], vec![4]]);
    assert_eq!(found("x", "other"), [[0; 0]; 0]);
    assert_eq!(found("", "other"), [[0; 0]; 0]);
    assert_eq!(set.claim_rules(), [6, 8], "kinds of their own may speak although `when` holds nowhere");
    let lines = |code: &[u8]| {
        let calls = set.calls_for(ProcedureCode::new(code).unwrap_or_default()).expect("there are rules");
        calls.line.iter().map(|call| call.rule).collect::<Vec<_>>()
    };
    // What the last one says of a line is remembered, so it is not looked for by its payer.
    assert_eq!((lines(b"97124"), lines(b"99213")), (vec![5, 7, 9], vec![7, 9]));
    let calls =
        |rule: usize, code: &[u8]| set.calls(&set.rules[rule], ProcedureCode::new(code).expect("a code"));
    assert!(calls(0, b"97124") && !calls(0, b"99213") && !calls(5, b"99213") && calls(4, b"99213"));
}
