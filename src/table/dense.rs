//! The cells of a table as text, column by column. Each different value of a column is stored once and its cells hold its
//! number, so that whatever a value means is found out once; a column in which nearly every value is another holds them
//! one by one. Two bytes a cell, or sixteen.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::workbook::CellValue;

/// Number of a value that is not there.
const BLANK: u16 = 0;
/// A column has at most so many different values, else it holds them one by one.
const MOST: usize = u16::MAX as usize;
/// After so many cells it shows whether nearly every one holds another value.
const TRIAL: usize = 1024;

/// A value as it is kept.
#[derive(Copy, Clone, Debug)]
enum Kept {
    Blank,
    Number(f64),
    Truth(bool),
    Text(Span),
    Error(Span),
}

/// A part of the texts of a column: where it begins, and in the last bits how long it is.
#[derive(Copy, Clone, Debug)]
struct Span(u64);

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

/// The cells of a column.
#[derive(Clone, Debug)]
enum Cells {
    /// The number of each cell's value.
    Coded(Vec<u16>),
    /// Every cell's value by itself.
    Each(Vec<Kept>),
}

#[derive(Clone, Debug)]
struct DenseColumn {
    cells: Cells,
    /// The different values of a coded column; the first is a blank.
    values: Vec<Kept>,
    texts: String,
}

