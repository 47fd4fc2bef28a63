//! Figures that a person changed: old and new, who, when, why, on what evidence (method, section 11).

use super::model::{Column, Datum, Format, Table};
use crate::domain::{CellId, Scope, Series};
use crate::stage::Analysis;
use crate::stage::decide::{Decided, Decision};

/// Whether people of a series were decided in a cell.
pub fn figure_is_decided(analysis: &Analysis, cell: CellId, series: Series) -> bool {
    analysis.in_need.before.contains_key(&(cell, series, Decided::InNeed))
        || analysis.in_need.before.contains_key(&(cell, series, Decided::Affected))
}

/// Every decision: recorded ones first, then those found in the sheets of sectors.
pub fn all(analysis: &Analysis) -> impl Iterator<Item = &Decision> {
    analysis.decisions.list.iter().chain(&analysis.across.decisions)
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
        ("Decided by", 20),
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
                Datum::exact(decision.old),
                Datum::Exact(decision.new),
                Datum::text(decision.reason.as_str()),
                Datum::text(decision.evidence.as_str()),
                Datum::text(decision.decided_by.as_str()),
                Datum::text(decision.date.as_str()),
                Datum::text(decision.place.to_string()),
            ]
        })
        .collect();
    let units = analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell)).count();
    let decided: std::collections::BTreeSet<CellId> = all(analysis).map(|decision| decision.cell).collect();
    let notes = vec![format!("{} decisions in {} of {units} units.", rows.len(), decided.len())];
    Table { name: "Decisions".into(), notes, columns, rows, key_columns: 3 }
}
