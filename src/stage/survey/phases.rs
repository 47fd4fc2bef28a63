//! *Score* and *combine* for households: answers become phases, indicator by indicator, and these the household's phase for
//! each risk, AoR and overall (method, sections 4, 5 and 14.1). A phase of 0 is unknown.

use rayon::prelude::*;

use super::SurveyTable;
use crate::domain::id::Id;
use crate::domain::{Aor, AreaTree, CellId, IndicatorId, PCode, Phase, Scope};
use crate::framework::Framework;
use crate::framework::combine::Part;
use crate::framework::score_form::Surroundings;
use crate::stage::cells::CellTable;

/// A phase of every household, column by column.
#[derive(Clone, Debug, Default)]
pub struct HouseholdPhases {
    /// What each column speaks of: risks, AoRs and overall, as far as indicators of households speak of them.
    pub scopes: Vec<Scope>,
    /// A column for each scope, a row per household.
    pub phases: Vec<Vec<u8>>,
    /// A column for each indicator of households that the input has.
    pub of_indicators: Vec<(IndicatorId, Vec<u8>)>,
}

/// Phases of all households.
pub fn score_households(survey: &SurveyTable, cells: &CellTable, areas: &AreaTree, rules: &Framework, aors: &[Aor]) -> HouseholdPhases {
    if survey.is_empty() {
        return HouseholdPhases::default();
    }
    let of_indicators = score_indicators(survey, cells, areas, rules);
    let scopes = scopes(rules, aors, &of_indicators);
    let phases = scopes.par_iter().map(|&scope| combine_households(scope, &of_indicators, survey.len(), rules)).collect();
    HouseholdPhases { scopes, phases, of_indicators }
}

fn score_indicators(survey: &SurveyTable, cells: &CellTable, areas: &AreaTree, rules: &Framework) -> Vec<(IndicatorId, Vec<u8>)> {
    let area_in = |codes: &[String]| -> Vec<bool> {
        let wanted: Vec<_> = codes.iter().filter_map(|code| PCode::new(code)).filter_map(|code| areas.find(&code)).collect();
        let lies_in = |cell: CellId| areas.path(cells.key(cell).area).any(|area| wanted.contains(&area));
        let of_cell: Vec<bool> = cells.ids().map(lies_in).collect();
        survey.cells.iter().map(|cell| of_cell.get(cell.index()).copied().unwrap_or(false)).collect()
    };
    let around = Surroundings {
        rows: survey.len(),
        area_in: &area_in,
        area_phase: rules.severity.area_phase,
        blank_answers: rules.survey.blank_answers,
    };
    let asked: Vec<IndicatorId> = rules.indicators.ids().filter(|&id| survey.is_asked(id)).collect();
    asked.into_par_iter().map(|id| (id, rules.indicators[id].form.score(&survey.columns_of(id), &around))).collect()
}

/// Whether an indicator speaks of a scope.
fn speaks_of(id: IndicatorId, scope: Scope, rules: &Framework) -> bool {
    let risks = &rules.indicators[id].risks;
    match scope {
        Scope::Overall => true,
        Scope::Aor(aor) => risks.iter().any(|&risk| rules.risks[risk].aors.contains(&aor)),
        Scope::Risk(risk) => risks.contains(&risk),
        Scope::Indicator(_) | Scope::Intersectoral => false,
    }
}

fn scopes(rules: &Framework, aors: &[Aor], of_indicators: &[(IndicatorId, Vec<u8>)]) -> Vec<Scope> {
    let all = rules.risks.ids().map(Scope::Risk).chain(aors.iter().map(|&aor| Scope::Aor(aor))).chain([Scope::Overall]);
    all.filter(|&scope| of_indicators.iter().any(|(id, _)| speaks_of(*id, scope, rules))).collect()
}

/// The phase of each household in one scope. Room is taken once, not row by row.
fn combine_households(scope: Scope, of_indicators: &[(IndicatorId, Vec<u8>)], rows: usize, rules: &Framework) -> Vec<u8> {
    let speaking: Vec<&(IndicatorId, Vec<u8>)> = of_indicators.iter().filter(|(id, _)| speaks_of(*id, scope, rules)).collect();
    let blank = |id: IndicatorId| {
        let indicator = &rules.indicators[id];
        Part { phase: None, tier: indicator.form.tier(), weight: indicator.weight, decisive: indicator.decisive }
    };
    let mut parts: Vec<Part> = speaking.iter().map(|(id, _)| blank(*id)).collect();
    let combine = |row: usize| {
        for (part, (_, phases)) in parts.iter_mut().zip(&speaking) {
            part.phase = phases.get(row).copied().and_then(Phase::new);
        }
        rules.severity.household.apply(&parts).map_or(0, Phase::number)
    };
    (0..rows).map(combine).collect()
}
