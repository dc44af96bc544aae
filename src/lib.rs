//! A linter for US professional claims, run before they are sent.
//!
//! Read the modules in this order; it is the order in which a claim travels:
//!
//! 1. [`source`] opens files, standard input and gzip, says what they hold, and hands out bytes.
//! 2. [`x12`] turns bytes into segments and elements, and cuts long files into self-contained units.
//! 3. [`mod@guide`] is the implementation guide as data: which segments and elements stand where.
//! 4. [`input`] builds a [`claim::Claim`] from each input form. Nothing else does.
//! 5. [`claim`] is the model that every rule sees.
//! 6. [`rules`] loads the rule book (YAML), payer profiles and named lists; [`mod@reference`] holds the tables,
//!    [`store`] is the folder of those a user has imported, and [`import`] reads official files into it; [`side`] reads
//!    the tables that a practice keeps itself, [`maps`] says where facts stand in foreign tables and JSON, and [`config`]
//!    reads `cleanclaim.yaml`, what a practice keeps of the command line.
//! 7. [`checks`] is one file for each *kind* of check a rule can ask for.
//! 8. [`engine`] reads in parallel, then settles what needs the whole run; [`pricing`] says what it is worth.
//! 9. [`mend`] writes inputs anew with faults of format mended, where somebody asks for it.
//! 10. [`finding`] is plain data; [`report`] turns it into what people and programs read, and [`mod@serve`] shows it to a
//!     browser on the same machine.
//!
//! `tests/written/architecture.rs` holds the table of who may import whom.

pub mod source;

pub mod x12;

pub mod guide;

pub mod input;

pub mod claim;

pub mod rules;

pub mod config;

pub mod maps;

pub mod store;

pub mod import;

pub mod reference;

pub mod side;

pub mod checks;

pub mod engine;

pub mod pricing;

pub mod finding;

pub mod mend;

pub mod report;

pub mod serve;

pub mod cli;
