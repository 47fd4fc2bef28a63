//! Figures that a person changed: old and new, who, when, why, on what evidence (method, section 11).

use super::model::{Column, Datum, Format, Table};
use crate::domain::{CellId, Decimal, Scope, Series};
use crate::stage::Analysis;
use crate::stage::decide::Decision;
use crate::stage::touched::Touch;

/// The marks of a figure: what decisions have to do with it, and whether it rests on fewer than four core phases
/// (method, section 14.4).
pub const fn marks(touch: Touch, low_coverage: bool) -> &'static str {
    match (touch, low_coverage) {
        (Touch::Changed, true) => "override|low-coverage",
        (Touch::Rests, true) => "rests-on-override|low-coverage",
        (Touch::None, true) => "low-coverage",
        (touch, false) => touch.word(),
    }
}

/// Every decision: recorded ones first, then those found in the sheets of sectors.
pub fn all(analysis: &Analysis) -> impl Iterator<Item = &Decision> {
    analysis.decisions.list.iter().chain(&analysis.across.decisions)
}

/// Whether any phase or figure of a unit was changed by a decision, its own or that of the area around it.
fn is_overridden(analysis: &Analysis, cell: CellId) -> bool {
    is_touched(analysis, cell) || analysis.touched.across(cell) != Touch::None
}

/// Whether a decision changed people of a unit or a phase of it, its own or that of the area around it.
fn is_touched(analysis: &Analysis, cell: CellId) -> bool {
    let risks = analysis.rules.risks.ids().map(Scope::Risk);
    let indicators = analysis.rules.indicators.ids().map(Scope::Indicator);
    let mut phases = risks.chain(indicators).map(|scope| analysis.touched.phase(cell, scope));
    phases.any(|touch| touch != Touch::None) || analysis.series.iter().any(|&series| analysis.touched.series(cell, series) != Touch::None)
}

/// How many units stand otherwise than the rules have them.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Overridden {
    /// Units with a phase or a figure changed by a decision.
    pub units: usize,
    /// All units.
    pub of: usize,
}

impl Overridden {
    /// The share of the units (method, section 11); `None` where there are none.
    pub fn share(self) -> Option<Decimal> {
        let number = |count: usize| i64::try_from(count).ok().map(Decimal::whole);
        number(self.units)?.divided_by(number(self.of)?)
    }
}

impl std::fmt::Display for Overridden {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} of {}", self.units, self.of)?;
        self.share().map_or(Ok(()), |share| write!(out, " ({:.1} %)", share.to_f64() * 100.0))
    }
}

/// Counts the units that a decision changed.
pub fn overridden_units(analysis: &Analysis) -> Overridden {
    let units = || analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell));
    Overridden { units: units().filter(|&cell| is_overridden(analysis, cell)).count(), of: units().count() }
}

/// The code of a scope, as the outputs write it.
pub fn scope_code(analysis: &Analysis, scope: Scope) -> String {
    match scope {
        Scope::Overall => Series::Overall.code().to_owned(),
        Scope::Aor(aor) => aor.code().to_owned(),
        Scope::Risk(risk) => analysis.rules.risks[risk].code.clone(),
        Scope::Indicator(indicator) => analysis.rules.indicators[indicator].id.clone(),
        Scope::Intersectoral => scope.word().to_owned(),
    }
}

/// The sheet.
pub fn table(analysis: &Analysis) -> Table {
    let titles = [
        ("P-code", 12),
        ("Pocket", 12),
        ("Group", 16),
        ("Scope", 14),
        ("Code", 12),
        ("What", 10),
        ("Old", 14),
        ("New", 14),
        ("Reason", 50),
        ("Evidence", 30),
        ("Decided by", 26),
        ("Date", 12),
        ("Where", 30),
    ];
    let columns = titles
        .map(|(title, width)| Column::new(title, if matches!(title, "Old" | "New") { Format::Number } else { Format::Text }, width))
        .to_vec();
    let rows: Vec<Vec<Datum>> = all(analysis)
        .map(|decision| {
            let key = analysis.cells.key(decision.cell);
            vec![
                Datum::text(analysis.areas.get(key.area).pcode.as_str()),
                Datum::text(key.pocket.as_str()),
                Datum::text(analysis.cells.group_code(key.group)),
                Datum::text(decision.scope.word()),
                Datum::text(scope_code(analysis, decision.scope)),
                Datum::text(decision.what.word()),
                Datum::exact(decision.old.0),
                Datum::Exact(decision.new),
                Datum::text(decision.reason.as_str()),
                Datum::text(decision.evidence.as_str()),
                Datum::text(decision.decided_by.as_str()),
                Datum::text(decision.date.as_str()),
                Datum::text(decision.place.to_string()),
            ]
        })
        .collect();
    let overridden = overridden_units(analysis);
    let count = if rows.len() == 1 { "1 decision".to_owned() } else { format!("{} decisions", rows.len()) };
    let notes = vec![format!("{count}; units with a figure or phase so changed: {overridden}.")];
    Table { name: "Decisions".into(), notes, columns, rows, key_columns: 3 }
}
