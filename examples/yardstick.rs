//! Writes files of invented claims to measure with, and reads them as the floors do: whole processes over files, as the command
//! is one. `bench/run` takes turns between the two.
//!
//! ```text
//! cargo run --release --example yardstick -- write x12 100MB clean.837
//! cargo run --release --example yardstick -- write jsonl 100MB flagged.jsonl --flagged 0.05
//! cargo run --release --example yardstick -- floor tok clean.837
//! ```

#![allow(clippy::print_stderr, clippy::print_stdout, reason = "an example speaks to whoever runs it")]

#[path = "../benches/floors/mod.rs"]
mod floors;
#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use synthetic::{AS_OF, Amount, Made, Plan, Style, write_837p, write_csv, write_json_lines};

#[derive(Parser)]
#[command(about = "Writes files to measure with, and reads them as the floors do")]
enum Yardstick {
    /// Writes a file of claims, the same every time
    Write {
        form: Form,
        /// About so many bytes: 1MB, 10MB, 1GB
        #[arg(value_parser = bytes)]
        size: u64,
        file: PathBuf,
        /// The share of claims with a seeded fault
        #[arg(long, default_value_t = 0.0)]
        flagged: f64,
        /// All claims of an 837P in one ST
        #[arg(long)]
        one_set: bool,
        /// No line breaks between segments
        #[arg(long)]
        one_line: bool,
    },
    /// Reads a file and does the least that can be done with it
    Floor { floor: Floor, file: PathBuf },
    /// Says by which day the claims are to be judged
    AsOf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    X12,
    Jsonl,
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
enum Floor {
    /// Split an 837P into segments, elements and components, and sum the charges of each claim
    Tok,
    /// Likewise without components
    TokCoarse,
    /// Deserialize native JSON lines into a plain struct, and sum their charges
    Serde,
    /// Split a CSV into records of bytes, and sum their charges
    Csv,
}

/// Claims of an ST and of an ISA where they do not stand in one: 5,000 is what many payers take in an ST.
const CLAIMS: (u64, u64) = (5_000, 50_000);

/// Bytes of the first segment, which names the delimiters.
const ISA: usize = 106;

/// Read at a time, as the command does.
const BLOCK: usize = 1 << 20;

fn bytes(text: &str) -> Result<u64, String> {
    let (digits, unit) = text.split_at(text.find(|one: char| !one.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit {
        "" => 1,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return Err(format!("'{unit}' is none of kB, MB, GB")),
    };
    digits.parse::<u64>().ok().and_then(|count| count.checked_mul(unit)).ok_or("not a size".to_owned())
}

fn main() -> ExitCode {
    let done = match Yardstick::parse() {
        Yardstick::Write { form, size, file, flagged, one_set, one_line } => {
            let (claims_per_transaction, claims_per_interchange) =
                if one_set { (u64::MAX, u64::MAX) } else { CLAIMS };
            let line_end = if one_line { "" } else { "\n" };
            let style =
                Style { claims_per_transaction, claims_per_interchange, line_end, ..Style::default() };
            let plan = Plan { seed: 1, amount: Amount::Bytes(size), flagged };
            write(form, &plan, style, &file).map(|made| {
                let flagged: u64 = made.seeded.values().sum();
                let dollars = made.charge_cents as f64 / 100.0;
                println!(
                    "{} bytes, {} claims, {} lines, {dollars} dollars, {flagged} flagged",
                    made.bytes, made.claims, made.lines
                );
            })
        }
        Yardstick::Floor { floor, file } => read(floor, &file).map(|said| println!("{said}")),
        Yardstick::AsOf => {
            println!("{AS_OF}");
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn write(form: Form, plan: &Plan, style: Style, path: &Path) -> Result<Made, Box<dyn Error>> {
    let mut out = BufWriter::with_capacity(BLOCK, File::create(path)?);
    let made = match form {
        Form::X12 => write_837p(&mut out, plan, style),
        Form::Jsonl => write_json_lines(&mut out, plan),
        Form::Csv => write_csv(&mut out, plan),
    }?;
    out.flush()?;
    Ok(made)
}

/// What the floor came to, so that nothing of its work can be left out.
fn read(floor: Floor, path: &Path) -> Result<String, Box<dyn Error>> {
    let mut file = File::open(path)?;
    match floor {
        Floor::Tok => Ok(format!("{} claims", split(&mut file, floors::Split::feed)?)),
        Floor::TokCoarse => Ok(format!("{} claims", split(&mut file, floors::Split::feed_coarse)?)),
        Floor::Serde => {
            let (mut reader, mut line, mut charges) =
                (BufReader::with_capacity(BLOCK, file), Vec::new(), 0.0);
            while reader.read_until(b'\n', &mut line)? > 0 {
                charges += floors::floor_serde_line(&line);
                line.clear();
            }
            Ok(format!("{charges} dollars"))
        }
        Floor::Csv => {
            let mut reader = csv::ReaderBuilder::new().buffer_capacity(BLOCK).from_reader(file);
            let column = reader.byte_headers()?.iter().position(|name| name == b"charge_amount");
            let column = column.ok_or("no column charge_amount")?;
            let (mut record, mut cents) = (csv::ByteRecord::new(), 0);
            while reader.read_byte_record(&mut record)? {
                cents += floors::cents(record.get(column).unwrap_or_default());
            }
            Ok(format!("{} dollars", cents as f64 / 100.0))
        }
    }
}

/// Splits a file block by block; what a block cuts through goes before the next. Gives the number of claims.
fn split(file: &mut File, feed: fn(&mut floors::Split, &[u8])) -> Result<u64, Box<dyn Error>> {
    let mut block = vec![0; BLOCK];
    let mut filled = 0;
    while filled < ISA {
        match file.read(&mut block[filled..])? {
            0 => return Err("not an 837P".into()),
            read => filled += read,
        }
    }
    let terminator = block[ISA - 1];
    let mut split = floors::Split::of(&block[..ISA]);
    loop {
        let end = memchr::memrchr(terminator, &block[..filled]).map_or(0, |at| at + 1);
        if end == 0 && filled == BLOCK {
            return Err("a segment longer than a block".into());
        }
        feed(&mut split, &block[..end]);
        block.copy_within(end..filled, 0);
        filled -= end;
        match file.read(&mut block[filled..])? {
            0 => return Ok(split.claims),
            read => filled += read,
        }
    }
}
