//! What stands in a sheet and is not read: headers that no table uses, columns without a header. A name that is nearly
//! one that was not found is likely that one, and what stands under it is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Located;
use super::headers::Header;
use crate::diag::render::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::files::RoleName;
use crate::framework::layout::TableLayout;
use crate::framework::rules::Framework;
use crate::table::{Sheet, folded};

/// What a sheet has that no table uses, and what its tables lack.
struct Unused {
    role: RoleName,
    /// Headers by column.
    headers: BTreeMap<u32, String>,
    /// Headers of columns that were not found.
    absent: Vec<String>,
}

/// The headers of each sheet that no table uses. Several tables may stand in one sheet.
#[derive(Default)]
pub(super) struct UnusedColumns {
    by_sheet: BTreeMap<(Arc<str>, u32), Unused>,
}

impl UnusedColumns {
    pub(super) fn keep(
        &mut self,
        layout: &TableLayout,
        sheet: &Sheet,
        headers: &[Header],
        taken: &BTreeSet<u32>,
        columns: &BTreeMap<String, (u32, String)>,
    ) {
        let free = || headers.iter().filter(|header| !taken.contains(&header.column));
        let absent =
            layout.columns.iter().filter(|(name, _)| !columns.contains_key(name)).flat_map(|(_, accepted)| accepted.iter().cloned());
        match self.by_sheet.get_mut(&(Arc::clone(&sheet.name), layout.header_row)) {
            Some(unused) => {
                unused.headers.retain(|column, _| free().any(|header| header.column == *column));
                unused.absent.extend(absent);
            }
            None => {
                let headers = free().map(|header| (header.column, header.text.clone())).collect();
                let unused = Unused { role: layout.role, headers, absent: absent.collect() };
                self.by_sheet.insert((Arc::clone(&sheet.name), layout.header_row), unused);
            }
        }
    }

    /// A header that is nearly one that was not found is likely that one, and what stands under it is lost.
    pub(super) fn note(self, rules: &Framework, found: &mut Findings) {
        let indicators: Vec<&str> = rules.indicators.iter().map(|indicator| indicator.id.as_str()).collect();
        for ((sheet, row), unused) in self.by_sheet {
            let of_indicators = unused.role == RoleName::Indicators;
            let known = || unused.absent.iter().map(String::as_str).chain(indicators.iter().copied().filter(|_| of_indicators));
            let mut others = Vec::new();
            for (&column, text) in &unused.headers {
                let hint = did_you_mean(&folded(text), known());
                if hint.is_empty() {
                    others.push(quoted(text));
                } else {
                    let place = Place::Cell(CellRef { sheet: Arc::clone(&sheet), row, column });
                    found.add(Code::ColumnMisnamed, place, format!("{} is not read{hint}", quoted(text)));
                }
            }
            if !others.is_empty() {
                let code = if of_indicators { Code::UnknownIndicator } else { Code::UnusedColumn };
                found.add(code, Place::Row(sheet, row), format!("not used: {}", others.join(", ")));
            }
        }
    }
}

/// Columns that hold something in the table's rows and have no header: nobody can say what they mean.
pub(super) fn note_headless(table: &Located<'_>, headers: &[Header], found: &mut Findings) {
    let (layout, sheet) = (table.layout, table.sheet);
    let named: BTreeSet<u32> = headers.iter().map(|header| header.column).collect();
    let data = table.rows.iter().filter_map(|&number| sheet.row(number));
    let headless: BTreeSet<u32> =
        data.flat_map(|row| row.cells().map(|(column, _)| column)).filter(|column| !named.contains(column)).collect();
    if !headless.is_empty() {
        let letters: Vec<String> = headless.iter().map(|&column| crate::diag::place::column_letters(column)).collect();
        let message = format!("not used, because they have no header: columns {}", letters.join(", "));
        found.add(Code::UnusedColumn, Place::Row(sheet.name.clone(), layout.header_row), message);
    }
}
