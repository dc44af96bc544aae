mod elements;
mod form;
mod invariance;
mod memory;
mod segments;
mod support;

use super::Guide;
use super::compiled::{Item, Kind, NONE, Place};
use support::{CLEAN, file, found, mini};

#[test]
fn the_tables_have_no_mistakes() {
    for text in [include_str!("mini.txt"), include_str!("../../../guide/005010X222A1.txt")] {
        let (_, mistakes) = Guide::of(text);
        assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    }
}

#[test]
fn the_guide_names_its_versions() {
    assert_eq!(Guide::professional().versions(), ["005010X222A1", "005010X222A2"]);
}

#[test]
fn mistakes_in_a_table_are_named() {
    let broken = "elements\n 1 XX 1 2\n 2 AN 1 1\nsegments\n A1 2 9\nlists\nloop ST in GS R 1 @1\n A1 R 1 @1 : 01=$no 03\n B2 R 1 @2\n";
    let (_, mistakes) = Guide::of(broken);
    let all = mistakes.join("\n");
    for part in ["line 2:", "A1 has 9", "list $no", "no place 3", "line 9:", "a loop that is not there"] {
        assert!(all.contains(part), "{part} in\n{all}");
    }
}

#[test]
fn a_clean_transaction_has_no_fault() {
    assert_eq!(found(mini(), &file(CLEAN)), Vec::<String>::new());
}

#[test]
fn a_transaction_with_every_loop_and_element_of_the_guide_has_no_fault() {
    for guide in [mini(), Guide::professional()] {
        let segments = everything(guide);
        let text = file(&segments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(found(guide, &text), Vec::<String>::new(), "{text}");
        for id in guide.loop_ids().filter(|id| *id != "ISA" && *id != "GS") {
            assert!(segments.len() > 50, "{id}");
        }
    }
}

/// A transaction with every loop, segment and element of the guide.
fn everything(guide: &Guide) -> Vec<String> {
    let mut segments = vec!["GS*HC*ME*YOU*20250303*1200*1*X*005010X222A1".to_owned()];
    write(guide, guide.transaction.expect("a loop of ST"), &mut segments);
    segments.extend(["GE*1*1".to_owned(), "IEA*1*000000001".to_owned()]);
    segments
}

/// Writes each segment of the loop once, with all its elements, and the loops in it.
fn write(guide: &Guide, inside: u16, into: &mut Vec<String>) {
    let items: &[Item] = guide.loops[usize::from(inside)].items.of(&guide.items);
    let mut order: Vec<&Item> = items.iter().collect();
    order.sort_by_key(|item| item.at);
    for item in order {
        if item.inner != NONE {
            write(guide, item.inner, into);
            continue;
        }
        let node = &guide.nodes[usize::from(item.node)];
        let mut segment = guide.segments[usize::from(node.segment)].id.to_owned();
        let mut before = String::new();
        let kind = &guide.segments[usize::from(node.segment)];
        let mut present = 0_u64;
        for (index, place) in node.places.of(&guide.places).iter().enumerate() {
            let excluded = kind
                .conditions
                .of(&guide.conditions)
                .iter()
                .any(|one| one.letter == b'E' && one.mask >> index & 1 != 0 && one.mask & present != 0);
            before = if excluded { String::new() } else { value(guide, place, &before) };
            present |= u64::from(!before.is_empty()) << index;
            segment.push('*');
            segment.push_str(&before);
        }
        into.push(segment.trim_end_matches('*').to_owned());
    }
}

fn value(guide: &Guide, place: &Place, before: &str) -> String {
    let shortest = usize::from(place.least);
    match place.kind {
        Kind::NotUsed => String::new(),
        Kind::Text | Kind::Id | Kind::Binary => "A".repeat(shortest),
        Kind::Coded if place.long => place.codes.of(&guide.long_codes)[0].to_owned(),
        Kind::Coded => {
            let code = place.codes.of(&guide.codes)[0].to_le_bytes();
            String::from_utf8_lossy(&code).trim_end_matches('\0').to_owned()
        }
        Kind::Whole | Kind::Decimal => "1".repeat(shortest),
        Kind::Date => "20250303".to_owned(),
        Kind::Time => "1200".to_owned(),
        Kind::Period => match before {
            "RD8" => "20250301-20250303".to_owned(),
            _ => "20250303".to_owned(),
        },
        Kind::Composite => {
            let mut parts: Vec<String> = Vec::new();
            for part in guide.composites[usize::from(place.codes.start)].parts.of(&guide.places) {
                let before = parts.last().cloned().unwrap_or_default();
                parts.push(value(guide, part, &before));
            }
            parts.join(":").trim_end_matches(':').to_owned()
        }
    }
}
