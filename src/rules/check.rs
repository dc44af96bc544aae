//! What rules look for: the kinds of checks with their parameters, and what each looks at as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NoteFault, Tree};
use crate::claim::{Fact, ProcedureCode};

/// How a `unit-time` rule looks at a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnitTimeFlag {
    /// More units than the minutes support.
    Over,
    /// Fewer units than the minutes support.
    Under,
    /// The right number of units on the wrong codes.
    Misallocated,
    /// No minutes are known.
    Absent,
}

/// Which counting method a `unit-time` rule uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnitTimeMethod {
    /// The payer profile's.
    Payer,
    /// Always CMS.
    Cms,
    /// Always AMA.
    Ama,
}

/// What a `code-pair` rule looks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PairFault {
    /// P01: an NCCI pair that nothing bypasses, at a payer that applies NCCI.
    Unbundled,
    /// P02: a pair of the rule's own, same or unknown region, no distinct-service modifier.
    MissingModifier,
    /// P03: the bypass stands on column 1 only.
    ColumnOneOnly,
    /// P04: the bypass is there, the record does not show what it says.
    Unsupported,
    /// P06: a pair of the rule's own in one region: bypassed at a payer that applies NCCI, elsewhere without a bypass.
    SameRegion,
}

/// What a `diagnosis` rule looks for.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub enum DiagnosisFault {
    /// D01: only nonspecific codes on the whole claim.
    NonspecificOnly,
    /// D02: the line points to nonspecific codes while the claim holds a specific one.
    Mislinked,
    /// D03: a code beside others that exclude it. Codes and prefixes without point.
    Conflict {
        /// The code that is excluded.
        code: String,
        /// Prefixes of the codes that exclude it.
        with: Vec<String>,
    },
    /// D04: a heading, or a code of no year, on the date of service.
    NotBillable,
    /// D05: a code of other years than that of the date of service.
    NotValid,
    /// D06: a code not written as HI takes it.
    Format,
    /// D07: a pointer that leads to no diagnosis.
    Pointer,
    /// D08: the line points to examinations, counselling and the like alone.
    WellnessOnly,
}

impl DiagnosisFault {
    /// What it is a fault of: the claim's diagnoses, or a line's choice among them.
    pub const fn scope(&self) -> Scope {
        match self {
            DiagnosisFault::NotBillable | DiagnosisFault::NotValid | DiagnosisFault::Format => Scope::Claim,
            DiagnosisFault::NonspecificOnly
            | DiagnosisFault::Mislinked
            | DiagnosisFault::Conflict { .. }
            | DiagnosisFault::Pointer
            | DiagnosisFault::WellnessOnly => Scope::Line,
        }
    }
}

/// What a `provider-type` rule looks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderFault {
    /// V01: a type of provider the payer does not recognise for the service.
    NotRecognized,
    /// V02: a chiropractor outside the codes the payer covers from one.
    ChiropractorScope,
    /// V05: therapy by somebody who is no therapist, under another's name or supervision.
    IncidentTo,
    /// V09: a therapist in private practice in a hospital, for a service the payer's schedule pays the hospital for.
    HospitalPlace,
}

/// What a `fee` rule looks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FeeFault {
    /// P09: a code that the payer's schedule does not pay separately.
    NotPayable,
    /// X16: a charge below what the payer's schedule allows.
    ChargeBelow,
}

/// What a `limit` adds up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub enum LimitOf {
    /// Lines.
    Count,
    /// Units.
    Units,
    /// Minutes.
    Minutes,
    /// Charges.
    Charge,
}

/// Within what a `limit` adds up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LimitOver {
    /// One line.
    Line,
    /// One claim.
    Claim,
    /// A patient's day with one payer.
    PatientDay,
}

/// The kinds that look at a claim as a payer's front door does: each knows a closed list of faults, and a rule names
/// those it reports. Every fault is an outcome of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub enum Edit {
    /// Charges that do not add up.
    Charges,
    /// What one statement of the claim makes another require or forbid.
    Situation,
    /// Dates against each other, the calendar and the run date.
    Dates,
    /// The payer's filing limit.
    Filing,
    /// Services billed twice.
    Duplicate,
    /// Places of service.
    Place,
    /// The shape of codes: procedures, modifiers, taxonomies, states, ZIP codes.
    CodeForm,
    /// Numbers that name a claim, a line or a member.
    Identifier,
    /// Who must be named, and by which number.
    Provider,
    /// Modifiers against the code, the payer and each other.
    Modifiers,
    /// How many units, and of what.
    Quantity,
    /// A timed code of one day on several lines of a claim, or on a line of several days.
    SplitLines,
    /// Services of assistants: who bills them, and the modifiers that say so.
    Assistant,
    /// What the user's credentials file says of who rendered a line.
    Credentials,
}

