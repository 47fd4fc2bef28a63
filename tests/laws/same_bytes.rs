//! P7: the same input gives the same bytes, from run to run and with any number of threads.

use std::collections::BTreeMap;
use std::path::Path;

use pinpoint::run::{self, Inputs, OutputFormat};

use super::runs::{ISLANDS, bytes_of, two_islands};

const ALL: [OutputFormat; 3] = [OutputFormat::Csv, OutputFormat::Json, OutputFormat::Xlsx];

/// Runs a folder as the command line does, and writes into memory.
fn outputs(input: &Path, framework: Option<&str>, formats: &[OutputFormat]) -> BTreeMap<String, Vec<u8>> {
    let inputs = Inputs {
        input: input.to_owned(),
        framework: framework.map(str::to_owned),
        context: Some(two_islands().join("context.toml")),
        ..Inputs::default()
    };
    let run = run::analyse(&inputs, &|_| {}).unwrap();
    let report = run.report().unwrap_or_else(|| panic!("{:?}", run.findings));
    bytes_of(report, formats)
}

fn assert_same(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert!(a.keys().eq(b.keys()));
    for (name, bytes) in a {
        assert!(*bytes == b[name], "{name} differs {what}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_with_any_number_of_threads() {
    let folder = two_islands().join("sheets");
    let first = outputs(&folder, None, &ALL);
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(names, ["analysis.json", "audit.csv", "figures.csv", "needs_wide.csv", "results.xlsx", "severity.csv"]);
    assert!(first.values().all(|bytes| bytes.len() > 100));
    assert_same(&first, &outputs(&folder, None, &ALL), "from run to run");
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for _ in 0..2 {
            assert_same(&first, &pool.install(|| outputs(&folder, None, &ALL)), &format!("with {threads} threads"));
        }
    }
}

#[test]
fn every_shipped_framework_gives_the_same_bytes_twice() {
    let folder = two_islands().join("sheets");
    for framework in ["area-coefficient", "household-20pct", "expert-convergence"] {
        let formats = [OutputFormat::Csv, OutputFormat::Json];
        assert_same(&outputs(&folder, Some(framework), &formats), &outputs(&folder, Some(framework), &formats), framework);
    }
}

#[test]
fn a_workbook_and_its_sheets_as_text_give_the_same_figures() {
    let (text, book) = (two_islands().join("sheets"), two_islands().join("workbook.xlsx"));
    let (a, b) = (outputs(&text, None, &[OutputFormat::Csv]), outputs(&book, None, &[OutputFormat::Csv]));
    for name in ["figures.csv", "severity.csv", "needs_wide.csv"] {
        assert!(a[name] == b[name], "{name} differs");
    }
}

#[test]
fn files_in_another_order_give_the_same_figures() {
    let first = outputs(&two_islands().join("sheets"), None, &[OutputFormat::Csv]);
    for seed in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        ISLANDS.shuffled(seed).write(folder.path());
        let other = outputs(folder.path(), None, &[OutputFormat::Csv]);
        for name in ["figures.csv", "severity.csv", "needs_wide.csv"] {
            assert!(first[name] == other[name], "{name} differs with seed {seed}");
        }
    }
}
