//! *Roll up*: cells into the areas they lie in, up to the country. People are sums of the children, exact whatever
//! the order; what is not known is counted beside, never as zero (method, sections 9 and 14.6).

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::beside::{Beside, Known, KnownColumns};
use super::people::{PeopleBasis, PinTable};
use super::response::ResponseTable;
use super::wholes::{Figure, Wholes, find_wholes};
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{AreaId, CellId, Decimal, Evidence, GroupId, LeafId, People, Phase, PhaseShares, Scope, Series, SlotId};
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
    /// Phases of areas and groups in them.
    phases: BTreeMap<(AreaId, Option<GroupId>, Scope), Phase>,
    /// The row of a whole area whose evidence gives the phase of the area's own row.
    speakers: BTreeMap<(AreaId, Scope), CellId>,
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

    /// The row of a whole area from which the phase of the area's own row comes.
    pub fn speaker(&self, area: AreaId, scope: Scope) -> Option<CellId> {
        self.speakers.get(&(area, scope)).copied()
    }

    /// The phase of the row of an area, or of a group in it: by the people of its units where the framework declares it so,
    /// else what evidence for the whole area says (method, sections 14.6 and 15.3).
    pub fn phase(&self, area: AreaId, group: Option<GroupId>, scope: Scope) -> Option<Phase> {
        self.phases.get(&(area, group, scope)).copied()
    }
}

impl RolledTable {
    /// Evidence for an area that is split into units gives the phase of the area's own row. Where phases of areas are made of
    /// the people of their units, only a decision on the area does.
    fn hear_whole_areas(&mut self, basis: PeopleBasis<'_>) {
        let by_people = basis.rules.severity.above_the_unit == AboveTheUnit::PeopleByPhase;
        let is_unit = |cell: CellId| basis.population.is_counted(cell);
        for cell in basis.cells.ids().filter(|&cell| !is_unit(cell)) {
            let key = basis.cells.key(cell);
            if key.group.is_some() || !key.pocket.is_empty() || !basis.cells.of_area(key.area).any(is_unit) {
                continue;
            }
            for scope in Series::ALL.map(Series::scope) {
                let judged = basis.severity.get(cell, scope);
                if let Some(phase) = judged.phase.filter(|_| !by_people || judged.decided) {
                    self.phases.insert((key.area, None, scope), phase);
                    self.speakers.insert((key.area, scope), cell);
                }
            }
        }
    }

