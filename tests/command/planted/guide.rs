//! A claim with every segment and element of the implementation guide, made from the guide's own table: what is added
//! there is planted in without anybody thinking of it.

use std::collections::HashMap;

const TABLE: &str = include_str!("../../../guide/005010X222A1.txt");

/// One element of a segment.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// One of these codes.
    Code(String),
    /// Free text, a number that stands for something: what a planted word may stand in by the guide.
    Text,
    /// Anything else, with a value that has its form.
    Plain(&'static str),
    /// Its components.
    Composite(Vec<Option<Part>>),
}

/// One segment where the guide has it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// `2010BA`
    pub(crate) in_loop: String,
    /// `NM1`
    pub(crate) id: String,
    /// By number from 1; `None` where the guide has nothing.
    pub(crate) elements: Vec<Option<Part>>,
}

/// Every segment of the guide, in the order of a file, without the trailers.
pub(crate) fn places() -> Vec<Place> {
    let table = Table::read();
    let mut places = Vec::new();
    let mut in_loop = String::new();
    for line in TABLE.lines() {
        if let Some(rest) = line.strip_prefix("loop ") {
            in_loop = rest.split_whitespace().next().expect("a loop's id").to_owned();
            continue;
        }
        let is_segment = line.starts_with("  ") && !line.trim_start().starts_with('#') && !in_loop.is_empty();
        let Some((head, elements)) = line.split_once(" : ").filter(|_| is_segment) else { continue };
        let id = head.split_whitespace().next().expect("a segment's id").to_owned();
        if !["TA1", "SE", "GE", "IEA"].contains(&id.as_str()) {
            let elements = table.elements(&id, elements);
            places.push(Place { in_loop: in_loop.clone(), id, elements });
        }
    }
    places
}

/// The lists and types that the table names.
struct Table {
    /// `$yes-no` and its first code.
    lists: HashMap<&'static str, &'static str>,
    /// The data elements of each segment and composite.
    made_of: HashMap<&'static str, Vec<&'static str>>,
    /// The type of each data element.
    types: HashMap<&'static str, &'static str>,
}

impl Table {
    fn read() -> Table {
        let (mut lists, mut made_of, mut types) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut part = "";
        for line in TABLE.lines() {
            if line.starts_with("loop ") {
                break;
            }
            let words: Vec<&'static str> = line.split_whitespace().collect();
            match (line.starts_with(' '), words.first()) {
                (false, Some(name)) => part = name,
                (true, Some(name)) if !name.starts_with('#') => match part {
                    "lists" => drop(lists.insert(*name, words[1])),
                    "elements" => drop(types.insert(*name, words[1])),
                    "segments" | "composites" => {
                        let until = words.iter().position(|word| *word == "/").unwrap_or(words.len());
                        made_of.insert(*name, words[1..until].to_vec());
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Table { lists, made_of, types }
    }

    fn elements(&self, id: &str, listed: &'static str) -> Vec<Option<Part>> {
        let made_of = &self.made_of[id];
        let mut elements = vec![None; made_of.len()];
        for (number, said) in words(listed) {
            elements[number - 1] = Some(self.part(id, number, made_of[number - 1], said));
        }
        elements
    }

    fn part(&self, id: &str, number: usize, element: &'static str, said: &'static str) -> Part {
        if let Some(inner) = said.strip_prefix('(') {
            let made_of = &self.made_of[element];
            let mut parts = vec![None; made_of.len()];
            for (part, said) in words(inner.trim_end_matches(')')) {
                parts[part - 1] = Some(self.part(id, number, made_of[part - 1], said));
            }
            return Part::Composite(parts);
        }
        if let Some(codes) = said.strip_prefix(['=', '!']) {
            let first = codes.split(',').next().expect("a code");
            let code = self.lists.get(first).copied().unwrap_or(first);
            return Part::Code(code.to_owned());
        }
        match (id, number, element) {
            ("ISA" | "GS" | "ST" | "BHT", ..) => Part::Text,
            ("SV1" | "SV5" | "SVD", _, "234") => Part::Plain("97140"),
            ("SV1" | "SVD", _, "1339") => Part::Plain("GP"),
            ("HI", ..) => Part::Plain("M5450"),
            (_, _, "1251") => Part::Plain(SERVED),
            ("PRV", 3, _) => Part::Plain("225100000X"),
            (_, _, "1331") => Part::Plain("11"),
            (_, _, "156") => Part::Plain("OR"),
            (_, _, "26") => Part::Plain("CA"),
            _ => match self.types[element] {
                "AN" => Part::Text,
                "ID" => Part::Plain("1"),
                "DT" => Part::Plain(SERVED),
                "TM" => Part::Plain("0915"),
                _ => Part::Plain("1"),
            },
        }
    }
}

/// Every date of the claim, which is none of any table.
pub(crate) const SERVED: &str = "20250211";

/// `01!41 02=1,2 05(1=HC 2)` as numbers with what is said of each.
fn words(listed: &'static str) -> Vec<(usize, &'static str)> {
    let mut words = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in listed.char_indices().chain([(listed.len(), ' ')]) {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 => {
                let word = &listed[start..at];
                start = at + 1;
                let digits = word.bytes().take_while(u8::is_ascii_digit).count();
                if digits > 0 {
                    let number = word[..digits].parse().expect("a number");
                    // `08?` is optional, `02^20` is shorter than the dictionary: both hold what 08 and 02 hold.
                    let said = word[digits..].trim_start_matches('?');
                    let said = said
                        .strip_prefix('^')
                        .map_or(said, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
                    words.push((number, said));
                }
            }
            _ => {}
        }
    }
    words
}

#[test]
fn the_table_is_read_whole() {
    let places = places();
    assert!(places.len() > 190, "{}", places.len());
    let find = |in_loop: &str, id: &str| {
        places
            .iter()
            .find(|place| (place.in_loop.as_str(), place.id.as_str()) == (in_loop, id))
            .expect("a segment")
    };
    let name = find("2010CA", "NM1");
    assert!(matches!(&name.elements[0], Some(Part::Code(code)) if code == "QC"));
    assert!(matches!(name.elements[2], Some(Part::Text)) && name.elements[7].is_none());
    let Some(Part::Composite(parts)) = &find("2400", "SV1").elements[0] else { panic!("SV101 is composite") };
    assert!(matches!(&parts[0], Some(Part::Code(code)) if code == "ER") && parts[6].is_some());
    assert!(matches!(find("2300", "NTE").elements[1], Some(Part::Text)));
}
