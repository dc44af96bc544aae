//! From YAML (or the embedded JSON) to resolved rules.
//!
//! `raw_*` are the shapes as written, `located` alone knows the YAML library, the rest gives names their meaning
//! and notes every name that has none. A wrong shape ends a file at its first fault; of wrong names all are noted.

mod claimed;
mod condition;
mod context;
mod example;
mod foreign;
mod located;
mod mistake;
mod names;
mod note;
mod raw_book;
mod raw_example;
mod raw_note;
mod raw_rule;
mod raw_tree;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use context::Context;
use located::ShapeFault;

pub(crate) use example::{Defaults, RawDefaults, resolve as resolve_examples};
pub(crate) use foreign::{Nearly, Written, why as why_foreign};
pub(crate) use located::{Located, Scalar, read_yaml};
pub(crate) use mistake::{Mistake, did_you_mean, nearest};
pub use mistake::{RuleErrors, RuleFile};
pub(crate) use raw_book::RawBook;
pub(crate) use raw_example::RawExamples;
pub use rule::{is_rule_code, is_rule_name};

use super::{Profile, Rule, Scope, SnipTypes};

/// One file's rules, profiles and lists, with where they come from.
pub(crate) struct Layer {
    /// Index among the sources.
    pub(crate) source: usize,
    /// The file's stem.
    pub(crate) pack: String,
    /// Whether it is carried by the program.
    pub(crate) built_in: bool,
    /// What it holds.
    pub(crate) book: RawBook,
}

/// Everything that resolved.
#[derive(Default)]
pub(crate) struct Loaded {
    /// In the order of their codes.
    pub(crate) rules: Vec<Rule>,
    /// The one for unknown payers last.
    pub(crate) profiles: Vec<Profile>,
    /// With what the last file says of each.
    pub(crate) snip_types: SnipTypes,
    /// Examples of the rules of files, by code, with their file; those of built-in rules are read when asked for.
    pub(crate) examples: Vec<(String, RawExamples, Option<RuleFile>)>,
}

/// Reads YAML files into layers; where shapes are wrong, the first fault of each file.
pub(crate) fn read(files: &[RuleFile], built_in: bool) -> Result<Vec<Layer>, RuleErrors> {
    let mut layers = Vec::new();
    let mut mistakes = Vec::new();
    for (source, file) in files.iter().enumerate() {
        // It stands among the rule files and holds none.
        if pack_of(&file.name) == "example-defaults" {
            continue;
        }
        match read_yaml::<RawBook>(&file.text) {
            Ok(mut book) => {
                book.take_as_typed(&file.text);
                layers.push(Layer { source, pack: pack_of(&file.name), built_in, book });
            }
            // What stands in a file that is no rule file may be a patient's: neither it nor its place is shown.
            Err(fault) => mistakes.push(match foreign::why(&file.text, &foreign::RULE_FILE) {
                Some(message) => Mistake { source, at: None, message, label: String::new(), help: None },
                None => shape_mistake(source, fault, &file.text),
            }),
        }
    }
    if mistakes.is_empty() { Ok(layers) } else { Err(RuleErrors { sources: files.to_vec(), mistakes }) }
}

/// Rules over a provider's day have a bit each in [`crate::claim::ProviderKey::rules`].
const MOST_OF_PROVIDER_DAYS: usize = u32::BITS as usize;

