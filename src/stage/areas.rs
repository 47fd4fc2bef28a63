//! The tree of admin areas, from sheet `areas` or, without one, from the sheets of the population. Nothing is
//! guessed from a code: an area without a stated parent hangs under the country (method, section 15.4).

use std::collections::{BTreeMap, BTreeSet};

use super::audit::Audit;
use super::locate::{Located, Sheets, beginning, looks_like_a_code};
use super::read_row::RowReader;
use super::total_words::is_total_word;
use crate::diag::shown::quoted;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::area::AreaRow;
use crate::domain::{AdminLevel, AreaTree, PCode, visible};
use crate::framework::Context;
use crate::framework::files::{RoleName, RowsWithoutAreaName};
use crate::table::{CellValue, is_one_of};

/// Which sheets the tree is read from.
pub fn tree_role(sheets: &Sheets<'_>) -> RoleName {
    let is_there = |role: &RoleName| sheets.of(*role).next().is_some();
    let alone = || sheets.tables.first().map_or(RoleName::Population, |table| table.layout.role);
    [RoleName::Areas, RoleName::Population].into_iter().find(is_there).unwrap_or_else(alone)
}

/// Reads the tree.
pub fn read_areas(sheets: &Sheets<'_>, context: &Context, audit: &mut Audit) -> Checked<AreaTree> {
    let mut gathered =
        Gathered { country: context.country_pcode.clone(), rows: Vec::new(), areas: BTreeMap::new(), found: Findings::default() };
    let role = tree_role(sheets);
    for table in sheets.of(role) {
        gathered.read(table, audit);
    }
    if role == RoleName::Population
        && !gathered.rows.is_empty()
        && gathered.rows.iter().all(|row| row.level.is_none() && row.parent.is_none())
    {
        let message = "no sheet `areas` and no column says in which area each p-code lies: all of them hang under the country, on level 1";
        gathered.found.add(Code::AreaWithoutParent, Place::Input, message);
    }
    if role != RoleName::Areas {
        gathered.refuse_odd_codes();
    }
    gathered.say_placeholders();
    gathered.unite_spellings();
    gathered.take_names(sheets, role);
    gathered.finish(context)
}

struct Known {
    name: String,
    level: Option<u8>,
    parent: Option<PCode>,
    /// Where the parent is named.
    parent_place: Place,
    place: Place,
}

/// Tokens that stand in place of a code and name no place, folded.
const NO_CODE: [&str; 16] =
    ["", "0", "n/a", "na", "#n/a", "nan", "null", "nil", "none", "tbd", "tbc", "unknown", "inconnu", "desconocido", "999", "x"];

/// No code of an area is longer; a remark that stands below a table may be.
const LONGEST_CODE: usize = 30;

/// An area as a row names it.
struct Named {
    pcode: PCode,
    name: String,
    level: Option<u8>,
    /// The area it lies in, and where that is named.
    parent: Option<(PCode, Place)>,
    place: Place,
}

struct Gathered {
    country: PCode,
    rows: Vec<Named>,
    areas: BTreeMap<PCode, Known>,
    found: Findings,
}

