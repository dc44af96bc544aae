//! Who furnished a service, by the words of a note: only where they plainly say that it was somebody who is no therapist.
//!
//! Words are a weak fact. A name counts in two phrases alone, "massage by LMT" and "LMT performed massage", and not where
//! the clause denies it, speaks of another time, or repeats what the patient says.

use super::region;

/// What comes right before "by", or right after a name, where somebody furnished a service.
const FURNISHED: [&str; 8] =
    ["performed", "provided", "furnished", "rendered", "administered", "delivered", "completed", "treated"];
const SERVICES: [&str; 14] = [
    "massage",
    "stm",
    "mt",
    "therapy",
    "treatment",
    "session",
    "service",
    "services",
    "exercise",
    "exercises",
    "given",
    "done",
    "97124",
    "97140",
];
/// Words between "by" and a name that change nothing.
const FILLERS: [&str; 12] = [
    "a",
    "an",
    "the",
    "our",
    "clinic",
    "licensed",
    "certified",
    "registered",
    "staff",
    "rehab",
    "therapy",
    "pt",
];
/// Words behind "LMT performed" among which the service is looked for: "15 min lumbar massage".
const OBJECT: usize = 4;
/// Words behind which something else is named than what somebody did.
const ELSEWHITHER: [&str; 7] = ["by", "with", "for", "to", "from", "in", "after"];
/// Words that may stand with the region that was treated.
const OF_PLACE: [&str; 9] = ["to", "the", "of", "left", "right", "l", "r", "low", "upper"];
/// Words that make a clause say something else than who furnished this service today.
const OTHERWISE: [&str; 91] = [
    "no",
    "not",
    "never",
    "without",
    "non",
    "denies",
    "denied",
    "previous",
    "previously",
    "prior",
    "before",
    "outside",
    "elsewhere",
    "history",
    "hx",
    "past",
    "last",
    "ago",
    "yesterday",
    "week",
    "weekly",
    "month",
    "home",
    "own",
    "private",
    "referred",
    "referral",
    "plan",
    "planned",
    "will",
    "would",
    "may",
    "should",
    "if",
    "recommend",
    "recommended",
    "states",
    "stated",
    "reports",
    "reported",
    "instead",
    "patient",
    "assisted",
    "between",
    "had",
    "has",
    "gets",
    "get",
    "getting",
    "got",
    "receives",
    "receiving",
    "gym",
    "spa",
    "practice",
    "school",
    "team",
    "game",
    "club",
    "college",
    "saturday",
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "sat",
    "sun",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thurs",
    "fri",
    "weekend",
    "tomorrow",
    "recently",
    "already",
    "since",
    "coordinated",
    "coordination",
    "communicated",
    "discussed",
    "spoke",
    "contacted",
    "called",
    "consulted",
    "regarding",
    "re",
];

/// The last word of every name that counts.
const TELLING: [&str; 8] =
    ["lmt", "masseuse", "masseur", "therapist", "trainer", "atc", "physiologist", "aide"];

/// Longest clause that is read, in words. A longer one says too much to be plain.
const LONGEST: usize = 40;

/// The sort of person that the note plainly names as having furnished the service, if that is no therapist.
pub(super) fn no_therapist(note: &[u8]) -> Option<&'static str> {
    // Nearly every note names none of them.
    if !note.split(|byte| !byte.is_ascii_alphanumeric()).any(|word| is_one_of(word, &TELLING)) {
        return None;
    }
    note.split(|byte| matches!(byte, b'.' | b';' | b'\n' | b'!' | b'?')).find_map(clause)
}

fn clause(text: &[u8]) -> Option<&'static str> {
    let mut words: [&[u8]; LONGEST] = [b""; LONGEST];
    let mut count = 0;
    for word in text.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        *words.get_mut(count)? = word;
        count += 1;
    }
    let words = &words[..count];
    let (at, after, provider) = (0..count).find_map(|at| {
        let (length, provider) = named(&words[at..])?;
        is_furnisher(words, at, at + length).then_some((at, at + length, provider))
    })?;
    let around = words[..at].iter().chain(&words[after..]);
    let is_plain = !around.into_iter().any(|word| is_one_of(word, &OTHERWISE));
    is_plain.then_some(provider)
}

