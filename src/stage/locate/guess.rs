//! A first look at an unknown workbook: which table each sheet may hold, where its headers stand, which column is which and how
//! sure that is, and what could not be matched. A proposal for a person who writes a context; no figure rests on it.

use std::collections::BTreeSet;

use super::frame;
use super::headers::{Header, headers, meant};
use super::leaf_columns;
use super::wanted::Wanted;
use crate::diag::Findings;
use crate::diag::place::column_letters;
use crate::diag::suggest::nearest;
use crate::framework::files::{LeafColumnsName, RoleName};
use crate::framework::layout::TableLayout;
use crate::framework::{Context, Framework};
use crate::table::{CellValue, Sheet, Workbook, folded};

/// How sure a match is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// The header is one of the column's names.
    Name,
    /// The tag under the header is the column's.
    Tag,
    /// The header is nearly one of the column's names.
    Nearly,
}

/// A column as it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnGuess {
    /// Our name.
    pub name: String,
    /// Its header.
    pub header: String,
    /// Its letters.
    pub letters: String,
    /// How sure that is.
    pub sure: Sureness,
}

/// A table as it may be.
#[derive(Clone, Debug)]
pub struct TableGuess {
    /// The layout that it was matched with.
    pub layout: TableLayout,
    /// Its sheet.
    pub sheet: String,
    /// Row of the headers.
    pub header_row: u32,
    /// Row of the upper headers or bands.
    pub upper_row: Option<u32>,
    /// Rows below the headers that hold anything.
    pub rows: usize,
    /// What was matched, in the order of the sheet.
    pub columns: Vec<ColumnGuess>,
    /// Headers that were not, with their letters.
    pub unmatched: Vec<(String, String)>,
    /// Headers that the layout knows not to be read.
    pub ignored: Vec<String>,
    /// What the rows say of their country.
    pub countries: BTreeSet<String>,
}

/// The proposals, and the sheets of which nothing is known. What stands in those is not shown: it may be about persons.
#[derive(Clone, Debug, Default)]
pub struct Guess {
    /// In the order of the sheets.
    pub tables: Vec<TableGuess>,
    /// Name, and how many rows hold anything.
    pub unknown: Vec<(String, usize)>,
    /// The country of which all rows are that say of which country they are.
    pub country: Option<String>,
}

/// Looks at every sheet. The tables of `contexts` are tried; those of the first that knows a table in a sheet are taken.
pub fn guess(workbook: &Workbook, contexts: &[Context], rules: &Framework) -> Guess {
    let mut guess = Guess::default();
    for sheet in &workbook.sheets {
        let of = |context: &Context| tables_in(sheet, context, rules);
        match contexts.iter().map(of).find(|tables| !tables.is_empty()) {
            Some(tables) => guess.tables.extend(tables),
            None => guess.unknown.push((sheet.name.to_string(), sheet.rows().len())),
        }
    }
    let countries: BTreeSet<&str> = guess.tables.iter().flat_map(|table| &table.countries).map(String::as_str).collect();
    let only = if countries.len() == 1 { countries.first().map(|country| (*country).to_owned()) } else { None };
    Guess { country: only, ..guess }
}

/// What the rows of a table say of their country.
fn countries(sheet: &Sheet, column: Option<u32>, top: u32) -> BTreeSet<String> {
    let Some(column) = column else { return BTreeSet::new() };
    let said = sheet.rows().filter(|row| row.number > top).filter_map(|row| match row.get(column) {
        // Codes alone: a row of tags says none.
        CellValue::Text(text) if text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_uppercase()) => Some(text.to_owned()),
        _ => None,
    });
    said.collect()
}

