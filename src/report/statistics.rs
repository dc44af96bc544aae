//! `--statistics`: findings and dollars by rule, as a table or as JSON. The sums are those of the summary.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::plain::clean;
use super::worth::column;
use crate::claim::Cents;
use crate::finding::{Columns, Dollars, MoneyClass, Run, Severity};

/// One rule's findings and dollars.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Row {
    code: String,
    name: String,
    /// By severity: errors, warnings, remarks.
    counts: [u64; 3],
    columns: Columns,
}

impl Row {
    fn findings(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The most that it counts in one column: columns are never added together.
    fn most(&self) -> Cents {
        let columns = amounts(&self.columns).map(|(_, dollars)| dollars.net);
        columns.into_iter().max().unwrap_or_default()
    }
}

/// The columns by name.
fn amounts(columns: &Columns) -> [(&'static str, Dollars); 4] {
    MoneyClass::WITH_COLUMN.map(|class| (column(class), columns.of(class)))
}

/// By dollars, then by count, then by code. What the user has accepted is in neither.
fn rows(run: &Run) -> Vec<Row> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for finding in run.standing() {
        let row = rows.entry(&finding.code).or_default();
        row.name.clone_from(&finding.name);
        row.counts[match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Info => 2,
        }] += 1;
    }
    for of_rule in &run.breakdown.rules {
        let row = rows.entry(&of_rule.code).or_default();
        row.name.clone_from(&of_rule.name);
        row.columns = of_rule.share.columns;
    }
    let mut rows: Vec<Row> =
        rows.into_iter().map(|(code, row)| Row { code: code.to_owned(), ..row }).collect();
    rows.sort_by(|one, other| {
        (other.most(), other.findings())
            .cmp(&(one.most(), one.findings()))
            .then_with(|| one.code.cmp(&other.code))
    });
    rows
}