/// Resolves layers, built-in ones first, into rules and profiles. `files` are what spans point into.
pub(crate) fn resolve(layers: &[Layer], files: &[RuleFile]) -> Result<Loaded, RuleErrors> {
    let mut context = Context::default();
    names::lists(&mut context, layers);
    names::profiles(&mut context, layers);
    let mut loaded = Loaded { snip_types: names::snip_types(&mut context, layers), ..Loaded::default() };
    let mut of_provider_days = 0;
    let mut codes: BTreeMap<&str, &Layer> = BTreeMap::new();
    let mut rule_names: BTreeMap<&str, &Layer> = BTreeMap::new();
    for layer in layers {
        context.source = layer.source;
        let text = files.get(layer.source).map_or("", |file| &file.text);
        for raw in &layer.book.rules {
            for (known, what, stated) in
                [(&mut codes, "code", &raw.code), (&mut rule_names, "name", &raw.name)]
            {
                if let Some(first) = known.insert(&stated.value, layer) {
                    let whose =
                        if first.built_in { "a built-in rule".to_owned() } else { owner(first, files) };
                    let message = format!("the {what} `{}` is taken by {whose}", stated.value);
                    let help = first.built_in.then(|| {
                        "to change a built-in rule, ignore it and give yours a code of its own".to_owned()
                    });
                    context.wrong(&stated.at, message, "used a second time", help);
                }
            }
            if let Some(rule) = rule::rule(&mut context, layer, raw, text) {
                of_provider_days += usize::from(rule.scope() == Scope::ProviderDay);
                if rule.scope() == Scope::ProviderDay && of_provider_days > MOST_OF_PROVIDER_DAYS {
                    let message = format!("more than {MOST_OF_PROVIDER_DAYS} rules over a provider's day");
                    context.wrong(&raw.code.at, message, "one too many", None);
                }
                loaded.rules.push(rule);
            }
        }
    }
    let known = codes.keys().copied().collect::<Vec<_>>();
    for layer in layers.iter().filter(|layer| !layer.built_in) {
        context.source = layer.source;
        for raw in &layer.book.rules {
            if let Some(examples) = &raw.examples {
                example::check(&mut context, examples, &raw.check.value, &known);
                let file = files.get(layer.source).cloned();
                loaded.examples.push((raw.code.value.clone(), examples.clone(), file));
            }
        }
    }
    if context.mistakes.is_empty() {
        loaded.rules.sort_by(|one, other| one.code.cmp(&other.code));
        loaded.profiles = context.profiles;
        for rule in &mut loaded.rules {
            loaded.snip_types.weigh(rule);
        }
        return Ok(loaded);
    }
    let mut mistakes = context.mistakes;
    mistakes.sort_by_key(|mistake| (mistake.source, mistake.at.as_ref().map(|at| at.start)));
    Err(RuleErrors { sources: files.to_vec(), mistakes })
}

/// Reads the YAML of a file that holds something else than rules; `source` is its place among the files.
pub(crate) fn read_one<T: DeserializeOwned>(source: usize, file: &RuleFile) -> Result<T, Mistake> {
    read_yaml(&file.text).map_err(|fault| shape_mistake(source, fault, &file.text))
}

/// Reads the YAML of the example defaults.
pub(crate) fn read_defaults(file: &RuleFile) -> Result<RawDefaults, RuleErrors> {
    read_yaml(&file.text).map_err(|fault| {
        let mistakes = vec![shape_mistake(0, fault, &file.text)];
        RuleErrors { sources: vec![file.clone()], mistakes }
    })
}

fn owner(layer: &Layer, files: &[RuleFile]) -> String {
    files.get(layer.source).map_or_else(|| layer.pack.clone(), |file| format!("a rule of {}", file.name))
}

/// The stem of a file's name: `rules/therapy.yaml` is the pack `therapy`.
pub(crate) fn pack_of(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}

/// A wrong shape as a mistake of its file.
pub(crate) fn shape_mistake(source: usize, fault: ShapeFault, text: &str) -> Mistake {
    let (at, message, label, help) = match fault {
        ShapeFault::Unknown { what, name, expected, at } => {
            let help = did_you_mean(&name, expected.iter().copied()).or_else(|| match expected.as_slice() {
                [] => None,
                expected => Some(format!("what can stand here: {}", expected.join(", "))),
            });
            let at = at.map(|at| place_of(text, at, &name));
            (at, format!("unknown {what} `{name}`"), format!("no such {what}"), help)
        }
        ShapeFault::Missing { key, at } => {
            (at, format!("the key `{key}` is missing"), "in this mapping".to_owned(), None)
        }
        ShapeFault::Other { message, at } => (at, message, "here".to_owned(), None),
    };
    Mistake { source, at, message, label, help }
}

/// Widens a place that marks only the beginning of `name` to all of it.
fn place_of(text: &str, at: std::ops::Range<usize>, name: &str) -> std::ops::Range<usize> {
    let named = text.get(at.start..).is_some_and(|rest| rest.starts_with(name));
    if named { at.start..at.start + name.len() } else { at }
}
