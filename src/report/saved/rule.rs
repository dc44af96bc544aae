//! What rules say of themselves in a saved run.

use serde::Deserialize;

use crate::finding::{MoneyClass, RuleNote, Severity, Worth};

#[derive(Deserialize)]
pub(super) struct SavedRule {
    code: String,
    name: String,
    #[serde(default)]
    severity: Option<Severity>,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    details: String,
    #[serde(default)]
    help: String,
    #[serde(default)]
    class: Option<MoneyClass>,
    #[serde(default)]
    worth: Vec<SavedWorth>,
    #[serde(default)]
    appeal: String,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    pack: String,
    #[serde(default)]
    carried: bool,
    #[serde(default)]
    snip: Option<u8>,
}

#[derive(Deserialize)]
struct SavedWorth {
    class: MoneyClass,
    how: String,
}

impl SavedRule {
    pub(super) fn into_note(self) -> RuleNote {
        let worth = self.worth.into_iter().map(|SavedWorth { class, how }| Worth { class, how }).collect();
        RuleNote {
            code: self.code,
            name: self.name,
            severity: self.severity.unwrap_or_default(),
            summary: self.summary,
            details: self.details,
            help: self.help,
            worth,
            appeal: self.appeal,
            sources: self.sources,
            pack: self.pack,
            class: self.class.unwrap_or_default(),
            is_carried: self.carried,
            snip: self.snip,
        }
    }
}
