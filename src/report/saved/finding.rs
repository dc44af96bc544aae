//! Findings of a saved run.

use serde::Deserialize;

use super::Named;
use crate::claim::{Cents, Span};
use crate::finding::{
    Accepted, AcceptedBy, Acknowledgement, CountedIn, Edit, Excerpt, Finding, Fix, Form, Impact, Mark,
    MoneyClass, Place, Related, Severity, Window,
};

#[derive(Deserialize)]
pub(super) struct SavedFinding {
    code: String,
    name: String,
    severity: Severity,
    message: String,
    #[serde(default)]
    help: String,
    file: String,
    #[serde(default)]
    input: Option<u32>,
    #[serde(default)]
    transaction: Option<String>,
    claim: Option<SavedClaimName>,
    line: Option<u16>,
    place: SavedPlace,
    #[serde(default)]
    excerpt: Vec<SavedWindow>,
    #[serde(default)]
    related: Vec<SavedRelated>,
    impact: SavedImpact,
    #[serde(default)]
    denial: SavedDenial,
    #[serde(default)]
    fingerprint: String,
    #[serde(default)]
    fix: Option<SavedFix>,
    #[serde(default)]
    suppressed: Option<SavedAccepted>,
}

#[derive(Deserialize)]
struct SavedClaimName {
    ordinal: u32,
    id: Option<String>,
    #[serde(default, rename = "ref")]
    claim_ref: Option<String>,
}

/// A place in X12 has a segment, one in JSON a line, one in a table a row.
#[derive(Deserialize)]
struct SavedPlace {
    segment: Option<u64>,
    line: Option<u64>,
    row: Option<u64>,
    id: Option<String>,
    element: Option<String>,
    pointer: Option<String>,
    column: Option<String>,
    #[serde(default)]
    offset: u64,
    #[serde(default)]
    length: u32,
}

impl SavedPlace {
    fn form(&self) -> Form {
        match (self.segment, self.line, self.row) {
            (Some(_), ..) => Form::X12,
            (None, Some(_), _) => Form::Json,
            (None, None, Some(_)) => Form::Csv,
            (None, None, None) => Form::X12,
        }
    }

