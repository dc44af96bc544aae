use super::*;
use crate::report::{json, sample};

fn saved(run: &Run, redaction: Redaction) -> Vec<u8> {
    let mut text = Vec::new();
    json::render(run, redaction, &mut text).expect("a vector takes everything");
    text
}

#[test]
fn a_saved_run_says_the_same_when_it_is_saved_again() {
    for redaction in [Redaction::Default, Redaction::Full, Redaction::ShowPhi] {
        let once = saved(&sample::busy_day(), redaction);
        let read = read(&once).expect("a saved run");
        assert_eq!(read.redaction, redaction);
        // Nothing is masked a second time.
        let twice = String::from_utf8(saved(&read.run, Redaction::ShowPhi)).expect("JSON is UTF-8");
        let once = String::from_utf8(once).expect("JSON is UTF-8");
        let level = |text: &str| text.replace(&format!("\"{}\"", redaction.as_str()), "\"show-phi\"");
        let days = |text: &str| text.replace("\"by_day\":null", "\"by_day\":[]");
        assert_eq!(days(&level(&once)), twice);
    }
}

#[test]
fn a_run_that_an_older_version_saved_is_read() {
    let text = br#"{"schema": "cleanclaim/1", "as_of": "2025-03-10", "summary": {"claims": 1, "lines": 1,
        "clean_claims": 0, "at_risk": {"net_cents": 1, "gross_cents": 2}, "recoupment": {"net_cents": 0,
        "gross_cents": 0}, "delayed": {"net_cents": 0, "gross_cents": 0}, "unbilled": {"net_cents": 0,
        "gross_cents": 0}}, "findings": [], "claims": []}"#;
    let read = read(text).expect("a saved run");
    assert_eq!((read.run.columns.at_risk.gross.0, read.redaction), (2, Redaction::Default));
}

#[test]
fn what_is_no_saved_run_is_refused() {
    let told = |text: &str| read(text.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
    let save = "save a run with: cleanclaim check FILES --output json=run.json";
    assert_eq!(told("ISA*00*ROWAN"), format!("line 1, column 1: this is not JSON; {save}"));
    assert_eq!(told(""), format!("line 1, column 0: this is not JSON; {save}"));
    let other = format!("this JSON is no saved run: its `schema` is not cleanclaim/1; {save}");
    for text in ["{}", "[]", "7", r#"{"schema": 5}"#, r#"{"schema": "ROWAN", "findings": []}"#] {
        assert_eq!(told(text), other, "{text}");
    }
    assert_eq!(
        told(r#"{"schema": "cleanclaim/2"}"#),
        "this run was saved as cleanclaim/2; this version reads cleanclaim/1"
    );
    assert_eq!(
        told("{\"schema\": \"cleanclaim/1\",\n \"as_of\": 7, \"findings\": \"ROWAN\"}"),
        format!("line 2, column 11: not what cleanclaim/1 has in this place; {save}")
    );
}

#[test]
fn a_file_named_twice_is_told_apart_by_its_number() {
    let mut run =
        sample::run(vec![sample::finding(), crate::finding::Finding { file: 1, ..sample::finding() }]);
    run.files.push(run.files[0].clone());
    let read = read(&saved(&run, Redaction::Default)).expect("a saved run").run;
    assert_eq!(read.findings.iter().map(|finding| finding.file).collect::<Vec<_>>(), [0, 1]);
}
