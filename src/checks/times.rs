//! Start, end and minutes of the lines of one patient-day: intervals, visit windows, minutes that count.

use crate::claim::{LineFact, MinutesSource, TimeOfDay};

const DAY: u16 = 24 * 60;

/// What a line says about its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Clock {
    pub(super) start: TimeOfDay,
    pub(super) end: TimeOfDay,
    /// Minutes as stated; never derived from start and end.
    pub(super) minutes: Option<u16>,
}

impl Clock {
    /// `None` without both start and end.
    pub(super) fn of(line: &LineFact) -> Option<Clock> {
        let minutes = line.minutes.filter(|_| line.minutes_source != MinutesSource::Interval);
        Some(Clock { start: line.start?, end: line.end?, minutes })
    }

    /// Minutes from start to end. An end before the start crosses midnight only where the stated minutes are
    /// exactly the wrapped length; else the interval is inverted and has none.
    pub(super) fn length(self) -> Option<u16> {
        if self.end >= self.start {
            return Some(self.end.0 - self.start.0);
        }
        let wrapped = DAY - self.start.0 + self.end.0;
        (self.minutes == Some(wrapped)).then_some(wrapped)
    }

    /// First minute and the one past the last; an end past midnight counts on.
    pub(super) fn interval(self) -> Option<(u16, u16)> {
        Some((self.start.0, self.start.0 + self.length()?))
    }

    /// Whether start and end describe the visit rather than the service: two or more of the day's lines share
    /// them, and the minutes those lines state fit into them together.
    pub(super) fn is_visit_window(self, day: impl Iterator<Item = Clock>) -> bool {
        let (mut sharing, mut stated) = (0, 0);
        for other in day.filter(|other| (other.start, other.end) == (self.start, self.end)) {
            sharing += 1;
            stated += u32::from(other.minutes.unwrap_or(0));
        }
        sharing > 1 && self.length().is_some_and(|length| stated <= u32::from(length))
    }
}

/// Whether the start and end of line `index` describe the visit.
pub(super) fn is_visit_window(lines: &[LineFact], index: usize) -> bool {
    lines
        .get(index)
        .and_then(Clock::of)
        .is_some_and(|clock| clock.is_visit_window(lines.iter().filter_map(Clock::of)))
}

/// First minute and one past the last of line `index`, where they are the service's own.
pub(super) fn own_interval(lines: &[LineFact], index: usize) -> Option<(u16, u16)> {
    let interval = Clock::of(lines.get(index)?)?.interval()?;
    (!is_visit_window(lines, index)).then_some(interval)
}

/// Whether both lines have intervals of their own that do not overlap. Touching is not overlapping.
pub(super) fn are_separate(lines: &[LineFact], one: usize, other: usize) -> bool {
    match (own_interval(lines, one), own_interval(lines, other)) {
        (Some(one), Some(other)) => overlap(one, other) == 0,
        _ => false,
    }
}

/// Why the times of two lines do not show them to be separate: what is given, and what is not.
pub(super) fn in_words(lines: &[LineFact], one: usize, other: usize) -> String {
    let code = |index: usize| lines.get(index).map_or_else(String::new, |line| line.code.to_string());
    let has_clock = |index: usize| lines.get(index).and_then(Clock::of).is_some();
    let is_of_visit = |index: usize| is_visit_window(lines, index);
    let absent = "no start and end are given";
    match (has_clock(one), has_clock(other)) {
        (false, false) => return absent.to_owned(),
        (false, true) => return format!("{absent} for {}", code(one)),
        (true, false) => return format!("{absent} for {}", code(other)),
        (true, true) => {}
    }
    match (is_of_visit(one), is_of_visit(other)) {
        (true, true) => return "their start and end are those of the visit".to_owned(),
        (true, false) => return format!("start and end of {} are those of the visit", code(one)),
        (false, true) => return format!("start and end of {} are those of the visit", code(other)),
        (false, false) => {}
    }
    match (own_interval(lines, one), own_interval(lines, other)) {
        (Some(first), Some(second)) if overlap(first, second) > 0 => "their times overlap".to_owned(),
        (Some(_), Some(_)) => "their times are separate".to_owned(),
        (None, _) => format!("{} ends before it starts", code(one)),
        (_, None) => format!("{} ends before it starts", code(other)),
    }
}

/// Minutes that two half-open intervals share.
pub(super) fn overlap(one: (u16, u16), other: (u16, u16)) -> u16 {
    one.1.min(other.1).saturating_sub(one.0.max(other.0))
}

/// Minutes of treatment of line `index` with whence they are: as stated, else end less start where those are the service's
/// own, else as the words of a note have it.
pub(super) fn minutes(lines: &[LineFact], index: usize) -> Option<(u16, MinutesSource)> {
    let line = lines.get(index)?;
    let stated = line.minutes.map(|minutes| (minutes, line.minutes_source));
    match line.minutes_source {
        MinutesSource::Interval | MinutesSource::Note | MinutesSource::Unknown => {
            let by_clock = own_interval(lines, index)
                .map(|(start, end)| (end - start, MinutesSource::Interval))
                .filter(|(minutes, _)| *minutes > 0 || stated.is_none());
            by_clock.or(stated.filter(|(_, source)| *source == MinutesSource::Note))
        }
        _ => stated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(start: u16, end: u16, minutes: Option<u16>) -> Clock {
        Clock { start: TimeOfDay(start), end: TimeOfDay(end), minutes }
    }

    #[test]
    fn midnight_is_crossed_only_where_the_minutes_say_so() {
        assert_eq!(clock(540, 555, None).length(), Some(15));
        assert_eq!(clock(1430, 5, Some(15)).interval(), Some((1430, 1445)));
        assert_eq!(clock(1430, 5, Some(20)).length(), None);
        assert_eq!(clock(1430, 5, None).length(), None);
    }

    #[test]
    fn a_visit_window_holds_the_minutes_of_the_lines_that_share_it() {
        let shared = [clock(540, 570, Some(15)), clock(540, 570, Some(15))];
        assert!(shared[0].is_visit_window(shared.into_iter()));
        let twice = [clock(540, 570, Some(30)), clock(540, 570, Some(30))];
        assert!(!twice[0].is_visit_window(twice.into_iter()));
        let alone = [clock(540, 570, Some(15)), clock(570, 585, Some(15))];
        assert!(!alone[0].is_visit_window(alone.into_iter()));
    }

    #[test]
    fn touching_is_not_overlapping() {
        assert_eq!(overlap((540, 555), (555, 570)), 0);
        assert_eq!(overlap((540, 556), (555, 570)), 1);
        assert_eq!(overlap((540, 600), (550, 560)), 10);
    }
}
