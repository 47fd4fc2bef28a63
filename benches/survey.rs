//! How long households take, step by step: reading them as text and as Parquet, scoring, estimating, and the rule of 20 %,
//! at three sizes and with one and two threads. `cargo bench --bench survey`; `BENCH_HOUSEHOLDS=10000` chooses the sizes.
//!
//! `cargo bench --bench survey -- core` takes the core alone: 10 million rows of 15 numbers become phases, the worst of each
//! row, and weights by phase of 50,000 groups; beside it, in the same run, the time in which the same numbers are only read.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench is no part of the product"
)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made numbers are small")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput};
use parquet::arrow::ArrowWriter;
use pinpoint::domain::{Decimal, Phase, PhaseShares};
use pinpoint::framework::combine::CombineRule;
use pinpoint::framework::files::IntervalName;
use pinpoint::framework::kernel::{BLOCK, Kernel, KernelPart, combine_block};
use pinpoint::framework::{Context, Framework, validate};
use pinpoint::io::{read_framework, read_input};
use pinpoint::stage::areas::read_areas;
use pinpoint::stage::audit::Audit;
use pinpoint::stage::locate::locate;
use pinpoint::stage::survey::estimates::estimate_survey;
use pinpoint::stage::survey::phases::score_households;
use pinpoint::stage::survey::read_survey;
use pinpoint::stage::survey::sums::sums_by_slot;
use pinpoint::stage::units::read_units;
use rayon::ThreadPool;
use rayon::prelude::*;

fn main() {
    if std::env::args().any(|word| word == "core") {
        return core();
    }
    let mut criterion = Criterion::default().configure_from_args();
    let chosen = std::env::var("BENCH_HOUSEHOLDS").unwrap_or_else(|_| "10000,100000,1000000".to_owned());
    for rows in chosen.split(',').filter_map(|number| number.trim().parse().ok()) {
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("there are threads");
            steps(&mut criterion, rows, &pool);
        }
    }
    criterion.final_summary();
}

/// Numbers that are the same in every run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

const AREAS: u64 = 200;
const GROUPS: [&str; 3] = ["host", "idp", "returnee"];
const HEADER: [&str; 18] = [
    "household_id",
    "admin1_pcode",
    "pcode",
    "population_group",
    "stratum",
    "cluster",
    "weight",
    "household_size",
    "ind01",
    "ind02",
    "ind03",
    "ind04",
    "ind05",
    "ind06",
    "ind07",
    "ind08",
    "ind09",
    "ind10",
];

/// The fields of a household.
fn household(number: usize, drawn: &mut Drawn) -> Vec<String> {
    let (area, group) = (drawn.below(AREAS), GROUPS[drawn.below(3) as usize]);
    let code = format!("ZZ{:02}{:02}", 1 + area / 10, 1 + area % 10);
    let word = |words: &[&str], drawn: &mut Drawn| words[drawn.below(words.len() as u64) as usize].to_owned();
    let mut row = vec![
        format!("h{number:07}"),
        code[..4].to_owned(),
        code.clone(),
        group.to_owned(),
        format!("{code}_{group}"),
        format!("{code}_{}", 1 + drawn.below(12)),
        (0.3 + drawn.below(600) as f64 / 1000.0).to_string(),
        (1 + drawn.below(9)).to_string(),
        drawn.below(6).to_string(),
        drawn.below(30).to_string(),
        (drawn.below(10_000) as f64 / 100.0).to_string(),
        word(&["no", "minor", "moderate", "severe", "extreme"], drawn),
        word(&["no", "yes"], drawn),
        word(&["no", "yes", "dnk", "pnta"], drawn),
        word(&["all", "most", "some", "none", "dnk"], drawn),
        drawn.below(6).to_string(),
        (drawn.below(10_000) as f64 / 10_000.0).to_string(),
        word(&["no", "no", "no", "yes"], drawn),
    ];
    if drawn.below(4) == 0 {
        row[8 + drawn.below(10) as usize].clear();
    }
    row
}

