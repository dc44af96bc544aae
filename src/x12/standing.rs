use super::lexer::first_of_piece;
use super::survey::{Mark, Survey, begins_interchange};
use super::{Id, Lexer, SEGMENT_LIMIT};
use crate::source::{Delimiters, Piece};

/// What is in force at a place in a file: the segments that a unit cut there must take along.
#[derive(Debug, Default)]
pub(super) struct Standing {
    isa: Option<Piece>,
    gs: Option<Piece>,
    /// ST with everything up to the first HL (or CLM, in files without HL).
    st: Option<Piece>,
    /// SE, where no ST follows: whoever holds what stands behind it against the guide knows that something has ended.
    se: Option<Piece>,
    billing: Option<Piece>,
    subscriber: Option<Piece>,
    patient: Option<Piece>,
}

impl Standing {
    /// Copies what is in force, in file order.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let Standing { isa, gs, st, se, billing, subscriber, patient } = self;
        let known = [isa, gs, st, se, billing, subscriber, patient];
        let mut pieces: Vec<Piece> = known.into_iter().flatten().cloned().collect();
        pieces.sort_by_key(|piece| piece.offset);
        pieces
    }

    /// Reads past a unit of one interchange at most, of which `survey` tells. The unit's first segment is number `number`.
    pub(super) fn pass(
        &mut self,
        bytes: &[u8],
        survey: &Survey,
        offset: u64,
        number: u64,
        delimiters: Delimiters,
    ) {
        let piece = |mark: Mark, upto: fn(Id) -> bool| piece(bytes, mark, offset, number, delimiters, upto);
        let first = first_of_piece(bytes, 0, Some(delimiters));
        if begins_interchange(bytes, first) {
            let isa = piece(Mark { at: first, terminators: 0 }, |_| true);
            *self = Standing { isa: Some(isa), ..Standing::default() };
        }
        if let Some(gs) = survey.gs {
            let isa = self.isa.take();
            *self = Standing { isa, gs: Some(piece(gs, |_| true)), ..Standing::default() };
        }
        if let Some(st) = survey.st {
            let (isa, gs) = (self.isa.take(), self.gs.take());
            *self = Standing { isa, gs, st: Some(piece(st, ends_header)), ..Standing::default() };
        }
        if let Some(se) = survey.se {
            self.se = Some(piece(se, |_| true));
        }
        if let Some(billing) = survey.billing {
            self.billing = Some(piece(billing, ends_loop));
            (self.subscriber, self.patient) = (None, None);
        }
        if let Some(subscriber) = survey.subscriber {
            self.subscriber = Some(piece(subscriber, ends_loop));
            self.patient = None;
        }
        if let Some(patient) = survey.patient {
            self.patient = Some(piece(patient, ends_loop));
        }
    }
}

fn ends_header(id: Id) -> bool {
    const ST: Id = Id::new(b"ST");
    id == ST || ends_loop(id)
}

/// Whether a segment ends the loop that an HL opened, as far as its context is concerned.
fn ends_loop(id: Id) -> bool {
    const HL: Id = Id::new(b"HL");
    const CLM: Id = Id::new(b"CLM");
    const ST: Id = Id::new(b"ST");
    const SE: Id = Id::new(b"SE");
    const GS: Id = Id::new(b"GS");
    const GE: Id = Id::new(b"GE");
    const IEA: Id = Id::new(b"IEA");
    [HL, CLM, ST, SE, GS, GE, IEA].contains(&id)
}

/// The segments from the one marked up to the next that `upto` names, or to one that is too long to read.
fn piece(
    bytes: &[u8],
    Mark { at, terminators }: Mark,
    offset: u64,
    number: u64,
    delimiters: Delimiters,
    upto: fn(Id) -> bool,
) -> Piece {
    let number = number + terminators;
    let mut lexer = Lexer::new(&bytes[at..], 0, number, Some(delimiters));
    let mut end = lexer.next_segment().map_or(0, |first| first.end() as usize);
    while let Some(segment) = lexer.next_segment() {
        if upto(segment.id()) || segment.length() > SEGMENT_LIMIT {
            break;
        }
        end = segment.end() as usize;
    }
    // Its terminator goes along, with blanks before it if there are any.
    let rest = &bytes[at + end..];
    let blanks = rest.iter().position(|byte| *byte == delimiters.terminator).map_or(0, |blanks| blanks + 1);
    Piece { offset: offset + at as u64, number, bytes: bytes[at..at + end + blanks].to_vec() }
}
