//! Who rendered a line, by taxonomy: types a payer does not recognise (V01), chiropractors outside what it covers
//! from them (V02), people who are no therapists under a physician's name (V05), therapists in private practice in a
//! hospital (V09). Which types and codes those are is the payer profile's, and of V09 its fee schedule's.
//!
//! Assistants are not the business of these rules, and a line draws at most one of the two.

use super::Subject;
use super::hit::{Cx, Hit, Lack, Out, Pointer, Takes};
use super::lines::counted;
use super::{edit, furnished_by};
use crate::claim::{Claim, Fact, LineRef, ProcedureCode, Role, ServiceLine};
use crate::rules::{Profile, ProviderFault};

/// Taxonomy prefixes of therapists and their assistants.
const THERAPISTS: [&[u8]; 5] = [b"2251", b"2252", b"225X", b"224Z", b"235Z"];
const CHIROPRACTOR: &[u8] = b"111N";
/// An evaluation by a therapist, at a payer that may take it.
const ELSEWHERE: &str = "evaluation-elsewhere";
/// Those of physical and occupational therapists, whom the schedule's indicator speaks of.
const IN_PRACTICE: [&[u8]; 2] = [b"2251", b"225X"];
/// Massage therapists, athletic trainers, exercise physiologists: no therapists, whoever supervises them.
const NO_THERAPISTS: [&[u8]; 3] = [b"2257", b"2255A", b"224Y"];
/// Off-campus outpatient, inpatient and on-campus outpatient hospital.
const HOSPITALS: [&str; 3] = ["19", "21", "22"];
/// The schedule's PC/TC indicator of a therapy service that is paid to the hospital, never to the therapist's practice.
const PAID_TO_HOSPITAL: u8 = 7;

pub(super) fn check(rule: u16, fault: ProviderFault, subject: &Subject<'_, '_>, cx: Cx<'_>, out: &mut Out) {
    let Some(line) = subject.line else { return };
    let taxonomy = subject.claim.rendering(line.number).map_or(&b""[..], |one| one.taxonomy.bytes());
    match fault {
        ProviderFault::NotRecognized if taxonomy.is_empty() => missing(rule, subject, out),
        ProviderFault::NotRecognized => {
            let Some(outcome) = not_recognized(taxonomy, line.code(), subject.profile) else { return };
            // At what payers said about the provider.
            out.looked_farther = true;
            // What the payer itself said goes before what payers commonly do.
            if outcome != ELSEWHERE || !edit::credentials::allows(subject.claim, line, subject.profile, cx) {
                out.hits.push(hit(rule, outcome, taxonomy, subject));
            }
        }
        ProviderFault::ChiropractorScope => {
            if taxonomy.is_empty() {
                match subject.profile.chiropractor_codes.is_empty() {
                    true => out.not_asked(rule, "chiropractor-codes"),
                    false => out.lack(rule, Lack::Taxonomy, 1),
                }
                return;
            }
            if is_outside_scope(taxonomy, line, subject.profile) {
                out.hits.push(hit(rule, "", taxonomy, subject));
            }
        }
        ProviderFault::IncidentTo => incident_to(rule, line, taxonomy, subject, out),
        ProviderFault::HospitalPlace => hospital_place(rule, line, taxonomy, subject, cx, out),
    }
}

