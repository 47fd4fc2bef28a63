//! The account of cells and rows: which cells were missing, repaired or overridden, and what became of each row of each table.

use std::sync::Arc;

use crate::diag::CellRef;

/// What happened to a cell.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuditKind {
    /// Nothing in it, or a token that means missing.
    Missing,
    /// Read without loss although it was not written as it should be.
    Repaired,
    /// Its row is no area, or stands outside the table.
    SetAside,
}

impl AuditKind {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Repaired => "repaired",
            Self::SetAside => "set-aside",
        }
    }
}

/// One line of the account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditEntry {
    /// The cell.
    pub cell: CellRef,
    /// What happened to it.
    pub kind: AuditKind,
    /// The column it stands in, or why.
    pub detail: Arc<str>,
}

/// What became of a row.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Something rests on it.
    Used,
    /// Nothing does, for this reason.
    SetAside(&'static str),
}

/// The whole account.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Its lines; sorted by cell once reading is over.
    pub entries: Vec<AuditEntry>,
    /// Rows of each table, by its id, as runs from first to last; sorted once reading is over.
    fates: Vec<Vec<(u32, u32, Fate)>>,
    /// Nobody wants to know of single cells.
    of_no_cells: bool,
}

impl Audit {
    /// An account without a line for any cell.
    pub fn of_no_cells() -> Self {
        Self { of_no_cells: true, ..Self::default() }
    }

    /// Whether lines for single cells are kept.
    pub fn is_of_cells(&self) -> bool {
        !self.of_no_cells
    }

    /// Takes note of what became of a row of this table.
    pub fn note_row(&mut self, table: usize, row: u32, fate: Fate) {
        if self.fates.len() <= table {
            self.fates.resize_with(table + 1, Vec::new);
        }
        let Some(runs) = self.fates.get_mut(table) else { return };
        match runs.last_mut() {
            Some((_, last, same)) if last.checked_add(1) == Some(row) && *same == fate => *last = row,
            _ => runs.push((row, row, fate)),
        }
    }

    /// Puts the rows of every table in order.
    pub fn sort_rows(&mut self) {
        for runs in &mut self.fates {
            runs.sort_unstable();
            // What became of a row more than once shows only where rows stand by themselves.
            if runs.array_windows().any(|[(_, last, _), (next, _, _)]| next <= last) {
                let single = runs.iter().flat_map(|&(first, last, fate)| (first..=last).map(move |row| (row, row, fate)));
                *runs = single.collect();
                runs.sort_unstable();
            }
        }
    }

    /// The rows of a table and what became of them, in order.
    pub fn fates_of(&self, table: usize) -> impl Iterator<Item = (u32, Fate)> + '_ {
        let runs = self.fates.get(table).map_or(&[][..], Vec::as_slice);
        runs.iter().flat_map(|&(first, last, fate)| (first..=last).map(move |row| (row, fate)))
    }
}
