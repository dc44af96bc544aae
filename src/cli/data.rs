//! `cleanclaim data`: which tables are loaded, and where they come from.

use std::io::{self, Write};

use serde::Serialize;

use super::prose::cut;
use crate::reference::{Reference, TableHead};

/// Prints the loaded tables with release, effective dates, number of rows, whether they are in force, and source.
///
/// Sources are cut off at `width` columns; `None` leaves them whole.
///
/// # Errors
///
/// What `out` fails with.
pub fn list(reference: &Reference, columns: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let tables = reference.tables();
    let rows: Vec<[String; 6]> = tables
        .iter()
        .map(|table| {
            [
                table.name.clone(),
                release(table),
                table.effective.clone(),
                table.rows.to_string(),
                state(table),
                table.source.clone(),
            ]
        })
        .collect();
    let titles = ["table", "release", "effective", "rows", "state", "source"];
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.chain([titles[column].len()]).max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3), width(4)];
    let room = columns.map_or(usize::MAX, |columns| {
        columns.saturating_sub(widths.iter().sum::<usize>() + 2 * widths.len()).max(10)
    });
    let mut line = |cells: [&str; 6]| {
        let [name, release, effective, count, state, source] = cells;
        let [a, b, c, d, e] = widths;
        let source = cut(source, room);
        writeln!(out, "{name:a$}  {release:b$}  {effective:c$}  {count:>d$}  {state:e$}  {source}")
    };
    line(titles)?;
    for row in &rows {
        line(row.each_ref().map(String::as_str))?;
    }
    let idle: Vec<&TableHead> =
        tables.iter().filter(|table| table.imported && table.idle.is_some()).collect();
    if !idle.is_empty() {
        writeln!(out, "\nimported and not in force:")?;
    }
    for table in idle {
        writeln!(out, "  {} {}: {}", table.name, release(table), table.idle.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

fn release(table: &TableHead) -> String {
    match table.part {
        None => table.release.clone(),
        Some(part) => format!("{} f{part}", table.release),
    }
}

fn state(table: &TableHead) -> String {
    let state = match (table.imported, table.idle.is_some()) {
        (false, false) => "built in",
        (false, true) => "replaced",
        (true, false) => "imported",
        (true, true) => "not used",
    };
    state.to_owned()
}

#[derive(Serialize)]
struct Listed {
    schema: &'static str,
    tables: Vec<ListedTable>,
}

#[derive(Serialize)]
struct ListedTable {
    table: String,
    release: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u8>,
    effective: String,
    rows: usize,
    source: String,
    imported: bool,
    in_force: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Prints the same as JSON.
///
/// # Errors
///
/// What `out` fails with.
pub fn list_json(reference: &Reference, out: &mut dyn Write) -> io::Result<()> {
    let tables = reference
        .tables()
        .into_iter()
        .map(|table| ListedTable {
            table: table.name,
            release: table.release,
            part: table.part,
            effective: table.effective,
            rows: table.rows,
            source: table.source,
            imported: table.imported,
            in_force: table.idle.is_none(),
            reason: table.idle,
        })
        .collect();
    let listed = Listed { schema: "cleanclaim/tables/1", tables };
    serde_json::to_writer_pretty(&mut *out, &listed).map_err(io::Error::from)?;
    writeln!(out)
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_listed() {
        let mut out = Vec::new();
        list(&Reference::builtin(), None, &mut out).expect("written");
        insta::assert_snapshot!(String::from_utf8(out).expect("text"), @"
        table              release                               effective                  rows  state     source
        assistant-payment  2022-01                               2022-01-01 on                 1  built in  CMS Therapy Services; 42 CFR 410.59 and 410.60: 85 per cent of what Medicare would otherwise pay for a service with CQ or CO
        conversion-factor  RVU25D, RVU26A                        2025-01-01 to 2026-12-31      2  built in  CMS physician fee schedule relative value files; 2026 is the figure for clinicians outside a qualifying APM
        diagnosis-region   ICD-10-CM FY2026                      2015-10-01 on              1578  built in  own derivation from the structure of the ICD-10-CM code set; musculoskeletal, nerve and injury categories
        diagnosis-side     ICD-10-CM FY2026                      2015-10-01 on               548  built in  own derivation from the structure of the ICD-10-CM code set; musculoskeletal, nerve and injury categories
        gpci               RVU25D                                2025-01-01 to 2025-12-31    109  built in  CMS geographic practice cost indices, Addendum E; work with the 1.000 floor
        gpci               RVU26A                                2026-01-01 to 2026-12-31    109  built in  CMS geographic practice cost indices, Addendum E; work with the 1.000 floor
        icd10cm            FY2019 to FY2026, April 2026          2019-07-01 to 2026-09-30  75215  built in  NCHS and CMS, ICD-10-CM code set; validity by quarter from the diagnosis table of the CMS I/OCE v27.1
        mpfs               RVU25D                                2025-01-01 to 2025-12-31    130  built in  CMS physician fee schedule relative value file PPRRVU2025_Oct, therapy subset
        mpfs               RVU26A                                2026-01-01 to 2026-12-31    121  built in  CMS physician fee schedule relative value file PPRRVU2026_Jan_nonQPP, therapy subset
        mue                practitioner 2024Q3, 2026Q4           2024-07-01 on               130  built in  CMS medically unlikely edits, practitioner services, therapy subset
        ncci-modifiers     2026Q2                                2019-07-01 on                44  built in  CMS NCCI policy manual ch. I; I/OCE v27.1 modifier table
        ncci-ptp           practitioner 2024Q3, hospital 2026Q2  per row on                  896  built in  CMS NCCI procedure-to-procedure edits, practitioner table; start dates from the I/OCE v27.1 hospital table, therapy subset
        participation      RVU25D                                1993-01-01 on                 1  built in  CMS relative value file, RVU25D.pdf; Social Security Act s. 1848(a)(3) and (g)(2)
        payment-modifiers  2026-01                               2022-01-01 on                20  built in  CMS Pub. 100-04 ch. 12 s. 20.4 and 40.7 (components, both sides, reduced services), ch. 5 s. 20.1 (CQ, CO), ch. 30 (GY)
        place-of-service   2023-09                               2023-09-01 on                52  built in  CMS place of service code set, facility (F) or non-facility (N) rate
        sequestration      2022-07                               2020-05-01 on                 3  built in  CRS R45106; First Coast and Noridian notices; taken from the Medicare payment after deductible and coinsurance
        therapy-reduction  2013-04                               2013-04-01 on                 1  built in  CMS Therapy Services; multiple procedure indicator 5 of the fee schedule
        therapy-threshold  CY2021 to CY2026                      2021-01-01 to 2026-12-31      6  built in  CMS Therapy Services, KX modifier thresholds and targeted medical review
        zip-locality       2025Q4                                2025-10-01 on             11542  built in  CMS ZIP code to carrier locality file, five-digit
        ");
    }
}
