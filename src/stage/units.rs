//! The units of analysis: which area, pocket and group each row of each table speaks for. Every row finds its
//! cell here, once, or is a finding; nothing is joined by row order (method, section 1).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::audit::{Audit, AuditEntry, AuditKind};
use super::cells::{CellTable, PocketsAndGroups};
use super::locate::{AREA_COLUMNS, Located, Sheets};
use super::read_row::RowReader;
use super::total_words::names_a_total;
use crate::diag::place::with_more;
use crate::diag::shown::quoted;
use crate::diag::suggest::{did_you_mean, nearest};
use crate::diag::{CellRef, Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::{AreaId, AreaTree, CellId, GroupId, IdVec, PCode, PopulationGroup};
use crate::framework::Context;
use crate::framework::files::{RoleName, RowsWithoutAreaName};
use crate::table::{CellValue, folded, is_no_word};

/// A table whose rows have found their cells.
#[derive(Clone, Debug)]
pub struct Keyed<'a, 'b> {
    /// The table.
    pub table: &'b Located<'a>,
    /// Row number and cell.
    pub rows: Vec<(u32, CellId)>,
}

/// The tables of one input, each row with its cell.
#[derive(Clone, Debug, Default)]
pub struct KeyedSheets<'a, 'b> {
    tables: Vec<Keyed<'a, 'b>>,
    /// Totals, if they are the sum of those in them.
    above: Vec<Above>,
}

/// A row of people that names an area above the deepest column that the table has.
#[derive(Clone, Debug)]
pub struct Above {
    /// The cell that names the area.
    pub key: CellRef,
    /// Whose people they are.
    pub cell: CellId,
}

impl<'a, 'b> KeyedSheets<'a, 'b> {
    /// The tables that hold this.
    pub fn of(&self, role: RoleName) -> impl Iterator<Item = &Keyed<'a, 'b>> {
        self.tables.iter().filter(move |keyed| keyed.table.layout.role == role)
    }

    /// Every table.
    pub fn all(&self) -> impl Iterator<Item = &Keyed<'a, 'b>> {
        self.tables.iter()
    }

    /// Rows of people that name an area above the deepest column that their table has.
    pub fn above(&self) -> &[Above] {
        &self.above
    }

    /// The cell of every row. Where several tables read one row, it speaks for the same area and group.
    pub fn row_units(&self) -> RowUnits {
        let mut units = RowUnits::default();
        for keyed in &self.tables {
            units.by_sheet.entry(Arc::clone(&keyed.table.sheet.name)).or_default().extend(&keyed.rows);
        }
        for rows in units.by_sheet.values_mut() {
            rows.sort_unstable();
            rows.dedup_by_key(|(row, _)| *row);
        }
        units
    }
}

/// The cell of every row of the input, by sheet.
#[derive(Clone, Debug, Default)]
pub struct RowUnits {
    by_sheet: BTreeMap<Arc<str>, Vec<(u32, CellId)>>,
}

impl RowUnits {
    /// For which area and group a row speaks; `None` if for none.
    pub fn find(&self, sheet: &str, row: u32) -> Option<CellId> {
        let rows = self.by_sheet.get(sheet)?;
        let at = rows.binary_search_by_key(&row, |(number, _)| *number).ok()?;
        rows.get(at).map(|(_, cell)| *cell)
    }
}

/// Names of so many groups are compared with each other.
const MOST_COMPARED: usize = 500;

/// For so many unknown codes of a table a suggestion is looked for.
const SUGGESTED: usize = 20;

/// Number, area, pocket and group of a row, the texts as the sheet holds them.
type RowKey<'a> = (u32, AreaId, Cow<'a, str>, Option<Cow<'a, str>>);

/// Finds the cell of every row of every table.
pub fn read_units<'a, 'b>(
    sheets: &'b Sheets<'a>,
    areas: &AreaTree,
    context: &Context,
    audit: &mut Audit,
) -> Checked<(CellTable, KeyedSheets<'a, 'b>)> {
    let mut found = Findings::default();
    let known = known_groups(sheets, context, audit);
    say_alike(&known, context, &mut found);
    let groups: IdVec<GroupId, PopulationGroup> =
        known.values().map(|code| PopulationGroup { code: code.clone() }).collect::<BTreeSet<_>>().into_iter().collect();
    let by_code: BTreeMap<&str, GroupId> = groups.entries().map(|(id, group)| (group.code.as_str(), id)).collect();
    let by_word: BTreeMap<String, GroupId> =
        known.iter().filter_map(|(word, code)| Some((word.clone(), *by_code.get(code.as_str())?))).collect();

    let area_of: HashMap<String, AreaId> = areas.ids().map(|area| (areas.get(area).pcode.key(), area)).collect();
    let mut named: PocketsAndGroups<'a> = areas.ids().map(|_| BTreeSet::new()).collect();
    let mut read: Vec<(&Located<'a>, Vec<(u32, AreaId, Cow<'a, str>, Option<GroupId>)>)> = Vec::new();
    let mut above = BTreeMap::new();
    let of_tables: Vec<(&Located<'a>, Vec<RowKey<'a>>)> = sheets
        .tables
        .iter()
        .filter(|table| table.layout.role != RoleName::Areas)
        .map(|table| (table, row_keys(table, areas, &area_of, &mut above, audit, &mut found)))
        .collect();
    let pockets = known_pockets(&of_tables);
    for (table, rows) in of_tables {
        let mut keyed = Vec::with_capacity(rows.len());
        // Each spelling of a group is looked up once.
        let mut spellings: HashMap<Cow<'a, str>, Option<GroupId>> = HashMap::new();
        let (mut cleaned, mut of_pockets) = (Cleaned::default(), Cleaned::default());
        for (number, area, written, group) in rows {
            let pocket = if written.is_empty() {
                written.clone()
            } else {
                pockets.get(&(area, folded(&written))).cloned().unwrap_or(written.clone())
            };
            if let Some(column) = table.column("pocket").filter(|_| pocket != written) {
                let cell = CellRef { sheet: Arc::clone(&table.sheet.name), row: number, column };
                let detail = "a pocket read without regard to its spelling".into();
                audit.entries.push(AuditEntry { cell: cell.clone(), kind: AuditKind::Repaired, detail });
                of_pockets.see(cell, &pocket);
            }
            let group = match group {
                None => None,
                Some(text) => {
                    let known = match spellings.get(&text) {
                        Some(known) => *known,
                        None => *spellings.entry(text.clone()).or_insert_with(|| by_word.get(&folded(&text)).copied()),
                    };
                    let Some(group) = known else {
                        unknown_group(table, number, &text, &by_code, &mut found);
                        continue;
                    };
                    if let Some(column) = table.column("group")
                        && !is_spelling(&text, &groups[group].code, context)
                    {
                        let cell = CellRef { sheet: Arc::clone(&table.sheet.name), row: number, column };
                        let detail = "a group read without regard to its spelling".into();
                        audit.entries.push(AuditEntry { cell: cell.clone(), kind: AuditKind::Repaired, detail });
                        cleaned.see(cell, &groups[group].code);
                    }
                    known
                }
            };
            named[area].insert((pocket.clone(), group));
            keyed.push((number, area, pocket, group));
        }
        cleaned.say("population groups", &mut found);
        of_pockets.say("pockets", &mut found);
        read.push((table, keyed));
    }
    let cells = CellTable::new(areas, groups, &named);
    let tables: Vec<Keyed<'_, '_>> = read.into_iter().map(|(table, rows)| Keyed { table, rows: cells_of(rows, &cells) }).collect();
    let above = above_rows(&tables, above);
    found.with((cells, KeyedSheets { tables, above }))
}

