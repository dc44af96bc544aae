//! Which keys of JSON records a map does not look at: their names alone, so that a map can be seen to miss something.

use std::collections::BTreeMap;

use super::tree::{Node, Value};
use crate::maps::{Map, Path, Root, Step, Test};

/// How many records are looked at: an export repeats itself.
const MOST_RECORDS: u32 = 100;

/// The keys that a map looks at, as a tree.
pub(super) struct Unused {
    known: Keys,
    records: u32,
}

#[derive(Default)]
struct Keys(BTreeMap<String, Keys>);

impl Keys {
    /// Adds the way of `steps` behind `before`, and the ways that their tests look along.
    fn add(&mut self, before: &[String], steps: &[Step]) {
        let mut keys = self;
        for key in before {
            keys = keys.0.entry(key.clone()).or_default();
        }
        for step in steps {
            if !step.key.is_empty() {
                keys = keys.0.entry(step.key.clone()).or_default();
            }
            for test in &step.tests {
                if let Test::Elements(way, _) | Test::Itself(way, _) = test {
                    keys.add(&[], way);
                }
            }
        }
    }

    fn walk(&self, node: &Node<'_>, before: &str, unused: &mut Vec<String>) {
        match &node.value {
            Value::Object(fields) => {
                for (key, child) in fields.iter().filter(|(_, child)| !matches!(child.value, Value::Null)) {
                    let name = if before.is_empty() { key.to_string() } else { format!("{before}.{key}") };
                    match self.0.get(key.as_ref()) {
                        Some(keys) if keys.0.is_empty() => {}
                        Some(keys) => keys.walk(child, &name, unused),
                        None => unused.push(name),
                    }
                }
            }
            Value::Array(elements) => {
                for element in elements {
                    self.walk(element, before, unused);
                }
            }
            _ => {}
        }
    }
}

fn keys(steps: &[Step]) -> Vec<String> {
    steps.iter().map(|step| step.key.clone()).filter(|key| !key.is_empty()).collect()
}

impl Unused {
    pub(super) fn of(map: &Map) -> Unused {
        let mut known = Keys::default();
        let claims: Vec<Vec<String>> = match map.claims.as_slice() {
            [] => vec![Vec::new()],
            paths => paths.iter().map(|path| keys(&path.steps)).collect(),
        };
        let behind = |path: &Path, claims: &[Vec<String>], lines: &[Vec<String>]| match path.root {
            Root::Record => vec![Vec::new()],
            Root::Claim => claims.to_vec(),
            Root::Line => lines.to_vec(),
        };
        let lines: Vec<Vec<String>> = match &map.lines {
            None => claims.clone(),
            Some(path) => behind(path, &claims, &[])
                .into_iter()
                .map(|before| [before, keys(&path.steps)].concat())
                .collect(),
        };
        for path in map.paths() {
            for before in behind(path, &claims, &lines) {
                known.add(&before, &path.steps);
            }
        }
        let look_ups =
            map.facts.iter().flat_map(|(_, sources)| sources).filter_map(|one| one.look_up.as_ref());
        for look_up in look_ups {
            for before in behind(&look_up.within, &claims, &lines) {
                let list = [before, keys(&look_up.within.steps)].concat();
                known.add(&list, &look_up.by.steps);
                known.add(&list, &look_up.take.steps);
            }
        }
        Unused { known, records: 0 }
    }

    /// The keys of a record that the map does not look at; nothing after the first hundred records.
    pub(super) fn of_record(&mut self, root: &Node<'_>) -> Vec<String> {
        let mut unused = Vec::new();
        if self.records < MOST_RECORDS {
            self.records += 1;
            self.known.walk(root, "", &mut unused);
        }
        unused
    }
}
