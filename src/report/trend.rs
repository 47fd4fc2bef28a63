//! This year beside last year, unrounded in the comparison and rounded in the sheet.

use super::model::{Column, Datum, Format, Table};
use crate::domain::id::Id;
use crate::framework::files::AboveTheUnit;
use crate::stage::Analysis;
use crate::stage::change::Change;
use crate::stage::previous::PreviousOf;
use crate::stage::touched::Touch;

/// The scope and code of what a change is about.
pub fn scope_and_code<'a>(analysis: &'a Analysis, change: &Change) -> (&'static str, &'a str) {
    match change.of {
        PreviousOf::Series(series) => (series.scope().word(), series.code()),
        PreviousOf::Sector(sector) => ("sector", analysis.previous.sector_codes.get(sector.index()).map_or("", String::as_str)),
    }
}

/// The mark of this year's figure, where a decision changed it or something that it rests on.
pub fn mark(analysis: &Analysis, change: &Change) -> &'static str {
    let PreviousOf::Series(series) = change.of else { return "" };
    let touch = if change.is_phase {
        let (key, scope) = (analysis.cells.key(change.cell), series.scope());
        let by_people = analysis.rules.severity.above_the_unit == AboveTheUnit::PeopleByPhase;
        let is_sum = by_people && key.pocket.is_empty() && !analysis.population.is_counted(change.cell);
        let above = if is_sum { analysis.touched.phase_above(key.area, key.group, scope) } else { Touch::None };
        analysis.touched.phase(change.cell, scope).max(above)
    } else if analysis.population.is_counted(change.cell) {
        analysis.touched.series(change.cell, series)
    } else {
        let key = analysis.cells.key(change.cell);
        analysis.touched.sum(key.area, key.group, None, series)
    };
    touch.word()
}

/// The sheet.
pub fn table(analysis: &Analysis) -> Table {
    let mut columns = super::pin::key_columns();
    for (title, format, width) in [
        ("Scope", Format::Text, 12),
        ("Code", Format::Text, 14),
        ("Figure", Format::Text, 10),
        ("Last year", Format::Whole, 12),
        ("This year", Format::Whole, 12),
        ("Change", Format::Percent, 11),
        ("Status", Format::Text, 16),
        ("Mark", Format::Text, 18),
    ] {
        columns.push(Column::new(title, format, width));
    }
    let rows = analysis
        .changes
        .iter()
        .map(|change| {
            let (scope, code) = scope_and_code(analysis, change);
            let mut row = super::pin::unit_cells(analysis, change.cell);
            row.extend([
                Datum::text(scope),
                Datum::text(code),
                Datum::text(if change.is_phase { "phase" } else { "in need" }),
                Datum::rounded(Some(change.old)),
                Datum::rounded(change.new),
                Datum::share(change.change.filter(|_| !change.is_phase)),
                Datum::text(change.status.word()),
                Datum::text(mark(analysis, change)),
            ]);
            row
        })
        .collect();
    let notes = vec!["Joined by p-code, pocket and group. Change = (this year - last year) / last year, before rounding; from 0 it is new, not a number.".into()];
    Table { name: "Trend".into(), notes, columns, rows, key_columns: 4 }
}
