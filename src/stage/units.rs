//! The units of analysis: which area, pocket and group each row of each table speaks for. Every row finds its
//! cell here, once, or is a finding; nothing is joined by row order (method, section 1).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
use crate::table::{folded, is_one_of};

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
    /// The cell that speaks for the whole pocket, or the whole area, around each cell.
    around: IdVec<CellId, Option<CellId>>,
    /// First cell of each area, and how many there are: the cells of an area are neighbours.
    spans: IdVec<AreaId, (usize, usize)>,
}

impl CellTable {
    /// The cells of these areas.
    fn new(areas: &AreaTree, groups: IdVec<GroupId, PopulationGroup>, named: &PocketsAndGroups<'_>) -> Self {
        let mut keys: IdVec<CellId, CellKey> = IdVec::default();
        let mut spans: IdVec<AreaId, (usize, usize)> = areas.ids().map(|_| (0, 0)).collect();
        for area in areas.in_code_order() {
            spans[area] = (keys.len(), named[area].len());
            for (pocket, group) in &named[area] {
                keys.push(CellKey { area, pocket: pocket.to_string(), group: *group });
            }
        }
        let mut table = Self { keys, groups, spans, ..Self::default() };
        let around: IdVec<CellId, Option<CellId>> = table
            .keys
            .iter()
            .map(|key| {
                let find = |pocket: &str| table.find(key.area, pocket, None);
                match (key.group, key.pocket.as_str()) {
                    (Some(_), "") => find(""),
                    (Some(_), pocket) => find(pocket).or_else(|| find("")),
                    (None, "") => None,
                    (None, _) => find(""),
                }
            })
            .collect();
        table.around = around;
        table
    }

    /// The cells of an area, in order.
    pub fn of_area(&self, area: AreaId) -> impl Iterator<Item = CellId> + use<> {
        let (first, count) = self.span(area);
        (first..first + count).map(CellId::from_index)
    }

    fn span(&self, area: AreaId) -> (usize, usize) {
        self.spans.as_slice().get(area.index()).copied().unwrap_or_default()
    }

    /// What a cell stands for.
    pub fn key(&self, cell: CellId) -> &CellKey {
        &self.keys[cell]
    }

    /// The cell that speaks for the whole pocket or area around this one: next to it, and before it in the order of the
    /// cells (method, section 15.3).
    pub fn around(&self, cell: CellId) -> Option<CellId> {
        self.around[cell]
    }

    /// The cells that speak for this one, the nearest first: itself, its whole pocket, its whole area.
    pub fn speaking_for(&self, cell: CellId) -> impl Iterator<Item = CellId> + '_ {
        std::iter::successors(Some(cell), |&cell| self.around(cell))
    }

    /// The cells in a whole area or pocket that take what is said of it: those around which nothing nearer speaks.
    pub fn taking_from(&self, whole: CellId, takes: impl Fn(CellId) -> bool) -> Vec<CellId> {
        let mut taking = vec![whole];
        for cell in self.of_area(self.key(whole).area) {
            if self.around(cell).is_some_and(|around| taking.contains(&around)) && takes(cell) {
                taking.push(cell);
            }
        }
        taking.split_off(1)
    }

    /// The cell that speaks for everybody in the area, or in the pocket, in which a group lives.
    pub fn whole_of(&self, cell: CellId) -> Option<CellId> {
        let pocket = &self.key(cell).pocket;
        self.around(cell).filter(|whole| self.key(*whole).pocket == *pocket)
    }

    /// The cell of a key.
    pub fn find(&self, area: AreaId, pocket: &str, group: Option<GroupId>) -> Option<CellId> {
        let (first, count) = self.span(area);
        let of_area = self.keys.as_slice().get(first..first + count)?;
        let at = of_area.binary_search_by(|key| key.pocket.as_str().cmp(pocket).then(key.group.cmp(&group))).ok()?;
        Some(CellId::from_index(first + at))
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
    is_one_of(text, TOTAL_WORDS)
}

/// For so many unknown codes of a table a suggestion is looked for.
const SUGGESTED: usize = 20;

