use serde_json::{Map, Value};

use crate::claim::{Cents, Date};
use crate::finding::Severity;

/// A claim that a rule must fire on, or must leave alone: the rule's test, and a part of its documentation.
#[derive(Clone, PartialEq, Debug)]
pub struct Example {
    /// Code of the rule.
    pub rule: String,
    /// Whether the rule must fire.
    pub fires: bool,
    /// What it shows; may be empty.
    pub name: String,
    /// Where it stands; `None` for those that the program carries.
    pub place: Option<ExamplePlace>,
    /// Native claim lines in order, defaults filled in. Empty for an example that edits a file.
    pub lines: Vec<Map<String, Value>>,
    /// What the author wrote of each line, without defaults: for people to read.
    pub written: Vec<Map<String, Value>>,
    /// The run date.
    pub as_of: Date,
    /// What the finding must say.
    pub expect: Expect,
    /// Codes of other rules that fire too.
    pub also: Vec<String>,
    /// The text of an `--authorizations` file beside it; empty for none.
    pub authorizations: String,
    /// The text of a `--suppressions` file beside it; empty for none.
    pub suppressions: String,
    /// Edits of the clean base file: what is replaced by what, once each.
    pub replace: Vec<(String, String)>,
}

/// Where an example stands in a rule file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExamplePlace {
    /// The file, as the user named it.
    pub file: String,
    /// 1-based line.
    pub line: usize,
}

/// What an example says of its finding. What is `None` is not asked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Expect {
    /// 1-based claim.
    pub claim: Option<u32>,
    /// 1-based line of that claim.
    pub line: Option<u16>,
    /// Dollars by the payer profile.
    pub net: Option<Cents>,
    /// Dollars by the flat schedule.
    pub gross: Option<Cents>,
    /// Name of the outcome.
    pub outcome: Option<String>,
    /// Severity.
    pub severity: Option<Severity>,
    /// How many findings of the rule; at least one, if it does not say.
    pub count: Option<u32>,
}

impl Example {
    /// The claim as native JSON Lines, one service line a line.
    pub fn json_lines(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(&Value::Object(line.clone()).to_string());
            text.push('\n');
        }
        text
    }
}
