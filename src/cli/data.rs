//! `cleanclaim data`: which tables are loaded, and where they come from.

use std::io::{self, Write};

use super::prose::cut;
use crate::reference::Reference;

/// Prints the loaded tables with release, effective dates, number of rows and source.
///
/// Sources are cut off at `width` columns; `None` leaves them whole.
///
/// # Errors
///
/// What `out` fails with.
pub fn list(reference: &Reference, columns: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let tables = reference.tables();
    let width = |of: fn(&crate::reference::TableHead) -> &str| {
        tables.iter().map(|table| of(table).chars().count()).max().unwrap_or(0)
    };
    let (names, releases, dates) =
        (width(|table| table.name), width(|table| table.release), width(|table| table.effective));
    writeln!(
        out,
        "{:names$}  {:releases$}  {:dates$}  {:>5}  source",
        "table", "release", "effective", "rows"
    )?;
    let before = names + releases + dates + 5 + 2 * 4;
    let room = columns.map_or(usize::MAX, |columns| columns.saturating_sub(before).max(10));
    for table in &tables {
        writeln!(
            out,
            "{:names$}  {:releases$}  {:dates$}  {:>5}  {}",
            table.name,
            table.release,
            table.effective,
            table.rows,
            cut(table.source, room)
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_listed() {
        let mut out = Vec::new();
        list(&Reference::builtin(), None, &mut out).expect("written");
        insta::assert_snapshot!(String::from_utf8(out).expect("text"), @"
        table              release                               effective                  rows  source
        assistant-payment  2022-01                               2022-01-01 on                 1  CMS Therapy Services; 42 CFR 410.59 and 410.60: 85 per cent of what Medicare would otherwise pay for a service with CQ or CO
        conversion-factor  RVU25D, RVU26A                        2025-01-01 to 2026-12-31      2  CMS physician fee schedule relative value files; 2026 is the figure for clinicians outside a qualifying APM
        diagnosis-region   ICD-10-CM FY2026                      2015-10-01 on              1578  own derivation from the structure of the ICD-10-CM code set; musculoskeletal, nerve and injury categories
        diagnosis-side     ICD-10-CM FY2026                      2015-10-01 on               548  own derivation from the structure of the ICD-10-CM code set; musculoskeletal, nerve and injury categories
        gpci               RVU25D                                2025-01-01 to 2025-12-31    109  CMS geographic practice cost indices, Addendum E; work with the 1.000 floor
        gpci               RVU26A                                2026-01-01 to 2026-12-31    109  CMS geographic practice cost indices, Addendum E; work with the 1.000 floor
        icd10cm            FY2019 to FY2026, April 2026          2019-07-01 to 2026-09-30  75215  NCHS and CMS, ICD-10-CM code set; validity by quarter from the diagnosis table of the CMS I/OCE v27.1
        mpfs               RVU25D                                2025-01-01 to 2025-12-31    130  CMS physician fee schedule relative value file PPRRVU2025_Oct, therapy subset
        mpfs               RVU26A                                2026-01-01 to 2026-12-31    121  CMS physician fee schedule relative value file PPRRVU2026_Jan_nonQPP, therapy subset
        mue                practitioner 2024Q3, 2026Q4           2024-07-01 on               130  CMS medically unlikely edits, practitioner services, therapy subset
        ncci-modifiers     2026Q2                                2019-07-01 on                44  CMS NCCI policy manual ch. I; I/OCE v27.1 modifier table
        ncci-ptp           practitioner 2024Q3, hospital 2026Q2  per row on                  896  CMS NCCI procedure-to-procedure edits, practitioner table; start dates from the I/OCE v27.1 hospital table, therapy subset
        participation      RVU25D                                1993-01-01 on                 1  CMS relative value file, RVU25D.pdf; Social Security Act s. 1848(a)(3) and (g)(2)
        payment-modifiers  2026-01                               2022-01-01 on                20  CMS Pub. 100-04 ch. 12 s. 20.4 and 40.7 (components, both sides, reduced services), ch. 5 s. 20.1 (CQ, CO), ch. 30 (GY)
        place-of-service   2023-09                               2023-09-01 on                52  CMS place of service code set, facility (F) or non-facility (N) rate
        sequestration      2022-07                               2020-05-01 on                 3  CRS R45106; First Coast and Noridian notices; taken from the Medicare payment after deductible and coinsurance
        therapy-reduction  2013-04                               2013-04-01 on                 1  CMS Therapy Services; multiple procedure indicator 5 of the fee schedule
        therapy-threshold  CY2021 to CY2026                      2021-01-01 to 2026-12-31      6  CMS Therapy Services, KX modifier thresholds and targeted medical review
        zip-locality       2025Q4                                2025-10-01 on             11542  CMS ZIP code to carrier locality file, five-digit
        ");
    }
}
