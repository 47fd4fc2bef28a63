//! Dates are kept as the text that was written; only whether they can be compared is decided here.

/// Whether a text is a day of the calendar written YYYY-MM-DD.
pub fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u16::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether a text is a day, a month or a year, written YYYY-MM-DD, YYYY-MM or YYYY: in this way texts sort as dates.
pub fn is_date(text: &str) -> bool {
    match text.split_once('-') {
        None => digits(text, 4).is_some(),
        Some((_, rest)) if rest.contains('-') => is_day(text),
        Some((year, month)) => digits(year, 4).is_some() && digits(month, 2).is_some_and(|month| (1..=12).contains(&month)),
    }
}

fn digits(part: &str, length: usize) -> Option<u16> {
    let all = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if all { part.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        for (text, day, date) in [
            ("2024-02-29", true, true),
            ("2025-02-29", false, false),
            ("1900-02-29", false, false),
            ("2025-11", false, true),
            ("2025-13", false, false),
            ("2025", false, true),
            ("03/11/2025", false, false),
            ("2025-1-3", false, false),
            ("November 2025", false, false),
        ] {
            assert_eq!((is_day(text), is_date(text)), (day, date), "{text}");
        }
    }
}
