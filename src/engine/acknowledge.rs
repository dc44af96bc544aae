//! What a receiver acknowledges: the interchanges of a file, and where in its transaction set a fault stands.

use crate::finding::{Acknowledgement, CodeElement, Group, Interchange, Spot, TransactionSet};
use crate::x12::{EnvelopeEvent, EnvelopeKind};

use super::draft::Draft;

/// The envelopes of one file, as its units come by.
#[derive(Debug, Default)]
pub(super) struct Envelopes {
    /// In file order.
    pub(super) interchanges: Vec<Interchange>,
    /// Segments of the open transaction set that stood in earlier units, ST counted. `None` outside of one.
    before: Option<u64>,
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
            let before = match last {
                Some(event) => (event.kind == EnvelopeKind::St).then_some(1),
                None => self.before,
            };
            let named = draft.finding.acknowledgement.as_mut();
            if let Some(before) = before {
                spot.position += before;
                named.into_iter().for_each(|named| name_component(named, spot));
            } else {
                named.into_iter().for_each(|named| name_outside(named, spot));
                draft.finding.spot = None;
            }
        }
        for event in events {
            match event.kind {
                EnvelopeKind::St => self.before = Some(1),
                EnvelopeKind::UnitEnd => {
                    self.before = self.before.map(|before| before + event.before.segments);
                }
                _ => self.before = None,
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

/// One component too many has a code of its own (005010X231A1, IK403).
fn name_component(named: &mut Acknowledgement, spot: &Spot) {
    if named.element == CodeElement::Ik403 && named.code == "3" && spot.component > 0 {
        named.code = "12".to_owned();
    }
}

/// What no transaction set holds rejects its group: a GS that is not as it should be is not supported (AK905 1);
/// segments of claims outside of ST and SE show that the sets are not those that were sent (AK905 5).
fn name_outside(named: &mut Acknowledgement, spot: &Spot) {
    if matches!(named.element, CodeElement::Ik304 | CodeElement::Ik403) {
        let code = if spot.segment == "GS" { "1" } else { "5" };
        *named = Acknowledgement { element: CodeElement::Ak905, code: code.to_owned() };
    }
}

/// An envelope element that may be written into another envelope: printable ASCII of at most 35 characters.
fn text(bytes: &[u8]) -> String {
    let printable = bytes.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ');
    printable.take(35).map(|byte| char::from(*byte)).collect()
}
