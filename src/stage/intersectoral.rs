//! The step across sectors (method, section 8): preliminary severity, the highest, second and third PiN, flags,
//! targets. For teams that compile it, and for reviewers.

use std::collections::BTreeMap;

use super::cells::CellTable;
use super::decide::{Decided, Decision, Decisions, OldValue};
use super::flags::{changes_spread, in_need_flags, severity_flags};
use super::outcomes::{OutcomePhases, outcome_phases};
use super::places::{Ranked, rank};
use super::sectors::{Across, FinalFigures};
use crate::diag::Place;
use crate::domain::{CellId, Decimal, IdVec, People, Phase, Scope, SectorId, Share};

/// One unit of the intersectoral step.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Area, pocket and group.
    pub cell: CellId,
    /// The population of the unit.
    pub population: Option<People>,
    /// Phases of the core sectors.
    pub phases: IdVec<SectorId, Option<Phase>>,
    /// How many of them are known.
    pub known: usize,
    /// The phase that the overlap of sectors gives; of a group without phases of its own that of its area.
    pub severity_preliminary: Option<Phase>,
    /// The phase after decisions, of the unit or of the area around it.
    pub severity_final: Option<Phase>,
    /// Fewer than four core phases are known, of the unit or of the area in whose severity it stands: not assessed in
    /// summaries (method, section 14.4).
    pub low_coverage: bool,
    /// Outcome indicators.
    pub outcomes: OutcomePhases,
    /// Flags on severity.
    pub severity_flags: Vec<&'static str>,
    /// PiN of the core sectors.
    pub people: IdVec<SectorId, Option<People>>,
    /// Highest, second and third.
    pub places: Vec<Ranked>,
    /// Flags on PiN.
    pub in_need_flags: Vec<&'static str>,
    /// Divisions by nothing: no percentage and no flag.
    pub not_computable: bool,
    /// Highest PiN from severity 3, else 0.
    pub in_need_preliminary: Option<People>,
    /// After decisions.
    pub in_need_final: Option<People>,
    /// Targeted.
    pub targeted: Option<People>,
    /// In areas above phase 3.
    pub prioritised: Option<People>,
}

/// All units and the decisions found in the sheet itself.
#[derive(Clone, Debug, Default)]
pub struct IntersectoralTable {
    /// In cell order.
    pub units: Vec<Unit>,
    /// Final figures that depart from their rule (method, section 11).
    pub decisions: Vec<Decision>,
    /// Final figures of the sheet that a recorded decision overrules: the sheet's as the old value.
    pub overruled: Vec<Decision>,
    /// Figures before a recorded decision changed them.
    pub before: BTreeMap<(CellId, Decided), OldValue>,
}

impl IntersectoralTable {
    /// The final severity of a cell; without a row of its own it stands in that of the area around it (section 15.3).
    pub fn severity_of(&self, cell: CellId, cells: &CellTable) -> Option<Phase> {
        cells.speaking_for(cell).find_map(|cell| self.get(cell)).and_then(|unit| unit.severity_final)
    }

    /// Whether the severity in which a cell stands rests on fewer than four core phases (method, section 14.4).
    pub fn is_low(&self, cell: CellId, cells: &CellTable) -> bool {
        cells.speaking_for(cell).find_map(|cell| self.get(cell)).is_some_and(|unit| unit.low_coverage)
    }

    /// The unit of a cell.
    pub fn get(&self, cell: CellId) -> Option<&Unit> {
        self.units.binary_search_by_key(&cell, |unit| unit.cell).ok().and_then(|at| self.units.get(at))
    }
}

/// Runs the step on every unit that stands in a sheet of sectors.
pub fn intersect(across: Across<'_>, decisions: &Decisions) -> IntersectoralTable {
    let mut table = IntersectoralTable::default();
    let spread = changes_spread(across);
    // A whole area stands before its groups, so that its severity is known when they ask for it.
    for &cell in across.sectors.listed.keys() {
        let unit = unit(cell, across, spread, decisions, &mut table);
        table.units.push(unit);
    }
    table
}

fn unit(cell: CellId, across: Across<'_>, spread: Option<(f64, f64)>, decisions: &Decisions, table: &mut IntersectoralTable) -> Unit {
    let rules = across.rules;
    let sectors = across.sectors;
    let ids: Vec<SectorId> = (0..sectors.in_need.len()).map(crate::domain::id::Id::from_index).collect();
    let phases: IdVec<SectorId, Option<Phase>> = ids.iter().map(|&sector| sectors.phase(cell, sector)).collect();
    let people: IdVec<SectorId, Option<People>> = ids.iter().map(|&sector| sectors.people(cell, sector)).collect();
    let known = phases.iter().flatten().count();
    let preliminary = preliminary_severity(phases.iter().copied().flatten());
    let no_finals = FinalFigures::default();
    let finals = sectors.finals.get(&cell).unwrap_or(&no_finals);
    // A group without phases of its own stands in those of the area around it (section 15.12).
    let around = if known == 0 { across.cells.speaking_for(cell).skip(1).find_map(|whole| table.get(whole)) } else { None };
    let low_coverage = around.map_or(known > 0 && known < 4, |unit| unit.low_coverage);
    let by_rule = match around {
        Some(unit) => ByRule { preliminary: unit.severity_preliminary, stands_in: unit.severity_final },
        None => ByRule { preliminary, stands_in: preliminary },
    };
    let severity = final_severity(cell, by_rule, finals, decisions, table);
    let outcomes = sectors.outcomes.get(&cell).map(|observed| outcome_phases(observed, rules)).unwrap_or_default();

    let population = across.population.of(cell).or_else(|| sectors.population.get(&cell).map(|(people, _)| *people));
    let places = rank(&people);
    let any_people = people.iter().any(Option::is_some);
    let highest = places.first().map(|place| place.people);
    let in_need_preliminary = match severity {
        Some(severity) if any_people => Some(if severity >= Phase::SEVERE { highest.unwrap_or_default() } else { People::ZERO }),
        _ => None,
    };
    let in_need_final = final_in_need(cell, in_need_preliminary, finals, decisions, table);
    let share = |from: Option<Share>| in_need_final.zip(from).map(|(people, share)| people.times(share));
    let target = severity.map(|severity| match severity.number() {
        3 => rules.target_in_phase_3,
        4 | 5 => rules.target_in_phase_4_or_5,
        _ => Share::ZERO,
    });
    let priority = severity.map(|severity| if severity > Phase::SEVERE { Share::ALL } else { Share::ZERO });
    let (in_need_flags, not_computable) = in_need_flags(cell, &people, &places, population, finals.manual_flag, spread, across);
    Unit {
        cell,
        population,
        known,
        severity_preliminary: by_rule.preliminary,
        severity_final: severity,
        low_coverage,
        severity_flags: severity_flags(&phases, preliminary, &outcomes, finals.manual_flag && (known > 0 || !any_people), rules),
        outcomes,
        phases,
        people,
        places,
        in_need_flags,
        not_computable,
        in_need_preliminary,
        in_need_final,
        targeted: share(target),
        prioritised: share(priority),
    }
}

