//! The shape of codes: what can be said of a code without knowing them all. Where the user has loaded a complete list
//! of procedure codes, modifiers or taxonomies, it is asked of a code that has the shape of one, on the day of service.
//!
//! Procedure codes, modifiers, taxonomies, states, ZIP codes, and in JSON the claim filing indicator (in an 837P the
//! guide lists its values). A code that has the shape of one is never doubted here.

use super::{Edits, Seen};
use crate::checks::hit::Takes;
use crate::claim::{Claim, Date, Fact, LineRef, Modifier, ProcedureCode, Provider, Role, ServiceLine, Text};
use crate::reference::{Listing, Reference};

/// SBR09 (element 1032 as the guide lists it).
const FILING_INDICATORS: [&str; 23] = [
    "11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS", "FI", "HM", "LM", "MA", "MB",
    "MC", "OF", "TV", "VA", "WC", "ZZ",
];

/// States, territories, freely associated states and military addresses, as the postal service abbreviates them: for
/// each first letter the second ones, as bits.
const STATES: [u32; 26] = {
    let known = b"AAAEAKALAPARASAZCACOCTDCDEFLFMGAGUHIIAIDILINKSKYLAMAMDMEMHMIMNMOMPMSMTNCNDNENHNJNMNVNYOHOKORPAPRPWRISC\
SDTNTXUMUTVAVIVTWAWIWVWY";
    let mut states = [0; 26];
    let mut at = 0;
    while at < known.len() {
        states[(known[at] - b'A') as usize] |= 1 << (known[at + 1] - b'A');
        at += 2;
    }
    states
};

/// Whether the codes of the line have the shape of one.
pub(in crate::checks) fn is_line_in_order(line: &ServiceLine<'_>) -> bool {
    fault_of_procedure(line.procedure_code.bytes()).is_none() && are_plain(&line.modifiers)
}

/// Whether every other code of the claim has the shape of one, and no loaded list speaks against any.
pub(in crate::checks) fn is_rest_in_order(claim: &Claim<'_>, reference: &Reference) -> bool {
    (!reference.has_code_lists() || are_listed(claim, reference))
        && claim.providers.iter().all(|provider| {
            whereabouts(provider.role).is_none_or(|place| {
                (place.taxonomy.is_none() || has_fine_taxonomy(provider))
                    && (place.address.is_none() || is_fine_address(provider, claim.is_native()))
            })
        })
        && !has_strange_indicator(claim)
}

/// Whether the loaded lists have every code on its day, or do not speak of it.
fn are_listed(claim: &Claim<'_>, reference: &Reference) -> bool {
    let lines_are = claim.lines.iter().all(|line| {
        fault_of_listed_procedure(line, reference).is_none()
            && line
                .modifiers
                .iter()
                .all(|modifier| fault_of_listed_modifier(line, *modifier, reference).is_none())
    });
    lines_are && claim.providers.iter().all(|provider| !is_unlisted_taxonomy(claim, provider, reference))
}

type Faulty = Option<(&'static str, &'static str)>;

fn fault_of_listed_procedure(line: &ServiceLine<'_>, reference: &Reference) -> Faulty {
    let (code, date) = (ProcedureCode::new(line.procedure_code.bytes())?, line.service_date.value?);
    match reference.listed_procedure(code, date) {
        Listing::Unknown => Some(("procedure-unknown", "not in the loaded list")),
        Listing::NotInForce => Some(("procedure-not-in-force", "not in force on the day")),
        Listing::InForce | Listing::NoList => None,
    }
}

fn fault_of_listed_modifier(line: &ServiceLine<'_>, modifier: Text<'_>, reference: &Reference) -> Faulty {
    let (modifier, date) = (Modifier::new(modifier.bytes())?, line.service_date.value?);
    match reference.listed_modifier(modifier, date) {
        Listing::Unknown => Some(("modifier-unknown", "not in the loaded list")),
        Listing::NotInForce => Some(("modifier-not-in-force", "not in force on the day")),
        Listing::InForce | Listing::NoList => None,
    }
}

