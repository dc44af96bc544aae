//! `explain CODE`: what a rule checks, why, how it is priced, when it fires, and what to do.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::prose::Page;
use crate::finding::MoneyClass;
use crate::rules::{Amount, Check, Example, ImpactSpec, Kind, Piece, Rule, RuleSet, Scope, Tree, pieces};

/// Columns beyond which prose is hard to read.
const WIDEST: usize = 100;

/// Examples of either sort that a page shows; `rules test` runs all of them.
const MOST_EXAMPLES: usize = 4;

/// The rule that `word` names by code or name.
///
/// # Errors
/// A sentence that says so, with the rule that was probably meant.
pub fn find<'r>(rules: &'r RuleSet, word: &str) -> Result<&'r Rule, String> {
    rules.find(word).ok_or_else(|| match rules.suggestion(word) {
        Some(meant) => format!("no rule is called `{word}`; did you mean `{meant}`?"),
        None => format!("no rule is called `{word}`; `cleanclaim rules list` names them all"),
    })
}

/// Writes the page of a rule. `examples` are those of the rule, or of all rules.
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
    let mut page = Page { out, width: width.clamp(40, WIDEST), colour };
    let title = page.bold(&format!("{} {}", rule.code, rule.name));
    let since = if rule.since.is_empty() { String::new() } else { format!(", since {}", rule.since) };
    writeln!(page.out, "{title} · {} · pack {}{since}", rule.weight(), rule.pack)?;
    page.heading("NAME")?;
    page.paragraphs(&format!("{} {} — {}", rule.code, rule.name, rule.summary), 4, 4)?;
    page.heading("WHAT IT CHECKS")?;
    page.paragraphs(&checks(rule), 4, 0)?;
    outcomes(rule, &mut page)?;
    section(&mut page, "FOR SINGLE PAYERS", &payers(rule))?;
    section(&mut page, "WHY", &rule.details)?;
    page.heading("HOW IT IS PRICED")?;
    page.paragraphs(&pricing(rule), 4, 0)?;
    let own = examples.iter().filter(|example| example.rule == rule.code).collect::<Vec<_>>();
    if !own.is_empty() {
        page.heading("EXAMPLES")?;
        show_examples("It fires on:", own.iter().filter(|example| example.fires), &mut page)?;
        show_examples("It is silent on:", own.iter().filter(|example| !example.fires), &mut page)?;
    }
    section(&mut page, "WHAT TO DO", &readable(&rule.help))?;
    section(&mut page, "IF IT IS DENIED ANYWAY", &readable(&rule.appeal))?;
    let acknowledged: Vec<String> = rule
        .acknowledgement
        .iter()
        .chain(rule.outcomes.iter().filter_map(|outcome| outcome.acknowledgement.as_ref()))
        .map(ToString::to_string)
        .collect();
    let codes = [
        ("acknowledgement (TA1, 999)", &acknowledged),
        ("claim status (277CA)", &rule.claim_status),
        ("claim adjustment (CARC)", &rule.carc),
        ("remark (RARC)", &rule.rarc),
    ];
    if codes.iter().any(|(_, codes)| !codes.is_empty()) {
        page.heading("LIKELY CODES")?;
        for (name, codes) in codes {
            if !codes.is_empty() {
                page.paragraphs(&format!("{name}: {}", codes.join(", ")), 4, 4)?;
            }
        }
    }
    if !rule.sources.is_empty() {
        page.heading("SOURCES")?;
        for source in &rule.sources {
            page.paragraphs(source, 4, 4)?;
        }
    }
    Ok(())
}

fn section(page: &mut Page<'_>, heading: &str, text: &str) -> io::Result<()> {
    if text.trim().is_empty() {
        return Ok(());
    }
    page.heading(heading)?;
    page.paragraphs(text, 4, 0)
}

fn checks(rule: &Rule) -> String {
    let kind = Kind::named(rule.check.kind()).map_or("", |kind| kind.doc);
    let mut letters = kind.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let mut text = format!("{first}{} (the check `{}`).", letters.as_str(), rule.check.kind());
    match rule.scope() {
        Scope::Day => text.push_str(" The day is put together from all claims of the run."),
        Scope::PatientYear => text.push_str(" The year is put together from all claims of the run."),
        Scope::Course => text.push_str(
            " The course is put together from all claims of the run, by payer and billing provider.",
        ),
        Scope::ProviderDay => {
            text.push_str(" The provider's day is put together from all claims of the run.")
        }
        Scope::Line | Scope::Claim | Scope::File => {}
    }
    if !matches!(rule.when, Tree::Always) {
        text.push_str(&format!("\n\nIt is about lines of which this holds: {}.", rule.when.words()));
    }
    if let Check::Require(tree) = &rule.check {
        text.push_str(&format!("\n\nOf those this must hold too: {}.", tree.words()));
    }
    text.push_str(&format!("\n\nIt says: \"{}\"", readable(&rule.message)));
    text
}

