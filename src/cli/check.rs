//! `check`: what was asked, the run, its reports, the verdict.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::accept;
use super::args::{CheckArgs, Color, InsightArgs};
use super::claim_key;
use super::config;
use super::configuration;
use super::exit;
use super::format::Format;
use super::inputs;
use super::insight::{self, Around};
use super::mending;
use super::output::{self, Output, OutputSpec};
use super::progress;
use super::request;
use super::settings::Settings;
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use crate::config::Config;
use crate::engine::Watched;
use crate::finding::{Run, Verdict};
use crate::report::text::TextOptions;
use crate::report::{Masking, clean, statistics};
use crate::source::Named;

/// Checks the inputs and writes the reports.
///
/// # Errors
/// What keeps the job from being done before any input is read, or a report from being written.
pub(super) fn run(
    args: &CheckArgs,
    config: &Config,
    color: Color,
    surroundings: &Surroundings,
) -> Result<u8, Trouble> {
    if args.guessed.show_settings {
        let text = config::show(args, config, false, surroundings)?;
        return super::to_stdout(|out| out.write_all(text.as_bytes()));
    }
    let settings =
        Settings::of(args, config).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))?;
    if args.guessed.show_files {
        return show_files(&inputs::of(args, &settings)?);
    }
    let mut around = Around::begin();
    let redaction = request::redaction(&args.run, settings.redact.value, surroundings.ci)?;
    let specs = insight::outputs(&args.insight, &settings)?;
    let key = claim_key::in_force(&args.run.key, surroundings)?;
    let mut inputs = inputs::of(args, &settings)?;
    let check = |inputs: &[Named]| checked(args, &settings, config, surroundings, inputs);
    if args.mending.diff {
        let unicode = surroundings.unicode && !settings.ascii.value;
        let masking = if unicode { Masking::new(redaction) } else { Masking::ascii(redaction) };
        let run = |inputs: &[Named]| {
            let mut run = check(inputs)?.run;
            key.iter().for_each(|key| key.name_claims(&mut run));
            Ok(run)
        };
        return mending::shown(&mut inputs, &masking, surroundings.colour_on_stdout(color), run);
    }
    let history = request::history(&settings)?;
    kept_apart(&specs, args, &settings, config, &[&inputs[..], &history].concat())?;
    let is_filter = args.mending.fix && inputs.iter().any(|one| matches!(one, Named::Stdin { .. }));
    let mut outputs = if is_filter { output::beside(&specs)? } else { output::open(&specs)? };
    let watched = if args.mending.fix { mending::fixed(&mut inputs, check)? } else { check(&inputs)? };
    let Watched { mut run, matches, timings } = watched;
    let written = specs.iter().filter_map(|spec| spec.path.as_deref());
    output::apart_from_claims(written, inputs.iter().chain(&history), &run)?;
    around.ran(timings.as_ref());
    if let Some(key) = &key {
        key.name_claims(&mut run);
    }
    if is_filter {
        mending::pass_on(&inputs)?;
    }
    let look = TextOptions {
        redaction,
        colour: surroundings.colour_on_stdout(color),
        unicode: surroundings.unicode && !settings.ascii.value,
        width: surroundings.width,
        limit: settings.limit.value,
        quiet: settings.quiet.value,
    };
    if let (Some(matches), Some(typed)) = (matches, &args.insight.explain_match) {
        let look = insight::Look { redaction, width: look.width, colour: look.colour };
        outputs = insight::explain(matches, typed, outputs, &look)?;
    }
    let mut err = io::stderr().lock();
    report(&run, &settings, &args.insight, color, outputs, &look, &mut err)?;
    around.write(timings.as_ref(), &mut err);
    let code = match &args.write_baseline {
        Some(path) => accept::write_baseline(path, &run, &mut err),
        None => Ok(verdict(&run, &settings, &mut err)),
    };
    // The process ends here: to take a large run apart piece by piece would only hold it up.
    std::mem::forget(run);
    code
}

/// Holds what is to be written apart from what is read.
///
/// # Errors
/// A path in two roles.
fn kept_apart(
    specs: &[OutputSpec],
    args: &CheckArgs,
    settings: &Settings,
    config: &Config,
    read: &[Named],
) -> Result<(), Trouble> {
    let reports = specs.iter().filter_map(|spec| spec.path.as_deref());
    let baseline = args.write_baseline.as_deref();
    let configured = config.files.iter().map(|file| Path::new(&file.name));
    let kept: Vec<&Path> = settings.side_files().chain(configured).collect();
    output::apart(reports.clone().chain(baseline), read, &kept)?;
    let known = settings.baseline.as_ref().map(|set| set.value.as_path());
    output::apart(reports, &[], &known.into_iter().chain(baseline).collect::<Vec<_>>())?;
    accept::may_be_written(args.write_baseline.as_deref())
}

/// Names the files that would be opened, one a line, as the text report names them.
fn show_files(inputs: &[Named]) -> Result<u8, Trouble> {
    super::to_stdout(|out| inputs.iter().try_for_each(|named| writeln!(out, "{}", clean(&named.name()))))
}

/// Asks the engine.
fn checked(
    args: &CheckArgs,
    settings: &Settings,
    config: &Config,
    surroundings: &Surroundings,
    inputs: &[Named],
) -> Result<Watched, Trouble> {
    let mut prepared = request::prepared(&args.run, settings, config, surroundings, inputs)?;
    prepared.request.progress =
        progress::is_wanted(settings.quiet.value, args, surroundings).then(Arc::default);
    let shown = prepared.request.progress.clone().map(progress::Shown::of);
    let watched = prepared.checked(inputs, &insight::asked(&args.insight));
    drop(shown);
    // As with the run: the rules are taken apart by the end of the process.
    std::mem::forget(prepared);
    watched
}

