//! Reads the text of the guide table. Its form is described at its head; what it means is for `compile`.

use super::compiled::Kind;

/// The table as it is written, with the lines for complaints.
#[derive(Default)]
pub(super) struct Table {
    pub(super) versions: Vec<&'static str>,
    pub(super) elements: Vec<ElementRow>,
    /// Composites and segments: what stands in each place.
    pub(super) composites: Vec<ShapeRow>,
    pub(super) segments: Vec<ShapeRow>,
    pub(super) lists: Vec<(&'static str, Vec<&'static str>)>,
    pub(super) loops: Vec<LoopRow>,
    /// What is wrong with the table: line number and words.
    pub(super) mistakes: Vec<String>,
}

pub(super) struct ElementRow {
    /// A number, or `I` and a number for those of the interchange.
    pub(super) id: &'static str,
    pub(super) kind: Kind,
    pub(super) least: u16,
    pub(super) most: u16,
}

pub(super) struct ShapeRow {
    pub(super) id: &'static str,
    /// Numbers of data elements, or ids of composites.
    pub(super) places: Vec<&'static str>,
    /// `P0809` and the like: a letter and places.
    pub(super) conditions: Vec<(u8, Vec<u8>)>,
}

pub(super) struct LoopRow {
    pub(super) line: usize,
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Loops that may hold it, and whether they must.
    pub(super) parents: Vec<(&'static str, bool)>,
    /// `None`: any number.
    pub(super) most: Option<u16>,
    pub(super) at: u16,
    pub(super) segments: Vec<SegmentRow>,
}

pub(super) struct SegmentRow {
    pub(super) line: usize,
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) most: Option<u16>,
    pub(super) at: u16,
    pub(super) uses: Vec<Use>,
}

/// How one element or component is used.
pub(super) struct Use {
    pub(super) place: u8,
    pub(super) required: bool,
    pub(super) most: Option<u16>,
    pub(super) repeats: u8,
    pub(super) codes: Vec<&'static str>,
    pub(super) key: bool,
    /// Of a composite: its components.
    pub(super) parts: Option<Vec<Use>>,
}

#[derive(Clone, Copy)]
enum Section {
    Head,
    Elements,
    Composites,
    Segments,
    Lists,
    Loops,
}

impl Table {
    pub(super) fn read(text: &'static str) -> Table {
        let mut table = Table::default();
        let mut section = Section::Head;
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            section = match line {
                "elements" => Section::Elements,
                "composites" => Section::Composites,
                "segments" => Section::Segments,
                "lists" => Section::Lists,
                _ if line.starts_with("loop ") => Section::Loops,
                _ => {
                    if table.row(section, index + 1, line).is_none() {
                        table.mistakes.push(format!("line {}: cannot be read: {line}", index + 1));
                    }
                    continue;
                }
            };
            if matches!(section, Section::Loops) {
                match loop_row(index + 1, line) {
                    Some(row) => table.loops.push(row),
                    None => table.mistakes.push(format!("line {}: no such loop line: {line}", index + 1)),
                }
            }
        }
        table
    }

    fn row(&mut self, section: Section, line_number: usize, line: &'static str) -> Option<()> {
        let mut words = line.split_ascii_whitespace();
        match section {
            Section::Head => {
                words.next().filter(|word| *word == "guide")?;
                self.versions.extend(words);
            }
            Section::Elements => {
                let id = words.next()?;
                let kind = kind(words.next()?)?;
                let (least, most) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
                self.elements.push(ElementRow { id, kind, least, most });
            }
            Section::Composites => self.composites.push(shape(line)?),
            Section::Segments => self.segments.push(shape(line)?),
            Section::Lists => {
                if line.starts_with('$') {
                    self.lists.push((words.next()?, Vec::new()));
                }
                let list = self.lists.last_mut()?;
                list.1.extend(words.flat_map(|word| word.split(',')).filter(|code| !code.is_empty()));
            }
            Section::Loops => {
                let row = segment_row(line_number, line)?;
                self.loops.last_mut()?.segments.push(row);
            }
        }
        Some(())
    }

    pub(super) fn element(&self, id: &str) -> Option<&ElementRow> {
        self.elements.iter().find(|row| row.id == id)
    }
}

fn kind(word: &str) -> Option<Kind> {
    Some(match word {
        "ID" => Kind::Id,
        "AN" => Kind::Text,
        "N0" => Kind::Whole,
        // Implied decimals: digits all the same.
        "N2" => Kind::Whole,
        "R" => Kind::Decimal,
        "DT" => Kind::Date,
        "TM" => Kind::Time,
        "B" => Kind::Binary,
        _ => return None,
    })
}

