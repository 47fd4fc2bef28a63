//! One sheet of a workbook: its cells, each with its address: what every reader delivers and every stage reads. Those of a
//! workbook are sparse by row, texts stored once, 24 bytes a cell; those of a table as text are kept by column.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::column::{folded, is_no_word};
use super::dense::Dense;
use super::dense_builder::TextCells;
use super::workbook::{CellMarks, CellValue, SheetNotes};

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

/// Cells by row.
#[derive(Clone, Debug, Default)]
struct Sparse {
    rows: Vec<StoredRow>,
    cells: Vec<StoredCell>,
    texts: Vec<Box<str>>,
}

#[derive(Clone, Debug)]
enum Cells {
    Sparse(Sparse),
    Dense(Dense),
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
    cells: Cells,
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

/// A row of a sheet.
#[derive(Copy, Clone, Debug)]
pub struct Row<'a> {
    /// Its number, from 1.
    pub number: u32,
    cells: CellsOfRow<'a>,
}

#[derive(Copy, Clone, Debug)]
enum CellsOfRow<'a> {
    Sparse(&'a Sparse, &'a [StoredCell]),
    Dense(&'a Dense, usize),
}

impl Sheet {
    /// A table as text.
    pub fn of_text(name: &str, cells: TextCells) -> Self {
        Self::new(name, false, Cells::Dense(cells.0))
    }

    fn new(name: &str, hidden: bool, cells: Cells) -> Self {
        Self { name: name.into(), hidden, notes: SheetNotes::default(), alone: false, cells, tops: OnceLock::new() }
    }

    /// The rows that hold anything, from the top.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        let count = match &self.cells {
            Cells::Sparse(sparse) => sparse.rows.len(),
            Cells::Dense(dense) => dense.len(),
        };
        (0..count).map(|at| self.row_at(at))
    }

    /// The so-manieth row that holds anything.
    pub fn row_at(&self, at: usize) -> Row<'_> {
        match &self.cells {
            Cells::Sparse(sparse) => {
                let row = sparse.rows.get(at);
                row.map_or(Row { number: 0, cells: CellsOfRow::Sparse(sparse, &[]) }, |row| sparse.open(row))
            }
            Cells::Dense(dense) => {
                let (number, at) = dense.row(at);
                Row { number, cells: CellsOfRow::Dense(dense, at) }
            }
        }
    }

    /// The row of this number; `None` if it is empty.
    pub fn row(&self, number: u32) -> Option<Row<'_>> {
        match &self.cells {
            Cells::Sparse(sparse) => sparse.row(number),
            Cells::Dense(dense) => dense.find(number).map(|at| Row { number, cells: CellsOfRow::Dense(dense, at) }),
        }
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

    /// The last column that holds anything, or may; 0 where none does.
    pub fn last_column(&self) -> u32 {
        match &self.cells {
            Cells::Sparse(sparse) => sparse.cells.iter().map(|cell| cell.column).max().unwrap_or_default(),
            Cells::Dense(dense) => dense.width(),
        }
    }

    /// The keys of a column.
    pub fn keys(&self, column: u32) -> Keys<'_> {
        Keys { sheet: self, column, part: usize::MAX, keys: &[] }
    }

    /// Whether some text of a column may be such: of equal texts one is asked, and texts of other columns may be among them.
    pub fn any_text(&self, column: u32, is_such: impl Fn(&str) -> bool) -> bool {
        match &self.cells {
            Cells::Sparse(sparse) => sparse.texts.iter().any(|text| is_such(text)),
            Cells::Dense(dense) => dense.any_text(column, is_such),
        }
    }

    /// Whether no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.rows().len() == 0
    }
}

