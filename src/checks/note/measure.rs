//! Whether a note measures anything: range of motion, pain, strength, a scale, a girth.

use super::dates::{is_visit, words_of_when};
use super::figure::{counts_or_times, is_of_ten, other_end};
use super::words::{Word, Words};

/// Whether a note states an objective measure: degrees, a score of pain or strength (`4/10`, `4+/5`), the name of a
/// scale (ODI, NDI, LEFS, DASH, MMT, TUG ...), or a figure of grip, girth, motion, balance or distance walked.
///
/// Generous: a scale counts without its figure, and so does a measure of anything. What this does not find may be
/// called missing, so a doubt is decided for the note. Dates, times and numbers of visits are no measures.
pub fn has_objective_measure(note: &[u8]) -> bool {
    let mut words = Words::of(note);
    let mut clause = Clause::default();
    let mut before: Option<Word<'_>> = None;
    while let Some(word) = words.next() {
        if word.gap.iter().any(|byte| b".;\n!?".contains(byte)) && !is_decimal(before, word) {
            clause = Clause::default();
        }
        let taken = words_of_when(word, words);
        if taken > 0 {
            before = words.by_ref().take(taken - 1).last().or(Some(word));
            continue;
        }
        if is_scale(word, words) || is_degrees(word, words) || is_score(before, word, words) {
            return true;
        }
        clause.read(before, word, words);
        if clause.is_measured() {
            return true;
        }
        before = Some(word);
    }
    false
}

fn is_decimal(before: Option<Word<'_>>, word: Word<'_>) -> bool {
    word.gap == b"." && word.number().is_some() && before.is_some_and(|before| before.number().is_some())
}

/// The name of a test or a questionnaire. Names that are English words count in capitals, or before a figure.
fn is_scale(word: Word<'_>, rest: Words<'_>) -> bool {
    let next = rest.peek();
    let second = next.map(|next| next.folded());
    let second = second.as_ref().map_or(b"".as_slice(), |next| next.as_bytes());
    match word.folded().as_bytes() {
        b"odi" | b"ndi" | b"lefs" | b"quickdash" | b"qdash" | b"nprs" | b"nrs" | b"vas" | b"mmt"
        | b"mmts" | b"psfs" | b"bbs" | b"oswestry" | b"koos" | b"hoos" | b"womac" | b"spadi" | b"faam"
        | b"rmdq" | b"uefi" | b"uefs" | b"ases" | b"prwe" | b"fabq" | b"hit6" | b"midas" | b"lsi"
        | b"6mwt" | b"2mwt" | b"10mwt" | b"mwt" | b"5xsts" | b"5tsts" | b"fga" | b"dgi" | b"tinetti"
        | b"poma" | b"minibest" | b"dhi" | b"kujala" | b"akps" | b"lysholm" | b"ikdc" | b"tegner"
        | b"faos" | b"fadi" | b"phq9" | b"gad7" | b"psqi" | b"sf36" | b"sf12" | b"tsk11" | b"moca"
        | b"mmse" | b"prtee" | b"30sts" | b"30scst" | b"4sst" | b"dynamometer" | b"dynamometry"
        | b"goniometer" | b"goniometry" | b"goniometric" | b"inclinometer" | b"ampac" | b"barthel"
        | b"foto" => true,
        b"dash" | b"tug" | b"fim" | b"promis" | b"berg" | b"abc" | b"fes" => {
            word.text.iter().all(u8::is_ascii_uppercase) || next.is_some_and(|next| next.number().is_some())
        }
        b"quick" => second == b"dash",
        b"hit" => second == b"6",
        b"neck" => second == b"disability",
        b"numeric" => matches!(second, b"pain" | b"rating"),
        b"visual" => matches!(second, b"analog" | b"analogue"),
        b"manual" => second == b"muscle" && third_is(rest, b"test"),
        b"patient" => second == b"specific",
        b"lower" | b"upper" => second == b"extremity" && third_is(rest, b"functional"),
        b"roland" => second == b"morris",
        b"functional" => matches!(second, b"reach" | b"gait"),
        _ => false,
    }
}

fn third_is(mut rest: Words<'_>, beginning: &[u8]) -> bool {
    rest.next();
    rest.next().is_some_and(|third| third.folded().as_bytes().starts_with(beginning))
}

