use super::builder::{ClaimBuilder, Kind};
use super::checker;
use super::excerpt::Excerpts;
use super::faults::FAULTS;
use super::hierarchy::Level;
use super::ids;
use super::masked::MaskedBefore;
use super::standing::{Reading, Standing};
use super::trailing::{Trailing, trails_off};
use super::walk::{GuideCheck, Walk};
use crate::claim::{Claim, Span};
use crate::guide::Wording;
use crate::input::sink::TOGETHER;
use crate::input::{ClaimSink, Fault, Read, UnitSummary};
use crate::source::{Delimiters, Unit};
use crate::x12::{
    CLAIM_LIMIT, EnvelopeEvent, EnvelopeKind, Id, Lexer, SEGMENT_LIMIT, Segment, Tally, interchange,
    starts_afresh,
};

/// Reads a unit: replays its context silently, then hands its professional claims and its faults to `sink`.
///
/// Institutional and dental claims are counted and passed over, as are the claims of other versions than 5010.
pub fn read<S: ClaimSink + ?Sized>(unit: &Unit, guide: GuideCheck, sink: &mut S) -> UnitSummary {
    let mut reader = Reader {
        unit,
        sink,
        summary: UnitSummary::default(),
        tally: Tally::default(),
        standing: Standing::new(),
        builder: ClaimBuilder::new(),
        state: State::Before,
        faults: Vec::new(),
        waiting: Vec::new(),
        waits: 0,
        masked: MaskedBefore::default(),
        zone: (unit.offset, unit.number),
        walk: Walk::new(unit.number, guide),
        trailing: (guide == GuideCheck::On).then(Trailing::default),
    };
    for piece in &unit.context {
        let mut lexer = Lexer::new(&piece.bytes, piece.offset, piece.number, unit.delimiters);
        while let Some(segment) = lexer.next_segment() {
            reader.standing.replay(&segment);
            // As where it is read: only transactions are passed over, and what follows them goes by that.
            let is_walked = segment.id() != ids::ST || reader.standing.is_walked();
            reader.walk.replay(&segment, is_walked);
        }
    }
    let mut lexer = Lexer::new(&unit.bytes, unit.offset, unit.number, unit.delimiters);
    let mut first = unit.ordinal > 0;
    while let Some(segment) = lexer.next_segment() {
        // A unit that does not begin where one may be cut begins in the middle of a claim that was too long.
        if std::mem::take(&mut first) && !starts_afresh(segment.raw(), segment.delimiters()) {
            reader.state = State::PassingOver;
            reader.walk.begin_in_claim();
        }
        reader.segment(&segment);
    }
    reader.walk.end_of_unit();
    let (delimiters, zone) = (lexer.delimiters(), reader.zone);
    reader.say(u64::MAX, delimiters, zone);
    reader.end_claim();
    reader.hand_over();
    reader.summary.envelope.push(EnvelopeEvent::unit_end(lexer.delimiters(), reader.tally));
    reader.summary
}

/// Reads one claim again, alone: `bytes` are those of the claim's span, which begin at `offset` of the file with
/// segment `number`.
///
/// It is a unit without context, so who billed, who is insured and the transaction are not there; places, excerpts
/// and service lines are those of the first reading.
pub fn reread<S: ClaimSink + ?Sized>(
    file: u32,
    bytes: Vec<u8>,
    offset: u64,
    number: u64,
    delimiters: Delimiters,
    sink: &mut S,
) -> UnitSummary {
    let unit = Unit::x12(file, 0, offset, number, Some(delimiters), Vec::new(), bytes);
    read(&unit, GuideCheck::Off, sink)
}

fn is_envelope(id: Id) -> bool {
    matches!(id, ids::GS | ids::ST | ids::SE | ids::GE | ids::IEA)
}

/// NUL and Ctrl-Z, with which old systems fill up the end of a file: no segment, and nobody's fault.
#[inline]
fn is_padding(segment: &Segment<'_, '_>) -> bool {
    matches!(segment.first(), Some(0 | 0x1a)) && segment.raw().iter().all(|byte| matches!(byte, 0 | 0x1a))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Before a claim: what is read holds for the claims that follow.
    Before,
    /// In a claim.
    Claim,
    /// After a transaction, or after something that could not be read: on to the next place to start afresh.
    PassingOver,
}

/// A claim that is read and waits to be handed over.
struct Waiting<'u> {
    claim: Box<Claim<'u>>,
    faults: Vec<Fault>,
    delimiters: Delimiters,
    /// As [`Reader::zone`].
    zone: (u64, u64),
    /// Its first segment: offset and number.
    anchor: (u64, u64),
}

