//! What the tables say, in no format yet. Only reads the analysis; a writer only lays out what stands here.

pub mod account;
pub mod audit;
pub mod build;
pub mod decisions;
pub mod document;
pub mod evidence;
pub mod figures;
pub mod findings;
pub mod first_context;
pub mod flags;
pub mod judgements;
pub mod methods;
pub mod model;
pub mod needs;
pub mod pin;
pub mod provenance;
pub mod sectors;
pub mod severity;
pub mod summary;
pub mod survey;
pub mod template;
pub mod trend;

pub use build::Report;
pub use model::{Column, Datum, Format, StreamedTable, Table, TextFile};
pub use provenance::Provenance;
