//! The kind `note`: what the words of a line's notes say, and what a clinical note leaves out.
//!
//! A clinical note is the `note` of a JSON line or of a session record. NTE and K3 are billing remarks of some eighty
//! characters: a rule may ask to read what stands in them, and what they lack proves nothing.

use super::find::{self, Found};
use crate::checks::hit::{Hit, Lack, Out, Pointer, Takes};
use crate::checks::lines::counted;
use crate::checks::region;
use crate::checks::subject::Subject;
use crate::claim::{Fact, Note, ServiceLine, Units};
use crate::rules::{NoteCategory, NoteFault, NoteTechniques, Phrases};

/// Words, figures not counted, of the shortest clinical note. Exports put labels into the field for the note ("25 MIN
/// LUMBAR"): what they lack proves no more than what a billing remark lacks.
const FEWEST_WORDS: usize = 4;

/// Whether the clinical notes of a line are long enough, all together, to be judged by what they lack.
pub fn are_clinical<'n>(notes: impl Iterator<Item = &'n [u8]>) -> bool {
    notes.map(find::length).sum::<usize>() >= FEWEST_WORDS
}

/// Puts a `note` rule to a line.
pub(in crate::checks) fn check(rule: u16, fault: &NoteFault, subject: &Subject<'_, '_>, out: &mut Out) {
    let Some(line) = subject.line else { return };
    if subject.claim.notes.is_empty() {
        return out.lack(rule, Lack::Note, 1);
    }
    if line.units.value == Some(Units(0)) {
        return;
    }
    let notes = Notes { subject, line };
    let seen = match fault {
        NoteFault::WordsPresent { categories, unless, remarks } => {
            notes.seen(*remarks, || notes.words(categories, unless, *remarks))
        }
        NoteFault::WordsAbsent { category, words, regions } => {
            notes.are_clinical().then(|| notes.nothing(category, words, *regions))
        }
        NoteFault::TechniqueMismatch { techniques, remarks } => {
            notes.seen(*remarks, || notes.technique(techniques, *remarks))
        }
    };
    match seen {
        None => out.lack(rule, Lack::Note, 1),
        Some(None) => {}
        Some(Some(seen)) => out.hits.push(Hit {
            rule,
            outcome: seen.outcome,
            primary: Pointer { at: subject.at, fact: Fact::Note, item: seen.item, text: seen.label },
            related: Vec::new(),
            values: seen.values,
            takes: Takes::Lines(vec![subject.at]),
        }),
    }
}

/// The notes that speak of one line.
struct Notes<'s, 'a> {
    subject: &'s Subject<'s, 'a>,
    line: &'s ServiceLine<'a>,
}

impl<'s, 'a> Notes<'s, 'a> {
    /// The line's own, each with its place among them.
    fn own(&self) -> impl Iterator<Item = (usize, &'s Note<'a>)> + use<'s, 'a> {
        let number = self.line.number;
        self.subject.claim.notes.iter().filter(move |note| note.line == number).enumerate()
    }

    /// The line's own and the claim's: for what excuses.
    fn all(&self) -> impl Iterator<Item = &'s Note<'a>> + use<'s, 'a> {
        let number = self.line.number;
        self.subject.claim.notes.iter().filter(move |note| note.line == number || note.line == 0)
    }

    /// Those that are read for what they hold.
    fn read(&self, remarks: bool) -> impl Iterator<Item = (usize, &'s Note<'a>)> + use<'s, 'a> {
        self.own().filter(move |(_, note)| remarks || is_clinical(note))
    }

    /// Whether the line's clinical notes are long enough to be judged by what they lack.
    fn are_clinical(&self) -> bool {
        let clinical = self.own().filter(|(_, note)| is_clinical(note));
        are_clinical(clinical.map(|(_, note)| note.text.bytes()))
    }

    /// What `look` sees, or that there is nothing; `None`, where there is no note to see it in.
    fn seen(&self, remarks: bool, look: impl FnOnce() -> Option<Seen>) -> Option<Option<Seen>> {
        match look() {
            Some(seen) => Some(Some(seen)),
            None if remarks && self.own().next().is_some() || self.are_clinical() => Some(None),
            None => None,
        }
    }

    fn words(&self, categories: &[NoteCategory], unless: &Phrases, remarks: bool) -> Option<Seen> {
        let (item, note, found) = self
            .read(remarks)
            .find_map(|(item, note)| Some((item, note, find::said(note.text.bytes(), categories)?)))?;
        let is_excused = self.all().any(|note| find::affirms(note.text.bytes(), unless));
        (!is_excused).then(|| Seen::words(item, note, &found))
    }

    fn nothing(&self, category: &str, words: &Phrases, regions: bool) -> Option<Seen> {
        if regions && self.line.region.is_present() {
            return None;
        }
        let is_there = self.all().any(|note| {
            let text = note.text.bytes();
            find::mentions(text, words) || regions && region::is_named(text)
        });
        let first = self.own().find(|(_, note)| is_clinical(note)).map_or(0, |(item, _)| item);
        (!is_there).then(|| Seen::nothing(first, category))
    }

    fn technique(&self, techniques: &[NoteTechniques], remarks: bool) -> Option<Seen> {
        let own = techniques.iter().find(|own| own.code == self.line.code())?;
        let seen =
            self.read(remarks).find_map(|(item, note)| Seen::technique(item, note, own, techniques))?;
        let fits = |text: &[u8]| find::affirms(text, &own.own) || find::affirms(text, &own.also);
        (!self.all().any(|note| fits(note.text.bytes()))).then_some(seen)
    }
}

fn is_clinical(note: &Note<'_>) -> bool {
    note.kind.is_absent()
}

/// What was seen in a note. Says where and of what sort, never in which words.
struct Seen {
    outcome: &'static str,
    /// Which of the line's notes.
    item: usize,
    label: String,
    values: Vec<(&'static str, String)>,
}

impl Seen {
    fn words(item: usize, note: &Note<'_>, found: &Found<'_>) -> Seen {
        let mut seen = Seen::at(item, note, found.category, found.start, found.end);
        seen.values.push(("count", counted(u32::try_from(found.places).unwrap_or(u32::MAX), "place")));
        seen
    }

    fn technique(item: usize, note: &Note<'_>, own: &NoteTechniques, all: &[NoteTechniques]) -> Option<Seen> {
        let (other, start, end) = find::technique_of_another(note.text.bytes(), own, all)?;
        let category = format!("a technique of {}", other.code);
        let mut seen = Seen::at(item, note, &category, start, end);
        seen.values.push(("other_code", other.code.to_string()));
        Some(seen)
    }

    fn nothing(item: usize, category: &str) -> Seen {
        let values = vec![("category", category.to_owned())];
        Seen { outcome: "", item, label: format!("no {category} in it"), values }
    }

    fn at(item: usize, note: &Note<'_>, category: &str, start: usize, end: usize) -> Seen {
        let text = note.text.bytes();
        let at = find::characters(text, start);
        let length = find::characters(text, end) - at;
        let values = vec![
            ("category", category.to_owned()),
            ("at", (at + 1).to_string()),
            ("length", length.to_string()),
        ];
        let outcome = if is_clinical(note) { "" } else { "billing-remark" };
        let label = format!("{category} at character {}, {length} long", at + 1);
        Seen { outcome, item, label, values }
    }
}
