//! The head of the page: how many claims are clean, what was found, what could not be checked, dollars by class.

use askama::Template;

use super::grounds::counted;
use super::money::{self, Amount};
use crate::finding::{Dollars, Run, Severity, Verdict};
use crate::report::plain::{clean, grouped, plural};
use crate::report::tally::{clean_rate, not_checked};

/// Inputs that could not be checked, shown at once; the others open on demand, so that what to do first stays in sight.
const FAILED_AT_ONCE: usize = 5;

/// What a run comes to, as the head of a page. Nothing in it depends on what is masked.
#[derive(Template, Debug)]
#[template(path = "top.html")]
pub struct Top {
    pub(super) headline: String,
    pub(super) has_claims: bool,
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
            has_claims: run.claims > 0,
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

    /// Of nothing checked, zeros would say that nothing is at risk.
    fn has_dollars(&self) -> bool {
        let is_some = |amount: &Amount| amount.dollars != Dollars::default();
        self.has_claims || self.unpriced > 0 || self.columns.iter().any(is_some)
    }

    fn more_failed(&self) -> String {
        format!("{} more", counted(self.failed.len().saturating_sub(FAILED_AT_ONCE) as u64, "file"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::InputFile;

    fn drawn(files: usize, claims: u64) -> String {
        let failed = |number| InputFile {
            name: format!("{number}.pdf"),
            verdict: Verdict::Failed("it is no claim file".to_owned()),
            claims: 0,
        };
        let run = Run { files: (1..=files).map(failed).collect(), claims, ..Run::default() };
        Top::new(&run).render().expect("text")
    }

    #[test]
    fn nothing_checked_is_no_zero_dollars() {
        let nothing = drawn(1, 0);
        assert!(nothing.contains("No claims were checked") && !nothing.contains('$'), "{nothing}");
        assert_eq!(drawn(1, 1).matches("data-net=").count(), 4);
        let run = Run { columns: crate::report::sample::busy_day().columns, ..Run::default() };
        let top = Top::new(&run).render().expect("text");
        assert_eq!(top.matches("data-net=").count(), 4, "dollars without a claim are shown");
    }

    #[test]
    fn many_inputs_that_were_not_checked_leave_the_rest_in_sight() {
        let few = drawn(FAILED_AT_ONCE, 1);
        assert!(few.contains("5.pdf") && !few.contains("<details>"), "{few}");
        let many = drawn(FAILED_AT_ONCE + 2, 1);
        let (shown, folded) = many.split_once("<details>").expect("the others on demand");
        assert!(shown.contains(">5.pdf<") && !shown.contains(">6.pdf<"), "{shown}");
        assert!(folded.contains("<summary>2 files more</summary>") && folded.contains(">7.pdf<"), "{folded}");
        assert!(drawn(FAILED_AT_ONCE + 1, 1).contains("<summary>1 file more</summary>"));
    }
}
