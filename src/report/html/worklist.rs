//! What is to be worked on, the most dollars first, and how much of it one page holds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use askama::Template;

use super::Sheet;
use super::claim::ClaimView;
use super::money;
use crate::claim::Cents;
use crate::finding::{Finding, FlaggedClaim, MoneyClass, Run, Severity};
use crate::report::worth::is_reported;

/// Claims on a page. A person works through fewer; a browser opens as many in a second or two.
pub(super) const MOST_CLAIMS: usize = 1_000;
/// Bytes of the work list on a page.
pub(super) const MOST_BYTES: usize = 16 << 20;
/// Up to how many claims are printed opened; of more, those that are open on the screen.
const MOST_PRINTED_OPEN: usize = 50;

/// A claim with what was found in it, or a file with what was found outside its claims.
pub(super) struct Entry<'a> {
    pub(super) file: u32,
    /// 0 for the file.
    pub(super) claim: u32,
    pub(super) findings: &'a [Finding],
    pub(super) flagged: Option<&'a FlaggedClaim>,
    largest: Cents,
    worst: Option<Severity>,
}

impl<'a> Entry<'a> {
    fn new(file: u32, claim: u32, findings: &'a [Finding], flagged: Option<&'a FlaggedClaim>) -> Entry<'a> {
        let mut entry = Entry { file, claim, findings, flagged, largest: Cents::ZERO, worst: None };
        entry.worst = entry.open().map(|finding| finding.severity).max();
        // A file's own dollars are those of its findings; a claim's are its part of the columns.
        entry.largest = match flagged {
            Some(flagged) => money::largest(&flagged.columns),
            None => entry.open().filter_map(counted).max().unwrap_or_default(),
        };
        entry
    }

    /// Its findings that nobody has accepted.
    pub(super) fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| is_reported(finding))
    }

    /// Names it in the page.
    pub(super) fn anchor(&self) -> String {
        match self.claim {
            0 => format!("file-{}", u64::from(self.file) + 1),
            claim => format!("claim-{}-{claim}", u64::from(self.file) + 1),
        }
    }
}

/// Everything there is to work on: by the largest column of dollars, then by severity, then as it stands in the files.
pub(super) fn entries(run: &Run) -> Vec<Entry<'_>> {
    type Found<'a> = (&'a [Finding], Option<&'a FlaggedClaim>);
    let mut by_place: BTreeMap<(u32, u32), Found<'_>> = BTreeMap::new();
    for group in run.findings.chunk_by(|one, other| (one.file, one.claim) == (other.file, other.claim)) {
        by_place.entry((group[0].file, group[0].claim)).or_default().0 = group;
    }
    for claim in &run.flagged {
        by_place.entry((claim.file, claim.ordinal)).or_default().1 = Some(claim);
    }
    let mut entries: Vec<Entry<'_>> = by_place
        .into_iter()
        .map(|((file, claim), (findings, flagged))| Entry::new(file, claim, findings, flagged))
        .collect();
    entries.retain(|entry| entry.worst.is_some() || entry.largest != Cents::ZERO);
    entries.sort_by_key(|entry| (Reverse(entry.largest), Reverse(entry.worst), entry.file, entry.claim));
    entries
}

/// The net dollars that a finding counts.
pub(super) fn counted(finding: &Finding) -> Option<Cents> {
    finding.impact.net.filter(|_| finding.impact.counted)
}

/// One choice of a filter.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) count: usize,
}

/// The work list as a page holds it.
pub(super) struct Worklist {
    /// The claims, drawn.
    pub(super) html: String,
    pub(super) shown: usize,
    /// How many more there are.
    pub(super) more: usize,
    pub(super) rules: Vec<Choice>,
    pub(super) payers: Vec<Choice>,
    pub(super) providers: Vec<Choice>,
    pub(super) severities: Vec<Choice>,
    pub(super) classes: Vec<Choice>,
    /// Whether all of it is printed opened.
    pub(super) prints_open: bool,
    /// Anchors of what is on the page.
    pub(super) anchors: BTreeSet<String>,
}

impl Worklist {
    /// Draws as many entries as a page holds.
    pub(super) fn new(sheet: &Sheet<'_>, entries: &[Entry<'_>]) -> io::Result<Worklist> {
        let mut html = String::new();
        let mut choices = Choices::default();
        let mut anchors = BTreeSet::new();
        for (at, entry) in entries.iter().take(MOST_CLAIMS).enumerate() {
            let view = ClaimView::new(sheet, entry, at + 1);
            let drawn = view.render().map_err(io::Error::other)?;
            if at > 0 && html.len() + drawn.len() > MOST_BYTES {
                break;
            }
            html.push_str(&drawn);
            choices.add(&view);
            anchors.insert(view.anchor);
        }
        let shown = anchors.len();
        let order = |word: &str, of: &[&str]| of.iter().position(|one| *one == word).unwrap_or(of.len());
        let mut severities = listed(choices.severities);
        severities.sort_by_key(|choice| order(&choice.value, &["error", "warning", "info"]));
        let classes: Vec<&str> = MoneyClass::WITH_COLUMN.map(money::slug).to_vec();
        let mut by_class = listed(choices.classes);
        by_class.sort_by_key(|choice| order(&choice.value, &classes));
        Ok(Worklist {
            html,
            shown,
            more: entries.len() - shown,
            rules: listed(choices.rules),
            payers: listed(choices.payers),
            providers: listed(choices.providers),
            severities,
            classes: by_class,
            prints_open: shown <= MOST_PRINTED_OPEN,
            anchors,
        })
    }
}

/// How often each value occurs, with its label.
type Counted = BTreeMap<String, (String, usize)>;

#[derive(Default)]
struct Choices {
    rules: Counted,
    payers: Counted,
    providers: Counted,
    severities: Counted,
    classes: Counted,
}

impl Choices {
    fn add(&mut self, view: &ClaimView) {
        for tag in &view.codes {
            count(&mut self.rules, &tag.code, &format!("{} {}", tag.code, tag.name));
        }
        if !view.payer.is_empty() {
            count(&mut self.payers, &view.payer, &view.payer);
        }
        for provider in &view.providers {
            count(&mut self.providers, provider, provider);
        }
        for severity in &view.severities {
            count(&mut self.severities, severity, severity);
        }
        for (class, label) in &view.classes {
            count(&mut self.classes, class, label);
        }
    }
}

fn count(counted: &mut Counted, value: &str, label: &str) {
    counted.entry(value.to_owned()).or_insert_with(|| (label.to_owned(), 0)).1 += 1;
}

fn listed(counted: Counted) -> Vec<Choice> {
    counted.into_iter().map(|(value, (label, count))| Choice { value, label, count }).collect()
}
