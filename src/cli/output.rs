//! `--output FORMAT[=PATH]`: which reports are written, and where.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tempfile::NamedTempFile;

use super::format::Format;
use super::trouble::Trouble;
use crate::finding::{Run, Verdict};
use crate::report::acknowledgement::is_own;
use crate::source::{Content, Input, Named};

/// One `--output`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct OutputSpec {
    pub(super) format: Format,
    /// `None`: standard output.
    pub(super) path: Option<PathBuf>,
}

impl FromStr for OutputSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<OutputSpec, String> {
        let ending = Path::new(text).extension().and_then(|ending| ending.to_str());
        if let Some(format) =
            ending.and_then(|ending| Format::named(ending).ok()).filter(|_| !text.contains('='))
        {
            return Err(format!("a format goes before its path: {}={text}", format.name()));
        }
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err("a path is missing after '='".to_owned()),
            Some((name, path)) => (name, (path != "-").then(|| PathBuf::from(path))),
            None => (text, None),
        };
        Ok(OutputSpec { format: Format::named(name)?, path })
    }
}

impl fmt::Display for OutputSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.format.name();
        match &self.path {
            Some(path) => write!(f, "{name}={}", path.display()),
            None => f.write_str(name),
        }
    }
}

/// A report that is ready to be written.
pub(super) struct Output {
    pub(super) format: Format,
    target: Target,
}

enum Target {
    Stdout,
    /// For people only, where standard output is taken.
    Stderr,
    /// Something that is no file: a device or a named pipe.
    Special(PathBuf, File),
    /// A file beside its future name: readers see the old report or the whole new one.
    Replacing(PathBuf, NamedTempFile),
}

/// Opens every output before any claim is read: a missing folder is told at once, not after an hour.
///
/// # Errors
/// Two outputs for one place; a place that cannot be written to.
pub(super) fn open(specs: &[OutputSpec]) -> Result<Vec<Output>, Trouble> {
    if specs.is_empty() {
        return Ok(vec![Output { format: Format::Text, target: Target::Stdout }]);
    }
    for (index, spec) in specs.iter().enumerate() {
        if !specs[..index].iter().any(|other| other.path == spec.path) {
            continue;
        }
        return Err(Trouble::message(match &spec.path {
            None => "two outputs go to standard output; give all but one a path: --output json=report.json"
                .to_owned(),
            Some(path) => format!("two outputs go to {}", path.display()),
        }));
    }
    specs
        .iter()
        .map(|spec| {
            let target = match &spec.path {
                None => Target::Stdout,
                Some(path) => Target::open(path).map_err(|error| Trouble::writing(path.display(), &error))?,
            };
            Ok(Output { format: spec.format, target })
        })
        .collect()
}

/// Likewise, where standard output is taken by something else: the text goes to standard error.
///
/// # Errors
/// As above; an output that asks for standard output.
pub(super) fn beside(specs: &[OutputSpec]) -> Result<Vec<Output>, Trouble> {
    if specs.is_empty() {
        return Ok(vec![Output { format: Format::Text, target: Target::Stderr }]);
    }
    if specs.iter().any(|spec| spec.path.is_none()) {
        return Err(Trouble::message(
            "the mended file goes to standard output: give every report a path, --output json=report.json",
        ));
    }
    open(specs)
}

impl Target {
    fn open(path: &Path) -> io::Result<Target> {
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
            Ok(found) if !found.is_file() => {
                Ok(Target::Special(path.clone(), File::options().write(true).open(&path)?))
            }
            _ => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let folder = folder.unwrap_or(Path::new("."));
                if !folder.is_dir() {
                    return Err(io::Error::new(io::ErrorKind::NotFound, "there is no such folder"));
                }
                let file = NamedTempFile::new_in(folder)?;
                Ok(Target::Replacing(path, file))
            }
        }
    }
}

impl Output {
    /// Whether it goes to standard output.
    pub(super) fn is_stdout(&self) -> bool {
        matches!(self.target, Target::Stdout)
    }

