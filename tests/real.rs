//! Real countries' finished workbooks, where they lie beside the project: the engine against an independent script
//! that reads the workbook itself (`tests/real/oracle.py`), on the files as published and on copies with renamed
//! sheets, shuffled rows and changed values, so that nothing can be pinned to a constant. Where the files are not
//! there, each test says that it is skipped.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{root, text};

struct Country {
    kind: &'static str,
    workbook: &'static str,
    context: &'static str,
}

const MOZAMBIQUE: Country = Country { kind: "moz", workbook: "MOZ_2026.xlsx", context: "moz-2026.toml" };
const COLOMBIA: Country = Country { kind: "col", workbook: "COL_2026_ES.xlsx", context: "col-2026.toml" };

/// Says a line to whoever runs the tests. A passing test's own output is swallowed, and a skip must not be.
fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The folder of real files; `None`, said aloud, where there is none.
fn real_files(test: &str) -> Option<PathBuf> {
    let folder = root().join("../shared/real/jiaf_2026");
    if folder.is_dir() {
        return Some(folder);
    }
    say(&format!("skipped: {test}: no real files beside the project"));
    None
}

/// Runs a script of `tests/real`: its name, then its arguments.
fn python(arguments: &[&str]) -> Output {
    let mut command = Command::new("python3");
    command.args(["-W", "ignore"]).arg(root().join("tests/real").join(arguments[0])).args(&arguments[1..]);
    command.output().expect("python3 with openpyxl is needed for the real files: pip install openpyxl")
}

fn analyse(workbook: &Path, context: &Path, out: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_pinpoint"))
        .args(["analyse".as_ref(), workbook.as_os_str(), "--context".as_ref(), context.as_os_str(), "--out".as_ref(), out.as_os_str()])
        .args(["--format", "csv,json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Runs the oracle over an output folder and shows what failed.
fn check(country: &Country, workbook: &Path, out: &Path, more: &[&str]) {
    let mut arguments =
        vec!["oracle.py", "check", "--kind", country.kind, "--workbook", workbook.to_str().unwrap(), "--out", out.to_str().unwrap()];
    arguments.extend(more);
    let output = python(&arguments);
    let said = String::from_utf8_lossy(&output.stdout);
    let failed: Vec<&str> = said.lines().filter(|line| line.starts_with("FAIL")).collect();
    assert!(output.status.success() && failed.is_empty(), "{}\n{}", failed.join("\n"), String::from_utf8_lossy(&output.stderr));
    let held = said.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(held >= 30, "the oracle checked {held} points:\n{said}");
    say(&format!("{}: {held} points hold", country.workbook));
}

fn as_published(country: &Country) {
    let Some(folder) = real_files(country.workbook) else { return };
    let (workbook, out) = (folder.join(country.workbook), tempfile::tempdir().unwrap());
    analyse(&workbook, &root().join("fixtures/contexts").join(country.context), out.path());
    check(country, &workbook, out.path(), &["--published"]);
}

fn on_changed_copies(country: &Country) {
    let Some(folder) = real_files(country.workbook) else { return };
    for seed in ["1", "2", "3"] {
        let copy = tempfile::tempdir().unwrap();
        let workbook = folder.join(country.workbook);
        let context = root().join("fixtures/contexts").join(country.context);
        let arguments = [
            "perturb.py",
            "--kind",
            country.kind,
            "--workbook",
            workbook.to_str().unwrap(),
            "--context",
            context.to_str().unwrap(),
            "--seed",
            seed,
            "--out",
            copy.path().to_str().unwrap(),
        ];
        let output = python(&arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let (workbook, out) = (copy.path().join("workbook.xlsx"), copy.path().join("out"));
        analyse(&workbook, &copy.path().join("context.toml"), &out);
        check(country, &workbook, &out, &[]);
    }
}

#[test]
fn mozambique_2026_as_published() {
    as_published(&MOZAMBIQUE);
}

#[test]
fn mozambique_2026_on_changed_copies() {
    on_changed_copies(&MOZAMBIQUE);
}

#[test]
fn mozambique_2026_with_a_blank_arm_circumference_as_the_sheet_reads_it() {
    let Some(folder) = real_files("blank MUAC as zero") else { return };
    let (workbook, copy) = (folder.join(MOZAMBIQUE.workbook), tempfile::tempdir().unwrap());
    let written = text(&root().join("fixtures/contexts").join(MOZAMBIQUE.context));
    let changed = written.replacen("[intersectoral]", "[intersectoral]\nblank-muac = \"zero\"", 1);
    assert_ne!(written, changed);
    let context = copy.path().join("context.toml");
    std::fs::write(&context, changed).unwrap();
    analyse(&workbook, &context, &copy.path().join("out"));
    check(&MOZAMBIQUE, &workbook, &copy.path().join("out"), &["--blank-muac", "zero"]);
}

#[test]
fn colombia_2026_as_published() {
    as_published(&COLOMBIA);
}

#[test]
fn colombia_2026_on_changed_copies() {
    on_changed_copies(&COLOMBIA);
}
