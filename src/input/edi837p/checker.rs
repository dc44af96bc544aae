use std::collections::HashSet;

use super::hierarchy::Hierarchy;
use super::isa;
use super::kept::{Emit, Kept, shown};
use super::trailer;
use super::verdict::{Transaction, TransactionKind, Verdict};
use crate::claim::key_of;
use crate::finding::Spot;
use crate::input::{Fault, UnitSummary};
use crate::x12::{EnvelopeEvent, EnvelopeKind, Tally};

/// The guides that payers take professional claims in: 005010X222 with either of its errata.
const GUIDES: &[&[u8]] = &[b"005010X222A1", b"005010X222A2"];

/// Whether a fault that the guide finds is one of an element that this checker judges itself.
pub(super) fn judges(fault: &Fault) -> bool {
    let Some(spot) = &fault.spot else { return false };
    match (&*spot.segment, spot.element) {
        (_, 0) => false,
        ("ISA" | "IEA" | "GE" | "SE", _) => true,
        ("GS", 1 | 6 | 8) | ("ST", 2) => true,
        // What is not there, or does not belong there, is said by the guide alone.
        ("ST", 3) | ("HL", 1 | 3) => fault.span.length > 0,
        ("HL", 2) => fault.span.length > 0 && fault.name != "element-not-used",
        _ => false,
    }
}

/// Judges the envelope of one file: whether headers and trailers match, what their counts and numbers say, and how the
/// levels inside stand.
///
/// Takes the units' summaries in file order; nothing is known of a transaction until its trailer has come by. The
/// elements of an ISA or a GS are judged when the first professional transaction in it has been read: what is wrong
/// with envelopes of other files is no business of this program. Faults go to the caller with a cutter for their
/// excerpt.
#[derive(Debug, Default)]
pub struct EnvelopeChecker {
    interchange: Option<Open>,
    group: Option<Open>,
    transaction: Option<Open>,
    /// The levels of the transaction, where it is one of professional claims by its guide.
    hierarchy: Option<Hierarchy>,
    /// A missing ISA has been named and no other has come since.
    without_interchange: bool,
    /// Likewise for the GS.
    without_group: bool,
    /// Sender, receiver and number of the interchanges of the file.
    interchanges: HashSet<u64>,
    /// Numbers of the groups of the interchange.
    groups: HashSet<u64>,
    /// Numbers of the transactions of the group.
    sets: HashSet<u64>,
    transactions: Vec<Transaction>,
    /// What stood outside of transactions.
    stray: Tally,
    /// Of that, what stands where nothing may, with the envelope segment before the first of it.
    misplaced: Option<(EnvelopeEvent, Tally)>,
    /// What has come by since the last envelope segment, which is the next.
    since: Tally,
    last: Option<EnvelopeEvent>,
    /// The last GS says that claims follow (GS01).
    has_group_of_claims: bool,
}

/// A header whose trailer has not come yet.
#[derive(Debug)]
struct Open {
    header: EnvelopeEvent,
    /// Groups of an interchange, transactions of a group.
    parts: u64,
    /// What a transaction holds, its ST counted.
    tally: Tally,
    /// Its control number was used before.
    is_repeated: bool,
    /// Its elements have been judged.
    is_judged: bool,
}

impl EnvelopeChecker {
    /// A checker for one file.
    pub fn new() -> EnvelopeChecker {
        EnvelopeChecker::default()
    }

    /// Takes the next unit of the file.
    pub fn unit(&mut self, summary: &UnitSummary, emit: Emit<'_>) {
        let mut levels = summary.levels.iter().peekable();
        for (at, event) in summary.envelope.iter().enumerate() {
            let mut claims = 0;
            while let Some(level) = levels.next_if(|level| level.after == at) {
                if let Some(hierarchy) = &mut self.hierarchy {
                    hierarchy.claims(level.claims_before - claims);
                    let before = self.transaction.as_ref().map_or(0, |open| open.tally.segments);
                    hierarchy.level(level, before, emit);
                }
                claims = level.claims_before;
            }
            if let Some(hierarchy) = &mut self.hierarchy {
                hierarchy.claims(event.before.claims - claims);
            }
            self.event(event, emit);
        }
    }

