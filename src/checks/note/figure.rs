//! What follows a figure without a unit: the other end of a range, or something that makes it a count or a time.

use super::words::Words;

/// The other end of a range that a figure begins (`5 to 9`, `2-3`, `120->135`), and what follows it.
pub(super) fn other_end(mut rest: Words<'_>) -> Option<(u16, Words<'_>)> {
    let first = rest.next()?;
    let gap = first.gap.trim_ascii();
    if let Some(number) = first.number() {
        let joins = matches!(gap, b"-" | b"->" | b"-->" | b">" | b"=>")
            || gap == "\u{2013}".as_bytes()
            || gap == "\u{2192}".as_bytes();
        return joins.then_some((number, rest));
    }
    (gap.is_empty() && first.folded().as_bytes() == b"to")
        .then(|| rest.next())??
        .number()
        .map(|to| (to, rest))
}

/// Whether what follows a figure makes it a time, a count or a length: `pain 3 weeks`, `flexion 10 reps`, `ext 3 x 10`.
pub(super) fn counts_or_times(mut rest: Words<'_>) -> bool {
    let Some(next) = rest.next() else { return false };
    if next.gap.starts_with(b"/") {
        // "pain 4/15" is a day
        return next.number().is_some();
    }
    if next.gap.trim_ascii().starts_with("\u{d7}".as_bytes()) {
        return true;
    }
    let folded = next.folded();
    let word = folded.as_bytes();
    let is_times = word.strip_prefix(b"x").is_some_and(|many| many.iter().all(u8::is_ascii_digit));
    next.gap.trim_ascii().iter().all(|byte| *byte == b'-')
        && (is_times
            || matches!(
                word,
                b"min"
                    | b"mins"
                    | b"minute"
                    | b"minutes"
                    | b"sec"
                    | b"secs"
                    | b"seconds"
                    | b"s"
                    | b"hr"
                    | b"hrs"
                    | b"hour"
                    | b"hours"
                    | b"day"
                    | b"days"
                    | b"night"
                    | b"nights"
                    | b"week"
                    | b"weeks"
                    | b"wk"
                    | b"wks"
                    | b"mo"
                    | b"mos"
                    | b"month"
                    | b"months"
                    | b"yr"
                    | b"yrs"
                    | b"year"
                    | b"years"
                    | b"rep"
                    | b"reps"
                    | b"set"
                    | b"sets"
                    | b"time"
                    | b"times"
                    | b"unit"
                    | b"units"
                    | b"visit"
                    | b"visits"
                    | b"session"
                    | b"sessions"
                    | b"cm"
                    | b"mm"
                    | b"inch"
                    | b"inches"
                    | b"lb"
                    | b"lbs"
                    | b"kg"
                    | b"areas"
                    | b"spots"
                    | b"sites"
                    | b"episodes"
                    | b"exercises"
                    | b"goals"
                    | b"st"
                    | b"nd"
            ))
}

/// `pain 4` and `pain 4 of 10`, not `pain 4 of 12`.
pub(super) fn is_of_ten(mut rest: Words<'_>) -> bool {
    let of =
        rest.next().is_some_and(|next| next.gap.trim_ascii().is_empty() && next.folded().as_bytes() == b"of");
    !of || rest.next().is_none_or(|whole| whole.number().is_none_or(|whole| whole == 10))
}
