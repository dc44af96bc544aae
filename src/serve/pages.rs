//! The pages, from templates. What a file is called, and what a check says, is text in them, never markup.

use std::sync::LazyLock;

use askama::Template;

use super::finished::{Finished, Report};
use super::runs::{Runs, Seen, State};
use super::upload::size;
use super::{InForce, Limits, Setup};
use crate::engine::Progress;
use crate::report::html::{STYLE, hash};
use crate::report::{Redaction, clean, grouped, plural};

/// What these pages have beside the style of the report.
const OWN_STYLE: &str = include_str!("templates/serve.css");
/// Drops, progress: nothing that cannot be done without.
const SCRIPT: &str = include_str!("templates/serve.js");

/// The content security policy of a page: its own styles and its own script by their hashes, and requests to this server.
pub(super) static POLICY: LazyLock<String> = LazyLock::new(|| {
    let (style, own, script) = (hash(STYLE), hash(OWN_STYLE), hash(SCRIPT));
    format!(
        "default-src 'none'; style-src {style} {own}; script-src {script}; img-src data:; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});

/// Draws the pages of one server.
#[derive(Debug)]
pub(super) struct Pages {
    /// The start of every path.
    base: String,
    limits: Limits,
    redaction: Redaction,
    in_force: InForce,
}

/// What every page has.
struct Frame<'p> {
    base: &'p str,
    style: &'static str,
    own_style: &'static str,
    script: &'static str,
    shows_phi: bool,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'p> {
    frame: Frame<'p>,
    in_force: &'p InForce,
    most: String,
    most_bytes: u64,
    files: usize,
    kept: usize,
    kept_bytes: String,
    runs: Vec<Row>,
    gone: Option<String>,
}

/// A run in the list of the start page.
struct Row {
    number: u64,
    names: String,
    state: String,
    is_over: bool,
}

#[derive(Template)]
#[template(path = "run.html")]
struct RunPage<'p> {
    frame: Frame<'p>,
    number: u64,
    names: Vec<String>,
    state: &'p State,
    /// What it is doing.
    doing: &'static str,
    how_far: HowFar,
}

impl RunPage<'_> {
    fn is_over(&self) -> bool {
        self.state.is_over()
    }

    fn finished(&self) -> Option<&Finished> {
        match self.state {
            State::Done(finished) => Some(finished),
            _ => None,
        }
    }

    fn why(&self) -> String {
        match self.state {
            State::Failed(why) => clean(why).into_owned(),
            _ => String::new(),
        }
    }

    fn size(&self, report: &Report) -> String {
        size(report.bytes)
    }

    fn accepted(&self, finished: &Finished) -> String {
        let count = finished.accepted;
        format!("{} accepted finding{}", grouped(count), plural(count))
    }
}

#[derive(Template)]
#[template(path = "fault.html")]
struct Fault<'p> {
    frame: Frame<'p>,
    title: &'p str,
    words: &'p str,
}

/// How far a run is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct HowFar {
    /// In words.
    pub(super) words: String,
    /// Of what is to be read, where that is known.
    pub(super) percent: Option<u64>,
}

impl HowFar {
    pub(super) fn of(seen: &Seen) -> HowFar {
        match &seen.state {
            State::Waiting => {
                let ahead = seen.ahead as u64;
                let before = match ahead {
                    0 => "It is next".to_owned(),
                    _ => format!(
                        "{} run{} before it",
                        grouped(ahead),
                        if ahead == 1 { " is" } else { "s are" }
                    ),
                };
                HowFar { words: format!("Waiting. {before}: one check goes on at a time."), percent: None }
            }
            State::Checking => HowFar::checking(&seen.progress),
            State::Done(_) | State::Failed(_) => HowFar { words: "Over.".to_owned(), percent: Some(100) },
        }
    }

    fn checking(progress: &Progress) -> HowFar {
        let (claims, findings) = (progress.claims(), progress.findings());
        let read = match progress.total() {
            Some(total) => format!("{} of {} read", size(progress.bytes().min(total)), size(total)),
            None => format!("{} read", size(progress.bytes())),
        };
        let settling =
            if progress.is_settling() { "; settling days and dollars, writing reports" } else { "" };
        let words = format!(
            "{read}, {} claim{}, {} finding{} so far{settling}.",
            grouped(claims),
            plural(claims),
            grouped(findings),
            plural(findings)
        );
        let percent = progress.total().map(|total| (progress.bytes().min(total) * 100).checked_div(total));
        HowFar { words, percent: percent.flatten() }
    }
}

