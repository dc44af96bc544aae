//! How fast claims are read and checked, against floors in the same run.
//!
//! `floor-tok` is a bare split of an 837P into segments, elements and components that sums the charges of each claim,
//! nothing more. `floor-tok-coarse` does not look for components, `floor-serde` deserializes native JSON lines into a
//! plain struct. The ratios to the floors are printed at the end: medians over turns in which both sides run, so that
//! a busy machine treats them alike. Everything runs on one thread but where two are named.

#![allow(missing_docs, reason = "criterion's macros make public items without any")]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark may print and panic"
)]

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

/// The bare split: segments, elements, components, and the sum of SV102 for each claim.
fn floor_tok(file: &[u8]) -> u64 {
    let (element, component, terminator) = (file[3], file[104], file[105]);
    split(file, memchr::memchr3_iter(element, component, terminator, file))
}

/// Likewise, without the components.
fn floor_tok_coarse(file: &[u8]) -> u64 {
    split(file, memchr::memchr2_iter(file[3], file[105], file))
}

#[inline(always)]
fn split(file: &[u8], ends: impl Iterator<Item = usize>) -> u64 {
    let (element, terminator) = (file[3], file[105]);
    let (mut claims, mut charge) = (0, 0_u64);
    let (mut start, mut index) = (0, 0);
    let (mut is_claim, mut is_service) = (false, false);
    for end in ends {
        let field = &file[start..end];
        match index {
            0 => {
                is_claim = field.ends_with(b"CLM");
                is_service = field.ends_with(b"SV1");
                if is_claim {
                    claims += 1;
                    black_box(charge);
                    charge = 0;
                }
            }
            2 if is_service => charge += cents(field),
            _ => {}
        }
        index = match file[end] {
            end if end == terminator => 0,
            end if end == element => index + 1,
            _ => index,
        };
        start = end + 1;
    }
    black_box((charge, is_claim));
    claims
}

fn cents(field: &[u8]) -> u64 {
    let (mut value, mut places) = (0, None);
    for &byte in field {
        if byte == b'.' {
            places = Some(0);
        } else {
            value = value * 10 + u64::from(byte & 0x0F);
            places = places.map(|places| places + 1);
        }
    }
    value * 10_u64.pow(2_u32.saturating_sub(places.unwrap_or(0)))
}

/// The facts of a native line, for `floor-serde`.
#[derive(serde::Deserialize)]
#[allow(dead_code, reason = "the work is in filling it")]
struct PlainLine<'a> {
    claim_id: &'a str,
    line_number: u32,
    patient_id: &'a str,
    claim_filing_indicator: &'a str,
    payer_id: &'a str,
    service_date: &'a str,
    procedure_code: &'a str,
    modifiers: Vec<&'a str>,
    units: f64,
    charge_amount: f64,
    diagnosis_codes: Vec<&'a str>,
    diagnosis_pointers: Vec<u8>,
    place_of_service: &'a str,
    billing_npi: &'a str,
    billing_taxonomy: &'a str,
    billing_entity_type: &'a str,
    rendering_npi: &'a str,
    rendering_taxonomy: &'a str,
    referring_npi: &'a str,
    state: &'a str,
    zip: &'a str,
    claim_charge_amount: f64,
    claim_frequency: &'a str,
    birth_date: &'a str,
    initial_treatment_date: &'a str,
    minutes: u32,
}

fn floor_serde(file: &[u8]) -> f64 {
    let mut charges = 0.0;
    for line in file.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let line: PlainLine<'_> = serde_json::from_slice(line).expect("generated lines are well-formed");
        charges += line.charge_amount;
        black_box(&line);
    }
    charges
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
