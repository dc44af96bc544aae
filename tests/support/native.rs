//! Turns an 837P into native JSON lines, claim by claim, through the library's own reader.

use cleanclaim::claim::{Claim, Date, Fact, MinutesSource, ServiceLine, Value};
use cleanclaim::input::edi837p::{self, GuideCheck};
use cleanclaim::input::{ClaimSink, Cutter, Fault};
use cleanclaim::x12::X12Cutter;
use serde_json::{Value as Json, json};

/// Native JSON lines that state what the professional claims of an 837P state.
pub(crate) fn native_lines(x12: &str) -> String {
    let mut lines = Lines::default();
    let mut cutter = X12Cutter::new(x12.as_bytes(), 0, 1 << 20);
    while let Some(unit) = cutter.next_unit().expect("bytes at hand") {
        edi837p::read(&unit, GuideCheck::On, &mut lines);
    }
    lines.0
}

#[derive(Default)]
struct Lines(String);

impl ClaimSink for Lines {
    fn claim(&mut self, claim: &Claim<'_>, _: &dyn Cutter) {
        for line in &claim.lines {
            let facts = Fact::ALL.iter().filter_map(|&fact| Some((fact.name(), stated(fact, claim, line)?)));
            let facts: Vec<String> =
                facts.map(|(name, value)| format!("{}:{value}", Json::from(name))).collect();
            self.0.push_str(&format!("{{{}}}\n", facts.join(",")));
        }
    }

    fn fault(&mut self, _: u32, fault: Fault, _: &dyn Cutter) {
        panic!("a fixture to be turned into JSON has no faults: {}", fault.name);
    }
}

fn stated(fact: Fact, claim: &Claim<'_>, line: &ServiceLine<'_>) -> Option<Json> {
    match fact {
        _ if !fact.is_native() => return None,
        // An 837P knows its patients by member id, name and birth date; JSON by one number.
        Fact::PatientId => return Some(json!(claim.subscriber.member_id.str())),
        Fact::DiagnosisPointers => {
            let pointers: Vec<u8> = line.pointers.iter().filter_map(|pointer| pointer.value).collect();
            return (!pointers.is_empty()).then(|| json!(pointers));
        }
        // What the reader found in a note is found there again.
        Fact::Minutes if line.minutes_source == MinutesSource::Note => return None,
        _ => {}
    }
    Some(match claim.value(fact, Some(line)) {
        Value::Absent | Value::Linked(..) => return None,
        Value::Text(text) => json!(text.str()),
        Value::Texts(texts) => {
            let texts: Vec<&str> =
                texts.iter().filter(|text| text.is_present()).map(|text| text.str()).collect();
            if texts.is_empty() && fact == Fact::RelatedCauses {
                return None;
            }
            json!(texts)
        }
        Value::Diagnoses(codes) => json!(codes.iter().map(|one| one.code.str()).collect::<Vec<_>>()),
        Value::Number(thousandths) if thousandths % 1000 == 0 => json!(thousandths / 1000),
        Value::Number(thousandths) => panic!("{thousandths} thousandths"),
        Value::Amount(cents) => json!(format!("{}.{:02}", cents.0 / 100, cents.0 % 100)),
        Value::Date(date) => json!(iso(date)),
        Value::Time(time) => panic!("an 837P has no {time:?}"),
    })
}

fn iso(date: Date) -> String {
    date.to_string()
}
