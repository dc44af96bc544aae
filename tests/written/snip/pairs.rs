//! The table of pairs (pairs.txt), read into files. Knows nothing of rules.

use std::collections::BTreeMap;

use cleanclaim::claim::Date;

/// Two files, one edit apart.
pub(crate) struct Pair {
    /// Code of the rule.
    pub(crate) code: String,
    /// The way in which it speaks; `-` is the plain one.
    pub(crate) outcome: String,
    /// The run date.
    pub(crate) as_of: Date,
    /// Profiles besides the built-in ones, as YAML.
    pub(crate) profile: Option<String>,
    /// A rule that is not asked, since it would speak first.
    pub(crate) without: Option<String>,
    /// What else speaks, as `CODE outcome`.
    pub(crate) also: Vec<String>,
    /// The file that must not make it speak.
    pub(crate) clean: String,
    /// The file that must.
    pub(crate) fires: String,
    is_json: bool,
    /// Whether lists of procedure codes, modifiers and taxonomies are loaded.
    pub(crate) lists: bool,
}

impl Pair {
    pub(crate) fn file_name(&self) -> &'static str {
        if self.is_json { "pair.jsonl" } else { "pair.837" }
    }
}

/// The claim of the base as a line of JSON, for what an 837 cannot show.
const JSON: &str = concat!(
    r#"{"claim_id":"EX-1","claim_filing_indicator":"MB","service_date":"2025-03-03","place_of_service":"11","#,
    r#""procedure_code":"97110","modifiers":["GP"],"units":1,"minutes":15,"charge_amount":"60.00","#,
    r#""diagnosis_codes":["M5450"],"diagnosis_pointers":[1],"billing_npi":"1000000111","billing_entity_type":"2","#,
    r#""rendering_npi":"1000000228","rendering_taxonomy":"225100000X","referring_npi":"1000000558"}"#,
    "\n"
);

/// Edits, each of a text that stands in the file once.
fn edits(text: &str) -> Vec<(String, String)> {
    let edits = text.split(" & ").map(|edit| {
        // An edit that only takes away ends with its arrow.
        let (old, new) = format!("{edit} ")
            .split_once(" => ")
            .map(|(old, new)| (old.trim().to_owned(), new.trim().to_owned()))
            .unwrap_or_else(|| panic!("no edit: {edit}"));
        (filled(&old), filled(&new))
    });
    edits.collect()
}

fn edited(text: &str, edits: &[(String, String)], row: &str) -> String {
    edits.iter().fold(text.to_owned(), |text, (old, new)| {
        assert_eq!(text.matches(old.as_str()).count(), 1, "{row}: {old:?} does not stand there once");
        text.replace(old.as_str(), new)
    })
}

/// The clean file on one line, so that an edit may reach from one segment into the next.
fn base() -> String {
    include_str!("../../../rules/example-base.837").replace('\n', "")
}

/// What stands in the base from the first of two texts on, up to the second.
fn part(from: &str, to: &str) -> String {
    let base = base();
    let start = base.find(from).expect("in the base");
    let end = base.find(to).expect("in the base");
    base[start..end].to_owned()
}

/// The claim of the base under another number, on the day that many days after 2024-06-01.
fn claim(number: u32) -> String {
    let day = (0..number).fold(Date::constant(2024, 6, 1), |date, _| date.tomorrow().expect("a day"));
    let day = format!("{day}").replace('-', "");
    part("CLM*", "SE*29").replace("EX-1", &format!("MORE-{number}")).replace("20250303", &day)
}

/// A text with its `{...}` written out.
fn filled(text: &str) -> String {
    let Some((head, rest)) = text.split_once('{') else { return text.to_owned() };
    let (token, tail) = rest.split_once('}').unwrap_or_else(|| panic!("no end: {text}"));
    let (count, what) = token.split_once(' ').unwrap_or(("1", token));
    let count: u32 = count.parse().unwrap_or_else(|_| panic!("no number: {token}"));
    let filling = match what {
        "claim" => part("CLM*", "SE*29"),
        "set" => part("BHT*", "SE*29").replace("EX-1", "EX-2").replace("*20250303", "*20250304"),
        "claims" => (1..=count).map(claim).collect(),
        "x" => "x".repeat(count as usize),
        "notes" => format!("NTE*ADD*{}~", "x".repeat(1_000_000)).repeat(count as usize),
        _ => panic!("what is {token}?"),
    };
    format!("{head}{filling}{}", filled(tail))
}

/// The file with every SE01 as counted.
fn counted(text: &str) -> String {
    let mut count = 0;
    let segments = text.split('~').map(|segment| {
        count = if segment.starts_with("ST*") { 1 } else { count + 1 };
        match segment.strip_prefix("SE*").and_then(|rest| rest.split_once('*')) {
            Some((_, number)) => format!("SE*{count}*{number}"),
            None => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("~")
}

fn date(text: &str) -> Date {
    let mut parts = text.split('-').map(|part| part.parse::<i16>().expect("a number"));
    let mut next = || parts.next().expect("year, month and day");
    let (year, month, day) = (next(), next(), next());
    Date::new(year, month as i8, day as i8).expect("a day")
}

fn pair(line: &str, givens: &BTreeMap<&str, &str>) -> Pair {
    let mut cells = line.split('|').map(str::trim);
    let row = cells.next().unwrap_or_default();
    let (code, outcome) = row.split_once(' ').unwrap_or_else(|| panic!("no outcome: {line}"));
    let given = cells.next().unwrap_or_else(|| panic!("two columns are missing: {line}"));
    let edit = edits(cells.next().unwrap_or_else(|| panic!("a column is missing: {line}")));
    let also = cells.next().unwrap_or_default().split(',').map(str::trim);
    let mut pair = Pair {
        code: code.to_owned(),
        outcome: outcome.trim().to_owned(),
        as_of: Date::constant(2025, 4, 2),
        profile: None,
        without: None,
        also: also.filter(|also| !also.is_empty()).map(str::to_owned).collect(),
        clean: base(),
        fires: String::new(),
        is_json: false,
        lists: false,
    };
    for given in given.split(" ; ").filter(|given| !given.is_empty()) {
        match given.split_once(' ') {
            None if given == "json" => (pair.is_json, pair.clean) = (true, JSON.to_owned()),
            None if given == "lists" => pair.lists = true,
            None => {
                let named = givens.get(given).unwrap_or_else(|| panic!("what is {given}?"));
                pair.clean = edited(&pair.clean, &edits(named), row);
            }
            Some(("as-of", day)) => pair.as_of = date(day),
            Some(("profile", yaml)) => pair.profile = Some(yaml.to_owned()),
            Some(("without", code)) => pair.without = Some(code.to_owned()),
            Some(_) => pair.clean = edited(&pair.clean, &edits(given), row),
        }
    }
    pair.fires = edited(&pair.clean, &edit, row);
    pair.clean = counted(&pair.clean);
    if outcome.trim() != "se01-count" {
        pair.fires = counted(&pair.fires);
    }
    pair
}

/// Every pair, in the order of the table.
pub(crate) fn pairs() -> Vec<Pair> {
    let table = include_str!("pairs.txt");
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (givens, rows): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("given "));
    let givens =
        givens.into_iter().filter_map(|line| line.strip_prefix("given ")?.split_once(": ")).collect();
    rows.into_iter().map(|row| pair(row, &givens)).collect()
}
