//! The house keeps its shape: imports run downward, each outside crate has one host, the core does no I/O, and no
//! file grows out of hand. Reads the sources as text.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use std::path::Path;

use common::{root, text};

/// From the ground up; a floor may use those below it.
const TOWER: [&str; 9] = ["domain", "table", "diag", "framework", "stage", "report", "io", "run", "cli"];

/// Every source file under a folder: path from `src`, and text without its tests.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, base: &Path, into: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, base, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(base).unwrap().to_string_lossy().replace('\\', "/");
                into.push((name, text(&path)));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join("src"), &root().join("src"), &mut found);
    assert!(found.len() > 50, "the sources are there");
    found
}

fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

fn floor_of(path: &str) -> Option<usize> {
    let first = path.split('/').next().unwrap().trim_end_matches(".rs");
    TOWER.iter().position(|floor| *floor == first)
}

#[test]
fn imports_run_downward_only() {
    for (path, text) in sources() {
        let Some(own) = floor_of(&path) else { continue };
        for (number, line) in without_tests(&text).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for part in line.split("crate::").skip(1) {
                let name: String = part.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                let Some(used) = TOWER.iter().position(|floor| *floor == name) else { continue };
                assert!(used <= own, "src/{path}, line {}: `{}` stands above `{}`", number + 1, TOWER[used], TOWER[own]);
            }
        }
    }
}

#[test]
fn each_outside_crate_has_one_host() {
    let hosts: [(&str, &[&str]); 20] = [
        ("calamine", &["io/read_workbook.rs", "io/read_old.rs"]),
        ("rust_xlsxwriter", &["io/write_xlsx.rs", "io/write_template.rs"]),
        ("zip", &["io/guard/package.rs"]),
        ("quick_xml", &["io/guard/xml.rs"]),
        ("csv", &["io/read_csv.rs", "io/write_csv.rs"]),
        ("arrow_array", &["io/read_parquet.rs"]),
        ("arrow_schema", &["io/read_parquet.rs"]),
        ("parquet", &["io/read_parquet.rs"]),
        ("pulp", &["framework/kernel.rs"]),
        ("memchr", &["io/csv_plain.rs"]),
        ("unicode_normalization", &["domain/letter.rs"]),
        ("rlimit", &["io/read_old.rs"]),
        ("encoding_rs", &["io/csv_text.rs"]),
        ("ndarray", &["table/grid.rs"]),
        ("statrs", &["table/stats.rs"]),
        ("rand_chacha", &["table/random.rs"]),
        ("rand_distr", &["table/random.rs"]),
        ("sha2", &["io/digest.rs"]),
        ("tempfile", &["io/atomic.rs"]),
        ("clap_complete", &["cli/mod.rs"]),
    ];
    for (path, text) in sources() {
        for (name, allowed) in hosts {
            let used = without_tests(&text).contains(&format!("use {name}::")) || without_tests(&text).contains(&format!(" {name}::"));
            assert!(!used || allowed.contains(&path.as_str()), "src/{path} uses `{name}`, whose host is {allowed:?}");
        }
    }
}

#[test]
fn the_core_opens_no_file_prints_nothing_and_reads_no_clock() {
    let banned =
        ["std::fs", "std::net", "std::env", "std::process", "std::time", "println!", "eprintln!", "std::io", "SystemTime", "Instant::now"];
    let io = TOWER.iter().position(|floor| *floor == "io").unwrap();
    for (path, text) in sources() {
        if floor_of(&path).is_none_or(|floor| floor >= io) {
            continue;
        }
        for word in banned {
            assert!(!without_tests(&text).contains(word), "src/{path} is of the core and uses `{word}`");
        }
    }
}

#[test]
fn every_file_says_what_it_decides_and_stays_readable() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "src/{path} does not say what it decides");
        // Lists of data are as long as what they list.
        let is_list = path == "diag/code.rs";
        let lines = text.lines().count();
        assert!(is_list || lines <= 600, "src/{path} has {lines} lines");
    }
}
