//! What a workbook holds: the values of cells, what a reader knows of them beside, and the sheets.

pub use super::sheet::{Sheet, SheetBuilder};

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

/// A workbook as read: only the sheets that were asked for, and the names of the others.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    /// The sheets read, in the workbook's order.
    pub sheets: Vec<Sheet>,
    /// Names of the sheets that nothing asked for.
    pub unread: Vec<String>,
}

impl Workbook {
    /// Whether this is one table as text and nothing else: it can be looked at, but makes no figures.
    pub fn is_one_table(&self) -> bool {
        self.unread.is_empty() && matches!(self.sheets.as_slice(), [sheet] if sheet.alone)
    }

    /// The sheet whose name fits.
    pub fn find(&self, mut fits: impl FnMut(&str) -> bool) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| fits(&sheet.name))
    }
}
