//! `explain CODE`: what a rule checks, why, how it is priced, when it fires, and what to do.
//!
//! One model (`page`), drawn as text for a terminal and as markdown for `docs/rules/` and for editors.

mod examples;
mod markdown;
pub mod page;
mod text;

use std::io::{self, Write};

use serde_json::json;

use crate::rules::{Example, Rule, RuleSet};
use page::Page;

/// The folder of the pages of the built-in rules, seen from the root of the repository.
const FOLDER: &str = "docs/rules";

/// The rule that `word` names by code or name.
///
/// # Errors
/// A sentence that says so, with the rule that was probably meant.
pub fn find<'r>(rules: &'r RuleSet, word: &str) -> Result<&'r Rule, String> {
    let is_several =
        || rules.rules.iter().any(|rule| rule.pack == word || family(rule).eq_ignore_ascii_case(word));
    rules.find(word).ok_or_else(|| match rules.suggestion(word) {
        _ if is_several() => {
            format!("`{word}` is several rules; `cleanclaim rules list --select {word}` names them")
        }
        Some(meant) => format!("no rule is called `{word}`; did you mean `{meant}`?"),
        None => format!("no rule is called `{word}`; `cleanclaim rules list` names them all"),
    })
}

fn family(rule: &Rule) -> &str {
    rule.code.trim_end_matches(|letter: char| letter.is_ascii_digit())
}

/// Writes the page of a rule as text. `examples` are those of the rule, or of all rules.
///
/// # Errors
/// Those of `out`.
pub fn show(
    rule: &Rule,
    examples: &[Example],
    width: usize,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    text::write(&Page::of(rule, examples), width, colour, out)
}

/// The page of a rule as markdown.
pub fn markdown(rule: &Rule, examples: &[Example]) -> String {
    markdown::page(&Page::of(rule, examples))
}

/// Writes the pages of rules as a JSON array: what an editor shows beside a code. `carried` are the built-in rules.
///
/// # Errors
/// Those of `out`.
pub fn show_json(
    rules: &[&Rule],
    examples: &[Example],
    carried: &RuleSet,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pages = rules.iter().map(|rule| {
        let page = Page::of(rule, examples);
        let sections = page
            .sections
            .iter()
            .map(|section| json!({"head": section.head, "markdown": markdown::under(section).trim_end()}));
        json!({
            "code": rule.code,
            "name": rule.name,
            "severity": rule.weight(),
            "summary": rule.summary,
            "pack": rule.pack,
            "page": page_path(rule, carried),
            "sections": sections.collect::<Vec<_>>(),
        })
    });
    serde_json::to_writer_pretty(&mut *out, &pages.collect::<Vec<_>>())?;
    writeln!(out)
}

/// Where the repository keeps the page of a built-in rule. `carried` are the built-in rules: a code is one rule's, so
/// what is not among them is a user's.
pub fn page_path(rule: &Rule, carried: &RuleSet) -> Option<String> {
    carried.find(&rule.code).map(|rule| format!("{FOLDER}/{}.md", rule.code))
}

/// The page that names all rules, by pack.
pub fn index(rules: &RuleSet) -> String {
    let mut text = "# Rules\n\nOne page for each built-in rule, written from the YAML in `rules/` by \
        `CLEANCLAIM_BLESS=1 cargo test --test written rule_pages::`.\n`cleanclaim explain CODE` says the same on a terminal. \
        [Writing rules](../writing-rules.md) is for those who write their own.\n"
        .to_owned();
    let mut packs: Vec<&str> = rules.rules.iter().map(|rule| rule.pack.as_str()).collect();
    packs.sort_unstable();
    packs.dedup();
    for pack in packs {
        text.push_str(&format!(
            "\n## {pack}\n\n| code | name | severity | money | what it finds |\n|---|---|---|---|---|\n"
        ));
        for rule in rules.rules.iter().filter(|rule| rule.pack == pack) {
            let money = rule.impact.class.as_str();
            text.push_str(&format!(
                "| [{code}]({code}.md) | {} | {} | {money} | {} |\n",
                rule.name,
                rule.severity.as_str(),
                markdown::plain(&rule.summary),
                code = rule.code,
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleFile;

    const RULES: &str = r#"
- code: ACME01
  name: massage-is-not-paid-twice
  since: 0.2.0
  severity: error
  summary: More massage than the plan pays for on one day
  details: |
    The plan pays two units of massage a day.

    More of them are taken back.
  when:
    all:
      - line.procedure_code: {in: [97124]}
      - not: {claim.payer: {is: unknown}}
      - line.charge_amount: {above: 20}
      - any: [{line.units: {at-least: 1}}, {line.modifiers: {none-in: [59, XS]}}]
  check: {limit: {sum: line.units, over: patient-day, at-most: 2}}
  impact: {class: denial, amount: excess-units}
  denial: {carc: [119], rarc: [N362]}
  message: "{total} units of {procedure_code}; the plan pays {at_most}"
  help: Bill {at_most} units, or X{{EPSU}}.
  appeal: Do not.
  sources: ["The plan's manual, p. 7"]
  examples:
    invalid:
      - name: three units
        claim: {region: lumbar}
        lines: [{procedure_code: 97124, units: 2, minutes: 30}, {procedure_code: 97124, units: 1, modifiers: [59]}]
        expect: {line: 2, net: 20.70, gross: 29.76}
    valid:
      - lines: [{procedure_code: 97124, units: 2, referring_npi: ~, modifiers: []}]
"#;

    #[test]
    fn a_page_reads_like_a_manual() {
        let file = RuleFile { name: "acme.yaml".to_owned(), text: RULES.into() };
        let rules = RuleSet::of(&[file]).unwrap_or_else(|errors| panic!("{errors}"));
        let examples = rules.examples().unwrap_or_else(|errors| panic!("{errors}"));
        let rule = find(&rules, "Massage-is-not-paid-twice").expect("the rule");
        let mut out = Vec::new();
        show(rule, &examples, 80, false, &mut out).expect("a vector takes everything");
        insta::assert_snapshot!("page_as_text", String::from_utf8(out).expect("text"));
        insta::assert_snapshot!("page_as_markdown", markdown(rule, &examples));
        assert_eq!(
            find(&RuleSet::builtin(), "t").map(|rule| rule.code.clone()),
            Err("`t` is several rules; `cleanclaim rules list --select t` names them".to_owned())
        );
        assert_eq!(
            find(&rules, "ACME02").map(|rule| &rule.code),
            Err("no rule is called `ACME02`; did you mean `ACME01`?".to_owned())
        );
    }
}
