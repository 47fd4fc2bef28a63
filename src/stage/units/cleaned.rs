//! Codes of areas and groups that are read without regard to their spelling: which, and how they count.

use std::sync::Arc;

use super::super::audit::{Audit, AuditEntry, AuditKind};
use super::super::locate::Located;
use crate::diag::place::with_more;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};

/// Codes whose case, blanks or unseen letters did not count when they were read.
#[derive(Default)]
pub(super) struct Cleaned {
    cells: Vec<(CellRef, String)>,
    count: usize,
}

impl Cleaned {
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn see(&mut self, cell: CellRef, code: &str) {
        self.count += 1;
        if self.cells.len() < 5 {
            self.cells.push((cell, code.to_owned()));
        }
    }

    /// The same for a cell of this table, with a line in the account.
    pub(super) fn repair(&mut self, table: &Located<'_>, row: u32, column: u32, code: &str, detail: &str, audit: &mut Audit) {
        let cell = CellRef { sheet: Arc::clone(&table.sheet.name), row, column };
        audit.entries.push(AuditEntry { cell: cell.clone(), kind: AuditKind::Repaired, detail: detail.into() });
        self.see(cell, code);
    }

    pub(super) fn say(self, what: &str, found: &mut Findings) {
        let Some((first, _)) = self.cells.first() else { return };
        let shown: Vec<String> = self.cells.iter().map(|(cell, code)| format!("{} as {}", cell.address(), quoted(code))).collect();
        let cells = with_more(&shown.join(", "), self.count - shown.len());
        let message = format!("{what} that are written otherwise are read: {cells}");
        found.add(Code::CodeCleaned, Place::Cell(first.clone()), message);
    }
}
