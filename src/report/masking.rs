//! What a report may show of a patient: three levels, applied to findings and claims before anything is written.
//!
//! The readers mark the sensitive stretches of a window; this module replaces them with a mark of fixed width, so
//! that not even their length is told, and moves the labels along. What was masked is also taken out of messages
//! and labels, should a rule repeat it. At every level, characters that a terminal would obey are written out.

use std::ops::Range;

use super::plain::{clean, is_harmless, is_hostile, push_escaped};
use crate::claim::{Fact, is_control_number, parse_iso_date};
use crate::finding::{
    About, Excerpt, Finding, FlaggedClaim, FlaggedLine, Mark, Place, Related, Segment, Segments, Sensitive,
    Window,
};

/// How much of a patient a report may show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Redaction {
    /// No names, addresses, member ids, birth dates or note text. Claim number (CLM01) and dates of service stay:
    /// a biller finds the claim by them.
    #[default]
    Default,
    /// Claim numbers and dates of service are gone too; a claim is named by its place in the file, and by a keyed hash
    /// where there is a key; a date by the days since the patient's first in the run.
    Full,
    /// Everything, for a screen that only the biller sees.
    ShowPhi,
}

impl Redaction {
    /// The level as flags and JSON write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Redaction::Default => "default",
            Redaction::Full => "full",
            Redaction::ShowPhi => "show-phi",
        }
    }
}

/// A redaction level, and what stands where something was masked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Masking {
    redaction: Redaction,
    mark: &'static str,
}

/// A value shorter than this (in bytes) is masked in place but not hunted in prose: `TX` or `F` is in every text.
const SHORTEST_SECRET: usize = 3;

/// What the engine writes in words for a value that has not the form of its place.
const ENGINES: &str = "•••";

impl Masking {
    /// Masks with `•••`.
    pub const fn new(redaction: Redaction) -> Masking {
        Masking { redaction, mark: "•••" }
    }

    /// Masks with `###`, for outputs that must stay ASCII.
    pub const fn ascii(redaction: Redaction) -> Masking {
        Masking { redaction, mark: "###" }
    }

