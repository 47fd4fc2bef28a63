//! What looks like the code of an area in this table: rows above the headers and behind the end are told from titles, totals
//! and remarks by it.

use std::collections::BTreeSet;

use super::{AREA_COLUMNS, Located};
use crate::table::plain_number::number_in;
use crate::table::sheet::Row;
use crate::table::{CellValue, is_no_word};

/// How the codes of a table begin.
pub(super) struct Codes {
    columns: Vec<u32>,
    beginnings: BTreeSet<String>,
    /// Some codes are numbers.
    numbers: bool,
}

impl Codes {
    /// Looks at the rows that are read.
    pub(super) fn of(table: &Located<'_>) -> Self {
        let columns: Vec<u32> = AREA_COLUMNS.iter().filter_map(|name| table.column(name)).collect();
        let (mut beginnings, mut numbers) = (BTreeSet::new(), false);
        for row in table.rows.iter().filter_map(|&number| table.sheet.row(number)) {
            for &column in &columns {
                match row.get(column) {
                    CellValue::Text(text) => beginnings.extend(beginning(text)),
                    CellValue::Number(_) => numbers = true,
                    _ => {}
                }
            }
        }
        Self { columns, beginnings, numbers }
    }

    /// Whether a row holds a code, and beside it a figure or an answer in a column that is read.
    pub(super) fn is_data(&self, table: &Located<'_>, row: Row<'_>, figures_only: bool) -> bool {
        let is_code = |column: &u32| self.is_code(row.get(*column));
        let data = table.columns.values().map(|(column, _)| *column).chain(table.leaves.iter().map(|(_, column)| *column));
        let mut data = data.filter(|column| !self.columns.contains(column)).map(|column| row.get(column));
        let comma = table.layout.decimal_comma();
        self.columns.iter().any(is_code)
            && data.any(|value| if figures_only { number_in(value, comma).is_some() } else { is_filled(value) })
    }

    /// A code begins like the others of its table, or has a digit and no blank inside; a number is one where others are.
    fn is_code(&self, value: CellValue<'_>) -> bool {
        match value {
            CellValue::Text(text) => looks_like_a_code(text) || beginning(text).is_some_and(|begins| self.beginnings.contains(&begins)),
            CellValue::Number(_) => self.numbers,
            _ => false,
        }
    }
}

/// Whether a cell holds anything.
pub(super) fn is_filled(value: CellValue<'_>) -> bool {
    match value {
        CellValue::Blank => false,
        CellValue::Text(text) => !is_no_word(text),
        _ => true,
    }
}

/// Codes of areas have a digit and no blank inside; totals, titles and remarks are words.
pub(crate) fn looks_like_a_code(text: &str) -> bool {
    !text.trim().contains(char::is_whitespace) && text.contains(|letter: char| letter.is_numeric())
}

/// The first two letters of a code.
pub(crate) fn beginning(code: &str) -> Option<String> {
    let letters: String = code.trim().chars().take(2).flat_map(char::to_uppercase).collect();
    (letters.chars().count() == 2 && letters.chars().all(char::is_alphabetic)).then_some(letters)
}
