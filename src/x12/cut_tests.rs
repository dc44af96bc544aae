use std::io::Cursor;

use super::*;
use crate::x12::{Lexer, SEGMENT_LIMIT};

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250303*1200*^*00501*\
                   000000001*0*P*:~";

fn interchange_of(claims: usize) -> String {
    let mut text = format!("{ISA}\nGS*HC*ME*YOU*20250303*1200*1*X*V~\nST*837*0001*V~\nBHT*0019*00*1~\n");
    text.push_str("HL*1**20*1~\nNM1*85*2*HURST*****XX*1234567893~\n");
    for claim in 0..claims {
        text.push_str("HL*2*1*22*0~\nSBR*P*18*******MB~\nNM1*IL*1*WEST*LISA~\n");
        if claim % 3 == 0 {
            text.push_str("HL*3*2*23*0~\nPAT*19~\nNM1*QC*1*ISAAC*FIRST~\n");
        }
        text.push_str("CLM*1*90***11:B:1~\nHI*ABK:M5450~\nLX*1~\nSV1*HC:97124*90*UN*2***1~\n\n");
    }
    text.push_str("SE*1*0001~\nGE*1*1~\nIEA*1*000000001~\n");
    text
}

fn units(text: &[u8], target: usize) -> Vec<Unit> {
    X12Cutter::new(Cursor::new(text), 0, target)
        .collect::<io::Result<_>>()
        .expect("reading memory cannot fail")
}

#[test]
fn units_join_to_the_input_and_know_their_place() {
    let second = interchange_of(4).replace('~', "'").replace('*', "|");
    let text = format!("\u{feff}{}{second}{}", interchange_of(9), interchange_of(0));
    let mut whole = Lexer::new(text.as_bytes(), 0, 1, None);
    let mut numbers = std::collections::BTreeMap::new();
    while let Some(segment) = whole.next_segment() {
        numbers.insert(segment.offset(), segment.number());
    }
    for target in [1, 64, 200, 1000, 4096, 1 << 20] {
        let mut offset = 0;
        for unit in units(text.as_bytes(), target) {
            assert_eq!(unit.offset, offset, "{target}");
            assert_eq!(unit.bytes, text.as_bytes()[offset as usize..][..unit.bytes.len()]);
            offset += unit.bytes.len() as u64;
            for piece in &unit.context {
                let at = piece.offset as usize;
                assert_eq!(piece.bytes, text.as_bytes()[at..at + piece.bytes.len()]);
                assert_eq!(numbers.get(&piece.offset), Some(&piece.number));
            }
            let mut lexer = Lexer::new(&unit.bytes, unit.offset, unit.number, unit.delimiters);
            while let Some(segment) = lexer.next_segment() {
                assert_eq!(numbers.get(&segment.offset()), Some(&segment.number()), "{target} {segment:?}");
            }
        }
        assert_eq!(offset, text.len() as u64, "{target}");
    }
}

#[test]
fn context_is_what_is_in_force() {
    let text = interchange_of(5);
    let ids = |unit: &Unit| -> Vec<String> {
        unit.context
            .iter()
            .map(|piece| {
                let text = String::from_utf8_lossy(&piece.bytes).replace('\n', "");
                text.split('~')
                    .map(|segment| segment.chars().take(6).collect::<String>())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    };
    let all = units(text.as_bytes(), 1);
    let claims: Vec<&Unit> = all.iter().filter(|unit| unit.bytes.starts_with(b"CLM")).collect();
    assert_eq!(claims.len(), 5);
    let common = ["ISA*00 ", "GS*HC* ", "ST*837 BHT*00 ", "HL*1** NM1*85 ", "HL*2*1 SBR*P* NM1*IL "];
    assert_eq!(ids(claims[0])[..5], common);
    assert_eq!(ids(claims[0])[5], "HL*3*2 PAT*19 NM1*QC ");
    assert_eq!(ids(claims[1]), common);
    assert!(all[0].context.is_empty());
    // An SE behind which no ST stands, in its place.
    let text = text.replacen("HL*2", "SE*1*0001~\nHL*2", 1);
    let all = units(text.as_bytes(), 1);
    let first = all.iter().find(|unit| unit.bytes.starts_with(b"CLM")).expect("a claim");
    assert_eq!(ids(first)[3..6], ["HL*1** NM1*85 ", "SE*1*0 ", "HL*2*1 SBR*P* NM1*IL "]);
}

/// Reads that give a few bytes at a time, as a pipe may.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(buffer.len()).min(7);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

#[test]
fn the_size_of_reads_does_not_matter() {
    let text = interchange_of(40);
    let dripped: Vec<Unit> =
        X12Cutter::new(Dripping(text.as_bytes()), 0, 700).collect::<io::Result<_>>().expect("memory");
    assert_eq!(dripped, units(text.as_bytes(), 700));
}

/// An endless claim, without its memory.
struct Endless<'a> {
    start: &'a [u8],
    line: &'a [u8],
    left: usize,
    end: &'a [u8],
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.start.is_empty() && self.left > 0 {
            self.left -= 1;
            self.start = self.line;
        }
        let source = if self.start.is_empty() { &mut self.end } else { &mut self.start };
        let count = source.len().min(buffer.len());
        buffer[..count].copy_from_slice(&source[..count]);
        *source = &source[count..];
        Ok(count)
    }
}

