//! The typed cells of a workbook, each with its address: what every reader delivers and every stage reads.
//! Sparse by row, texts stored once, 24 bytes a cell.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::column::{folded, is_no_word};

/// What a cell holds.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum CellValue<'a> {
    /// Nothing, or an empty text.
    Blank,
    /// A text, as written.
    Text(&'a str),
    /// A finite number.
    Number(f64),
    /// True or false.
    Truth(bool),
    /// A spreadsheet error such as `#N/A`.
    Error(&'a str),
}

/// What a reader knows of a cell beside its value.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct CellMarks {
    /// Shown as a per cent.
    pub percent: bool,
}

/// A block of cells, all counted from 1.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u32,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u32,
}

/// A block of a sheet that the workbook declares a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcelTable {
    /// Its name.
    pub name: String,
    /// Where it stands, with its headers and totals.
    pub block: Block,
    /// Whether its first row holds headers.
    pub has_headers: bool,
    /// Rows of totals at its end.
    pub totals_rows: u32,
}

/// What a sheet holds beside the values of its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetNotes {
    /// Cells that hold a formula, row and column from 1, in the order of the sheet.
    pub formulas: Vec<(u32, u32)>,
    /// Formulas without a value: they were never calculated.
    pub uncalculated: Vec<(u32, u32)>,
    /// Formulas that read another workbook: their values are as old as the day on which it was last read.
    pub external: Vec<(u32, u32)>,
    /// Error values that the reader does not know, with their texts: row, column, text.
    pub odd_errors: Vec<(u32, u32, String)>,
    /// Whether some cell has no address, so that it stands where it is counted to.
    pub unaddressed: bool,
    /// Hidden rows, as runs from first to last.
    pub hidden_rows: Vec<(u32, u32)>,
    /// Hidden columns, as runs from first to last.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Merged blocks.
    pub merges: Vec<Block>,
    /// Excel tables.
    pub tables: Vec<ExcelTable>,
    /// Whether a filter stands on the sheet.
    pub filtered: bool,
    /// It is a table as text, in which every number is one.
    pub as_text: bool,
    /// How a table as text was read, where that is worth saying.
    pub read_as: Vec<String>,
    /// The last row and column that hold anything; 0 where nothing does.
    pub last: (u32, u32),
}

impl SheetNotes {
    /// Whether a cell stands in a hidden row or column.
    pub fn is_hidden(&self, row: u32, column: u32) -> bool {
        let within = |runs: &[(u32, u32)], at: u32| {
            let after = runs.partition_point(|(first, _)| *first <= at);
            after.checked_sub(1).and_then(|before| runs.get(before)).is_some_and(|(_, last)| at <= *last)
        };
        within(&self.hidden_rows, row) || within(&self.hidden_columns, column)
    }

    /// The same, in the order in which it is looked up.
    pub fn in_order(mut self) -> Self {
        self.formulas.sort_unstable();
        self.hidden_rows.sort_unstable();
        self.hidden_columns.sort_unstable();
        self
    }
}

/// What stands in a cell whose formula was never calculated, in place of its value.
pub const NOT_CALCULATED: &str = "#NOT CALCULATED";

#[derive(Copy, Clone, Debug)]
enum Stored {
    Text(u32),
    Number(f64),
    Truth(bool),
    Error(u32),
}

#[derive(Copy, Clone, Debug)]
struct StoredCell {
    column: u32,
    marks: CellMarks,
    value: Stored,
}

#[derive(Clone, Debug)]
struct StoredRow {
    number: u32,
    start: usize,
    end: usize,
}

/// One sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name as the workbook writes it.
    pub name: Arc<str>,
    /// Whether the workbook hides it. Hidden sheets are data.
    pub hidden: bool,
    /// What it holds beside the values of its cells. Hidden rows are data.
    pub notes: SheetNotes,
    /// It came as a file of its own, whose name need not be that of a table.
    pub alone: bool,
    rows: Vec<StoredRow>,
    cells: Vec<StoredCell>,
    texts: Vec<Box<str>>,
    /// Texts of the first rows, folded when they are first asked for.
    tops: OnceLock<Vec<TopRow>>,
}

