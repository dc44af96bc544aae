//! The levels of a transaction (HL segments): their numbers, whom they stand under, what follows them.
//!
//! The reader keeps a few facts of each HL; they are judged in the order of the file, once the units are, so nothing
//! depends on where a file was cut. What is held is the last level and the two that others can stand in.

use super::kept::{Emit, Kept, shown};
use crate::finding::Spot;
use crate::source::Delimiters;
use crate::x12::{Segment, Tally};

/// Most claims under one level (005010X222A1, loop 2300).
const MOST_CLAIMS: u64 = 100;

/// The data elements of an HL in the dictionary, by their places; 0 for the segment itself.
const DATA_ELEMENTS: [u16; 5] = [0, 628, 734, 735, 736];

/// Bytes kept of an HL segment: with numbers of nine digits it has 27.
const KEPT: usize = 40;

/// One HL segment, as far as its place in the hierarchy goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Level {
    text: [u8; KEPT],
    length: u8,
    offset: u64,
    number: u64,
    delimiters: Delimiters,
    /// HL01.
    own: Option<u32>,
    parent: Parent,
    loop_of: Loop,
    /// HL04: whether it says that levels below follow.
    says_child: Option<bool>,
    /// Envelope segments of its unit that stand before it.
    pub(super) after: usize,
    /// Claims of its unit since the last of those.
    pub(super) claims_before: u64,
    /// Segments of its unit since the last of those, its own counted.
    segments: u64,
}

/// HL02.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Parent {
    Absent,
    Number(u32),
    Unreadable,
}

/// HL03.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Loop {
    Billing,
    Subscriber,
    Patient,
    Unknown,
}

impl Loop {
    const fn id(self) -> &'static str {
        match self {
            Loop::Billing => "2000A",
            Loop::Subscriber => "2000B",
            Loop::Patient => "2000C",
            Loop::Unknown => "",
        }
    }
}

impl Level {
    /// Keeps an HL. `after` envelope segments of its unit stand before it, `since` was read since the last, it counted.
    pub(super) fn of(hl: &Segment<'_, '_>, after: usize, since: Tally) -> Level {
        let raw = hl.raw();
        let length = raw.len().min(KEPT);
        let mut text = [0; KEPT];
        text[..length].copy_from_slice(&raw[..length]);
        let element = |index| hl.element(index).bytes.trim_ascii();
        let parent = match element(2) {
            b"" => Parent::Absent,
            stated => number(stated).map_or(Parent::Unreadable, Parent::Number),
        };
        Level {
            text,
            length: length as u8,
            offset: hl.offset(),
            number: hl.number(),
            delimiters: hl.delimiters(),
            own: number(element(1)),
            parent,
            loop_of: match element(3) {
                b"20" => Loop::Billing,
                b"22" => Loop::Subscriber,
                b"23" => Loop::Patient,
                _ => Loop::Unknown,
            },
            says_child: match element(4) {
                b"0" => Some(false),
                b"1" => Some(true),
                _ => None,
            },
            after,
            claims_before: since.claims,
            segments: since.segments,
        }
    }

    fn kept(&self) -> Kept<'_> {
        Kept {
            text: &self.text[..usize::from(self.length)],
            offset: self.offset,
            number: self.number,
            delimiters: self.delimiters,
        }
    }

    /// Reports a fault of element `index`. `before` segments of its transaction stood in earlier units, ST counted.
    fn fault(
        &self,
        index: u8,
        name: &'static str,
        values: Vec<(&'static str, String)>,
        label: &str,
        before: u64,
        emit: Emit<'_>,
    ) {
        let spot = Spot {
            segment: "HL".to_owned(),
            position: before + self.segments,
            loop_id: self.loop_of.id().to_owned(),
            element: index,
            data_element: DATA_ELEMENTS.get(usize::from(index)).copied().unwrap_or(0),
            ..Spot::default()
        };
        self.kept().fault_at(usize::from(index), name, values, label, Some(spot), emit);
    }

    /// Element `index` as a message may show it.
    fn stated(&self, index: usize) -> String {
        shown(self.element(index))
    }

    fn is_empty(&self, index: usize) -> bool {
        self.element(index).is_empty()
    }

    fn element(&self, index: usize) -> &[u8] {
        let mut elements = self.kept().text.split(|byte| *byte == self.delimiters.element);
        elements.nth(index).unwrap_or_default().trim_ascii()
    }
}

