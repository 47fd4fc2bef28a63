//! Which sheets a workbook lists, where each stands in the archive, and the texts that they share.

use std::collections::BTreeMap;

use super::Refusal;
use super::addresses::block;
use super::package::{Package, part_name};
use super::strings::{self, SharedTexts};
use super::xml::{Event, Events, attribute, look_through};
use crate::table::workbook::ExcelTable;

/// A workbook that people made has far fewer.
const MOST_SHEETS: usize = 1_000;

/// What a workbook lists.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Part of each sheet of cells, by the sheet's name.
    pub sheets: BTreeMap<String, String>,
    /// The texts that cells share.
    pub texts: SharedTexts,
}

/// The Excel tables of a sheet. What a sheet relates to and is not in the file is no table: such workbooks open everywhere.
pub fn tables(package: &mut Package<'_>, sheet: &str) -> Result<Vec<ExcelTable>, Refusal> {
    let related = relations_of(sheet);
    if !package.has(&related) {
        return Ok(Vec::new());
    }
    let folder = sheet.rsplit_once('/').map_or("", |(folder, _)| folder);
    let relations = relations(package, &related)?;
    let parts = relations.values().filter(|(kind, _)| kind.ends_with("/table")).map(|(_, target)| resolved(folder, target));
    let mut tables = Vec::new();
    for part in parts.collect::<Vec<_>>() {
        if package.has(&part) {
            tables.extend(table(package, &part).map_err(|refusal| Refusal { within: format!("part `{part}`"), ..refusal })?);
        }
    }
    tables.sort_by_key(|table: &ExcelTable| (table.block.top, table.block.left));
    Ok(tables)
}

fn table(package: &mut Package<'_>, part: &str) -> Result<Option<ExcelTable>, Refusal> {
    let mut events = Events::new(package.read(part)?);
    let mut table = None;
    loop {
        match events.next()? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "table" => {
                let rows = |name: &str, default: u32| Ok(attribute(&element, name)?.and_then(|text| text.parse().ok()).unwrap_or(default));
                let (headers, totals_rows) = (rows("headerRowCount", 1)?, rows("totalsRowCount", 0)?);
                let name = attribute(&element, "displayName")?.unwrap_or_default();
                let block = block(&attribute(&element, "ref")?.unwrap_or_default());
                table = block.map(|block| ExcelTable { name, block, has_headers: headers > 0, totals_rows });
            }
            Event::Eof => return Ok(table),
            _ => {}
        }
    }
}

/// Looks through the parts that list the others.
pub fn scan(package: &mut Package<'_>) -> Result<Contents, Refusal> {
    let main = main_part(package)?;
    let relations = relations(package, &relations_of(&main))?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut contents = Contents::default();
    let of_part = |refusal: Refusal| Refusal { within: format!("part `{main}`"), ..refusal };
    let mut listed: Vec<(String, String)> = Vec::new();
    {
        let mut events = Events::new(package.read(&main)?);
        loop {
            match events.next().map_err(of_part)? {
                Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "sheet" => {
                    let of = |name: &str| attribute(&element, name).map(Option::unwrap_or_default).map_err(of_part);
                    listed.push((of("name")?, of("id")?));
                }
                Event::Eof => break,
                _ => {}
            }
        }
    }
    for (name, id) in listed {
        let Some((kind, target)) = relations.get(&id) else {
            return Err(Refusal::of_workbook("it is listed, but nothing says where it stands").in_sheet(&name));
        };
        if kind.ends_with("/worksheet") {
            let part = resolved(folder, target);
            if !package.has(&part) {
                return Err(Refusal::of_workbook("it is listed but is not in the file").in_sheet(&name));
            }
            // No program writes such a workbook, and each reading of one part takes its time.
            let named = contents.sheets.keys().any(|known| known.to_lowercase() == name.to_lowercase());
            if named || contents.sheets.values().any(|known| *known == part) {
                let what = if named { "the workbook lists it twice" } else { "another sheet of the workbook stands in the same part" };
                return Err(Refusal::of_workbook(what).in_sheet(&name));
            }
            if contents.sheets.len() == MOST_SHEETS {
                return Err(Refusal::of_workbook(format!("it lists more than {MOST_SHEETS} sheets")));
            }
            contents.sheets.insert(name, part);
        }
    }
    refuse_parts_that_stand_twice(package, &contents)?;
    // The reader takes the parts of these names where nothing relates to them.
    let beside = |kind: &str, name: &str| {
        let related = relations.values().find(|(of, _)| of.ends_with(kind)).map(|(_, target)| resolved(folder, target));
        related.unwrap_or_else(|| resolved(folder, name))
    };
    let (shared, styles) = (beside("/sharedStrings", "sharedStrings.xml"), beside("/styles", "styles.xml"));
    let in_part = |part: &str, refusal: Refusal| Refusal { within: format!("part `{part}`"), ..refusal };
    if package.has(&shared) {
        contents.texts = strings::scan(package.read(&shared)?).map_err(|refusal| in_part(&shared, refusal))?;
    }
    if package.has(&styles) {
        look_through(package.read(&styles)?).map_err(|refusal| in_part(&styles, refusal))?;
    }
    Ok(contents)
}