#[test]
fn giants_are_divided_and_memory_is_bounded() {
    let start = format!("{ISA}GS*HC~ST*837*1~HL*1**20*1~CLM*1*90~SV1*HC:97124*90~CLM*2*90~");
    let line = format!("NTE*ADD*{}~", "X".repeat(1000)).repeat(100);
    let end = "CLM*3*90~SE*1*1~";
    let giant = |target| {
        let reader =
            Endless { start: start.as_bytes(), line: line.as_bytes(), left: 400, end: end.as_bytes() };
        X12Cutter::new(reader, 0, target)
    };
    for target in [4 << 10, 1 << 20] {
        let mut cutter = giant(target);
        let (mut total, mut starts, mut number) = (0, Vec::new(), 0);
        while let Some(unit) = cutter.next_unit().expect("memory") {
            assert!(unit.bytes.len() <= CLAIM_LIMIT + target + (64 << 10), "{}", unit.bytes.len());
            assert!(cutter.buffer.len() <= 2 * (CLAIM_LIMIT + target) + (8 << 20));
            total += unit.bytes.len();
            number = unit.number;
            starts.push(String::from_utf8_lossy(&unit.bytes[..5]).into_owned());
        }
        assert_eq!(total, start.len() + line.len() * 400 + end.len());
        assert!(starts.contains(&"CLM*2".to_owned()), "{starts:?}");
        assert_eq!(starts.last().map(String::as_str), Some("CLM*3"));
        assert_eq!(number, 7 + 400 * 100 + 1);
    }
}

#[test]
fn a_segment_without_end_is_dropped_and_numbers_stay_right() {
    let start = format!("{ISA}GS*HC~ST*837*1~CLM*1*90~NTE*ADD*");
    let line = "X".repeat(1 << 20);
    let end = "~NTE*ADD*OK~CLM*2*90~SE*1*1~";
    let reader = Endless { start: start.as_bytes(), line: line.as_bytes(), left: 40, end: end.as_bytes() };
    let mut segments = Vec::new();
    for unit in X12Cutter::new(reader, 0, 4 << 10) {
        let unit = unit.expect("memory");
        let mut lexer = Lexer::new(&unit.bytes, unit.offset, unit.number, unit.delimiters);
        while let Some(segment) = lexer.next_segment() {
            let id = String::from_utf8_lossy(segment.id_bytes()).into_owned();
            segments.push((segment.number(), id, segment.offset(), segment.raw().len() > SEGMENT_LIMIT));
        }
    }
    let place = |text: &str| (start.len() + (40 << 20) + end.find(text).expect("there")) as u64;
    assert_eq!(segments[4], (5, "NTE".to_owned(), start.len() as u64 - 8, true));
    assert_eq!(segments[5], (6, "NTE".to_owned(), place("NTE"), false));
    assert_eq!(segments[6], (7, "CLM".to_owned(), place("CLM"), false));
    assert_eq!(segments.len(), 8);
}

#[test]
fn an_interchange_right_behind_the_first_segment_begins_a_unit() {
    for before in ["~", "-~", "--~", "---~\n"] {
        let text = format!("{before}{}", interchange_of(1));
        let offsets: Vec<u64> = units(text.as_bytes(), 1 << 20).iter().map(|unit| unit.offset).collect();
        assert_eq!(offsets, [0, before.len() as u64], "{before:?}");
    }
}
