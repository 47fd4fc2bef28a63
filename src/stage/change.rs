//! Change from last year: joined by area, pocket and group, unrounded. From 0 it is "new", not a number (method,
//! section 8).

use super::parts::parts_of;
use super::people::{PeopleBasis, PinTable};
use super::previous::{PreviousOf, PreviousTable};
use super::rollup::{RollKey, Rolled, RolledTable};
use super::sectors::SectorTable;
use super::wholes::{Figure, Whole};
use crate::domain::{CellId, Decimal, People, Phase};

/// How a figure compares with last year's.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ChangeStatus {
    /// (new - old) / old.
    Compared,
    /// It was 0 and is not any more.
    New,
    /// It is not known this year.
    Gone,
    /// It was 0 and is 0.
    NotComputable,
    /// It is known this year for some of its people only, so the two are not compared.
    Partial,
}

impl ChangeStatus {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compared => "compared",
            Self::New => "new",
            Self::Gone => "gone",
            Self::NotComputable => "not-computable",
            Self::Partial => "partial",
        }
    }
}

/// One figure beside last year's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// For which area and group.
    pub cell: CellId,
    /// Of what.
    pub of: PreviousOf,
    /// Of the phase, not of the people.
    pub is_phase: bool,
    /// Last year's.
    pub old: Decimal,
    /// This year's.
    pub new: Option<Decimal>,
    /// (new - old) / old.
    pub change: Option<Decimal>,
    /// How it compares.
    pub status: ChangeStatus,
}

/// Every figure of last year beside this year's.
pub fn compare_with_previous(
    previous: &PreviousTable,
    basis: PeopleBasis<'_>,
    in_need: &PinTable,
    rolled: &RolledTable,
    sectors: &SectorTable,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((cell, of), (old, _)) in &previous.in_need {
        let is_unit = basis.population.is_counted(*cell);
        let own = match of {
            PreviousOf::Sector(sector) => sectors.people(*cell, *sector),
            PreviousOf::Series(series) if is_unit => in_need.in_need(basis.population.slots.total(*cell), *series),
            PreviousOf::Series(series) => {
                rolled.wholes.people.get(&Whole { cell: *cell, series: *series, figure: Figure::InNeed }).copied()
            }
        };
        let (new, partial) = if let Some(row) = row_of_sums(*cell, *of, basis, rolled) {
            // This year's figure is the one that the outputs show.
            (row.in_need, row.in_need.is_some() && row.assessed.unwrap_or_default() < row.population.unwrap_or_default())
        } else if own.is_some() || is_unit {
            (own, false)
        } else {
            // A row without sums, as that of a pocket, is compared with the sum over the cells it speaks for.
            let mut parts = parts_of(*cell, basis.cells, basis.areas, basis.population);
            // The area as a whole holds its pockets too, as its own row in the outputs does.
            let key = basis.cells.key(*cell);
            if key.pocket.is_empty() && key.group.is_none() {
                let pockets = basis.cells.of_area(key.area).filter(|&part| !basis.cells.key(part).pocket.is_empty());
                parts.extend(pockets.filter(|&part| basis.population.is_counted(part)));
            }
            let of_part = |part: CellId| match of {
                PreviousOf::Sector(sector) => sectors.people(part, *sector),
                PreviousOf::Series(series) => in_need.in_need(basis.population.slots.total(part), *series),
            };
            let is_left_out = |part: &CellId| of_part(*part).is_none() && basis.population.of(*part) != Some(People::ZERO);
            let sum = parts.iter().filter_map(|&part| of_part(part)).reduce(|sum, part| sum + part);
            (sum, sum.is_some() && parts.iter().any(is_left_out))
        };
        let change = change(*cell, *of, false, old.0, new.map(|people| people.0));
        changes.push(if partial { Change { change: None, status: ChangeStatus::Partial, ..change } } else { change });
    }
    for ((cell, of), (old, _)) in &previous.phases {
        let new = match of {
            PreviousOf::Sector(sector) => sectors.phase(*cell, *sector),
            PreviousOf::Series(series) => {
                let key = basis.cells.key(*cell);
                let is_area = key.pocket.is_empty() && !basis.population.is_counted(*cell);
                let of_area = if is_area { rolled.phase(key.area, key.group, series.scope()) } else { None };
                of_area.or_else(|| basis.severity.phase(*cell, series.scope()))
            }
        };
        changes.push(change(*cell, *of, true, old.to_decimal(), new.map(Phase::to_decimal)));
    }
    changes.sort_by_key(|change| (change.cell, change.of, change.is_phase));
    changes
}

/// The row of sums of an area, or of a group in it, which is no unit.
fn row_of_sums(cell: CellId, of: PreviousOf, basis: PeopleBasis<'_>, rolled: &RolledTable) -> Option<Rolled> {
    let (key, PreviousOf::Series(series)) = (basis.cells.key(cell), of) else { return None };
    if !key.pocket.is_empty() || basis.population.is_counted(cell) {
        return None;
    }
    let row = rolled.find(RollKey { area: key.area, group: key.group, leaf: None })?;
    Some(rolled.get(row, series))
}

fn change(cell: CellId, of: PreviousOf, is_phase: bool, old: Decimal, new: Option<Decimal>) -> Change {
    let relative = new.and_then(|new| (new - old).divided_by(old));
    let status = match (new, old == Decimal::ZERO) {
        (None, _) => ChangeStatus::Gone,
        (Some(Decimal::ZERO), true) => ChangeStatus::NotComputable,
        (Some(_), true) => ChangeStatus::New,
        (Some(_), false) => ChangeStatus::Compared,
    };
    Change { cell, of, is_phase, old, new, change: relative, status }
}
