//! What leads a claim to a payer profile must lead it to one.

use std::ops::Range;

use super::Layer;
use super::context::Context;
use super::located::Located;
use super::raw_book::RawProfile;
use crate::rules::Profile;

/// The states as capitals; what cannot be one is noted.
pub(super) fn states(context: &mut Context, stated: &[Located<String>]) -> Vec<String> {
    for state in stated {
        if state.value.len() != 2 || !state.value.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            let help = Some("two letters, as the postal service writes them: TX".to_owned());
            context.wrong(&state.at, format!("`{}` is no state", state.value), "not two letters", help);
        }
    }
    stated.iter().map(|state| state.value.to_ascii_uppercase()).collect()
}

/// Notes every payer id and filing indicator, and every profile, for which two profiles stand in one state, or in all.
pub(super) fn claimed_once(context: &mut Context, layers: &[Layer]) {
    let mut told = Vec::new();
    for (index, one) in context.profiles.iter().enumerate() {
        for other in context.profiles[..index].iter().filter(|other| is_where(one, other)) {
            let before = told.len();
            for (what, field, of_one, of_other) in [
                ("payer id", Field::PayerIds, &one.payer_ids, &other.payer_ids),
                ("filing indicator", Field::Indicators, &one.filing_indicators, &other.filing_indicators),
            ] {
                let shared =
                    of_one.iter().filter(|word| of_other.iter().any(|same| field.is_same(word, same)));
                told.extend(shared.map(|word| {
                    Clash::new(one, other, field, word, format!("the {what} `{word}` leads to two profiles"))
                }));
            }
            if let Some(base) = one.stands_for.as_ref().filter(|_| told.len() == before)
                && one.stands_for == other.stands_for
            {
                told.push(Clash::new(
                    one,
                    other,
                    Field::States,
                    "",
                    format!("two profiles stand for `{base}`"),
                ));
            }
        }
    }
    for clash in told {
        clash.tell(context, layers);
    }
}

/// Whether some claim lies where both apply, neither of them more narrowly than the other.
fn is_where(one: &Profile, other: &Profile) -> bool {
    match (one.states.is_empty(), other.states.is_empty()) {
        (true, true) => true,
        (false, false) => one.states.iter().any(|state| other.states.contains(state)),
        _ => false,
    }
}

/// What of a profile leads to it.
#[derive(Clone, Copy)]
enum Field {
    PayerIds,
    Indicators,
    States,
}

impl Field {
    fn is_same(self, one: &str, other: &str) -> bool {
        match self {
            Field::PayerIds => one == other,
            Field::Indicators | Field::States => one.eq_ignore_ascii_case(other),
        }
    }

    fn of(self, raw: &RawProfile) -> &[Located<String>] {
        let field = match self {
            Field::PayerIds => &raw.payer_ids,
            Field::Indicators => &raw.filing_indicators,
            Field::States => &raw.states,
        };
        field.as_deref().unwrap_or_default()
    }
}

/// Two profiles that claim the same claim.
struct Clash {
    names: [String; 2],
    field: Field,
    word: String,
    /// What is wrong, without where and of whom.
    what: String,
    /// A state where both apply; none where both apply everywhere.
    state: Option<String>,
}

impl Clash {
    fn new(one: &Profile, other: &Profile, field: Field, word: &str, what: String) -> Clash {
        let state = one.states.iter().find(|state| other.states.contains(state)).cloned();
        let names = [other.name.clone(), one.name.clone()];
        Clash { names, field, word: word.to_owned(), what, state }
    }

    /// Where the later of the two states it; where neither does, the later profile's name.
    fn place(&self, layers: &[Layer]) -> Option<(usize, Option<Range<usize>>)> {
        let of_both = || {
            let profiles = layers
                .iter()
                .rev()
                .flat_map(|layer| layer.book.profiles.iter().rev().map(move |raw| (layer.source, raw)));
            profiles.filter(|(_, raw)| self.names.contains(&raw.name.value))
        };
        let states = |raw: &RawProfile| {
            let items = self.field.of(raw).iter();
            let state = self.state.as_deref().unwrap_or_default();
            let word = if matches!(self.field, Field::States) { state } else { &self.word };
            items.clone().find(|item| self.field.is_same(&item.value, word)).map(|item| item.at.clone())
        };
        let stated = of_both().find_map(|(source, raw)| Some((source, states(raw)?)));
        let named = || of_both().next().map(|(source, raw)| (source, raw.name.at.clone()));
        match stated {
            Some((source, Some(at))) => Some((source, Some(at))),
            _ => named(),
        }
    }

    fn tell(self, context: &mut Context, layers: &[Layer]) {
        let Some((source, at)) = self.place(layers) else { return };
        let [first, second] = &self.names;
        let place = self.state.as_ref().map(|state| format!(" in {state}")).unwrap_or_default();
        context.source = source;
        let message = format!("{}{place}: `{first}` and `{second}`", self.what);
        let help = "a claim is judged by one profile: take it out of the other, or give one of the two other `states`";
        context.wrong(&at, message, "claimed a second time", Some(help.to_owned()));
    }
}
