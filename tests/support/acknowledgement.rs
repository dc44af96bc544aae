//! A reader of acknowledgements that knows nothing of their writer. Codes and lengths are those of 005010X231A1.

use std::collections::HashSet;
use std::ops::RangeInclusive;

/// Segments of an acknowledgement, by element.
pub(crate) type Segments<'a> = Vec<Vec<&'a str>>;

/// An element as the guide has it: what it may say and how long it is.
enum Form {
    /// Digits.
    Number(RangeInclusive<usize>),
    /// Text.
    Text(RangeInclusive<usize>),
    /// One of these.
    Code(&'static [&'static str]),
}

const TA105: &[&str] = &[
    "000", "001", "002", "003", "004", "005", "006", "007", "008", "009", "010", "011", "012", "013", "014",
    "015", "016", "017", "018", "019", "020", "021", "022", "023", "024", "025", "026", "027", "028", "029",
    "030", "031",
];
const AK201: &[&str] = &["270", "271", "276", "277", "278", "820", "834", "835", "837"];
const IK304: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8", "I4", "I6", "I7", "I8", "I9"];
const IK403: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "I10", "I11", "I12", "I13", "I6",
    "I9",
];
const IK502: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "15", "16", "17", "18", "19", "23",
    "24", "25", "26", "27", "I5", "I6",
];
const AK905: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "23", "24",
    "25", "26",
];

/// The elements of a segment, and how many of them must be there.
fn forms(id: &str) -> (Vec<Form>, usize) {
    use Form::{Code, Number, Text};
    let five = |codes| (0..5).map(move |_| Code(codes));
    match id {
        "TA1" => (vec![Number(9..=9), Number(6..=6), Number(4..=4), Code(&["A", "E", "R"]), Code(TA105)], 5),
        "GS" => (
            vec![
                Code(&["FA"]),
                Text(2..=15),
                Text(2..=15),
                Number(8..=8),
                Number(4..=8),
                Number(1..=9),
                Code(&["X"]),
                Code(&["005010X231A1"]),
            ],
            8,
        ),
        "ST" => (vec![Code(&["999"]), Text(4..=9), Code(&["005010X231A1"])], 3),
        "AK1" => (
            vec![Code(&["BE", "HB", "HC", "HI", "HN", "HP", "HR", "HS", "RA"]), Number(1..=9), Text(1..=12)],
            3,
        ),
        "AK2" => (vec![Code(AK201), Text(4..=9), Text(1..=35)], 2),
        "IK3" => (vec![Text(2..=3), Number(1..=10), Text(1..=4), Code(IK304)], 4),
        "CTX" => (vec![Text(7..=41)], 1),
        "IK4" => (vec![Text(1..=10), Number(1..=4), Code(IK403)], 3),
        "IK5" => ([Code(&["A", "E", "R"])].into_iter().chain(five(IK502)).collect(), 1),
        "AK9" => (
            [Code(&["A", "E", "P", "R"]), Number(1..=6), Number(1..=6), Number(1..=6)]
                .into_iter()
                .chain(five(AK905))
                .collect(),
            4,
        ),
        "SE" => (vec![Number(1..=10), Text(4..=9)], 2),
        "GE" => (vec![Number(1..=6), Number(1..=9)], 2),
        "IEA" => (vec![Number(1..=5), Number(9..=9)], 2),
        other => panic!("no segment of an acknowledgement: {other}"),
    }
}

#[track_caller]
fn assert_form(segment: &[&str], text: &str) {
    let (forms, required) = forms(segment[0]);
    assert!(segment.len() - 1 <= forms.len() && segment.len() > required, "{segment:?} in\n{text}");
    assert_ne!(segment.last(), Some(&""), "{segment:?} ends with nothing");
    for (index, (value, form)) in segment[1..].iter().zip(&forms).enumerate() {
        let fits = match form {
            Form::Number(digits) => {
                digits.contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
            }
            Form::Text(letters) => letters.contains(&value.len()) && value.trim() == *value,
            Form::Code(codes) => codes.contains(value),
        };
        // IK303 and IK402 may be absent.
        let absent = value.is_empty() && matches!((segment[0], index), ("IK3", 2) | ("IK4", 1));
        assert!(fits || absent, "element {} of {segment:?} in\n{text}", index + 1);
    }
}

