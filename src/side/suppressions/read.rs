//! A suppressions file: a list in YAML. Mistakes are named by their place, never by what stands there: it may be the
//! number of a claim.

use schemars::{Schema, json_schema};
use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use super::{Stated, Suppression, Suppressions};
use crate::claim::{Date, ProcedureCode, key_of, npi_of, parse_iso_date, provider_key};
use crate::side::nearest;
use crate::side::yaml::{OneOrMany, place, typed};

/// Why a suppressions file is refused: one sentence with the file and the place in it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct SuppressionsError(String);

/// A rule that an entry can name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RuleName {
    /// `T01`.
    pub code: String,
    /// `units-exceed-minutes`.
    pub name: String,
    /// The pack it came in: `therapy`.
    pub pack: String,
}

impl RuleName {
    fn family(&self) -> &str {
        self.code.trim_end_matches(|letter: char| letter.is_ascii_digit())
    }

    fn is_named(&self, word: &str) -> bool {
        let is = |own: &str| own.eq_ignore_ascii_case(word);
        is(&self.code) || is(self.family()) || is(&self.name) || is(&self.pack)
    }
}

const KEYS: [&str; 9] = ["rule", "claim", "line", "provider", "payer", "code", "dates", "reason", "expires"];
const DATES: [&str; 2] = ["from", "to"];
const NO_SCOPE: &str = "no scope: say where with claim, provider, payer or code. To be rid of a rule everywhere, use \
                        `ignore` in the configuration, or --ignore";

/// An entry as its YAML states it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    rule: Option<Spanned<OneOrMany>>,
    claim: Option<Spanned<String>>,
    line: Option<Spanned<String>>,
    provider: Option<Spanned<String>>,
    payer: Option<Spanned<String>>,
    code: Option<Spanned<OneOrMany>>,
    dates: Option<Spanned<RawDates>>,
    reason: Option<Spanned<String>>,
    expires: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDates {
    from: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
}

/// What is wrong, and where.
type Fault = (String, String);

/// Reads the findings that the user says are no fault. `file` is the name that errors and findings give it; `known` are
/// all rules there are, whether or not they run.
///
/// An entry has a `rule` (code, name, family or pack, or several), a `reason`, the day it `expires`, and at least one of
/// `claim` (CLM01), `provider` (an NPI, rendering or billing), `payer` (payer id or profile) and `code` (one or several).
/// A `line` goes with a claim; `dates` bound the day of service.
///
/// # Errors
/// What is no YAML of this shape; an unknown rule; an entry that lacks one of these, or whose value is not what its key
/// asks for.
pub fn suppressions(file: &str, bytes: &[u8], known: &[RuleName]) -> Result<Suppressions, SuppressionsError> {
    let refused = |(place, message): Fault| {
        let place = if place.is_empty() { place } else { format!("{place}: ") };
        SuppressionsError(format!("{}: {place}{message}", file.escape_debug()))
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| refused((String::new(), "not UTF-8".to_owned())))?;
    let mut read = Suppressions { files: vec![file.to_owned()], ..Suppressions::default() };
    let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    if !text.lines().any(says) {
        return Ok(read);
    }
    let options = serde_saphyr::options! { with_snippet: false };
    let entries: Vec<Spanned<RawEntry>> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let error = error.without_snippet();
            refused((error.location().map(place).unwrap_or_default(), shape(error)))
        })?;
    for raw in entries {
        let at = raw.referenced;
        read.push(entry(raw.value, at, text, known).map_err(refused)?);
    }
    Ok(read)
}

fn wrong(at: Location, message: impl Into<String>) -> Fault {
    (place(at), message.into())
}

