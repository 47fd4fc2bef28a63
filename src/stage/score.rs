//! *Score*: a value becomes a phase, column by column; the forms themselves stand in `framework/score_form`.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::cells::CellTable;
use super::observe::IndicatorTable;
use crate::domain::id::Id;
use crate::domain::{AreaTree, CellId, IndicatorId, PCode, Phase};
use crate::framework::Framework;
use crate::framework::files::BlankAnswersName;
use crate::framework::score_form::Surroundings;
use crate::table::{Column, Grid};

/// A phase per cell and indicator; 0 stands for unknown.
#[derive(Clone, Debug)]
pub struct ScoredTable {
    /// Cells x indicators.
    pub phases: Grid<u8>,
    /// Whether the phase is the whole area's, because the group says nothing itself.
    pub inherited: Grid<bool>,
    /// Whether a recorded decision gave the phase.
    pub decided: Grid<bool>,
    /// Phases before a decision changed them.
    pub before: BTreeMap<(CellId, IndicatorId), Option<Phase>>,
}

impl ScoredTable {
    /// The phase of an indicator in a row.
    pub fn phase(&self, row: usize, indicator: IndicatorId) -> Option<Phase> {
        self.phases.get(row, indicator.index()).and_then(Phase::new)
    }
}

/// Scores every indicator. Columns are independent, so threads change nothing.
pub fn score(observed: &IndicatorTable, cells: &CellTable, areas: &AreaTree, rules: &Framework) -> ScoredTable {
    let area_in = |codes: &[String]| -> Vec<bool> {
        let wanted: Vec<_> = codes.iter().filter_map(|code| PCode::new(code)).filter_map(|code| areas.find(&code)).collect();
        cells.ids().map(|cell| areas.path(cells.key(cell).area).any(|area| wanted.contains(&area))).collect()
    };
    // The setting speaks of households that leave a question blank; of areas nothing is known then.
    let around = Surroundings {
        rows: cells.len(),
        area_in: &area_in,
        area_phase: rules.severity.area_phase,
        blank_answers: BlankAnswersName::Missing,
    };
    let ids: Vec<IndicatorId> = rules.indicators.ids().collect();
    let scored: Vec<(Vec<u8>, Vec<bool>)> = ids
        .par_iter()
        .map(|&id| {
            if !observed.present[id] {
                return (vec![0; cells.len()], vec![false; cells.len()]);
            }
            let columns = observed.columns_of(id);
            let own = rules.indicators[id].form.score(&columns, &around);
            inherit(own, &columns, cells)
        })
        .collect();
    let (phases, inherited): (Vec<_>, Vec<_>) = scored.into_iter().unzip();
    ScoredTable {
        phases: Grid::from_columns(cells.len(), phases, 0),
        inherited: Grid::from_columns(cells.len(), inherited, false),
        decided: Grid::filled(cells.len(), ids.len(), false),
        before: BTreeMap::new(),
    }
}

/// A group or pocket that says nothing of an indicator takes what is said of the whole area (method, section 15.3).
fn inherit(own: Vec<u8>, columns: &[&Column], cells: &CellTable) -> (Vec<u8>, Vec<bool>) {
    let mut phases = own;
    let mut inherited = vec![false; phases.len()];
    // The cell around stands before the cells in it, so that what it takes itself has reached it.
    for cell in cells.ids() {
        let Some(whole) = cells.around(cell) else { continue };
        if columns.iter().any(|column| column.is_known(cell.index())) {
            continue;
        }
        let of_area = phases.get(whole.index()).copied().unwrap_or(0);
        if let (Some(phase), Some(mark)) = (phases.get_mut(cell.index()), inherited.get_mut(cell.index())) {
            *phase = of_area;
            *mark = of_area != 0;
        }
    }
    (phases, inherited)
}
