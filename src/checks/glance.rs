//! One look at a claim that shows that several rules have nothing to say of it, as of nearly every claim they have not.

use super::Subject;
use super::diagnosis_code::{self, Coding};
use super::edit;
use super::hit::{Cx, Out};
use crate::rules::{DiagnosisFault, Edit};

/// What has been seen of one claim so far. Each kind looks once, however many rules it has.
#[derive(Default)]
pub(super) struct Glance {
    charges: Option<bool>,
    place: Option<bool>,
    code_form: Option<bool>,
    provider: Option<bool>,
    modifiers: Option<bool>,
    quantity: Option<bool>,
    assistant: Option<bool>,
    coding: Option<Coding>,
}

impl Glance {
    /// Whether no rule of this kind has anything to report of the claim, nor anything that it could not judge. False
    /// means only that a closer look is needed.
    pub(super) fn is_in_order(&mut self, edit: Edit, subject: &Subject<'_, '_>, cx: Cx<'_>) -> bool {
        let (claim, profile) = (subject.claim, subject.profile);
        match edit {
            Edit::Charges => *self.charges.get_or_insert_with(|| edit::charges::is_in_order(claim)),
            Edit::Place => *self.place.get_or_insert_with(|| edit::place::is_in_order(claim, cx.reference)),
            Edit::CodeForm => {
                *self.code_form.get_or_insert_with(|| edit::code_form::is_in_order(claim, cx.reference))
            }
            Edit::Provider => {
                *self.provider.get_or_insert_with(|| edit::provider::is_in_order(claim, profile))
            }
            Edit::Modifiers => {
                *self.modifiers.get_or_insert_with(|| edit::modifiers::is_in_order(claim, profile))
            }
            Edit::Quantity => *self.quantity.get_or_insert_with(|| edit::quantity::is_in_order(claim)),
            Edit::Assistant => {
                *self.assistant.get_or_insert_with(|| edit::assistant::is_in_order(claim, profile))
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
