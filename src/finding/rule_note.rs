use super::{MoneyClass, Severity};

/// What a report may say of a rule: the words of its page, as plain data.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RuleNote {
    /// `T01`.
    pub code: String,
    /// `units-exceed-minutes`.
    pub name: String,
    /// Of its plain outcome; a finding may be weighed otherwise.
    pub severity: Severity,
    /// One sentence.
    pub summary: String,
    /// What it checks and why, in paragraphs.
    pub details: String,
    /// What to do, without figures: placeholders stand as `<units>`.
    pub help: String,
    /// How its dollars are worked out, by class; empty where it has none.
    pub worth: Vec<Worth>,
    /// What to do if it is denied anyway; may be empty.
    pub appeal: String,
    /// Where the rule comes from.
    pub sources: Vec<String>,
    /// The pack it came in.
    pub pack: String,
    /// What its findings are worth, by column.
    pub class: MoneyClass,
    /// Whether the program carries it, so that there is a page of it among the documents of the project.
    pub is_carried: bool,
    /// SNIP type 1 to 7, for what a front door checks.
    pub snip: Option<u8>,
}

/// How dollars of one class are worked out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Worth {
    /// The class.
    pub class: MoneyClass,
    /// In words that stand after "worth:".
    pub how: String,
}
