//! Claim lines as JSON with planted words: in every field, in forms that no field has, shifted by columns, in the names of
//! fields.

use cleanclaim::claim::{Fact, FactKind};
use serde_json::{Map, Value, json};

use super::claims::{BORN, OTHER_DATE, SECRET, ZIP};
use super::guide::SERVED;

/// Dates by which a biller finds a claim.
const TREATMENT: &[Fact] = &[
    Fact::ServiceDate,
    Fact::ServiceDateEnd,
    Fact::InitialTreatmentDate,
    Fact::LastSeenDate,
    Fact::OnsetDate,
    Fact::AcuteManifestationDate,
    Fact::AccidentDate,
    Fact::AdmissionDate,
    Fact::DischargeDate,
];

/// Writes lines, and remembers what each word stands for.
#[derive(Default)]
pub(crate) struct NativePlanter {
    planted: Vec<String>,
}

impl NativePlanter {
    /// Where the word with this number stands.
    pub(crate) fn place(&self, number: usize) -> &str {
        self.planted.get(number).map_or("?", String::as_str)
    }

    fn word(&mut self, prefix: &str, place: String) -> String {
        let number = self.planted.len();
        self.planted.push(place);
        let letter = |number: usize| char::from(b'A' + (number % 26) as u8);
        let code: String = [number / 17_576, number / 676, number / 26, number].map(letter).iter().collect();
        format!("{prefix}{code}")
    }

    /// A value that has the form of what belongs there, and names somebody where it can.
    fn value(&mut self, fact: Fact, place: &str) -> Value {
        let place = format!("{} {place}", fact.name());
        match fact {
            Fact::ClaimId => json!(format!("{}7", self.word("CLAIMNO", place))),
            Fact::PatientId | Fact::MemberId | Fact::PriorAuthorization | Fact::ReferralNumber => {
                json!(format!("{}7", self.word(SECRET, place)))
            }
            Fact::PayerControlNumber | Fact::LineControlNumber => {
                json!(format!("{}7", self.word(SECRET, place)))
            }
            Fact::Zip | Fact::BillingZip => json!(ZIP),
            Fact::BirthDate => json!(BORN),
            Fact::DeathDate => json!(OTHER_DATE),
            _ if TREATMENT.contains(&fact) => json!(SERVED),
            Fact::ProcedureCode => json!("97140"),
            Fact::Modifiers => json!(["GP"]),
            Fact::DiagnosisCodes => json!(["M5450"]),
            Fact::DiagnosisPointers => json!([1]),
            Fact::Payer => json!("medicare"),
            Fact::PlaceOfService => json!("11"),
            Fact::Minutes => json!(9),
            Fact::Units => json!(3),
            Fact::Region => json!("neck"),
            _ => match fact.kind() {
                FactKind::Words => json!(self.word(SECRET, place)),
                FactKind::Time => json!("09:15"),
                FactKind::Amount => json!("120.00"),
                FactKind::Number => json!(1),
                _ => json!("1"),
            },
        }
    }

    fn line(&mut self, place: &str) -> Map<String, Value> {
        Fact::ALL.iter().map(|&fact| (fact.name().to_owned(), self.value(fact, place))).collect()
    }

    /// Every kind of line, one claim each.
    pub(crate) fn lines(&mut self) -> Vec<Value> {
        let mut lines = vec![Value::Object(self.line("in its place"))];
        for &fact in Fact::ALL {
            for form in ["text", "name", "list", "object", "number and word"] {
                let mut line = self.line("beside");
                let word = self.word(SECRET, format!("{} as {form}", fact.name()));
                let value = match form {
                    "text" => json!(word),
                    "name" => json!(format!("{word} \"Ann\", {word}")),
                    "list" => json!([word, word]),
                    "object" => json!({ word.clone(): word }),
                    _ => json!(format!("5 {word}")),
                };
                line.insert(fact.name().to_owned(), value);
                lines.push(Value::Object(line));
            }
        }
        // What slips into the claim's own number is taken for it, so that stays.
        let names: Vec<&str> =
            Fact::ALL.iter().filter(|fact| **fact != Fact::ClaimId).map(|fact| fact.name()).collect();
        for by in 1..names.len() {
            let line = self.line(&format!("shifted by {by}"));
            let mut shifted = line.clone();
            for (at, name) in names.iter().enumerate() {
                shifted.insert((*name).to_owned(), line[names[(at + by) % names.len()]].clone());
            }
            lines.push(Value::Object(shifted));
        }
        let mut line = self.line("beside");
        for at in 0..4 {
            let (name, value) =
                (self.word(SECRET, format!("unknown name {at}")), self.word(SECRET, format!("unknown {at}")));
            line.insert(name, json!(value));
        }
        line.insert("1953-04-17".to_owned(), json!(1));
        lines.push(Value::Object(line));
        lines
    }

    /// The same lines inside claims.
    pub(crate) fn claims(&mut self) -> Value {
        let mut lines = self.lines();
        // A line's form does not depend on what encloses it: some of each will do.
        let mut at = 0;
        lines.retain(|_| {
            at += 1;
            at % 5 == 1
        });
        let claims = lines.chunks(4).map(|lines| {
            let word = self.word(SECRET, "a name of a claim".to_owned());
            json!({ "claim_id": format!("{}7", self.word("CLAIMNO", "claim_id".to_owned())), word.clone(): word, "lines": lines })
        });
        json!({ "claims": claims.collect::<Vec<_>>() })
    }
}