/// Therapy by somebody who is no therapist, under the name or the supervision of another (V05).
fn incident_to(rule: u16, line: &ServiceLine<'_>, taxonomy: &[u8], subject: &Subject<'_, '_>, out: &mut Out) {
    let (claim, profile) = (subject.claim, subject.profile);
    if !profile.incident_to_therapists_only {
        return out.not_asked(rule, "incident-to-therapists-only");
    }
    if NO_THERAPISTS.iter().any(|prefix| taxonomy.starts_with(prefix)) {
        let is_supervised = claim.provider(Role::Supervising, line.number).is_some();
        if is_supervised && !is_told(claim, line, profile) {
            let mut hit = hit(rule, "", taxonomy, subject);
            hit.related = vec![Pointer {
                at: subject.at,
                fact: Fact::SupervisingNpi,
                item: 0,
                text: "supervised by somebody else".to_owned(),
            }];
            out.hits.push(hit);
        }
        return;
    }
    // A note of the claim is the line's where the claim has no other.
    let is_own = |at: u16| at == line.number || at == 0 && claim.lines.len() == 1;
    let mut notes = claim.notes.iter().filter(|note| is_own(note.line) && note.kind != "K3");
    let Some((at, provider)) =
        notes.find_map(|note| Some((note.line, furnished_by::no_therapist(note.text.bytes())?)))
    else {
        return;
    };
    // At the other lines.
    out.looked_farther = true;
    // Rules that go before this one have said what there is to say of who rendered the line.
    if is_told(claim, line, profile) || edit::assistant::is_told(claim, line, profile) {
        return;
    }
    let item = claim
        .notes
        .iter()
        .filter(|note| note.line == at)
        .take_while(|note| furnished_by::no_therapist(note.text.bytes()).is_none());
    out.hits.push(Hit {
        rule,
        outcome: "by-note",
        primary: Pointer {
            at: subject.at,
            fact: Fact::ProcedureCode,
            item: 0,
            text: "the service".to_owned(),
        },
        related: vec![Pointer {
            at: LineRef { line: at, ..subject.at },
            fact: Fact::Note,
            item: item.count(),
            text: format!("names a {provider}"),
        }],
        values: vec![("provider", provider.to_owned()), ("count", counted(1, "line"))],
        takes: Takes::Lines(vec![subject.at]),
    });
}

fn hospital_place(
    rule: u16,
    line: &ServiceLine<'_>,
    taxonomy: &[u8],
    subject: &Subject<'_, '_>,
    cx: Cx<'_>,
    out: &mut Out,
) {
    let place = subject.claim.place_of_service(line);
    let is_hospital = || HOSPITALS.iter().any(|hospital| place == *hospital);
    let billed_to_be_denied = || line.modifiers.iter().any(|modifier| *modifier == "GY");
    if !subject.profile.medicare_rates {
        return out.not_asked(rule, "medicare-rates");
    }
    if !is_hospital() || billed_to_be_denied() {
        return;
    }
    // At the day of service.
    out.looked_farther = true;
    let Some(date) = line.service_date.value else { return out.lack(rule, Lack::Date, 1) };
    let Some(indicator) = cx.reference.pctc(line.code(), date) else {
        return out.lack(rule, Lack::Figure, 1);
    };
    if indicator != PAID_TO_HOSPITAL {
        return;
    }
    if taxonomy.is_empty() {
        return out.lack(rule, Lack::Taxonomy, 1);
    }
    if IN_PRACTICE.iter().any(|prefix| taxonomy.starts_with(prefix)) {
        let mut hit = hit(rule, "", taxonomy, subject);
        hit.primary.fact = Fact::PlaceOfService;
        "a hospital".clone_into(&mut hit.primary.text);
        out.hits.push(hit);
    }
}

/// Where the payer looks at the taxonomy, its absence is worth a remark, once for a claim.
fn missing(rule: u16, subject: &Subject<'_, '_>, out: &mut Out) {
    out.lack(rule, Lack::Taxonomy, 1);
    let is_therapy = |line: &ServiceLine<'_>| !is_evaluation_and_management(line.code());
    let has_none = |line: &ServiceLine<'_>| {
        is_therapy(line) && subject.claim.rendering(line.number).is_none_or(|one| one.taxonomy.is_absent())
    };
    if !subject.line.is_some_and(is_therapy) || !subject.profile.taxonomy_expected {
        return;
    }
    // At the other lines.
    out.looked_farther = true;
    if !subject.is_first(has_none) {
        return;
    }
    let at = subject.at;
    let text = "no taxonomy of the rendering provider".to_owned();
    out.hits.push(Hit {
        rule,
        outcome: "no-taxonomy",
        primary: Pointer { at, fact: Fact::RenderingTaxonomy, item: 0, text },
        related: Vec::new(),
        values: vec![("provider", "provider of unknown type".to_owned()), ("count", counted(1, "line"))],
        takes: Takes::Nothing,
    });
}

/// Whether the rules over types of provider that go before others (V01, V02) accuse the line.
pub(super) fn is_told(claim: &Claim<'_>, line: &ServiceLine<'_>, profile: &Profile) -> bool {
    let taxonomy = claim.rendering(line.number).map_or(&b""[..], |one| one.taxonomy.bytes());
    !taxonomy.is_empty()
        && (not_recognized(taxonomy, line.code(), profile).is_some()
            || is_outside_scope(taxonomy, line, profile))
}

