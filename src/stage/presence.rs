//! Whoever has figures or evidence must have people (method, section 14.9): looked at once all tables are read.
//! Evidence for an area above the unit of analysis stands at that area and is not passed down (section 15.8).

use std::collections::BTreeSet;

use super::cells::CellTable;
use super::evidence::EvidenceTable;
use super::observe::IndicatorTable;
use super::parts::parts_of;
use super::population::PopulationTable;
use super::previous::PreviousTable;
use super::response::ResponseTable;
use super::sectors::SectorTable;
use super::survey::SurveyTable;
use crate::diag::{Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::{AreaId, AreaTree, CellId, Series};
use crate::framework::files::FallBackName;

/// Everything that was read.
#[derive(Copy, Clone)]
pub struct Read<'a> {
    /// The areas.
    pub areas: &'a AreaTree,
    /// Which cells there are.
    pub cells: &'a CellTable,
    /// Who lives where.
    pub population: &'a PopulationTable,
    /// Values of indicators.
    pub observed: &'a IndicatorTable,
    /// Households that were asked.
    pub survey: &'a SurveyTable,
    /// Whether areas around stand in where an area has too few households.
    pub fall_back: FallBackName,
    /// Other evidence.
    pub evidence: &'a EvidenceTable,
    /// What the sectors found.
    pub sectors: &'a SectorTable,
    /// Last year's figures.
    pub previous: &'a PreviousTable,
    /// Targeted and reached.
    pub response: &'a ResponseTable,
}

/// Says which cells have figures or evidence and no people.
pub fn check_people_are_known(read: Read<'_>) -> Findings {
    let mut found = Findings::default();
    let mut peopled: BTreeSet<(AreaId, &str)> = BTreeSet::new();
    let mut above: BTreeSet<AreaId> = BTreeSet::new();
    for cell in read.cells.ids().filter(|&cell| read.population.of(cell).is_some()) {
        let key = read.cells.key(cell);
        peopled.insert((key.area, ""));
        peopled.insert((key.area, key.pocket.as_str()));
        above.extend(read.areas.path(key.area).skip(1));
    }
    let with_evidence = read.cells_with_evidence();
    let unread: BTreeSet<AreaId> = read.population.unreadable.iter().map(|&cell| read.cells.key(cell).area).collect();
    let unknown = |cell: &CellId| {
        // A population that is only the sum of what lies below it is none of the area's own.
        let left_out = above.contains(&read.cells.key(*cell).area) && !read.population.is_counted(*cell);
        (left_out || read.population.of(*cell).is_none()) && !read.population.unreadable.contains(cell)
    };
    for cell in read.cells.ids().filter(unknown) {
        let key = read.cells.key(cell);
        let name = read.cells.name(read.areas, cell);
        let is_above = above.contains(&key.area);
        // A survey may speak for wider areas than those whose people are counted.
        let may_speak = is_above && read.fall_back == FallBackName::ParentArea;
        let evidence = with_evidence.contains(&cell) || (!may_speak && read.survey.places.contains_key(&cell));
        let has_people = read.population.of(cell).is_some();
        if !is_above && key.group.is_none() && peopled.contains(&(key.area, key.pocket.as_str())) {
            // Speaks for the whole area, or the whole pocket, around its groups.
        } else if !has_people && read.some_parts_known(cell) {
            let message = format!("{name}: the people of some sexes or ages are blank, and no total is stated");
            found.add(Code::MissingPopulation, read.place(cell), message);
        } else if !has_people && read.has_figures(cell) && !read.speaks_for_others(cell) {
            found.add(Code::MissingPopulation, read.place(cell), format!("{name} has figures but no population"));
        } else if evidence && is_above {
            let asked = read.survey.places.contains_key(&cell);
            let hint = if asked { "; its households speak for these where the framework has `fall-back = \"parent-area\"`" } else { "" };
            let message = format!("{name} stands above the areas whose population is counted{hint}");
            found.add(Code::EvidenceAbove, read.place_of_evidence(cell), message);
        } else if evidence && unread.contains(&key.area) {
            // Its people are written and cannot be read, which has been said.
        } else if evidence {
            let blank = read.population.places.get(&cell).map_or_else(String::new, |place| format!("; it is blank in {place}"));
            let message = format!("{name} has evidence but no population{blank}");
            found.add(Code::EvidenceWithoutPopulation, read.place_of_evidence(cell), message);
        } else if let Some(place) = read.previous.place(cell).filter(|_| !is_above) {
            found.add(Code::PreviousGone, place, format!("{name} had figures last year and has no population now"));
        } else if !has_people && read.population.places.contains_key(&cell) {
            found.add(Code::GroupNotPresent, read.place(cell), format!("{name} has neither people nor figures"));
        }
    }
    found
}

