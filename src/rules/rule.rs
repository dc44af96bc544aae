//! A rule as it is loaded: its check, its words, and what its findings are worth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Check, Scope, Special, Tree, Whose};
use crate::claim::{Fact, Level};
use crate::finding::{Acknowledgement, MoneyClass, Severity};

/// Which dollars a finding is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// None.
    None,
    /// What its lines are paid in the day as billed (A).
    LineAllowed,
    /// The day repriced without the units it names.
    ExcessUnits,
    /// The day repriced with the units it names.
    MissingUnits,
    /// The size of the difference between two allocations.
    Difference,
    /// What its lines would be paid if no more than the fee held them down, less what they are paid.
    ChargeShortfall,
    /// What the units it names would be paid less as services of an assistant (CQ, CO).
    AssistantReduction,
    /// Everything the claim is paid (ALL).
    ClaimAllowed,
}

impl Amount {
    /// How it is worked out, in words that stand after "the amount is"; empty where there is none.
    pub const fn words(self) -> &'static str {
        match self {
            Amount::None => "",
            Amount::LineAllowed => "what the line is paid in the day as billed",
            Amount::ExcessUnits => {
                "the patient's day as billed, less the same day without the units in excess"
            }
            Amount::MissingUnits => "the patient's day with the missing units, less the day as billed",
            Amount::Difference => "the difference between the day as billed and the day as it should be",
            Amount::ChargeShortfall => {
                "what the line would be paid if it were charged the fee, less what it is paid"
            }
            Amount::AssistantReduction => {
                "what is paid, less what would be paid for these units as services of an assistant"
            }
            Amount::ClaimAllowed => "everything the claim is paid",
        }
    }
}

/// A money class with its amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub struct ImpactSpec {
    /// The column.
    pub class: MoneyClass,
    /// The amount.
    pub amount: Amount,
    /// Whether payers deny it without exception: expected loss then needs no rate of the practice's own.
    pub certain: bool,
}

/// A named way in which a kind can report; a rule may word and weigh each of them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
pub struct Outcome {
    /// The kind's name for it.
    pub name: String,
    /// Instead of the rule's.
    pub severity: Option<Severity>,
    /// Instead of the rule's.
    pub message: Option<String>,
    /// Instead of the rule's.
    pub help: Option<String>,
    /// Instead of the rule's.
    pub impact: Option<ImpactSpec>,
    /// Instead of the rule's.
    pub acknowledgement: Option<Acknowledgement>,
    /// Instead of the rule's.
    pub claim_status: Option<Vec<String>>,
}

/// One rule, resolved.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Rule {
    /// `T01`.
    pub code: String,
    /// `units-exceed-minutes`.
    pub name: String,
    /// First release that has it.
    pub since: String,
    /// The pack it came in: the YAML file's stem.
    pub pack: String,
    /// What an outcome does not change.
    pub severity: Severity,
    /// One sentence for lists.
    pub summary: String,
    /// Prose for `explain`: what it checks and why.
    pub details: String,
    /// With `{placeholders}`.
    pub message: String,
    /// What to do, honestly. With `{placeholders}`.
    pub help: String,
    /// What to do if it is denied anyway.
    pub appeal: String,
    /// Where the rule comes from.
    pub sources: Vec<String>,
    /// Which lines it is about.
    pub when: Tree,
    /// What it looks for.
    pub check: Check,
    /// The fact that the general kinds (forbid, require, limit) point at.
    pub at: Fact,
    /// How the kind's outcomes are worded and weighed.
    pub outcomes: Vec<Outcome>,
    /// What it is worth.
    pub impact: ImpactSpec,
    /// Likely claim adjustment reason codes.
    pub carc: Vec<String>,
    /// Likely remittance advice remark codes.
    pub rarc: Vec<String>,
    /// How a receiver's TA1 or 999 names it, where it is a matter of either.
    pub acknowledgement: Option<Acknowledgement>,
    /// Claim status codes of the 277CA with which a payer's front door answers (STC01-2).
    pub claim_status: Vec<String>,
    /// SNIP type 1 to 7, for what a front door checks.
    pub snip: Option<u8>,
    /// Index of this rule among those over more than a claim (days, years, courses, providers' days), which is its bit in a
    /// line's mask. The index of the rules gives it.
    pub day_bit: Option<u16>,
    /// Payers for whom it weighs something else, or is off.
    #[serde(skip)]
    pub payers: Vec<(Whose, Special)>,
}

impl Rule {
    /// What it looks at as a whole. The general kinds `forbid` and `require` speak once a claim where they ask about
    /// nothing but claim facts.
    pub fn scope(&self) -> Scope {
        if !matches!(self.check, Check::Forbid | Check::Require(_)) {
            return self.check.scope();
        }
        match self.facts().as_slice() {
            [] => Scope::Line,
            facts if facts.iter().all(|fact| fact.level() == Level::Claim) => Scope::Claim,
            _ => Scope::Line,
        }
    }

    /// Every fact that its conditions look at: those of `when`, and those that it requires.
    fn facts(&self) -> Vec<Fact> {
        let mut facts = self.when.facts();
        if let Check::Require(tree) = &self.check {
            facts.extend(tree.facts());
        }
        facts
    }

    /// Whether a void (frequency 8) is none of its business: it is about what a claim is paid, and a void takes back what was
    /// billed, word for word. What keeps a claim from being received concerns a void too, as does whatever a condition says
    /// of the frequency.
    pub fn passes_over_voids(&self) -> bool {
        self.impact.class != MoneyClass::Rejection && !self.facts().contains(&Fact::ClaimFrequency)
    }

    /// The rule's own word on the kind's outcome of this name.
    pub fn outcome(&self, name: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.name == name)
    }
}

impl Default for ImpactSpec {
    fn default() -> Self {
        ImpactSpec { class: MoneyClass::None, amount: Amount::None, certain: false }
    }
}
