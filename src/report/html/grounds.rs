//! What the figures rest on, and what was not looked at.

use super::Sheet;
use crate::finding::{Run, Verdict};
use crate::report::grounds::{self, FEE_SCHEDULE, Lacking, localities, releases};
use crate::report::plain::{clean, grouped, plural};

/// Inputs of one sort that a page names; a folder may hold thousands.
const MOST_FILES: usize = 20;

/// A table that a figure or a rule rests on.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) release: String,
    pub(super) effective: String,
    pub(super) subset: bool,
}

/// The grounds of a run.
pub(super) struct Grounds {
    pub(super) prices: Vec<String>,
    pub(super) tables: Vec<Table>,
    pub(super) lacking: Vec<Lacking>,
    pub(super) notes: Vec<String>,
    /// Inputs that hold claims.
    pub(super) checked: Vec<String>,
    pub(super) passed_over: u64,
    pub(super) history: String,
}

impl Grounds {
    pub(super) fn new(sheet: &Sheet<'_>) -> Grounds {
        let Sheet { run, masking, .. } = sheet;
        let used = run.tables.iter().filter(|table| table.used);
        let tables = used.map(|table| Table {
            name: clean(&table.name).into_owned(),
            release: clean(&table.release).into_owned(),
            effective: clean(&table.effective).into_owned(),
            subset: table.subset,
        });
        let history = run.history.map(|history| {
            let (files, claims) = (history.files, history.claims);
            format!("{} in {}", counted(claims, "earlier claim"), counted(files, "file"))
        });
        Grounds {
            prices: prices(run),
            tables: tables.collect(),
            lacking: lacking(sheet),
            notes: run.notes.iter().map(|note| masking.note(note)).collect(),
            checked: checked(run),
            passed_over: run.files.iter().filter(|file| is_passed_over(&file.verdict)).count() as u64,
            history: history.unwrap_or_default(),
        }
    }

    fn passed(&self) -> String {
        counted(self.passed_over, "file")
    }

    /// Inputs without claims, in words.
    pub(super) fn passed_words(&self) -> String {
        format!("{} without claims passed over", self.passed())
    }
}

/// A number with its noun.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), plural(count))
}

fn is_passed_over(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::NotClaims(_))
}

fn checked(run: &Run) -> Vec<String> {
    let checked: Vec<_> = run.files.iter().filter(|file| file.verdict == Verdict::Checked).collect();
    let mut named: Vec<String> = checked
        .iter()
        .take(MOST_FILES)
        .map(|file| format!("{}: {}", clean(&file.name), counted(file.claims, "claim")))
        .collect();
    if checked.len() > MOST_FILES {
        named.push(format!("and {}", counted((checked.len() - MOST_FILES) as u64, "more file")));
    }
    named
}

/// What was missing most often comes first.
fn lacking(sheet: &Sheet<'_>) -> Vec<Lacking> {
    let mut lacking = grounds::lacking(sheet.run, &sheet.masking);
    lacking.sort_by(|one, other| other.most.cmp(&one.most).then_with(|| one.reason.cmp(&other.reason)));
    lacking
}

/// Whose rates the prices are, a sentence each.
fn prices(run: &Run) -> Vec<String> {
    let rates = &run.rates;
    let schedules = releases(run, FEE_SCHEDULE);
    let mut said = Vec::new();
    if !schedules.is_empty() {
        said.push(format!("Medicare physician fee schedule {schedules}, {}.", localities(&rates.localities)));
        if rates.nonparticipating {
            said.push("The provider does not take part in Medicare.".to_owned());
        }
        if rates.net_cash {
            said.push("Net figures are net cash, after sequestration.".to_owned());
        }
        if !rates.stand_in.is_empty() {
            let payers = clean(&rates.stand_in.join(", ")).into_owned();
            said.push(format!("At Medicare rates, for want of a schedule of their own: {payers}."));
        }
    }
    if !rates.contracts.is_empty() {
        said.push(format!("By their own fee schedule: {}.", clean(&rates.contracts.join(", "))));
    }
    said
}