/// Areas of which no row of the population speaks, and none of the areas around or in them.
pub fn areas_without_people(areas: &AreaTree, cells: &CellTable, population: &PopulationTable) -> Findings {
    let mut found = Findings::default();
    let spoken: BTreeSet<AreaId> = population.places.keys().flat_map(|&cell| areas.path(cells.key(cell).area)).collect();
    let within = |area: AreaId| areas.within(area).filter(move |inner| *inner != area);
    let silent = |area: &AreaId| !spoken.contains(area) && within(*area).next().is_none();
    let codes: Vec<&str> = areas.in_code_order().filter(silent).map(|area| areas.get(area).pcode.as_str()).collect();
    if !codes.is_empty() && !spoken.is_empty() {
        let (shown, more) = (codes.iter().take(5).copied().collect::<Vec<_>>().join("`, `"), codes.len().saturating_sub(5));
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        found.add(Code::AreaWithoutPeople, Place::Input, format!("no row of the population speaks of `{shown}`{more}"));
    }
    found
}

impl Read<'_> {
    /// Whether the row stands for cells that have people: its own are theirs.
    fn speaks_for_others(&self, cell: CellId) -> bool {
        !parts_of(cell, self.cells, self.areas, self.population).is_empty()
    }

    /// Figures of people for this year.
    fn has_figures(&self, cell: CellId) -> bool {
        let slots = self.population.slots.leaves_of(cell).map(|(_, slot)| slot).chain([self.population.slots.total(cell)]);
        let given = |slot| {
            let of = |&series: &Series| self.evidence.given_in_need(slot, series).or_else(|| self.evidence.given_affected(slot, series));
            Series::ALL.iter().any(|series| of(series).is_some())
        };
        let of_response = |&series: &Series| self.response.targeted(cell, series).or_else(|| self.response.reached(cell, series));
        slots.into_iter().any(given)
            || Series::ALL.iter().any(|series| of_response(series).is_some())
            || self.sectors.in_need.iter().any(|column| column.get(cell.index()).is_some())
    }

    /// Some parts of a split have people, and the whole has none.
    fn some_parts_known(&self, cell: CellId) -> bool {
        self.population.slots.leaves_of(cell).any(|(_, slot)| self.population.at(slot).is_some())
    }

    fn cells_with_evidence(&self) -> BTreeSet<CellId> {
        let phases = |cell: &CellId| Series::ALL.iter().any(|series| self.evidence.given_phase(*cell, series.scope()).is_some());
        let known = |cell: &CellId| self.observed.columns.iter().any(|(_, _, column)| column.is_known(cell.index()));
        let judged = self.evidence.judgements.iter().map(|judgement| judgement.cell);
        let shared = self.evidence.shares.keys().map(|(cell, _)| *cell);
        let not_counted = self.cells.ids().filter(|&cell| !self.population.is_counted(cell));
        judged.chain(shared).chain(not_counted.filter(|cell| phases(cell) || known(cell))).collect()
    }

    /// Where the cell stands first: in the population, else where its figures stand.
    fn place(&self, cell: CellId) -> Place {
        let given = || self.evidence.given.place(cell, &self.population.slots);
        let places = [&self.population.places, &self.response.places, &self.sectors.listed];
        let stands = places.into_iter().find_map(|places| places.get(&cell));
        stands.or_else(given).or_else(|| self.observed.rows.get(&cell)).cloned().unwrap_or_default()
    }

    /// Where the evidence on a cell stands first.
    fn place_of_evidence(&self, cell: CellId) -> Place {
        let shared = || self.evidence.shares.iter().find(|((at, _), _)| *at == cell).map(|(_, shares)| &shares.place);
        let judged = || self.evidence.judgements.iter().find(|judgement| judgement.cell == cell).map(|judgement| &judgement.place);
        let asked = || self.survey.places.get(&cell);
        self.observed.rows.get(&cell).or_else(judged).or_else(shared).or_else(asked).cloned().unwrap_or_else(|| self.place(cell))
    }
}
