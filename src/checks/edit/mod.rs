//! The edits of a payer's front door, one file each: what a claim must be before anybody judges it on its merits.
//!
//! Each knows a closed list of faults, the outcomes of its row in [`crate::rules::KINDS`]; a rule names those it
//! reports, so that two rules can weigh faults of one edit differently.

mod about;
pub(super) mod assistant;
pub(super) mod charges;
pub(super) mod code_form;
pub(super) mod credentials;
mod dates;
mod duplicate;
mod filing;
mod identifier;
pub(super) mod modifiers;
pub(super) mod place;
pub(super) mod provider;
pub(super) mod quantity;
mod situation;
mod split_lines;

pub use duplicate::repeats;

use super::Subject;
use super::hit::{Cx, Day, Hit, Out, Pointer, Takes};
use crate::claim::{Fact, LineRef};
use crate::rules::Edit;

/// Puts an edit to a claim as a whole. Its lines are those that the rule's `when` matches.
pub(super) fn check_claim(
    rule: u16,
    edit: Edit,
    faults: &[&'static str],
    subject: &Subject<'_, '_>,
    cx: Cx<'_>,
    out: &mut Out,
) {
    let mut edits = Edits { rule, faults, subject, cx, out };
    match edit {
        Edit::Charges => charges::check(&mut edits),
        Edit::Situation => situation::check(&mut edits),
        Edit::Dates => dates::check(&mut edits),
        Edit::Filing => filing::check(&mut edits),
        Edit::Place => place::check(&mut edits),
        Edit::CodeForm => code_form::check(&mut edits),
        Edit::Identifier => identifier::check(&mut edits),
        Edit::Provider => provider::check(&mut edits),
        Edit::Modifiers => modifiers::check(&mut edits),
        Edit::Quantity => quantity::check(&mut edits),
        Edit::Assistant => assistant::check(&mut edits),
        Edit::Credentials => credentials::check(&mut edits),
        Edit::Duplicate | Edit::SplitLines => {}
    }
}

/// Puts an edit to a patient's day.
pub(super) fn check_day(
    rule: u16,
    bit: u16,
    edit: Edit,
    faults: &[&'static str],
    day: &Day<'_>,
    out: &mut Out,
) {
    match edit {
        Edit::Duplicate => duplicate::check(rule, bit, faults, day, out),
        Edit::SplitLines => split_lines::check(rule, bit, faults, day, out),
        _ => {}
    }
}

/// One claim under one rule, and where to put what is seen.
struct Edits<'s, 'a, 'o> {
    rule: u16,
    /// The faults that the rule reports.
    faults: &'s [&'static str],
    subject: &'s Subject<'s, 'a>,
    cx: Cx<'s>,
    out: &'o mut Out,
}

/// A fault where it stands, before it becomes a hit.
struct Seen {
    fault: &'static str,
    /// 1-based line, 0 for the claim.
    line: u16,
    fact: Fact,
    /// Which of several, from 0.
    item: usize,
    /// The label at the place, a few words.
    label: String,
    values: Vec<(&'static str, String)>,
    takes: Takes,
}

impl Seen {
    /// A fault of the claim as a whole.
    fn claim(fault: &'static str, fact: Fact, label: impl Into<String>) -> Seen {
        Seen { fault, line: 0, fact, item: 0, label: label.into(), values: Vec::new(), takes: Takes::Claim }
    }

    /// A fault of one line.
    fn line(fault: &'static str, line: u16, fact: Fact, label: impl Into<String>) -> Seen {
        Seen { line, ..Seen::claim(fault, fact, label) }
    }
}

impl Edits<'_, '_, '_> {
    /// Notes that the profile's `field` leaves the rule nothing to ask.
    fn not_asked(&mut self, field: &'static str) {
        self.out.not_asked(self.rule, field);
    }

    /// Whether the rule reports this fault: ask before looking for one that costs something to find.
    fn wants(&self, fault: &str) -> bool {
        self.faults.contains(&fault)
    }

    /// Reports what was seen, if the rule reports such faults.
    fn report(&mut self, seen: Seen) {
        self.report_with(seen, Vec::new());
    }

    /// The same with other places of the claim that it speaks of.
    fn report_with(&mut self, seen: Seen, related: Vec<Pointer>) {
        if !self.wants(seen.fault) {
            return;
        }
        let at = LineRef { line: seen.line, ..self.subject.at };
        self.out.hits.push(Hit {
            rule: self.rule,
            outcome: seen.fault,
            primary: Pointer { at, fact: seen.fact, item: seen.item, text: seen.label },
            related,
            values: seen.values,
            takes: seen.takes,
        });
    }
}
