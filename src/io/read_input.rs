//! An input is one workbook or a folder of tables; which of the two is decided here, by what it is and not by what
//! it is called. Only the sheets that are wanted are read; every file is named by its digest.

use std::fs;
use std::path::Path;

use super::digest::sha256;
use super::error::ReadError;
use super::read_csv::{is_text_table, read_as_it_comes, read_text_table};
use super::read_folder::{FolderSource, read_parquet_file};
use super::read_hpc;
use super::read_ods::OdsSource;
use super::read_old::OldSource;
use super::read_workbook::{CellSource, SheetInfo, WorkbookSource, open_package};
use super::sniff::{self, LOCK_FILE, Stranger};
use crate::table::workbook::{Block, CellMarks, CellValue, NOT_CALCULATED};
use crate::table::{Sheet, SheetBuilder, Workbook, folded};

/// What was read, and from which bytes.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The sheets that were wanted, and the names of the others.
    pub workbook: Workbook,
    /// Base name and SHA-256 of every file.
    pub digest: Vec<(String, String)>,
    /// Base name of the workbook or folder.
    pub name: String,
}

/// What reading needs to be told.
#[derive(Copy, Clone, Debug, Default)]
pub struct How<'a> {
    /// The encoding of texts which are not Unicode.
    pub encoding: Option<&'a str>,
    /// This program, which reads workbooks of old kinds in a process of its own; without it they are refused.
    pub program: Option<&'a Path>,
}

/// Reads a workbook, a folder of tables or a single table as text; of the sheets only those whose name is wanted, of a
/// single table always that one.
pub fn read_input(path: &Path, wanted: &dyn Fn(&str) -> bool, how: How<'_>) -> Result<Input, ReadError> {
    let How { encoding, program } = how;
    let refused = |source| ReadError::Open { path: path.to_owned(), source };
    let name = base_name(path);
    if fs::metadata(path).map_err(refused)?.is_dir() {
        let mut source = FolderSource::open(path, encoding)?;
        let workbook = read_wanted(source.sheets(), wanted, |info| source.read(&info.name))?;
        return Ok(Input { workbook, digest: source.digests()?, name });
    }
    if name.starts_with("~$") {
        let Stranger { what, help } = LOCK_FILE;
        return Err(ReadError::NotAWorkbook { path: path.to_owned(), what, help });
    }
    let as_text = if is_text_table(path) { read_as_it_comes(path)? } else { None };
    if let Some(read) = as_text {
        return Ok(one_table(read, name));
    }
    let bytes = fs::read(path).map_err(refused)?;
    if is_text_table(path) && !bytes.starts_with(b"PK\x03\x04") {
        return Ok(one_table(read_text_table(path, &bytes, encoding)?, name));
    }
    if sniff::is_parquet(&bytes) {
        return Ok(one_table(read_parquet_file(path)?, name));
    }
    if read_hpc::is_json(&bytes) {
        let mut sheet = read_hpc::read_plan(path, &bytes)?;
        sheet.alone = true;
        let workbook = Workbook { sheets: vec![sheet], unread: Vec::new() };
        return Ok(Input { workbook, digest: vec![(name.clone(), sha256(&bytes))], name });
    }
    let workbook = if let Some(program) = program.filter(|_| sniff::is_old(&bytes)) {
        if bytes.starts_with(b"PK") {
            open_package(path, &bytes)?;
        }
        read_sheets(&mut OldSource::open(path, &bytes, program)?, wanted)?
    } else if sniff::is_ods(&bytes) {
        read_sheets(&mut OdsSource::open(path, open_package(path, &bytes)?)?, wanted)?
    } else {
        read_sheets(&mut WorkbookSource::open(path, &bytes)?, wanted)?
    };
    Ok(Input { workbook, digest: vec![(name.clone(), sha256(&bytes))], name })
}

/// A single table.
fn one_table((mut sheet, digest): (Sheet, String), name: String) -> Input {
    sheet.alone = true;
    Input { workbook: Workbook { sheets: vec![sheet], unread: Vec::new() }, digest: vec![(name.clone(), digest)], name }
}

impl Input {
    /// Lays another input over this one, as `--population FILE` asks: a sheet that both have is taken from the
    /// other one, and sheets that only the other one has are added. Names are compared folded.
    pub fn merge(&mut self, other: Self) {
        let same = |a: &str, b: &str| folded(a) == folded(b);
        for sheet in other.workbook.sheets {
            self.workbook.unread.retain(|name| !same(name, &sheet.name));
            match self.workbook.sheets.iter_mut().find(|own| same(&own.name, &sheet.name)) {
                Some(own) => *own = sheet,
                None => self.workbook.sheets.push(sheet),
            }
        }
        for name in other.workbook.unread {
            let known = self.workbook.unread.iter().any(|own| same(own, &name)) || self.workbook.find(|own| same(own, &name)).is_some();
            if !known {
                self.workbook.unread.push(name);
            }
        }
        self.digest.extend(other.digest);
    }
}

/// The wanted sheets of a source, in its order.
pub fn read_sheets(source: &mut dyn CellSource, wanted: &dyn Fn(&str) -> bool) -> Result<Workbook, ReadError> {
    read_wanted(source.sheets(), wanted, |info| read_sheet(source, &info.name, info.hidden))
}

fn read_wanted(
    sheets: Vec<SheetInfo>,
    wanted: &dyn Fn(&str) -> bool,
    mut read: impl FnMut(&SheetInfo) -> Result<Sheet, ReadError>,
) -> Result<Workbook, ReadError> {
    let mut workbook = Workbook::default();
    for info in sheets {
        if wanted(&info.name) {
            workbook.sheets.push(read(&info)?);
        } else {
            workbook.unread.push(info.name);
        }
    }
    Ok(workbook)
}

