//! A table as Parquet (.parquet) becomes typed cells: its columns' names are the first row, as in any other table. A null and
//! a number that is none are blanks; a date becomes the text YYYY-MM-DD. What a spreadsheet could not hold is refused by its
//! column.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::RowGroupMetaData;

use super::digest::Running;
use super::error::ReadError;
use super::guard::foreign::guarded;
use super::guard::limits;
use crate::table::{CellValue, DenseBuilder, Sheet};

/// So many bytes may the columns take once they are unpacked.
const MOST_BYTES: i64 = 8 << 30;
/// So many cells may it have: each takes two bytes at least, also where it is null and takes none in the file.
const MOST_CELLS: u64 = 1 << 32;
/// Whole numbers up to here are the same as floating-point numbers.
const EXACT: u64 = 1 << 53;

/// Reads a table, and finds the digest of its bytes. The sheet is named by the stem of the path.
pub fn read(path: &Path) -> Result<(Sheet, String), ReadError> {
    let gave_up = || ReadError::Damaged { path: path.to_owned(), source: "the reader of the format cannot make sense of it".into() };
    guarded(|| read_table(path)).unwrap_or_else(|| Err(gave_up()))
}

fn read_table(path: &Path) -> Result<(Sheet, String), ReadError> {
    let opened = || File::open(path).map_err(|source| ReadError::Open { path: path.to_owned(), source });
    let damaged = |what: String| ReadError::Damaged { path: path.to_owned(), source: what.into() };
    // What the writer says of its own types beside those of the format is left aside: texts are texts.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(opened()?, options).map_err(|error| damaged(error.to_string()))?;
    let sizes = builder.metadata().row_groups().iter().map(RowGroupMetaData::total_byte_size);
    if sizes.fold(0_i64, i64::saturating_add) > MOST_BYTES {
        return Err(damaged(format!("its columns take more than {} GB unpacked", MOST_BYTES >> 30)));
    }
    let width = builder.schema().fields().len();
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(u64::MAX);
    if width > limits::COLUMNS as usize || rows.saturating_mul(width as u64) > MOST_CELLS {
        return Err(damaged(format!("it has {width} columns and {rows} rows, which is more than can be held")));
    }
    let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    if let Some(name) = names.iter().find(|name| name.contains('\0')) {
        return Err(damaged(format!("the name of column {name:?} holds a character (NUL) that no text holds")));
    }
    let mut cells = DenseBuilder::new(names.len(), 1);
    names.iter().enumerate().for_each(|(at, name)| cells.field(at, name, CellValue::Text));
    cells.end_row(names.len());
    let mut row = 1_u64;
    for batch in builder.with_batch_size(8192).build().map_err(|error| damaged(error.to_string()))? {
        let batch = batch.map_err(|error| damaged(error.to_string()))?;
        let columns: Vec<Values<'_>> = columns(&batch).map_err(&damaged)?;
        for at in 0..batch.num_rows() {
            row += 1;
            for (number, (column, name)) in columns.iter().zip(&names).enumerate() {
                column.push(at, number, &mut cells).map_err(|what| damaged(format!("column `{name}`, row {row}: {what}")))?;
            }
            cells.end_row(names.len());
        }
    }
    if u32::try_from(row).is_err() {
        return Err(damaged("it has more rows than can be counted here".to_owned()));
    }
    let sheet = Sheet::of_text(&path.file_stem().unwrap_or_default().to_string_lossy(), cells.finish());
    Ok((sheet, digest(path, opened()?)?))
}

fn digest(path: &Path, mut file: File) -> Result<String, ReadError> {
    use std::io::Read as _;
    let (mut running, mut piece) = (Running::default(), vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut piece).map_err(|source| ReadError::Open { path: path.to_owned(), source })?;
        match piece.get(..count).filter(|piece| !piece.is_empty()) {
            Some(read) => running.take(read),
            None => return Ok(running.finish()),
        }
    }
}

/// The values of one column in a batch.
enum Values<'a> {
    Numbers(Box<dyn Fn(usize) -> f64 + 'a>, &'a dyn Array),
    /// Whole numbers that may be too large for a floating-point number; those are texts.
    Whole(Box<dyn Fn(usize) -> i128 + 'a>, &'a dyn Array),
    Texts(Box<dyn Fn(usize) -> &'a str + 'a>, &'a dyn Array),
    Truths(&'a arrow_array::BooleanArray),
    /// Days since 1970-01-01.
    Days(Box<dyn Fn(usize) -> i64 + 'a>, &'a dyn Array),
}

fn columns(batch: &RecordBatch) -> Result<Vec<Values<'_>>, String> {
    batch.columns().iter().zip(batch.schema_ref().fields()).map(|(array, field)| values(array.as_ref(), field.name())).collect()
}

