use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::claim::{Cents, MinutesSource, Note, ServiceLine, Stated, Text, Units, parse_ccyymmdd};
use crate::guide::Wording;
use crate::input::{minutes_in, speaks_of_minutes};
use crate::x12::{Field, Segment};

/// What SV1 segments said that came back in the same letters: a file bills the same few services.
#[derive(Debug, Default)]
pub(super) struct Services<'a> {
    /// One more than the place in `known` of what is known of a wording, by the number of that.
    slots: Vec<u16>,
    known: Vec<Service<'a>>,
}

/// What an SV1 said.
#[derive(Debug)]
struct Service<'a> {
    wording: Wording,
    /// Where it stood.
    offset: u64,
    /// A line of which nothing else is known.
    line: ServiceLine<'a>,
}

/// Slots for wordings; those whose numbers come to the same one take turns.
const SLOTS: usize = 512;

impl<'a> Services<'a> {
    /// SV1, of which `wording` is the number if the same segment stood before.
    #[inline]
    pub(super) fn state(&mut self, line: &mut ServiceLine<'a>, sv1: &Segment<'_, 'a>, wording: Wording) {
        let slot = wording.number() as usize % SLOTS;
        let place = self.slots.get(slot).map(|place| usize::from(*place).wrapping_sub(1));
        match place.and_then(|place| self.known.get(place)) {
            Some(known) if known.wording == wording && wording != Wording::NONE => {
                state_again(line, &known.line, sv1.offset().wrapping_sub(known.offset));
                if cfg!(debug_assertions) {
                    let mut anew = *line;
                    service(&mut anew, sv1);
                    assert_eq!(
                        format!("{anew:?}"),
                        format!("{line:?}"),
                        "another service than was remembered"
                    );
                }
            }
            _ => {
                service(line, sv1);
                if wording != Wording::NONE {
                    self.remember(slot, line, sv1.offset(), wording);
                }
            }
        }
    }

    /// Keeps what an SV1 said of a line, in place of what was kept of another that came to the same slot.
    fn remember(&mut self, slot: usize, line: &ServiceLine<'a>, offset: u64, wording: Wording) {
        self.slots.resize(SLOTS, 0);
        let Some(place) = self.slots.get_mut(slot) else { return };
        if *place == 0 {
            self.known.push(Service { wording, offset, line: ServiceLine::default() });
            *place = self.known.len() as u16;
        }
        let Some(known) = self.known.get_mut(usize::from(*place) - 1) else { return };
        (known.wording, known.offset) = (wording, offset);
        state_again(&mut known.line, line, 0);
    }
}

/// The service of `known`, that stood `by` bytes before.
#[inline]
fn state_again<'a>(line: &mut ServiceLine<'a>, known: &ServiceLine<'a>, by: u64) {
    let text = |text: Text<'a>| text.moved(by);
    line.wording = known.wording;
    line.procedure_qualifier = text(known.procedure_qualifier);
    line.procedure_code = text(known.procedure_code);
    let [first, second, third, fourth] = known.modifiers;
    line.modifiers = [text(first), text(second), text(third), text(fourth)];
    line.charge = known.charge.moved(by);
    line.unit_basis = text(known.unit_basis);
    line.units = known.units.moved(by);
    line.place_of_service = text(known.place_of_service);
    let [first, second, third, fourth] = known.pointers;
    line.pointers = [first.moved(by), second.moved(by), third.moved(by), fourth.moved(by)];
    line.emergency = text(known.emergency);
}

