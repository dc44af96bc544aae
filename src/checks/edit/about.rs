//! One cause, one hit: lines that share a fault are told together.

use super::{Edits, Seen};
use crate::checks::hit::Pointer;
use crate::checks::lines::counted;
use crate::claim::{Fact, LineRef, ServiceLine};

/// How many more lines are pointed at; the count names them all.
const MOST_LINES: usize = 9;

impl<'s, 'a> Edits<'s, 'a, '_> {
    /// Whether the rule's `when` matches the line.
    pub(super) fn is_about(&self, line: &'s ServiceLine<'a>) -> bool {
        let subject = self.subject;
        subject.with_line(line).matches(&subject.rule.when)
    }

    /// Lines that the rule is about and that `has` picks.
    pub(super) fn lines_that(
        &self,
        has: impl Fn(&ServiceLine<'a>) -> bool,
    ) -> impl Iterator<Item = &'s ServiceLine<'a>> {
        let subject = self.subject;
        let is_about = move |line: &'s ServiceLine<'a>| subject.with_line(line).matches(&subject.rule.when);
        subject.claim.lines.iter().filter(move |line| has(line) && is_about(line))
    }

    /// Reports a fault at the first line that has it; the others, and `more`, are related places.
    pub(super) fn report_lines(
        &mut self,
        fault: &'static str,
        (fact, label): (Fact, &str),
        more: Option<Pointer>,
        has: impl Fn(&ServiceLine<'a>) -> bool,
    ) {
        if !self.wants(fault) {
            return;
        }
        let mut lines = self.lines_that(has);
        let Some(first) = lines.next() else { return };
        let mut count = 1;
        let mut related: Vec<Pointer> = more.into_iter().collect();
        for line in lines {
            count += 1;
            if related.len() < MOST_LINES {
                let at = LineRef { line: line.number, ..self.subject.at };
                related.push(Pointer { at, fact, item: 0, text: label.to_owned() });
            }
        }
        let values = vec![("count", counted(count, "line"))];
        self.report_with(Seen { values, ..Seen::line(fault, first.number, fact, label) }, related);
    }

    /// A place of the claim as a whole.
    pub(super) fn claim_pointer(&self, fact: Fact, text: &str) -> Pointer {
        Pointer { at: LineRef { line: 0, ..self.subject.at }, fact, item: 0, text: text.to_owned() }
    }
}
