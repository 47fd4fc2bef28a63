//! pinpoint
pub mod diag;
pub mod domain;
pub mod framework;
pub mod table;
