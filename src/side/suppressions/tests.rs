use super::*;
use crate::claim::{key_of, parse_iso_date, provider_key};

fn rules() -> Vec<RuleName> {
    let rule = |(code, name, pack): (&str, &str, &str)| RuleName {
        code: code.to_owned(),
        name: name.to_owned(),
        pack: pack.to_owned(),
    };
    let all = [
        ("M02", "therapy-modifier", "medicare"),
        ("T01", "units-exceed-minutes", "therapy"),
        ("T02", "units-below-minutes", "therapy"),
    ];
    all.map(rule).to_vec()
}

fn read(text: &str) -> Result<Suppressions, String> {
    suppressions("s.yaml", text.as_bytes(), &rules()).map_err(|error| error.to_string())
}

fn date(text: &str) -> Date {
    parse_iso_date(text.as_bytes()).expect("a date")
}

/// One claim, `MAPLE-1051` of payer 60054, with a line of each of two therapists.
fn lines() -> [PlacedLine; 2] {
    let line = |number, code: &str, day, npi: &str| PlacedLine {
        number,
        code: ProcedureCode::new(code.as_bytes()).expect("a code"),
        date: Some(date(day)),
        rendering: provider_key(npi.as_bytes()),
    };
    [line(1, "97124", "2025-03-03", "1000000228"), line(2, "97110", "2025-03-10", "1000000335")]
}

fn at(lines: &[PlacedLine]) -> Placed<'_> {
    Placed {
        claim: key_of(b"MAPLE-1051"),
        payer_id: b"60054",
        profile: "commercial",
        billing: provider_key(b"1000000111"),
        lines,
    }
}

/// Whether one entry with this scope suppresses a finding of T01 on each line: 0 (the claim), 1 and 2.
fn suppresses(scope: &str) -> [bool; 3] {
    let text = format!("- {{rule: T01, {scope}, reason: looked at, expires: 2025-12-31}}");
    let known = read(&text).unwrap_or_else(|error| panic!("{scope}: {error}"));
    let lines = lines();
    [0, 1, 2].map(|line| known.judge("T01", &at(&lines), line, date("2025-04-02")).accepted == Some(0))
}

#[test]
fn every_scope_at_its_boundary() {
    const WHOLE: [bool; 3] = [true, true, true];
    const NONE: [bool; 3] = [false, false, false];
    for (scope, wanted) in [
        ("claim: MAPLE-1051", WHOLE),
        ("claim: MAPLE-105", NONE),
        ("claim: MAPLE-10511", NONE),
        ("claim: maple-1051", NONE),
        ("claim: MAPLE-1051, line: 2", [false, false, true]),
        ("claim: MAPLE-1051, line: 3", NONE),
        ("payer: 60054", WHOLE),
        ("payer: Commercial", WHOLE),
        ("payer: 60055", NONE),
        ("payer: medicare", NONE),
        ("provider: 1000000111", WHOLE),
        ("provider: 1000000228", [false, true, false]),
        ("provider: 1000000129", NONE),
        ("code: 97124", [false, true, false]),
        ("code: [97110, 97124]", [false, true, true]),
        ("code: 97140", NONE),
        ("claim: MAPLE-1051, code: 97110", [false, false, true]),
        ("claim: MAPLE-1052, code: 97110", NONE),
        ("payer: 60054, dates: {from: 2025-03-03, to: 2025-03-10}", WHOLE),
        ("payer: 60054, dates: {from: 2025-03-04}", [false, false, true]),
        ("payer: 60054, dates: {to: 2025-03-09}", [false, true, false]),
        ("payer: 60054, dates: {to: 2025-03-02}", NONE),
        ("provider: 1000000228, code: 97110", NONE),
    ] {
        assert_eq!(suppresses(scope), wanted, "{scope}");
    }
}