/// Every pocket of an area, folded, under the spelling that sorts first: spellings that differ in case or blanks are one.
fn known_pockets<'a>(tables: &[(&Located<'a>, Vec<RowKey<'a>>)]) -> HashMap<(AreaId, String), Cow<'a, str>> {
    let mut known: HashMap<(AreaId, String), Cow<'a, str>> = HashMap::new();
    for (_, area, pocket, _) in tables.iter().flat_map(|(_, rows)| rows).filter(|(_, _, pocket, _)| !pocket.is_empty()) {
        let spelling = known.entry((*area, folded(pocket))).or_insert_with(|| pocket.clone());
        if pocket < spelling {
            spelling.clone_from(pocket);
        }
    }
    known
}

/// Whose people stand in rows that name an area above the others.
fn above_rows(tables: &[Keyed<'_, '_>], mut keys: BTreeMap<(Arc<str>, u32), CellRef>) -> Vec<Above> {
    let mut above = Vec::with_capacity(keys.len());
    if keys.is_empty() {
        return above;
    }
    for keyed in tables {
        let of_row = |&(row, cell): &(u32, CellId)| Some(Above { key: keys.remove(&(Arc::clone(&keyed.table.sheet.name), row))?, cell });
        above.extend(keyed.rows.iter().filter_map(of_row));
    }
    above
}

