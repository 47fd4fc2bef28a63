//! Which rows of a sheet count as households: those with a weight above 0, each with an id of its own.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;

use super::super::audit::{Audit, Fate};
use super::super::cells::CellTable;
use super::super::locate::Located;
use super::super::read_row::{self, RowReader};
use super::super::units::Keyed;
use super::SurveyTable;
use crate::diag::place::listed;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::{CellId, IdVec};
use crate::framework::files::BadWeightsName;
use crate::table::Memo;
use crate::table::sheet::Row;

/// The households of a sheet.
pub(super) struct Members {
    /// Row and place in the survey of each that counts.
    pub(super) rows: Vec<(u32, u32)>,
    /// Those with weight 0, and their cells.
    pub(super) weightless: Vec<(u32, CellId)>,
}

/// Finds the rows of a sheet that count as households, with their place in the survey.
pub(super) fn households(
    keyed: &Keyed<'_, '_>,
    cells: &CellTable,
    survey: &mut SurveyTable,
    audit: &mut Audit,
    found: &mut Findings,
) -> Members {
    let table = keyed.table;
    let mut unnoted = Audit::of_no_cells();
    let mut reader = RowReader { table, found, audit: &mut unnoted };
    let mut rows = Vec::with_capacity(keyed.rows.len());
    let mut without_weight = Vec::new();
    let mut weightless = Vec::new();
    let weight_column = table.column("weight");
    let mut weights = Memo::default();
    let mut weight_keys = weight_column.map(|column| table.sheet.keys(column));
    let mut seen: IdVec<CellId, bool> = cells.ids().map(|_| false).collect();
    let needs_group = table.column("group").is_some() && cells.tell_groups();
    survey.cells.reserve(keyed.rows.len());
    survey.weights.reserve(keyed.rows.len());
    for &(number, cell) in &keyed.rows {
        // Where households are told apart by group, one without a group would stand beside all of them.
        if needs_group && cells.key(cell).group.is_none() {
            let place = reader.place(number, "group");
            reader.found.add(Code::HouseholdWithoutGroup, place, "the household has no population group");
        }
        let key = weight_keys.as_mut().and_then(|keys| keys.of(number));
        let weight = match weights.of_key(key) {
            Some(weight) => weight,
            None => {
                let before = reader.found.times();
                let row = reader.row(number).zip(weight_column);
                let Some(weight) = row.and_then(|(row, column)| weight(&mut reader, row, column, &mut without_weight)) else { continue };
                if before == reader.found.times() {
                    weights.learn_key(key, weight);
                }
                weight
            }
        };
        if weight == 0.0 {
            weightless.push((number, cell));
            continue;
        }
        rows.push((number, u32::try_from(survey.len()).unwrap_or(u32::MAX)));
        if !std::mem::replace(&mut seen[cell], true) {
            survey.places.entry(cell).or_insert_with(|| reader.key_place(number));
        }
        survey.cells.push(cell);
        survey.weights.push(weight);
    }
    for (code, why, rows) in [
        (Code::WeightZero, "weight 0", weightless.iter().map(|(row, _)| *row).collect()),
        (Code::WeightSetAside, "no weight above 0", without_weight),
    ] {
        set_aside(table, code, why, &rows, audit, found);
    }
    for (row, _) in &rows {
        audit.note_row(table.id, *row, Fate::Used);
    }
    Members { rows, weightless }
}

/// Says which households have no id, or that of another one.
pub(super) fn say_twice<'a>(keyed: &Keyed<'a, '_>) -> Findings {
    let (table, mut found) = (keyed.table, Findings::default());
    let mut unnoted = Audit::of_no_cells();
    let mut reader = RowReader { table, found: &mut found, audit: &mut unnoted };
    let column = table.column("household-id");
    let id_of =
        |reader: &mut RowReader<'a, '_>, number: u32| reader.row(number).and_then(|row| reader.text_at(row, column?, "household-id"));
    // Ids that rise from row to row are different; they are looked up only from where one does not.
    let mut before: Option<Cow<'a, str>> = None;
    let mut first_of: Option<HashMap<Cow<'a, str>, u32, RandomState>> = None;
    for (at, &(number, _)) in keyed.rows.iter().enumerate() {
        let Some(id) = id_of(&mut reader, number) else {
            let place = reader.place(number, "household-id");
            reader.found.add(Code::HouseholdTwice, place, "the household has no id, so that nobody can tell whether it stands twice");
            continue;
        };
        if first_of.is_none() && before.as_ref().is_none_or(|before| *before < id) {
            before = Some(id);
            continue;
        }
        let known = first_of.get_or_insert_with(|| {
            let (mut unsaid, mut unnoted) = (Findings::default(), Audit::of_no_cells());
            let mut reader = RowReader { table, found: &mut unsaid, audit: &mut unnoted };
            let mut known = HashMap::with_capacity_and_hasher(keyed.rows.len(), RandomState::default());
            known.extend(keyed.rows.iter().take(at).filter_map(|&(number, _)| Some((id_of(&mut reader, number)?, number))));
            known
        });
        match known.entry(id) {
            Entry::Occupied(first) => {
                let message = format!("rows {} and {number} have the same id", first.get());
                let place = reader.place(number, "household-id");
                reader.found.add(Code::HouseholdTwice, place, message);
            }
            Entry::Vacant(place) => drop(place.insert(number)),
        }
    }
    found
}

/// The weight of a row; `None` where it has none that can be used, which has been said or is noted among `aside`.
fn weight<'a>(reader: &mut RowReader<'a, '_>, row: Row<'a>, column: u32, aside: &mut Vec<u32>) -> Option<f64> {
    let number = row.number;
    match reader.number_at(row, column, "weight", &[]) {
        Some(weight) if weight >= 0.0 => return Some(weight),
        _ if reader.table.layout.bad_weights == BadWeightsName::SetAside => aside.push(number),
        Some(weight) => {
            let place = reader.place(number, "weight");
            reader.found.add(Code::WeightBad, place, format!("weight {weight} is below 0"));
        }
        // What is no number has been said.
        None if reader.says_something(row, column) => {}
        None => {
            let place = reader.place(number, "weight");
            reader.found.add(Code::WeightBad, place, "the household has no weight; it is never taken as 1");
        }
    }
    None
}

/// Says which households do not count, and enters them in the account.
fn set_aside(table: &Located<'_>, code: Code, why: &'static str, rows: &[u32], audit: &mut Audit, found: &mut Findings) {
    let Some(column) = table.column("weight") else { return };
    let cells: Vec<CellRef> = rows.iter().map(|&row| CellRef { sheet: table.sheet.name.clone(), row, column }).collect();
    if let Some(first) = cells.first() {
        let s = if cells.len() == 1 { "" } else { "s" };
        let message = format!("{} household{s} with {why} set aside: {}", cells.len(), listed(&cells));
        found.add(code, Place::Cell(first.clone()), message);
    }
    for &row in rows {
        read_row::set_aside(table, row, why, audit);
    }
}