impl Gathered {
    fn read(&mut self, table: &Located<'_>, audit: &mut Audit) {
        // A sheet of areas is read here only; the other sheets are read again when their rows find their cells.
        let is_own = table.layout.role == RoleName::Areas;
        let mut unsaid = Findings::default();
        let mut reader = RowReader { table, found: &mut unsaid, audit };
        let mut rows = Vec::new();
        for &number in &table.rows {
            let Some(row) = reader.row(number) else { continue };
            let before = rows.len();
            let mut parent = None;
            for level in 1..=5u8 {
                let (code_column, name_column) = (format!("admin{level}-pcode"), format!("admin{level}-name"));
                let Some(pcode) = reader.text(row, &code_column).and_then(|text| PCode::new(&text)) else { continue };
                let name = reader.text(row, &name_column).map(|name| visible(&name).into_owned()).unwrap_or_default();
                let place = reader.place(number, &code_column);
                let parent = parent.replace((pcode.clone(), place.clone()));
                rows.push(Named { pcode, name, level: Some(level), parent, place });
            }
            if let Some(pcode) = reader.text(row, "pcode").and_then(|text| PCode::new(&text)) {
                let written = reader.number(row, "level");
                let level = written.and_then(|level| (0..=5u8).find(|known| f64::from(*known) == level));
                if let (Some(written), None) = (written, level) {
                    let place = reader.place(number, "level");
                    reader.found.add(Code::NumberOutOfRange, place, format!("{written} is no level from 0 to 5"));
                }
                let name = reader.text(row, "name").map(|name| visible(&name).into_owned()).unwrap_or_default();
                let stated = reader.text(row, "parent-pcode").and_then(|text| PCode::new(&text));
                let parent = stated.map(|code| (code, reader.place(number, "parent-pcode"))).or(parent);
                rows.push(Named { pcode, name, level, parent, place: reader.place(number, "pcode") });
            }
            if rows.len() == before && table.layout.rows_without_area == RowsWithoutAreaName::Country {
                // It speaks for the country, which is there anyway.
                if is_own {
                    reader.used(number);
                }
            } else if rows.len() == before {
                let place = reader.place(number, "pcode");
                reader.found.add(Code::MissingPCode, place, "the row has no p-code");
            } else if is_own {
                reader.used(number);
            }
        }
        if is_own {
            self.found.append(unsaid);
        }
        for row in rows {
            let Named { pcode, place, .. } = &row;
            // In sheets of figures a total is set aside as one.
            if is_total_word(pcode.as_str()) {
                self.found.add(Code::TotalAsArea, place.clone(), format!("{} is a total", quoted(pcode.as_str())));
            } else if pcode.as_str().contains([':', ';', '*', '?', '!']) || pcode.as_str().chars().count() > LONGEST_CODE {
                self.found.add(Code::UnknownPCode, place.clone(), format!("{} is no p-code but a remark", quoted(pcode.as_str())));
            } else {
                self.rows.push(row);
            }
        }
    }

    /// Without a sheet of areas whatever stands in place of a code would be an area. Codes of one country begin alike and have
    /// no blank inside: what does otherwise, where most do not, is none.
    fn refuse_odd_codes(&mut self) {
        let shape = |code: &PCode| {
            beginning(code.as_str()).unwrap_or_else(|| {
                if code.as_str().starts_with(|letter: char| letter.is_ascii_digit()) { "0".into() } else { String::new() }
            })
        };
        let codes: BTreeSet<&PCode> = self.rows.iter().map(|row| &row.pcode).collect();
        let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
        for code in &codes {
            *shapes.entry(shape(code)).or_default() += 1;
        }
        let most = shapes
            .iter()
            .max_by_key(|(_, count)| **count)
            .filter(|(shape, count)| **count > 1 && **count * 2 > codes.len() && !shape.is_empty());
        let has_blank = |code: &PCode| code.as_str().contains(char::is_whitespace);
        // Where names stand in place of codes, blanks are part of them.
        let coded = codes.iter().filter(|code| looks_like_a_code(code.as_str())).count();
        let odd = |code: &PCode| match most {
            Some((begin, _)) if shape(code) != *begin => Some(format!("does not begin like the other codes (`{begin}`)")),
            _ if has_blank(code) && coded * 2 > codes.len() => Some("has a blank inside, and most other codes have none".to_owned()),
            _ => None,
        };
        let wrong: Vec<(PCode, Place, String)> =
            self.rows.iter().filter_map(|row| Some((row.pcode.clone(), row.place.clone(), odd(&row.pcode)?))).collect();
        for (code, place, why) in wrong {
            self.found.add(Code::OddPCode, place, format!("{} {why}", quoted(code.as_str())));
        }
    }

