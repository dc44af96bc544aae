use super::context::Context;
use super::located::Located;
use super::raw_note::{RawNote, RawNoteCategory, RawNoteFault, RawNoteTechniques};
use super::raw_rule::RawRule;
use crate::claim::ProcedureCode;
use crate::finding::Severity;
use crate::rules::{NoteCategory, NoteFault, NoteTechniques, Phrases};

/// What messages call words that the rule gives no name.
const UNNAMED: &str = "wording of the rule";

/// Resolves what a `note` rule looks for.
pub(super) fn fault(context: &mut Context, raw: &Located<RawNote>) -> Option<NoteFault> {
    let RawNote { fault, category, words, unless_near, unless, categories, remarks, regions, techniques } =
        &raw.value;
    let (of_present, of_absent) = (
        [
            (!unless_near.is_empty(), "unless-near"),
            (!unless.is_empty(), "unless"),
            (!categories.is_empty(), "categories"),
        ],
        [(*regions, "regions")],
    );
    let of_mismatch = [(!techniques.is_empty(), "techniques")];
    let of_reading = [(*remarks, "remarks")];
    let of_words = [(!words.is_empty(), "words"), (category.is_some(), "category")];
    let (name, foreign): (_, Vec<_>) = match fault {
        RawNoteFault::WordsPresent => ("words-present", of_absent.iter().chain(&of_mismatch).collect()),
        RawNoteFault::WordsAbsent => {
            ("words-absent", of_present.iter().chain(&of_mismatch).chain(&of_reading).collect())
        }
        RawNoteFault::TechniqueMismatch => {
            ("technique-mismatch", of_present.iter().chain(&of_absent).chain(&of_words).collect())
        }
    };
    if let Some((_, key)) = foreign.into_iter().find(|(stated, _)| *stated) {
        context.wrong(&raw.at, format!("`{key}` has no place in `{name}`"), "not used here", None);
        return None;
    }
    let nothing = match fault {
        RawNoteFault::WordsPresent => words.is_empty() && categories.is_empty(),
        RawNoteFault::WordsAbsent => words.is_empty() && !regions,
        RawNoteFault::TechniqueMismatch => techniques.len() < 2,
    };
    if nothing {
        let help = Some(match fault {
            RawNoteFault::TechniqueMismatch => "`techniques` of two codes at least".to_owned(),
            _ => "{fault: words-present, words: [relax*, stress relief]}".to_owned(),
        });
        context.wrong(&raw.at, format!("`{name}` has nothing to look for"), "no words", help);
        return None;
    }
    Some(match fault {
        RawNoteFault::WordsPresent => NoteFault::WordsPresent {
            categories: present(context, category.as_deref(), words, unless_near, categories),
            unless: phrases(context, unless),
            remarks: *remarks,
        },
        RawNoteFault::WordsAbsent => {
            let category = category.clone().unwrap_or_else(|| UNNAMED.to_owned());
            NoteFault::WordsAbsent { category, words: phrases(context, words), regions: *regions }
        }
        RawNoteFault::TechniqueMismatch => NoteFault::TechniqueMismatch {
            techniques: techniques.iter().filter_map(|raw| of_code(context, raw)).collect(),
            remarks: *remarks,
        },
    })
}

/// Notes where a rule weighs words as an error: words prompt a look at the record, and prove nothing.
pub(super) fn weight(context: &mut Context, raw: &RawRule) {
    let outcomes = raw.outcomes.values().filter_map(|outcome| outcome.severity);
    if outcomes.chain([raw.severity]).any(|severity| severity == Severity::Error) {
        let help = Some("severity: warning".to_owned());
        context.wrong(&raw.code.at, "a `note` rule warns at most", "words of a note are no proof", help);
    }
}

fn present(
    context: &mut Context,
    category: Option<&str>,
    words: &[Located<String>],
    unless_near: &[Located<String>],
    categories: &[RawNoteCategory],
) -> Vec<NoteCategory> {
    let mut all = Vec::new();
    if !words.is_empty() {
        let (words, unless_near) = (phrases(context, words), phrases(context, unless_near));
        let name = category.unwrap_or(UNNAMED).to_owned();
        all.push(NoteCategory { name, words, unless_near });
    }
    for RawNoteCategory { category, words, unless_near } in categories {
        let (words, unless_near) = (phrases(context, words), phrases(context, unless_near));
        all.push(NoteCategory { name: category.clone(), words, unless_near });
    }
    all
}

fn of_code(context: &mut Context, raw: &RawNoteTechniques) -> Option<NoteTechniques> {
    let (own, also) = (phrases(context, &raw.own), phrases(context, &raw.also));
    let code = ProcedureCode::new(raw.code.value.as_bytes());
    if code.is_none() {
        let message = format!("`{}` is no procedure code", raw.code.value);
        context.wrong(&raw.code.at, message, "not a code", None);
    }
    Some(NoteTechniques { code: code?, own, also })
}

/// Compiles a list; what is no phrase is noted.
fn phrases(context: &mut Context, texts: &[Located<String>]) -> Phrases {
    let stated: Vec<&str> = texts.iter().map(|text| text.value.as_str()).collect();
    Phrases::new(&stated).unwrap_or_else(|(place, wrong)| {
        if let Some(text) = texts.get(place) {
            let message = format!("`{}` is no word or phrase to look for", text.value);
            context.wrong(&text.at, message, "not a phrase", Some(wrong.to_owned()));
        }
        Phrases::default()
    })
}
