//! How long reading an input and writing the outputs takes, at 1,000 areas (5,000 units x 40 indicators).
//!
//! `cargo bench --bench workbook`; `BENCH_AREAS=5000` chooses another size.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench is no part of the product"
)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made numbers are small")]

mod make_input;

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use pinpoint::io::{read_input, write_csv, write_json, write_xlsx};
use pinpoint::report::{Column, Datum, Format, Provenance, Report, Table};
use pinpoint::stage::analyse;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let areas = std::env::var("BENCH_AREAS").ok().and_then(|number| number.parse().ok()).unwrap_or(1000);
    workbook(&mut criterion, make_input::Size::of(areas));
    criterion.final_summary();
}

fn workbook(criterion: &mut Criterion, size: make_input::Size) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let csv = folder.path().join("csv");
    let xlsx = folder.path().join("input.xlsx");
    make_input::write_folder(size, &csv).expect("the folder can be written");
    write_workbook(size, &xlsx);
    let context = make_input::context();
    let made = make_input::workbook(size);
    let checked = analyse(&made, &context, &make_input::framework());
    let analysis = checked.value.expect("the made input has no errors");
    let provenance = Provenance::default();
    let report = Report { analysis: &analysis, findings: &checked.findings, context: &context, provenance: &provenance };

    let mut group = criterion.benchmark_group("workbook");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Elements((size.areas * make_input::GROUPS.len()) as u64));
    let read = |path: &Path| read_input::read_input(path, &|_| true, read_input::How::default()).expect("the input can be read");
    group.bench_function(BenchmarkId::new("read csv", size.areas), |bencher| bencher.iter_with_large_drop(|| read(&csv)));
    group.bench_function(BenchmarkId::new("read xlsx", size.areas), |bencher| bencher.iter_with_large_drop(|| read(&xlsx)));
    for (at, name) in [(0, "write figures.csv"), (1, "write severity.csv"), (2, "write needs_wide.csv"), (3, "write audit.csv")] {
        group.bench_function(BenchmarkId::new(name, size.areas), |bencher| {
            bencher.iter(|| {
                let file = report.files().into_iter().nth(at).expect("there are four files");
                write_csv::write_csv(file, &mut Sink::default()).expect("a sink takes all");
            });
        });
    }
    group.bench_function(BenchmarkId::new("write analysis.json", size.areas), |bencher| {
        bencher.iter(|| write_json::write_json(&report.document(), &mut Sink::default()).expect("a sink takes all"));
    });
    group.bench_function(BenchmarkId::new("write results.xlsx", size.areas), |bencher| {
        bencher.iter(|| write_xlsx::write_xlsx(&report, &mut Sink::default()).expect("a sink takes all"));
    });
    group.finish();
}

/// Takes bytes and keeps none, as a file behind a buffer would.
#[derive(Default)]
struct Sink {
    bytes: usize,
}

impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += black_box(bytes).len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The made input as a workbook on the disk.
fn write_workbook(size: make_input::Size, path: &Path) {
    let mut tables = Vec::new();
    for sheet in make_input::sheets(size) {
        let columns = sheet.header.iter().map(|title| Column::new(title, Format::Text, 12)).collect();
        let data = |value: make_input::Value| match value {
            make_input::Value::Blank => Datum::Empty,
            make_input::Value::Text(text) => Datum::text(text),
            make_input::Value::Number(number) => Datum::exact(pinpoint::domain::Decimal::from_f64(number)),
        };
        let rows = sheet.rows.map(|row| row.into_iter().map(data).collect()).collect();
        tables.push(Table { name: sheet.name.to_owned(), notes: Vec::new(), columns, rows, key_columns: 1 });
    }
    let mut bytes = Vec::new();
    write_xlsx::write_workbook("Bench", "2026-01-31", &tables, &mut bytes).expect("the workbook can be written");
    std::fs::write(path, bytes).expect("the workbook can be written");
}
