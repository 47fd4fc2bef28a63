//! What a workbook must keep before any of its cells is believed. The archive and the XML of every part that is
//! read are looked through in front of the reader, which trusts what it is told: counts, addresses, indices.
//! Nothing is repaired here; a workbook that breaks a rule is refused, with the part or cell that breaks it.

mod addresses;
mod cell;
pub mod foreign;
pub mod package;
mod plain;
pub mod sheet;
pub mod strings;
pub mod workbook;
pub(in crate::io) mod xml;

use std::fmt;

use crate::table::workbook::Block;

/// Bounds on what a workbook may hold; all of them far above any country's workbook.
pub mod limits {
    /// Bytes of the file.
    pub const FILE: usize = 64 << 20;
    /// Parts in the archive.
    pub const PARTS: usize = 2_000;
    /// Bytes of one part, unpacked.
    pub const PART: u64 = 256 << 20;
    /// Bytes of all parts together, unpacked.
    pub const TOTAL: u64 = 512 << 20;
    /// How many times larger a part may be than what it was packed into …
    pub const RATIO: u64 = 200;
    /// … where it is larger than this.
    pub const RATIO_FROM: u64 = 16 << 20;
    /// Characters of one text; the most that a spreadsheet program takes.
    pub const TEXT: usize = 32_767;
    /// Bytes of all the texts that the cells of a sheet refer to.
    pub const REFERRED: u64 = 256 << 20;
    /// Cells of one sheet.
    pub const CELLS: u64 = 20_000_000;
    /// Cells that a row of few bytes says are there again: a file of a few kB could else take all memory.
    pub const REPEATED_CELLS: u64 = 500_000;
    /// Elements inside one another.
    pub const DEPTH: usize = 256;
    /// Rows of a sheet.
    pub const ROWS: u32 = 1_048_576;
    /// Columns of a sheet.
    pub const COLUMNS: u32 = 16_384;
}

/// How many rows the merged blocks of a sheet cover together. Blocks do not overlap, so that they cover no more than a sheet
/// can hold; each row of a block is looked at.
#[derive(Copy, Clone, Debug, Default)]
pub struct MergedRows(u64);

impl MergedRows {
    /// Takes a block in.
    pub fn add(&mut self, block: Block) -> Result<(), Refusal> {
        if block.bottom < block.top || block.right < block.left {
            return Err(Refusal::of_workbook("a block of merged cells ends before it begins"));
        }
        self.0 = self.0.saturating_add(u64::from(block.bottom.saturating_sub(block.top)) + 1);
        if self.0 > limits::CELLS {
            return Err(Refusal::of_workbook(format!("its merged cells cover more than {} rows together", limits::CELLS)));
        }
        Ok(())
    }
}

/// Why a workbook is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The sheet; empty if it is the workbook as a whole.
    pub sheet: String,
    /// The cell or part within it; may be empty.
    pub within: String,
    /// What is wrong.
    pub what: String,
}

impl Refusal {
    /// Of the workbook as a whole.
    pub fn of_workbook(what: impl Into<String>) -> Self {
        Self { sheet: String::new(), within: String::new(), what: what.into() }
    }

    /// Of a cell or part.
    pub fn within(within: impl Into<String>, what: impl Into<String>) -> Self {
        Self { sheet: String::new(), within: within.into(), what: what.into() }
    }

    /// Names the sheet.
    pub fn in_sheet(self, sheet: &str) -> Self {
        Self { sheet: sheet.to_owned(), ..self }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.sheet.is_empty(), self.within.is_empty()) {
            (true, true) => {}
            (true, false) => write!(out, "{}: ", self.within)?,
            (false, true) => write!(out, "sheet `{}`: ", self.sheet)?,
            (false, false) => write!(out, "sheet `{}`, {}: ", self.sheet, self.within)?,
        }
        out.write_str(&self.what)
    }
}

impl std::error::Error for Refusal {}
