//! The real files of CMS, where they are at hand: every priceable code's national amount, worked out anew.

use std::path::PathBuf;
use std::sync::Arc;

use cleanclaim::claim::{Date, Modifier, ProcedureCode};
use cleanclaim::pricing::DayUnit;
use cleanclaim::reference::{Fee, Reference};
use cleanclaim::store::Store;

use super::{data, price};

/// The folder of real files, beside that of the corpus.
fn folder() -> Option<PathBuf> {
    let corpus = std::env::var_os("CLEANCLAIM_CORPUS").map(PathBuf::from);
    let folder =
        corpus.and_then(|corpus| Some(corpus.parent()?.join("cms"))).filter(|folder| folder.is_dir());
    if folder.is_none() {
        eprintln!("skipped: there is no folder `cms` beside the one that CLEANCLAIM_CORPUS names");
    }
    folder
}

/// Hundredths of an amount in text, by another road than the program's.
fn hundredths(text: &str) -> i128 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().expect("digits") };
    let fraction: i128 = format!("{fraction:0<2}").parse().expect("digits");
    whole * 100 + fraction
}

#[test]
fn the_national_amount_of_every_priced_code() {
    let Some(folder) = folder() else { return };
    let store = tempfile::tempdir().expect("a folder");
    let path = folder.join("PPRRVU2025_Oct.csv");
    let run = data("import", store.path(), [path.clone(), folder.join("GPCI2025.csv")]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(
        run.out.contains("mpfs RVU25D, 19090 rows") && run.out.contains("gpci RVU25D, 109 rows"),
        "{}",
        run.out
    );
    let opened = Store::open(store.path()).expect("a sound store").expect("a store");
    let reference = Reference::with_store(Arc::new(opened));
    let date = Date::constant(2025, 11, 3);
    // Columns by their places, as this one file has them: 3 status, 5 work, 6, 8 and 10 expense and malpractice.
    let text = String::from_utf8_lossy(&std::fs::read(path).expect("the file")).into_owned();
    let (mut rows, mut priced, mut components) = (0, 0, 0);
    for row in text.lines().skip(10).filter(|row| !row.trim().is_empty()) {
        // The description may hold commas within quotes; every column that is needed is counted from one end.
        let quoted = row.split('"').count() > 1;
        let cells: Vec<&str> = match quoted {
            false => row.trim_end().split(',').collect(),
            true => {
                let (head, rest) = row.trim_end().split_once('"').expect("quoted");
                let (_, tail) = rest.rsplit_once('"').expect("quoted");
                head.strip_suffix(',')
                    .unwrap_or(head)
                    .split(',')
                    .chain(["-"])
                    .chain(tail[1..].split(','))
                    .collect()
            }
        };
        assert_eq!(cells.len(), 31, "{row}");
        rows += 1;
        let code = ProcedureCode::new(cells[0].as_bytes()).expect("a code");
        let component = Modifier::new(cells[1].as_bytes());
        let (work, practice, facility, malpractice) =
            (hundredths(cells[5]), hundredths(cells[6]), hundredths(cells[8]), hundredths(cells[10]));
        let has_price = matches!(cells[3], "A" | "R" | "T") && work + practice + facility + malpractice > 0;
        match reference.fee(code, component, None, date) {
            Fee::Priced(rate) => {
                assert!(has_price, "{row}");
                priced += 1;
                components += i32::from(component.is_some());
                for (inside, expense) in [(false, practice), (true, facility)] {
                    // 32.3465 dollars for an RVU: hundredths of RVUs by ten-thousandths of dollars are millionths.
                    let millionths = (work + expense + malpractice) * 323_465;
                    let cents = (millionths + 5_000) / 10_000;
                    let found = i128::from(DayUnit::new(&rate, inside).full.0);
                    assert_eq!(found, cents, "{row}");
                }
            }
            other => assert!(!has_price, "{row}: {other:?}"),
        }
    }
    assert_eq!(rows, 19_090);
    assert!(priced > 9_000 && components > 1_500, "{priced} priced, {components} of components");
    assert!(reference.trouble().is_none());
    let answer = price(store.path(), &["97124", "--date", "2025-11-03", "--zip", "35004"]);
    assert_eq!(answer["fee"]["unit_cents"], 2725, "Alabama, as the fee page has it");
}
