//! Rows that add up others are no data, and say something all the same: each is compared with what it adds up, since a
//! total that differs tells of a row that is lost, doubled or changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cells::CellTable;
use super::locate::Located;
use super::parts::parts_of;
use super::population::PopulationTable;
use super::total_words::names_a_total;
use super::units::{Keyed, KeyedSheets};
use crate::diag::place::listed;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::{AreaId, AreaTree, CellId, Decimal, People};
use crate::framework::files::RoleName;
use crate::table::plain_number::number_in;
use crate::table::{CellValue, folded};

/// Compares every row that calls itself a total, and every row of people that names an area above the others.
pub fn compare_totals(sheets: &KeyedSheets<'_, '_>, population: &PopulationTable, cells: &CellTable, areas: &AreaTree) -> Findings {
    let mut found = Findings::default();
    let mut agree: BTreeMap<Arc<str>, Vec<CellRef>> = BTreeMap::new();
    for above in sheets.above() {
        let name = cells.name(areas, above.cell);
        let parts = parts_of(above.cell, cells, areas, population);
        let sum: People = parts.iter().filter_map(|part| population.of(*part)).sum();
        match population.of(above.cell) {
            Some(people) if !parts.is_empty() && people.rounded() == sum.rounded() => {
                agree.entry(Arc::clone(&above.key.sheet)).or_default().push(above.key.clone());
            }
            people => {
                let people = people.map_or_else(String::new, |people| format!("{people} people, "));
                let message = format!("the row names {name} and no area in it, and is not its total: {people}those in it are {sum}");
                found.add(Code::MissingPCode, Place::Cell(above.key.clone()), message);
            }
        }
    }
    // Several tables may be read from one sheet.
    let mut seen = BTreeSet::new();
    for keyed in sheets.all().filter(|keyed| !keyed.table.totals.is_empty()) {
        for (row, column) in compare_table(keyed, cells, areas, &mut found) {
            if seen.insert((Arc::clone(&keyed.table.sheet.name), row, column)) {
                let cell = CellRef { sheet: Arc::clone(&keyed.table.sheet.name), row, column };
                agree.entry(Arc::clone(&cell.sheet)).or_default().push(cell);
            }
        }
    }
    for cells in agree.into_values() {
        let Some(first) = cells.first() else { continue };
        let message = format!("totals that are the sum of their rows: {}", listed(&cells));
        found.add(Code::TotalAgrees, Place::Cell(first.clone()), message);
    }
    found
}

/// Compares the totals of a table. Says which are no sum, and gives the cells of those that are.
fn compare_table(keyed: &Keyed<'_, '_>, cells: &CellTable, areas: &AreaTree, found: &mut Findings) -> Vec<(u32, u32)> {
    let table = keyed.table;
    let columns = summed_columns(table);
    let rows = rows_that_add_up(keyed, cells, areas);
    let group_of = |number: u32| match (table.column("group"), table.sheet.row(number)) {
        (Some(column), Some(row)) => match row.get(column) {
            // A total of all groups may say so.
            CellValue::Text(text) if !names_a_total(text) => Some(folded(text)),
            _ => None,
        },
        _ => None,
    };
    let mut agree = Vec::new();
    let mut before = 0;
    for &total in &table.totals {
        let Some(row) = table.sheet.row(total) else { continue };
        let group = group_of(total);
        let of_group = |number: u32| group.is_none() || group_of(number) == group;
        for &(column, ref name) in &columns {
            let Some(stated) = number_in(row.get(column), table.layout.decimal_comma()) else { continue };
            let sum = |from: u32, to: u32| -> Decimal {
                let within = rows.iter().copied().filter(|&number| (from..to).contains(&number) && of_group(number));
                let value = |number: u32| {
                    let value = table.sheet.row(number).map(|row| row.get(column))?;
                    number_in(value, table.layout.decimal_comma()).and_then(Decimal::from_f64)
                };
                within.filter_map(value).map(People).sum::<People>().0
            };
            // A subtotal adds up the rows since the one before; a total all of them, those below it too where it stands on top.
            let (since, above, all) = (sum(before + 1, total), sum(0, total), sum(0, u32::MAX));
            let is = |sum: &Decimal| (sum.to_f64() - stated).abs() < 1.0;
            if [since, above, all].iter().any(is) {
                agree.push((total, column));
            } else {
                let place = CellRef { sheet: Arc::clone(&table.sheet.name), row: total, column };
                let message = format!("column {} of the total says {stated}, the rows add up to {above}", quoted(name));
                found.add(Code::TotalDiffers, Place::Cell(place), message);
            }
        }
        before = total;
    }
    agree
}

/// The columns of a table that hold people and add up. Where a row speaks of one of several AoRs, sexes or ages nothing
/// says what a total adds up.
fn summed_columns(table: &Located<'_>) -> Vec<(u32, String)> {
    let names: &[&str] = match table.layout.role {
        RoleName::Population => &["population", "affected"],
        RoleName::Estimates => &["in-need", "affected"],
        RoleName::Previous => &["in-need"],
        RoleName::Sectors => &["population", "in-need", "targeted"],
        RoleName::Response => &["targeted", "reached"],
        _ => &[],
    };
    if ["aor", "sector", "sex", "age", "disability"].iter().any(|name| table.column(name).is_some()) {
        return Vec::new();
    }
    let is_summed = |name: &str| names.contains(&name.rsplit_once('.').map_or(name, |(_, figure)| figure));
    let named = table.names().filter(|name| is_summed(name)).filter_map(|name| Some((table.column(name)?, table.header(name).to_owned())));
    let leaves = table.leaves.iter().map(|(leaf, column)| (*column, leaf.to_string()));
    named.chain(leaves).collect()
}

/// The rows of a table that are no sums of others in it: their area holds no other area with a row, and their group is
/// named where others of the area name one.
fn rows_that_add_up(keyed: &Keyed<'_, '_>, cells: &CellTable, areas: &AreaTree) -> Vec<u32> {
    let key = |cell: CellId| cells.key(cell);
    let holds: BTreeSet<AreaId> = keyed.rows.iter().flat_map(|&(_, cell)| areas.path(key(cell).area).skip(1)).collect();
    let by_group: BTreeSet<(AreaId, &str)> = keyed
        .rows
        .iter()
        .filter(|(_, cell)| key(*cell).group.is_some())
        .map(|&(_, cell)| (key(cell).area, key(cell).pocket.as_str()))
        .collect();
    let is_part = |cell: CellId| {
        let of = key(cell);
        !holds.contains(&of.area) && (of.group.is_some() || !by_group.contains(&(of.area, of.pocket.as_str())))
    };
    keyed.rows.iter().filter(|(_, cell)| is_part(*cell)).map(|(row, _)| *row).collect()
}
