//! What a field of a table as text stands for: a number only if it is written as this program would write that number; else a
//! text, so that a code such as `007` keeps its zeros.

use super::guard::limits;
use crate::table::CellValue;

/// Whether a field holds more than a cell can.
pub(super) fn is_too_long(field: &str) -> bool {
    field.len() > limits::TEXT && field.chars().count() > limits::TEXT
}

/// The number or text that a field stands for.
pub(super) fn value_of(field: &str) -> CellValue<'_> {
    match plain_number(field) {
        _ if field.is_empty() => CellValue::Blank,
        Some(number) => CellValue::Number(number),
        None if ERROR_VALUES.contains(&field) => CellValue::Error(field),
        None => CellValue::Text(field),
    }
}

/// As spreadsheet programs write the error values of cells into a text file.
const ERROR_VALUES: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#GETTING_DATA"];

/// The number that is written in this way and no other: no leading zero, no plus, no exponent, nothing to spare.
fn plain_number(field: &str) -> Option<f64> {
    let digits = field.strip_prefix('-').unwrap_or(field);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let spare_zero = whole.len() > 1 && whole.starts_with('0');
    if !all_digits(whole) || spare_zero || fraction.is_some_and(|part| !all_digits(part) || part.ends_with('0')) {
        return None;
    }
    let number: f64 = field.parse().ok()?;
    // Up to fifteen digits every decimal is the shortest that stands for its number; beyond, it has to be compared.
    let sure = digits.len() <= 15 && digits != "0";
    (sure || (number.is_finite() && number.to_string() == field && field != "-0")).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_in_its_own_writing_is_a_number() {
        for (field, number) in [
            ("12", 12.0),
            ("-0.5", -0.5),
            ("0.25", 0.25),
            ("0", 0.0),
            ("-3", -3.0),
            ("123456789012345", 123_456_789_012_345.0),
            ("0.1234567890123456", 0.123_456_789_012_345_6),
            ("9007199254740992", 9_007_199_254_740_992.0),
        ] {
            assert_eq!(value_of(field), CellValue::Number(number), "{field}");
        }
        for field in ["007", "1.0", "1e5", "+1", "-0", "1,5", ".5", "5.", "-", " 1", "1 ", "inf", "NaN", "9007199254740993", "1.10", "-007"]
        {
            assert_eq!(value_of(field), CellValue::Text(field), "{field}");
        }
        assert_eq!(value_of(""), CellValue::Blank);
    }
}
