//! How long a large sheet takes to read, beside the reading library alone: both walk every cell of the same file, one
//! after the other, several times; the fastest of each counts.
//!
//! `cargo bench --bench reading`; `-- ROWS COLUMNS` chooses another size than 100,000 x 60.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench is no part of the product"
)]

use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx};
use pinpoint::io::read_input;
use rust_xlsxwriter::Workbook;

const TIMES: usize = 5;

fn main() {
    let numbers: Vec<u32> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let (rows, columns) = (numbers.first().copied().unwrap_or(100_000), numbers.get(1).copied().unwrap_or(60));
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join("large.xlsx");
    write(&path, rows, u16::try_from(columns).expect("a sheet has fewer columns"));
    let size = std::fs::metadata(&path).expect("it was written").len();
    println!("{rows} x {columns}: {} MB packed", size >> 20);
    let (mut alone, mut ours) = (Duration::MAX, Duration::MAX);
    for _ in 0..TIMES {
        alone = alone.min(timed(|| calamine_alone(&path)));
        ours = ours.min(timed(|| {
            let input = read_input::read_input(&path, &|_| true, read_input::How::default()).expect("the input can be read");
            input.workbook.sheets.iter().flat_map(pinpoint::table::Sheet::rows).map(|row| row.cells().count()).sum()
        }));
    }
    println!(
        "the library alone {:.2} s, ours {:.2} s: {:.2} times",
        alone.as_secs_f64(),
        ours.as_secs_f64(),
        ours.as_secs_f64() / alone.as_secs_f64()
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("peak memory is not told here"));
}

fn timed(work: impl Fn() -> usize) -> Duration {
    let start = Instant::now();
    let cells = work();
    let time = start.elapsed();
    assert!(cells > 0, "there are cells");
    time
}

fn calamine_alone(path: &Path) -> usize {
    let bytes = std::fs::read(path).expect("it was written");
    let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("it is a workbook");
    let names = workbook.sheet_names();
    let mut count = 0;
    for name in names {
        let mut cells = workbook.worksheet_cells_reader(&name).expect("it is a sheet");
        while let Some(cell) = cells.next_cell().expect("it is whole") {
            std::hint::black_box(&cell);
            count += 1;
        }
    }
    count
}

fn write(path: &Path, rows: u32, columns: u16) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory().expect("it fits");
    for column in 0..columns {
        sheet.write_string(0, column, format!("indicator-{column}")).expect("it fits");
    }
    for row in 1..rows {
        sheet.write_string(row, 0, format!("XV{row:06}")).expect("it fits");
        for column in 1..columns {
            let value = (u64::from(row) * 7_919 + u64::from(column) * 104_729) % 10_000;
            sheet.write_number(row, column, value as f64 / 100.0).expect("it fits");
        }
    }
    workbook.save(path).expect("there is room");
}