/// The cell of every row. Most tables stand in the order of the cells, so the next cell is tried first.
fn cells_of(rows: Vec<(u32, AreaId, Cow<'_, str>, Option<GroupId>)>, cells: &CellTable) -> Vec<(u32, CellId)> {
    let mut found = Vec::with_capacity(rows.len());
    let mut next = CellId::from_index(0);
    for (number, area, pocket, group) in rows {
        let fits =
            cells.keys.as_slice().get(next.index()).is_some_and(|key| key.area == area && key.pocket == pocket && key.group == group);
        let cell = if fits { Some(next) } else { cells.find(area, &pocket, group) };
        let Some(cell) = cell else { continue };
        found.push((number, cell));
        next = CellId::from_index(cell.index() + 1);
    }
    found
}

/// Area, pocket and group text of every row; a row whose area is not known is a finding.
fn row_keys<'a>(
    table: &Located<'a>,
    areas: &AreaTree,
    area_of: &HashMap<String, AreaId>,
    above: &mut BTreeMap<(Arc<str>, u32), CellRef>,
    audit: &mut Audit,
    found: &mut Findings,
) -> Vec<RowKey<'a>> {
    let mut keys = Vec::with_capacity(table.rows.len());
    let mut reader = RowReader { table, found, audit };
    let mut unknown = 0;
    let mut codes = Cleaned::default();
    let mut last: Option<(Cow<'a, str>, AreaId)> = None;
    // A column for areas of which no row says anything is none.
    let says_something = |column: u32| {
        let mut cells = table.rows.iter().filter_map(|&number| table.sheet.row(number)).map(|row| row.get(column));
        cells.any(|value| !matches!(value, CellValue::Blank) && !matches!(value, CellValue::Text(text) if is_no_word(text)))
    };
    let column_of = |name: &'static str| table.column(name).map(|column| (name, column));
    // The deepest area that is filled counts; `pcode` is deeper than all.
    let area_columns: Vec<(&str, u32)> =
        AREA_COLUMNS.into_iter().skip(1).rev().chain(AREA_COLUMNS.first().copied()).filter_map(column_of).collect();
    let filled: Vec<(&str, u32)> = area_columns.iter().copied().filter(|(_, column)| says_something(*column)).collect();
    let area_columns = if filled.is_empty() { area_columns } else { filled };
    let deepest_column =
        area_columns.iter().map(|(name, _)| *name).find(|name| *name == "pcode").or(area_columns.first().map(|(name, _)| *name));
    let (pocket_column, group_column) = (column_of("pocket"), column_of("group"));
    for &number in &table.rows {
        let Some(row) = reader.row(number) else { continue };
        let mut deepest: Option<(&str, Cow<'a, str>)> = None;
        for &(name, column) in &area_columns {
            if deepest.is_none() || name == "pcode" {
                deepest = reader.text_at(row, column, name).map(|text| (name, text)).or(deepest);
            }
        }
        // The country is the area of a row that names none, where the layout says so.
        let of_country =
            || (area_columns.first().map_or("pcode", |(name, _)| *name), Cow::Owned(areas.get(areas.country()).pcode.as_str().to_owned()));
        // A row that says of which level it is speaks for the country only on level 0.
        let names_none = deepest.is_none() && table.layout.rows_without_area == RowsWithoutAreaName::Country;
        let speaks_for_country = names_none && reader.number(row, "level").is_none_or(|level| level == 0.0);
        let Some((column, text)) = deepest.or_else(|| speaks_for_country.then(of_country)) else {
            let place = reader.key_place(number);
            let cells: Vec<String> = area_columns.iter().rev().map(|(_, column)| reader.cell(number, *column).address()).collect();
            reader.found.add(Code::MissingPCode, place, format!("the row has no p-code ({})", cells.join(", ")));
            continue;
        };
        let area = match &last {
            Some((code, area)) if *code == text => Some(*area),
            _ => PCode::new(&text).and_then(|code| area_of.get(&code.key()).copied()),
        };
        let Some(area) = area else {
            // Comparing with every code takes long, and after the first few the reader knows what is wrong.
            unknown += 1;
            let hint = if unknown <= SUGGESTED { did_you_mean(&text, areas.codes().map(PCode::as_str)) } else { String::new() };
            let place = reader.place(number, column);
            reader.found.add(Code::UnknownPCode, place, format!("{} is not among the admin areas{hint}", quoted(&text)));
            continue;
        };
        if let Some(at) = table.column(column)
            && matches!(row.get(at), CellValue::Text(written) if written != areas.get(area).pcode.as_str())
        {
            codes.see(reader.cell(number, at), areas.get(area).pcode.as_str());
            reader.note(number, at, AuditKind::Repaired, "a p-code read without regard to its spelling");
        }
        last = Some((text, area));
        let mut text_of = |column: Option<(&str, u32)>| column.and_then(|(name, column)| reader.text_at(row, column, name));
        let (pocket, group) = (text_of(pocket_column).unwrap_or_default(), text_of(group_column));
        if deepest_column.is_some_and(|deepest| deepest != column) && !table.layout.mixed_levels && !speaks_for_country {
            // Without a group it may be a total, which the population compares with what it adds up.
            if table.layout.role != RoleName::Population || group.is_some() {
                let place = reader.key_place(number);
                let message = format!("the row names {} and no area in it", quoted(areas.get(area).pcode.as_str()));
                reader.found.add(Code::MissingPCode, place, message);
                continue;
            }
            if let Some(at) = table.column(column) {
                above.insert((Arc::clone(&table.sheet.name), number), reader.cell(number, at));
            }
        }
        if names_a_total(&pocket) {
            let place = reader.place(number, "pocket");
            reader.found.add(Code::TotalAsGroup, place, format!("{} is a total and no pocket", quoted(&pocket)));
            continue;
        }
        keys.push((number, area, pocket, group));
    }
    codes.say("p-codes", reader.found);
    keys
}

/// Codes whose case, blanks or unseen letters did not count when they were read.
#[derive(Default)]
struct Cleaned {
    cells: Vec<(CellRef, String)>,
    count: usize,
}

impl Cleaned {
    fn see(&mut self, cell: CellRef, code: &str) {
        self.count += 1;
        if self.cells.len() < 5 {
            self.cells.push((cell, code.to_owned()));
        }
    }

    fn say(self, what: &str, found: &mut Findings) {
        let Some((first, _)) = self.cells.first() else { return };
        let shown: Vec<String> = self.cells.iter().map(|(cell, code)| format!("{} as {}", cell.address(), quoted(code))).collect();
        let cells = with_more(&shown.join(", "), self.count - shown.len());
        let message = format!("{what} that are written otherwise are read: {cells}");
        found.add(Code::CodeCleaned, Place::Cell(first.clone()), message);
    }
}

/// Every spelling of a group, folded, and the code it stands for.
fn known_groups(sheets: &Sheets<'_>, context: &Context, audit: &mut Audit) -> BTreeMap<String, String> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for group in &context.groups {
        for name in std::iter::once(&group.code).chain(&group.aliases) {
            known.insert(folded(name), group.code.clone());
        }
    }
    if !known.is_empty() {
        return known;
    }
    // A table that is looked at by itself names its groups itself.
    let without_people = sheets.of(RoleName::Population).next().is_none();
    for table in sheets.tables.iter().filter(|table| without_people || table.layout.role == RoleName::Population) {
        let mut unsaid = Findings::default();
        let mut reader = RowReader { table, found: &mut unsaid, audit };
        for &number in &table.rows {
            let Some(text) = reader.row(number).and_then(|row| reader.text(row, "group")) else { continue };
            let word = folded(&text);
            // That a total is no group is said where the rows find their cells.
            if names_a_total(&text) {
                continue;
            }
            // Spellings that differ in case or blanks are one group, under the spelling that sorts first.
            let code = known.entry(word).or_insert_with(|| text.clone());
            if text < *code {
                *code = text;
            }
        }
    }
    known
}

