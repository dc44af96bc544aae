use super::*;
use crate::report::sample;
use insta::assert_snapshot;

fn rendered(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(|row| row.expect("as wide as the head")).collect()
}

fn column(name: &str) -> usize {
    COLUMNS.iter().position(|column| *column == name).expect("a column")
}

#[test]
fn the_whole() {
    assert_snapshot!(rendered(&sample::everything(), Redaction::Default));
}

#[test]
fn no_cell_is_a_formula_and_amounts_are_numbers() {
    let text = rendered(&sample::everything(), Redaction::ShowPhi);
    let rows = rows(&text);
    assert_eq!(rows.len(), 8);
    for row in &rows {
        for (name, cell) in COLUMNS.iter().zip(row) {
            if ["net", "gross", "charge"].contains(name) {
                assert!(cell.is_empty() || cell.parse::<f64>().is_ok(), "{name}: {cell}");
            } else {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{name}: {cell}");
            }
        }
    }
    let hostile = rows.iter().find(|row| &row[column("code")] == "ZZ1").expect("the hostile one");
    assert_eq!(&hostile[column("net")], "-12.25");
    assert!(hostile[column("claim_id")].starts_with("'=1+1,"));
}

#[test]
fn what_does_not_exist_is_empty() {
    let text = rendered(&sample::everything(), Redaction::Default);
    let rows = rows(&text);
    let of_file = &rows[0];
    for name in ["claim", "claim_id", "ref", "line", "date", "procedure_code", "units", "minutes", "charge"] {
        assert_eq!(&of_file[column(name)], "", "{name}");
    }
    let unpriced = rows.iter().find(|row| &row[column("unpriced")] == "yes").expect("the unpriced one");
    assert_eq!((&unpriced[column("net")], &unpriced[column("gross")]), ("", ""));
}

#[test]
fn a_name_in_the_place_of_a_number_is_not_shown() {
    let text = rendered(&sample::everything(), Redaction::Default);
    assert!(!text.contains("ROWAN"), "{text}");
    assert!(text.contains("1000000228") && text.contains("60054"), "{text}");
    assert!(text.is_ascii(), "a mask is ASCII here");
}

#[test]
fn dollars_that_a_known_finding_holds_are_in_no_total() {
    let cell = |is_known| {
        let mut finding = sample::warning();
        finding.counted_in.iter_mut().for_each(|holder| holder.is_known = is_known);
        let text = rendered(&sample::run(vec![finding]), Redaction::Default);
        rows(&text)[0][column("counted_in")].to_owned()
    };
    assert_eq!(cell(false), "V01 line 2");
    assert_eq!(cell(true), "V01 line 2 (known to the baseline: in no total)");
}