/// Whether the loaded taxonomy lacks a provider's code, on the first day that the provider serves.
fn is_unlisted_taxonomy(claim: &Claim<'_>, provider: &Provider<'_>, reference: &Reference) -> bool {
    let serves = |line: &&ServiceLine<'_>| provider.line == 0 || line.number == provider.line;
    let first: Option<Date> =
        claim.lines.iter().filter(serves).filter_map(|line| line.service_date.value).min();
    provider.taxonomy.is_present()
        && is_taxonomy(provider.taxonomy.bytes())
        && whereabouts(provider.role).is_some_and(|place| place.taxonomy.is_some())
        && first.is_some_and(|date| {
            reference.listed_taxonomy(provider.taxonomy.bytes(), date) == Listing::Unknown
        })
}

/// Modifiers of two capitals or digits, all different, and no blank before any.
fn are_plain(modifiers: &[Text<'_>; 4]) -> bool {
    let mut codes = [[0; 2]; 4];
    for (place, modifier) in modifiers.iter().enumerate() {
        let code = match *modifier.bytes() {
            [] => return modifiers[place..].iter().all(|one| one.is_absent()),
            [first, second] if is_code_letter(first) && is_code_letter(second) => [first, second],
            _ => return false,
        };
        if codes[..place].contains(&code) {
            return false;
        }
        codes[place] = code;
    }
    true
}

fn is_code_letter(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn has_fine_taxonomy(provider: &Provider<'_>) -> bool {
    provider.taxonomy.is_absent() || is_taxonomy(provider.taxonomy.bytes())
}

fn is_abroad(provider: &Provider<'_>) -> bool {
    provider.country.is_present() && provider.country != "US"
}

fn is_fine_address(provider: &Provider<'_>, native: bool) -> bool {
    is_abroad(provider)
        || (provider.state.is_absent() || is_state(provider.state.bytes()))
            && (provider.zip.is_absent() || fault_of_zip(provider.zip.bytes(), native).is_none())
}

fn has_strange_indicator(claim: &Claim<'_>) -> bool {
    let indicator = claim.payer.filing_indicator;
    indicator.is_present() && claim.is_native() && !FILING_INDICATORS.iter().any(|known| indicator == *known)
}

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    for line in &claim.lines {
        modifiers(edits, line);
    }
    for line in &claim.lines {
        procedure(edits, line);
    }
    for provider in &claim.providers {
        of_provider(edits, claim, provider);
    }
    if has_strange_indicator(claim) {
        let seen = Seen::claim("filing-indicator-unknown", Fact::ClaimFilingIndicator, "not a known value");
        edits.report(Seen { values: vec![("code", shown(claim.payer.filing_indicator))], ..seen });
    }
}

fn shown(text: Text<'_>) -> String {
    text.bytes().escape_ascii().to_string()
}

fn procedure<'s, 'a>(edits: &mut Edits<'s, 'a, '_>, line: &'s ServiceLine<'a>) {
    let fault = fault_of_procedure(line.procedure_code.bytes());
    let Some((fault, label)) = fault.or_else(|| fault_of_listed_procedure(line, edits.cx.reference)) else {
        return;
    };
    // Other qualifiers name other code sets; a payer's own codes may have any shape.
    let is_hcpcs = line.procedure_qualifier.is_absent() || line.procedure_qualifier == "HC";
    let is_strange = fault != "procedure-case" && edits.subject.profile.local_procedure_codes;
    if line.procedure_code.is_absent() || !is_hcpcs || is_strange || !edits.is_about(line) {
        return;
    }
    edits.report(Seen {
        values: vec![("code", shown(line.procedure_code))],
        ..Seen::line(fault, line.number, Fact::ProcedureCode, label)
    });
}

/// What keeps a text from being a CPT or HCPCS code: five digits from 00100 on; four digits and the letter of a
/// performance measure (F), an emerging technology (T), a laboratory test (U), an algorithm (M) or a vaccination (A);
/// a letter that HCPCS has given out and four digits.
fn fault_of_procedure(code: &[u8]) -> Option<(&'static str, &'static str)> {
    const SHAPE: Option<(&str, &str)> = Some(("procedure-shape", "not a procedure code"));
    const NEVER: Option<(&str, &str)> = Some(("procedure-never-assigned", "never assigned"));
    let Ok(code) = <[u8; 5]>::try_from(code) else { return SHAPE };
    let [first, middle @ .., last] = code;
    if !middle.iter().all(u8::is_ascii_digit) {
        return SHAPE;
    }
    match (first, last) {
        (b'0'..=b'9', b'0'..=b'9') => (code < *b"00100").then_some(NEVER).flatten(),
        (b'0'..=b'9', b'F' | b'T' | b'U' | b'M' | b'A') => None,
        (b'A'..=b'Z', b'0'..=b'9') if b"FINOWXYZ".contains(&first) => NEVER,
        (b'A'..=b'Z', b'0'..=b'9') => None,
        (b'a'..=b'z', b'0'..=b'9') | (b'0'..=b'9', b'f' | b't' | b'u' | b'm' | b'a') => {
            Some(("procedure-case", "a small letter"))
        }
        _ => SHAPE,
    }
}

fn modifiers<'s, 'a>(edits: &mut Edits<'s, 'a, '_>, line: &'s ServiceLine<'a>) {
    for (place, modifier) in line.modifiers.iter().enumerate() {
        let stated = modifier.bytes();
        let earlier = &line.modifiers[..place];
        let fault = if stated.is_empty() {
            continue;
        } else if stated.len() != 2 || !stated.iter().all(u8::is_ascii_alphanumeric) {
            ("modifier-shape", "not two letters or digits")
        } else if !stated.iter().copied().all(is_code_letter) {
            ("modifier-case", "a small letter")
        } else if earlier.iter().any(|one| one.bytes() == stated) {
            ("modifier-repeated", "stated before")
        } else if earlier.last().is_some_and(|one| one.is_absent()) {
            ("modifier-gap", "a blank before it")
        } else {
            // A payer with codes of its own may have modifiers of its own.
            let fault = fault_of_listed_modifier(line, *modifier, edits.cx.reference);
            match fault.filter(|_| !edits.subject.profile.local_procedure_codes) {
                Some(fault) => fault,
                None => continue,
            }
        };
        if !edits.is_about(line) {
            return;
        }
        let (fault, label) = fault;
        edits.report(Seen {
            item: place,
            values: vec![("code", shown(*modifier))],
            takes: Takes::Lines(vec![LineRef { line: line.number, ..edits.subject.at }]),
            ..Seen::line(fault, line.number, Fact::Modifiers, label)
        });
    }
}

/// Where a provider's taxonomy, state and ZIP stand, and what the provider is called.
struct Whereabouts {
    role: &'static str,
    taxonomy: Option<Fact>,
    address: Option<(Fact, Fact)>,
}

fn whereabouts(role: Role) -> Option<Whereabouts> {
    let (role, taxonomy, address) = match role {
        Role::Billing => {
            ("billing provider", Some(Fact::BillingTaxonomy), Some((Fact::BillingState, Fact::BillingZip)))
        }
        Role::Rendering => ("rendering provider", Some(Fact::RenderingTaxonomy), None),
        Role::ServiceFacility => ("service facility", None, Some((Fact::State, Fact::Zip))),
        _ => return None,
    };
    Some(Whereabouts { role, taxonomy, address })
}

fn of_provider(edits: &mut Edits<'_, '_, '_>, claim: &Claim<'_>, provider: &Provider<'_>) {
    let Some(Whereabouts { role, taxonomy, address }) = whereabouts(provider.role) else { return };
    let is_unlisted = is_unlisted_taxonomy(claim, provider, edits.cx.reference);
    let mut report = |fault, fact, stated: Text<'_>, label| {
        let values = vec![("code", shown(stated)), ("role", role.to_owned())];
        edits.report(Seen { values, ..Seen::line(fault, provider.line, fact, label) });
    };
    if let Some(fact) = taxonomy
        && !has_fine_taxonomy(provider)
    {
        report("taxonomy-shape", fact, provider.taxonomy, "not a taxonomy code");
    }
    if let Some(fact) = taxonomy
        && is_unlisted
    {
        report("taxonomy-unknown", fact, provider.taxonomy, "not in the loaded list");
    }
    let Some((state, zip)) = address else { return };
    if is_abroad(provider) {
        return;
    }
    if provider.state.is_present() && !is_state(provider.state.bytes()) {
        report("state-unknown", state, provider.state, "not a state");
    }
    if provider.zip.is_present()
        && let Some((fault, label)) = fault_of_zip(provider.zip.bytes(), claim.is_native())
    {
        report(fault, zip, provider.zip, label);
    }
}