/// A number as HL01 and HL02 have it: digits, with or without leading zeros.
fn number(bytes: &[u8]) -> Option<u32> {
    let digits = (1..=9).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit);
    digits.then(|| bytes.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

/// A level that others can stand in.
#[derive(Clone, Copy, Debug, Default)]
enum InForce {
    /// There is none, which the guide's own order of loops has to say.
    #[default]
    Absent,
    /// An HL whose level nobody can read may have been one.
    Unclear,
    /// Its number as stated, and the one it should bear: who counted right below a slip made no mistake of his own.
    Numbered { stated: Option<u32>, due: u32 },
}

/// Judges the levels of one transaction as they come by.
#[derive(Debug, Default)]
pub(super) struct Hierarchy {
    /// The last level; what follows it is not known yet. With it, how many segments of the transaction stood in
    /// earlier units.
    open: Option<(Level, u64)>,
    /// Claims under it.
    claims: u64,
    /// Its number as stated and as it should be. The next counts on from either, so that one slip is one fault.
    last: (u32, u32),
    billing: InForce,
    subscriber: InForce,
}

impl Hierarchy {
    /// Counts claims under the last level.
    pub(super) fn claims(&mut self, claims: u64) {
        self.claims += claims;
    }

    /// Takes the next level. `before` segments of the transaction stood in earlier units, ST counted.
    pub(super) fn level(&mut self, level: &Level, before: u64, emit: Emit<'_>) {
        self.close(Some(level.loop_of), emit);
        let due = self.last.0.saturating_add(1);
        let counts_on = level.own == Some(due) || level.own == Some(self.last.1.saturating_add(1));
        // What is left out is for the guide to say.
        if !counts_on && !level.is_empty(1) {
            let values = vec![("stated", level.stated(1)), ("expected", due.to_string())];
            level.fault(1, "hl01-sequence", values, &format!("{due} comes next"), before, emit);
        }
        let stated = level.own.unwrap_or(due);
        self.last = (stated, if counts_on { stated } else { due });
        let own = InForce::Numbered { stated: level.own, due };
        match level.loop_of {
            Loop::Billing => {
                (self.billing, self.subscriber) = (own, InForce::Absent);
            }
            Loop::Subscriber => {
                stands_in(level, self.billing, "its billing provider", before, emit);
                self.subscriber = own;
            }
            Loop::Patient => stands_in(level, self.subscriber, "its subscriber", before, emit),
            Loop::Unknown => {
                if !level.is_empty(3) {
                    let values = vec![("stated", level.stated(3))];
                    level.fault(3, "hl03-level", values, "not 20, 22 or 23", before, emit);
                }
                self.subscriber = InForce::Unclear;
                if matches!(self.billing, InForce::Absent) {
                    self.billing = InForce::Unclear;
                }
            }
        }
        self.open = Some((level.clone(), before));
    }

    /// Takes the end of the transaction.
    pub(super) fn end(mut self, emit: Emit<'_>) {
        self.close(None, emit);
    }

    /// Judges the last level by what follows it.
    fn close(&mut self, next: Option<Loop>, emit: Emit<'_>) {
        let claims = std::mem::take(&mut self.claims);
        let Some((level, before)) = self.open.take() else { return };
        let follows = matches!(
            (level.loop_of, next),
            (Loop::Billing, Some(Loop::Subscriber)) | (Loop::Subscriber, Some(Loop::Patient))
        );
        let label = match (level.loop_of, level.says_child, follows) {
            (_, Some(false), true) => Some("but a level below follows"),
            // A billing provider without subscribers is a loop that is missing, whatever HL04 says.
            (Loop::Subscriber | Loop::Patient, Some(true), false) if next != Some(Loop::Unknown) => {
                Some("but no level below follows")
            }
            _ => None,
        };
        if let Some(label) = label {
            let found = label.trim_start_matches("but ").to_owned();
            let values = vec![("stated", level.stated(4)), ("found", found)];
            level.fault(4, "hl04-child", values, label, before, emit);
        }
        if claims > MOST_CLAIMS {
            let values = vec![("counted", claims.to_string())];
            level.kept().fault(0, "hl-claims", values, &format!("{claims} claims stand under it"), emit);
        }
    }
}

/// Compares HL02 with the number of the level around.
fn stands_in(level: &Level, around: InForce, whose: &str, before: u64, emit: Emit<'_>) {
    let InForce::Numbered { stated, due } = around else { return };
    let named = match level.parent {
        Parent::Number(number) => Some(number),
        Parent::Absent => return,
        Parent::Unreadable => None,
    };
    if named.is_some() && (named == stated || named == Some(due)) {
        return;
    }
    let expected = stated.unwrap_or(due);
    let values = vec![("stated", level.stated(2)), ("expected", expected.to_string())];
    level.fault(2, "hl02-parent", values, &format!("{whose} is HL {expected}"), before, emit);
}