struct Reader<'u, 's, S: ?Sized> {
    unit: &'u Unit,
    sink: &'s mut S,
    summary: UnitSummary,
    /// What was read since the last envelope segment.
    tally: Tally,
    standing: Standing<'u>,
    builder: ClaimBuilder<'u>,
    state: State,
    /// Faults in the claim that is being read; they follow it to the sink.
    faults: Vec<Fault>,
    /// Claims that wait, the first `waits` of them.
    waiting: Vec<Waiting<'u>>,
    waits: usize,
    /// What was to be masked of the unit's segments, where any was asked for.
    masked: MaskedBefore,
    /// Where the separators in force were set: offset and segment number.
    zone: (u64, u64),
    /// Holds what is read against the implementation guide.
    walk: Walk,
    /// Separators with nothing behind them, where somebody asks.
    trailing: Option<Trailing>,
}

impl<'u, S: ClaimSink + ?Sized> Reader<'u, '_, S> {
    /// Takes a segment: what went before it may be ended by it, and may lack something.
    #[inline]
    fn segment(&mut self, segment: &Segment<'_, 'u>) {
        let id = segment.id();
        if is_padding(segment) {
            return;
        }
        self.walk.count(segment);
        let mut wording = Wording::NONE;
        if id == ids::ST {
            self.walk.pass_over();
        } else if segment.length() <= SEGMENT_LIMIT {
            wording = self.walk.segment(segment);
        }
        if self.walk.has_faults() {
            self.say(segment.offset(), segment.delimiters(), self.zone);
        }
        self.take_in(id, segment, wording);
        if let Some(trailing) = &mut self.trailing
            && trails_off(id, segment)
            && self.standing.is_walked()
            && segment.length() <= SEGMENT_LIMIT
            && (self.state != State::PassingOver || is_envelope(id))
        {
            trailing.keep(id, segment);
        }
        if self.walk.has_faults() {
            self.say(u64::MAX, segment.delimiters(), (segment.offset(), segment.number()));
        }
    }

    /// Reports what the guide has against what stands before `offset`. `anchor` is a segment not far from it.
    #[cold]
    fn say(&mut self, offset: u64, delimiters: Delimiters, anchor: (u64, u64)) {
        // What the checker of envelopes and levels judges is told once, under the code that rejects the envelope.
        let mut faults = self.walk.faults_before(offset);
        faults.retain(|fault| !checker::judges(fault));
        if self.state == State::Claim {
            self.faults.extend(faults);
            return;
        }
        let cutter = Excerpts::new(self.unit, delimiters, self.zone, anchor);
        for fault in faults {
            self.tell(fault, &cutter);
        }
    }

    #[inline]
    fn take_in(&mut self, id: Id, segment: &Segment<'_, 'u>, wording: Wording) {
        let kind = match id {
            ids::ISA => EnvelopeKind::Isa,
            ids::GS => EnvelopeKind::Gs,
            ids::ST => EnvelopeKind::St,
            ids::SE => EnvelopeKind::Se,
            ids::GE => EnvelopeKind::Ge,
            ids::IEA => EnvelopeKind::Iea,
            id => return self.content(id, segment, wording),
        };
        self.envelope(kind, segment);
    }

    #[inline]
    fn content(&mut self, id: Id, segment: &Segment<'_, 'u>, wording: Wording) {
        self.tally.segments += 1;
        if segment.length() > SEGMENT_LIMIT {
            return self.too_long(segment);
        }
        match id {
            ids::CLM => return self.claim(segment),
            ids::HL => return self.level(segment),
            ids::SV1 => self.tally.professional += 1,
            ids::SV2 => self.tally.institutional += 1,
            ids::SV3 => self.tally.dental += 1,
            _ => {}
        }
        let known = match self.state {
            State::Claim => self.builder.segment(id, segment, wording),
            State::Before => self.standing.segment(id, segment),
            State::PassingOver => false,
        };
        if !known && !segment.has_well_formed_id() {
            let length = segment.id_bytes().len().min(16) as u32;
            self.fault(segment, "segment-id", Span::new(segment.offset(), length), "not a segment id");
        }
    }

    #[inline(never)]
    fn claim(&mut self, segment: &Segment<'_, 'u>) {
        self.end_claim();
        self.tally.claims += 1;
        self.state = State::PassingOver;
        if self.standing.reading == Reading::Claims {
            self.builder.begin(segment, &self.standing);
            self.state = State::Claim;
        }
    }

    #[inline(never)]
    fn level(&mut self, segment: &Segment<'_, 'u>) {
        self.end_claim();
        self.standing.level(segment);
        let after = self.summary.envelope.len();
        self.summary.levels.push(Level::of(segment, after, self.tally));
        self.state = State::Before;
    }

    #[inline(never)]
    fn envelope(&mut self, kind: EnvelopeKind, segment: &Segment<'_, 'u>) {
        self.end_claim();
        self.state = State::PassingOver;
        let mut padded = true;
        match kind {
            EnvelopeKind::Isa => {
                self.zone = (segment.offset(), segment.number());
                let start = (segment.offset() - self.unit.offset) as usize;
                padded = self.unit.bytes.get(start..).and_then(interchange).is_some_and(|isa| isa.padded);
                self.standing.interchange(segment);
            }
            EnvelopeKind::Gs => self.standing.group(segment),
            EnvelopeKind::St => {
                self.standing.transaction(segment);
                self.state = State::Before;
                if self.standing.is_walked() {
                    self.walk.segment(segment);
                }
            }
            _ => {}
        }
        self.walk.count_from(segment);
        let before = std::mem::take(&mut self.tally);
        self.summary.envelope.push(EnvelopeEvent::of(kind, segment, padded, before));
    }

    /// A segment too long to read takes what depends on it along: the claim, or what stands before the next one.
    #[cold]
    fn too_long(&mut self, segment: &Segment<'_, 'u>) {
        let span = Span::new(segment.offset(), segment.id_bytes().len().min(3) as u32);
        self.fault(segment, "segment-too-long", span, "longer than 1 MiB");
        self.builder.broken = true;
        if self.state == State::Before {
            self.state = State::PassingOver;
        }
    }

    #[cold]
    fn fault(&mut self, segment: &Segment<'_, 'u>, name: &'static str, span: Span, label: &str) {
        let fault = Fault { spot: Some(self.walk.spot(segment)), ..Fault::new(name, span, label) };
        if self.state == State::Claim {
            self.faults.push(fault);
        } else {
            let cutter = Excerpts::new(
                self.unit,
                segment.delimiters(),
                self.zone,
                (segment.offset(), segment.number()),
            );
            self.tell(fault, &cutter);
        }
    }

    #[cold]
    fn say_trailing(&mut self, fault: Fault, delimiters: Delimiters, at: (u64, u64)) {
        if self.state == State::Claim {
            self.faults.push(fault);
        } else {
            self.tell(fault, &Excerpts::new(self.unit, delimiters, self.zone, at));
        }
    }

    fn end_claim(&mut self) {
        if let Some((fault, delimiters, at)) = self.trailing.as_mut().and_then(Trailing::take) {
            self.say_trailing(fault, delimiters, at);
        }
        if self.state != State::Claim {
            return;
        }
        self.state = State::PassingOver;
        self.builder.end();
        let span = self.builder.claim.span;
        if span.length as usize >= CLAIM_LIMIT {
            self.builder.broken = true;
            self.faults.push(Fault::new("claim-too-long", Span::new(span.offset, 3), "longer than 16 MiB"));
        }
        let (delimiters, anchor) = (self.builder.delimiters, (span.offset, self.builder.number));
        match self.builder.kind() {
            _ if self.builder.broken => {
                // What the guide has against a claim that is not whole depends on where it broke off.
                let own = |fault: &Fault| FAULTS.iter().any(|(name, _)| *name == fault.name);
                let cutter = Excerpts::new(self.unit, delimiters, self.zone, anchor);
                let faults = std::mem::take(&mut self.faults);
                for fault in faults.into_iter().filter(own) {
                    self.tell(fault, &cutter);
                }
            }
            Kind::Professional => {
                self.summary.claims += 1;
                self.summary.lines += self.builder.claim.lines.len() as u32;
                self.builder.claim.ordinal = self.summary.claims;
                self.let_wait(delimiters, anchor);
            }
            Kind::Institutional => self.summary.institutional += 1,
            Kind::Dental => self.summary.dental += 1,
        }
        // What is wrong in a claim that is passed over is somebody else's.
        self.faults.clear();
    }

    /// Puts the claim that is read aside, until there are enough to hand over.
    fn let_wait(&mut self, delimiters: Delimiters, anchor: (u64, u64)) {
        if self.waits == self.waiting.len() {
            let (claim, faults, zone) = (Box::default(), Vec::new(), self.zone);
            self.waiting.push(Waiting { claim, faults, delimiters, zone, anchor });
        }
        let Some(place) = self.waiting.get_mut(self.waits) else { return };
        std::mem::swap(&mut place.claim, &mut self.builder.claim);
        std::mem::swap(&mut place.faults, &mut self.faults);
        (place.delimiters, place.zone, place.anchor) = (delimiters, self.zone, anchor);
        self.waits += 1;
        if self.waits == TOGETHER {
            self.hand_over();
        }
    }

    /// Hands over the claims that wait.
    fn hand_over(&mut self) {
        let waiting = &mut self.waiting[..std::mem::take(&mut self.waits)];
        if waiting.is_empty() {
            return;
        }
        let cutter = |one: &Waiting<'u>| {
            Excerpts::new(self.unit, one.delimiters, one.zone, one.anchor).remembering(&self.masked)
        };
        let cutters: Vec<Excerpts<'_>> = waiting.iter().map(cutter).collect();
        let mut claims: Vec<Read<'_, 'u>> = waiting
            .iter_mut()
            .zip(&cutters)
            .map(|(one, cutter)| Read { claim: &one.claim, faults: &mut one.faults, cutter })
            .collect();
        self.sink.claims(&mut claims);
        waiting.iter_mut().for_each(|one| one.faults.clear());
    }

    /// Tells of something malformed outside of claims, after the claims before it.
    #[cold]
    fn tell(&mut self, fault: Fault, cutter: &Excerpts<'_>) {
        self.hand_over();
        self.sink.fault(0, fault, cutter);
    }
}
