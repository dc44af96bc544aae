//! Following a path through a JSON record.

use super::tree::{Node, Value};
use crate::maps::{Step, Test};

/// What a path led to: a value, or nothing where an element of a list lacks what its neighbours have; and the JSON
/// pointer.
pub(super) type Reached<'t, 'a> = (Option<&'t Node<'a>>, String);

/// The way to a claim or a line: each step's key, what it led to, and the pointer.
#[derive(Clone, Debug)]
pub(super) struct Trail<'t, 'a> {
    pub(super) node: &'t Node<'a>,
    pub(super) pointer: String,
    pub(super) steps: Vec<(String, &'t Node<'a>, String)>,
}

impl<'t, 'a> Trail<'t, 'a> {
    /// Of the record itself.
    pub(super) fn record(node: &'t Node<'a>) -> Trail<'t, 'a> {
        Trail { node, pointer: String::new(), steps: Vec::new() }
    }

    /// Everything that `steps` lead to from here, element by element.
    pub(super) fn follow(&self, steps: &[Step]) -> Vec<Trail<'t, 'a>> {
        let mut trails = vec![self.clone()];
        for step in steps {
            let mut next = Vec::new();
            for trail in &trails {
                let mut reached = Vec::new();
                take(trail.node, &trail.pointer, step, false, &mut reached);
                for (node, pointer) in reached.into_iter().flat_map(elements) {
                    let mut steps = trail.steps.clone();
                    steps.push((step.key.clone(), node, pointer.clone()));
                    next.push(Trail { node, pointer, steps });
                }
            }
            trails = next;
        }
        if steps.is_empty() {
            // The record as it is, or the elements of the list that it is.
            trails = elements((Some(self.node), self.pointer.clone()))
                .map(|(node, pointer)| Trail { node, pointer, steps: self.steps.clone() })
                .collect();
        }
        trails
    }
}

impl<'t, 'a> Trail<'t, 'a> {
    /// Whether `steps` lead to a list, be it empty.
    pub(super) fn has_list(&self, steps: &[Step]) -> bool {
        let mut reached: Vec<Reached<'t, 'a>> = vec![(Some(self.node), String::new())];
        for step in steps {
            let mut next = Vec::new();
            for node in reached.iter().filter_map(|(node, _)| *node) {
                take(node, "", step, false, &mut next);
            }
            reached = next;
        }
        reached.iter().any(|(node, _)| node.is_some_and(|node| matches!(node.value, Value::Array(_))))
    }
}

/// The elements of a list, or what is none.
fn elements<'t, 'a>((node, pointer): Reached<'t, 'a>) -> impl Iterator<Item = (&'t Node<'a>, String)> {
    let all = match node.map(|node| (&node.value, node)) {
        None => Vec::new(),
        Some((Value::Array(list), _)) => {
            list.iter().enumerate().map(|(at, one)| (one, format!("{pointer}/{at}"))).collect()
        }
        Some((_, node)) => vec![(node, pointer)],
    };
    all.into_iter()
}

/// The scalars that `steps` lead to from `node`. With `blanks`, an element without what its neighbours have keeps its
/// place.
pub(super) fn scalars<'t, 'a>(
    node: &'t Node<'a>,
    pointer: &str,
    steps: &[Step],
    blanks: bool,
) -> Vec<Reached<'t, 'a>> {
    let mut reached = vec![(Some(node), pointer.to_owned())];
    for step in steps {
        let mut next = Vec::new();
        for (node, pointer) in &reached {
            match node {
                Some(node) => take(node, pointer, step, blanks, &mut next),
                None => next.push((None, pointer.clone())),
            }
        }
        reached = next;
    }
    let mut scalars = Vec::new();
    for one in reached {
        leaves(one, &mut scalars);
    }
    scalars
}

fn leaves<'t, 'a>((node, pointer): Reached<'t, 'a>, out: &mut Vec<Reached<'t, 'a>>) {
    match node.map(|node| &node.value) {
        Some(Value::Object(_)) => {}
        Some(Value::Array(list)) => {
            for (at, one) in list.iter().enumerate() {
                leaves((Some(one), format!("{pointer}/{at}")), out);
            }
        }
        _ => out.push((node, pointer)),
    }
}

