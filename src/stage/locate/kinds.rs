//! Sheets that hold rows of several kinds: which rows are a table's, as its layout says, and what stands in the others.

use std::collections::{BTreeMap, BTreeSet};

use super::headers::Selector;
use super::{AREA_COLUMNS, Located};
use crate::diag::place::{column_letters, ranges, with_more};
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::files::RoleName;
use crate::table::sheet::Row;
use crate::table::{CellValue, folded, is_no_word, is_one_of};

/// Why a row is set aside.
pub(super) const OTHER_KIND: &str = "a row of another kind, as the layout says";
pub(super) const OTHER_COUNTRY: &str = "a row of another country";

/// So many areas or texts are named.
const SHOWN: usize = 10;

/// Why a row is none of the table's; `None` if it is.
pub(super) fn stranger(table: &Located<'_>, country: Option<u32>, row: Row<'_>) -> Option<&'static str> {
    let of_country = || {
        country.is_none_or(|column| {
            let country = &table.layout.country_column.1;
            country.is_empty() || is_any(row.get(column), &[country.clone(), String::new()])
        })
    };
    if failing(table, row).is_some() {
        Some(OTHER_KIND)
    } else if !of_country() {
        Some(OTHER_COUNTRY)
    } else {
        None
    }
}

/// The first condition that a row does not meet, with its number.
fn failing<'a>(table: &Located<'a>, row: Row<'_>) -> Option<(usize, Selector<'a>)> {
    table.selectors.iter().copied().enumerate().find(|(_, (column, rows))| !is_any(row.get(*column), &rows.is))
}

/// Whether a cell says one of these, folded; an empty one is a blank cell.
fn is_any(value: CellValue<'_>, is: &[String]) -> bool {
    let is = || is.iter().map(String::as_str);
    match value {
        CellValue::Blank => is_one_of("", is()),
        CellValue::Text(text) => is_one_of(text, is()),
        CellValue::Number(number) => is_one_of(&number.to_string(), is()),
        CellValue::Truth(truth) => is_one_of(&truth.to_string(), is()),
        CellValue::Error(_) => false,
    }
}

/// What a cell says, for a message.
fn said(value: CellValue<'_>) -> String {
    match value {
        CellValue::Blank => "nothing".to_owned(),
        CellValue::Text(text) | CellValue::Error(text) => quoted(text),
        CellValue::Number(number) => quoted(&number.to_string()),
        CellValue::Truth(truth) => quoted(&truth.to_string()),
    }
}

/// Areas of which a table of people has rows of other kinds and none of its own: their people would vanish without a word.
pub(super) fn say_only_parts(table: &Located<'_>, area_columns: &[u32], found: &mut Findings) {
    if table.layout.role != RoleName::Population {
        return;
    }
    let code = |number: u32| {
        let row = table.sheet.row(number)?;
        area_columns.iter().rev().find_map(|&column| match row.get(column) {
            CellValue::Text(text) if !is_no_word(text) => {
                Some((folded(text), text, CellRef { sheet: table.sheet.name.clone(), row: number, column }))
            }
            _ => None,
        })
    };
    let read: BTreeSet<String> = table.rows.iter().filter_map(|&number| code(number)).map(|(code, ..)| code).collect();
    let others = table.set_aside.iter().filter(|(_, why)| *why == OTHER_KIND).filter_map(|(number, _)| code(*number));
    let mut only: BTreeMap<String, (&str, CellRef)> = BTreeMap::new();
    for (code, text, cell) in others.filter(|(code, ..)| !read.contains(code)) {
        only.entry(code).or_insert((text, cell));
    }
    let Some((_, (_, first))) = only.iter().next() else { return };
    let why = |cell: &CellRef| {
        let row = table.sheet.row(cell.row)?;
        let (_, (column, _)) = failing(table, row)?;
        Some(format!("{}{} says {}", column_letters(column), cell.row, said(row.get(column))))
    };
    let names = only.values().take(SHOWN).map(|(text, cell)| format!("{} ({})", quoted(text), why(cell).unwrap_or_else(|| cell.address())));
    let names: Vec<String> = names.collect();
    let names = with_more(&names.join(", "), only.len() - names.len());
    let message = format!("no row of the kind that is read, and rows of other kinds, so that their people are not counted: {names}");
    found.add(Code::OnlyOtherKinds, Place::Cell(first.clone()), message);
}

/// Rows that no table of their sheet reads because of a text that no layout knows. Where a condition lists what rows of other
/// kinds say, any other text may be a misspelling of what is read.
pub(super) fn say_unknown_kinds(tables: &[Located<'_>], found: &mut Findings) {
    let mut sheets: BTreeMap<&str, Vec<&Located<'_>>> = BTreeMap::new();
    for table in tables.iter().filter(|table| !table.selectors.is_empty()) {
        sheets.entry(&table.sheet.name).or_default().push(table);
    }
    let lists_others =
        |tables: &&Vec<&Located<'_>>| tables.iter().any(|table| table.selectors.iter().any(|(_, rows)| rows.others.is_some()));
    for of_sheet in sheets.values().filter(lists_others) {
        let Some(first) = of_sheet.first() else { continue };
        let below = |number: u32| of_sheet.iter().any(|table| number > table.frame.bottom() && Some(number) != table.frame.tags_row);
        let mut unknown: BTreeMap<(u32, String), Vec<u32>> = BTreeMap::new();
        for row in first.sheet.rows().filter(|row| below(row.number)) {
            if let Some(column) = unknown_in(of_sheet, row) {
                unknown.entry((column, said(row.get(column)))).or_default().push(row.number);
            }
        }
        for ((column, text), rows) in unknown.iter().take(SHOWN) {
            let (count, s, verb) = (rows.len(), if rows.len() == 1 { "" } else { "s" }, if rows.len() == 1 { "says" } else { "say" });
            let row = rows.first().copied().unwrap_or(1);
            let header = first.sheet.row(first.frame.header_row).map_or_else(String::new, |row| said(row.get(*column)));
            let message = format!(
                "{count} row{s} {verb} {text} in column {header}, which the layout does not know, and are not read: {}",
                ranges(rows)
            );
            found.add(Code::UnknownKind, Place::Cell(CellRef { sheet: first.sheet.name.clone(), row, column: *column }), message);
        }
    }
}

/// The column of a row in which stands a text that keeps it out of every table and that none of them knows.
fn unknown_in(tables: &[&Located<'_>], row: Row<'_>) -> Option<u32> {
    // How far each table comes with this row; a table that takes it has nothing to say.
    let stopped: Vec<(&Located<'_>, usize, Selector<'_>)> =
        tables.iter().map(|table| failing(table, row).map(|(at, selector)| (*table, at, selector))).collect::<Option<_>>()?;
    let furthest = stopped.iter().map(|(_, at, _)| *at).max()?;
    let (_, _, (column, _)) = stopped.iter().find(|(_, at, (_, rows))| *at == furthest && rows.others.is_some())?;
    let knows = |(_, at, (other, rows)): &(&Located<'_>, usize, Selector<'_>)| {
        *at == furthest && other == column && rows.others.as_ref().is_some_and(|others| is_any(row.get(*column), others))
    };
    (!stopped.iter().any(knows)).then_some(*column)
}

/// The columns that name an area in this table.
pub(super) fn area_columns(table: &Located<'_>) -> Vec<u32> {
    AREA_COLUMNS.iter().filter_map(|name| table.column(name)).collect()
}
