use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// What a class of payers asks for. Rules ask the profile; they never say "if Medicare".
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Profile {
    /// The name that `payer` in a claim line, `--payer` and rules use: `medicare`, `commercial` …
    pub name: String,
    /// For people.
    pub label: String,
    /// SBR09 values that mean this profile.
    pub filing_indicators: Vec<String>,
    /// Payer ids (2010BB NM109) that mean this profile, whatever SBR09 says.
    pub payer_ids: Vec<String>,
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
}
