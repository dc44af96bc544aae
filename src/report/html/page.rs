//! The page as a whole.

use std::io;

use askama::Template;

use super::Sheet;
use super::chart::{Bars, charts};
use super::days::{Days, days};
use super::grounds::{Grounds, counted};
use super::policy::{SCRIPT, STYLE, policy};
use super::rules::{AcceptedView, RuleView, accepted, accepted_words, explained};
use super::start::{Start, starts};
use super::top::Top;
use super::worklist::{Worklist, entries};
use crate::report::masking::Redaction;
use crate::report::plain::grouped;

/// The whole page.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    top: Top,
    shows_phi: bool,
    masks_dates: bool,
    /// Findings that `--fix` would mend.
    fixable: u64,
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
        Ok(Page {
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            top: Top::new(run),
            shows_phi: sheet.redaction == Redaction::ShowPhi,
            masks_dates,
            fixable: run.fixable() as u64,
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
