//! One look at a claim that shows that several rules have nothing to say of it, as of nearly every claim they have not.

use super::Subject;
use super::diagnosis_code::{self, Coding};
use super::edit;
use super::hit::{Cx, Out};
use crate::claim::ServiceLine;
use crate::reference::Reference;
use crate::rules::{DiagnosisFault, Edit, Profile};

/// Of which kinds of rules over claims one look at how a line is coded shows that they have nothing to say of the line, as
/// bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineGlance(u8);

impl LineGlance {
    const CODE_FORM: LineGlance = LineGlance(1);
    const MODIFIERS: LineGlance = LineGlance(1 << 1);
    const QUANTITY: LineGlance = LineGlance(1 << 2);
    const PLACE: LineGlance = LineGlance(1 << 3);
    const ASSISTANT: LineGlance = LineGlance(1 << 4);

    /// That of no line.
    pub const ALL: LineGlance = LineGlance(u8::MAX);

    /// Looks at what the line bills (code, modifiers, units, its own place of service) and nothing else.
    pub fn of(line: &ServiceLine<'_>, profile: &Profile, reference: &Reference) -> LineGlance {
        let kinds = [
            (LineGlance::CODE_FORM, edit::code_form::is_line_in_order(line)),
            (LineGlance::MODIFIERS, edit::modifiers::is_line_in_order(line, profile)),
            (LineGlance::QUANTITY, edit::quantity::is_line_in_order(line)),
            (LineGlance::PLACE, edit::place::is_plain(line.place_of_service, reference)),
            (LineGlance::ASSISTANT, edit::assistant::is_line_in_order(line, profile)),
        ];
        let in_order = kinds.into_iter().filter(|(_, is_in_order)| *is_in_order);
        LineGlance(in_order.fold(0, |all, (kind, _)| all | kind.0))
    }

    /// That of two lines together.
    pub fn and(self, other: LineGlance) -> LineGlance {
        LineGlance(self.0 & other.0)
    }

    fn has(self, kind: LineGlance) -> bool {
        self.0 & kind.0 != 0
    }
}

/// What has been seen of one claim so far. Each kind looks once, however many rules it has.
pub(super) struct Glance {
    lines: LineGlance,
    /// Kinds that looked, as [`bit_of`] has them, and those of them that have nothing to say.
    looked: u16,
    in_order: u16,
    coding: Option<Coding>,
}

/// A bit for each kind of edit.
fn bit_of(edit: Edit) -> u16 {
    1 << edit as u16
}

impl Glance {
    /// Of a claim whose lines show this.
    pub(super) fn new(lines: LineGlance) -> Glance {
        Glance { lines, looked: 0, in_order: 0, coding: None }
    }

    /// Whether no rule of this kind has anything to report of the claim, nor anything that it could not judge. False
    /// means only that a closer look is needed.
    #[inline]
    pub(super) fn is_in_order(&mut self, edit: Edit, subject: &Subject<'_, '_>, cx: Cx<'_>) -> bool {
        let bit = bit_of(edit);
        if self.looked & bit == 0 {
            self.looked |= bit;
            if self.look(edit, subject, cx) {
                self.in_order |= bit;
            }
        }
        self.in_order & bit != 0
    }

    fn look(&self, edit: Edit, subject: &Subject<'_, '_>, cx: Cx<'_>) -> bool {
        let (claim, profile, lines) = (subject.claim, subject.profile, self.lines);
        match edit {
            Edit::Charges => edit::charges::is_in_order(claim),
            Edit::Place => {
                lines.has(LineGlance::PLACE) && edit::place::is_plain(claim.place_of_service, cx.reference)
            }
            Edit::CodeForm => {
                lines.has(LineGlance::CODE_FORM) && edit::code_form::is_rest_in_order(claim, cx.reference)
            }
            Edit::Provider => edit::provider::is_in_order(claim, profile),
            Edit::Modifiers => lines.has(LineGlance::MODIFIERS),
            Edit::Quantity => lines.has(LineGlance::QUANTITY),
            Edit::Assistant => {
                lines.has(LineGlance::ASSISTANT) && edit::assistant::is_rest_in_order(claim, profile)
            }
            Edit::Credentials => edit::credentials::is_in_order(claim, cx),
            // One rule looks for all of these, as the program carries them.
            Edit::Situation
            | Edit::Dates
            | Edit::Filing
            | Edit::Duplicate
            | Edit::SplitLines
            | Edit::Identifier => false,
        }
    }

    /// Puts a `diagnosis` rule over claims to a claim whose coding one look shows to be in order; false, if more must
    /// be looked at.
    pub(super) fn settles(
        &mut self,
        rule: u16,
        fault: &DiagnosisFault,
        subject: &Subject<'_, '_>,
        cx: Cx<'_>,
        out: &mut Out,
    ) -> bool {
        let is_always = matches!(subject.rule.when, crate::rules::Tree::Always);
        if !is_always || !matches!(fault, DiagnosisFault::NotBillable | DiagnosisFault::NotValid) {
            return false;
        }
        let coding = *self.coding.get_or_insert_with(|| diagnosis_code::coding(subject.claim, cx, out));
        diagnosis_code::settles(coding, rule, subject.claim, out)
    }
}
