//! The units of analysis: which area, pocket and group each row of each table speaks for. Every row finds its
//! cell here, once, or is a finding; nothing is joined by row order (method, section 1).

mod cleaned;
mod groups;
mod keys;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::audit::Audit;
use super::cells::{CellTable, PocketsAndGroups};
use super::locate::{Located, Sheets};
use crate::diag::{CellRef, Checked, Findings};
use crate::domain::{AreaId, AreaTree, CellId, GroupId};
use crate::framework::Context;
use crate::framework::files::RoleName;
use crate::table::folded;
use cleaned::Cleaned;
use groups::{Groups, is_spelling};
use keys::{RowKey, RowKeys, row_keys};

/// A table whose rows have found their cells.
#[derive(Clone, Debug)]
pub struct Keyed<'a, 'b> {
    /// The table.
    pub table: &'b Located<'a>,
    /// Row number and cell.
    pub rows: Vec<(u32, CellId)>,
}

/// The tables of one input, each row with its cell.
#[derive(Clone, Debug, Default)]
pub struct KeyedSheets<'a, 'b> {
    tables: Vec<Keyed<'a, 'b>>,
    /// Totals, if they are the sum of those in them.
    above: Vec<Above>,
}

/// A row of people that names an area above the deepest column that the table has.
#[derive(Clone, Debug)]
pub struct Above {
    /// The cell that names the area.
    pub key: CellRef,
    /// Whose people they are.
    pub cell: CellId,
}

impl<'a, 'b> KeyedSheets<'a, 'b> {
    /// The tables that hold this.
    pub fn of(&self, role: RoleName) -> impl Iterator<Item = &Keyed<'a, 'b>> {
        self.tables.iter().filter(move |keyed| keyed.table.layout.role == role)
    }

    /// Every table.
    pub fn all(&self) -> impl Iterator<Item = &Keyed<'a, 'b>> {
        self.tables.iter()
    }

    /// Rows of people that name an area above the deepest column that their table has.
    pub fn above(&self) -> &[Above] {
        &self.above
    }

    /// The cell of every row. Where several tables read one row, it speaks for the same area and group.
    pub fn row_units(&self) -> RowUnits {
        let mut units = RowUnits::default();
        for keyed in &self.tables {
            units.by_sheet.entry(Arc::clone(&keyed.table.sheet.name)).or_default().extend(&keyed.rows);
        }
        for rows in units.by_sheet.values_mut() {
            rows.sort_unstable();
            rows.dedup_by_key(|(row, _)| *row);
        }
        units
    }
}

/// The cell of every row of the input, by sheet.
#[derive(Clone, Debug, Default)]
pub struct RowUnits {
    by_sheet: BTreeMap<Arc<str>, Vec<(u32, CellId)>>,
}

impl RowUnits {
    /// For which area and group a row speaks; `None` if for none.
    pub fn find(&self, sheet: &str, row: u32) -> Option<CellId> {
        let rows = self.by_sheet.get(sheet)?;
        let at = rows.binary_search_by_key(&row, |(number, _)| *number).ok()?;
        rows.get(at).map(|(_, cell)| *cell)
    }
}

/// Finds the cell of every row of every table.
pub fn read_units<'a, 'b>(
    sheets: &'b Sheets<'a>,
    areas: &AreaTree,
    context: &Context,
    audit: &mut Audit,
) -> Checked<(CellTable, KeyedSheets<'a, 'b>)> {
    let mut found = Findings::default();
    let known = Groups::of(sheets, context, audit, &mut found);
    let area_of: HashMap<String, AreaId> = areas.ids().map(|area| (areas.get(area).pcode.key(), area)).collect();
    let mut named: PocketsAndGroups<'a> = areas.ids().map(|_| BTreeSet::new()).collect();
    let mut above = BTreeMap::new();
    let of_tables: Vec<(&Located<'a>, RowKeys<'a>)> = sheets
        .tables
        .iter()
        .filter(|table| table.layout.role != RoleName::Areas)
        .map(|table| (table, row_keys(table, areas, &area_of, &mut above, audit, &mut found)))
        .collect();
    let pockets = known_pockets(&of_tables);
    let mut read: Vec<(&Located<'a>, UnitsRead<'a>)> = Vec::new();
    for (table, keys) in of_tables {
        let units: Vec<UnitRead<'a>> = keys.different.into_iter().map(|key| UnitRead::of(key, &pockets, &known, context)).collect();
        // Mostly there is nothing to say about any row.
        if units.iter().all(UnitRead::is_plain) {
            name_units(&units, &mut named);
            read.push((table, (units, keys.rows)));
            continue;
        }
        let mut counted = Vec::with_capacity(keys.rows.len());
        let (mut cleaned, mut of_pockets) = (Cleaned::default(), Cleaned::default());
        for (number, unit) in keys.rows {
            let Some(of_row) = units.get(unit as usize) else { continue };
            if let Some(column) = table.column("pocket").filter(|_| of_row.pocket_is_respelled) {
                of_pockets.repair(table, number, column, &of_row.pocket, "a pocket read without regard to its spelling", audit);
            }
            let group = match of_row.group {
                Ok(group) => group,
                Err(ref text) => {
                    known.say_unknown(table, number, text, &mut found);
                    continue;
                }
            };
            if let (Some(group), Some(column), true) = (group, table.column("group"), of_row.group_is_respelled) {
                cleaned.repair(table, number, column, &known.all[group].code, "a group read without regard to its spelling", audit);
            }
            counted.push((number, unit));
        }
        cleaned.say("population groups", &mut found);
        of_pockets.say("pockets", &mut found);
        name_units(&units, &mut named);
        read.push((table, (units, counted)));
    }
    let cells = CellTable::new(areas, known.all, &named);
    let tables: Vec<Keyed<'_, '_>> = read.into_iter().map(|(table, rows)| Keyed { table, rows: cells_of(rows, &cells) }).collect();
    let above = above_rows(&tables, above);
    found.with((cells, KeyedSheets { tables, above }))
}