/// The texts of one of the first rows, folded: headers are looked for in them again and again.
#[derive(Clone, Debug)]
pub struct TopRow {
    /// Its number.
    pub number: u32,
    /// Column, the text, and the text folded.
    pub texts: Vec<(u32, String, String)>,
}

/// Headers stand among so many rows that hold anything.
pub const TOP_ROWS: usize = 51;

/// A workbook as read: only the sheets that were asked for, and the names of the others.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    /// The sheets read, in the workbook's order.
    pub sheets: Vec<Sheet>,
    /// Names of the sheets that nothing asked for.
    pub unread: Vec<String>,
}

/// A row of a sheet.
#[derive(Copy, Clone, Debug)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    /// Its number, from 1.
    pub number: u32,
    cells: &'a [StoredCell],
}

impl Sheet {
    /// The rows that hold anything, from the top.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        self.rows.iter().map(|row| self.open(row))
    }

    /// The row of this number; `None` if it is empty.
    pub fn row(&self, number: u32) -> Option<Row<'_>> {
        // Most sheets have no empty rows, so the row usually stands where its number says.
        let guess = usize::try_from(number.checked_sub(self.rows.first()?.number)?).ok()?;
        let found = match self.rows.get(guess) {
            Some(row) if row.number == number => Some(row),
            _ => self.rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|at| self.rows.get(at)),
        };
        found.map(|row| self.open(row))
    }

    /// The texts of the first rows that hold anything.
    pub fn tops(&self) -> &[TopRow] {
        let text = |(column, value): (u32, CellValue<'_>)| match value {
            CellValue::Text(text) if !is_no_word(text) => Some((column, text.to_owned(), folded(text))),
            _ => None,
        };
        let top = |row: Row<'_>| TopRow { number: row.number, texts: row.cells().filter_map(text).collect() };
        self.tops.get_or_init(|| self.rows().take(TOP_ROWS).map(top).collect())
    }

    /// Whether no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    fn open<'a>(&'a self, row: &StoredRow) -> Row<'a> {
        Row { sheet: self, number: row.number, cells: self.cells.get(row.start..row.end).unwrap_or_default() }
    }

    fn text(&self, id: u32) -> &str {
        self.texts.get(id as usize).map_or("", |text| text)
    }

    fn value(&self, stored: Stored) -> CellValue<'_> {
        match stored {
            Stored::Text(id) => CellValue::Text(self.text(id)),
            Stored::Number(number) => CellValue::Number(number),
            Stored::Truth(truth) => CellValue::Truth(truth),
            Stored::Error(id) => CellValue::Error(self.text(id)),
        }
    }
}

impl<'a> Row<'a> {
    /// The cell in this column, counted from 1.
    pub fn get(&self, column: u32) -> CellValue<'a> {
        self.find(column).map_or(CellValue::Blank, |cell| self.sheet.value(cell.value))
    }

    /// What else is known of the cell in this column.
    pub fn marks(&self, column: u32) -> CellMarks {
        self.find(column).map(|cell| cell.marks).unwrap_or_default()
    }

    /// The cells that hold anything, with their columns counted from 1.
    pub fn cells(&self) -> impl Iterator<Item = (u32, CellValue<'a>)> + use<'a> {
        let sheet = self.sheet;
        self.cells.iter().map(move |cell| (cell.column, sheet.value(cell.value)))
    }

    fn find(&self, column: u32) -> Option<&'a StoredCell> {
        // Without gaps the cell stands where its column says; each gap in the row moves it at most one to the front.
        let (first, last) = (self.cells.first()?.column, self.cells.last()?.column);
        let without_gaps = usize::try_from(column.checked_sub(first)?).ok()?;
        let gaps = usize::try_from(last - first).ok()?.saturating_add(1).saturating_sub(self.cells.len());
        let end = self.cells.len().min(without_gaps.saturating_add(1));
        let near = self.cells.get(without_gaps.saturating_sub(gaps)..end)?;
        near.binary_search_by_key(&column, |cell| cell.column).ok().and_then(|at| near.get(at))
    }
}

