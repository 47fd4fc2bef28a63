//! Tables as text (.csv, .tsv, .txt) become typed cells.
//!
//! A field is a number only if it is written as this program would write that number; everything else is a text, so
//! that a code such as `007` keeps its zeros. What would need a guess is refused: an encoding that nothing tells, an open
//! quotation mark, a line with more or fewer fields than the first one.

use std::fs::{self, File};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::csv_field::{is_too_long, value_of};
use super::csv_plain::{Streamed, read_streamed};
use super::csv_text::{CheckedText, checked_text, ends_in_quotes, line_of, skip_blank_lines};
use super::digest::sha256;
use super::error::ReadError;
use super::guard::limits;
use crate::table::workbook::SheetNotes;
use crate::table::{DenseBuilder, Sheet, TextCells};

/// Whether a file that somebody names is a table as text, by its ending.
pub fn is_text_table(path: &Path) -> bool {
    ends_in(path, &["csv", "tsv", "txt"])
}

pub(super) fn ends_in(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|own| endings.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

/// Reads a table as text, as it comes if that can be done.
pub(super) fn read_text_file(path: &Path, encoding: Option<&str>) -> Result<(Sheet, String), ReadError> {
    match read_as_it_comes(path)? {
        Some(read) => Ok(read),
        None => read_text_table(path, &load(path)?, encoding),
    }
}

pub(super) fn load(path: &Path) -> Result<Vec<u8>, ReadError> {
    fs::read(path).map_err(|source| ReadError::Open { path: path.to_owned(), source })
}

/// Reads a table as text of which these are the bytes, and finds their digest. The sheet is named by the stem of the path.
pub fn read_text_table(path: &Path, bytes: &[u8], encoding: Option<&str>) -> Result<(Sheet, String), ReadError> {
    let (cells, read_as) = read_table(path, bytes, encoding)?;
    Ok((sheet(path, cells, read_as), sha256(bytes)))
}

/// The same for a file of which nothing is known yet; `None` where all of it has to be looked at before it can be read.
pub fn read_as_it_comes(path: &Path) -> Result<Option<(Sheet, String)>, ReadError> {
    let refused = |source| ReadError::Open { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(refused)?;
    let read = read_streamed(&mut file).map_err(refused)?;
    Ok(read.map(|Streamed { cells, digest, said }| (sheet(path, cells, said), digest)))
}

fn sheet(path: &Path, cells: TextCells, read_as: Vec<String>) -> Sheet {
    let mut sheet = Sheet::of_text(&path.file_stem().unwrap_or_default().to_string_lossy(), cells);
    // A text has neither formulas nor hidden rows.
    sheet.notes = SheetNotes { read_as, as_text: true, ..SheetNotes::default() };
    sheet
}

/// Reads one table. Rows are counted as a spreadsheet would: an empty line is a row, a line break inside quotation
/// marks is none. `path` only names the table. Gives back how it was read, where that is worth saying.
fn read_table(path: &Path, bytes: &[u8], encoding: Option<&str>) -> Result<(TextCells, Vec<String>), ReadError> {
    let CheckedText { text: whole, separator, start: begin, said } = checked_text(path, bytes, encoding)?;
    let text = whole.get(begin..).unwrap_or_default();
    // A line that names the separator is a row of its own.
    let first = 1 + u32::from(begin > 0);
    let cells = read_quoted(text, separator, first).map_err(|(at, what)| {
        let line = line_of(&whole, begin + at);
        ReadError::Csv { path: path.to_owned(), line, what }
    })?;
    Ok((cells, said))
}

/// Reads a text in which there may be quotation marks; else where it cannot be read, and what is wrong there.
fn read_quoted(text: &str, separator: u8, first_row: u32) -> Result<TextCells, (usize, String)> {
    let ends_in_quotes = |from: usize| ends_in_quotes(text.as_bytes().get(from..).unwrap_or_default(), separator);
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator).buffer_capacity(1 << 16);
    let mut reader = builder.from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut cells: Option<DenseBuilder> = None;
    let mut expected = 0;
    let mut start = 0;
    let mut before = first_row;
    loop {
        // Counted in bytes, because the reader passes over empty lines without a word.
        let (blank_lines, first) = skip_blank_lines(text.as_bytes(), start);
        let more = reader.read_record(&mut record).map_err(|error| (first, format!("the line cannot be read: {error}")))?;
        if !more {
            return Ok(cells.unwrap_or_else(|| DenseBuilder::new(0, before)).finish());
        }
        start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        if cells.is_none() {
            before = before.saturating_add(blank_lines);
            expected = record.len();
            if expected > limits::COLUMNS as usize {
                let most = limits::COLUMNS;
                return Err((
                    first,
                    format!(
                        "the line has {expected} fields, and a table has at most {most} columns; it was probably cut at the wrong places"
                    ),
                ));
            }
        }
        let is_first = cells.is_none();
        let cells = cells.get_or_insert_with(|| DenseBuilder::new(expected, before));
        if !is_first {
            (0..blank_lines).for_each(|_| cells.end_row(0));
        }
        if record.len() < expected || record.iter().skip(expected).any(|surplus| !surplus.is_empty()) {
            return Err((first, if ends_in_quotes(first) { OPEN_QUOTE.to_owned() } else { ragged(record.len(), expected) }));
        }
        for (column, field) in record.iter().enumerate() {
            if is_too_long(field) {
                let number = column + 1;
                return Err((
                    first,
                    format!("field {number} is longer than {} characters; shorten it, or take the column out", limits::TEXT),
                ));
            }
            cells.field(column, field, value_of);
        }
        cells.end_row(record.len());
        if start >= text.len() && ends_in_quotes(first) {
            return Err((first, OPEN_QUOTE.to_owned()));
        }
    }
}

const OPEN_QUOTE: &str = "a quotation mark is opened here and never closed; close it, or double it where it is part of the text";

fn ragged(found: usize, expected: usize) -> String {
    let help =
        if found > expected { "put a field that holds a comma into quotation marks" } else { "the line was cut, or lacks its commas" };
    format!("the line has {found} fields, the first line has {expected}; {help}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::sheet::Row;

    /// The cells that hold anything; whoever reads them, where nothing is quoted.
    fn cells(bytes: &[u8]) -> Result<Vec<String>, String> {
        let shown = |cells: TextCells| -> Vec<String> {
            let sheet = Sheet::of_text("t", cells);
            let of_row = |row: Row<'_>| row.cells().map(move |(column, value)| format!("{}:{column} {value:?}", row.number)).collect();
            sheet.rows().flat_map(|row| -> Vec<String> { of_row(row) }).collect()
        };
        let streamed = read_streamed(&mut &*bytes).unwrap().map(|read| shown(read.cells));
        let seen = read_table(Path::new("in/t.csv"), bytes, None).map(|(cells, _)| shown(cells)).map_err(|error| error.to_string());
        assert!(streamed.is_none_or(|streamed| Ok(streamed) == seen));
        seen
    }

    #[test]
    fn quotes_breaks_and_formulas_are_texts() {
        let seen = cells("a,b\r\n\"x \"\"y\"\", z\",\"two\nlines\"\r\n=1+1,-5\r\n".as_bytes()).unwrap();
        let expected = [
            "1:1 Text(\"a\")",
            "1:2 Text(\"b\")",
            "2:1 Text(\"x \\\"y\\\", z\")",
            "2:2 Text(\"two\\nlines\")",
            "3:1 Text(\"=1+1\")",
            "3:2 Number(-5.0)",
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_header() {
        assert_eq!(cells("\u{feff}pcode,n\nXV01,1".as_bytes()).unwrap().first().unwrap(), "1:1 Text(\"pcode\")");
    }

    #[test]
    fn rows_are_those_of_a_spreadsheet() {
        for text in ["a\n1\n\n\n2\n", "a\r\n1\r\n\r\n\r\n2", "a\r1\r\r\r2\r", "a\n1\r\n\n\r\n2"] {
            assert_eq!(cells(text.as_bytes()).unwrap(), ["1:1 Text(\"a\")", "2:1 Number(1.0)", "5:1 Number(2.0)"], "{text:?}");
        }
        assert_eq!(cells(b"\n\na\n").unwrap(), ["3:1 Text(\"a\")"]);
        assert_eq!(cells(b"\"a\nb\"\n\nc\n").unwrap(), ["1:1 Text(\"a\\nb\")", "3:1 Text(\"c\")"]);
    }

    #[test]
    fn another_separator_is_read() {
        let expected = ["1:1 Text(\"a\")", "1:2 Text(\"b\")", "2:1 Number(1.0)", "2:2 Text(\"2,5\")"];
        assert_eq!(cells(b"a;b\n1;2,5\n").unwrap(), expected);
        assert_eq!(cells(b"a\tb\n1\t\"2,5\"\n").unwrap(), expected);
        assert_eq!(cells(b"sep=;\r\na;b\r\n").unwrap(), ["2:1 Text(\"a\")", "2:2 Text(\"b\")"]);
    }

    #[test]
    fn empty_fields_behind_the_last_header_are_nothing() {
        assert_eq!(cells(b"a,b\n1,2,,,\n").unwrap().len(), 4);
    }

    #[test]
    fn what_needs_a_guess_is_refused_with_its_line() {
        let cases: [(&[u8], &str); 8] = [
            (b"a,b\n1,2\n1\n", "`in/t.csv`, line 3: the line has 1 fields, the first line has 2; the line was cut"),
            (b"a,b\n1,2,5\n", "line 2: the line has 3 fields, the first line has 2; put a field that holds a comma into quotation marks"),
            (b"a,b\n1,\"x\n2,3\n", "line 2: a quotation mark is opened here and never closed"),
            (b"a,b\n\"1,2\n3,4\n", "line 2: a quotation mark is opened here and never closed"),
            (b"sep=;\na;b\n1;2\n3\n", "line 4: the line has 1 fields, the first line has 2"),
            (b"a,b\nx,caf\xe9\n", "line 2: the text is not UTF-8"),
            (b"a,b\n1,\0\n", "line 2: a character (NUL)"),
            (b"PK\x03\x04", "this is a workbook"),
        ];
        for (bytes, said) in cases {
            let error = cells(bytes).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        let long = format!("a\n{}\n", "é".repeat(limits::TEXT + 1));
        assert!(cells(long.as_bytes()).unwrap_err().contains("line 2: field 1 is longer than 32767 characters"));
    }

    proptest::proptest! {
        /// What is read as it comes is what the reader finds that has all of it; what that one refuses is left to it.
        #[test]
        fn both_readers_find_the_same(text in "[a1,;\n\r0.\"é]{0,60}", mark in proptest::bool::ANY) {
            let bytes = format!("{}{text}", if mark { "\u{feff}" } else { "" });
            // The comparison stands in `cells`.
            let _ = cells(bytes.as_bytes());
        }

        /// The same for tables of whole lines, most of which are in order.
        #[test]
        fn both_readers_find_the_same_tables(rows in proptest::collection::vec(proptest::array::uniform3("(a|1|0[.]5|x y|007||é)"), 1..9), end in "(\n|\r\n|\n\n)") {
            let text: String = rows.iter().map(|row| format!("{}{end}", row.join(","))).collect();
            let seen = cells(text.as_bytes());
            let filled = rows.iter().flatten().filter(|field| !field.is_empty()).count();
            proptest::prop_assert_eq!(seen.map(|cells| cells.len()), Ok(filled));
        }
    }
}
