use super::ids;
use super::lines::{self, NoteMemo, Services};
use super::standing::{Standing, provider, taxonomy};
use crate::claim::{
    Adjudication, Adjustments, Cents, Claim, DateFact, Diagnosis, Note, OtherPayer, Provider, Reference,
    Role, ServiceLine, Span, Stated, Text, parse_ccyymmdd,
};
use crate::guide::Wording;
use crate::source::Delimiters;
use crate::x12::{Id, Segment};

/// Where in a claim the reader is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// 2300 and 2310.
    Claim,
    /// 2320 and 2330: another payer's subscriber. Nothing in it is the claim's own.
    OtherSubscriber,
    /// 2400 and 2420.
    Line,
    /// 2410.
    Drug,
    /// 2430: how another payer judged the line.
    Adjudication,
    /// 2440.
    Form,
}

/// Which guide the lines of a claim belong to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Professional,
    Institutional,
    Dental,
}

/// Builds one claim after the other in the same memory.
#[derive(Debug)]
pub(super) struct ClaimBuilder<'a> {
    /// Boxed, to be handed over without a copy.
    pub(super) claim: Box<Claim<'a>>,
    pub(super) part: Part,
    /// Number of the CLM segment.
    pub(super) number: u64,
    /// The separators the claim is written with.
    pub(super) delimiters: Delimiters,
    /// A segment of the claim was too long to read, so the claim is not whole.
    pub(super) broken: bool,
    /// Where the last segment ended in the file.
    end: u64,
    /// The provider that the segments after an NM1 are about, as an index into the claim's.
    who: Option<usize>,
    /// The rendering provider named last at the claim or at the line, likewise.
    rendering: Option<usize>,
    /// Whether an LX opened the line that SV1 is expected for.
    line_opened: bool,
    notes: NoteMemo<'a>,
    services: Services<'a>,
    /// A line of which nothing is known, to be copied.
    blank: ServiceLine<'a>,
    /// Notes of the claim before the last line was opened.
    notes_before: usize,
    professional: u32,
    institutional: u32,
    dental: u32,
}

