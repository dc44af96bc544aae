//! A credentials file: a list in YAML, or the same columns as CSV. Mistakes are named by their place, never by what
//! stands there.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Codes, Credential, Credentials, Decision, Whom};
use crate::claim::{Date, ProcedureCode, parse_iso_date};
use crate::side::yaml::{OneOrMany, place, typed};
use crate::side::{Column, Row, Sheet, SideError, nearest};

/// Why a credentials file is refused: one sentence with the file and the place in it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct CredentialsError(String);

impl From<SideError> for CredentialsError {
    fn from(error: SideError) -> CredentialsError {
        CredentialsError(error.to_string())
    }
}

const KEYS: [&str; 8] = ["payer", "state", "taxonomy", "npi", "code", "from", "to", "decision"];

const COLUMNS: &[Column] = &[
    Column::optional("payer"),
    Column::optional("state"),
    Column::optional("taxonomy"),
    Column::optional("npi"),
    Column::optional("code"),
    Column::optional("from"),
    Column::optional("to"),
    Column::required("decision"),
];

/// Reads what payers said about who may bill which service. `file` is the name that errors give it; one that ends in
/// `.csv` is a table, any other a list in YAML.
///
/// A row has a `decision` (`allow`, `deny` or `unknown`) and either an `npi` or a `taxonomy`. Where it names no `payer`
/// (profile or payer id), `state` or `code`, it holds for every one; a code is one, a range or several. `from` and `to`
/// are inclusive.
///
/// # Errors
/// What is no YAML or CSV of this shape; a value that is not what its key asks for; two rows that fit a line equally well
/// and disagree.
pub fn credentials(file: &str, bytes: &[u8]) -> Result<Credentials, CredentialsError> {
    let rows = if file.to_ascii_lowercase().ends_with(".csv") {
        of_sheet(&Sheet::read(file, bytes, COLUMNS)?)
    } else {
        of_yaml(file, bytes)?
    };
    let mut known = Credentials::default();
    for row in rows {
        let credential = credential(&row).map_err(|(place, message)| refused(file, &place, &message))?;
        known.add(credential).map_err(|other| {
            let message =
                format!("contradicts the row at {other}: both fit a line equally well, and disagree");
            refused(file, &row.place, &message)
        })?;
    }
    Ok(known)
}

fn refused(file: &str, place: &str, message: &str) -> CredentialsError {
    CredentialsError(match place {
        "" => format!("{}: {message}", file.escape_debug()),
        place => format!("{}: {place}: {message}", file.escape_debug()),
    })
}

/// A value as typed, with where it stands.
#[derive(Clone, Default)]
struct Cell {
    text: String,
    place: String,
}

/// A row as typed. What is absent is empty.
#[derive(Default)]
struct RawRow {
    place: String,
    payer: Cell,
    state: Cell,
    taxonomy: Cell,
    npi: Cell,
    codes: Vec<Cell>,
    from: Cell,
    to: Cell,
    decision: Cell,
}

type Fault = (String, String);

impl Cell {
    fn wrong(&self, message: &str) -> Fault {
        (self.place.clone(), message.to_owned())
    }

    fn stated(&self) -> Option<&str> {
        (!self.text.is_empty()).then_some(self.text.as_str())
    }

    /// The text in upper case if it has `length` letters and digits that all are as `is` says.
    fn code(&self, length: usize, is: fn(&u8) -> bool, message: &str) -> Result<Option<String>, Fault> {
        let Some(text) = self.stated() else { return Ok(None) };
        if text.len() == length && text.bytes().all(|byte| is(&byte)) {
            Ok(Some(text.to_ascii_uppercase()))
        } else {
            Err(self.wrong(message))
        }
    }

    fn date(&self) -> Result<Option<Date>, Fault> {
        let Some(text) = self.stated() else { return Ok(None) };
        match parse_iso_date(text.as_bytes()) {
            Some(date) => Ok(Some(date)),
            None => Err(self.wrong("a date is expected, like 2025-03-03")),
        }
    }

