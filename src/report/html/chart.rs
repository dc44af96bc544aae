//! Bars of dollars: by rule, by payer, by provider. The figures stand beside the bars as text.

use std::cmp::Reverse;

use super::Sheet;
use super::money::{self, Amount};
use crate::claim::Cents;
use crate::finding::{Breakdown, Share};
use crate::report::plain::{clean, grouped, plural};
use crate::report::worth::{counting_findings, of_rules};

/// Bars that a chart shows; what is left is counted.
const MOST: usize = 10;

/// A chart of bars.
pub(super) struct Bars {
    /// Names it in the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) rows: Vec<BarRow>,
    /// What is not shown, in words.
    pub(super) more: String,
}

/// One rule, payer or provider.
pub(super) struct BarRow {
    pub(super) name: String,
    pub(super) detail: String,
    /// Where the page tells more of it.
    pub(super) link: String,
    pub(super) bars: Vec<Bar>,
    largest: Cents,
}

/// One class of its dollars.
pub(super) struct Bar {
    pub(super) amount: Amount,
    /// Of a hundred: its net figure as a part of the chart's largest.
    pub(super) width: String,
}

impl Bars {
    fn new(id: &'static str, title: &'static str, what: &str, rows: Vec<BarRow>) -> Bars {
        let mut rows: Vec<BarRow> = rows.into_iter().filter(|row| !row.bars.is_empty()).collect();
        rows.sort_by_key(|row| Reverse(row.largest));
        let most = rows.first().map_or(Cents::ZERO, |row| row.largest);
        let left = rows.len().saturating_sub(MOST);
        rows.truncate(MOST);
        for bar in rows.iter_mut().flat_map(|row| &mut row.bars) {
            bar.width = width(bar.amount.dollars.net, most);
        }
        let more = match left {
            0 => String::new(),
            left => format!("{} more {what}{} in the JSON.", grouped(left as u64), plural(left as u64)),
        };
        Bars { id, title, rows, more }
    }
}

fn row(name: String, detail: String, link: String, share: &Share) -> BarRow {
    let bars =
        money::some(&share.columns).into_iter().map(|amount| Bar { amount, width: String::new() }).collect();
    BarRow { name, detail, link, bars, largest: money::largest(&share.columns) }
}

/// A part of the whole in hundredths with one digit after the point, rounded down, and never nothing of something.
pub(super) fn width(part: Cents, whole: Cents) -> String {
    let (part, whole) = (i128::from(part.0.max(0)), i128::from(whole.0));
    let tenths = if whole <= 0 { 0 } else { (part * 1_000 / whole).clamp(i128::from(part > 0) * 5, 1_000) };
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The charts of a run, but those without dollars.
pub(super) fn charts(sheet: &Sheet<'_>) -> Vec<Bars> {
    let Sheet { run, masking, .. } = sheet;
    let Breakdown { rules, providers, payers, .. } = &run.breakdown;
    let all = of_rules(run);
    let by_rule = rules
        .iter()
        .map(|one| {
            let code = clean(&one.code).into_owned();
            let count = counting_findings(one, &all);
            let link = sheet.note(&one.code).map(|_| format!("rule-{code}"));
            let name = format!("{code} {}", clean(&one.name));
            row(name, count, link.unwrap_or_default(), &one.share)
        })
        .collect();
    let by_payer = payers
        .iter()
        .map(|one| {
            let id = one.payer_id.as_deref().map(|id| masking.payer_id(id)).unwrap_or_default();
            row(clean(&one.payer).into_owned(), id, String::new(), &one.share)
        })
        .collect();
    let by_provider = providers
        .iter()
        .map(|one| {
            let name = one.npi.map_or_else(|| "no NPI".to_owned(), |npi| format!("NPI {npi}"));
            row(name, String::new(), String::new(), &one.share)
        })
        .collect();
    let charts = [
        Bars::new("by-rule", "Dollars by rule", "rule", by_rule),
        Bars::new("by-payer", "Dollars by payer", "payer", by_payer),
        Bars::new("by-provider", "Dollars by rendering provider", "provider", by_provider),
    ];
    charts.into_iter().filter(|chart| !chart.rows.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Run;
    use crate::report::{Masking, Redaction, sample};

    fn drawn(run: &Run) -> Vec<Bars> {
        charts(&Sheet::new(run, Masking::new(Redaction::Default), Redaction::Default))
    }

    #[test]
    fn bars_are_parts_of_the_largest() {
        assert_eq!(width(Cents(5_000), Cents(10_000)), "50.0");
        assert_eq!(width(Cents(10_000), Cents(10_000)), "100.0");
        assert_eq!(width(Cents(1), Cents(10_000_000)), "0.5", "what there is can be seen");
        assert_eq!(
            (width(Cents(0), Cents(7)), width(Cents(0), Cents(0))),
            ("0.0".to_owned(), "0.0".to_owned())
        );
        assert_eq!(width(Cents(i64::MAX), Cents(i64::MAX)), "100.0");
    }

    #[test]
    fn a_chart_has_a_bar_for_each_class_and_adds_nothing_up() {
        let run = sample::busy_day();
        let charts = drawn(&run);
        let said: Vec<String> = charts
            .iter()
            .flat_map(|chart| {
                chart.rows.iter().flat_map(move |row| {
                    row.bars.iter().map(move |bar| {
                        let Amount { dollars, .. } = bar.amount;
                        format!(
                            "{} | {} {} | {} {} {} | {}",
                            chart.id,
                            row.name,
                            row.detail,
                            bar.amount.label(),
                            dollars.net,
                            dollars.gross,
                            bar.width
                        )
                    })
                })
            })
            .collect();
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn what_a_chart_leaves_out_is_counted() {
        let mut run = sample::busy_day();
        let one = run.breakdown.providers[0].clone();
        run.breakdown.providers =
            (0..14).map(|npi| crate::finding::ByProvider { npi: Some(npi), ..one.clone() }).collect();
        let charts = drawn(&run);
        let chart = charts.iter().find(|chart| chart.id == "by-provider").expect("a chart");
        assert_eq!((chart.rows.len(), chart.more.as_str()), (10, "4 more providers in the JSON."));
    }
}
