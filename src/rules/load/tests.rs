use super::super::{Check, LimitOf, RuleSet};
use super::{RuleErrors, RuleFile};
use crate::finding::Severity;

fn file(name: &str, text: &str) -> RuleFile {
    RuleFile { name: name.to_owned(), text: text.into() }
}

fn load(text: &str) -> Result<RuleSet, RuleErrors> {
    RuleSet::of(&[file("edits.yaml", text)])
}

fn mistakes(text: &str) -> String {
    load(text).expect_err("mistakes").render(90, false, true)
}

/// A rule of one kind, with lines of its own beneath.
fn rule(check: &str, more: &str) -> String {
    format!(
        "- code: ACME01\n  name: acme-edit\n  severity: warning\n  summary: An edit\n  check: {check}\n  \
         message: \"{{units}} units\"\n  help: Ask.\n{more}"
    )
}

/// The messages alone, with what was meant.
fn said(text: &str) -> Vec<String> {
    let errors = load(text).expect_err("mistakes");
    let told = errors.mistakes.iter().map(|one| match &one.help {
        Some(help) => format!("{}; {help}", one.message),
        None => one.message.clone(),
    });
    told.collect()
}

#[test]
fn an_unknown_key_is_shown_where_it_stands() {
    insta::assert_snapshot!(mistakes(&rule("forbid", "  sevrity: error\n")), @"
     × unknown key `sevrity`
      ╭─[edits.yaml:8:3]
    7 │   help: Ask.
    8 │   sevrity: error
      ·   ───┬───
      ·      ╰── no such key
      ╰────
     help: did you mean `severity`?
    ");
}

#[test]
fn a_rule_about_notes_says_what_it_looks_for() {
    let of = |parameters: &str| said(&rule(&format!("{{note: {{{parameters}}}}}"), ""));
    assert_eq!(
        of("fault: words-present, words: [relax*, wel!ness]"),
        [
            "`wel!ness` is no word or phrase to look for; a word is letters and digits of ASCII, with `*` at its end for any ending"
        ]
    );
    assert_eq!(
        of("fault: words-present"),
        ["`words-present` has nothing to look for; {fault: words-present, words: [relax*, stress relief]}"]
    );
    assert_eq!(
        of("fault: words-absent, words: [goal*], remarks: true"),
        ["`remarks` has no place in `words-absent`"]
    );
    assert_eq!(
        of("fault: words-absent, words: [goal*], unless: [a]"),
        ["`unless` has no place in `words-absent`"]
    );
    assert_eq!(
        of("fault: words-present, words: [spa], regions: true"),
        ["`regions` has no place in `words-present`"]
    );
    assert_eq!(
        of("fault: technique-mismatch, techniques: [{code: 97124, own: [effleurage]}]"),
        ["`technique-mismatch` has nothing to look for; `techniques` of two codes at least"]
    );
    assert_eq!(
        of("fault: technique-mismatch, techniques: [{code: x, own: [a]}, {code: 97140, own: [b]}]"),
        ["`x` is no procedure code"]
    );
    let loud = rule("{note: {fault: words-present, words: [spa]}}", "")
        .replace("severity: warning", "severity: error");
    assert_eq!(said(&loud), ["a `note` rule warns at most; severity: warning"]);
    let outcome = rule(
        "{note: {fault: words-present, words: [spa]}}",
        "  outcomes: {billing-remark: {severity: error}}\n",
    );
    assert_eq!(said(&outcome), ["a `note` rule warns at most; severity: warning"]);
    assert!(
        load(&rule("{note: {fault: words-present, words: [spa, 6mwt], unless-near: [axial]}}", "")).is_ok()
    );
}

#[test]
fn every_name_that_does_not_resolve_is_shown() {
    let text = "\
lists: {timed: [97110, 97124]}
rules:
  - code: ACME01
    name: acme-edit
    severity: warning
    summary: An edit
    when:
      all:
        - line.proceduer_code: {in: timed}
        - line.procedure_code: {in: timd}
        - claim.payer: {is: unknwon}
        - line.region: {matches: 'lumbar|(cerv'}
    check: {unit-time: {flag: over}}
    outcomes:
      low-confidense: {severity: info}
    message: '{biled} units billed'
    help: Ask.
";
    insta::assert_snapshot!(mistakes(text), @"
     × no fact is called `line.proceduer_code`
       ╭─[edits.yaml:9:11]
     8 │       all:
     9 │         - line.proceduer_code: {in: timed}
       ·           ─────────┬─────────
       ·                    ╰── unknown fact
    10 │         - line.procedure_code: {in: timd}
       ╰────
     help: did you mean `line.procedure_code`?

     × no list is called `timd`
       ╭─[edits.yaml:10:37]
     9 │         - line.proceduer_code: {in: timed}
    10 │         - line.procedure_code: {in: timd}
       ·                                     ──┬─
       ·                                       ╰── unknown list
    11 │         - claim.payer: {is: unknwon}
       ╰────
     help: did you mean `timed`?

     × no payer profile is called `unknwon`
       ╭─[edits.yaml:11:29]
    10 │         - line.procedure_code: {in: timd}
    11 │         - claim.payer: {is: unknwon}
       ·                             ───┬───
       ·                                ╰── unknown profile
    12 │         - line.region: {matches: 'lumbar|(cerv'}
       ╰────
     help: did you mean `unknown`?

     × a regular expression that cannot be used
       ╭─[edits.yaml:12:34]
    11 │         - claim.payer: {is: unknwon}
    12 │         - line.region: {matches: 'lumbar|(cerv'}
       ·                                  ───────┬──────
       ·                                         ╰── unclosed group
    13 │     check: {unit-time: {flag: over}}
       ╰────

     × `unit-time` has no outcome `low-confidense`
       ╭─[edits.yaml:15:7]
    14 │     outcomes:
    15 │       low-confidense: {severity: info}
       ·       ───────┬──────
       ·              ╰── unknown outcome
    16 │     message: '{biled} units billed'
       ╰────
     help: did you mean `low-confidence`?

     × nothing fills the placeholder `biled`
       ╭─[edits.yaml:16:15]
    15 │       low-confidense: {severity: info}
    16 │     message: '{biled} units billed'
       ·               ───┬───
       ·                  ╰── unknown placeholder
    17 │     help: Ask.
       ╰────
     help: did you mean `billed`?
    ");
}

#[test]
fn shapes() {
    for (text, wanted) in [
        (rule("fobid", ""), "unknown value `fobid`; did you mean `forbid`?"),
        (rule("{unit-tiem: {flag: over}}", ""), "unknown value `unit-tiem`; did you mean `unit-time`?"),
        (
            rule("{limit: {sum: line.units, over: line, atmost: 1}}", ""),
            "unknown key `atmost`; did you mean `at-most`?",
        ),
        (
            rule("{limit: {sum: line.units, over: lines, at-most: 1}}", ""),
            "unknown value `lines`; did you mean `line`?",
        ),
        (rule("{limit: {sum: line.units, over: line}}", ""), "the key `at-most` is missing"),
        (
            rule("forbid", "  when: {line.procedure_code: {inn: [97124]}}\n"),
            "unknown key `inn`; did you mean `in`?",
        ),
        (
            rule("forbid", "  when: {line.procedure_code: {in: 97124}}\n"),
            "expected a name, or a list of codes in brackets, found integer `97124`",
        ),
        (rule("forbid", "  when: {line.procedure_code: 97124}\n"), "expected a mapping, `key: value`"),
        (rule("forbid", "  when: {}\n"), "an empty condition; leave `when` out to mean every line"),
        (rule("forbid", "  severity: error\n"), "the key `severity` stands twice in one mapping"),
        ("rulez: []".to_owned(), "unknown key `rulez`; did you mean `rules`?"),
        (
            "7".to_owned(),
            "this is no rule file: a rule file is a list of rules, or a mapping with `rules`, `profiles`, `lists`, `snip-types`",
        ),
        ("- code: [x\n".to_owned(), "expected a text"),
    ] {
        assert_eq!(said(&text), [wanted], "{text}");
    }
}

#[test]
fn names() {
    for (text, wanted) in [
        (
            rule("{limit: {sum: line.unit, over: line, at-most: 1}}", ""),
            "no fact is called `line.unit`; did you mean `line.units`?",
        ),
        (
            rule("{limit: {count: lines, sum: line.units, over: line, at-most: 1}}", ""),
            "`limit` has either `count` or `sum`; {count: lines, ...} or {sum: line.units, ...}",
        ),
        (
            rule("{limit: {count: lines, over: line, at-most: many}}", ""),
            "`many` cannot be read as a number such as 2 or 1.5",
        ),
        (
            rule("{diagnosis: {fault: conflict, code: R52}}", ""),
            "`conflict` asks for `code` and `with`; {fault: conflict, code: R52, with: [M54, G89]}",
        ),
        (
            rule("forbid", "  when: {claim.units: {above: 1}}\n"),
            "no fact is called `claim.units`; did you mean `line.units`?",
        ),
        (
            rule("forbid", "  when: {units: {above: 1}}\n"),
            "a fact in a condition says where it belongs; write `line.units`",
        ),
        (
            rule("forbid", "  when: {line.modifiers: {above: 1}}\n"),
            "`above` does not fit `line.modifiers`, which is codes; \
             tests that fit: in, not-in, none-in, is, is-not, starts-with, matches, present",
        ),
        (
            rule("forbid", "  when: {line.charge_amount: {above: 1.234}}\n"),
            "`1.234` cannot be read as dollars such as 60 or 29.76",
        ),
        (
            rule("forbid", "  when: {line.procedure_code: {in: [97124-97110]}}\n"),
            "`97124-97110` is no range of codes; \
             a range has two numbers of one width, the smaller first: 97032-97036",
        ),
        (
            rule("forbid", "  when: {line.zip: {matches: 'a{999}{999}{9}'}}\n"),
            "a regular expression that cannot be used",
        ),
        (
            rule("forbid", "  when: {line.zip: {matches: 'a)|(b'}}\n"),
            "a regular expression that cannot be used",
        ),
        (rule("forbid", "  at: line.unit\n"), "no fact is called `line.unit`; did you mean `line.units`?"),
        (
            rule("overlap", "  outcomes: {two-provider: {severity: info}}\n"),
            "`overlap` has no outcome `two-provider`; did you mean `two-providers`?",
        ),
        (
            rule("forbid", "  examples: {invalid: [{lines: [{minute: 5}]}]}\n"),
            "no fact is called `minute`; did you mean `minutes`?",
        ),
        (
            rule("forbid", "  examples: {invalid: [{lines: [{}], also: [ACME02]}]}\n"),
            "no rule has the code `ACME02`; did you mean `ACME01`?",
        ),
        (
            "lists: {one: {include: [two]}, two: {include: [one]}}".to_owned(),
            "the list `two` includes itself",
        ),
        (
            "lists: {one: {include: [tow]}, two: []}".to_owned(),
            "no list is called `tow`; did you mean `two`?",
        ),
        ("profiles: [{name: acme, like: acm}]".to_owned(), "no profile before this one is called `acm`"),
    ] {
        let said = said(&text);
        assert_eq!(said.first().map(String::as_str), Some(wanted), "{text}\n{said:#?}");
    }
}

#[test]
fn a_code_and_a_name_belong_to_one_rule() {
    let text = rule("forbid", "") + &rule("forbid", "");
    insta::assert_snapshot!(mistakes(&text), @"
     × the code `ACME01` is taken by a rule of edits.yaml
      ╭─[edits.yaml:8:9]
    7 │   help: Ask.
    8 │ - code: ACME01
      ·         ───┬──
      ·            ╰── used a second time
    9 │   name: acme-edit
      ╰────

     × the name `acme-edit` is taken by a rule of edits.yaml
       ╭─[edits.yaml:9:9]
     8 │ - code: ACME01
     9 │   name: acme-edit
       ·         ────┬────
       ·             ╰── used a second time
    10 │   severity: warning
       ╰────
    ");
}

#[test]
fn scalars_arrive_as_typed() {
    let more = "  when:\n    line.procedure_code: {in: [00100, 1e10, NO, 0x10, 97_124, '97110', ~, 1.0, 2025-03-03]}\n";
    let text = rule("forbid", more).replace(", ~", "").replace(", 2025-03-03", "");
    let set = load(&text).expect("a good file");
    let super::super::Tree::Leaf(_, tests) = &set.rules[0].when else { panic!("one leaf") };
    let super::super::Test::In(codes) = &tests[0] else { panic!("a set") };
    for code in ["00100", "1e10", "NO", "0x10", "97_124", "97110", "1.0"] {
        assert!(codes.contains(code.as_bytes()), "{code}");
    }
    assert_eq!(codes.len(), 7);
    assert!(load(&rule("forbid", more)).is_err(), "nothing is no code");
}

#[test]
fn ranges_keep_their_width_and_lists_include_lists() {
    let text = "lists: {a: [00098-00101], b: {include: [a], codes: [G0283]}}\nrules:\n  ".to_owned()
        + &rule("forbid", "  when: {line.procedure_code: {in: b}}\n").replace('\n', "\n  ");
    let set = load(text.trim_end()).unwrap_or_else(|errors| panic!("{errors}"));
    let super::super::Tree::Leaf(_, tests) = &set.rules[0].when else { panic!("one leaf") };
    let super::super::Test::In(codes) = &tests[0] else { panic!("a set") };
    let codes = codes.iter().map(|code| String::from_utf8(code).expect("a code")).collect::<Vec<_>>();
    assert_eq!(codes, ["00098", "00099", "00100", "00101", "G0283"]);
}

#[test]
fn a_later_profile_changes_what_it_states() {
    let first =
        "profiles: [{name: unknown}, {name: medicare, filing-indicators: [MB], ncci: true, mppr: true}]";
    let second =
        "profiles: [{name: medicare, payer-ids: [00590], mppr: false}, {name: acme, like: medicare}]";
    let set = RuleSet::of(&[file("a.yaml", first), file("b.yaml", second)]).expect("good files");
    let [medicare, acme, unknown] = set.profiles.as_slice() else { panic!("three: {:?}", set.profiles) };
    assert_eq!(medicare.payer_ids, ["00590"]);
    assert_eq!(medicare.filing_indicators, ["MB"]);
    assert!(medicare.ncci && !medicare.mppr);
    assert!(acme.ncci && acme.filing_indicators.is_empty() && acme.payer_ids.is_empty());
    assert_eq!(unknown.name, "unknown");
}

#[test]
fn kinds_with_their_parameters() {
    let text = rule(
        "{limit: {sum: line.charge_amount, by: [line.procedure_code], over: patient-day, at-most: 99.50}}",
        "",
    );
    let set = load(&text).expect("a good file");
    let Check::Limit { of: LimitOf::Charge, at_most: 9950, by, .. } = &set.rules[0].check else {
        panic!("{:?}", set.rules[0].check)
    };
    assert_eq!(by, &[crate::claim::Fact::ProcedureCode]);
    assert_eq!(set.rules[0].at, crate::claim::Fact::ChargeAmount);
    assert_eq!(set.rules[0].day_bit, Some(0));
}

#[test]
fn a_line_too_long_to_draw_is_named() {
    let text = rule("forbid", &format!("  detials: {}\n", "x".repeat(100_000)));
    assert_eq!(mistakes(&text), "  × edits.yaml: unknown key `detials`\n  help: did you mean `details`?\n");
}

#[test]
fn hostile_files_end_in_mistakes() {
    let deep = format!("{}{}{}", "{not: ".repeat(20_000), "{line.units: {above: 1}}", "}".repeat(20_000));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &('b'..='k')
            .map(|letter| {
                let before = char::from(letter as u8 - 1);
                format!("{letter}: &{letter} [{}]\n", vec![format!("*{before}"); 9].join(","))
            })
            .collect::<String>();
    for text in [rule("forbid", &format!("  when: {deep}\n")), bomb, "\u{0}".to_owned(), "- ".repeat(9_000)] {
        assert!(load(&text).is_err());
    }
}

#[test]
fn a_void_concerns_rules_about_receiving_it_and_those_that_ask_for_it() {
    let passes_over = |more: &str| load(&rule("forbid", more)).expect("a rule").rules[0].passes_over_voids();
    assert!(passes_over(""));
    assert!(passes_over("  impact: {class: denial, amount: line-allowed}\n"));
    assert!(!passes_over("  impact: {class: rejection, amount: claim-allowed}\n"));
    assert!(!passes_over("  when: {any: [{claim.claim_frequency: {is: 8}}, {line.units: {above: 1}}]}\n"));
    let required = rule("{require: {claim.claim_frequency: {in: [1, 7]}}}", "");
    assert!(!load(&required).expect("a rule").rules[0].passes_over_voids());
    let builtin = RuleSet::builtin();
    let one = |code: &str| builtin.rules.iter().find(|rule| rule.code == code).expect("a rule");
    assert!(["V01", "T06", "P07", "T04"].into_iter().all(|code| one(code).passes_over_voids()));
    assert!(["X08", "X14", "D04"].into_iter().all(|code| !one(code).passes_over_voids()));
}

#[test]
fn a_byte_order_mark_moves_no_label() {
    let text = format!("\u{feff}{}", rule("fobid", ""));
    assert!(mistakes(&text).contains("5 │   check: fobid\n   ·          ──┬──\n"), "{}", mistakes(&text));
}

#[test]
fn a_file_may_lower_what_a_snip_type_reports() {
    let text = "snip-types: {1: {severity: warning}}\nrules: []\n";
    let file = RuleFile { name: "mine.yaml".to_owned(), text: text.into() };
    let severity = |set: &RuleSet| set.find("X01").map(|rule| rule.severity);
    assert_eq!(severity(&RuleSet::builtin()), Some(Severity::Error));
    let set = RuleSet::with(&[file]).expect("a good file");
    assert_eq!(severity(&set), Some(Severity::Warning));
    assert_eq!(set.find("T06").map(|rule| rule.severity), Some(Severity::Error));
    assert!(set.snip_types.get(1).is_some_and(|kind| kind.name == "integrity"));
}

#[test]
fn there_are_seven_snip_types() {
    let text = "snip-types: {8: {severity: warning}}\n";
    let file = RuleFile { name: "mine.yaml".to_owned(), text: text.into() };
    let mistakes = RuleSet::with(&[file]).expect_err("no such type").render(80, false, false);
    assert!(mistakes.contains("`8` is no SNIP type"), "{mistakes}");
}

#[test]
fn two_profiles_for_one_claim() {
    let text = "\
profiles:
  - {name: plan, payer-ids: ['1001'], filing-indicators: [CI]}
  - {name: other, payer-ids: ['1002', '1001']}
  - {name: plan-south, like: plan, states: [TX, LA]}
  - {name: plan-west, like: plan, states: [NM, TX], payer-ids: [], filing-indicators: []}
";
    insta::assert_snapshot!(mistakes(text), @"
     × the payer id `1001` leads to two profiles: `plan` and `other`
      ╭─[edits.yaml:3:39]
    2 │   - {name: plan, payer-ids: ['1001'], filing-indicators: [CI]}
    3 │   - {name: other, payer-ids: ['1002', '1001']}
      ·                                       ───┬──
      ·                                          ╰── claimed a second time
    4 │   - {name: plan-south, like: plan, states: [TX, LA]}
      ╰────
     help: a claim is judged by one profile: take it out of the other, or give one of the
           two other `states`

     × two profiles stand for `plan` in TX: `plan-south` and `plan-west`
      ╭─[edits.yaml:5:48]
    4 │   - {name: plan-south, like: plan, states: [TX, LA]}
    5 │   - {name: plan-west, like: plan, states: [NM, TX], payer-ids: [], filing-indicators: []}
      ·                                                ─┬
      ·                                                 ╰── claimed a second time
      ╰────
     help: a claim is judged by one profile: take it out of the other, or give one of the
           two other `states`
    ");
    for (profiles, wanted) in [
        // One for the state and one for the rest are no two for one claim.
        ("{name: b, like: a, states: [TX]}", ""),
        ("{name: b, like: a, states: [TX]}\n  - {name: c, like: a, states: [LA]}", ""),
        ("{name: b, like: a}", ""),
        (
            "{name: b, filing-indicators: [ci]}",
            "the filing indicator `ci` leads to two profiles: `a` and `b`",
        ),
        (
            "{name: b, like: a, states: [LA, TX]}\n  - {name: c, states: [TX], filing-indicators: [CI]}",
            "the filing indicator `CI` leads to two profiles in TX: `b` and `c`",
        ),
    ] {
        let text = format!("profiles:\n  - {{name: a, filing-indicators: [CI]}}\n  - {profiles}\n");
        let told = load(&text).map_or_else(
            |errors| errors.mistakes.iter().map(|one| one.message.clone()).collect(),
            |_| Vec::new(),
        );
        assert_eq!(told.join("\n"), wanted, "{profiles}");
    }
}

#[test]
fn states_that_are_none() {
    assert_eq!(
        said("profiles:\n  - {name: a, states: [Texas, T1, tx]}\n  - {name: unknown, states: [TX]}\n"),
        [
            "`Texas` is no state; two letters, as the postal service writes them: TX",
            "`T1` is no state; two letters, as the postal service writes them: TX",
            "the profile `unknown` is for every claim that no other is for",
        ]
    );
}

/// A file of the user's may not take claims from a built-in profile in silence.
#[test]
fn a_profile_beside_the_built_in_ones() {
    let with = |text: &str| RuleSet::with(&[file("mine.yaml", text)]);
    let errors = with("profiles:\n  - {name: mine, filing-indicators: [BL]}\n").expect_err("a mistake");
    assert_eq!(
        errors.mistakes[0].message,
        "the filing indicator `BL` leads to two profiles: `commercial` and `mine`"
    );
    assert!(errors.mistakes[0].at.is_some());
    let taken = "profiles:\n  - {name: commercial, filing-indicators: [CI]}\n  - {name: mine, filing-indicators: [BL]}\n";
    assert!(with(taken).is_ok());
}