/// Overlap of the core sectors' phases (method, section 8).
pub fn preliminary_severity(phases: impl Iterator<Item = Phase>) -> Option<Phase> {
    let mut at_least = [0_u32; 6];
    let mut known = false;
    for phase in phases {
        known = true;
        for count in at_least.iter_mut().take(usize::from(phase.number()) + 1) {
            *count += 1;
        }
    }
    let [_, _, two, three, four, five] = at_least;
    let number = match () {
        () if five >= 2 && four >= 4 => 5,
        () if four >= 4 => 4,
        () if three >= 4 => 3,
        () if two >= 4 => 2,
        () => 1,
    };
    if known { Phase::new(number) } else { None }
}

/// The severity of a unit before anything is decided on the unit itself.
#[derive(Copy, Clone)]
struct ByRule {
    /// What the overlap of sectors gives, for the unit or the area around it.
    preliminary: Option<Phase>,
    /// The same, after what is decided on the area around it.
    stands_in: Option<Phase>,
}

/// A recorded decision, else the final figure of the sheet, else the one in which the unit stands.
fn final_severity(
    cell: CellId,
    by_rule: ByRule,
    finals: &FinalFigures,
    decisions: &Decisions,
    table: &mut IntersectoralTable,
) -> Option<Phase> {
    let before = by_rule.preliminary.map(Phase::to_decimal);
    if let Some(decision) = decisions.on(cell, Scope::Intersectoral, Decided::Phase) {
        table.before.insert((cell, Decided::Phase), OldValue(before));
        if let Some((phase, place)) = finals.severity.as_ref().filter(|(phase, _)| phase.to_decimal() != decision.new) {
            table.overruled.push(found(cell, Decided::Phase, Some(phase.to_decimal()), decision.new, "", place));
        }
        return Phase::from_decimal(decision.new);
    }
    let Some((phase, place)) = &finals.severity else { return by_rule.stands_in };
    if by_rule.stands_in != Some(*phase) {
        table.decisions.push(found(cell, Decided::Phase, before, phase.to_decimal(), &finals.severity_reason, place));
    }
    Some(*phase)
}

fn final_in_need(
    cell: CellId,
    preliminary: Option<People>,
    finals: &FinalFigures,
    decisions: &Decisions,
    table: &mut IntersectoralTable,
) -> Option<People> {
    if let Some(decision) = decisions.on(cell, Scope::Intersectoral, Decided::InNeed) {
        table.before.insert((cell, Decided::InNeed), OldValue(preliminary.map(|people| people.0)));
        if let Some((people, place)) = finals.in_need.as_ref().filter(|(people, _)| people.0 != decision.new) {
            table.overruled.push(found(cell, Decided::InNeed, Some(people.0), decision.new, "", place));
        }
        return Some(People(decision.new));
    }
    let Some((people, place)) = &finals.in_need else { return preliminary };
    if preliminary != Some(*people) {
        table.decisions.push(found(cell, Decided::InNeed, preliminary.map(|people| people.0), people.0, &finals.in_need_reason, place));
    }
    Some(*people)
}

fn found(cell: CellId, what: Decided, old: Option<Decimal>, new: Decimal, reason: &str, place: &Place) -> Decision {
    Decision {
        cell,
        scope: Scope::Intersectoral,
        what,
        old: OldValue(old),
        new,
        reason: reason.to_owned(),
        evidence: String::new(),
        decided_by: String::new(),
        date: String::new(),
        place: place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_of_ancuabe_port_au_prince_and_delmas() {
        // VECTORS 9.1 and 9.3, as published; El Encanto (9.4) has six sectors.
        let table: [(&[u8], u8); 6] = [
            (&[3, 4, 2, 3, 1, 4, 4, 3], 3),
            (&[5, 5, 3, 4, 4, 5, 4, 2], 5),
            (&[4, 4, 3, 3, 4, 5, 4, 2], 4),
            (&[4, 3, 2, 3, 2, 3], 3),
            (&[5, 5, 5], 1),
            (&[], 0),
        ];
        for (phases, expected) in table {
            assert_eq!(preliminary_severity(phases.iter().filter_map(|&number| Phase::new(number))), Phase::new(expected), "{phases:?}");
        }
    }
}
