//! Which cells were read as missing, in every table: blank where a value was expected, a token for missing, an error
//! cell that the context grants, a phase that counts as unknown. Cells of indicators and of sheet `shares` are noted
//! where they are read; all others here, by the same rules (`read_row`).

use std::sync::Arc;

use super::audit::{Audit, AuditEntry, AuditKind};
use super::locate::{AREA_COLUMNS, Located, Sheets};
use super::read_row::RowReader;
use crate::diag::{Code, Findings};
use crate::framework::files::RoleName;
use crate::table::sheet::Row;
use crate::table::{CellValue, is_no_word};

/// What a column holds, as far as missing values go.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Holds {
    /// A number is expected in every row.
    Number,
    /// A phase is expected in every row.
    Phase,
    /// A phase that may lie between two.
    Between,
    /// A number that a person fills in where something is to be changed: blank says nothing.
    SometimesNumber,
    /// The same for a phase.
    SometimesPhase,
    /// Names, sources, reasons: blank says nothing.
    Text,
}

/// `None` for columns whose reader notes what is missing itself, and for those in which it is an error.
fn holds(role: RoleName, name: &str) -> Option<Holds> {
    if let Some((_, figure)) = name.split_once('.')
        && !matches!(role, RoleName::Indicators)
    {
        return Some(if figure == "phase" { Holds::Phase } else { Holds::Number });
    }
    match (role, name) {
        (RoleName::Population, "population" | "affected")
        | (RoleName::Estimates, "in-need" | "affected")
        | (RoleName::Previous, "in-need")
        | (RoleName::Response, "targeted" | "reached")
        | (RoleName::Areas, "level")
        | (RoleName::Sectors, "population" | "crude-death-rate" | "under5-death-rate" | "civilian-casualties" | "whz" | "muac") => {
            Some(Holds::Number)
        }
        (RoleName::Sectors, coping) if coping.starts_with("coping-phase") => Some(Holds::Number),
        (RoleName::Estimates | RoleName::Judgements | RoleName::Previous, "phase")
        | (RoleName::Sectors, "hr-ihl-violations" | "mortality" | "malnutrition" | "livelihood-coping") => Some(Holds::Phase),
        (RoleName::Sectors, "epidemics") => Some(Holds::Between),
        (RoleName::Sectors, "final-severity") => Some(Holds::SometimesPhase),
        (RoleName::Sectors, "final-in-need") => Some(Holds::SometimesNumber),
        (RoleName::Shares, "phase1" | "phase2" | "phase3" | "phase4" | "phase5") | (RoleName::Decisions, "old" | "new") => None,
        (RoleName::Indicators, name) if !AREA_COLUMNS.contains(&name) && !["pocket", "group", "source", "date"].contains(&name) => None,
        _ => Some(Holds::Text),
    }
}

/// Notes every missing cell of every table.
pub fn account_for_missing(sheets: &Sheets<'_>, audit: &mut Audit) {
    // Which cells of which household are blank is nobody's business outside.
    for table in sheets.tables.iter().filter(|table| table.layout.role != RoleName::Households) {
        let named = table.names().filter_map(|name| Some((name, table.column(name)?, holds(table.layout.role, name)?)));
        let leaves = table.leaves.iter().map(|(_, column)| ("population", *column, Holds::Number));
        for (name, column, holds) in named.chain(leaves) {
            note_column(table, name, column, holds, audit);
        }
    }
}

fn note_column(table: &Located<'_>, name: &str, column: u32, holds: Holds, audit: &mut Audit) {
    // What is wrong with a cell has been said where it was read.
    let (mut said, mut noted) = (Findings::default(), Audit::default());
    let mut reader = RowReader { table, found: &mut said, audit: &mut noted };
    let detail: Arc<str> = name.into();
    for &number in &table.rows {
        let Some(row) = reader.row(number) else { continue };
        if is_missing(&mut reader, row, column, name, holds) {
            audit.entries.push(AuditEntry { cell: reader.cell(number, column), kind: AuditKind::Missing, detail: Arc::clone(&detail) });
        }
    }
}

fn is_missing<'a>(reader: &mut RowReader<'a, '_>, row: Row<'a>, column: u32, name: &str, holds: Holds) -> bool {
    let blank = match row.get(column) {
        CellValue::Blank => true,
        CellValue::Text(text) => is_no_word(text),
        _ => false,
    };
    if blank {
        return matches!(holds, Holds::Number | Holds::Phase | Holds::Between);
    }
    match holds {
        Holds::Number | Holds::SometimesNumber => reader.number_at(row, column, name, &[]).is_none(),
        Holds::Phase | Holds::SometimesPhase => reader.phase(row, name, Code::SectorPhase).is_none(),
        Holds::Between => reader.between_phases(row, name, Code::SectorPhase).is_none(),
        Holds::Text => reader.content(row, column, name, &[]).is_none(),
    }
}
