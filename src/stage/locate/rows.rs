//! The rows of a table: from below the header to where data end, and those that are set aside with a reason.

use std::cell::LazyCell;
use std::num::NonZeroU8;

use rayon::prelude::*;

use super::Located;
use super::codes::{Codes, is_filled, looks_like_a_code};
use super::headers::Header;
use super::kinds::{OTHER_COUNTRY, OTHER_KIND, area_columns, say_only_parts, stranger};
use crate::diag::place::ranges;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::files::{DataEndsName, RoleName};
use crate::stage::total_words::names_a_total;
use crate::table::sheet::{Keys, Row};
use crate::table::{CellValue, Memo, folded, is_no_word, is_one_of};

/// Why a row is set aside, beside those of [`kinds`](super::kinds).
const BELOW: &str = "below the table";
const NO_AREA: &str = "no area, as the context declares";
const NOTHING: &str = "nothing in the columns that are read";
const TOTAL: &str = "a total";
const TAGS: &str = "HXL tags";
const HEADERS: &str = "the headers once more";
const REMARK: &str = "a remark: words in place of a code, and no figure";

/// All reasons, in the order in which they are said.
const REASONS: [&str; 9] = [TAGS, OTHER_KIND, OTHER_COUNTRY, BELOW, NO_AREA, HEADERS, TOTAL, REMARK, NOTHING];

/// Finds them, and says which rows were set aside.
pub(super) fn find_rows(table: &mut Located<'_>, headers: &[Header], country: Option<u32>, found: &mut Findings) {
    let area_columns: Vec<u32> = area_columns(table);
    let mut data_columns: Vec<u32> = table.columns.values().map(|(column, _)| *column).collect();
    data_columns.extend(table.leaves.iter().map(|(_, column)| *column));
    data_columns.extend(table.measures.iter().map(|(column, _)| *column));
    let read_headers: Vec<&Header> =
        headers.iter().filter(|header| table.columns.values().any(|(column, _)| *column == header.column)).collect();
    let judge = Judge { table, country, area_columns: &area_columns, data_columns: &data_columns, read_headers: &read_headers };
    let judged = judge.all_rows();
    let mut ended = false;
    // A wholly blank row is a row without p-code too; the sheet holds only rows that hold something.
    let top = table.frame.bottom();
    table.set_aside.extend(table.frame.tags_row.map(|row| (row, TAGS)));
    let mut next = top + 1;
    table.rows.reserve(judged.iter().map(Vec::len).sum());
    for Judged { row, has_code, why } in judged.into_iter().flatten() {
        let what = why.and_then(|why| REASONS.get(usize::from(why.get()) - 1)).copied();
        let without_pcode = row != next || !has_code;
        next = row + 1;
        ended |= table.frame.last_row.is_some_and(|last| row > last);
        ended |= table.layout.data_ends == DataEndsName::FirstRowWithoutPcode && without_pcode;
        match what {
            _ if ended => table.set_aside.push((row, BELOW)),
            None => table.rows.push(row),
            Some(why) => {
                table.set_aside.push((row, why));
                table.totals.extend(Some(row).filter(|_| why == TOTAL));
            }
        }
    }
    refuse_data_outside(table, &area_columns, found);
    refuse_several(table, country, found);
    say_only_parts(table, &area_columns, found);
    for reason in REASONS {
        let rows: Vec<u32> = table.set_aside.iter().filter(|(_, why)| *why == reason).map(|(row, _)| *row).collect();
        if !rows.is_empty() {
            let (count, s) = (rows.len(), if rows.len() == 1 { "" } else { "s" });
            let message = format!("{count} row{s} set aside ({reason}): {}", ranges(&rows));
            let first = rows.first().copied().unwrap_or(1);
            let column = table.sheet.row(first).and_then(|row| row.cells().next()).map_or(1, |(column, _)| column);
            let place = CellRef { sheet: table.sheet.name.clone(), row: first, column };
            found.add(Code::RowSetAside, Place::Cell(place), message);
        }
    }
    // An optional sheet may hold nothing yet, but without people there is nothing to say.
    if table.rows.is_empty() && (!table.layout.optional || table.layout.role == RoleName::Population) {
        found.add(Code::EmptySheet, Place::Sheet(table.sheet.name.clone()), "no row holds data below the header");
    }
}

/// What a row looks like by itself.
#[derive(Copy, Clone)]
struct Judged {
    row: u32,
    /// Something stands in place of a code.
    has_code: bool,
    /// Why it is set aside, by its place in [`REASONS`]; `None` for a row that holds data.
    why: Option<NonZeroU8>,
}

