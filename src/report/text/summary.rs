//! What closes a run: how clean it is, what it is worth, what was not judged, where the figures come from.

use super::claim::{counts, grouped, plural};
use super::flow::{columns, wrap};
use super::look::{Look, Role};
use super::money;
use crate::claim::Cents;
use crate::finding::{Breakdown, Columns, Dollars, MoneyClass, Run, Severity, Share, Verdict};
use crate::report::plain::{clean, clip};
use crate::report::tally::clean_rate;
use crate::report::worth::{counting_findings, of_rules};
use crate::report::{Masking, grounds};

const MOST_RULES: usize = 5;
const MOST_OF_OTHERS: usize = 3;
const MOST_NOT_EVALUATED: usize = 8;
const LONGEST_NAME: usize = 60;
const LONGEST_NOTE: usize = 400;

/// Draws the summary.
pub(super) fn draw_summary(out: &mut String, run: &Run, masking: &Masking, look: &Look) {
    headline(out, run, look);
    inputs(out, run, look);
    dollars(out, &run.columns, look);
    accepted(out, run, look);
    expected_loss(out, run, look);
    unpriced(out, run, look);
    top_rules(out, run, look);
    top_payers_and_providers(out, run, masking, look);
    not_evaluated(out, run, masking, look);
    fixable(out, run, look);
    for note in &run.notes {
        let note = masking.note(note);
        entry(out, "note", &clip(&note, LONGEST_NOTE, look.glyphs.ellipsis), look);
    }
    figures(out, run, look);
    let worst = run.standing().map(|finding| finding.severity).max();
    if let Some(first) = run.standing().find(|finding| Some(finding.severity) == worst) {
        let words = format!(
            "cleanclaim explain {} says what a rule checks, why, and what to do if denied",
            first.code
        );
        entry(out, "more", &words, look);
    }
}

fn headline(out: &mut String, run: &Run, look: &Look) {
    let checked = run.files.iter().filter(|file| file.verdict == Verdict::Checked).count() as u64;
    let claims = format!("{} claim{}", grouped(run.claims), plural(run.claims));
    let lines = format!("{} line{}", grouped(run.lines), plural(run.lines));
    let files = format!("{} file{}", grouped(checked), plural(checked));
    let faults = run.standing().any(|finding| finding.severity != Severity::Info);
    let rule = look.paint(Role::Dim, &look.glyphs.rule.repeat(2));
    let read = format!("{claims}, {lines} in {files}");
    if run.claims == 0 && !faults {
        out.push_str(&format!("{rule} {} {rule}\n", look.paint(Role::Warning, "no claims checked")));
        return;
    }
    let rate = clean_rate(run);
    let verdict = if faults {
        (Role::Strong, format!("{} clean{rate}", grouped(run.clean_claims)))
    } else {
        (Role::Clean, "clean".to_owned())
    };
    let separator = look.glyphs.separator;
    let frame = 2 * columns(look.glyphs.rule) * 2 + 2 + 2 * (columns(separator) + 2);
    let counted = counts(run, &Look { colour: false, ..*look });
    let wide = columns(&read) + columns(&verdict.1) + columns(&counted) + frame;
    let joint = if wide > look.width { "\n   ".to_owned() } else { format!(" {separator} ") };
    out.push_str(&format!("{rule} {read}{joint}{}{joint}", look.paint(verdict.0, &verdict.1)));
    out.push_str(&format!("{} {rule}\n", counts(run, look)));
}

fn inputs(out: &mut String, run: &Run, look: &Look) {
    let passed = run.files.iter().filter(|file| matches!(file.verdict, Verdict::NotClaims(_))).count() as u64;
    if passed > 0 {
        let words = format!("{} file{} without claims", grouped(passed), plural(passed));
        entry(out, "passed over", &words, look);
    }
    if let Some(history) = &run.history {
        let files = format!("{} file{}", grouped(history.files), plural(history.files));
        let claims = format!("{} claim{}", grouped(history.claims), plural(history.claims));
        entry(out, "history", &format!("{files}, {claims}"), look);
    }
    for file in &run.files {
        if let Verdict::Failed(why) = &file.verdict {
            let (name, why) = (clean(&file.name), clean(why));
            // What the system says of a file names it already.
            let words = if why.contains(name.as_ref()) { why.into_owned() } else { format!("{name}: {why}") };
            entry(out, "not checked", &clip(&words, LONGEST_NOTE, look.glyphs.ellipsis), look);
        }
    }
}

/// Columns of the headings on the left.
const HEADING: usize = 15;

