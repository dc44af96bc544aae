use super::*;
use crate::report::sample;
use insta::assert_snapshot;

fn rendered(run: &Run, redaction: Redaction, quiet: bool) -> String {
    let mut out = Vec::new();
    render(run, redaction, quiet, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn the_whole() {
    assert_snapshot!(rendered(&sample::everything(), Redaction::Default, false));
}

#[test]
fn every_line_has_the_form_that_editors_read() {
    let form = regex::Regex::new(r"^[^:]+:[0-9]+: (error|warning|info): [A-Z]+[0-9]+ ").expect("a pattern");
    let text = rendered(&sample::everything(), Redaction::Default, true);
    assert_eq!(text.lines().count(), 8);
    for line in text.lines() {
        assert!(form.is_match(line), "{line}");
    }
}

#[test]
fn full_redaction_names_no_claim() {
    let text = rendered(&sample::everything(), Redaction::Full, false);
    assert!(!text.contains("MAPLE"), "{text}");
    assert!(text.contains("claim 3 line 1 SV104"), "{text}");
}

#[test]
fn nothing_found_is_one_line() {
    assert_snapshot!(rendered(&sample::run(vec![]), Redaction::Default, false), @"12 claims, 31 lines in 1 file: no findings; 11 clean (91.6%)");
}
