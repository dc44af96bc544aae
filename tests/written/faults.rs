//! Every fault that a reader can name has a rule, and the rule's words ask for nothing the fault does not carry.

use cleanclaim::input::{edi837p, json};
use cleanclaim::rules::{Piece, RuleSet, pieces};

#[test]
fn every_fault_has_a_rule_with_words_for_it() {
    let rules = RuleSet::builtin();
    let faults = edi837p::FAULTS
        .iter()
        .chain(json::FAULTS)
        .chain(cleanclaim::engine::FAULTS)
        .chain(cleanclaim::guide::FAULTS);
    for (name, placeholders) in faults {
        let reporting: Vec<u16> = rules.rules_for_fault(name).collect();
        assert_eq!(reporting.len(), 1, "{name} has {} rules", reporting.len());
        let rule = &rules.rules[usize::from(reporting[0])];
        let outcome = rule.outcome(name);
        let message = outcome.and_then(|outcome| outcome.message.as_ref()).unwrap_or(&rule.message);
        let help = outcome.and_then(|outcome| outcome.help.as_ref()).unwrap_or(&rule.help);
        for text in [message, help] {
            for piece in pieces(text) {
                if let Piece::Placeholder(asked, _) = piece {
                    assert!(placeholders.contains(&asked), "{name} carries no {asked}: {text}");
                }
            }
        }
    }
}