    /// Takes the end of the file, and says what the file held.
    pub fn finish(mut self, emit: Emit<'_>) -> Verdict {
        let breaks_off = self.interchange.is_some() || self.group.is_some();
        let last_is_open = self.transaction.is_some();
        self.note_misplaced(None);
        self.close_interchange(emit);
        if self.transactions.is_empty() && self.stray.claims > 0 {
            self.transactions.push(Transaction::new(b"837", b"", b"", self.stray));
        }
        // A group of claims ends in a header that says something else, or nothing.
        let is_unknown = |one: &Transaction| one.kind == TransactionKind::Other;
        let is_nothing_else = self.transactions.is_empty()
            || last_is_open && self.has_group_of_claims && self.transactions.iter().all(is_unknown);
        let verdict = Verdict::of(self.transactions);
        if let (Verdict::Professional, Some((before, all))) = (&verdict, &self.misplaced) {
            let counted = |count: u64, one: &str| match count {
                0 => format!("no {one}"),
                1 => format!("1 {one}"),
                _ => format!("{count} {one}s"),
            };
            let values = vec![
                ("segments", counted(all.segments, "segment")),
                ("claims", counted(all.claims, "claim")),
            ];
            fault(before, 0, "outside-set", values, "what follows stands in no transaction", emit);
        }
        match verdict {
            Verdict::WrongKind(_) if breaks_off && is_nothing_else => Verdict::broken_off(),
            verdict => verdict,
        }
    }

    fn event(&mut self, event: &EnvelopeEvent, emit: Emit<'_>) {
        match &mut self.transaction {
            Some(open) => open.tally.add(event.before),
            None => self.stray.add(event.before),
        }
        self.since.add(event.before);
        if event.kind != EnvelopeKind::UnitEnd {
            self.note_misplaced(Some(event.kind));
            self.last = Some(event.clone());
        }
        match event.kind {
            EnvelopeKind::Isa => {
                self.close_interchange(emit);
                isa::layout(event, emit);
                self.without_interchange = false;
                self.groups.clear();
                let party = [5, 6, 7, 8, 13].map(|index| event.element(index).0.to_vec()).join(&0);
                let is_repeated = !self.interchanges.insert(key_of(&party));
                self.interchange = Some(Open { is_repeated, ..Open::new(event) });
            }
            EnvelopeKind::Gs => {
                self.close_group(true, emit);
                self.expect_interchange(event, emit);
                self.without_group = false;
                self.sets.clear();
                count_part(&mut self.interchange);
                self.has_group_of_claims = event.element(1).0 == b"HC";
                let is_repeated = !self.groups.insert(key_of(event.element(6).0));
                self.group = Some(Open { is_repeated, ..Open::new(event) });
            }
            EnvelopeKind::St => self.transaction_start(event, emit),
            EnvelopeKind::Se => self.transaction_end(event, emit),
            EnvelopeKind::Ge => {
                self.close_transaction(true, emit);
                match self.group.take() {
                    Some(open) => {
                        let counted = open.parts;
                        trailer::judge(&trailer::GE, &open.header, open.is_repeated, event, counted, emit);
                    }
                    None => {
                        // Its trailer shows that there was a group: one fault is enough.
                        count_part(&mut self.interchange);
                        if !std::mem::take(&mut self.without_group) {
                            fault(event, 0, "gs-missing", Vec::new(), "ends a group that no GS began", emit);
                        }
                    }
                }
                self.sets.clear();
            }
            EnvelopeKind::Iea => {
                self.close_group(true, emit);
                match self.interchange.take() {
                    Some(open) => {
                        let counted = open.parts;
                        trailer::judge(&trailer::IEA, &open.header, open.is_repeated, event, counted, emit);
                    }
                    None if self.without_interchange => {}
                    None => fault(event, 0, "isa-missing", Vec::new(), "ends what no ISA began", emit),
                }
            }
            EnvelopeKind::UnitEnd => {}
        }
    }

    /// Notes what stands before the envelope segment `next` (`None`: the end of the file) and belongs to no transaction.
    ///
    /// Between an ISA and its first GS segments are allowed (TA1), and what an SE without an ST ends is told as that.
    fn note_misplaced(&mut self, next: Option<EnvelopeKind>) {
        let since = std::mem::take(&mut self.since);
        let is_head = self.group.is_none() && self.interchange.as_ref().is_some_and(|open| open.parts == 0);
        if self.transaction.is_some()
            || since.segments == 0
            || next == Some(EnvelopeKind::Se)
            || (is_head && since.claims == 0)
        {
            return;
        }
        if let Some(last) = &self.last {
            self.misplaced.get_or_insert_with(|| (last.clone(), Tally::default())).1.add(since);
        }
    }

