//! Every code is triggered by a broken input, and its text is one that an analyst can act on. The texts stand in
//! `snapshots/` (`INSTA_UPDATE=always cargo test --test findings` rewrites them; read them before committing) and
//! as examples in `docs/findings` (`document.rs`).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of a test may fail the test"
)]

mod account;
mod across;
mod areas;
mod cases;
mod contexts;
mod document;
mod heads;
mod input;
mod overall;
mod people;
mod places;
mod reading;
mod sectors;
mod several;
mod survey;
mod totals;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use pinpoint::diag::{Code, Findings, render};
use pinpoint::{io::read_framework, run};

use cases::{Case, groups};
use input::sound;

/// A group of cases, and what was found in each.
struct Tried {
    name: &'static str,
    heading: &'static str,
    cases: Vec<(Case, Findings)>,
}

/// Every case, run once for all tests.
static TRIED: LazyLock<Vec<Tried>> = LazyLock::new(|| {
    let tried = |case: Case| {
        let found = case.input.findings();
        (case, found)
    };
    groups().into_iter().map(|(name, heading, cases)| Tried { name, heading, cases: cases.into_iter().map(tried).collect() }).collect()
});

fn all_cases() -> impl Iterator<Item = &'static (Case, Findings)> {
    TRIED.iter().flat_map(|group| &group.cases)
}

fn lines(findings: &Findings) -> String {
    findings.iter().map(|finding| render::line(finding) + "\n").collect()
}

#[test]
fn nothing_is_found_in_a_sound_input() {
    let found = sound().findings();
    assert!(found.is_empty(), "{}", lines(&found));
}

#[test]
fn every_code_has_a_broken_input() {
    let shown: Vec<&str> = all_cases().map(|(case, _)| case.code.id()).collect();
    // A fault of ours is no input's: `account.rs` takes the account away and sees it said. What belongs to the layouts of
    // other files is tried in `tests/layouts.rs`.
    let elsewhere: Vec<Code> = document::ELSEWHERE.iter().map(|(code, _)| *code).collect();
    let of_inputs = Code::ALL.iter().filter(|code| !elsewhere.contains(code));
    let codes: Vec<&str> = of_inputs.map(|code| code.id()).collect();
    assert_eq!(shown, codes, "the cases stand in the order of the codes");
}

#[test]
fn a_broken_input_gives_its_own_code_and_no_other() {
    let mut wrong = String::new();
    for (case, found) in all_cases() {
        let got: BTreeSet<Code> = found.iter().map(|finding| finding.code).collect();
        let wanted: BTreeSet<Code> = case.beside.iter().copied().chain([case.code]).collect();
        if got != wanted {
            let _ = writeln!(wrong, "{} should give {wanted:?}:\n{}", case.code, lines(found));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_text_says_what_and_where_and_what_to_do() {
    for group in TRIED.iter() {
        let text: String = group.cases.iter().map(|(_, found)| lines(found) + "\n").collect();
        insta::assert_snapshot!(group.name, text.trim_end());
    }
}

#[test]
fn no_text_speaks_of_the_program() {
    for (case, found) in all_cases() {
        let text = lines(found);
        for word in ["Some(", "None", "Option", "struct", "serde", "Err(", "usize", "u8", "f64", "NaN", "line 0"] {
            assert!(!text.contains(word), "{}: `{word}` in {text}", case.code);
        }
    }
}

#[test]
fn all_problems_of_several_files_are_reported_at_once_with_line_and_column() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/frameworks/invalid/many-problems");
    let mut files = read_framework::framework_files(&folder.to_string_lossy()).unwrap();
    files.folder = "many-problems".into();
    let checked = pinpoint::framework::validate::framework(&files);
    assert!(checked.value.is_none());
    let mut found = checked.findings;
    found.sort();
    insta::assert_snapshot!("many_problems", lines(&found).trim_end());
}

#[test]
fn all_problems_of_a_context_are_reported_at_once() {
    let text = r#"format = 1

[context]
country = "XVA"
laguage = "en"
aors = ["GP", "PRO"]

[[table]]
role = "populaton"
sheet = "population"

[[sector]]
code = "Food Security"

[intersectoral]
first-over-second = 0.3

[checks]
raise = ["target-above-inneed"]
"#;
    let mut found = pinpoint::framework::validate::context("context.toml", Some(text), &run::own_layout()).findings;
    found.sort();
    insta::assert_snapshot!("context_problems", lines(&found).trim_end());
}

#[test]
fn the_minimal_framework_is_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/frameworks/valid/minimal");
    let (framework, found) = run::check_framework(&folder.to_string_lossy(), true).unwrap();
    assert!(framework.is_some() && found.is_empty(), "{}", lines(&found));
}
