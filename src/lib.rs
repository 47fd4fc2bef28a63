//! pinpoint tells how many people need protection, where, and how badly, and can show why.
//!
//! The flow, one type a stage and one function between two types:
//!
//! ```text
//! framework and context files ──validate──▶ Framework, Context              (read by every stage)
//! input ──read──▶ Workbook ──locate──▶ Sheets ──read_areas──▶ AreaTree ──read_units──▶ CellTable, KeyedSheets
//!   KeyedSheets ──read_population──▶ PopulationTable ────────────────────────────────────────┐
//!   KeyedSheets ──observe──▶ IndicatorTable ──score──▶ ScoredTable ─┐                        │
//!   KeyedSheets ──read_evidence──▶ EvidenceTable ───────────────────┴─combine─▶ SeverityTable ┴─estimate─▶ PinTable
//!   PinTable ──roll_up──▶ RolledTable      all kept = Analysis ──check──▶ Findings ──▶ Report ──write──▶ files
//! ```
//!
//! Imports run downward only: main → cli → run → io → report → stage → framework → diag → table → domain.
//! Nothing from `domain` to `report` opens a file, prints, reads a clock or panics on data; after the readers of a
//! stage nothing can fail, because whatever could be wrong is a [`diag::Finding`] by then.

pub mod cli;
pub mod diag;
pub mod domain;
pub mod framework;
pub mod io;
pub mod report;
pub mod run;
pub mod stage;
pub mod table;
