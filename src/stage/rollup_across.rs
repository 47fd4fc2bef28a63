//! People in need across sectors, added up into the areas the units lie in (method, sections 8, 14.4 and 15.15).

use std::collections::{BTreeMap, BTreeSet};

use super::beside::Known;
use super::intersectoral::{IntersectoralTable, Unit};
use super::people::PeopleBasis;
use crate::domain::{AreaId, CellId, GroupId, People};

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

/// The step across sectors above its units.
#[derive(Clone, Debug, Default)]
pub struct RolledAcross {
    /// Sums per area and group.
    sums: Sums,
    /// Rows that speak for several units and stand in the sums.
    pub whole: BTreeSet<CellId>,
    /// Rows that speak for several units and do not enter the sums, beside what is counted of these units.
    pub compared: Vec<Compared>,
}

/// Sums per area and group.
type Sums = BTreeMap<(AreaId, Option<GroupId>), AcrossSums>;

/// What a row says of several units, and what these have together.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The row.
    pub cell: CellId,
    /// Its final people in need.
    pub stated: People,
    /// What is counted in their place; `None` where nothing is known.
    pub counted: Option<People>,
}

impl RolledAcross {
    /// The sums of an area, or of a group in it.
    pub fn get(&self, area: AreaId, group: Option<GroupId>) -> AcrossSums {
        self.sums.get(&(area, group)).copied().unwrap_or_default()
    }
}

/// Adds up the step across sectors, per area and group. Units of which too few sectors are known are left out
/// (method, section 14.4).
pub fn roll_up_across(basis: PeopleBasis<'_>, across: &IntersectoralTable) -> RolledAcross {
    let mut sums = Sums::new();
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let key = basis.cells.key(cell);
        let people = basis.population.of(cell).unwrap_or_default();
        let around = basis.cells.speaking_for(cell).skip(1).find_map(|cell| across.get(cell));
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
    let (whole, compared) = add_whole_areas(basis, across, &mut sums);
    RolledAcross { sums, whole, compared }
}

/// Sectors may count a whole area or pocket where the population is split by group: its people stand once, in the sum of
/// the area, where no group of it has a figure. The other rows of that kind are compared with what is counted.
fn add_whole_areas(basis: PeopleBasis<'_>, across: &IntersectoralTable, sums: &mut Sums) -> (BTreeSet<CellId>, Vec<Compared>) {
    // The people of the groups for whom a row speaks, and how many of them are in need.
    let mut groups: BTreeMap<CellId, (People, Option<People>)> = BTreeMap::new();
    let (mut standing, mut compared) = (BTreeSet::new(), Vec::new());
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let Some(whole) = basis.cells.whole_of(cell) else { continue };
        let (people, counted) = groups.entry(whole).or_default();
        *people += basis.population.of(cell).unwrap_or_default();
        if let Some(in_need) = across.get(cell).and_then(|unit| unit.in_need_final) {
            *counted = Some(counted.unwrap_or_default() + in_need);
        }
    }
    // The smallest areas first: where a district has a figure, that of its province does not stand beside it.
    let mut wholes: Vec<&Unit> = across.units.iter().filter(|unit| !unit.low_coverage && !basis.population.is_counted(unit.cell)).collect();
    wholes.sort_by_key(|unit| std::cmp::Reverse(basis.areas.get(basis.cells.key(unit.cell).area).level));
    for unit in wholes {
        let key = basis.cells.key(unit.cell);
        let Some(in_need) = unit.in_need_final else { continue };
        let (assessed, counted) = match groups.get(&unit.cell) {
            Some(of_groups) => *of_groups,
            // An area above the units stands for all of them, or for one group.
            None => match sums.get(&(key.area, key.group)) {
                Some(own) => (own.population, own.in_need),
                None => continue,
            },
        };
        if counted.is_some() || key.group.is_some() {
            compared.push(Compared { cell: unit.cell, stated: in_need, counted });
            continue;
        }
        standing.insert(unit.cell);
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
    (standing, compared)
}