impl DenseColumn {
    fn value(&self, at: usize) -> CellValue<'_> {
        let kept = match &self.cells {
            Cells::Coded(codes) => codes.get(at).and_then(|code| self.values.get(usize::from(*code))),
            Cells::Each(cells) => cells.get(at),
        };
        kept.map_or(CellValue::Blank, |kept| self.open(*kept))
    }

    fn open(&self, kept: Kept) -> CellValue<'_> {
        match kept {
            Kept::Blank => CellValue::Blank,
            Kept::Number(number) => CellValue::Number(number),
            Kept::Truth(truth) => CellValue::Truth(truth),
            Kept::Text(span) => CellValue::Text(span.of(&self.texts)),
            Kept::Error(span) => CellValue::Error(span.of(&self.texts)),
        }
    }

    fn keep(&mut self, value: CellValue<'_>) -> Kept {
        let mut span = |text: &str| {
            let start = self.texts.len();
            self.texts.push_str(text);
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
}

/// All cells of a sheet; its rows follow one another from the first on.
#[derive(Clone, Debug, Default)]
pub(super) struct Dense {
    columns: Vec<DenseColumn>,
    /// The number of the first row.
    first: u32,
    height: usize,
    /// Where rows stand that hold something; `None` where all do.
    filled: Option<Vec<u32>>,
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
        match &self.column(column)?.cells {
            Cells::Coded(codes) => codes.get(at).map(|code| u32::from(*code)),
            Cells::Each(_) => None,
        }
    }

    /// Whether some text of a column is such; equal ones are asked once.
    pub(super) fn any_text(&self, column: u32, is_such: impl Fn(&str) -> bool) -> bool {
        let Some(column) = self.column(column) else { return false };
        let kept = match &column.cells {
            Cells::Coded(_) => &column.values,
            Cells::Each(cells) => cells,
        };
        kept.iter().any(|kept| matches!(kept, Kept::Text(span) if is_such(span.of(&column.texts))))
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> u32 {
        u32::try_from(self.columns.len()).unwrap_or(u32::MAX)
    }

    fn column(&self, column: u32) -> Option<&DenseColumn> {
        self.columns.get((column as usize).checked_sub(1)?)
    }
}

/// Collects the rows of a table as text, field by field. A field that was there before is not looked at again.
#[derive(Debug)]
pub struct DenseBuilder {
    columns: Vec<ColumnBuilder>,
    first: u32,
    height: usize,
    /// Where rows stand that hold nothing.
    empty: Vec<u32>,
    /// Whether the row that is being filled holds anything.
    holds_something: bool,
}

#[derive(Debug)]
struct ColumnBuilder {
    column: DenseColumn,
    known: HashMap<Box<str>, u16, RandomState>,
    /// Short fields among them, which most are.
    short: ShortFields,
}

/// The numbers of fields of at most sixteen bytes. A field is compared as one whole number, since no text holds a NUL.
#[derive(Clone, Debug)]
struct ShortFields {
    /// Field and number; a field of 0 is none. As many as a power of two, half of them free.
    slots: Vec<(u128, u16)>,
    filled: usize,
    /// Drawn by chance, so that nobody can write a file whose fields all fall on one place.
    spread: u64,
}

impl Default for ShortFields {
    fn default() -> Self {
        let spread = RandomState::default().hash_one(0_u64) | 1;
        Self { slots: vec![(0, BLANK); 64], filled: 0, spread }
    }
}

impl ShortFields {
    fn place(&self, field: u128) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
        let folded = (field as u64) ^ ((field >> 64) as u64).rotate_left(29);
        let high = u128::from(folded) * u128::from(self.spread);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
        let mixed = (high as u64) ^ ((high >> 64) as u64);
        usize::try_from(mixed).unwrap_or_default()
    }

    #[inline]
    fn find(&self, field: u128) -> Option<u16> {
        let mask = self.slots.len() - 1;
        let mut at = self.place(field) & mask;
        loop {
            let &(known, number) = self.slots.get(at)?;
            if known == field {
                return Some(number);
            }
            if known == 0 {
                return None;
            }
            at = (at + 1) & mask;
        }
    }

    fn insert(&mut self, field: u128, number: u16) {
        if self.slots.len() <= 2 * self.filled {
            let room = vec![(0, BLANK); 4 * self.slots.len()];
            let full = std::mem::replace(&mut self.slots, room);
            full.into_iter().filter(|(field, _)| *field != 0).for_each(|(field, number)| self.put(field, number));
        }
        self.filled += 1;
        self.put(field, number);
    }

    fn put(&mut self, field: u128, number: u16) {
        let mask = self.slots.len() - 1;
        let mut at = self.place(field) & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.0 == 0 {
                *slot = (field, number);
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

/// A short field as a whole number; 0 for one that is longer or empty. `text` begins with the field and may go on behind it.
#[inline]
fn short(text: &[u8], length: usize) -> u128 {
    if length > 16 || length == 0 {
        return 0;
    }
    match text.first_chunk::<16>() {
        Some(bytes) => u128::from_le_bytes(*bytes) & (u128::MAX >> (128 - 8 * length)),
        None => {
            let mut bytes = [0; 16];
            bytes.iter_mut().zip(text.iter().take(length)).for_each(|(byte, own)| *byte = *own);
            u128::from_le_bytes(bytes)
        }
    }
}

impl ColumnBuilder {
    fn new() -> Self {
        let column = DenseColumn { cells: Cells::Coded(Vec::new()), values: vec![Kept::Blank], texts: String::new() };
        Self { column, known: HashMap::default(), short: ShortFields::default() }
    }

    /// Adds the field that is the beginning of this text, so many bytes of it. `value_of` says what it stands for.
    #[inline]
    fn push<'f>(&mut self, text: &'f str, length: usize, value_of: impl FnOnce(&'f str) -> CellValue<'f>) {
        let as_number = short(text.as_bytes(), length);
        if let Cells::Coded(codes) = &mut self.column.cells {
            if length == 0 {
                return codes.push(BLANK);
            }
            let known = if as_number == 0 {
                text.get(..length).and_then(|field| self.known.get(field).copied())
            } else {
                self.short.find(as_number)
            };
            if let Some(code) = known {
                return codes.push(code);
            }
        }
        self.push_new(text.get(..length).unwrap_or_default(), as_number, value_of);
    }

    /// Adds a field that is not known yet.
    fn push_new<'f>(&mut self, field: &'f str, as_number: u128, value_of: impl FnOnce(&'f str) -> CellValue<'f>) {
        if let Cells::Coded(codes) = &mut self.column.cells {
            let (cells, values) = (codes.len(), self.column.values.len());
            if values < MOST && (cells < TRIAL || values < cells / 2) {
                let code = u16::try_from(values).unwrap_or(BLANK);
                codes.push(code);
                self.known.insert(field.into(), code);
                if as_number != 0 {
                    self.short.insert(as_number, code);
                }
                let kept = self.column.keep(value_of(field));
                return self.column.values.push(kept);
            }
            self.spread();
        }
        let kept = if field.is_empty() { Kept::Blank } else { self.column.keep(value_of(field)) };
        if let Cells::Each(cells) = &mut self.column.cells {
            cells.push(kept);
        }
    }

    /// From here on every cell holds its value by itself.
    fn spread(&mut self) {
        (self.known, self.short) = (HashMap::default(), ShortFields::default());
        spread(&mut self.column);
    }

    /// Takes over the cells of a column that stand below.
    fn append(&mut self, mut below: Self) {
        let own = &mut self.column;
        let fits = own.values.len() + below.column.values.len() <= MOST + 1;
        let both_coded = matches!((&own.cells, &below.column.cells), (Cells::Coded(_), Cells::Coded(_)));
        if both_coded && !fits {
            // The values of both may be the same.
            let more = below.known.keys().filter(|field| !self.known.contains_key(*field)).count();
            if own.values.len() + more > MOST {
                self.spread();
            }
        } else if !both_coded {
            self.spread();
        }
        if let Cells::Coded(codes) = &mut self.column.cells {
            let mut new_of: Vec<u16> = vec![BLANK; below.column.values.len()];
            let mut by_code: Vec<(u16, Box<str>)> = below.known.drain().map(|(field, code)| (code, field)).collect();
            by_code.sort_unstable();
            let Cells::Coded(more) = &below.column.cells else { return };
            let mut fresh = Vec::new();
            for (code, field) in by_code {
                let next = u16::try_from(self.column.values.len() + fresh.len()).unwrap_or(BLANK);
                let new = *self.known.entry(field).or_insert(next);
                if new == next {
                    fresh.push(code);
                }
                if let Some(slot) = new_of.get_mut(usize::from(code)) {
                    *slot = new;
                }
            }
            codes.extend(more.iter().map(|code| new_of.get(usize::from(*code)).copied().unwrap_or(BLANK)));
            for code in fresh {
                let value = below.column.values.get(usize::from(code)).map_or(CellValue::Blank, |kept| below.column.open(*kept));
                let kept = self.column.keep(value);
                self.column.values.push(kept);
            }
            return;
        }
        spread(&mut below.column);
        let moved = self.column.texts.len();
        self.column.texts.push_str(&below.column.texts);
        let shift = |span: Span| Span(span.0 + ((moved as u64) << LENGTH_BITS));
        if let (Cells::Each(cells), Cells::Each(more)) = (&mut self.column.cells, &below.column.cells) {
            cells.extend(more.iter().map(|kept| match *kept {
                Kept::Text(span) => Kept::Text(shift(span)),
                Kept::Error(span) => Kept::Error(shift(span)),
                other => other,
            }));
        }
    }
}

fn spread(column: &mut DenseColumn) {
    if let Cells::Coded(codes) = &column.cells {
        let each = codes.iter().map(|code| column.values.get(usize::from(*code)).copied().unwrap_or(Kept::Blank));
        column.cells = Cells::Each(each.collect());
        column.values = Vec::new();
    }
}

impl DenseBuilder {
    /// A table of so many columns; its first row has this number.
    pub fn new(width: usize, first: u32) -> Self {
        let columns = (0..width).map(|_| ColumnBuilder::new()).collect();
        Self { columns, first, height: 0, empty: Vec::new(), holds_something: false }
    }

    /// How many rows are complete.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Adds a field to the row that is being filled; columns count from 0, each comes once, from left to right. One behind the
    /// last column is left out. `value_of` says what a field stands for, and has to say the same of equal ones.
    #[inline]
    pub fn field<'f>(&mut self, column: usize, field: &'f str, value_of: impl FnOnce(&'f str) -> CellValue<'f>) {
        self.field_of(column, field, field.len(), value_of);
    }

    /// The same for the field that is the beginning of this text, so many bytes of it: what stands behind it is not looked at,
    /// but is quicker to take along than to leave out.
    #[inline]
    pub fn field_of<'f>(&mut self, column: usize, text: &'f str, length: usize, value_of: impl FnOnce(&'f str) -> CellValue<'f>) {
        self.holds_something |= length > 0;
        if let Some(column) = self.columns.get_mut(column) {
            column.push(text, length, value_of);
        }
    }

    /// Ends a row, of which so many columns have come.
    pub fn end_row(&mut self, fields: usize) {
        for column in self.columns.iter_mut().skip(fields) {
            column.push("", 0, |_| CellValue::Blank);
        }
        if !std::mem::take(&mut self.holds_something) {
            self.empty.push(u32::try_from(self.height).unwrap_or(u32::MAX));
        }
        self.height += 1;
    }

    /// Takes over the rows of a table that stands below this one.
    pub fn append(&mut self, below: Self) {
        let moved = u32::try_from(self.height).unwrap_or(u32::MAX);
        self.empty.extend(below.empty.into_iter().map(|at| at.saturating_add(moved)));
        self.height += below.height;
        for (own, more) in self.columns.iter_mut().zip(below.columns) {
            own.append(more);
        }
    }

    pub(super) fn finish(self) -> Dense {
        let height = u32::try_from(self.height).unwrap_or(u32::MAX);
        let filled = (!self.empty.is_empty()).then(|| {
            let mut empty = self.empty.iter().copied().peekable();
            (0..height).filter(|at| empty.next_if_eq(at).is_none()).collect()
        });
        let columns = self.columns.into_iter().map(|column| column.column).collect();
        Dense { columns, first: self.first, height: self.height, filled }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(field: &str) -> CellValue<'_> {
        field.parse().map_or(CellValue::Text(field), CellValue::Number)
    }

    fn table(rows: &[&[&str]]) -> DenseBuilder {
        let mut builder = DenseBuilder::new(2, 1);
        for row in rows {
            row.iter().enumerate().for_each(|(at, field)| builder.field(at, field, value));
            builder.end_row(row.len());
        }
        builder
    }

    #[test]
    fn equal_values_have_one_key() {
        let dense = table(&[&["a", "1"], &["b", ""], &["a", "1"], &["", ""], &["b", "2"]]).finish();
        assert_eq!((dense.len(), dense.find(4), dense.row(3)), (4, None, (5, 4)));
        assert_eq!(dense.key(0, 1), dense.key(2, 1));
        assert_ne!(dense.key(0, 1), dense.key(1, 1));
        assert_eq!(
            [dense.value(1, 1), dense.value(1, 2), dense.value(4, 2)],
            [CellValue::Text("b"), CellValue::Blank, CellValue::Number(2.0)]
        );
        assert_eq!(dense.value(0, 3), CellValue::Blank);
    }

    /// The cells of parts that are put together are those of the whole, whatever the columns hold.
    #[test]
    fn parts_make_the_whole() {
        let own = |at: usize| format!("h{at}");
        let few = |at: usize| format!("{}", at % 7);
        let late = |at: usize| if at < 3000 { "x".to_owned() } else { format!("{at}") };
        for (first, second) in [(&own as &dyn Fn(usize) -> String, &few as &dyn Fn(usize) -> String), (&late, &own), (&few, &late)] {
            let rows: Vec<[String; 2]> = (0..90_000).map(|at| [first(at), second(at)]).collect();
            let part = |from: usize, to: usize| {
                let mut builder = DenseBuilder::new(2, 1);
                for row in rows.get(from..to).unwrap() {
                    row.iter().enumerate().for_each(|(at, field)| builder.field(at, field, value));
                    builder.end_row(2);
                }
                builder
            };
            let mut whole = part(0, 2_000);
            for (from, to) in [(2_000, 2_001), (2_001, 70_000), (70_000, 90_000)] {
                whole.append(part(from, to));
            }
            let dense = whole.finish();
            for (at, row) in rows.iter().enumerate() {
                assert_eq!((dense.value(at, 1), dense.value(at, 2)), (value(&row[0]), value(&row[1])), "{at}");
            }
        }
    }
}
