use std::collections::BTreeMap;

use super::Layer;
use super::claimed;
use super::context::Context;
use super::located::Located;
use super::mistake::did_you_mean;
use super::raw_book::{KeyedList, RawProfile, RawVisitLimit};
use crate::claim::DiagnosisCode;
use crate::rules::{Profile, SnipTypes, VisitLimit};

type Lists<'l> = BTreeMap<&'l str, (usize, &'l KeyedList)>;

/// Resolves the named lists of every layer. A user's list stands for a built-in one of the same name.
pub(super) fn lists(context: &mut Context, layers: &[Layer]) {
    let mut lists: Lists<'_> = BTreeMap::new();
    for layer in layers {
        context.source = layer.source;
        for (name, list) in &layer.book.lists {
            let before = lists.insert(&name.value, (layer.source, &list.0));
            if let Some((source, _)) = before
                && layers.iter().any(|other| other.source == source && other.built_in == layer.built_in)
            {
                let message = format!("the list `{}` is defined twice", name.value);
                context.wrong(&name.at, message, "defined a second time", None);
            }
        }
    }
    let names = lists.keys().copied().collect::<Vec<_>>();
    for name in names {
        let mut path = Vec::new();
        let codes = expand(context, &lists, name, &mut path);
        context.lists.insert(name.to_owned(), codes);
    }
}

/// Puts together what the layers say of the SNIP types; a later one changes only what it states.
pub(super) fn snip_types(context: &mut Context, layers: &[Layer]) -> SnipTypes {
    let mut types = SnipTypes::default();
    for layer in layers {
        context.source = layer.source;
        for (number, raw) in &layer.book.snip_types {
            let Some(own) = number.value.parse().ok().and_then(|number| types.get_mut(number)) else {
                let message = format!("`{}` is no SNIP type", number.value);
                context.wrong(&number.at, message, "not 1 to 7", None);
                continue;
            };
            own.name = raw.name.clone().unwrap_or_else(|| std::mem::take(&mut own.name));
            own.summary = raw.summary.clone().unwrap_or_else(|| std::mem::take(&mut own.summary));
            own.severity = raw.severity.or(own.severity);
        }
    }
    types
}

fn expand<'l>(
    context: &mut Context,
    lists: &Lists<'l>,
    name: &'l str,
    path: &mut Vec<&'l str>,
) -> Vec<String> {
    let Some(&(source, list)) = lists.get(name) else { return Vec::new() };
    path.push(name);
    let mut codes = Vec::new();
    for included in &list.include {
        // Only the list that states an include reports on it, so that each mistake is shown once.
        let states_it = path.len() == 1;
        context.source = source;
        let Some((&known, _)) = lists.get_key_value(included.value.as_str()) else {
            if states_it {
                let help = did_you_mean(&included.value, lists.keys().copied());
                let message = format!("no list is called `{}`", included.value);
                context.wrong(&included.at, message, "unknown list", help);
            }
            continue;
        };
        if path.contains(&known) {
            if path.first() == Some(&known) {
                context.wrong(
                    &included.at,
                    format!("the list `{known}` includes itself"),
                    "leads back to it",
                    None,
                );
            }
            continue;
        }
        codes.extend(expand(context, lists, known, path));
    }
    context.source = source;
    let mistakes = context.mistakes.len();
    codes.extend(list.codes.iter().flat_map(|code| context.range(code)));
    if path.len() > 1 {
        context.mistakes.truncate(mistakes);
    }
    path.pop();
    codes
}

/// Resolves the profiles of every layer: one of a known name changes what it states. `unknown` comes last.
pub(super) fn profiles(context: &mut Context, layers: &[Layer]) {
    for layer in layers {
        context.source = layer.source;
        for (place, raw) in layer.book.profiles.iter().enumerate() {
            let twice = layer.book.profiles[..place].iter().any(|other| other.name == raw.name);
            if twice {
                let message = format!("the profile `{}` is defined twice in one file", raw.name.value);
                context.wrong(&raw.name.at, message, "defined a second time", None);
            }
            profile(context, raw);
        }
    }
    let unknown = match context.profiles.iter().position(|profile| profile.name == "unknown") {
        Some(index) => context.profiles.remove(index),
        None => {
            Profile { name: "unknown".to_owned(), label: "Unknown payer".to_owned(), ..Profile::default() }
        }
    };
    context.profiles.push(unknown);
    claimed::claimed_once(context, layers);
}

