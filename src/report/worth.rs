//! What a finding is worth in few words, and which findings are worth most.

use std::collections::HashMap;

use super::plain::{clean, grouped, plural};
use crate::claim::Cents;
use crate::finding::{ByRule, CountedIn, Finding, MoneyClass, Run, Severity};

/// The name of a column in a summary.
pub(super) const fn column(class: MoneyClass) -> &'static str {
    match class {
        MoneyClass::Denial => "at risk",
        MoneyClass::Recoupment => "recoupment",
        MoneyClass::Rejection => "delayed",
        MoneyClass::LostRevenue => "unbilled",
        MoneyClass::None => "",
    }
}

/// `up to $23.29 at risk`, `$20.70 recoupment`, `unpriced`; of dollars that the totals have elsewhere, where. `None`
/// where there are no dollars.
pub(super) fn worth(finding: &Finding) -> Option<String> {
    let impact = &finding.impact;
    if impact.class == MoneyClass::None {
        return None;
    }
    let Some(amount) = impact.net.or(impact.gross) else {
        return impact.unpriced.then(|| "unpriced".to_owned());
    };
    let up_to = if impact.class == MoneyClass::Denial { "up to " } else { "" };
    let elsewhere = match &finding.counted_in {
        _ if impact.counted => String::new(),
        Some(holder) => format!(", {}", held(holder, "")),
        None => ", in no total".to_owned(),
    };
    Some(format!("{up_to}{amount} {}{elsewhere}", column(impact.class)))
}

/// Where the dollars of a finding are that no total counts with it. `place` tells which of the holder's code is meant.
pub(super) fn held(holder: &CountedIn, place: &str) -> String {
    let code = clean(&holder.code);
    let gap = if place.is_empty() { "" } else { " " };
    if holder.is_known {
        return format!("{code}{gap}{place} holds it, which the baseline knows: in no total");
    }
    format!("counted in {code}{gap}{place}")
}

/// What findings are ranked by: the dollars that the totals count with them, the severity, their own dollars. Dollars of
/// different columns are compared here and nowhere added.
pub(super) fn weight(finding: &Finding) -> (Cents, Severity, Cents) {
    let own = finding.impact.net.or(finding.impact.gross).unwrap_or_default();
    let counted = if finding.impact.counted { own } else { Cents::ZERO };
    (counted, finding.severity, own)
}

/// Whether a finding is the user's to mend: nobody has said that it is known or no fault.
pub(super) fn is_reported(finding: &Finding) -> bool {
    finding.is_standing()
}

/// The findings that nobody has accepted, in the order of the run.
pub(super) fn reported(run: &Run) -> impl Iterator<Item = &Finding> {
    run.standing()
}

/// How many reported findings each rule has that are a matter of dollars, by its code.
pub(super) fn of_rules(run: &Run) -> HashMap<&str, u64> {
    let mut count = HashMap::new();
    let of_dollars = reported(run).filter(|finding| finding.impact.class != MoneyClass::None);
    of_dollars.for_each(|finding| *count.entry(finding.code.as_str()).or_default() += 1);
    count
}

/// `29`, `29 of 101`: how many findings of a rule count dollars, and of how many if those are not all. `all` are those of
/// [`of_rules`].
pub(super) fn counting(rule: &ByRule, all: &HashMap<&str, u64>) -> String {
    let (own, all) = (rule.findings, all.get(rule.code.as_str()).copied().unwrap_or(0));
    if all > own { format!("{} of {}", grouped(own), grouped(all)) } else { grouped(own) }
}

/// The same with its noun: `29 findings`, `1 of 2 findings`.
pub(super) fn counting_findings(rule: &ByRule, all: &HashMap<&str, u64>) -> String {
    let many = all.get(rule.code.as_str()).copied().unwrap_or(0).max(rule.findings);
    format!("{} finding{}", counting(rule, all), plural(many))
}

/// The reported findings, those worth most first; equal ones in the order of the run.
pub(super) fn worst_first(run: &Run) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = reported(run).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(weight(finding)));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn few_words_say_whose_total_it_is() {
        let said = |finding: &Finding| worth(finding).unwrap_or_default();
        assert_eq!(said(&sample::finding()), "$20.70 recoupment");
        assert_eq!(said(&sample::pair()), "up to $23.29 at risk");
        assert_eq!(said(&sample::warning()), "up to $22.45 at risk, counted in V01");
        let mut known = sample::warning();
        known.counted_in.iter_mut().for_each(|holder| holder.is_known = true);
        assert_eq!(said(&known), "up to $22.45 at risk, V01 holds it, which the baseline knows: in no total");
        assert_eq!(said(&sample::unpriced()), "unpriced");
        assert_eq!(worth(&sample::info()), None);
    }

    #[test]
    fn counted_dollars_come_first_and_severity_next() {
        let unpriced = sample::unpriced();
        let run =
            sample::run(vec![sample::info(), sample::warning(), unpriced, sample::finding(), sample::pair()]);
        let codes: Vec<&str> = worst_first(&run).iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["P01", "T01", "P01", "D02", "T04"]);
    }

    #[test]
    fn findings_that_count_are_told_from_those_that_do_not() {
        let remark = Finding { code: "T01".to_owned(), ..sample::info() };
        let run = |findings: Vec<Finding>| sample::run([findings, vec![remark.clone()]].concat());
        let said = |count: u64, findings: Vec<Finding>| {
            let rule = ByRule { code: "T01".to_owned(), findings: count, ..ByRule::default() };
            counting_findings(&rule, &of_rules(&run(findings)))
        };
        let one = sample::finding();
        assert_eq!(said(1, vec![one.clone()]), "1 finding");
        assert_eq!(said(1, vec![one.clone(), one.clone()]), "1 of 2 findings");
        assert_eq!(said(2, vec![one.clone(), one]), "2 findings");
    }
}
