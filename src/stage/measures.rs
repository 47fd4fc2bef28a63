//! Columns of numbers that a layout knows by their place alone: each cell holds a number or nothing. They are checked, so that
//! a bad cell is named, and no figure rests on them until a context says which indicator a column is.

use super::audit::Audit;
use super::read_row::RowReader;
use super::units::KeyedSheets;
use crate::diag::place::{listed, with_more};
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};

/// So many columns are named.
const SHOWN: usize = 10;

/// Checks every such column of every table.
pub fn check_measures(sheets: &KeyedSheets<'_, '_>, audit: &mut Audit) -> Findings {
    let mut found = Findings::default();
    for keyed in sheets.all().filter(|keyed| !keyed.table.measures.is_empty()) {
        let table = keyed.table;
        let mut reader = RowReader { table, found: &mut found, audit };
        for (column, name) in &table.measures {
            for &(number, _) in &keyed.rows {
                if let Some(row) = reader.row(number) {
                    reader.number_at(row, *column, name, &[]);
                }
            }
        }
        let cells: Vec<CellRef> = table
            .measures
            .iter()
            .map(|(column, _)| CellRef { sheet: table.sheet.name.clone(), row: table.frame.header_row, column: *column })
            .collect();
        let names: Vec<String> = table.measures.iter().take(SHOWN).map(|(_, name)| quoted(name)).collect();
        if let Some(first) = cells.first() {
            let names = with_more(&names.join(", "), cells.len().saturating_sub(SHOWN));
            let message =
                format!("{} columns of numbers are read and no indicator is named by them ({}): {names}", cells.len(), listed(&cells));
            found.add(Code::MeasuresUnused, Place::Cell(first.clone()), message);
        }
    }
    found
}