impl<'a> ClaimBuilder<'a> {
    pub(super) fn new() -> ClaimBuilder<'a> {
        ClaimBuilder {
            claim: Box::default(),
            part: Part::Claim,
            number: 0,
            delimiters: Delimiters { element: b'*', component: b':', repetition: None, terminator: b'~' },
            broken: false,
            end: 0,
            who: None,
            rendering: None,
            line_opened: false,
            notes: NoteMemo::default(),
            services: Services::default(),
            blank: ServiceLine::default(),
            notes_before: 0,
            professional: 0,
            institutional: 0,
            dental: 0,
        }
    }

    /// CLM: begins a claim that stands in `standing`.
    pub(super) fn begin(&mut self, clm: &Segment<'_, 'a>, standing: &Standing<'a>) {
        self.claim.clear();
        self.part = Part::Claim;
        self.number = clm.number();
        self.delimiters = clm.delimiters();
        self.broken = false;
        self.end = clm.end();
        self.who = None;
        self.rendering = None;
        self.line_opened = false;
        (self.professional, self.institutional, self.dental) = (0, 0, 0);
        let claim = &mut self.claim;
        claim.number = clm.number();
        claim.span = Span::new(clm.offset(), 0);
        claim.submission = standing.submission;
        claim.payer = standing.payer;
        claim.subscriber = standing.subscriber;
        claim.patient = standing.patient;
        claim.providers.extend(standing.billing);
        claim.providers.extend(standing.pay_to);
        claim.id = clm.element(1).into();
        claim.charge = Stated::read(clm.element(2).into(), Cents::parse);
        let mut facility = clm.components(5);
        claim.place_of_service = facility.take_next().into();
        facility.take_next();
        claim.frequency = facility.take_next().into();
        claim.assignment = clm.element(7).into();
        claim.signature_source = clm.element(10).into();
        let mut causes = clm.components(11);
        claim.related_causes = std::array::from_fn(|_| causes.take_next().into());
        claim.accident_state = causes.take_next().into();
        claim.accident_country = causes.take_next().into();
        claim.delay_reason = clm.element(20).into();
    }

    /// Ends the claim: closes its last line and its span.
    pub(super) fn end(&mut self) {
        self.close_line();
        let start = self.claim.span.offset;
        self.claim.span = span_between(start, self.end);
    }

    /// Which guide the claim belongs to: its lines say; a claim without lines goes by the file's word.
    pub(super) fn kind(&self) -> Kind {
        let guide = self.claim.submission.guide.bytes();
        let stated = |number: &[u8]| guide.get(6..10) == Some(number);
        match (self.professional, self.institutional, self.dental) {
            (1.., ..) => Kind::Professional,
            (_, 1.., _) => Kind::Institutional,
            (.., 1..) => Kind::Dental,
            _ if stated(b"X223") => Kind::Institutional,
            _ if stated(b"X224") => Kind::Dental,
            _ => Kind::Professional,
        }
    }

    /// Any segment after CLM that does not end the claim. Says whether it was of use.
    ///
    /// `wording` is the number of its letters, if the same segment stood before.
    pub(super) fn segment(&mut self, id: Id, segment: &Segment<'_, 'a>, wording: Wording) -> bool {
        let useful = self.take_in(id, segment, wording);
        self.end = segment.end();
        useful
    }

    #[inline]
    fn take_in(&mut self, id: Id, segment: &Segment<'_, 'a>, wording: Wording) -> bool {
        match id {
            ids::LX => self.open_line(segment),
            ids::SV1 => {
                self.professional += 1;
                if !self.line_opened {
                    self.open_line(segment);
                }
                self.line_opened = false;
                self.part = Part::Line;
                if let Some(line) = self.claim.lines.last_mut() {
                    self.services.state(line, segment, wording);
                }
            }
            ids::SV2 => self.institutional += 1,
            ids::SV3 => self.dental += 1,
            ids::DTP => self.date(segment),
            ids::REF => self.reference(segment),
            ids::NM1 => self.name(segment),
            ids::N4 => {
                if let Some(provider) = self.provider() {
                    provider.state = segment.element(2).into();
                    provider.zip = segment.element(3).into();
                    provider.country = segment.element(4).into();
                }
            }
            ids::PRV => self.specialty(segment),
            ids::HI if self.part == Part::Claim => self.diagnoses(segment),
            ids::SBR => {
                self.enter(Part::OtherSubscriber);
                self.claim.other_payers.push(OtherPayer::default());
            }
            ids::NTE => self.note(segment.element(1).into(), segment.element(2).into()),
            ids::K3 => self.note(segment.element(0).into(), segment.element(1).into()),
            ids::PWK if self.part == Part::Claim => self.claim.has_attachments = true,
            ids::CR2 => self.claim.spinal_condition = segment.element(8).into(),
            ids::SVD => self.adjudication(segment),
            ids::CAS => self.adjustments(segment),
            ids::AMT if self.part == Part::OtherSubscriber => self.paid(segment),
            ids::LIN => self.enter(Part::Drug),
            ids::LQ => self.enter(Part::Form),
            _ => return false,
        }
        true
    }

    fn enter(&mut self, part: Part) {
        self.part = part;
        self.who = None;
    }

    fn open_line(&mut self, segment: &Segment<'_, 'a>) {
        self.close_line();
        self.enter(Part::Line);
        self.rendering = None;
        self.line_opened = true;
        self.notes_before = self.claim.notes.len();
        let number = u16::try_from(self.claim.lines.len() + 1).unwrap_or(u16::MAX);
        // To put a line together from its many parts takes longer than to copy one.
        self.claim.lines.extend_from_slice(std::slice::from_ref(&self.blank));
        let Some(line) = self.claim.lines.last_mut() else { return };
        line.number = number;
        line.span = Span::new(segment.offset(), 0);
        if segment.id() == ids::LX {
            line.assigned_number = segment.element(1).into();
        }
    }

    fn close_line(&mut self) {
        if let Some(line) = self.claim.lines.last_mut()
            && line.span.length == 0
        {
            line.span = span_between(line.span.offset, self.end);
            // Notes stand in the order of their lines; a line's own are the last.
            let own = self.claim.notes.get(self.notes_before..).unwrap_or_default();
            lines::minutes(line, own, &mut self.notes);
        }
    }

    /// The line that a fact belongs to: 0 is the claim. `None` where it belongs to another payer.
    fn owner(&self) -> Option<u16> {
        match self.part {
            Part::Claim => Some(0),
            Part::OtherSubscriber => None,
            _ => Some(self.claim.lines.last().map_or(0, |line| line.number)),
        }
    }

    fn date(&mut self, dtp: &Segment<'_, 'a>) {
        let qualifier = dtp.element(1);
        // 573 is the day another payer judged the line or the claim.
        let (Some(owner), false) = (self.owner(), qualifier.bytes == b"573") else { return };
        let stated = dtp.element(3);
        let is_range = dtp.element(2).bytes == b"RD8";
        if qualifier.bytes == b"472"
            && owner > 0
            && let Some(line) = self.claim.lines.last_mut()
        {
            lines::service_dates(line, stated, is_range);
            return;
        }
        let first = if is_range { lines::first_of_range(stated) } else { stated.into() };
        let date = Stated::read(first, parse_ccyymmdd);
        self.claim.dates.push(DateFact { line: owner, qualifier: qualifier.into(), date });
    }

    fn reference(&mut self, reference: &Segment<'_, 'a>) {
        let qualifier = reference.element(1);
        let Some(owner) = self.owner() else { return };
        let value = reference.element(2).into();
        if owner > 0
            && qualifier.bytes == b"6R"
            && let Some(line) = self.claim.lines.last_mut()
        {
            line.control_number = value;
            return;
        }
        // After a provider's name its own numbers stand; after a drug, the prescription's.
        let anothers =
            matches!(qualifier.bytes, b"0B" | b"1G" | b"G2" | b"LU" | b"EI" | b"SY" | b"TJ" | b"2U" | b"X5");
        if self.part == Part::Drug || self.who.is_some() && anothers {
            return;
        }
        let mut payer_id = Text::ABSENT;
        if reference.len() >= 4 {
            let mut payer = reference.components(4);
            if payer.take_next().bytes == b"2U" {
                payer_id = payer.take_next().into();
            }
        }
        self.claim.references.push(Reference { line: owner, qualifier: qualifier.into(), value, payer_id });
    }

    fn note(&mut self, kind: Text<'a>, text: Text<'a>) {
        if let Some(line) = self.owner() {
            self.claim.notes.push(Note { line, kind, text });
        }
    }

    /// HI: up to twelve codes. A pointer names the place of a code, so that an empty one before it counts.
    fn diagnoses(&mut self, hi: &Segment<'_, 'a>) {
        let mut empty = 0;
        for index in 1..=hi.len().min(12) {
            let mut parts = hi.components(index);
            let qualifier = parts.take_next();
            if matches!(qualifier.bytes, b"ABK" | b"ABF" | b"BK" | b"BF") {
                let code = parts.take_next().into();
                let with_gaps = self.claim.diagnoses.len() + std::mem::take(&mut empty);
                self.claim.diagnoses.resize(with_gaps, Diagnosis::default());
                self.claim.diagnoses.push(Diagnosis::new(qualifier.into(), code));
            } else {
                empty += usize::from(hi.element(index).bytes.is_empty());
            }
        }
    }

    /// SVD: another payer's judgement of the line begins.
    fn adjudication(&mut self, svd: &Segment<'_, 'a>) {
        self.enter(Part::Adjudication);
        self.claim.adjudications.push(Adjudication {
            line: self.claim.lines.last().map_or(0, |line| line.number),
            payer_id: svd.element(1).into(),
            paid: Stated::read(svd.element(2).into(), Cents::parse),
            bundled: svd.element(6).into(),
            adjustments: Adjustments::default(),
        });
    }

    /// CAS: up to six reasons, each with its amount and a quantity, of the claim (2320) or of the line (2430).
    fn adjustments(&mut self, cas: &Segment<'_, 'a>) {
        let known = match self.part {
            Part::OtherSubscriber => self.claim.other_payers.last_mut().map(|one| &mut one.adjustments),
            Part::Adjudication => self.claim.adjudications.last_mut().map(|one| &mut one.adjustments),
            _ => None,
        };
        let Some(known) = known else { return };
        known.is_stated = true;
        for amount in (3..=18).step_by(3).map(|index| cas.element(index)) {
            match Cents::parse(amount.bytes) {
                Some(amount) => known.total += amount,
                None => known.is_unreadable |= !amount.bytes.is_empty(),
            }
        }
    }

    /// AMT*D: what another payer paid on the claim.
    fn paid(&mut self, amt: &Segment<'_, 'a>) {
        let Some(payer) = self.claim.other_payers.last_mut().filter(|_| amt.element(1).bytes == b"D") else {
            return;
        };
        let paid = Stated::read(amt.element(2).into(), Cents::parse);
        payer.paid = if payer.paid.text.has_no_place() { paid } else { Stated { value: None, ..paid } };
    }

    fn name(&mut self, nm1: &Segment<'_, 'a>) {
        self.who = None;
        if self.part == Part::OtherSubscriber
            && nm1.element(1).bytes == b"PR"
            && let Some(payer) = self.claim.other_payers.last_mut()
        {
            payer.id = nm1.element(9).into();
        }
        let Some(line) = self.owner() else { return };
        if self.part == Part::Drug {
            self.part = Part::Line;
        }
        let role = match nm1.element(1).bytes {
            b"DN" => Role::Referring,
            b"P3" => Role::PrimaryCare,
            b"82" => Role::Rendering,
            b"77" => Role::ServiceFacility,
            b"DQ" => Role::Supervising,
            b"DK" => Role::Ordering,
            b"QB" => Role::PurchasedService,
            b"PW" => Role::AmbulancePickUp,
            b"45" => Role::AmbulanceDropOff,
            _ => return,
        };
        self.who = Some(self.claim.providers.len());
        if role == Role::Rendering {
            self.rendering = self.who;
        }
        self.claim.providers.push(provider(nm1, role, line));
    }

    fn provider(&mut self) -> Option<&mut Provider<'a>> {
        self.claim.providers.get_mut(self.who?)
    }

    /// PRV: of the rendering provider just named (PE), or of whoever was named last.
    fn specialty(&mut self, prv: &Segment<'_, 'a>) {
        if self.part == Part::OtherSubscriber {
            return;
        }
        let named = if prv.element(1).bytes == b"PE" { self.rendering } else { self.who };
        if let Some(provider) = named.and_then(|index| self.claim.providers.get_mut(index)) {
            provider.taxonomy = taxonomy(prv);
        }
    }
}

fn span_between(start: u64, end: u64) -> Span {
    Span::new(start, u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX))
}