/// The tables of a context that a sheet may hold: those that name the sheet, else the one of which it has most headers.
fn tables_in(sheet: &Sheet, context: &Context, rules: &Framework) -> Vec<TableGuess> {
    let is_named = |layout: &&TableLayout| layout.in_any_sheet() || layout.sheets.iter().any(|name| folded(name) == folded(&sheet.name));
    let named: Vec<TableGuess> = context.tables.iter().filter(is_named).filter_map(|layout| table(sheet, layout, context, rules)).collect();
    if !named.is_empty() {
        return named;
    }
    let others = context.tables.iter().filter(|layout| !is_named(layout)).filter_map(|layout| table(sheet, layout, context, rules));
    // A sheet of areas has the headers that every table has, so that it comes last.
    let rank = |table: &TableGuess| (table.columns.len(), table.layout.role != RoleName::Areas);
    others.reduce(|best, next| if rank(&next) > rank(&best) { next } else { best }).into_iter().collect()
}

/// A table as the sheet may hold it; `None` where nothing but the area is known.
fn table(sheet: &Sheet, layout: &TableLayout, context: &Context, rules: &Framework) -> Option<TableGuess> {
    let wanted = Wanted::new(layout, context, rules);
    if frame::known_headers(layout, sheet, &wanted) < 2 {
        return None;
    }
    let frame = frame::frame(layout, sheet, &wanted, &mut Findings::default());
    let headers = headers(layout, sheet, frame, &wanted);
    let mut columns: Vec<(u32, ColumnGuess)> = Vec::new();
    let column = |header: &Header, name: &str, sure| {
        let guess = ColumnGuess { name: name.to_owned(), header: header.text.clone(), letters: column_letters(header.column), sure };
        (header.column, guess)
    };
    for wanted in &wanted.columns {
        if let [header] = meant(&headers, wanted).as_slice() {
            let sure = if header.is(&wanted.headers) { Sureness::Name } else { Sureness::Tag };
            columns.push(column(header, &wanted.name, sure));
        }
    }
    let mut taken: BTreeSet<u32> = columns.iter().map(|(at, _)| *at).collect();
    if layout.leaf_columns == Some(LeafColumnsName::SexAndAge) {
        let found = leaf_columns::by_sex_and_age(&headers);
        taken.extend(found.leaves.into_iter().chain(found.sexes).map(|(_, column)| column).chain(found.both));
    }
    taken.extend(
        layout.rows_where.iter().filter_map(|rows| headers.iter().find(|header| header.is(&rows.headers))).map(|header| header.column),
    );
    let country = headers.iter().find(|header| header.is(&layout.country_column.0)).map(|header| header.column);
    taken.extend(country);
    let ignored: Vec<&Header> = headers.iter().filter(|header| layout.ignored.contains(&folded(&header.text))).collect();
    taken.extend(ignored.iter().map(|header| header.column));
    for header in headers.iter().filter(|header| !taken.contains(&header.column)) {
        let absent = wanted.columns.iter().filter(|wanted| !columns.iter().any(|(_, known)| known.name == wanted.name));
        let names: Vec<(&str, &str)> =
            absent.flat_map(|wanted| wanted.headers.iter().map(|name| (name.as_str(), wanted.name.as_str()))).collect();
        let near = nearest(&folded(&header.text), names.iter().map(|(name, _)| *name));
        if let Some((_, name)) = near.and_then(|near| names.iter().find(|(name, _)| *name == near)) {
            columns.push(column(header, name, Sureness::Nearly));
        }
    }
    taken.extend(columns.iter().map(|(at, _)| *at));
    columns.sort_by_key(|(at, _)| *at);
    let unmatched = headers.iter().filter(|header| !taken.contains(&header.column));
    let unmatched = unmatched.map(|header| (column_letters(header.column), header.text.clone())).collect();
    let rows = sheet.rows().filter(|row| row.number > frame.bottom()).count();
    Some(TableGuess {
        layout: layout.clone(),
        sheet: sheet.name.to_string(),
        header_row: frame.header_row,
        upper_row: frame.upper_row,
        rows,
        columns: columns.into_iter().map(|(_, column)| column).collect(),
        unmatched,
        ignored: ignored.iter().map(|header| header.text.clone()).collect(),
        countries: countries(sheet, country, frame.bottom()),
    })
}