/// The pockets and groups that rows name, area by area.
type PocketsAndGroups<'a> = IdVec<AreaId, BTreeSet<(Cow<'a, str>, Option<GroupId>)>>;

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
    let known = known_groups(sheets, context, audit, &mut found);
    let groups: IdVec<GroupId, PopulationGroup> =
        known.values().map(|code| PopulationGroup { code: code.clone() }).collect::<BTreeSet<_>>().into_iter().collect();
    let by_code: BTreeMap<&str, GroupId> = groups.entries().map(|(id, group)| (group.code.as_str(), id)).collect();
    let by_word: BTreeMap<String, GroupId> =
        known.iter().filter_map(|(word, code)| Some((word.clone(), *by_code.get(code.as_str())?))).collect();

    let area_of: HashMap<&str, AreaId> = areas.ids().map(|area| (areas.get(area).pcode.as_str(), area)).collect();
    let mut named: PocketsAndGroups<'a> = areas.ids().map(|_| BTreeSet::new()).collect();
    let mut read: Vec<(&Located<'a>, Vec<(u32, AreaId, Cow<'a, str>, Option<GroupId>)>)> = Vec::new();
    for table in sheets.tables.iter().filter(|table| table.layout.role != RoleName::Areas) {
        let rows = row_keys(table, areas, &area_of, audit, &mut found);
        let mut keyed = Vec::with_capacity(rows.len());
        // Each spelling of a group is looked up once.
        let mut spellings: HashMap<Cow<'a, str>, Option<GroupId>> = HashMap::new();
        for (number, area, pocket, group) in rows {
            let group = match group {
                None => None,
                Some(text) => {
                    let known = match spellings.get(&text) {
                        Some(known) => *known,
                        None => *spellings.entry(text.clone()).or_insert_with(|| by_word.get(&folded(&text)).copied()),
                    };
                    if known.is_none() {
                        unknown_group(table, number, &text, &by_code, &mut found);
                        continue;
                    }
                    known
                }
            };
            named[area].insert((pocket.clone(), group));
            keyed.push((number, area, pocket, group));
        }
        read.push((table, keyed));
    }
    let cells = CellTable::new(areas, groups, &named);
    let tables = read.into_iter().map(|(table, rows)| Keyed { table, rows: cells_of(rows, &cells) }).collect();
    found.with((cells, KeyedSheets { tables }))
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
    area_of: &HashMap<&str, AreaId>,
    audit: &mut Audit,
    found: &mut Findings,
) -> Vec<RowKey<'a>> {
    let mut keys = Vec::with_capacity(table.rows.len());
    let mut reader = RowReader { table, found, audit };
    let mut unknown = 0;
    let mut last: Option<(Cow<'a, str>, AreaId)> = None;
    let column_of = |name: &'static str| table.column(name).map(|column| (name, column));
    // The deepest area that is filled counts; `pcode` is deeper than all.
    let area_columns: Vec<(&str, u32)> =
        AREA_COLUMNS.into_iter().skip(1).rev().chain(AREA_COLUMNS.first().copied()).filter_map(column_of).collect();
    let (pocket_column, group_column) = (column_of("pocket"), column_of("group"));
    for &number in &table.rows {
        let Some(row) = reader.row(number) else { continue };
        let mut deepest: Option<(&str, Cow<'a, str>)> = None;
        for &(name, column) in &area_columns {
            if deepest.is_none() || name == "pcode" {
                deepest = reader.text_at(row, column, name).map(|text| (name, text)).or(deepest);
            }
        }
        let Some((column, text)) = deepest else {
            let place = reader.place(number, "pcode");
            reader.found.add(Code::MissingPCode, place, "the row has no p-code");
            continue;
        };
        let area = match &last {
            Some((code, area)) if *code == text => Some(*area),
            _ if is_total_word(&text) => {
                let place = reader.place(number, column);
                reader.found.add(Code::TotalAsArea, place, format!("{} is a total", quoted(&text)));
                continue;
            }
            _ => area_of.get(text.trim()).copied(),
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
        let mut text_of = |column: Option<(&str, u32)>| column.and_then(|(name, column)| reader.text_at(row, column, name));
        keys.push((number, area, text_of(pocket_column).unwrap_or_default(), text_of(group_column)));
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
