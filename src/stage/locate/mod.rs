//! Where the tables stand: sheets by name, columns by header, rows from below the header to where data end.
//! Applies the layout that a context declares and guesses nothing beyond it.

mod codes;
mod columns;
mod frame;
pub mod guess;
mod headers;
mod hidden;
mod kinds;
mod leaf_columns;
mod looks;
mod options;
mod people_columns;
mod personal;
mod rows;
mod unused;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::place::with_more;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::Leaf;
use crate::framework::Context;
use crate::framework::files::RoleName;
use crate::framework::layout::{SHEETS_FOR_PEOPLE, TableLayout};
use crate::framework::rules::Framework;
use crate::table::{Sheet, Workbook, folded};
pub(crate) use codes::{beginning, looks_like_a_code};
use columns::{Columns, find_columns};
pub use frame::Frame;
use headers::{Header, Selector, headers, note_unclean, require_columns, require_selectors};
use hidden::note_hidden;
use kinds::say_unknown_kinds;
use looks::note_looks;
use people_columns::refuse_doubtful;
use personal::note_personal;
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
    /// Columns of one sex as a whole, beside those by age: their sums.
    pub sexes: Vec<(Leaf, u32)>,
    /// Columns that tell its rows from others, in the order of the layout.
    selectors: Vec<Selector<'a>>,
    /// The rows that hold data, by number.
    pub rows: Vec<u32>,
    /// Rows that add up others: set aside, and compared with what they add up.
    pub totals: Vec<u32>,
    /// Rows below the header that were set aside, with the reason.
    pub set_aside: Vec<(u32, &'static str)>,
    /// Columns of options, by our name of the question: each option as it is written, and its column.
    pub options: BTreeMap<String, Vec<(String, u32)>>,
    /// Columns of replicate weights, each with the number in its header before it; in the order of these numbers.
    pub replicate_weights: Vec<(u32, u32)>,
    /// Columns of numbers that the layout does not name, with their headers.
    pub measures: Vec<(u32, String)>,
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
    /// Sheets that were read and hold no table.
    pub unused: Vec<String>,
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
        let Some(sheet) = alone.get(&at).copied().or_else(named).or_else(|| any_sheet(layout, workbook, context, rules)) else {
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
        let mut alike: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).filter(|name| names.contains(&folded(name))).collect();
        if layout.in_any_sheet() {
            let wanted = Wanted::new(layout, context, rules);
            let hits = |sheet: &Sheet| frame::known_headers(layout, sheet, &wanted);
            let most = hits(sheet);
            alike = workbook.sheets.iter().filter(|other| hits(other) == most).map(|sheet| &*sheet.name).collect();
        }
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
        // Of a workbook in which nothing is known by its name a first look tells more.
        let look = if sheets.tables.is_empty() && hint.is_empty() { "; `pinpoint context FILE` says what its sheets may hold" } else { "" };
        let message = format!("no sheet holds the population; the workbook has `{}`{hint}{look}", have.join("`, `"));
        found.add(Code::NoPopulation, Place::Input, message);
    }
    unused.note(&mut found);
    say_unknown_kinds(&sheets.tables, &mut found);
    say_what_lacks(&sheets, is_one_table, rules, &mut found);
    // A sheet that was read because a table might have stood in it.
    let in_none = |sheet: &&Sheet| {
        context.tables.iter().any(TableLayout::in_any_sheet) && !sheets.tables.iter().any(|table| table.sheet.name == sheet.name)
    };
    sheets.unused = workbook.sheets.iter().filter(in_none).map(|sheet| sheet.name.to_string()).collect();
    // The template's own sheets need no word.
    let unread = workbook.unread.iter().chain(&sheets.unused);
    for name in unread.filter(|name| !SHEETS_FOR_PEOPLE.iter().any(|own| folded(own) == folded(name))) {
        // A sheet whose name is nearly that of a table that was not found is likely that table.
        let absent = context.tables.iter().filter(|layout| !sheets.tables.iter().any(|table| std::ptr::eq(table.layout, *layout)));
        let hint = did_you_mean(&folded(name), absent.flat_map(|layout| layout.sheets.iter().map(String::as_str)));
        let code = if hint.is_empty() { Code::UnusedSheet } else { Code::SheetMisnamed };
        found.add(code, Place::Sheet(name.as_str().into()), format!("the sheet is not read{hint}"));
    }
    found.with(sheets)
}

/// For a table that may stand in any sheet: the one that has most of its headers, the first of equal ones.
fn any_sheet<'a>(layout: &TableLayout, workbook: &'a Workbook, context: &Context, rules: &Framework) -> Option<&'a Sheet> {
    if !layout.in_any_sheet() {
        return None;
    }
    let wanted = Wanted::new(layout, context, rules);
    let hits = workbook.sheets.iter().map(|sheet| (frame::known_headers(layout, sheet, &wanted), sheet));
    let (hits, sheet) = hits.rev().max_by_key(|(hits, _)| *hits)?;
    (hits > 0).then_some(sheet)
}

