//! What one statement of the claim makes another require or forbid.
//!
//! Only a transaction set says all that its claim says; of a JSON claim an absent fact is not known, and what would ask
//! for it is not evaluated. A segment that is there and ill-formed is the implementation guide's business, not ours.

use super::{Edits, Seen};
use crate::checks::hit::Lack;
use crate::checks::lines::listed;
use crate::claim::{Claim, Fact, Text};

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    subscriber(edits, claim);
    payer(edits, claim);
    accident(edits, claim);
    admission(edits, claim);
}

/// Reports what is missing from a transaction set; of a JSON claim it is not known.
fn missing(edits: &mut Edits<'_, '_, '_>, fault: &'static str, fact: Fact, label: &str) {
    if edits.subject.claim.submission.is_transaction() {
        edits.report(Seen::claim(fault, fact, label));
    } else if edits.wants(fault) {
        edits.out.lack(edits.rule, Lack::Fact, edits.subject.claim.lines.len());
    }
}

/// Who the patient is, and what must be known of a subscriber who is the patient.
fn subscriber(edits: &mut Edits<'_, '_, '_>, claim: &Claim<'_>) {
    if !claim.submission.is_transaction() {
        return;
    }
    let relationship = claim.subscriber.relationship;
    if claim.patient.is_some() {
        if relationship == "18" {
            let label = "the subscriber is the patient";
            edits.report(Seen::claim("two-patients", Fact::SubscriberRelationship, label));
        }
        return;
    }
    if relationship.is_absent() && !relationship.has_no_place() {
        let label = "not the patient, and nobody else is";
        edits.report(Seen::claim("no-patient", Fact::SubscriberRelationship, label));
    }
    if relationship == "18" && !claim.subscriber.last_name.has_no_place() {
        let person = &claim.subscriber;
        let parts = [person.street, person.city, person.birth_date.text];
        if parts.iter().any(|text| text.has_no_place()) {
            subscriber_parts(edits, parts);
        }
    }
}

#[cold]
fn subscriber_parts(edits: &mut Edits<'_, '_, '_>, parts: [Text<'_>; 3]) {
    let names = ["street address (N3)", "city, state and ZIP (N4)", "birth date and sex (DMG)"];
    let absent = parts.iter().zip(names).filter(|(text, _)| text.has_no_place());
    let absent: Vec<&str> = absent.map(|(_, name)| name).collect();
    let label = "the patient, without all that is asked";
    let mut seen = Seen::claim("subscriber-incomplete", Fact::MemberId, label);
    seen.values = vec![("missing", listed(&absent))];
    edits.report(seen);
}

/// What the payer, its rank and the claim's frequency ask for.
fn payer(edits: &mut Edits<'_, '_, '_>, claim: &Claim<'_>) {
    let payer = &claim.payer;
    let indicator = payer.filing_indicator;
    if indicator.is_absent() && claim.submission.is_transaction() && !indicator.has_no_place() {
        edits.report(Seen::claim("filing-indicator-absent", Fact::ClaimFilingIndicator, "not stated"));
    }
    let is_medicare = indicator == "MB";
    if matches!(claim.frequency.bytes(), b"7" | b"8") {
        if claim.reference("F8", 0).is_none() {
            missing(edits, "payer-control-number-absent", Fact::ClaimFrequency, "of which claim?");
        }
        if is_medicare {
            edits.report(Seen::claim("frequency-at-medicare", Fact::ClaimFrequency, "not an original"));
        }
    }
    // U is a rank that is not known, and so says nothing.
    let is_later = matches!(payer.responsibility.bytes(), [b'S' | b'T' | b'A'..=b'H']);
    if is_medicare && is_later && payer.insurance_type.is_absent() {
        missing(edits, "insurance-type-absent", Fact::InsuranceType, "why not the first payer?");
    }
}

/// Related causes, the accident's state and its date.
fn accident(edits: &mut Edits<'_, '_, '_>, claim: &Claim<'_>) {
    let dated = claim.date("439", 0).is_some();
    let [first, second, third] = claim.related_causes;
    if first.is_absent() && second.is_absent() && third.is_absent() {
        if dated {
            missing(edits, "accident-cause-absent", Fact::AccidentDate, "an accident, but no cause");
        }
        return;
    }
    let has = |cause: &str| [first, second, third].iter().any(|stated| *stated == cause);
    let auto = has("AA");
    if auto && claim.accident_state.is_absent() && claim.accident_country.is_absent() {
        missing(edits, "accident-state-absent", Fact::AccidentState, "in which state?");
    }
    if !dated && (auto || has("OA")) {
        missing(edits, "accident-date-absent", Fact::RelatedCauses, "on which day?");
    }
}

/// Visits to an inpatient say when the stay began.
fn admission(edits: &mut Edits<'_, '_, '_>, claim: &Claim<'_>) {
    let inpatient = claim.lines.iter().find(|line| {
        let place = claim.place_of_service(line);
        matches!(place.bytes(), b"21" | b"51" | b"61")
    });
    let Some(line) = inpatient else { return };
    if claim.submission.is_transaction() && claim.date("435", 0).is_none() {
        let label = "an inpatient since when?";
        edits.report(Seen::line("admission-date-absent", line.number, Fact::PlaceOfService, label));
    }
}