/// Writes the tables, the households as text or as Parquet.
fn write(rows: usize, as_text: &Path, as_parquet: &Path) {
    let mut drawn = Drawn(1);
    let table: Vec<Vec<String>> = (0..rows).map(|number| household(number, &mut drawn)).collect();
    let mut text = HEADER.join(",");
    for row in &table {
        text.push('\n');
        text.push_str(&row.join(","));
    }
    let mut people = "pcode,population_group,population".to_owned();
    for area in 0..AREAS {
        for group in GROUPS {
            let _ = write!(people, "\nZZ{:02}{:02},{group},{}", 1 + area / 10, 1 + area % 10, 500 + 37 * area);
        }
    }
    for folder in [as_text, as_parquet] {
        fs::create_dir_all(folder).expect("there is room");
        fs::write(folder.join("population.csv"), &people).expect("there is room");
    }
    fs::write(as_text.join("households.csv"), text).expect("there is room");
    let numbers = [6, 7, 8, 9, 10, 15, 16];
    let column = |at: usize| -> ArrayRef {
        let fields = table.iter().map(|row| Some(row[at].as_str()).filter(|field| !field.is_empty()));
        if numbers.contains(&at) {
            Arc::new(fields.map(|field| field.and_then(|field| field.parse::<f64>().ok())).collect::<Float64Array>())
        } else {
            Arc::new(fields.collect::<StringArray>())
        }
    };
    let batch = RecordBatch::try_from_iter_with_nullable(HEADER.iter().enumerate().map(|(at, name)| (*name, column(at), true)));
    let batch = batch.expect("the columns are of one length");
    let file = fs::File::create(as_parquet.join("households.parquet")).expect("there is room");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("the file can be written");
    writer.write(&batch).expect("the file can be written");
    writer.close().expect("the file can be written");
}

fn rules() -> (Framework, Context) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/survey-framework");
    let files = read_framework::framework_files(&folder.to_string_lossy()).expect("the framework can be read");
    let framework = validate::framework(&files).value.expect("the framework is sound");
    let context = validate::context("context.toml", None, &pinpoint::run::own_layout()).value.expect("there is no context");
    (framework, context)
}

/// What is measured together.
struct Time<'a, 'b> {
    group: &'a mut BenchmarkGroup<'b, WallTime>,
    rows: usize,
    pool: &'a ThreadPool,
}

impl Time<'_, '_> {
    fn of<T: Send>(&mut self, step: &str, run: impl Fn() -> T + Sync) {
        let id = BenchmarkId::new(step, self.rows);
        let pool = self.pool;
        self.group.bench_function(id, |bencher| bencher.iter_with_large_drop(|| black_box(pool.install(&run))));
    }
}

fn steps(criterion: &mut Criterion, rows: usize, pool: &ThreadPool) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let (as_text, as_parquet) = (folder.path().join("text"), folder.path().join("parquet"));
    write(rows, &as_text, &as_parquet);
    let (framework, context) = rules();
    let mut group = criterion.benchmark_group(format!("households/{} threads", pool.current_num_threads()));
    group.sample_size(10).sampling_mode(SamplingMode::Flat).warm_up_time(Duration::from_millis(200));
    group.measurement_time(Duration::from_secs(2)).throughput(Throughput::Elements(rows as u64));
    let read = |folder: &Path| read_input::read_input(folder, &|_| true, read_input::How::default()).expect("the input can be read");
    let mut time = Time { group: &mut group, rows, pool };
    time.of("read CSV", || read(&as_text));
    time.of("read Parquet", || read(&as_parquet));
    let input = read(&as_text);
    let mut audit = Audit::default();
    let sheets = locate(&input.workbook, &context, &framework).value;
    let areas = read_areas(&sheets, &context, &mut audit).value;
    time.of("find units", || read_units(&sheets, &areas, &context, &mut Audit::default()));
    let (cells, keyed) = read_units(&sheets, &areas, &context, &mut audit).value;
    time.of("survey table", || read_survey(&keyed, &cells, &areas, &framework, &mut Audit::default()));
    let survey = read_survey(&keyed, &cells, &areas, &framework, &mut audit).value;
    assert_eq!(survey.len(), rows, "every household counts");
    let aors = &context.aors;
    time.of("score", || score_households(&survey, &cells, &areas, &framework, aors));
    let phases = score_households(&survey, &cells, &areas, &framework, aors);
    let with = |interval, replicates| {
        let mut rules = framework.clone();
        (rules.survey.interval, rules.survey.replicates) = (interval, replicates);
        rules
    };
    let ways = [
        ("estimate without intervals", with(IntervalName::None, 0)),
        ("estimate with intervals", with(IntervalName::Xlogit, 0)),
        ("estimate and draw again 500 times", with(IntervalName::Xlogit, 500)),
    ];
    for (name, rules) in &ways {
        time.of(name, || estimate_survey(&survey, &phases, &cells, &areas, rules));
    }
    let mut drawn = Drawn(7);
    let shares: Vec<PhaseShares> =
        (0..rows).map(|_| PhaseShares::new([0; 5].map(|_: i32| Decimal::from_units(i128::from(drawn.below(1000)))))).collect();
    let rule = framework.severity.area_phase;
    time.of("rule of 20 %", || shares.iter().filter_map(|shares| rule.phase_of(shares)).map(Phase::index).sum::<usize>());
    group.finish();
}

