use super::*;
use crate::claim::Fact;
use crate::rules::RuleFile;

fn read_text(text: &str) -> Result<Map, String> {
    let file = RuleFile { name: "maps/ours.yaml".to_owned(), text: text.into() };
    read(&file).map_err(|errors| errors.to_string())
}

#[test]
fn every_ready_made_map_is_one() {
    for one in READY_MADE {
        let file = RuleFile { name: format!("{}.yaml", one.name), text: one.text.into() };
        let map = read(&file).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(map.name, one.name);
        assert!(!map.summary.is_empty() && !map.detect.is_empty(), "{}", one.name);
    }
    assert_eq!(ready_made().len(), READY_MADE.len());
}

#[test]
fn a_mistake_is_shown_at_its_line() {
    let text = "\
reads: csv
facts:
  claim_id: Claim
  procedur_code: CPT
  procedure_code: {from: CPT, parts: [2]}
  units: {form: cents, from: Qty}
  charge_amount: {from: Fee, base: 0, per-unit: true}
  diagnosis_pointers: {from: Dx, base: 3}
  note: {}
  modifiers: {from: Mod, principal: true}
  service_date: {value: x, from: Day}
";
    insta::assert_snapshot!(read_text(text).expect_err("mistakes"));
}

#[test]
fn an_unknown_key_is_named_with_what_was_meant() {
    let text = "reads: json\nfacts:\n  procedure_code: {form: a, spilt: ':'}\n";
    let said = read_text(text).expect_err("mistakes");
    assert!(said.contains("did you mean `split`?") || said.contains("unknown value `a`"), "{said}");
    let said = read_text("reads: json\nfacts:\n  procedure_code: {from: a, spilt: ':'}\n").expect_err("one");
    assert!(said.contains("did you mean `split`?") && said.contains("ours.yaml:3"), "{said}");
}

/// The columns that a list reads.
fn columns(map: &Map, fact: Fact) -> Vec<&str> {
    map.sources(fact).iter().flat_map(|source| &source.from).map(|path| path.text.as_str()).collect()
}

#[test]
fn a_column_that_a_list_names_twice_is_read_once() {
    for (modifiers, left) in [
        ("[Mod1..2, mod_1..2]", vec!["Mod1", "Mod2"]),
        ("{from: [Mod1..2, mod_1..3]}", vec!["Mod1", "Mod2", "mod_3"]),
        ("[Mod1..2, mod_3]", vec!["Mod1", "Mod2", "mod_3"]),
        ("[{from: Mods, split: ','}, {from: MODS, split: ','}]", vec!["Mods"]),
    ] {
        let text = format!("reads: csv\nfacts:\n  procedure_code: CPT\n  modifiers: {modifiers}\n");
        let map = read_text(&text).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(columns(&map, Fact::Modifiers), left, "{modifiers}");
    }
}

#[test]
fn a_column_that_a_list_would_read_in_two_ways_is_a_mistake() {
    let text = "\
reads: csv
facts:
  procedure_code: CPT
  modifiers: [{from: Mods, split: ','}, {from: [Mod 1, MODS]}]
  diagnosis_codes: [Dx 1..4, {from: dx_2, after: ':'}]
";
    insta::assert_snapshot!(read_text(text).expect_err("mistakes"));
}

#[test]
fn two_ways_that_never_take_the_same_are_none() {
    let is_read = |sources: &str| {
        let text = format!("reads: csv\nfacts:\n  procedure_code: CPT\n  modifiers: [{sources}]\n");
        read_text(&text).is_ok()
    };
    let parts =
        |second: &str| is_read(&format!("{{from: C, split: ':', parts: [3]}}, {{from: C, {second}}}"));
    assert!(parts("split: ':', parts: [4, 5]"));
    assert!(!parts("split: ':', parts: [4, 3]"));
    assert!(!parts("split: ','"));
    assert!(!is_read("{from: C, split: ':', parts: [3, 3]}"));
    assert!(!parts("split: ';', parts: [4]"));
    let when = |first: &str, second: &str| {
        is_read(&format!("{{from: C, when: {{{first}}}}}, {{from: C, split: ',', when: {{{second}}}}}"))
    };
    assert!(when("at: Kind, is: [a, '']", "at: KIND, is: [b]"));
    assert!(!when("at: Kind, is: [a, b]", "at: Kind, is: [B]"));
    assert!(!when("at: Kind, is: [a]", "at: Sort, is: [b]"));
    assert!(!is_read("C, {from: C, split: ',', when: {at: Kind, is: [a]}}"));
    // Another fact is another list.
    let two_facts =
        "reads: csv\nfacts:\n  procedure_code: C\n  modifiers: {from: C, split: ':'}\n  note: C\n";
    assert!(read_text(two_facts).is_ok());
}

#[test]
fn what_is_no_map_is_not_repeated() {
    let said = read_text("claim_id,name\n1,ALDER WILLOW\n").expect_err("no map");
    assert!(said.contains("this is no map") && !said.contains("ALDER"), "{said}");
}

#[test]
fn a_wrong_path_is_shown() {
    let said = read_text("reads: json\nlines: a..b\nfacts:\n  procedure_code: 'c[x]'\n").expect_err("paths");
    assert!(said.contains("`a..b` is no path") && said.contains("`c[x]` is no path"), "{said}");
}
