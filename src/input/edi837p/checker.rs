use super::excerpt::Excerpts;
use super::verdict::{Transaction, TransactionKind, Verdict};
use crate::claim::Span;
use crate::input::{Cutter, Fault, UnitSummary};
use crate::source::Unit;
use crate::x12::{EnvelopeEvent, EnvelopeKind, Tally};

/// Judges the envelope of one file: whether headers and trailers match, and what their counts say.
///
/// Takes the units' summaries in file order; nothing is known of a transaction until its trailer has come by. Faults
/// go to the caller with a cutter for their excerpt.
#[derive(Debug, Default)]
pub struct EnvelopeChecker {
    interchange: Option<Open>,
    group: Option<Open>,
    transaction: Option<Open>,
    /// A missing ISA has been named and no other has come since.
    without_interchange: bool,
    /// Likewise for the GS.
    without_group: bool,
    transactions: Vec<Transaction>,
    /// What stood outside of transactions.
    stray: Tally,
}

/// A header whose trailer has not come yet.
#[derive(Debug)]
struct Open {
    header: EnvelopeEvent,
    /// Groups of an interchange, transactions of a group.
    parts: u64,
    /// What a transaction holds, its ST counted.
    tally: Tally,
}

type Emit<'e> = &'e mut dyn FnMut(Fault, &dyn Cutter);

impl EnvelopeChecker {
    /// A checker for one file.
    pub fn new() -> EnvelopeChecker {
        EnvelopeChecker::default()
    }

    /// Takes the next unit of the file.
    pub fn unit(&mut self, summary: &UnitSummary, emit: Emit<'_>) {
        for event in &summary.envelope {
            self.event(event, emit);
        }
    }

    /// Takes the end of the file, and says what the file held.
    pub fn finish(mut self, emit: Emit<'_>) -> Verdict {
        self.close_interchange(emit);
        if self.transactions.is_empty() && self.stray.claims > 0 {
            self.transactions.push(Transaction::new(b"837", b"", b"", self.stray));
        }
        Verdict::of(self.transactions)
    }

    fn event(&mut self, event: &EnvelopeEvent, emit: Emit<'_>) {
        match &mut self.transaction {
            Some(open) => open.tally.add(event.before),
            None => self.stray.add(event.before),
        }
        match event.kind {
            EnvelopeKind::Isa => {
                self.close_interchange(emit);
                if !event.padded {
                    fault(event, 0, "isa-layout", Vec::new(), "not the fixed layout of 106 bytes", emit);
                }
                self.without_interchange = false;
                self.interchange = Some(Open::new(event));
            }
            EnvelopeKind::Gs => {
                self.close_group(emit);
                self.expect_interchange(event, emit);
                self.without_group = false;
                count_part(&mut self.interchange);
                self.group = Some(Open::new(event));
            }
            EnvelopeKind::St => {
                self.close_transaction(emit);
                self.expect_interchange(event, emit);
                if self.group.is_none() && !std::mem::replace(&mut self.without_group, true) {
                    fault(event, 0, "gs-missing", Vec::new(), "no GS before this transaction", emit);
                }
                count_part(&mut self.group);
                let mut open = Open::new(event);
                open.tally.segments = 1;
                self.transaction = Some(open);
            }
            EnvelopeKind::Se => self.transaction_end(event, emit),
            EnvelopeKind::Ge => {
                self.close_transaction(emit);
                match self.group.take() {
                    Some(open) => {
                        counts("ge01-count", event, open.parts, "transactions", emit);
                        controls("gs06-ge02", &open.header, 6, event, 2, emit);
                    }
                    None => {
                        // Its trailer shows that there was a group: one fault is enough.
                        count_part(&mut self.interchange);
                        if !std::mem::take(&mut self.without_group) {
                            fault(event, 0, "gs-missing", Vec::new(), "ends a group that no GS began", emit);
                        }
                    }
                }
            }
            EnvelopeKind::Iea => {
                self.close_group(emit);
                match self.interchange.take() {
                    Some(open) => {
                        counts("iea01-count", event, open.parts, "groups", emit);
                        controls("isa13-iea02", &open.header, 13, event, 2, emit);
                    }
                    None if self.without_interchange => {}
                    None => fault(event, 0, "isa-missing", Vec::new(), "ends what no ISA began", emit),
                }
            }
            EnvelopeKind::UnitEnd => {}
        }
    }

    fn expect_interchange(&mut self, event: &EnvelopeEvent, emit: Emit<'_>) {
        if self.interchange.is_none() && !std::mem::replace(&mut self.without_interchange, true) {
            fault(event, 0, "isa-missing", Vec::new(), "no ISA before this", emit);
        }
    }

