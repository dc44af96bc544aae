use proptest::prelude::*;

use super::*;
use crate::x12::{Field, Id};

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250303*1200*^*00501*\
                   000000001*0*P*:~";

/// Every segment as `number offset text`.
fn lex(text: &str) -> Vec<String> {
    let mut lexer = Lexer::new(text.as_bytes(), 0, 1, None);
    let mut all = Vec::new();
    while let Some(segment) = lexer.next_segment() {
        let raw = String::from_utf8_lossy(segment.raw()).into_owned();
        assert_eq!(text.as_bytes()[segment.offset() as usize..].first(), segment.raw().first());
        all.push(format!("{} {}", segment.number(), raw));
    }
    all
}

#[test]
fn terminators_and_what_stands_around_segments() {
    let plain = format!("{ISA}GS*HC~ST*837*0001~SE*2*0001~");
    let expected = lex(&plain);
    assert_eq!(expected[1..], ["2 GS*HC", "3 ST*837*0001", "4 SE*2*0001"]);
    for after in ["~\n", "~\r\n", "~\r", "~  \r\n  ", "  ~\n"] {
        assert_eq!(lex(&plain.replace('~', after).replacen("  ~", "~", 1))[1..], expected[1..], "{after:?}");
    }
    for terminator in ["\n", "\r", "\r\n", "'", "\u{1c}", "|"] {
        let texts = |all: &[String]| all.iter().skip(1).cloned().collect::<Vec<_>>();
        assert_eq!(texts(&lex(&plain.replace('~', terminator))), texts(&expected), "{terminator:?}");
    }
    for before in ["\u{feff}", "  ", "\r\n\r\n", "\u{feff}\n  "] {
        assert_eq!(lex(&format!("{before}{plain}"))[1..], expected[1..], "{before:?}");
    }
}

#[test]
fn blank_pieces_count_as_lines_do() {
    let text = format!("{}\n\nST*837*1\n  \n\nSE*2*1\n\n", ISA.replace('~', "\n").trim_end());
    assert_eq!(lex(&text)[1..], ["3 ST*837*1", "6 SE*2*1"]);
    assert_eq!(lex(&format!("{ISA}~ ~ST*837*1~~\n~"))[1..], ["4 ST*837*1"]);
}

#[test]
fn each_interchange_brings_its_own_separators() {
    let other = ISA.replace('*', "|").replace(':', ">").replace('~', "\n");
    let text = format!("{ISA}SV1*HC:97124~IEA*1*1~\n\u{feff}{other}SV1|HC>97140\nIEA|1|1\n{ISA}SV1*HC:97110");
    let mut lexer = Lexer::new(text.as_bytes(), 0, 1, None);
    let mut codes = Vec::new();
    while let Some(segment) = lexer.next_segment() {
        if segment.id_bytes() == b"SV1" {
            codes.push((
                segment.number(),
                String::from_utf8_lossy(segment.component(1, 2).bytes).into_owned(),
            ));
        }
    }
    assert_eq!(codes, [(2, "97124".into()), (5, "97140".into()), (8, "97110".into())]);
}

#[test]
fn elements_and_components() {
    let text = format!("{ISA}SV1*HC:97124:GP::59*90**2*~*X~ST~");
    let mut lexer = Lexer::new(text.as_bytes(), 1000, 7, None);
    lexer.next_segment();
    let segment = lexer.next_segment().expect("SV1");
    let base = 1000 + ISA.len() as u64;
    let field = |bytes: &'static str, at: u64| Field { bytes: bytes.as_bytes(), offset: base + at };
    assert_eq!((segment.number(), segment.len(), segment.offset()), (8, 5, base));
    assert_eq!(segment.element(0), field("SV1", 0));
    assert_eq!(segment.element(2), field("90", 20));
    assert_eq!(segment.element(3), field("", 23));
    assert_eq!(segment.element(4), field("2", 24));
    assert_eq!(segment.element(5), field("", 26));
    assert_eq!(segment.element(6), field("", 26));
    assert_eq!(segment.element(99), field("", 26));
    assert_eq!(segment.component(1, 2), field("97124", 7));
    assert_eq!(segment.component(1, 4), field("", 16));
    assert_eq!(segment.component(1, 5), field("59", 17));
    assert_eq!(segment.component(1, 6), field("", 19));
    assert_eq!(segment.component(9, 1), field("", 26));
    let junk = lexer.next_segment().expect("a segment without id");
    assert_eq!((junk.id_bytes(), junk.element(1).bytes), (b"".as_slice(), b"X".as_slice()));
    assert!(!junk.has_well_formed_id());
    let bare = lexer.next_segment().expect("ST");
    assert_eq!((bare.len(), bare.element(1)), (0, field("", 32)));
}