/// `110 deg`, `110deg`, `0-110°`; not the heat of a pack.
fn is_degrees(word: Word<'_>, mut rest: Words<'_>) -> bool {
    let Some((_, unit)) = word.number_with_unit() else { return false };
    let behind = rest.rest();
    let next = rest.next();
    let (is_degrees, after) = if unit.is_empty() {
        let signs: [&str; 3] = ["\u{b0}", "\u{ba}", "\u{2da}"];
        match signs.iter().any(|sign| behind.trim_ascii_start().starts_with(sign.as_bytes())) {
            true => (true, next),
            false => (next.is_some_and(|next| names_degrees(next.text)), rest.next()),
        }
    } else {
        (names_degrees(unit), next)
    };
    let is_heat = after.is_some_and(|after| {
        !after.gap.contains(&b'.')
            && matches!(after.folded().as_bytes(), b"f" | b"c" | b"fahrenheit" | b"celsius")
    });
    is_degrees && !is_heat
}

fn names_degrees(word: &[u8]) -> bool {
    [b"deg".as_slice(), b"degs", b"degree", b"degrees"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// `4/10`, `4.5 / 10`, `4 out of 10`, `4+/5`; not a day (`on 4/10`), not a visit.
fn is_score(before: Option<Word<'_>>, word: Word<'_>, mut rest: Words<'_>) -> bool {
    let Some(score) = word.number().filter(|score| *score <= 10) else { return false };
    let says_when = before.is_some_and(|before| {
        let folded = before.folded();
        let names_a_day = matches!(
            folded.as_bytes(),
            b"on"
                | b"since"
                | b"dos"
                | b"date"
                | b"dated"
                | b"until"
                | b"week"
                | b"wk"
                | b"day"
                | b"seen"
                | b"treated"
                | b"eval"
                | b"evaluated"
        );
        !is_decimal(Some(before), word) && (names_a_day || is_visit(folded.as_bytes()))
    });
    if says_when || word.gap.ends_with(b"/") {
        return false;
    }
    let Some(mut second) = rest.next() else { return false };
    if second.gap == b"." && second.number().is_some() {
        // "4.5/10"
        let Some(third) = rest.next() else { return false };
        second = third;
    }
    let (whole, third) = match second.number() {
        Some(whole) if matches!(second.gap.trim_ascii(), b"/" | b"+/" | b"-/") => (whole, rest.next()),
        None if second.folded().as_bytes() == b"out" => {
            let of = rest.next().is_some_and(|of| of.folded().as_bytes() == b"of");
            match rest.next().and_then(|whole| whole.number()) {
                Some(whole) if of => (whole, rest.next()),
                _ => return false,
            }
        }
        _ => return false,
    };
    let goes_on = third.is_some_and(|third| third.gap == b"/" && third.number().is_some());
    !goes_on && !third.is_some_and(is_counted) && (whole == 10 || whole == 5 && score <= 5)
}

/// What is counted, not scored: `2/10 visits`, `3/5 goals met`.
fn is_counted(word: Word<'_>) -> bool {
    let folded = word.folded();
    let is_next = word.gap.trim_ascii().is_empty();
    is_next
        && (is_visit(folded.as_bytes())
            || matches!(
                folded.as_bytes(),
                b"goal"
                    | b"goals"
                    | b"stg"
                    | b"stgs"
                    | b"ltg"
                    | b"ltgs"
                    | b"met"
                    | b"treatments"
                    | b"appts"
                    | b"appointments"
                    | b"days"
                    | b"weeks"
                    | b"units"
                    | b"authorized"
            ))
}

/// What a clause speaks of, and which of its figures would measure it. The two may come in either order.
#[derive(Clone, Copy, Default)]
struct Clause {
    topics: u8,
    figures: u8,
    /// What the words just before speak of, sides and the like left out: `SLR to 60`, `cervical rot R 60`.
    near: u8,
}

const PAIN: u8 = 1;
const GRIP: u8 = 1 << 1;
const GIRTH: u8 = 1 << 2;
const MOTION: u8 = 1 << 3;
const BALANCE: u8 = 1 << 4;
const WALK: u8 = 1 << 5;

impl Clause {
    fn is_measured(self) -> bool {
        self.topics & self.figures != 0
    }

    fn read(&mut self, before: Option<Word<'_>>, word: Word<'_>, rest: Words<'_>) {
        if word.gap.contains(&b',') {
            self.near = 0;
        }
        match word.number_with_unit() {
            Some((number, unit)) => {
                self.figures |= self.figure(number, unit, before, rest);
                self.near = 0;
            }
            None => {
                let folded = word.folded();
                let topic = topic(folded.as_bytes());
                self.topics |= topic;
                if topic != 0 {
                    self.near = topic;
                } else if !is_between(folded.as_bytes()) {
                    self.near = 0;
                }
            }
        }
    }

    fn figure(&self, number: u16, unit: &[u8], before: Option<Word<'_>>, mut rest: Words<'_>) -> u8 {
        let behind = rest.rest();
        let all = rest;
        let next = rest.next();
        if unit.is_empty() && behind.starts_with(b"%") {
            return MOTION | GRIP;
        }
        let named =
            next.filter(|next| next.gap.trim_ascii().is_empty()).map_or(b"".as_slice(), |next| next.text);
        let is_bare = unit.is_empty();
        let unit = super::words::Folded::new(if unit.is_empty() { named } else { unit });
        match unit.as_bytes() {
            b"cm" | b"cms" | b"mm" | b"centimeters" | b"centimeter" => GIRTH | MOTION | BALANCE,
            b"in" | b"inch" | b"inches" if self.near != PAIN => GIRTH | MOTION | BALANCE,
            b"lb" | b"lbs" | b"pounds" | b"kg" | b"kgs" | b"psi" | b"n" => GRIP,
            b"percent" => MOTION | GRIP,
            b"s" | b"sec" | b"secs" | b"seconds" => BALANCE,
            b"ft" | b"feet" | b"m" | b"meters" | b"yards" | b"yds" | b"steps" => WALK,
            b"ml" => GIRTH,
            // "pain from 6 to 3"
            b"to"
                if number <= 10
                    && before.is_some_and(|word| word.folded().as_bytes() == b"from")
                    && rest.peek().and_then(|to| to.number()).is_some_and(|to| to <= 10) =>
            {
                PAIN
            }
            _ if is_bare => self.bare(number, before, all),
            // "flexion 110x"
            b"min" | b"mins" | b"minutes" | b"x" | b"reps" | b"sets" | b"times" | b"weeks" | b"days"
            | b"units" => 0,
            _ if (20..=180).contains(&number) && before.is_some_and(|word| is_motion(word)) => MOTION,
            _ => 0,
        }
    }

    /// A figure without a unit: `flexion 110`, `AROM 0-110`, `DF 5 to 9`, `pain level 3`, `circumference 39.5`.
    fn bare(&self, number: u16, before: Option<Word<'_>>, rest: Words<'_>) -> u8 {
        let range = other_end(rest);
        if counts_or_times(range.map_or(rest, |(_, behind)| behind)) {
            return 0;
        }
        let follows = |topic: u8| self.near == topic;
        let says = |name: &[u8]| before.is_some_and(|before| before.folded().as_bytes() == name);
        if (20..=180).contains(&number) && (follows(MOTION) || before.is_some_and(is_motion)) {
            return MOTION;
        }
        if follows(MOTION) && number <= 180 && (range.is_some() || says(b"lacks") || says(b"lacking")) {
            return MOTION;
        }
        if follows(GIRTH) && (5..=200).contains(&number) && !says(b"edema") && !says(b"swelling") {
            return GIRTH;
        }
        if follows(PAIN) && number <= 10 && is_of_ten(rest) {
            return PAIN;
        }
        0
    }
}

/// Words that may stand between what is measured and its figure.
fn is_between(word: &[u8]) -> bool {
    matches!(
        word,
        b"r" | b"l"
            | b"b"
            | b"rt"
            | b"lt"
            | b"right"
            | b"left"
            | b"bilat"
            | b"bilaterally"
            | b"to"
            | b"lacks"
            | b"lacking"
            | b"from"
            | b"now"
            | b"at"
            | b"is"
            | b"was"
            | b"about"
            | b"approx"
            | b"level"
            | b"levels"
            | b"score"
            | b"rating"
            | b"rated"
            | b"scale"
            | b"today"
            | b"currently"
            | b"current"
            | b"worst"
            | b"best"
            | b"max"
            | b"pre"
            | b"post"
            | b"measures"
            | b"measured"
            | b"passive"
            | b"active"
            | b"mid"
    )
}

/// A word that a bare angle stands behind: a movement, or the other end of its range.
fn is_motion(word: Word<'_>) -> bool {
    word.number().is_some() || topic(word.folded().as_bytes()) == MOTION
}

fn topic(word: &[u8]) -> u8 {
    match word {
        b"pain" | b"nprs" | b"soreness" => PAIN,
        b"hhd" | b"grip" | b"pinch" | b"strength" | b"grasp" => GRIP,
        b"girth" | b"circumference" | b"circumferential" | b"edema" | b"swelling" | b"volume"
        | b"volumetric" => GIRTH,
        b"rom" | b"arom" | b"prom" | b"slr" | b"aarom" | b"flexion" | b"flex" | b"extension" | b"ext"
        | b"abduction" | b"abd" | b"adduction" | b"rotation" | b"er" | b"ir" | b"dorsiflexion" | b"df"
        | b"plantarflexion" | b"pf" | b"sidebending" | b"sidebend" | b"supination" | b"pronation"
        | b"motion" | b"mobility" | b"floor" | b"rot" | b"elevation" | b"scaption" | b"sb" | b"opening"
        | b"mio" | b"incisal" | b"schober" => MOTION,
        b"balance" | b"stance" | b"sls" | b"slb" | b"tandem" | b"romberg" | b"stand" | b"reach" => BALANCE,
        b"amb" | b"ambulated" | b"ambulates" | b"ambulate" | b"ambulation" | b"walk" | b"walks"
        | b"walked" | b"walking" | b"gait" => WALK,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures() {
        for note in [
            "Shoulder flexion 110 deg",
            "AROM 0-110\u{b0}",
            "flexion: 95degrees",
            "knee ext -5 degrees",
            "flexion 110, abduction 95",
            "R knee AROM 0-110",
            "lumbar flexion 75% of normal",
            "NPRS 4/10",
            "pain 4/10 before, 2/10 after",
            "pain 4.5/10",
            "Pain 4 / 10",
            "pain 4 out of 10",
            "pain reduced from 6 to 3",
            "MMT 4/5",
            "quads 4+/5",
            "deltoid 4-/5",
            "ODI 34%",
            "NDI improved",
            "LEFS 52",
            "QuickDASH",
            "Quick DASH 22",
            "DASH 31",
            "TUG 12.4 sec",
            "6MWT 320 m",
            "PSFS",
            "BBS 45/56",
            "grip 45 lb",
            "R hand grip strength 22kg",
            "girth 34.5 cm mid calf",
            "calf circumference 14 inches",
            "SLS 12 sec",
            "ambulated 150 ft with SPC",
            "Neck Disability Index reviewed",
            "amb 300 ft",
            "SLR to 60",
            "cervical rot R 60",
            "shoulder elevation 120->135",
            "DF 5 to 9",
            "knee ext lacks 5",
            "max incisal opening 38 mm",
            "Schober 4 cm",
            "circumference 39.5",
            "HHD 22 lb",
            "pain 4",
            "pain level 3",
            "Pt pain 2-3",
            "Pain: 4, tolerated well",
            "pain 4 of 10",
            "HIT-6 58",
            "DHI 30",
            "Kujala 77",
        ] {
            assert!(has_objective_measure(note.as_bytes()), "{note}");
        }
    }

    #[test]
    fn no_measures() {
        for note in [
            "",
            "STM to left upper trapezius, 15 min, tolerated well",
            "Seen 4/10/2025",
            "Seen on 4/10, doing better",
            "4/10/25 STM to neck",
            "04-10-2025 9:15 am to 9:30 am",
            "visit 4/10",
            "visit 4 of 10",
            "hot pack 104 degrees F",
            "3 lb weights, 10 reps x 3",
            "hold stretch 30 sec",
            "pain for 3 weeks",
            "made a dash for the door",
            "15 min to lumbar, less pain",
            "L4/5 paraspinals, STM",
            "seen 4/10",
            "2/10 visits",
            "3/5 goals met",
            "3 out of 5 goals met",
            "pain 3 weeks",
            "pain 2-3 days after",
            "pain 4/15",
            "pain, 3 sets",
            "pain 2 inches below the knee",
            "pain 4 of 12 visits",
            "hip flexion 10-15 reps",
            "ext 3 x 10",
            "flexion 30 x2",
            "elevation 20 min",
            "\u{b0}",
        ] {
            assert!(!has_objective_measure(note.as_bytes()), "{note}");
        }
    }
}
