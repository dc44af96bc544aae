//! What lies beside the claims. The first byte says as what the rest is read; an error must name the file and no contents.

use cleanclaim::side::{
    Baseline, DenialRates, RuleName, authorizations, contract_fees, credentials, session_log, suppressions,
    year_to_date,
};

use super::shared::chosen;

/// The name that no error may leave out.
const FILE: &str = "beside.file";

pub(crate) fn run(bytes: &[u8]) {
    let (which, bytes) = chosen(bytes, 8);
    let rule = RuleName {
        code: "T01".to_owned(),
        name: "units-exceed-minutes".to_owned(),
        pack: "therapy".to_owned(),
    };
    let error = match which {
        0 => suppressions(FILE, bytes, &[rule]).err().map(|error| error.to_string()),
        1 => credentials(FILE, bytes).err().map(|error| error.to_string()),
        2 => authorizations(FILE, bytes).err().map(|error| error.to_string()),
        3 => session_log(FILE, bytes).err().map(|error| error.to_string()),
        4 => contract_fees(FILE, bytes).err().map(|error| error.to_string()),
        5 => year_to_date(FILE, bytes).err().map(|error| error.to_string()),
        6 => DenialRates::read(FILE, bytes, &["T01"]).err().map(|error| error.to_string()),
        _ => Baseline::read(FILE, bytes).err().map(|error| error.to_string()),
    };
    assert!(error.is_none_or(|error| error.contains(FILE)));
}
