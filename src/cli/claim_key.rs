//! The key that names claims: where it is, how it is made, who may read it.
//!
//! It comes from a file and never from a variable of the environment: every program that a build starts inherits those,
//! and crash reports and debug logs print them.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::args::{ClaimKeyArgs, KeyJob};
use super::exit;
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use crate::report::ClaimKey;

/// Bytes read of a key file at most: anything longer is none.
const LONGEST: u64 = 1024;

/// The key in force. One that is named must be there; the usual one need not.
///
/// # Errors
/// A key file that was named and is not there, that cannot be read, that others may read, or that holds no key.
pub(super) fn in_force(
    args: &ClaimKeyArgs,
    surroundings: &Surroundings,
) -> Result<Option<ClaimKey>, Trouble> {
    match named(args, surroundings) {
        Some(path) => read(&path).map(Some),
        None => match usual(surroundings) {
            Some(path) if exists(&path) => read(&path).map(Some),
            _ => Ok(None),
        },
    }
}

/// `config key new` and `config key path`.
///
/// # Errors
/// A key that is there already; a file that cannot be written; no place to look for one.
pub(super) fn job(job: &KeyJob, surroundings: &Surroundings, out: &mut dyn Write) -> Result<u8, Trouble> {
    let said = |result: io::Result<()>| result.map_err(|error| Trouble::writing("standard output", &error));
    match job {
        KeyJob::New { file } => {
            let path = file
                .clone()
                .or_else(|| usual(surroundings))
                .ok_or_else(|| nowhere("say where to keep the key with --file PATH"))?;
            write_new(&path)?;
            said(writeln!(
                out,
                "a new key is in {}, for you alone to read. Keep a copy in a safe place: without it no ref can be traced \
                 back to its claim",
                path.display()
            ))?;
        }
        KeyJob::Path { key } => {
            let path = named(key, surroundings).or_else(|| usual(surroundings));
            let path = path.ok_or_else(|| nowhere("name a key with --key FILE or CLEANCLAIM_KEY_FILE"))?;
            said(writeln!(out, "{}", path.display()))?;
            if !exists(&path) {
                return Err(Trouble::message(format!(
                    "there is no key at {}; `cleanclaim config key new` makes one",
                    path.display()
                )));
            }
            read(&path)?;
        }
    }
    Ok(exit::DONE)
}

fn nowhere(what_to_do: &str) -> Trouble {
    Trouble::message(format!("neither XDG_CONFIG_HOME nor HOME is set: {what_to_do}"))
}

/// The key that was asked for: what is typed wins over the environment.
fn named(args: &ClaimKeyArgs, surroundings: &Surroundings) -> Option<PathBuf> {
    args.key.clone().or_else(|| surroundings.key_file.clone())
}

fn usual(surroundings: &Surroundings) -> Option<PathBuf> {
    surroundings.config_folder.as_ref().map(|folder| folder.join("key"))
}

/// Whether something bears this name, a link that leads nowhere among them.
fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn read(path: &Path) -> Result<ClaimKey, Trouble> {
    let unreadable = |error: io::Error| Trouble::reading(format!("the key {}", path.display()), &error);
    let file = File::open(path).map_err(unreadable)?;
    // Asked of the open file: what bears the name may change in between.
    let found = file.metadata().map_err(unreadable)?;
    if let Some(mode) = open_to_others(&found) {
        let path = path.display();
        return Err(Trouble::message(format!(
            "the key {path} can be read by others (mode {mode:04o}), so it is not used: `chmod 600 {path}`, and if \
             others had access, make a new one"
        )));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes).map_err(unreadable)?;
    ClaimKey::from_hex(&bytes).ok_or_else(|| {
        Trouble::message(format!(
            "{} is no key: a key is 64 hexadecimal digits, as `cleanclaim config key new` writes them",
            path.display()
        ))
    })
}

/// The rights of a file that others than its owner may read or write.
#[cfg(unix)]
fn open_to_others(found: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = found.permissions().mode() & 0o7777;
    (found.is_file() && mode & 0o077 != 0).then_some(mode)
}

/// Elsewhere the folder of a user's configuration is the user's own.
#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> Option<u32> {
    None
}

/// Writes a new key, which appears whole and readable by its owner alone, or not at all.
fn write_new(path: &Path) -> Result<(), Trouble> {
    let unwritable = |error: io::Error| Trouble::writing(format!("the key {}", path.display()), &error);
    if exists(path) {
        return Err(taken(path));
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Trouble::message(format!("this machine gives no random numbers: {error}")))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    private_folder(folder).map_err(unwritable)?;
    // A temporary file is its owner's from its first moment (mode 0600).
    let mut file = NamedTempFile::new_in(folder).map_err(unwritable)?;
    writeln!(file, "{}", ClaimKey::new(bytes).to_hex()).map_err(unwritable)?;
    file.as_file().sync_all().map_err(unwritable)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(path)),
        Err(error) => Err(unwritable(error.error)),
    }
}

fn taken(path: &Path) -> Trouble {
    Trouble::message(format!(
        "{} is there already, and a key is never overwritten: every ref of earlier reports would change, and none of them \
         could be traced back. Remove it yourself if that is what you want",
        path.display()
    ))
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    fn said<T: std::fmt::Debug>(result: Result<T, Trouble>) -> String {
        result.expect_err("trouble").to_string()
    }

    #[test]
    fn a_new_key_is_its_owners_alone_and_no_two_are_alike() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, other) = (folder.path().join("a/b/key"), folder.path().join("key"));
        write_new(&path).expect("written");
        write_new(&other).expect("written");
        assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("readable").count(), 1);
        let (one, two) = (read(&path).expect("a key"), read(&other).expect("a key"));
        assert_ne!(one.to_hex(), two.to_hex());
    }

    #[test]
    fn a_key_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        write_new(&path).expect("written");
        let before = fs::read(&path).expect("readable");
        assert!(said(write_new(&path)).contains("never overwritten"));
        assert_eq!(fs::read(&path).expect("readable"), before);
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("nowhere"), &link).expect("a link");
        assert!(said(write_new(&link)).contains("there already"), "nor is a link followed");
        assert!(!folder.path().join("nowhere").exists());
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        write_new(&path).expect("written");
        for open in [0o640, 0o604, 0o620, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(open)).expect("own file");
            let said = said(read(&path));
            assert!(said.contains(&format!("mode {open:04o}")) && said.contains("chmod 600"), "{said}");
        }
        for close in [0o600, 0o400] {
            fs::set_permissions(&path, fs::Permissions::from_mode(close)).expect("own file");
            assert!(read(&path).is_ok());
        }
    }

    #[test]
    fn what_is_no_key_is_not_repeated() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        for text in ["", "XANTHE", &"ab".repeat(33), &"XANTHE ".repeat(400)] {
            fs::write(&path, text).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("own file");
            let said = said(read(&path));
            assert!(said.contains("is no key") && !said.contains("XANTHE"), "{said}");
        }
        assert!(said(read(folder.path())).starts_with("error: "));
    }
}
