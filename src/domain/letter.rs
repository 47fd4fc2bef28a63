//! Letters that a person does not see.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Letters that take no room and that copying brings along.
pub const fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A name as a person sees it: without letters that take no room, without control characters, without blanks around it, and
/// each letter with its accent as one (NFC).
pub fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |letter: char| is_unseen(letter) || letter.is_control();
    if !text.contains(hidden) {
        return if is_nfc(text) { Cow::Borrowed(text.trim()) } else { Cow::Owned(text.trim().nfc().collect()) };
    }
    // What breaks a line parts words.
    let seen = text.chars().filter(|&letter| letter.is_whitespace() || !hidden(letter));
    let seen: String = seen.map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    Cow::Owned(seen.trim().nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_a_person_sees() {
        assert_eq!(visible(" Alta "), "Alta");
        assert_eq!(visible("Al\u{0}ta\u{7}\u{202e}"), "Alta");
        assert_eq!(visible("Nord\nEst\u{200b}"), "Nord Est");
        assert_eq!(visible("Se\u{301}gou"), "S\u{e9}gou");
    }
}
