//! A table as CSV: UTF-8 without a byte order mark, LF, quotation marks only where they are needed. Numbers are
//! written in full, without an exponent; a text never looks like a formula.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

use csv::{ErrorKind, QuoteStyle, Terminator, WriterBuilder};

use super::error::WriteError;
use crate::report::{Datum, Table, TextFile};

/// Writes a text file row by row, so that a long one needs no memory.
pub fn write_csv(file: TextFile<'_>, out: &mut dyn Write) -> Result<(), WriteError> {
    write_rows(file.header, file.rows, out)
}

/// Writes the headers and rows of a table. Its notes are for people and are left out.
pub fn write_table(table: &Table, out: &mut dyn Write) -> Result<(), WriteError> {
    write_rows(table.columns.iter().map(|column| column.title.as_str()), &table.rows, out)
}

fn write_rows<'a, Row: AsRef<[Datum]>>(
    headers: impl IntoIterator<Item = &'a str>,
    rows: impl IntoIterator<Item = Row>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).quote_style(QuoteStyle::Necessary).from_writer(out);
    writer.write_record(headers.into_iter().map(guarded).map(Cow::into_owned)).map_err(failed)?;
    let mut digits = String::new();
    for row in rows {
        for datum in row.as_ref() {
            writer.write_field(field(datum, &mut digits).as_bytes()).map_err(failed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    Ok(writer.flush()?)
}

/// The text of a field. Numbers are written into `digits`, which is used again and again.
fn field<'a>(datum: &'a Datum, digits: &'a mut String) -> Cow<'a, str> {
    digits.clear();
    // Writing into a text cannot fail.
    let _ = match datum {
        Datum::Empty => Ok(()),
        Datum::Text(text) => return guarded(text),
        Datum::Whole(number) => match i64::try_from(*number) {
            Ok(short) => write!(digits, "{short}"),
            Err(_) => write!(digits, "{number}"),
        },
        Datum::Exact(number) | Datum::Share(number) => write!(digits, "{number}"),
        Datum::Phase(phase) => write!(digits, "{}", phase.number()),
    };
    digits.as_str().into()
}

/// Puts an apostrophe in front of a text that a spreadsheet would take for a formula. Some take the full-width
/// forms of the signs for the signs.
fn guarded(text: &str) -> Cow<'_, str> {
    let risky = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(risky) { format!("'{text}").into() } else { text.into() }
}

fn failed(error: csv::Error) -> WriteError {
    match error.into_kind() {
        ErrorKind::Io(source) => source.into(),
        // A row with more or fewer fields than there are headers.
        other => WriteError::format("CSV", format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Decimal, Phase};
    use crate::io::read_csv::read_text_table;
    use crate::report::{Column, Format};
    use crate::table::CellValue;

    fn table(titles: &[&str], rows: Vec<Vec<Datum>>) -> Table {
        let columns = titles.iter().map(|title| Column::new(title, Format::Text, 10)).collect();
        Table { name: "t".into(), notes: vec!["a note".into()], columns, rows, key_columns: 1 }
    }

    fn written(table: &Table) -> String {
        let mut bytes = Vec::new();
        write_table(table, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_kind_of_datum_has_one_writing() {
        let row = vec![
            Datum::Empty,
            Datum::text("a, \"b\"\nc"),
            Datum::Whole(-5),
            Datum::Exact(Decimal::parse("0.000000000001").unwrap()),
            Datum::Share(Decimal::parse("0.2").unwrap()),
            Datum::phase(Phase::new(4)),
            Datum::Whole(10_i128.pow(20)),
        ];
        let text = written(&table(&["a", "b", "c", "d", "e", "f", "g"], vec![row]));
        assert_eq!(text, "a,b,c,d,e,f,g\n,\"a, \"\"b\"\"\nc\",-5,0.000000000001,0.2,4,100000000000000000000\n");
    }

    #[test]
    fn no_text_is_a_formula_and_every_number_stays_one() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-5", "'-5"),
            ("@SUM", "'@SUM"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("＝1", "'＝1"),
            ("－1", "'－1"),
            ("1=1", "1=1"),
            ("'x", "'x"),
        ] {
            assert_eq!(written(&table(&["h"], vec![vec![Datum::text(text)]])), format!("h\n{shown}\n"));
        }
        assert_eq!(written(&table(&["=h"], vec![])), "'=h\n");
        let minus = Datum::exact(Decimal::parse("-0.5"));
        assert_eq!(written(&table(&["h"], vec![vec![minus]])), "h\n-0.5\n");
    }

    #[test]
    fn a_text_file_is_written_as_its_rows_come() {
        let rows = Box::new((1..=2).map(|number| vec![Datum::text("-x"), Datum::Whole(-number)]));
        let mut bytes = Vec::new();
        write_csv(TextFile { name: "t.csv", header: vec!["a", "b"], rows }, &mut bytes).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "a,b\n'-x,-1\n'-x,-2\n");
    }

    #[test]
    fn a_row_of_another_length_is_refused() {
        let odd = table(&["a", "b"], vec![vec![Datum::Empty]]);
        assert!(matches!(write_table(&odd, &mut Vec::new()), Err(WriteError::Format { .. })));
    }

    proptest::proptest! {
        #[test]
        fn what_was_written_reads_back(rows in proptest::collection::vec(proptest::array::uniform3("[a-z,\"\n\r =é0-9.-]{0,5}"), 0..5)) {
            let data = rows.iter().map(|row| row.iter().map(Datum::text).collect()).collect();
            let text = written(&table(&["a", "b", "c"], data));
            let mut expected: Vec<(u32, u32, String)> = Vec::new();
            for (number, row) in (2..).zip(&rows) {
                let filled = (1..).zip(row).filter(|(_, field)| !field.is_empty());
                expected.extend(filled.map(|(column, field)| (number, column, guarded(field).into_owned())));
            }
            let sheet = read_text_table(std::path::Path::new("t.csv"), text.as_bytes(), None).unwrap().0;
            let shown = |value: CellValue<'_>| match value {
                CellValue::Text(text) => text.to_owned(),
                CellValue::Number(number) => number.to_string(),
                other => format!("{other:?}"),
            };
            let mut seen: Vec<(u32, u32, String)> = Vec::new();
            sheet.rows().for_each(|row| seen.extend(row.cells().map(|(column, value)| (row.number, column, shown(value)))));
            seen.retain(|(row, _, _)| *row > 1);
            proptest::prop_assert_eq!(seen, expected);
        }
    }
}
