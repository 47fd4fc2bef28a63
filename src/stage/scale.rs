//! The scale of a column in per cent: from 0 to 100, or 0 to 1 in the guise of it. A column of which nobody can tell is refused
//! until its scale is declared (method, section 15.7).

use std::sync::Arc;

use super::read_row::RowReader;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Place};

/// What the values of a column in per cent say about its scale.
#[derive(Copy, Clone, Debug, Default)]
pub struct ScaleSeen {
    /// Values strictly between 0 and 1: how many, and the row of the first.
    fractions: (usize, u32),
    /// The largest of them.
    largest: f64,
    /// Values above 1 or below 0.
    beyond: (usize, u32),
    /// The smallest of those above 1.
    smallest: Option<f64>,
    /// Values that the sheet shows in per cent.
    shown: (usize, u32),
}

/// Of so few values nobody can say that they are written in two ways.
const TWO_WAYS: usize = 12;

impl ScaleSeen {
    /// Takes note of a value as it is written in this row.
    pub fn see(&mut self, value: f64, row: u32) {
        if value > 0.0 && value < 1.0 {
            count(&mut self.fractions, row);
            self.largest = self.largest.max(value);
        } else if !(0.0..=1.0).contains(&value) {
            count(&mut self.beyond, row);
            self.smallest = Some(self.smallest.map_or(value, |smallest| smallest.min(value)));
        }
    }

    /// Takes note of a cell that the sheet shows in per cent.
    pub fn see_shown(&mut self, row: u32) {
        count(&mut self.shown, row);
    }

    /// Whether the column seems to be written in two ways: a good part of its values are fractions, a good part are not,
    /// and nothing lies between.
    fn is_mixed(&self) -> bool {
        let (fractions, beyond) = (self.fractions.0, self.beyond.0);
        fractions + beyond >= TWO_WAYS
            && fractions.min(beyond) * 4 >= fractions + beyond
            && self.smallest.is_some_and(|smallest| smallest >= 5.0 * self.largest)
    }
}

fn count((number, first): &mut (usize, u32), row: u32) {
    if *number == 0 {
        *first = row;
    }
    *number += 1;
}

/// Values are held against the bounds of their unit as against a ladder's (method, section 14.2).
pub fn to_nine_places(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

impl RowReader<'_, '_> {
    /// A column in per cent of which every value could as well be a share, or of which a good part could, is refused until
    /// its scale is declared (method, section 15.7). Cells that the sheet itself shows in per cent are read so.
    pub fn check_scale(&mut self, name: &str, column: u32, seen: ScaleSeen) {
        if self.table.layout.percent_scale.is_some() {
            return;
        }
        let ScaleSeen { fractions, beyond, shown, .. } = seen;
        let name = quoted(name);
        let cell = |row: u32| CellRef { sheet: Arc::clone(&self.table.sheet.name), row, column };
        if shown.0 > 0 {
            let message = format!("{} cells of column {name} are shown in per cent and read so, as 0.16 is shown as 16 %", shown.0);
            self.found.add(Code::PercentFormat, Place::Cell(cell(shown.1)), message);
        }
        if beyond.0 == 0 && fractions.0 > 0 {
            let message = format!("every value of column {name} lies between 0 and 1: per cent or shares?");
            self.found.add(Code::PercentScale, Place::Cell(cell(fractions.1)), message);
        } else if seen.is_mixed() {
            let message = format!(
                "{} values of column {name} lie between 0 and 1 and {} above, the first in {} and {}: are two scales mixed?",
                fractions.0,
                beyond.0,
                cell(fractions.1).address(),
                cell(beyond.1).address()
            );
            self.found.add(Code::PercentScale, Place::Cell(cell(fractions.1)), message);
        }
    }
}