/// SV1.
fn service<'a>(line: &mut ServiceLine<'a>, sv1: &Segment<'_, 'a>) {
    line.wording = wording(sv1);
    let mut procedure = sv1.components(1);
    line.procedure_qualifier = procedure.take_next().into();
    line.procedure_code = procedure.take_next().into();
    line.modifiers = std::array::from_fn(|_| procedure.take_next().into());
    line.charge = Stated::read(sv1.element(2).into(), Cents::parse);
    line.unit_basis = sv1.element(3).into();
    line.units = Stated::read(sv1.element(4).into(), Units::parse);
    line.place_of_service = sv1.element(5).into();
    let mut pointers = sv1.components(7);
    line.pointers = std::array::from_fn(|_| Stated::read(pointers.take_next().into(), pointer));
    line.emergency = sv1.element(9).into();
}

fn wording(sv1: &Segment<'_, '_>) -> u64 {
    xxh3_64_with_seed(sv1.raw(), sv1.marks().into()).max(1)
}

fn pointer(bytes: &[u8]) -> Option<u8> {
    match *bytes {
        [ones @ b'0'..=b'9'] => Some(ones - b'0'),
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some((tens - b'0') * 10 + ones - b'0'),
        _ => None,
    }
}

/// DTP*472: one day, or the first and the last of a range.
pub(super) fn service_dates<'a>(line: &mut ServiceLine<'a>, stated: Field<'a>, is_range: bool) {
    if !is_range {
        line.service_date = Stated::read(stated.into(), parse_ccyymmdd);
        return;
    }
    let mut ends = stated.components(b'-');
    line.service_date = Stated::read(ends.take_next().into(), parse_ccyymmdd);
    line.service_date_end = Stated::read(ends.take_next().into(), parse_ccyymmdd);
}

/// The first day of an RD8 range.
pub(super) fn first_of_range(stated: Field<'_>) -> Text<'_> {
    stated.components(b'-').take_next().into()
}

/// What a note says of minutes.
#[derive(Clone, Copy, Debug)]
enum Length {
    /// Nothing.
    None,
    /// Something, but not plainly how many.
    Unclear,
    /// So many; where the digits start, and how many there are.
    Minutes(usize, usize, u16),
}

impl Length {
    fn read(note: &[u8]) -> Length {
        match minutes_in(note) {
            Some((start, length, minutes)) => Length::Minutes(start, length, minutes),
            None if speaks_of_minutes(note) => Length::Unclear,
            None => Length::None,
        }
    }
}

/// Notes read last: a file repeats the same few.
#[derive(Debug)]
pub(super) struct NoteMemo<'a>([Option<(&'a [u8], Length)>; 64]);

impl Default for NoteMemo<'_> {
    fn default() -> Self {
        NoteMemo([None; 64])
    }
}

impl<'a> NoteMemo<'a> {
    fn of(&mut self, note: &'a [u8]) -> Length {
        let [first, second] = note.first_chunk().copied().unwrap_or_default();
        let [.., last] = note else { return Length::None };
        let mixed = usize::from(first) * 31 + usize::from(second) * 7 + usize::from(*last) + note.len();
        let slot = &mut self.0[mixed % 64];
        match slot {
            Some((known, length)) if *known == note => *length,
            _ => slot.insert((note, Length::read(note))).1,
        }
    }
}

/// Minutes from the words of the line's notes, unless two notes disagree or one cannot be read plainly.
pub(super) fn minutes<'a>(line: &mut ServiceLine<'a>, notes: &[Note<'a>], memo: &mut NoteMemo<'a>) {
    for note in notes {
        let known = line.minutes.value;
        match memo.of(note.text.bytes()) {
            Length::None => {}
            Length::Minutes(.., minutes) if known == Some(minutes) => {}
            Length::Minutes(start, length, minutes) if known.is_none() => {
                let digits = &note.text.bytes()[start..start + length];
                let text = Text::new(digits, note.text.span().offset + start as u64);
                line.minutes = Stated { text, value: Some(minutes) };
                line.minutes_source = MinutesSource::Note;
            }
            Length::Unclear | Length::Minutes(..) => {
                line.minutes = Stated::default();
                line.minutes_source = MinutesSource::Unknown;
                return;
            }
        }
    }
}