fn is_outside_scope(taxonomy: &[u8], line: &ServiceLine<'_>, profile: &Profile) -> bool {
    taxonomy.starts_with(CHIROPRACTOR)
        && !profile.chiropractor_codes.is_empty()
        && !profile.chiropractor_codes.iter().any(|code| line.procedure_code == code.as_str())
        && !line.modifiers.iter().any(|modifier| matches!(modifier.bytes(), b"GY" | b"GX"))
        && !is_refused(taxonomy, profile)
}

fn not_recognized(taxonomy: &[u8], code: ProcedureCode, profile: &Profile) -> Option<&'static str> {
    if is_refused(taxonomy, profile) {
        return Some("");
    }
    let is_therapist = || THERAPISTS.iter().any(|prefix| taxonomy.starts_with(prefix));
    if !is_evaluation_and_management(code) || !is_therapist() {
        return None;
    }
    Some(if profile.therapist_evaluation_is_error { "evaluation" } else { ELSEWHERE })
}

fn is_refused(taxonomy: &[u8], profile: &Profile) -> bool {
    profile.refused_taxonomies.iter().any(|prefix| taxonomy.starts_with(prefix.as_bytes()))
}

/// 99202 to 99499.
fn is_evaluation_and_management(code: ProcedureCode) -> bool {
    (b"99202"..=b"99499").contains(&code.as_bytes()) && code.as_bytes().iter().all(u8::is_ascii_digit)
}

fn hit(rule: u16, outcome: &'static str, taxonomy: &[u8], subject: &Subject<'_, '_>) -> Hit {
    let at = subject.at;
    let provider = provider_type(taxonomy);
    Hit {
        rule,
        outcome,
        primary: Pointer { at, fact: Fact::RenderingTaxonomy, item: 0, text: provider.to_owned() },
        related: vec![Pointer { at, fact: Fact::ProcedureCode, item: 0, text: "the service".to_owned() }],
        values: vec![("provider", provider.to_owned()), ("count", counted(1, "line"))],
        takes: Takes::Lines(vec![at]),
    }
}

/// The type of provider that a taxonomy code states, in our own words.
pub(super) fn provider_type(taxonomy: &[u8]) -> &'static str {
    match taxonomy.get(..4) {
        Some(b"2257") => "massage therapist",
        Some(b"2255") if taxonomy.starts_with(b"2255A") => "athletic trainer",
        Some(b"224Y") => "exercise physiologist",
        Some(b"111N") => "chiropractor",
        Some(b"2251") => "physical therapist",
        Some(b"2252") => "physical therapist assistant",
        Some(b"225X") => "occupational therapist",
        Some(b"224Z") => "occupational therapy assistant",
        Some(b"235Z") => "speech-language pathologist",
        Some(b"1711") => "acupuncturist",
        _ => "provider of this type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> ProcedureCode {
        ProcedureCode::new(text.as_bytes()).unwrap()
    }

    #[test]
    fn types_and_services() {
        let medicare = Profile {
            refused_taxonomies: vec!["225700000X".to_owned(), "2255A2300X".to_owned()],
            therapist_evaluation_is_error: true,
            ..Profile::default()
        };
        let elsewhere = Profile::default();
        for (taxonomy, procedure, at_medicare, otherwise) in [
            ("225700000X", "97124", Some(""), None),
            ("2255A2300X", "97110", Some(""), None),
            ("2255R0406X", "97110", None, None),
            ("225100000X", "97124", None, None),
            ("225100000X", "99213", Some("evaluation"), Some("evaluation-elsewhere")),
            ("225200000X", "99202", Some("evaluation"), Some("evaluation-elsewhere")),
            ("225100000X", "99500", None, None),
            ("225200000X", "97124", None, None),
            ("208100000X", "99213", None, None),
            ("111N00000X", "97124", None, None),
        ] {
            assert_eq!(not_recognized(taxonomy.as_bytes(), code(procedure), &medicare), at_medicare);
            assert_eq!(not_recognized(taxonomy.as_bytes(), code(procedure), &elsewhere), otherwise);
        }
    }
}
