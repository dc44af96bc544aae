use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::located::{Located, Scalar};

/// What a `note` rule looks for in the notes of a line.
///
/// Words are letters and digits in any case, `*` behind one stands for any ending, several are a phrase.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawNote {
    /// What to report.
    pub(crate) fault: RawNoteFault,
    /// What `words` stand for, as messages name it: wellness wording, a body region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) category: Option<String>,
    /// For `words-present`: what is looked for. For `words-absent`: what will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) words: Vec<Located<String>>,
    /// For `words-present`: what excuses one of `words`, standing within six words of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) unless_near: Vec<Located<String>>,
    /// For `words-present`: what excuses all of it, wherever it stands in the line's notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) unless: Vec<Located<String>>,
    /// For `words-present`: more words to look for, each list with a category and excuses of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) categories: Vec<RawNoteCategory>,
    /// Billing remarks (NTE, K3) are read too. Never for `words-absent`: what they lack proves nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) remarks: bool,
    /// For `words-absent`: a region of the body will do too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) regions: bool,
    /// For `technique-mismatch`: how notes speak of the service that a code stands for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) techniques: Vec<RawNoteTechniques>,
}

/// What a `note` rule reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawNoteFault {
    /// Words that are there.
    WordsPresent,
    /// Words none of which is there.
    WordsAbsent,
    /// Techniques of another code and none of the line's own.
    TechniqueMismatch,
}

/// Words that say one thing.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawNoteCategory {
    /// As messages name it.
    pub(crate) category: String,
    /// What is looked for.
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) words: Vec<Located<String>>,
    /// What excuses one of them, standing within six words of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) unless_near: Vec<Located<String>>,
}

/// How notes speak of the service that a code stands for.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawNoteTechniques {
    /// The code.
    #[schemars(with = "Scalar")]
    pub(crate) code: Located<String>,
    /// Techniques of this code and of none of the others.
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) own: Vec<Located<String>>,
    /// Words that fit the code, and others as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) also: Vec<Located<String>>,
}