    fn codes(&self) -> Result<Codes, Fault> {
        let upper = self.text.to_ascii_uppercase();
        let (first, last) = upper.split_once('-').unwrap_or((&upper, &upper));
        let code = |text: &str| ProcedureCode::new(text.trim().as_bytes());
        match (code(first), code(last)) {
            (Some(first), Some(last)) if first == last || is_range(first, last) => Ok(Codes { first, last }),
            _ => Err(self.wrong("a procedure code is expected, like 97124, or a range, like 97110-97124")),
        }
    }
}

/// Whether two codes are the ends of a range: four digits behind one letter, or five digits, the smaller first.
fn is_range(first: ProcedureCode, last: ProcedureCode) -> bool {
    let (one, other) = (first.as_bytes(), last.as_bytes());
    let digits = |code: &[u8; 5]| code[1..].iter().all(u8::is_ascii_digit);
    let alike = one[0] == other[0] || one[0].is_ascii_digit() && other[0].is_ascii_digit();
    digits(one) && digits(other) && alike && first <= last
}

fn credential(row: &RawRow) -> Result<Credential, Fault> {
    let decision = match row.decision.text.to_ascii_lowercase().as_str() {
        "allow" => Decision::Allow,
        "deny" => Decision::Deny,
        "unknown" => Decision::Unknown,
        "" => return Err((row.place.clone(), "no decision: allow, deny or unknown".to_owned())),
        _ => return Err(row.decision.wrong("allow, deny or unknown is expected")),
    };
    let npi = row.npi.code(10, u8::is_ascii_digit, "an NPI has ten digits")?;
    let taxonomy = row.taxonomy.code(
        10,
        u8::is_ascii_alphanumeric,
        "a taxonomy code has ten letters and digits, like 225700000X",
    )?;
    let whom = match (npi, taxonomy) {
        (Some(npi), None) => Whom::Npi(npi),
        (None, Some(taxonomy)) => Whom::Taxonomy(taxonomy),
        (Some(_), Some(_)) => return Err(row.npi.wrong("beside a taxonomy: a row has one of the two")),
        (None, None) => return Err((row.place.clone(), "neither npi nor taxonomy".to_owned())),
    };
    let (from, to) = (row.from.date()?, row.to.date()?);
    if let (Some(from), Some(last)) = (from, to)
        && last < from
    {
        return Err(row.to.wrong("before from"));
    }
    Ok(Credential {
        payer: row.payer.stated().map(str::to_owned),
        state: row.state.code(2, u8::is_ascii_alphabetic, "a state has two letters, like AL")?,
        whom,
        codes: row.codes.iter().map(Cell::codes).collect::<Result<_, _>>()?,
        from,
        to,
        decision,
        // The first words of a place: `line 12` of `line 12, column 3`.
        place: row.place.split(',').next().unwrap_or_default().to_owned(),
    })
}

fn of_sheet(sheet: &Sheet) -> Vec<RawRow> {
    let of_row = |row: Row<'_>| {
        let place = format!("row {}", row.number());
        let cell = |column: &'static str| Cell {
            text: row.get(column).text().to_owned(),
            place: format!("{place}, column {column}"),
        };
        let code = cell("code");
        let codes = code.text.split([';', ' ']).filter(|text| !text.is_empty());
        RawRow {
            codes: codes.map(|text| Cell { text: text.to_owned(), place: code.place.clone() }).collect(),
            payer: cell("payer"),
            state: cell("state"),
            taxonomy: cell("taxonomy"),
            npi: cell("npi"),
            from: cell("from"),
            to: cell("to"),
            decision: cell("decision"),
            place,
        }
    };
    sheet.rows().map(of_row).collect()
}

/// A row as its YAML states it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YamlRow {
    payer: Option<Spanned<String>>,
    state: Option<Spanned<String>>,
    taxonomy: Option<Spanned<String>>,
    npi: Option<Spanned<String>>,
    code: Option<Spanned<OneOrMany>>,
    from: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
    decision: Option<Spanned<String>>,
}

