//! How a user's own text is shown: made safe for a terminal and for other programs, and cut where it is very long.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::domain::is_unseen;

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

    #[test]
    fn hidden_characters_are_shown() {
        assert_eq!(quoted("a\u{202e}b\n"), "`a\\u{202e}b\\u{a}`");
    }

    #[test]
    fn what_is_very_long_is_cut_and_letters_of_every_script_stay() {
        assert!(safe(&"x".repeat(100_000)).len() < 2_010);
        assert_eq!(safe("\u{633}\u{644}\u{629} \u{e9}t\u{e9}"), "\u{633}\u{644}\u{629} \u{e9}t\u{e9}");
    }
}
