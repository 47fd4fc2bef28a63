//! Figures computed elsewhere, kept as they are, with their source (method, section 6.4).

use std::collections::BTreeMap;

use crate::diag::{Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{Aor, CellId, Series, SlotId};
use crate::stage::audit::Audit;
use crate::stage::figure_columns::{FigureColumns, series_of_row};
use crate::stage::read_row::RowReader;
use crate::stage::slots::SlotTable;
use crate::stage::units::Keyed;
use crate::table::Grid;

/// Figures computed elsewhere.
#[derive(Clone, Debug)]
pub struct GivenTable {
    /// Phases, cells x series; 0 stands for none.
    pub phases: Grid<u8>,
    /// People in need by slot, per series.
    pub in_need: [PeopleColumn; 6],
    /// People affected by slot, per series.
    pub affected: [PeopleColumn; 6],
    /// Where each figure of people comes from: slot, position of the series.
    pub sources: BTreeMap<(SlotId, usize), String>,
    /// Where each figure stands.
    places: BTreeMap<(Figure, usize), Place>,
}

/// A figure of one series, for finding it twice.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Figure {
    Phase(CellId),
    InNeed(SlotId),
    Affected(SlotId),
}

const FIGURES: &[&str] = &["phase", "in-need", "affected"];

impl GivenTable {
    pub(super) fn new(cells: usize, slots: usize) -> Self {
        Self {
            phases: Grid::filled(cells, Series::ALL.len(), 0),
            in_need: Series::ALL.map(|_| PeopleColumn::missing(slots)),
            affected: Series::ALL.map(|_| PeopleColumn::missing(slots)),
            sources: BTreeMap::new(),
            places: BTreeMap::new(),
        }
    }
}

impl GivenTable {
    /// Where the first figure of a cell stands.
    pub fn place(&self, cell: CellId, slots: &SlotTable) -> Option<&Place> {
        let of_cell = slots.leaves_of(cell).map(|(_, slot)| slot).chain([slots.total(cell)]);
        let figures = of_cell.flat_map(|slot| [Figure::InNeed(slot), Figure::Affected(slot)]).chain([Figure::Phase(cell)]);
        figures.flat_map(|figure| (0..Series::ALL.len()).map(move |at| (figure, at))).filter_map(|key| self.places.get(&key)).min()
    }
}

/// Reads a table of figures.
pub(super) fn read(
    keyed: &Keyed<'_, '_>,
    slots: &SlotTable,
    aors: &[Aor],
    given: &mut GivenTable,
    audit: &mut Audit,
    found: &mut Findings,
) {
    let columns = FigureColumns::of_table(keyed.table, FIGURES, Series::parse).only_in_play(keyed.table, aors, found);
    let mut reader = RowReader { table: keyed.table, found, audit };
    let mut without_source: Vec<u32> = Vec::new();
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let leaf = reader.leaf(row);
        if reader.is_total_of_parts(number, leaf.as_ref()) {
            continue;
        }
        let is_part = leaf.is_some();
        let slot = leaf.map_or_else(|| Some(slots.total(cell)), |leaf| slots.leaf(cell, &leaf));
        let Some(slot) = slot else { continue };
        let source = reader.text(row, "source").unwrap_or_default();
        let named: Vec<Series> = series_of_row(&mut reader, number, FIGURES, aors).into_iter().collect();
        let mut any = false;
        for (series, figure, column) in columns.of_row(&named) {
            let at = series.index();
            let figure = match figure {
                "phase" => {
                    let Some(phase) = reader.phase(row, column, Code::PhaseOutside) else { continue };
                    if is_part {
                        let place = reader.place(number, column);
                        let message = format!("{}: phase {phase} stands on the row of one sex or age and is not used", series.code());
                        reader.found.add(Code::PhaseOfPart, place, message);
                        continue;
                    }
                    given.phases.set(cell.index(), at, phase.number());
                    Figure::Phase(cell)
                }
                figure => {
                    let Some(people) = reader.people(row, column, Code::NegativePeople) else { continue };
                    let in_need = figure == "in-need";
                    let into = if in_need { given.in_need.get_mut(at) } else { given.affected.get_mut(at) };
                    if let Some(into) = into {
                        into.set(slot.index(), Some(people));
                    }
                    if in_need { Figure::InNeed(slot) } else { Figure::Affected(slot) }
                }
            };
            any = true;
            if !source.is_empty() {
                given.sources.insert((slot, at), source.clone());
            }
            let place = reader.place(number, column);
            if let Some(first) = given.places.insert((figure, at), place.clone()) {
                reader.found.add(Code::DuplicateRow, place, format!("{} is given here and in {first}", series.code()));
            }
        }
        if any && source.is_empty() {
            without_source.push(number);
        }
        reader.used_if(any, number);
    }
    if let Some(first) = without_source.first() {
        let place = reader.place(*first, "source");
        let message = format!("{} of {} rows with figures do not say where these come from", without_source.len(), keyed.rows.len());
        reader.found.add(Code::GivenWithoutSource, place, message);
    }
}