/// Ten capitals and digits that begin with a digit and end with X, as every code of the NUCC set does; those of its
/// first years, which still turn up, ended with Y too.
fn is_taxonomy(code: &[u8]) -> bool {
    code.len() == 10
        && code[0].is_ascii_digit()
        && matches!(code[9], b'X' | b'Y')
        && code.iter().copied().all(is_code_letter)
}

fn is_state(code: &[u8]) -> bool {
    let [first, second] = *code else { return false };
    let place = |letter: u8| usize::from(letter.wrapping_sub(b'A'));
    second.is_ascii_uppercase()
        && STATES.get(place(first)).is_some_and(|states| states >> place(second) & 1 == 1)
}

/// What is wrong with the ZIP code of a billing provider or a service facility: an 837P asks for all nine digits, JSON
/// takes five, and nine with or without a hyphen. A last part of zeros is what clearinghouses fill in; it is left alone.
fn fault_of_zip(zip: &[u8], native: bool) -> Option<(&'static str, &'static str)> {
    let (first, is_short) = match *zip {
        [ref first @ .., _, _, _, _] if zip.len() == 9 && zip.iter().all(u8::is_ascii_digit) => {
            (first, false)
        }
        [ref first @ .., b'-', a, b, c, d]
            if native && first.len() == 5 && [a, b, c, d].iter().all(u8::is_ascii_digit) =>
        {
            (first, false)
        }
        _ if zip.len() == 5 => (zip, true),
        _ => return Some(("zip-shape", "not a ZIP code")),
    };
    if !first.iter().all(u8::is_ascii_digit) {
        return Some(("zip-shape", "not a ZIP code"));
    }
    if matches!(first, b"00000" | b"99999") {
        return Some(("zip-never-assigned", "never assigned"));
    }
    (is_short && !native).then_some(("zip-short", "five digits of nine"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn procedure_codes() {
        for (code, fault) in [
            ("97124", None),
            ("00100", None),
            ("99607", None),
            ("00099", Some("procedure-never-assigned")),
            ("00000", Some("procedure-never-assigned")),
            ("G0283", None),
            ("U0002", None),
            ("V2020", None),
            ("D0120", None),
            ("0001F", None),
            ("0513T", None),
            ("0241U", None),
            ("0002M", None),
            ("0001A", None),
            ("0001B", Some("procedure-shape")),
            ("X0283", Some("procedure-never-assigned")),
            ("N1234", Some("procedure-never-assigned")),
            ("g0283", Some("procedure-case")),
            ("0513t", Some("procedure-case")),
            ("9712", Some("procedure-shape")),
            ("971244", Some("procedure-shape")),
            ("97I24", Some("procedure-shape")),
            ("9712O", Some("procedure-shape")),
            ("97124 ", Some("procedure-shape")),
        ] {
            assert_eq!(fault_of_procedure(code.as_bytes()).map(|(fault, _)| fault), fault, "{code}");
        }
    }

    #[test]
    fn zip_codes() {
        for (zip, x12, json) in [
            ("352030001", None, None),
            ("352030000", None, None),
            ("00501", Some("zip-short"), None),
            ("35203-0001", Some("zip-shape"), None),
            ("3520", Some("zip-shape"), Some("zip-shape")),
            ("3520A", Some("zip-shape"), Some("zip-shape")),
            ("35203000", Some("zip-shape"), Some("zip-shape")),
            ("00000", Some("zip-never-assigned"), Some("zip-never-assigned")),
            ("999990000", Some("zip-never-assigned"), Some("zip-never-assigned")),
            ("A52030001", Some("zip-shape"), Some("zip-shape")),
        ] {
            let fault = |native| fault_of_zip(zip.as_bytes(), native).map(|(fault, _)| fault);
            assert_eq!((fault(false), fault(true)), (x12, json), "{zip}");
        }
    }

    #[test]
    fn taxonomies_and_states() {
        for (code, known) in [
            ("225100000X", true),
            ("2251X0800X", true),
            ("203BF0100Y", true),
            ("22510000X", false),
            ("225100000x", false),
            ("2251000000", false),
            ("A25100000X", false),
        ] {
            assert_eq!(is_taxonomy(code.as_bytes()), known, "{code}");
        }
        for (code, known) in [
            ("AL", true),
            ("WY", true),
            ("PR", true),
            ("AE", true),
            ("al", false),
            ("XX", false),
            ("A ", false),
        ] {
            assert_eq!(is_state(code.as_bytes()), known, "{code}");
        }
    }
}
