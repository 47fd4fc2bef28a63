//! The units of analysis: which area, pocket and group each row of each table speaks for. Every row finds its
//! cell here, once, or is a finding; nothing is joined by row order (method, section 1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::audit::Audit;
use super::locate::{AREA_COLUMNS, Located, Sheets};
use super::read_row::RowReader;
use crate::diag::render::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Checked, Code, Findings};
use crate::domain::id::Id;
use crate::domain::{AreaId, AreaTree, CellId, GroupId, IdVec, PCode, PopulationGroup};
use crate::framework::Context;
use crate::framework::files::RoleName;
use crate::table::folded;

/// What a cell stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellKey {
    /// The area.
    pub area: AreaId,
    /// A named sub-place; empty for the area itself.
    pub pocket: String,
    /// The group; `None` when a row speaks for everybody in the area.
    pub group: Option<GroupId>,
}

/// All cells, in the order p-code, pocket, group.
#[derive(Clone, Debug, Default)]
pub struct CellTable {
    keys: IdVec<CellId, CellKey>,
    groups: IdVec<GroupId, PopulationGroup>,
    /// The cell that speaks for the whole area around each cell.
    around: IdVec<CellId, Option<CellId>>,
    /// Whether some cell has this one around it.
    surrounds: IdVec<CellId, bool>,
    by_key: BTreeMap<(AreaId, String, Option<GroupId>), CellId>,
    /// First cell of each area, and how many there are: the cells of an area are neighbours.
    spans: BTreeMap<AreaId, (CellId, usize)>,
}

