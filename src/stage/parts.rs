//! Of which cells a row speaks that is not counted itself: the groups of its area or pocket, or the cells of the areas
//! below it, of its group where it names one.

use super::cells::CellTable;
use super::population::PopulationTable;
use crate::domain::{AreaTree, CellId};

/// The counted cells of which a row speaks, in order.
pub fn parts_of(whole: CellId, cells: &CellTable, areas: &AreaTree, population: &PopulationTable) -> Vec<CellId> {
    let key = cells.key(whole);
    let of_group = |cell: &CellId| key.group.is_none() || cells.key(*cell).group == key.group;
    let counted = |cell: &CellId| *cell != whole && population.is_counted(*cell);
    let here: Vec<CellId> =
        cells.of_area(key.area).filter(counted).filter(of_group).filter(|cell| cells.key(*cell).pocket == key.pocket).collect();
    if !key.pocket.is_empty() {
        return here;
    }
    let below = areas.within(key.area).filter(|area| *area != key.area).flat_map(|area| cells.of_area(area));
    let below: Vec<CellId> = below.filter(counted).filter(of_group).collect();
    here.into_iter().chain(below).collect()
}
