use std::collections::HashMap;

use super::{Column, Sheet, SideError};
use crate::claim::{Cents, Claim, TherapyGroup, key_of};

const COLUMNS: &[Column] = &[
    Column::required("patient_id"),
    Column::required("year"),
    Column::required("group"),
    Column::required("allowed"),
];

/// What Medicare allowed patients for therapy before this run, by calendar year and group. Patients are hashes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct YearToDate {
    patients: HashMap<u64, u32>,
    /// By patient's number: year, group, amount.
    sums: Vec<Vec<(i16, TherapyGroup, Cents)>>,
}

impl YearToDate {
    /// Whether nothing is known of anybody.
    pub fn is_empty(&self) -> bool {
        self.sums.is_empty()
    }

    /// How many patients are known.
    pub fn patients(&self) -> usize {
        self.sums.len()
    }

    /// The number of a claim's patient, by the JSON `patient_id`, else by the member id.
    pub fn patient(&self, claim: &Claim<'_>) -> Option<u32> {
        let id = if claim.patient_id.is_present() { claim.patient_id } else { claim.subscriber.member_id };
        if self.is_empty() || id.is_absent() { None } else { self.patients.get(&key_of(id.bytes())).copied() }
    }

    /// What a patient was allowed in `year` before this run; `None` where the file does not say.
    pub fn allowed(&self, patient: u32, year: i16, group: TherapyGroup) -> Option<Cents> {
        let sums = self.sums.get(patient as usize)?;
        sums.iter().find(|(at, of, _)| (*at, *of) == (year, group)).map(|(_, _, allowed)| *allowed)
    }
}

/// Reads what patients were allowed before this run. `file` is the name that errors give it.
///
/// `patient_id` is that of JSON claim lines, or the member id of an 837P; `group` is `PT+SLP` or `OT`, the two sums that
/// Medicare keeps; `allowed` is in dollars, before deductible and coinsurance.
///
/// # Errors
/// What [`Sheet::read`] refuses; an empty cell; what is no year, group or amount; two rows for one patient, year and
/// group.
pub fn year_to_date(file: &str, bytes: &[u8]) -> Result<YearToDate, SideError> {
    let sheet = Sheet::read(file, bytes, COLUMNS)?;
    let mut known = YearToDate::default();
    for row in sheet.rows() {
        let patient = key_of(row.get("patient_id").stated()?.as_bytes());
        let year = row.get("year");
        let year = year
            .stated()?
            .parse::<i16>()
            .ok()
            .filter(|year| (2000..2100).contains(year))
            .ok_or_else(|| year.wrong("a calendar year is expected, like 2025"))?;
        let group = row.get("group");
        let group = match group.stated()?.to_ascii_uppercase().replace([' ', '-', '_', '/'], "+").as_str() {
            "PT+SLP" | "PT" | "SLP" => TherapyGroup::PhysicalAndSpeech,
            "OT" => TherapyGroup::Occupational,
            _ => return Err(group.wrong("PT+SLP or OT is expected, the two sums that Medicare keeps")),
        };
        let allowed = row.get("allowed");
        let allowed = allowed.dollars()?.ok_or_else(|| allowed.wrong("empty"))?;
        let number = *known.patients.entry(patient).or_insert(known.sums.len() as u32);
        if number as usize == known.sums.len() {
            known.sums.push(Vec::new());
        }
        let sums = &mut known.sums[number as usize];
        if sums.iter().any(|(at, of, _)| (*at, *of) == (year, group)) {
            return Err(
                row.wrong("a second row for this patient, year and group; Medicare keeps one sum for each")
            );
        }
        sums.push((year, group, allowed));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Text;

    const HEAD: &str = "patient_id,year,group,allowed\n";

    #[test]
    fn sums_by_patient_year_and_group() {
        let text = format!(
            "{HEAD}P-1,2025,PT+SLP,\"2,400.00\"\nP-1,2025,OT,10\nP-1,2026,pt-slp,0\nP-2,2025,ot,5.5\n"
        );
        let known = year_to_date("ytd.csv", text.as_bytes()).expect("sums");
        assert_eq!(known.patients(), 2);
        let mut claim = Claim { patient_id: Text::new(b"P-1", 1), ..Claim::default() };
        let patient = known.patient(&claim).expect("known");
        let allowed = |year, group| known.allowed(patient, year, group).map(|cents| cents.0);
        assert_eq!(allowed(2025, TherapyGroup::PhysicalAndSpeech), Some(240_000));
        assert_eq!(allowed(2025, TherapyGroup::Occupational), Some(1_000));
        assert_eq!(allowed(2026, TherapyGroup::PhysicalAndSpeech), Some(0));
        assert_eq!(allowed(2026, TherapyGroup::Occupational), None);
        claim.patient_id = Text::ABSENT;
        assert_eq!(known.patient(&claim), None);
        claim.subscriber.member_id = Text::new(b"P-2", 1);
        assert!(known.patient(&claim).is_some());
    }

    #[test]
    fn a_fault_is_named_without_the_patient() {
        for (rows, said) in [
            (",2025,OT,1", "row 2, column patient_id: empty"),
            ("P-1,25,OT,1", "row 2, column year: a calendar year is expected, like 2025"),
            (
                "P-1,2025,XT,1",
                "row 2, column group: PT+SLP or OT is expected, the two sums that Medicare keeps",
            ),
            ("P-1,2025,OT,", "row 2, column allowed: empty"),
            (
                "P-1,2025,PT,1\nP-1,2025,SLP,1",
                "row 3: a second row for this patient, year and group; Medicare keeps one sum for each",
            ),
        ] {
            let error = year_to_date("ytd.csv", format!("{HEAD}{rows}\n").as_bytes()).expect_err(rows);
            assert_eq!(error.to_string(), format!("ytd.csv: {said}"));
        }
    }
}