/// The values of a key that may have several, each with its place.
fn several(stated: Option<Spanned<OneOrMany>>, text: &str) -> Vec<(String, Location)> {
    match stated {
        None => Vec::new(),
        Some(Spanned { value: OneOrMany::Several(all), .. }) => {
            all.into_iter().map(|one| (one.value.trim().to_owned(), one.referenced)).collect()
        }
        Some(Spanned { value: OneOrMany::One, referenced, .. }) => {
            vec![(typed(referenced, text), referenced)]
        }
    }
}

fn word(stated: Option<Spanned<String>>, key: &str) -> Result<Option<(String, Location)>, Fault> {
    let Some(stated) = stated else { return Ok(None) };
    match stated.value.trim() {
        "" => Err(wrong(stated.referenced, format!("{key} is empty"))),
        value => Ok(Some((value.to_owned(), stated.referenced))),
    }
}

fn date(stated: Option<Spanned<String>>) -> Result<Option<(Date, Stated)>, Fault> {
    let Some(Spanned { value, referenced, .. }) = stated else { return Ok(None) };
    match parse_iso_date(value.trim().as_bytes()) {
        Some(date) => Ok(Some((date, at_place(value.trim(), referenced)))),
        None => Err(wrong(referenced, "a date is expected, like 2025-03-03")),
    }
}

fn at_place(text: &str, at: Location) -> Stated {
    let offset = at.span().byte_offset().unwrap_or_default();
    Stated { text: text.to_owned(), line: at.line(), offset }
}

fn entry(raw: RawEntry, at: Location, text: &str, known: &[RuleName]) -> Result<Suppression, Fault> {
    let RawEntry { rule, claim, line, provider, payer, code, dates, reason, expires } = raw;
    let named = several(rule, text);
    let Some((first, first_at)) = named.first() else {
        return Err(wrong(at, "no rule: a code, a name, a family or a pack"));
    };
    let first = at_place(first, *first_at);
    let mut rules = Vec::new();
    for (name, at) in &named {
        rules.extend(rules_named(name, known).map_err(|message| wrong(*at, message))?);
    }
    rules.sort();
    rules.dedup();
    let claim = word(claim, "claim")?;
    let on_line = match word(line, "line")? {
        None => None,
        Some((_, at)) if claim.is_none() => return Err(wrong(at, "a line of which claim? claim is missing")),
        Some((number, at)) => match number.parse().ok().filter(|number| *number > 0) {
            Some(number) => Some(number),
            None => return Err(wrong(at, "the number of a line is expected, from 1 on")),
        },
    };
    let provider = match word(provider, "provider")? {
        None => None,
        Some((npi, at)) => match npi_of(provider_key(npi.as_bytes())) {
            Some(npi) => Some(npi),
            None => return Err(wrong(at, "an NPI is expected: ten digits that begin with 1 or 2")),
        },
    };
    let payer = word(payer, "payer")?.map(|(payer, _)| payer);
    let mut codes = Vec::new();
    for (code, at) in several(code, text) {
        match ProcedureCode::new(code.to_ascii_uppercase().as_bytes()) {
            Some(code) => codes.push(code),
            None => return Err(wrong(at, "a procedure code is expected, like 97124")),
        }
    }
    let (from, to) = match dates {
        None => (None, None),
        Some(Spanned { value: RawDates { from, to }, referenced, .. }) => {
            let last_at = to.as_ref().map(|to| to.referenced);
            let (from, to) = (date(from)?.map(|(date, _)| date), date(to)?.map(|(date, _)| date));
            match (from, to) {
                (None, None) => return Err(wrong(referenced, "dates have a from, a to, or both")),
                (Some(from), Some(last)) if last < from => {
                    return Err(wrong(last_at.unwrap_or(referenced), "before from"));
                }
                both => both,
            }
        }
    };
    if claim.is_none() && provider.is_none() && payer.is_none() && codes.is_empty() {
        return Err(wrong(at, NO_SCOPE));
    }
    let Some((reason, _)) = word(reason, "reason")? else {
        return Err(wrong(at, "no reason: say why this is no fault"));
    };
    let Some((expires, expiry)) = date(expires)? else {
        return Err(wrong(at, "no expires: the last day on which it holds, like 2025-12-31"));
    };
    Ok(Suppression {
        file: 0,
        line: at.line(),
        rules,
        named: first,
        names: named.into_iter().map(|(name, _)| name).collect(),
        claim: claim.map(|(claim, _)| key_of(claim.as_bytes())),
        on_line,
        provider,
        payer,
        codes,
        from,
        to,
        reason,
        expires,
        expiry,
    })
}

