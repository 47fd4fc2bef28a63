//! What the tables say, in no format yet. A writer only lays out what stands here.

pub mod model;

pub use model::{Align, Column, Datum, Format, Report, Table};