/// The different units that the rows of a table name, and for each row its number and which of them it names.
type UnitsRead<'a> = (Vec<UnitRead<'a>>, Vec<(u32, u32)>);

/// A unit that rows name.
struct UnitRead<'a> {
    area: AreaId,
    pocket: Cow<'a, str>,
    pocket_is_respelled: bool,
    /// The group; else its text, if it is not known.
    group: Result<Option<GroupId>, Cow<'a, str>>,
    group_is_respelled: bool,
}

fn name_units<'a>(units: &[UnitRead<'a>], named: &mut PocketsAndGroups<'a>) {
    for of_row in units {
        if let Ok(group) = of_row.group {
            named[of_row.area].insert((of_row.pocket.clone(), group));
        }
    }
}

impl<'a> UnitRead<'a> {
    /// Whether there is nothing to say about its rows.
    fn is_plain(&self) -> bool {
        self.group.is_ok() && !self.pocket_is_respelled && !self.group_is_respelled
    }

    fn of(key: RowKey<'a>, pockets: &HashMap<(AreaId, String), Cow<'a, str>>, known: &Groups, context: &Context) -> Self {
        let RowKey { area, pocket: written, group } = key;
        let known_as = |written: &Cow<'a, str>| pockets.get(&(area, folded(written))).cloned();
        let pocket = Some(&written).filter(|written| !written.is_empty()).and_then(known_as).unwrap_or_else(|| written.clone());
        let group_is_respelled;
        let group = match group {
            None => {
                group_is_respelled = false;
                Ok(None)
            }
            Some(text) => {
                let group = known.find(&text);
                group_is_respelled = group.is_some_and(|group| !is_spelling(&text, &known.all[group].code, context));
                group.map(Some).ok_or(text)
            }
        };
        Self { area, pocket_is_respelled: pocket != written, pocket, group, group_is_respelled }
    }
}

/// Every pocket of an area, folded, under the spelling that sorts first: spellings that differ in case or blanks are one.
fn known_pockets<'a>(tables: &[(&Located<'a>, RowKeys<'a>)]) -> HashMap<(AreaId, String), Cow<'a, str>> {
    let mut known: HashMap<(AreaId, String), Cow<'a, str>> = HashMap::new();
    for RowKey { area, pocket, .. } in tables.iter().flat_map(|(_, keys)| &keys.different).filter(|key| !key.pocket.is_empty()) {
        let spelling = known.entry((*area, folded(pocket))).or_insert_with(|| pocket.clone());
        if pocket < spelling {
            spelling.clone_from(pocket);
        }
    }
    known
}

/// Whose people stand in rows that name an area above the others.
fn above_rows(tables: &[Keyed<'_, '_>], mut keys: BTreeMap<(Arc<str>, u32), CellRef>) -> Vec<Above> {
    let mut above = Vec::with_capacity(keys.len());
    if keys.is_empty() {
        return above;
    }
    for keyed in tables {
        let of_row = |&(row, cell): &(u32, CellId)| Some(Above { key: keys.remove(&(Arc::clone(&keyed.table.sheet.name), row))?, cell });
        above.extend(keyed.rows.iter().filter_map(of_row));
    }
    above
}

/// The cell of every row.
fn cells_of((units, rows): UnitsRead<'_>, cells: &CellTable) -> Vec<(u32, CellId)> {
    let find = |unit: &UnitRead<'_>| cells.find(unit.area, &unit.pocket, unit.group.as_ref().ok().copied()?);
    let of_units: Vec<Option<CellId>> = units.iter().map(find).collect();
    let cell = |unit: u32| of_units.get(unit as usize).copied().flatten();
    match of_units.iter().flatten().copied().next() {
        // Mostly every unit has its cell.
        Some(any) if of_units.iter().all(Option::is_some) => {
            rows.into_par_iter().map(|(number, unit)| (number, cell(unit).unwrap_or(any))).collect()
        }
        _ => rows.into_iter().filter_map(|(number, unit)| Some((number, cell(unit)?))).collect(),
    }
}
