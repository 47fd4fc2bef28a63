//! Where the tables stand: sheets by name, columns by header, rows from below the header to where data end.
//! Applies the layout that a context declares and guesses nothing beyond it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::render::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{CellRef, Checked, Code, Findings, Place};
use crate::domain::{Aor, Leaf};
use crate::framework::Context;
use crate::framework::files::{DataEndsName, RoleName};
use crate::framework::layout::{SHEETS_FOR_PEOPLE, TableLayout};
use crate::framework::rules::Framework;
use crate::table::{CellValue, Sheet, Workbook, folded, is_no_word, is_one_of};

/// A table found in a sheet.
#[derive(Clone, Debug)]
pub struct Located<'a> {
    /// How its cells are read.
    pub layout: &'a TableLayout,
    /// The sheet.
    pub sheet: &'a Sheet,
    /// Our column name, its column from 1, and its header as written.
    columns: BTreeMap<String, (u32, String)>,
    /// Columns of population by leaf.
    pub leaves: Vec<(Leaf, u32)>,
    /// The rows that hold data, by number.
    pub rows: Vec<u32>,
    /// Rows below the header that were set aside, with the reason.
    pub set_aside: Vec<(u32, &'static str)>,
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
    for layout in &context.tables {
        let names: Vec<String> = layout.sheets.iter().map(|name| folded(name)).collect();
        let Some(sheet) = workbook.find(|name| names.contains(&folded(name))) else {
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
        sheets.tables.extend(locate_table(layout, sheet, context, rules, &mut unused, &mut found));
    }
    if sheets.of(RoleName::Population).next().is_none() && !found.any_error() {
        let have: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).chain(workbook.unread.iter().map(String::as_str)).collect();
        let wanted = context.tables.iter().filter(|layout| layout.role == RoleName::Population).flat_map(|layout| &layout.sheets);
        let hint = wanted.map(|name| did_you_mean(name, have.iter().copied())).find(|hint| !hint.is_empty()).unwrap_or_default();
        let message = format!("no sheet holds the population; the workbook has `{}`{hint}", have.join("`, `"));
        found.add(Code::MissingSheet, Place::Input, message);
    }
    unused.note(rules, &mut found);
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

fn locate_table<'a>(
    layout: &'a TableLayout,
    sheet: &'a Sheet,
    context: &Context,
    rules: &Framework,
    unused: &mut UnusedColumns,
    found: &mut Findings,
) -> Option<Located<'a>> {
    let headers = headers(layout, sheet);
    let mut columns = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut ambiguous = BTreeSet::new();
    let declared = layout.columns.iter().map(|(name, accepted)| (name.clone(), accepted.clone()));
    for (name, accepted) in declared.chain(implied_columns(layout.role, context, rules)) {
        if columns.contains_key(&name) || ambiguous.contains(&name) {
            continue;
        }
        let hits: Vec<&Header> = headers.iter().filter(|header| accepted.iter().any(|wanted| header.is(wanted))).collect();
        match hits.as_slice() {
            [] => {}
            [header] => {
                taken.insert(header.column);
                columns.insert(name, (header.column, header.text.clone()));
            }
            [first, second, ..] => {
                let (a, b) = (crate::diag::place::column_letters(first.column), crate::diag::place::column_letters(second.column));
                let message = if first.plain == second.plain {
                    format!("columns {a} and {b} both have the header `{}`", first.text)
                } else {
                    format!("columns {a} (`{}`) and {b} (`{}`) both mean `{name}`", first.text, second.text)
                };
                taken.extend(hits.iter().map(|header| header.column));
                ambiguous.insert(name);
                found.add(Code::AmbiguousColumn, Place::Row(sheet.name.clone(), layout.header_row), message);
            }
        }
    }
    let mut leaves = Vec::new();
    for (wanted, leaf) in &layout.leaves {
        match headers.iter().find(|header| header.is(wanted)) {
            Some(header) => {
                taken.insert(header.column);
                leaves.push((leaf.clone(), header.column));
            }
            None => missing_column(layout, sheet, wanted, &headers, found),
        }
    }
    let sound = require_columns(layout, sheet, &columns, &ambiguous, &leaves, &headers, found);
    unused.keep(layout, sheet, &headers, &taken, &columns);
    let mut table = Located { layout, sheet, columns, leaves, rows: Vec::new(), set_aside: Vec::new() };
    if sound {
        find_rows(&mut table, found);
        note_headless(&table, &headers, found);
    }
    // A sheet of areas that was left empty is no sheet of areas: they are those of the population.
    let left_empty = layout.role == RoleName::Areas && layout.optional && table.rows.is_empty();
    (sound && !left_empty).then_some(table)
}