/// Groups that nobody declared and whose names are nearly the same: one of them may be misspelled.
fn say_alike(known: &BTreeMap<String, String>, context: &Context, found: &mut Findings) {
    let words: Vec<&String> = known.keys().filter(|word| context.groups.is_empty() && word.chars().count() > 3).collect();
    // Of so many nobody reads the pairs, and comparing each with each takes long.
    if words.len() > MOST_COMPARED {
        return;
    }
    for (at, word) in words.iter().enumerate() {
        let others = words.iter().skip(at + 1).map(|other| other.as_str());
        if let Some(other) = nearest(word, others)
            && let (Some(first), Some(second)) = (known.get(*word), known.get(other))
        {
            let message = format!("{} and {} count as two groups", quoted(first), quoted(second));
            found.add(Code::GroupsAlike, Place::Input, message);
        }
    }
}

/// Whether a group is written as it is declared, or by one of its aliases.
fn is_spelling(text: &str, code: &str, context: &Context) -> bool {
    text == code || context.groups.iter().any(|group| group.code == code && group.aliases.iter().any(|alias| alias == text))
}

fn unknown_group(table: &Located<'_>, number: u32, text: &str, known: &BTreeMap<&str, GroupId>, found: &mut Findings) {
    let place = match table.column("group") {
        Some(column) => crate::diag::Place::Cell(crate::diag::CellRef { sheet: table.sheet.name.clone(), row: number, column }),
        None => crate::diag::Place::Row(table.sheet.name.clone(), number),
    };
    if names_a_total(text) {
        found.add(Code::TotalAsGroup, place, format!("{} is a total", quoted(text)));
        return;
    }
    let hint = if known.len() > MOST_COMPARED { String::new() } else { did_you_mean(text, known.keys().copied()) };
    found.add(Code::UnknownGroup, place, format!("{} is not among the population groups{hint}", quoted(text)));
}
