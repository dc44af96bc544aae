use serde::{Deserialize, Serialize};

use super::Rule;
use crate::finding::Severity;

/// One of the seven types of front-door checks that WEDI's SNIP names.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
pub struct SnipType {
    /// One word or two.
    pub name: String,
    /// What its rules check, in one sentence.
    pub summary: String,
    /// The highest severity that its rules report; `None`: as each rule says.
    pub severity: Option<Severity>,
}

/// The types 1 to 7.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
pub struct SnipTypes([SnipType; 7]);

impl SnipTypes {
    /// Type `number`, 1 to 7.
    pub fn get(&self, number: u8) -> Option<&SnipType> {
        self.0.get(usize::from(number).checked_sub(1)?)
    }

    pub(super) fn get_mut(&mut self, number: u8) -> Option<&mut SnipType> {
        self.0.get_mut(usize::from(number).checked_sub(1)?)
    }

    /// The types with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &SnipType)> {
        (1..).zip(&self.0)
    }

    /// Lowers what a rule and its outcomes report to what its type allows.
    pub(super) fn weigh(&self, rule: &mut Rule) {
        let most = rule.snip.and_then(|number| self.get(number)).and_then(|kind| kind.severity);
        let Some(most) = most else { return };
        rule.severity = rule.severity.min(most);
        for severity in rule.outcomes.iter_mut().filter_map(|outcome| outcome.severity.as_mut()) {
            *severity = (*severity).min(most);
        }
    }
}
