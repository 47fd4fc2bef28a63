//! Where a finding stands: a cell of a sheet, a line of a TOML file, or a figure of the results.

use std::fmt;
use std::sync::Arc;

/// A cell of an input sheet; `row` and `column` count from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// The sheet's name as the workbook writes it.
    pub sheet: Arc<str>,
    /// Row, from 1.
    pub row: u32,
    /// Column, from 1.
    pub column: u32,
}

impl CellRef {
    /// The address in the way of spreadsheets, as in `B17`.
    pub fn address(&self) -> String {
        format!("{}{}", column_letters(self.column), self.row)
    }
}

/// So many cells of a list are shown, the rest are counted.
const SHOWN: usize = 10;

/// Cells in a row of words, as in `A1, B2 and 3 more`.
pub fn listed(cells: &[CellRef]) -> String {
    let shown: Vec<String> = cells.iter().take(SHOWN).map(CellRef::address).collect();
    with_more(&shown.join(", "), cells.len().saturating_sub(SHOWN))
}

/// A list of which so many are not shown.
pub fn with_more(shown: &str, more: usize) -> String {
    if more > 0 { format!("{shown} and {more} more") } else { shown.to_owned() }
}

/// The letters of a column counted from 1: 1 is `A`, 27 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Place {
    /// The input as a whole.
    #[default]
    Input,
    /// A sheet as a whole.
    Sheet(Arc<str>),
    /// A row of a sheet, from 1.
    Row(Arc<str>, u32),
    /// A cell of a sheet.
    Cell(CellRef),
    /// A line and column of a text file, both from 1; (0, 0) means the file as a whole.
    Text {
        /// The file as the user knows it.
        file: Arc<str>,
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
    },
    /// A figure of the results, named by its keys.
    Figure(Arc<str>),
}

impl Place {
    /// The sheet or file, for outputs with a column of its own for it.
    pub fn sheet(&self) -> &str {
        match self {
            Self::Input | Self::Figure(_) => "",
            Self::Sheet(sheet) | Self::Row(sheet, _) => sheet,
            Self::Cell(cell) => &cell.sheet,
            Self::Text { file, .. } => file,
        }
    }

    /// The cell, row or line within it; nothing for a figure, which stands in no sheet of the input.
    pub fn cell(&self) -> String {
        if matches!(self, Self::Figure(_)) { String::new() } else { self.within() }
    }

    /// The figure of the results: its area, pocket and group, without the ticks of messages.
    pub fn figure(&self) -> &str {
        if let Self::Figure(name) = self { name } else { "" }
    }

    /// The cell, row, line or figure within it.
    pub fn within(&self) -> String {
        match self {
            Self::Input | Self::Sheet(_) => String::new(),
            Self::Row(_, row) => format!("row {row}"),
            Self::Cell(cell) => cell.address(),
            Self::Text { line: 0, .. } => String::new(),
            Self::Text { line, column, .. } => format!("line {line}, column {column}"),
            Self::Figure(name) => name.to_string(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => Ok(()),
            Self::Sheet(sheet) => write!(out, "sheet `{sheet}`"),
            Self::Row(sheet, row) => write!(out, "sheet `{sheet}`, row {row}"),
            Self::Cell(cell) => write!(out, "sheet `{}`, cell {}", cell.sheet, cell.address()),
            Self::Text { file, line: 0, .. } => write!(out, "{file}"),
            Self::Text { file, line, column } => write!(out, "{file}, line {line}, column {column}"),
            Self::Figure(name) => write!(out, "{name}"),
        }
    }
}

/// Numbers as ranges, as in `4-7, 9`; at most ten, the rest counted.
pub fn ranges(rows: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &row in rows {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == row => *end = row,
            _ => ranges.push((row, row)),
        }
    }
    let shown: Vec<String> =
        ranges.iter().take(10).map(|(start, end)| if start == end { start.to_string() } else { format!("{start}-{end}") }).collect();
    let rest = ranges.len().saturating_sub(10);
    if rest > 0 { format!("{} and {rest} more ranges", shown.join(", ")) } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA"), (16384, "XFD")] {
            assert_eq!(column_letters(column), letters);
        }
    }
}
