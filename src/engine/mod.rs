//! From inputs to a finished run: read in parallel, settle, put in order.
//!
//! 1. *Read* (`read`): each unit is checked alone, and leaves fixed-size facts behind (`store`).
//! 2. *Settle* (`settle`): days spread over several claims are rebuilt from those facts and checked by the same
//!    functions; then everything is priced, each dollar once.
//! 3. *Finish* (`finish`): one order, fingerprints, the summary.
//!
//! The result does not depend on the number of threads or the size of units.

mod accept;
mod acknowledge;
mod annual;
mod aside;
mod beyond;
mod breakdown;
mod claim_number;
mod corrections;
mod courses;
mod dollars;
mod draft;
mod envelope;
mod facts;
mod files;
mod fingerprint;
mod finish;
mod first_days;
mod line_breaks;
mod locality;
mod matches;
mod mend;
mod pool;
mod progress;
mod provider_days;
mod rates;
mod read;
mod recall;
mod records;
mod redraft;
mod rule_note;
mod sessions;
mod settle;
mod spill;
mod stated;
mod steps;
mod store;
mod timings;
mod unreadable;
mod watch;
mod wording;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

pub use fingerprint::common_fingerprint;
pub use matches::{Answer, ClaimMatches, ClaimName, NoMatch, RuleMatches};
pub use progress::Progress;
pub use stated::{StatedFact, StatedValue};
pub use timings::{RuleTime, Timings};
pub use unreadable::FAULTS;

use crate::checks::{Cx, Out};
use crate::claim::Date;
use crate::finding::Run;
use crate::input::mapped;
use crate::maps::Choice;
use crate::pricing::Terms;
use crate::reference::Reference;
use crate::rules::RuleSet;
use crate::side::{
    Authorizations, Baseline, CredentialUse, Credentials, DenialRates, SessionLog, Sessions, Suppressions,
    YearToDate,
};
use crate::source::{Named, Stamp, Unit, may_be_read_again, plain_size};

use files::Files;
use pool::Step;
use progress::Tally;
use read::Facts;
use settle::Settling;
use store::Store;
use timings::{Clock, Laps, Worker};
use watch::Watch;

/// What to check with.
#[derive(Clone, Debug)]
pub struct Request {
    /// Rules, profiles and lists.
    pub rules: RuleSet,
    /// Tables.
    pub reference: Reference,
    /// What the user says of prices.
    pub terms: Terms,
    /// What patients were allowed for therapy before the run.
    pub year_to_date: YearToDate,
    /// What payers authorized for patients, and for which days their plans of care are certified.
    pub authorizations: Authorizations,
    /// What is logged of sessions beside the claims. With a log the inputs are read twice.
    pub sessions: SessionLog,
    /// Earlier claims, which days, years and repeats reach back to. Nothing is reported of them.
    pub history: Vec<Named>,
    /// By which maps tables and JSON of other shapes are read.
    pub maps: Choice,
    /// What payers said about providers; without it nobody is asked.
    pub credentials: Option<Credentials>,
    /// The run date: future dates, filing limits and table releases are judged by it.
    pub as_of: Date,
    /// How often payers deny what rules find, in the user's experience; without it nothing is called expected.
    pub denial_rates: Option<DenialRates>,
    /// Findings that the user says are no fault.
    pub suppressions: Suppressions,
    /// Findings that are known; without it all are new.
    pub baseline: Option<Baseline>,
    /// How many units are checked at a time.
    pub threads: usize,
    /// Bytes that day keys and facts may take before they go to temporary files.
    pub memory: u64,
    /// Target size of a unit of work in bytes; a unit may be larger by one claim.
    pub unit_size: usize,
    /// Where it is counted how far the run is, for whoever waits for it.
    pub progress: Option<Arc<Progress>>,
}

impl Request {
    /// A check by `rules` and `reference` on the day `as_of`, with nothing given beside the claims: one thread, units of
    /// 1 MiB, 256 MiB of memory for facts.
    pub fn new(rules: RuleSet, reference: Reference, as_of: Date) -> Request {
        Request {
            rules,
            reference,
            terms: Terms::default(),
            year_to_date: YearToDate::default(),
            authorizations: Authorizations::default(),
            sessions: SessionLog::default(),
            history: Vec::new(),
            maps: Choice::default(),
            credentials: None,
            as_of,
            denial_rates: None,
            suppressions: Suppressions::default(),
            baseline: None,
            threads: 1,
            memory: 256 << 20,
            unit_size: 1 << 20,
            progress: None,
        }
    }
}

