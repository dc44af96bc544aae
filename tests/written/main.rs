//! What stands written agrees with the program: rules, schemas, tables, pages, and the imports of the code itself.

mod architecture;
mod corrections;
mod coverage;
mod embedded;
mod examples;
mod faults;
mod readme;
mod report_schema;
mod rule_pages;
mod rules_manual;
mod schemas;
mod snip;
#[path = "../support/mod.rs"]
mod support;
