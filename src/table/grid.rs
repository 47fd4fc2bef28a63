//! A dense table of one kind of value, stored column by column so that a stage runs down a column in one
//! sweep. The only user of `ndarray`.

use ndarray::{Array2, Axis, ShapeBuilder};

/// Rows x columns of `T`, column-major. Outside the table, `get` says `None` and `set` does nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid<T> {
    cells: Array2<T>,
}

impl<T: Copy> Grid<T> {
    /// A table filled with one value.
    pub fn filled(rows: usize, columns: usize, value: T) -> Self {
        Self { cells: Array2::from_elem((rows, columns).f(), value) }
    }

    /// A table made of columns of equal length; a shorter column is filled up with `blank`.
    pub fn from_columns(rows: usize, columns: Vec<Vec<T>>, blank: T) -> Self {
        let width = columns.len();
        let mut cells = Vec::with_capacity(rows * width);
        for mut column in columns {
            column.resize(rows, blank);
            cells.extend_from_slice(&column);
        }
        let filled = Array2::from_shape_vec((rows, width).f(), cells);
        Self { cells: filled.unwrap_or_else(|_| Array2::from_elem((rows, width).f(), blank)) }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.cells.nrows()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.cells.ncols()
    }

    /// One value.
    pub fn get(&self, row: usize, column: usize) -> Option<T> {
        self.cells.get((row, column)).copied()
    }

    /// Sets one value.
    pub fn set(&mut self, row: usize, column: usize, value: T) {
        if let Some(cell) = self.cells.get_mut((row, column)) {
            *cell = value;
        }
    }

    /// One column from top to bottom; empty outside the table.
    pub fn column(&self, column: usize) -> &[T] {
        if column >= self.columns() {
            return &[];
        }
        self.cells.index_axis(Axis(1), column).to_slice().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_contiguous() {
        let mut grid = Grid::filled(3, 2, 0);
        grid.set(1, 1, 7);
        grid.set(9, 9, 8);
        assert_eq!(grid.column(1), [0, 7, 0]);
        assert_eq!(grid.column(5), [] as [i32; 0]);
        assert_eq!(Grid::from_columns(2, vec![vec![1, 2], vec![3]], 0).column(1), [3, 0]);
    }
}