    fn expect_interchange(&mut self, event: &EnvelopeEvent, emit: Emit<'_>) {
        if self.interchange.is_none() && !std::mem::replace(&mut self.without_interchange, true) {
            fault(event, 0, "isa-missing", Vec::new(), "no ISA before this", emit);
        }
    }

    fn transaction_start(&mut self, st: &EnvelopeEvent, emit: Emit<'_>) {
        self.close_transaction(true, emit);
        self.expect_interchange(st, emit);
        if self.group.is_none() && !std::mem::replace(&mut self.without_group, true) {
            fault(st, 0, "gs-missing", Vec::new(), "no GS before this transaction", emit);
        }
        count_part(&mut self.group);
        let number = st.element(2).0;
        let is_repeated = !number.is_empty() && !self.sets.insert(key_of(number));
        let mut open = Open { is_repeated, ..Open::new(st) };
        open.tally.segments = 1;
        self.transaction = Some(open);
        let group_guide = self.group.as_ref().map(|group| group.header.element(8).0).unwrap_or_default();
        let guide = if group_guide.is_empty() { st.element(3).0 } else { group_guide };
        let other = matches!(guide.get(6..10), Some(b"X223" | b"X224"))
            || [b"002", b"003", b"004"].iter().any(|old| guide.starts_with(*old));
        self.hierarchy = (st.element(1).0 == b"837" && !other).then(Hierarchy::default);
    }

    fn transaction_end(&mut self, se: &EnvelopeEvent, emit: Emit<'_>) {
        let Some(open) = self.transaction.take() else {
            count_part(&mut self.group);
            fault(se, 0, "st-missing", Vec::new(), "ends a transaction that no ST began", emit);
            return;
        };
        let counted = open.tally.segments + 1;
        trailer::judge(&trailer::SE, &open.header, open.is_repeated, se, counted, emit);
        self.judge(&open, emit);
    }

    /// What a transaction was, once everything in it has come by.
    fn judge(&mut self, open: &Open, emit: Emit<'_>) {
        if let Some(hierarchy) = self.hierarchy.take() {
            hierarchy.end(emit);
        }
        let header = &open.header;
        let own_guide = header.element(3).0;
        let group_guide = self.group.as_ref().map_or(Vec::new(), |group| group.header.element(8).0.to_vec());
        let interchange =
            self.interchange.as_ref().map_or(Vec::new(), |open| open.header.element(12).0.to_vec());
        let guide = if group_guide.is_empty() { own_guide } else { &group_guide };
        let transaction = Transaction::new(header.element(1).0, guide, &interchange, open.tally);
        if transaction.kind == TransactionKind::Professional {
            let other_lines =
                matches!(guide.get(6..10), Some(b"X223" | b"X224")) && open.tally.professional > 0;
            self.judge_headers(other_lines, emit);
            judge_set(open, &group_guide, other_lines, self.group.is_some(), emit);
        } else if transaction.kind == TransactionKind::Other
            && self.has_group_of_claims
            && GUIDES.contains(&group_guide.as_slice())
        {
            let values = vec![("stated", shown(header.element(1).0))];
            fault(header, 1, "st01-kind", values, "not 837, in a group of claims", emit);
        }
        self.transactions.push(transaction);
    }