    /// Writes the report and puts it in its place. A pipe closed early is no trouble.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn write(self, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Trouble> {
        self.target.write(report)
    }
}

/// Holds what is written apart from what is read: a report in the place of its claims would be the end of them. What lies in a
/// folder may be the report of the run before, unless it is X12 that was not written here.
///
/// # Errors
/// A path that is an input, or one of the files `kept`.
pub(super) fn apart<'p>(
    written: impl IntoIterator<Item = &'p Path>,
    inputs: &[Named],
    kept: &[&Path],
) -> Result<(), Trouble> {
    let canonical = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let is_read = |path: &Path| {
        let place = canonical(path);
        if kept.iter().any(|kept| canonical(kept) == place) {
            return true;
        }
        let mut there = inputs.iter().filter(|named| named.place().starts_with(&place));
        // No report is an archive.
        let is_member = |named: &Named| matches!(named, Named::Member(_));
        there.any(|named| !named.may_be_other() || is_member(named) || is_x12_of_others(named))
    };
    written.into_iter().find(|path| is_read(path)).map_or(Ok(()), |path| Err(taken(path)))
}

/// Holds what is written apart from what turned out to be claims: JSON and tables are known for that when they have been read.
/// `read` are the files of the run in its order.
///
/// # Errors
/// A path where claims of the run stand, or what could not be read to its end.
pub(super) fn apart_from_claims<'p>(
    written: impl IntoIterator<Item = &'p Path>,
    read: impl Iterator<Item = &'p Named> + Clone,
    run: &Run,
) -> Result<(), Trouble> {
    let canonical = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let is_claims = |path: &Path| {
        let place = canonical(path);
        // Nothing that is not there yet has been read.
        place.exists()
            && read.clone().zip(&run.files).any(|(named, file)| {
                let is_claims =
                    matches!(file.verdict, Verdict::Checked | Verdict::History | Verdict::Failed(_));
                is_claims && named.place() == place
            })
    };
    written.into_iter().find(|path| is_claims(path)).map_or(Ok(()), |path| Err(taken(path)))
}

fn taken(path: &Path) -> Trouble {
    let path = path.display().to_string();
    let path = path.escape_debug();
    Trouble::message(format!("{path} is read by this run, or written by it twice: no report takes its place"))
}

/// Whether an input is X12 and no acknowledgement of a run before.
fn is_x12_of_others(named: &Named) -> bool {
    if !Input::open(named).is_ok_and(|input| input.content == Content::X12) {
        return false;
    }
    let Named::File { path, .. } = named else { return true };
    !File::open(path).and_then(|file| is_own(BufReader::new(file))).unwrap_or(false)
}

/// Writes a file that readers see whole, or as it was before.
///
/// # Errors
/// What the file system says.
pub(super) fn put(path: &Path, text: &[u8]) -> Result<(), Trouble> {
    let target = Target::open(path).map_err(|error| Trouble::writing(path.display(), &error))?;
    target.write(|out| out.write_all(text))
}

impl Target {
    fn write(self, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Trouble> {
        match self {
            Target::Stdout => filled(io::stdout().lock(), report)
                .map_err(|error| Trouble::writing("standard output", &error)),
            Target::Stderr => filled(io::stderr().lock(), report)
                .map_err(|error| Trouble::writing("standard error", &error)),
            Target::Special(path, file) => {
                filled(file, report).map_err(|error| Trouble::writing(path.display(), &error))
            }
            Target::Replacing(path, mut file) => filled(file.as_file_mut(), report)
                .and_then(|()| file.persist(&path).map(|_| ()).map_err(|error| error.error))
                .map_err(|error| Trouble::writing(path.display(), &error)),
        }
    }
}

fn filled(target: impl Write, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, target);
    match report(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // What is still buffered has no reader; dropping the writer would only try again.
            let _ = out.into_parts();
            Ok(())
        }
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::InputFile;

