//! What a line says of its claim letter for letter as the line before is not taken anew: nothing may come of that.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::*;
use crate::claim::Value;

/// What the claims of a text say, line by line, without places, and the faults that were found.
#[derive(Default, PartialEq, Debug)]
struct Told {
    facts: Vec<String>,
    providers: Vec<String>,
    faults: Vec<&'static str>,
}

impl ClaimSink for Told {
    fn claim(&mut self, claim: &Claim<'_>, _: &dyn Cutter) {
        for line in &claim.lines {
            for &fact in Fact::ALL {
                let value = match claim.value(fact, Some(line)) {
                    Value::Text(text) => text.str().to_owned(),
                    Value::Texts(texts) => texts.iter().map(|text| text.str()).collect::<Vec<_>>().join(" "),
                    Value::Diagnoses(all) => {
                        all.iter().map(|one| one.code.str()).collect::<Vec<_>>().join(" ")
                    }
                    Value::Linked(..) => String::new(),
                    value => format!("{value:?}"),
                };
                self.facts.push(format!("{} {fact} {value}", line.number));
            }
        }
        let provider = |one: &crate::claim::Provider<'_>| {
            let texts = [one.npi, one.taxonomy, one.entity_type, one.state, one.zip].map(|text| text.str());
            format!("{:?} {} {texts:?}", one.role, one.line)
        };
        self.providers.extend(claim.providers.iter().map(provider));
    }

    fn fault(&mut self, _: u32, fault: Fault, _: &dyn Cutter) {
        self.faults.push(fault.name);
    }
}

fn told(lines: &[String]) -> Told {
    let mut told = Told::default();
    for unit in JsonCutter::new(lines.join("\n").as_bytes(), 0, MOST_BYTES) {
        read(&unit.unwrap(), &mut told);
    }
    told
}

/// The line as JSON, its texts with their first letter spelled as it is or as an escape.
fn spelled(line: &BTreeMap<String, Json>, is_escaped: bool) -> String {
    fn written(value: &Json, is_escaped: bool) -> String {
        match value {
            Json::String(text) if is_escaped && text.starts_with(|first: char| first.is_ascii()) => {
                let (first, rest) = text.split_at(1);
                let rest = Json::from(rest).to_string();
                format!("\"\\u{:04x}{}", first.as_bytes()[0], &rest[1..])
            }
            Json::Array(all) => {
                let all: Vec<_> = all.iter().map(|one| written(one, is_escaped)).collect();
                format!("[{}]", all.join(","))
            }
            other => other.to_string(),
        }
    }
    let fields: Vec<_> =
        line.iter().map(|(name, own)| format!("\"{name}\":{}", written(own, is_escaped))).collect();
    format!("{{{}}}", fields.join(","))
}

#[test]
fn lines_that_say_the_same_are_read_as_if_they_said_it_in_other_words() {
    let all: BTreeMap<String, Json> = serde_json::from_str(LINE).unwrap();
    let mut conflicts = 0;
    // Diagnoses that come again are not complained of again.
    let is_asked = |fact: &&Fact| fact.is_native() && !matches!(fact, Fact::ClaimId | Fact::DiagnosisCodes);
    for fact in Fact::ALL.iter().filter(is_asked) {
        let other = match &all[fact.name()] {
            Json::String(text) => [Json::from("1999-12-31"), Json::from("A"), Json::from(format!("9{text}"))],
            Json::Array(_) => [Json::from(vec!["AA", "R52"]), Json::from(vec!["", "AB"]), Json::from("AA")],
            _ => [Json::from(7), Json::from("x"), Json::from(vec![1])],
        };
        for other in other.into_iter().chain([Json::Null]) {
            let odd = BTreeMap::from_iter(all.clone().into_iter().chain([(fact.to_string(), other)]));
            for order in [[&all, &all, &odd, &odd, &all], [&odd, &odd, &all, &all, &odd]] {
                let plain = order.map(|line| spelled(line, false));
                let mut turn = false;
                let in_turns = order.map(|line| {
                    turn = !turn;
                    spelled(line, turn)
                });
                let told = [&plain, &in_turns].map(|lines| self::told(lines));
                assert_eq!(told[0], told[1], "{plain:#?}");
                conflicts += told[0].faults.iter().filter(|name| **name == "json-conflict").count();
            }
        }
    }
    assert!(conflicts > 100, "{conflicts}");
}
