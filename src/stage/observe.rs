//! From the sheets of indicators to columns of values: what each area and group says, before any rule. Which row
//! speaks for a cell is decided here, what a column's cell says in `read_column`.

use std::collections::BTreeMap;

use super::audit::Audit;
use super::cells::CellTable;
use super::five_shares::five_shares;
use super::locate::Located;
use super::population::PopulationTable;
use super::questions::{Questions, read_columns};
use super::read_column::ColumnReader;
use super::read_row::RowReader;
use super::units::{Keyed, KeyedSheets};
use crate::diag::place::listed;
use crate::diag::{CellRef, Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::{CellId, Decimal, IdVec, IndicatorId};
use crate::framework::Framework;
use crate::framework::files::{RoleName, UnitName};
use crate::framework::rules::Indicator;
use crate::framework::score_form::{ColumnKind, ScoreForm};
use crate::table::Column;

/// Values of indicators: a column per question, a row per cell.
#[derive(Clone, Debug, Default)]
pub struct IndicatorTable {
    /// Column name, kind and values.
    pub columns: Vec<(String, ColumnKind, Column)>,
    /// The columns that each indicator reads, in the order of its form.
    pub reads: IdVec<IndicatorId, Vec<usize>>,
    /// Whether the input has the indicator at all.
    pub present: IdVec<IndicatorId, bool>,
    /// Sheet and row of each cell's values, for the way back.
    pub rows: BTreeMap<CellId, Place>,
    /// Source and date of each cell's row, where the sheet says.
    pub sources: BTreeMap<CellId, (String, String)>,
}

impl IndicatorTable {
    /// The columns an indicator reads.
    pub fn columns_of(&self, indicator: IndicatorId) -> Vec<&Column> {
        self.reads[indicator].iter().filter_map(|&at| self.columns.get(at)).map(|(_, _, column)| column).collect()
    }
}

/// Reads the values of every indicator measured on areas.
pub fn observe(sheets: &KeyedSheets<'_, '_>, cells: &CellTable, rules: &Framework, audit: &mut Audit) -> Checked<IndicatorTable> {
    let mut found = Findings::default();
    let Questions { columns, reads, askers } = Questions::of(rules, Indicator::is_of_areas, cells.len());
    let present = rules.indicators.ids().map(|_| false).collect();
    let mut observed = IndicatorTable { columns, reads, present, ..IndicatorTable::default() };
    let mut there = vec![false; observed.columns.len()];
    for keyed in sheets.of(RoleName::Indicators) {
        read_rows(keyed, &mut observed, audit, &mut found);
        let questions = observed.columns.iter_mut().zip(&askers).zip(&mut there);
        let columns = questions.filter_map(|(((name, _, into), indicator), there)| {
            let column = keyed.table.column(name)?;
            *there = true;
            Some(ColumnReader::new(keyed.table, name, column, indicator, into))
        });
        let rows: Vec<(u32, u32)> = keyed.rows.iter().map(|&(row, cell)| (row, u32::try_from(cell.index()).unwrap_or(u32::MAX))).collect();
        for column in read_columns(&rows, columns.collect()) {
            column.finish(audit, &mut found);
        }
    }
    for keyed in sheets.of(RoleName::Indicators) {
        note_empty_rows(keyed, &observed, &mut found);
        check_share_indicators(keyed, &observed, rules, audit, &mut found);
    }
    for indicator in rules.indicators.ids() {
        observed.present[indicator] = observed.reads[indicator].iter().any(|&at| there.get(at).copied().unwrap_or(false));
    }
    found.with(observed)
}

/// Rows of which no indicator has a value.
fn note_empty_rows(keyed: &Keyed<'_, '_>, observed: &IndicatorTable, found: &mut Findings) {
    let here = observed.columns.iter().filter_map(|(name, _, values)| Some((keyed.table.column(name)?, values)));
    let here: Vec<(u32, &Column)> = here.collect();
    let Some(first) = here.iter().map(|(column, _)| *column).min() else { return };
    let is_empty = |cell: CellId| here.iter().all(|(_, values)| !values.is_known(cell.index()));
    let rows = keyed.rows.iter().filter(|(_, cell)| is_empty(*cell));
    let cells: Vec<CellRef> = rows.map(|&(row, _)| CellRef { sheet: keyed.table.sheet.name.clone(), row, column: first }).collect();
    if let Some(first) = cells.first() {
        let message = format!("rows without a value of any indicator begin at {}", listed(&cells));
        found.add(Code::RowEmpty, Place::Cell(first.clone()), message);
    }
}

/// Indicators that count people are held against the people who live there (method, section 1).
pub fn check_counts(sheets: &KeyedSheets<'_, '_>, observed: &IndicatorTable, population: &PopulationTable, rules: &Framework) -> Findings {
    let mut found = Findings::default();
    for (id, indicator) in rules.indicators.entries().filter(|(_, indicator)| indicator.unit == UnitName::People) {
        let Some(Column::Numbers(values)) = observed.columns_of(id).first().copied() else { continue };
        for keyed in sheets.of(RoleName::Indicators) {
            let Some(column) = keyed.table.column(&indicator.id) else { continue };
            for &(row, cell) in &keyed.rows {
                let count = values.get(cell.index()).copied().and_then(Decimal::from_f64);
                if let (Some(count), Some(people)) = (count, population.of(cell))
                    && count > people.0
                {
                    let place = CellRef { sheet: keyed.table.sheet.name.clone(), row, column };
                    found.add(Code::CountAbovePopulation, Place::Cell(place), format!("{count} people of {people}"));
                }
            }
        }
    }
    found
}

/// Shares in the form of an indicator follow the same rule as sheet `shares` (method, sections 4.6 and 14.3).
fn check_share_indicators(keyed: &Keyed<'_, '_>, observed: &IndicatorTable, rules: &Framework, audit: &mut Audit, found: &mut Findings) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    for (id, indicator) in rules.indicators.entries() {
        let ScoreForm::Shares(names) = &indicator.form else { continue };
        let names = names.each_ref().map(String::as_str);
        // Two sheets may hold indicators; a row speaks of those for which its own sheet has a column.
        if names.iter().all(|name| keyed.table.column(name).is_none()) {
            continue;
        }
        let columns = observed.columns_of(id);
        let whose = format!("indicator `{}`: ", indicator.id);
        for &(number, cell) in &keyed.rows {
            let mut parts = [None; 5];
            for (part, column) in parts.iter_mut().zip(&columns) {
                if let Column::Numbers(values) = column {
                    *part = values.get(cell.index()).copied().and_then(Decimal::from_f64);
                }
            }
            if parts.iter().any(Option::is_some) {
                five_shares(parts, names, number, &whose, &mut reader);
            }
        }
    }
}