struct Header {
    column: u32,
    text: String,
    plain: String,
    with_band: String,
}

impl Header {
    fn is(&self, wanted: &str) -> bool {
        let wanted = folded(wanted);
        self.plain == wanted || self.with_band == wanted
    }
}

fn headers(layout: &TableLayout, sheet: &Sheet) -> Vec<Header> {
    let mut bands: Vec<(u32, String)> = Vec::new();
    if let Some(row) = layout.band_row.and_then(|number| sheet.row(number)) {
        bands.extend(row.cells().filter_map(|(column, value)| Some((column, shown(value)?))));
    }
    let Some(row) = sheet.row(layout.header_row) else { return Vec::new() };
    row.cells()
        .filter_map(|(column, value)| {
            let text = shown(value)?;
            // A band's title stands over its first column and speaks for those to the right of it.
            let band = bands.iter().rev().find(|(start, _)| *start <= column).map_or("", |(_, band)| band);
            Some(Header { column, plain: folded(&text), with_band: folded(&format!("{band} / {text}")), text })
        })
        .collect()
}

fn shown(value: CellValue<'_>) -> Option<String> {
    match value {
        CellValue::Text(text) if !is_no_word(text) => Some(text.to_owned()),
        CellValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Columns that need no declaration: those that indicators read, and wide ones such as `CP.in-need`.
fn implied_columns(role: RoleName, context: &Context, rules: &Framework) -> Vec<(String, Vec<String>)> {
    let series: Vec<String> = std::iter::once("overall".to_owned()).chain(Aor::ALL.map(|aor| aor.code().to_owned())).collect();
    let sectors: Vec<String> = context.sectors.iter().map(|sector| sector.code.clone()).collect();
    match role {
        RoleName::Indicators => indicator_columns(rules),
        RoleName::Estimates => wide(&series, &["phase", "in-need", "affected"]),
        RoleName::Response => wide(&series, &["targeted", "reached"]),
        RoleName::Previous => wide(&[series, sectors].concat(), &["phase", "in-need"]),
        RoleName::Sectors => wide(&sectors, &["phase", "in-need"]),
        _ => Vec::new(),
    }
}

fn wide(codes: &[String], figures: &[&str]) -> Vec<(String, Vec<String>)> {
    let pairs = codes.iter().flat_map(|code| figures.iter().map(move |figure| (code, figure)));
    pairs.map(|(code, figure)| (format!("{code}.{figure}"), vec![format!("{code}.{figure}"), format!("{code}_{figure}")])).collect()
}

/// By id, label and alias.
fn indicator_columns(rules: &Framework) -> Vec<(String, Vec<String>)> {
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    for indicator in rules.indicators.iter().filter(|indicator| indicator.is_of_areas()) {
        for (column, _) in indicator.form.reads(&indicator.id) {
            let mut accepted = vec![column.clone()];
            if column == indicator.id {
                accepted.push(indicator.label.clone());
                accepted.extend(indicator.aliases.clone());
            }
            columns.push((column, accepted));
        }
    }
    columns
}

/// Whether a column carries its AoR or sector in its name, as in `CP.in-need`.
pub(crate) fn is_wide(name: &str) -> bool {
    name.contains('.')
}

fn require_columns(
    layout: &TableLayout,
    sheet: &Sheet,
    columns: &BTreeMap<String, (u32, String)>,
    ambiguous: &BTreeSet<String>,
    leaves: &[(Leaf, u32)],
    headers: &[Header],
    found: &mut Findings,
) -> bool {
    // A header that stands twice has been reported as such.
    let has = |name: &str| columns.contains_key(name) || ambiguous.contains(name);
    let mut sound = true;
    let mut need = |name: &str, present: bool| {
        if !present {
            match layout.columns.iter().any(|(declared, _)| declared == name) {
                false => unnamed_column(sheet, name, headers, found),
                true if layout.optional => missing_column(layout, sheet, name, headers, found),
                // Said below, by the header that the context names.
                true => {}
            }
            sound = false;
        }
    };
    need("pcode", has("pcode") || (1..=5).any(|level| has(&format!("admin{level}-pcode"))));
    let any_wide = columns.keys().any(|name| is_wide(name));
    match layout.role {
        RoleName::Population => need("population", has("population") || !leaves.is_empty()),
        RoleName::Estimates => {
            need("aor", has("aor") || any_wide);
            need("in-need", any_wide || has("in-need") || has("phase") || has("affected"));
        }
        RoleName::Shares => {
            for name in ["scope", "phase1", "phase2", "phase3", "phase4", "phase5"] {
                need(name, has(name));
            }
        }
        RoleName::Judgements => {
            need("risk", has("risk") || has("aor"));
            for name in ["phase", "reason", "evidence", "decided-by", "date"] {
                need(name, has(name));
            }
        }
        RoleName::Decisions => {
            for name in ["scope", "what", "old", "new", "reason", "evidence", "decided-by", "date"] {
                need(name, has(name));
            }
        }
        RoleName::Previous => need("in-need", any_wide || has("in-need") || has("phase")),
        RoleName::Response => need("targeted", any_wide || has("targeted") || has("reached")),
        RoleName::Areas | RoleName::Indicators | RoleName::Sectors => {}
    }
    // What a country's own layout names has to be there; the engine's own workbook may leave columns out.
    if !layout.optional {
        for (name, accepted) in layout.columns.iter().filter(|(name, _)| !has(name)) {
            let wanted = accepted.first().map_or(name.as_str(), String::as_str);
            missing_column(layout, sheet, wanted, headers, found);
            sound = false;
        }
    }
    sound
}

fn missing_column(layout: &TableLayout, sheet: &Sheet, wanted: &str, headers: &[Header], found: &mut Findings) {
    let hint = did_you_mean(wanted, headers.iter().map(|header| header.text.as_str()));
    let message = format!("row {} has no column `{wanted}`{hint}", layout.header_row);
    found.add(Code::MissingColumn, Place::Sheet(sheet.name.clone()), message);
}

/// A column that the sheet may well have, but whose header the context does not name.
fn unnamed_column(sheet: &Sheet, name: &str, headers: &[Header], found: &mut Findings) {
    let snake = name.replace('-', "_");
    let there = headers.iter().find(|header| header.is(name) || header.is(&snake));
    let hint = there.map_or(String::new(), |header| format!("; column {} has it", crate::diag::place::column_letters(header.column)));
    let message = format!("the context names no header for `{name}`{hint}");
    found.add(Code::MissingColumn, Place::Sheet(sheet.name.clone()), message);
}

/// Columns that hold something in the table's rows and have no header: nobody can say what they mean.
fn note_headless(table: &Located<'_>, headers: &[Header], found: &mut Findings) {
    let (layout, sheet) = (table.layout, table.sheet);
    let named: BTreeSet<u32> = headers.iter().map(|header| header.column).collect();
    let data = table.rows.iter().filter_map(|&number| sheet.row(number));
    let headless: BTreeSet<u32> =
        data.flat_map(|row| row.cells().map(|(column, _)| column)).filter(|column| !named.contains(column)).collect();
    if !headless.is_empty() {
        let letters: Vec<String> = headless.iter().map(|&column| crate::diag::place::column_letters(column)).collect();
        let message = format!("not used, because they have no header: columns {}", letters.join(", "));
        found.add(Code::UnusedColumn, Place::Row(sheet.name.clone(), layout.header_row), message);
    }
}

/// What a sheet has that no table uses, and what its tables lack.
struct Unused {
    role: RoleName,
    /// Headers by column.
    headers: BTreeMap<u32, String>,
    /// Headers of columns that were not found.
    absent: Vec<String>,
}

/// The headers of each sheet that no table uses. Several tables may stand in one sheet.
#[derive(Default)]
struct UnusedColumns {
    by_sheet: BTreeMap<(Arc<str>, u32), Unused>,
}

impl UnusedColumns {
    fn keep(
        &mut self,
        layout: &TableLayout,
        sheet: &Sheet,
        headers: &[Header],
        taken: &BTreeSet<u32>,
        columns: &BTreeMap<String, (u32, String)>,
    ) {
        let free = || headers.iter().filter(|header| !taken.contains(&header.column));
        let absent =
            layout.columns.iter().filter(|(name, _)| !columns.contains_key(name)).flat_map(|(_, accepted)| accepted.iter().cloned());
        match self.by_sheet.get_mut(&(Arc::clone(&sheet.name), layout.header_row)) {
            Some(unused) => {
                unused.headers.retain(|column, _| free().any(|header| header.column == *column));
                unused.absent.extend(absent);
            }
            None => {
                let headers = free().map(|header| (header.column, header.text.clone())).collect();
                let unused = Unused { role: layout.role, headers, absent: absent.collect() };
                self.by_sheet.insert((Arc::clone(&sheet.name), layout.header_row), unused);
            }
        }
    }

    /// A header that is nearly one that was not found is likely that one, and what stands under it is lost.
    fn note(self, rules: &Framework, found: &mut Findings) {
        let indicators: Vec<&str> = rules.indicators.iter().map(|indicator| indicator.id.as_str()).collect();
        for ((sheet, row), unused) in self.by_sheet {
            let of_indicators = unused.role == RoleName::Indicators;
            let known = || unused.absent.iter().map(String::as_str).chain(indicators.iter().copied().filter(|_| of_indicators));
            let mut others = Vec::new();
            for (&column, text) in &unused.headers {
                let hint = did_you_mean(&folded(text), known());
                if hint.is_empty() {
                    others.push(quoted(text));
                } else {
                    let place = Place::Cell(CellRef { sheet: Arc::clone(&sheet), row, column });
                    found.add(Code::ColumnMisnamed, place, format!("{} is not read{hint}", quoted(text)));
                }
            }
            if !others.is_empty() {
                let code = if of_indicators { Code::UnknownIndicator } else { Code::UnusedColumn };
                found.add(code, Place::Row(sheet, row), format!("not used: {}", others.join(", ")));
            }
        }
    }
}

/// The columns that name an area in this table.
pub(crate) const AREA_COLUMNS: [&str; 6] = ["pcode", "admin1-pcode", "admin2-pcode", "admin3-pcode", "admin4-pcode", "admin5-pcode"];

fn find_rows(table: &mut Located<'_>, found: &mut Findings) {
    let area_columns: Vec<u32> = AREA_COLUMNS.iter().filter_map(|name| table.column(name)).collect();
    let mut data_columns: Vec<u32> = table.columns.values().map(|(column, _)| *column).collect();
    data_columns.extend(table.leaves.iter().map(|(_, column)| *column));
    let mut ended = false;
    // A wholly blank row is a row without p-code too; the sheet holds only rows that hold something.
    let mut next = table.layout.header_row + 1;
    for row in table.sheet.rows().filter(|row| row.number > table.layout.header_row) {
        let filled = |columns: &[u32]| columns.iter().any(|&column| shown_or_other(row.get(column)));
        let skipped = table.layout.skip_where.iter().any(|(name, texts)| {
            table
                .column(name)
                .is_some_and(|column| matches!(row.get(column), CellValue::Text(text) if is_one_of(text, texts.iter().map(String::as_str))))
        });
        let without_pcode = row.number != next || !filled(&area_columns);
        next = row.number + 1;
        if ended || (table.layout.data_ends == DataEndsName::FirstRowWithoutPcode && without_pcode) {
            ended = true;
            table.set_aside.push((row.number, "below the table"));
        } else if skipped {
            table.set_aside.push((row.number, "no area, as the context declares"));
        } else if filled(&data_columns) {
            table.rows.push(row.number);
        } else {
            table.set_aside.push((row.number, "nothing in the columns that are read"));
        }
    }
    for reason in ["below the table", "no area, as the context declares", "nothing in the columns that are read"] {
        let rows: Vec<u32> = table.set_aside.iter().filter(|(_, why)| *why == reason).map(|(row, _)| *row).collect();
        if !rows.is_empty() {
            let (count, s) = (rows.len(), if rows.len() == 1 { "" } else { "s" });
            let message = format!("{count} row{s} set aside ({reason}): {}", ranges(&rows));
            found.add(Code::RowSetAside, Place::Sheet(table.sheet.name.clone()), message);
        }
    }
    // An optional sheet may hold nothing yet, but without people there is nothing to say.
    if table.rows.is_empty() && (!table.layout.optional || table.layout.role == RoleName::Population) {
        found.add(Code::EmptySheet, Place::Sheet(table.sheet.name.clone()), "no row holds data below the header");
    }
}

fn shown_or_other(value: CellValue<'_>) -> bool {
    match value {
        CellValue::Blank => false,
        CellValue::Text(text) => !is_no_word(text),
        _ => true,
    }
}

/// Numbers as ranges, as in `4-7, 9`; at most ten, the rest counted.
fn ranges(rows: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &row in rows {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == row => *end = row,
            _ => ranges.push((row, row)),
        }
    }
    let shown: Vec<String> =
        ranges.iter().take(10).map(|(start, end)| if start == end { start.to_string() } else { format!("{start}-{end}") }).collect();
    let rest = ranges.len().saturating_sub(10);
    if rest > 0 { format!("{} and {rest} more ranges", shown.join(", ")) } else { shown.join(", ") }
}
