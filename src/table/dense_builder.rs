//! How the cells of a table as text are collected, field by field and part by part.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::dense::{Cells, Dense, DenseColumn, Kept, PART_ROWS, keep, open};
use super::short_fields::{ShortFields, eight, sixteen};
use super::workbook::CellValue;

/// Number of a value that is not there.
const BLANK: u16 = 0;
/// A column has at most so many different values that are told apart by numbers.
const MOST: usize = u16::MAX as usize;
/// After so many cells it shows whether nearly every one holds another value.
const TRIAL: usize = 1024;

/// Some rows of a table as text, as they are collected field by field. A field that was there before is not looked at again.
#[derive(Debug)]
pub struct PartBuilder {
    columns: Vec<ColumnBuilder>,
    height: usize,
    /// Where rows stand that hold nothing.
    empty: Vec<u32>,
    /// Whether the row that is being filled holds anything.
    holds_something: bool,
}

#[derive(Debug)]
struct ColumnBuilder {
    cells: Cells,
    /// The different values of coded cells, the fields that they were made of, and the texts.
    values: Vec<Kept>,
    fields: Vec<Box<str>>,
    texts: String,
    known: HashMap<Box<str>, u16, RandomState>,
    /// Short fields, which most are, by themselves: of at most eight bytes, and of at most sixteen.
    eight: ShortFields<u64>,
    sixteen: ShortFields<u128>,
}

impl ColumnBuilder {
    fn new() -> Self {
        Self {
            cells: Cells::Coded(Vec::new()),
            values: vec![Kept::Blank],
            fields: vec!["".into()],
            texts: String::new(),
            known: HashMap::default(),
            eight: ShortFields::default(),
            sixteen: ShortFields::default(),
        }
    }

    /// Adds the field that is the beginning of this text, so many bytes of it. `value_of` says what it stands for.
    #[inline]
    fn push<'f>(&mut self, text: &'f str, length: usize, value_of: impl FnOnce(&'f str) -> CellValue<'f>) {
        if let Cells::Coded(codes) = &mut self.cells {
            if length == 0 {
                return codes.push(BLANK);
            }
            let known = match length {
                1..=8 => self.eight.find(eight(text.as_bytes(), length)),
                9..=16 => self.sixteen.find(sixteen(text.as_bytes(), length)),
                _ => text.get(..length).and_then(|field| self.known.get(field).copied()),
            };
            if let Some(code) = known {
                return codes.push(code);
            }
        }
        self.push_new(text.get(..length).unwrap_or_default(), value_of);
    }

    /// Adds a field that is not known yet.
    fn push_new<'f>(&mut self, field: &'f str, value_of: impl FnOnce(&'f str) -> CellValue<'f>) {
        if let Cells::Coded(codes) = &mut self.cells {
            let (cells, values) = (codes.len(), self.values.len());
            if cells < TRIAL || values < cells / 2 {
                let code = u16::try_from(values).unwrap_or(BLANK);
                codes.push(code);
                match field.len() {
                    1..=8 => self.eight.insert(eight(field.as_bytes(), field.len()), code),
                    9..=16 => self.sixteen.insert(sixteen(field.as_bytes(), field.len()), code),
                    _ => drop(self.known.insert(field.into(), code)),
                }
                self.fields.push(field.into());
                self.values.push(keep(value_of(field), &mut self.texts));
                return;
            }
            self.spread();
        }
        if let Cells::Each(cells, texts) = &mut self.cells {
            cells.push(if field.is_empty() { Kept::Blank } else { keep(value_of(field), texts) });
        }
    }

    /// From here on every cell holds its value by itself.
    fn spread(&mut self) {
        if let Cells::Coded(codes) = &self.cells {
            let mut each = Vec::with_capacity(PART_ROWS);
            each.extend(codes.iter().map(|code| self.values.get(usize::from(*code)).copied().unwrap_or(Kept::Blank)));
            self.cells = Cells::Each(each, std::mem::take(&mut self.texts));
        }
        (self.known, self.values) = (HashMap::default(), Vec::new());
        (self.eight, self.sixteen) = (ShortFields::default(), ShortFields::default());
    }
}

