//! A folder of tables is an input like a workbook: one sheet for each file, named by its stem, in the order of the names.

use std::fs;
use std::path::{Path, PathBuf};

use super::digest::sha256;
use super::error::ReadError;
use super::read_csv::{ends_in, load, read_text_file};
#[cfg(feature = "parquet")]
use super::read_parquet;
use super::read_workbook::SheetInfo;
use crate::table::Sheet;

/// A folder of tables.
#[derive(Debug)]
pub struct FolderSource {
    folder: PathBuf,
    tables: Vec<TableFile>,
    /// The encoding that the context names.
    encoding: Option<String>,
}

#[derive(Debug)]
struct TableFile {
    sheet: String,
    file: String,
    digest: Option<String>,
}

impl FolderSource {
    /// Lists the tables of a folder.
    pub fn open(folder: &Path, encoding: Option<&str>) -> Result<Self, ReadError> {
        let refused = |source| ReadError::Open { path: folder.to_owned(), source };
        let mut tables = Vec::new();
        for entry in fs::read_dir(folder).map_err(refused)? {
            let path = entry.map_err(refused)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // Notes in a folder are texts too.
            let is_table = ends_in(&path, &["csv", "tsv"]) || is_parquet_file(&path);
            // A name that begins with a point or a tilde is what other programs leave behind.
            if !is_table || name.starts_with(['.', '~']) || path.is_dir() {
                continue;
            }
            let sheet = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            tables.push(TableFile { sheet, file: name, digest: None });
        }
        tables.sort_by(|a, b| a.sheet.cmp(&b.sheet));
        if tables.is_empty() {
            return Err(ReadError::NoTables { path: folder.to_owned() });
        }
        if let Some([_, twice]) = tables.array_windows().find(|[a, b]| a.sheet == b.sheet) {
            return Err(ReadError::SheetTwice { path: folder.to_owned(), sheet: twice.sheet.clone() });
        }
        Ok(Self { folder: folder.to_owned(), tables, encoding: encoding.map(str::to_owned) })
    }

    /// Name and SHA-256 of every table: of the bytes that were read, or of what stands on the disk now.
    pub fn digests(&mut self) -> Result<Vec<(String, String)>, ReadError> {
        let Self { folder, tables, .. } = self;
        tables
            .iter_mut()
            .map(|table| match &table.digest {
                Some(digest) => Ok((table.file.clone(), digest.clone())),
                None => load(&folder.join(&table.file)).map(|bytes| (table.file.clone(), sha256(&bytes))),
            })
            .collect()
    }
}

impl FolderSource {
    /// The tables, as sheets.
    pub fn sheets(&self) -> Vec<SheetInfo> {
        self.tables.iter().map(|table| SheetInfo { name: table.sheet.clone(), hidden: false }).collect()
    }

    /// Reads one table.
    pub fn read(&mut self, sheet: &str) -> Result<Sheet, ReadError> {
        let Self { folder, tables, encoding } = self;
        let Some(table) = tables.iter_mut().find(|table| table.sheet == sheet) else {
            return Err(ReadError::NoSuchSheet { path: folder.clone(), sheet: sheet.to_owned() });
        };
        let path = folder.join(&table.file);
        let (sheet, digest) = if is_parquet_file(&path) { read_parquet_file(&path)? } else { read_text_file(&path, encoding.as_deref())? };
        table.digest = Some(digest);
        Ok(sheet)
    }
}

/// Whether a file is named as a table as Parquet.
fn is_parquet_file(path: &Path) -> bool {
    ends_in(path, &["parquet"])
}

/// Reads a table as Parquet, and finds its digest.
#[cfg(feature = "parquet")]
pub(super) fn read_parquet_file(path: &Path) -> Result<(Sheet, String), ReadError> {
    read_parquet::read(path)
}

/// Without the readers of Parquet such a table is refused.
#[cfg(not(feature = "parquet"))]
pub(super) fn read_parquet_file(path: &Path) -> Result<(Sheet, String), ReadError> {
    let (what, help) = ("a table as Parquet, which this build of the program does not read", "save it as .csv");
    Err(ReadError::NotAWorkbook { path: path.to_owned(), what, help })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_tables_in_order_and_their_digests() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("b.csv", "x\n"), ("a.CSV", "y\n"), ("notes.txt", ""), ("~lock.csv", ""), (".c.csv", "")] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut source = FolderSource::open(folder.path(), None).unwrap();
        assert_eq!(source.sheets().into_iter().map(|sheet| sheet.name).collect::<Vec<_>>(), ["a", "b"]);
        source.read("b").unwrap();
        assert!(source.read("c").is_err());
        let digests = source.digests().unwrap();
        assert_eq!(digests, [("a.CSV".to_owned(), sha256(b"y\n")), ("b.csv".to_owned(), sha256(b"x\n"))]);
    }

    #[test]
    fn a_folder_without_tables_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(FolderSource::open(folder.path(), None), Err(ReadError::NoTables { .. })));
    }
}
