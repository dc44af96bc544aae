//! What a receiver acknowledges: the interchanges of a file, and where in its transaction set a fault stands.

use crate::finding::{Acknowledgement, CodeElement, Group, Interchange, Spot, TransactionSet};
use crate::x12::{EnvelopeEvent, EnvelopeKind};

use super::draft::Draft;

/// The envelopes of one file, as its units come by.
#[derive(Debug, Default)]
pub(super) struct Envelopes {
    /// In file order.
    pub(super) interchanges: Vec<Interchange>,
    /// Segments of the open transaction set that stood in earlier units, ST counted.
    before: u64,
}

impl Envelopes {
    /// Takes what a unit's envelope segments say, and gives its drafts their places in their transaction sets.
    pub(super) fn take(&mut self, file: u32, events: &[EnvelopeEvent], drafts: &mut [Draft]) {
        for draft in drafts {
            let place = draft.finding.place.span;
            let Some(spot) = draft.finding.spot.as_deref_mut() else { continue };
            // What is missing before an envelope segment belongs to what that segment ends.
            let is_missing = place.length == 0 && spot.element == 0;
            let stands_before = |event: &&EnvelopeEvent| {
                event.offset < place.offset || event.offset == place.offset && !is_missing
            };
            let last = events.iter().filter(|event| event.kind != EnvelopeKind::UnitEnd).rfind(stands_before);
            spot.position += match last {
                Some(event) => u64::from(event.kind == EnvelopeKind::St),
                None => self.before,
            };
            if let Some(named) = &mut draft.finding.acknowledgement {
                name_by_place(named, spot);
            }
        }
        for event in events {
            match event.kind {
                EnvelopeKind::St => self.before = 1,
                EnvelopeKind::UnitEnd => self.before += event.before.segments,
                _ => self.before = 0,
            }
            self.enter(file, event);
        }
    }

    fn enter(&mut self, file: u32, event: &EnvelopeEvent) {
        let element = |index: usize| text(event.element(index).0);
        match event.kind {
            EnvelopeKind::Isa => self.interchanges.push(Interchange {
                file,
                offset: event.offset,
                sender: (element(5), element(6)),
                receiver: (element(7), element(8)),
                date: element(9),
                time: element(10),
                control: element(13),
                wants_ta1: event.element(14).0 == b"1",
                usage: element(15),
                groups: Vec::new(),
            }),
            EnvelopeKind::Gs => {
                if let Some(interchange) = self.interchanges.last_mut() {
                    interchange.groups.push(Group {
                        offset: event.offset,
                        functional_id: element(1),
                        sender: element(2),
                        receiver: element(3),
                        control: element(6),
                        guide: element(8),
                        stated_sets: String::new(),
                        sets: Vec::new(),
                    });
                }
            }
            EnvelopeKind::St => {
                if let Some(group) = self.group() {
                    group.sets.push(TransactionSet {
                        offset: event.offset,
                        id: element(1),
                        control: element(2),
                        guide: element(3),
                    });
                }
            }
            EnvelopeKind::Ge => {
                if let Some(group) = self.group() {
                    group.stated_sets = element(1);
                }
            }
            EnvelopeKind::Se | EnvelopeKind::Iea | EnvelopeKind::UnitEnd => {}
        }
    }

    fn group(&mut self) -> Option<&mut Group> {
        self.interchanges.last_mut()?.groups.last_mut()
    }
}

/// What a rule cannot know of its fault before the place is: an element of GS stands in no transaction set, and one
/// component too many has a code of its own (005010X231A1, AK905 and IK403).
fn name_by_place(named: &mut Acknowledgement, spot: &Spot) {
    match (named.element, &*named.code, &*spot.segment) {
        (CodeElement::Ik403, _, "GS") => {
            *named = Acknowledgement { element: CodeElement::Ak905, code: "1".to_owned() };
        }
        (CodeElement::Ik403, "3", _) if spot.component > 0 => named.code = "12".to_owned(),
        _ => {}
    }
}

/// An envelope element that may be written into another envelope: printable ASCII of at most 35 characters.
fn text(bytes: &[u8]) -> String {
    let printable = bytes.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ');
    printable.take(35).map(|byte| char::from(*byte)).collect()
}