impl PartBuilder {
    /// Rows of so many columns.
    pub fn new(width: usize) -> Self {
        Self { columns: (0..width).map(|_| ColumnBuilder::new()).collect(), height: 0, empty: Vec::new(), holds_something: false }
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
}

/// Collects the rows of a table as text, part by part.
#[derive(Debug)]
pub struct DenseBuilder {
    dense: Dense,
    /// For each column the numbers of the fields that are coded.
    known: Vec<HashMap<Box<str>, u16, RandomState>>,
    empty: Vec<u32>,
    /// The part that is being filled.
    current: PartBuilder,
}

impl DenseBuilder {
    /// A table of so many columns; its first row has this number.
    pub fn new(width: usize, first: u32) -> Self {
        let column = || DenseColumn { values: vec![Kept::Blank], ..DenseColumn::default() };
        let dense = Dense { columns: (0..width).map(|_| column()).collect(), first, ..Dense::default() };
        Self { dense, known: vec![HashMap::default(); width], empty: Vec::new(), current: PartBuilder::new(width) }
    }

    /// Adds a field to the row that is being filled, as [`PartBuilder::field`] does.
    pub fn field<'f>(&mut self, column: usize, field: &'f str, value_of: impl FnOnce(&'f str) -> CellValue<'f>) {
        self.current.field(column, field, value_of);
    }

    /// Ends a row, of which so many columns have come.
    pub fn end_row(&mut self, fields: usize) {
        self.current.end_row(fields);
        if self.current.height == PART_ROWS {
            let full = std::mem::replace(&mut self.current, PartBuilder::new(self.dense.columns.len()));
            self.append(full);
        }
    }

    /// Takes over rows that stand below all others; only the last part may have fewer than [`PART_ROWS`].
    pub fn append(&mut self, part: PartBuilder) {
        let above = u32::try_from(self.dense.height).unwrap_or(u32::MAX);
        self.empty.extend(part.empty.into_iter().map(|at| at.saturating_add(above)));
        self.dense.height += part.height;
        for ((column, known), part) in self.dense.columns.iter_mut().zip(&mut self.known).zip(part.columns) {
            let cells = column.taken_over(known, part);
            column.parts.push(cells);
        }
    }

    pub(super) fn finish(mut self) -> Dense {
        if self.current.height > 0 {
            let last = std::mem::replace(&mut self.current, PartBuilder::new(0));
            self.append(last);
        }
        let height = u32::try_from(self.dense.height).unwrap_or(u32::MAX);
        self.dense.filled = (!self.empty.is_empty()).then(|| {
            let mut empty = self.empty.iter().copied().peekable();
            (0..height).filter(|at| empty.next_if_eq(at).is_none()).collect()
        });
        self.dense
    }
}

impl DenseColumn {
    /// The cells of a part, their numbers as they are in this column; each by itself where these would be too many.
    fn taken_over(&mut self, known: &mut HashMap<Box<str>, u16, RandomState>, mut part: ColumnBuilder) -> Cells {
        if self.values.len() + part.fields.len() > MOST {
            part.spread();
        }
        let Cells::Coded(mut codes) = part.cells else { return part.cells };
        let mut new_of: Vec<u16> = vec![BLANK; part.values.len()];
        let fields = part.fields.into_iter().zip(&part.values).zip(&mut new_of);
        for ((field, kept), new) in fields.skip(1) {
            let next = u16::try_from(self.values.len()).unwrap_or(BLANK);
            *new = *known.entry(field).or_insert(next);
            if *new == next {
                let kept = keep(open(*kept, &part.texts), &mut self.texts);
                self.values.push(kept);
            }
        }
        if (0..).zip(&new_of).any(|(old, new)| old != *new) {
            codes.iter_mut().for_each(|code| *code = new_of.get(usize::from(*code)).copied().unwrap_or(BLANK));
        }
        Cells::Coded(codes)
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
                let mut builder = PartBuilder::new(2);
                for row in rows.get(from..to).unwrap() {
                    row.iter().enumerate().for_each(|(at, field)| builder.field(at, field, value));
                    builder.end_row(2);
                }
                builder
            };
            let mut whole = DenseBuilder::new(2, 1);
            for (from, to) in [(0, PART_ROWS), (PART_ROWS, 2 * PART_ROWS), (2 * PART_ROWS, 90_000)] {
                whole.append(part(from, to));
            }
            let dense = whole.finish();
            for (at, row) in rows.iter().enumerate() {
                assert_eq!((dense.value(at, 1), dense.value(at, 2)), (value(&row[0]), value(&row[1])), "{at}");
            }
        }
    }
}