    fn transaction_end(&mut self, se: &EnvelopeEvent, emit: Emit<'_>) {
        let Some(open) = self.transaction.take() else {
            count_part(&mut self.group);
            fault(se, 0, "st-missing", Vec::new(), "ends a transaction that no ST began", emit);
            return;
        };
        counts("se01-count", se, open.tally.segments + 1, "segments", emit);
        controls("st02-se02", &open.header, 2, se, 2, emit);
        self.judge(&open, emit);
    }

    /// What a transaction was, once everything in it has come by.
    fn judge(&mut self, open: &Open, emit: Emit<'_>) {
        let header = &open.header;
        let own_guide = header.element(3).0.to_vec();
        let group_guide = self.group.as_ref().map_or(Vec::new(), |group| group.header.element(8).0.to_vec());
        let interchange =
            self.interchange.as_ref().map_or(Vec::new(), |open| open.header.element(12).0.to_vec());
        let guide = if group_guide.is_empty() { &own_guide } else { &group_guide };
        let transaction = Transaction::new(header.element(1).0, guide, &interchange, open.tally);
        if transaction.kind == TransactionKind::Professional {
            let disagree = !own_guide.is_empty() && !group_guide.is_empty() && own_guide != group_guide;
            let other_lines = matches!(guide.get(6..10), Some(b"X223" | b"X224"));
            let stated = text(guide);
            if other_lines && open.tally.professional > 0 {
                let values =
                    vec![("stated", stated), ("found", "professional service lines (SV1)".to_owned())];
                fault(header, 3, "guide-version", values, "but its lines are professional (SV1)", emit);
            } else if disagree {
                let found = format!("ST03 {}", text(&own_guide));
                let values = vec![("stated", stated), ("found", found)];
                fault(header, 3, "guide-version", values, "not what GS08 says", emit);
            }
            if open.tally.claims == 0 {
                let values = vec![("control", text(header.element(2).0))];
                fault(header, 0, "no-claim", values, "no claim (CLM) in this transaction", emit);
            }
        }
        self.transactions.push(transaction);
    }

    fn close_transaction(&mut self, emit: Emit<'_>) {
        if let Some(open) = self.transaction.take() {
            missing("se-missing", &open.header, 2, "no SE ends this transaction", emit);
            self.judge(&open, emit);
        }
    }

    fn close_group(&mut self, emit: Emit<'_>) {
        self.close_transaction(emit);
        if let Some(open) = self.group.take() {
            missing("ge-missing", &open.header, 6, "no GE ends this group", emit);
        }
    }

    fn close_interchange(&mut self, emit: Emit<'_>) {
        self.close_group(emit);
        if let Some(open) = self.interchange.take() {
            missing("iea-missing", &open.header, 13, "no IEA ends this interchange", emit);
        }
    }
}

impl Open {
    fn new(event: &EnvelopeEvent) -> Open {
        Open { header: event.clone(), parts: 0, tally: Tally::default() }
    }
}

fn count_part(open: &mut Option<Open>) {
    if let Some(open) = open {
        open.parts += 1;
    }
}

/// Compares the count in element 1 of a trailer. An SE that says `0005` means 5.
fn counts(name: &'static str, trailer: &EnvelopeEvent, counted: u64, of: &str, emit: Emit<'_>) {
    let (stated, _) = trailer.element(1);
    if std::str::from_utf8(stated).ok().and_then(|stated| stated.parse().ok()) == Some(counted) {
        return;
    }
    let values = vec![("stated", text(stated)), ("counted", counted.to_string())];
    fault(trailer, 1, name, values, &format!("{counted} {of} counted"), emit);
}

/// Compares the control numbers of a header and its trailer.
fn controls(
    name: &'static str,
    header: &EnvelopeEvent,
    header_index: usize,
    trailer: &EnvelopeEvent,
    trailer_index: usize,
    emit: Emit<'_>,
) {
    let (expected, found) = (header.element(header_index).0, trailer.element(trailer_index).0);
    if expected != found {
        let values = vec![("header", text(expected)), ("trailer", text(found))];
        let label = format!("the header says {}", text(expected));
        fault(trailer, trailer_index, name, values, &label, emit);
    }
}

fn missing(name: &'static str, header: &EnvelopeEvent, control: usize, label: &str, emit: Emit<'_>) {
    let values = vec![("control", text(header.element(control).0))];
    fault(header, 0, name, values, label, emit);
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
    let (bytes, offset) = event.element(index);
    let span = Span::new(offset, bytes.len() as u32);
    let unit =
        Unit::x12(0, 0, event.offset, event.number, Some(event.delimiters), Vec::new(), event.text.clone());
    let start = (event.offset, event.number);
    let cutter = Excerpts::new(&unit, event.delimiters, start, start);
    emit(Fault { values, ..Fault::new(name, span, label) }, &cutter);
}

/// A control number or count as a message may show it: at most fifteen printable characters.
fn text(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing".to_owned();
    }
    bytes.iter().take(15).map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '?' }).collect()
}