impl Edit {
    /// The kind as YAML names it: a row of [`super::KINDS`].
    pub const fn kind(self) -> &'static str {
        match self {
            Edit::Charges => "charges",
            Edit::Situation => "situation",
            Edit::Dates => "dates",
            Edit::Filing => "filing",
            Edit::Duplicate => "duplicate",
            Edit::Place => "place",
            Edit::CodeForm => "code-form",
            Edit::Identifier => "identifier",
            Edit::Provider => "provider",
            Edit::Modifiers => "modifiers",
            Edit::Quantity => "quantity",
            Edit::SplitLines => "split-lines",
            Edit::Assistant => "assistant",
            Edit::Credentials => "credentials",
        }
    }
}

/// What is looked for in a patient's course of treatment, over all days of the run.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub enum CourseCheck {
    /// F01: visits against the payer's limits.
    Visits {
        /// Numbers of visits that are worth a remark where the profile states no limit.
        prompts: Vec<u16>,
    },
    /// F02: days that no certification covers.
    Certification {
        /// Days from the first treatment up to which it is not asked for.
        after_days: u16,
    },
    /// F03: prior authorizations and referrals.
    Authorization,
    /// F06: visits without active care, one after the other.
    Isolated {
        /// How many.
        visits: u16,
        /// Codes of active care.
        active: Vec<ProcedureCode>,
    },
    /// N05: notes without an objective measure.
    Progress {
        /// Visits after which it is worth a remark.
        prompt_after: u16,
        /// Visits after which it is a finding.
        warn_after: u16,
        /// How many notes in a row must lack one.
        notes: u16,
    },
    /// N08: the same note again and again.
    ClonedNote {
        /// On how many dates.
        dates: u16,
    },
}

impl CourseCheck {
    /// The kind as YAML names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            CourseCheck::Visits { .. } => "visits",
            CourseCheck::Certification { .. } => "certification",
            CourseCheck::Authorization => "authorization",
            CourseCheck::Isolated { .. } => "isolated",
            CourseCheck::Progress { .. } => "progress",
            CourseCheck::ClonedNote { .. } => "cloned-note",
        }
    }
}

/// What is looked for in a provider's day, over all patients.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub enum ProviderCheck {
    /// F04: two patients in the same minutes.
    Overlap,
    /// F05: more minutes than a day of work has.
    Day {
        /// Minutes.
        at_most: u16,
    },
}

impl ProviderCheck {
    /// The kind as YAML names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            ProviderCheck::Overlap => "provider-overlap",
            ProviderCheck::Day { .. } => "provider-day",
        }
    }
}

/// What a `suppression` rule says of an entry of the user's suppressions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionFault {
    /// S01: its day has passed, and what it was about is found.
    Expired,
    /// S02: what it is about is in the run, and its rule finds nothing there.
    Unused,
}

