//! Checks after computing (method, section 12). Each is a finding with the figure and what it was held against;
//! none changes a figure.

mod across;
mod areas;
mod decisions;
mod given;
mod parts;
mod response;
mod units;

use super::analysis::Analysis;
use crate::diag::{Code, Findings, Place};
use crate::domain::{CellId, Phase, Series};
use areas::check_areas;

/// Looks at every figure.
pub fn check(analysis: &Analysis) -> Findings {
    let mut checks = Checks { analysis, found: Findings::default() };
    if analysis.rules.people.from_phase < Phase::SEVERE {
        let message =
            format!("the rules count people in need from phase {}; need begins at {}", analysis.rules.people.from_phase, Phase::SEVERE);
        checks.found.add(Code::NeedBelowPhase3, Place::Input, message);
    }
    for cell in analysis.cells.ids() {
        checks.population(cell);
        checks.phases(cell);
        checks.households(cell);
        for &series in &analysis.series {
            checks.people(cell, series);
        }
    }
    checks.series_without_people();
    checks.targets();
    checks.given_in_part();
    checks.evidence();
    checks.disability();
    checks.given_parents();
    checks.given_in_vain();
    checks.decisions();
    checks.changes();
    checks.units();
    checks.found.append(check_areas(analysis));
    checks.found
}

/// As an analyst calls it.
pub(super) const fn called(series: Series) -> &'static str {
    match series {
        Series::Overall => "overall",
        Series::Aor(_) => series.code(),
    }
}

pub(super) struct Checks<'a> {
    pub(super) analysis: &'a Analysis,
    found: Findings,
}

impl Checks<'_> {
    fn name(&self, cell: CellId) -> String {
        self.analysis.cells.name(&self.analysis.areas, cell)
    }

    pub(super) fn say(&mut self, code: Code, cell: CellId, message: String) {
        let name = self.name(cell);
        self.found.add(code, Place::Figure(name.into()), message);
    }
}
