//! What was typed about prices, turned into what it means.

use std::fmt::Display;
use std::path::Path;

use super::settings::{Set, Settings};
use super::trouble::Trouble;
use crate::pricing::{ContractFees, Localities, Terms};
use crate::reference::Reference;
use crate::rules::RuleSet;
use crate::side::{self, Authorizations, Credentials, SessionLog, YearToDate};
use crate::source::{HELD, read_bounded};

/// The terms of a run.
///
/// # Errors
/// A locality that no table has, named on the command line or by a payer profile; a fee schedule that cannot be read.
pub(super) fn of(settings: &Settings, rules: &RuleSet, reference: &Reference) -> Result<Terms, Trouble> {
    for profile in &rules.profiles {
        if let Some(locality) = &profile.locality
            && reference.locality(locality).is_none()
        {
            let name = &profile.name;
            return Err(Trouble::message(format!("payer profile {name}: {}", no_locality(locality))));
        }
    }
    let localities = match &settings.locality {
        Some(Set { value, .. }) => {
            Localities::One(reference.locality(value).ok_or_else(|| Trouble::message(no_locality(value)))?)
        }
        None if settings.price_by_zip.value => Localities::ByZip,
        None => Localities::National,
    };
    Ok(Terms {
        localities,
        nonparticipating: settings.nonparticipating.value,
        net_cash: settings.net_cash.value,
        carry_forward: settings.carry_fees_forward.value,
        contracts: contracts(settings.fees.as_ref().map(|set| set.value.as_path()))?,
    })
}

/// The fee schedules of a file; none without one.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn contracts(path: Option<&Path>) -> Result<ContractFees, Trouble> {
    let Some(path) = path else { return Ok(ContractFees::default()) };
    read(path, side::contract_fees)
}

/// What patients were allowed before the run; nothing without a file.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn year_to_date(path: Option<&Path>) -> Result<YearToDate, Trouble> {
    let Some(path) = path else { return Ok(YearToDate::default()) };
    read(path, side::year_to_date)
}

/// What was authorized and certified for patients; nothing without a file.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn authorizations(path: Option<&Path>) -> Result<Authorizations, Trouble> {
    let Some(path) = path else { return Ok(Authorizations::default()) };
    read(path, side::authorizations)
}

/// What is logged of sessions; nothing without a file.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn sessions(path: Option<&Path>) -> Result<SessionLog, Trouble> {
    let Some(path) = path else { return Ok(SessionLog::default()) };
    read(path, side::session_log)
}

/// What payers said about providers; nothing without a file.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn credentials(path: Option<&Path>) -> Result<Option<Credentials>, Trouble> {
    path.map(|path| read(path, side::credentials)).transpose()
}

/// Reads a side file.
fn read<T, E: Display>(path: &Path, of: impl FnOnce(&str, &[u8]) -> Result<T, E>) -> Result<T, Trouble> {
    let name = path.display().to_string();
    let bytes = read_bounded(path, HELD)
        .map_err(|error| Trouble::message(format!("{}: {error}", name.escape_debug())))?;
    of(&name, &bytes).map_err(|error| Trouble::message(error.to_string()))
}

fn no_locality(typed: &str) -> String {
    format!(
        "`{}` is not a Medicare locality of the loaded tables; write contractor and locality, such as 10112-00",
        typed.escape_debug()
    )
}