fn values<'a>(array: &'a dyn Array, name: &str) -> Result<Values<'a>, String> {
    fn whole<T: ArrowPrimitiveType>(array: &dyn Array) -> Values<'_>
    where
        T::Native: Into<i128>,
    {
        let own = array.as_primitive::<T>();
        Values::Whole(Box::new(|at| own.value(at).into()), array)
    }
    fn moments<T: ArrowPrimitiveType<Native = i64>>(array: &dyn Array, a_second: i64) -> Values<'_> {
        let own = array.as_primitive::<T>();
        Values::Days(Box::new(move |at| own.value(at).div_euclid(86_400 * a_second)), array)
    }
    Ok(match array.data_type() {
        DataType::Boolean => Values::Truths(array.as_boolean()),
        DataType::Int8 => whole::<Int8Type>(array),
        DataType::Int16 => whole::<Int16Type>(array),
        DataType::Int32 => whole::<Int32Type>(array),
        DataType::Int64 => whole::<Int64Type>(array),
        DataType::UInt8 => whole::<UInt8Type>(array),
        DataType::UInt16 => whole::<UInt16Type>(array),
        DataType::UInt32 => whole::<UInt32Type>(array),
        DataType::UInt64 => whole::<UInt64Type>(array),
        DataType::Float64 => {
            let own = array.as_primitive::<Float64Type>();
            Values::Numbers(Box::new(|at| own.value(at)), array)
        }
        DataType::Float32 => {
            // The decimal that the number stands for, as other programs show it.
            let own = array.as_primitive::<Float32Type>();
            Values::Numbers(Box::new(|at| own.value(at).to_string().parse().unwrap_or(f64::NAN)), array)
        }
        DataType::Utf8 => {
            let own = array.as_string::<i32>();
            Values::Texts(Box::new(|at| own.value(at)), array)
        }
        DataType::LargeUtf8 => {
            let own = array.as_string::<i64>();
            Values::Texts(Box::new(|at| own.value(at)), array)
        }
        DataType::Date32 => {
            let own = array.as_primitive::<Date32Type>();
            Values::Days(Box::new(|at| own.value(at).into()), array)
        }
        DataType::Timestamp(TimeUnit::Second, _) => moments::<TimestampSecondType>(array, 1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => moments::<TimestampMillisecondType>(array, 1_000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => moments::<TimestampMicrosecondType>(array, 1_000_000),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => moments::<TimestampNanosecondType>(array, 1_000_000_000),
        other => {
            return Err(format!(
                "column `{name}` is of type {other}, which no sheet holds; write it as numbers, texts or dates, or leave it out"
            ));
        }
    })
}

impl Values<'_> {
    /// Adds the value of a row to the cells.
    fn push(&self, at: usize, column: usize, cells: &mut DenseBuilder) -> Result<(), String> {
        let is_null = match self {
            Self::Numbers(_, array) | Self::Whole(_, array) | Self::Texts(_, array) | Self::Days(_, array) => array.is_null(at),
            Self::Truths(array) => array.is_null(at),
        };
        if is_null {
            cells.field(column, "", |_| CellValue::Blank);
            return Ok(());
        }
        match self {
            Self::Numbers(value, _) => match value(at) {
                number if number.is_nan() => cells.field(column, "", |_| CellValue::Blank),
                number => cells.number(column, number),
            },
            Self::Whole(value, _) => match value(at) {
                #[expect(clippy::cast_precision_loss, reason = "small enough")]
                whole if whole.unsigned_abs() <= u128::from(EXACT) => cells.number(column, whole as f64),
                whole => cells.field(column, &whole.to_string(), CellValue::Text),
            },
            Self::Texts(value, _) => {
                let text = value(at);
                if text.len() > limits::TEXT && text.chars().count() > limits::TEXT {
                    return Err(format!("the text is longer than {} characters", limits::TEXT));
                }
                if text.contains('\0') {
                    return Err("a character (NUL) that no text holds".to_owned());
                }
                cells.field(column, text, CellValue::Text);
            }
            Self::Truths(array) => {
                let word = if array.value(at) { "true" } else { "false" };
                cells.field(column, word, |word| CellValue::Truth(word == "true"));
            }
            Self::Days(day, _) => {
                let day = i32::try_from(day(at)).ok().and_then(Date32Type::to_naive_date_opt);
                cells.field(column, &day.ok_or("a day that no calendar has")?.to_string(), CellValue::Text);
            }
        }
        Ok(())
    }
}