/// What rows are held against.
#[derive(Copy, Clone)]
struct Judge<'t, 'a> {
    table: &'t Located<'a>,
    country: Option<u32>,
    area_columns: &'t [u32],
    data_columns: &'t [u32],
    read_headers: &'t [&'t Header],
}

/// So many rows are worth a thread.
const ROWS_OF_A_THREAD: usize = 1 << 14;

impl<'t> Judge<'t, '_> {
    /// Every row below the headers, in order. Rows are judged by themselves, so that threads change nothing.
    fn all_rows(self) -> Vec<Vec<Judged>> {
        let sheet = self.table.sheet;
        let top = self.table.frame.bottom();
        let count = sheet.rows().len();
        let memos =
            || -> Vec<(Memo<Look>, Keys<'_>)> { self.area_columns.iter().map(|&column| (Memo::default(), sheet.keys(column))).collect() };
        let of_part = |start: usize| {
            let (mut memos, mut looks) = (memos(), Vec::with_capacity(self.area_columns.len()));
            let rows = (start..count.min(start + ROWS_OF_A_THREAD)).map(|at| sheet.row_at(at)).filter(|row| row.number > top);
            rows.map(|row| self.judged(row, &mut memos, &mut looks)).collect::<Vec<_>>()
        };
        (0..count).into_par_iter().step_by(ROWS_OF_A_THREAD).map(of_part).collect()
    }

    fn judged(self, row: Row<'_>, memos: &mut [(Memo<Look>, Keys<'t>)], looks: &mut Vec<Look>) -> Judged {
        let Self { table, country, area_columns, data_columns, read_headers } = self;
        let filled = |columns: &[u32]| columns.iter().any(|&column| is_filled(row.get(column)));
        let skipped = || {
            table.layout.skip_where.iter().any(|(name, texts)| {
                let is_such =
                    |column| matches!(row.get(column), CellValue::Text(text) if is_one_of(text, texts.iter().map(String::as_str)));
                table.column(name).is_some_and(is_such)
            })
        };
        looks.clear();
        looks.extend(memos.iter_mut().zip(area_columns).map(|((memo, keys), &column)| {
            let key = keys.of(row.number);
            memo.of_key(key).unwrap_or_else(|| {
                let look = Look::of(row.get(column));
                memo.learn_key(key, look);
                look
            })
        }));
        let what = if let Some(why) = stranger(table, country, row) {
            Some(why)
        } else if skipped() {
            Some(NO_AREA)
        } else if repeats_headers(row, read_headers) {
            Some(HEADERS)
        } else if is_total(table, row, looks) {
            Some(TOTAL)
        } else if is_remark(table, row, area_columns, looks) {
            Some(REMARK)
        } else {
            (!filled(data_columns)).then_some(NOTHING)
        };
        let place = what.and_then(|why| REASONS.iter().position(|reason| *reason == why));
        let why = place.and_then(|place| NonZeroU8::new(u8::try_from(place + 1).ok()?));
        Judged { row: row.number, has_code: looks.iter().any(|look| look.is_filled), why }
    }
}

/// Rows of several countries, where nobody says which is meant.
fn refuse_several(table: &Located<'_>, country: Option<u32>, found: &mut Findings) {
    let Some(column) = country.filter(|_| table.layout.country_column.1.is_empty()) else { return };
    let text = |number: u32| match table.sheet.row(number).map(|row| row.get(column)) {
        Some(CellValue::Text(text)) if !is_no_word(text) => Some((number, folded(text), text)),
        _ => None,
    };
    let mut texts = table.rows.iter().filter_map(|&number| text(number));
    let Some((_, first, shown)) = texts.next() else { return };
    if let Some((row, _, other)) = texts.find(|(_, text, _)| *text != first) {
        let place = CellRef { sheet: table.sheet.name.clone(), row, column };
        let message = format!("the table has rows of {} and of {}", quoted(shown), quoted(other));
        found.add(Code::SeveralCountries, Place::Cell(place), message);
    }
}

