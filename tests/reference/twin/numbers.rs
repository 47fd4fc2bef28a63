//! The arithmetic of the twin: decimals of twelve places in an `i128`, and how they are written.

use super::ONE;

/// A plain decimal text in units of 1e-12, half away from zero at the twelfth place.
pub fn decimal(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut units: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(12)) {
        assert!(digit.is_ascii_digit(), "`{text}` is no decimal");
        units = units * 10 + i128::from(digit - b'0');
    }
    if fraction.as_bytes().get(12).is_some_and(|digit| *digit >= b'5') {
        units += 1;
    }
    sign * units
}

pub(super) fn number(text: &str) -> Option<i128> {
    (!text.is_empty()).then(|| decimal(text))
}

/// As the outputs write it: no trailing zeros; blank when not known.
pub fn written(value: Option<i128>) -> String {
    let Some(value) = value else { return String::new() };
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / ONE, value.abs() % ONE);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{rest:012}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// a x above / below, rounded half up once at the twelfth place.
pub(super) fn times(a: i128, above: i128, below: i128) -> i128 {
    (2 * a * above + below).div_euclid(2 * below)
}

pub(super) fn divided(a: i128, b: i128) -> i128 {
    times(a, ONE, b)
}

/// Rounded half up to nine places, for comparisons (method 14.2).
pub(super) fn nine(value: i128) -> i128 {
    (value + 500).div_euclid(1000)
}

/// A share of a file, with its sign.
pub(super) fn percent(text: &str) -> i128 {
    decimal(text.strip_suffix('%').unwrap().trim()) / 100
}

pub(super) fn sum(values: impl IntoIterator<Item = Option<i128>>) -> Option<i128> {
    values.into_iter().flatten().fold(None, |all: Option<i128>, value| Some(all.unwrap_or(0) + value))
}

pub(super) fn sum_if_all(values: &[Option<i128>]) -> Option<i128> {
    if values.is_empty() || values.contains(&None) { None } else { sum(values.iter().copied()) }
}

pub(super) fn phase_text(phase: Option<u8>) -> String {
    phase.map_or_else(String::new, |phase| phase.to_string())
}

/// A word as words are compared: case, accents, outer blanks and the kind of gap between words do not count.
pub(super) fn folded(text: &str) -> String {
    let text = text.to_lowercase().replace(['_', '-'], " ").replace(['é', 'è'], "e");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