impl Pages {
    pub(super) fn new(setup: &Setup, base: String) -> Pages {
        Pages { base, limits: setup.limits, redaction: setup.redaction, in_force: setup.in_force.clone() }
    }

    /// The start of every path.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    fn frame(&self) -> Frame<'_> {
        Frame {
            base: &self.base,
            style: STYLE,
            own_style: OWN_STYLE,
            script: SCRIPT,
            shows_phi: self.redaction == Redaction::ShowPhi,
        }
    }

    /// The start page.
    ///
    /// # Errors
    /// None in practice: a page is drawn into memory.
    pub(super) fn home(&self, runs: &Runs) -> askama::Result<String> {
        let row = |seen: &Seen| Row {
            number: seen.number,
            names: names(&seen.names),
            state: state(seen),
            is_over: seen.state.is_over(),
        };
        let gone = runs.gone().map(|(last, count)| match count {
            1 => format!("Run {last} made room for newer ones."),
            _ => format!("{} runs made room for newer ones, run {last} last.", grouped(count)),
        });
        Home {
            frame: self.frame(),
            in_force: &self.in_force,
            most: size(self.limits.upload),
            most_bytes: self.limits.upload,
            files: self.limits.files,
            kept: self.limits.runs,
            kept_bytes: size(self.limits.reports),
            runs: runs.all().iter().rev().map(row).collect(),
            gone,
        }
        .render()
    }

    /// The page of a run.
    ///
    /// # Errors
    /// None in practice.
    pub(super) fn run(&self, seen: &Seen) -> askama::Result<String> {
        RunPage {
            frame: self.frame(),
            number: seen.number,
            names: seen.names.iter().map(|name| clean(name).into_owned()).collect(),
            state: &seen.state,
            doing: seen.state.doing(),
            how_far: HowFar::of(seen),
        }
        .render()
    }

    /// A page that says what cannot be done.
    ///
    /// # Errors
    /// None in practice.
    pub(super) fn fault(&self, title: &str, words: &str) -> askama::Result<String> {
        Fault { frame: self.frame(), title, words }.render()
    }
}

/// The first names, and how many more there are.
fn names(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| clean(name)).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn state(seen: &Seen) -> String {
    match &seen.state {
        State::Waiting => "waiting".to_owned(),
        State::Checking => "being checked".to_owned(),
        State::Failed(_) => "could not be checked".to_owned(),
        State::Done(finished) => {
            let top = &finished.top;
            let rate = if top.rate().is_empty() { String::new() } else { format!(" ({})", top.rate()) };
            let not_checked = match top.not_checked() as u64 {
                0 => String::new(),
                count => format!("; {} file{} not checked", grouped(count), plural(count)),
            };
            format!("{}{rate}{not_checked}", top.headline())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_stand_in_the_page_as_they_are() {
        for text in [OWN_STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains('\r') && !text.contains("<!--"));
            for word in ["http:", "https:", "url(", "@import", "innerHTML", "eval(", "localStorage"] {
                assert!(!text.contains(word), "{word}");
            }
        }
        assert!(!POLICY.contains("unsafe") && !POLICY.contains("*"));
    }

    #[test]
    fn how_far_a_run_is() {
        let seen = |state, ahead| Seen {
            number: 1,
            names: Vec::new(),
            state,
            progress: std::sync::Arc::default(),
            ahead,
        };
        let words = |state, ahead| HowFar::of(&seen(state, ahead)).words;
        assert_eq!(words(State::Waiting, 0), "Waiting. It is next: one check goes on at a time.");
        assert_eq!(words(State::Waiting, 1), "Waiting. 1 run is before it: one check goes on at a time.");
        assert_eq!(words(State::Waiting, 2), "Waiting. 2 runs are before it: one check goes on at a time.");
        assert_eq!(words(State::Checking, 0), "0 bytes read, 0 claims, 0 findings so far.");
    }

    #[test]
    fn many_names_are_counted() {
        let all = ["a", "b", "c", "d", "e"].map(str::to_owned);
        assert_eq!(names(&all[..3]), "a, b, c");
        assert_eq!(names(&all), "a, b, c and 2 more");
    }
}
