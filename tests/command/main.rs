//! The program as it is used: flags, exit codes, configuration, pages, mending, and what it keeps to itself.

mod action;
mod browser;
mod browser_serve;
mod config;
mod html;
mod masked;
mod mending;
mod planted;
mod program;
mod progress;
mod rules_new;
mod serve;
#[path = "../support/mod.rs"]
mod support;