/// Reads an acknowledgement and wants it valid: layout, order of segments, counts, numbers, codes, and fates that follow
/// from what is said.
#[track_caller]
pub(crate) fn valid(text: &str) -> Segments<'_> {
    let segments: Segments<'_> =
        text.lines().map(|line| line.trim_end_matches('~').split('*').collect()).collect();
    assert!(
        text.is_ascii() && text.lines().all(|line| line.ends_with('~') && line.matches('~').count() == 1)
    );
    read_by_another(text, &segments);
    let mut numbers = HashSet::new();
    let mut at = 0;
    let id = |at: usize| segments.get(at).map_or("", |segment| segment[0]);
    let end = |at: &mut usize| {
        *at += 1;
        *at - 1
    };
    while at < segments.len() {
        let isa = &segments[end(&mut at)];
        let lengths: Vec<usize> = isa.iter().map(|element| element.len()).collect();
        assert_eq!(lengths, [3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1], "{isa:?}");
        assert_eq!((isa[0], isa[11], isa[12], isa[14], isa[16]), ("ISA", "^", "00501", "0", ":"));
        assert!(["P", "T"].contains(&isa[15]) && !isa[6].trim().is_empty() && !isa[8].trim().is_empty());
        assert!(numbers.insert(isa[13]), "two interchanges numbered {}", isa[13]);
        let said_ta1 = id(at) == "TA1";
        let rejected = said_ta1 && segments[at][4] == "R";
        if said_ta1 {
            let ta1 = &segments[end(&mut at)];
            assert_form(ta1, text);
            assert_eq!(ta1[4] == "A", ta1[5] == "000", "{ta1:?}");
        }
        let mut groups = 0;
        while id(at) == "GS" {
            groups += 1;
            let gs = &segments[end(&mut at)];
            assert_form(gs, text);
            assert_eq!(gs[6], groups.to_string());
            let start = at;
            assert_form(&segments[at], text);
            let st = &segments[end(&mut at)];
            assert_form(&segments[end(&mut at)], text);
            assert_eq!((st[0], id(at - 1)), ("ST", "AK1"));
            let mut fates = Vec::new();
            while id(at) == "AK2" {
                assert_form(&segments[end(&mut at)], text);
                fates.push(set_fate(&segments, &mut at, text));
            }
            let ak9 = &segments[end(&mut at)];
            assert_form(ak9, text);
            group_fate(ak9, &fates);
            let se = &segments[end(&mut at)];
            assert_form(se, text);
            assert_eq!((se[0], se[1], se[2]), ("SE", &*(at - start).to_string(), st[2]));
            let ge = &segments[end(&mut at)];
            assert_form(ge, text);
            assert_eq!((ge[0], ge[1], ge[2]), ("GE", "1", gs[6]));
        }
        let iea = &segments[end(&mut at)];
        assert_form(iea, text);
        assert_eq!((iea[0], iea[1], iea[2]), ("IEA", &*groups.to_string(), isa[13]));
        assert!(if rejected { groups == 0 } else { groups > 0 || said_ta1 }, "{text}");
    }
    segments
}

/// From behind AK2 to IK5: whether the set is accepted.
#[track_caller]
fn set_fate<'a>(segments: &Segments<'a>, at: &mut usize, text: &str) -> &'a str {
    let mut in_error = false;
    let mut position = 0;
    while segments[*at][0] == "IK3" {
        in_error = true;
        let ik3 = &segments[*at];
        assert_form(ik3, text);
        let place: u64 = ik3[2].parse().expect("digits");
        assert!(place >= position, "places go backwards:\n{text}");
        position = place;
        *at += 1;
        if segments[*at][0] == "CTX" {
            assert_form(&segments[*at], text);
            assert!(segments[*at][1].starts_with("CLM01:"));
            *at += 1;
        }
        let first = *at;
        while segments[*at][0] == "IK4" {
            assert_form(&segments[*at], text);
            *at += 1;
        }
        assert_eq!(ik3[4] == "8", *at > first, "8 goes with IK4, and nothing else does:\n{text}");
    }
    let ik5 = &segments[*at];
    *at += 1;
    assert_eq!(ik5[0], "IK5", "{text}");
    assert_form(ik5, text);
    assert_eq!(ik5[1] == "A", ik5.len() == 2, "{ik5:?}");
    assert_eq!(in_error, ik5[2..].contains(&"5"), "{ik5:?} in\n{text}");
    let mut codes = ik5[2..].to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), ik5.len() - 2, "{ik5:?}");
    ik5[1]
}

#[track_caller]
fn group_fate(ak9: &[&str], fates: &[&str]) {
    assert_eq!(ak9[0], "AK9");
    assert_eq!(ak9[3], fates.len().to_string(), "{ak9:?}");
    let accepted = fates.iter().filter(|fate| **fate != "R").count();
    let wanted = match (accepted, ak9[4]) {
        (0, _) | (_, "0") => "R",
        (accepted, _) if accepted < fates.len() => "P",
        _ if fates.contains(&"E") || ak9.len() > 5 => "E",
        _ => "A",
    };
    assert_eq!(ak9[1], wanted, "{ak9:?} of {fates:?}");
    assert!(ak9[4] == "0" || ak9[4] == accepted.to_string(), "{ak9:?} of {fates:?}");
    assert!(ak9[4] != "0" || accepted == 0 || ak9.len() > 5, "a group is rejected for a reason: {ak9:?}");
}

/// Another parser reads the same segments and elements.
#[track_caller]
fn read_by_another(text: &str, segments: &Segments<'_>) {
    let flat = text.replace('\n', "");
    let separators = x12_stream_parser::Delimiters::new(b'~', b'*', b':');
    let read: Vec<_> = x12_stream_parser::Parser::new(flat.as_bytes(), separators)
        .collect::<Result<_, _>>()
        .expect("segments");
    assert_eq!(read.len(), segments.len());
    for (theirs, ours) in read.iter().zip(segments) {
        assert_eq!(theirs.id(), ours[0].as_bytes());
        let elements: Vec<&[u8]> = theirs.elements().collect();
        assert_eq!(elements, ours[1..].iter().map(|element| element.as_bytes()).collect::<Vec<_>>());
    }
}
