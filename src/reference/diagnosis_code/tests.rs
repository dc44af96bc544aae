use super::*;

fn code(text: &str) -> DiagnosisCode {
    DiagnosisCode::new(text.as_bytes()).expect(text)
}

fn on(text: &str, year: i16, month: i8, day: i8) -> DiagnosisStanding {
    Reference::builtin().diagnosis(code(text), Date::constant(year, month, day))
}

fn beneath(text: &str, date: Date) -> (String, usize) {
    let successors = Reference::builtin().successors(code(text), date, 8);
    let codes: Vec<String> = successors.codes.iter().map(DiagnosisCode::dotted).collect();
    (codes.join(" "), successors.more)
}

const IN_2025: Date = Date::constant(2025, 3, 3);

#[test]
fn low_back_pain_was_split_in_october_2021() {
    use DiagnosisStanding::{Billable, Header, NotYet};
    let split = Header { ended: Some(Date::constant(2021, 9, 30)) };
    assert_eq!([on("M54.5", 2021, 9, 30), on("M54.5", 2021, 10, 1)], [Billable, split]);
    let begins = NotYet { first_day: Date::constant(2021, 10, 1) };
    assert_eq!([on("M54.50", 2021, 9, 30), on("M54.50", 2021, 10, 1)], [begins, Billable]);
    assert_eq!(beneath("M54.5", IN_2025), ("M54.50 M54.51 M54.59".to_owned(), 0));
    assert_eq!(beneath("M54.5", Date::constant(2021, 9, 30)), (String::new(), 0));
}

#[test]
fn headings_that_the_table_never_saw_billable() {
    for heading in ["M79.1", "M62.8", "M25.5", "M25.56", "M54", "S33.5", "S33.5XX"] {
        assert_eq!(on(heading, 2025, 3, 3), DiagnosisStanding::Header { ended: None }, "{heading}");
    }
    assert_eq!(beneath("M79.1", IN_2025).0, "M79.10 M79.11 M79.12 M79.18");
    assert_eq!(
        beneath("M62.8", IN_2025),
        ("M62.81 M62.82 M62.830 M62.831 M62.838 M62.84 M62.85 M62.89".to_owned(), 0)
    );
    assert_eq!(beneath("M62.8", Date::constant(2024, 9, 30)).0.matches("M62.85").count(), 0);
    assert_eq!(beneath("S33.5XX", IN_2025).0, "S33.5XXA S33.5XXD S33.5XXS");
    let (first, more) = beneath("M25.5", IN_2025);
    assert!(first.starts_with("M25.50 M25.511 M25.512 ") && more > 8, "{first} {more}");
}

#[test]
fn codes_that_are_billable_and_codes_that_are_not() {
    for billable in ["M25.561", "I97.2", "R52", "M96.1", "M54.50", "S33.5XXA", "m54.2"] {
        assert_eq!(on(billable, 2025, 3, 3), DiagnosisStanding::Billable, "{billable}");
    }
    for unknown in ["724.2", "M5", "M99.999", "M54.500", "S33.5A", "S33.5XXZ", "ZZZ", "QQ0.0", "999", "M"] {
        assert_eq!(on(unknown, 2025, 3, 3), DiagnosisStanding::Unknown, "{unknown}");
    }
}

#[test]
fn a_letter_may_be_the_second_character() {
    let begins = DiagnosisStanding::NotYet { first_day: Date::constant(2025, 10, 1) };
    assert_eq!(
        [on("QA0.0101", 2025, 9, 30), on("QA00101", 2025, 10, 1)],
        [begins, DiagnosisStanding::Billable]
    );
    assert_eq!(on("QA0", 2025, 10, 1), DiagnosisStanding::Header { ended: None });
    assert_eq!(on("QA0", 2025, 9, 30), DiagnosisStanding::Unknown, "no heading before its first code");
}

