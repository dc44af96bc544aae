//! Official tables: taken, put into a store and found sound there, or refused with the name of the file.
//!
//! The first byte chooses the name of the file, which some layouts ask.

use std::fs;

use cleanclaim::claim::Date;
use cleanclaim::import::{self, Limits, Wishes};
use cleanclaim::store::{NewTable, is_sound_text};

use super::shared::{chosen, folder};

const NAMES: [&str; 8] = [
    "PPRRVU25_JAN.csv",
    "PPRRVU25_JUL.txt",
    "GPCI2025.csv",
    "ccipra-v322r0-f4.TXT",
    "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv",
    "icd10cm_order_2027.txt",
    "ZIP5_JAN2026.txt",
    "nucc_taxonomy_250.csv",
];

pub(crate) fn run(bytes: &[u8]) {
    let (which, bytes) = chosen(bytes, NAMES.len());
    let folder = folder();
    let path = folder.path().join(NAMES[which]);
    fs::write(&path, bytes).expect("a writable folder");
    let limits = Limits { text: 1 << 20, whole: 4 << 20, nested: 1 << 20, members: 64 };
    let wishes = Wishes { release: None, today: Date::constant(2026, 11, 30), limits };
    match import::read(&[path], &wishes) {
        Ok(reading) => {
            // A table with an index, and that of the diagnoses, have forms of their own.
            let is_text = |table: &&NewTable| table.index_bytes == 0 && table.name != "icd10cm";
            for table in reading.tables.iter().filter(is_text) {
                assert!(is_sound_text(&table.body), "{} {}", table.name, table.release);
            }
        }
        Err(error) => assert!(error.to_string().contains(NAMES[which]), "{error}"),
    }
}
