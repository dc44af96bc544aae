//! `cleanclaim data import`, `verify` and `remove`: the store, changed and checked.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::args::{DataFolder, ImportArgs, VerifyArgs};
use super::exit;
use super::surroundings::{Surroundings, today};
use super::tables;
use super::trouble::Trouble;
use crate::import::{self, Limits, Reading, Wishes};
use crate::reference::{Reference, TableHead};
use crate::store::{Change, Entry, NewTable, Store, StoreError, is_sound_text};

/// Imports the files, and says what they hold and what they replaced.
///
/// # Errors
/// A file that cannot be taken, a store that cannot be changed; nothing is changed then.
pub(super) fn import(
    args: &ImportArgs,
    folder: &DataFolder,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> Result<u8, Trouble> {
    let folder = tables::folder(folder, surroundings)?;
    let wishes = Wishes { release: args.release.clone(), today: today(), limits: Limits::default() };
    let reading = import::read(&args.files, &wishes).map_err(|error| Trouble::message(error.to_string()))?;
    let before = if args.dry_run {
        opened(&folder)?.map(|store| store.entries().to_vec()).unwrap_or_default()
    } else {
        let change = Change::begin(&folder).map_err(trouble)?;
        let before = change.entries().to_vec();
        change.add(&reading.tables, wishes.today).map_err(trouble)?;
        before
    };
    let said = said(&reading, &before, args.dry_run, &folder);
    out.write_all(said.as_bytes())
        .and_then(|()| match args.dry_run {
            true => Ok(()),
            false => told_of_idle(&reading, &folder, out),
        })
        .map_err(|error| Trouble::writing("standard output", &error))?;
    Ok(exit::DONE)
}

/// Takes a release out of the store.
///
/// # Errors
/// A release that is not there; a store that cannot be changed.
pub(super) fn remove(
    (table, release): (&str, &str),
    folder: &DataFolder,
    surroundings: &Surroundings,
) -> Result<(), Trouble> {
    let folder = tables::folder(folder, surroundings)?;
    let none = || {
        Trouble::message(format!(
            "no {table} {release} was imported into {}; `cleanclaim data list` shows what was",
            folder.display()
        ))
    };
    if opened(&folder)?.is_none() {
        return Err(none());
    }
    let removed = Change::begin(&folder).map_err(trouble)?.remove(table, release).map_err(trouble)?;
    if removed { Ok(()) } else { Err(none()) }
}

/// Reads every imported table, and says what of the tables is out of date.
///
/// # Errors
/// A table that is damaged or cannot be read; all of them are named.
pub(super) fn verify(
    args: &VerifyArgs,
    folder: &DataFolder,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> Result<u8, Trouble> {
    let reference = tables::in_force(folder, surroundings)?;
    let date = args.as_of.unwrap_or_else(today);
    let mut text = String::new();
    let mut damaged = Vec::new();
    let folder = folder.data.as_deref().or(surroundings.data_folder.as_deref());
    if let Some(store) = folder.map(opened).transpose()?.flatten() {
        for (at, entry) in store.entries().iter().enumerate() {
            match checked(&store, at, entry) {
                Ok(()) => text.push_str(&format!("{}: whole, {} rows\n", entry.title(), entry.rows)),
                Err(error) => damaged.push(error.to_string()),
            }
        }
    }
    if text.is_empty() && damaged.is_empty() {
        text.push_str("nothing is imported; the built-in tables came whole with the program\n");
    }
    let stale = reference.stale(date);
    for sentence in &stale {
        text.push_str(&format!("out of date on {date}: {sentence}\n"));
    }
    if stale.is_empty() {
        text.push_str(&format!("nothing is out of date on {date}\n"));
    }
    out.write_all(text.as_bytes()).map_err(|error| Trouble::writing("standard output", &error))?;
    if !damaged.is_empty() {
        return Err(Trouble::message(damaged.join("\nerror: ")));
    }
    Ok(if stale.is_empty() { exit::DONE } else { exit::FINDINGS })
}

/// Hash and form of a table.
fn checked(store: &Store, at: usize, entry: &Entry) -> Result<(), StoreError> {
    let bytes = store.whole(at)?;
    // The other two have forms of their own, which are split when they are read; their hash says that they are whole.
    if !matches!(entry.name.as_str(), "ncci-ptp" | "icd10cm") && !is_sound_text(&bytes) {
        store.note_damage(at, "its rows are not sorted, or not of one width");
        return Err(StoreError::Damaged {
            table: entry.title(),
            path: store.folder().join("tables").join(&entry.file),
            what: "its rows are not sorted, or not of one width".to_owned(),
            origin: entry.source.clone(),
        });
    }
    Ok(())
}

fn opened(folder: &Path) -> Result<Option<Store>, Trouble> {
    Store::open(folder).map_err(trouble)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn trouble(error: StoreError) -> Trouble {
    Trouble::message(error.to_string())
}

fn said(reading: &Reading, before: &[Entry], dry_run: bool, folder: &Path) -> String {
    let builtin = Reference::builtin().tables();
    let mut text = String::new();
    for table in &reading.tables {
        text.push_str(&format!(
            "{}: {}, {}, {} rows, {}; {}\n",
            table.source,
            plain_name(&table.name),
            title(table),
            table.rows,
            match table.to {
                Some(to) => format!("{} to {to}", table.from),
                None => format!("from {}", table.from),
            },
            beside(table, before, &builtin)
        ));
    }
    for remark in &reading.remarks {
        text.push_str(&format!("note: {remark}\n"));
    }
    if !reading.passed_over.is_empty() {
        text.push_str(&format!("passed over: {}\n", reading.passed_over.join("; ")));
    }
    let count = match reading.tables.len() {
        1 => "1 table".to_owned(),
        count => format!("{count} tables"),
    };
    text.push_str(&match dry_run {
        true => format!("{count} could be imported; nothing was changed\n"),
        false => format!("{count} imported into {}\n", folder.display()),
    });
    text
}

/// Imported tables that no look-up will ask, as the choice of releases stands now.
fn told_of_idle(reading: &Reading, folder: &Path, out: &mut dyn Write) -> io::Result<()> {
    let Ok(Some(store)) = Store::open(folder) else { return Ok(()) };
    for head in Reference::with_store(Arc::new(store)).tables() {
        let is_new = |table: &NewTable| {
            (&table.name, &table.release, table.part) == (&head.name, &head.release, head.part)
        };
        if let (true, Some(idle)) = (head.imported, &head.idle)
            && reading.tables.iter().any(is_new)
        {
            writeln!(out, "note: {} {} is not in force: {idle}", head.name, head.release)?;
        }
    }
    Ok(())
}

fn title(table: &NewTable) -> String {
    match table.part {
        None => format!("{} {}", table.name, table.release),
        Some(part) => format!("{} {} f{part}", table.name, table.release),
    }
}

fn plain_name(table: &str) -> &'static str {
    match table {
        "mpfs" => "Medicare fee schedule",
        "mpfs-qpp" => "Medicare fee schedule of qualifying APM participants",
        "gpci" => "geographic practice cost indices",
        "zip-locality" => "ZIP codes and localities",
        "ncci-ptp" => "NCCI practitioner edits",
        "mue" => "practitioner MUE",
        "icd10cm" => "ICD-10-CM codes",
        "nucc-taxonomy" => "NUCC taxonomy codes",
        "procedure-codes" => "list of procedure codes",
        "modifiers" => "list of modifiers",
        _ => "table",
    }
}

/// What a new table replaces, or stands beside.
fn beside(table: &NewTable, before: &[Entry], builtin: &[TableHead]) -> String {
    let same_name: Vec<&Entry> = before.iter().filter(|entry| entry.name == table.name).collect();
    if let Some(same) =
        same_name.iter().find(|entry| entry.release == table.release && entry.part == table.part)
    {
        let again = if same.source_hash == table.source_hash { ", whose file was the same" } else { "" };
        return format!("replaces the one imported {}{again}", same.imported);
    }
    if table.alone && !same_name.is_empty() {
        return format!("replaces the one imported {}", same_name[0].imported);
    }
    let is_builtin = |head: &&TableHead| head.name == table.name;
    if builtin.iter().filter(is_builtin).any(|head| head.release == table.release) {
        return format!("replaces the built-in {}", table.release);
    }
    if table.name == "ncci-ptp" {
        let others: Vec<&str> = same_name.iter().map(|entry| entry.release.as_str()).collect();
        return match others.last() {
            Some(other) if *other != table.release => format!("beside {other}"),
            _ => "replaces the built-in therapy pairs".to_owned(),
        };
    }
    if table.name == "zip-locality"
        && let Some(head) = builtin.iter().find(is_builtin)
        && table.release > head.release
    {
        return format!("in the place of the built-in {}", head.release);
    }
    let mut others: Vec<String> = same_name.iter().map(|entry| entry.release.clone()).collect();
    others.extend(builtin.iter().filter(is_builtin).map(|head| format!("the built-in {}", head.release)));
    others.dedup();
    match others.is_empty() {
        true => "the first of its kind".to_owned(),
        false => format!("beside {}", others.join(", ")),
    }
}
