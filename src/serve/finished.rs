//! A run that is over: its reports in unnamed temporary files, and what its page says of it.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use crate::finding::Run;
use crate::report::html::Top;
use crate::report::sarif::SarifOptions;
use crate::report::{Redaction, csv, html, json, sarif};
use crate::source::Spool;

/// A form of report that is offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Html,
    Csv,
    Sarif,
    Json,
}

impl Form {
    pub(super) const ALL: [Form; 4] = [Form::Html, Form::Csv, Form::Sarif, Form::Json];

    /// The form of this ending.
    pub(super) fn of(ending: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.ending() == ending)
    }

    pub(super) const fn ending(self) -> &'static str {
        match self {
            Form::Html => "html",
            Form::Csv => "csv",
            Form::Sarif => "sarif",
            Form::Json => "json",
        }
    }

    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Form::Html => "text/html; charset=utf-8",
            Form::Csv => "text/csv; charset=utf-8",
            Form::Sarif => "application/sarif+json",
            Form::Json => "application/json",
        }
    }

    /// What it is good for.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Form::Html => "the report as one file, to keep, print or mail",
            Form::Csv => "a row a finding, for spreadsheets",
            Form::Sarif => "for code scanning and editors",
            Form::Json => "all of the run, for programs and for cleanclaim report",
        }
    }

    fn render(self, run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Form::Html => html::render(run, redaction, out),
            Form::Csv => csv::render(run, redaction, out),
            Form::Sarif => sarif::render(run, &SarifOptions { redaction, ..SarifOptions::default() }, out),
            Form::Json => json::render(run, redaction, out),
        }
    }
}

/// A report, written.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) form: Form,
    pub(super) bytes: u64,
    pub(super) spool: Arc<Spool>,
}

/// A run that is over.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) top: Top,
    pub(super) reports: Vec<Report>,
    /// Accepted findings, which CSV leaves out.
    pub(super) accepted: u64,
}

impl Finished {
    /// Writes the reports of a run.
    ///
    /// # Errors
    /// Temporary files that cannot be written.
    pub(super) fn of(run: &Run, redaction: Redaction) -> io::Result<Finished> {
        let written = |form: Form| -> io::Result<Report> {
            let spool = Spool::with(|file| {
                let mut out = BufWriter::with_capacity(1 << 16, file);
                form.render(run, redaction, &mut out)?;
                out.flush()
            })?;
            Ok(Report { form, bytes: spool.bytes()?, spool })
        };
        let reports = Form::ALL.into_iter().map(written).collect::<io::Result<_>>()?;
        let accepted = run.findings.iter().filter(|finding| finding.accepted.is_some()).count() as u64;
        Ok(Finished { top: Top::new(run), reports, accepted })
    }

    /// Bytes of all reports.
    pub(super) fn bytes(&self) -> u64 {
        self.reports.iter().map(|report| report.bytes).sum()
    }
}
