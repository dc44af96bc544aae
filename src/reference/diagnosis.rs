use crate::claim::{DiagnosisCode, Regions, Side, Sides};

use super::Reference;
use super::table::{Row, Table};

const REGION: Table = Table::new(include_str!("../../reference/diagnosis_region.tsv"));
const SIDE: Table = Table::new(include_str!("../../reference/diagnosis_side.tsv"));

pub(super) const TABLES: [Table; 2] = [REGION, SIDE];

impl Reference {
    /// Where on the body the diagnosis is, and on which side; empty sets where its code does not say.
    pub fn diagnosis_region(&self, code: DiagnosisCode) -> (Regions, Sides) {
        (regions(code.as_str().as_bytes()), sides(code.as_str().as_bytes()))
    }
}

fn regions(code: &[u8]) -> Regions {
    let Some(row) = longest_prefix(REGION, code) else { return Regions::NONE };
    row.text(1).split(',').filter_map(Regions::named).fold(Regions::NONE, |all, one| all.union(one))
}

fn sides(code: &[u8]) -> Sides {
    let Some(row) = longest_prefix(SIDE, code) else { return Sides::NONE };
    // Position 0: the prefix alone tells, and the table marks the side with a star.
    let told = match row.digits(1) {
        Some(0) => b'*',
        Some(position) => match code.get(position as usize - 1) {
            Some(&told) => told,
            None => return Sides::NONE,
        },
        None => return Sides::NONE,
    };
    let (right, left) = (Sides::NONE.with(Side::Right), Side::Left);
    if row.field(2).contains(&told) {
        right
    } else if row.field(3).contains(&told) {
        Sides::NONE.with(left)
    } else if row.field(4).contains(&told) {
        right.with(left)
    } else {
        Sides::NONE
    }
}

/// The row whose prefix, padded to seven characters in the table, is the longest that `code` begins with.
fn longest_prefix(table: Table<'static>, code: &[u8]) -> Option<Row<'static>> {
    (3..=code.len().min(7)).rev().find_map(|length| {
        let mut key = [b' '; 7];
        key[..length].copy_from_slice(&code[..length]);
        table.find(&key)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> (String, bool, bool) {
        let code = DiagnosisCode::new(code.as_bytes()).expect(code);
        let (regions, sides) = Reference::builtin().diagnosis_region(code);
        // A set conflicts with a lone side exactly when it is known and lacks it.
        let lacks = |side| sides != Sides::NONE && sides.conflicts(Sides::NONE.with(side));
        (
            regions.to_string(),
            sides != Sides::NONE && !lacks(Side::Left),
            sides != Sides::NONE && !lacks(Side::Right),
        )
    }

    #[test]
    fn regions_and_sides_that_codes_tell() {
        for (code, regions, left, right) in [
            ("M54.50", "lumbar", false, false),
            ("M54.2", "cervical", false, false),
            ("M54.6", "thoracic", false, false),
            ("M25.561", "knee/lowerleg", false, true),
            ("M25.512", "shoulder/upperarm", true, false),
            ("M17.0", "knee/lowerleg", true, true),
            ("S33.5XXA", "lumbar", false, false),
            ("S33.6XXD", "sacral/pelvis", false, false),
            ("S39.012A", "lumbar, abdomen", false, false),
            ("S72.001A", "hip/thigh", false, true),
            ("S42.202D", "shoulder/upperarm", true, false),
            ("M62.830", "thoracic, lumbar", false, false),
            ("M71.21", "knee/lowerleg", false, true),
            ("G56.03", "wrist/hand", true, true),
            ("R52", "", false, false),
            ("M79.7", "", false, false),
            ("E11.9", "", false, false),
            ("M", "", false, false),
        ] {
            assert_eq!(of(code), (regions.to_owned(), left, right), "{code}");
        }
    }

    #[test]
    fn every_region_named_in_the_table_is_known() {
        for row in REGION.iter() {
            for name in row.text(1).split(',') {
                assert!(name == "-" || Regions::named(name).is_some(), "{name}");
            }
        }
    }

    /// Against the full derived table, which is not part of the project.
    #[test]
    #[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
    fn agrees_with_the_full_table() {
        let Some(folder) = std::env::var_os("CLEANCLAIM_REFDATA") else {
            eprintln!("skipped: CLEANCLAIM_REFDATA is not set");
            return;
        };
        let path = std::path::Path::new(&folder).join("icd10_region_laterality.tsv");
        let text = std::fs::read_to_string(path).expect("the full table");
        let (mut codes, mut same_region, mut same_side) = (0, 0, 0);
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split('\t').collect();
            let (code, region, side) = (fields[0], fields[1], fields[2]);
            let expected = match region {
                "lumbar_abdomen_pelvis" if code.starts_with("S335") => "lumbar".to_owned(),
                "lumbar_abdomen_pelvis" if code.starts_with("S336") => "sacral/pelvis".to_owned(),
                "lumbar_abdomen_pelvis" => "lumbar, abdomen".to_owned(),
                "shoulder_upperarm(arm/chest)" => "thoracic, shoulder/upperarm".to_owned(),
                "lumbar_or_thoracic(back)" => "thoracic, lumbar".to_owned(),
                name if Regions::named(name).is_some() => name.replace('_', "/"),
                _ => String::new(),
            };
            let (found, left, right) = of(code);
            codes += 1;
            same_region += usize::from(found == expected);
            same_side += usize::from((left, right) == (matches!(side, "L" | "B"), matches!(side, "R" | "B")));
        }
        assert!(codes > 38_000);
        assert!(same_region * 100 >= codes * 98, "regions: {same_region} of {codes}");
        assert!(same_side * 100 >= codes * 98, "sides: {same_side} of {codes}");
    }
}
