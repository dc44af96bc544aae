use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::claim::ProcedureCode;

/// How a payer counts timed units against minutes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// Total minutes of the day (CMS Pub. 100-04 ch. 5 s. 20.2).
    Cms,
    /// Each code alone, by the substantial portion of its 15 minutes (AMA).
    Ama,
    /// Not known: only what is invalid under both is a finding.
    #[default]
    Unknown,
}

/// What a payer's member ids look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MemberIdShape {
    /// Not known, or the payer takes others too.
    #[default]
    Any,
    /// The Medicare Beneficiary Identifier, and the payer refuses anything else.
    Mbi,
}

/// How long after the service a payer takes a claim. A last day that is no federal workday moves to the next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FilingLimit {
    /// So many years to the day; from February 29 to February 28.
    CalendarYears(u8),
    /// So many days after the day of service.
    Days(u16),
}

/// Within what visits are counted against a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VisitPeriod {
    /// The course of treatment: since the first treatment that the claims state.
    #[default]
    Episode,
    /// The calendar year.
    CalendarYear,
}

impl VisitPeriod {
    /// As messages say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            VisitPeriod::Episode => "course of treatment",
            VisitPeriod::CalendarYear => "calendar year",
        }
    }
}

/// How many visits a payer pays for.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub struct VisitLimit {
    /// Codes that make a day a visit; empty: all that the rule is about.
    pub codes: Vec<ProcedureCode>,
    /// Days on which one of them is billed.
    pub visits: u16,
    /// Within what.
    pub per: VisitPeriod,
}

/// What a class of payers asks for. Rules ask the profile; they never say "if Medicare".
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
pub struct Profile {
    /// The name that `payer` in a claim line, `--payer` and rules use: `medicare`, `commercial` …
    pub name: String,
    /// For people.
    pub label: String,
    /// SBR09 values that mean this profile.
    pub filing_indicators: Vec<String>,
    /// Payer ids (2010BB NM109) that mean this profile, whatever SBR09 says.
    pub payer_ids: Vec<String>,
    /// States (of the service facility, else the billing provider) outside which it never applies; empty: everywhere.
    pub states: Vec<String>,
    /// The profile that this one takes the place of in its states.
    pub stands_for: Option<String>,
    /// How units are counted.
    pub counting: Counting,
    /// Whether that is certain, or a default the user should confirm.
    pub counting_confirmed: bool,
    /// Whether NCCI edits apply.
    pub ncci: bool,
    /// Whether the multiple-procedure reduction for therapy applies.
    pub mppr: bool,
    /// Whether the Medicare fee schedule is the payer's own (else its rates stand in, labelled so).
    pub medicare_rates: bool,
    /// Whether less is paid for services of assistants (CQ, CO).
    pub assistant_reduction: bool,
    /// Whether therapy above a yearly threshold needs the KX modifier.
    pub therapy_threshold: bool,
    /// Whether a service that is always therapy must bear exactly one of GP, GO and GN.
    pub therapy_modifier_required: bool,
    /// Whether a timed code stands on one line for each day, its units added up, and any other line is refused.
    pub one_line_a_day: bool,
    /// Whether the payer hears the modifiers of an advance beneficiary notice (GA, GX, GY, GZ).
    pub beneficiary_notices: bool,
    /// Whether chiropractic manipulation without AT is taken for maintenance, which is not covered.
    pub active_treatment_modifier: bool,
    /// Taxonomy prefixes of assistants: the payer takes their services under the name of the therapist alone.
    pub supervised_taxonomies: Vec<String>,
    /// Whether therapy incident to a physician's service must be furnished by somebody trained as a therapist.
    pub incident_to_therapists_only: bool,
    /// The Medicare locality whose rates apply, such as `10112-00`; `None` for national rates.
    pub locality: Option<String>,
    /// What the payer's member ids look like, where it refuses any other.
    pub member_id: MemberIdShape,
    /// Taxonomy prefixes of provider types this payer does not recognise for therapy.
    pub refused_taxonomies: Vec<String>,
    /// Whether a rendering provider without a taxonomy is worth a remark.
    pub taxonomy_expected: bool,
    /// The only codes a chiropractor may bill; empty: no such limit.
    pub chiropractor_codes: Vec<String>,
    /// Whether a therapist billing evaluation-and-management codes is an error (else a warning).
    pub therapist_evaluation_is_error: bool,
    /// Diagnoses too nonspecific to carry a line alone, without point (`R52`).
    pub nonspecific_diagnoses: Vec<String>,
    /// Beginnings of diagnoses that are of examination or counselling and no condition to treat, without point; `None`
    /// for Z00 to Z13 and Z71.
    pub wellness_diagnoses: Option<Vec<String>>,
    /// How long the payer takes claims, counted from a line's first day; `None` where it is not known.
    pub filing_limit: Option<FilingLimit>,
    /// Whether a group's therapy claim must name who rendered it.
    pub rendering_npi_required: bool,
    /// Whether a therapy claim must name the certifying physician as its referring provider.
    pub referring_npi_required: bool,
    /// Whether the payer may have procedure codes of its own making, whose shape nobody else knows.
    pub local_procedure_codes: bool,
    /// How many visits the payer pays for; empty where nobody says.
    pub visit_limits: Vec<VisitLimit>,
    /// Codes that need a prior authorization (REF*G1).
    pub authorization_required: Vec<ProcedureCode>,
    /// Codes that need a referral (REF*9F).
    pub referral_required: Vec<ProcedureCode>,
}
