use super::*;
use crate::finding::{Acknowledgement, Spot, TransactionSet};
use crate::report::sample;

fn set(offset: u64, control: &str) -> TransactionSet {
    TransactionSet {
        offset,
        id: "837".to_owned(),
        control: control.to_owned(),
        guide: "005010X222A1".to_owned(),
    }
}

fn interchange() -> Interchange {
    Interchange {
        file: 0,
        offset: 0,
        sender: ("ZZ".to_owned(), "LAKESIDEREHAB".to_owned()),
        receiver: ("ZZ".to_owned(), "EXAMPLECLRHSE".to_owned()),
        date: "250304".to_owned(),
        time: "0915".to_owned(),
        control: "000000900".to_owned(),
        wants_ta1: false,
        usage: "T".to_owned(),
        groups: vec![Group {
            offset: 106,
            functional_id: "HC".to_owned(),
            sender: "LAKESIDE".to_owned(),
            receiver: "EXAMPLE".to_owned(),
            control: "101".to_owned(),
            guide: "005010X222A1".to_owned(),
            stated_sets: "2".to_owned(),
            sets: vec![set(200, "0001"), set(2000, "0002")],
        }],
    }
}

fn run(findings: Vec<Finding>) -> Run {
    Run { interchanges: vec![interchange()], ..sample::run(findings) }
}

fn is_ours(text: &str) -> bool {
    is_own(text.as_bytes()).expect("bytes at hand")
}

#[test]
fn what_is_written_here_is_known_again() {
    let rejected = vec![fault("TA1 021", 9000, Severity::Error)];
    let noted = vec![spotted("IK403 7", 700, "NM1", 10, (8, 0))];
    for findings in [Vec::new(), rejected, noted] {
        let text = rendered(&run(findings), Redaction::Default);
        assert!(is_ours(&text) && is_ours(&format!("{text}{text}")), "{text}");
        // Claims may stand behind an acknowledgement, and whoever writes one himself knows the time of day.
        for (what, other) in [
            ("*0000*^", "*0915*^"),
            ("*^*", "*!*"),
            ("~\n", "~"),
            ("~\n", "~\r\n"),
            ("IEA*", "CLM*A*1~\nIEA*"),
            ("IEA*", "ST*837*0002*005010X222A1~\nIEA*"),
        ] {
            assert!(text.contains(what) && !is_ours(&text.replace(what, other)), "{what} {other} {text}");
        }
        for (at, _) in text.char_indices() {
            assert!(!is_ours(&text[..at]), "{}", &text[..at]);
        }
        assert!(!is_ours(&format!("{text}x")) && !is_ours(&format!("x{text}")));
    }
    assert!(!is_ours("ISA*00*          *00*          *ZZ*A~\nIEA*0*1~\n"));
}

fn fault(named: &str, offset: u64, severity: Severity) -> Finding {
    let mut finding =
        Finding { acknowledgement: Acknowledgement::parse(named), severity, ..sample::finding() };
    finding.place.span.offset = offset;
    finding
}

fn spotted(named: &str, offset: u64, segment: &str, position: u64, element: (u8, u8)) -> Finding {
    let spot = Spot {
        segment: segment.to_owned(),
        position,
        loop_id: "2010AA".to_owned(),
        element: element.0,
        component: element.1,
        repetition: 0,
        data_element: if element.0 > 0 { 67 } else { 0 },
    };
    Finding { spot: Some(Box::new(spot)), ..fault(named, offset, Severity::Error) }
}

fn rendered(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("X12 is ASCII here")
}

#[test]
fn a_clean_file_is_accepted() {
    insta::assert_snapshot!(rendered(&run(Vec::new()), Redaction::Default));
}

#[test]
fn a_broken_interchange_gets_a_ta1_and_no_999() {
    let findings = vec![fault("TA1 021", 9000, Severity::Error), spotted("IK304 3", 300, "N3", 12, (0, 0))];
    insta::assert_snapshot!(rendered(&run(findings), Redaction::Default));
}

#[test]
fn faults_of_segments_and_elements() {
    let findings = vec![
        spotted("IK403 7", 320, "NM1", 10, (8, 0)),
        spotted("IK403 1", 330, "NM1", 10, (9, 0)),
        spotted("IK304 3", 340, "N3", 11, (0, 0)),
        spotted("IK403 5", 900, "SV1", 27, (1, 2)),
        fault("IK502 4", 1900, Severity::Error),
        fault("AK905 5", 9000, Severity::Error),
    ];
    insta::assert_snapshot!(rendered(&run(findings), Redaction::Default));
}

#[test]
fn one_set_of_two_is_rejected() {
    let text = rendered(&run(vec![fault("IK502 4", 1900, Severity::Error)]), Redaction::Default);
    assert!(text.contains("AK2*837*0001*005010X222A1~\nIK5*R*4~"), "{text}");
    assert!(text.contains("AK2*837*0002*005010X222A1~\nIK5*A~"), "{text}");
    assert!(text.contains("AK9*P*2*2*1~"), "{text}");
}

