//! This year beside last year, unrounded in the comparison and rounded in the sheet.

use super::model::{Column, Datum, Format, Table};
use crate::domain::id::Id;
use crate::stage::Analysis;
use crate::stage::change::Change;
use crate::stage::previous::PreviousOf;

/// The scope and code of what a change is about.
pub fn scope_and_code<'a>(analysis: &'a Analysis, change: &Change) -> (&'static str, &'a str) {
    match change.of {
        PreviousOf::Series(series) => (series.scope().word(), series.code()),
        PreviousOf::Sector(sector) => ("sector", analysis.previous.sector_codes.get(sector.index()).map_or("", String::as_str)),
    }
}

/// The mark of this year's figure, where a decision changed it. Sums over an area carry none, as in `figures.csv`.
pub fn mark(analysis: &Analysis, change: &Change) -> &'static str {
    let PreviousOf::Series(series) = change.of else { return "" };
    let of_phase = analysis.severity.get(change.cell, series.scope()).decided;
    let decided = if change.is_phase {
        of_phase
    } else {
        let is_unit = analysis.population.is_counted(change.cell);
        is_unit && (of_phase || super::decisions::figure_is_decided(analysis, change.cell, series))
    };
    super::decisions::mark(decided)
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
        ("Mark", Format::Text, 12),
    ] {
        columns.push(Column::new(title, format, width));
    }
    let rows = analysis
        .changes
        .iter()
        .map(|change| {
            let (scope, code) = scope_and_code(analysis, change);
            let mut row = super::pin::key_cells(analysis, change.cell);
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