    fn into_place(self) -> Place {
        Place {
            span: Span::new(self.offset, self.length),
            number: self.segment.or(self.line).or(self.row).unwrap_or(0),
            segment: self.id.unwrap_or_default(),
            element: self.element.or(self.pointer).or(self.column).unwrap_or_default(),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct SavedWindow {
    segment: Option<u64>,
    line: Option<u64>,
    row: Option<u64>,
    #[serde(default)]
    offset: u64,
    text: String,
    #[serde(default)]
    marks: Vec<SavedMark>,
}

#[derive(Deserialize)]
struct SavedMark {
    start: usize,
    end: usize,
    text: String,
    primary: bool,
}

impl SavedWindow {
    pub(super) fn into_window(self) -> Window {
        let mark = |SavedMark { start, end, text, primary }| Mark { start, end, text, primary };
        Window {
            number: self.segment.or(self.line).or(self.row).unwrap_or(0),
            offset: self.offset,
            text: self.text,
            sensitive: Vec::new(),
            marks: self.marks.into_iter().map(mark).collect(),
        }
    }
}

#[derive(Deserialize)]
struct SavedRelated {
    file: String,
    #[serde(default)]
    input: Option<u32>,
    claim: Option<u32>,
    line: Option<u16>,
    #[serde(default)]
    text: String,
    place: SavedPlace,
}

#[derive(Deserialize)]
struct SavedImpact {
    class: MoneyClass,
    net_cents: Option<Cents>,
    gross_cents: Option<Cents>,
    counted: bool,
    #[serde(default)]
    counted_in: Option<SavedCountedIn>,
    #[serde(default)]
    unpriced: bool,
    #[serde(default)]
    lines: u16,
}

#[derive(Deserialize)]
struct SavedCountedIn {
    code: String,
    file: String,
    #[serde(default)]
    input: Option<u32>,
    claim: Option<u32>,
    line: Option<u16>,
    #[serde(default)]
    known: bool,
}

#[derive(Deserialize, Default)]
struct SavedDenial {
    #[serde(default)]
    carc: Vec<String>,
    #[serde(default)]
    rarc: Vec<String>,
    #[serde(default)]
    claim_status: Vec<String>,
    #[serde(default)]
    acknowledgement: Option<String>,
}

#[derive(Deserialize)]
struct SavedFix {
    summary: String,
    #[serde(default)]
    edits: Vec<SavedEdit>,
}

#[derive(Deserialize)]
struct SavedEdit {
    offset: u64,
    length: u32,
    text: String,
}

impl SavedFix {
    fn into_fix(self) -> Fix {
        let edit =
            |SavedEdit { offset, length, text }: SavedEdit| Edit { span: Span::new(offset, length), text };
        Fix { summary: self.summary, edits: self.edits.into_iter().map(edit).collect() }
    }
}

#[derive(Deserialize)]
struct SavedAccepted {
    by: SavedAcceptedBy,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    until: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SavedAcceptedBy {
    Suppression,
    Baseline,
}

impl SavedAccepted {
    fn into_accepted(self) -> Accepted {
        let by = match self.by {
            SavedAcceptedBy::Suppression => AcceptedBy::Suppression,
            SavedAcceptedBy::Baseline => AcceptedBy::Baseline,
        };
        let said = Option::unwrap_or_default;
        Accepted { by, reason: said(self.reason), source: said(self.source), until: said(self.until) }
    }
}

impl SavedFinding {
    pub(super) fn into_finding(self, named: Named<'_>) -> Finding {
        let file = named.index(self.input, &self.file);
        let form = self.place.form();
        let counted_in = self.impact.counted_in.map(|holder| {
            Box::new(CountedIn {
                file: named.index(holder.input, &holder.file),
                code: holder.code,
                claim: holder.claim.unwrap_or(0),
                line: holder.line.unwrap_or(0),
                is_known: holder.known,
            })
        });
        let related = |related: SavedRelated| Related {
            file: named.index(related.input, &related.file),
            claim: related.claim.unwrap_or(0),
            line: related.line.unwrap_or(0),
            text: related.text,
            place: related.place.into_place(),
        };
        let (claim, claim_id, claim_ref) =
            self.claim.map_or((0, None, None), |claim| (claim.ordinal, claim.id, claim.claim_ref));
        Finding {
            related: self.related.into_iter().map(related).collect(),
            code: self.code,
            name: self.name,
            severity: self.severity,
            message: self.message,
            help: self.help,
            file,
            transaction: self.transaction.unwrap_or_default(),
            claim,
            claim_id: claim_id.unwrap_or_default(),
            claim_ref: claim_ref.unwrap_or_default(),
            line: self.line.unwrap_or(0),
            place: self.place.into_place(),
            excerpt: Excerpt {
                form,
                windows: self.excerpt.into_iter().map(SavedWindow::into_window).collect(),
            },
            impact: Impact {
                class: self.impact.class,
                net: self.impact.net_cents,
                gross: self.impact.gross_cents,
                counted: self.impact.counted,
                unpriced: self.impact.unpriced,
                lines: self.impact.lines,
            },
            counted_in,
            carc: self.denial.carc,
            rarc: self.denial.rarc,
            claim_status: self.denial.claim_status,
            acknowledgement: self.denial.acknowledgement.as_deref().and_then(Acknowledgement::parse),
            fingerprint: self.fingerprint,
            fix: self.fix.map(|fix| Box::new(fix.into_fix())),
            accepted: self.suppressed.map(|accepted| Box::new(accepted.into_accepted())),
            ..Finding::default()
        }
    }
}
