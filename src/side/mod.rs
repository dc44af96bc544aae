//! Tables that a practice keeps beside its claims and names on the command line: its denial rates, a payer's contract.
//!
//! They are CSV with a header. Columns are found by name, in any order, and every mistake names file, row and column,
//! never the contents of a cell: such a file may hold patients. Opens no file; whoever calls gives the bytes. Knows
//! nothing of rules' meaning, of claims' forms, or of money beyond the shape of an amount.

mod authorizations;
mod baseline;
mod contract_fees;
mod credentials;
mod denial_rates;
mod sessions;
mod sheet;
mod suppressions;
mod yaml;
mod ytd;

pub use authorizations::{Authorization, AuthorizationKind, Authorizations, authorizations};
pub use baseline::{Baseline, BaselineError};
pub use contract_fees::contract_fees;
pub use credentials::{
    Answer, Credential, CredentialUse, Credentials, CredentialsError, Decision, Whom, credentials,
};
pub use denial_rates::{DenialRates, PayerName};
pub use sessions::{Joined, Matches, SessionLog, Sessions, Sighting, UnbilledTime, session_log};
pub use sheet::{Column, Field, Row, Sheet, SideError};
pub use suppressions::{
    Judged, Placed, PlacedLine, RuleName, Stated, Suppression, Suppressions, SuppressionsError, suppressions,
    suppressions_schema,
};
pub use ytd::{YearToDate, year_to_date};

/// The known name that `name` most likely stands for.
fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let wanted = name.to_lowercase();
    known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&wanted, &known.to_lowercase()), known))
        .filter(|(distance, known)| {
            *distance <= (known.chars().count().max(wanted.chars().count()) / 3).max(1)
        })
        .min()
        .map(|(_, known)| known)
}
