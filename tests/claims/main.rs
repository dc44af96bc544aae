//! What is said of claims and what it is worth, through the library and through the command.

mod accepted;
mod acknowledgement;
mod breakdown;
mod courses;
mod credentials;
mod days;
mod explain_match;
mod fixtures;
mod history;
mod ledger;
mod month;
mod notes;
mod one_of_several;
mod payers;
mod prices;
mod profiles;
mod recalled;
mod scenarios;
mod scenarios_by_command;
mod sessions;
#[path = "../support/mod.rs"]
mod support;
#[path = "../synthetic/mod.rs"]
mod synthetic;
mod unit_edits;
mod unpriced;
mod year_to_date;