/// Rows behind the end and above the headers that look like data: the code of an area, and figures.
fn refuse_data_outside(table: &Located<'_>, area_columns: &[u32], found: &mut Findings) {
    // The codes of all rows are looked at only where there is a row outside.
    let codes = LazyCell::new(|| Codes::of(table));
    let column = area_columns.last().copied().unwrap_or(1);
    let place = |row: u32| Place::Cell(CellRef { sheet: table.sheet.name.clone(), row, column });
    let below = table.set_aside.iter().filter(|(_, why)| *why == BELOW).filter_map(|(number, _)| table.sheet.row(*number));
    let mut what = "p-codes and figures";
    let mut behind: Vec<u32> = Vec::new();
    for row in below {
        let has_code = codes.is_data(table, row, false);
        if has_code || has_lost_its_code(table, row) {
            behind.push(row.number);
            what = if has_code { what } else { "names and people" };
        }
    }
    if let Some(&first) = behind.first() {
        let end = table.set_aside.iter().find(|(_, why)| *why == BELOW).map_or(first, |(row, _)| *row);
        let why = match table.frame.last_row {
            Some(last) if last < end => format!("the Excel table ends at row {last}"),
            _ => format!("the table ends at row {end}, which has no p-code"),
        };
        let message = format!("{why}, but rows {} below it have {what}", ranges(&behind));
        found.add(Code::RowsBelowEnd, place(end), message);
    }
    let top = table.frame.top();
    let above: Vec<u32> = table
        .sheet
        .rows()
        .take_while(|row| row.number < top)
        .filter(|row| codes.is_data(table, *row, true))
        .map(|row| row.number)
        .collect();
    if let Some(&first) = above.first() {
        let message = format!("rows {} above the headers in row {top} have p-codes and figures, and are not read", ranges(&above));
        found.add(Code::RowsAboveHeaders, place(first), message);
    }
}

/// Whether a row is one of an area whose code is blank: it names an area or a group, no total, and holds people.
fn has_lost_its_code(table: &Located<'_>, row: Row<'_>) -> bool {
    let text = |name: &str| match table.column(name).map(|column| row.get(column)) {
        Some(CellValue::Text(text)) if !is_no_word(text) => Some(text),
        _ => None,
    };
    let named = |names: &[&str]| names.iter().any(|name| text(name).is_some_and(|text| !names_a_total(text)));
    let says_total = |names: &[&str]| names.iter().any(|name| text(name).is_some_and(names_a_total));
    let has_people = |name: &str| table.column(name).is_some_and(|column| matches!(row.get(column), CellValue::Number(_)));
    (named(&NAMES) || named(&["group"])) && !says_total(&NAMES) && !says_total(&["group"]) && has_people("population")
}

/// Whether a row repeats the headers: at least two cells of columns that are read, and no cell that is anything else.
fn repeats_headers(row: Row<'_>, read: &[&Header]) -> bool {
    let repeated = |header: &&Header| match row.get(header.column) {
        CellValue::Text(text) => Some(text == header.text),
        CellValue::Blank => None,
        _ => Some(false),
    };
    let mut same = 0;
    for is_same in read.iter().filter_map(repeated) {
        if !is_same {
            return false;
        }
        same += 1;
    }
    same > 1
}

/// Columns whose text may say that a row is a total.
pub(super) const NAMES: [&str; 6] = ["name", "admin1-name", "admin2-name", "admin3-name", "admin4-name", "admin5-name"];

/// What stands in place of a code.
#[derive(Copy, Clone, Debug)]
struct Look {
    is_filled: bool,
    /// It names a total. What looks like a code is none of the words.
    is_total: bool,
    /// Words, as no code has them.
    is_words: bool,
}

impl Look {
    fn of(value: CellValue<'_>) -> Self {
        let (is_total, is_words) = match value {
            CellValue::Text(text) => {
                (!looks_like_a_code(text) && names_a_total(text), !is_no_word(text) && text.trim().contains(char::is_whitespace))
            }
            _ => (false, false),
        };
        Self { is_filled: is_filled(value), is_total, is_words }
    }
}

/// Whether a row adds up others: it says so in place of a code, or beside a blank one, and names no area. In a sheet of areas
/// only beside a blank one: what stands in place of a code is to be an area there. What holds anything else in place of a
/// code is the row of some area.
fn is_total(table: &Located<'_>, row: Row<'_>, looks: &[Look]) -> bool {
    let of_areas = table.layout.role == RoleName::Areas;
    let may_be = |look: &Look| !look.is_filled || (look.is_total && !of_areas);
    let says_so = |name: &&'static str| table.column(name).is_some_and(|column| Look::of(row.get(column)).is_total);
    looks.iter().all(may_be) && (looks.iter().any(|look| look.is_total) || NAMES.iter().any(says_so))
}

/// Whether a row holds a text in place of a code and nothing else that is read.
fn is_remark(table: &Located<'_>, row: Row<'_>, area_columns: &[u32], looks: &[Look]) -> bool {
    let mut others = table.columns.values().map(|(column, _)| *column).chain(table.leaves.iter().map(|(_, column)| *column));
    table.layout.role != RoleName::Areas
        && looks.iter().any(|look| look.is_words)
        && looks.iter().all(|look| look.is_words || !look.is_filled)
        && others.all(|column| area_columns.contains(&column) || !is_filled(row.get(column)))
}