impl CellTable {
    /// The cells of these keys.
    pub fn new(areas: &AreaTree, groups: IdVec<GroupId, PopulationGroup>, keys: BTreeSet<(AreaId, String, Option<GroupId>)>) -> Self {
        let mut sorted: Vec<(AreaId, String, Option<GroupId>)> = keys.into_iter().collect();
        sorted.sort_by(|a, b| areas.order(a.0).cmp(&areas.order(b.0)).then_with(|| a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let keys: IdVec<CellId, CellKey> = sorted.into_iter().map(|(area, pocket, group)| CellKey { area, pocket, group }).collect();
        let by_key: BTreeMap<_, _> = keys.entries().map(|(cell, key)| ((key.area, key.pocket.clone(), key.group), cell)).collect();
        let around: IdVec<CellId, Option<CellId>> = keys
            .iter()
            .map(|key| {
                let find = |pocket: &str| by_key.get(&(key.area, pocket.to_owned(), None)).copied();
                match (key.group, key.pocket.as_str()) {
                    (Some(_), "") => find(""),
                    (Some(_), pocket) => find(pocket).or_else(|| find("")),
                    (None, _) => None,
                }
            })
            .collect();
        let mut surrounds: IdVec<CellId, bool> = keys.iter().map(|_| false).collect();
        for (cell, key) in keys.entries() {
            if let Some(whole) = around[cell]
                && keys[whole].pocket == key.pocket
            {
                surrounds[whole] = true;
            }
        }
        let mut spans: BTreeMap<AreaId, (CellId, usize)> = BTreeMap::new();
        for (cell, key) in keys.entries() {
            spans.entry(key.area).or_insert((cell, 0)).1 += 1;
        }
        Self { keys, groups, around, surrounds, by_key, spans }
    }

    /// The cells of an area, in order.
    pub fn of_area(&self, area: AreaId) -> impl Iterator<Item = CellId> + use<> {
        let (first, count) = self.spans.get(&area).map_or((0, 0), |(cell, count)| (cell.index(), *count));
        (first..first + count).map(CellId::from_index)
    }

    /// What a cell stands for.
    pub fn key(&self, cell: CellId) -> &CellKey {
        &self.keys[cell]
    }

    /// The cell that speaks for the whole area around this one (method, section 15.3).
    pub fn around(&self, cell: CellId) -> Option<CellId> {
        self.around[cell]
    }

    /// Whether the cell speaks for an area whose groups have cells of their own; its people are not counted again.
    pub fn has_groups(&self, cell: CellId) -> bool {
        self.surrounds[cell]
    }

    /// The cell of a key.
    pub fn find(&self, area: AreaId, pocket: &str, group: Option<GroupId>) -> Option<CellId> {
        self.by_key.get(&(area, pocket.to_owned(), group)).copied()
    }

    /// Every cell in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = CellId> + ExactSizeIterator + use<> {
        self.keys.ids()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The groups in code order.
    pub fn groups(&self) -> &IdVec<GroupId, PopulationGroup> {
        &self.groups
    }

    /// The code of a group; empty for everybody.
    pub fn group_code(&self, group: Option<GroupId>) -> &str {
        group.map_or("", |group| &self.groups[group].code)
    }

    /// The cell's name for findings.
    pub fn name(&self, areas: &AreaTree, cell: CellId) -> String {
        let key = self.key(cell);
        let mut name = format!("`{}`", areas.get(key.area).pcode);
        for part in [key.pocket.as_str(), self.group_code(key.group)] {
            if !part.is_empty() {
                name.push_str(", ");
                name.push_str(part);
            }
        }
        name
    }
}

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
}

impl<'a, 'b> KeyedSheets<'a, 'b> {
    /// The tables that hold this.
    pub fn of(&self, role: RoleName) -> impl Iterator<Item = &Keyed<'a, 'b>> {
        self.tables.iter().filter(move |keyed| keyed.table.layout.role == role)
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

/// Words that mean everybody or everywhere, and so name neither a group nor an area.
const TOTAL_WORDS: [&str; 17] = [
    "total",
    "totals",
    "all",
    "all groups",
    "grand total",
    "subtotal",
    "sub total",
    "tous",
    "toutes",
    "ensemble",
    "total general",
    "total nacional",
    "total national",
    "todos",
    "todas",
    "overall",
    "suma",
];

/// Whether a text means everybody or everywhere.
pub(super) fn is_total_word(text: &str) -> bool {
    TOTAL_WORDS.contains(&folded(text).as_str())
}

/// For so many unknown codes of a table a suggestion is looked for.
const SUGGESTED: usize = 20;

type RowKey = (u32, AreaId, String, Option<String>);

/// Finds the cell of every row of every table.
pub fn read_units<'a, 'b>(
    sheets: &'b Sheets<'a>,
    areas: &AreaTree,
    context: &Context,
    audit: &mut Audit,
) -> Checked<(CellTable, KeyedSheets<'a, 'b>)> {
    let mut found = Findings::default();
    let known = known_groups(sheets, context, audit, &mut found);
    let groups: IdVec<GroupId, PopulationGroup> =
        known.values().map(|code| PopulationGroup { code: code.clone() }).collect::<BTreeSet<_>>().into_iter().collect();
    let by_code: BTreeMap<&str, GroupId> = groups.entries().map(|(id, group)| (group.code.as_str(), id)).collect();
    let by_word: BTreeMap<String, GroupId> =
        known.iter().filter_map(|(word, code)| Some((word.clone(), *by_code.get(code.as_str())?))).collect();

    let mut keys: Vec<(AreaId, String, Option<GroupId>)> = Vec::new();
    let mut read: Vec<(&Located<'a>, Vec<(u32, (AreaId, String, Option<GroupId>))>)> = Vec::new();
    for table in sheets.tables.iter().filter(|table| table.layout.role != RoleName::Areas) {
        let rows = row_keys(table, areas, audit, &mut found);
        let mut keyed = Vec::with_capacity(rows.len());
        for (number, area, pocket, group) in rows {
            let group = match group {
                None => None,
                Some(text) => match by_word.get(&folded(&text)) {
                    Some(group) => Some(*group),
                    None => {
                        unknown_group(table, number, &text, &by_code, &mut found);
                        continue;
                    }
                },
            };
            keyed.push((number, (area, pocket, group)));
        }
        keys.extend(keyed.iter().map(|(_, key)| key.clone()));
        keys.sort_unstable();
        keys.dedup();
        read.push((table, keyed));
    }
    let cells = CellTable::new(areas, groups, keys.into_iter().collect());
    let tables = read.into_iter().map(|(table, rows)| Keyed { table, rows: cells_of(rows, &cells) }).collect();
    found.with((cells, KeyedSheets { tables }))
}

/// The cell of every row. Most tables stand in the order of the cells, so the next cell is tried first.
fn cells_of(rows: Vec<(u32, (AreaId, String, Option<GroupId>))>, cells: &CellTable) -> Vec<(u32, CellId)> {
    let mut found = Vec::with_capacity(rows.len());
    let mut next = CellId::from_index(0);
    for (number, (area, pocket, group)) in rows {
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
fn row_keys(table: &Located<'_>, areas: &AreaTree, audit: &mut Audit, found: &mut Findings) -> Vec<RowKey> {
    let mut keys = Vec::with_capacity(table.rows.len());
    let mut reader = RowReader { table, found, audit };
    let mut unknown = 0;
    let mut last: Option<(String, AreaId)> = None;
    // The deepest area that is filled counts; `pcode` is deeper than all.
    let area_columns: Vec<&str> =
        AREA_COLUMNS.into_iter().skip(1).rev().chain(AREA_COLUMNS.first().copied()).filter(|name| table.column(name).is_some()).collect();
    for &number in &table.rows {
        let Some(row) = reader.row(number) else { continue };
        let mut deepest: Option<(&str, String)> = None;
        for &column in &area_columns {
            if deepest.is_none() || column == "pcode" {
                deepest = reader.text(row, column).map(|text| (column, text)).or(deepest);
            }
        }
        let Some((column, text)) = deepest else {
            let place = reader.place(number, "pcode");
            reader.found.add(Code::MissingPCode, place, "the row has no p-code");
            continue;
        };
        if is_total_word(&text) {
            let place = reader.place(number, column);
            reader.found.add(Code::TotalAsArea, place, format!("{} is a total", quoted(&text)));
            continue;
        }
        let area = match &last {
            Some((code, area)) if *code == text => Some(*area),
            _ => PCode::new(&text).and_then(|code| areas.find(&code)),
        };
        let Some(area) = area else {
            // Comparing with every code takes long, and after the first few the reader knows what is wrong.
            unknown += 1;
            let hint = if unknown <= SUGGESTED { did_you_mean(&text, areas.codes().map(PCode::as_str)) } else { String::new() };
            let place = reader.place(number, column);
            reader.found.add(Code::UnknownPCode, place, format!("{} is not among the admin areas{hint}", quoted(&text)));
            continue;
        };
        last = Some((text, area));
        let pocket = reader.text(row, "pocket").unwrap_or_default();
        let group = reader.text(row, "group");
        keys.push((number, area, pocket, group));
    }
    keys
}

/// Every spelling of a group, folded, and the code it stands for.
fn known_groups(sheets: &Sheets<'_>, context: &Context, audit: &mut Audit, found: &mut Findings) -> BTreeMap<String, String> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for group in &context.groups {
        for name in std::iter::once(&group.code).chain(&group.aliases) {
            known.insert(folded(name), group.code.clone());
        }
    }
    if !known.is_empty() {
        return known;
    }
    for table in sheets.of(RoleName::Population) {
        let mut unsaid = Findings::default();
        let mut reader = RowReader { table, found: &mut unsaid, audit };
        for &number in &table.rows {
            let Some(text) = reader.row(number).and_then(|row| reader.text(row, "group")) else { continue };
            let word = folded(&text);
            if is_total_word(&text) {
                let place = reader.place(number, "group");
                found.add(Code::TotalAsGroup, place, format!("{} is a total", quoted(&text)));
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

fn unknown_group(table: &Located<'_>, number: u32, text: &str, known: &BTreeMap<&str, GroupId>, found: &mut Findings) {
    let place = match table.column("group") {
        Some(column) => crate::diag::Place::Cell(crate::diag::CellRef { sheet: table.sheet.name.clone(), row: number, column }),
        None => crate::diag::Place::Row(table.sheet.name.clone(), number),
    };
    if is_total_word(text) {
        // In the population sheet this has been said when the groups were gathered.
        if table.layout.role != RoleName::Population {
            found.add(Code::TotalAsGroup, place, format!("{} is a total", quoted(text)));
        }
        return;
    }
    let hint = did_you_mean(text, known.keys().copied());
    found.add(Code::UnknownGroup, place, format!("{} is not among the population groups{hint}", quoted(text)));
}