/// The kind of check, with its parameters. Only kinds are written in Rust; rules are YAML.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Check {
    /// Units against minutes, over a patient's day.
    UnitTime {
        /// What to report.
        flag: UnitTimeFlag,
        /// How to count.
        method: UnitTimeMethod,
    },
    /// Minutes against start and end of one line.
    Interval,
    /// Two codes on one patient's day.
    CodePair {
        /// What to report.
        fault: PairFault,
        /// The rule's own pairs (column 1, column 2); empty: the NCCI table's.
        pairs: Vec<(ProcedureCode, ProcedureCode)>,
        /// Modifiers that tell the services apart; empty: NCCI's list.
        modifiers: Vec<String>,
        /// Codes that neither region nor time tells apart from others, but what was assessed.
        assessments: Vec<String>,
    },
    /// Two timed services in the same minutes.
    Overlap,
    /// What a patient is allowed for therapy in a year.
    TherapyThreshold,
    /// A patient's course of treatment.
    Course(CourseCheck),
    /// A provider's day.
    ProviderDay(ProviderCheck),
    /// Modifiers that say a service was distinct, where they cannot.
    DistinctModifier {
        /// Codes that 59 never belongs on.
        visits: Vec<String>,
    },
    /// Units against the medically unlikely edits, of a line or of a patient's day.
    UnitEdit,
    /// A line against the payer's own fee schedule.
    Fee {
        /// What to report.
        fault: FeeFault,
        /// Modifiers with which less than the fee is rightly charged.
        unless: Vec<String>,
    },
    /// The diagnoses of a claim, or behind a line.
    Diagnosis(DiagnosisFault),
    /// Who rendered a line.
    ProviderType(ProviderFault),
    /// The words of a line's notes.
    Note(NoteFault),
    /// What `when` matches is the fault.
    Forbid,
    /// What `when` matches must also match this.
    Require(Tree),
    /// A ceiling.
    Limit {
        /// What is added up.
        of: LimitOf,
        /// Within what.
        over: LimitOver,
        /// Facts that must be equal for lines to be added together.
        by: Vec<Fact>,
        /// The ceiling, in thousandths (cents for charges).
        at_most: i64,
    },
    /// One of the edits of a payer's front door.
    Edit {
        /// Which.
        edit: Edit,
        /// The faults this rule reports, of those that the kind's outcomes list.
        #[serde(deserialize_with = "super::kinds::outcomes")]
        faults: Vec<&'static str>,
    },
    /// A fault of the envelope or of a segment, by the names the readers give them.
    Structure {
        /// Names of the faults this rule reports.
        faults: Vec<String>,
    },
    /// Entries of the user's suppressions that do nothing.
    Suppression(SuppressionFault),
}

/// What a check looks at as a whole, and so when it can run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// One service line.
    Line,
    /// One claim.
    Claim,
    /// A patient's day with one payer, perhaps from several claims.
    Day,
    /// A patient's calendar year, as far as the run holds it.
    PatientYear,
    /// A patient's course of treatment with one payer and one billing provider, as far as the run holds it.
    Course,
    /// A rendering provider's day, over all patients of the run.
    ProviderDay,
    /// The file: its envelope and its segments.
    File,
}

impl Check {
    /// What it looks at as a whole.
    pub const fn scope(&self) -> Scope {
        match self {
            Check::UnitTime { .. }
            | Check::CodePair { .. }
            | Check::Overlap
            | Check::DistinctModifier { .. }
            | Check::UnitEdit
            | Check::Fee { .. } => Scope::Day,
            Check::TherapyThreshold => Scope::PatientYear,
            Check::Course(_) => Scope::Course,
            Check::ProviderDay(_) => Scope::ProviderDay,
            Check::Limit { over: LimitOver::PatientDay, .. } => Scope::Day,
            Check::Edit { edit: Edit::Duplicate | Edit::SplitLines, .. } => Scope::Day,
            Check::Limit { over: LimitOver::Claim, .. } | Check::Edit { .. } => Scope::Claim,
            Check::Structure { .. } | Check::Suppression(_) => Scope::File,
            Check::Diagnosis(fault) => fault.scope(),
            Check::Interval
            | Check::ProviderType(_)
            | Check::Note(_)
            | Check::Forbid
            | Check::Require(_)
            | Check::Limit { over: LimitOver::Line, .. } => Scope::Line,
        }
    }

    /// The kind as YAML names it: a row of [`super::KINDS`].
    pub const fn kind(&self) -> &'static str {
        match self {
            Check::UnitTime { .. } => "unit-time",
            Check::Interval => "interval",
            Check::CodePair { .. } => "code-pair",
            Check::Overlap => "overlap",
            Check::TherapyThreshold => "therapy-threshold",
            Check::Course(check) => check.kind(),
            Check::ProviderDay(check) => check.kind(),
            Check::DistinctModifier { .. } => "distinct-modifier",
            Check::UnitEdit => "unit-edit",
            Check::Fee { .. } => "fee",
            Check::Diagnosis(_) => "diagnosis",
            Check::ProviderType(_) => "provider-type",
            Check::Note(_) => "note",
            Check::Forbid => "forbid",
            Check::Require(_) => "require",
            Check::Limit { .. } => "limit",
            Check::Edit { edit, .. } => edit.kind(),
            Check::Structure { .. } => "structure",
            Check::Suppression(_) => "suppression",
        }
    }
}
