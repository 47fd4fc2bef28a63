//! Rules as data. Two shapes for a data file: what the TOML says, field for field (`files`), and what
//! `validate` makes of it: an immutable [`Framework`] or [`Context`]. Only these reach a stage.

pub mod cases;
pub mod coefficients;
pub mod combine;
pub mod conditions;
pub mod context;
pub mod files;
pub mod intersectoral;
pub mod kernel;
pub mod ladder;
pub mod layout;
pub mod rules;
pub mod schema;
pub mod score_form;
pub mod shape;
pub mod source;
pub mod validate;

pub use context::Context;
pub use rules::Framework;
