use super::*;
use crate::report::{json, sample};
use insta::assert_snapshot;
use serde_json::Value;

fn lines(run: &Run, redaction: Redaction) -> (String, Vec<Value>) {
    let mut out = Vec::new();
    render(run, redaction, &mut out).expect("a vector takes everything");
    let text = String::from_utf8(out).expect("UTF-8");
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    (text, lines)
}

#[test]
fn the_whole() {
    assert_snapshot!(lines(&sample::everything(), Redaction::Default).0);
}

#[test]
fn the_same_objects_as_in_the_json_report() {
    let run = sample::everything();
    let mut out = Vec::new();
    json::render(&run, Redaction::Default, &mut out).expect("a vector takes everything");
    let whole: Value = serde_json::from_slice(&out).expect("JSON");
    let (_, mut lines) = lines(&run, Redaction::Default);
    let mut closing = lines.pop().expect("a summary");
    let mut kinds = Vec::new();
    for line in lines.iter_mut().chain([&mut closing]) {
        kinds.push(line.as_object_mut().expect("an object").remove("type").expect("a type"));
    }
    assert_eq!(kinds.pop(), Some(Value::from("summary")));
    assert!(kinds.iter().all(|kind| kind == "finding"));
    assert_eq!(Value::Array(lines), whole["findings"]);
    for (field, value) in closing.as_object().expect("an object") {
        assert_eq!(value, &whole[field], "{field}");
    }
    assert_eq!(closing.as_object().map(|fields| fields.len()), Some(10));
}

#[test]
fn a_run_without_findings_has_a_summary() {
    let (_, lines) = lines(&Run::default(), Redaction::Full);
    assert_eq!((lines.len(), &lines[0]["type"]), (1, &Value::from("summary")));
}
