//! Dates against each other, the calendar and the run date.
//!
//! An absent date, or one that cannot be read, is not evaluated here; that no calendar has it is said elsewhere.

use super::{Edits, Seen};
use crate::claim::{Claim, Date, DateFact, Fact, ServiceLine, Text};

/// The day from which diagnoses are coded in ICD-10-CM (45 CFR 162.1002).
const ICD_10: Date = Date::constant(2015, 10, 1);

/// The fault of a date after the service that must lie on or before it, by DTP01.
fn fault_after_service(qualifier: Text<'_>) -> Option<(&'static str, Fact)> {
    Some(match qualifier.bytes() {
        b"431" => ("onset-after-service", Fact::OnsetDate),
        b"454" => ("initial-treatment-after-service", Fact::InitialTreatmentDate),
        b"304" => ("last-seen-after-service", Fact::LastSeenDate),
        b"439" => ("accident-after-service", Fact::AccidentDate),
        b"453" => ("acute-manifestation-after-service", Fact::AcuteManifestationDate),
        _ => return None,
    })
}

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    let run = edits.cx.as_of;
    let treated = claim.treated();
    let (birth, death) = (treated.birth_date.value, treated.death_date.value);
    if birth.is_some_and(|birth| birth > run) {
        edits.report(Seen::claim("birth-in-future", Fact::BirthDate, "after the run date"));
    }
    let first = birth.map_or(ICD_10, |birth| birth.max(ICD_10));
    let last = death.map_or(run, |death| death.min(run));
    let is_ordinary = |line: &ServiceLine<'_>| {
        line.service_date.value.is_none_or(|from| first <= from && from <= last)
            && line.service_date_end.value.is_none()
    };
    if !claim.lines.iter().all(is_ordinary) {
        services(edits, birth, death);
    }
    if claim.diagnoses.iter().any(|one| matches!(one.qualifier.bytes(), b"BK" | b"BF")) {
        let since = |line: &ServiceLine<'_>| line.service_date.value.is_some_and(|from| from >= ICD_10);
        let codes = edits.claim_pointer(Fact::DiagnosisCodes, "an ICD-9 qualifier");
        edits.report_lines("icd-9-too-late", (Fact::ServiceDate, "coded in ICD-10"), Some(codes), since);
    }
    if !claim.dates.is_empty() {
        beside(edits);
    }
    let bounds_stay = |dated: &DateFact<'_>| matches!(dated.qualifier.bytes(), b"435" | b"096");
    if claim.dates.iter().any(bounds_stay) {
        stay(edits);
    }
}

/// Days of service that cannot be, or that need a second look.
fn services(edits: &mut Edits<'_, '_, '_>, birth: Option<Date>, death: Option<Date>) {
    let run = edits.cx.as_of;
    let from = |line: &ServiceLine<'_>| line.service_date.value;
    let both = |line: &ServiceLine<'_>| line.service_date.value.zip(line.service_date_end.value);
    let start = Fact::ServiceDate;
    let end = Fact::ServiceDateEnd;
    edits.report_lines("after-run-date", (start, "after the run date"), None, |line| {
        from(line).is_some_and(|from| from > run)
    });
    edits.report_lines("end-after-run-date", (end, "after the run date"), None, |line| {
        both(line).is_some_and(|(from, end)| from <= run && run < end)
    });
    edits.report_lines("end-before-start", (end, "before the first day"), None, |line| {
        both(line).is_some_and(|(from, end)| end < from)
    });
    if let Some(birth) = birth {
        let born = edits.claim_pointer(Fact::BirthDate, "the patient's birth");
        edits.report_lines("before-birth", (start, "before the patient's birth"), Some(born), |line| {
            from(line).is_some_and(|from| from < birth)
        });
    }
    if let Some(death) = death {
        let died = edits.claim_pointer(Fact::DeathDate, "the patient's death");
        edits.report_lines("after-death", (start, "after the patient's death"), Some(died), |line| {
            from(line).is_some_and(|from| from > death)
        });
    }
    if edits.subject.claim.diagnoses.iter().any(|one| matches!(one.qualifier.bytes(), b"ABK" | b"ABF")) {
        let codes = edits.claim_pointer(Fact::DiagnosisCodes, "an ICD-10 qualifier");
        edits.report_lines("icd-10-too-early", (start, "coded in ICD-9"), Some(codes), |line| {
            from(line).is_some_and(|from| line.service_date_end.value.unwrap_or(from).max(from) < ICD_10)
        });
    }
    edits.report_lines("spans-icd-10-change", (start, "across October 1, 2015"), None, |line| {
        both(line).is_some_and(|(from, end)| from < ICD_10 && ICD_10 <= end)
    });
    // Supplies and rentals (codes with a letter) go by their first day.
    edits.report_lines("spans-code-year", (start, "across October 1"), None, |line| {
        line.procedure_code.bytes().first().is_some_and(u8::is_ascii_digit)
            && both(line).is_some_and(|(from, end)| from >= ICD_10 && code_year(from) < code_year(end))
    });
}

/// The fiscal year whose ICD-10-CM codes are in force: it begins on October 1.
fn code_year(date: Date) -> i16 {
    date.year() + i16::from(date.month() >= 10)
}

/// Dates of the illness after the last day of any service. Where a day of service is not known, nothing is said.
fn beside(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    let mut latest = None;
    for (place, dated) in claim.dates.iter().enumerate() {
        let Some((fault, fact)) = fault_after_service(dated.qualifier) else { continue };
        let Some(date) = dated.date.value else { continue };
        let Some(last) = *latest.get_or_insert_with(|| last_service(claim)) else { return };
        let is_late = |date: Date| date > last;
        let is_told = || {
            claim.dates[..place].iter().any(|earlier| {
                earlier.qualifier.bytes() == dated.qualifier.bytes()
                    && earlier.date.value.is_some_and(is_late)
            })
        };
        if is_late(date) && !is_told() {
            edits.report(Seen::line(fault, dated.line, fact, "after the last day of service"));
        }
    }
}

/// The last day of any line; `None` where one of them is not known.
fn last_service(claim: &Claim<'_>) -> Option<Date> {
    let mut last = None;
    for line in &claim.lines {
        let day = match line.service_date_end.text.is_present() {
            true => line.service_date_end.value?.max(line.service_date.value?),
            false => line.service_date.value?,
        };
        last = last.max(Some(day));
    }
    last
}

/// Inpatient services outside the stay that the claim states.
fn stay(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    let stated = |qualifier| claim.date(qualifier, 0).and_then(|dated| dated.date.value);
    let is_inpatient = |line: &ServiceLine<'_>| {
        // Hospital, psychiatric hospital, rehabilitation hospital.
        matches!(claim.place_of_service(line).bytes(), b"21" | b"51" | b"61")
    };
    if let Some(admission) = stated("435") {
        let admitted = edits.claim_pointer(Fact::AdmissionDate, "admitted");
        let label = (Fact::ServiceDate, "before the admission");
        edits.report_lines("before-admission", label, Some(admitted), |line| {
            line.service_date.value.is_some_and(|from| from < admission) && is_inpatient(line)
        });
    }
    if let Some(discharge) = stated("096") {
        let discharged = edits.claim_pointer(Fact::DischargeDate, "discharged");
        let label = (Fact::ServiceDate, "after the discharge");
        edits.report_lines("after-discharge", label, Some(discharged), |line| {
            line.service_date.value.is_some_and(|from| from > discharge) && is_inpatient(line)
        });
    }
}
