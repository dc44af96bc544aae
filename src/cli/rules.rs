//! `rules list` and `rules schema`.

use std::io::{self, Write};

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::explain::page_path;
use super::prose::cut;
use crate::rules::{Rule, RuleSet, Scope, claim_line_schema, rule_file_schema};
use crate::side;

/// Writes the rules in force as a table: code, severity, SNIP type, money class, kind, name and summary.
///
/// Summaries are cut off at `width` columns; `None` leaves them whole.
///
/// # Errors
/// Those of `out`.
pub fn list(rules: &RuleSet, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let heads = ["code", "severity", "snip", "money", "kind", "name"].map(str::to_owned);
    let rows = rules.rules.iter().map(columns);
    let cells = [heads].into_iter().chain(rows).collect::<Vec<_>>();
    let summaries = ["summary"].into_iter().chain(rules.rules.iter().map(|rule| rule.summary.as_str()));
    let mut widths = [0; 6];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let before = widths.iter().sum::<usize>() + 2 * widths.len();
    for (row, summary) in cells.iter().zip(summaries) {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(&format!("{cell:<width$}  "));
        }
        let room = width.map_or(usize::MAX, |width| width.saturating_sub(before).max(10));
        line.push_str(&cut(summary, room));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn columns(rule: &Rule) -> [String; 6] {
    let money = rule.impact.class.as_str().to_owned();
    let severity = rule.weight().to_owned();
    let snip = rule.snip.map_or("-".to_owned(), |snip| snip.to_string());
    [rule.code.clone(), severity, snip, money, rule.check.kind().to_owned(), rule.name.clone()]
}

/// Writes the rules in force as a JSON array.
///
/// # Errors
/// Those of `out`.
pub fn list_json(rules: &RuleSet, out: &mut dyn Write) -> io::Result<()> {
    let carried = RuleSet::builtin();
    let rules = rules.rules.iter().map(|rule| {
        json!({
            "code": rule.code,
            "name": rule.name,
            "severity": rule.weight(),
            "summary": rule.summary,
            "kind": rule.check.kind(),
            "scope": scope_word(rule.scope()),
            "impact": {"class": rule.impact.class, "amount": rule.impact.amount, "certain": rule.impact.certain},
            "snip": rule.snip,
            "denial": {
                "carc": rule.carc,
                "rarc": rule.rarc,
                "claim_status": rule.claim_status,
                "acknowledgement": rule.acknowledgement.as_ref().map(ToString::to_string),
            },
            "pack": rule.pack,
            "page": page_path(rule, &carried),
            "since": rule.since,
            "sources": rule.sources,
            "payers": rule.payers.iter().map(|(whose, special)| json!({
                "payer": whose.to_string(),
                "severity": special.weight(),
            })).collect::<Vec<_>>(),
        })
    });
    serde_json::to_writer_pretty(&mut *out, &rules.collect::<Vec<_>>())?;
    writeln!(out)
}

/// Writes the JSON Schema of rule files.
///
/// # Errors
/// Those of `out`.
pub fn rule_schema(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &rule_file_schema())?;
    writeln!(out)
}

/// Writes the JSON Schema of a native claim line.
///
/// # Errors
/// Those of `out`.
pub fn claim_schema(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &claim_line_schema())?;
    writeln!(out)
}

/// Writes the JSON Schema of configurations.
///
/// # Errors
/// Those of `out`.
pub fn config_schema(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &crate::config::config_schema())?;
    writeln!(out)
}

/// Writes the JSON Schema of a suppressions file.
///
/// # Errors
/// Those of `out`.
pub fn suppressions_schema(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &side::suppressions_schema())?;
    writeln!(out)
}

/// Writes the JSON Schema of a map.
///
/// # Errors
/// Those of `out`.
pub fn map_schema(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &crate::maps::map_schema())?;
    writeln!(out)
}

/// Writes the JSON Schema of a report.
///
/// # Errors
/// Those of `out`.
pub fn report_schema(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &crate::report::json::report_schema())?;
    writeln!(out)
}

const fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Line => "line",
        Scope::Claim => "claim",
        Scope::Day => "patient-day",
        Scope::PatientYear => "patient-year",
        Scope::Course => "course",
        Scope::ProviderDay => "provider-day",
        Scope::File => "file",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Fact;
    use crate::rules::{KINDS, RuleFile};

    fn rules() -> RuleSet {
        let text = "\
- {code: A1, name: one, severity: error, summary: A summary that goes on for quite a while, check: forbid, message: M,
   help: H, impact: {class: lost-revenue, amount: line-allowed}, denial: {carc: [16]}}
- {code: A2, name: two-by-two, severity: info, summary: Short, check: overlap, message: M, help: H}
";
        let file = RuleFile { name: "acme.yaml".to_owned(), text: text.into() };
        RuleSet::of(&[file]).unwrap_or_else(|errors| panic!("{errors}"))
    }

    fn written(job: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        job(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_table_as_wide_as_the_terminal() {
        insta::assert_snapshot!(written(|out| list(&rules(), Some(70), out)), @"
    code  severity  snip  money         kind     name        summary
    A1    error     -     lost-revenue  forbid   one         A summary th…
    A2    info      -     none          overlap  two-by-two  Short
    ");
    }

    #[test]
    fn the_same_as_json() {
        let json: serde_json::Value =
            serde_json::from_str(&written(|out| list_json(&rules(), out))).expect("JSON");
        assert_eq!(json[0]["impact"]["class"], "lost-revenue");
        assert_eq!(json[0]["denial"]["carc"][0], "16");
        assert_eq!(json[1]["scope"], "patient-day");
    }

    #[test]
    fn the_schemas_name_every_fact_and_kind() {
        let rule = written(|out| rule_schema(out));
        let claim: serde_json::Value = serde_json::from_str(&written(|out| claim_schema(out))).expect("JSON");
        for fact in Fact::ALL {
            assert!(rule.contains(&format!("\"{}\"", fact.qualified())), "{fact}");
            let stated = fact.is_native();
            assert_eq!(claim["properties"].get(fact.name()).is_some(), stated, "{fact}");
        }
        for kind in KINDS {
            assert!(rule.contains(&format!("\"{}\"", kind.name)), "{}", kind.name);
        }
        assert_eq!(claim["required"], serde_json::json!(["procedure_code"]));
    }
}