/// Collects the cells of one sheet in any order.
#[derive(Debug, Default)]
pub struct SheetBuilder {
    cells: Vec<StoredCell>,
    /// Runs of cells of one row, as they came.
    rows: Vec<StoredRow>,
    texts: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
    unsorted: bool,
}

impl SheetBuilder {
    /// Adds a cell; row and column count from 1. A blank is not stored. A number that is not finite becomes
    /// an error cell, so that no figure can rest on it.
    pub fn push(&mut self, row: u32, column: u32, value: CellValue<'_>, marks: CellMarks) {
        let stored = match value {
            CellValue::Blank => return,
            CellValue::Text("") => return,
            CellValue::Text(text) => Stored::Text(self.intern(text)),
            CellValue::Number(number) if number.is_finite() => Stored::Number(number),
            CellValue::Number(_) => Stored::Error(self.intern("#NUM!")),
            CellValue::Truth(truth) => Stored::Truth(truth),
            CellValue::Error(text) => Stored::Error(self.intern(text)),
        };
        let at = self.cells.len();
        match (self.rows.last_mut(), self.cells.last()) {
            (Some(run), Some(last)) if run.number == row => {
                self.unsorted |= last.column >= column;
                run.end = at + 1;
            }
            (last, _) => {
                self.unsorted |= last.is_some_and(|run| run.number >= row);
                self.rows.push(StoredRow { number: row, start: at, end: at + 1 });
            }
        }
        self.cells.push(StoredCell { column, marks, value: stored });
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(id) = self.known.get(text) {
            return *id;
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.known.insert(text.into(), id);
        id
    }

    /// Puts the cells in order; of equal places the one that came first stays first.
    fn sort(&mut self) {
        let runs = std::mem::take(&mut self.rows);
        let numbers = runs.iter().flat_map(|run| std::iter::repeat_n(run.number, run.end - run.start));
        let mut pairs: Vec<(u32, StoredCell)> = numbers.zip(std::mem::take(&mut self.cells)).collect();
        pairs.sort_by_key(|(row, cell)| (*row, cell.column));
        for (number, cell) in pairs {
            let at = self.cells.len();
            match self.rows.last_mut().filter(|run| run.number == number) {
                Some(run) => run.end = at + 1,
                None => self.rows.push(StoredRow { number, start: at, end: at + 1 }),
            }
            self.cells.push(cell);
        }
    }

    /// The finished sheet.
    pub fn finish(mut self, name: &str, hidden: bool) -> Sheet {
        if self.unsorted {
            self.sort();
        }
        self.cells.shrink_to_fit();
        Sheet {
            name: name.into(),
            hidden,
            notes: SheetNotes::default(),
            alone: false,
            rows: self.rows,
            cells: self.cells,
            texts: self.texts,
            tops: OnceLock::new(),
        }
    }
}

impl Workbook {
    /// Whether this is one table as text and nothing else: it can be looked at, but makes no figures.
    pub fn is_one_table(&self) -> bool {
        matches!(self.sheets.as_slice(), [sheet] if sheet.alone)
    }

    /// The sheet whose name fits.
    pub fn find(&self, mut fits: impl FnMut(&str) -> bool) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| fits(&sheet.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_where_they_stand() {
        let mut builder = SheetBuilder::default();
        builder.push(3, 2, CellValue::Text("b"), CellMarks::default());
        builder.push(1, 4, CellValue::Number(1.5), CellMarks::default());
        builder.push(3, 9, CellValue::Text("b"), CellMarks::default());
        builder.push(3, 5, CellValue::Text(""), CellMarks::default());
        builder.push(3, 6, CellValue::Number(f64::NAN), CellMarks::default());
        let sheet = builder.finish("s", false);
        let row = sheet.row(3).unwrap();
        assert_eq!(row.get(2), CellValue::Text("b"));
        assert_eq!(row.get(5), CellValue::Blank);
        assert_eq!(row.get(6), CellValue::Error("#NUM!"));
        assert_eq!(row.get(9), CellValue::Text("b"));
        assert_eq!(sheet.row(2).map(|row| row.number), None);
        assert_eq!(sheet.rows().map(|row| row.number).collect::<Vec<_>>(), [1, 3]);
    }
}
