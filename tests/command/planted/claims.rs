//! Claims with planted words in every element of the guide.

use super::guide::{Part, Place, SERVED, places};

/// Begins every word that names nobody's business: what may stand nowhere short of everything.
pub(crate) const SECRET: &str = "XANTHE";
/// Begins every word that stands where a provider, a payer or a sender is named.
pub(crate) const BUSINESS: &str = "OPENLY";
/// A birth date.
pub(crate) const BORN: &str = "19530417";
/// A date that is none of treatment: a last menstrual period, a payment.
pub(crate) const OTHER_DATE: &str = "20250119";
/// ZIP code of a person.
pub(crate) const ZIP: &str = "971739204";

/// DTP01 of dates of service and treatment, by which a biller finds a claim.
const TREATMENT: &[&str] = &["472", "431", "454", "304", "453", "439", "435", "096"];
/// Loops whose names are those of businesses and of people at work.
const AT_WORK: &[&str] = &[
    "1000", "2010AA", "2010AB", "2010AC", "2010BB", "2310", "2330B", "2330C", "2330D", "2330E", "2330F",
    "2330G", "2420",
];
/// REF01 of numbers that stand for a person or for what was agreed about one.
const OF_PERSONS: &[&str] =
    &["SY", "1W", "EA", "F8", "D9", "Y4", "G1", "9F", "6R", "9A", "9B", "9C", "9D", "VY", "XZ"];

/// How words look that are planted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Look {
    /// A name.
    Letters,
    /// A number with letters in it.
    Mixed,
}

/// What is done to a claim before it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    /// Nothing: words stand where the guide allows any.
    None,
    /// A word stands in this element of every segment that has it.
    Element(usize),
    /// A word stands in this component of every composite.
    Component(usize),
    /// A word stands for the first element of every segment whose place leaves this remainder by eight.
    First(usize),
    /// A word stands in the last element, and one past it.
    Beyond,
    /// An element too many stands first.
    ShiftedRight,
    /// The first element is missing.
    ShiftedLeft,
    /// Every segment whose place leaves this remainder by five runs into the next.
    RunTogether(usize),
    /// The segments stand the other way round.
    Reversed,
    /// Words are broken off by a line break.
    BrokenLine,
}

/// All of them.
pub(crate) fn changes() -> Vec<Change> {
    let mut changes = vec![Change::None, Change::Beyond, Change::ShiftedRight, Change::ShiftedLeft];
    changes.extend((2..=20).map(Change::Element));
    changes.extend((1..=8).map(Change::Component));
    changes.extend((0..8).map(Change::First));
    changes.extend((0..5).map(Change::RunTogether));
    changes.extend([Change::Reversed, Change::BrokenLine]);
    changes
}

/// Writes files, and remembers what each word stands for.
pub(crate) struct Planter {
    places: Vec<Place>,
    /// By number of the word: `2010BA NM103, shifted`.
    planted: Vec<String>,
}

impl Planter {
    pub(crate) fn new() -> Planter {
        Planter { places: places(), planted: Vec::new() }
    }

    /// Where the word with this number stands.
    pub(crate) fn place(&self, number: usize) -> &str {
        self.planted.get(number).map_or("?", String::as_str)
    }

    fn word(&mut self, prefix: &str, look: Look, place: String) -> String {
        let number = self.planted.len();
        self.planted.push(place);
        let letter = |number: usize| char::from(b'A' + (number % 26) as u8);
        let code: String = [number / 17_576, number / 676, number / 26, number].map(letter).iter().collect();
        match look {
            Look::Letters => format!("{prefix}{code}"),
            Look::Mixed => format!("{prefix}{code}7"),
        }
    }

    /// A file of one claim for each change and look.
    pub(crate) fn file(&mut self, changes: &[Change], looks: &[Look]) -> String {
        let mut text = self.header();
        let mut hl = 2;
        for &look in looks {
            for &change in changes {
                text.push_str(&self.claim(change, look, &mut hl));
            }
        }
        text.push_str("SE*1*0001~\nGE*1*101~\nIEA*1*000000101~\n");
        text
    }

    fn header(&mut self) -> String {
        let mut text = "ISA*00*XANTHEAUTH*00*XANTHEPASS*ZZ*OPENLYSENDER   *ZZ*OPENLYRECEIVER *250304*0915*^*00501*000000101*0*T*:~\n\
                        GS*HC*OPENLYSENDER*OPENLYRECEIVER*20250304*0915*101*X*005010X222A1~\nST*837*0001*005010X222A1~\n\
                        BHT*0019*00*OPENLY101*20250304*0915*CH~\n"
            .to_owned();
        let upper = |place: &&Place| {
            ["1000", "2000A", "2010AA", "2010AB", "2010AC"].iter().any(|up| place.in_loop.starts_with(up))
        };
        let places: Vec<Place> = self.places.iter().filter(upper).cloned().collect();
        for place in places {
            let segment = match (place.id.as_str(), place.in_loop.as_str()) {
                ("HL", _) => vec!["HL*1**20*1".to_owned()],
                _ => vec![self.segment(&place, Change::None, Look::Letters, 0)],
            };
            text.push_str(&segment.join(""));
            text.push_str("~\n");
        }
        text
    }