/// Programs differ in which of two parts of one name they read. Where it is a sheet's, the sheet is named.
fn refuse_parts_that_stand_twice(package: &Package<'_>, contents: &Contents) -> Result<(), Refusal> {
    let what = "it stands twice in the archive, and programs differ in which of the two they read";
    let Some(first) = package.twice().next() else { return Ok(()) };
    let of_sheet = contents.sheets.iter().find(|(_, part)| package.twice().any(|twice| *twice == part_name(part)));
    Err(of_sheet.map_or_else(
        || Refusal::within(format!("part `{first}`"), what),
        |(name, part)| Refusal::within(format!("part `{part}`"), what).in_sheet(name),
    ))
}

/// The part that the package names as the document; `xl/workbook.xml` where it names none.
fn main_part(package: &mut Package<'_>) -> Result<String, Refusal> {
    if !package.has("_rels/.rels") {
        return Ok("xl/workbook.xml".into());
    }
    let relations = relations(package, "_rels/.rels")?;
    let document = relations.values().find(|(kind, _)| kind.ends_with("/officeDocument"));
    Ok(document.map_or_else(|| "xl/workbook.xml".into(), |(_, target)| resolved("", target)))
}

/// Where the relations of a part stand.
fn relations_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// Kind and target of each relation, by its id.
fn relations(package: &mut Package<'_>, part: &str) -> Result<BTreeMap<String, (String, String)>, Refusal> {
    let of_part = |refusal: Refusal| Refusal { within: format!("part `{part}`"), ..refusal };
    let mut relations = BTreeMap::new();
    let mut events = Events::new(package.read(part)?);
    loop {
        match events.next().map_err(of_part)? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "Relationship" => {
                let of = |name: &str| attribute(&element, name).map(Option::unwrap_or_default).map_err(of_part);
                relations.insert(of("Id")?, (of("Type")?, of("Target")?));
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// A target as the name of a part: absolute with a `/` in front, else from the folder of the part that names it.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excel_tables_are_known_with_their_totals() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let columns = [rust_xlsxwriter::TableColumn::new().set_header("pcode"), rust_xlsxwriter::TableColumn::new().set_header("people")];
        let table = rust_xlsxwriter::Table::new().set_name("tblPeople").set_columns(&columns).set_total_row(true);
        sheet.add_table(2, 1, 6, 2, &table).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let mut package = Package::open(&bytes).unwrap();
        let part = scan(&mut package).unwrap().sheets.into_values().next().unwrap();
        let [table] = tables(&mut package, &part).unwrap().try_into().unwrap();
        let block = crate::table::workbook::Block { top: 3, left: 2, bottom: 7, right: 3 };
        assert_eq!(table, ExcelTable { name: "tblPeople".into(), block, has_headers: true, totals_rows: 1 });
    }
}