    /// The elements of the interchange and the group around a professional transaction.
    fn judge_headers(&mut self, other_lines: bool, emit: Emit<'_>) {
        if let Some(open) = self.interchange.as_mut().filter(|open| !open.is_judged) {
            open.is_judged = true;
            isa::elements(&open.header, emit);
            if open.is_repeated {
                let label = "this sender has used the number before in the file";
                repeated("isa13-repeated", &open.header, 13, label, emit);
            }
        }
        if let Some(open) = self.group.as_mut().filter(|open| !open.is_judged) {
            open.is_judged = true;
            let gs = &open.header;
            let mut wrong = |index: usize, name: &'static str, label: &str| {
                let values = vec![("stated", shown(gs.element(index).0))];
                fault(gs, index, name, values, label, emit);
            };
            if gs.element(1).0 != b"HC" {
                wrong(1, "gs01-code", "not HC");
            }
            let number = gs.element(6).0;
            if number.is_empty() || number.len() > 9 || !number.iter().all(u8::is_ascii_digit) {
                wrong(6, "gs06-number", "not one to nine digits");
            }
            if !other_lines && !GUIDES.contains(&gs.element(8).0) {
                wrong(8, "gs08-guide", "not 005010X222A1 or A2");
            }
            if open.is_repeated {
                repeated("gs06-repeated", gs, 6, "an earlier group of the interchange has it", emit);
            }
        }
    }

    fn close_transaction(&mut self, is_told: bool, emit: Emit<'_>) {
        if let Some(open) = self.transaction.take() {
            if is_told {
                missing("se-missing", &open.header, 2, "no SE ends this transaction", emit);
            }
            self.judge(&open, emit);
        }
    }

    /// Closes the group with what is open in it. One cut takes the trailers of all: the outermost alone is told.
    fn close_group(&mut self, is_told: bool, emit: Emit<'_>) {
        self.close_transaction(is_told && self.group.is_none(), emit);
        if let Some(open) = self.group.take().filter(|_| is_told) {
            missing("ge-missing", &open.header, 6, "no GE ends this group", emit);
        }
    }

    fn close_interchange(&mut self, emit: Emit<'_>) {
        self.close_group(self.interchange.is_none(), emit);
        if let Some(open) = self.interchange.take() {
            missing("iea-missing", &open.header, 13, "no IEA ends this interchange", emit);
        }
    }
}

impl Open {
    fn new(event: &EnvelopeEvent) -> Open {
        Open {
            header: event.clone(),
            parts: 0,
            tally: Tally::default(),
            is_repeated: false,
            is_judged: false,
        }
    }
}

/// The header of a professional transaction. Of its guide one thing at most is said, and of a guide that the group
/// states too, the group says it.
fn judge_set(open: &Open, group_guide: &[u8], other_lines: bool, in_group: bool, emit: Emit<'_>) {
    let header = &open.header;
    let number = header.element(2).0;
    let has_blank_ends = number.trim_ascii().len() < number.len();
    if !(4..=9).contains(&number.len()) || has_blank_ends {
        let values = vec![("stated", shown(number))];
        fault(header, 2, "st02-number", values, "not four to nine characters", emit);
    }
    if open.is_repeated {
        repeated("st02-repeated", header, 2, "an earlier transaction of the group has it", emit);
    }
    let own_guide = header.element(3).0;
    let stated = shown(if group_guide.is_empty() { own_guide } else { group_guide });
    if other_lines {
        let values = vec![("stated", stated), ("found", "professional service lines (SV1)".to_owned())];
        fault(header, 3, "guide-version", values, "but its lines are professional (SV1)", emit);
    } else if !own_guide.is_empty() && GUIDES.contains(&group_guide) && own_guide != group_guide {
        let values = vec![("stated", shown(own_guide)), ("found", stated)];
        fault(header, 3, "st03-gs08", values, "not what GS08 says", emit);
    } else if !in_group && !own_guide.is_empty() && !GUIDES.contains(&own_guide) {
        fault(header, 3, "st03-guide", vec![("stated", stated)], "not 005010X222A1 or A2", emit);
    }
    if open.tally.claims == 0 {
        let values = vec![("control", shown(number))];
        // It is missing before SE.
        let spot = Spot {
            segment: "CLM".to_owned(),
            position: open.tally.segments + 1,
            loop_id: "2300".to_owned(),
            ..Spot::default()
        };
        let label = "no claim (CLM) in this transaction";
        Kept::from(header).fault_at(0, "no-claim", values, label, Some(spot), emit);
    }
}

fn count_part(open: &mut Option<Open>) {
    if let Some(open) = open {
        open.parts += 1;
    }
}

fn missing(name: &'static str, header: &EnvelopeEvent, control: usize, label: &str, emit: Emit<'_>) {
    let values = vec![("control", shown(header.element(control).0))];
    fault(header, 0, name, values, label, emit);
}

fn repeated(name: &'static str, header: &EnvelopeEvent, control: usize, label: &str, emit: Emit<'_>) {
    let values = vec![("control", shown(header.element(control).0))];
    fault(header, control, name, values, label, emit);
}

/// Reports a fault at element `index` of an envelope segment, at its id for 0.
fn fault(
    event: &EnvelopeEvent,
    index: usize,
    name: &'static str,
    values: Vec<(&'static str, String)>,
    label: &str,
    emit: Emit<'_>,
) {
    Kept::from(event).fault(index, name, values, label, emit);
}
