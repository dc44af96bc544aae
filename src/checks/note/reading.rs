//! A note read from word to word, with who says each and whether it is denied.

use super::negation::{Negation, ends_clause, is_denied_behind};
use super::voice::Voice;
use super::words::{Folded, Word, Words};
use crate::rules::Phrases;

/// Words before and behind a phrase among which an excuse is looked for.
const NEAR: usize = 6;

/// A note from word to word.
#[derive(Clone, Copy)]
pub(super) struct Reading<'t> {
    words: Words<'t>,
    before: Folded,
    negation: Negation,
    voice: Voice<'t>,
    /// Where the last words of this clause begin, in a ring.
    recent: [Words<'t>; NEAR],
    /// How many words of this clause have been read.
    read: usize,
}

/// A word where it stands.
#[derive(Clone, Copy)]
pub(super) struct Said<'t> {
    pub(super) word: Word<'t>,
    pub(super) folded: Folded,
    /// What follows it.
    rest: Words<'t>,
    /// The note says that it is not so.
    pub(super) is_denied: bool,
    /// It is the patient's word, not the clinician's.
    pub(super) is_patients: bool,
    /// The beginning of the clause, or the sixth word before this one.
    near: Words<'t>,
    /// Words from there to this one.
    distance: usize,
}

impl<'t> Reading<'t> {
    pub(super) fn of(text: &'t [u8]) -> Reading<'t> {
        let words = Words::of(text);
        Reading {
            words,
            before: Folded::NONE,
            negation: Negation::default(),
            voice: Voice::of(text),
            recent: [words; NEAR],
            read: 0,
        }
    }

    /// What is looked for stands here, denied.
    pub(super) fn renew(&mut self) {
        self.negation.renew();
    }
}

impl<'t> Iterator for Reading<'t> {
    type Item = Said<'t>;

    fn next(&mut self) -> Option<Said<'t>> {
        let at = self.words;
        let word = self.words.next()?;
        if ends_clause(&self.before, &word) {
            self.negation = Negation::default();
            self.voice.end_sentence();
            self.read = 0;
        }
        let folded = word.folded();
        let is_denied = self.negation.read(&self.before, &word, &folded);
        let is_patients = self.voice.read(&self.before, &word, &folded, self.words);
        let distance = self.read.min(NEAR);
        let near = if distance == 0 { at } else { self.recent[(self.read - distance) % NEAR] };
        self.recent[self.read % NEAR] = at;
        self.read += 1;
        self.before = folded;
        Some(Said { word, folded, rest: self.words, is_denied, is_patients, near, distance })
    }
}

impl<'t> Said<'t> {
    /// The words of the longest phrase that begins here, if one does, and the byte behind them.
    pub(super) fn begins(&self, phrases: &Phrases) -> Option<(usize, usize)> {
        let words = phrases.starts_at(self.folded.as_bytes(), self.rest.map_while(joined))?;
        let last = self.rest.take(words - 1).last().unwrap_or(self.word);
        Some((words, last.end()))
    }

    /// Whether a phrase of `words` words that begins here is denied behind it.
    pub(super) fn is_denied_behind(&self, words: usize) -> bool {
        let mut rest = self.rest;
        let last = rest.by_ref().take(words - 1).last().unwrap_or(self.word);
        is_denied_behind(&last.folded(), rest)
    }

    /// Whether one of `excuses` begins in the clause at most six words before a phrase of `words` words that begins
    /// here, in it, or at most six words behind it.
    pub(super) fn is_near(&self, excuses: &Phrases, words: usize) -> bool {
        if excuses.is_empty() {
            return false;
        }
        let mut around = self.near;
        let mut before: Option<Folded> = None;
        for _ in 0..self.distance + words + NEAR {
            let Some(word) = around.next() else { return false };
            if word.start > self.word.start && before.is_some_and(|before| ends_clause(&before, &word)) {
                return false;
            }
            let folded = word.folded();
            if excuses.starts_at(folded.as_bytes(), around.map_while(joined)).is_some() {
                return true;
            }
            before = Some(folded);
        }
        false
    }
}

/// The word, if nothing but blanks, hyphens, slashes and apostrophes joins it to the one before.
pub(super) fn joined(word: Word<'_>) -> Option<Folded> {
    word.gap.iter().all(|byte| b" -/_'\t\r\n".contains(byte)).then(|| word.folded())
}
