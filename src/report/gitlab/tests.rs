use super::*;
use crate::report::sample;
use insta::assert_snapshot;
use serde_json::Value;
use std::collections::HashSet;

fn rendered(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn the_whole() {
    assert_snapshot!(rendered(&sample::everything(), Redaction::Default));
}

#[test]
fn every_violation_has_what_gitlab_asks_for() {
    let value: Value = serde_json::from_str(&rendered(&sample::everything(), Redaction::Full)).expect("JSON");
    let all = value.as_array().expect("an array");
    assert_eq!(all.len(), 8, "what is accepted is left out");
    for one in all {
        assert!(one["description"].as_str().is_some_and(|text| !text.contains("MAPLE")), "{one}");
        assert!(one["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{one}");
        let severity = one["severity"].as_str().unwrap_or_default();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{one}");
    }
    assert_eq!(rendered(&Run::default(), Redaction::Default), "[]\n");
    let mut run = sample::run(vec![sample::finding()]);
    run.files[0].name = "./a/day.837".to_owned();
    assert!(rendered(&run, Redaction::Default).contains(r#""path":"a/day.837""#));
}

#[test]
fn fingerprints_are_the_findings_own() {
    let value: Value =
        serde_json::from_str(&rendered(&sample::everything(), Redaction::Default)).expect("JSON");
    let of_report: HashSet<&str> =
        value.as_array().into_iter().flatten().filter_map(|one| one["fingerprint"].as_str()).collect();
    let run = sample::everything();
    let own: HashSet<&str> = reported(&run).map(|finding| finding.fingerprint.as_str()).collect();
    assert_eq!(of_report, own);
}