fn entry(out: &mut String, heading: &str, text: &str, look: &Look) {
    let room = look.prose_width().saturating_sub(HEADING + 1).max(24);
    for (index, line) in wrap(text, room, room).iter().enumerate() {
        let heading = if index == 0 { heading } else { "" };
        let heading = look.paint(Role::Aside, &format!("{heading:>HEADING$}"));
        out.push_str(&format!("{heading} {line}\n"));
    }
}

fn dollars(out: &mut String, totals: &Columns, look: &Look) {
    let rows = [
        (MoneyClass::Denial, totals.at_risk, "may not be paid"),
        (MoneyClass::Recoupment, totals.recoupment, "paid, then recoverable in audit"),
        (MoneyClass::Rejection, totals.delayed, "waits until claim or file is mended"),
        (MoneyClass::LostRevenue, totals.unbilled, "if the record confirms it"),
    ];
    let some = |dollars: &Dollars| dollars.net != Cents::ZERO || dollars.gross != Cents::ZERO;
    if !rows.iter().any(|(_, dollars, _)| some(dollars)) {
        return;
    }
    let widest = rows.iter().map(|(_, dollars, _)| dollars.net.to_string().len()).max().unwrap_or(0);
    for (class, dollars, meaning) in rows.iter().filter(|(_, dollars, _)| some(dollars)) {
        let flat = if dollars.net == dollars.gross {
            String::new()
        } else {
            format!(" ({} at the flat schedule)", dollars.gross)
        };
        amount(out, money::column(*class), dollars.net, widest, &format!("{meaning}{flat}"), look);
    }
}

/// What the user accepts: neither drawn above nor in any column.
fn accepted(out: &mut String, run: &Run, look: &Look) {
    let accepted = &run.accepted;
    if accepted.suppressed > 0 {
        let count = accepted.suppressed;
        let words = format!("{} finding{}, no fault by your word", grouped(count), plural(count));
        entry(out, "suppressed", &words, look);
    }
    let Some(baseline) = accepted.baseline.as_ref().filter(|_| accepted.known > 0) else { return };
    let Columns { at_risk, recoupment, delayed, unbilled } = accepted.dollars;
    let columns = [
        (MoneyClass::Denial, at_risk),
        (MoneyClass::Recoupment, recoupment),
        (MoneyClass::Rejection, delayed),
        (MoneyClass::LostRevenue, unbilled),
    ];
    let held: Vec<String> = columns
        .iter()
        .filter(|(_, dollars)| *dollars != Dollars::default())
        .map(|(class, dollars)| format!("{} {}", dollars.net, money::column(*class)))
        .collect();
    let held =
        if held.is_empty() { String::new() } else { format!(": {}, in no figure here", held.join(", ")) };
    let known = accepted.known;
    let words = format!("{} known finding{} of {}{held}", grouped(known), plural(known), clean(baseline));
    entry(out, "baseline", &words, look);
}

/// Findings that no column holds for want of a fee: nobody must take the columns for the whole.
fn unpriced(out: &mut String, run: &Run, look: &Look) {
    let count = run.unpriced() as u64;
    if count > 0 {
        let words = format!("{} finding{} without a fee, in no column above", grouped(count), plural(count));
        entry(out, "unpriced", &words, look);
    }
}

/// Faults of format that need nobody's judgement.
fn fixable(out: &mut String, run: &Run, look: &Look) {
    let count = run.fixable() as u64;
    if count > 0 {
        let them = if count == 1 { "it" } else { "them" };
        let words = format!(
            "{} finding{} of format: --fix mends {them} in place, --diff shows how",
            grouped(count),
            plural(count)
        );
        entry(out, "fixable", &words, look);
    }
}

/// An entry that begins with dollars, right-aligned in `widest` columns.
fn amount(out: &mut String, heading: &str, dollars: Cents, widest: usize, text: &str, look: &Look) {
    let room = look.prose_width().saturating_sub(HEADING + 3 + widest).max(24);
    for (index, line) in wrap(text, room, room).iter().enumerate() {
        let (heading, dollars) =
            if index == 0 { (heading, format!("{:>widest$}", dollars)) } else { ("", " ".repeat(widest)) };
        let heading = look.paint(Role::Aside, &format!("{heading:>HEADING$}"));
        out.push_str(&format!("{heading} {}  {line}\n", look.paint(Role::Money, &dollars)));
    }
}

/// One entry of a list of the largest: dollars of one column, and whose they are.
struct Entry {
    net: Cents,
    class: MoneyClass,
    name: String,
    /// What else to say beside the column, if anything.
    more: String,
}

