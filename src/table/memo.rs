//! What is found out about the values of a column, once for each different one.

use super::sheet::Row;

/// What was found out so far about the values of one column.
#[derive(Clone, Debug)]
pub struct Memo<T> {
    of_keys: Vec<Option<T>>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self { of_keys: Vec::new() }
    }
}

impl<T: Copy> Memo<T> {
    /// What is known of the cell's value; it is found out where the sheet does not tell equal values from others, or for the
    /// first cell that holds it. `find` may look at the value alone.
    #[inline]
    pub fn of(&mut self, row: Row<'_>, column: u32, find: impl FnOnce() -> T) -> T {
        self.known(row, column).unwrap_or_else(|| {
            let found = find();
            self.learn(row, column, found);
            found
        })
    }

    /// What is known of the cell's value.
    #[inline]
    pub fn known(&self, row: Row<'_>, column: u32) -> Option<T> {
        self.of_key(row.key(column))
    }

    /// The same, by the key of the cell.
    #[inline]
    pub fn of_key(&self, key: Option<u32>) -> Option<T> {
        self.of_keys.get(key? as usize).copied().flatten()
    }

    /// Takes note of what the cell's value says, where the sheet tells equal values from others.
    pub fn learn(&mut self, row: Row<'_>, column: u32, found: T) {
        self.learn_key(row.key(column), found);
    }

    /// The same, by the key of the cell.
    pub fn learn_key(&mut self, key: Option<u32>, found: T) {
        let Some(at) = key.map(|key| key as usize) else { return };
        if self.of_keys.len() <= at {
            self.of_keys.resize(at + 1, None);
        }
        if let Some(slot) = self.of_keys.get_mut(at) {
            *slot = Some(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{CellValue, DenseBuilder, Sheet};

    #[test]
    fn equal_values_are_looked_at_once() {
        let mut builder = DenseBuilder::new(1, 1);
        for field in ["a", "b", "a", "a", "b"] {
            builder.field(0, field, CellValue::Text);
            builder.end_row(1);
        }
        let sheet = Sheet::of_text("s", builder.finish());
        let (mut memo, mut looked) = (Memo::default(), 0);
        let is_a = |row: Row<'_>| row.get(1) == CellValue::Text("a");
        let found: Vec<bool> = sheet.rows().map(|row| memo.of(row, 1, || (is_a(row), looked += 1).0)).collect();
        assert_eq!((found, looked), (vec![true, false, true, true, false], 2));
    }
}