    #[test]
    fn formats_and_paths() {
        let spec = |text: &str| text.parse::<OutputSpec>();
        assert_eq!(spec("json"), Ok(OutputSpec { format: Format::Json, path: None }));
        assert_eq!(spec("text=-"), Ok(OutputSpec { format: Format::Text, path: None }));
        assert_eq!(
            spec("json=a=b.json"),
            Ok(OutputSpec { format: Format::Json, path: Some(PathBuf::from("a=b.json")) })
        );
        assert!(spec("json=").is_err());
        assert_eq!(spec("out/x.json"), Err("a format goes before its path: json=out/x.json".to_owned()));
    }

    #[test]
    fn one_output_for_one_place() {
        let specs = |texts: &[&str]| -> Vec<OutputSpec> {
            texts.iter().map(|text| text.parse().expect("a known format")).collect()
        };
        assert!(open(&specs(&["text", "json"])).is_err());
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        let named = format!("json={}", path.display());
        assert!(open(&specs(&[&named, &named])).is_err());
        assert_eq!(open(&specs(&["text", &named])).map(|outputs| outputs.len()).ok(), Some(2));
    }

    #[test]
    fn a_report_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        fs::write(&path, "old").expect("a file");
        let open_one = || {
            let spec = OutputSpec { format: Format::Json, path: Some(path.clone()) };
            open(&[spec]).expect("a writable folder").remove(0)
        };
        let failed = open_one().write(|out| {
            out.write_all(b"half")?;
            Err(io::Error::other("full"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("old"));
        open_one().write(|out| out.write_all(b"new")).expect("written");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("new"));
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }

    #[test]
    fn a_closed_pipe_is_silent() {
        let closed = |_: &mut dyn Write| Err(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(filled(Vec::new(), closed).is_ok());
    }

    #[test]
    fn nothing_is_written_in_the_place_of_what_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let day = folder.path().join("day.837");
        fs::write(&day, "ISA*").expect("a file");
        let inputs = [Named::File { path: day.clone(), from_directory: false }];
        let round =
            folder.path().join("../").join(folder.path().file_name().expect("a name")).join("day.837");
        for path in [&day, &round] {
            assert!(apart([path.as_path()], &inputs, &[]).is_err(), "{}", path.display());
            assert!(apart([path.as_path()], &[], &[&day]).is_err(), "{}", path.display());
        }
        let found = [Named::File { path: day.clone(), from_directory: true }];
        assert!(apart([day.as_path()], &found, &[]).is_err(), "an 837P");
        fs::write(&day, "{\"schema\": \"cleanclaim/1\"}").expect("a file");
        assert!(apart([day.as_path()], &found, &[]).is_ok(), "the report of the run before");
        assert!(apart([folder.path().join("day.json").as_path()], &inputs, &[&day]).is_ok());
        // A table is known for claims when it has been read.
        let run = |verdict| Run {
            files: vec![InputFile { name: day.display().to_string(), verdict, claims: 0 }],
            ..Run::default()
        };
        for path in [&day, &round] {
            let judged = |verdict| apart_from_claims([path.as_path()], found.iter(), &run(verdict));
            assert!(judged(Verdict::Checked).is_err() && judged(Verdict::History).is_err());
            assert!(judged(Verdict::Failed("cut off".to_owned())).is_err());
            assert!(judged(Verdict::NotClaims("a report".to_owned())).is_ok());
        }
        let elsewhere = folder.path().join("day.json");
        assert!(apart_from_claims([elsewhere.as_path()], found.iter(), &run(Verdict::Checked)).is_ok());
        assert!(apart([Path::new("-")], &[], &[]).is_ok());
    }

    #[test]
    fn a_missing_folder_is_told_before_the_check() {
        let spec =
            OutputSpec { format: Format::Json, path: Some(PathBuf::from("/no/such/folder/report.json")) };
        assert!(open(&[spec]).is_err());
    }
}
