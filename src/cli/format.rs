//! The formats of `--output`, and how each is written from what was asked.

use std::io::{self, Write};

use crate::finding::Run;
use crate::report::sarif::SarifOptions;
use crate::report::text::TextOptions;
use crate::report::{
    acknowledgement, concise, csv, github, gitlab, html, json, jsonl, junit, markdown, sarif, text,
};

/// A form of report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// Annotated findings, for people.
    Text,
    /// A finding a line, for grep and editors.
    Concise,
    /// The contract `cleanclaim/1`, for programs.
    Json,
    /// The same as JSON Lines.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit XML, for the test views of CI servers.
    Junit,
    /// A row a finding, for spreadsheets.
    Csv,
    /// A comment on a pull request.
    Markdown,
    /// The page that people read and print.
    Html,
    /// The TA1 or 999 that a receiver would send.
    Acknowledgement,
}

const FORMATS: &[(&str, Format)] = &[
    ("text", Format::Text),
    ("concise", Format::Concise),
    ("json", Format::Json),
    ("jsonl", Format::JsonLines),
    ("sarif", Format::Sarif),
    ("github", Format::Github),
    ("gitlab", Format::Gitlab),
    ("junit", Format::Junit),
    ("csv", Format::Csv),
    ("markdown", Format::Markdown),
    ("html", Format::Html),
    ("999", Format::Acknowledgement),
];

/// How like two names must be for one to be a slip of the other.
const LIKE_ENOUGH: f64 = 0.75;

impl Format {
    /// The format of this name.
    ///
    /// # Errors
    /// A sentence that names the nearest one and all of them.
    pub(super) fn named(name: &str) -> Result<Format, String> {
        let wanted = name.to_ascii_lowercase();
        if let Some((_, format)) = FORMATS.iter().find(|(known, _)| *known == wanted) {
            return Ok(*format);
        }
        let likeness = |known: &str| strsim::jaro_winkler(known, &wanted);
        let meant = FORMATS
            .iter()
            .map(|(known, _)| *known)
            .max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
            .filter(|known| likeness(known) >= LIKE_ENOUGH);
        let meant = meant.map(|known| format!("did you mean {known}? ")).unwrap_or_default();
        let names: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
        Err(format!("{meant}the formats are {}", names.join(", ")))
    }

    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        FORMATS.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// Whether it leaves out accepted findings and has no place to say how many.
    pub(super) fn is_silent_on_accepted(self) -> bool {
        matches!(self, Format::Csv | Format::Gitlab)
    }

    /// Writes the run.
    pub(super) fn render(self, run: &Run, look: &TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let redaction = look.redaction;
        match self {
            Format::Text => text::render(run, look, out),
            Format::Concise => concise::render(run, redaction, look.quiet, out),
            Format::Json => json::render(run, redaction, out),
            Format::JsonLines => jsonl::render(run, redaction, out),
            Format::Sarif => sarif::render(run, &SarifOptions { redaction, ..SarifOptions::default() }, out),
            Format::Github => github::render(run, redaction, out),
            Format::Gitlab => gitlab::render(run, redaction, out),
            Format::Junit => junit::render(run, redaction, out),
            Format::Csv => csv::render(run, redaction, out),
            Format::Markdown => markdown::render(run, redaction, out),
            Format::Html => html::render(run, redaction, out),
            Format::Acknowledgement => acknowledgement::render(run, redaction, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_the_nearest_name_and_all_of_them() {
        let all = "the formats are text, concise, json, jsonl, sarif, github, gitlab, junit, csv, markdown, html, 999";
        for (name, format) in FORMATS {
            assert_eq!(Format::named(name), Ok(*format));
        }
        assert_eq!(Format::named("SARIF"), Ok(Format::Sarif));
        assert_eq!(Format::named("sariff"), Err(format!("did you mean sarif? {all}")));
        assert_eq!(Format::named("md"), Err(format!("did you mean markdown? {all}")));
        assert_eq!(Format::named("pdf"), Err(all.to_owned()));
    }
}
