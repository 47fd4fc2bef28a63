//! Change from last year: joined by area, pocket and group, unrounded. From 0 it is "new", not a number (method,
//! section 8).

use super::parts::parts_of;
use super::people::{PeopleBasis, PinTable};
use super::previous::{PreviousOf, PreviousTable};
use super::sectors::SectorTable;
use super::wholes::{Figure, Whole, Wholes};
use crate::domain::{CellId, Decimal, Phase};

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
}

impl ChangeStatus {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compared => "compared",
            Self::New => "new",
            Self::Gone => "gone",
            Self::NotComputable => "not-computable",
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
    wholes: &Wholes,
    sectors: &SectorTable,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((cell, of), (old, _)) in &previous.in_need {
        let new = match of {
            PreviousOf::Sector(sector) => sectors.people(*cell, *sector),
            PreviousOf::Series(series) if basis.population.is_counted(*cell) => {
                in_need.in_need(basis.population.slots.total(*cell), *series)
            }
            // A row that is not counted itself: what it states for all its cells, else the sum over them.
            PreviousOf::Series(series) => {
                let parts = parts_of(*cell, basis.cells, basis.areas, basis.population);
                let known = parts.into_iter().filter_map(|part| in_need.in_need(basis.population.slots.total(part), *series));
                let stated = wholes.people.get(&Whole { cell: *cell, series: *series, figure: Figure::InNeed });
                stated.copied().or_else(|| known.reduce(|sum, part| sum + part))
            }
        };
        changes.push(change(*cell, *of, false, old.0, new.map(|people| people.0)));
    }
    for ((cell, of), (old, _)) in &previous.phases {
        let new = match of {
            PreviousOf::Sector(sector) => sectors.phase(*cell, *sector),
            PreviousOf::Series(series) => basis.severity.phase(*cell, series.scope()),
        };
        changes.push(change(*cell, *of, true, old.to_decimal(), new.map(Phase::to_decimal)));
    }
    changes.sort_by_key(|change| (change.cell, change.of, change.is_phase));
    changes
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
