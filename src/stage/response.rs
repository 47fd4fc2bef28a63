//! People targeted and reached, per cell and AoR, as the response plan counts them.

use std::collections::BTreeMap;

use super::audit::Audit;
use super::figure_columns::{FigureColumns, series_of_row};
use super::read_row::RowReader;
use super::units::KeyedSheets;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{Aor, CellId, People, Series};
use crate::framework::files::RoleName;

/// Targeted and reached, per cell and series.
#[derive(Clone, Debug)]
pub struct ResponseTable {
    /// Where each cell's figures stand first.
    pub places: BTreeMap<CellId, Place>,
    targeted: [PeopleColumn; 6],
    reached: [PeopleColumn; 6],
}

impl ResponseTable {
    /// People targeted.
    pub fn targeted(&self, cell: CellId, series: Series) -> Option<People> {
        self.targeted.get(series.index()).and_then(|column| column.get(cell.index()))
    }

    /// People reached.
    pub fn reached(&self, cell: CellId, series: Series) -> Option<People> {
        self.reached.get(series.index()).and_then(|column| column.get(cell.index()))
    }
}

const FIGURES: &[&str] = &["targeted", "reached"];

/// Reads sheet `response`.
pub fn read_response(sheets: &KeyedSheets<'_, '_>, cells: usize, aors: &[Aor], audit: &mut Audit) -> Checked<ResponseTable> {
    let mut found = Findings::default();
    let mut table = ResponseTable {
        places: BTreeMap::new(),
        targeted: Series::ALL.map(|_| PeopleColumn::missing(cells)),
        reached: Series::ALL.map(|_| PeopleColumn::missing(cells)),
    };
    for keyed in sheets.of(RoleName::Response) {
        let columns = FigureColumns::of_table(keyed.table, FIGURES, Series::parse).only_in_play(keyed.table, aors, &mut found);
        let mut reader = RowReader { table: keyed.table, found: &mut found, audit };
        for &(number, cell) in &keyed.rows {
            let Some(row) = reader.row(number) else { continue };
            let named: Vec<Series> = series_of_row(&mut reader, number, FIGURES, aors).into_iter().collect();
            let mut any = false;
            for (series, figure, column) in columns.of_row(&named) {
                let Some(people) = reader.people(row, column, Code::NegativePeople) else { continue };
                let into =
                    if figure == "targeted" { table.targeted.get_mut(series.index()) } else { table.reached.get_mut(series.index()) };
                let Some(into) = into else { continue };
                if into.get(cell.index()).is_some() {
                    let place = reader.place(number, column);
                    reader.found.add(Code::DuplicateRow, place, format!("{} stands twice for this area and group", series.code()));
                }
                any = true;
                into.set(cell.index(), Some(people));
                table.places.entry(cell).or_insert_with(|| reader.place(number, column));
            }
            reader.used_if(any, number);
        }
    }
    found.with(table)
}
