//! *Roll up*: cells into the areas they lie in, up to the country. People are sums of the children, exact whatever
//! the order; what is not known is counted beside, never as zero (method, sections 9 and 14.6).

use std::collections::BTreeMap;

use super::beside::{Known, KnownTable};
use super::intersectoral::IntersectoralTable;
use super::people::{PeopleBasis, PinTable};
use super::response::ResponseTable;
use crate::domain::people::PeopleColumn;
use crate::domain::{AreaId, CellId, Decimal, GroupId, LeafId, People, Phase, PhaseShares, Scope, Series};
use crate::framework::files::AboveTheUnit;

/// Which people a row of the roll-up counts.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RollKey {
    /// The area.
    pub area: AreaId,
    /// One group; `None` for all.
    pub group: Option<GroupId>,
    /// One leaf; `None` for all.
    pub leaf: Option<LeafId>,
}

/// Sums per area, group and leaf.
#[derive(Clone, Debug, Default)]
pub struct RolledTable {
    /// What each row counts, in order.
    pub keys: Vec<RollKey>,
    /// People living there.
    pub population: PeopleColumn,
    in_need: [PeopleColumn; 6],
    affected: [PeopleColumn; 6],
    /// People living in cells for which in need is known.
    assessed: [PeopleColumn; 6],
    targeted: [PeopleColumn; 6],
    reached: [PeopleColumn; 6],
    known: KnownTable,
    /// Phases by the people of the children, where the framework asks for them.
    phases: BTreeMap<(AreaId, Option<GroupId>, Scope), Phase>,
}

/// One row's figures of one series.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Rolled {
    /// People living there.
    pub population: Option<People>,
    /// In need: the sum of what is known.
    pub in_need: Option<People>,
    /// Affected: the sum of what is known.
    pub affected: Option<People>,
    /// People living in cells for which in need is known.
    pub assessed: Option<People>,
    /// Targeted.
    pub targeted: Option<People>,
    /// Reached.
    pub reached: Option<People>,
    /// For how many people affected, targeted and reached are known.
    pub known: [Known; 3],
}

impl Rolled {
    /// Share of the population for which in need is known.
    pub fn coverage(&self) -> Option<Decimal> {
        let assessed = self.assessed.unwrap_or_default();
        assessed.share_of(self.population?).map(|share| share.0)
    }
}

impl RolledTable {
    /// The figures of a row.
    pub fn get(&self, row: usize, series: Series) -> Rolled {
        let at = |columns: &[PeopleColumn; 6]| columns.get(series.index()).and_then(|column| column.get(row));
        Rolled {
            population: self.population.get(row),
            in_need: at(&self.in_need),
            affected: at(&self.affected),
            assessed: at(&self.assessed),
            targeted: at(&self.targeted),
            reached: at(&self.reached),
            known: self.known.get(row, series),
        }
    }

    /// The row of a key.
    pub fn find(&self, key: RollKey) -> Option<usize> {
        self.keys.binary_search(&key).ok()
    }

    /// The figures of an area as a whole.
    pub fn area(&self, area: AreaId, series: Series) -> Rolled {
        self.find(RollKey { area, group: None, leaf: None }).map(|row| self.get(row, series)).unwrap_or_default()
    }

    /// The phase of an area above the unit of analysis, where the framework declares one.
    pub fn phase(&self, area: AreaId, group: Option<GroupId>, scope: Scope) -> Option<Phase> {
        self.phases.get(&(area, group, scope)).copied()
    }
}

