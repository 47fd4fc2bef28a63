//! Given people and the response of a row that speaks for several cells: a district without a group, an area above the
//! units. Where none of these cells says anything of it itself, the figure stands once, in the sums of the row's area and
//! of those above it; else it is compared with their sum (method, section 15.21).

use std::collections::{BTreeMap, BTreeSet};

use super::beside::Beside;
use super::decide::Decided;
use super::evidence::EvidenceTable;
use super::parts::parts_of;
use super::people::{PeopleBasis, PinTable};
use super::population::PopulationTable;
use super::response::ResponseTable;
use crate::domain::id::Id;
use crate::domain::{AdminLevel, CellId, GroupId, People, Series, SlotId};
use crate::framework::Framework;
use crate::framework::rules::PeopleRule;

/// For whom a row spoke: on which level it stands and for which group.
type Speaker = (AdminLevel, Option<GroupId>);

/// Which figure a row states.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// People in need.
    InNeed,
    /// A figure beside them.
    Beside(Beside),
}

impl Figure {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::InNeed, Self::Beside(Beside::Affected), Self::Beside(Beside::Targeted), Self::Beside(Beside::Reached)];

    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InNeed => "in need",
            Self::Beside(beside) => beside.word(),
        }
    }
}

/// A figure that stands for several cells.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole {
    /// The row.
    pub cell: CellId,
    /// Of what.
    pub series: Series,
    /// Which figure.
    pub figure: Figure,
}

/// The figures that stand for several cells.
#[derive(Clone, Debug, Default)]
pub struct Wholes {
    /// Their people.
    pub people: BTreeMap<Whole, People>,
    /// Of each cell, series and figure the row that speaks for it.
    spoken_for: BTreeMap<(Series, Figure, CellId), Speaker>,
}

impl Wholes {
    /// Whether, in the sums of an area of this level and of this group, another row speaks for the cell.
    pub fn speak_for(&self, cell: CellId, series: Series, figure: Figure, level: AdminLevel, group: Option<GroupId>) -> bool {
        let speaker = self.spoken_for.get(&(series, figure, cell));
        speaker.is_some_and(|(at, of)| level <= *at && (group.is_none() || group == *of))
    }

    /// Whether anything is spoken for.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
}

/// The tables that hold these figures.
#[derive(Copy, Clone)]
pub struct Stated<'a> {
    /// Affected people of sheet `population`.
    pub population: &'a PopulationTable,
    /// Affected people computed elsewhere.
    pub evidence: &'a EvidenceTable,
    /// What is estimated.
    pub in_need: &'a PinTable,
    /// Targeted and reached.
    pub response: &'a ResponseTable,
    /// Whether given figures count.
    pub rules: &'a Framework,
}

impl Stated<'_> {
    /// The figure of a counted cell, as it enters sums.
    pub fn of_unit(self, cell: CellId, series: Series, figure: Figure) -> Option<People> {
        let slot = self.population.slots.total(cell);
        match figure {
            Figure::InNeed => self.in_need.in_need(slot, series),
            Figure::Beside(Beside::Affected) => self.in_need.affected(slot, series),
            Figure::Beside(Beside::Targeted) => self.response.targeted(cell, series),
            Figure::Beside(Beside::Reached) => self.response.reached(cell, series),
        }
    }

    /// What is given for everybody; without that, the sum over the parts by sex and age where all of several are given.
    fn given_total(self, what: Decided, total: SlotId, series: Series) -> Option<People> {
        let (cell, _) = self.population.slots.get(total);
        let leaves: Vec<SlotId> = self.population.slots.leaves_of(cell).map(|(_, slot)| slot).collect();
        let given = |slot| self.evidence.given_people(what, slot, series);
        let sum = || People::sum_if_all_known(leaves.iter().map(|&slot| given(slot))).filter(|_| leaves.len() > 1);
        given(total).or_else(sum)
    }

    /// What a row that is not counted itself says.
    pub fn of_whole(self, cell: CellId, series: Series, figure: Figure) -> Option<People> {
        let slot = self.population.slots.total(cell);
        let is_way = || self.rules.people.ways_of(series).contains(&PeopleRule::Given);
        let affected = || self.given_total(Decided::Affected, slot, series).filter(|_| is_way());
        match figure {
            Figure::InNeed => self.given_total(Decided::InNeed, slot, series).filter(|_| is_way()),
            Figure::Beside(Beside::Affected) if series == Series::Overall => self.population.affected.get(slot.index()).or_else(affected),
            Figure::Beside(Beside::Affected) => affected(),
            Figure::Beside(Beside::Targeted) => self.response.targeted(cell, series),
            Figure::Beside(Beside::Reached) => self.response.reached(cell, series),
        }
    }
}

/// Finds them, the rows of the smallest areas first.
pub fn find_wholes(basis: PeopleBasis<'_>, in_need: &PinTable, response: &ResponseTable) -> Wholes {
    let tables = Stated { population: basis.population, evidence: basis.evidence, in_need, response, rules: basis.rules };
    let mut wholes = Wholes::default();
    let states =
        |cell: CellId| Series::ALL.iter().any(|&series| Figure::ALL.iter().any(|&figure| tables.of_whole(cell, series, figure).is_some()));
    let mut rows: Vec<CellId> = basis.cells.ids().filter(|&cell| !basis.population.is_counted(cell) && states(cell)).collect();
    let level = |cell: CellId| basis.areas.get(basis.cells.key(cell).area).level;
    // Of one area a statement for a group before that for everybody.
    rows.sort_by_key(|&cell| (std::cmp::Reverse(level(cell)), basis.cells.key(cell).group.is_none(), cell));
    for cell in rows {
        let parts: BTreeSet<CellId> = parts_of(cell, basis.cells, basis.areas, basis.population).into_iter().collect();
        for series in Series::ALL {
            for figure in Figure::ALL {
                let Some(people) = tables.of_whole(cell, series, figure).filter(|_| !parts.is_empty()) else { continue };
                let said = |part: &CellId| {
                    tables.of_unit(*part, series, figure).is_some() || wholes.spoken_for.contains_key(&(series, figure, *part))
                };
                if parts.iter().any(said) {
                    continue;
                }
                let speaker = (level(cell), basis.cells.key(cell).group);
                wholes.spoken_for.extend(parts.iter().map(|&part| ((series, figure, part), speaker)));
                wholes.people.insert(Whole { cell, series, figure }, people);
            }
        }
    }
    wholes
}
