//! The whole program on a made folder: how long, and what it writes. `cargo bench --bench whole -- 20000 csv,json,xlsx`
//! runs it once on so many areas; `-- write 20000 DIR` only makes the input in `DIR/input` and `DIR/framework`, for
//! `/usr/bin/time -v pinpoint analyse DIR/input --framework DIR/framework --out DIR/out`. With `sectors` behind it the
//! sheet of the other sectors is there too.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench is no part of the product"
)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made numbers are small")]
#![allow(clippy::print_stdout, reason = "it says what it measured")]

mod make_input;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let sectors = words.iter().any(|word| word == "sectors");
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "sectors").collect();
    let size = |areas: &str| make_input::Size { areas: areas.parse().unwrap_or(1000), sectors };
    match words.as_slice() {
        ["write", areas, folder] => write(size(areas), Path::new(folder)),
        [areas, formats] => run(size(areas), formats),
        _ => run(size("1000"), "csv,json,xlsx"),
    }
}

fn write(size: make_input::Size, folder: &Path) {
    make_input::write_folder(size, &folder.join("input")).expect("the input can be written");
    make_input::write_framework(&folder.join("framework")).expect("the framework can be written");
}

fn run(size: make_input::Size, formats: &str) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    write(size, folder.path());
    let begin = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_pinpoint"))
        .arg("analyse")
        .arg(folder.path().join("input"))
        .arg("--framework")
        .arg(folder.path().join("framework"))
        .arg("--out")
        .arg(folder.path().join("out"))
        .args(["--format", formats, "--json"])
        .stdout(std::process::Stdio::null())
        .status()
        .expect("the program runs");
    println!("{} areas, {formats}: {:.2} s, {status}", size.areas, begin.elapsed().as_secs_f64());
    for file in std::fs::read_dir(folder.path().join("out")).into_iter().flatten().flatten() {
        println!("  {}: {} bytes", file.file_name().to_string_lossy(), file.metadata().map_or(0, |data| data.len()));
    }
}
