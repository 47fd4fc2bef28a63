//! What can go wrong between the program and the outside world, and what to do about it. What is wrong with the
//! content of a table is no error but a finding. Paths stand here as the user typed them.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::guard::Refusal;

/// Why an input cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The system does not hand the file or folder over.
    #[error("cannot open `{path}`; check that it is there and that you may read it")]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is something else than a workbook.
    #[error("`{path}` is not an Excel workbook (.xlsx): it is {what}; {help}")]
    NotAWorkbook {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// The workbook is a zip archive that cannot be read to its end.
    #[error(
        "the workbook `{path}` is damaged or incomplete; open it in a spreadsheet program, save it again as .xlsx and use the new file"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// One sheet of the workbook cannot be read to its end.
    #[error(
        "sheet `{sheet}` of `{path}` cannot be read; open the workbook in a spreadsheet program, save it again as .xlsx and use the new file"
    )]
    Sheet {
        /// The file.
        path: PathBuf,
        /// The sheet.
        sheet: String,
        /// What the reader says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The workbook breaks a rule without which its cells cannot be trusted.
    #[error("`{path}`: {refusal}; open the workbook in a spreadsheet program, save it again as .xlsx and use the new file")]
    Refused {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        refusal: Refusal,
    },
    /// A workbook of an old kind cannot be read.
    #[error("`{path}`: {what}; open it in a spreadsheet program and save it as .xlsx")]
    OldWorkbook {
        /// The file.
        path: PathBuf,
        /// Why.
        what: String,
    },
    /// A sheet holds an error value that the reader does not know, such as `#SPILL!`.
    #[error("sheet `{sheet}` of `{path}` holds the error value `{text}`; mend that formula, or put a value in its place")]
    UnknownErrorValue {
        /// The file.
        path: PathBuf,
        /// The sheet.
        sheet: String,
        /// The error value.
        text: String,
    },
    /// A sheet was asked for that the input does not have.
    #[error("`{path}` has no sheet `{sheet}`")]
    NoSuchSheet {
        /// The file or folder.
        path: PathBuf,
        /// The sheet.
        sheet: String,
    },
    /// The folder holds no table.
    #[error("the folder `{path}` holds no .csv file; put one file for each sheet into it, or name a workbook")]
    NoTables {
        /// The folder.
        path: PathBuf,
    },
    /// Two files of a folder give the same sheet.
    #[error("two files in `{path}` give the sheet `{sheet}`; keep one of them")]
    SheetTwice {
        /// The folder.
        path: PathBuf,
        /// The sheet.
        sheet: String,
    },
    /// A text file is not UTF-8.
    #[error("`{path}`, line {line}: {what}; save the file as UTF-8 (in a spreadsheet program: `CSV UTF-8`)")]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What it is instead.
        what: &'static str,
    },
    /// A table as text that does not keep the rules of CSV.
    #[error("`{path}`, line {line}: {what}")]
    Csv {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what to do.
        what: String,
    },
    /// A file of JSON that is not what it should be.
    #[error(
        "cannot read `{path}`: {what}. A file of JSON is read if it holds a plan as the planning system of the humanitarian programme cycle gives it"
    )]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A file of rules that is longer than any that people write.
    #[error("`{path}` has more than {most} kB, and is no file of rules or context")]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The limit, in kB.
        most: usize,
    },
    /// A list of places that lacks a column.
    #[error("`{path}` is no list of places: row 1 has no column `{column}`")]
    NoGazetteer {
        /// The file.
        path: PathBuf,
        /// The header that is missing.
        column: &'static str,
    },
    /// A file that is no form.
    #[error("`{path}` is no form (XLSForm): {what}")]
    NoForm {
        /// The file.
        path: PathBuf,
        /// What it lacks.
        what: String,
    },
    /// No layout has this name.
    #[error("there is no layout `{name}`{hint}. Shipped are {shipped}; a layout of your own is a context (`--context FILE`)")]
    UnknownLayout {
        /// What the user asked for.
        name: String,
        /// A suggestion, or nothing.
        hint: String,
        /// The names of the shipped layouts.
        shipped: String,
    },
    /// No framework has this name.
    #[error("there is no framework `{name}`{hint}. Shipped are {shipped}, or name a folder that holds a `framework.toml`")]
    UnknownFramework {
        /// What the user asked for.
        name: String,
        /// A suggestion, or nothing.
        hint: String,
        /// The names of the shipped frameworks.
        shipped: String,
    },
}

/// Why the outputs cannot be written. Nothing is left half written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The system does not take the file or folder.
    #[error("cannot write `{path}`; check that you may write there, that there is room, and that no other program holds it open")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The bytes were not taken; the one who knows the file names it.
    #[error("the output was not taken")]
    Stream(#[from] io::Error),
    /// A name that is no plain file name, or stands twice.
    #[error("`{name}` cannot be the name of an output file, or is used twice")]
    Name {
        /// The name.
        name: String,
    },
    /// A figure is no finite number. No output may hold such a thing.
    #[error("sheet `{sheet}`, column `{column}`: a figure is not a finite number; this is a fault of the program, please report it")]
    NotFinite {
        /// The sheet.
        sheet: String,
        /// The header of the column.
        column: String,
    },
    /// The date that the outputs are to carry is none.
    #[error("`{date}` is no date that a workbook can carry; write it as YYYY-MM-DD")]
    Date {
        /// What was given.
        date: String,
    },
    /// A sheet of a workbook cannot hold so much.
    #[error("sheet `{sheet}` has {rows} rows and {columns} columns, more than a workbook can hold; take the CSV files instead")]
    SheetFull {
        /// The sheet.
        sheet: String,
        /// Its rows.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// A format refuses what was to be written.
    #[error("cannot make the {format} output; this is a fault of the program, please report it")]
    Format {
        /// The format.
        format: &'static str,
        /// What the writer says.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl WriteError {
    /// A format's own refusal.
    pub fn format(format: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Format { format, source: source.into() }
    }

    /// Names the file where the system's refusal did not.
    pub fn in_file(self, path: impl Into<PathBuf>) -> Self {
        match self {
            Self::Stream(source) => Self::File { path: path.into(), source },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_and_where_and_keeps_its_source() {
        let source = io::Error::from(io::ErrorKind::NotFound);
        let error = ReadError::Open { path: "in/haiti.xlsx".into(), source };
        assert_eq!(error.to_string(), "cannot open `in/haiti.xlsx`; check that it is there and that you may read it");
        assert!(error.source().is_some());
    }

    #[test]
    fn a_refused_stream_gets_the_name_of_its_file() {
        let error = WriteError::from(io::Error::from(io::ErrorKind::StorageFull)).in_file("out/figures.csv");
        assert!(error.to_string().starts_with("cannot write `out/figures.csv`"), "{error}");
        assert!(error.source().is_some());
    }
}
