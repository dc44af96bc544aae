//! Words of a rule in one note.

use super::reading::{Reading, Said, joined};
use super::words::Words;
use crate::rules::{NoteCategory, NoteTechniques, Phrases};

/// The first place where something was found, and how many there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Found<'r> {
    /// Which of what was looked for.
    pub(super) category: &'r str,
    /// From the first byte of its first word.
    pub(super) start: usize,
    /// To the byte behind its last.
    pub(super) end: usize,
    /// How many such places the note has.
    pub(super) places: usize,
}

/// What a clinician's own words say that stands in one of the categories, neither denied nor excused.
pub(super) fn said<'r>(note: &[u8], categories: &'r [NoteCategory]) -> Option<Found<'r>> {
    // Nearly every note has nothing of the kind, and is looked at once.
    if !mentions_any(note, || categories.iter().map(|category| &category.words)) {
        return None;
    }
    let mut found: Option<Found<'r>> = None;
    let mut reading = Reading::of(note);
    // Words that a phrase has taken already.
    let mut taken = 0;
    while let Some(said) = reading.next() {
        if taken > 0 {
            taken -= 1;
            continue;
        }
        for category in categories {
            let Some((words, end)) = said.begins(&category.words) else { continue };
            taken = words - 1;
            if said.is_denied {
                reading.renew();
            } else if !said.is_patients
                && !said.is_denied_behind(words)
                && !said.is_near(&category.unless_near, words)
            {
                let first = found.get_or_insert(Found {
                    category: &category.name,
                    start: said.word.start,
                    end,
                    places: 0,
                });
                first.places += 1;
            }
            break;
        }
    }
    found
}

/// Whether any of the words stands in the note, whoever says it and even if denied: enough not to call it missing.
pub(super) fn mentions(note: &[u8], words: &Phrases) -> bool {
    mentions_any(note, || std::iter::once(words))
}

/// Whether [`mentions`] holds of one of several lists; the note is cut into words once.
fn mentions_any<'r, I: Iterator<Item = &'r Phrases>>(note: &[u8], lists: impl Fn() -> I) -> bool {
    let mut rest = Words::of(note);
    while let Some(word) = rest.next() {
        let begins = |words: &Phrases| {
            words.may_start_at(word.text)
                && words.starts_at(word.folded().as_bytes(), rest.map_while(joined)).is_some()
        };
        if lists().any(begins) {
            return true;
        }
    }
    false
}

/// Whether one of the words stands in the note and is not denied.
pub(super) fn affirms(note: &[u8], words: &Phrases) -> bool {
    let holds = |said: Said<'_>| {
        !said.is_denied && said.begins(words).is_some_and(|(words, _)| !said.is_denied_behind(words))
    };
    mentions(note, words) && Reading::of(note).any(holds)
}

/// The first technique of another code than `own` that the clinician names.
pub(super) fn technique_of_another<'r>(
    note: &[u8],
    own: &NoteTechniques,
    techniques: &'r [NoteTechniques],
) -> Option<(&'r NoteTechniques, usize, usize)> {
    let others = || techniques.iter().filter(|other| other.code != own.code);
    if !mentions_any(note, || others().map(|other| &other.own)) {
        return None;
    }
    let mut reading = Reading::of(note).filter(|said| !said.is_denied && !said.is_patients);
    reading.find_map(|said| {
        others().find_map(|other| {
            let (words, end) = said.begins(&other.own)?;
            (!said.is_denied_behind(words)).then_some((other, said.word.start, end))
        })
    })
}

/// Words of a note, figures left out.
pub(super) fn length(note: &[u8]) -> usize {
    Words::of(note).filter(|word| !word.text.iter().any(u8::is_ascii_digit)).count()
}

/// Characters of the note before byte `at`. Of bytes that are no UTF-8 each may count as one.
pub(super) fn characters(note: &[u8], at: usize) -> usize {
    note.iter().take(at).filter(|byte| **byte & 0xC0 != 0x80).count()
}
