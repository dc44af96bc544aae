use crate::claim::{Claim, Date, DateFact, Provider, Reference, Role, Stated, Text};

/// Whether a later line says something else than the claim; where the claim said nothing it learns it here.
pub(super) fn settle<'a>(known: &mut Text<'a>, stated: Text<'a>) -> bool {
    if known.is_absent() && stated.is_present() {
        *known = stated;
        return false;
    }
    stated.is_present() && !is_alike(stated, *known)
}

/// Whether two texts are one, whatever their case and the blanks around them.
pub(super) fn is_alike(one: Text<'_>, other: Text<'_>) -> bool {
    one.bytes() == other.bytes() || one.bytes().trim_ascii().eq_ignore_ascii_case(other.bytes().trim_ascii())
}

/// Like [`settle`]; two spellings of one value agree.
pub(super) fn settle_stated<'a, T: PartialEq + Copy>(
    known: &mut Stated<'a, T>,
    stated: Stated<'a, T>,
) -> bool {
    if known.text.is_absent() {
        if stated.text.is_present() {
            *known = stated;
        }
        return false;
    }
    let same =
        stated.text.bytes() == known.text.bytes() || (known.value.is_some() && stated.value == known.value);
    stated.text.is_present() && !same
}

/// Puts a provider at the claim if `line` is its first, else at `line` if the claim's is somebody else.
pub(super) fn put_provider<'a>(claim: &mut Claim<'a>, stated: Provider<'a>, line: u16) {
    if stated.npi.is_absent() && stated.taxonomy.is_absent() {
        return;
    }
    let same = |known: Text<'a>, said: Text<'a>| said.is_absent() || said.bytes() == known.bytes();
    let known = claim.provider(stated.role, 0);
    if known.is_some_and(|known| same(known.npi, stated.npi) && same(known.taxonomy, stated.taxonomy)) {
        return;
    }
    let line = if known.is_none() && line == 1 { 0 } else { line };
    claim.providers.push(Provider { line, ..stated });
}

/// Puts a place of treatment at `line` if it is not the billing provider's.
pub(super) fn put_place<'a>(claim: &mut Claim<'a>, state: Text<'a>, zip: Text<'a>, line: u16) {
    if state.is_absent() && zip.is_absent() {
        return;
    }
    let billing = match claim.providers.iter_mut().find(|one| one.role == Role::Billing) {
        Some(billing) => billing,
        None => {
            claim.providers.push(Provider::new(Role::Billing, 0));
            let last = claim.providers.len() - 1;
            &mut claim.providers[last]
        }
    };
    let (mut own_state, mut own_zip) = (billing.state, billing.zip);
    let elsewhere = settle(&mut own_state, state) | settle(&mut own_zip, zip);
    if elsewhere {
        claim.providers.push(Provider { state, zip, ..Provider::new(Role::ServiceFacility, line) });
    } else {
        (billing.state, billing.zip) = (own_state, own_zip);
    }
}

/// Puts a reference at the claim if `line` is its first, else at `line` if the claim's is another.
pub(super) fn put_reference<'a>(claim: &mut Claim<'a>, qualifier: &'static [u8], value: Text<'a>, line: u16) {
    if value.is_absent() {
        return;
    }
    let qualifier = Text::new(qualifier, 0);
    let known =
        claim.references.iter().find(|one| one.line == 0 && one.qualifier.bytes() == qualifier.bytes());
    if known.is_some_and(|known| known.value.bytes() == value.bytes()) {
        return;
    }
    let line = if known.is_none() && line == 1 { 0 } else { line };
    claim.references.push(Reference { line, qualifier, value, payer_id: Text::ABSENT });
}

/// Puts a date at the claim if `line` is its first, else at `line` if it is another day.
pub(super) fn put_date<'a>(
    claim: &mut Claim<'a>,
    qualifier: &'static str,
    date: Stated<'a, Date>,
    line: u16,
) {
    if date.text.is_absent() {
        return;
    }
    let known = claim.date(qualifier, 0).map(|one| one.date);
    if known.is_some_and(|mut known| !settle_stated(&mut known, date)) {
        return;
    }
    let line = if known.is_none() && line == 1 { 0 } else { line };
    claim.dates.push(DateFact { line, qualifier: Text::new(qualifier.as_bytes(), 0), date });
}

/// Puts a date of the claim as a whole; whether a later line says another day.
pub(super) fn settle_date<'a>(
    claim: &mut Claim<'a>,
    qualifier: &'static str,
    date: Stated<'a, Date>,
) -> bool {
    if date.text.is_absent() {
        return false;
    }
    if let Some(known) = claim.date(qualifier, 0) {
        return settle_stated(&mut known.date.clone(), date);
    }
    claim.dates.push(DateFact { line: 0, qualifier: Text::new(qualifier.as_bytes(), 0), date });
    false
}
