//! The worked examples that analysts wrote beside the shipped frameworks hold.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use pinpoint::diag::render;
use pinpoint::io::read_framework;
use pinpoint::run;

#[test]
fn the_worked_examples_of_every_shipped_framework_hold() {
    let shipped = read_framework::shipped();
    assert!(shipped.len() >= 3, "household-20pct, area-coefficient and expert-convergence are shipped");
    for framework in shipped {
        let (checked, findings) = run::check_framework(framework.id, true).unwrap();
        assert!(findings.is_empty(), "{}", render::list(&findings, render::HowMany::All));
        let cases = checked.unwrap().cases.len();
        assert!(cases >= 8, "{} has {cases} cases", framework.id);
    }
}

#[test]
fn a_wrong_example_is_found() {
    let mut files = read_framework::framework_files("area-coefficient").unwrap();
    let case =
        "[[case]]\nname = \"wrong on purpose\"\ngiven = { people = 1000, movement-fear = 15 }\nexpect = { indicator.movement-fear = 2 }\n";
    files.texts.insert("cases/wrong.toml".into(), case.into());
    let framework = pinpoint::framework::validate::framework(&files).value.unwrap();
    let found = pinpoint::stage::try_case::try_cases(&framework, &run::own_layout());
    let said: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(said, ["case `wrong on purpose`: `indicator.movement-fear` should be 2, and is 3"]);
}

#[test]
fn no_shipped_framework_claims_to_be_an_official_method() {
    for framework in read_framework::shipped() {
        for (name, text) in read_framework::framework_files(framework.id).unwrap().texts {
            for word in ["GPC", "Global Protection Cluster"] {
                assert!(!text.contains(word), "{}/{name} names the {word}", framework.id);
            }
        }
    }
}

/// A framework in use does not change: a new version gets a folder of its own. `UPDATE_EXPECTED=1` rewrites the list
/// when a version comes into use.
#[test]
fn frameworks_in_use_are_frozen() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("frameworks/in-use.txt");
    let mut lines = String::new();
    for shipped in read_framework::shipped() {
        let files = read_framework::framework_files(shipped.id).unwrap();
        let framework = pinpoint::framework::validate::framework(&files).value.unwrap();
        if framework.status == pinpoint::framework::files::Status::InUse {
            lines.push_str(&format!("{} {} {}\n", framework.id, framework.version, read_framework::digest(&files)));
        }
    }
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, &lines).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, lines, "a framework in use has changed: give the change a version of its own");
}

#[test]
fn the_own_layout_is_sound() {
    let layout = run::own_layout();
    assert_eq!(layout.len(), 11, "one table a sheet");
}
