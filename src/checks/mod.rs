//! The kinds of check that rules ask for, one file each.
//!
//! A check is a pure function of the claim (or the day), the rule's parameters and the tables. It never prints,
//! reads a file, or asks for the time; the run date is an input. It says what it saw as a [`Hit`]: which rule,
//! which outcome, which facts of which lines. Words, severities and dollars come from the rule.
//!
//! The engine calls [`check_line`] for lines that a rule's `when` matches, [`check_claims`] once for each claim, and
//! [`check_day`] for a patient's day; what a rule's kind is not about, the call leaves alone.

mod code_pair;
mod course;
mod day_glance;
mod diagnosis;
mod diagnosis_code;
mod diagnosis_format;
mod diagnosis_memo;
mod diagnosis_pointer;
mod distinct_modifier;
mod dollars;
mod edit;
mod fee;
mod fee_memo;
mod furnished_by;
mod general;
mod glance;
mod hit;
mod interval;
mod lines;
pub mod note;
mod observer;
mod overlap;
mod provider_day;
mod provider_type;
pub mod region;
mod subject;
mod therapy_threshold;
mod times;
mod unit_edit;
pub mod unit_time;

pub use course::{Course, CourseLine, check_course, course_days, course_lack};
pub use day_glance::DayGlance;
pub use edit::repeats;
pub use glance::LineGlance;
pub use hit::{Cx, Day, Hit, Lack, Out, Pointer, Repeat, Takes};
pub use observer::Observer;
pub use provider_day::{ProviderLine, check_provider_day, is_visit_window, may_offend, provider_times};
pub use therapy_threshold::{YearLine, YearSum, check_year};

use crate::claim::{Claim, LineRef, ServiceLine};
use crate::rules::{Check, LimitOver, Policy, Profile, Rule};
use general::Ceiling;
use glance::Glance;
use subject::Subject;

/// Puts the rule with index `rule_ix` to a line that its `when` matches. `at` names the line in the run.
#[expect(
    clippy::too_many_arguments,
    reason = "the engine holds each of these apart, once a claim or once a line"
)]
pub fn check_line(
    rule_ix: u16,
    rule: &Rule,
    claim: &Claim<'_>,
    line: &ServiceLine<'_>,
    at: LineRef,
    profile: &Profile,
    cx: Cx<'_>,
    out: &mut Out,
) {
    let subject = Subject { rule, claim, line: Some(line), at, profile };
    match &rule.check {
        Check::Interval => interval::check(rule_ix, claim, line, at, out),
        Check::Diagnosis(fault) => diagnosis::check_line(rule_ix, fault, &subject, cx, out),
        Check::ProviderType(fault) => provider_type::check(rule_ix, *fault, &subject, cx, out),
        Check::Note(fault) => note::check(rule_ix, fault, &subject, out),
        Check::Forbid => general::forbid(rule_ix, rule, &subject, out),
        Check::Require(tree) => general::require(rule_ix, rule, tree, &subject, out),
        Check::Limit { of, over: LimitOver::Line, by, at_most } => {
            let ceiling = Ceiling { of: *of, by, at_most: *at_most };
            general::limit_line(rule_ix, rule, &ceiling, &subject, out);
        }
        Check::Limit { .. }
        | Check::UnitTime { .. }
        | Check::CodePair { .. }
        | Check::Overlap
        | Check::TherapyThreshold
        | Check::Course(_)
        | Check::ProviderDay(_)
        | Check::DistinctModifier { .. }
        | Check::UnitEdit
        | Check::Fee { .. }
        | Check::Edit { .. }
        | Check::Structure { .. }
        | Check::Suppression(_) => {}
    }
}

/// One of the claims that rules are put to together.
pub struct OneClaim<'c, 'a> {
    /// The claim.
    pub claim: &'c Claim<'a>,
    /// Names line 0 of it in the run.
    pub at: LineRef,
    /// The profile of its payer.
    pub profile: &'c Profile,
    /// What is different about the rules for its payer.
    pub policy: Option<&'c Policy>,
    /// What one look at each of its lines shows.
    pub lines: LineGlance,
}

/// Puts every rule over claims to claims as a whole, one rule after the other, but those that a payer's policy turns off.
/// They test `when` on the lines themselves. `observer` is told of each.
pub fn check_claims(claims: &[OneClaim<'_, '_>], cx: Cx<'_>, out: &mut Out, observer: &mut impl Observer) {
    let mut glances: Vec<Glance> = claims.iter().map(|one| Glance::new(one.lines)).collect();
    observer.begin();
    for &number in cx.rules.claim_rules() {
        let rule = &cx.rules.rules[usize::from(number)];
        for (one, glance) in claims.iter().zip(&mut glances) {
            one.check(number, rule, glance, cx, out, observer);
        }
    }
    for (one, glance) in claims.iter().zip(&mut glances) {
        for &number in
            cx.rules.bound_to(one.claim, one.profile).iter().flatten().flat_map(|bound| &bound.claim)
        {
            one.check(number, &cx.rules.rules[usize::from(number)], glance, cx, out, observer);
        }
    }
}

