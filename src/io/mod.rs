//! Every byte that comes in or goes out. Each outside crate that knows a format has one host here.

pub mod atomic;
mod csv_field;
mod csv_plain;
pub mod csv_text;
pub mod digest;
pub mod embedded;
pub mod error;
pub mod guard;
pub mod read_csv;
mod read_folder;
pub mod read_form;
pub mod read_framework;
pub mod read_gazetteer;
pub mod read_hpc;
pub mod read_input;
pub mod read_ods;
pub mod read_old;
#[cfg(feature = "parquet")]
mod read_parquet;
pub mod read_workbook;
pub mod sniff;
pub mod write_csv;
pub mod write_json;
pub mod write_template;
pub mod write_xlsx;
pub mod xlsx_cells;
pub mod xlsx_names;

pub use error::{ReadError, WriteError};
