//! What the tables say of areas beside their codes: in which area each lies and how it is called. The tree of areas is
//! read from one kind of sheet; every other sheet is held against it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::cells::CellTable;
use super::locate::Located;
use super::units::KeyedSheets;
use crate::diag::place::with_more;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::{AdminLevel, AreaId, AreaTree, PCode, visible};
use crate::framework::files::RoleName;
use crate::table::{CellValue, folded};

/// Holds the parents and names of every table against the tree. `own` is what the tree was read from.
pub fn check_kin(sheets: &KeyedSheets<'_, '_>, cells: &CellTable, areas: &AreaTree, own: RoleName) -> Findings {
    let mut found = Findings::default();
    let by_prefix = are_codes_prefixed(areas);
    // Where nobody says in which area each lies, another sheet that does contradicts nobody.
    if own != RoleName::Areas && areas.ids().all(|area| parent_of(areas, area).is_none()) {
        return found;
    }
    for keyed in sheets.all() {
        let mut table = Table::new(keyed.table);
        if table.columns.is_empty() {
            continue;
        }
        for &(number, cell) in &keyed.rows {
            table.row(number, cells.key(cell).area, areas, own, &mut found);
        }
        if by_prefix {
            table.say_outside(areas, &mut found);
        }
    }
    found
}

/// Whether codes begin with the code of the area they lie in: at least half of them do.
fn are_codes_prefixed(areas: &AreaTree) -> bool {
    let (mut begin, mut all) = (0_usize, 0_usize);
    for area in areas.ids() {
        if let Some(parent) = parent_of(areas, area) {
            all += 1;
            begin += usize::from(begins_with(areas, area, parent));
        }
    }
    begin * 2 >= all
}

/// The area in which an area lies, below the country.
fn parent_of(areas: &AreaTree, area: AreaId) -> Option<AreaId> {
    areas.get(area).parent.filter(|parent| *parent != areas.country())
}

fn begins_with(areas: &AreaTree, area: AreaId, parent: AreaId) -> bool {
    areas.get(area).pcode.key().starts_with(&areas.get(parent).pcode.key())
}

/// What one table says.
struct Table<'a, 'b> {
    table: &'b Located<'a>,
    /// Level, and the columns of code and name.
    columns: Vec<(u8, Option<u32>, Option<u32>)>,
    /// What the row before said, and of which area: it need not be looked at again.
    last: Option<(AreaId, Vec<CellValue<'a>>)>,
    /// Names that were said.
    named: BTreeSet<(AreaId, String)>,
    /// Areas by their names, once a name is asked for.
    by_name: OnceCell<BTreeMap<String, Vec<AreaId>>>,
    /// Areas whose code does not begin with that of the area they lie in, and where that stands.
    outside: BTreeMap<AreaId, CellRef>,
}

impl<'a, 'b> Table<'a, 'b> {
    fn new(table: &'b Located<'a>) -> Self {
        let of_level = |level: u8| (level, table.column(&format!("admin{level}-pcode")), table.column(&format!("admin{level}-name")));
        let columns = (1..=5).map(of_level).filter(|(_, code, name)| code.is_some() || name.is_some()).collect();
        Self { table, columns, last: None, named: BTreeSet::new(), by_name: OnceCell::new(), outside: BTreeMap::new() }
    }

    fn row(&mut self, number: u32, area: AreaId, areas: &AreaTree, own: RoleName, found: &mut Findings) {
        let Some(row) = self.table.sheet.row(number) else { return };
        let cells = || self.columns.iter().flat_map(|(_, code, name)| [code, name]).flatten().map(|&column| row.get(column));
        if self.last.as_ref().is_some_and(|(last, said)| *last == area && said.iter().copied().eq(cells())) {
            return;
        }
        self.last = Some((area, cells().collect()));
        let at = |column: u32| CellRef { sheet: Arc::clone(&self.table.sheet.name), row: number, column };
        for &(level, code, name) in &self.columns {
            let stated = code.and_then(|column| Some((column, PCode::new(&text(row.get(column))?)?)));
            if let Some((column, stated)) = &stated
                && self.table.layout.role != own
                && !areas.path(area).any(|above| areas.get(above).pcode.key() == stated.key())
            {
                let known = areas.path(area).find(|&above| areas.get(above).level == AdminLevel(level));
                let place = known.map_or_else(|| "no area of this level".to_owned(), |above| format!("`{}`", areas.get(above).pcode));
                let message = format!("`{}` lies in {} here and in {place} elsewhere", areas.get(area).pcode, quoted(stated.as_str()));
                found.add(Code::TwoParents, Place::Cell(at(*column)), message);
                continue;
            }
            let above = match &stated {
                Some((_, stated)) => areas.path(area).find(|&above| areas.get(above).pcode.key() == stated.key()),
                None => areas.ancestor(area, AdminLevel(level)),
            };
            let Some(above) = above else { continue };
            if let Some((column, _)) = stated
                && let Some(below) = areas.path(area).find(|&below| parent_of(areas, below) == Some(above))
                && !begins_with(areas, below, above)
            {
                self.outside.entry(below).or_insert_with(|| at(column));
            }
            let Some((column, name)) = name.and_then(|column| Some((column, text(row.get(column))?))) else { continue };
            let known = &areas.get(above).name;
            if !known.is_empty() && folded(known) != folded(&name) && self.named.insert((above, folded(&name))) {
                let mut message = format!("`{}` is called {} here and {} elsewhere", areas.get(above).pcode, quoted(&name), quoted(known));
                let code = match self.namesake(above, &name, areas) {
                    Some(other) => {
                        let _ = write!(message, "; so is `{}` called", areas.get(other).pcode);
                        Code::NameOfAnother
                    }
                    None => Code::TwoNames,
                };
                found.add(code, Place::Cell(at(column)), message);
            }
        }
    }

    /// Another area of the same level and parent that has this name.
    fn namesake(&self, area: AreaId, name: &str, areas: &AreaTree) -> Option<AreaId> {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: BTreeMap<String, Vec<AreaId>> = BTreeMap::new();
            for area in areas.ids().filter(|&area| !areas.get(area).name.is_empty()) {
                by_name.entry(folded(&areas.get(area).name)).or_default().push(area);
            }
            by_name
        });
        let is_such = |other: &&AreaId| **other != area && parent_of(areas, **other) == parent_of(areas, area);
        by_name.get(&folded(name))?.iter().find(is_such).copied()
    }

    /// Says which codes do not begin with that of the area they lie in, where nearly all others do.
    fn say_outside(self, areas: &AreaTree, found: &mut Findings) {
        let Some(first) = self.outside.values().min() else { return };
        let word = |(area, cell): (&AreaId, &CellRef)| {
            let above = parent_of(areas, *area).map_or("", |above| areas.get(above).pcode.as_str());
            format!("`{}` in `{above}` ({})", areas.get(*area).pcode, cell.address())
        };
        let shown: Vec<String> = self.outside.iter().take(5).map(word).collect();
        let codes = with_more(&shown.join(", "), self.outside.len() - shown.len());
        let message = format!("codes that do not begin with the code of the area they lie in: {codes}");
        found.add(Code::PCodeOutside, Place::Cell(first.clone()), message);
    }
}

fn text(value: CellValue<'_>) -> Option<String> {
    match value {
        CellValue::Text(text) => Some(visible(text).into_owned()).filter(|text| !text.is_empty()),
        CellValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
