use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::load::{self, Defaults, Layer, Loaded, RawBook, RawDefaults, RawExamples, RuleErrors, RuleFile};
use super::{Profile, Rule, SnipTypes};

/// The carried rules, resolved: what a run reads that knows no others.
const RESOLVED: &[u8] = include_bytes!("../../reference/rules.bin");

/// The carried rules as they are written, without examples, as JSON: what rules of a user are resolved with.
const RULES: &str = include_str!("../../reference/rules.json");

/// The examples of the carried rules, read only when somebody asks for them.
const EXAMPLES: &str = include_str!("../../reference/rule-examples.json");

/// What stands in [`RESOLVED`], in the order of the fields.
#[derive(Deserialize, Serialize)]
pub(super) struct Resolved {
    pub(super) rules: Vec<Rule>,
    pub(super) profiles: Vec<Profile>,
    pub(super) snip_types: SnipTypes,
    /// Of these rules, all of them.
    pub(super) index: Index,
}

#[derive(Deserialize)]
struct Pack {
    pack: String,
    book: RawBook,
}

#[derive(Deserialize)]
struct Examples {
    defaults: RawDefaults,
    rules: BTreeMap<String, RawExamples>,
}

/// The carried rules, resolved.
pub(super) fn resolved() -> Result<Resolved, RuleErrors> {
    postcard::from_bytes(RESOLVED).map_err(|error| broken("rules.bin", &error))
}

/// The carried rules, one layer a pack.
pub(super) fn layers() -> Result<Vec<Layer>, RuleErrors> {
    let packs: Vec<Pack> = serde_json::from_str(RULES).map_err(|error| broken("rules.json", &error))?;
    let layer = |Pack { pack, book }| Layer { source: usize::MAX, pack, built_in: true, book };
    Ok(packs.into_iter().map(layer).collect())
}

/// Whether the program carries a rule of this code. No rule of a user has a carried one's.
pub fn is_carried(code: &str) -> bool {
    RULES.contains(&format!("\n{{\"code\":\"{code}\","))
}

/// The examples of the carried rules by code, and what examples leave out.
pub(super) fn examples() -> Result<(BTreeMap<String, RawExamples>, Defaults), RuleErrors> {
    let Examples { defaults, rules } =
        serde_json::from_str(EXAMPLES).map_err(|error| broken("rule-examples.json", &error))?;
    Ok((rules, Defaults::new(&defaults)))
}

fn broken(name: &str, error: &dyn std::fmt::Display) -> RuleErrors {
    RuleErrors::of_file(name, &format!("the carried rules cannot be read: {error}"))
}

/// What the program carries of rules, written from the YAML of the repository.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    /// `reference/rules.json`: rules without examples, profiles and lists; one rule a line.
    pub rules: String,
    /// `reference/rule-examples.json`: what examples leave out, and the examples by rule.
    pub examples: String,
    /// `reference/rules.bin`: the same rules and profiles, resolved, with the index of the rules.
    pub resolved: Vec<u8>,
}

/// Writes what is carried from YAML files and the YAML of the example defaults.
///
/// # Errors
/// Whatever is wrong in the files; they must resolve by themselves.
pub fn carried(files: &[RuleFile], defaults: &RuleFile) -> Result<Carried, RuleErrors> {
    let layers = load::read(files, false)?;
    let Loaded { mut rules, profiles, snip_types, .. } = load::resolve(&layers, files)?;
    let index = Index::new(&mut rules);
    let resolved = postcard::to_allocvec(&Resolved { rules, profiles, snip_types, index })
        .map_err(|error| broken("rules.bin", &error))?;
    let mut examples = BTreeMap::new();
    let mut packs = Vec::new();
    for Layer { pack, book: RawBook { rules, profiles, lists, snip_types }, .. } in layers {
        let mut lines = Vec::new();
        for mut rule in rules {
            if let Some(own) = rule.examples.take() {
                examples.insert(rule.code.value.clone(), own);
            }
            lines.push(json(&rule)?);
        }
        packs.push(format!(
            "{{\"pack\":{},\"book\":{{\"profiles\":{},\n\"lists\":{},\n\"snip-types\":{},\n\"rules\":[\n{}\n]}}}}",
            json(&pack)?,
            json(&profiles)?,
            json(&lists)?,
            json(&snip_types)?,
            lines.join(",\n")
        ));
    }
    let rules = examples.iter().map(|(code, own)| Ok(format!("{}:{}", json(code)?, json(own)?)));
    let rules = rules.collect::<Result<Vec<_>, RuleErrors>>()?;
    let defaults = json(&load::read_defaults(defaults)?)?;
    Ok(Carried {
        rules: format!("[\n{}\n]\n", packs.join(",\n")),
        examples: format!("{{\"defaults\":{defaults},\n\"rules\":{{\n{}\n}}}}\n", rules.join(",\n")),
        resolved,
    })
}

fn json<T: Serialize>(value: &T) -> Result<String, RuleErrors> {
    serde_json::to_string(value).map_err(|error| broken("rules", &error))
}
