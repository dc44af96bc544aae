use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::located::{Located, Scalar};
use super::raw_example::RawExamples;
use super::raw_note::RawNote;
use super::raw_tree::{RawNames, RawTree};
use crate::finding::{MoneyClass, Severity};
use crate::rules::{
    Amount, FeeFault, LimitOver, PairFault, ProviderFault, SuppressionFault, UnitTimeFlag, UnitTimeMethod,
};

/// A rule as its YAML states it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawRule {
    /// Letters and digits, unique: T01.
    pub(crate) code: Located<String>,
    /// Lower-case words joined by hyphens, unique: units-exceed-minutes.
    pub(crate) name: Located<String>,
    /// First release that has the rule.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) since: String,
    /// SNIP type 1 to 7, for what a payer's front door checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u8>")]
    pub(crate) snip: Option<Located<u8>>,
    /// How bad a finding is, where its outcome does not say otherwise.
    pub(crate) severity: Severity,
    /// One sentence for lists.
    pub(crate) summary: String,
    /// Prose for `explain`: what is checked and why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) details: String,
    /// Which lines the rule is about; every line, if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<RawTree>,
    /// What is looked for: one kind with its parameters.
    pub(crate) check: Located<RawCheck>,
    /// The fact to point at, for the kinds `forbid`, `require` and `limit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Located<String>>,
    /// The kind's outcomes, worded and weighed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) outcomes: BTreeMap<Located<String>, RawOutcome>,
    /// What a finding is worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) impact: Option<RawImpact>,
    /// What a payer is likely to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) denial: Option<RawDenial>,
    /// What is wrong, in one sentence with {placeholders}.
    pub(crate) message: Located<String>,
    /// What to do about it, honestly, with {placeholders}.
    pub(crate) help: Located<String>,
    /// What to do if it is denied anyway.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) appeal: String,
    /// Where the rule comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sources: Vec<String>,
    /// Claims that must fire the rule, and claims that must not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) examples: Option<RawExamples>,
}

/// The kinds of check with their parameters.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub(crate) enum RawCheck {
    /// Units against minutes, over a patient's day.
    UnitTime {
        /// What to report.
        flag: UnitTimeFlag,
        /// How to count; the payer profile's way, if not stated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        method: Option<UnitTimeMethod>,
    },
    /// Minutes against start and end of one line.
    Interval,
    /// Two codes on one patient's day.
    CodePair {
        /// What to report.
        fault: PairFault,
        /// The rule's own pairs, [column 1, column 2]; the NCCI table's, if none are stated.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schemars(with = "Vec<Vec<Scalar>>")]
        pairs: Vec<Located<Vec<String>>>,
        /// Modifiers that tell the services apart; NCCI's list, if none are stated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        modifiers: Option<RawNames>,
        /// Codes that neither region nor time tells apart from others, but what was assessed (outcome `assessment`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assessments: Option<RawNames>,
    },
    /// Two timed services in the same minutes.
    Overlap,
    /// What a patient is allowed for therapy in a calendar year.
    TherapyThreshold,
    /// Visits of a course against the payer's limits.
    Visits {
        /// Numbers of visits that are worth a remark where the payer's profile states no limit.
        prompts: Vec<u16>,
    },
    /// Days of a course that no given certification covers.
    Certification {
        /// Days from the first treatment up to which it is not asked for.
        after_days: u16,
    },
    /// Prior authorizations and referrals, asked for by the profile or given by the user.
    Authorization,
    /// Visits of a course without active care, one after the other.
    Isolated {
        /// How many.
        visits: u16,
        /// Codes of active care.
        active: RawNames,
    },
    /// Notes of a course without an objective measure.
    Progress {
        /// Visits after which it is worth a remark.
        prompt_after: u16,
        /// Visits after which it is a finding.
        warn_after: u16,
        /// How many notes in a row must lack one.
        notes: u16,
    },
    /// The same note again and again.
    ClonedNote {
        /// On how many dates.
        dates: u16,
    },
    /// A provider's day: two patients in the same minutes.
    ProviderOverlap,
    /// A provider's day: more minutes of treatment than it has.
    ProviderDay {
        /// Minutes.
        at_most: u16,
    },
    /// Modifiers that say a service was distinct, where they cannot.
    DistinctModifier {
        /// Codes that modifier 59 never belongs on.
        visits: RawNames,
    },
    /// Units against the medically unlikely edits, at payers that apply NCCI.
    UnitEdit,
    /// A line against the payer's own fee schedule.
    Fee {
        /// What to report.
        fault: FeeFault,
        /// For `charge-below`: modifiers with which less than the fee is rightly charged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unless: Option<RawNames>,
    },
    /// The diagnoses of a claim, and those behind a line.
    Diagnosis {
        /// What to report.
        fault: RawDiagnosisFault,
        /// For `conflict`: the code that is excluded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<Located<String>>,
        /// For `conflict`: codes and beginnings of codes that exclude it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<RawNames>,
    },
    /// Who rendered a line.
    ProviderType {
        /// What to report.
        fault: ProviderFault,
    },
    /// The words of a line's notes.
    Note(RawNote),
    /// What `when` matches is the fault.
    Forbid,
    /// What `when` matches must also match this.
    Require(RawTree),
    /// A ceiling.
    Limit {
        /// Counts lines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<RawCounted>,
        /// Adds up a fact: line.units, line.minutes or line.charge_amount.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sum: Option<Located<String>>,
        /// Facts that must be equal for lines to be added together.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        by: Vec<Located<String>>,
        /// Within what.
        over: LimitOver,
        /// The ceiling; dollars for charges.
        #[schemars(with = "Scalar")]
        at_most: Located<String>,
    },
    /// Charges that do not add up.
    Charges(RawFaults),
    /// What one statement of the claim makes another require or forbid.
    Situation(RawFaults),
    /// Dates against each other, the calendar and the run date.
    Dates(RawFaults),
    /// The payer's filing limit.
    Filing(RawFaults),
    /// Services billed twice.
    Duplicate(RawFaults),
    /// Places of service.
    Place(RawFaults),
    /// The shape of codes.
    CodeForm(RawFaults),
    /// Numbers that name a claim, a line or a member.
    Identifier(RawFaults),
    /// Who must be named, and by which number.
    Provider(RawFaults),
    /// Modifiers against the code, the payer and each other.
    Modifiers(RawFaults),
    /// How many units, and of what.
    Quantity(RawFaults),
    /// A timed code of one day on several lines of a claim, or on a line of several days.
    SplitLines(RawFaults),
    /// Services of assistants: who bills them, and the modifiers that say so.
    Assistant(RawFaults),
    /// What the user's credentials file says of who rendered a line.
    Credentials(RawFaults),
    /// Faults of the envelope or of a segment, by the names that the readers give them.
    Structure {
        /// Names of faults.
        faults: Vec<String>,
    },
    /// Entries of the user's suppressions that do nothing.
    Suppression {
        /// What to report.
        fault: SuppressionFault,
    },
}