/// A name at the beginning of `words`: how many words it has, and whom it names.
fn named(words: &[&[u8]]) -> Option<(usize, &'static str)> {
    let is = |at: usize, wanted: &[&str]| words.get(at).is_some_and(|word| is_one_of(word, wanted));
    if is(0, &["lmt", "masseuse", "masseur"]) {
        Some((1, "massage therapist"))
    } else if is(0, &["massage"]) && is(1, &["therapist"]) {
        Some((2, "massage therapist"))
    } else if is(0, &["athletic"]) && is(1, &["trainer"]) {
        Some((2, "athletic trainer"))
    } else if is(0, &["atc"]) {
        Some((1, "athletic trainer"))
    } else if is(0, &["exercise"]) && is(1, &["physiologist"]) {
        Some((2, "exercise physiologist"))
    } else if is(0, &["aide"]) {
        Some((1, "aide"))
    } else {
        None
    }
}

/// Whether the name at `start..end` is that of who furnished something.
fn is_furnisher(words: &[&[u8]], start: usize, end: usize) -> bool {
    if let Some(done) = words.get(end).filter(|word| is_one_of(word, &FURNISHED)) {
        // "LMT performed massage", and not "LMT provided by the clinic", "treated with" nor "aide provided transport".
        let mut behind = words[end + 1..].iter().take(OBJECT);
        return if is_one_of(done, &["treated"]) {
            !behind.next().is_some_and(|word| is_one_of(word, &ELSEWHITHER))
        } else {
            behind.take_while(|word| !is_one_of(word, &ELSEWHITHER)).any(|word| is_one_of(word, &SERVICES))
        };
    }
    let before = &words[..start];
    let fillers = before.iter().rev().take_while(|word| is_one_of(word, &FILLERS)).count();
    let Some((by, done)) = before[..before.len() - fillers].split_last() else { return false };
    // "STM lumbar by LMT", "massage to left shoulder by LMT"
    let place =
        done.iter().rev().take_while(|word| is_one_of(word, &OF_PLACE) || region::is_named(word)).count();
    let done = &done[..done.len() - place];
    is_one_of(by, &["by"])
        && done.last().is_some_and(|word| is_one_of(word, &FURNISHED) || is_one_of(word, &SERVICES))
}

fn is_one_of(word: &[u8], wanted: &[&str]) -> bool {
    wanted.iter().any(|one| word.eq_ignore_ascii_case(one.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_plainly_furnished_it() {
        for (note, provider) in [
            ("MASSAGE BY LMT", "massage therapist"),
            ("15 MIN STM BY LMT UNDER DR OSGOOD", "massage therapist"),
            ("Massage performed by our licensed massage therapist.", "massage therapist"),
            ("Lumbar STM. LMT performed massage to low back", "massage therapist"),
            ("therapy by athletic trainer", "athletic trainer"),
            ("exercises provided by ATC; tolerated well", "athletic trainer"),
            ("Treatment furnished by an exercise physiologist", "exercise physiologist"),
            ("97124 by rehab aide", "aide"),
            ("15 min STM lumbar by massage therapist", "massage therapist"),
            ("Massage to left shoulder by LMT", "massage therapist"),
            ("LMT performed 15 min lumbar massage", "massage therapist"),
            ("Low back: massage therapist treated low back", "massage therapist"),
        ] {
            assert_eq!(no_therapist(note.as_bytes()), Some(provider), "{note}");
        }
    }

    #[test]
    fn who_did_not_or_not_plainly() {
        for note in [
            "",
            "25 MIN",
            "massage by PT",
            "massage not by LMT",
            "No massage by LMT",
            "massage performed by PT, not LMT",
            "LMT did not perform massage",
            "massage therapy to low back",
            "Patient reports massage by LMT",
            "massage by LMT last week",
            "Previously treated by massage therapist",
            "previous massage by LMT",
            "referred by massage therapist",
            "exercises with aide",
            "transported by aide",
            "aide provided transport",
            "aide provided assistance to therapy table",
            "hot pack set up by aide",
            "supervised by athletic trainer",
            "mobility aide: cane",
            "LMT",
            "seen by LMT",
            "plan: massage by LMT",
            "massage therapist treated by PT for neck pain",
            "exercise physiologist",
            "first aide",
            "PT is also LMT",
            "works as a massage therapist",
            "Pt had massage performed by LMT on Saturday",
            "Pt also gets massage by LMT at her gym",
            "exercises by athletic trainer at practice",
            "Coordinated with athletic trainer re: treatment by ATC",
            "receives massage by LMT at a spa",
            "lumbar by LMT",
        ] {
            assert_eq!(no_therapist(note.as_bytes()), None, "{note}");
        }
    }
}