    fn claim(&mut self, change: Change, look: Look, hl: &mut usize) -> String {
        let lower = |place: &&Place| {
            ("2000B".."3").contains(&place.in_loop.as_str()) && !place.in_loop.starts_with("2010A")
        };
        let places: Vec<Place> = self.places.iter().filter(lower).cloned().collect();
        let mut segments = Vec::new();
        for (at, place) in places.iter().enumerate() {
            segments.push(match (place.id.as_str(), place.in_loop.as_str()) {
                ("HL", "2000B") => format!("HL*{hl}*1*22*1"),
                ("HL", "2000C") => format!("HL*{}*{hl}*23*0", *hl + 1),
                _ => self.segment(place, change, look, at),
            });
        }
        *hl += 2;
        if change == Change::Reversed {
            segments[2..].reverse();
        }
        let mut text = String::new();
        for (at, segment) in segments.into_iter().enumerate() {
            let broken = match (change, segment.split_at_checked(segment.len() / 2)) {
                (Change::BrokenLine, Some((one, other))) => format!("{one}\n{other}"),
                _ => segment,
            };
            text.push_str(&broken);
            let runs_on = matches!(change, Change::RunTogether(rest) if at % 5 == rest && at > 1);
            text.push_str(if runs_on { "\n" } else { "~\n" });
        }
        text
    }

    fn segment(&mut self, place: &Place, change: Change, look: Look, at: usize) -> String {
        let in_turn = |index: usize| match change {
            Change::Element(number) => index == number,
            Change::First(rest) => index == 1 && at % 8 == rest,
            _ => false,
        };
        let qualifier = match place.elements.first() {
            Some(Some(Part::Code(code))) => code.clone(),
            _ => String::new(),
        };
        let mut elements = Vec::new();
        for (index, part) in (1..).zip(&place.elements) {
            let named = format!("{} {}{index:02} {change:?} {look:?}", place.in_loop, place.id);
            let prefix = prefix(place, index, &qualifier);
            elements.push(match part {
                // What the guide has no use for may hold something all the same.
                _ if in_turn(index) => self.word(prefix, Look::Letters, named),
                Some(Part::Composite(parts)) => {
                    let mut components = Vec::new();
                    for (number, part) in (1..).zip(parts) {
                        let named = format!("{named}-{number}");
                        let in_turn = change == Change::Component(number);
                        components.push(match part {
                            _ if in_turn => self.word(SECRET, Look::Letters, named),
                            None => String::new(),
                            Some(part) => self.value(place, index, part, SECRET, look, named, &qualifier),
                        });
                    }
                    components.join(":").trim_end_matches(':').to_owned()
                }
                None => String::new(),
                Some(part) => self.value(place, index, part, prefix, look, named, &qualifier),
            });
        }
        let beyond = format!("{} {} beyond {look:?}", place.in_loop, place.id);
        match change {
            Change::Beyond => elements.push(self.word(SECRET, look, beyond)),
            Change::ShiftedRight => elements.insert(0, self.word(SECRET, Look::Letters, beyond)),
            Change::ShiftedLeft => drop(elements.remove(0)),
            _ => {}
        }
        let text = format!("{}*{}", place.id, elements.join("*"));
        text.trim_end_matches('*').to_owned()
    }

    #[allow(clippy::too_many_arguments, reason = "what a value depends on")]
    fn value(
        &mut self,
        place: &Place,
        index: usize,
        part: &Part,
        prefix: &str,
        look: Look,
        named: String,
        qualifier: &str,
    ) -> String {
        match (place.id.as_str(), index, part) {
            ("DMG", 2, _) | ("PAT", 6, _) => BORN.to_owned(),
            ("N4", 3, _) => ZIP.to_owned(),
            ("DTP", 3, _) if !TREATMENT.contains(&qualifier) => OTHER_DATE.to_owned(),
            ("DTP", 3, _) => SERVED.to_owned(),
            (_, _, Part::Code(code)) => code.clone(),
            (_, _, Part::Plain(value)) => (*value).to_owned(),
            // A claim's own number shows if it reads like a number.
            ("CLM", 1, _) => self.word("CLAIMNO", look, named),
            _ => self.word(prefix, look, named),
        }
    }
}

fn prefix(place: &Place, index: usize, qualifier: &str) -> &'static str {
    let at_work = AT_WORK.iter().any(|work| place.in_loop.starts_with(work));
    match place.id.as_str() {
        "NM1" | "PER" | "PRV" if at_work => BUSINESS,
        "REF" if at_work && !OF_PERSONS.contains(&qualifier) => BUSINESS,
        // Numbers of laboratories, trials and certificates.
        "REF" if !OF_PERSONS.contains(&qualifier) && !place.in_loop.starts_with("2010") && index == 2 => {
            BUSINESS
        }
        // Contracts, repricers and forms.
        "CN1" | "HCP" | "PS1" | "SVD" | "LIN" | "LQ" if index > 0 => BUSINESS,
        _ => SECRET,
    }
}