#[test]
fn an_entry_holds_to_the_end_of_its_last_day() {
    let known =
        read("- {rule: T01, claim: MAPLE-1051, reason: looked at, expires: 2025-04-02}").expect("entries");
    let lines = lines();
    let judged = |as_of| known.judge("T01", &at(&lines), 1, date(as_of));
    assert_eq!(judged("2025-04-02"), Judged { met: vec![0], accepted: Some(0) });
    assert_eq!(judged("2025-04-03"), Judged { met: vec![0], accepted: None });
}

#[test]
fn what_a_line_does_not_state_meets_no_entry_that_asks_for_it() {
    let mut lines = lines();
    lines[0].date = None;
    let of = |scope: &str, line| {
        let text = format!("- {{rule: T01, {scope}, reason: looked at, expires: 2025-12-31}}");
        read(&text).expect("entries").judge("T01", &at(&lines), line, date("2025-04-02")).accepted
    };
    let dated = "payer: 60054, dates: {from: 2025-03-01}";
    assert_eq!([0, 1, 2].map(|line| of(dated, line)), [None, None, Some(0)]);
    let nobody = Placed { claim: 0, payer_id: b"", profile: "unknown", billing: 0, lines: &[] };
    let known = read(
        "- {rule: T01, claim: MAPLE-1051, reason: looked at, expires: 2025-12-31}\n\
                      - {rule: T01, payer: 60054, reason: looked at, expires: 2025-12-31}\n\
                      - {rule: T01, payer: 60054, dates: {to: 2025-12-31}, reason: looked at, expires: 2025-12-31}",
    );
    assert_eq!(known.expect("entries").judge("T01", &nobody, 0, date("2025-04-02")), Judged::default());
}

#[test]
fn rules_are_named_as_everywhere() {
    let lines = lines();
    for (named, code, wanted) in [
        ("T01", "T01", true),
        ("t01", "T01", true),
        ("units-exceed-minutes", "T01", true),
        ("T", "T02", true),
        ("therapy", "T02", true),
        ("[M02, T02]", "T02", true),
        ("[M02, T02]", "T01", false),
        ("T", "M02", false),
    ] {
        let text = format!("- {{rule: {named}, payer: 60054, reason: looked at, expires: 2025-12-31}}");
        let known = read(&text).unwrap_or_else(|error| panic!("{named}: {error}"));
        let judged = known.judge(code, &at(&lines), 1, date("2025-04-02"));
        assert_eq!(judged.accepted.is_some(), wanted, "{named} {code}");
    }
}

#[test]
fn the_first_entry_in_force_accepts_and_all_are_met() {
    let known = read(
        "- {rule: T01, claim: MAPLE-1051, reason: gone, expires: 2025-01-31}\n\
         - {rule: T01, payer: 60054, reason: one, expires: 2025-12-31}\n\
         - {rule: T, code: 97124, reason: two, expires: 2025-12-31}\n\
         - {rule: M02, code: 97124, reason: other, expires: 2025-12-31}\n",
    )
    .expect("entries");
    let lines = lines();
    let judged = known.judge("T01", &at(&lines), 1, date("2025-04-02"));
    assert_eq!(judged, Judged { met: vec![1, 2], accepted: Some(1) });
    let mut seen = [false; 4];
    known.see(&at(&lines), |_| false, &mut seen);
    assert_eq!(seen, [false; 4]);
    known.see(&at(&lines), |entry| entry == 2, &mut seen);
    assert_eq!(seen, [false, false, true, false]);
    known.see(&Placed { claim: 7, ..at(&lines) }, |_| true, &mut seen);
    assert_eq!(seen, [false, true, true, true]);
    known.see(&at(&lines), |_| true, &mut seen);
    assert_eq!(seen, [true; 4]);
}

