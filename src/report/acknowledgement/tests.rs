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
fn separators_in_what_is_repeated_separate_nothing() {
    let mut run = run(Vec::new());
    run.interchanges[0].groups[0].control = "1*0~1".to_owned();
    let text = rendered(&run, Redaction::Default);
    assert!(text.contains("AK1*HC*1 0 1*005010X222A1~"), "{text}");
}

#[test]
fn an_interchange_without_a_number_gets_one() {
    let mut run = run(Vec::new());
    run.interchanges[0].control = "9".to_owned();
    let text = rendered(&run, Redaction::Default);
    assert!(text.contains("*00501*000000001*0*T*:~"), "{text}");
    assert_eq!(text.lines().next().map(str::len), Some(106));
}
