//! Tables in no one's words yet: the typed cells of a workbook, dense grids, statistics.

pub mod column;
mod dense;
mod dense_builder;
pub mod form;
pub mod grid;
mod memo;
pub mod plain_number;
pub mod random;
pub mod sheet;
mod short_fields;
pub mod stats;
pub mod workbook;

pub use column::{Answers, Column, Word, folded, is_no_word, is_one_of};
pub use dense::PART_ROWS;
pub use dense_builder::{DenseBuilder, Dictionaries, Part, PartBuilder, TextCells};
pub use grid::Grid;
pub use memo::Memo;
pub use plain_number::without_zero_fraction;
pub use sheet::{Sheet, SheetBuilder};
pub use workbook::{CellValue, Workbook};