/// What somebody wants to know of a run besides what it finds. The default is nothing, and costs nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// Why each rule did or did not look at this claim. Its file is read once more, so standard input is put by.
    pub claim: Option<ClaimName>,
    /// How long rules and parts of the work take.
    pub timings: bool,
}

/// A run, with what was asked of it.
#[derive(Debug)]
pub struct Watched {
    /// What it found.
    pub run: Run,
    /// The claims of the name that was asked for.
    pub matches: Option<Result<Vec<ClaimMatches>, NoMatch>>,
    /// How long it took.
    pub timings: Option<Timings>,
}

/// Checks the inputs. What cannot be read is named in [`Run::files`]; what can be read is still reported.
pub fn check(request: &Request, inputs: &[Named]) -> Run {
    check_watching(request, inputs, &Asked::default()).run
}

/// Checks the inputs as [`check`] does, and answers what is asked of the run.
pub fn check_watching(request: &Request, inputs: &[Named], asked: &Asked) -> Watched {
    let Request { rules, reference, terms, as_of, .. } = request;
    let cx = Cx { rules, reference, terms, credentials: request.credentials.as_ref(), as_of: *as_of };
    let earlier = inputs.len();
    let mut inputs = [inputs, &request.history].concat();
    let stamps: Vec<Option<Stamp>> = inputs.iter().map(Stamp::of_input).collect();
    let held = sessions::hold(!request.sessions.is_empty() || asked.claim.is_some(), &mut inputs);
    let clock = asked.timings.then(|| Clock::new(rules));
    let sessions = sessions::fitting(request, &inputs);
    let sessions = sessions.as_ref();
    let passes = if sessions.is_some() { 2 } else { 1 };
    let mut tally = Tally::new(request.progress.as_deref(), &inputs, passes);
    let mut files = Files::new(&inputs, earlier);
    let mut store = Store::new(request.rules.day_words(), request.memory);
    let mut drafts = Vec::new();
    let mut flagged = BTreeMap::new();
    let mut out = Out::new(request.rules.rules.len());
    let mut contracts = BTreeSet::new();
    let mut known = HashMap::new();
    let mut authorized = HashMap::new();
    let mut unscheduled: BTreeMap<i16, u64> = BTreeMap::new();
    let mut credentials = CredentialUse::default();
    let mut seen = Vec::new();
    // Why the facts of the run are not whole.
    let mut lost = None;

    let steps = steps::of_files(&inputs, earlier, unit_size(request, &inputs), &request.maps);
    let facts = Facts {
        year_to_date: &request.year_to_date,
        authorizations: &request.authorizations,
        suppressions: &request.suppressions,
        sessions,
        keeps_names: !inputs.iter().all(may_be_read_again),
    };
    let worker = || Worker::new(cx, facts, clock.as_ref());
    let work = |worker: &mut Worker<'_>, unit: Unit| {
        let is_history = unit.file as usize >= earlier;
        worker.unit(unit, is_history)
    };
    pool::in_order(steps, request.threads, worker, work, |step| match step {
        // What is still read of the inputs has nowhere to go.
        _ if lost.is_some() => {}
        Step::Work(mut unit) => {
            let file = unit.file;
            let claims = if unit.is_history { 0 } else { unit.claims.len() };
            tally.unit(unit.bytes, claims, unit.drafts.len());
            out.add(&unit.lacks);
            credentials.add(&unit.credentials);
            accept::add_seen(&mut seen, &unit.suppressions_seen);
            let before = files.claims_before(file);
            if !request.terms.contracts.is_empty() && !unit.is_history {
                contracts.extend(unit.claims.iter().map(|claim| claim.contract));
            }
            let first = match store.merge(&mut unit, before) {
                Ok(first) => first,
                Err(error) => {
                    lost = Some(format!("temporary files cannot be written: {error}"));
                    return;
                }
            };
            for (year, lines) in std::mem::take(&mut unit.unscheduled) {
                *unscheduled.entry(year).or_default() += lines;
            }
            known.extend(unit.year_to_date.drain(..).map(|(claim, patient)| (first + claim, patient)));
            authorized.extend(unit.authorized.drain(..).map(|(claim, patient)| (first + claim, patient)));
            files.take(first, &mut unit, cx.rules);
            if unit.is_history {
                return;
            }
            for mut draft in unit.drafts {
                draft.place_in_run(file, before, first);
                drafts.push(draft);
            }
            for (index, mut claim) in unit.flagged {
                claim.file = file;
                claim.ordinal += before;
                flagged.insert(first + index, claim);
            }
        }
        Step::Mark(mark) => {
            tally.mark(&mark);
            files.mark(mark, cx.rules);
        }
    });
    tally.settling();

    if let Err((file, why)) = held {
        files.fail(file, why);
    }
    drafts.extend(files.take_drafts());
    drafts.retain(|draft| {
        files.is_checked(draft.finding.file) && !files.is_of_torn_claim(&draft.finding, rules)
    });
    draft::leave_elements_to_the_guide(&mut drafts);
    mend::withhold_counts(&mut drafts, &files);
    let mut settling = Settling::new(cx, store, drafts, flagged, out, request);
    settling.year_to_date = known;
    settling.authorized = authorized;
    settling.priced.contracts_met = contracts;
    settling.priced.unscheduled = unscheduled;
    settling.out.credentials = credentials;
    settling.suppressions_seen = seen;
    let claim = asked.claim.as_ref().filter(|_| lost.is_none());
    let named = claim.map(|name| matches::named(name, &inputs, &files, &settling.store));
    if let Some(Ok(Ok(claims))) = &named {
        settling.watch = Watch::of(claims);
    }
    let before = clock.as_ref().map(Clock::elapsed);
    settling.laps = clock.as_ref().map(|_| RefCell::new(Laps::new(rules.rules.len())));
    let settled = match &lost {
        Some(_) => Ok(()),
        None => envelope::kept_out(&settling.drafts, &files, &settling.store).and_then(|kept_out| {
            let mut redrafter = redraft::Redrafter::new(cx, request, &inputs, &stamps, &files, sessions);
            settling.settle(&mut redrafter, &kept_out)
        }),
    };
    let (settling_took, laps) = match (&clock, before) {
        (Some(clock), Some(before)) => (clock.elapsed().saturating_sub(before), settling.laps.take()),
        _ => (Duration::ZERO, None),
    };
    let matches = named.map(|named| {
        named.and_then(|named| match named {
            Ok(claims) => matches::look(&claims, &inputs, request, facts, &files, &settling),
            Err(none) => Ok(Err(none)),
        })
    });
    let (matches, looked) = match matches {
        Some(Ok(matches)) => (Some(matches), Ok(())),
        Some(Err(error)) => (None, Err(error)),
        None => (None, Ok(())),
    };
    if let Err(error) = settled.and(looked) {
        lost = Some(format!("temporary files cannot be read: {error}"));
    }
    files.fail_changed(&inputs, &stamps);
    // An imported table that could not be read answered as if it were empty.
    if let Some(trouble) = request.reference.trouble() {
        files.fail(0, trouble.to_string());
    }
    let mappings = files.mappings();
    let mut run = match &lost {
        None => finish::finish(request, files, settling),
        Some(why) => finish::abandoned(request, files, why),
    };
    tally.settled(run.findings.len());
    mapped::in_their_own_words(&mut run, &mappings);
    if let Some(map) = &request.maps.asked
        && !mappings.iter().flatten().any(|mapping| mapping.is_asked())
    {
        run.notes.push(format!("no input of this run was read by the map {}", map.name));
    }
    run.notes.extend(sessions.into_iter().flat_map(Sessions::notes).cloned());
    let matches = matches.map(|matches| matches.map(|matches| matches::with_findings(matches, &run)));
    let timings = clock.map(|clock| Timings {
        threads: request.threads,
        lines: run.lines,
        ..clock.finish(rules, laps.as_ref().map(|laps| laps.borrow()).as_deref(), settling_took)
    });
    Watched { run, matches, timings }
}

/// Smaller units than this cost more to hand around than is won by having more of them.
const LEAST_UNIT: usize = 64 << 10;

/// The size of units that leaves no thread without work where the inputs are small.
fn unit_size(request: &Request, inputs: &[Named]) -> usize {
    let shares = 2 * request.threads;
    // A unit holds bytes of one input.
    if request.threads <= 1 || inputs.len() >= shares {
        return request.unit_size;
    }
    let Some(bytes) = inputs.iter().map(plain_size).sum::<Option<u64>>() else { return request.unit_size };
    let share = usize::try_from(bytes).unwrap_or(usize::MAX) / shares;
    request.unit_size.min(share.max(LEAST_UNIT))
}
