//! Who must be named, and by which number.
//!
//! What the payer asks for is its profile's. A claim of JSON need not carry every provider: where it names none, that
//! is not evaluated.

use super::{Edits, Seen};
use crate::checks::hit::Lack;
use crate::claim::{Claim, Fact, Provider, Role};
use crate::rules::Profile;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    if !claim.providers.iter().all(is_fine) {
        numbers(edits);
    }
    if edits.wants("rendering-missing") {
        match edits.subject.profile.rendering_npi_required {
            true => rendering(edits),
            false => edits.not_asked("rendering-npi-required"),
        }
    }
    if edits.wants("referring-missing") {
        match edits.subject.profile.referring_npi_required {
            true => referring(edits),
            false => edits.not_asked("referring-npi-required"),
        }
    }
}

/// Whether every number is an NPI, and everybody is named whom the profile asks for.
pub(in crate::checks) fn is_in_order(claim: &Claim<'_>, profile: &Profile) -> bool {
    claim.providers.iter().all(is_fine)
        && (!profile.rendering_npi_required || !is_group(claim) || is_rendering_named(claim))
        && (!profile.referring_npi_required || is_referring_named(claim))
}

/// Whether the provider has an NPI that is one, or none.
fn is_fine(provider: &Provider<'_>) -> bool {
    provider.npi.is_absent() || fault_of(provider.npi.bytes()).is_none()
}

fn is_group(claim: &Claim<'_>) -> bool {
    claim.billing().is_some_and(|billing| billing.entity_type == "2")
}

/// Whether the claim names who rendered it, and no line names somebody without an NPI.
fn is_rendering_named(claim: &Claim<'_>) -> bool {
    claim.provider(Role::Rendering, 0).is_some_and(|one| one.npi.is_present())
        && claim.providers.iter().all(|one| one.role != Role::Rendering || one.npi.is_present())
}

/// Whether the claim itself names who referred the patient.
fn is_referring_named(claim: &Claim<'_>) -> bool {
    let is_named = |role| claim.provider(role, 0).is_some_and(|one| one.npi.is_present());
    is_named(Role::Referring) || is_named(Role::PrimaryCare)
}

/// A group's line that nobody is named to have rendered, once a claim.
fn rendering(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    if !is_group(claim) || is_rendering_named(claim) {
        return;
    }
    let is_named = |line| claim.provider(Role::Rendering, line).is_some_and(|one| one.npi.is_present());
    let Some(line) = edits.lines_that(|line| !is_named(line.number)).next() else { return };
    if claim.is_native() {
        return edits.out.lack(edits.rule, Lack::Fact, 1);
    }
    let label = "nobody is named who rendered it";
    edits.report(Seen::line("rendering-missing", line.number, Fact::ProcedureCode, label));
}

/// A claim whose own referring provider has no NPI, whatever its lines say.
fn referring(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    if is_referring_named(claim) {
        return;
    }
    let Some(line) = edits.lines_that(|_| true).next() else { return };
    if claim.is_native() {
        return edits.out.lack(edits.rule, Lack::Fact, 1);
    }
    let label = "the claim names no referring provider for it";
    edits.report(Seen::line("referring-missing", line.number, Fact::ProcedureCode, label));
}

/// Every number that is no NPI, once a claim.
fn numbers(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    for (index, provider) in claim.providers.iter().enumerate() {
        let Some((fault, label)) = fault_of(provider.npi.bytes()) else { continue };
        let is_same = |earlier: &Provider<'_>| earlier.npi.bytes() == provider.npi.bytes();
        if provider.npi.is_absent() || claim.providers[..index].iter().any(is_same) {
            continue;
        }
        let Some((fact, item, role)) = place_of(claim, provider) else { continue };
        let values =
            vec![("role", role.to_owned()), ("npi", provider.npi.bytes().escape_ascii().to_string())];
        edits.report(Seen { item, values, ..Seen::line(fault, provider.line, fact, label) });
    }
}

/// Where the provider's NPI stands, and what the provider is called.
fn place_of(claim: &Claim<'_>, provider: &Provider<'_>) -> Option<(Fact, usize, &'static str)> {
    Some(match provider.role {
        Role::Billing => (Fact::BillingNpi, 0, "billing provider"),
        Role::Rendering => (Fact::RenderingNpi, 0, "rendering provider"),
        Role::Referring => (Fact::ReferringNpi, 0, "referring provider"),
        Role::PrimaryCare if claim.provider(Role::Referring, provider.line).is_none() => {
            (Fact::ReferringNpi, 0, "primary care provider")
        }
        Role::PrimaryCare => (Fact::ReferringNpi, 1, "primary care provider"),
        Role::Supervising => (Fact::SupervisingNpi, 0, "supervising provider"),
        Role::ServiceFacility => (Fact::ServiceFacilityNpi, 0, "service facility"),
        Role::Ordering => (Fact::OrderingNpi, 0, "ordering provider"),
        Role::PurchasedService => (Fact::PurchasedServiceNpi, 0, "purchased service provider"),
        // The guide gives these no NPI.
        Role::PayTo | Role::AmbulancePickUp | Role::AmbulanceDropOff => return None,
    })
}

/// What keeps a number from being an NPI: ten digits that begin with 1 or 2 and pass the Luhn check after the
/// prefix 80840 (45 CFR 162.406; ISO/IEC 7812-1).
fn fault_of(npi: &[u8]) -> Option<(&'static str, &'static str)> {
    let Ok(digits) = <[u8; 10]>::try_from(npi) else { return Some(("npi-shape", "not ten digits")) };
    if !digits.iter().all(u8::is_ascii_digit) {
        return Some(("npi-shape", "not ten digits"));
    }
    // A digit doubled, its own digits added up.
    const DOUBLED: [u8; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    // What 80840 adds to the sum.
    let mut sum = 24;
    for [doubled, plain] in digits.as_chunks().0 {
        sum += DOUBLED[usize::from(doubled - b'0') % 10] + (plain - b'0');
    }
    if sum % 10 != 0 {
        return Some(("npi-check-digit", "the check digit does not fit"));
    }
    (!matches!(digits[0], b'1' | b'2')).then_some(("npi-start", "begins with neither 1 nor 2"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_npis_and_numbers_that_are_not() {
        for (npi, fault) in [
            ("1234567893", None),
            ("1003000126", None),
            ("2000000002", None),
            ("1234567890", Some("npi-check-digit")),
            ("1234567983", Some("npi-check-digit")),
            ("123456789", Some("npi-shape")),
            ("12345678933", Some("npi-shape")),
            ("12345678X3", Some("npi-shape")),
            ("", Some("npi-shape")),
            ("0000000006", Some("npi-start")),
        ] {
            assert_eq!(fault_of(npi.as_bytes()).map(|(fault, _)| fault), fault, "{npi}");
        }
    }
}