fn of_yaml(file: &str, bytes: &[u8]) -> Result<Vec<RawRow>, CredentialsError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| refused(file, "", "not UTF-8"))?;
    let options = serde_saphyr::options! { with_snippet: false };
    let rows: Vec<Spanned<YamlRow>> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let error = error.without_snippet();
            let place = error.location().map(place).unwrap_or_default();
            refused(file, &place, &shape(error))
        })?;
    if rows.is_empty() {
        return Err(refused(file, "", "no rows"));
    }
    Ok(rows.into_iter().map(|row| of_yaml_row(row, text)).collect())
}

fn of_yaml_row(row: Spanned<YamlRow>, text: &str) -> RawRow {
    let cell = |stated: Option<Spanned<String>>| {
        stated.map_or_else(Cell::default, |stated| Cell {
            place: place(stated.referenced),
            text: stated.value.trim().to_owned(),
        })
    };
    let YamlRow { payer, state, taxonomy, npi, code, from, to, decision } = row.value;
    let codes = match code {
        None => Vec::new(),
        Some(Spanned { value: OneOrMany::Several(codes), .. }) => {
            codes.into_iter().map(|code| cell(Some(code))).collect()
        }
        Some(Spanned { value: OneOrMany::One, referenced, .. }) => {
            vec![Cell { place: place(referenced), text: typed(referenced, text) }]
        }
    };
    RawRow {
        place: place(row.referenced),
        payer: cell(payer),
        state: cell(state),
        taxonomy: cell(taxonomy),
        npi: cell(npi),
        codes,
        from: cell(from),
        to: cell(to),
        decision: cell(decision),
    }
}