impl Sparse {
    fn row(&self, number: u32) -> Option<Row<'_>> {
        // Most sheets have no empty rows, so the row usually stands where its number says.
        let guess = usize::try_from(number.checked_sub(self.rows.first()?.number)?).ok()?;
        let found = match self.rows.get(guess) {
            Some(row) if row.number == number => Some(row),
            _ => self.rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|at| self.rows.get(at)),
        };
        found.map(|row| self.open(row))
    }

    fn open<'a>(&'a self, row: &StoredRow) -> Row<'a> {
        Row { number: row.number, cells: CellsOfRow::Sparse(self, self.cells.get(row.start..row.end).unwrap_or_default()) }
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
        match self.cells {
            CellsOfRow::Sparse(sparse, cells) => find(cells, column).map_or(CellValue::Blank, |cell| sparse.value(cell.value)),
            CellsOfRow::Dense(dense, at) => dense.value(at, column),
        }
    }

    /// A number that cells of this column share with those of the same value, and with no others; `None` where none is known.
    pub fn key(&self, column: u32) -> Option<u32> {
        match self.cells {
            CellsOfRow::Sparse(_, cells) => match find(cells, column).map(|cell| cell.value) {
                Some(Stored::Text(id)) => Some(id),
                _ => None,
            },
            CellsOfRow::Dense(dense, at) => dense.key(at, column),
        }
    }

    /// What else is known of the cell in this column.
    pub fn marks(&self, column: u32) -> CellMarks {
        match self.cells {
            CellsOfRow::Sparse(_, cells) => find(cells, column).map(|cell| cell.marks).unwrap_or_default(),
            CellsOfRow::Dense(..) => CellMarks::default(),
        }
    }

    /// The cells that hold anything, with their columns counted from 1.
    pub fn cells(&self) -> impl Iterator<Item = (u32, CellValue<'a>)> + use<'a> {
        let (sparse, dense) = match self.cells {
            CellsOfRow::Sparse(sparse, cells) => (Some((sparse, cells)), None),
            CellsOfRow::Dense(dense, at) => (None, Some((dense, at))),
        };
        let of_sparse =
            sparse.into_iter().flat_map(|(sparse, cells)| cells.iter().map(move |cell| (cell.column, sparse.value(cell.value))));
        let of_dense = dense.into_iter().flat_map(|(dense, at)| (1..=dense.width()).map(move |column| (column, dense.value(at, column))));
        of_sparse.chain(of_dense.filter(|(_, value)| *value != CellValue::Blank))
    }
}

/// The keys of one column of a table as text, row by row: see [`Row::key`]. Rows that follow one another are found at once.
#[derive(Clone, Debug)]
pub struct Keys<'a> {
    sheet: &'a Sheet,
    column: u32,
    part: usize,
    keys: &'a [u16],
}

impl Keys<'_> {
    /// The key of the cell in the row of this number.
    #[inline]
    pub fn of(&mut self, number: u32) -> Option<u32> {
        match &self.sheet.cells {
            Cells::Dense(dense) => {
                let (part, at) = dense.part_of(number)?;
                if part != self.part {
                    (self.part, self.keys) = (part, dense.keys(part, self.column).unwrap_or_default());
                }
                self.keys.get(at).map(|key| u32::from(*key))
            }
            // To find the row would take longer than to look at the value.
            Cells::Sparse(_) => None,
        }
    }
}

fn find(cells: &[StoredCell], column: u32) -> Option<&StoredCell> {
    // Without gaps the cell stands where its column says; each gap in the row moves it at most one to the front.
    let (first, last) = (cells.first()?.column, cells.last()?.column);
    let without_gaps = usize::try_from(column.checked_sub(first)?).ok()?;
    let gaps = usize::try_from(last - first).ok()?.saturating_add(1).saturating_sub(cells.len());
    let end = cells.len().min(without_gaps.saturating_add(1));
    let near = cells.get(without_gaps.saturating_sub(gaps)..end)?;
    near.binary_search_by_key(&column, |cell| cell.column).ok().and_then(|at| near.get(at))
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
        Sheet::new(name, hidden, Cells::Sparse(Sparse { rows: self.rows, cells: self.cells, texts: self.texts }))
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
