//! Addresses and numbers as a sheet writes them: what is one, and what has stood in the sheet already.

use super::limits;
use crate::table::workbook::Block;

/// Which rows, and which cells of the row that is being read, have stood in the sheet.
#[derive(Default)]
pub(super) struct Seen {
    /// A bit for each row.
    rows: Vec<u64>,
    /// Columns of the row, in order.
    columns: Vec<u32>,
}

impl Seen {
    /// Whether the row is new.
    pub(super) fn row(&mut self, row: u32) -> bool {
        self.columns.clear();
        let (at, bit) = ((row / 64) as usize, 1_u64 << (row % 64));
        if self.rows.len() <= at {
            self.rows.resize(at + 1, 0);
        }
        let Some(bits) = self.rows.get_mut(at) else { return true };
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }

    /// Whether the cell is new in its row.
    pub(super) fn column(&mut self, column: u32) -> bool {
        if self.columns.last().is_none_or(|last| *last < column) {
            self.columns.push(column);
            return true;
        }
        match self.columns.binary_search(&column) {
            Ok(_) => false,
            Err(at) => {
                self.columns.insert(at, column);
                true
            }
        }
    }
}

/// Digits with at most one sign, point and exponent, and finite.
pub(super) fn is_plain_number(text: &str) -> bool {
    if is_short_decimal(text.as_bytes()) {
        return true;
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    plain && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A few digits with at most one point, as most numbers are: there is nothing to parse.
fn is_short_decimal(text: &[u8]) -> bool {
    let points = text.split(|byte| *byte == b'.').count() - 1;
    points <= 1 && points < text.len() && text.len() <= 15 && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// A block such as `B2:D9`.
pub fn block(reference: &str) -> Option<Block> {
    let (from, to) = reference.split_once(':').unwrap_or((reference, reference));
    let ((top, left), (bottom, right)) = (cell(from)?, cell(to)?);
    Some(Block { top: top.min(bottom), left: left.min(right), bottom: bottom.max(top), right: right.max(left) })
}

fn cell(address: &str) -> Option<(u32, u32)> {
    let plain = address.replace('$', "");
    let letters = plain.bytes().take_while(u8::is_ascii_uppercase).count();
    let (name, number) = plain.split_at(letters);
    let column = name.bytes().fold(0_u32, |column, letter| column.saturating_mul(26).saturating_add(u32::from(letter - b'A') + 1));
    let row: u32 = number.parse().ok()?;
    ((1..=limits::COLUMNS).contains(&column) && (1..=limits::ROWS).contains(&row)).then_some((row, column))
}

/// A text of the file for a message: at most 40 characters, none that controls the terminal.
pub(super) fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(40).collect()
}