fn shape(line: &'static str) -> Option<ShapeRow> {
    let (places, conditions) = line.split_once('/').unwrap_or((line, ""));
    let mut words = places.split_ascii_whitespace();
    let id = words.next()?;
    let mut read = Vec::new();
    for word in conditions.split_ascii_whitespace() {
        let letter = *word.as_bytes().first().filter(|letter| b"PRECL".contains(letter))?;
        let places: Option<Vec<u8>> = word
            .get(1..)?
            .as_bytes()
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).ok()?.parse().ok().filter(|place| *place > 0))
            .collect();
        read.push((letter, places.filter(|places| places.len() > 1)?));
    }
    Some(ShapeRow { id, places: words.collect(), conditions: read })
}

/// `loop 2310A in 2300 S 2 @2500 Referring provider`
fn loop_row(line_number: usize, line: &'static str) -> Option<LoopRow> {
    let mut rest = line.strip_prefix("loop ")?;
    let id = word(&mut rest)?;
    let mut row = LoopRow {
        line: line_number,
        id,
        name: "",
        parents: Vec::new(),
        most: Some(1),
        at: 0,
        segments: Vec::new(),
    };
    if peek(rest) != "in" {
        if required(peek(rest)).is_some() {
            word(&mut rest);
            (row.most, row.at) = most_and_place(&mut rest)?;
        }
    } else {
        word(&mut rest);
        let mut bare = Vec::new();
        loop {
            let next = peek(rest);
            let first = row.parents.is_empty() && bare.is_empty();
            let is_loop = next.len() >= 4 && next.as_bytes()[..4].iter().all(u8::is_ascii_digit);
            if let Some((parent, usage)) = next.split_once(':') {
                row.parents.push((parent, required(usage)?));
            } else if first || is_loop {
                bare.push(next);
            } else {
                break;
            }
            word(&mut rest)?;
        }
        let usage = required(peek(rest));
        if usage.is_some() {
            word(&mut rest);
        }
        row.parents.extend(bare.into_iter().map(|parent| (parent, usage.unwrap_or(false))));
        (row.most, row.at) = most_and_place(&mut rest)?;
    }
    row.name = rest.trim();
    Some(row)
}

/// `REF R 1 @350  Billing provider tax number : 01!EI,SY 02`
fn segment_row(line_number: usize, line: &'static str) -> Option<SegmentRow> {
    let (head, uses) = line.split_once(" :").unwrap_or((line, ""));
    let mut rest = head;
    let id = word(&mut rest)?;
    let required = required(word(&mut rest)?)?;
    let (most, at) = most_and_place(&mut rest)?;
    let mut reader = Uses { rest: uses };
    let uses = reader.all()?;
    if !reader.rest.trim().is_empty() {
        return None;
    }
    Some(SegmentRow { line: line_number, id, name: rest.trim(), required, most, at, uses })
}

fn most_and_place(rest: &mut &'static str) -> Option<(Option<u16>, u16)> {
    let mut most = Some(1);
    if !peek(rest).starts_with('@') {
        most = match word(rest)? {
            "*" => None,
            number => Some(number.parse().ok()?),
        };
    }
    Some((most, word(rest)?.strip_prefix('@')?.parse().ok()?))
}

fn required(word: &str) -> Option<bool> {
    match word {
        "R" => Some(true),
        "S" => Some(false),
        _ => None,
    }
}

fn peek(rest: &'static str) -> &'static str {
    rest.split_ascii_whitespace().next().unwrap_or_default()
}

fn word(rest: &mut &'static str) -> Option<&'static str> {
    let text = rest.trim_start();
    let end = text.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(text.len());
    *rest = &text[end..];
    Some(&text[..end]).filter(|word| !word.is_empty())
}

struct Uses {
    rest: &'static str,
}

impl Uses {
    fn all(&mut self) -> Option<Vec<Use>> {
        let mut uses = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with(')') {
                return Some(uses);
            }
            uses.push(self.one()?);
        }
    }

    fn one(&mut self) -> Option<Use> {
        let place = self.number()?;
        let mut one = Use {
            place: u8::try_from(place).ok()?,
            required: true,
            most: None,
            repeats: 1,
            codes: Vec::new(),
            key: false,
            parts: None,
        };
        loop {
            let Some(mark) = self.rest.bytes().next() else { return Some(one) };
            match mark {
                b'?' => {
                    self.rest = &self.rest[1..];
                    one.required = false;
                }
                b'^' => {
                    self.rest = &self.rest[1..];
                    one.most = Some(self.number()?);
                }
                b'x' => {
                    self.rest = &self.rest[1..];
                    one.repeats = u8::try_from(self.number()?).ok()?;
                }
                b'=' | b'!' => {
                    let end = self.rest.find([' ', '(', ')']).unwrap_or(self.rest.len());
                    one.key = mark == b'!';
                    one.codes = self.rest.get(1..end)?.split(',').collect();
                    self.rest = &self.rest[end..];
                }
                b'(' => {
                    self.rest = &self.rest[1..];
                    one.parts = Some(self.all()?);
                    self.rest = self.rest.strip_prefix(')')?;
                }
                b' ' | b'\t' | b')' => return Some(one),
                _ => return None,
            }
        }
    }

    fn number(&mut self) -> Option<u16> {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.rest.len());
        let number = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        Some(number)
    }
}
