//! Names that a workbook accepts: of sheets, of its native tables and of their columns. Each set of names is free
//! of doubles, because a spreadsheet program takes a workbook with doubles for a damaged one.

use std::collections::BTreeSet;

/// The longest name of a sheet.
const SHEET_LENGTH: usize = 31;
/// The longest name of a column of a native table.
const COLUMN_LENGTH: usize = 255;

/// Hands out names that differ in more than small and capital letters.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A sheet's name: without the signs that are forbidden there.
    pub fn sheet(&mut self, wanted: &str) -> String {
        let allowed = |letter: char| if r"[]:*?/\".contains(letter) || letter.is_control() { '-' } else { letter };
        let clean: String = wanted.chars().map(allowed).collect();
        let clean = clean.trim_matches('\'').trim();
        // Excel keeps this name for itself.
        let reserved = clean.is_empty() || clean.eq_ignore_ascii_case("history");
        self.free(if reserved { "Sheet" } else { clean }, SHEET_LENGTH)
    }

    /// A native table's name: letters, digits and underscores, and never the look of an address such as `Q1`.
    pub fn table(&mut self, sheet: &str) -> String {
        let word = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
        let clean: String = sheet.chars().map(word).collect();
        self.free(&format!("table_{clean}"), COLUMN_LENGTH)
    }

    /// The header of a native table's column.
    pub fn column(&mut self, title: &str) -> String {
        let clean = title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.free(if clean.is_empty() { "Column" } else { &clean }, COLUMN_LENGTH)
    }

    fn free(&mut self, wanted: &str, longest: usize) -> String {
        let mut name = cut(wanted, longest).to_owned();
        let mut count: usize = 1;
        while !self.taken.insert(name.to_lowercase()) {
            count += 1;
            let tail = format!(" ({count})");
            let tail = if wanted.starts_with("table_") { tail.replace([' ', '(', ')'], "_") } else { tail };
            name = format!("{}{tail}", cut(wanted, longest.saturating_sub(tail.len())).trim_end());
        }
        name
    }
}

/// The beginning of a text that spreadsheet programs count as at most so many characters (UTF-16 units).
pub fn cut(text: &str, longest: usize) -> &str {
    let mut length = 0;
    let end = text.char_indices().find(|(_, letter)| {
        length += letter.len_utf16();
        length > longest
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_lose_what_is_forbidden() {
        let mut names = Names::default();
        assert_eq!(names.sheet("PiN by sex/age/disability"), "PiN by sex-age-disability");
        assert_eq!(names.sheet("pin by SEX-age-disability"), "pin by SEX-age-disability (2)");
        assert_eq!(names.sheet("'History'"), "Sheet");
        assert_eq!(names.sheet(""), "Sheet (2)");
        let long = "x".repeat(40);
        assert_eq!(names.sheet(&long), "x".repeat(31));
        assert_eq!(names.sheet(&long), format!("{} (2)", "x".repeat(27)));
    }

    #[test]
    fn tables_are_words_and_columns_differ() {
        let mut names = Names::default();
        assert_eq!(names.table("Flags & findings"), "table_flags___findings");
        assert_eq!(names.table("Flags + findings"), "table_flags___findings__2_");
        let mut names = Names::default();
        assert_eq!(names.column("In\nNeed"), "In Need");
        assert_eq!(names.column("in need"), "in need (2)");
        assert_eq!(names.column(" "), "Column");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("añb😀c", 3), "añb");
        assert_eq!(cut("añb😀c", 4), "añb");
        assert_eq!(cut("añb😀c", 5), "añb😀");
    }
}
