//! What a note says is not so.

use super::words::{Folded, Word};

/// How a word denies what follows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::checks) enum Denial {
    /// Something is not there: `no pain`, `denies`, `without`.
    OfFact,
    /// Something is not done or meant: `not for`, `rather than`.
    OfAim,
}

/// How `word` denies what follows it, if it does; `before` is the word before it.
pub(in crate::checks) fn denial(before: &Folded, word: &Word<'_>, folded: &Folded) -> Option<Denial> {
    match folded.as_bytes() {
        b"no" | b"non" | b"without" | b"denies" | b"denied" | b"denying" | b"negative" | b"neg" | b"nor"
        | b"neither" | b"declined" | b"declines" | b"refused" | b"refuses" => Some(Denial::OfFact),
        b"not" | b"never" | b"avoid" | b"avoids" | b"avoided" | b"avoiding" | b"excluding" | b"excludes"
        | b"contraindicated" | b"cannot" | b"isnt" | b"wasnt" | b"arent" | b"werent" | b"doesnt"
        | b"didnt" | b"dont" | b"wont" | b"hasnt" | b"havent" => Some(Denial::OfAim),
        b"than" if before.as_bytes() == b"rather" => Some(Denial::OfAim),
        b"of" if before.as_bytes() == b"instead" => Some(Denial::OfAim),
        b"to" if before.as_bytes() == b"opposed" => Some(Denial::OfAim),
        b"o" if before.as_bytes() == b"w" && word.gap == b"/" => Some(Denial::OfFact),
        // "isn't", with either apostrophe
        b"t" if before.as_bytes().ends_with(b"n")
            && (word.gap == b"'" || word.gap == "\u{2019}".as_bytes()) =>
        {
            Some(Denial::OfAim)
        }
        _ => None,
    }
}

/// Whether a sentence or a clause of its own ends before `word`; `before` is the word before it.
pub(in crate::checks) fn ends_clause(before: &Folded, word: &Word<'_>) -> bool {
    if word.gap.iter().any(|byte| b";\n!?".contains(byte)) {
        return true;
    }
    if !word.gap.contains(&b'.') {
        return false;
    }
    let before = before.as_bytes();
    let is_decimal = word.gap == b"."
        && before.last().is_some_and(u8::is_ascii_digit)
        && word.text.first().is_some_and(u8::is_ascii_digit);
    // "e.g."
    let is_letter = word.gap == b"." && before.len() == 1 && word.text.len() == 1;
    let is_short = matches!(before, b"pt" | b"pts" | b"dr" | b"mr" | b"mrs" | b"ms" | b"approx" | b"vs")
        && word.gap[0] == b'.';
    !(is_decimal || is_letter || is_short)
}

/// Words of meaning that a denial reaches over.
const REACH: usize = 4;
/// Words behind a phrase among which `not` is looked for.
const REACH_BACK: usize = 5;

/// The denial that is in force, from word to word of one clause.
#[derive(Clone, Copy, Default)]
pub(super) struct Negation {
    /// The kind of denial, and the words of meaning since it.
    since: Option<(Denial, usize)>,
    /// Whether something that is looked for has been denied in this clause: what follows is likely a list of such.
    renewed: bool,
}

impl Negation {
    /// Goes on to `word`, and says whether it is denied.
    pub(super) fn read(&mut self, before: &Folded, word: &Word<'_>, folded: &Folded) -> bool {
        if word.gap.contains(&b',')
            && !self.renewed
            && matches!(self.since, Some((Denial::OfFact, distance))
                if distance > 1 || distance == 1 && is_whole(before.as_bytes()))
        {
            // "no adverse reaction, ..." and "no complaints, ..." are at their end; "no cosmetic, ..." is not.
            self.since = None;
        }
        match folded.as_bytes() {
            b"but" | b"however" | b"except" | b"so" | b"therefore" | b"thus" | b"then" | b"because"
            | b"while" | b"although" | b"though" => self.since = None,
            // "not yet"
            b"yet" if !matches!(before.as_bytes(), b"not" | b"t" | b"hasnt" | b"havent") => self.since = None,
            b"with" | b"during" | b"after" | b"following" if matches!(self.since, Some((Denial::OfFact, distance)) if distance > 0) =>
            {
                self.since = None;
            }
            _ => {}
        }
        let is_denied = self.since.is_some_and(|(_, distance)| distance < REACH);
        if let Some(denial) = denial(before, word, folded) {
            self.since = Some((denial, 0));
        } else if let Some((_, distance)) = &mut self.since
            && !is_filler(folded.as_bytes())
        {
            *distance += 1;
        }
        is_denied
    }

