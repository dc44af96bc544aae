use crate::x12::Tally;

/// What a transaction set is, by its own word and by the lines in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TransactionKind {
    /// An 837 of professional claims in version 5010, or one that does not say otherwise.
    Professional,
    /// An 837 of institutional claims.
    Institutional,
    /// An 837 of dental claims.
    Dental,
    /// An 837 in a version that payers no longer take.
    OldClaims,
    /// Another transaction set.
    Other,
}

/// One transaction set of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Transaction {
    /// What it is.
    pub kind: TransactionKind,
    /// ST01, such as `837`.
    pub set: String,
    /// GS08, else ST03, such as `005010X222A1`.
    pub version: String,
}

impl Transaction {
    /// Judges a transaction set by its numbers and the lines that were read in it.
    pub(super) fn new(set: &[u8], version: &[u8], interchange_version: &[u8], lines: Tally) -> Transaction {
        let version = if version.is_empty() { interchange_version } else { version };
        let old = version.starts_with(b"004") || version.starts_with(b"003") || version.starts_with(b"002");
        let implementation = version.get(6..10).unwrap_or_default();
        let kind = if set != b"837" {
            TransactionKind::Other
        } else if old {
            TransactionKind::OldClaims
        } else if lines.professional > 0 {
            TransactionKind::Professional
        } else {
            match implementation {
                b"X223" => TransactionKind::Institutional,
                b"X224" => TransactionKind::Dental,
                _ if lines.institutional > 0 => TransactionKind::Institutional,
                _ if lines.dental > 0 => TransactionKind::Dental,
                _ => TransactionKind::Professional,
            }
        };
        Transaction { kind, set: word(set), version: word(version) }
    }

    /// What people call it: `institutional claim file (837I, 005010X223A2)`.
    fn name(&self) -> String {
        let (what, set) = match (self.kind, self.set.as_str()) {
            (TransactionKind::Professional, _) => ("a professional claim file", "837P"),
            (TransactionKind::Institutional, _) => ("an institutional claim file", "837I"),
            (TransactionKind::Dental, _) => ("a dental claim file", "837D"),
            (TransactionKind::OldClaims, _) => match self.version.get(6..10) {
                Some("X096") => ("an institutional claim file in", "837I"),
                Some("X097") => ("a dental claim file in", "837D"),
                _ => ("a professional claim file in", "837P"),
            },
            (_, "835") => ("a remittance advice", "835"),
            (_, "999") => ("an implementation acknowledgement", "999"),
            (_, "997") => ("a functional acknowledgement", "997"),
            (_, "270") => ("an eligibility inquiry", "270"),
            (_, "271") => ("an eligibility response", "271"),
            (_, "276") => ("a claim status request", "276"),
            (_, "277") if self.version.contains("X214") => ("a claim acknowledgement", "277CA"),
            (_, "277") => ("a claim status response", "277"),
            (_, "278") => ("a services review", "278"),
            (_, "820") => ("a premium payment", "820"),
            (_, "834") => ("an enrollment file", "834"),
            (_, "824") => ("an application advice", "824"),
            (_, "") => ("an X12 file without a readable transaction set", ""),
            (_, set) => ("another X12 transaction set", set),
        };
        let version = match (set, self.version.as_str()) {
            ("", _) => return what.to_owned(),
            (set, "") => return format!("{what} ({set})"),
            (_, version) => version,
        };
        if self.kind == TransactionKind::OldClaims {
            format!("{what} an old version ({set}, {version}) that payers no longer take")
        } else {
            format!("{what} ({set}, {version})")
        }
    }
}

/// At most twelve letters and digits: nothing else belongs in a transaction set or version.
fn word(bytes: &[u8]) -> String {
    bytes.iter().take(12).filter(|byte| byte.is_ascii_alphanumeric()).map(|byte| char::from(*byte)).collect()
}

const CHECKED: &str = "cleanclaim checks professional claims (837P, 005010X222A1 or A2)";

/// What an X12 file turned out to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Professional claims, or what began as such: its faults are findings.
    Professional,
    /// No professional claims: what it is, in a sentence without a full stop.
    WrongKind(String),
    /// Likewise, of a file that ends before it has said what it holds, and may have been one of professional claims.
    BrokenOff(String),
}

impl Verdict {
    /// Judges a file by its transactions.
    pub(super) fn of(mut transactions: Vec<Transaction>) -> Verdict {
        transactions.sort();
        transactions.dedup();
        match transactions.as_slice() {
            [Transaction { kind: TransactionKind::Professional, .. }, ..] => Verdict::Professional,
            [] => Verdict::WrongKind(format!("this is an X12 file without a transaction set; {CHECKED}")),
            [first] => Verdict::WrongKind(format!("this is {}; {CHECKED}", first.name())),
            [first, rest @ ..] => {
                let others = rest.iter().map(Transaction::name).collect::<Vec<_>>().join(" and ");
                Verdict::WrongKind(format!("this file holds {} and {others}; {CHECKED}", first.name()))
            }
        }
    }

    /// Of a file that ends before it has said what it holds.
    pub(super) fn broken_off() -> Verdict {
        Verdict::BrokenOff(format!("this X12 file breaks off before it says what it holds; {CHECKED}"))
    }
}
