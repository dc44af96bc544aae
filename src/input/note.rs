//! Minutes of treatment in the words of a note ("25 MIN"). A weak fact: low confidence, and none at all where the
//! words can be read in two ways.

/// The one length of time in minutes that `note` gives for its own line: where its digits start, how many there are,
/// and the minutes (1 to 1,440).
///
/// A billing remark that gives the time of its line opens with it ("25 MIN LUMBAR") or is one clause that ends with
/// it ("STM LUMBAR 25 MIN"). A time anywhere else is as likely that of a home program, a warm-up or the whole visit,
/// and is not read; nor is any where the note speaks of one of these. `None` too where two stand (of two places, or of one
/// told twice), where one is a range, a bound, a multiple, or the odd minutes of some hours, and where the note states
/// units that are not those of the time: it may be the time of each.
pub fn minutes_in(note: &[u8]) -> Option<(usize, usize, u16)> {
    let (start, length, minutes) = only_length(note)?;
    let words = || note.split(|byte| !byte.is_ascii_alphabetic());
    if words().any(|word| is_of_something_else(Folded::new(word).as_slice()))
        || is_multiplied(&note[start + length..])
        || is_counted_before(&note[..start])
        || has_another_number(&note[start + length..])
        || states_other_units(note, minutes)
    {
        return None;
    }
    let opens = note[..start].trim_ascii_start().is_empty();
    let unit = |byte: &u8| byte.is_ascii_alphabetic() || b" -.".contains(byte);
    let closes = note[start + length..].iter().all(unit)
        && note[start + length..]
            .split(|byte| !byte.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
            .count()
            == 1
        && !note[..start].iter().any(|byte| b".,;\n".contains(byte));
    (opens || closes).then_some((start, length, minutes))
}

/// Whether a note speaks of minutes at all, in whatever way.
pub fn speaks_of_minutes(note: &[u8]) -> bool {
    note.split(|byte| !byte.is_ascii_alphabetic())
        .any(|word| matches!(Folded::new(word).as_slice(), b"MIN" | b"MINS" | b"MINUTE" | b"MINUTES"))
}

/// Words that give a time to something else than the service of the line.
fn is_of_something_else(word: &[u8]) -> bool {
    matches!(
        word,
        b"TOTAL"
            | b"TOTALS"
            | b"TTL"
            | b"TOT"
            | b"TX"
            | b"APPT"
            | b"APPOINTMENT"
            | b"NEXT"
            | b"HOLD"
            | b"HOLDS"
            | b"SITTING"
            | b"WALK"
            | b"WALKS"
            | b"WALKED"
            | b"VISIT"
            | b"SESSION"
            | b"HEP"
            | b"HOME"
            | b"DAILY"
            | b"WARM"
            | b"WARMUP"
            | b"COOL"
            | b"BIKE"
            | b"TREADMILL"
            | b"NUSTEP"
            | b"ICE"
            | b"HEAT"
            | b"WAIT"
            | b"WAITED"
            // A hot or cold pack is no timed service.
            | b"MHP"
            | b"HP"
            | b"CP"
            | b"PACK"
            | b"PACKS"
            // What the patient can do, or is to do.
            | b"TEST"
            | b"MWT"
            | b"GOAL"
            | b"GOALS"
            | b"TOLERANCE"
            | b"TOLERATES"
            | b"TOLERATED"
            | b"ABLE"
            | b"UNABLE"
            // Nothing was done, or nobody was there.
            | b"SHOW"
            | b"NOSHOW"
            | b"CANCEL"
            | b"CANCELED"
            | b"CANCELLED"
            | b"REFUSED"
            | b"DECLINED"
            | b"UNATTENDED"
            | b"CALL"
            | b"PHONE"
            // More was done than what the time is of.
            | b"THEN"
            | b"FOLLOWED"
    )
}

/// Whether what stands behind a time may say that it was spent more than once: `15 MIN X 2`, `15 MIN NECK EACH SIDE`.
fn is_multiplied(after: &[u8]) -> bool {
    let is_multiple = |word: &[u8]| {
        let folded = Folded::new(word);
        let is_by_count = |rest: &[u8]| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit);
        match folded.as_slice() {
            [b'X', b'1'] | [b'1', b'X'] => false,
            [b'X', rest @ ..] if rest.is_empty() || is_by_count(rest) => true,
            [rest @ .., b'X'] if is_by_count(rest) => true,
            word => matches!(
                word,
                b"EACH"
                    | b"EA"
                    | b"PER"
                    | b"TIMES"
                    | b"TWICE"
                    | b"THRICE"
                    | b"DOUBLE"
                    | b"BID"
                    | b"TID"
                    | b"QID"
                    | b"AREAS"
                    | b"REGIONS"
                    | b"SITES"
                    | b"SETS"
                    | b"AM"
                    | b"PM"
                    // A bound.
                    | b"MORE"
                    | b"LESS"
                    | b"PLUS"
            ),
        }
    };
    after.split(|byte| !byte.is_ascii_alphanumeric()).any(is_multiple)
        || after.contains(&b'*')
        || after.windows(2).any(|pair| pair == "\u{d7}".as_bytes())
}

