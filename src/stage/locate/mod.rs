//! Where the tables stand: sheets by name, columns by header, rows from below the header to where data end.
//! Applies the layout that a context declares and guesses nothing beyond it.

mod codes;
mod frame;
mod headers;
mod hidden;
mod looks;
mod personal;
mod rows;
mod unused;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::place::with_more;
use crate::diag::suggest::did_you_mean;
use crate::diag::{CellRef, Checked, Code, Findings, Place};
use crate::domain::Leaf;
use crate::framework::Context;
use crate::framework::files::RoleName;
use crate::framework::layout::{SHEETS_FOR_PEOPLE, TableLayout};
use crate::framework::rules::Framework;
use crate::table::{Sheet, Workbook, folded};
pub(crate) use codes::{beginning, looks_like_a_code};
pub use frame::Frame;
use headers::{headers, meant, missing_column, note_unclean, require_columns};
use hidden::note_hidden;
use looks::note_looks;
use personal::{note_personal, personal_columns};
use rows::find_rows;
use unused::{UnusedColumns, note_headless};
use wanted::Wanted;

/// A table found in a sheet.
#[derive(Clone, Debug)]
pub struct Located<'a> {
    /// Its number among the tables of the layout.
    pub id: usize,
    /// How its cells are read.
    pub layout: &'a TableLayout,
    /// Where its head stands.
    pub frame: Frame,
    /// The sheet.
    pub sheet: &'a Sheet,
    /// Our column name, its column from 1, and its header as written.
    columns: BTreeMap<String, (u32, String)>,
    /// Columns of population by leaf.
    pub leaves: Vec<(Leaf, u32)>,
    /// The rows that hold data, by number.
    pub rows: Vec<u32>,
    /// Rows that add up others: set aside, and compared with what they add up.
    pub totals: Vec<u32>,
    /// Rows below the header that were set aside, with the reason.
    pub set_aside: Vec<(u32, &'static str)>,
    /// Columns whose headers say that they tell persons apart; nothing of them is ever shown.
    pub personal: BTreeSet<u32>,
}

impl Located<'_> {
    /// The column of this name, from 1.
    pub fn column(&self, name: &str) -> Option<u32> {
        self.columns.get(name).map(|(column, _)| *column)
    }

    /// The header of this column as the workbook writes it.
    pub fn header(&self, name: &str) -> &str {
        self.columns.get(name).map_or("", |(_, header)| header)
    }

    /// Our names of the columns found, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }
}

/// The tables of one input.
#[derive(Clone, Debug, Default)]
pub struct Sheets<'a> {
    /// In the order of the layout.
    pub tables: Vec<Located<'a>>,
}

impl<'a> Sheets<'a> {
    /// The tables that hold this.
    pub fn of(&self, role: RoleName) -> impl Iterator<Item = &Located<'a>> {
        self.tables.iter().filter(move |table| table.layout.role == role)
    }
}