/// The codes of the rules that a word names.
fn rules_named(word: &str, known: &[RuleName]) -> Result<Vec<String>, String> {
    let named: Vec<String> =
        known.iter().filter(|rule| rule.is_named(word)).map(|rule| rule.code.clone()).collect();
    if !named.is_empty() {
        return Ok(named);
    }
    let names = known.iter().flat_map(|rule| [&rule.code, &rule.name, &rule.pack]).map(String::as_str);
    Err(match nearest(word, names) {
        Some(near) => format!("no rule, family or pack is called so; did you mean {near}?"),
        None => "no rule, family or pack is called so".to_owned(),
    })
}

/// What is wrong with the shape of the file, without what stands there.
fn shape(error: &serde_saphyr::Error) -> String {
    use serde_saphyr::Error;
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            let keys: &[&str] = if expected.len() == DATES.len() { &DATES } else { &KEYS };
            match nearest(field, keys.iter().copied()) {
                Some(near) => format!("unknown key; did you mean {near}?"),
                None => format!("unknown key; the keys are {}", keys.join(", ")),
            }
        }
        Error::DuplicateMappingKey { .. } => "a key stands twice in one entry".to_owned(),
        Error::Unexpected { expected, .. } => match *expected {
            "mapping start" => "keys with values are expected, like `rule: T01`".to_owned(),
            "sequence start" => "a list of entries is expected, each behind a hyphen".to_owned(),
            "string scalar" => "one value is expected".to_owned(),
            _ => "not the YAML of a list of suppressions".to_owned(),
        },
        _ => "not the YAML of a list of suppressions".to_owned(),
    }
}

/// The JSON Schema of suppressions files, for editors.
pub fn suppressions_schema() -> Schema {
    let code = || json_schema!({"type": ["string", "integer"]});
    let words = |description: &str| {
        json_schema!({
            "description": description,
            "anyOf": [code(), {"type": "array", "items": code(), "minItems": 1}],
        })
    };
    let date =
        |description: &str| json_schema!({"type": "string", "format": "date", "description": description});
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Suppressions",
        "description": "findings that are no fault: which rule, where, why, and until when",
        "type": ["array", "null"],
        "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["rule", "reason", "expires"],
            "anyOf": [
                {"required": ["claim"]}, {"required": ["provider"]}, {"required": ["payer"]}, {"required": ["code"]},
            ],
            "dependentRequired": {"line": ["claim"]},
            "properties": {
                "rule": words("rules by code (T01), name, family (T) or pack; one or several"),
                "claim": {"type": ["string", "integer"], "description": "the claim's number (CLM01), whole"},
                "line": {"type": "integer", "minimum": 1, "description": "a line of that claim"},
                "provider": {
                    "type": ["string", "integer"],
                    "description": "NPI of who rendered the line, or of who bills the claim",
                },
                "payer": {"type": ["string", "integer"], "description": "payer id, or name of a payer profile"},
                "code": words("procedure codes of the line; one or several"),
                "dates": {
                    "type": "object",
                    "description": "days of service, both ends included",
                    "additionalProperties": false,
                    "minProperties": 1,
                    "properties": {"from": date("the first day"), "to": date("the last day")},
                },
                "reason": {"type": "string", "minLength": 1, "description": "why this is no fault; names nobody"},
                "expires": date("the last day on which it holds"),
            },
        },
    })
}
