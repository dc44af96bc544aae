use memchr::{memchr_iter, memmem};

use super::lexer::first_of_piece;
use super::{Id, Lexer, SEGMENT_LIMIT, is_blank};
use crate::source::{Delimiters, Piece};

/// What is in force at a place in a file: the segments that a unit cut there must take along.
#[derive(Debug, Default)]
pub(super) struct Standing {
    isa: Option<Piece>,
    gs: Option<Piece>,
    /// ST with everything up to the first HL (or CLM, in files without HL).
    st: Option<Piece>,
    billing: Option<Piece>,
    subscriber: Option<Piece>,
    patient: Option<Piece>,
}

/// Looks for the segments that change what is in force. Built once for each set of separators.
#[derive(Debug)]
pub(super) struct Landmarks {
    delimiters: Delimiters,
    gs: memmem::Finder<'static>,
    st: memmem::Finder<'static>,
    hl: memmem::Finder<'static>,
}

impl Landmarks {
    pub(super) fn new(delimiters: Delimiters) -> Landmarks {
        let finder = |id: &[u8; 2]| memmem::Finder::new(&[id[0], id[1], delimiters.element]).into_owned();
        Landmarks { delimiters, gs: finder(b"GS"), st: finder(b"ST"), hl: finder(b"HL") }
    }

    pub(super) fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    fn last(&self, finder: &memmem::Finder<'_>, bytes: &[u8]) -> Option<usize> {
        finder.find_iter(bytes).filter(|&at| starts_segment(bytes, at, self.delimiters)).last()
    }
}

/// Whether nothing but blanks stand between `at` and the terminator (or the start) before it.
pub(super) fn starts_segment(bytes: &[u8], at: usize, delimiters: Delimiters) -> bool {
    let mut before = bytes.get(..at).unwrap_or_default();
    loop {
        match *before {
            [] => return true,
            [.., last] if last == delimiters.terminator => return true,
            [.., last] if is_blank(last, delimiters) => before = &before[..before.len() - 1],
            [.., 0xef, 0xbb, 0xbf] => before = &before[..before.len() - 3],
            _ => return false,
        }
    }
}

impl Standing {
    /// Copies what is in force, in file order.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        [&self.isa, &self.gs, &self.st, &self.billing, &self.subscriber, &self.patient]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    /// Reads past a unit of one interchange at most.
    pub(super) fn pass(&mut self, bytes: &[u8], offset: u64, number: u64, landmarks: &Landmarks) {
        let delimiters = landmarks.delimiters;
        let piece = |at: usize, upto: fn(Id) -> bool| piece(bytes, at, offset, number, delimiters, upto);
        let first = first_of_piece(bytes, 0, Some(delimiters));
        if bytes.get(first..).and_then(super::interchange).is_some() {
            *self = Standing { isa: Some(piece(first, |_| true)), ..Standing::default() };
        }
        let gs = landmarks.last(&landmarks.gs, bytes);
        if let Some(at) = gs {
            let isa = self.isa.take();
            *self = Standing { isa, gs: Some(piece(at, |_| true)), ..Standing::default() };
        }
        let st = landmarks.last(&landmarks.st, bytes).filter(|at| gs.is_none_or(|gs| gs < *at));
        if let Some(at) = st {
            let (isa, gs) = (self.isa.take(), self.gs.take());
            *self = Standing { isa, gs, st: Some(piece(at, ends_header)), ..Standing::default() };
        }
        let from = st.max(gs).unwrap_or(0);
        let (mut billing, mut subscriber, mut patient) = (None, None, None);
        for at in landmarks.hl.find_iter(&bytes[from..]).map(|at| at + from) {
            if !starts_segment(bytes, at, delimiters) {
                continue;
            }
            match level(&bytes[at..], delimiters) {
                b"20" => (billing, subscriber, patient) = (Some(at), None, None),
                b"23" => patient = Some(at),
                // 22; an unreadable level ends what was known of a subscriber too.
                _ => (subscriber, patient) = (Some(at), None),
            }
        }
        if let Some(at) = billing {
            self.billing = Some(piece(at, ends_loop));
            (self.subscriber, self.patient) = (None, None);
        }
        if let Some(at) = subscriber {
            self.subscriber = Some(piece(at, ends_loop));
            self.patient = None;
        }
        if let Some(at) = patient {
            self.patient = Some(piece(at, ends_loop));
        }
    }
}

/// HL03 of the HL segment that `bytes` begin with.
fn level(bytes: &[u8], delimiters: Delimiters) -> &[u8] {
    let reach = &bytes[..bytes.len().min(64)];
    let segment = reach.split(|&byte| byte == delimiters.terminator).next().unwrap_or_default();
    segment.split(|&byte| byte == delimiters.element).nth(3).unwrap_or_default().trim_ascii()
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

/// The segments from the one at `at` up to the next that `upto` names, or to one that is too long to read.
fn piece(
    bytes: &[u8],
    at: usize,
    offset: u64,
    number: u64,
    delimiters: Delimiters,
    upto: fn(Id) -> bool,
) -> Piece {
    let number = number + memchr_iter(delimiters.terminator, &bytes[..at]).count() as u64;
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
