use crate::claim::{Modifier, ProcedureCode};
use crate::pricing::{ContractFee, ContractFees};

use super::{Column, Row, Sheet, SideError};

const COLUMNS: &[Column] = &[
    Column::required("payer"),
    Column::required("procedure_code"),
    Column::optional("modifier"),
    Column::required("amount"),
    Column::optional("reduced_amount"),
    Column::optional("effective_from"),
    Column::optional("effective_to"),
];

/// Reads the fee schedules that payers agreed to by contract. `file` is the name that errors give it.
///
/// A row is what one unit of a code is allowed by a payer: named by its payer id (2010BB NM109) or by a payer profile.
/// With a `modifier` it holds for lines that bear it, before the code's plain row. `reduced_amount` is allowed for every
/// unit of the day but the first. Dates are inclusive; an
/// empty one sets no limit.
///
/// # Errors
/// What [`Sheet::read`] refuses; a cell that is no code, modifier, amount or date; a reduced amount above the amount; a
/// last day before the first; two rows for one payer, code and modifier on one day.
pub fn contract_fees(file: &str, bytes: &[u8]) -> Result<ContractFees, SideError> {
    let sheet = Sheet::read(file, bytes, COLUMNS)?;
    let mut fees = ContractFees::default();
    for row in sheet.rows() {
        let payer = row.get("payer").stated()?;
        fees.add(payer, fee(&row)?).map_err(|_| {
            row.wrong("contradicts another row: same payer, code and modifier on the same day")
        })?;
    }
    Ok(fees)
}

fn fee(row: &Row<'_>) -> Result<ContractFee, SideError> {
    let code = row.get("procedure_code");
    let modifier = row.get("modifier");
    let amount = row.get("amount");
    let reduced_amount = row.get("reduced_amount");
    let to = row.get("effective_to");
    let fee = ContractFee {
        code: ProcedureCode::new(code.stated()?.to_ascii_uppercase().as_bytes())
            .ok_or_else(|| code.wrong("a procedure code has five letters or digits, like 97124"))?,
        modifier: match modifier.text() {
            "" => None,
            text => Some(
                Modifier::new(text.to_ascii_uppercase().as_bytes())
                    .ok_or_else(|| modifier.wrong("a modifier has two letters or digits, like CQ"))?,
            ),
        },
        from: row.get("effective_from").date()?,
        to: to.date()?,
        amount: amount.dollars()?.ok_or_else(|| amount.wrong("empty"))?,
        reduced: reduced_amount.dollars()?,
    };
    if fee.reduced.is_some_and(|reduced| reduced > fee.amount) {
        return Err(reduced_amount.wrong("more than the amount"));
    }
    if let (Some(from), Some(last)) = (fee.from, fee.to)
        && last < from
    {
        return Err(to.wrong("before effective_from"));
    }
    Ok(fee)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Cents, Date, Modifiers};

    const HEAD: &str = "payer,procedure_code,modifier,amount,reduced_amount,effective_from,effective_to\n";

    fn refused(row: &str) -> String {
        contract_fees("fees.csv", format!("{HEAD}{row}\n").as_bytes()).expect_err(row).to_string()
    }

    #[test]
    fn rows_become_fees() {
        let text = format!("{HEAD}60054,97124,,41.50,,2025-01-01,2025-12-31\ncommercial,97124,cq,35.28,,,\n");
        let fees = contract_fees("fees.csv", text.as_bytes()).expect("a schedule");
        assert_eq!(fees.payers().collect::<Vec<_>>(), ["60054", "commercial"]);
        let massage = ProcedureCode::new(b"97124").expect("a code");
        let amount = |payer_id: &[u8], modifier: &[u8], date| {
            let fees = fees.get(fees.number("commercial", payer_id))?;
            fees.fee(massage, Modifiers::new(Modifier::new(modifier)), date).map(|fee| fee.amount)
        };
        let date = Date::constant(2025, 3, 3);
        assert_eq!(amount(b"60054", b"GP", date), Some(Cents(4150)));
        assert_eq!(amount(b"60054", b"GP", Date::constant(2026, 1, 1)), None);
        assert_eq!(amount(b"", b"CQ", date), Some(Cents(3528)));
        assert_eq!(amount(b"", b"GP", date), None);
    }

    #[test]
    fn a_fault_is_named_by_row_and_column() {
        for (row, said) in [
            (",97124,,1,,,", "row 2, column payer: empty"),
            (
                "a,9712,,1,,,",
                "row 2, column procedure_code: a procedure code has five letters or digits, like 97124",
            ),
            ("a,97124,GPX,1,,,", "row 2, column modifier: a modifier has two letters or digits, like CQ"),
            ("a,97124,,,,,", "row 2, column amount: empty"),
            ("a,97124,,free,,,", "row 2, column amount: an amount of dollars is expected, like 29.76"),
            ("a,97124,,1,1.01,,", "row 2, column reduced_amount: more than the amount"),
            ("a,97124,,1,,2025-02-30,", "row 2, column effective_from: a date is expected, like 2025-03-03"),
            ("a,97124,,1,,2025-02-02,2025-02-01", "row 2, column effective_to: before effective_from"),
            (
                "a,97124,,1,,,\na,97124,,2,,2025-01-01,",
                "row 3: contradicts another row: same payer, code and modifier on the same day",
            ),
        ] {
            assert_eq!(refused(row), format!("fees.csv: {said}"));
        }
    }
}