impl Entry {
    /// The columns of `share` that hold dollars, each by itself: they are never added together.
    fn of(share: &Share, name: &str, more: &str) -> impl Iterator<Item = Entry> + use<> {
        let Columns { at_risk, recoupment, delayed, unbilled } = share.columns;
        let (name, more) = (name.to_owned(), more.to_owned());
        let columns = [
            (MoneyClass::Denial, at_risk),
            (MoneyClass::Recoupment, recoupment),
            (MoneyClass::Rejection, delayed),
            (MoneyClass::LostRevenue, unbilled),
        ];
        columns.into_iter().filter(|(_, dollars)| *dollars != Dollars::default()).map(
            move |(class, dollars)| Entry { net: dollars.net, class, name: name.clone(), more: more.clone() },
        )
    }
}

/// The rules worth mending first.
fn top_rules(out: &mut String, run: &Run, look: &Look) {
    let all = of_rules(run);
    let entries = run.breakdown.rules.iter().flat_map(|rule| {
        let name = clean(&rule.name);
        let name = format!("{} {}", rule.code, clip(&name, LONGEST_NAME, look.glyphs.ellipsis));
        let many = format!(", {}", counting_findings(rule, &all));
        Entry::of(&rule.share, &name, &many)
    });
    top(out, "top rules", entries.collect(), MOST_RULES, look);
}

/// Whose claims the dollars are, where there are several payers, and whose lines, where there are several providers.
fn top_payers_and_providers(out: &mut String, run: &Run, masking: &Masking, look: &Look) {
    let Breakdown { payers, providers, .. } = &run.breakdown;
    if payers.len() > 1 {
        let entries = payers.iter().flat_map(|payer| {
            let named = clean(&payer.payer).into_owned();
            let name = payer
                .payer_id
                .as_deref()
                .map_or_else(|| named.clone(), |id| format!("{named} {}", masking.payer_id(id)));
            Entry::of(&payer.share, &clip(&name, LONGEST_NAME, look.glyphs.ellipsis), "")
        });
        top(out, "top payers", entries.collect(), MOST_OF_OTHERS, look);
    }
    if providers.len() > 1 {
        let entries = providers.iter().flat_map(|provider| {
            let name = provider.npi.map_or_else(|| "no NPI".to_owned(), |npi| format!("NPI {npi}"));
            Entry::of(&provider.share, &name, "")
        });
        top(out, "top providers", entries.collect(), MOST_OF_OTHERS, look);
    }
}

/// The largest of `entries`; of equal ones those that come first, class by class.
fn top(out: &mut String, heading: &str, mut entries: Vec<Entry>, most: usize, look: &Look) {
    if entries.len() < 2 {
        return;
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.net));
    entries.truncate(most);
    let widest = entries.iter().map(|entry| entry.net.to_string().len()).max().unwrap_or(0);
    for (index, entry) in entries.iter().enumerate() {
        let heading = if index == 0 { heading } else { "" };
        let words = format!("{} ({}{})", entry.name, money::column(entry.class), entry.more);
        amount(out, heading, entry.net, widest, &words, look);
    }
}

/// What is expected to be lost, where the user said how often payers deny.
fn expected_loss(out: &mut String, run: &Run, look: &Look) {
    let Some(expected) = &run.expected_loss else { return };
    let Dollars { net, gross } = expected.total;
    let flat = if net == gross { String::new() } else { format!(" ({gross} at the flat schedule)") };
    let mut words = format!("of what is at risk, at your denial rates in {}{flat}", clean(&expected.source));
    if !expected.without_rate.is_empty() {
        let rules = clean(&expected.without_rate.join(", ")).into_owned();
        words.push_str(&format!("; nothing added for {rules}, of which no rate is given"));
    }
    amount(out, "expected loss", net, net.to_string().len(), &words, look);
}

fn not_evaluated(out: &mut String, run: &Run, masking: &Masking, look: &Look) {
    let lacking = grounds::not_evaluated(run, masking);
    for (index, words) in lacking.iter().take(MOST_NOT_EVALUATED).enumerate() {
        let heading = if index == 0 { "not evaluated" } else { "" };
        entry(out, heading, &clip(words, LONGEST_NOTE, look.glyphs.ellipsis), look);
    }
    if lacking.len() > MOST_NOT_EVALUATED {
        let more = lacking.len() - MOST_NOT_EVALUATED;
        entry(out, "", &format!("and {more} more (--output json lists all)"), look);
    }
}

/// What the dollars and the rules of the run rest on. All tables are in the JSON, and in `data list`.
fn figures(out: &mut String, run: &Run, look: &Look) {
    let separator = format!(" {} ", look.glyphs.separator);
    if let Some(words) = grounds::prices(run, &separator) {
        entry(out, "prices", &words, look);
    }
    if let Some((heading, words)) = grounds::tables(run, &separator) {
        entry(out, heading, &words, look);
    }
}
