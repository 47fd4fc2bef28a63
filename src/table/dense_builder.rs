//! How the cells of a table as text are collected, field by field and part by part.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::dense::{Cells, Dense, DenseColumn, Kept, PART_ROWS, keep, open};
use super::short_fields::{ShortFields, eight, sixteen};
use super::workbook::CellValue;

/// Number of a value that is not there.
const BLANK: u16 = 0;
/// A column has at most so many different values that are told apart by numbers.
const MOST: usize = u16::MAX as usize;
/// After so many cells it shows whether every one holds another value, as ids do; after so many, whether most do.
const TRIALS: [usize; 2] = [1024, 12_288];

/// The different fields that stood in a column so far, and the values that they stand for. Parts that are read one after the
/// other share one; those that are read side by side have one each.
#[derive(Debug)]
struct Dictionary {
    /// Value and field by number; the first is a blank.
    values: Vec<Kept>,
    fields: Vec<Box<str>>,
    texts: String,
    known: HashMap<Box<str>, u16, RandomState>,
    /// Short fields, which most are, by themselves: of at most eight bytes, and of at most sixteen.
    eight: ShortFields<u64>,
    sixteen: ShortFields<u128>,
    /// Cells that were numbered.
    seen: usize,
    /// Nearly every cell held another value, so that cells hold their values by themselves.
    is_over: bool,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self {
            values: vec![Kept::Blank],
            fields: vec!["".into()],
            texts: String::new(),
            known: HashMap::default(),
            eight: ShortFields::default(),
            sixteen: ShortFields::default(),
            seen: 0,
            is_over: false,
        }
    }
}

impl Dictionary {
    /// The number of the field that is the beginning of this text, so many bytes of it, if it was there before.
    #[inline]
    fn find(&self, text: &str, length: usize) -> Option<u16> {
        match length {
            0 => Some(BLANK),
            1..=8 => self.eight.find(eight(text.as_bytes(), length)),
            9..=16 => self.sixteen.find(sixteen(text.as_bytes(), length)),
            _ => text.get(..length).and_then(|field| self.known.get(field).copied()),
        }
    }

    /// A number for a field that is new, after so many cells of this part; `None` where too many are.
    fn room(&mut self, cells: usize) -> Option<u16> {
        let (cells, values) = (self.seen + cells, self.values.len());
        let [first, second] = TRIALS;
        let is_worth_it = cells < first || (cells < second && values < cells - cells / 50) || values < cells / 2;
        let number = u16::try_from(values).ok().filter(|_| is_worth_it && values < MOST && !self.is_over);
        self.is_over |= number.is_none();
        number
    }

    /// Enters a field that is new.
    fn enter(&mut self, field: &str, value: CellValue<'_>, cells: usize) -> Option<u16> {
        let number = self.room(cells)?;
        match field.len() {
            1..=8 => self.eight.insert(eight(field.as_bytes(), field.len()), number),
            9..=16 => self.sixteen.insert(sixteen(field.as_bytes(), field.len()), number),
            _ => drop(self.known.insert(field.into(), number)),
        }
        self.fields.push(field.into());
        self.values.push(keep(value, &mut self.texts));
        Some(number)
    }

    /// The cells with these numbers, each by itself.
    fn spread(&self, numbers: &[u16]) -> Cells {
        let (mut each, mut texts) = (Vec::with_capacity(numbers.len()), String::new());
        for number in numbers {
            let kept = self.values.get(usize::from(*number)).copied().unwrap_or(Kept::Blank);
            each.push(keep(open(kept, &self.texts), &mut texts));
        }
        Cells::Each(each, texts)
    }
}

/// The dictionaries of all columns.
#[derive(Debug, Default)]
pub struct Dictionaries(Vec<Dictionary>);

/// Some rows of a table.
#[derive(Debug)]
pub struct Part {
    columns: Vec<Cells>,
    height: usize,
    /// Where rows stand that hold nothing.
    empty: Vec<u32>,
}

/// Some rows of a table as text, as they are collected field by field. A field that was there before is not looked at again.
#[derive(Debug)]
pub struct PartBuilder {
    dictionaries: Dictionaries,
    part: Part,
    /// Whether the row that is being filled holds anything.
    holds_something: bool,
}

impl PartBuilder {
    /// Rows of so many columns, with the dictionaries of another part or with empty ones.
    pub fn new(width: usize, mut dictionaries: Dictionaries) -> Self {
        dictionaries.0.resize_with(width, Dictionary::default);
        // Of a wide table few rows are to be expected.
        let room = if width <= 256 { PART_ROWS } else { 0 };
        let cells = |dictionary: &Dictionary| {
            let each = dictionary.is_over;
            if each { Cells::Each(Vec::with_capacity(room), String::new()) } else { Cells::Coded(Vec::with_capacity(room)) }
        };
        let columns = dictionaries.0.iter().map(cells).collect();
        Self { dictionaries, part: Part { columns, height: 0, empty: Vec::new() }, holds_something: false }
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
        let both = self.part.columns.get_mut(column).zip(self.dictionaries.0.get_mut(column));
        let Some((cells, dictionary)) = both else { return };
        if let Cells::Coded(numbers) = cells
            && let Some(number) = dictionary.find(text, length)
        {
            return numbers.push(number);
        }
        let field = text.get(..length).unwrap_or_default();
        let value = if field.is_empty() { CellValue::Blank } else { value_of(field) };
        push_new(cells, dictionary, field, value);
    }

