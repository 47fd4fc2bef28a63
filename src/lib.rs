//! pinpoint
pub mod diag;
pub mod domain;
pub mod framework;
pub mod report;
pub mod stage;
pub mod table;