/// Writes the table: a row a rule, a column for each sum of the run that is not nothing, net dollars.
///
/// # Errors
/// Those of `out`.
pub fn render(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(run);
    let used: Vec<&str> = amounts(&run.columns)
        .into_iter()
        .filter(|(_, dollars)| *dollars != Dollars::default())
        .map(|(name, _)| name)
        .collect();
    let dollars = |columns: &Columns| {
        let used = amounts(columns).into_iter().filter(|(name, _)| used.contains(name));
        used.map(
            |(_, dollars)| if dollars.net == Cents::ZERO { "-".to_owned() } else { dollars.net.to_string() },
        )
        .collect::<Vec<_>>()
    };
    let mut table: Vec<Vec<String>> = Vec::new();
    let heads = ["findings", "severity"].into_iter().chain(used.iter().copied()).chain(["rule"]);
    table.push(heads.map(str::to_owned).collect());
    for row in &rows {
        let mut cells = vec![row.findings().to_string(), severities(&row.counts)];
        cells.extend(dollars(&row.columns));
        cells.push(clean(&format!("{} {}", row.code, row.name)).into_owned());
        table.push(cells);
    }
    let all = rows.iter().fold([0; 3], |mut all, row| {
        all.iter_mut().zip(row.counts).for_each(|(all, count)| *all += count);
        all
    });
    let mut total = vec![all.iter().sum::<u64>().to_string(), String::new()];
    total.extend(dollars(&run.columns));
    total.push("all rules".to_owned());
    table.push(total);
    let last = table[0].len() - 1;
    let widths: Vec<usize> =
        (0..last).map(|at| table.iter().map(|cells| cells[at].width()).max().unwrap_or(0)).collect();
    for cells in &table {
        let mut line = String::new();
        for (at, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            // Words stand left, figures right.
            line.push_str(&if at == 1 { format!("{cell:<width$}  ") } else { format!("{cell:>width$}  ") });
        }
        line.push_str(&cells[last]);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// `error`, or `error 2, warning 1` where outcomes of one rule weigh differently.
fn severities(counts: &[u64; 3]) -> String {
    let named: Vec<(&str, u64)> =
        ["error", "warning", "info"].into_iter().zip(*counts).filter(|(_, count)| *count > 0).collect();
    match named.as_slice() {
        [] => "-".to_owned(),
        [(one, _)] => (*one).to_owned(),
        several => {
            several.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Writes the same as JSON, in cents, net and gross.
///
/// # Errors
/// Those of `out`.
pub fn render_json(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let dollars = |columns: &Columns| {
        let columns = amounts(columns).into_iter();
        let cents = columns.map(|(name, dollars)| {
            let Dollars { net, gross } = dollars;
            (name.replace(' ', "_"), json!({"net_cents": net.0, "gross_cents": gross.0}))
        });
        Value::Object(cents.collect())
    };
    let rows = rows(run);
    let rules = rows.iter().map(|row| {
        let [errors, warnings, infos] = row.counts;
        json!({
            "code": clean(&row.code),
            "name": clean(&row.name),
            "findings": row.findings(),
            "errors": errors,
            "warnings": warnings,
            "infos": infos,
            "dollars": dollars(&row.columns),
        })
    });
    let all = json!({
        "schema": "cleanclaim-statistics/1",
        "rules": rules.collect::<Vec<_>>(),
        "findings": rows.iter().map(Row::findings).sum::<u64>(),
        "dollars": dollars(&run.columns),
    });
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{ByRule, Finding, Share};

    fn run() -> Run {
        let finding = |code: &str, severity| Finding {
            code: code.to_owned(),
            name: format!("rule-{}", code.to_lowercase()),
            severity,
            ..Finding::default()
        };
        let of = |code: &str, at_risk: i64, recoupment: i64| {
            let dollars = |cents| Dollars { net: Cents(cents), gross: Cents(cents + 1) };
            let columns = Columns {
                at_risk: if at_risk > 0 { dollars(at_risk) } else { Dollars::default() },
                recoupment: if recoupment > 0 { dollars(recoupment) } else { Dollars::default() },
                ..Columns::default()
            };
            let name = format!("rule-{}", code.to_lowercase());
            ByRule { code: code.to_owned(), name, findings: 1, share: Share { columns, ..Share::default() } }
        };
        let mut run = Run {
            findings: vec![
                finding("A01", Severity::Info),
                finding("A01", Severity::Info),
                finding("B01", Severity::Error),
                finding("B01", Severity::Warning),
                finding("C01", Severity::Error),
            ],
            ..Run::default()
        };
        run.breakdown.rules = vec![of("B01", 2_070, 0), of("C01", 100, 2_976)];
        for rule in &run.breakdown.rules {
            run.columns.add(&rule.share.columns);
        }
        run
    }

    #[test]
    fn dollars_first_then_counts() {
        let mut out = Vec::new();
        render(&run(), &mut out).expect("a vector takes everything");
        insta::assert_snapshot!("table", String::from_utf8(out).expect("text"));
        let mut out = Vec::new();
        render_json(&run(), &mut out).expect("a vector takes everything");
        let json: Value = serde_json::from_slice(&out).expect("JSON");
        assert_eq!(json["rules"][0]["code"], "C01");
        assert_eq!(json["dollars"]["at_risk"]["net_cents"], 2_170);
        let net = |rule: &Value| rule["dollars"]["at_risk"]["net_cents"].as_i64().unwrap_or_default();
        assert_eq!(json["rules"].as_array().map(|rules| rules.iter().map(net).sum::<i64>()), Some(2_170));
        assert_eq!(json["findings"], 5);
    }

    #[test]
    fn a_clean_run_has_a_head_and_a_sum() {
        let mut out = Vec::new();
        render(&Run::default(), &mut out).expect("a vector takes everything");
        assert_eq!(
            String::from_utf8(out).expect("text"),
            "findings  severity  rule\n       0            all rules\n"
        );
    }
}