    /// A copy of the finding that may be shown.
    pub fn finding(&self, finding: &Finding) -> Finding {
        let mut secrets: Vec<&str> = Vec::new();
        for window in &finding.excerpt.windows {
            for (start, end) in self.masked(&window.text, &window.sensitive) {
                secrets.extend(window.text.get(start..end));
            }
        }
        let written = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.text.as_str());
        secrets.extend(
            [finding.transaction.as_str()].into_iter().chain(written).filter(|text| self.hides(text)),
        );
        let claim_id = self.claim_id(&finding.claim_id);
        if claim_id.is_empty() {
            secrets.push(&finding.claim_id);
        }
        let public = &finding.public_dates;
        let prose = |text: &str| self.prose(text, &secrets, public);
        let window = |window: &Window| {
            let mut window = self.window(window);
            window.marks.iter_mut().for_each(|mark| mark.text = prose(&mark.text));
            window
        };
        Finding {
            rule: finding.rule,
            // Rules can be a user's own, so their words are no safer than a claim's.
            code: clean(&finding.code).into_owned(),
            name: clean(&finding.name).into_owned(),
            outcome: finding.outcome.clone(),
            severity: finding.severity,
            message: prose(&finding.message),
            help: prose(&finding.help),
            file: finding.file,
            transaction: match self.hides(&finding.transaction) {
                true => self.mark.to_owned(),
                false => clean(&finding.transaction).into_owned(),
            },
            claim: finding.claim,
            claim_id,
            claim_ref: clean(&finding.claim_ref).into_owned(),
            line: finding.line,
            about: self.about(&finding.about),
            place: plain_place(&finding.place),
            related: finding
                .related
                .iter()
                .map(|related| Related {
                    text: prose(&related.text),
                    place: plain_place(&related.place),
                    ..*related
                })
                .collect(),
            excerpt: Excerpt {
                form: finding.excerpt.form,
                windows: finding.excerpt.windows.iter().map(window).collect(),
            },
            impact: finding.impact,
            counted_in: finding.counted_in.clone(),
            carc: all_clean(&finding.carc),
            rarc: all_clean(&finding.rarc),
            acknowledgement: finding.acknowledgement.clone(),
            spot: finding.spot.clone(),
            claim_status: all_clean(&finding.claim_status),
            fingerprint: finding.fingerprint.clone(),
            public_dates: finding.public_dates.clone(),
            accepted: finding.accepted.clone().map(|mut accepted| {
                // Its words are the user's own: who is named in them, no form tells. The source says where they stand.
                accepted.reason = match self.redaction {
                    Redaction::Full => String::new(),
                    _ => prose(&accepted.reason),
                };
                accepted
            }),
            fix: finding.fix.clone().map(|mut fix| {
                fix.summary = prose(&fix.summary);
                if fix.edits.iter().any(|edit| self.hides(&edit.text)) {
                    fix.edits.clear();
                }
                fix
            }),
        }
    }

    /// A copy of the claim that may be shown.
    pub fn claim(&self, claim: &FlaggedClaim) -> FlaggedClaim {
        let line = |line: &FlaggedLine| FlaggedLine {
            about: self.about(&line.about),
            provider_npi: self.stated(Fact::RenderingNpi, &line.provider_npi),
            ..*line
        };
        FlaggedClaim {
            id: self.claim_id(&claim.id),
            claim_ref: clean(&claim.claim_ref).into_owned(),
            payer: clean(&claim.payer).into_owned(),
            payer_id: self.stated(Fact::PayerId, &claim.payer_id),
            billing_npi: self.stated(Fact::BillingNpi, &claim.billing_npi),
            segments: self.segments(&claim.segments),
            lines: claim.lines.iter().map(line).collect(),
            ..*claim
        }
    }

    /// A line about the whole run (a note, a reason). Dates are masked at the full level.
    pub fn note(&self, text: &str) -> String {
        self.prose(text, &[], &[])
    }

    /// The window with its sensitive stretches replaced and its marks and other stretches moved along.
    pub fn window(&self, window: &Window) -> Window {
        let rewritten = self.rewritten(&window.text, &window.sensitive);
        let mark = |mark: &Mark| {
            let start = rewritten.start(mark.start);
            let end = if mark.end <= mark.start { start } else { rewritten.end(mark.end).max(start) };
            Mark { start, end, ..mark.clone() }
        };
        Window {
            number: window.number,
            offset: window.offset,
            marks: window.marks.iter().map(mark).collect(),
            sensitive: self.left(&window.sensitive, &rewritten).collect(),
            text: rewritten.text,
        }
    }

    fn segments(&self, segments: &Segments) -> Segments {
        let mut shown = Segments::default();
        let mut left = Vec::new();
        for segment in segments.iter() {
            if !segment.sensitive.iter().any(|one| self.masks(one)) && is_harmless(segment.text) {
                shown.push(segment);
                continue;
            }
            let rewritten = self.rewritten(segment.text, segment.sensitive);
            left.clear();
            left.extend(self.left(segment.sensitive, &rewritten));
            shown.push(Segment { text: &rewritten.text, sensitive: &left, ..segment });
        }
        shown
    }

    fn rewritten(&self, text: &str, sensitive: &[Sensitive]) -> Rewritten {
        Rewritten::new(text, &self.masked(text, sensitive), self.mark)
    }

    /// The stretches that this level does not mask, where they stand now.
    fn left(&self, sensitive: &[Sensitive], rewritten: &Rewritten) -> impl Iterator<Item = Sensitive> {
        sensitive.iter().filter(|one| !self.masks(one)).map(|one| {
            let (start, end) = (rewritten.start(one.start), rewritten.end(one.end));
            Sensitive { start, end: end.max(start), always: one.always }
        })
    }

    fn masks(&self, sensitive: &Sensitive) -> bool {
        match self.redaction {
            Redaction::Default => sensitive.always,
            Redaction::Full => true,
            Redaction::ShowPhi => false,
        }
    }

    /// The stretches to replace: inside the text, widened to whole characters, in order, merged.
    fn masked(&self, text: &str, sensitive: &[Sensitive]) -> Vec<(usize, usize)> {
        let mut ranges: Vec<(usize, usize)> = sensitive
            .iter()
            .filter(|sensitive| self.masks(sensitive) && sensitive.start < sensitive.end)
            .map(|sensitive| (boundary_before(text, sensitive.start), boundary_after(text, sensitive.end)))
            .filter(|(start, end)| start < end)
            .collect();
        ranges.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match merged.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        merged
    }

    /// The number of a claim (CLM01), if it may be shown; else empty. What reads as a name and not as a number is never
    /// shown short of everything.
    pub fn claim_id(&self, id: &str) -> String {
        match self.redaction {
            Redaction::Full => String::new(),
            Redaction::Default if !Fact::ClaimId.has_form(id.as_bytes()) => String::new(),
            _ => clean(id).into_owned(),
        }
    }

    /// Whether what should be a control number, a count or a code may be a name.
    fn hides(&self, number: &str) -> bool {
        self.redaction != Redaction::ShowPhi && !is_control_number(number.as_bytes())
    }

    /// A code as stated; a word that stands in its place is masked.
    fn code(&self, code: &str, longest: usize) -> String {
        let is_word = code.len() > 2 && !code.bytes().any(|byte| byte.is_ascii_digit());
        let is_odd = !code.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        if self.redaction != Redaction::ShowPhi && (is_word || is_odd || code.len() > longest) {
            return self.mark.to_owned();
        }
        clean(code).into_owned()
    }

    /// A value of a line as stated, if it has the form of what belongs there.
    fn of_form(&self, fact: Fact, text: &str) -> String {
        if self.redaction != Redaction::ShowPhi && !fact.has_form(text.as_bytes()) {
            return self.mark.to_owned();
        }
        clean(text).into_owned()
    }

    /// The same, of what may be absent.
    fn stated(&self, fact: Fact, text: &str) -> String {
        if text.is_empty() { String::new() } else { self.of_form(fact, text) }
    }

    /// Whether dates of service are shown.
    pub fn shows_dates(&self) -> bool {
        self.redaction != Redaction::Full
    }

    /// The number of a payer as a claim states it.
    pub fn payer_id(&self, id: &str) -> String {
        self.of_form(Fact::PayerId, id)
    }

    fn about(&self, about: &About) -> About {
        About {
            procedure_code: self.code(&about.procedure_code, 5),
            modifiers: about.modifiers.iter().map(|modifier| self.code(modifier, 2)).collect(),
            units: self.of_form(Fact::Units, &about.units),
            charge: about.charge,
            date: if self.redaction == Redaction::Full {
                String::new()
            } else {
                clean(&about.date).into_owned()
            },
            day: about.day,
        }
    }

    fn prose(&self, text: &str, secrets: &[&str], public: &[String]) -> String {
        let mut shown = text.to_owned();
        for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
            shown = without_word(&shown, secret, self.mark);
        }
        if self.redaction == Redaction::Full {
            shown = without_ages(&without_dates(&shown, public, self.mark), self.mark);
        }
        // The engine writes this mark where a value has not the form of its place.
        if self.mark != ENGINES {
            shown = shown.replace(ENGINES, self.mark);
        }
        match clean(&shown) {
            std::borrow::Cow::Borrowed(_) => shown,
            std::borrow::Cow::Owned(cleaned) => cleaned,
        }
    }
}

