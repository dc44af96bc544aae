use std::collections::HashMap;

use super::{Column, Field, Row, Sheet, SideError};
use crate::claim::{Claim, Date, ProcedureCode, key_of};

const COLUMNS: &[Column] = &[
    Column::required("patient_id"),
    Column::optional("kind"),
    Column::optional("number"),
    Column::optional("payer"),
    Column::optional("procedure_codes"),
    Column::optional("from"),
    Column::optional("to"),
    Column::optional("visits"),
];

/// What a row states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuthorizationKind {
    /// A payer's consent before the treatment.
    Authorization,
    /// A physician's certification of the plan of care, for a time.
    Certification,
}

/// One authorization or certification of a patient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authorization {
    /// Its row in the file.
    pub row: u64,
    /// Which of the two.
    pub kind: AuthorizationKind,
    /// Hash of its number; 0 where none is given.
    pub number: u64,
    /// Name of a profile or a payer id, in capitals; empty for all payers.
    payer: String,
    /// First and last code of each range; none for all codes.
    codes: Vec<(ProcedureCode, ProcedureCode)>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Visits it is good for; `None` for any number.
    pub visits: Option<u16>,
}

impl Authorization {
    /// Whether it is one for services with this code.
    pub fn is_for(&self, code: ProcedureCode) -> bool {
        self.codes.is_empty() || self.codes.iter().any(|(first, last)| (*first..=*last).contains(&code))
    }

    /// Whether it is for every service.
    pub fn is_for_all(&self) -> bool {
        self.codes.is_empty()
    }

    /// Whether it is good on this day.
    pub fn covers(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }

    /// Whether it is one by this payer.
    pub fn is_by(&self, profile: &str, payer_id: Option<&str>) -> bool {
        self.payer.is_empty()
            || self.payer.eq_ignore_ascii_case(profile)
            || payer_id.is_some_and(|id| self.payer.eq_ignore_ascii_case(id))
    }
}

/// Authorizations and certifications by patient. Patients and numbers are hashes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Authorizations {
    patients: HashMap<u64, u32>,
    /// By patient's number.
    rows: Vec<Vec<Authorization>>,
    source: String,
}

impl Authorizations {
    /// Whether nothing is known of anybody.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The file they were read from, as named.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The number of a claim's patient, by the JSON `patient_id`, else by the member id where the patient is the subscriber: a
    /// family may share one.
    pub fn patient(&self, claim: &Claim<'_>) -> Option<u32> {
        if claim.patient_id.is_absent() && claim.patient.is_some() {
            return None;
        }
        let id = if claim.patient_id.is_present() { claim.patient_id } else { claim.subscriber.member_id };
        if self.is_empty() || id.is_absent() { None } else { self.patients.get(&key_of(id.bytes())).copied() }
    }

    /// A patient's rows by one payer, in the order of the file.
    pub fn of(&self, patient: u32, profile: &str, payer_id: Option<&str>) -> Vec<Authorization> {
        let rows = self.rows.get(patient as usize).into_iter().flatten();
        rows.filter(|row| row.is_by(profile, payer_id)).cloned().collect()
    }

    /// The numbers of all rows in the file, in order.
    pub fn numbers(&self) -> Vec<u64> {
        let mut rows: Vec<u64> = self.rows.iter().flatten().map(|row| row.row).collect();
        rows.sort_unstable();
        rows
    }
}

/// Reads authorizations and certifications. `file` is the name that errors give it.
///
/// `patient_id` is that of JSON claim lines, or the member id of an 837P; `kind` is `authorization` (if it is empty) or
/// `certification`; `number` is what REF*G1 quotes; `payer` is the name of a profile or a payer id; `procedure_codes` are
/// codes and ranges between spaces or semicolons; `from` and `to` are days, both included; `visits` is a number.
///
/// # Errors
/// What [`Sheet::read`] refuses; a row without a patient; what is no kind, code, date or number of visits; a last day before
/// the first; a certification without a last day, which would cover anything.
pub fn authorizations(file: &str, bytes: &[u8]) -> Result<Authorizations, SideError> {
    let sheet = Sheet::read(file, bytes, COLUMNS)?;
    let mut known = Authorizations { source: file.to_owned(), ..Authorizations::default() };
    for row in sheet.rows() {
        let patient = key_of(row.get("patient_id").stated()?.as_bytes());
        let authorization = read(&row)?;
        let number = *known.patients.entry(patient).or_insert(known.rows.len() as u32);
        if number as usize == known.rows.len() {
            known.rows.push(Vec::new());
        }
        let rows = &mut known.rows[number as usize];
        let again = |known: &&Authorization| {
            Authorization { row: authorization.row, ..(*known).clone() } == authorization
        };
        if let Some(first) = rows.iter().find(again) {
            return Err(
                row.wrong(format!("row {} says the same already; its visits would count twice", first.row))
            );
        }
        rows.push(authorization);
    }
    Ok(known)
}

