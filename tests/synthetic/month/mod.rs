//! A month of a believable clinic: forty patients, three therapists and an assistant, April 2025.
//!
//! Clean it offends no rule. [`Month::seeded`] plants faults in it, each known by rule, claim and line, in visits chosen
//! so that a fault offends nothing else. Both come out as an 837P with a session log, and as native JSON lines with the
//! facts inside; the tables that a practice keeps beside its claims are the same for both. Everybody is invented.

mod clinic;
mod files;
mod notes;
mod seed;
mod seeds;
mod visit;

use serde_json::{Value, json};

use super::bills::{Line, written_as};

pub use clinic::{AS_OF, clean};
pub use seed::{Form, Seed, Told};
pub use seeds::seeds;
pub use visit::Visit;

/// The claims of the month and what stands beside them.
#[derive(Clone, Debug, Default)]
pub struct Month {
    /// In the order of days, therapists and hours.
    pub visits: Vec<Visit>,
    /// Earlier claims of some of the patients, as native lines.
    pub history: Vec<Line>,
    /// What Medicare allowed earlier in the year: rows of `patient_id,year,group,allowed`.
    pub ytd: Vec<String>,
    /// What payers have credentialed, as items of a YAML list.
    pub credentials: Vec<String>,
    /// What payers have authorized: rows of `patient_id,kind,payer,number,visits,from,to`.
    pub authorizations: Vec<String>,
    /// What is said to be no fault: items of the YAML list of suppressions.
    pub suppressions: Vec<String>,
    /// What must be found.
    pub told: Vec<Told>,
}

impl Month {
    /// The month with every seed that `form` can show and `wanted` asks for.
    pub fn seeded(form: Form, wanted: impl Fn(&Seed) -> bool) -> Month {
        let mut month = clean();
        seed::plant(&mut month, form, wanted);
        month
    }

    /// The claims in one form: the name of each file and its text. Without what stands beside them.
    pub fn claims(&self, form: Form) -> Vec<(String, String)> {
        let in_month = self.visits.iter().filter(|visit| visit.edit.is_none());
        let lines: Vec<Line> = in_month.flat_map(Visit::stated).collect();
        match form {
            Form::Json => {
                vec![("month.jsonl".to_owned(), lines.into_iter().map(as_text).collect())]
            }
            Form::X12 => {
                let mut files = vec![("month.837".to_owned(), written_as(&lines, 1).x12)];
                for (number, visit) in (2..).zip(self.visits.iter().filter(|visit| visit.edit.is_some())) {
                    let lines: Vec<Line> = visit.stated().collect();
                    files.push((visit.file_name(), visit.edited(written_as(&lines, number).x12)));
                }
                files
            }
        }
    }

    /// The tables beside the claims: the flag of the command that takes each, its name and its text.
    pub fn beside(&self, form: Form) -> Vec<(&'static str, String, String)> {
        let table = |head: &str, rows: &[String]| format!("{head}\n{}\n", rows.join("\n"));
        let credentials: String = self.credentials.iter().map(|item| format!("- {{{item}}}\n")).collect();
        // A patient of an 837P is known by member id, name and birth date: earlier claims are told in the same form.
        let (earlier, history) = match form {
            Form::Json => ("history.jsonl", self.history.iter().cloned().map(as_text).collect()),
            Form::X12 => ("history.837", written_as(&self.history, 900).x12),
        };
        let mut beside = vec![
            ("--ytd", "ytd.csv", table("patient_id,year,group,allowed", &self.ytd)),
            ("--credentials", "credentials.yaml", credentials),
            (
                "--authorizations",
                "authorizations.csv",
                table("patient_id,kind,payer,number,visits,from,to", &self.authorizations),
            ),
            ("--history", earlier, history),
            ("--rules", "payers.yaml", PAYERS.to_owned()),
        ];
        if !self.suppressions.is_empty() {
            let items = self.suppressions.iter().map(|item| format!("- {{{item}}}\n")).collect();
            beside.push(("--suppressions", "suppressions.yaml", items));
        }
        if form == Form::X12 {
            let lines: Vec<Line> = self.visits.iter().flat_map(Visit::stated).collect();
            beside.push(("--sessions", "sessions.csv", written_as(&lines, 1).sessions));
        }
        beside.into_iter().map(|(flag, name, text)| (flag, name.to_owned(), text)).collect()
    }
}

/// What the clinic's contracts say besides the built-in profiles.
const PAYERS: &str = "profiles:\n  - {name: auto, visit-limits: [{visits: 14}]}\n";

fn as_text(line: Line) -> String {
    format!("{}\n", Value::Object(line))
}

fn object(value: Value) -> Line {
    match value {
        Value::Object(line) => line,
        other => Line::from_iter([("value".to_owned(), json!(other))]),
    }
}
