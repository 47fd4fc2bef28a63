//! `docs/findings.md` and a page for each code in `docs/findings`: made of the codes and of the broken inputs that trigger
//! them. `UPDATE_EXPECTED=1 cargo test --test findings` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pinpoint::diag::{Code, Level, render};

use super::cases::Case;
use super::{TRIED, Tried};

/// Codes that no broken input of these tests triggers, and what to say of them.
pub(crate) const ELSEWHERE: [(Code, &str); 3] = [
    (
        Code::AccountBroken,
        "A row was read and neither used nor set aside, or people were lost on the way. No input triggers it; it is a fault of pinpoint.",
    ),
    (
        Code::LayoutChosen,
        "It says by which shipped layout the tables are read ([formats.md, section 4.2](../formats.md#42-layouts-that-are-shipped)).",
    ),
    (Code::SeveralCountries, "A table of several countries is read, and no context names one of them."),
];

const MARK: &str = "<!-- From here on made by `UPDATE_EXPECTED=1 cargo test --test findings`. -->\n";

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

#[test]
fn the_documents_of_findings_are_up_to_date() {
    let path = docs().join("findings.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (by_hand, _) = text.split_once(MARK).unwrap();
    let mut wanted: BTreeMap<PathBuf, String> =
        pages().into_iter().map(|(code, page)| (docs().join(format!("findings/{code}.md")), page)).collect();
    wanted.insert(path, format!("{by_hand}{MARK}{}", list()));
    let folder = docs().join("findings");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (path, text) in &wanted {
            std::fs::write(path, text).unwrap();
        }
    }
    let there = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    for path in there.chain(wanted.keys().cloned()) {
        let is_same = wanted.get(&path).is_some_and(|text| std::fs::read_to_string(&path).is_ok_and(|known| known == *text));
        assert!(is_same, "{} is out of date: run UPDATE_EXPECTED=1 cargo test --test findings", path.display());
    }
}

/// The codes by what they are about, a line each.
fn list() -> String {
    let mut text = String::new();
    let line = |code: Code| format!("- [{code}](findings/{code}.md) ({}): {}\n", code.level().word(), code.help());
    for Tried { heading, cases, .. } in TRIED.iter() {
        let _ = write!(text, "\n## {heading}\n\n");
        text.extend(cases.iter().map(|(case, _)| line(case.code)));
    }
    text.push_str("\n## Others\n\n");
    text.extend(ELSEWHERE.iter().map(|(code, _)| line(*code)));
    text
}

/// The page of each code.
fn pages() -> Vec<(Code, String)> {
    let mut pages = Vec::new();
    for Tried { heading, cases, .. } in TRIED.iter() {
        for (Case { code, .. }, found) in cases {
            let example = found.iter().find(|finding| finding.code == *code).unwrap();
            let said = format!(
                "## How it reads\n\n```text\n{}\n```\n\nThis is what pinpoint says of a broken input of its tests (`tests/findings/cases.rs`).\n",
                render::line(example)
            );
            let others: Vec<String> =
                cases.iter().filter(|(other, _)| other.code != *code).map(|(other, _)| format!("[{0}]({0}.md)", other.code)).collect();
            let kin =
                if others.is_empty() { String::new() } else { format!("\n## Of the same kind\n\n{heading}: {}\n", others.join(", ")) };
            pages.push((*code, page(*code, &format!("{said}{kin}"))));
        }
    }
    pages.extend(ELSEWHERE.iter().map(|(code, said)| (*code, page(*code, &format!("{said}\n")))));
    pages
}

fn page(code: Code, rest: &str) -> String {
    let means = match code.level() {
        Level::Error => "An **error**: no figures are written until it is mended.".to_owned(),
        Level::Warning => format!(
            "A **warning**: figures are written, and it stands beside them. `[checks] raise = [\"{code}\"]` in the context makes it an error."
        ),
        Level::Note => "A **note**: worth knowing; nothing has to be done.".to_owned(),
    };
    let section = code.section();
    format!(
        "# {code}\n\n{means} The rule behind it is in [method.md](../method.md), section {section}.\n\n## What to do\n\n{}\n\n{rest}\n[All findings](../findings.md)\n",
        code.help(),
    )
}