    /// Codes that stand for one that is not known yet, as in `HT01xx`; and tokens for "none", which are no code at all.
    fn say_placeholders(&mut self) {
        for row in self.rows.iter().filter(|row| is_one_of(row.pcode.as_str(), NO_CODE)) {
            self.found.add(Code::OddPCode, row.place.clone(), format!("{} names no place", quoted(row.pcode.as_str())));
        }
        let is_one = |code: &PCode| {
            let code = code.as_str().to_lowercase();
            code.len() > 4 && (code.ends_with("xx") || code.contains(['*', '?']))
        };
        let mut said = BTreeSet::new();
        for row in self.rows.iter().filter(|row| is_one(&row.pcode)) {
            if said.insert(row.pcode.clone()) {
                let message = format!("{} stands for a place that has no code", quoted(row.pcode.as_str()));
                self.found.add(Code::PlaceholderPCode, row.place.clone(), message);
            }
        }
    }

    /// Codes that differ in the case of letters alone are one, under the spelling that sorts first.
    fn unite_spellings(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let mut spellings: BTreeMap<String, PCode> = BTreeMap::from([(self.country.key(), self.country.clone())]);
        for code in rows.iter().flat_map(|row| std::iter::once(&row.pcode).chain(row.parent.as_ref().map(|(code, _)| code))) {
            let spelling = spellings.entry(code.key()).or_insert_with(|| code.clone());
            if *code < *spelling && *spelling != self.country {
                *spelling = code.clone();
            }
        }
        let one = |code: PCode| spellings.get(&code.key()).cloned().unwrap_or(code);
        for row in rows {
            self.add(Named { pcode: one(row.pcode), parent: row.parent.map(|(code, place)| (one(code), place)), ..row });
        }
    }

    fn add(&mut self, row: Named) {
        let Named { pcode, name, level, parent, place } = row;
        let parent = parent.filter(|(parent, _)| *parent != self.country);
        let Some(known) = self.areas.get_mut(&pcode) else {
            let (parent, parent_place) = parent.map_or((None, Place::Input), |(code, place)| (Some(code), place));
            self.areas.insert(pcode, Known { name, level, parent, parent_place, place });
            return;
        };
        match (&known.parent, parent) {
            (Some(first), Some((second, at))) if *first != second => {
                let message = format!("`{pcode}` lies in `{second}` here and in `{first}` in {}", known.parent_place);
                self.found.add(Code::TwoParents, at, message);
            }
            (None, Some((second, at))) => (known.parent, known.parent_place) = (Some(second), at),
            _ => {}
        }
        if !name.is_empty() && known.name.is_empty() {
            known.name = name;
        } else if !name.is_empty() && known.name != name {
            // The name that sorts first, so that the order of rows does not show.
            let message =
                format!("`{pcode}` is called {} and {}", quoted(known.name.as_str().min(&name)), quoted(known.name.as_str().max(&name)));
            self.found.add(Code::TwoNames, place.clone(), message);
            if name < known.name {
                known.name = name;
            }
        }
        match (known.level, level) {
            (Some(first), Some(second)) if first != second => {
                let message = format!("`{pcode}` stands on level {first} in one row and on level {second} in another");
                self.found.add(Code::TwoParents, place, message);
            }
            (None, Some(_)) => known.level = level,
            _ => {}
        }
    }

    /// Areas without a name take the one that another sheet writes beside their code: of several the one that sorts first.
    fn take_names(&mut self, sheets: &Sheets<'_>, role: RoleName) {
        let mut nameless: BTreeMap<String, &mut Known> =
            self.areas.iter_mut().filter(|(_, known)| known.name.is_empty()).map(|(pcode, known)| (pcode.key(), known)).collect();
        if nameless.is_empty() {
            return;
        }
        for table in sheets.tables.iter().filter(|table| table.layout.role != role) {
            let pair = |level: u8| Some((table.column(&format!("admin{level}-pcode"))?, table.column(&format!("admin{level}-name"))?));
            let pairs: Vec<(u32, u32)> = (1..=5).filter_map(pair).collect();
            for row in table.rows.iter().filter(|_| !pairs.is_empty()).filter_map(|&number| table.sheet.row(number)) {
                for &(code, name) in &pairs {
                    let (CellValue::Text(code), CellValue::Text(name)) = (row.get(code), row.get(name)) else { continue };
                    let known = PCode::new(code).and_then(|code| nameless.get_mut(&code.key()));
                    let name = visible(name);
                    if let Some(known) = known.filter(|known| !name.is_empty() && (known.name.is_empty() || *name < *known.name.as_str())) {
                        known.name = name.into_owned();
                    }
                }
            }
        }
    }

