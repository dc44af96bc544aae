//! What is remembered of lines before must never hide what is wrong with another, nor tell again what was wrong with one.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use crate::support::{Request, check, json_lines, line};
use cleanclaim::claim::Date;
use cleanclaim::engine;
use cleanclaim::finding::Run;
use cleanclaim::reference::Reference;
use cleanclaim::rules::{RuleFile, RuleSet};
use cleanclaim::source::Named;
use serde_json::{Value, json};

const AS_OF: Date = Date::constant(2025, 4, 2);

/// A fact of native JSON, a value, another one, and the test that only the other one passes.
fn differences() -> Vec<(&'static str, Value, Value, &'static str)> {
    let code = |fact, one: &str, other: &str, test| (fact, json!(one), json!(other), test);
    vec![
        code("line.procedure_code", "97110", "97112", "{is: 97112}"),
        ("line.modifiers", json!(["GP"]), json!(["GP", "KX"]), "{is: KX}"),
        ("line.units", json!(1), json!(2), "{above: 1}"),
        ("line.charge_amount", json!("60.00"), json!("61.00"), "{above: 60.50}"),
        ("line.minutes", json!(15), json!(16), "{above: 15}"),
        ("line.assistant_minutes", json!(1), json!(2), "{above: 1}"),
        ("line.start", json!("09:00"), json!("09:01"), "{from: 09:01}"),
        ("line.end", json!("09:20"), json!("09:21"), "{from: 09:21}"),
        code("line.place_of_service", "11", "12", "{is: 12}"),
        code("line.region", "neck", "knee", "{is: knee}"),
        code("line.laterality", "left", "right", "{is: right}"),
        ("line.visit", json!(1), json!(2), "{above: 1}"),
        code("line.note", "massage to neck", "massage to knee", "{matches: \".*knee\"}"),
        ("claim.diagnosis_codes", json!(["M54.50"]), json!(["M54.2"]), "{is: M542}"),
        ("line.diagnosis_pointers", json!([1]), json!([2]), "{is: 2}"),
        code("line.service_date", "2025-03-03", "2025-03-04", "{from: 2025-03-04}"),
        code("claim.billing_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("claim.billing_taxonomy", "261QP2000X", "225100000X", "{is: 225100000X}"),
        code("line.rendering_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("line.rendering_taxonomy", "225100000X", "225200000X", "{is: 225200000X}"),
        code("line.supervising_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("line.referring_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("line.ordering_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("line.state", "AL", "TN", "{is: TN}"),
        code("line.zip", "35203", "37011", "{is: 37011}"),
        code("claim.payer_id", "99901", "99902", "{is: 99902}"),
        code("claim.claim_filing_indicator", "CI", "BL", "{is: BL}"),
        code("claim.payer_responsibility", "P", "S", "{is: S}"),
        code("claim.insurance_type", "12", "13", "{is: 13}"),
        code("claim.subscriber_relationship", "18", "01", "{is: \"01\"}"),
        code("line.prior_authorization", "A1", "A2", "{is: A2}"),
        code("line.referral_number", "A1", "A2", "{is: A2}"),
        code("line.initial_treatment_date", "2025-03-01", "2025-03-02", "{from: 2025-03-02}"),
        code("claim.onset_date", "2025-03-01", "2025-03-02", "{from: 2025-03-02}"),
        code("claim.claim_frequency", "1", "7", "{is: 7}"),
        code("claim.patient_id", "P1", "P2", "{is: P2}"),
        code("claim.member_id", "M1", "M2", "{is: M2}"),
        code("line.line_control_number", "L1", "L2", "{is: L2}"),
    ]
}

fn rules(fact: &str, test: &str) -> RuleSet {
    // Beside a test of a fact of the line, so that the rule is one over lines whatever the fact is.
    let text = format!(
        "- {{code: Z1, name: own, severity: error, summary: S, check: forbid, message: M, help: H, \
         when: {{all: [{{line.procedure_code: {{present: true}}}}, {{{fact}: {test}}}]}}}}\n"
    );
    let file = RuleFile { name: "own.yaml".to_owned(), text: text.clone().into() };
    RuleSet::of(&[file]).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn checked(rules: RuleSet, lines: &[Value]) -> Run {
    let request = Request::new(rules, Reference::builtin(), AS_OF);
    engine::check(&request, &[Named::memory("day.jsonl", json_lines(lines).as_bytes())])
}

#[test]
fn a_line_that_differs_in_one_fact_is_asked_anew() {
    for (fact, one, other, test) in differences() {
        let name = fact.split_once('.').expect("a level").1;
        let claim = |id: usize, value: &Value| {
            let mut facts = json!({
                "claim_id": format!("C{id}"), "procedure_code": "97110", "diagnosis_codes": ["M54.50", "M54.2"],
            });
            facts[name] = value.clone();
            line(facts)
        };
        let values = [&one, &one, &other, &one, &other, &other, &one];
        let lines: Vec<Value> = values.iter().enumerate().map(|(id, value)| claim(id, value)).collect();
        let run = checked(rules(fact, test), &lines);
        let found: Vec<u32> = run.findings.iter().map(|finding| finding.claim).collect();
        assert_eq!(found, [3, 5, 6], "{fact}");
    }
}

/// An 837P of a group: a claim whose line names who ordered it, and one whose two lines were rendered by two therapists.
fn two_claims() -> String {
    let header = "ISA*00*          *00*          *ZZ*SYNTHETIC      *ZZ*NOBODY         *250310*1200*^*00501*000000001*0*T*:~\
        GS*HC*SYNTHETIC*NOBODY*20250310*1200*1*X*005010X222A1~ST*837*0001*005010X222A1~\
        BHT*0019*00*B1*20250310*1200*CH~NM1*41*2*SYNTHETIC SUBMITTER*****46*SYN001~PER*IC*NOBODY*TE*2055550100~\
        NM1*40*2*SYNTHETIC RECEIVER*****46*SYN002~HL*1**20*1~NM1*85*2*EXAMPLE CLINIC*****XX*1000000012~\
        N3*1 INVENTED WAY~N4*BIRMINGHAM*AL*352030001~REF*EI*990000001~";
    let claim = |level: u32, name: &str, charge: u32, lines: &str| {
        format!(
            "HL*{level}*1*22*0~SBR*P*18*******MB~NM1*IL*1*{name}*NOBODY****MI*1A00D50AA0{level}~N3*2 NOWHERE LANE~\
             N4*BIRMINGHAM*AL*35203~DMG*D8*19700908*F~NM1*PR*2*MEDICARE PART B EXAMPLE*****PI*99901~\
             CLM*{name}*{charge}***11:B:1*Y*A*Y*Y~DTP*431*D8*20250213~HI*ABK:M542~\
             NM1*DN*1*REFERRER*ANY****XX*1005000397~{lines}"
        )
    };
    let line = |number: u32, code: &str, charge: u32, whose: &str| {
        format!("LX*{number}~SV1*HC:{code}:GP*{charge}*UN*1***1~DTP*472*D8*20250303~REF*6R*L{number}~{whose}")
    };
    let rendered = |name: &str, npi: &str| format!("NM1*82*1*{name}*ANY****XX*{npi}~PRV*PE*PXC*225100000X~");
    let ordered = line(1, "97110", 65, "NM1*DK*1*ORDERER*ANY****XX*1005000009~");
    let first = line(1, "97124", 75, &rendered("FIRST", "1000010003"));
    let second = line(2, "97140", 55, &rendered("SECOND", "1005000397"));
    let claims = claim(2, "ALPHA", 65, &ordered) + &claim(3, "BRAVO", 130, &(first + &second));
    format!("{header}{claims}SE*42*0001~GE*1*1~IEA*1*000000001~")
}

/// Two people may treat a patient on one day: NCCI pairs are of one provider. Both claims agree in payer and in everybody that
/// is named for the whole claim.
#[test]
fn therapists_of_lines_are_told_apart_whatever_lines_before_named() {
    let run = check(&[("day.837", &two_claims())]);
    let of_second = run.findings.iter().filter(|finding| finding.claim == 2);
    let codes: Vec<&str> = of_second.map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["T04"], "no minutes are stated, and nothing is wrong");
}
