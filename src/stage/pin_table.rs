//! The table of people affected and in need: what is known of each figure, and what the estimate rests on.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::CellTable;
use super::decide::Decided;
use super::evidence::EvidenceTable;
use super::mosaic::MosaicLevel;
use super::population::PopulationTable;
use super::severity::SeverityTable;
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{AreaTree, CellId, People, Series, SlotId};
use crate::framework::{Context, Framework};
use crate::table::Grid;

/// How a figure came about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Method {
    /// It did not.
    #[default]
    None,
    /// Computed elsewhere.
    Given,
    /// Population x shares of the households that were asked.
    Households,
    /// Population x shares.
    Shares,
    /// Base x coefficient.
    Coefficients,
    /// A share of another figure.
    Derived,
    /// The highest of the AoRs.
    Highest,
    /// Overall, estimated on its own.
    Independent,
}

impl Method {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Given => "given",
            Self::Households => "households",
            Self::Shares => "shares",
            Self::Coefficients => "coefficients",
            Self::Derived => "derived",
            Self::Highest => "highest",
            Self::Independent => "independent",
        }
    }
}

/// People affected and in need, per slot and series.
#[derive(Clone, Debug)]
pub struct PinTable {
    in_need: [PeopleColumn; 6],
    affected: [PeopleColumn; 6],
    /// How each figure came about, slots x series.
    pub methods: Grid<Method>,
    /// At which level the highest was taken, by cell.
    pub levels: Vec<Option<MosaicLevel>>,
    /// Ways that had a figure and were passed over: cell, series.
    pub passed_over: BTreeMap<(CellId, Series), Vec<&'static str>>,
    /// Cells in a phase of need for which no coefficient speaks.
    pub no_coefficient: BTreeMap<(CellId, Series), SlotId>,
    /// Figures given for some parts by sex and age only (method, section 15.22).
    pub in_part: BTreeSet<(CellId, Series, Decided)>,
    /// Figures that had to wait for overall, so that they did not enter it (method, section 15.9).
    pub after_overall: BTreeSet<(CellId, Series)>,
    /// Cells whose leaves could not carry the highest.
    pub fell_back: Vec<CellId>,
    /// Figures of a cell changed by a decision, and what the rule gave.
    pub before: BTreeMap<(CellId, Series, Decided), Option<People>>,
    /// Cells in which the area gate made in need 0.
    pub gated: BTreeSet<CellId>,
}

impl PinTable {
    /// A table without figures.
    pub fn new(slots: usize, cells: usize) -> Self {
        Self {
            in_need: Series::ALL.map(|_| PeopleColumn::missing(slots)),
            affected: Series::ALL.map(|_| PeopleColumn::missing(slots)),
            methods: Grid::filled(slots, Series::ALL.len(), Method::None),
            levels: vec![None; cells],
            passed_over: BTreeMap::new(),
            no_coefficient: BTreeMap::new(),
            in_part: BTreeSet::new(),
            after_overall: BTreeSet::new(),
            fell_back: Vec::new(),
            before: BTreeMap::new(),
            gated: BTreeSet::new(),
        }
    }

    /// People in need of a slot.
    pub fn in_need(&self, slot: SlotId, series: Series) -> Option<People> {
        self.in_need.get(series.index()).and_then(|column| column.get(slot.index()))
    }

    /// People affected of a slot.
    pub fn affected(&self, slot: SlotId, series: Series) -> Option<People> {
        self.affected.get(series.index()).and_then(|column| column.get(slot.index()))
    }

    /// Sets people in need of a slot.
    pub fn set_in_need(&mut self, slot: SlotId, series: Series, people: Option<People>) {
        if let Some(column) = self.in_need.get_mut(series.index()) {
            column.set(slot.index(), people);
        }
    }

    /// Sets people affected of a slot.
    pub fn set_affected(&mut self, slot: SlotId, series: Series, people: Option<People>) {
        if let Some(column) = self.affected.get_mut(series.index()) {
            column.set(slot.index(), people);
        }
    }

    /// People in need or affected of a slot; a phase is no people.
    pub fn people(&self, what: Decided, slot: SlotId, series: Series) -> Option<People> {
        match what {
            Decided::InNeed => self.in_need(slot, series),
            Decided::Affected => self.affected(slot, series),
            Decided::Phase => None,
        }
    }

    /// Sets people in need or affected of a slot.
    pub fn set_people(&mut self, what: Decided, slot: SlotId, series: Series, people: Option<People>) {
        match what {
            Decided::InNeed => self.set_in_need(slot, series, people),
            Decided::Affected => self.set_affected(slot, series, people),
            Decided::Phase => {}
        }
    }

    /// How the figure of a slot came about.
    pub fn method(&self, slot: SlotId, series: Series) -> Method {
        self.methods.get(slot.index(), series.index()).unwrap_or_default()
    }

    /// Notes how the figure of a slot came about.
    pub fn set_method(&mut self, slot: SlotId, series: Series, method: Method) {
        self.methods.set(slot.index(), series.index(), method);
    }
}

/// The tables on which people rest.
#[derive(Copy, Clone)]
pub struct PeopleBasis<'a> {
    /// Which cells there are.
    pub cells: &'a CellTable,
    /// The areas.
    pub areas: &'a AreaTree,
    /// Who lives where.
    pub population: &'a PopulationTable,
    /// Figures and shares.
    pub evidence: &'a EvidenceTable,
    /// Phases.
    pub severity: &'a SeverityTable,
    /// The rules.
    pub rules: &'a Framework,
    /// AoRs in play, tiers.
    pub context: &'a Context,
}
