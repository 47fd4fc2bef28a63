//! AoRs into overall protection: never a sum. The highest of the AoRs in each cell, or in each leaf of it, then
//! the sum over cells; the level used stands beside every figure (method, section 7).

use std::collections::{BTreeMap, BTreeSet};

use super::pin_table::{Method, PeopleBasis, PinTable};
use super::wholes::{Figure, Wholes};
use crate::domain::{AreaId, CellId, People, Series, SlotId};
use crate::framework::files::MosaicCell;

/// Where the highest was taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum MosaicLevel {
    /// Per area and group.
    Group,
    /// Per sex and age within it.
    Leaf,
    /// Nowhere: overall stands on its own.
    Independent,
}

impl MosaicLevel {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Leaf => "leaf",
            Self::Independent => "independent",
        }
    }
}

/// Overall = the highest of the AoRs, cell by cell. An AoR without a figure is passed over; coverage shows it.
/// Returns the cells in which no AoR has one.
pub fn highest(level: MosaicCell, aors: &[Series], basis: PeopleBasis<'_>, table: &mut PinTable) -> Vec<CellId> {
    let mut without = Vec::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let total = basis.population.slots.total(cell);
        let leaves: Vec<SlotId> = basis.population.slots.leaves_of(cell).map(|(_, slot)| slot).collect();
        let with_figure: Vec<Series> = aors.iter().copied().filter(|&aor| table.in_need(total, aor).is_some()).collect();
        if with_figure.is_empty() {
            without.push(cell);
            continue;
        }
        let by_leaf = level == MosaicCell::Leaf && !leaves.is_empty() && basis.population.is_split(total);
        // An AoR with figures for some leaves only has a figure here, and not all leaves.
        let with_any = |aor: &Series| with_figure.contains(aor) || leaves.iter().any(|&slot| table.in_need(slot, *aor).is_some());
        let with_any: Vec<Series> = aors.iter().copied().filter(with_any).collect();
        let all_leaves = by_leaf && leaves.iter().all(|&slot| with_any.iter().all(|&aor| table.in_need(slot, aor).is_some()));
        if all_leaves {
            highest_of_leaves(cell, total, &leaves, aors, table);
            continue;
        }
        if level == MosaicCell::Leaf && !leaves.is_empty() {
            table.fell_back.push(cell);
        }
        let in_need = aors.iter().filter_map(|&aor| table.in_need(total, aor)).max();
        let affected = aors.iter().filter_map(|&aor| table.affected(total, aor)).max();
        put(cell, total, in_need, affected, MosaicLevel::Group, table);
    }
    without
}

fn highest_of_leaves(cell: CellId, total: SlotId, leaves: &[SlotId], aors: &[Series], table: &mut PinTable) {
    let mut sum = People::ZERO;
    let mut affected = Some(People::ZERO);
    // Affected people are compared leaf by leaf where every AoR that has them has all leaves, else for the cell.
    let with_affected = |aor: &Series| leaves.iter().chain([&total]).any(|&slot| table.affected(slot, *aor).is_some());
    let with_affected: Vec<Series> = aors.iter().copied().filter(with_affected).collect();
    let split = leaves.iter().all(|&slot| with_affected.iter().all(|&aor| table.affected(slot, aor).is_some()));
    for &slot in leaves {
        let people = aors.iter().filter_map(|&aor| table.in_need(slot, aor)).max();
        let touched = aors.iter().filter(|_| split).filter_map(|&aor| table.affected(slot, aor)).max();
        table.set_in_need(slot, Series::Overall, people);
        table.set_affected(slot, Series::Overall, touched);
        table.set_method(slot, Series::Overall, Method::Highest);
        sum += people.unwrap_or_default();
        affected = affected.zip(touched).map(|(sum, part)| sum + part);
    }
    // Affected people known only for the cell as a whole are compared there.
    let of_cell = || aors.iter().filter_map(|&aor| table.affected(total, aor)).max();
    let affected = affected.or_else(of_cell);
    put(cell, total, Some(sum), affected, MosaicLevel::Leaf, table);
}

fn put(cell: CellId, total: SlotId, in_need: Option<People>, affected: Option<People>, level: MosaicLevel, table: &mut PinTable) {
    use crate::domain::id::Id;
    table.set_in_need(total, Series::Overall, in_need);
    table.set_affected(total, Series::Overall, affected);
    table.set_method(total, Series::Overall, Method::Highest);
    if let Some(slot) = table.levels.get_mut(cell.index()) {
        *slot = Some(level);
    }
}

/// Marks overall figures that stand on their own.
pub fn mark_independent(basis: PeopleBasis<'_>, table: &mut PinTable) {
    use crate::domain::id::Id;
    for cell in basis.cells.ids() {
        if table.in_need(basis.population.slots.total(cell), Series::Overall).is_some()
            && let Some(level) = table.levels.get_mut(cell.index())
        {
            *level = Some(MosaicLevel::Independent);
        }
    }
}

/// Overall protection with the highest taken at each level, for comparison: the level changes the figure.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct MosaicLevels {
    /// Per area and group.
    pub group: People,
    /// Per area.
    pub area: People,
    /// For the country as a whole.
    pub country: People,
    /// The AoRs added up: not people, shown to be refused.
    pub sum: People,
}

/// Takes the highest of the AoRs at every level, over the figures that enter overall. A figure that is given for several
/// units together is there from the level of its area on.
pub fn at_every_level(aors: &[Series], basis: PeopleBasis<'_>, table: &PinTable, wholes: &Wholes) -> MosaicLevels {
    let mut levels = MosaicLevels::default();
    let with_units: BTreeSet<AreaId> =
        basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)).map(|cell| basis.cells.key(cell).area).collect();
    let mut by_area: BTreeMap<(AreaId, Series), People> = BTreeMap::new();
    let mut by_aor: BTreeMap<Series, People> = BTreeMap::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let total = basis.population.slots.total(cell);
        let entering = aors.iter().copied().filter(|&aor| !table.after_overall.contains(&(cell, aor)));
        let figures: Vec<(Series, People)> = entering.filter_map(|aor| Some((aor, table.in_need(total, aor)?))).collect();
        levels.group += figures.iter().map(|(_, people)| *people).max().unwrap_or_default();
        for (aor, people) in figures {
            *by_area.entry((basis.cells.key(cell).area, aor)).or_default() += people;
            *by_aor.entry(aor).or_default() += people;
            levels.sum += people;
        }
    }
    for (whole, &people) in wholes.people.iter().filter(|(whole, _)| whole.figure == Figure::InNeed && aors.contains(&whole.series)) {
        let area = basis.cells.key(whole.cell).area;
        if with_units.contains(&area) {
            *by_area.entry((area, whole.series)).or_default() += people;
        }
        *by_aor.entry(whole.series).or_default() += people;
        levels.sum += people;
    }
    let mut highest: BTreeMap<AreaId, People> = BTreeMap::new();
    for ((area, _), people) in by_area {
        let best = highest.entry(area).or_default();
        *best = (*best).max(people);
    }
    levels.area = highest.into_values().sum();
    levels.country = by_aor.into_values().max().unwrap_or_default();
    levels
}