    /// Adds the figures that stand for several cells to the sums of their area and of those above it.
    fn add_wholes(&mut self, basis: PeopleBasis<'_>) {
        for (whole, people) in self.wholes.people.clone() {
            let key = basis.cells.key(whole.cell);
            for area in basis.areas.path(key.area) {
                for group in if key.group.is_some() { vec![None, key.group] } else { vec![None] } {
                    let row = self.find(RollKey { area, group, leaf: None });
                    let sums = self.sums.get_mut(whole.series.index());
                    if let (Some(row), Some(sums)) = (row, sums) {
                        let column = match whole.figure {
                            Figure::InNeed => &mut sums.in_need,
                            Figure::Beside(Beside::Affected) => &mut sums.affected,
                            Figure::Beside(Beside::Targeted) => &mut sums.targeted,
                            Figure::Beside(Beside::Reached) => &mut sums.reached,
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
    // Of a sex and age that has figures where nobody knows how many people it has, the people are not known.
    let has_figures =
        |slot: SlotId| Series::ALL.iter().any(|&series| in_need.in_need(slot, series).or(in_need.affected(slot, series)).is_some());
    for part in contributions.iter().filter(|part| !part.is_total && population.get(part.slot.index()).is_none()) {
        if has_figures(part.slot) {
            table.population.set(part.row, None);
        }
    }
    table.wholes = find_wholes(basis, in_need, response);
    let add_up = |&series| add_up_series(series, &table.keys, &contributions, &table.wholes, basis, in_need, response);
    table.sums = Series::ALL.par_iter().map(add_up).collect();
    table.add_wholes(basis);
    if basis.rules.severity.above_the_unit == AboveTheUnit::PeopleByPhase {
        let whole = |(row, key): (usize, &RollKey)| Some(((key.area, key.group), table.population.get(row)?));
        let rows = table.keys.iter().enumerate().filter(|(_, key)| key.leaf.is_none());
        let mut populations: BTreeMap<(AreaId, Option<GroupId>), People> = rows.filter_map(whole).collect();
        // Within its own area a group is a unit, without a row of sums.
        for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
            let key = basis.cells.key(cell);
            if key.group.is_some() && table.find(RollKey { area: key.area, group: key.group, leaf: None }).is_none() {
                *populations.entry((key.area, key.group)).or_default() += basis.population.of(cell).unwrap_or_default();
            }
        }
        table.phases = phases_by_people(basis, &populations);
    }
    table.hear_whole_areas(basis);
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
        add(&mut sums.targeted, row, targeted);
        add(&mut sums.reached, row, reached);
        let mut need_known = need.is_some();
        let mut known = [affected, targeted, reached].map(|people| people.is_some());
        if let Some(key) = keys.get(row).filter(|_| is_total && !wholes.is_empty()) {
            let level = basis.areas.get(key.area).level;
            let spoken = |figure| wholes.speak_for(cell, series, figure, level, key.group);
            need_known |= spoken(Figure::InNeed);
            for (known, beside) in known.iter_mut().zip(Beside::ALL) {
                *known |= spoken(Figure::Beside(beside));
            }
        }
        add(&mut sums.assessed, row, population.filter(|_| need_known));
        sums.known.add(row, known, need_known, population);
    }
    sums
}

fn add(column: &mut PeopleColumn, row: usize, people: Option<People>) {
    if let Some(people) = people {
        let sum = column.get(row).unwrap_or_default() + people;
        column.set(row, Some(sum));
    }
}

/// The 20 % rule over the children's people by phase: where a phase rests on shares, by these, else all in that phase. Where
/// it is known for fewer people than the least coverage asks for, there is none.
fn phases_by_people(
    basis: PeopleBasis<'_>,
    populations: &BTreeMap<(AreaId, Option<GroupId>), People>,
) -> BTreeMap<(AreaId, Option<GroupId>, Scope), Phase> {
    let scopes: Vec<Scope> = basis.rules.risks.ids().map(Scope::Risk).chain(Series::ALL.map(Series::scope)).collect();
    // People by phase, and for how many people the phase is known: parts of people are rounded, their whole is not.
    let mut people: BTreeMap<(AreaId, Option<GroupId>, Scope), (PhaseShares, People)> = BTreeMap::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let Some(population) = basis.population.of(cell) else { continue };
        for &scope in &scopes {
            let judged = basis.severity.get(cell, scope);
            let Some(phase) = judged.phase else { continue };
            let of_kind = |kind: Evidence| judged.evidence == Some(kind) && !judged.combined && !judged.decided;
            let speaking = basis.evidence.shares_speaking(cell, scope, basis.cells, &basis.rules.severity);
            let shares = speaking.filter(|(kind, _)| of_kind(*kind)).map(|(_, shares)| shares);
            for area in basis.areas.path(basis.cells.key(cell).area) {
                let group = basis.cells.key(cell).group;
                for group in std::iter::once(None).chain(group.map(Some)) {
                    let (sums, known) = people.entry((area, group, scope)).or_default();
                    *known += population;
                    match shares {
                        None => sums.add(phase, population.0),
                        Some(shares) => {
                            for part in Phase::ALL {
                                let there = population.0.times_ratio(shares.in_phase(part), shares.total());
                                sums.add(part, there.unwrap_or_default());
                            }
                        }
                    }
                }
            }
        }
    }
    let least = basis.rules.severity.least_coverage.0;
    let enough = |area: AreaId, group: Option<GroupId>, known: People| {
        let all = populations.get(&(area, group)).copied().unwrap_or_default();
        known.0.compare_with_product(least, all.0).is_ge()
    };
    people
        .into_iter()
        .filter(|((area, group, _), (_, known))| enough(*area, *group, *known))
        .filter_map(|(key, (shares, _))| Some((key, basis.rules.severity.area_phase.phase_of(&shares.to_nine_places())?)))
        .collect()
}
