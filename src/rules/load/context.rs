use std::collections::BTreeMap;
use std::ops::Range;

use super::located::Located;
use super::mistake::{Mistake, did_you_mean};
use super::raw_tree::RawNames;
use crate::claim::{Fact, ProcedureCode};
use crate::rules::Profile;

/// What names mean while rules are resolved, and what was wrong so far.
#[derive(Default)]
pub(super) struct Context {
    /// The file that is being resolved.
    pub(super) source: usize,
    /// Everything wrong, in the order found.
    pub(super) mistakes: Vec<Mistake>,
    /// Named lists with every code of theirs.
    pub(super) lists: BTreeMap<String, Vec<String>>,
    /// Profiles in the order loaded.
    pub(super) profiles: Vec<Profile>,
}

/// A range longer than this is a slip of the keyboard.
const LONGEST_RANGE: u64 = 10_000;

impl Context {
    /// Notes something wrong at a place of the current file.
    pub(super) fn wrong(
        &mut self,
        at: &Option<Range<usize>>,
        message: impl Into<String>,
        label: impl Into<String>,
        help: Option<String>,
    ) {
        let (message, label) = (message.into(), label.into());
        self.mistakes.push(Mistake { source: self.source, at: at.clone(), message, label, help });
    }

    /// The fact of this name; a wrong name is noted.
    pub(super) fn fact(&mut self, name: &Located<String>) -> Option<Fact> {
        let fact = Fact::named(&name.value);
        if fact.is_none() {
            let named = |fact: &Fact| match name.value.contains('.') {
                true => fact.qualified(),
                false => fact.name().to_owned(),
            };
            let qualified = Fact::ALL.iter().map(named).collect::<Vec<_>>();
            let bare = name.value.rsplit('.').next().unwrap_or_default();
            let other_level = Fact::named(bare).map(|fact| format!("did you mean `{}`?", fact.qualified()));
            let help =
                other_level.or_else(|| did_you_mean(&name.value, qualified.iter().map(String::as_str)));
            self.wrong(&name.at, format!("no fact is called `{}`", name.value), "unknown fact", help);
        }
        fact
    }

    /// The codes of a list by name, or those written in place.
    pub(super) fn names(&mut self, names: &Located<RawNames>) -> Vec<String> {
        match &names.value {
            RawNames::Inline(codes) => codes.iter().flat_map(|code| self.range(code)).collect(),
            RawNames::One(list) => match self.lists.get(list) {
                Some(codes) => codes.clone(),
                None => {
                    let help = did_you_mean(list, self.lists.keys().map(String::as_str))
                        .or_else(|| Some(format!("a single code is written in brackets: [{list}]")));
                    self.wrong(&names.at, format!("no list is called `{list}`"), "unknown list", help);
                    Vec::new()
                }
            },
        }
    }

    /// The procedure codes that a list's name or inline names stand for; what is none is a mistake.
    pub(super) fn procedures(&mut self, names: &Located<RawNames>) -> Vec<ProcedureCode> {
        let mut codes = Vec::new();
        for name in self.names(names) {
            match ProcedureCode::new(name.as_bytes()) {
                Some(code) => codes.push(code),
                None => {
                    self.wrong(
                        &names.at,
                        format!("`{name}` is no procedure code"),
                        "not five characters",
                        None,
                    );
                }
            }
        }
        codes
    }

    /// A code, or the codes from the first to the last of a range such as `97032-97036`.
    pub(super) fn range(&mut self, code: &Located<String>) -> Vec<String> {
        let Some((first, last)) = code.value.split_once('-') else { return vec![code.value.clone()] };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 18;
        let ends = first.parse::<u64>().ok().zip(last.parse::<u64>().ok());
        match ends {
            Some((from, to))
                if digits(first)
                    && digits(last)
                    && first.len() == last.len()
                    && from <= to
                    && to - from < LONGEST_RANGE =>
            {
                (from..=to).map(|number| format!("{number:0width$}", width = first.len())).collect()
            }
            _ => {
                self.wrong(
                    &code.at,
                    format!("`{}` is no range of codes", code.value),
                    "not a range",
                    Some("a range has two numbers of one width, the smaller first: 97032-97036".to_owned()),
                );
                Vec::new()
            }
        }
    }
}
