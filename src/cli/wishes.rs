//! What a configuration has rules weigh, for everybody and for single payers.

use super::settings::Resolver;
use crate::config::{Payer, Stated, Words};
use crate::rules::{RuleSet, Said, Weight, Whose, Wish, nearest};

/// The wishes of the configuration, put to all `rules` there are. Words that name no rule are noted, rules that cannot weigh
/// what is asked, two words of one file for one rule, and payers that are nearly a profile.
pub(super) fn of(rules: &RuleSet, resolver: &mut Resolver<'_>) -> Vec<Wish> {
    let keys = &resolver.config.keys;
    let mut wishes: Vec<Wish> = Vec::new();
    if !keys.severity.is_empty() {
        let everybody = Payer { severity: keys.severity.clone(), ..Payer::default() };
        wishes.push(wish(Whose::Everybody, &everybody, rules, resolver));
    }
    for (name, payer) in &keys.payers {
        let whose = whose(name, rules, resolver);
        if wishes.iter().any(|wish| wish.whose == whose) {
            resolver.wrong(name, format!("the payer `{}` is named twice", name.value), None);
        }
        wishes.push(wish(whose, payer, rules, resolver));
    }
    wishes
}

/// The profile of this name; else the payer id. A word without a digit that is nearly a profile's name is a slip.
fn whose(name: &Stated<String>, rules: &RuleSet, resolver: &mut Resolver<'_>) -> Whose {
    let profiles = || rules.profiles.iter().map(|profile| profile.name.as_str());
    if let Some(profile) = profiles().find(|profile| profile.eq_ignore_ascii_case(&name.value)) {
        return Whose::Profile(profile.to_owned());
    }
    let meant = nearest(&name.value, profiles());
    if let Some(meant) = meant.filter(|_| !name.value.bytes().any(|byte| byte.is_ascii_digit())) {
        let message = format!("there is no payer profile `{}`, and it hardly is a payer id", name.value);
        resolver.wrong(name, message, Some(format!("did you mean `{meant}`?")));
    }
    Whose::PayerId(name.value.clone())
}

fn wish(whose: Whose, payer: &Payer, rules: &RuleSet, resolver: &mut Resolver<'_>) -> Wish {
    let mut words = |stated: &Option<Stated<Words>>| {
        let words = resolver.each(stated);
        for word in &words {
            complain(word, None, rules, resolver);
        }
        words.into_iter().map(|word| word.value).collect::<Vec<_>>()
    };
    let (select, ignore) = (words(&payer.select), words(&payer.ignore));
    for (word, weight) in &payer.severity {
        complain(word, Some(weight.value), rules, resolver);
    }
    contradictions(payer, rules, resolver);
    let config = resolver.config;
    let said = |(word, weight): (&Stated<String>, &Stated<Weight>)| Said {
        word: word.value.clone(),
        weight: weight.value,
        layer: config.layer(word),
    };
    let severity = payer.severity.iter().map(said).collect();
    Wish { whose, select, ignore, severity }
}

/// Notes words of one file that name a rule as closely as one that stands above them: neither could decide.
fn contradictions(payer: &Payer, rules: &RuleSet, resolver: &mut Resolver<'_>) {
    let mut words: Vec<&Stated<String>> = payer.severity.keys().collect();
    words.sort_by_key(|word| (word.file, word.at.as_ref().map(|at| at.start)));
    for (index, word) in words.iter().enumerate() {
        let above = words[..index].iter().filter(|above| above.file == word.file);
        let mut both =
            above.filter_map(|above| Some((above, rules.named_by_both(&above.value, &word.value)?)));
        if let Some((above, rule)) = both.next_back() {
            let message =
                format!("`{}` and `{}` name {} equally closely", above.value, word.value, rule.code);
            resolver.wrong(word, message, Some("keep one of the two in this file".to_owned()));
        }
    }
}

fn complain(word: &Stated<String>, weight: Option<Weight>, rules: &RuleSet, resolver: &mut Resolver<'_>) {
    if let Some(complaint) = rules.complaint(&word.value, weight) {
        resolver.wrong(word, complaint.message, complaint.help);
    }
}