/// What the configuration has the rule weigh for single payers.
fn payers(rule: &Rule) -> String {
    let said = rule.payers.iter().map(|(whose, special)| format!("{whose}: {}", special.weight()));
    said.collect::<Vec<_>>().join("; ")
}

fn outcomes(rule: &Rule, page: &mut Page<'_>) -> io::Result<()> {
    if rule.outcomes.is_empty() {
        return Ok(());
    }
    writeln!(page.out)?;
    for outcome in &rule.outcomes {
        let severity = outcome.severity.unwrap_or(rule.severity).as_str();
        let message = outcome.message.as_deref().unwrap_or(&rule.message);
        page.paragraphs(&format!("{} ({severity}): \"{}\"", outcome.name, readable(message)), 4, 4)?;
    }
    Ok(())
}

/// A message with its placeholders as people write them: `<units>`.
fn readable(text: &str) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Placeholder(name, _) => format!("<{name}>"),
    };
    pieces(text).map(piece).collect()
}

fn pricing(rule: &Rule) -> String {
    let mut text = worth(rule.impact);
    for outcome in &rule.outcomes {
        if let Some(impact) = outcome.impact.filter(|impact| *impact != rule.impact) {
            text.push_str(&format!("\n\n{}: {}", outcome.name, worth(impact)));
        }
    }
    if rule.impact.amount != Amount::None {
        text.push_str(
            "\n\nTwo figures are given: net follows the payer's profile, with the multiple-procedure reduction \
             where it applies; gross is the flat fee schedule. A dollar is counted once in the totals, however many \
             findings touch it.",
        );
    }
    text
}

fn worth(impact: ImpactSpec) -> String {
    let amount = match impact.amount {
        Amount::None => return "No dollars are attached.".to_owned(),
        Amount::LineAllowed => "what the line is paid in the day as billed",
        Amount::ExcessUnits => "the patient's day as billed, less the same day without the units in excess",
        Amount::MissingUnits => "the patient's day with the missing units, less the day as billed",
        Amount::Difference => "the difference between the day as billed and the day as it should be",
        Amount::ChargeShortfall => {
            "what the line would be paid if it were charged the fee, less what it is paid"
        }
        Amount::AssistantReduction => {
            "what is paid, less what would be paid for these units as services of an assistant"
        }
        Amount::ClaimAllowed => "everything the claim is paid",
    };
    let class = match impact.class {
        MoneyClass::Rejection => "Delayed cash: the claim does not enter adjudication until it is mended.",
        MoneyClass::Denial => "At risk: the payer may not pay.",
        MoneyClass::Recoupment => "Recoupment: likely to be paid, then recoverable in audit.",
        MoneyClass::LostRevenue if impact.amount == Amount::ChargeShortfall => {
            "Unbilled: allowed, and not charged."
        }
        MoneyClass::LostRevenue => "Unbilled: documented, if the record confirms it, and not billed.",
        MoneyClass::None => "No column of the totals.",
    };
    let certain = if impact.certain {
        " Payers deny it without exception: expected loss takes it whole, unless your denial rates name the rule."
    } else {
        ""
    };
    format!("{class} The amount is {amount}.{certain}")
}

fn show_examples<'e>(
    heading: &str,
    examples: impl Iterator<Item = &'e &'e Example>,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let examples = examples.collect::<Vec<_>>();
    if examples.is_empty() {
        return Ok(());
    }
    page.paragraphs(heading, 4, 0)?;
    for example in examples.iter().take(MOST_EXAMPLES) {
        let figures = match (example.expect.net, example.expect.gross) {
            (Some(net), Some(gross)) if net == gross => format!(" → {net}"),
            (Some(net), Some(gross)) => format!(" → {net} net, {gross} gross"),
            (Some(net), None) => format!(" → {net} net"),
            (None, Some(gross)) => format!(" → {gross} gross"),
            (None, None) => String::new(),
        };
        let lines = claim_words(&example.written);
        let edits = example.replace.iter().map(|(from, to)| format!("{to} in place of {from}"));
        let edits = edits.collect::<Vec<_>>().join("; ");
        let shown = [example.name.as_str(), &lines, &edits];
        let shown = shown.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join(": ");
        page.paragraphs(&format!("- {shown}{figures}"), 6, 2)?;
    }
    if examples.len() > MOST_EXAMPLES {
        page.paragraphs(
            &format!("and {} more that `rules test` runs", examples.len() - MOST_EXAMPLES),
            8,
            0,
        )?;
    }
    Ok(())
}