/// One step: the key, then its tests.
fn take<'t, 'a>(
    node: &'t Node<'a>,
    pointer: &str,
    step: &Step,
    blanks: bool,
    out: &mut Vec<Reached<'t, 'a>>,
) {
    if step.key.is_empty() {
        return tested((node, pointer.to_owned()), &step.tests, out);
    }
    match &node.value {
        Value::Object(_) => match node.get(&step.key) {
            Some(child) => {
                let key = step.key.replace('~', "~0").replace('/', "~1");
                tested((child, format!("{pointer}/{key}")), &step.tests, out);
            }
            None if blanks => out.push((None, pointer.to_owned())),
            None => {}
        },
        Value::Array(list) => match step.key.parse::<usize>() {
            Ok(at) => {
                if let Some(one) = list.get(at) {
                    tested((one, format!("{pointer}/{at}")), &step.tests, out);
                }
            }
            Err(_) => {
                for (at, one) in list.iter().enumerate() {
                    take(one, &format!("{pointer}/{at}"), step, blanks, out);
                }
            }
        },
        _ => {}
    }
}

fn tested<'t, 'a>(first: (&'t Node<'a>, String), tests: &[Test], out: &mut Vec<Reached<'t, 'a>>) {
    let mut standing = vec![first];
    for test in tests {
        let mut next = Vec::new();
        for (node, pointer) in standing {
            match (test, &node.value) {
                (Test::Index(at), Value::Array(list)) => {
                    next.extend(list.get(*at).map(|one| (one, format!("{pointer}/{at}"))));
                }
                (Test::Index(_), _) => {}
                (Test::Elements(way, said), Value::Array(list)) => {
                    let elements = list.iter().enumerate().filter(|(_, one)| says(one, way, said));
                    next.extend(elements.map(|(at, one)| (one, format!("{pointer}/{at}"))));
                }
                (Test::Elements(way, said) | Test::Itself(way, said), _) => {
                    if says(node, way, said) {
                        next.push((node, pointer));
                    }
                }
            }
        }
        standing = next;
    }
    out.extend(standing.into_iter().map(|(node, pointer)| (Some(node), pointer)));
}

/// Whether what `way` leads to says one of `said`; an empty text stands for nothing at all.
fn says(node: &Node<'_>, way: &[Step], said: &[String]) -> bool {
    let found = scalars(node, "", way, false);
    let mut texts =
        found.iter().filter_map(|(node, _)| node.and_then(Node::text)).filter(|text| !text.is_empty());
    match texts.next() {
        None => said.iter().any(String::is_empty),
        Some(first) => std::iter::once(first)
            .chain(texts)
            .any(|text| said.iter().any(|one| *one == text.trim().to_lowercase())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maps::Path;

    fn found(text: &str, path: &str) -> Vec<String> {
        let root = Node::parse(text).expect("JSON");
        let path = Path::json(path).expect("a path");
        let all = scalars(&root, "", &path.steps, true);
        all.into_iter()
            .map(|(node, pointer)| format!("{pointer}={}", node.and_then(Node::text).unwrap_or("-")))
            .collect()
    }

    #[test]
    fn paths_go_into_every_element() {
        let text = r#"{"a":[{"b":1},{"c":2},{"b":[3,4]}],"d/e":{"k":"v"}}"#;
        assert_eq!(found(text, "a[].b"), ["/a/0/b=1", "/a/1=-", "/a/2/b/0=3", "/a/2/b/1=4"]);
        assert_eq!(found(text, "a[0].b"), ["/a/0/b=1"]);
        assert_eq!(found(text, "d/e.k"), ["/d~1e/k=v"]);
        assert_eq!(found(text, "a[9].b"), [] as [&str; 0]);
    }

    #[test]
    fn tests_choose_among_elements() {
        let text = r#"{"d":[{"q":"472","v":"x"},{"q":"454","v":"y"},{"q":"472","r":"RD8","v":"z"}],
            "hi":[{"c1":["ABK","M54"],"c2":["ABF","M25"]},{"c1":["BG","01"]}]}"#;
        assert_eq!(found(text, "d[q=472].v"), ["/d/0/v=x", "/d/2/v=z"]);
        assert_eq!(found(text, "d[q=472][r=RD8].v"), ["/d/2/v=z"]);
        assert_eq!(found(text, "d[r=].v"), ["/d/0/v=x", "/d/1/v=y"]);
        assert_eq!(found(text, "hi[].c1(0=abk|ABF)[1]"), ["/hi/0/c1/1=M54"]);
    }
}