/// Adds up every cell into its area and all areas above.
pub fn roll_up(basis: PeopleBasis<'_>, in_need: &PinTable, response: &ResponseTable) -> RolledTable {
    let mut contributions: Vec<(RollKey, CellId, Option<LeafId>)> = Vec::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let key = basis.cells.key(cell);
        let leaves: Vec<Option<LeafId>> =
            std::iter::once(None).chain(basis.population.slots.leaves_of(cell).map(|(leaf, _)| Some(leaf))).collect();
        for area in basis.areas.path(key.area) {
            for &leaf in &leaves {
                contributions.push((RollKey { area, group: None, leaf }, cell, leaf));
                // Within its own area a group is a row of its own already.
                if key.group.is_some() && area != key.area {
                    contributions.push((RollKey { area, group: key.group, leaf }, cell, leaf));
                }
            }
        }
    }
    contributions.sort_unstable_by_key(|(key, cell, _)| (*key, *cell));
    let mut table = RolledTable::default();
    for (key, _, _) in &contributions {
        if table.keys.last() != Some(key) {
            table.keys.push(*key);
        }
    }
    let rows = table.keys.len();
    let columns = || Series::ALL.map(|_| PeopleColumn::missing(rows));
    table.population = PeopleColumn::missing(rows);
    (table.in_need, table.affected, table.assessed, table.targeted, table.reached) =
        (columns(), columns(), columns(), columns(), columns());
    table.known = KnownTable::new(rows);
    let mut row = 0;
    for (key, cell, leaf) in contributions {
        if table.keys.get(row) != Some(&key) {
            row += 1;
        }
        add_cell(&mut table, row, cell, leaf, basis, in_need, response);
    }
    if basis.rules.severity.above_the_unit == AboveTheUnit::PeopleByPhase {
        table.phases = phases_by_people(basis);
    }
    table
}

/// Sums across sectors over the units of an area.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct AcrossSums {
    /// People living there.
    pub population: People,
    /// Final people in need of the units that are assessed.
    pub in_need: Option<People>,
    /// People living in these units.
    pub assessed: People,
    /// Targeted.
    pub targeted: Option<People>,
    /// For how many people it is known.
    pub targeted_known: Known,
}

/// Adds up the step across sectors, per area and group. Units of which too few sectors are known are left out
/// (method, section 14.4).
pub fn roll_up_across(basis: PeopleBasis<'_>, across: &IntersectoralTable) -> BTreeMap<(AreaId, Option<GroupId>), AcrossSums> {
    let mut sums: BTreeMap<(AreaId, Option<GroupId>), AcrossSums> = BTreeMap::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let key = basis.cells.key(cell);
        let people = basis.population.of(cell).unwrap_or_default();
        let around = basis.cells.around(cell).and_then(|cell| across.get(cell));
        let unit =
            across.get(cell).filter(|unit| !(unit.low_coverage || (unit.known == 0 && around.is_some_and(|unit| unit.low_coverage))));
        for area in basis.areas.path(key.area) {
            for group in if key.group.is_some() { vec![None, key.group] } else { vec![None] } {
                let sum = sums.entry((area, group)).or_default();
                sum.population += people;
                if let Some(in_need) = unit.and_then(|unit| unit.in_need_final) {
                    sum.in_need = Some(sum.in_need.unwrap_or_default() + in_need);
                    sum.assessed += people;
                }
                let targeted = unit.and_then(|unit| unit.targeted);
                sum.targeted_known.add(Some(people), unit.is_some_and(|unit| unit.in_need_final.is_some()), targeted.is_some());
                if let Some(targeted) = targeted {
                    sum.targeted = Some(sum.targeted.unwrap_or_default() + targeted);
                }
            }
        }
    }
    add_whole_areas(basis, across, &mut sums);
    sums
}