/// Facts that the words of a line begin with.
const LEADING: [&str; 4] = ["procedure_code", "modifiers", "units", "minutes"];

/// Lines in the words of their example: `97124-59 × 2, 22 min + 97140 × 1; region lumbar`.
///
/// What all of several lines share stands once, at the end.
fn claim_words(lines: &[Map<String, Value>]) -> String {
    let shared = match lines {
        [first, others @ ..] if !others.is_empty() => {
            let everywhere =
                |name: &str, value: &Value| others.iter().all(|line| line.get(name) == Some(value));
            let shared = first
                .iter()
                .filter(|(name, value)| !LEADING.contains(&name.as_str()) && everywhere(name, value));
            shared.map(|(name, value)| (name.clone(), value.clone())).collect()
        }
        _ => Map::new(),
    };
    let own = lines.iter().map(|line| line_words(line, &shared)).collect::<Vec<_>>();
    let mut words = own.join(" + ");
    if !shared.is_empty() {
        words.push_str(&format!("; all with {}", rest(&shared, &Map::new())));
    }
    words
}

fn line_words(line: &Map<String, Value>, shared: &Map<String, Value>) -> String {
    let mut words = line.get("procedure_code").map(plain).unwrap_or_default();
    if let Some(Value::Array(modifiers)) = line.get("modifiers") {
        words.extend(modifiers.iter().map(|modifier| format!("-{}", plain(modifier))));
        if modifiers.is_empty() {
            words.push_str(" without modifiers");
        }
    }
    if let Some(units) = line.get("units") {
        words.push_str(&format!(" × {}", plain(units)));
    }
    if let Some(minutes) = line.get("minutes") {
        words.push_str(&format!(", {} min", plain(minutes)));
    }
    let rest = rest(line, shared);
    if rest.is_empty() { words } else { format!("{words}, {rest}").trim_start_matches(", ").to_owned() }
}

/// The facts that have no place of their own in a line's words, and that no other line shares.
fn rest(line: &Map<String, Value>, shared: &Map<String, Value>) -> String {
    let rest =
        line.iter().filter(|(name, _)| !LEADING.contains(&name.as_str()) && !shared.contains_key(*name));
    rest.map(|(name, value)| format!("{} {}", name.replace('_', " "), plain(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Null => "absent".to_owned(),
        other => other.to_string(),
    }
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
        insta::assert_snapshot!(String::from_utf8(out).expect("text"), @r#"
    ACME01 massage-is-not-paid-twice · error · pack acme, since 0.2.0

    NAME
        ACME01 massage-is-not-paid-twice — More massage than the plan pays for
            on one day

    WHAT IT CHECKS
        A ceiling on lines, units, minutes or charges of a line, a claim or a
        patient's day (the check `limit`). The day is put together from all claims
        of the run.

        It is about lines of which this holds: procedure_code is 97124, and not
        (payer is unknown), and charge_amount is at least $20.01, and (units is at
        least 1, or modifiers holds none of 59 or XS).

        It says: "<total> units of <procedure_code>; the plan pays <at_most>"

    WHY
        The plan pays two units of massage a day.

        More of them are taken back.

    HOW IT IS PRICED
        At risk: the payer may not pay. The amount is the patient's day as billed,
        less the same day without the units in excess.

        Two figures are given: net follows the payer's profile, with the
        multiple-procedure reduction where it applies; gross is the flat fee
        schedule. A dollar is counted once in the totals, however many findings
        touch it.

    EXAMPLES
        It fires on:
          - three units: 97124 × 2, 30 min + 97124-59 × 1; all with region lumbar
            → $20.70 net, $29.76 gross
        It is silent on:
          - 97124 without modifiers × 2, referring npi absent

    WHAT TO DO
        Bill <at_most> units, or X{EPSU}.

    IF IT IS DENIED ANYWAY
        Do not.

    LIKELY CODES
        claim adjustment (CARC): 119
        remark (RARC): N362

    SOURCES
        The plan's manual, p. 7
    "#);
        assert_eq!(
            find(&rules, "ACME02").map(|rule| &rule.code),
            Err("no rule is called `ACME02`; did you mean `ACME01`?".to_owned())
        );
    }
}