    /// What is looked for was found here, denied: a list of such goes on.
    pub(super) fn renew(&mut self) {
        self.renewed = true;
        if let Some((_, distance)) = &mut self.since {
            *distance = 0;
        }
    }
}

/// Nouns that are the whole of what `no` or `without` denies: no adjective of what follows a comma.
fn is_whole(word: &[u8]) -> bool {
    matches!(
        word,
        b"complaint"
            | b"complaints"
            | b"pain"
            | b"issue"
            | b"issues"
            | b"incident"
            | b"difficulty"
            | b"difficulties"
            | b"problem"
            | b"problems"
            | b"distress"
            | b"event"
            | b"events"
            | b"change"
            | b"changes"
            | b"swelling"
            | b"bruising"
            | b"redness"
            | b"symptoms"
            | b"concerns"
            | b"complication"
            | b"complications"
            | b"reaction"
            | b"reactions"
    )
}

/// Words that carry no meaning of their own.
fn is_filler(word: &[u8]) -> bool {
    matches!(
        word,
        b"a" | b"an"
            | b"the"
            | b"for"
            | b"of"
            | b"to"
            | b"and"
            | b"or"
            | b"any"
            | b"be"
            | b"is"
            | b"was"
            | b"are"
            | b"were"
            | b"been"
            | b"in"
            | b"as"
            | b"at"
            | b"by"
            | b"on"
            | b"type"
            | b"kind"
            | b"t"
    )
}

/// Whether what has just been named is denied behind it: `relaxation was not the goal`, `spa: no`. `following` are the
/// words behind it.
pub(super) fn is_denied_behind<'t>(last: &Folded, following: impl Iterator<Item = Word<'t>>) -> bool {
    let mut before = *last;
    for (place, word) in following.take(REACH_BACK).enumerate() {
        if ends_clause(&before, &word) || word.gap.contains(&b',') {
            return false;
        }
        let folded = word.folded();
        match folded.as_bytes() {
            b"but" | b"with" | b"without" | b"to" | b"then" | b"so" => return false,
            b"none" | b"no" | b"na" if place == 0 && word.gap.iter().any(|byte| b":=-".contains(byte)) => {
                return true;
            }
            b"excluded" | b"avoided" | b"denied" | b"declined" | b"refused" => return true,
            _ if denial(&before, &word, &folded) == Some(Denial::OfAim) => return true,
            _ => {}
        }
        before = folded;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::words::Words;
    use super::*;

    /// Whether the last word of a text is denied.
    fn denied(text: &str) -> bool {
        let mut negation = Negation::default();
        let mut before = Folded::NONE;
        let mut is_denied = false;
        for word in Words::of(text.as_bytes()) {
            if ends_clause(&before, &word) {
                negation = Negation::default();
            }
            let folded = word.folded();
            is_denied = negation.read(&before, &word, &folded);
            before = folded;
        }
        is_denied
    }

    #[test]
    fn what_is_denied() {
        for text in [
            "not for relaxation",
            "not performed for the purpose of relaxation",
            "no spa",
            "denies spa",
            "without relaxation",
            "w/o relaxation",
            "rather than relaxation",
            "instead of relaxation",
            "as opposed to spa",
            "this isn't relaxation",
            "this isn\u{2019}t relaxation",
            "is not a spa",
            "no cosmetic, spa",
            "Pt. not here for spa",
            "has not yet reached spa",
        ] {
            assert!(denied(text), "{text}");
        }
    }

    #[test]
    fn what_is_not() {
        for text in [
            "relaxation",
            "no pain. relaxation",
            "not for pain but relaxation",
            "no adverse reaction, relaxation",
            "without complaints, relaxation",
            "not tolerated, yet relaxation",
            "no complaints with relaxation",
            "not tolerated; relaxation",
            "no change in gait pattern and strength relaxation",
            "notable relaxation",
        ] {
            assert!(!denied(text), "{text}");
        }
    }

    #[test]
    fn a_denial_may_follow() {
        let behind = |text: &str| is_denied_behind(&Folded::new(b"spa"), Words::of(text.as_bytes()));
        for text in [
            " was not the goal",
            " services were not provided",
            ": no",
            ": none",
            " isn't the aim",
            " declined",
        ] {
            assert!(behind(text), "{text}");
        }
        for text in
            ["", ", not in distress", ". Not here", " with no complaints", " massage without pain", " no 2"]
        {
            assert!(!behind(text), "{text}");
        }
    }
}
