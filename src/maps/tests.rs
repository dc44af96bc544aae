use super::*;
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
