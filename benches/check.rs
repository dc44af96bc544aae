//! How fast claims are read and checked, against floors in the same run.
//!
//! The floors are those of [`floors`]; `bench/run` holds the whole command against them, as processes over files. The ratios to the floors are printed at the end: medians over turns in which both sides run, so that
//! a busy machine treats them alike. Everything runs on one thread but where two are named.

#![allow(missing_docs, reason = "criterion's macros make public items without any")]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark may print and panic"
)]

mod floors;
#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use std::hint::black_box;
use std::time::{Duration, Instant};

use cleanclaim::claim::Claim;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::Run;
use cleanclaim::input::edi837p::{self, GuideCheck};
use cleanclaim::input::json::{self, JsonCutter};
use cleanclaim::input::{ClaimSink, Cutter, Fault};
use cleanclaim::reference::Reference;
use cleanclaim::report::json::render;
use cleanclaim::report::masking::Redaction;
use cleanclaim::rules::RuleSet;
use cleanclaim::source::{Named, Unit};
use cleanclaim::x12::X12Cutter;
use criterion::{Criterion, Throughput, criterion_group};
use floors::{floor_serde, floor_tok, floor_tok_coarse};
use synthetic::{AS_OF, Amount, Plan, Style, write_837p, write_json_lines};

/// Bytes of each generated file, unless `CLEANCLAIM_BENCH_BYTES` says otherwise.
const BYTES: u64 = 32 << 20;

/// Bytes where the benchmarks are only to be tried (`--test`).
const BYTES_OF_TRIAL: u64 = 1 << 18;

/// Target size of a unit, as the engine cuts.
const UNIT: usize = 1 << 20;

fn is_trial() -> bool {
    std::env::args().any(|argument| argument == "--test")
}

fn plan(flagged: f64) -> Plan {
    let stated = std::env::var("CLEANCLAIM_BENCH_BYTES").ok().and_then(|bytes| bytes.parse().ok());
    let usual = if is_trial() { BYTES_OF_TRIAL } else { BYTES };
    Plan { seed: 1, amount: Amount::Bytes(stated.unwrap_or(usual)), flagged }
}

fn x12_file(flagged: f64) -> Vec<u8> {
    let mut file = Vec::new();
    write_837p(&mut file, &plan(flagged), Style::default()).unwrap();
    file
}

fn json_file() -> Vec<u8> {
    let mut file = Vec::new();
    write_json_lines(&mut file, &plan(0.0)).unwrap();
    file
}

/// The whole check as the command makes it, but for opening files and loading rules.
fn request(threads: usize) -> Request {
    let as_of = AS_OF.parse().unwrap();
    Request { threads, unit_size: UNIT, ..Request::new(RuleSet::builtin(), Reference::builtin(), as_of) }
}

fn check_clean(request: &Request, input: &[Named]) -> u64 {
    let run = engine::check(request, input);
    assert_eq!((run.findings.len(), run.clean_claims), (0, run.claims), "the generated file is clean");
    run.claims
}

fn check_and_write(request: &Request, input: &[Named]) -> u64 {
    let run: Run = engine::check(request, input);
    assert!(!run.findings.is_empty());
    let mut written = Vec::new();
    render(&run, Redaction::Default, &mut written).unwrap();
    black_box(written).len() as u64
}

#[derive(Default)]
struct Count(u64);

impl ClaimSink for Count {
    fn claim(&mut self, claim: &Claim<'_>, _: &dyn Cutter) {
        self.0 += claim.lines.len() as u64;
        black_box(claim);
    }

    fn fault(&mut self, _: u32, fault: Fault, _: &dyn Cutter) {
        unreachable!("generated claims have no fault: {fault:?}");
    }
}

fn x12_cut(file: &[u8]) -> Vec<Unit> {
    let mut cutter = X12Cutter::new(file, 0, UNIT);
    std::iter::from_fn(|| cutter.next_unit().expect("memory can be read")).collect()
}

fn x12_read(units: &[Unit], guide: GuideCheck) -> u64 {
    let mut count = Count::default();
    for unit in units {
        edi837p::read(unit, guide, &mut count);
    }
    count.0
}

fn json_cut(file: &[u8]) -> Vec<Unit> {
    JsonCutter::new(file, 0, UNIT).map(|unit| unit.expect("memory can be read")).collect()
}

fn json_read(units: &[Unit]) -> u64 {
    let mut count = Count::default();
    for unit in units {
        json::read(unit, &mut count);
    }
    count.0
}

