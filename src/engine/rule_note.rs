//! What reports may say of the rules that have findings.

use crate::finding::{Finding, RuleNote, Worth};
use crate::rules::{Amount, ImpactSpec, Piece, Rule, RuleSet, is_carried, pieces};

/// The rules of these findings, by code, each once.
pub(super) fn of(findings: &[Finding], rules: &RuleSet) -> Vec<RuleNote> {
    let mut met = vec![false; rules.rules.len()];
    for finding in findings {
        let index = usize::from(finding.rule);
        if let (Some(rule), Some(met)) = (rules.rules.get(index), met.get_mut(index)) {
            *met |= rule.code == finding.code;
        }
    }
    let mut notes: Vec<RuleNote> =
        rules.rules.iter().zip(met).filter(|(_, met)| *met).map(|(rule, _)| note(rule)).collect();
    notes.sort_by(|one, other| one.code.cmp(&other.code));
    notes
}

fn note(rule: &Rule) -> RuleNote {
    RuleNote {
        code: rule.code.clone(),
        name: rule.name.clone(),
        severity: rule.severity,
        summary: rule.summary.clone(),
        details: rule.details.clone(),
        help: readable(&rule.help),
        worth: worth(rule),
        appeal: readable(&rule.appeal),
        sources: rule.sources.clone(),
        pack: rule.pack.clone(),
        class: rule.impact.class,
        is_carried: is_carried(&rule.code),
        snip: rule.snip,
    }
}

/// How the rule's dollars are worked out. Of a class that its outcomes weigh in several ways nothing is said.
fn worth(rule: &Rule) -> Vec<Worth> {
    let outcomes = rule.outcomes.iter().filter_map(|outcome| outcome.impact);
    let impacts: Vec<ImpactSpec> = std::iter::once(rule.impact).chain(outcomes).collect();
    let mut worth: Vec<Worth> = Vec::new();
    for impact in impacts.iter().filter(|impact| impact.amount != Amount::None) {
        let alone = impacts.iter().all(|one| one.class != impact.class || one.amount == impact.amount);
        if alone && worth.iter().all(|one| one.class != impact.class) {
            worth.push(Worth { class: impact.class, how: impact.amount.words().to_owned() });
        }
    }
    worth
}

/// A text with its placeholders as people write them: `<units>`.
fn readable(text: &str) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Placeholder(name, _) => format!("<{name}>"),
    };
    pieces(text).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_with_findings_is_named_once() {
        let rules = RuleSet::builtin();
        let finding = |code: &str| {
            let rule = rules.rules.iter().position(|rule| rule.code == code).expect("a carried rule");
            Finding { rule: rule as u16, code: code.to_owned(), ..Finding::default() }
        };
        let stranger = Finding { code: "ZZ9".to_owned(), ..Finding::default() };
        let notes = of(&[finding("T01"), stranger, finding("P01"), finding("T01")], &rules);
        let codes: Vec<(&str, bool)> =
            notes.iter().map(|note| (note.code.as_str(), note.is_carried)).collect();
        assert_eq!(codes, [("P01", true), ("T01", true)]);
        assert!(notes.iter().all(|note| !note.help.contains('{') && !note.summary.is_empty()), "{notes:?}");
        assert!(!is_carried("ZZ9"));
    }
}