/// How well the tables of this context fit a workbook: how many of their headers stand there. `None` where a table that has to
/// be there is not, or lacks a column that it needs.
pub fn fit(workbook: &Workbook, context: &Context, rules: &Framework) -> Option<usize> {
    let (mut known, mut says_something) = (0, false);
    let mut unsaid = Findings::default();
    for (at, layout) in context.tables.iter().enumerate() {
        let names: Vec<String> = layout.sheets.iter().map(|name| folded(name)).collect();
        let named = workbook.find(|name| names.contains(&folded(name)));
        let sheet = named.or_else(|| any_sheet(layout, workbook, context, rules)).filter(|sheet| !sheet.is_empty());
        let head = sheet.map(|sheet| head((at, layout), sheet, context, rules, &mut unsaid)).filter(|head| head.sound);
        match head {
            Some(Head { table, .. }) => {
                known += table.columns.len() + table.leaves.len() + layout.rows_where.len();
                says_something |= layout.role != RoleName::Areas;
            }
            None if layout.optional => {}
            None => return None,
        }
    }
    says_something.then_some(known)
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

/// The head of a table: where it stands, and which column is which.
struct Head<'a> {
    table: Located<'a>,
    headers: Vec<Header>,
    wanted: Wanted,
    columns: Columns<'a>,
    /// Whether it has the columns that it needs.
    sound: bool,
}

/// Finds the head of a table. What it lacks, and what is doubtful in it, is said.
fn head<'a>(
    (id, layout): (usize, &'a TableLayout),
    sheet: &'a Sheet,
    context: &Context,
    rules: &Framework,
    found: &mut Findings,
) -> Head<'a> {
    let wanted = Wanted::new(layout, context, rules);
    let frame = frame::frame(layout, sheet, &wanted, found);
    let headers = headers(layout, sheet, frame, &wanted);
    let mut columns = find_columns(layout, sheet, frame, &headers, &wanted, found);
    let (named, leaves) = (std::mem::take(&mut columns.named), std::mem::take(&mut columns.leaves));
    let (measures, personal) = (std::mem::take(&mut columns.measures), std::mem::take(&mut columns.personal));
    let replicate_weights = std::mem::take(&mut columns.replicate_weights);
    let (options, sexes) = (std::mem::take(&mut columns.options), std::mem::take(&mut columns.sexes));
    let selectors = std::mem::take(&mut columns.selectors);
    let (rows, totals, set_aside) = (Vec::new(), Vec::new(), Vec::new());
    let table = Located {
        id,
        layout,
        frame,
        sheet,
        columns: named,
        leaves,
        sexes,
        selectors,
        rows,
        totals,
        set_aside,
        options,
        replicate_weights,
        measures,
        personal,
    };
    let sound = require_columns(&table, &columns.ambiguous, &headers, found) & require_selectors(&table, &headers, found);
    Head { table, headers, wanted, columns, sound }
}

fn locate_table<'a>(
    layout: (usize, &'a TableLayout),
    sheet: &'a Sheet,
    context: &Context,
    rules: &Framework,
    unused: &mut UnusedColumns,
    found: &mut Findings,
) -> Option<Located<'a>> {
    let Head { mut table, headers, wanted, columns, sound } = head(layout, sheet, context, rules, found);
    if !sheet.notes.read_as.is_empty() {
        found.add(Code::ReadAs, Place::Sheet(sheet.name.clone()), sheet.notes.read_as.join("; "));
    }
    let Columns { country, mut taken, .. } = columns;
    note_unclean(sheet, table.frame.header_row, &headers, &taken, found);
    note_personal(&table, &headers, context.drop_identifiers, found);
    let role = table.layout.role;
    // What tells persons apart has been said.
    taken.extend(table.personal.iter().filter(|_| role == RoleName::Households));
    unused.keep(&table, &wanted, &headers, &taken);
    if sound {
        find_rows(&mut table, &headers, country, found);
        note_headless(&table, &headers, found);
        note_hidden(&table, found);
        note_looks(&table, found);
        refuse_doubtful(&table, found);
    }
    // A sheet of areas that was left empty is no sheet of areas: they are those of the population.
    let left_empty = role == RoleName::Areas && table.layout.optional && table.rows.is_empty();
    (sound && !left_empty).then_some(table)
}

/// The columns that name an area in this table.
pub(crate) const AREA_COLUMNS: [&str; 6] = ["pcode", "admin1-pcode", "admin2-pcode", "admin3-pcode", "admin4-pcode", "admin5-pcode"];