/// Entries are found by what they ask for; those that are found are those that fit when all are asked.
#[test]
fn the_index_leaves_no_entry_out() {
    const ASKED: [&[&str]; 5] = [
        &["", "claim: MAPLE-1051", "claim: MAPLE-1052"],
        &["", "payer: 60054", "payer: COMMERCIAL", "payer: 60055"],
        &["", "code: 97124", "code: [97110, 97124, 97110]", "code: 97140"],
        &["", "provider: 1000000111", "provider: 1000000228", "provider: 1000000129"],
        &["", "dates: {from: 2025-03-04}"],
    ];
    let mut text = String::new();
    for at in 0..ASKED.iter().map(|asked| asked.len()).product() {
        let mut rest = at;
        let scope = ASKED.map(|asked| {
            let one = asked[rest % asked.len()];
            rest /= asked.len();
            one
        });
        if scope[..4].iter().any(|asked| !asked.is_empty()) {
            let scope: Vec<&str> = scope.into_iter().filter(|asked| !asked.is_empty()).collect();
            text += &format!("- {{rule: T01, {}, reason: r, expires: 2025-12-31}}\n", scope.join(", "));
        }
    }
    let known = read(&text).unwrap_or_else(|error| panic!("{error}"));
    let two = lines();
    let one_provider = [two[0], PlacedLine { rendering: two[0].rendering, ..two[1] }];
    let mut all = 0;
    for lines in [&two[..], &one_provider, &two[1..], &[]] {
        for at in
            [at(lines), Placed { payer_id: b"Commercial", ..at(lines) }, Placed { claim: 0, ..at(lines) }]
        {
            let mut about: Vec<bool> = vec![false; known.entries().len()];
            for number in 0..=3 {
                let fits: Vec<u32> = (0_u32..)
                    .zip(known.entries())
                    .filter(|(_, entry)| entry.is_about(&at, number))
                    .map(|(number, _)| number)
                    .collect();
                all += fits.len();
                assert_eq!(known.judge("T01", &at, number, date("2025-04-02")).met, fits, "{at:?} {number}");
                assert_eq!(known.judge("T02", &at, number, date("2025-04-02")), Judged::default());
                if number == 0 || lines.iter().any(|line| line.number == number) {
                    fits.iter().for_each(|entry| about[*entry as usize] = true);
                }
            }
            let mut seen = vec![false; about.len()];
            known.see(&at, |_| true, &mut seen);
            assert_eq!(seen, about, "{at:?}");
        }
    }
    assert!(all > 200, "{all}");
}

#[test]
fn files_stand_behind_each_other() {
    let one = "# ours\n\n- rule: T01\n  code: 97124\n  reason: one\n  expires: 2025-12-31\n";
    let mut all = read(one).expect("entries");
    all.add(suppressions("t.yaml", one.as_bytes(), &rules()).expect("entries"));
    let places: Vec<String> = all.entries().iter().map(|entry| all.place(entry)).collect();
    assert_eq!(places, ["s.yaml:3", "t.yaml:3"]);
    let entry = &all.entries()[1];
    assert_eq!(*entry.named(), Stated { text: "T01".to_owned(), line: 3, offset: 16 });
    assert_eq!(*entry.expiry(), Stated { text: "2025-12-31".to_owned(), line: 6, offset: 59 });
    for nothing in ["", "# none yet\n", "[]"] {
        assert_eq!(read(nothing).expect("no entries").entries().len(), 0, "{nothing:?}");
    }
}

#[test]
fn numbers_are_read_as_typed() {
    let known =
        read("- {rule: T01, claim: 001051, reason: looked at, expires: 2025-12-31}").expect("entries");
    let lines = lines();
    let of = |number: &[u8]| {
        let at = Placed { claim: key_of(number), ..at(&lines) };
        known.judge("T01", &at, 1, date("2025-04-02")).accepted.is_some()
    };
    assert!(of(b"001051") && !of(b"1051"));
    let known = read("- {rule: T01, code: 00100, reason: looked at, expires: 2025-12-31}").expect("entries");
    assert_eq!(known.entries()[0].codes, [ProcedureCode::new(b"00100").expect("a code")]);
}

