//! What the walker remembers changes nothing that it finds, nor in what order.

use proptest::prelude::*;
use proptest::sample::Index;

use super::everything;
use super::support::{CLEAN, file, mini, walk_with};
use crate::guide::{Guide, Walker};

/// How many footings to remember, and how much use they must be: so few that they are forgotten on the way, so few
/// that it is given up, and all.
const ROOMS: [(usize, u64); 3] = [(7, 0), (7, 8), (10_000, 0)];

fn remembers_alike(guide: &'static Guide, segments: &[String]) {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let text = file(&segments);
    for target in [usize::MAX, 300] {
        let walk = |(most, least_use)| {
            walk_with(|| Walker::remembering(guide, most, least_use), text.as_bytes(), target)
        };
        let without = walk((0, 0));
        for room in ROOMS {
            assert_eq!(walk(room), without, "{room:?}, in units of {target}:\n{text}");
        }
    }
}

#[derive(Clone, Debug)]
enum Edit {
    Drop(Index),
    Double(Index),
    Swap(Index, Index),
    /// Gives one segment the first element of another.
    Key(Index, Index),
    /// Empties an element, or puts something where none is.
    Element(Index, usize, &'static str),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Edit::Drop),
        at().prop_map(Edit::Double),
        (at(), at()).prop_map(|(one, other)| Edit::Swap(one, other)),
        (at(), at()).prop_map(|(one, other)| Edit::Key(one, other)),
        (at(), 1..9_usize, prop_oneof![Just(""), Just("ZZZZZ"), Just("1"), Just("A:B")])
            .prop_map(|(at, element, text)| Edit::Element(at, element, text)),
    ]
}

fn apply(edit: &Edit, segments: &mut Vec<String>) {
    let count = segments.len();
    let set = |segment: &mut String, element: usize, text: &str| {
        let mut elements: Vec<&str> = segment.split('*').collect();
        if elements.len() <= element {
            elements.resize(element + 1, "");
        }
        elements[element] = text;
        *segment = elements.join("*");
    };
    match edit {
        Edit::Drop(at) => _ = segments.remove(at.index(count)),
        Edit::Double(at) => segments.insert(at.index(count), segments[at.index(count)].clone()),
        Edit::Swap(one, other) => segments.swap(one.index(count), other.index(count)),
        Edit::Key(at, other) => {
            let key = segments[other.index(count)].split('*').nth(1).unwrap_or_default().to_owned();
            set(&mut segments[at.index(count)], 1, &key);
        }
        Edit::Element(at, element, text) => set(&mut segments[at.index(count)], *element, text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn edited_transactions_have_the_same_faults_whatever_is_remembered(
        edits in proptest::collection::vec(edit(), 0..8),
    ) {
        // Twice, so that the second goes by what the first left.
        let mut segments: Vec<String> = CLEAN.iter().map(|segment| (*segment).to_owned()).collect();
        segments.extend(segments.clone());
        edits.iter().for_each(|edit| apply(edit, &mut segments));
        remembers_alike(mini(), &segments);
    }

    #[test]
    fn so_have_those_with_all_that_the_guide_knows(edits in proptest::collection::vec(edit(), 0..8)) {
        let guide = Guide::professional();
        let mut segments = everything(guide);
        segments.extend(segments.clone());
        edits.iter().for_each(|edit| apply(edit, &mut segments));
        remembers_alike(guide, &segments);
    }
}
