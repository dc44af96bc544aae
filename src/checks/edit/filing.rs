//! The payer's filing limit, from the first day of a line to the run date, which stands for the day of receipt.
//!
//! A replacement or a void is not a first filing, and payers have other limits for it: it is left alone.

use super::{Edits, Seen};
use crate::checks::hit::{Lack, Takes};
use crate::checks::lines::counted;
use crate::claim::{Date, Fact, LineRef};
use crate::reference::workday_from;
use crate::rules::FilingLimit;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let subject = edits.subject;
    let Some(limit) = subject.profile.filing_limit else { return edits.not_asked("filing-limit") };
    if matches!(subject.claim.frequency.bytes(), b"7" | b"8") {
        return;
    }
    let run = edits.cx.as_of;
    let reason = subject.claim.delay_reason.is_present();
    for line in &subject.claim.lines {
        let Some(from) = line.service_date.value else {
            edits.out.lack(edits.rule, Lack::Date, 1);
            continue;
        };
        if !may_be_late(limit, from, run) || !edits.is_about(line) {
            continue;
        }
        let Some(last) = last_day(limit, from).filter(|last| *last < run) else { continue };
        let fault = if reason { "late-with-reason" } else { "late" };
        let values = vec![
            ("limit", in_words(limit)),
            ("last_day", last.to_string()),
            ("late_by", counted(days_between(last, run), "day")),
        ];
        let at = LineRef { line: line.number, ..subject.at };
        edits.report(Seen {
            values,
            takes: Takes::Lines(vec![at]),
            ..Seen::line(fault, line.number, Fact::ServiceDate, format!("could be filed until {last}"))
        });
    }
}

/// Whether the limit has run out before any workday is asked for: comparing, no arithmetic of the calendar.
fn may_be_late(limit: FilingLimit, from: Date, run: Date) -> bool {
    match limit {
        FilingLimit::CalendarYears(years) => {
            (run.year() - i16::from(years), run.month(), run.day()) > (from.year(), from.month(), from.day())
        }
        FilingLimit::Days(_) => run > from,
    }
}

/// The last day on which a line of this first day can be filed.
fn last_day(limit: FilingLimit, from: Date) -> Option<Date> {
    let span = match limit {
        FilingLimit::CalendarYears(years) => jiff::Span::new().try_years(years).ok()?,
        FilingLimit::Days(days) => jiff::Span::new().try_days(days).ok()?,
    };
    // February 29 becomes February 28 where the year has no other.
    Some(workday_from(from.checked_add(span).ok()?))
}

fn days_between(last: Date, run: Date) -> u32 {
    last.until(run).map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0))
}

fn in_words(limit: FilingLimit) -> String {
    match limit {
        FilingLimit::CalendarYears(years) => counted(u32::from(years), "calendar year"),
        FilingLimit::Days(days) => counted(u32::from(days), "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn last_days() {
        let year = FilingLimit::CalendarYears(1);
        for (limit, from, last) in [
            (year, "2025-11-20", "2026-11-20"),
            (year, "2025-11-21", "2026-11-23"),
            (year, "2025-11-22", "2026-11-23"),
            (year, "2024-02-29", "2025-02-28"),
            (year, "2023-02-28", "2024-02-28"),
            // Thanksgiving, then a Friday that is a workday.
            (year, "2025-11-26", "2026-11-27"),
            // New Year's Day.
            (year, "2025-01-01", "2026-01-02"),
            // July 4, 2026 is a Saturday, observed on Friday.
            (year, "2025-07-03", "2026-07-06"),
            (FilingLimit::Days(90), "2025-03-03", "2025-06-02"),
            (FilingLimit::Days(90), "2025-03-04", "2025-06-02"),
        ] {
            let found = last_day(limit, day(from)).unwrap();
            assert_eq!(found, day(last), "{from}");
            let next = found.tomorrow().unwrap();
            assert!(may_be_late(limit, day(from), next), "{from}");
        }
        assert!(!may_be_late(year, day("2024-02-29"), day("2025-02-28")));
        assert!(!may_be_late(year, day("2025-03-03"), day("2026-03-03")));
    }
}