/// Writes every report, and says on standard error what no report says.
fn report(
    run: &Run,
    settings: &Settings,
    insight: &InsightArgs,
    color: Color,
    outputs: Vec<Output>,
    look: &TextOptions,
    err: &mut dyn Write,
) -> Result<(), Trouble> {
    let statistics = insight.statistics;
    let told = !settings.quiet.value
        && !statistics
        && outputs.iter().any(|output| output.is_stdout() && output.format == Format::Text);
    for output in outputs {
        let stdout = output.is_stdout();
        match output.format {
            Format::Text if statistics => output.write(|out| statistics::render(run, out))?,
            Format::Json if statistics => output.write(|out| statistics::render_json(run, out))?,
            // A file is nobody's terminal: colour only on request, any width, any character.
            Format::Text if !stdout => {
                let colour = color == Color::Always;
                let look = TextOptions { colour, width: 100, unicode: !settings.ascii.value, ..*look };
                output.write(|out| Format::Text.render(run, &look, out))?;
            }
            format => {
                output.write(|out| format.render(run, look, out))?;
                if format == Format::Acknowledgement {
                    unacknowledged(run, err);
                } else if format.is_silent_on_accepted() {
                    left_out(run, err);
                }
            }
        }
    }
    if !told {
        complain(run, err);
    }
    Ok(())
}

/// The exit code. That too much is at risk is said, since no finding says it.
fn verdict(run: &Run, settings: &Settings, err: &mut dyn Write) -> u8 {
    let most = settings.max_at_risk.as_ref().map(|set| set.value);
    if let Some(most) = most.filter(|_| exit::exceeds(run, most)) {
        let at_risk = run.columns.at_risk.net;
        Trouble::message(format!("{at_risk} at risk is more than the {most} of --max-at-risk")).print(err);
    }
    exit::code(run, settings.fail_on.value, most)
}

/// Names the inputs that no acknowledgement answers: it has neither sender nor number to answer to.
fn unacknowledged(run: &Run, err: &mut dyn Write) {
    for (index, file) in (0_u32..).zip(&run.files) {
        if file.verdict == Verdict::Checked && run.interchanges.iter().all(|one| one.file != index) {
            let name = file.name.escape_debug();
            Trouble::message(format!("{name}: no ISA, so no acknowledgement answers it")).print(err);
        }
    }
}

/// Says how many accepted findings a format without a place for it leaves out.
fn left_out(run: &Run, err: &mut dyn Write) {
    let accepted = run.findings.iter().filter(|finding| finding.accepted.is_some()).count();
    if accepted > 0 {
        // The report is written; that the remark cannot be is no reason to fail.
        let _ = writeln!(err, "note: accepted findings are left out: {accepted}");
    }
}

/// What the closing summary would have said of inputs that were not checked.
pub(super) fn complain(run: &Run, err: &mut dyn Write) {
    for file in &run.files {
        if let Verdict::Failed(why) = &file.verdict {
            let (name, why) = (file.name.escape_debug().to_string(), why.escape_debug().to_string());
            let named = if why.contains(&name) { why } else { format!("{name}: {why}") };
            Trouble::message(named).print(err);
        }
    }
    if exit::nothing_checked(run) && !run.files.iter().any(|file| matches!(file.verdict, Verdict::Failed(_)))
    {
        Trouble::message("no claims to check").print(err);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Cents;
    use crate::cli::args::typed as args;
    use crate::finding::InputFile;

    fn settings(args: &CheckArgs) -> Settings {
        Settings::of(args, &Config::default()).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    fn reported(run: &Run, typed: &[&str]) -> (u8, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        let named = format!("json={}", path.display());
        let args = args(&[typed, &["--output", &named]].concat());
        let outputs = output::open(&args.output).expect("a writable folder");
        let mut err = Vec::new();
        let settings = settings(&args);
        report(run, &settings, &args.insight, Color::Never, outputs, &TextOptions::default(), &mut err)
            .expect("written");
        let code = verdict(run, &settings, &mut err);
        assert!(std::fs::read_to_string(&path).is_ok_and(|text| text.contains("cleanclaim/1")));
        (code, String::from_utf8_lossy(&err).into_owned())
    }

    #[test]
    fn what_no_report_on_the_screen_says_goes_to_standard_error() {
        let file = |verdict| InputFile { name: "era.835".to_owned(), verdict, claims: 0 };
        let mut run = Run { files: vec![file(Verdict::Failed("a remittance".to_owned()))], ..Run::default() };
        assert_eq!(reported(&run, &[]), (2, "error: era.835: a remittance\n".to_owned()));
        run.files = vec![file(Verdict::NotClaims("text".to_owned()))];
        assert_eq!(reported(&run, &[]), (2, "error: no claims to check\n".to_owned()));
    }

    #[test]
    fn too_much_at_risk_is_said() {
        let file = InputFile { name: "day.837".to_owned(), verdict: Verdict::Checked, claims: 1 };
        let mut run = Run { files: vec![file], claims: 1, clean_claims: 1, ..Run::default() };
        run.columns.at_risk.net = Cents(51_234);
        let (code, err) = reported(&run, &["--max-at-risk", "500"]);
        assert_eq!(code, 1);
        assert_eq!(err, "error: $512.34 at risk is more than the $500.00 of --max-at-risk\n");
    }
}
