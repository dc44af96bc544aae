//! What an input's envelope said, for acknowledging it: control numbers and trading partners, nothing of a claim.

/// An interchange, ISA to IEA.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Interchange {
    /// Index of the file in the run.
    pub file: u32,
    /// Where its ISA stands in the file, in bytes.
    pub offset: u64,
    /// ISA05 and ISA06, without padding.
    pub sender: (String, String),
    /// ISA07 and ISA08, without padding.
    pub receiver: (String, String),
    /// ISA09, YYMMDD.
    pub date: String,
    /// ISA10, HHMM.
    pub time: String,
    /// ISA13.
    pub control: String,
    /// ISA14 is `1`: the sender asks for a TA1.
    pub wants_ta1: bool,
    /// ISA15: `P` production, `T` test.
    pub usage: String,
    /// In file order.
    pub groups: Vec<Group>,
}

/// A functional group, GS to GE.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Group {
    /// Where its GS stands in the file, in bytes.
    pub offset: u64,
    /// GS01: `HC` for health care claims.
    pub functional_id: String,
    /// GS02.
    pub sender: String,
    /// GS03.
    pub receiver: String,
    /// GS06.
    pub control: String,
    /// GS08.
    pub guide: String,
    /// GE01 as stated; empty where GE is missing.
    pub stated_sets: String,
    /// In file order.
    pub sets: Vec<TransactionSet>,
}

/// A transaction set, ST to SE.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TransactionSet {
    /// Where its ST stands in the file, in bytes.
    pub offset: u64,
    /// ST01: `837`.
    pub id: String,
    /// ST02.
    pub control: String,
    /// ST03.
    pub guide: String,
}
