use crate::claim::{Claim, Fact, LineRef, ServiceLine, Value};
use crate::rules::{self, Profile, Rule, Tree};

/// A claim or one of its lines under a rule.
#[derive(Clone, Copy)]
pub(super) struct Subject<'s, 'a> {
    pub(super) rule: &'s Rule,
    pub(super) claim: &'s Claim<'a>,
    /// `None` where the claim as a whole is judged.
    pub(super) line: Option<&'s ServiceLine<'a>>,
    pub(super) at: LineRef,
    pub(super) profile: &'s Profile,
}

impl<'s, 'a> Subject<'s, 'a> {
    /// The same claim's `line`.
    pub(super) fn with_line(&self, line: &'s ServiceLine<'a>) -> Subject<'s, 'a> {
        Subject { line: Some(line), at: LineRef { line: line.number, ..self.at }, ..*self }
    }

    pub(super) fn matches(&self, tree: &Tree) -> bool {
        tree.matches(&rules::Subject { claim: self.claim, line: self.line, profile: self.profile })
    }

    pub(super) fn is_absent(&self, fact: Fact) -> bool {
        matches!(self.claim.value(fact, self.line), Value::Absent)
    }

    /// Whether no earlier line of the claim that the rule is about is one of those that `also` picks: for what a
    /// line rule says once for a claim.
    pub(super) fn is_first(&self, also: impl Fn(&ServiceLine<'a>) -> bool) -> bool {
        let earlier = self.claim.lines.iter().take_while(|line| line.number < self.at.line);
        !earlier.into_iter().any(|line| also(line) && self.with_line(line).matches(&self.rule.when))
    }
}
