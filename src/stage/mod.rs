//! The flow: each file is one function from one table to the next. Nothing here opens a file, prints, reads a
//! clock or panics on data; after `observe` nothing can fail, because what could be wrong is a finding by then.

pub mod analysis;
pub mod areas;
pub mod audit;
pub mod beside;
pub mod cells;
pub mod change;
pub mod check;
pub mod decide;
pub mod evidence;
pub mod figure_columns;
pub mod five_shares;
pub mod flags;
pub mod intersectoral;
pub mod kin;
pub mod locate;
pub mod missing_cells;
pub mod mosaic;
pub mod observe;
pub mod outcomes;
pub mod parts;
pub mod people;
pub mod pin_table;
pub mod places;
pub mod population;
pub mod presence;
pub mod previous;
pub mod priority;
mod read_column;
pub mod read_row;
pub mod response;
pub mod rollup;
pub mod rollup_across;
pub mod rule_names;
pub mod score;
pub mod sectors;
pub mod severity;
pub mod slots;
pub mod total_words;
pub mod totals;
pub mod touched;
pub mod try_case;
pub mod units;
pub mod ways;
pub mod wholes;

pub use analysis::{Analysis, analyse};