/// Sectors may count a whole area or pocket where the population is split by group: its people stand once, in the sum of
/// the area, where no group of it has a figure.
fn add_whole_areas(basis: PeopleBasis<'_>, across: &IntersectoralTable, sums: &mut BTreeMap<(AreaId, Option<GroupId>), AcrossSums>) {
    // The people of the groups for whom a row speaks, and whether some of them have a figure.
    let mut groups: BTreeMap<CellId, (People, bool)> = BTreeMap::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let Some(whole) = basis.cells.around(cell) else { continue };
        let (people, known) = groups.entry(whole).or_default();
        *people += basis.population.of(cell).unwrap_or_default();
        *known |= across.get(cell).is_some_and(|unit| unit.in_need_final.is_some());
    }
    for unit in across.units.iter().filter(|unit| !unit.low_coverage && !basis.population.is_counted(unit.cell)) {
        let key = basis.cells.key(unit.cell);
        let Some(in_need) = unit.in_need_final.filter(|_| key.group.is_none()) else { continue };
        let assessed = match groups.get(&unit.cell) {
            Some((people, known)) => Some(*people).filter(|_| !known),
            // An area above the units stands for all of them.
            None => sums.get(&(key.area, None)).filter(|own| own.in_need.is_none()).map(|own| own.population),
        };
        let Some(assessed) = assessed else { continue };
        for area in basis.areas.path(key.area) {
            let sum = sums.entry((area, None)).or_default();
            sum.in_need = Some(sum.in_need.unwrap_or_default() + in_need);
            sum.assessed += assessed;
            sum.targeted_known.add(Some(assessed), true, unit.targeted.is_some());
            if let Some(targeted) = unit.targeted {
                sum.targeted = Some(sum.targeted.unwrap_or_default() + targeted);
            }
        }
    }
}

fn add_cell(
    table: &mut RolledTable,
    row: usize,
    cell: CellId,
    leaf: Option<LeafId>,
    basis: PeopleBasis<'_>,
    in_need: &PinTable,
    response: &ResponseTable,
) {
    let slots = &basis.population.slots;
    let slot = match leaf {
        None => slots.total(cell),
        Some(leaf) => match slots.leaves_of(cell).find(|(known, _)| *known == leaf) {
            Some((_, slot)) => slot,
            None => return,
        },
    };
    let population = basis.population.at(slot);
    add(&mut table.population, row, population);
    for series in Series::ALL {
        let at = series.index();
        let need = in_need.in_need(slot, series);
        let put = |columns: &mut [PeopleColumn; 6], people: Option<People>| {
            if let Some(column) = columns.get_mut(at) {
                add(column, row, people);
            }
        };
        put(&mut table.in_need, need);
        // The response is not split by sex and age.
        let of_response = |people: Option<People>| people.filter(|_| leaf.is_none());
        let affected = in_need.affected(slot, series);
        let (targeted, reached) = (of_response(response.targeted(cell, series)), of_response(response.reached(cell, series)));
        put(&mut table.affected, affected);
        put(&mut table.assessed, need.and(population));
        put(&mut table.targeted, targeted);
        put(&mut table.reached, reached);
        table.known.add(row, series, [affected, targeted, reached], need, population);
    }
}

fn add(column: &mut PeopleColumn, row: usize, people: Option<People>) {
    if let Some(people) = people {
        let sum = column.get(row).unwrap_or_default() + people;
        column.set(row, Some(sum));
    }
}

/// The 20 % rule over the children's people by phase.
fn phases_by_people(basis: PeopleBasis<'_>) -> BTreeMap<(AreaId, Option<GroupId>, Scope), Phase> {
    let scopes: Vec<Scope> = basis.rules.risks.ids().map(Scope::Risk).chain(Series::ALL.map(Series::scope)).collect();
    let mut people: BTreeMap<(AreaId, Option<GroupId>, Scope), PhaseShares> = BTreeMap::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let Some(population) = basis.population.of(cell) else { continue };
        for &scope in &scopes {
            let Some(phase) = basis.severity.phase(cell, scope) else { continue };
            for area in basis.areas.path(basis.cells.key(cell).area) {
                people.entry((area, None, scope)).or_default().add(phase, population.0);
                if let Some(group) = basis.cells.key(cell).group {
                    people.entry((area, Some(group), scope)).or_default().add(phase, population.0);
                }
            }
        }
    }
    people.into_iter().filter_map(|(key, shares)| Some((key, basis.rules.severity.area_phase.phase_of(&shares)?))).collect()
}