/// Which of a kind's faults a rule reports.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawFaults {
    /// Names of faults, of those that the kind lists as its outcomes.
    pub(crate) faults: Vec<Located<String>>,
}

/// What a `diagnosis` rule looks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawDiagnosisFault {
    /// Only nonspecific codes on the whole claim.
    NonspecificOnly,
    /// The line points to nonspecific codes while the claim holds a specific one.
    Mislinked,
    /// A code beside others that exclude it.
    Conflict,
    /// A heading, or a code of no year, on the date of service.
    NotBillable,
    /// A code of other years than that of the date of service.
    NotValidOnDate,
    /// A code not written as HI takes it.
    Format,
    /// A pointer that leads to no diagnosis.
    Pointer,
    /// The line points to wellness diagnoses alone: examinations, counselling.
    WellnessOnly,
}

/// What `limit` can count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawCounted {
    /// Lines.
    Lines,
}

/// Another wording or weight for one of the kind's outcomes.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawOutcome {
    /// Instead of the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<Severity>,
    /// Instead of the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<Located<String>>,
    /// Instead of the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<Located<String>>,
    /// Instead of the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) impact: Option<RawImpact>,
    /// Instead of the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) denial: Option<RawDenial>,
}

/// A money class with its amount.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawImpact {
    /// What happens to the money.
    pub(crate) class: MoneyClass,
    /// How much of it.
    pub(crate) amount: Amount,
    /// Payers deny it without exception.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) certain: bool,
}

/// The codes of a denial.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawDenial {
    /// Claim adjustment reason codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) carc: Vec<String>,
    /// Remittance advice remark codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) rarc: Vec<String>,
    /// Claim status codes of the 277CA (STC01-2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) claim_status: Vec<String>,
    /// How a TA1 or a 999 names it: `TA1 021`, `AK905 4`, `IK502 4`, `IK304 3`, `IK403 1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acknowledgement: Option<Located<String>>,
}

impl RawCheck {
    /// The kind as YAML names it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            RawCheck::UnitTime { .. } => "unit-time",
            RawCheck::Interval => "interval",
            RawCheck::CodePair { .. } => "code-pair",
            RawCheck::Overlap => "overlap",
            RawCheck::TherapyThreshold => "therapy-threshold",
            RawCheck::Visits { .. } => "visits",
            RawCheck::Certification { .. } => "certification",
            RawCheck::Authorization => "authorization",
            RawCheck::Isolated { .. } => "isolated",
            RawCheck::Progress { .. } => "progress",
            RawCheck::ClonedNote { .. } => "cloned-note",
            RawCheck::ProviderOverlap => "provider-overlap",
            RawCheck::ProviderDay { .. } => "provider-day",
            RawCheck::DistinctModifier { .. } => "distinct-modifier",
            RawCheck::UnitEdit => "unit-edit",
            RawCheck::Fee { .. } => "fee",
            RawCheck::Diagnosis { .. } => "diagnosis",
            RawCheck::ProviderType { .. } => "provider-type",
            RawCheck::Note(_) => "note",
            RawCheck::Forbid => "forbid",
            RawCheck::Require(_) => "require",
            RawCheck::Limit { .. } => "limit",
            RawCheck::Charges(_) => "charges",
            RawCheck::Situation(_) => "situation",
            RawCheck::Dates(_) => "dates",
            RawCheck::Filing(_) => "filing",
            RawCheck::Duplicate(_) => "duplicate",
            RawCheck::Place(_) => "place",
            RawCheck::CodeForm(_) => "code-form",
            RawCheck::Identifier(_) => "identifier",
            RawCheck::Provider(_) => "provider",
            RawCheck::Modifiers(_) => "modifiers",
            RawCheck::Quantity(_) => "quantity",
            RawCheck::SplitLines(_) => "split-lines",
            RawCheck::Assistant(_) => "assistant",
            RawCheck::Credentials(_) => "credentials",
            RawCheck::Structure { .. } => "structure",
            RawCheck::Suppression { .. } => "suppression",
        }
    }
}
