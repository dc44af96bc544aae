//! What is read: claims in every form and spelling, tables of CMS, and bytes that are none of it.

mod broken_segments;
mod corpus;
mod generator;
mod import;
mod invariance;
mod maps;
mod random;
mod shapes;
mod spellings;
#[path = "../support/mod.rs"]
mod support;
#[path = "../synthetic/mod.rs"]
mod synthetic;
mod twins;