/// What a masked claim is called beside its place in the file: its own number, else its keyed hash, else nothing.
pub fn own_name(id: &str, claim_ref: &str) -> String {
    match (id, claim_ref) {
        ("", "") => String::new(),
        ("", claim_ref) => format!("ref {claim_ref}"),
        (id, _) => id.to_owned(),
    }
}

fn boundary_before(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn boundary_after(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

fn plain_place(place: &Place) -> Place {
    Place {
        segment: clean(&place.segment).into_owned(),
        element: clean(&place.element).into_owned(),
        ..place.clone()
    }
}

fn all_clean(codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| clean(code).into_owned()).collect()
}

/// Text with stretches replaced and hostile characters written out, and where each old byte went.
struct Rewritten {
    text: String,
    /// What was replaced by something else, in order.
    replaced: Vec<Replaced>,
}

/// A stretch of the old text, and the one that stands for it.
struct Replaced {
    old: Range<usize>,
    new: Range<usize>,
}

impl Rewritten {
    fn new(old: &str, masked: &[(usize, usize)], mark: &str) -> Rewritten {
        let mut rewritten = Rewritten { text: String::with_capacity(old.len()), replaced: Vec::new() };
        let mut at = 0;
        for &(start, end) in masked {
            rewritten.keep(old, at..start);
            rewritten.replace(start..end, |text| text.push_str(mark));
            at = end;
        }
        rewritten.keep(old, at..old.len());
        rewritten
    }

    /// Takes over a stretch without what is hostile in it.
    fn keep(&mut self, old: &str, stretch: Range<usize>) {
        let own = old.get(stretch.clone()).unwrap_or_default();
        if is_harmless(own) {
            self.text.push_str(own);
            return;
        }
        for (at, character) in own.char_indices() {
            if is_hostile(character) {
                let at = stretch.start + at;
                self.replace(at..at + character.len_utf8(), |text| push_escaped(text, character));
            } else {
                self.text.push(character);
            }
        }
    }

    fn replace(&mut self, old: Range<usize>, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        self.replaced.push(Replaced { old, new: start..self.text.len() });
    }

    /// Where what begins at byte `old` begins now: inside something, at its start.
    fn start(&self, old: usize) -> usize {
        self.place(old, |replaced| replaced.new.start, boundary_before)
    }

    /// Where what ends at byte `old` ends now: inside something, at its end.
    fn end(&self, old: usize) -> usize {
        self.place(old, |replaced| replaced.new.end, boundary_after)
    }

    fn place(
        &self,
        old: usize,
        inside: impl Fn(&Replaced) -> usize,
        boundary: impl Fn(&str, usize) -> usize,
    ) -> usize {
        let Some(last) = self.replaced.iter().rfind(|replaced| replaced.old.start <= old) else {
            return boundary(&self.text, old);
        };
        match old {
            _ if old == last.old.start => last.new.start,
            _ if old < last.old.end => inside(last),
            _ => boundary(&self.text, last.new.end + (old - last.old.end)),
        }
    }
}

/// Replaces `secret` where it stands as a word of its own.
fn without_word(text: &str, secret: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in text.match_indices(secret) {
        let end = at + secret.len();
        let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let after = text[end..].chars().next().is_some_and(char::is_alphanumeric);
        if !before && !after {
            out.push_str(&text[copied..at]);
            out.push_str(mark);
            copied = end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// Replaces how many days something lies back: with the date of the report that is a date.
fn without_ages(text: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, words)) =
        [" days ago", " day ago"].iter().filter_map(|words| Some((rest.find(words)?, *words))).min()
    {
        let digits = |c: char| c.is_ascii_digit() || c == ',';
        let before = rest[..at].trim_end_matches(digits);
        out.push_str(before);
        out.push_str(if before.len() < at { mark } else { "" });
        out.push_str(if before.len() < at { " days ago" } else { words });
        rest = &rest[at + words.len()..];
    }
    out.push_str(rest);
    out
}

/// Replaces what reads as a calendar date, `2025-03-03` or `20250303`, and is none of the `public` ones.
fn without_dates(text: &str, public: &[String], mark: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
        if run == 0 {
            at += 1;
            continue;
        }
        let stretch = &bytes[at..at + run];
        let is_public = public.iter().any(|date| date.as_bytes() == stretch);
        // A control number that begins with zeros has the digits of a date, but not of a year that anybody lived in.
        let is_day = |day: &[u8]| parse_iso_date(day).is_some_and(|date| date.year() >= 1800);
        let is_date = |length: usize| stretch.windows(length).any(is_day);
        if !is_public && (is_date(8) || is_date(10)) {
            out.push_str(&text[copied..at]);
            out.push_str(mark);
            copied = at + run;
        }
        at += run;
    }
    out.push_str(&text[copied..]);
    out
}

#[cfg(test)]
#[path = "masking_tests.rs"]
mod tests;