/// Finds every table that the layout names.
pub fn locate<'a>(workbook: &'a Workbook, context: &'a Context, rules: &Framework) -> Checked<Sheets<'a>> {
    let mut found = Findings::default();
    let mut sheets = Sheets::default();
    let mut unused = UnusedColumns::default();
    let alone = tables_alone(workbook, context, rules, &mut found);
    let is_one_table = workbook.is_one_table();
    for (at, layout) in context.tables.iter().enumerate() {
        let names: Vec<String> = layout.sheets.iter().map(|name| folded(name)).collect();
        let named = || workbook.find(|name| names.contains(&folded(name)));
        let Some(sheet) = alone.get(&at).copied().or_else(named) else {
            if is_one_table {
                continue;
            }
            if !layout.optional {
                let wanted = layout.sheets.first().map_or("", String::as_str);
                let have: Vec<&str> =
                    workbook.sheets.iter().map(|sheet| &*sheet.name).chain(workbook.unread.iter().map(String::as_str)).collect();
                let hint = did_you_mean(wanted, have.iter().copied());
                found.add(
                    Code::MissingSheet,
                    Place::Input,
                    format!("there is no sheet `{wanted}`; the workbook has `{}`{hint}", have.join("`, `")),
                );
            }
            continue;
        };
        let alike: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).filter(|name| names.contains(&folded(name))).collect();
        if alike.len() > 1 {
            let message = format!("`{}` could each be the sheet of {}", alike.join("`, `"), names.first().map_or("", String::as_str));
            found.add(Code::AmbiguousSheet, Place::Input, message);
        }
        if sheet.is_empty() {
            if !layout.optional {
                found.add(Code::EmptySheet, Place::Sheet(sheet.name.clone()), "the sheet is empty");
            }
            continue;
        }
        sheets.tables.extend(locate_table((at, layout), sheet, context, rules, &mut unused, &mut found));
    }
    if sheets.of(RoleName::Population).next().is_none() && !found.any_error() && !is_one_table {
        let have: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).chain(workbook.unread.iter().map(String::as_str)).collect();
        let wanted = context.tables.iter().filter(|layout| layout.role == RoleName::Population).flat_map(|layout| &layout.sheets);
        let hint = wanted.map(|name| did_you_mean(name, have.iter().copied())).find(|hint| !hint.is_empty()).unwrap_or_default();
        let message = format!("no sheet holds the population; the workbook has `{}`{hint}", have.join("`, `"));
        found.add(Code::MissingSheet, Place::Input, message);
    }
    unused.note(&mut found);
    say_what_lacks(&sheets, is_one_table, rules, &mut found);
    // The template's own sheets need no word.
    for name in workbook.unread.iter().filter(|name| !SHEETS_FOR_PEOPLE.iter().any(|own| folded(own) == folded(name))) {
        // A sheet whose name is nearly that of a table that was not found is likely that table.
        let absent = context.tables.iter().filter(|layout| !sheets.tables.iter().any(|table| std::ptr::eq(table.layout, *layout)));
        let hint = did_you_mean(&folded(name), absent.flat_map(|layout| layout.sheets.iter().map(String::as_str)));
        let code = if hint.is_empty() { Code::UnusedSheet } else { Code::SheetMisnamed };
        found.add(code, Place::Sheet(name.as_str().into()), format!("the sheet is not read{hint}"));
    }
    found.with(sheets)
}

/// Which table each file of its own holds, by the position of its layout: the one that its name says, else the one of whose
/// headers it has most.
fn tables_alone<'a>(workbook: &'a Workbook, context: &Context, rules: &Framework, found: &mut Findings) -> BTreeMap<usize, &'a Sheet> {
    let mut tables = BTreeMap::new();
    let is_named = |sheet: &Sheet| context.sheets().any(|name| folded(name) == folded(&sheet.name));
    for sheet in workbook.sheets.iter().filter(|sheet| sheet.alone && !is_named(sheet)) {
        let hits = |layout: &TableLayout| frame::known_headers(layout, sheet, &Wanted::new(layout, context, rules));
        let ranked = context.tables.iter().enumerate().map(|(at, layout)| (hits(layout), at));
        match ranked.max_by_key(|(hits, at)| (*hits, std::cmp::Reverse(*at))) {
            Some((hits, at)) if hits > 0 => {
                let role = context.tables.get(at).and_then(|layout| layout.sheets.first()).map_or("", String::as_str);
                let message = format!("read as the table `{role}`, of which it has {hits} headers");
                found.add(Code::TableAlone, Place::Sheet(sheet.name.clone()), message);
                tables.insert(at, sheet);
            }
            _ => {
                let message = "none of the fields of line 1, or of those below it, is a header that a table may have";
                found.add(Code::MissingColumn, Place::Sheet(sheet.name.clone()), message);
            }
        }
    }
    tables
}