/// What is wrong with the shape of the file, without what stands there.
fn shape(error: &serde_saphyr::Error) -> String {
    use serde_saphyr::Error;
    match error {
        Error::SerdeUnknownField { field, .. } => match nearest(field, KEYS) {
            Some(near) => format!("unknown key; did you mean {near}?"),
            None => format!("unknown key; the keys are {}", KEYS.join(", ")),
        },
        Error::DuplicateMappingKey { .. } => "a key stands twice in one row".to_owned(),
        Error::Unexpected { expected, .. } => match *expected {
            "mapping start" => "a row is expected: `decision: allow`, and what it is about".to_owned(),
            "sequence start" => "a list of rows is expected, each behind a hyphen".to_owned(),
            "string scalar" => "one value is expected".to_owned(),
            _ => "not the YAML of a list of rows".to_owned(),
        },
        _ => "not the YAML of a list of rows".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> Result<Credentials, String> {
        credentials("c.yaml", text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_of_both_forms_are_the_same() {
        let listed = yaml(
            "- {payer: commercial, state: al, taxonomy: 225700000X, code: 97124, decision: allow}\n\
             - payer: \"60054\"\n  npi: 1000000335\n  code: [97110-97116, 97140, '00100']\n  from: 2025-01-01\n  \
             to: 2025-12-31\n  decision: DENY\n- {npi: 1000000335, code: 00100, decision: unknown}\n",
        )
        .expect("rows");
        let sheet = credentials(
            "c.CSV",
            b"payer,state,taxonomy,npi,code,from,to,decision\n\
              commercial,AL,225700000x,,97124,,,allow\n\
              60054,,,1000000335,97110-97116; 97140 00100,2025-01-01,2025-12-31,deny\n\
              ,,,1000000335,00100,,,Unknown\n",
        )
        .expect("rows");
        let without_place = |known: Credentials| {
            let rows = known.rows.into_iter();
            rows.map(|row| Credential { place: String::new(), ..row }).collect::<Vec<_>>()
        };
        assert_eq!(listed.rows[1].place, "line 2");
        assert_eq!(sheet.rows[1].place, "row 3");
        assert_eq!(without_place(listed), without_place(sheet));
    }

    #[test]
    fn a_fault_is_named_by_its_place_and_not_by_what_stands_there() {
        for (text, said) in [
            ("", "no rows"),
            ("[]", "no rows"),
            ("decision: allow", "line 1, column 1: a list of rows is expected, each behind a hyphen"),
            ("- npi: 1000000335", "line 1, column 3: no decision: allow, deny or unknown"),
            ("- decision: allow", "line 1, column 3: neither npi nor taxonomy"),
            ("- {npi: 100000033, decision: allow}", "line 1, column 9: an NPI has ten digits"),
            ("- npi: 1000000335\n  decision: maybe", "line 2, column 13: allow, deny or unknown is expected"),
            (
                "- {taxonomy: 2257, decision: allow}",
                "line 1, column 14: a taxonomy code has ten letters and digits, like 225700000X",
            ),
            (
                "- {taxonomy: 225700000X, npi: 1000000335, decision: allow}",
                "line 1, column 31: beside a taxonomy: a row has one of the two",
            ),
            (
                "- {npi: 1000000335, state: Ala, decision: deny}",
                "line 1, column 28: a state has two letters, like AL",
            ),
            (
                "- {npi: 1000000335, code: 9712, decision: deny}",
                "line 1, column 27: a procedure code is expected, like 97124, or a range, like 97110-97124",
            ),
            (
                "- {npi: 1000000335, code: [97110, 97140-97110], decision: deny}",
                "line 1, column 35: a procedure code is expected, like 97124, or a range, like 97110-97124",
            ),
            (
                "- {npi: 1000000335, from: 2025-02-30, decision: deny}",
                "line 1, column 27: a date is expected, like 2025-03-03",
            ),
            (
                "- {npi: 1000000335, from: 2025-02-02, to: 2025-02-01, decision: deny}",
                "line 1, column 43: before from",
            ),
            ("- {npi: 1000000335, decison: deny}", "line 1, column 21: unknown key; did you mean decision?"),
            (
                "- {npi: 1000000335, decision: deny, decision: allow}",
                "line 1, column 37: a key stands twice in one row",
            ),
            (
                "- {npi: 1000000335, code: 97124, decision: deny}\n- {npi: 1000000335, code: [97110, 97124], decision: allow}",
                "line 2, column 3: contradicts the row at line 1: both fit a line equally well, and disagree",
            ),
        ] {
            assert_eq!(
                yaml(text).expect_err(text),
                format!("c.yaml: {said}").replace("c.yaml: : ", "c.yaml: "),
                "{text}"
            );
        }
        let error = credentials("c.csv", b"npi,decision\n1000000335,no\n").expect_err("refused").to_string();
        assert_eq!(error, "c.csv: row 2, column decision: allow, deny or unknown is expected");
    }

    #[test]
    fn rows_that_cannot_both_fit_equally_well_may_disagree() {
        let base = "- {npi: 1000000335, payer: a, state: AL, code: 97124, from: 2025-01-01, to: 2025-06-30, decision: deny}\n";
        for (other, refused) in [
            ("{npi: 1000000335, payer: A, state: al, code: 97124, decision: allow}", true),
            ("{npi: 1000000335, payer: a, state: AL, code: 97124, from: 2025-06-30, decision: allow}", true),
            ("{npi: 1000000335, payer: a, state: AL, code: 97124, from: 2025-07-01, decision: allow}", false),
            ("{npi: 1000000335, payer: a, state: AL, code: 97124, decision: deny}", false),
            ("{npi: 1000000335, payer: a, state: AL, code: 97110-97140, decision: allow}", false),
            ("{npi: 1000000335, payer: a, state: AL, decision: allow}", false),
            ("{npi: 1000000335, payer: a, code: 97124, decision: allow}", false),
            ("{npi: 1000000335, payer: b, state: AL, code: 97124, decision: allow}", false),
            ("{npi: 1000000228, payer: a, state: AL, code: 97124, decision: allow}", false),
        ] {
            assert_eq!(yaml(&format!("{base}- {other}\n")).is_err(), refused, "{other}");
        }
    }
}