#[test]
fn a_code_that_ended_for_good() {
    let ended = DiagnosisStanding::Ended { last_day: Date::constant(2019, 9, 30) };
    let gone: Vec<&str> = ["H81.41", "H81.42", "H81.43", "H81.49"]
        .into_iter()
        .filter(|text| on(text, 2019, 9, 30) == DiagnosisStanding::Billable)
        .filter(|text| on(text, 2019, 10, 1) == ended)
        .collect();
    assert_eq!(gone, ["H81.41", "H81.42", "H81.43", "H81.49"]);
    assert_eq!(beneath("H81.41", IN_2025).0, "H81.4", "the heading took their place");
    assert_eq!(
        on("S30.1XXA", 2025, 10, 1),
        DiagnosisStanding::Ended { last_day: Date::constant(2025, 9, 30) }
    );
    let since = beneath("S30.1XXA", Date::constant(2025, 10, 1));
    assert_eq!(since, ("S30.11XA S30.12XA S30.13XA".to_owned(), 0), "of the same seventh character");
    assert_eq!(beneath("S30.1XXA", Date::constant(2025, 9, 30)).0, "", "not before it ended");
}

#[test]
fn the_table_does_not_judge_other_days() {
    assert_eq!(
        Reference::builtin().diagnosis_days(),
        (Date::constant(2019, 7, 1), Date::constant(2026, 9, 30))
    );
    for text in ["M54.50", "M54.5", "ZZZ"] {
        assert_eq!(on(text, 2019, 6, 30), DiagnosisStanding::OutsideTable);
        assert_eq!(on(text, 2026, 10, 1), DiagnosisStanding::OutsideTable);
        assert_ne!(on(text, 2019, 7, 1), DiagnosisStanding::OutsideTable);
        assert_ne!(on(text, 2026, 9, 30), DiagnosisStanding::OutsideTable);
    }
    assert_eq!(on("M54.50", 1, 1, 1), DiagnosisStanding::OutsideTable);
    assert_eq!(beneath("M54.5", Date::constant(2026, 10, 1)), (String::new(), 0));
}

#[test]
fn a_code_that_comes_back_has_a_gap() {
    let quarters = Quarters(0b10_0011);
    let before: Vec<Option<u32>> = (0..7).map(|quarter| quarters.before(quarter)).collect();
    assert_eq!(before, [None, Some(0), Some(1), Some(1), Some(1), Some(1), Some(5)]);
    let behind: Vec<Option<u32>> = (0..7).map(|quarter| quarters.behind(quarter)).collect();
    assert_eq!(behind, [Some(1), Some(5), Some(5), Some(5), Some(5), None, None]);
}

#[test]
fn the_file_is_small_sorted_and_whole() {
    let bytes = include_bytes!("../../../reference/icd10cm.bin");
    assert!(bytes.len() < 300_000, "{} bytes", bytes.len());
    let head = head();
    assert_eq!((head.name, head.rows), ("icd10cm", 75_215));
    let categories: Vec<&[u8]> = CODES.categories.chunks(CATEGORY).collect();
    assert!(categories.is_sorted_by(|one, next| one[..3] < next[..3]));
    let starts: Vec<usize> = categories
        .iter()
        .enumerate()
        .map(|(index, _)| number(CODES.categories, 2 * index + 1, SUFFIX) as usize)
        .chain([CODES.suffixes.len() / SUFFIX])
        .collect();
    assert!(starts[0] == 0 && starts.is_sorted_by(|one, next| one < next));
    for range in starts.windows(2) {
        let suffixes: Vec<u32> = (range[0]..range[1]).map(|index| CODES.suffix(index).0).collect();
        assert!(suffixes.is_sorted_by(|one, next| one < next));
        assert!(suffixes.iter().all(|&suffix| suffix < Suffix::BASE.pow(4)));
    }
    let exceptions: Vec<&[u8]> = CODES.exceptions.chunks(EXCEPTION).collect();
    assert!(exceptions.is_sorted_by(|one, next| one[..3] < next[..3]));
    assert!(exceptions.iter().all(|one| usize::from(one[3]) < CODES.spans.len() / SPAN));
    assert_eq!(exceptions.len(), 3_775);
}
