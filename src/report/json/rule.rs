//! What the rules with findings say of themselves.

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{MoneyClass, RuleNote, Severity};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Rule")]
pub(in crate::report) struct JsonRule<'a> {
    code: &'a str,
    name: &'a str,
    /// Of its plain outcome; a finding may be weighed otherwise.
    severity: Severity,
    summary: &'a str,
    details: &'a str,
    /// Placeholders stand as `<units>`.
    help: &'a str,
    class: MoneyClass,
    /// How its dollars are worked out, by class.
    worth: Vec<JsonWorth<'a>>,
    appeal: &'a str,
    sources: &'a [String],
    pack: &'a str,
    /// Whether the program carries it.
    carried: bool,
    snip: Option<u8>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Worth")]
struct JsonWorth<'a> {
    class: MoneyClass,
    how: &'a str,
}

impl<'a> JsonRule<'a> {
    pub(in crate::report) fn new(rule: &'a RuleNote) -> Self {
        Self {
            code: &rule.code,
            name: &rule.name,
            severity: rule.severity,
            summary: &rule.summary,
            details: &rule.details,
            help: &rule.help,
            class: rule.class,
            worth: rule.worth.iter().map(|one| JsonWorth { class: one.class, how: &one.how }).collect(),
            appeal: &rule.appeal,
            sources: &rule.sources,
            pack: &rule.pack,
            carried: rule.is_carried,
            snip: rule.snip,
        }
    }
}
