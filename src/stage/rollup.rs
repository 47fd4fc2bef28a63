//! *Roll up*: cells into the areas they lie in, up to the country. People are sums of the children, exact whatever
//! the order; what is not known is counted beside, never as zero (method, sections 9 and 14.6).

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::beside::{Beside, Known, KnownColumns};
use super::intersectoral::{IntersectoralTable, Unit};
use super::people::{PeopleBasis, PinTable};
use super::response::ResponseTable;
use super::wholes::{Wholes, find_wholes};
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{AreaId, CellId, Decimal, GroupId, LeafId, People, Phase, PhaseShares, Scope, Series, SlotId};
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
    /// In the order of the series.
    sums: Vec<SeriesSums>,
    /// Figures that stand for several cells.
    pub wholes: Wholes,
    /// Phases by the people of the children, where the framework asks for them.
    phases: BTreeMap<(AreaId, Option<GroupId>, Scope), Phase>,
}

/// The sums of one series, a row per key.
#[derive(Clone, Debug)]
struct SeriesSums {
    in_need: PeopleColumn,
    affected: PeopleColumn,
    /// People living in cells for which in need is known.
    assessed: PeopleColumn,
    targeted: PeopleColumn,
    reached: PeopleColumn,
    known: KnownColumns,
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
        let population = self.population.get(row);
        let Some(sums) = self.sums.get(series.index()) else { return Rolled { population, ..Rolled::default() } };
        Rolled {
            population,
            in_need: sums.in_need.get(row),
            affected: sums.affected.get(row),
            assessed: sums.assessed.get(row),
            targeted: sums.targeted.get(row),
            reached: sums.reached.get(row),
            known: sums.known.get(row),
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

impl RolledTable {
    /// Adds the figures that stand for several cells to the sums of their area and of those above it.
    fn add_wholes(&mut self, basis: PeopleBasis<'_>) {
        for (whole, people) in self.wholes.people.clone() {
            let key = basis.cells.key(whole.cell);
            for area in basis.areas.path(key.area) {
                for group in if key.group.is_some() { vec![None, key.group] } else { vec![None] } {
                    let row = self.find(RollKey { area, group, leaf: None });
                    let sums = self.sums.get_mut(whole.series.index());
                    if let (Some(row), Some(sums)) = (row, sums) {
                        let column = match Beside::ALL.get(whole.figure) {
                            Some(Beside::Affected) => &mut sums.affected,
                            Some(Beside::Targeted) => &mut sums.targeted,
                            _ => &mut sums.reached,
                        };
                        add(column, row, Some(people));
                    }
                }
            }
        }
    }
}

/// A slot that counts into a row. A slot of a leaf counts into the rows of its leaf only.
struct Contribution {
    row: usize,
    cell: CellId,
    slot: SlotId,
    is_total: bool,
}

/// Adds up every cell into its area and all areas above. Each series has columns of its own, so threads change nothing.
pub fn roll_up(basis: PeopleBasis<'_>, in_need: &PinTable, response: &ResponseTable) -> RolledTable {
    let (keys, contributions) = contributions(basis);
    let population = &basis.population.population;
    let mut table = RolledTable { population: PeopleColumn::missing(keys.len()), keys, ..RolledTable::default() };
    for part in &contributions {
        add(&mut table.population, part.row, population.get(part.slot.index()));
    }
    table.wholes = find_wholes(basis, in_need, response);
    let add_up = |&series| add_up_series(series, &table.keys, &contributions, &table.wholes, basis, in_need, response);
    table.sums = Series::ALL.par_iter().map(add_up).collect();
    table.add_wholes(basis);
    if basis.rules.severity.above_the_unit == AboveTheUnit::PeopleByPhase {
        table.phases = phases_by_people(basis);
    }
    table
}

/// The rows there are, in order, and what counts into each.
fn contributions(basis: PeopleBasis<'_>) -> (Vec<RollKey>, Vec<Contribution>) {
    let slots = &basis.population.slots;
    let mut counted: Vec<(RollKey, CellId, SlotId)> = Vec::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let key = basis.cells.key(cell);
        for area in basis.areas.path(key.area) {
            let total = std::iter::once((None, slots.total(cell)));
            for (leaf, slot) in total.chain(slots.leaves_of(cell).map(|(leaf, slot)| (Some(leaf), slot))) {
                counted.push((RollKey { area, group: None, leaf }, cell, slot));
                // Within its own area a group is a row of its own already.
                if key.group.is_some() && area != key.area {
                    counted.push((RollKey { area, group: key.group, leaf }, cell, slot));
                }
            }
        }
    }
    counted.par_sort_unstable();
    let mut keys: Vec<RollKey> = Vec::new();
    let mut contributions = Vec::with_capacity(counted.len());
    for (key, cell, slot) in counted {
        if keys.last() != Some(&key) {
            keys.push(key);
        }
        contributions.push(Contribution { row: keys.len() - 1, cell, slot, is_total: key.leaf.is_none() });
    }
    (keys, contributions)
}

fn add_up_series(
    series: Series,
    keys: &[RollKey],
    contributions: &[Contribution],
    wholes: &Wholes,
    basis: PeopleBasis<'_>,
    in_need: &PinTable,
    response: &ResponseTable,
) -> SeriesSums {
    let column = || PeopleColumn::missing(keys.len());
    let mut sums = SeriesSums {
        in_need: column(),
        affected: column(),
        assessed: column(),
        targeted: column(),
        reached: column(),
        known: KnownColumns::new(keys.len()),
    };
    for &Contribution { row, cell, slot, is_total } in contributions {
        let (need, affected) = (in_need.in_need(slot, series), in_need.affected(slot, series));
        let population = basis.population.at(slot);
        // The response is not split by sex and age.
        let of_response = |people: Option<People>| people.filter(|_| is_total);
        let (targeted, reached) = (of_response(response.targeted(cell, series)), of_response(response.reached(cell, series)));
        add(&mut sums.in_need, row, need);
        add(&mut sums.affected, row, affected);
        add(&mut sums.assessed, row, need.and(population));
        add(&mut sums.targeted, row, targeted);
        add(&mut sums.reached, row, reached);
        let mut known = [affected, targeted, reached].map(|people| people.is_some());
        if let Some(key) = keys.get(row).filter(|_| is_total && !wholes.is_empty()) {
            let level = basis.areas.get(key.area).level;
            for (known, figure) in known.iter_mut().zip(Beside::ALL) {
                *known |= wholes.speak_for(cell, series, figure, level, key.group);
            }
        }
        sums.known.add(row, known, need.is_some(), population);
    }
    sums
}

fn add(column: &mut PeopleColumn, row: usize, people: Option<People>) {
    if let Some(people) = people {
        let sum = column.get(row).unwrap_or_default() + people;
        column.set(row, Some(sum));
    }
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
        let Some(whole) = basis.cells.whole_of(cell) else { continue };
        let (people, known) = groups.entry(whole).or_default();
        *people += basis.population.of(cell).unwrap_or_default();
        *known |= across.get(cell).is_some_and(|unit| unit.in_need_final.is_some());
    }
    // The smallest areas first: where a district has a figure, that of its province does not stand beside it.
    let mut wholes: Vec<&Unit> = across.units.iter().filter(|unit| !unit.low_coverage && !basis.population.is_counted(unit.cell)).collect();
    wholes.sort_by_key(|unit| std::cmp::Reverse(basis.areas.get(basis.cells.key(unit.cell).area).level));
    for unit in wholes {
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
