//! A practitioner pair table of any size in four files, as CMS writes them: invented pairs, the same every time.
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Rows of the table of the third quarter of 2026.
pub(crate) const FULL: u32 = 2_633_389;

/// A pair that is always there, with indicator 0, of two codes of therapy: column 1 and column 2.
pub(crate) const KNOWN: (&str, &str) = ("97140", "97124");

const HEAD: &str = "CPT only, invented pairs\t\t\t\t\t\t\r\n\
Column 1\tColumn 2\t* = In existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n\
\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n";

/// A number that says nothing about the next, and is the same every time (splitmix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x2545_F491_4F6C_DD1D);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

/// Writes about so many rows, some 175 for each column 1 code, into `folder`; gives the four files.
pub(crate) fn write(folder: &Path, rows: u32) -> Vec<PathBuf> {
    let codes = (rows / 175).max(40);
    let step = f64::from(99_600) / f64::from(codes);
    let mut files = Vec::new();
    for part in 1..=4 {
        let path = folder.join(format!("ccipra-v322r0-f{part}.TXT"));
        let mut file = BufWriter::new(File::create(&path).expect("a writable folder"));
        file.write_all(HEAD.as_bytes()).expect("written");
        for code in (codes * (part - 1) / 4)..(codes * part / 4) {
            let column1 = 100 + (f64::from(code) * step) as u32;
            let count = 1 + mixed(u64::from(code)) % (2 * u64::from(rows / codes));
            let mut column2 = 100;
            for row in 0..count {
                let random = mixed(u64::from(code) << 20 | row);
                column2 += 1 + (random % (198_000 / count).max(1)) as u32;
                if column2 > 99_999 {
                    break;
                }
                // What is found in a file of therapy claims is not to depend on chance.
                if column1 >= 90_000 && column2 >= 90_000 {
                    continue;
                }
                let year = 1996 + random / 7 % 30;
                let deleted = match random / 11 % 3 {
                    0 => format!("{}1231", year + 1),
                    _ => "*".to_owned(),
                };
                let indicator = [0, 1, 1, 9][(random / 13 % 4) as usize];
                writeln!(
                    file,
                    "{column1:05}\t{column2:05}\t\t{year}0101\t{deleted}\t{indicator}\tMisuse of column two code with column one code\r"
                )
                .expect("written");
            }
        }
        if part == 4 {
            let (column1, column2) = KNOWN;
            writeln!(file, "{column1}\t{column2}\t*\t19960101\t*\t0\tMutually exclusive procedures\r")
                .expect("written");
        }
        file.flush().expect("written");
        files.push(path);
    }
    files
}