fn read_sheet(source: &mut dyn CellSource, name: &str, hidden: bool) -> Result<Sheet, ReadError> {
    let mut builder = SheetBuilder::default();
    let notes = source.read(name, &mut |row, column, value, marks| builder.push(row, column, value, marks))?;
    // A formula without a value is no blank: what it stands for is not known.
    for &(row, column) in &notes.uncalculated {
        builder.push(row, column, CellValue::Error(NOT_CALCULATED), CellMarks::default());
    }
    for (row, column, text) in &notes.odd_errors {
        builder.push(*row, *column, CellValue::Error(text), CellMarks::default());
    }
    let mut sheet = builder.finish(name, hidden);
    sheet = with_merged_texts(sheet, &notes.merges);
    sheet.notes = notes;
    Ok(sheet)
}

/// A text that is merged over several rows of one column stands in each of them; a number does not, since nobody can say
/// whether it is meant for each or for all.
fn with_merged_texts(sheet: Sheet, merges: &[Block]) -> Sheet {
    let last = sheet.rows().next_back().map_or(0, |row| row.number);
    let mut filled: Vec<(u32, u32, u32)> = Vec::new();
    for merge in merges.iter().filter(|merge| merge.left == merge.right) {
        let Some(CellValue::Text(_)) = sheet.row(merge.top).map(|row| row.get(merge.left)) else { continue };
        let blank = |row: &u32| sheet.row(*row).is_none_or(|row| row.get(merge.left) == CellValue::Blank);
        filled.extend((merge.top + 1..=merge.bottom.min(last)).filter(blank).map(|row| (row, merge.left, merge.top)));
    }
    if filled.is_empty() {
        return sheet;
    }
    let mut builder = SheetBuilder::default();
    for row in sheet.rows() {
        row.cells().for_each(|(column, value)| builder.push(row.number, column, value, row.marks(column)));
    }
    for (row, column, from) in filled {
        let value = sheet.row(from).map_or(CellValue::Blank, |row| row.get(column));
        builder.push(row, column, value, CellMarks::default());
    }
    builder.finish(&sheet.name, sheet.hidden)
}

/// The last part of a path. For `.` and `..` the name of the folder that is meant.
fn base_name(path: &Path) -> String {
    let meant = || fs::canonicalize(path).ok().and_then(|path| Some(path.file_name()?.to_owned()));
    let name = path.file_name().map(ToOwned::to_owned).or_else(meant);
    name.map_or_else(|| "input".to_owned(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn only_wanted_sheets_are_read_and_every_file_is_named() {
        let folder = folder(&[("population.csv", "pcode,population\nXV01,7\n"), ("notes.csv", "a;b\n")]);
        let input = read_input(folder.path(), &|name| name == "population", How::default()).unwrap();
        assert_eq!(input.workbook.unread, ["notes"]);
        assert_eq!(input.workbook.sheets[0].row(2).unwrap().get(2), CellValue::Number(7.0));
        assert_eq!(input.digest.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["notes.csv", "population.csv"]);
        assert_eq!(input.name, folder.path().file_name().unwrap().to_string_lossy());
    }

    #[test]
    fn texts_that_are_merged_over_rows_stand_in_each_of_them_and_numbers_do_not() {
        let mut builder = SheetBuilder::default();
        for (row, column, value) in [(1, 1, CellValue::Text("XV01")), (1, 2, CellValue::Number(7.0)), (3, 2, CellValue::Number(8.0))] {
            builder.push(row, column, value, CellMarks::default());
        }
        let merge = |column| Block { top: 1, left: column, bottom: 9, right: column };
        let sheet = with_merged_texts(builder.finish("s", false), &[merge(1), merge(2)]);
        let at = |row, column| sheet.row(row).map(|row| row.get(column));
        assert_eq!([at(2, 1), at(3, 1), at(4, 1)], [Some(CellValue::Text("XV01")), Some(CellValue::Text("XV01")), None]);
        assert_eq!([at(2, 2), at(3, 2)], [Some(CellValue::Blank), Some(CellValue::Number(8.0))]);
    }

    #[test]
    fn another_input_replaces_sheets_of_the_same_name() {
        let first = folder(&[("population.csv", "x\n1\n"), ("shares.csv", "y\n"), ("areas.csv", "z\n")]);
        let second = folder(&[("Population.csv", "x\n2\n"), ("areas.csv", "n\n"), ("more.csv", "m\n")]);
        let mut input = read_input(first.path(), &|name| name != "areas", How::default()).unwrap();
        input.merge(read_input(second.path(), &|name| name != "more", How::default()).unwrap());
        let names: Vec<&str> = input.workbook.sheets.iter().map(|sheet| &*sheet.name).collect();
        assert_eq!(names, ["Population", "shares", "areas"]);
        assert_eq!(input.workbook.sheets[0].row(2).unwrap().get(1), CellValue::Number(2.0));
        assert_eq!(input.workbook.unread, ["more"]);
        assert_eq!(input.digest.len(), 6);
    }

    #[test]
    fn what_is_no_input_is_named() {
        let folder = folder(&[("~$in.xlsx", "\u{5}x"), ("in.xlsx", "<html>")]);
        let said = |name: &str| read_input(&folder.path().join(name), &|_| true, How::default()).unwrap_err().to_string();
        assert!(said("~$in.xlsx").contains("beside an open file"));
        assert!(said("in.xlsx").contains("it is a web page (HTML)"));
        assert!(said("none.xlsx").starts_with("cannot open "));
    }
}
