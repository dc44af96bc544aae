//! Inputs whose parts have no measure: a segment of a gigabyte, millions of elements, a line, a cell, a claim without end.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;

use super::damaged::one_claim;
use super::program::{Run, fixture};

/// Megabytes that a check of anything may have resident. What is under way is bounded by the longest claim, 16 MB, for each of
/// the units in threads.
const MOST: u64 = 400;

fn blocks(out: &mut dyn Write, block: &[u8], megabytes: usize) -> std::io::Result<()> {
    let block = block.repeat((1 << 20) / block.len());
    (0..megabytes).try_for_each(|_| out.write_all(&block))
}

/// The claim with something put in front of its first service line, fed to the program.
fn with_giant(id: &'static str, filler: &'static [u8], megabytes: usize) -> super::program::Ended {
    let text = one_claim();
    let at = text.find("LX*").expect("a service line");
    let run = Run::check(["-", "--output", "concise"]).fed(move |out| {
        out.write_all(&text.as_bytes()[..at])?;
        out.write_all(id.as_bytes())?;
        blocks(out, filler, megabytes)?;
        out.write_all(b"~\n")?;
        out.write_all(&text.as_bytes()[at..])
    });
    run.ended()
}

#[test]
fn a_segment_of_a_gigabyte_through_a_pipe() {
    let run = with_giant("NTE*ADD*", b"X", 1024);
    run.ends_in(1, "").within(MOST);
    assert!(run.out.len() < 10_000, "{}", run.out.len());
}

/// Ten million where `CLEANCLAIM_FULL_SIZE` asks for them, which takes an unoptimised build a minute each; else half a million.
#[test]
fn ten_million_elements_in_one_segment() {
    let megabytes = if std::env::var_os("CLEANCLAIM_FULL_SIZE").is_some() { 20 } else { 1 };
    for id in ["NTE*ADD", "HI*ABK:M5450", "CLM*A*1"] {
        let run = with_giant(id, b"*X", megabytes);
        run.ends_in(1, "").within(MOST);
        assert!(run.out.len() < 20_000, "{id}: {}", run.out.len());
    }
    // Components, repetitions and codes below the length from which a segment is passed over.
    for filler in [":M5450", "*ABF:R52", "^X"] {
        let text = one_claim().replacen("HI*", &format!("HI*{}{}*", &filler[1..], filler.repeat(10_000)), 1);
        let run =
            Run::check(["-", "--output", "concise"]).fed(move |out| out.write_all(text.as_bytes())).ended();
        run.ends_in(1, "").within(MOST);
        assert!(run.out.len() < 20_000, "{filler}: {}", run.out.len());
    }
}

/// Zeros behind a whole file, which old systems fill it up with, to two gigabytes that take no room: they are passed over.
#[test]
fn a_sparse_file_of_two_gigabytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sparse.837");
    fs::write(&path, one_claim()).expect("written");
    fs::File::options()
        .write(true)
        .open(&path)
        .and_then(|file| file.set_len(2 << 30))
        .expect("a sparse file");
    let run = Run::check([path.as_os_str(), "--output".as_ref(), "concise".as_ref()]).ended();
    run.ends_in(0, "").within(MOST);
}

#[test]
fn a_claim_of_a_million_lines() {
    let text = one_claim();
    let start = text.find("LX*").expect("a service line");
    let end = text.find("SE*").expect("a trailer");
    let run = Run::check(["-", "--output", "concise"]).fed(move |out| {
        out.write_all(&text.as_bytes()[..start])?;
        blocks(out, b"LX*1~SV1*HC:97110:GP*45*UN*1***1~DTP*472*D8*20250303~", 55)?;
        out.write_all(&text.as_bytes()[end..])
    });
    let run = run.ended();
    run.ends_in(1, "").within(MOST);
    assert!(run.out.len() < 200_000, "{}", run.out.len());
}

#[test]
fn json_that_has_no_end() {
    for (start, filler, end) in [
        ("{\"note\":\"", "A", "\"}\n"),
        ("{\"x\":[", "1,", "1]}\n"),
        ("[{\"procedure_code\":\"97110\",\"note\":\"", "\\n", "\"}]"),
        ("{\"claims\":[{\"claim_id\":\"A\",\"lines\":[", "{},", "{}]}]}"),
        ("", "[", ""),
        ("", "{\"a\":", ""),
        ("", "\"", ""),
    ] {
        let run = Run::check(["-", "--output", "concise"]).fed(move |out| {
            out.write_all(start.as_bytes())?;
            blocks(out, filler.as_bytes(), 32)?;
            out.write_all(end.as_bytes())
        });
        let run = run.ended();
        assert!(matches!(run.code, Some(1 | 2)) && !run.err.contains("internal error"), "{start:?} {run:?}");
        run.within(MOST);
    }
}

#[test]
fn a_table_whose_cells_or_columns_have_no_end() {
    let header = fs::read_to_string(fixture("maps/claim-lines.csv")).expect("a fixture");
    let header = header.lines().next().expect("a header").to_owned();
    for (filler, megabytes) in [("x", 32), ("x,", 24), ("\"", 32), ("\"\n", 24), (",", 24), ("\"\",", 24)] {
        let header = header.clone();
        let run = Run::check(["-", "--output", "concise"]).fed(move |out| {
            out.write_all(header.as_bytes())?;
            out.write_all(b"\n\"")?;
            blocks(out, filler.as_bytes(), megabytes)
        });
        let run = run.ended();
        assert!(matches!(run.code, Some(1 | 2)) && !run.err.contains("internal error"), "{filler:?} {run:?}");
        run.within(MOST);
    }
}