    /// Adds a number to the row that is being filled, as [`Self::field`] does for a field that is written.
    pub fn number(&mut self, column: usize, number: f64) {
        self.holds_something = true;
        let both = self.part.columns.get_mut(column).zip(self.dictionaries.0.get_mut(column));
        let Some((cells, dictionary)) = both else { return };
        if let Cells::Coded(numbers) = cells {
            // No text has these bytes, since none holds a NUL.
            let key = 1 << 127 | u128::from(number.to_bits());
            let known = dictionary.sixteen.find(key).or_else(|| {
                let known = dictionary.room(numbers.len())?;
                dictionary.sixteen.insert(key, known);
                dictionary.fields.push(number.to_string().into());
                dictionary.values.push(keep(CellValue::Number(number), &mut dictionary.texts));
                Some(known)
            });
            match known {
                Some(known) => return numbers.push(known),
                None => *cells = dictionary.spread(numbers),
            }
        }
        if let Cells::Each(each, texts) = cells {
            each.push(keep(CellValue::Number(number), texts));
        }
    }

    /// Ends a row, of which so many columns have come.
    pub fn end_row(&mut self, fields: usize) {
        for (cells, dictionary) in self.part.columns.iter_mut().zip(&mut self.dictionaries.0).skip(fields) {
            match cells {
                Cells::Coded(numbers) => numbers.push(BLANK),
                Cells::Each(..) => push_new(cells, dictionary, "", CellValue::Blank),
            }
        }
        if !std::mem::take(&mut self.holds_something) {
            self.part.empty.push(u32::try_from(self.part.height).unwrap_or(u32::MAX));
        }
        self.part.height += 1;
    }

    /// The rows, and the dictionaries for more of them.
    pub fn finish(mut self) -> (Part, Dictionaries) {
        self.dictionaries.0.iter_mut().for_each(|dictionary| dictionary.seen += self.part.height);
        (self.part, self.dictionaries)
    }
}

/// Adds a field that has no number yet, and its value.
fn push_new(cells: &mut Cells, dictionary: &mut Dictionary, field: &str, value: CellValue<'_>) {
    if let Cells::Coded(numbers) = cells {
        match dictionary.enter(field, value, numbers.len()) {
            Some(number) => return numbers.push(number),
            None => *cells = dictionary.spread(numbers),
        }
    }
    if let Cells::Each(each, texts) = cells {
        each.push(keep(value, texts));
    }
}

/// The cells of a table as text.
#[derive(Clone, Debug)]
pub struct TextCells(pub(super) Dense);

impl TextCells {
    /// Parts of so many columns, one below the other, each with the place of its dictionaries; all but the last have
    /// [`PART_ROWS`] rows. The first row has this number.
    pub fn of_parts(width: usize, first: u32, parts: Vec<(Part, usize)>, dictionaries: Vec<Dictionaries>) -> Self {
        let mut dense = Dense { first, ..Dense::default() };
        let mut empty: Vec<u32> = Vec::new();
        let mut columns: Vec<Vec<(Cells, usize)>> = (0..width).map(|_| Vec::with_capacity(parts.len())).collect();
        for (part, dictionary) in parts {
            let above = u32::try_from(dense.height).unwrap_or(u32::MAX);
            empty.extend(part.empty.into_iter().map(|at| at.saturating_add(above)));
            dense.height += part.height;
            columns.iter_mut().zip(part.columns).for_each(|(column, cells)| column.push((cells, dictionary)));
        }
        let mut by_column: Vec<Vec<Dictionary>> = (0..width).map(|_| Vec::with_capacity(dictionaries.len())).collect();
        for of_part in dictionaries {
            by_column.iter_mut().zip(of_part.0).for_each(|(column, dictionary)| column.push(dictionary));
        }
        dense.columns = columns.into_par_iter().zip(by_column).map(|(parts, dictionaries)| column_of(parts, dictionaries)).collect();
        let height = u32::try_from(dense.height).unwrap_or(u32::MAX);
        dense.filled = (!empty.is_empty()).then(|| {
            let mut empty = empty.iter().copied().peekable();
            (0..height).filter(|at| empty.next_if_eq(at).is_none()).collect()
        });
        Self(dense)
    }
}