/// Rows, numbers a row, and groups of the core.
const CORE: (usize, usize, u64) = (10_000_000, 15, 50_000);

fn core() {
    let (rows, columns, groups) = CORE;
    let column = |at: usize| -> Vec<f64> {
        let mut drawn = Drawn(at as u64 + 1);
        (0..rows).map(|_| if drawn.below(33) == 0 { f64::NAN } else { drawn.below(1 << 20) as f64 / 10_485.76 }).collect()
    };
    let numbers: Vec<Vec<f64>> = (0..columns).into_par_iter().map(column).collect();
    let mut drawn = Drawn(99);
    let slot_of: Vec<u32> = (0..rows).map(|_| drawn.below(groups) as u32).collect();
    let counts: Vec<i64> = (0..rows).map(|_| 1 + drawn.below(300_000).cast_signed()).collect();
    println!("{rows} x {columns} numbers to {groups} groups, {} threads:", rayon::current_num_threads());
    for (name, apart) in [("the same bounds for all", 0.0), ("bounds of its own for each", 0.01)] {
        let kernel = |(at, values)| {
            let cuts = [0.0, 80.0, 90.0, 97.0, 99.5].map(|cut: f64| cut + apart * at as f64);
            Kernel::Bounds { values, sign: 1.0, cuts }
        };
        let kernels: Vec<Kernel<'_>> = numbers.iter().map(|values| &**values).enumerate().map(kernel).collect();
        let part = |kernel| KernelPart { kernel, tier: Phase::CATASTROPHIC, weight: 1000, decisive: false };
        let parts: Vec<KernelPart<'_>> = kernels.iter().map(part).collect();
        let rule = CombineRule::default();
        let (mut reading, mut scoring, mut ours) = (Duration::MAX, Duration::MAX, Duration::MAX);
        for _ in 0..9 {
            let start = Instant::now();
            let sum: f64 = numbers.par_iter().flat_map(|column| column.par_chunks(1 << 16)).map(sum_of).sum();
            reading = reading.min(start.elapsed());
            black_box(sum);
            let start = Instant::now();
            let mut phases = vec![0_u8; rows];
            phases.par_chunks_mut(BLOCK).enumerate().for_each(|(at, block)| combine_block(&rule, &parts, at * BLOCK, block));
            scoring = scoring.min(start.elapsed());
            black_box(sums_by_slot(groups as usize, &slot_of, &counts, &phases));
            ours = ours.min(start.elapsed());
        }
        let gigabytes = (rows * columns * 8) as f64 / 1e9;
        println!(
            "  {name}: only read {:.3} s ({:.1} GB/s), phases {:.3} s, phases and sums {:.3} s: {:.0} % of the speed of reading",
            reading.as_secs_f64(),
            gigabytes / reading.as_secs_f64(),
            scoring.as_secs_f64(),
            ours.as_secs_f64(),
            100.0 * reading.as_secs_f64() / ours.as_secs_f64()
        );
    }
}

/// A sum in sixteen parts, as fast as memory hands the numbers over.
fn sum_of(values: &[f64]) -> f64 {
    let mut sums = [0.0; 16];
    for chunk in values.chunks_exact(16) {
        sums.iter_mut().zip(chunk).for_each(|(sum, value)| *sum += value);
    }
    sums.iter().sum()
}
