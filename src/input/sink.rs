use crate::claim::{Claim, Span};
use crate::finding::{Excerpt, Fix, Place, Segments, Spot};

/// Something malformed, found while reading. Rules of the `structure` kind turn faults into findings by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The fault's name, such as `se01-count`. Every name is listed in `FAULTS` of its reader, with its placeholders.
    pub name: &'static str,
    /// Where.
    pub span: Span,
    /// Values for the rule's placeholders. Never a segment's contents beyond control numbers and counts.
    pub values: Vec<(&'static str, String)>,
    /// The label at the place, a few words.
    pub label: String,
    /// Where a 999 places it, the segments counted from the last envelope segment (or the unit's start) and not yet
    /// from ST. `None` where no 999 names it by segment.
    pub spot: Option<Box<Spot>>,
    /// How it is mended, where that is a matter of format and has one right answer.
    pub fix: Option<Box<Fix>>,
}

impl Fault {
    /// A fault with nothing for placeholders that no 999 names by segment.
    pub fn new(name: &'static str, span: Span, label: impl Into<String>) -> Fault {
        Fault { name, span, values: Vec::new(), label: label.into(), spot: None, fix: None }
    }
}

/// A place to mark in an excerpt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to say there.
    pub text: String,
    /// Whether it is the fault itself.
    pub primary: bool,
}

/// Cuts excerpts while the bytes are at hand. Used only where there is a finding.
pub trait Cutter {
    /// The place of a span: segment number, id and element, or line and JSON pointer.
    fn place(&self, span: Span) -> Place;

    /// The segments (fields) that hold the labels, one window each, in file order, marks set, sensitive ranges
    /// marked, text escaped and clipped.
    fn excerpt(&self, labels: &[Label]) -> Excerpt;

    /// The place of each label, and an excerpt of them all.
    fn shown(&self, labels: &[Label]) -> (Vec<Place>, Excerpt) {
        (labels.iter().map(|label| self.place(label.span)).collect(), self.excerpt(labels))
    }

    /// Every segment of a claim, or every line of JSON, without marks. `span` is the claim's.
    fn segments(&self, span: Span) -> Segments;
}

/// How many claims readers hand over together: enough for rules to be put to many at once, and few enough to stay in the
/// processor's cache.
pub(super) const TOGETHER: usize = 16;

/// A claim as its reader hands it over.
pub struct Read<'c, 'a> {
    /// A professional claim. The reader reuses it.
    pub claim: &'c Claim<'a>,
    /// What is malformed in it, in the order of the input.
    pub faults: &'c mut Vec<Fault>,
    /// Cuts excerpts of it.
    pub cutter: &'c dyn Cutter,
}

/// Takes what a reader finds, in the order of the input.
pub trait ClaimSink {
    /// A professional claim. The reader reuses it for the next.
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter);

    /// Professional claims with what is malformed in them, in the order of the input: as many as the reader had at hand.
    fn claims(&mut self, claims: &mut [Read<'_, '_>]) {
        for Read { claim, faults, cutter } in claims {
            self.claim(claim, *cutter);
            for fault in faults.drain(..) {
                self.fault(claim.ordinal, fault, *cutter);
            }
        }
    }

    /// Something malformed. `claim` is the 1-based claim of this unit that is being read, 0 outside claims.
    fn fault(&mut self, claim: u32, fault: Fault, cutter: &dyn Cutter);
}

/// What a unit held, to be merged in the order of units.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UnitSummary {
    /// Professional claims given to the sink.
    pub claims: u32,
    /// Service lines of those claims.
    pub lines: u32,
    /// JSON: records that are no claim lines: objects that state no fact, numbers, texts.
    pub foreign: u32,
    /// Institutional claims passed over.
    pub institutional: u32,
    /// Dental claims passed over.
    pub dental: u32,
    /// X12: what the envelope checker needs, in file order.
    pub envelope: Vec<crate::x12::EnvelopeEvent>,
    /// X12: the levels (HL), in file order, for the same checker.
    pub levels: Vec<crate::input::edi837p::Level>,
    /// JSON: field names that are not in the vocabulary, with how many lines have them.
    pub unknown_fields: Vec<(String, u64)>,
    /// JSON: hashes of the claim ids in order of first appearance, to notice an id that comes back later.
    pub claim_ids: Vec<u64>,
}