/// A column of parts that have several dictionaries: the numbers of the first one hold for all; cells whose numbers would be
/// too many hold their values by themselves.
fn column_of(parts: Vec<(Cells, usize)>, mut dictionaries: Vec<Dictionary>) -> DenseColumn {
    let mut others = if dictionaries.is_empty() { Vec::new() } else { dictionaries.split_off(1) };
    let Some(Dictionary { mut values, fields, mut texts, .. }) = dictionaries.pop() else { return DenseColumn::default() };
    let mut new_of: Vec<Option<Vec<u16>>> = vec![None];
    let mut known: HashMap<Box<str>, u16, RandomState> = HashMap::default();
    if !others.is_empty() {
        known.extend(fields.into_iter().zip(0..));
    }
    for other in &mut others {
        let mut numbers = Some(Vec::with_capacity(other.values.len()));
        for (field, kept) in std::mem::take(&mut other.fields).into_iter().zip(&other.values) {
            let number = match known.get(&field) {
                Some(number) => Some(*number),
                None => u16::try_from(values.len()).ok().filter(|_| values.len() < MOST).inspect(|number| {
                    values.push(keep(open(*kept, &other.texts), &mut texts));
                    known.insert(field, *number);
                }),
            };
            match (number, &mut numbers) {
                (Some(number), Some(numbers)) => numbers.push(number),
                _ => numbers = None,
            }
        }
        new_of.push(numbers);
    }
    let renumbered = |(cells, dictionary): (Cells, usize)| {
        let Cells::Coded(mut numbers) = cells else { return cells };
        if dictionary == 0 {
            return Cells::Coded(numbers);
        }
        match new_of.get(dictionary) {
            Some(Some(new)) => {
                for number in &mut numbers {
                    *number = new.get(usize::from(*number)).copied().unwrap_or(BLANK);
                }
                Cells::Coded(numbers)
            }
            _ => others.get(dictionary - 1).map_or_else(|| Cells::Coded(Vec::new()), |own| own.spread(&numbers)),
        }
    };
    let parts = parts.into_iter().map(renumbered).collect();
    DenseColumn { parts, values, texts }
}

/// Collects the rows of a table as text one after the other.
#[derive(Debug)]
pub struct DenseBuilder {
    width: usize,
    first: u32,
    parts: Vec<(Part, usize)>,
    current: PartBuilder,
}

impl DenseBuilder {
    /// A table of so many columns; its first row has this number.
    pub fn new(width: usize, first: u32) -> Self {
        Self { width, first, parts: Vec::new(), current: PartBuilder::new(width, Dictionaries::default()) }
    }

    /// Adds a field to the row that is being filled, as [`PartBuilder::field`] does.
    pub fn field<'f>(&mut self, column: usize, field: &'f str, value_of: impl FnOnce(&'f str) -> CellValue<'f>) {
        self.current.field(column, field, value_of);
    }

    /// Adds a number to the row that is being filled.
    pub fn number(&mut self, column: usize, number: f64) {
        self.current.number(column, number);
    }

    /// Ends a row, of which so many columns have come.
    pub fn end_row(&mut self, fields: usize) {
        self.current.end_row(fields);
        if self.current.part.height == PART_ROWS {
            let full = std::mem::replace(&mut self.current, PartBuilder::new(0, Dictionaries::default()));
            let (part, dictionaries) = full.finish();
            self.parts.push((part, 0));
            self.current = PartBuilder::new(self.width, dictionaries);
        }
    }

    /// The cells.
    pub fn finish(mut self) -> TextCells {
        let (part, dictionaries) = self.current.finish();
        self.parts.push((part, 0));
        TextCells::of_parts(self.width, self.first, self.parts, vec![dictionaries])
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
        let dense = table(&[&["a", "1"], &["b", ""], &["a", "1"], &["", ""], &["b", "2"]]).finish().0;
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
        let late = |at: usize| if at < 70_000 { "x".to_owned() } else { format!("{at}") };
        for (first, second) in [(&own as &dyn Fn(usize) -> String, &few as &dyn Fn(usize) -> String), (&late, &own), (&few, &late)] {
            let rows: Vec<[String; 2]> = (0..3 * PART_ROWS - 7_000).map(|at| [first(at), second(at)]).collect();
            let part = |from: usize, to: usize, dictionaries: Dictionaries| {
                let mut builder = PartBuilder::new(2, dictionaries);
                for row in rows.get(from..to).unwrap() {
                    row.iter().enumerate().for_each(|(at, field)| builder.field(at, field, value));
                    builder.end_row(2);
                }
                builder.finish()
            };
            // The first and the third part share their dictionaries, as parts do that one thread reads.
            let (one, first) = part(0, PART_ROWS, Dictionaries::default());
            let (two, second) = part(PART_ROWS, 2 * PART_ROWS, Dictionaries::default());
            let (three, first) = part(2 * PART_ROWS, rows.len(), first);
            let dense = TextCells::of_parts(2, 1, vec![(one, 0), (two, 1), (three, 0)], vec![first, second]).0;
            for (at, row) in rows.iter().enumerate() {
                assert_eq!((dense.value(at, 1), dense.value(at, 2)), (value(&row[0]), value(&row[1])), "{at}");
            }
        }
    }
}
