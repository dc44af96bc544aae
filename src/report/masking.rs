//! What a report may show of a patient: three levels, applied to findings and claims before anything is written.
//!
//! The readers mark the sensitive stretches of a window; this module replaces them with a mark of fixed width, so
//! that not even their length is told, and moves the labels along. What was masked is also taken out of messages
//! and labels, should a rule repeat it. At every level, characters that a terminal would obey are written out.

use std::borrow::Cow;
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
        let mut shown = Finding::default();
        self.finding_into(finding, &mut shown);
        shown
    }

    /// Puts a copy of the finding that may be shown in place of another, whose room it takes.
    pub fn finding_into(&self, finding: &Finding, shown: &mut Finding) {
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
        let own_id = self.claim_id(&finding.claim_id);
        if own_id.is_empty() {
            secrets.push(&finding.claim_id);
        }
        let public = &finding.public_dates;
        let prose = |text: &str| self.prose(text, &secrets, public).into_owned();
        // All of it is named, so that nothing is left of what stood here before.
        let Finding {
            rule,
            code,
            name,
            outcome,
            severity,
            message,
            help,
            file,
            transaction,
            claim,
            claim_id,
            claim_ref,
            line,
            about,
            place,
            related,
            excerpt: Excerpt { form, windows },
            impact,
            counted_in,
            carc,
            rarc,
            acknowledgement,
            spot,
            claim_status,
            fingerprint,
            public_dates,
            accepted,
            fix,
        } = shown;
        (*rule, *severity, *impact, *form) =
            (finding.rule, finding.severity, finding.impact, finding.excerpt.form);
        (*file, *claim, *line) = (finding.file, finding.claim, finding.line);
        // Rules can be a user's own, so their words are no safer than a claim's.
        put(code, &clean(&finding.code));
        put(name, &clean(&finding.name));
        put(outcome, &finding.outcome);
        put(message, &self.prose(&finding.message, &secrets, public));
        put(help, &self.prose(&finding.help, &secrets, public));
        match self.hides(&finding.transaction) {
            true => put(transaction, self.mark),
            false => put(transaction, &clean(&finding.transaction)),
        }
        put(claim_id, &own_id);
        put(claim_ref, &clean(&finding.claim_ref));
        self.about_into(&finding.about, about);
        place_into(&finding.place, place);
        put_each(related, &finding.related, |shown, own| {
            let Related { file, claim, line, text, place } = shown;
            (*file, *claim, *line) = (own.file, own.claim, own.line);
            put(text, &self.prose(&own.text, &secrets, public));
            place_into(&own.place, place);
        });
        put_each(windows, &finding.excerpt.windows, |shown, own| *shown = self.window_with(own, prose));
        counted_in.clone_from(&finding.counted_in);
        for (shown, own) in
            [(carc, &finding.carc), (rarc, &finding.rarc), (claim_status, &finding.claim_status)]
        {
            put_each(shown, own, |shown, code| put(shown, &clean(code)));
        }
        acknowledgement.clone_from(&finding.acknowledgement);
        spot.clone_from(&finding.spot);
        put(fingerprint, &finding.fingerprint);
        public_dates.clone_from(&finding.public_dates);
        *accepted = finding.accepted.clone().map(|mut accepted| {
            // Its words are the user's own: who is named in them, no form tells. The source says where they stand.
            accepted.reason = match self.redaction {
                Redaction::Full => String::new(),
                _ => prose(&accepted.reason),
            };
            accepted
        });
        *fix = finding.fix.clone().map(|mut fix| {
            fix.summary = prose(&fix.summary);
            if fix.edits.iter().any(|edit| self.hides(&edit.text)) {
                fix.edits.clear();
            }
            fix
        });
    }

    /// A copy of the claim that may be shown.
    pub fn claim(&self, claim: &FlaggedClaim) -> FlaggedClaim {
        let mut shown = FlaggedClaim::default();
        self.claim_into(claim, &mut shown);
        shown
    }

    /// Puts a copy of the claim that may be shown in place of another, whose room it takes.
    pub fn claim_into(&self, claim: &FlaggedClaim, shown: &mut FlaggedClaim) {
        let FlaggedClaim {
            file,
            ordinal,
            id,
            claim_ref,
            payer,
            payer_id,
            billing_npi,
            medicare_rates_stand_in,
            net_cash,
            segments,
            lines,
            columns,
        } = shown;
        (*file, *ordinal, *columns) = (claim.file, claim.ordinal, claim.columns);
        (*medicare_rates_stand_in, *net_cash) = (claim.medicare_rates_stand_in, claim.net_cash);
        put(id, &self.claim_id(&claim.id));
        put(claim_ref, &clean(&claim.claim_ref));
        put(payer, &clean(&claim.payer));
        put(payer_id, &self.stated(Fact::PayerId, &claim.payer_id));
        put(billing_npi, &self.stated(Fact::BillingNpi, &claim.billing_npi));
        self.segments_into(&claim.segments, segments);
        put_each(lines, &claim.lines, |shown, own| {
            let FlaggedLine { line, about, minutes, provider_npi, net, gross, unpriced, columns } = shown;
            (*line, *minutes, *net, *gross, *unpriced, *columns) =
                (own.line, own.minutes, own.net, own.gross, own.unpriced, own.columns);
            self.about_into(&own.about, about);
            put(provider_npi, &self.stated(Fact::RenderingNpi, &own.provider_npi));
        });
    }

    /// A line about the whole run (a note, a reason). Dates are masked at the full level.
    pub fn note(&self, text: &str) -> String {
        self.prose(text, &[], &[]).into_owned()
    }

    /// The window with its sensitive stretches replaced and its marks and other stretches moved along.
    pub fn window(&self, window: &Window) -> Window {
        self.window_with(window, str::to_owned)
    }

    /// The same, with the words of its marks as `words` has them.
    fn window_with(&self, window: &Window, words: impl Fn(&str) -> String) -> Window {
        let mut rewritten = Rewritten::default();
        rewritten.rewrite(&window.text, &self.masked(&window.text, &window.sensitive), self.mark);
        let mark = |mark: &Mark| {
            let start = rewritten.start(mark.start);
            let end = if mark.end <= mark.start { start } else { rewritten.end(mark.end).max(start) };
            Mark { start, end, text: words(&mark.text), primary: mark.primary }
        };
        Window {
            number: window.number,
            offset: window.offset,
            marks: window.marks.iter().map(mark).collect(),
            sensitive: self.left(&window.sensitive, &rewritten).collect(),
            text: rewritten.text,
        }
    }

    fn segments_into(&self, segments: &Segments, shown: &mut Segments) {
        shown.clear();
        // Room to work in, for one segment after the other.
        let (mut masked, mut left, mut rewritten) = (Vec::new(), Vec::new(), Rewritten::default());
        rewritten.is_harmless = is_harmless(segments.text());
        for segment in segments.iter() {
            if !segment.sensitive.iter().any(|one| self.masks(one)) && rewritten.is_harmless(segment.text) {
                shown.push(segment);
                continue;
            }
            self.find_masked(segment.text, segment.sensitive, &mut masked);
            rewritten.rewrite(segment.text, &masked, self.mark);
            left.clear();
            left.extend(self.left(segment.sensitive, &rewritten));
            shown.push(Segment { text: &rewritten.text, sensitive: &left, ..segment });
        }
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
        let mut masked = Vec::new();
        self.find_masked(text, sensitive, &mut masked);
        masked
    }

    /// Leaves the same in `masked`, in place of what it holds.
    fn find_masked(&self, text: &str, sensitive: &[Sensitive], masked: &mut Vec<(usize, usize)>) {
        masked.clear();
        masked.extend(
            sensitive
                .iter()
                .filter(|sensitive| self.masks(sensitive) && sensitive.start < sensitive.end)
                .map(|one| (boundary_before(text, one.start), boundary_after(text, one.end)))
                .filter(|(start, end)| start < end),
        );
        masked.sort_unstable();
        masked.dedup_by(|next, last| {
            let overlaps = next.0 < last.1;
            if overlaps {
                last.1 = last.1.max(next.1);
            }
            overlaps
        });
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
    fn code<'t>(&self, code: &'t str, longest: usize) -> Cow<'t, str> {
        let is_word = code.len() > 2 && !code.bytes().any(|byte| byte.is_ascii_digit());
        let is_odd = !code.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        if self.redaction != Redaction::ShowPhi && (is_word || is_odd || code.len() > longest) {
            return Cow::Borrowed(self.mark);
        }
        clean(code)
    }

    /// A value of a line as stated, if it has the form of what belongs there.
    fn of_form<'t>(&self, fact: Fact, text: &'t str) -> Cow<'t, str> {
        if self.redaction != Redaction::ShowPhi && !fact.has_form(text.as_bytes()) {
            return Cow::Borrowed(self.mark);
        }
        clean(text)
    }

    /// The same, of what may be absent.
    fn stated<'t>(&self, fact: Fact, text: &'t str) -> Cow<'t, str> {
        if text.is_empty() { Cow::Borrowed("") } else { self.of_form(fact, text) }
    }

    /// Whether dates of service are shown.
    pub fn shows_dates(&self) -> bool {
        self.redaction != Redaction::Full
    }

    /// The number of a payer as a claim states it.
    pub fn payer_id(&self, id: &str) -> String {
        self.of_form(Fact::PayerId, id).into_owned()
    }

    fn about_into(&self, about: &About, shown: &mut About) {
        let About { procedure_code, modifiers, units, charge, date, day } = shown;
        (*charge, *day) = (about.charge, about.day);
        put(procedure_code, &self.code(&about.procedure_code, 5));
        put_each(modifiers, &about.modifiers, |shown, modifier| put(shown, &self.code(modifier, 2)));
        put(units, &self.of_form(Fact::Units, &about.units));
        match self.redaction {
            Redaction::Full => date.clear(),
            _ => put(date, &clean(&about.date)),
        }
    }

    fn prose<'t>(&self, text: &'t str, secrets: &[&str], public: &[String]) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
            if shown.contains(secret) {
                shown = Cow::Owned(without_word(&shown, secret, self.mark));
            }
        }
        if self.redaction == Redaction::Full {
            shown = Cow::Owned(without_ages(&without_dates(&shown, public, self.mark), self.mark));
        }
        // The engine writes this mark where a value has not the form of its place.
        if self.mark != ENGINES {
            shown = Cow::Owned(shown.replace(ENGINES, self.mark));
        }
        match clean(&shown) {
            Cow::Borrowed(_) => shown,
            Cow::Owned(cleaned) => Cow::Owned(cleaned),
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

fn place_into(place: &Place, shown: &mut Place) {
    let Place { span, number, segment, element } = shown;
    (*span, *number) = (place.span, place.number);
    put(segment, &clean(&place.segment));
    put(element, &clean(&place.element));
}

/// Puts another text in place of one, in the same room.
fn put(shown: &mut String, text: &str) {
    shown.clear();
    shown.push_str(text);
}

/// Likewise, several things in place of several.
fn put_each<T: Default, S>(shown: &mut Vec<T>, own: &[S], put: impl Fn(&mut T, &S)) {
    shown.resize_with(own.len(), T::default);
    shown.iter_mut().zip(own).for_each(|(shown, own)| put(shown, own));
}

/// Text with stretches replaced and hostile characters written out, and where each old byte went.
#[derive(Default)]
struct Rewritten {
    text: String,
    /// What was replaced by something else, in order.
    replaced: Vec<Replaced>,
    /// Nothing that stands in any text to come is hostile.
    is_harmless: bool,
}

/// A stretch of the old text, and the one that stands for it.
struct Replaced {
    old: Range<usize>,
    new: Range<usize>,
}

impl Rewritten {
    /// Puts another text in place of this one.
    fn rewrite(&mut self, old: &str, masked: &[(usize, usize)], mark: &str) {
        self.text.clear();
        self.replaced.clear();
        self.text.reserve(old.len());
        let mut at = 0;
        for &(start, end) in masked {
            self.keep(old, at..start);
            self.replace(start..end, |text| text.push_str(mark));
            at = end;
        }
        self.keep(old, at..old.len());
    }

    fn is_harmless(&self, text: &str) -> bool {
        self.is_harmless || is_harmless(text)
    }

    /// Takes over a stretch without what is hostile in it.
    fn keep(&mut self, old: &str, stretch: Range<usize>) {
        let own = old.get(stretch.clone()).unwrap_or_default();
        if self.is_harmless(own) {
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
