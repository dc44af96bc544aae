use crate::claim::{Claim, Fact, Span, Text, key_of};
use crate::input::sink::TOGETHER;
use crate::input::{ClaimSink, Fault, Read, UnitSummary};
use crate::source::{Piece, Unit};

use super::MOST_LINES;
use super::arena::{Arena, Shelf};
use super::draft::Draft;
use super::fields::{Fields, Vocabulary, each_element};
use super::layout::{Gap, Item, Items};
use super::places::Places;
use super::words::Words;

/// Builds the claims of `unit` and hands them to `sink`, with everything that was wrong on the way.
///
/// A broken line or element is a fault outside claims and is passed over; what is wrong with a field is a fault
/// of its claim, and the field is taken as absent.
pub fn read<S: ClaimSink + ?Sized>(unit: &Unit, sink: &mut S) -> UnitSummary {
    let arena = Arena::default();
    let mut reader = Reader {
        sink,
        places: Places::new(unit),
        words: Words::new(Shelf::new(&arena)),
        vocabulary: Vocabulary::default(),
        line: 0,
        draft: Draft::default(),
        open: false,
        told: Vec::new(),
        overfull: false,
        nested: Vec::new(),
        waiting: Vec::new(),
        waits: 0,
        waiting_lines: 0,
        summary: UnitSummary::default(),
    };
    let cut_off = reader.noticed(unit);
    let mut fields = Fields::NONE;
    for item in Items::new(unit) {
        reader.item(unit, item, &mut fields, cut_off);
    }
    reader.close();
    reader.hand_over();
    let mut summary = reader.summary;
    summary.unknown_fields = reader.vocabulary.unknown;
    summary
}

/// How many lines may wait to be handed over, short of those of one claim.
const MOST_WAITING: usize = 1000;

