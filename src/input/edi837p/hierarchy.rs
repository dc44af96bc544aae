//! The levels of a transaction (HL segments): their numbers, whom they stand under, what follows them.
//!
//! The reader keeps a few facts of each HL; they are judged in the order of the file, once the units are, so nothing
//! depends on where a file was cut. What is held is the last level and the two that others can stand in.

use super::kept::{Emit, Kept, shown};
use crate::source::Delimiters;
use crate::x12::Segment;

/// Most claims under one level (005010X222A1, loop 2300).
const MOST_CLAIMS: u64 = 100;

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

impl Level {
    /// Keeps an HL. `after` envelope segments of its unit stand before it, `claims_before` claims since the last.
    pub(super) fn of(hl: &Segment<'_, '_>, after: usize, claims_before: u64) -> Level {
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
            claims_before,
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

    /// Element `index` as a message may show it.
    fn stated(&self, index: usize) -> String {
        let mut elements = self.kept().text.split(|byte| *byte == self.delimiters.element);
        shown(elements.nth(index).unwrap_or_default().trim_ascii())
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
    /// The last level; what follows it is not known yet.
    open: Option<Level>,
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

    /// Takes the next level.
    pub(super) fn level(&mut self, level: &Level, emit: Emit<'_>) {
        self.close(Some(level.loop_of), emit);
        let due = self.last.0.saturating_add(1);
        let counts_on = level.own == Some(due) || level.own == Some(self.last.1.saturating_add(1));
        if !counts_on {
            let values = vec![("stated", level.stated(1)), ("expected", due.to_string())];
            level.kept().fault(1, "hl01-sequence", values, &format!("{due} comes next"), emit);
        }
        let stated = level.own.unwrap_or(due);
        self.last = (stated, if counts_on { stated } else { due });
        let own = InForce::Numbered { stated: level.own, due };
        match level.loop_of {
            Loop::Billing => {
                if level.parent != Parent::Absent {
                    let values = vec![("stated", level.stated(2)), ("expected", "nothing".to_owned())];
                    level.kept().fault(
                        2,
                        "hl02-parent",
                        values,
                        "a billing provider stands in no level",
                        emit,
                    );
                }
                (self.billing, self.subscriber) = (own, InForce::Absent);
            }
            Loop::Subscriber => {
                stands_in(level, self.billing, "its billing provider", emit);
                self.subscriber = own;
            }
            Loop::Patient => stands_in(level, self.subscriber, "its subscriber", emit),
            Loop::Unknown => {
                let values = vec![("stated", level.stated(3))];
                level.kept().fault(3, "hl03-level", values, "not 20, 22 or 23", emit);
                self.subscriber = InForce::Unclear;
                if matches!(self.billing, InForce::Absent) {
                    self.billing = InForce::Unclear;
                }
            }
        }
        self.open = Some(level.clone());
    }

    /// Takes the end of the transaction.
    pub(super) fn end(mut self, emit: Emit<'_>) {
        self.close(None, emit);
    }

    /// Judges the last level by what follows it.
    fn close(&mut self, next: Option<Loop>, emit: Emit<'_>) {
        let claims = std::mem::take(&mut self.claims);
        let Some(level) = self.open.take() else { return };
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
            level.kept().fault(4, "hl04-child", values, label, emit);
        }
        if claims > MOST_CLAIMS {
            let values = vec![("counted", claims.to_string())];
            level.kept().fault(0, "hl-claims", values, &format!("{claims} claims stand under it"), emit);
        }
    }
}

/// Compares HL02 with the number of the level around.
fn stands_in(level: &Level, around: InForce, whose: &str, emit: Emit<'_>) {
    let InForce::Numbered { stated, due } = around else { return };
    let named = match level.parent {
        Parent::Number(number) => Some(number),
        Parent::Absent | Parent::Unreadable => None,
    };
    if named.is_some() && (named == stated || named == Some(due)) {
        return;
    }
    let expected = stated.unwrap_or(due);
    let values = vec![("stated", level.stated(2)), ("expected", expected.to_string())];
    level.kept().fault(2, "hl02-parent", values, &format!("{whose} is HL {expected}"), emit);
}
