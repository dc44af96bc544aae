use super::excerpt::Excerpts;
use crate::claim::{Span, is_control_number};
use crate::finding::{Fix, Spot};
use crate::input::{Cutter, Fault};
use crate::source::{Delimiters, Unit};
use crate::x12::{EnvelopeEvent, Lexer};

/// Takes a fault with what cuts its excerpt.
pub(super) type Emit<'e> = &'e mut dyn FnMut(Fault, &dyn Cutter);

/// A segment kept past its unit, so that a fault in it can be told when the whole file is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept<'k> {
    pub(super) text: &'k [u8],
    /// Where it stands in the file, in bytes.
    pub(super) offset: u64,
    /// Number of the segment in the file.
    pub(super) number: u64,
    pub(super) delimiters: Delimiters,
}

impl<'k> From<&'k EnvelopeEvent> for Kept<'k> {
    fn from(event: &'k EnvelopeEvent) -> Kept<'k> {
        Kept { text: &event.text, offset: event.offset, number: event.number, delimiters: event.delimiters }
    }
}

impl Kept<'_> {
    /// Reports a fault at element `index`, at the segment's id for 0.
    pub(super) fn fault(
        self,
        index: usize,
        name: &'static str,
        values: Vec<(&'static str, String)>,
        label: &str,
        emit: Emit<'_>,
    ) {
        self.fault_at(index, name, values, label, None, emit);
    }

    /// The same, of a fault that a 999 places at `spot`, counted from ST.
    pub(super) fn fault_at(
        self,
        index: usize,
        name: &'static str,
        values: Vec<(&'static str, String)>,
        label: &str,
        spot: Option<Spot>,
        emit: Emit<'_>,
    ) {
        let fault = Fault { values, spot: spot.map(Box::new), ..Fault::new(name, self.span(index), label) };
        self.emit(fault, emit);
    }

    /// The same, of a fault of element `index` that may be mended.
    pub(super) fn fault_with(
        self,
        index: usize,
        name: &'static str,
        values: Vec<(&'static str, String)>,
        label: &str,
        fix: Option<Fix>,
        emit: Emit<'_>,
    ) {
        let fault = Fault { values, fix: fix.map(Box::new), ..Fault::new(name, self.span(index), label) };
        self.emit(fault, emit);
    }

    /// Where element `index` stands, without the blanks around it; of no length where there is none.
    pub(super) fn span(&self, index: usize) -> Span {
        let mut lexer = Lexer::new(self.text, self.offset, self.number, Some(self.delimiters));
        lexer.next_segment().map_or(Span::new(self.offset, 0), |segment| {
            let field = segment.element(index);
            let blanks = field.bytes.len() - field.bytes.trim_ascii_start().len();
            Span::new(field.offset + blanks as u64, field.bytes.trim_ascii().len() as u32)
        })
    }

    fn emit(self, fault: Fault, emit: Emit<'_>) {
        let text = self.text.to_vec();
        let unit = Unit::x12(0, 0, self.offset, self.number, Some(self.delimiters), Vec::new(), text);
        let start = (self.offset, self.number);
        let cutter = Excerpts::new(&unit, self.delimiters, start, start);
        emit(fault, &cutter);
    }
}

/// What stands for a value that has not the form of its place.
const UNSHOWN: &str = "•••";

/// A control number, count or code as a message may show it: at most fifteen printable characters, and no word, which may be
/// somebody's name.
pub(super) fn shown(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing".to_owned();
    }
    // Names of guides are longer than numbers: 005010X222A1.
    let is_guide =
        bytes.starts_with(b"00") && bytes.len() <= 12 && bytes.iter().all(u8::is_ascii_alphanumeric);
    if !is_guide && !is_control_number(bytes) {
        return UNSHOWN.to_owned();
    }
    bytes.iter().take(15).map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '?' }).collect()
}