/// Says which expected indicators have no column in the sheets of indicators, and whether there is evidence at all.
fn say_what_lacks(sheets: &Sheets<'_>, is_one_table: bool, rules: &Framework, found: &mut Findings) {
    let Some(first) = sheets.of(RoleName::Indicators).next() else { return };
    let has_column = |name: &String| sheets.of(RoleName::Indicators).any(|table| table.column(name).is_some());
    let expected = rules.indicators.iter().filter(|indicator| indicator.is_of_areas() && indicator.expected);
    let lacking: Vec<&str> = expected
        .filter(|indicator| !indicator.form.reads(&indicator.id).iter().any(|(column, _)| has_column(column)))
        .map(|indicator| indicator.id.as_str())
        .collect();
    // A header or a sheet that is lost says enough.
    if found.any_error() {
        return;
    }
    if !lacking.is_empty() {
        let shown: Vec<&str> = lacking.iter().take(10).copied().collect();
        let names = with_more(&format!("`{}`", shown.join("`, `")), lacking.len() - shown.len());
        let message = format!("expected indicators without a column: {names}");
        found.add(Code::IndicatorLacking, Place::Sheet(first.sheet.name.clone()), message);
    }
    let of_evidence = |role: RoleName| {
        matches!(role, RoleName::Indicators | RoleName::Shares | RoleName::Judgements | RoleName::Estimates | RoleName::Sectors)
    };
    // The sheets of a template may stand empty, but one of them has to say something.
    if !is_one_table && sheets.tables.iter().filter(|table| of_evidence(table.layout.role)).all(|table| table.rows.is_empty()) {
        let message = "no row holds data below the header, and no other sheet holds evidence";
        found.add(Code::EmptySheet, Place::Sheet(first.sheet.name.clone()), message);
    }
}

fn locate_table<'a>(
    (id, layout): (usize, &'a TableLayout),
    sheet: &'a Sheet,
    context: &Context,
    rules: &Framework,
    unused: &mut UnusedColumns,
    found: &mut Findings,
) -> Option<Located<'a>> {
    let wanted = Wanted::new(layout, context, rules);
    let frame = frame::frame(layout, sheet, &wanted, found);
    let headers = headers(layout, sheet, frame, &wanted);
    let mut columns = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut ambiguous = BTreeSet::new();
    for column in &wanted.columns {
        let hits = meant(&headers, column);
        match hits.as_slice() {
            [] => {}
            [header] => {
                taken.insert(header.column);
                columns.insert(column.name.clone(), (header.column, header.text.clone()));
            }
            [first, second, ..] => {
                let cell = |column: u32| CellRef { sheet: Arc::clone(&sheet.name), row: frame.header_row, column };
                let (a, b) = (cell(first.column).address(), cell(second.column).address());
                let message = if first.text == second.text {
                    format!("{a} and {b} both have the header `{}`", first.text)
                } else {
                    format!("{a} (`{}`) and {b} (`{}`) both mean `{}`", first.text, second.text, column.name)
                };
                taken.extend(hits.iter().map(|header| header.column));
                ambiguous.insert(column.name.clone());
                found.add(Code::AmbiguousColumn, Place::Cell(cell(second.column)), message);
            }
        }
    }
    let mut leaves = Vec::new();
    for (wanted, leaf) in &layout.leaves {
        match headers.iter().find(|header| header.is(&[folded(wanted)])) {
            Some(header) => {
                taken.insert(header.column);
                leaves.push((leaf.clone(), header.column));
            }
            None => missing_column(frame.header_row, sheet, wanted, &headers, found),
        }
    }
    if !sheet.notes.read_as.is_empty() {
        found.add(Code::ReadAs, Place::Sheet(sheet.name.clone()), sheet.notes.read_as.join("; "));
    }
    note_unclean(sheet, frame.header_row, &headers, &taken, found);
    let personal = personal_columns(&headers, &columns);
    let mut table =
        Located { id, layout, frame, sheet, columns, leaves, rows: Vec::new(), totals: Vec::new(), set_aside: Vec::new(), personal };
    note_personal(&table, &headers, context.drop_identifiers, found);
    let sound = require_columns(&table, &ambiguous, &headers, found);
    // What tells persons apart has been said.
    taken.extend(table.personal.iter().filter(|_| layout.role == RoleName::Households));
    unused.keep(&table, &wanted, &headers, &taken);
    if sound {
        find_rows(&mut table, &headers, found);
        note_headless(&table, &headers, found);
        note_hidden(&table, found);
        note_looks(&table, found);
    }
    // A sheet of areas that was left empty is no sheet of areas: they are those of the population.
    let left_empty = layout.role == RoleName::Areas && layout.optional && table.rows.is_empty();
    (sound && !left_empty).then_some(table)
}

/// The columns that name an area in this table.
pub(crate) const AREA_COLUMNS: [&str; 6] = ["pcode", "admin1-pcode", "admin2-pcode", "admin3-pcode", "admin4-pcode", "admin5-pcode"];
