//! Rows and columns that the workbook hides are data like any other, since a filter is left on in many a sheet; and whoever
//! looks at the sheet does not see them, so that it is said.

use std::collections::BTreeSet;

use super::Located;
use crate::diag::place::column_letters;
use crate::diag::place::ranges;
use crate::diag::{Code, Findings, Place};

/// Says which of the rows and columns that are read are hidden.
pub(super) fn note_hidden(table: &Located<'_>, found: &mut Findings) {
    let notes = &table.sheet.notes;
    let within = |runs: &[(u32, u32)], at: u32| runs.iter().any(|(first, last)| (*first..=*last).contains(&at));
    let rows: Vec<u32> = table.rows.iter().copied().filter(|&row| notes.is_hidden(row, 0)).collect();
    let read: BTreeSet<u32> =
        table.columns.values().map(|(column, _)| *column).chain(table.leaves.iter().map(|(_, column)| *column)).collect();
    let columns: Vec<String> = read.into_iter().filter(|&column| within(&notes.hidden_columns, column)).map(column_letters).collect();
    let mut hidden = Vec::new();
    if !rows.is_empty() {
        hidden.push(format!("{} row{} ({})", rows.len(), if rows.len() == 1 { "" } else { "s" }, ranges(&rows).replace('-', ":")));
    }
    if !columns.is_empty() {
        hidden.push(format!("column{} {}", if columns.len() == 1 { "" } else { "s" }, columns.join(", ")));
    }
    if table.sheet.hidden {
        hidden.push("the whole sheet".into());
    }
    if !hidden.is_empty() {
        found.add(Code::Hidden, Place::Sheet(table.sheet.name.clone()), format!("hidden and read all the same: {}", hidden.join("; ")));
    }
}