fn read(row: &Row<'_>) -> Result<Authorization, SideError> {
    let kind = row.get("kind");
    let kind = match kind.text().to_ascii_lowercase().as_str() {
        "" | "authorization" => AuthorizationKind::Authorization,
        "certification" => AuthorizationKind::Certification,
        _ => return Err(kind.wrong("authorization or certification is expected")),
    };
    let (from, to) = (row.get("from").date()?, row.get("to").date()?);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(row.get("to").wrong("the last day is before the first"));
    }
    if kind == AuthorizationKind::Certification && to.is_none() {
        return Err(row.get("to").wrong("empty; a plan of care is certified up to a day"));
    }
    let visits = row.get("visits");
    let visits = match visits.text() {
        "" => None,
        text => {
            Some(text.parse::<u16>().map_err(|_| visits.wrong("a number of visits is expected, like 12"))?)
        }
    };
    if kind == AuthorizationKind::Certification && visits.is_some() {
        return Err(row.get("visits").wrong("a certification is for days, not for a number of visits"));
    }
    let payer = match row.get("payer").text() {
        "*" => String::new(),
        named => named.to_uppercase(),
    };
    Ok(Authorization {
        row: row.number(),
        kind,
        number: key_of(row.get("number").text().as_bytes()),
        payer,
        codes: codes(row.get("procedure_codes"))?,
        from,
        to,
        visits,
    })
}

/// Codes and ranges between spaces, commas or semicolons.
fn codes(field: Field<'_>) -> Result<Vec<(ProcedureCode, ProcedureCode)>, SideError> {
    let wrong = || field.wrong("codes and ranges are expected, like 97110 97140-97150");
    let mut codes = Vec::new();
    for word in field.text().split([' ', ';', ',']).filter(|word| !word.is_empty()) {
        let code =
            |text: &str| ProcedureCode::new(text.trim().to_ascii_uppercase().as_bytes()).ok_or_else(wrong);
        let (first, last) = match word.split_once('-') {
            Some((first, last)) => (code(first)?, code(last)?),
            None => (code(word)?, code(word)?),
        };
        if last < first {
            return Err(wrong());
        }
        codes.push((first, last));
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Text;

    const HEAD: &str = "patient_id,kind,number,payer,procedure_codes,from,to,visits\n";

    fn read(rows: &str) -> Result<Authorizations, String> {
        authorizations("a.csv", format!("{HEAD}{rows}\n").as_bytes()).map_err(|error| error.to_string())
    }

    fn code(text: &str) -> ProcedureCode {
        ProcedureCode::new(text.as_bytes()).expect("a code")
    }

    #[test]
    fn rows_are_found_by_patient_and_payer() {
        let known = read(
            "P-1,,A77,ACME1,97110 97140-97150,2025-01-01,2025-03-31,12\nP-1,certification,,,,2025-01-01,2025-03-31,\nP-2,authorization,,commercial,,,,",
        )
        .expect("rows");
        let claim = |id: &'static [u8]| Claim { patient_id: Text::new(id, 1), ..Claim::default() };
        let first = known.patient(&claim(b"P-1")).expect("known");
        assert_eq!(known.patient(&claim(b"P-3")), None);
        let rows = known.of(first, "commercial", Some("acme1"));
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].visits, Some(12));
        assert_eq!(rows[0].number, key_of(b"A77"));
        assert!(
            rows[0].is_for(code("97140")) && rows[0].is_for(code("97150")) && !rows[0].is_for(code("97124"))
        );
        assert!(rows[0].covers(Date::constant(2025, 3, 31)) && !rows[0].covers(Date::constant(2025, 4, 1)));
        assert!(rows[0].covers(Date::constant(2025, 1, 1)) && !rows[0].covers(Date::constant(2024, 12, 31)));
        assert_eq!(rows[1].kind, AuthorizationKind::Certification);
        assert_eq!(known.of(first, "commercial", Some("other")).len(), 1, "the other is by one payer alone");
        assert_eq!(known.of(1, "COMMERCIAL", None).len(), 1);
        assert_eq!(known.numbers(), [2, 3, 4]);
    }

    #[test]
    fn a_fault_is_named_without_the_patient() {
        for (rows, said) in [
            (",,,,,,,", "no rows below the header"),
            (",,A1,,,,,", "row 2, column patient_id: empty"),
            ("P-1,permit,,,,,,", "row 2, column kind: authorization or certification is expected"),
            (
                "P-1,,,,9711,,,",
                "row 2, column procedure_codes: codes and ranges are expected, like 97110 97140-97150",
            ),
            (
                "P-1,,,,97140-97110,,,",
                "row 2, column procedure_codes: codes and ranges are expected, like 97110 97140-97150",
            ),
            ("P-1,,,,,2025-02-30,,", "row 2, column from: a date is expected, like 2025-03-03"),
            ("P-1,,,,,2025-03-03,2025-03-02,", "row 2, column to: the last day is before the first"),
            (
                "P-1,,A1,,,,,2\nP-2,,A1,,,,,2\nP-1,,A1,,,,,2",
                "row 4: row 2 says the same already; its visits would count twice",
            ),
            ("P-1,,,,,,,many", "row 2, column visits: a number of visits is expected, like 12"),
            ("P-1,certification,,,,,,", "row 2, column to: empty; a plan of care is certified up to a day"),
            (
                "P-1,certification,,,,,2025-03-02,9",
                "row 2, column visits: a certification is for days, not for a number of visits",
            ),
        ] {
            let error = read(rows).expect_err(rows);
            assert_eq!(error, format!("a.csv: {said}"));
        }
    }
}
