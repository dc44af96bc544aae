//! The head of the page: how many claims are clean, what was found, what could not be checked, dollars by class.

use askama::Template;

use super::grounds::counted;
use super::money::{self, Amount};
use crate::finding::{Run, Severity, Verdict};
use crate::report::plain::{clean, grouped, plural};
use crate::report::tally::{clean_rate, not_checked};

/// What a run comes to, as the head of a page. Nothing in it depends on what is masked.
#[derive(Template, Debug)]
#[template(path = "top.html")]
pub struct Top {
    pub(super) headline: String,
    rate: String,
    read: String,
    counts: Vec<(&'static str, String)>,
    pub(super) as_of: String,
    failed: Vec<(String, String)>,
    pub(super) columns: [Amount; 4],
    unpriced: u64,
    expected: Option<Expected>,
}

/// What is expected to be lost.
#[derive(Debug)]
struct Expected {
    net: String,
    gross: String,
    source: String,
    without_rate: String,
}

impl Top {
    /// The head of a run's page; shown, it is markup.
    pub fn new(run: &Run) -> Top {
        let expected = run.expected_loss.as_ref().map(|expected| Expected {
            net: expected.total.net.to_string(),
            gross: expected.total.gross.to_string(),
            source: clean(&expected.source).into_owned(),
            without_rate: clean(&expected.without_rate.join(", ")).into_owned(),
        });
        Top {
            headline: headline(run),
            rate: clean_rate(run).trim().trim_matches(['(', ')']).to_owned(),
            read: read(run),
            counts: counts(run),
            as_of: clean(&run.as_of).into_owned(),
            failed: not_checked(run)
                .map(|(name, why)| (clean(name).into_owned(), clean(why).into_owned()))
                .collect(),
            columns: money::all(&run.columns),
            unpriced: run.unpriced() as u64,
            expected,
        }
    }

    /// `12 of 15 claims clean`, as text.
    pub fn headline(&self) -> &str {
        &self.headline
    }

    /// `80.0%`; empty where there are no claims.
    pub fn rate(&self) -> &str {
        &self.rate
    }

    /// How many inputs could not be checked.
    pub fn not_checked(&self) -> usize {
        self.failed.len()
    }

    fn unpriced_words(&self) -> String {
        let verbs = if self.unpriced == 1 { ("has", "stands") } else { ("have", "stand") };
        format!("{} {} no fee and {} in no column.", counted(self.unpriced, "finding"), verbs.0, verbs.1)
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
