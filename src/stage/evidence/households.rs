//! Which households speak for an area and group: its own; where these are too few and the framework says so, those of the
//! area around it, of the same group if there are any (method, section 10).

use std::collections::BTreeMap;

use crate::domain::{AreaId, AreaTree, CellId, PhaseShares, Scope};
use crate::framework::Framework;
use crate::framework::files::FallBackName;
use crate::stage::cells::CellTable;
use crate::stage::population::PopulationTable;
use crate::stage::survey::estimates::{Domain, Estimate, SurveyEstimates};

/// What households say of a cell in a scope.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseholdEvidence {
    /// Weights by phase.
    pub shares: PhaseShares,
    /// Of whom they were asked.
    pub domain: Domain,
    /// The area that stands in for the cell's own, if one does.
    pub from: Option<AreaId>,
    /// So few that what they say is of low precision.
    pub few: bool,
    /// Their phase would be another one in more than one of five surveys.
    pub borderline: bool,
}

/// What households say of every cell: of those with households, and, where areas around stand in, of all others too.
pub fn households_speaking(
    estimates: &SurveyEstimates,
    cells: &CellTable,
    areas: &AreaTree,
    population: &PopulationTable,
    rules: &Framework,
) -> BTreeMap<(CellId, Scope), HouseholdEvidence> {
    let mut speaking = BTreeMap::new();
    let mut scopes: Vec<Scope> = estimates.by_domain.keys().map(|(_, scope)| *scope).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let by_area = rules.severity.area_phase;
    let rules = &rules.survey;
    let least = rules.least_households as usize;
    let enough = |estimate: &Estimate| estimate.known >= least;
    for cell in cells.ids() {
        for &scope in &scopes {
            let own = own_domain(estimates, cells, cell, population.is_counted(cell), scope);
            let stands_in = || around(estimates, cells, areas, cell, scope, &enough);
            let chosen = match own {
                Some((domain, estimate)) if enough(estimate) || rules.fall_back == FallBackName::None => Some((domain, estimate, None)),
                own if rules.fall_back == FallBackName::ParentArea => {
                    let own = own.map(|(domain, estimate)| (domain, estimate, None));
                    stands_in().map(|(domain, estimate, area)| (domain, estimate, Some(area))).or(own)
                }
                _ => None,
            };
            if let Some((domain, estimate, from)) = chosen {
                let evidence = HouseholdEvidence {
                    shares: estimate.weights,
                    domain,
                    from,
                    few: !enough(estimate),
                    borderline: estimate.is_borderline(by_area),
                };
                speaking.insert((cell, scope), evidence);
            }
        }
    }
    speaking
}

/// The households that a cell has, or the whole pocket or area around it where these are not told apart by group. Of an area
/// as a whole all that live in it, of whatever group, if it is a unit and no part of it is looked at by itself: the row of an
/// area above its groups would else lend the answers of one group to another.
fn own_domain<'a>(
    estimates: &'a SurveyEstimates,
    cells: &CellTable,
    cell: CellId,
    is_unit: bool,
    scope: Scope,
) -> Option<(Domain, &'a Estimate)> {
    let of = |domain: Domain| estimates.get(domain, scope).map(|estimate| (domain, estimate));
    let spoken = cells.speaking_for(cell).find_map(|cell| of(Domain::Cell(cell)));
    spoken.or_else(|| {
        let key = cells.key(cell);
        let has_pockets = || cells.of_area(key.area).any(|cell| !cells.key(cell).pocket.is_empty());
        let is_whole = is_unit && key.group.is_none() && key.pocket.is_empty() && !has_pockets();
        of(Domain::Area(key.area, None)).filter(|_| is_whole)
    })
}

/// The nearest area around a cell with enough households of the cell's group; without such the nearest one with enough of all.
fn around<'a>(
    estimates: &'a SurveyEstimates,
    cells: &CellTable,
    areas: &AreaTree,
    cell: CellId,
    scope: Scope,
    enough: &impl Fn(&Estimate) -> bool,
) -> Option<(Domain, &'a Estimate, AreaId)> {
    let key = cells.key(cell);
    // Of a pocket the area itself is the first one around. The country stands in only for areas right below it: for others it
    // would be the households of areas far away.
    let parent = areas.get(key.area).parent;
    let near = |area: &AreaId| match *area {
        area if area == key.area => !key.pocket.is_empty(),
        area => area != areas.country() || Some(area) == parent,
    };
    let groups = if key.group.is_some() { vec![key.group, None] } else { vec![None] };
    groups.into_iter().find_map(|group| {
        let of_group = areas.path(key.area).filter(near).map(|area| (Domain::Area(area, group), area));
        of_group.filter_map(|(domain, area)| Some((domain, estimates.get(domain, scope)?, area))).find(|(_, estimate, _)| enough(estimate))
    })
}