    /// A single area on level 0 is the country, where the context does not name it by another p-code.
    fn find_country(&mut self, stated: bool) {
        let on_level_0: Vec<PCode> =
            self.areas.iter().filter(|(_, known)| known.level == Some(0)).map(|(pcode, _)| pcode.clone()).collect();
        match on_level_0.as_slice() {
            [only] if *only == self.country || (!stated && !self.areas.contains_key(&self.country)) => self.country = only.clone(),
            [] => {}
            [first, ..] => {
                let named: Vec<&str> =
                    on_level_0.iter().chain([&self.country]).map(PCode::as_str).collect::<BTreeSet<_>>().into_iter().collect();
                let place = self.areas.get(first).map(|known| known.place.clone()).unwrap_or_default();
                self.found.add(Code::TwoCountries, place, format!("`{}` would each be the country", named.join("`, `")));
            }
        }
        for known in self.areas.values_mut().filter(|known| known.parent.as_ref() == Some(&self.country)) {
            known.parent = None;
        }
    }

    fn finish(mut self, context: &Context) -> Checked<AreaTree> {
        self.find_country(context.country_pcode_stated);
        let stated_name = context.name.as_str();
        let own_name = self.areas.get(&self.country).map(|known| known.name.clone()).unwrap_or_default();
        let country_name = if stated_name.is_empty() { own_name } else { stated_name.to_owned() };
        let mut orphans = Vec::new();
        let mut rows = Vec::new();
        for (pcode, known) in &self.areas {
            if *pcode == self.country {
                continue;
            }
            if let Some(parent) = &known.parent
                && !self.areas.contains_key(parent)
            {
                self.found.add(
                    Code::UnknownPCode,
                    known.place.clone(),
                    format!("`{pcode}` lies in `{parent}`, which is not among the admin areas"),
                );
            }
            let level = known.level.unwrap_or_else(|| self.depth(pcode));
            if known.parent.is_none() && level > 1 {
                orphans.push(pcode.as_str());
            }
            let parent_level = known.parent.as_ref().and_then(|parent| self.areas.get(parent)).map(|above| above.level.unwrap_or(0));
            if parent_level.is_some_and(|above| above >= level) {
                let message = format!("`{pcode}` stands on level {level}, but the area it lies in does not stand above it");
                self.found.add(Code::TwoParents, known.place.clone(), message);
            }
            rows.push(AreaRow { pcode: pcode.clone(), name: known.name.clone(), level: AdminLevel(level), parent: known.parent.clone() });
        }
        if !orphans.is_empty() {
            let shown: Vec<&str> = orphans.iter().take(5).copied().collect();
            let more = orphans.len() - shown.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let message = format!("below the first level, but without a stated parent: `{}`{more}", shown.join("`, `"));
            self.found.add(Code::AreaWithoutParent, Place::Input, message);
        }
        if self.found.any_error() {
            // No figures will be written. The areas stay known, so that their codes are not reported as unknown too.
            for row in &mut rows {
                row.parent = None;
            }
        }
        let tree = AreaTree::new(self.country, &country_name, rows);
        self.found.with(tree)
    }

    /// Parents counted upward; a circle of parents ends at five and is refused by the levels.
    fn depth(&self, pcode: &PCode) -> u8 {
        let mut depth = 1;
        let mut at = self.areas.get(pcode).and_then(|known| known.parent.as_ref());
        while let Some(parent) = at {
            depth += 1;
            if depth > 5 {
                break;
            }
            at = self.areas.get(parent).and_then(|known| known.parent.as_ref());
        }
        depth
    }
}
