//! How a finding reads: level, code, place, what, and what to do.

use std::fmt::Write as _;

use super::finding::{Finding, Findings};
use super::shown::safe;

/// How many findings of one code are printed before the rest are only counted.
const SHOWN_PER_CODE: usize = 5;

/// One finding on one line, with its help.
pub fn line(finding: &Finding) -> String {
    let place = finding.place.to_string();
    let separator = if place.is_empty() { "" } else { ": " };
    // A sheet may have any name.
    let place = safe(&place);
    format!("{}[{}] {place}{separator}{} {}", finding.level.word(), finding.code, sentence(&finding.message), finding.code.help())
}

/// How many findings are printed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum HowMany {
    /// A few of each code; the rest are counted, never silently left out.
    Few,
    /// Every one.
    All,
}

/// The findings, a line each.
pub fn list(findings: &Findings, how_many: HowMany) -> String {
    let mut text = String::new();
    let mut seen: std::collections::BTreeMap<_, usize> = std::collections::BTreeMap::new();
    for finding in findings.iter() {
        let count = seen.entry((finding.level, finding.code)).or_default();
        *count += finding.times;
        if *count <= SHOWN_PER_CODE || how_many == HowMany::All {
            let _ = writeln!(text, "{}", line(finding));
        }
    }
    for ((level, code), count) in seen.iter().rev() {
        if *count > SHOWN_PER_CODE && how_many == HowMany::Few {
            let _ = writeln!(text, "{}[{code}] … and {} more like it; --all shows them", level.word(), count - SHOWN_PER_CODE);
        }
    }
    text
}

fn sentence(message: &str) -> String {
    if message.ends_with(['.', '?', '!']) { message.to_owned() } else { format!("{message}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{CellRef, Code, Place};

    #[test]
    fn a_finding_says_what_where_and_what_to_do() {
        let place = Place::Cell(CellRef { sheet: "Indicators".into(), row: 17, column: 2 });
        let finding = Finding::new(Code::UnknownPCode, place, "`XV0142` is not among the admin areas");
        assert_eq!(
            line(&finding),
            "error[unknown-p-code] sheet `Indicators`, cell B17: `XV0142` is not among the admin areas. Add the area to sheet `areas`, or mend the code here."
        );
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let finding = Finding::new(Code::UnusedSheet, Place::Sheet("a\u{202e}b".into()), "it says \u{1b}[31m red\u{7}");
        let text = line(&finding);
        assert!(text.contains("sheet `a\\u{202e}b`") && text.contains("\\u{1b}[31m red\\u{7}"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']));
    }
}