impl OneClaim<'_, '_> {
    fn check(
        &self,
        number: u16,
        rule: &Rule,
        glance: &mut Glance,
        cx: Cx<'_>,
        out: &mut Out,
        observer: &mut impl Observer,
    ) {
        let &OneClaim { claim, at, profile, policy, .. } = self;
        if policy.is_some_and(|policy| policy.is_off(number)) {
            return;
        }
        let subject = Subject { rule, claim, line: None, at, profile };
        let settled = match &rule.check {
            Check::Edit { edit, .. } => glance.is_in_order(*edit, &subject, cx),
            Check::Diagnosis(fault) => glance.settles(number, fault, &subject, cx, out),
            _ => false,
        };
        if !settled {
            check_claim_with(number, &subject, cx, out);
        }
        observer.rule(number);
    }
}

/// The same without the one look that shows of nearly every claim that a kind has nothing to say of it: for somebody who
/// wants to know why.
pub fn check_claim_closely(claim: &Claim<'_>, at: LineRef, profile: &Profile, cx: Cx<'_>, out: &mut Out) {
    let bound = cx.rules.bound_to(claim, profile);
    let own = bound.iter().flatten().flat_map(|bound| &bound.claim);
    for &number in cx.rules.claim_rules().iter().chain(own) {
        let rule = &cx.rules.rules[usize::from(number)];
        check_claim_with(number, &Subject { rule, claim, line: None, at, profile }, cx, out);
    }
}

fn check_claim_with(rule_ix: u16, subject: &Subject<'_, '_>, cx: Cx<'_>, out: &mut Out) {
    let rule = subject.rule;
    match &rule.check {
        Check::Diagnosis(fault) => diagnosis::check_claim(rule_ix, fault, subject, cx, out),
        Check::Limit { of, over: LimitOver::Claim, by, at_most } => {
            let ceiling = Ceiling { of: *of, by, at_most: *at_most };
            general::limit_claim(rule_ix, rule, &ceiling, subject, out);
        }
        Check::Edit { edit, faults } => edit::check_claim(rule_ix, *edit, faults, subject, cx, out),
        Check::Forbid if subject.matches(&rule.when) => general::forbid(rule_ix, rule, subject, out),
        Check::Require(tree) if subject.matches(&rule.when) => {
            general::require(rule_ix, rule, tree, subject, out);
        }
        _ => {}
    }
}

/// Puts a rule to a patient's day. The day's bits say which lines it is about; `glance` is what rules before it have seen of
/// these lines.
pub fn check_day(
    rule_ix: u16,
    rule: &Rule,
    day: &Day<'_>,
    glance: &mut DayGlance,
    cx: Cx<'_>,
    out: &mut Out,
) {
    let Some(bit) = rule.day_bit else { return };
    match &rule.check {
        Check::UnitTime { flag, method } => {
            let ask = unit_time::Ask { rule: rule_ix, bit, flag: *flag, method: *method };
            unit_time::check(&ask, day, glance, &cx, out);
        }
        Check::CodePair { fault, pairs, modifiers, assessments } => {
            let ask = code_pair::Ask { rule: rule_ix, bit, fault: *fault, pairs, modifiers, assessments };
            code_pair::check(&ask, day, glance, &cx, out);
        }
        Check::Overlap => overlap::check(rule_ix, bit, day, &cx, out),
        Check::DistinctModifier { visits } => {
            distinct_modifier::check(&distinct_modifier::Ask { rule: rule_ix, bit, visits }, day, &cx, out);
        }
        Check::UnitEdit => unit_edit::check(rule_ix, bit, day, &cx, out),
        Check::Fee { fault, unless } => {
            fee::check(&fee::Ask { rule: rule_ix, bit, fault: *fault, unless }, day, &cx, out);
        }
        Check::Edit { edit, faults } => edit::check_day(rule_ix, bit, *edit, faults, day, out),
        Check::Limit { of, over: LimitOver::PatientDay, by, at_most } => {
            let ceiling = Ceiling { of: *of, by, at_most: *at_most };
            general::limit_day(rule_ix, rule, &ceiling, day, out);
        }
        Check::Limit { .. }
        | Check::TherapyThreshold
        | Check::Course(_)
        | Check::ProviderDay(_)
        | Check::Interval
        | Check::Diagnosis(_)
        | Check::ProviderType(_)
        | Check::Note(_)
        | Check::Forbid
        | Check::Require(_)
        | Check::Structure { .. }
        | Check::Suppression(_) => {}
    }
}

#[cfg(test)]
mod line_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
