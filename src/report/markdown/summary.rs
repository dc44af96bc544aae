//! The parts of a comment that every run has: verdict, dollars, rules, what was not judged, what the figures rest on.

use super::escape::text;
use crate::claim::Cents;
use crate::finding::{Dollars, MoneyClass, Run, Share, Verdict};
use crate::report::plain::{clean, grouped, plural};
use crate::report::tally::{Tally, clean_rate, is_clean, not_checked, read_words};
use crate::report::worth::{column, counting, of_rules};
use crate::report::{Masking, grounds};

const MOST_RULES: usize = 10;
const MOST_NOT_EVALUATED: usize = 12;
const MOST_NOTES: usize = 20;
/// Inputs that were not checked and are named.
const MOST_NOT_CHECKED: usize = 20;

/// What the columns are called, and what each of them means. They are never added together.
const COLUMNS: [(MoneyClass, &str); 4] = [
    (MoneyClass::Denial, "may not be paid"),
    (MoneyClass::Recoupment, "paid, then recoverable in audit"),
    (MoneyClass::Rejection, "waits until claim or file is mended"),
    (MoneyClass::LostRevenue, "if the record confirms it"),
];

/// The heading, and one paragraph.
pub(super) fn verdict(out: &mut String, run: &Run) {
    let tally = Tally::of(run);
    let said = match (run.claims, is_clean(run)) {
        (0, true) => "no claims checked".to_owned(),
        (_, true) => "clean".to_owned(),
        _ => tally.words(),
    };
    out.push_str(&format!("### cleanclaim: {said}\n\n"));
    out.push_str(&format!(
        "{} · **{} clean**{}",
        read_words(run),
        grouped(run.clean_claims),
        clean_rate(run)
    ));
    if is_clean(run) && tally.infos > 0 {
        out.push_str(&format!(" · {}", tally.words()));
    }
    if let Some(history) = &run.history {
        out.push_str(&format!(" · held against {} earlier claims", grouped(history.claims)));
    }
    out.push_str("\n\n");
    let passed = run.files.iter().filter(|file| matches!(file.verdict, Verdict::NotClaims(_))).count() as u64;
    if passed > 0 {
        out.push_str(&format!("{} file{} without claims passed over.\n\n", grouped(passed), plural(passed)));
    }
    let failed: Vec<(&str, &str)> = not_checked(run).collect();
    for (name, why) in failed.iter().take(MOST_NOT_CHECKED) {
        out.push_str(&format!("> **Not checked**: {}: {}\n\n", text(&clean(name)), text(&clean(why))));
    }
    if failed.len() > MOST_NOT_CHECKED {
        out.push_str(&format!("> **Not checked**: {} more inputs\n\n", failed.len() - MOST_NOT_CHECKED));
    }
    if let Some(accepted) = tally.accepted() {
        out.push_str(&format!("Findings {accepted}.\n\n"));
    }
}

/// The four columns, those with dollars.
pub(super) fn dollars(out: &mut String, run: &Run) {
    let rows: Vec<(MoneyClass, &str, Dollars)> = COLUMNS
        .iter()
        .map(|(class, meaning)| (*class, *meaning, run.columns.of(*class)))
        .filter(|(.., dollars)| dollars.net != Cents::ZERO || dollars.gross != Cents::ZERO)
        .collect();
    if !rows.is_empty() {
        out.push_str("| | net | flat schedule | |\n|---|---:|---:|---|\n");
        for (class, meaning, Dollars { net, gross }) in rows {
            out.push_str(&format!(
                "| **{}** | {} | {} | {meaning} |\n",
                column(class),
                money(net),
                money(gross)
            ));
        }
        if let Some(expected) = &run.expected_loss {
            let Dollars { net, gross } = expected.total;
            let source = text(&clean(&expected.source));
            let mut meaning = format!("of what is at risk, at your denial rates in {source}");
            if !expected.without_rate.is_empty() {
                let rules = text(&clean(&expected.without_rate.join(", ")));
                meaning.push_str(&format!("; nothing added for {rules}, of which no rate is given"));
            }
            out.push_str(&format!("| expected loss | {} | {} | {meaning} |\n", money(net), money(gross)));
        }
        out.push_str("\nEstimates of allowed amounts. The columns are never added together.\n\n");
    }
    let unpriced = Tally::of(run).unpriced;
    if unpriced > 0 {
        let finding = plural(unpriced);
        out.push_str(&format!("{} finding{finding} without a fee, in no column.\n\n", grouped(unpriced)));
    }
}

/// An amount as it is: a dollar sign would open mathematics.
pub(super) fn money(amount: Cents) -> String {
    text(&amount.to_string())
}

/// The rules worth mending first: the dollars that each of them counts, column by column.
pub(super) fn top_rules(out: &mut String, run: &Run) {
    let entries = run.breakdown.rules.iter().flat_map(|rule| {
        let Share { columns, .. } = rule.share;
        COLUMNS
            .iter()
            .map(move |(class, _)| (columns.of(*class), *class, rule))
            .filter(|(dollars, ..)| *dollars != Dollars::default())
    });
    let mut entries: Vec<_> = entries.collect();
    if entries.len() < 2 {
        return;
    }
    entries.sort_by_key(|(dollars, ..)| std::cmp::Reverse(dollars.net));
    out.push_str("| rule | findings | net | |\n|---|---:|---:|---|\n");
    let all = of_rules(run);
    for (dollars, class, rule) in entries.iter().take(MOST_RULES) {
        let name = text(&clean(&format!("{} {}", rule.code, rule.name)));
        let (findings, net) = (counting(rule, &all), money(dollars.net));
        out.push_str(&format!("| {name} | {findings} | {net} | {} |\n", column(*class)));
    }
    if entries.len() > MOST_RULES {
        out.push_str(&format!("\nAnd {} more.\n", entries.len() - MOST_RULES));
    }
    out.push('\n');
}

/// What could not be judged, and why.
pub(super) fn not_evaluated(out: &mut String, run: &Run, masking: &Masking) {
    let lacking = grounds::not_evaluated(run, masking);
    if lacking.is_empty() {
        return;
    }
    out.push_str("<details><summary>Not evaluated</summary>\n\n");
    for words in lacking.iter().take(MOST_NOT_EVALUATED) {
        out.push_str(&format!("- {}\n", text(words)));
    }
    if lacking.len() > MOST_NOT_EVALUATED {
        out.push_str(&format!("- and {} more\n", lacking.len() - MOST_NOT_EVALUATED));
    }
    out.push_str("\n</details>\n\n");
}

/// Remarks on the run.
pub(super) fn notes(out: &mut String, run: &Run, masking: &Masking) {
    for note in run.notes.iter().take(MOST_NOTES) {
        out.push_str(&format!("- {}\n", text(&masking.note(note))));
    }
    if run.notes.len() > MOST_NOTES {
        out.push_str(&format!("- and {} more notes\n", run.notes.len() - MOST_NOTES));
    }
    if !run.notes.is_empty() {
        out.push('\n');
    }
}

/// Releases of tables.
pub(super) fn grounds(out: &mut String, run: &Run) {
    let prices = grounds::prices(run, " · ").map(|words| ("prices", words));
    let lines: Vec<String> = prices
        .into_iter()
        .chain(grounds::tables(run, " · "))
        .map(|(heading, words)| format!("<sub>{heading}: {}</sub>", text(&words)))
        .collect();
    if !lines.is_empty() {
        out.push_str(&lines.join("<br>\n"));
        out.push('\n');
    }
}
