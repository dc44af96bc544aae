//! The page as a whole.

use std::io;

use askama::Template;

use super::Sheet;
use super::chart::{Bars, charts};
use super::days::{Days, days};
use super::grounds::{Grounds, counted};
use super::money::{self, Amount};
use super::policy::{SCRIPT, STYLE, policy};
use super::rules::{AcceptedView, RuleView, accepted, accepted_words, explained};
use super::start::{Start, starts};
use super::worklist::{Worklist, entries};
use crate::finding::{Run, Severity, Verdict};
use crate::report::masking::Redaction;
use crate::report::plain::{clean, grouped, plural};
use crate::report::tally::{clean_rate, not_checked};

/// The whole page.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    headline: String,
    rate: String,
    read: String,
    counts: Vec<(&'static str, String)>,
    as_of: String,
    shows_phi: bool,
    masks_dates: bool,
    failed: Vec<(String, String)>,
    columns: [Amount; 4],
    unpriced: u64,
    /// Findings that `--fix` would mend.
    fixable: u64,
    expected: Option<Expected>,
    starts: Vec<Start>,
    grounds: Grounds,
    charts: Vec<Bars>,
    days: Option<Days>,
    list: Worklist,
    accepted: Vec<AcceptedView>,
    more_accepted: usize,
    accepted_words: String,
    rules: Vec<RuleView>,
}

/// What is expected to be lost.
struct Expected {
    net: String,
    gross: String,
    source: String,
    without_rate: String,
}

impl Page {
    /// The page of a sheet.
    ///
    /// # Errors
    /// None in practice: drawing a claim writes to memory.
    pub(super) fn new(sheet: &Sheet<'_>) -> io::Result<Page> {
        let run = sheet.run;
        let entries = entries(run);
        let (accepted, more_accepted) = accepted(sheet);
        let masks_dates = sheet.redaction == Redaction::Full;
        let expected = run.expected_loss.as_ref().map(|expected| Expected {
            net: expected.total.net.to_string(),
            gross: expected.total.gross.to_string(),
            source: clean(&expected.source).into_owned(),
            without_rate: clean(&expected.without_rate.join(", ")).into_owned(),
        });
        Ok(Page {
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            headline: headline(run),
            rate: clean_rate(run).trim().trim_matches(['(', ')']).to_owned(),
            read: read(run),
            counts: counts(run),
            as_of: clean(&run.as_of).into_owned(),
            shows_phi: sheet.redaction == Redaction::ShowPhi,
            masks_dates,
            failed: not_checked(run)
                .map(|(name, why)| (clean(name).into_owned(), clean(why).into_owned()))
                .collect(),
            columns: money::all(&run.columns),
            unpriced: run.unpriced() as u64,
            fixable: run.fixable() as u64,
            expected,
            starts: starts(sheet, &entries),
            grounds: Grounds::new(sheet),
            charts: charts(sheet),
            days: if masks_dates { None } else { days(run) },
            list: Worklist::new(sheet, &entries)?,
            accepted,
            more_accepted,
            accepted_words: accepted_words(run),
            rules: explained(sheet),
        })
    }

    /// Whether anything was found that is worth dollars or work.
    fn has_work(&self) -> bool {
        self.list.shown > 0
    }

    fn unpriced_words(&self) -> String {
        let verbs = if self.unpriced == 1 { ("has", "stands") } else { ("have", "stand") };
        format!("{} {} no fee and {} in no column.", counted(self.unpriced, "finding"), verbs.0, verbs.1)
    }

    fn fixable_words(&self) -> String {
        let them = if self.fixable == 1 { "it" } else { "them" };
        format!("{} of format: --fix mends {them} in place.", counted(self.fixable, "finding"))
    }

    fn shown_words(&self) -> String {
        grouped(self.list.shown as u64)
    }

    fn more_words(&self) -> String {
        grouped(self.list.more as u64)
    }

    fn entries_words(&self) -> String {
        grouped((self.list.shown + self.list.more) as u64)
    }
}

fn headline(run: &Run) -> String {
    if run.claims == 0 {
        return "No claims were checked".to_owned();
    }
    let claims = grouped(run.claims);
    match (run.clean_claims, run.claims) {
        (clean, all) if clean == all && all == 1 => "The claim is clean".to_owned(),
        (clean, all) if clean == all => format!("All {claims} claims are clean"),
        (clean, all) => format!("{} of {claims} claim{} clean", grouped(clean), plural(all)),
    }
}

fn read(run: &Run) -> String {
    let files = run.files.iter().filter(|file| file.verdict == Verdict::Checked).count() as u64;
    format!(
        "{}, {} in {}",
        counted(run.claims, "claim"),
        counted(run.lines, "service line"),
        counted(files, "file")
    )
}

fn counts(run: &Run) -> Vec<(&'static str, String)> {
    [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "remark")]
        .into_iter()
        .map(|(severity, noun)| (severity.as_str(), counted(run.count(severity) as u64, noun)))
        .filter(|(_, words)| !words.starts_with("0 "))
        .collect()
}
