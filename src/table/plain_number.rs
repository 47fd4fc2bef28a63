//! Numbers that are written as text, as far as they can be read without loss: anything else would be a guess.

use std::borrow::Cow;

use super::workbook::CellValue;
use crate::domain::{Decimal, is_unseen};

/// The number that a cell holds, be it written as text; what is said of it is said where the cell is read.
pub fn number_in(value: CellValue<'_>, decimal_comma: bool) -> Option<f64> {
    match value {
        CellValue::Number(number) => Some(number),
        CellValue::Text(text) => {
            let plain = plain_digits(text.trim_matches(is_blank), decimal_comma);
            Decimal::parse(&plain).and_then(|_| plain.parse().ok())
        }
        _ => None,
    }
}

/// A number as text with a point and without gaps: blanks between groups of three digits part thousands, and where a comma
/// is declared to part the fraction, points do. Anything else is left as it is.
pub fn plain_digits(text: &str, decimal_comma: bool) -> Cow<'_, str> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = match digits.split_once(if decimal_comma { ',' } else { '.' }) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let is_gap = |letter: char| is_blank(letter) || letter == '\u{202f}' || (decimal_comma && letter == '.');
    let mut groups = whole.split(is_gap);
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let grouped = !whole.contains(is_gap) || first.len() <= 3 && groups.all(|group| group.len() == 3 && all_digits(group));
    if !all_digits(first) || !grouped || fraction.is_some_and(|part| !all_digits(part)) {
        return Cow::Borrowed(text);
    }
    let whole = whole.replace(is_gap, "");
    Cow::Owned(fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}")))
}

/// A whole number as it is written where some other cell of its column is blank or has a fraction: `1.0` is `1`. Any other text
/// is left as it is.
pub fn without_zero_fraction(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => {
            let digits = whole.strip_prefix('-').unwrap_or(whole);
            if digits.bytes().all(|digit| digit.is_ascii_digit()) { whole } else { text }
        }
        _ => text,
    }
}

/// Blanks of every kind, and letters that take no room.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_unseen(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_and_a_declared_comma_can_be_read_without_loss() {
        let point: Vec<Cow<'_, str>> = ["1 548", "1\u{a0}234\u{202f}567.5", "-12", "1,5", "1 54", "12.5.3", "1234 567"]
            .into_iter()
            .map(|text| plain_digits(text, false))
            .collect();
        assert_eq!(point, ["1548", "1234567.5", "-12", "1,5", "1 54", "12.5.3", "1234 567"]);
        let comma: Vec<Cow<'_, str>> =
            ["50,5", "1.234,5", "1 234", "1.5", "12,5,3"].into_iter().map(|text| plain_digits(text, true)).collect();
        let zeros = ["1.0", "-3.00", "1.5", "v1.0", ".0", "1.", "1"].map(without_zero_fraction);
        assert_eq!(zeros, ["1", "-3", "1.5", "v1.0", ".0", "1.", "1"]);
        assert_eq!(comma, ["50.5", "1234.5", "1234", "1.5", "12,5,3"]);
    }
}