/// Notes where each cell's values stand, and refuses a second row for the same cell.
fn read_rows(keyed: &Keyed<'_, '_>, observed: &mut IndicatorTable, audit: &mut Audit, found: &mut Findings) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    let mut repeated: Vec<Place> = Vec::new();
    for &(number, cell) in &keyed.rows {
        let place = Place::Row(keyed.table.sheet.name.clone(), number);
        if let Some(first) = observed.rows.get(&cell) {
            if is_the_same(keyed.table, first, number) {
                repeated.push(reader.key_place(number));
                reader.set_aside(number, "repeats another row cell for cell");
            } else {
                let message = format!("this area and group stand here and in {first}");
                reader.found.add(Code::DuplicateRow, reader.key_place(number), message);
            }
            continue;
        }
        observed.rows.insert(cell, place);
        let Some(row) = reader.row(number) else { continue };
        reader.used(number);
        let source = reader.text(row, "source").unwrap_or_default();
        let date = reader.date(row, "date");
        if !source.is_empty() || !date.is_empty() {
            observed.sources.insert(cell, (source, date));
        }
    }
    let cells: Vec<CellRef> =
        repeated.into_iter().filter_map(|place| if let Place::Cell(cell) = place { Some(cell) } else { None }).collect();
    if let Some(first) = cells.first() {
        let message = format!("rows that repeat another one cell for cell count once: {}", listed(&cells));
        reader.found.add(Code::RowRepeated, Place::Cell(first.clone()), message);
    }
}

/// Whether two rows of a sheet hold the same, cell for cell.
fn is_the_same(table: &Located<'_>, first: &Place, second: u32) -> bool {
    let Place::Row(sheet, first) = first else { return false };
    let cells = |number: u32| table.sheet.row(number).into_iter().flat_map(|row| row.cells());
    *sheet == table.sheet.name && cells(*first).eq(cells(second))
}
