//! The cells of a table as text, column by column. Each different value of a column is stored once and its cells hold its
//! number, so that whatever a value means is found out once; a column in which nearly every value is another holds them
//! one by one. Two bytes a cell, or sixteen.

use super::workbook::CellValue;

/// A value as it is kept.
#[derive(Copy, Clone, Debug)]
pub(super) enum Kept {
    Blank,
    Number(f64),
    Truth(bool),
    Text(Span),
    Error(Span),
}

/// A part of the texts of a column: where it begins, and in the last bits how long it is.
#[derive(Copy, Clone, Debug)]
pub(super) struct Span(u64);

/// Bits for the length of a text: a cell holds at most 32,767 characters.
const LENGTH_BITS: u32 = 18;

impl Span {
    fn new(start: usize, length: usize) -> Self {
        Self((start as u64) << LENGTH_BITS | length as u64 & ((1 << LENGTH_BITS) - 1))
    }

    fn of(self, texts: &str) -> &str {
        let start = usize::try_from(self.0 >> LENGTH_BITS).unwrap_or(usize::MAX);
        let length = usize::try_from(self.0 & ((1 << LENGTH_BITS) - 1)).unwrap_or_default();
        texts.get(start..start.saturating_add(length)).unwrap_or_default()
    }
}

/// So many rows stand together: a power of two.
pub const PART_ROWS: usize = 1 << PART_BITS;
const PART_BITS: u32 = 15;

/// The cells of a column in some rows.
#[derive(Clone, Debug)]
pub(super) enum Cells {
    /// The number of each cell's value.
    Coded(Vec<u16>),
    /// Every cell's value by itself, and their texts.
    Each(Vec<Kept>, String),
}

#[derive(Clone, Debug, Default)]
pub(super) struct DenseColumn {
    /// All of as many rows, but for the last.
    pub(super) parts: Vec<Cells>,
    /// The different values of coded cells; the first is a blank.
    pub(super) values: Vec<Kept>,
    pub(super) texts: String,
}

impl DenseColumn {
    fn value(&self, at: usize) -> CellValue<'_> {
        match self.parts.get(at >> PART_BITS) {
            Some(Cells::Coded(codes)) => {
                let kept = codes.get(at & (PART_ROWS - 1)).and_then(|code| self.values.get(usize::from(*code)));
                kept.map_or(CellValue::Blank, |kept| open(*kept, &self.texts))
            }
            Some(Cells::Each(cells, texts)) => cells.get(at & (PART_ROWS - 1)).map_or(CellValue::Blank, |kept| open(*kept, texts)),
            None => CellValue::Blank,
        }
    }
}

pub(super) fn open(kept: Kept, texts: &str) -> CellValue<'_> {
    match kept {
        Kept::Blank => CellValue::Blank,
        Kept::Number(number) => CellValue::Number(number),
        Kept::Truth(truth) => CellValue::Truth(truth),
        Kept::Text(span) => CellValue::Text(span.of(texts)),
        Kept::Error(span) => CellValue::Error(span.of(texts)),
    }
}

pub(super) fn keep(value: CellValue<'_>, texts: &mut String) -> Kept {
    let mut span = |text: &str| {
        let start = texts.len();
        texts.push_str(text);
        Span::new(start, text.len())
    };
    match value {
        CellValue::Blank | CellValue::Text("") => Kept::Blank,
        CellValue::Text(text) => Kept::Text(span(text)),
        CellValue::Number(number) if number.is_finite() => Kept::Number(number),
        CellValue::Number(_) => Kept::Error(span("#NUM!")),
        CellValue::Truth(truth) => Kept::Truth(truth),
        CellValue::Error(text) => Kept::Error(span(text)),
    }
}

/// All cells of a sheet; its rows follow one another from the first on.
#[derive(Clone, Debug, Default)]
pub(super) struct Dense {
    pub(super) columns: Vec<DenseColumn>,
    /// The number of the first row.
    pub(super) first: u32,
    pub(super) height: usize,
    /// Where rows stand that hold something; `None` where all do.
    pub(super) filled: Option<Vec<u32>>,
}

impl Dense {
    /// Rows that hold anything.
    pub(super) fn len(&self) -> usize {
        self.filled.as_ref().map_or(self.height, Vec::len)
    }

    /// Number and place of the so-manieth row that holds anything.
    pub(super) fn row(&self, index: usize) -> (u32, usize) {
        let at = self.filled.as_ref().map_or(index, |filled| filled.get(index).map_or(usize::MAX, |at| *at as usize));
        (self.first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)), at)
    }

    /// The place of the row of this number; `None` if it holds nothing.
    pub(super) fn find(&self, number: u32) -> Option<usize> {
        let at = number.checked_sub(self.first)?;
        let is_there = self.filled.as_ref().is_none_or(|filled| filled.binary_search(&at).is_ok());
        Some(at as usize).filter(|at| is_there && *at < self.height)
    }

    /// The value of a cell; columns count from 1.
    pub(super) fn value(&self, at: usize, column: u32) -> CellValue<'_> {
        self.column(column).map_or(CellValue::Blank, |column| column.value(at))
    }

    /// What stands for the value of a cell among those of its column; `None` where the column holds each by itself.
    pub(super) fn key(&self, at: usize, column: u32) -> Option<u32> {
        self.keys(at >> PART_BITS, column)?.get(at & (PART_ROWS - 1)).map(|code| u32::from(*code))
    }

    /// The same for a column, as long as rows follow one another.
    pub(super) fn keys(&self, part: usize, column: u32) -> Option<&[u16]> {
        match self.column(column)?.parts.get(part)? {
            Cells::Coded(codes) => Some(codes),
            Cells::Each(..) => None,
        }
    }

    /// Part and place in it of the row of this number; nothing is said of whether it holds anything.
    pub(super) fn part_of(&self, number: u32) -> Option<(usize, usize)> {
        let at = number.checked_sub(self.first)? as usize;
        Some((at >> PART_BITS, at & (PART_ROWS - 1)))
    }

    /// Whether some text of a column is such; equal ones are asked once.
    pub(super) fn any_text(&self, column: u32, is_such: impl Fn(&str) -> bool) -> bool {
        let Some(column) = self.column(column) else { return false };
        let any = |kept: &[Kept], texts: &str| kept.iter().any(|kept| matches!(kept, Kept::Text(span) if is_such(span.of(texts))));
        any(&column.values, &column.texts) || column.parts.iter().any(|part| matches!(part, Cells::Each(cells, texts) if any(cells, texts)))
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> u32 {
        u32::try_from(self.columns.len()).unwrap_or(u32::MAX)
    }

    fn column(&self, column: u32) -> Option<&DenseColumn> {
        self.columns.get((column as usize).checked_sub(1)?)
    }
}
