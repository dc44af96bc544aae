use super::*;
use crate::finding::{InputFile, Severity};
use crate::report::sample;
use insta::assert_snapshot;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashMap;

fn rendered(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

/// How often each element stands in the document, the attributes of its root, and those of suites added up.
fn read(text: &str) -> (HashMap<String, u64>, HashMap<String, u64>, HashMap<String, u64>) {
    let mut reader = Reader::from_str(text);
    let (mut elements, mut root, mut suites) = (HashMap::new(), HashMap::new(), HashMap::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return (elements, root, suites),
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().as_ref().to_owned();
                let sums = if name == "testsuites" { &mut root } else { &mut suites };
                for attribute in start.attributes().filter(|_| name.starts_with("testsuite")) {
                    let attribute = attribute.expect("an attribute");
                    if let Ok(number) = attribute.value.parse::<u64>() {
                        *sums.entry(attribute.key.as_ref().to_owned()).or_default() += number;
                    }
                }
                *elements.entry(name).or_default() += 1;
            }
            _ => {}
        }
    }
}

#[test]
fn the_whole() {
    assert_snapshot!(rendered(&sample::everything(), Redaction::Default));
}

#[test]
fn the_counts_are_those_of_the_elements() {
    let mut clean = sample::run(vec![]);
    clean.claims = 3;
    clean.files[0].claims = 3;
    for run in [sample::everything(), sample::busy_day(), clean, Run::default()] {
        let (elements, root, suites) = read(&rendered(&run, Redaction::Full));
        for (attribute, element) in
            [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            let counted = elements.get(element).copied().unwrap_or(0);
            assert_eq!(suites.get(attribute).copied().unwrap_or(0), counted, "{attribute}");
            assert!(attribute == "skipped" || root[attribute] == counted, "{attribute}");
        }
    }
}

#[test]
fn the_share_of_passed_cases_is_the_clean_claim_rate() {
    let remark = Finding { severity: Severity::Info, claim: 5, ..sample::finding() };
    let text = rendered(&sample::run(vec![sample::finding(), sample::pair(), remark]), Redaction::Default);
    let (_, _, suites) = read(&text);
    assert_eq!((suites["tests"], suites["failures"], suites["skipped"]), (12, 1, 0));
}

#[test]
fn claims_that_a_fault_of_the_file_may_keep_out_have_not_passed() {
    let text = rendered(&sample::run(vec![sample::of_the_file(), sample::finding()]), Redaction::Default);
    let (_, _, suites) = read(&text);
    assert_eq!((suites["tests"], suites["failures"], suites["skipped"]), (13, 2, 11));
}

#[test]
fn a_file_that_was_not_checked_is_an_error() {
    let failed = InputFile {
        name: "era.835".to_owned(),
        verdict: Verdict::Failed("a remittance".to_owned()),
        claims: 0,
    };
    let text = rendered(&Run { files: vec![failed], ..Run::default() }, Redaction::Default);
    assert!(text.contains(r#"<error type="not-checked" message="a remittance">"#), "{text}");
}

/// S01 of an entry that has run out, and the run that has it.
fn with_suppressions(findings: Vec<Finding>) -> Run {
    let mut run = sample::run(findings);
    run.files.push(InputFile {
        name: "suppressions.yaml".to_owned(),
        verdict: Verdict::Suppressions,
        claims: 0,
    });
    let file = u32::try_from(run.files.len() - 1).expect("few files");
    run.findings.iter_mut().filter(|finding| finding.code == "S01").for_each(|finding| finding.file = file);
    run
}

#[test]
fn what_is_said_of_suppressions_is_a_case_of_their_file() {
    let expired = Finding {
        code: "S01".to_owned(),
        severity: Severity::Warning,
        message: "an entry has expired".to_owned(),
        ..sample::of_the_file()
    };
    let text = rendered(&with_suppressions(vec![sample::finding(), expired]), Redaction::Default);
    let (_, root, suites) = read(&text);
    assert_eq!((suites["tests"], suites["failures"], suites["skipped"]), (13, 2, 0), "{text}");
    assert_eq!(root["failures"], 2);
    assert!(
        text.contains("name=\"suppressions.yaml\"") && text.contains("S01: an entry has expired"),
        "{text}"
    );
    let silent = rendered(&with_suppressions(vec![sample::finding()]), Redaction::Default);
    assert!(!silent.contains("suppressions.yaml"), "{silent}");
}