#[test]
fn warnings_are_noted_and_remarks_are_not() {
    let noted = rendered(&run(vec![fault("IK502 4", 1900, Severity::Warning)]), Redaction::Default);
    assert!(noted.contains("IK5*E*4~") && noted.contains("AK9*E*2*2*2~"), "{noted}");
    let remark = rendered(&run(vec![fault("IK502 4", 1900, Severity::Info)]), Redaction::Default);
    assert_eq!(remark, rendered(&run(Vec::new()), Redaction::Default));
}

#[test]
fn the_claim_number_is_left_out_where_everything_is_masked() {
    let findings = || vec![spotted("IK403 1", 330, "NM1", 10, (9, 0))];
    assert!(rendered(&run(findings()), Redaction::Default).contains("CTX*CLM01:"));
    assert!(!rendered(&run(findings()), Redaction::Full).contains("CTX"));
}

#[test]
fn a_group_that_no_999_can_name_takes_the_interchange() {
    for change in [
        |group: &mut Group| group.control = "1*0~1".to_owned(),
        |group: &mut Group| group.control = String::new(),
        |group: &mut Group| group.functional_id = "QQ".to_owned(),
    ] {
        let mut run = run(Vec::new());
        change(&mut run.interchanges[0].groups[0]);
        let text = rendered(&run, Redaction::Default);
        assert!(text.contains("TA1*000000900*250304*0915*R*024~\nIEA*0*"), "{text}");
    }
}

#[test]
fn an_interchange_without_a_number_gets_one() {
    let mut run = run(Vec::new());
    run.interchanges[0].control = "9".to_owned();
    run.interchanges[0].wants_ta1 = true;
    run.interchanges[0].date = "250231".to_owned();
    let text = rendered(&run, Redaction::Default);
    assert!(text.contains("*00501*000000001*0*T*:~"), "{text}");
    assert!(text.contains("TA1*000000000*250310*0915*A*000~"), "{text}");
    assert_eq!(text.lines().next().map(str::len), Some(106));
}

#[test]
fn no_two_answers_bear_one_number() {
    let mut run = run(Vec::new());
    for file in 1..4 {
        run.interchanges.push(Interchange { file, ..interchange() });
    }
    let text = rendered(&run, Redaction::Default);
    let numbers: Vec<&str> = text.lines().filter(|line| line.starts_with("IEA")).collect();
    assert_eq!(numbers, ["IEA*1*000000900~", "IEA*1*000000001~", "IEA*1*000000002~", "IEA*1*000000003~"]);
}

#[test]
fn the_worst_finding_gives_the_code_of_a_ta1() {
    let findings = vec![fault("TA1 016", 50, Severity::Warning), fault("TA1 021", 9000, Severity::Error)];
    let text = rendered(&run(findings), Redaction::Default);
    assert!(text.contains("*R*021~"), "{text}");
}

#[test]
fn sets_of_something_else_are_not_supported() {
    let mut run = run(Vec::new());
    let group = &mut run.interchanges[0].groups[0];
    group.sets[0].guide = "005010X223A2".to_owned();
    group.sets[1].id = "83".to_owned();
    group.sets[1].control = "2".to_owned();
    let text = rendered(&run, Redaction::Default);
    assert!(text.contains("AK2*837*0001*005010X223A2~\nIK5*R*I6~"), "{text}");
    assert!(text.contains("AK2*837*0002*005010X222A1~\nIK5*R*6~"), "{text}");
    assert!(text.contains("AK9*R*2*2*0~"), "{text}");
}

#[test]
fn groups_of_other_claims_are_not_answered() {
    let mut run = run(Vec::new());
    let group = &mut run.interchanges[0].groups[0];
    group.guide = "005010X223A2".to_owned();
    group.sets.iter_mut().for_each(|set| set.guide = "005010X223A2".to_owned());
    assert_eq!(rendered(&run, Redaction::Default), "");
}

#[test]
fn ids_and_claim_numbers_that_do_not_fit_are_not_written() {
    let id_of = |id: &str, claim: &str| {
        let finding = Finding { claim_id: claim.to_owned(), ..spotted("IK304 1", 300, id, 4, (0, 0)) };
        rendered(&run(vec![finding]), Redaction::Default)
    };
    assert!(id_of("nm14", "A-1").contains("IK3*NM1*4*2010*1~\nCTX*CLM01:A-1~"));
    for (id, claim) in [("", "A:1"), ("Z", "A*1"), ("?", " A"), ("", "\u{e9}"), ("", &*"A".repeat(36))] {
        let text = id_of(id, claim);
        assert!(text.contains("IK3*UNK*4*2010*1~") && !text.contains("CTX"), "{text}");
    }
}
