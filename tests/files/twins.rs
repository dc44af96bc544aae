//! One model: a claim reads the same from an 837P and from native JSON lines, fact by fact.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking, in its helpers too")]

use crate::synthetic::{Amount, Plan, Style, write_837p, write_json_lines};
use cleanclaim::claim::{Claim, Fact, Value};
use cleanclaim::input::edi837p::{self, EnvelopeChecker, GuideCheck};
use cleanclaim::input::json::{self, JsonCutter};
use cleanclaim::input::{ClaimSink, Cutter, Fault};
use cleanclaim::x12::X12Cutter;

/// Facts that name the same thing differently: a member id and a patient's number; minutes in a note, and as such;
/// the place of treatment, which in JSON is all there is of an address.
const OF_ONE_FORM: &[Fact] = &[Fact::PatientId, Fact::Note, Fact::BillingState, Fact::BillingZip];

/// Facts of the transaction, of the subscriber and of numbers, which the generated lines do not repeat.
const OF_THE_837: &[Fact] = &[
    Fact::ClaimPurpose,
    Fact::PayerResponsibility,
    Fact::SubscriberRelationship,
    Fact::MemberId,
    Fact::RelatedCauses,
    Fact::LineControlNumber,
];

/// Every fact of every line, written down.
#[derive(Default)]
struct Facts(Vec<String>);

impl ClaimSink for Facts {
    fn claim(&mut self, claim: &Claim<'_>, _: &dyn Cutter) {
        for line in &claim.lines {
            for &fact in Fact::ALL.iter().filter(|fact| ![OF_ONE_FORM, OF_THE_837].concat().contains(fact)) {
                let value = match claim.value(fact, Some(line)) {
                    Value::Text(text) => text.str().to_owned(),
                    Value::Texts(texts) => {
                        format!(
                            "{:?}",
                            texts
                                .iter()
                                .filter(|text| text.is_present())
                                .map(|text| text.str())
                                .collect::<Vec<_>>()
                        )
                    }
                    Value::Diagnoses(codes) => {
                        codes.iter().map(|one| one.code.str().replace('.', "")).collect::<Vec<_>>().join(" ")
                    }
                    Value::Linked(claim, line) => claim
                        .linked_diagnoses(line)
                        .map(|one| one.code.str().replace('.', ""))
                        .collect::<Vec<_>>()
                        .join(" "),
                    other => format!("{other:?}"),
                };
                self.0.push(format!("{} {} {fact}: {value}", claim.id.str(), line.number));
            }
        }
    }

    fn fault(&mut self, _: u32, fault: Fault, _: &dyn Cutter) {
        panic!("{fault:?}");
    }
}

#[test]
fn both_forms_state_the_same_facts() {
    let plan = Plan { seed: 3, amount: Amount::Claims(200), flagged: 0.1 };
    let (mut x12, mut json) = (Vec::new(), Vec::new());
    write_837p(&mut x12, &plan, Style { claims_per_transaction: 60, ..Style::default() }).unwrap();
    write_json_lines(&mut json, &plan).unwrap();

    let mut of_json = Facts::default();
    for unit in JsonCutter::new(json.as_slice(), 0, 1 << 16) {
        json::read(&unit.unwrap(), &mut of_json);
    }
    let mut of_x12 = Facts::default();
    let mut cutter = X12Cutter::new(x12.as_slice(), 0, 1 << 16);
    let mut envelope = EnvelopeChecker::new();
    while let Some(unit) = cutter.next_unit().unwrap() {
        let summary = edi837p::read(&unit, GuideCheck::On, &mut of_x12);
        envelope.unit(&summary, &mut |fault, _| panic!("{fault:?}"));
    }
    envelope.finish(&mut |fault, _| panic!("{fault:?}"));

    assert_eq!(of_x12.0.len(), of_json.0.len());
    for (x12, json) in of_x12.0.iter().zip(&of_json.0) {
        assert_eq!(x12, json);
    }
}
