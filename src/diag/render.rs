//! How a finding reads: level, code, place, what, and what to do.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::finding::{Finding, Findings};
use crate::domain::is_unseen;

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
        *count += 1;
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

/// So much of a message is shown.
const LONGEST_MESSAGE: usize = 2_000;

/// A text made safe for a terminal and for other programs: controls and direction marks escaped, and what is very long cut.
pub fn safe(text: &str) -> Cow<'_, str> {
    let strange = |letter: char| letter.is_control() || is_unseen(letter);
    if text.len() <= LONGEST_MESSAGE && !text.contains(strange) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().min(LONGEST_MESSAGE));
    for letter in text.chars() {
        if shown.len() >= LONGEST_MESSAGE {
            shown.push('…');
            break;
        }
        if strange(letter) {
            let _ = write!(shown, "{}", letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// A user's own text made safe to print: controls and direction marks escaped, at most 80 characters.
pub fn quoted(text: &str) -> String {
    let mut shown = String::from("`");
    for (count, character) in text.chars().enumerate() {
        if count == 80 {
            shown.push('…');
            break;
        }
        if character.is_control() || character == '\u{a0}' || is_unseen(character) {
            let _ = write!(shown, "{}", character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown.push('`');
    shown
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
    fn hidden_characters_are_shown() {
        assert_eq!(quoted("a\u{202e}b\n"), "`a\\u{202e}b\\u{a}`");
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_what_is_very_long_is_cut() {
        let finding = Finding::new(Code::UnusedSheet, Place::Sheet("a\u{202e}b".into()), "it says \u{1b}[31m red\u{7}");
        let text = line(&finding);
        assert!(text.contains("sheet `a\\u{202e}b`") && text.contains("\\u{1b}[31m red\\u{7}"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']));
        assert!(safe(&"x".repeat(100_000)).len() < 2_010);
        assert_eq!(safe("سلة \u{e9}t\u{e9}"), "سلة \u{e9}t\u{e9}");
    }
}
