//! `--statistics`, `--explain-match` and `--timings`: what the flags ask of a run, and their answers where no report has them.

mod matches;
mod timings;

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::args::InsightArgs;
use super::format::Format;
use super::output::{Output, OutputSpec};
use super::settings::{Origin, Set, Settings};
use super::to_stdout;
use super::trouble::Trouble;
use crate::engine::{Asked, ClaimMatches, ClaimName, NoMatch, Timings};
use crate::report::Redaction;

/// What the engine is asked for.
pub(super) fn asked(args: &InsightArgs) -> Asked {
    Asked { claim: args.explain_match.as_deref().map(claim_name), timings: args.timings }
}

/// `2`, `LR-2001`, or either behind a file's name and a colon.
fn claim_name(typed: &str) -> ClaimName {
    match typed.rsplit_once(':') {
        Some((file, claim)) if !file.is_empty() && !claim.is_empty() => {
            ClaimName { file: Some(file.to_owned()), claim: claim.to_owned() }
        }
        _ => ClaimName { file: None, claim: typed.to_owned() },
    }
}

/// The outputs of a run. What a configuration sends to standard output makes way for the answer that was typed for.
///
/// # Errors
/// A report that was typed, and would go where the answer goes.
pub(super) fn outputs(args: &InsightArgs, settings: &Settings) -> Result<Vec<OutputSpec>, Trouble> {
    let flag = match args {
        InsightArgs { explain_match: Some(_), .. } => "--explain-match",
        InsightArgs { statistics: true, .. } => "--statistics",
        _ => return Ok(settings.output.iter().map(|output| output.value.clone()).collect()),
    };
    let answered = |format| format == Format::Text || args.statistics && format == Format::Json;
    let mut specs = Vec::new();
    for Set { value: spec, origin } in &settings.output {
        match (&spec.path, origin) {
            (None, Origin::File { .. }) => {}
            (None, _) if !answered(spec.format) => {
                let name = spec.format.name();
                return Err(Trouble::message(format!(
                    "{flag} writes to standard output; give the other report a path: --output {name}=PATH"
                )));
            }
            _ => specs.push(spec.clone()),
        }
    }
    let is_kept = |output: &Set<OutputSpec>| matches!(output.origin, Origin::File { .. });
    if settings.output.iter().any(is_kept) {
        specs.push(OutputSpec { format: Format::Text, path: None });
    }
    Ok(specs)
}

/// Writes why rules looked at the claims asked for, in place of the text on standard output. Returns what is left to be
/// written.
///
/// # Errors
/// No such claim.
pub(super) fn explain(
    matches: Result<Vec<ClaimMatches>, NoMatch>,
    typed: &str,
    outputs: Vec<Output>,
    look: &Look,
) -> Result<Vec<Output>, Trouble> {
    let matches = matches
        .map_err(|none| Trouble::message(format!("--explain-match {}: {none}", typed.escape_debug())))?;
    to_stdout(|out| matches::write(&matches, look, out))?;
    Ok(outputs.into_iter().filter(|output| !output.is_stdout()).collect())
}

/// How the answers look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) redaction: Redaction,
    pub(super) width: usize,
    pub(super) colour: bool,
}

/// Measures what the engine does not: what comes before it and after it.
pub(super) struct Around {
    begun: Instant,
    before: Duration,
    after: Option<Instant>,
}

impl Around {
    pub(super) fn begin() -> Around {
        Around { begun: Instant::now(), before: Duration::ZERO, after: None }
    }

    /// The engine has ended, and took so long.
    pub(super) fn ran(&mut self, timings: Option<&Timings>) {
        let elapsed = timings.map_or(Duration::ZERO, |timings| timings.elapsed);
        self.before = self.begun.elapsed().saturating_sub(elapsed);
        self.after = Some(Instant::now());
    }

    /// Writes the table, if there is one. Where standard error is closed there is nobody to read it.
    pub(super) fn write(&self, timings: Option<&Timings>, err: &mut dyn Write) {
        let Some(timings) = timings else { return };
        let after = self.after.map_or(Duration::ZERO, |after| after.elapsed());
        let _: io::Result<()> = timings::write(timings, self.before, after, err);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_named_with_or_without_its_file() {
        let name = |typed: &str| {
            let ClaimName { file, claim } = claim_name(typed);
            (file.unwrap_or_default(), claim)
        };
        assert_eq!(name("2"), (String::new(), "2".to_owned()));
        assert_eq!(name("LR-2001"), (String::new(), "LR-2001".to_owned()));
        assert_eq!(name("day.837:2"), ("day.837".to_owned(), "2".to_owned()));
        assert_eq!(name("C:\\claims\\day.837:LR-1"), ("C:\\claims\\day.837".to_owned(), "LR-1".to_owned()));
        assert_eq!(name(":2"), (String::new(), ":2".to_owned()));
    }
}