/// Whether what stands before a time counts how often it was spent: `2 AREAS 15 MIN`, `X2 15 MIN`.
fn is_counted_before(before: &[u8]) -> bool {
    let is_count = |word: &[u8]| match Folded::new(word).as_slice() {
        [b'X', rest @ ..] | [rest @ .., b'X'] if !rest.is_empty() => {
            rest != b"1" && rest.iter().all(u8::is_ascii_digit)
        }
        word => matches!(word, b"AREAS" | b"REGIONS" | b"SITES" | b"SETS" | b"TWO" | b"THREE" | b"FOUR"),
    };
    before.split(|byte| !byte.is_ascii_alphanumeric()).any(is_count)
}

/// Whether another number stands behind a time that may be one too: `15 MIN NECK, 15 LUMBAR`. Units are told apart elsewhere.
fn has_another_number(after: &[u8]) -> bool {
    let mut words =
        after.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let number = std::str::from_utf8(word).ok().and_then(|text| text.parse::<u32>().ok());
        let is_of_units = words
            .peek()
            .is_some_and(|next| matches!(Folded::new(next).as_slice(), b"UNIT" | b"UNITS" | b"U"));
        if number.is_some_and(|number| number > 2) && !is_of_units {
            return true;
        }
    }
    false
}

/// Whether a note states units, and others than `minutes` are.
fn states_other_units(note: &[u8], minutes: u16) -> bool {
    let mut count = None;
    let mut others = false;
    for word in note.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&word[..digits]).ok().and_then(|text| text.parse::<u32>().ok());
        let stated = if digits > 0 { number } else { count };
        if matches!(Folded::new(&word[digits..]).as_slice(), b"UNIT" | b"UNITS" | b"U") {
            others |= stated != Some((u32::from(minutes) + 7) / 15);
        }
        count = if digits == word.len() { number } else { None };
    }
    others
}

