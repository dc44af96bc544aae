//! What the walker remembers changes nothing that it finds, nor in what order.

use proptest::prelude::*;
use proptest::sample::Index;

use super::everything;
use super::support::{CLEAN, file, mini, walk_with};
use crate::guide::{Guide, Walker, Wording};
use crate::x12::Lexer;

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

#[test]
fn equal_numbers_are_equal_letters_with_equal_separators() {
    // Clean twice over, then the same letters where another byte separates components.
    let twice = file(&[CLEAN, CLEAN].concat());
    let text = twice.clone() + &twice.replacen("*P*:~", "*P*>~", 1);
    let mut walker = Walker::new(mini());
    let mut lexer = Lexer::new(text.as_bytes(), 0, 1, None);
    let mut first = std::collections::HashMap::new();
    let mut came_back = 0;
    while let Some(segment) = lexer.next_segment() {
        let wording = walker.segment(&segment);
        let own = (segment.raw().to_vec(), segment.delimiters());
        if wording != Wording::NONE {
            came_back += 1;
            assert_eq!(first.entry(wording.number()).or_insert(own.clone()), &own);
        }
    }
    assert!(came_back > CLEAN.len(), "{came_back}");
    let components = first.values().map(|(_, delimiters)| delimiters.component);
    assert_eq!(components.collect::<std::collections::BTreeSet<_>>().len(), 2);
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