#[test]
fn a_fault_is_named_by_its_place_and_not_by_what_stands_there() {
    for (text, said) in [
        ("rule: T01", "line 1, column 1: a list of entries is expected, each behind a hyphen"),
        ("- MAPLE-1051", "line 1, column 3: keys with values are expected, like `rule: T01`"),
        (
            "- {claim: MAPLE-1051, reason: r, expires: 2025-12-31}",
            "line 1, column 3: no rule: a code, a name, a family or a pack",
        ),
        (
            "- {rule: T09, claim: MAPLE-1051, reason: r, expires: 2025-12-31}",
            "line 1, column 10: no rule, family or pack is called so; did you mean T01?",
        ),
        (
            "- {rule: [T01, units-exceed-minute], code: 97124, reason: r, expires: 2025-12-31}",
            "line 1, column 16: no rule, family or pack is called so; did you mean units-exceed-minutes?",
        ),
        (
            "- {rule: T01, claims: MAPLE-1051, reason: r, expires: 2025-12-31}",
            "line 1, column 15: unknown key; did you mean claim?",
        ),
        (
            "- {rule: T01, code: 97124, dates: {form: 2025-01-01}, reason: r, expires: 2025-12-31}",
            "line 1, column 36: unknown key; did you mean from?",
        ),
        (
            "- {rule: T01, reason: r, expires: 2025-12-31}",
            "line 1, column 3: no scope: say where with claim, provider, payer or code. To be rid of a rule everywhere, \
             use `ignore` in the configuration, or --ignore",
        ),
        (
            "- {rule: T01, dates: {from: 2025-01-01}, reason: r, expires: 2025-12-31}",
            "line 1, column 3: no scope: say where with claim, provider, payer or code. To be rid of a rule everywhere, \
             use `ignore` in the configuration, or --ignore",
        ),
        (
            "- {rule: T01, payer: 60054, line: 1, reason: r, expires: 2025-12-31}",
            "line 1, column 35: a line of which claim? claim is missing",
        ),
        (
            "- {rule: T01, claim: MAPLE-1051, line: 0, reason: r, expires: 2025-12-31}",
            "line 1, column 40: the number of a line is expected, from 1 on",
        ),
        (
            "- {rule: T01, provider: 123456789, reason: r, expires: 2025-12-31}",
            "line 1, column 25: an NPI is expected: ten digits that begin with 1 or 2",
        ),
        (
            "- {rule: T01, code: [97124, 9711], reason: r, expires: 2025-12-31}",
            "line 1, column 29: a procedure code is expected, like 97124",
        ),
        (
            "- {rule: T01, code: 97124, dates: {}, reason: r, expires: 2025-12-31}",
            "line 1, column 35: dates have a from, a to, or both",
        ),
        (
            "- {rule: T01, code: 97124, dates: {from: 2025-02-02, to: 2025-02-01}, reason: r, expires: 2025-12-31}",
            "line 1, column 58: before from",
        ),
        (
            "- {rule: T01, code: 97124, expires: 2025-12-31}",
            "line 1, column 3: no reason: say why this is no fault",
        ),
        (
            "- {rule: T01, code: 97124, reason: \"  \", expires: 2025-12-31}",
            "line 1, column 36: reason is empty",
        ),
        (
            "- rule: T01\n  code: 97124\n  reason: r",
            "line 1, column 3: no expires: the last day on which it holds, like 2025-12-31",
        ),
        (
            "- rule: T01\n  code: 97124\n  reason: r\n  expires: 2025-02-30",
            "line 4, column 12: a date is expected, like 2025-03-03",
        ),
        (
            "- {rule: T01, code: 97124, claim: MAPLE-1051, claim: MAPLE-1052}",
            "line 1, column 47: a key stands twice in one entry",
        ),
    ] {
        let error = read(text).expect_err(text);
        assert_eq!(error, format!("s.yaml: {said}"), "{text}");
        assert!(!error.contains("MAPLE"), "{error}");
    }
}