fn only_length(note: &[u8]) -> Option<(usize, usize, u16)> {
    let mut found: Option<(usize, usize, u16)> = None;
    let mut at = 0;
    while at < note.len() {
        if !note[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let length = note[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let start = at;
        at += length;
        match measure(note, start, length) {
            Reading::Other => {}
            Reading::Unclear => return None,
            Reading::Minutes(_) if found.is_some() => return None,
            Reading::Minutes(minutes) => found = Some((start, length, minutes)),
        }
    }
    found
}

enum Reading {
    Other,
    Unclear,
    Minutes(u16),
}

fn measure(note: &[u8], start: usize, length: usize) -> Reading {
    let after = note[start + length..].trim_ascii_start();
    let after = after.strip_prefix(b"-").unwrap_or(after);
    let unit = word(after);
    if !matches!(Folded::new(unit).as_slice(), b"MIN" | b"MINS" | b"MINUTE" | b"MINUTES") {
        return Reading::Other;
    }
    let rest = &after[unit.len()..];
    let rest = rest.strip_prefix(b".").unwrap_or(rest);
    let next = rest.trim_ascii_start();
    if changes_what_follows(word(next.strip_prefix(b"-").unwrap_or(next))) {
        return Reading::Other;
    }
    let before = &note[..start];
    match role_before(last_word(before)) {
        Before::NotALength => return Reading::Other,
        Before::Unclear => return Reading::Unclear,
        Before::Nothing => {}
    }
    let touching = before.last().copied().unwrap_or(b' ');
    // `1:15 MIN` is an hour and a quarter; `TIME:15 MIN` is not.
    let is_of_hours = before.ends_with(b":") && before.iter().rev().nth(1).is_some_and(u8::is_ascii_digit);
    if touching.is_ascii_alphabetic()
        || touching == b'.'
        || is_of_hours
        || is_joined(before.trim_ascii_end())
        || rest.first().is_some_and(|byte| b"/-+".contains(byte))
    {
        return Reading::Unclear;
    }
    let digits = &note[start..start + length];
    match std::str::from_utf8(digits).ok().and_then(|text| text.parse::<u16>().ok()) {
        Some(minutes @ 1..=1440) => Reading::Minutes(minutes),
        _ => Reading::Unclear,
    }
}

/// Whether the word after the number and its unit makes them something else than the length of this service:
/// `15 MIN UNITS`, `8 MIN RULE`, `10 MIN LATE`.
fn changes_what_follows(word: &[u8]) -> bool {
    matches!(
        Folded::new(word).as_slice(),
        b"UNIT"
            | b"UNITS"
            | b"INCREMENT"
            | b"INCREMENTS"
            | b"INTERVAL"
            | b"INTERVALS"
            | b"BLOCK"
            | b"BLOCKS"
            | b"EACH"
            | b"EA"
            | b"PER"
            | b"CODE"
            | b"CODES"
            | b"TIMED"
            | b"RULE"
            | b"LATE"
            | b"EARLY"
            | b"AGO"
            | b"BREAK"
            | b"REST"
            | b"BEFORE"
            | b"AFTER"
            | b"PRIOR"
    )
}

enum Before {
    Nothing,
    /// `EACH 15 MIN`.
    NotALength,
    /// Part of something longer, or a bound: `1 HR 15 MIN`, `AT LEAST 15 MIN`.
    Unclear,
}

fn role_before(word: &[u8]) -> Before {
    match Folded::new(word).as_slice() {
        b"EACH" | b"PER" | b"EVERY" | b"EA" | b"REST" => Before::NotALength,
        b"HR" | b"HRS" | b"HOUR" | b"HOURS" | b"H" | b"LEAST" | b"MOST" | b"OVER" | b"UNDER" | b"THAN"
        | b"TO" | b"OR" | b"X" | b"UP" | b"TIMES" | b"TWICE" | b"MAX" | b"MINIMUM" | b"MAXIMUM"
        | b"ABOUT" | b"APPROX" | b"AROUND" | b"NEARLY" | b"ALMOST" | b"WITHIN" | b"AFTER" | b"BEFORE"
        | b"FIRST" | b"LAST" | b"OF" | b"BY" | b"LATE" | b"ANOTHER" | b"ADDL" | b"ADDITIONAL" | b"EXTRA"
        | b"REMAINING" | b"PLUS" => Before::Unclear,
        _ => Before::Nothing,
    }
}

/// A word in upper case; empty if it is longer than any that is known.
struct Folded {
    bytes: [u8; 12],
    length: usize,
}

impl Folded {
    fn new(word: &[u8]) -> Folded {
        let mut bytes = [0; 12];
        let length = if word.len() <= bytes.len() { word.len() } else { 0 };
        for (to, from) in bytes.iter_mut().zip(&word[..length]) {
            *to = from.to_ascii_uppercase();
        }
        Folded { bytes, length }
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Whether a sign makes the number part of something longer: a range, a bound, a multiple.
fn is_joined(before: &[u8]) -> bool {
    match *before {
        [ref range @ .., b'-'] => range.trim_ascii_end().last().is_some_and(u8::is_ascii_digit),
        [.., sign] if b"/+*<>~".contains(&sign) => true,
        // `(2) 15 MIN`.
        [ref count @ .., b')'] => count.trim_ascii_end().last().is_some_and(u8::is_ascii_digit),
        [.., last] if !last.is_ascii() => ["\u{2265}", "\u{2264}", "\u{b1}", "\u{2248}", "\u{d7}"]
            .iter()
            .any(|sign| before.ends_with(sign.as_bytes())),
        _ => false,
    }
}

/// The letters and digits that `bytes` begin with.
fn word(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(bytes.len());
    &bytes[..end]
}

/// The letters that `bytes` end with, before blanks.
fn last_word(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.trim_ascii_end();
    let start = bytes.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    &bytes[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (note, minutes) in [
            ("25 MIN", 25),
            ("25 MINS", 25),
            ("25 minutes of soft tissue work", 25),
            ("25MIN", 25),
            ("TIME: 25 MIN.", 25),
            ("TIME=25 MIN", 25),
            ("2 UNITS (15 MIN EACH) 30 MIN", 30),
            ("STM - 40 MIN", 40),
            ("STANDING BALANCE 15 MIN", 15),
            ("15 MIN GAIT, TESTED AFTERWARDS", 15),
            ("25 MIN (2 UNITS)", 25),
            ("40 MIN (3 UNITS)", 40),
            ("25 MIN LUMBAR X1", 25),
            ("2 UNITS 25 MIN", 25),
            ("15 MIN L4-L5 XR REVIEWED", 15),
            ("M\u{fc}ller 40 MIN", 40),
        ] {
            let (start, length, value) = minutes_in(note.as_bytes()).expect(note);
            assert_eq!(value, minutes, "{note}");
            assert_eq!(note[start..start + length].parse(), Ok(minutes), "{note}");
        }
    }

    #[test]
    fn not_a_length_or_not_clear() {
        for note in [
            "",
            "MINIMAL SWELLING",
            "25 MINIMAL",
            "25 MINI",
            "25 MINT",
            "MIN 25",
            "15 MIN UNITS",
            "15-MIN UNITS",
            "EACH 15 MIN",
            "2 X 15 MIN",
            "2X15 MIN",
            "15-25 MIN",
            "15 TO 25 MIN",
            "1 HR 15 MIN",
            "1.5 MIN",
            ">8 MIN",
            "\u{2265}8 MIN",
            "AT LEAST 15 MIN",
            "8 MIN RULE",
            "PT ARRIVED 10 MIN LATE",
            "20 MIN ARM, 10 MIN NECK",
            "A25MIN",
            "97124, 25 MIN",
            "DONE. 40 MIN",
            "MASSAGE 25-MIN NECK",
            "STM 25 MIN, TOTAL 25 MIN",
            "Massage to lumbar. Total treatment time 45 min",
            "TOTAL TIMED 40 MIN",
            "40 MIN TOTAL",
            "Effleurage lumbar. HEP 5 min 2x/day",
            "Effleurage lumbar; warm up on bike 5 min",
            "HEP 10 min daily",
            "6 MIN WALK TEST 300 FT",
            "6 MIN. MWT 300 FT",
            "STANDING TOLERANCE 10 MIN",
            "GOAL WALK 20 MIN",
            "10 MIN MHP THEN STM",
            "15 MIN STM THEN STRETCHING",
            "10 MIN COLD PACK",
            "ABLE TO SIT 20 MIN",
            "0 MIN",
            "9999 MIN",
            "30 MIN/DAY",
            "99999999999999999999 MIN",
            "1:15 MIN",
            "15 MIN NECK & 15 LOW BACK",
            "15 MIN NECK, 15 LUMBAR",
            "2 AREAS 15 MIN",
            "X2 15 MIN",
            "TWO 15 MIN",
            "2 SETS 15 MIN",
            "15 MIN AM AND PM",
            "15 MIN OR MORE",
            "15 MIN PLUS",
            "TTL 45 MIN",
            "TX TIME 45 MIN",
            "45 MIN APPT",
            "15 OF 30 MIN",
            "INSTEAD OF 25 MIN",
            "PT LATE 15 MIN",
            "INCREASED STANDING BY 5 MIN",
            "WALKS 20 MIN",
            "PAIN WITH SITTING 20 MIN",
            "NEXT TIME 15 MIN",
            "HOLD 2 MIN",
            "15 MIN X 2",
            "15 MIN X2 AREAS",
            "15 MIN 2X",
            "15 MIN * 2",
            "15 MIN \u{d7} 2",
            "15 MIN TWICE",
            "15 MIN BID",
            "15 MIN, EACH SIDE",
            "15 MIN (2 UNITS)",
            "15 MIN 2 U",
            "15 MIN (2U)",
            "2 UNITS 15 MIN",
            "TWO UNITS 15 MIN",
            "(2) 15 MIN",
            "EACH UNIT 15 MIN",
            "15 MIN NECK, 15 MIN LOW BACK",
            "NO SHOW 15 MIN",
            "PAIN AFTER 15 MIN",
            "15 MIN ESTIM UNATTENDED",
            "PHONE CALL 15 MIN",
            "LAST 15 MIN",
            "ADDL 15 MIN",
        ] {
            assert_eq!(minutes_in(note.as_bytes()), None, "{note}");
        }
    }
}
