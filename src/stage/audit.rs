//! The account of cells: which were missing, repaired, set aside or overridden, with sheet and address.

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
    pub detail: std::sync::Arc<str>,
}

/// The whole account.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Its lines; sorted by cell once reading is over.
    pub entries: Vec<AuditEntry>,
}