#[test]
fn more_elements_than_are_kept() {
    for count in [1, 39, 40, 41, 200, MOST_NOTED - BLOCK, MOST_NOTED + BLOCK, 3 * MOST_NOTED] {
        for (length, behind) in [(0, "~"), (1, "\n~\n"), (3, "")] {
            let elements: Vec<String> = (0..count).map(|index| index.to_string()[..].repeat(2)).collect();
            let elements: Vec<&str> = elements.iter().map(|text| &text[..text.len().min(length)]).collect();
            let text = format!("{ISA}SV1*{}X{behind}", elements.join("*"));
            let mut lexer = Lexer::new(text.as_bytes(), 0, 1, None);
            lexer.next_segment();
            let segment = lexer.next_segment().expect("the long one");
            assert_eq!(segment.len(), count);
            assert_eq!(segment.raw().len(), text.len() - ISA.len() - behind.len());
            for (index, element) in elements.iter().enumerate().skip(count.saturating_sub(2 * BLOCK)) {
                let field = segment.element(index + 1);
                let last = if index + 1 == count { "X" } else { "" };
                assert_eq!(field.bytes, format!("{element}{last}").as_bytes(), "{index}");
                assert_eq!(&text.as_bytes()[field.offset as usize..][..field.bytes.len()], field.bytes);
            }
            assert_eq!(segment.element(count + 1), Field { bytes: b"", offset: segment.end() });
            let noted = if count > MOST_NOTED { None } else { Some(count + 1) };
            assert_eq!(segment.cut().map(|cut| cut.ends.len()), noted);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_lex_and_join_again(
        bytes in proptest::collection::vec(
            prop_oneof![4 => prop::sample::select(b"*~:^\n\r ISAGSTHL123\xef\xbb\xbf".to_vec()), 1 => any::<u8>()],
            0..600,
        ),
        isa in any::<bool>(),
    ) {
        let bytes = if isa { [ISA.as_bytes(), &bytes].concat() } else { bytes };
        let mut lexer = Lexer::new(&bytes, 0, 1, None);
        let mut joined = Vec::new();
        let mut end = 0;
        while let Some(segment) = lexer.next_segment() {
            prop_assert!(segment.offset() >= end);
            joined.extend_from_slice(segment.raw());
            for index in 0..segment.len() + 2 {
                let field = segment.element(index);
                let start = field.offset as usize;
                prop_assert_eq!(&bytes[start..start + field.bytes.len()], field.bytes);
                segment.components(index).for_each(drop);
            }
            end = segment.end();
            joined.push(segment.delimiters().terminator);
        }
        // Terminators of blank pieces are not given back, so neither side has any.
        let terminator = lexer.delimiters().terminator;
        let bare = |bytes: &[u8]| -> Vec<u8> {
            let drop = |byte: &u8| *byte == terminator || matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf);
            bytes.iter().copied().filter(|byte| !drop(byte)).collect()
        };
        if memchr::memmem::find_iter(&bytes, b"ISA").count() <= 1 {
            prop_assert_eq!(bare(&joined), bare(&bytes));
        }
    }
}

/// Every segment with its place, its end, its number and the separators in force: found one byte after the other.
fn plainly(bytes: &[u8]) -> Vec<(u64, usize, usize, Delimiters)> {
    let mut delimiters = Lexer::new(bytes, 0, 1, None).delimiters();
    let (mut all, mut next, mut number) = (Vec::new(), 0, 1);
    while next < bytes.len() {
        let start = first_of_piece(bytes, next, Some(delimiters));
        if let Some(isa) = bytes.get(start..).and_then(interchange) {
            (delimiters, next) = (isa.delimiters, start);
        }
        let ends = |byte: &u8| *byte == delimiters.terminator;
        let terminator = bytes[next..].iter().position(ends).map_or(bytes.len(), |at| next + at);
        let mut end = terminator;
        while end > start && is_blank(bytes[end - 1], delimiters) {
            end -= 1;
        }
        if start < terminator {
            all.push((number, start, end, delimiters));
        }
        (next, number) = (terminator + 1, number + 1);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_ahead_is_what_is_found_byte_by_byte(
        parts in proptest::collection::vec(
            prop_oneof![
                4 => prop::sample::select(vec!["*", "~", ":", "|", "\n", "\r\n", " ", "ISA*", "I", "\u{feff}", "\u{ef}"]),
                4 => prop::sample::select(vec!["SV1*HC:97124:GP*90*UN*2***1", "~\nLX*1~\n", "NTE*ADD*LONG WORDS ", "~~"]),
                1 => Just(ISA),
                1 => Just("ISA|00|          |00|          |ZZ|SENDER         |ZZ|RECEIVER       |250303|1200|^|00501|000000001|0|P|>\n"),
            ],
            0..40,
        ),
        times in 1..30_usize,
    ) {
        let text = parts.concat().repeat(times);
        let mut lexer = Lexer::new(text.as_bytes(), 0, 1, None);
        for (number, start, end, delimiters) in plainly(text.as_bytes()) {
            let segment = lexer.next_segment().expect("as many segments");
            prop_assert_eq!((segment.number(), segment.start(), segment.end() as usize), (number, start, end));
            prop_assert_eq!(segment.delimiters(), delimiters);
            let raw = &text.as_bytes()[start..end];
            let elements: Vec<&[u8]> = raw.split(|byte| *byte == delimiters.element).collect();
            prop_assert_eq!(segment.len() + 1, elements.len());
            for (index, element) in elements.iter().enumerate() {
                prop_assert_eq!(segment.element(index).bytes, *element);
            }
            prop_assert_eq!(segment.id(), Id::new(elements[0]));
        }
        prop_assert!(lexer.next_segment().is_none());
    }
}

#[test]
fn an_independent_parser_sees_the_same_segments() {
    let text = format!(
        "{ISA}GS*HC*ME*YOU*20250303*1200*1*X*005010X222A1~ST*837*0001~CLM*1*90***11:B:1*Y*A*Y*Y~\
         HI*ABK:M5450*ABF:R52~NM1*85*2*CLINIC*****XX*1234567893~SV1*HC:97124:GP*90*UN*2***1~SE*6*0001~"
    );
    let delimiters = x12_stream_parser::Delimiters::new(b'~', b'*', b':');
    let mut lexer = Lexer::new(text.as_bytes(), 0, 1, None);
    let mut seen = 0;
    for other in x12_stream_parser::Parser::new(text.as_bytes(), delimiters) {
        let other = other.expect("well-formed");
        let ours = lexer.next_segment().expect("as many segments");
        assert_eq!(ours.id_bytes(), other.id());
        let elements: Vec<&[u8]> = (1..=ours.len()).map(|index| ours.element(index).bytes).collect();
        assert_eq!(elements, other.elements().collect::<Vec<_>>());
        for (index, element) in elements.iter().enumerate() {
            let components: Vec<&[u8]> = ours.components(index + 1).map(|part| part.bytes).collect();
            assert_eq!(components, x12_stream_parser::split_sub_elements(element, b':').collect::<Vec<_>>());
        }
        seen += 1;
    }
    assert_eq!(seen, 8);
    assert!(lexer.next_segment().is_none());
}
