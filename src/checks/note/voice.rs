//! Whose words a note gives: the clinician's own, or those of the patient.

use memchr::memchr;
use memchr::memmem;

use super::words::{Folded, Word, Words};

/// Words between the patient and the verb: `Patient also now reports`.
const BETWEEN: usize = 3;

/// Who speaks, from word to word.
///
/// The patient's are: what stands in quotation marks, what a sentence says the patient reports, feels or asks for,
/// and what stands under `S:`, `S/`, `S)` or `Subjective -` until another heading.
#[derive(Clone, Copy)]
pub(super) struct Voice<'t> {
    text: &'t [u8],
    /// Words before this byte are quoted.
    quoted: usize,
    /// Quotation marks before this byte have been looked at.
    seen: usize,
    /// Marks of which the text holds no closing one any more.
    unclosed: [bool; 3],
    /// Under the heading of what the patient says.
    subjective: bool,
    /// In a sentence that gives what the patient says.
    reported: bool,
    /// Words since the patient was named in this sentence.
    since_patient: Option<usize>,
    at_start: bool,
}

impl<'t> Voice<'t> {
    pub(super) const fn of(text: &'t [u8]) -> Voice<'t> {
        Voice {
            text,
            quoted: 0,
            seen: 0,
            unclosed: [false; 3],
            subjective: false,
            reported: false,
            since_patient: None,
            at_start: true,
        }
    }

    /// A sentence ends.
    pub(super) fn end_sentence(&mut self) {
        self.reported = false;
        self.since_patient = None;
        self.at_start = true;
    }

    /// Goes on to `word`, and says whether it is the patient's. `rest` is what follows.
    pub(super) fn read(
        &mut self,
        before: &Folded,
        word: &Word<'_>,
        folded: &Folded,
        rest: Words<'_>,
    ) -> bool {
        self.marks(word);
        let name = folded.as_bytes();
        // "C/S:" is the cervical spine.
        let is_part = matches!(word.gap.last(), Some(b'/' | b'\''));
        if !is_part
            && (rest.rest().trim_ascii_start().starts_with(b":") || is_headed(word, name, rest.rest()))
        {
            match name {
                b"s" if !self.at_start => {}
                b"s" | b"subjective" | b"subj" | b"cc" | b"hpi" | b"complaint" => self.subjective = true,
                _ if is_heading(name) => self.subjective = false,
                _ => {}
            }
        }
        if name == b"i" && matches!(before.as_bytes(), b"and" | b"so") && rest.peek().is_some_and(is_done) {
            // "Patient asked and I gave": now the clinician tells.
            self.reported = false;
            self.since_patient = None;
        }
        let is_patient = is_patient(name);
        let is_near = self.since_patient.is_some_and(|since| since <= BETWEEN);
        let complains = name == b"o" && before.as_bytes() == b"c" && word.gap == b"/";
        if complains
            || is_patient && before.as_bytes() == b"per"
            || reports(name) && (is_near || self.at_start && is_finite(name))
        {
            self.reported = true;
        }
        self.since_patient = if is_patient { Some(0) } else { self.since_patient.map(|since| since + 1) };
        self.at_start = false;
        self.subjective || self.reported || word.start < self.quoted
    }

    /// Looks at the quotation marks before a word.
    fn marks(&mut self, word: &Word<'_>) {
        let from = word.start - word.gap.len();
        let mut at = from.max(self.seen);
        while at < word.start {
            match self.opened(at, word.start) {
                Some((mark, length)) if !self.unclosed[mark as usize] => {
                    match closing(self.text, at + length, mark) {
                        Some((end, behind)) => {
                            self.quoted = end;
                            at = behind;
                        }
                        None => {
                            self.unclosed[mark as usize] = true;
                            at += length;
                        }
                    }
                }
                _ => at += 1,
            }
        }
        self.seen = at;
    }

    /// The quotation mark that opens at byte `at`, before a word that starts at `word`, and its length.
    fn opened(&self, at: usize, word: usize) -> Option<(Mark, usize)> {
        let before = at.checked_sub(1).and_then(|before| self.text.get(before)).copied().unwrap_or(b' ');
        let rest = self.text.get(at..)?;
        let is_before_word = |length: usize| at + length == word && !before.is_ascii_alphanumeric();
        match rest {
            // A figure and a quotation mark are inches.
            [b'"', ..] if !before.is_ascii_digit() => Some((Mark::Double, 1)),
            [b'\'', ..] if is_before_word(1) => Some((Mark::Single, 1)),
            [0xE2, 0x80, 0x9C, ..] => Some((Mark::Curly, 3)),
            [0xE2, 0x80, 0x98, ..] if is_before_word(3) => Some((Mark::Single, 3)),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Mark {
    Double,
    Curly,
    Single,
}

/// Where what is quoted from byte `from` on ends, and the byte behind its closing mark.
fn closing(text: &[u8], from: usize, mark: Mark) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let found = match mark {
        Mark::Double => memchr(b'"', rest).map(|at| (from + at, from + at + 1)),
        Mark::Curly => memmem::find(rest, "\u{201d}".as_bytes()).map(|at| (from + at, from + at + 3)),
        Mark::Single => rest.iter().enumerate().find_map(|(at, byte)| {
            let length = match rest.get(at..)? {
                [b'\'', ..] => 1,
                [0xE2, 0x80, 0x99, ..] => 3,
                _ => return None,
            };
            // Between letters it is an apostrophe.
            let inside = rest.get(at + length).is_some_and(u8::is_ascii_alphanumeric);
            let opens =
                at.checked_sub(1).and_then(|before| rest.get(before)).is_none_or(|byte| *byte == b' ');
            (!inside && !opens && !byte.is_ascii_alphanumeric()).then_some((from + at, from + at + length))
        }),
    };
    #[cfg(test)]
    super::words::worked(found.map_or(text.len(), |(_, behind)| behind) - from);
    found
}

/// Whether `word`, a letter in capitals or a heading's name, heads what follows by another sign than a colon: `S/ `,
/// `O) `, `Subjective - `. Not `S/P`, nor the `(A)` of assistance.
fn is_headed(word: &Word<'_>, name: &[u8], behind: &[u8]) -> bool {
    let is_name = match word.text {
        [letter] => b"SOAP".contains(letter),
        _ => matches!(name, b"subjective" | b"objective" | b"assessment" | b"plan"),
    };
    let is_followed = match behind {
        [b'/' | b')', blank, ..] => blank.is_ascii_whitespace(),
        [b' ', b'-', blank, ..] => blank.is_ascii_whitespace(),
        [b' ', 0xE2, 0x80, 0x93 | 0x94, blank, ..] => blank.is_ascii_whitespace(),
        _ => false,
    };
    is_name && is_followed && word.gap.last() != Some(&b'(')
}

/// What a clinician tells of having done.
fn is_done(verb: Word<'_>) -> bool {
    matches!(
        verb.folded().as_bytes(),
        b"gave"
            | b"performed"
            | b"provided"
            | b"did"
            | b"used"
            | b"applied"
            | b"completed"
            | b"massaged"
            | b"treated"
    )
}

fn is_patient(word: &[u8]) -> bool {
    matches!(
        word,
        b"pt"
            | b"pts"
            | b"patient"
            | b"patients"
            | b"client"
            | b"resident"
            | b"she"
            | b"he"
            | b"they"
            | b"caregiver"
            | b"spouse"
            | b"wife"
            | b"husband"
            | b"mother"
            | b"mom"
            | b"father"
            | b"dad"
            | b"daughter"
            | b"son"
            | b"parent"
            | b"family"
    )
}

fn reports(verb: &[u8]) -> bool {
    matches!(
        verb,
        b"reports"
            | b"reported"
            | b"reporting"
            | b"states"
            | b"stated"
            | b"stating"
            | b"says"
            | b"said"
            | b"saying"
            | b"feels"
            | b"felt"
            | b"describes"
            | b"described"
            | b"notes"
            | b"requests"
            | b"requested"
            | b"requesting"
            | b"wants"
            | b"wanted"
            | b"wishes"
            | b"asks"
            | b"asked"
            | b"expresses"
            | b"expressed"
            | b"verbalizes"
            | b"verbalized"
            | b"endorses"
            | b"endorsed"
            | b"complains"
            | b"complained"
            | b"prefers"
            | b"believes"
            | b"thinks"
            | b"claims"
            | b"enjoys"
            | b"enjoyed"
            | b"likes"
            | b"hopes"
            | b"told"
            | b"tells"
            | b"mentions"
            | b"mentioned"
    )
}

/// Verbs that need no patient before them at the start of a sentence: `Reports less pain`, not `Stated goals`.
fn is_finite(verb: &[u8]) -> bool {
    verb.ends_with(b"s") && verb != b"notes"
}

/// Headings under which the clinician speaks again.
fn is_heading(word: &[u8]) -> bool {
    matches!(
        word,
        b"o" | b"obj"
            | b"objective"
            | b"a"
            | b"assessment"
            | b"p"
            | b"plan"
            | b"tx"
            | b"treatment"
            | b"treatments"
            | b"intervention"
            | b"interventions"
            | b"rx"
            | b"goal"
            | b"goals"
            | b"procedure"
            | b"procedures"
            | b"therapy"
            | b"manual"
            | b"massage"
    )
}

#[cfg(test)]
mod tests {
    use super::super::negation::ends_clause;
    use super::*;

    /// Whether the word `spa` in a text is the patient's.
    fn is_patients(text: &str) -> bool {
        let mut voice = Voice::of(text.as_bytes());
        let mut words = Words::of(text.as_bytes());
        let mut before = Folded::NONE;
        while let Some(word) = words.next() {
            if ends_clause(&before, &word) {
                voice.end_sentence();
            }
            let folded = word.folded();
            let is_patients = voice.read(&before, &word, &folded, words);
            if folded.as_bytes() == b"spa" {
                return is_patients;
            }
            before = folded;
        }
        panic!("{text} does not say it");
    }

    #[test]
    fn the_patients_words() {
        for text in [
            "Patient: \"like a spa\" after massage",
            "\u{201c}like a spa\u{201d} she said",
            "Comment: 'like a spa' today",
            "'It's like a spa' per wife",
            "Patient reports it is like a spa",
            "Pt. states: like a spa, and very nice",
            "She also said spa",
            "Feels like a spa",
            "Pt told me she hopes for a spa",
            "Per patient spa",
            "pt c/o spa",
            "S: pain less. Like a spa. O: STM",
            "5\" scar. \"spa\"",
            "S/ less pain. Like a spa. O/ STM",
            "S) spa O) STM",
            "Subjective - less pain. Like a spa. Objective - STM",
            "S) needs min (A) to stand. spa",
        ] {
            assert!(is_patients(text), "{text}");
        }
    }

    #[test]
    fn the_clinicians_words() {
        for text in [
            "spa massage",
            "Patient reports less pain. Spa massage",
            "\"less pain\" she said. Spa massage",
            "a 5\" scar, spa massage, 6\" scar",
            "Patient's spa massage; the patient's arm",
            "an unclosed \" and spa",
            "S: less pain. O: spa massage",
            "Stated goals: spa",
            "Report of spa",
            "C/S: spa massage",
            "L/S: less pain. Spa massage",
            "exercise s: spa massage",
            "S/ less pain O/ spa massage",
            "S) less pain O) spa massage",
            "Subjective - less pain. Objective - spa massage",
            "S/P repair. spa massage",
            "(S) for transfers, spa massage",
            "Patient requested and I gave spa massage",
        ] {
            assert!(!is_patients(text), "{text}");
        }
    }
}