fn profile(context: &mut Context, raw: &RawProfile) {
    let known = context.profiles.iter().position(|profile| profile.name == raw.name.value);
    let mut profile = match (&raw.like, known) {
        (Some(like), _) => like_other(context, like, raw.states.is_some()),
        (None, Some(index)) => context.profiles[index].clone(),
        (None, None) => Profile { label: raw.name.value.clone(), ..Profile::default() },
    };
    profile.name.clone_from(&raw.name.value);
    set(&mut profile.label, &raw.label);
    set(&mut profile.filing_indicators, &raw.filing_indicators.as_deref().map(plain));
    set(&mut profile.payer_ids, &raw.payer_ids.as_deref().map(plain));
    if let Some(states) = &raw.states {
        profile.states = claimed::states(context, states);
        if raw.name.value == "unknown" {
            let message = "the profile `unknown` is for every claim that no other is for";
            context.wrong(&raw.name.at, message, "cannot be bound to states", None);
        }
    }
    set(&mut profile.counting, &raw.counting);
    set(&mut profile.counting_confirmed, &raw.counting_confirmed);
    set(&mut profile.ncci, &raw.ncci);
    set(&mut profile.mppr, &raw.mppr);
    set(&mut profile.medicare_rates, &raw.medicare_rates);
    set(&mut profile.assistant_reduction, &raw.assistant_reduction);
    set(&mut profile.therapy_threshold, &raw.therapy_threshold);
    set(&mut profile.therapy_modifier_required, &raw.therapy_modifier_required);
    set(&mut profile.one_line_a_day, &raw.one_line_a_day);
    set(&mut profile.beneficiary_notices, &raw.beneficiary_notices);
    set(&mut profile.active_treatment_modifier, &raw.active_treatment_modifier);
    set(&mut profile.incident_to_therapists_only, &raw.incident_to_therapists_only);
    if let Some(locality) = &raw.locality {
        let shape = |byte: (usize, u8)| if byte.0 == 5 { byte.1 == b'-' } else { byte.1.is_ascii_digit() };
        if locality.value.len() != 8 || !locality.value.bytes().enumerate().all(shape) {
            let help = Some("contractor and locality, such as 10112-00".to_owned());
            let message = format!("`{}` is no Medicare locality", locality.value);
            context.wrong(&locality.at, message, "not five digits, a hyphen and two digits", help);
        }
        profile.locality = Some(locality.value.clone());
    }
    set(&mut profile.member_id, &raw.member_id);
    set(&mut profile.taxonomy_expected, &raw.taxonomy_expected);
    set(&mut profile.therapist_evaluation_is_error, &raw.therapist_evaluation_is_error);
    set(&mut profile.rendering_npi_required, &raw.rendering_npi_required);
    set(&mut profile.referring_npi_required, &raw.referring_npi_required);
    set(&mut profile.local_procedure_codes, &raw.local_procedure_codes);
    profile.filing_limit = raw.filing_limit.or(profile.filing_limit);
    if let Some(names) = &raw.refused_taxonomies {
        profile.refused_taxonomies = context.names(names);
    }
    if let Some(names) = &raw.supervised_taxonomies {
        profile.supervised_taxonomies = context.names(names);
    }
    if let Some(names) = &raw.chiropractor_codes {
        profile.chiropractor_codes = context.names(names);
    }
    if let Some(names) = &raw.nonspecific_diagnoses {
        profile.nonspecific_diagnoses =
            context.names(names).iter().map(|code| plain_diagnosis(code)).collect();
    }
    if let Some(limits) = &raw.visit_limits {
        let limit = |raw: &RawVisitLimit| VisitLimit {
            codes: raw.codes.as_ref().map(|names| context.procedures(names)).unwrap_or_default(),
            visits: raw.visits,
            per: raw.per,
        };
        profile.visit_limits = limits.iter().map(limit).collect();
    }
    if let Some(names) = &raw.authorization_required {
        profile.authorization_required = context.procedures(names);
    }
    if let Some(names) = &raw.referral_required {
        profile.referral_required = context.procedures(names);
    }
    if let Some(names) = &raw.wellness_diagnoses {
        let codes = context.names(names);
        profile.wellness_diagnoses = Some(codes.iter().map(|code| plain_diagnosis(code)).collect());
    }
    match known {
        Some(index) => context.profiles[index] = profile,
        None => context.profiles.push(profile),
    }
}

/// A copy of the profile that `like` names. It answers to nothing that leads to the original, unless it `stands_for`
/// it in some states.
fn like_other(context: &mut Context, like: &Located<String>, stands_for: bool) -> Profile {
    let found = context.profiles.iter().find(|profile| profile.name == like.value).cloned();
    if let Some(mut profile) = found {
        profile.states.clear();
        let original = profile.stands_for.take().unwrap_or_else(|| like.value.clone());
        profile.stands_for = stands_for.then_some(original);
        if !stands_for {
            profile.filing_indicators.clear();
            profile.payer_ids.clear();
        }
        return profile;
    }
    let help = did_you_mean(&like.value, context.profiles.iter().map(|profile| profile.name.as_str()));
    let message = format!("no profile before this one is called `{}`", like.value);
    context.wrong(&like.at, message, "unknown profile", help);
    Profile::default()
}

fn plain(stated: &[Located<String>]) -> Vec<String> {
    stated.iter().map(|one| one.value.clone()).collect()
}

fn set<T: Clone>(field: &mut T, stated: &Option<T>) {
    if let Some(value) = stated {
        field.clone_from(value);
    }
}

/// A diagnosis code (or the beginning of one) without its point, in upper case.
pub(super) fn plain_diagnosis(code: &str) -> String {
    DiagnosisCode::new(code.as_bytes()).map_or_else(|| code.to_owned(), |code| code.as_str().to_owned())
}
