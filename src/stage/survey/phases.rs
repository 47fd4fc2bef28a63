//! *Score* and *combine* for households: answers become phases, indicator by indicator, and these the household's phase for
//! each risk, AoR and overall (method, sections 4, 5 and 14.1). A phase of 0 is unknown.

use std::sync::Arc;

use rayon::prelude::*;

use super::SurveyTable;
use crate::domain::id::Id;
use crate::domain::{Aor, AreaTree, CellId, IndicatorId, PCode, Scope};
use crate::framework::Framework;
use crate::framework::kernel::{BLOCK, Kernel, KernelPart, combine_block};
use crate::framework::score_form::Surroundings;
use crate::stage::cells::CellTable;

/// A phase of every household, column by column.
#[derive(Clone, Debug, Default)]
pub struct HouseholdPhases {
    /// Risks, AoRs and overall, as far as indicators of households speak of them; with a phase per household. Where the same
    /// indicators speak of several they share one column.
    pub of_scopes: Vec<(Scope, Arc<Vec<u8>>)>,
}

impl HouseholdPhases {
    /// The phases in a scope.
    pub fn of(&self, scope: Scope) -> Option<&[u8]> {
        self.of_scopes.iter().find(|(of, _)| *of == scope).map(|(_, phases)| phases.as_slice())
    }
}

/// Phases of all households.
pub fn score_households(survey: &SurveyTable, cells: &CellTable, areas: &AreaTree, rules: &Framework, aors: &[Aor]) -> HouseholdPhases {
    let mut found = HouseholdPhases::default();
    if survey.is_empty() {
        return found;
    }
    let kernels = compile(survey, cells, areas, rules);
    let all = rules.risks.ids().map(Scope::Risk).chain(aors.iter().map(|&aor| Scope::Aor(aor))).chain([Scope::Overall]);
    let mut known: Vec<(Vec<IndicatorId>, Arc<Vec<u8>>)> = Vec::new();
    for scope in all {
        let speaking: Vec<IndicatorId> = kernels.iter().map(|(id, _)| *id).filter(|id| speaks_of(*id, scope, rules)).collect();
        if speaking.is_empty() {
            continue;
        }
        let phases = match known.iter().find(|(of, _)| *of == speaking) {
            Some((_, phases)) => Arc::clone(phases),
            None => {
                let phases = Arc::new(combine_households(&speaking, &kernels, survey.len(), rules));
                known.push((speaking, Arc::clone(&phases)));
                phases
            }
        };
        found.of_scopes.push((scope, phases));
    }
    found
}

/// The phases that one indicator gives every household.
pub fn phases_of_indicator(id: IndicatorId, survey: &SurveyTable, cells: &CellTable, areas: &AreaTree, rules: &Framework) -> Vec<u8> {
    with_surroundings(survey, cells, areas, rules, |around| rules.indicators[id].form.score(&survey.columns_of(id), around))
}

/// The indicators of households that the input has.
fn compile<'a>(survey: &'a SurveyTable, cells: &CellTable, areas: &AreaTree, rules: &Framework) -> Vec<(IndicatorId, Kernel<'a>)> {
    with_surroundings(survey, cells, areas, rules, |around| {
        let asked: Vec<IndicatorId> = rules.indicators.ids().filter(|&id| survey.is_asked(id)).collect();
        asked.into_par_iter().map(|id| (id, rules.indicators[id].form.compile(&survey.columns_of(id), around))).collect()
    })
}

fn with_surroundings<T>(
    survey: &SurveyTable,
    cells: &CellTable,
    areas: &AreaTree,
    rules: &Framework,
    then: impl FnOnce(&Surroundings<'_>) -> T,
) -> T {
    let area_in = |codes: &[String]| -> Vec<bool> {
        let wanted: Vec<_> = codes.iter().filter_map(|code| PCode::new(code)).filter_map(|code| areas.find(&code)).collect();
        let lies_in = |cell: CellId| areas.path(cells.key(cell).area).any(|area| wanted.contains(&area));
        let of_cell: Vec<bool> = cells.ids().map(lies_in).collect();
        survey.cells.iter().map(|cell| of_cell.get(cell.index()).copied().unwrap_or(false)).collect()
    };
    then(&Surroundings {
        rows: survey.len(),
        area_in: &area_in,
        area_phase: rules.severity.area_phase,
        blank_answers: rules.survey.blank_answers,
    })
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

/// The phase of each household that these indicators give together. Blocks of rows are independent, so threads change nothing.
fn combine_households(speaking: &[IndicatorId], kernels: &[(IndicatorId, Kernel<'_>)], rows: usize, rules: &Framework) -> Vec<u8> {
    let part = |(id, kernel)| {
        let indicator = &rules.indicators[id];
        KernelPart { kernel, tier: indicator.form.tier(), weight: indicator.weight, decisive: indicator.decisive }
    };
    let speaks = kernels.iter().map(|(id, kernel)| (*id, kernel)).filter(|(id, _)| speaking.contains(id));
    let parts: Vec<KernelPart<'_>> = speaks.map(part).collect();
    let mut phases = vec![0; rows];
    let rule = &rules.severity.household;
    phases.par_chunks_mut(BLOCK).enumerate().for_each(|(at, block)| combine_block(rule, &parts, at * BLOCK, block));
    phases
}
