//! What is odd about a sheet of households as a whole: areas and groups with few of them, with none that counts, or with one
//! that outweighs all others.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cells::CellTable;
use super::super::locate::Located;
use crate::diag::place::with_more;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::{AreaTree, CellId, IdVec};
use crate::framework::Framework;

/// A weight this many times the median of the sheet, and more than half of its area and group, decides alone what is said
/// there.
const FAR_ABOVE: f64 = 10.0;
/// No weights of one survey lie farther apart.
const MOST_TIMES: f64 = 1e9;
/// So many areas and groups are named.
const SHOWN: usize = 5;

/// One sheet of households.
pub(super) struct Sheet<'a, 'b> {
    pub(super) table: &'b Located<'a>,
    /// The rows that count, and their place in the survey.
    pub(super) rows: &'b [(u32, u32)],
    /// The rows with weight 0.
    pub(super) weightless: &'b [(u32, CellId)],
    pub(super) cells: &'b CellTable,
    pub(super) areas: &'b AreaTree,
    pub(super) rules: &'b Framework,
    /// Area and group, and weight, of every household of the survey.
    pub(super) cells_of: &'b [CellId],
    pub(super) weights: &'b [f64],
}

/// The households of an area and group.
#[derive(Copy, Clone, Default)]
struct Households {
    count: usize,
    first_row: u32,
    weight: f64,
    /// The greatest weight and its row.
    greatest: (f64, u32),
}

pub(super) fn say(sheet: Sheet<'_, '_>) -> Findings {
    let mut found = Findings::default();
    let by_cell = by_cell(&sheet);
    say_without_weight(&sheet, &by_cell, &mut found);
    say_few(&sheet, &by_cell, &mut found);
    say_dominant(&sheet, &by_cell, &mut found);
    say_far_apart(&sheet, &mut found);
    found
}

fn by_cell(sheet: &Sheet<'_, '_>) -> BTreeMap<CellId, Households> {
    let mut by_cell: IdVec<CellId, Households> = sheet.cells.ids().map(|_| Households::default()).collect();
    for &(row, at) in sheet.rows {
        let (Some(&cell), Some(&weight)) = (sheet.cells_of.get(at as usize), sheet.weights.get(at as usize)) else { continue };
        let of = &mut by_cell[cell];
        if of.count == 0 {
            of.first_row = row;
        }
        of.count += 1;
        of.weight += weight;
        if weight > of.greatest.0 {
            of.greatest = (weight, row);
        }
    }
    by_cell.ids().zip(by_cell.iter().copied()).filter(|(_, of)| of.count > 0).collect()
}

impl Sheet<'_, '_> {
    fn place(&self, row: u32, name: &str) -> Place {
        match self.table.column(name) {
            Some(column) => Place::Cell(CellRef { sheet: self.table.sheet.name.clone(), row, column }),
            None => Place::Row(self.table.sheet.name.clone(), row),
        }
    }

    /// The place of a row's area.
    fn key_place(&self, row: u32) -> Place {
        let named = super::super::locate::AREA_COLUMNS.into_iter().rev().find(|name| self.table.column(name).is_some());
        self.place(row, named.unwrap_or("pcode"))
    }
}

/// Areas and groups all of whose households have weight 0: nothing can be said there.
fn say_without_weight(sheet: &Sheet<'_, '_>, by_cell: &BTreeMap<CellId, Households>, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for &(row, cell) in sheet.weightless {
        if !by_cell.contains_key(&cell) && seen.insert(cell) {
            let message =
                format!("{}: all households have weight 0, so that nothing is known of it from them", sheet.cells.name(sheet.areas, cell));
            found.add(Code::NoWeight, sheet.place(row, "weight"), message);
        }
    }
}

/// Areas and groups with fewer households than the framework asks for.
fn say_few(sheet: &Sheet<'_, '_>, by_cell: &BTreeMap<CellId, Households>, found: &mut Findings) {
    let least = sheet.rules.survey.least_households as usize;
    let mut few: Vec<(usize, u32, CellId)> =
        by_cell.iter().filter(|(_, of)| of.count < least).map(|(cell, of)| (of.count, of.first_row, *cell)).collect();
    few.sort_unstable();
    let Some(&(_, row, _)) = few.first() else { return };
    let shown: Vec<String> =
        few.iter().take(SHOWN).map(|(count, _, cell)| format!("{} {count}", sheet.cells.name(sheet.areas, *cell))).collect();
    let names = with_more(&shown.join(", "), few.len() - shown.len());
    let message = format!("fewer than {least} households: {names}");
    found.add(Code::FewHouseholds, sheet.key_place(row), message);
}

/// Weights that lie so far apart that one of them has to be wrong, and that the small ones count for nothing beside it.
fn say_far_apart(sheet: &Sheet<'_, '_>, found: &mut Findings) {
    let least = sheet.weights.iter().copied().fold(f64::INFINITY, f64::min);
    let weight_of = |(row, at): &(u32, u32)| Some((*sheet.weights.get(*at as usize)?, *row));
    let greatest = sheet.rows.iter().filter_map(weight_of).max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((weight, row)) = greatest.filter(|(weight, _)| *weight > MOST_TIMES * least) {
        let message = format!("column `weight`: {weight} is more than a billion times the least weight of the survey, {least}");
        found.add(Code::NumberOutOfRange, sheet.place(row, "weight"), message);
    }
}

/// Areas and groups in which one household outweighs all others.
fn say_dominant(sheet: &Sheet<'_, '_>, by_cell: &BTreeMap<CellId, Households>, found: &mut Findings) {
    let mut weights: Vec<f64> = sheet.rows.iter().filter_map(|(_, at)| sheet.weights.get(*at as usize)).copied().collect();
    let middle = weights.len() / 2;
    if weights.is_empty() {
        return;
    }
    let (_, &mut median, _) = weights.select_nth_unstable_by(middle, f64::total_cmp);
    for (&cell, of) in by_cell {
        let (greatest, row) = of.greatest;
        if of.count > 1 && greatest > of.weight / 2.0 && greatest > FAR_ABOVE * median {
            let name = sheet.cells.name(sheet.areas, cell);
            let message = format!("{name}: one of {} households has {:.0} % of the weight", of.count, 100.0 * greatest / of.weight);
            found.add(Code::WeightDominates, sheet.place(row, "weight"), message);
        }
    }
}
