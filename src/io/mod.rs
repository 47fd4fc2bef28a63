//! Every byte that comes in or goes out.

pub mod atomic;
pub mod error;
pub mod read_csv;
pub mod read_framework;
pub mod read_input;
pub mod read_workbook;
pub mod write_csv;
pub mod write_json;
pub mod write_xlsx;