fn stages(criterion: &mut Criterion) {
    let (x12, json) = (x12_file(0.0), json_file());
    let units = x12_cut(&x12);
    let mut group = criterion.benchmark_group("x12");
    group.throughput(Throughput::Bytes(x12.len() as u64));
    group.bench_function("floor-tok", |bench| bench.iter(|| floor_tok(&x12)));
    group.bench_function("floor-tok-coarse", |bench| bench.iter(|| floor_tok_coarse(&x12)));
    group.bench_function("cut", |bench| bench.iter(|| x12_cut(&x12)));
    group.bench_function("read", |bench| bench.iter(|| x12_read(&units, GuideCheck::Off)));
    group.bench_function("read-by-the-guide", |bench| bench.iter(|| x12_read(&units, GuideCheck::On)));
    let (alone, pair) = (request(1), request(2));
    let input = [Named::memory("clean.837", &x12)];
    group.bench_function("check", |bench| bench.iter(|| check_clean(&alone, &input)));
    group.bench_function("check-2-threads", |bench| bench.iter(|| check_clean(&pair, &input)));
    group.finish();
    let units = json_cut(&json);
    let mut group = criterion.benchmark_group("json");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("floor-serde", |bench| bench.iter(|| floor_serde(&json)));
    group.bench_function("cut", |bench| bench.iter(|| json_cut(&json)));
    group.bench_function("read", |bench| bench.iter(|| json_read(&units)));
    let input = [Named::memory("clean.jsonl", &json)];
    group.bench_function("check", |bench| bench.iter(|| check_clean(&alone, &input)));
    group.finish();
}

/// Seconds that each of the two takes, turn by turn.
fn race<A, B>(mut one: impl FnMut() -> A, mut other: impl FnMut() -> B) -> Vec<(f64, f64)> {
    let turns = if is_trial() { 1 } else { 9 };
    let turn = |_| {
        let begin = Instant::now();
        black_box(one());
        let between = Instant::now();
        black_box(other());
        ((between - begin).as_secs_f64(), between.elapsed().as_secs_f64())
    };
    (0..turns).map(turn).collect()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn print_ratio(name: &str, bytes: usize, turns: &[(f64, f64)]) {
    if is_trial() {
        return println!("{name}: runs");
    }
    let rate = |of: fn(&(f64, f64)) -> f64| bytes as f64 / 1e6 / median(turns.iter().map(of).collect());
    let ratio = median(turns.iter().map(|(one, other)| other / one).collect());
    println!("{name}: {:.0} MB/s to {:.0} MB/s, ratio {ratio:.2}", rate(|turn| turn.0), rate(|turn| turn.1));
}

fn ratios() {
    let clean = x12_file(0.0);
    let input = [Named::memory("clean.837", &clean)];
    let (alone, pair) = (request(1), request(2));
    let print = |name: &str, turns: &[(f64, f64)]| print_ratio(name, clean.len(), turns);
    let read = |guide| x12_read(&x12_cut(&clean), guide);
    print("837P cut and read to floor-tok", &race(|| read(GuideCheck::Off), || floor_tok(&clean)));
    let by_the_guide = race(|| read(GuideCheck::On), || read(GuideCheck::Off));
    print("837P read and held to the guide, to reading alone (at least 0.50)", &by_the_guide);
    let check = || check_clean(&alone, &input);
    print("837P whole check, clean, to floor-tok (at least 0.50)", &race(check, || floor_tok(&clean)));
    print("837P whole check, clean, to floor-tok-coarse", &race(check, || floor_tok_coarse(&clean)));
    print(
        "837P whole check on two threads to one (at least 1.70)",
        &race(|| check_clean(&pair, &input), check),
    );
    let flagged = x12_file(0.05);
    let input = [Named::memory("flagged.837", &flagged)];
    let turns = race(|| check_and_write(&alone, &input), || floor_tok(&flagged));
    print_ratio(
        "837P whole check, 5 % flagged, JSON written, to floor-tok (at least 0.33)",
        flagged.len(),
        &turns,
    );
    let json = json_file();
    let units = json_cut(&json);
    let turns = race(|| json_read(&units), || floor_serde(&json));
    print_ratio("JSON read to floor-serde", json.len(), &turns);
    let input = [Named::memory("clean.jsonl", &json)];
    let turns = race(|| check_clean(&alone, &input), || floor_serde(&json));
    print_ratio("JSON whole check to floor-serde", json.len(), &turns);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    targets = stages
}

fn main() {
    if std::env::args().all(|argument| argument != "--ratios") {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
    ratios();
}