struct Reader<'a, 's, S: ?Sized> {
    sink: &'s mut S,
    places: Places<'a>,
    words: Words<'a>,
    vocabulary: Vocabulary,
    /// Number of the file's line that the item at hand begins on.
    line: u64,
    draft: Draft<'a>,
    /// Whether the draft may get more lines.
    open: bool,
    /// What was wrong with the claim at hand so far: a claim object's facts are met again with each line.
    told: Vec<(&'static str, Span)>,
    /// Whether the claim at hand has more lines than are read.
    overfull: bool,
    /// The raw lines of a claim object, kept to reuse what the list has allocated.
    nested: Vec<&'a str>,
    /// Claims that wait to be handed over, the first `waits` of them, each with a list of faults that stays empty: what is
    /// wrong with a claim is told before it.
    waiting: Vec<(Claim<'a>, Vec<Fault>)>,
    waits: usize,
    waiting_lines: usize,
    summary: UnitSummary,
}

impl<'a, S: ClaimSink + ?Sized> Reader<'a, '_, S> {
    /// Passes on what the cutter noticed where the unit's bytes do not show it; whether the file breaks off.
    fn noticed(&mut self, unit: &Unit) -> bool {
        let mut cut_off = false;
        for piece in unit.context.iter().skip(1).filter(|piece| !is_in_line(piece)) {
            let line = ("line", piece.number.to_string());
            let (name, label) = match piece.bytes.as_slice() {
                b"json-too-large" => ("json-too-large", "passed over"),
                b"json-trailing" => ("json-trailing", "behind the end of the list"),
                b"json-syntax" => ("json-syntax", "not JSON"),
                b"json-encoding" => ("json-encoding", "not UTF-8"),
                b"csv-cells" => ("csv-cells", "not as many cells"),
                b"csv-quote" => ("csv-quote", "never closed"),
                _ => ("json-cut-off", "the file ends here"),
            };
            let mut values = vec![line];
            if name == "json-syntax" {
                values.extend([("column", String::new()), ("category", "syntax".to_owned())]);
            }
            if name == "json-too-large" {
                values.push(("most", format!("{} MiB", super::MOST_BYTES >> 20)));
            }
            cut_off |= name == "json-cut-off";
            let span = Span::new(piece.offset, 0);
            self.sink.fault(0, Fault { values, ..Fault::new(name, span, label) }, &self.places);
        }
        cut_off
    }

    fn item(&mut self, unit: &'a Unit, item: Item, fields: &mut Fields<'a>, cut_off: bool) {
        self.line = item.line;
        self.places.push(item);
        let offset = unit.offset + item.start as u64;
        let text = self.words.begin(&unit.bytes[item.start..item.end], offset, item.line);
        self.misread(unit, text);
        if text.starts_with('{') {
            match self.vocabulary.read(text, fields) {
                Ok(behind) => {
                    self.object(text, fields);
                    if let Some(error) = behind {
                        self.broken(&error, text, item);
                    }
                }
                // The last element of a list that breaks off is what breaks off.
                Err(error) if error.is_eof() && cut_off => {}
                Err(error) => self.broken(&error, text, item),
            }
        } else if !matches!(text, "null") {
            self.summary.foreign += 1;
            self.words.not_an_object("line", text);
            self.tell(0);
        }
        if item.gap == Gap::Wrong || (item.gap == Gap::Open && !cut_off) {
            let end = &text[text.len()..];
            self.syntax(end, item.line, None, "comma");
        }
    }

    /// Notes what a map could not pass on as a native line has it, at its place in the line `text`.
    fn misread(&mut self, unit: &Unit, text: &'a str) {
        let Some(pieces) = unit.context.get(1..).filter(|pieces| !pieces.is_empty()) else { return };
        let whole = self.words.span(text);
        let first = pieces.partition_point(|piece| piece.offset < whole.offset);
        for piece in pieces[first..].iter().take_while(|piece| piece.offset < whole.end()) {
            let mut parts = piece.bytes.split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part));
            let (_, field, expected) = (parts.next(), parts.next(), parts.next());
            let from = usize::try_from(piece.offset - whole.offset).ok().and_then(|at| text.get(at..));
            let fact = field.and_then(|name| Fact::named(&name));
            let (Some(from), true) = (from, is_in_line(piece)) else { continue };
            match (fact, expected) {
                (Some(fact), Some(expected)) => {
                    let raw = from.get(..4).unwrap_or(from);
                    self.words.wrong(fact.name(), raw, &expected);
                }
                _ => self.words.spoilt(from.get(..1).unwrap_or(from), self.line),
            }
        }
    }

    /// One claim line, or one claim with its lines.
    fn object(&mut self, text: &'a str, fields: &mut Fields<'a>) {
        let id = self.words.text(fields, Fact::ClaimId);
        if let Some(lines) = fields.lines() {
            self.close();
            self.begin(id, text);
            self.repeated(text);
            self.nested_claim(lines, fields, text);
            self.close();
            return;
        }
        if fields.is_foreign() {
            self.close();
            self.summary.foreign += 1;
            self.words.fault("json-missing", Fact::ProcedureCode.name(), &text[..1], "no procedure_code");
            self.tell(0);
            return;
        }
        let is_same_id = self.open && id.is_present() && id.bytes() == self.draft.claim.id.bytes();
        if !is_same_id || self.draft.is_of_another_claim(fields, &mut self.words) {
            self.close();
            self.begin(id, text);
        }
        self.repeated(text);
        self.line(fields, text);
        if id.is_absent() {
            self.close();
        }
    }

    fn begin(&mut self, id: Text<'a>, text: &'a str) {
        let offset = self.words.span(text).offset;
        self.told.clear();
        self.overfull = false;
        self.draft.begin(self.summary.claims + 1, id, offset, self.line);
        self.open = true;
    }

    fn nested_claim(&mut self, raw: &'a str, outer: &Fields<'a>, text: &'a str) {
        for (fact, raw) in outer.misplaced() {
            self.words.fault("json-misplaced", fact.name(), raw, "belongs to a line");
        }
        self.draft.claim_facts(outer, &mut self.words);
        if let Some(codes) = outer.of(Fact::DiagnosisCodes) {
            self.draft.diagnoses(codes, &mut self.words);
        }
        self.draft.note(0, outer, &mut self.words);
        self.draft.others(0, outer, &mut self.words);
        self.draft.claim.place_of_service = self.words.text(outer, Fact::PlaceOfService);
        let mut lines = std::mem::take(&mut self.nested);
        lines.clear();
        let mut past = None;
        let read = each_element(raw, |line| match lines.len() {
            0..MOST_LINES => lines.push(line),
            _ => past = past.or(Some(line)),
        });
        if read.is_err() {
            self.words.not_a_list("lines", raw);
        }
        if let Some(line) = past {
            self.words.too_many("lines", &line[..1], MOST_LINES);
        }
        let mut fields = Fields::NONE;
        for line in lines.iter().copied() {
            if line.starts_with('{') && self.vocabulary.read(line, &mut fields).is_ok() {
                self.repeated(line);
                if let Some(deeper) = fields.lines() {
                    self.words.fault("json-misplaced", "lines", deeper, "a line has no lines");
                }
                self.line(&fields.over(outer), line);
            } else {
                self.words.not_an_object("lines", line);
            }
        }
        self.nested = lines;
        self.draft.reach(self.words.span(text).end());
        self.tell(self.draft.claim.ordinal);
    }

    fn line(&mut self, fields: &Fields<'a>, text: &'a str) {
        let span = self.words.span(text);
        let lines = self.draft.claim.lines.len();
        if lines < MOST_LINES {
            self.draft.line(fields, &mut self.words, span);
            let code = self.draft.claim.lines.last().is_some_and(|line| line.procedure_code.is_present());
            if !code {
                self.words.fault("json-missing", Fact::ProcedureCode.name(), &text[..1], "no procedure_code");
            }
        } else if !std::mem::replace(&mut self.overfull, true) {
            self.words.too_many("lines", &text[..1], MOST_LINES);
        }
        self.draft.reach(span.end());
        self.tell(self.draft.claim.ordinal);
    }

    /// Fields that the object just read states twice.
    fn repeated(&mut self, text: &'a str) {
        for field in self.vocabulary.repeated.drain(..) {
            self.words.fault("json-repeated", field, &text[..1], "stated more than once");
        }
    }

    fn broken(&mut self, error: &serde_json::Error, text: &'a str, item: Item) {
        let line_start = match error.line() {
            0 | 1 => 0,
            line => memchr::memchr_iter(b'\n', text.as_bytes()).nth(line - 2).map_or(0, |at| at + 1),
        };
        let at = (line_start + error.column().saturating_sub(1)).min(text.len());
        let at = (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let category = if error.is_eof() { "end" } else { "syntax" };
        let line = item.line + error.line().saturating_sub(1) as u64;
        self.syntax(&text[at..], line, Some(error.column()), category);
    }

    fn syntax(&mut self, from: &'a str, line: u64, column: Option<usize>, category: &str) {
        let label = match category {
            "end" => "ends too early",
            "comma" => "one comma belongs here",
            _ => "not JSON from here on",
        };
        let values = vec![
            ("line", line.to_string()),
            ("column", column.map_or(String::new(), |column| column.to_string())),
            ("category", category.to_owned()),
        ];
        let span = Span::new(self.words.span(from).offset, u32::from(!from.is_empty()));
        self.words.faults.push(Fault { values, ..Fault::new("json-syntax", span, label) });
        self.tell(0);
    }

    /// Tells the sink what was wrong, as part of `claim` (0 for none), after the claims before it.
    fn tell(&mut self, claim: u32) {
        if self.words.faults.is_empty() {
            return;
        }
        self.hand_over();
        for fault in self.words.faults.drain(..) {
            let met = (fault.name, fault.span);
            if claim > 0 && self.told.contains(&met) {
                continue;
            }
            self.told.push(met);
            self.sink.fault(claim, fault, &self.places);
        }
    }

    /// Ends the open claim, and puts it aside until there are enough to hand over.
    fn close(&mut self) {
        if !std::mem::take(&mut self.open) {
            return;
        }
        let claim = &mut self.draft.claim;
        self.summary.claims += 1;
        self.summary.lines += claim.lines.len() as u32;
        if claim.id.is_present() {
            let id = key_of(claim.id.bytes());
            // A replacement right behind its original is no id that comes back.
            if self.summary.claim_ids.last() != Some(&id) {
                self.summary.claim_ids.push(id);
            }
        }
        self.waiting_lines += claim.lines.len();
        if self.waits == self.waiting.len() {
            self.waiting.push(Default::default());
        }
        if let Some((place, _)) = self.waiting.get_mut(self.waits) {
            std::mem::swap(place, claim);
            self.waits += 1;
        }
        if self.waits == TOGETHER || self.waiting_lines > MOST_WAITING {
            self.hand_over();
        }
    }

    /// Hands over the claims that wait.
    fn hand_over(&mut self) {
        let waiting = &mut self.waiting[..std::mem::take(&mut self.waits)];
        self.waiting_lines = 0;
        if waiting.is_empty() {
            return;
        }
        let cutter = &self.places;
        let mut claims: Vec<Read<'_, 'a>> =
            waiting.iter_mut().map(|(claim, faults)| Read { claim, faults, cutter }).collect();
        self.sink.claims(&mut claims);
    }
}

/// Whether a notice is about a place inside a native line that a map made.
fn is_in_line(piece: &Piece) -> bool {
    piece.bytes.starts_with(b"json-type\0") || piece.bytes == b"json-encoding\0"
}
