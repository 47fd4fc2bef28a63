//! Figures by AoR or sector stand in one of two forms: wide, where the header names it (`CP.in-need`), or long,
//! where a column of the row names it. Both are read here, for every table that has them.

use super::locate::Located;
use super::read_row::RowReader;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::{Aor, Series};
use crate::table::CellValue;

/// A column that holds a figure of something.
#[derive(Clone, Debug, PartialEq, Eq)]
struct WideColumn<T> {
    of: T,
    figure: &'static str,
    name: String,
    column: u32,
}

/// The columns of a table that hold figures: of an AoR or overall, or of a sector.
#[derive(Clone, Debug)]
pub struct FigureColumns<T> {
    figures: &'static [&'static str],
    wide: Vec<WideColumn<T>>,
}

impl<T: Copy> FigureColumns<T> {
    /// The columns of these figures; `read` says what a code in a header stands for.
    pub fn of_table(table: &Located<'_>, figures: &'static [&'static str], read: impl Fn(&str) -> Option<T>) -> Self {
        let wide_column = |name: &str| {
            let (code, figure) = name.split_once('.')?;
            let figure = figures.iter().find(|known| **known == figure)?;
            Some(WideColumn { of: read(code)?, figure, name: name.to_owned(), column: table.column(name)? })
        };
        Self { figures, wide: table.names().filter_map(wide_column).collect() }
    }

    /// What a row may hold, given what its own columns name: of what, which figure, in which column.
    pub fn of_row<'a>(&'a self, named: &'a [T]) -> impl Iterator<Item = (T, &'static str, &'a str)> {
        let long = named.iter().flat_map(|&of| self.figures.iter().map(move |&figure| (of, figure, figure)));
        long.chain(self.wide.iter().map(|wide| (wide.of, wide.figure, wide.name.as_str())))
    }

    /// Says which columns are of an AoR that is not in play and hold something, once a column.
    pub fn say_out_of_play(
        &self,
        table: &Located<'_>,
        aors: &[Aor],
        series: impl Fn(T) -> Option<Series>,
        code: Code,
        found: &mut Findings,
    ) {
        let rows = || table.rows.iter().filter_map(|&number| table.sheet.row(number));
        for wide in &self.wide {
            let Some(series) = series(wide.of).filter(|series| !is_in_play(*series, aors)) else { continue };
            let filled = rows().filter(|row| !matches!(row.get(wide.column), CellValue::Blank)).count();
            if filled > 0 {
                let place = CellRef { sheet: table.sheet.name.clone(), row: table.frame.header_row, column: wide.column };
                let cells = if filled == 1 { "cell" } else { "cells" };
                let message = format!("{}; {filled} {cells} of column {}", not_in_play(series), quoted(table.header(&wide.name)));
                found.add(code, Place::Cell(place), message);
            }
        }
    }
}

impl FigureColumns<Series> {
    /// The columns of AoRs that are in play; the others are said and left out.
    pub fn only_in_play(mut self, table: &Located<'_>, aors: &[Aor], found: &mut Findings) -> Self {
        self.say_out_of_play(table, aors, Some, Code::AorNotInPlay, found);
        self.wide.retain(|wide| is_in_play(wide.of, aors));
        self
    }
}

/// What is said of an AoR that the context leaves out.
pub fn not_in_play(series: Series) -> String {
    format!("{} is not in play in this context", series.code())
}

/// Overall always is; an AoR is where the context names it.
pub fn is_in_play(series: Series, aors: &[Aor]) -> bool {
    match series {
        Series::Overall => true,
        Series::Aor(aor) => aors.contains(&aor),
    }
}

/// The AoR, or overall, that column `aor` of a row names. A code that is none, a row with figures but no code, and an
/// AoR that is not in play are findings; what they say is not used.
pub fn series_of_row(reader: &mut RowReader<'_, '_>, number: u32, figures: &[&str], aors: &[Aor]) -> Option<Series> {
    let row = reader.row(number)?;
    let Some(code) = reader.text(row, "aor") else {
        say_unnamed(reader, number, figures, "aor", "no area of responsibility");
        return None;
    };
    let place = reader.place(number, "aor");
    let Some(series) = Series::parse(&code) else {
        reader.found.add(Code::UnknownAor, place, format!("{} is no area of responsibility", quoted(&code)));
        return None;
    };
    if !is_in_play(series, aors) {
        reader.found.add(Code::AorNotInPlay, place, not_in_play(series));
        return None;
    }
    Some(series)
}

/// A row in long form whose figures nobody can tell the meaning of.
pub fn say_unnamed(reader: &mut RowReader<'_, '_>, number: u32, figures: &[&str], at: &str, what: &str) {
    let Some(row) = reader.row(number) else { return };
    let filled = |figure: &&&str| reader.table.column(figure).is_some_and(|column| !matches!(row.get(column), CellValue::Blank));
    if let Some(column) = figures.iter().find(filled) {
        let place = reader.place(number, at);
        reader.found.add(Code::UnknownAor, place, format!("the row has a figure in column `{column}` but names {what}"));
    }
}
