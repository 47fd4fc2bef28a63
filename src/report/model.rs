//! Tables of typed cells, with what a writer needs to know to lay them out.

use crate::domain::{Decimal, Phase};

/// One cell of a report's table.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// Not known, or not applicable.
    Empty,
    /// A text; it may begin with any character, so a writer has to keep it from being read as a formula.
    Text(String),
    /// A whole number.
    Whole(i128),
    /// A number as it is, not rounded.
    Exact(Decimal),
    /// A share of a whole: 0.2 is shown as 20 %.
    Share(Decimal),
    /// A phase.
    Phase(Phase),
}

impl Datum {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A phase, if known.
    pub fn phase(phase: Option<Phase>) -> Self {
        phase.map_or(Self::Empty, Self::Phase)
    }

    /// A decimal as it is, if known.
    pub fn exact(number: Option<Decimal>) -> Self {
        number.map_or(Self::Empty, Self::Exact)
    }

    /// A whole number, half up, if known.
    pub fn rounded(number: Option<Decimal>) -> Self {
        number.map_or(Self::Empty, |number| Self::Whole(number.rounded_half_up()))
    }

    /// A share, if known.
    pub fn share(share: Option<Decimal>) -> Self {
        share.map_or(Self::Empty, Self::Share)
    }
}

/// How a column is shown in a workbook.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// As text.
    Text,
    /// Whole numbers with separators.
    Whole,
    /// Numbers with up to four places.
    Number,
    /// Per cent.
    Percent,
    /// A phase, coloured.
    Phase,
}

/// A column of a report's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub title: String,
    /// How it is shown.
    pub format: Format,
    /// Its width in characters.
    pub width: u16,
}

impl Column {
    /// A column of this header, kind and width.
    pub fn new(title: &str, format: Format, width: u16) -> Self {
        Self { title: title.to_owned(), format, width }
    }
}

/// A table of a report: a sheet of the workbook, or a text file.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name: a sheet's name, at most 31 characters.
    pub name: String,
    /// What a reader should know before reading it, a line each.
    pub notes: Vec<String>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<Datum>>,
    /// How many columns at the start name the row and stay in view.
    pub key_columns: u16,
}

/// A table whose rows are made one by one as they are written, because there may be very many.
pub struct StreamedTable<'a> {
    /// Its name, notes and columns; the table's own rows are empty.
    pub table: Table,
    /// How many rows it has.
    pub count: usize,
    /// Its rows, each as long as the columns.
    pub rows: Box<dyn Iterator<Item = Vec<Datum>> + 'a>,
}

impl<'a> StreamedTable<'a> {
    /// A table with so many rows.
    pub fn new(table: Table, count: usize, rows: impl Iterator<Item = Vec<Datum>> + 'a) -> Self {
        Self { table, count, rows: Box::new(rows) }
    }
}

impl From<Table> for StreamedTable<'_> {
    fn from(mut table: Table) -> Self {
        let rows = std::mem::take(&mut table.rows);
        Self::new(table, rows.len(), rows.into_iter())
    }
}

/// A text file of rows, made row by row as it is written.
pub struct TextFile<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its headers.
    pub header: Vec<&'static str>,
    /// Its rows, each as long as the headers; files are written side by side.
    pub rows: Box<dyn Iterator<Item = Vec<Datum>> + Send + 'a>,
}
