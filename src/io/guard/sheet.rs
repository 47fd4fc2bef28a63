//! One sheet's XML, looked through before any cell of it is believed: every address, every number, every index of a
//! shared text. What the reader does not tell is gathered on the way: formulas, hidden rows and columns, merges.

use std::io::BufRead;

use super::addresses::{Seen, block, shortened};
use super::cell::{CellKind, Open, check_value, is_known_error, names_another_workbook};
use super::plain::{PlainCell, plain_cell};
use super::strings::SharedTexts;
use super::xml::{BytesStart, Event, Events, attribute, is_true};
use super::{MergedRows, Refusal, limits};
use crate::diag::place::column_letters;
use crate::table::workbook::SheetNotes;

/// Looks through the part of a sheet.
pub fn scan(part: impl BufRead, texts: &SharedTexts) -> Result<SheetNotes, Refusal> {
    let mut scan = Scan {
        texts,
        notes: SheetNotes::default(),
        row: 0,
        row_text: String::new(),
        column: 0,
        cells: 0,
        referred: 0,
        merged: MergedRows::default(),
        seen: Seen::default(),
        ended: false,
    };
    let mut events = Events::new(part);
    let mut open: Option<Open> = None;
    let (mut inside_value, mut inside_formula) = (false, false);
    let mut inside_data = false;
    loop {
        if inside_data && open.is_none() {
            events.taken(|bytes| scan.plain_cells(bytes))?;
        }
        let (row, column) = (scan.row, scan.column);
        match events.next().map_err(|refusal| near(refusal, row, column))? {
            Event::Start(element) => match element.local_name().as_ref() {
                "sheetData" => inside_data = true,
                "row" if inside_data => scan.row(&element)?,
                "c" if inside_data => open = Some(scan.cell(&element)?),
                "v" => {
                    inside_value = open.is_some();
                    if let Some(cell) = &mut open {
                        cell.has_value = true;
                    }
                }
                "f" => {
                    inside_formula = true;
                    if let Some(cell) = &mut open {
                        cell.formula = true;
                    }
                }
                _ => scan.beside(&element)?,
            },
            Event::Empty(element) => match element.local_name().as_ref() {
                "sheetData" => scan.ended = true,
                "row" if inside_data => scan.row(&element)?,
                "c" if inside_data => drop(scan.cell(&element)?),
                "f" | "v" => {
                    if let Some(cell) = &mut open {
                        cell.formula |= element.local_name().as_ref() == "f";
                        cell.has_value |= element.local_name().as_ref() == "v";
                    }
                }
                _ => scan.beside(&element)?,
            },
            Event::End(element) => match element.local_name().as_ref() {
                "v" => inside_value = false,
                "f" => inside_formula = false,
                "c" => {
                    if let Some(cell) = open.take() {
                        scan.close(&cell)?;
                    }
                }
                "sheetData" => (inside_data, scan.ended) = (false, true),
                _ => {}
            },
            Event::Text(text) if inside_value => {
                if let Some(cell) = &mut open {
                    cell.put(&text.into_inner());
                }
            }
            Event::Text(text) if inside_formula => {
                if let Some(cell) = &mut open {
                    cell.external |= names_another_workbook(&text.into_inner());
                }
            }
            Event::CData(text) if inside_value => {
                if let Some(cell) = &mut open {
                    cell.put(&text.into_inner());
                }
            }
            Event::GeneralRef(_) | Event::Comment(_) | Event::PI(_) if inside_value => {
                if let Some(cell) = &mut open {
                    cell.parts = 2;
                    if matches!(cell.kind, CellKind::Text | CellKind::Inline) {
                        cell.parts = 1;
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if scan.ended { Ok(scan.notes.in_order()) } else { Err(Refusal::of_workbook("it is incomplete: its rows do not come to an end")) }
}

/// Says after which cell the XML breaks.
fn near(refusal: Refusal, row: u32, column: u32) -> Refusal {
    if row == 0 {
        return refusal;
    }
    let within = if column == 0 { format!("at row {row}") } else { format!("at or after cell {}{row}", column_letters(column)) };
    Refusal { within, ..refusal }
}

struct Scan<'a> {
    texts: &'a SharedTexts,
    notes: SheetNotes,
    row: u32,
    /// Its number as addresses write it.
    row_text: String,
    column: u32,
    cells: u64,
    referred: u64,
    merged: MergedRows,
    seen: Seen,
    ended: bool,
}

impl Scan<'_> {
    fn row(&mut self, element: &BytesStart<'_>) -> Result<(), Refusal> {
        let mut hidden = false;
        let mut number = None;
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| Refusal::of_workbook(format!("its XML is damaged ({error})")))?;
            match attribute.key.local_name().as_ref() {
                "r" => number = Some(attribute.value.to_string()),
                "hidden" => hidden = is_true(Some(&attribute.value)),
                _ => {}
            }
        }
        self.row = match number {
            None => self.row.saturating_add(1),
            Some(text) => match text.parse() {
                Ok(row) if (1..=limits::ROWS).contains(&row) => row,
                _ => return Err(Refusal::of_workbook(format!("it has a row `{}`, which no sheet has", shortened(&text)))),
            },
        };
        self.column = 0;
        self.row_text = self.row.to_string();
        if self.row > limits::ROWS {
            return Err(Refusal::of_workbook(format!("it has more than {} rows", limits::ROWS)));
        }
        if !self.seen.row(self.row) {
            return Err(Refusal::of_workbook(format!("its row {} is stored twice", self.row)));
        }
        if hidden {
            extend(&mut self.notes.hidden_rows, self.row);
        }
        Ok(())
    }

    fn cell(&mut self, element: &BytesStart<'_>) -> Result<Open, Refusal> {
        let mut kind = CellKind::Number;
        let mut column = self.column.saturating_add(1);
        let mut addressed = false;
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| Refusal::of_workbook(format!("its XML is damaged ({error})")))?;
            match attribute.key.local_name().as_ref() {
                "r" => (column, addressed) = (self.column_of(&attribute.value)?, true),
                "t" => {
                    kind = CellKind::of(&attribute.value).ok_or_else(|| {
                        let what = format!("it says that it is of the kind `{}`, which there is not", shortened(&attribute.value));
                        Refusal::within(self.address(column), what)
                    })?;
                }
                _ => {}
            }
        }
        self.notes.unaddressed |= !addressed;
        self.enter(column)?;
        Ok(Open { row: self.row, column, kind, formula: false, external: false, has_value: false, value: None, parts: 0 })
    }

    /// Takes the plain cells at the front of these bytes; how many bytes they are.
    fn plain_cells(&mut self, bytes: &[u8]) -> Result<usize, Refusal> {
        let mut taken = 0;
        while let Some(cell) = bytes.get(taken..).and_then(plain_cell) {
            self.plain(&cell)?;
            taken += cell.length;
        }
        Ok(taken)
    }

    fn plain(&mut self, cell: &PlainCell<'_>) -> Result<(), Refusal> {
        let column = match self.column_in_row(cell.address) {
            Some(column) => column,
            None => self.column_of(&String::from_utf8_lossy(cell.address))?,
        };
        self.enter(column)?;
        let Some(value) = cell.value else { return Ok(()) };
        let referred = check_value(cell.kind, value, true, self.texts).map_err(|what| Refusal::within(self.address(column), what))?;
        self.refer(referred)?;
        self.notes.last = (self.notes.last.0.max(self.row), self.notes.last.1.max(column));
        Ok(())
    }

    /// Goes to a cell of the row.
    fn enter(&mut self, column: u32) -> Result<(), Refusal> {
        if column > limits::COLUMNS {
            return Err(Refusal::of_workbook(format!("row {} has more than {} columns", self.row, limits::COLUMNS)));
        }
        self.column = column;
        if !self.seen.column(column) {
            let what = "it is stored twice, and programs differ in which of the two they read";
            return Err(Refusal::within(self.address(column), what));
        }
        self.cells += 1;
        if self.cells > limits::CELLS {
            return Err(Refusal::of_workbook(format!("it has more than {} cells", limits::CELLS)));
        }
        Ok(())
    }

    /// Counts the bytes of a shared text that a cell refers to.
    fn refer(&mut self, bytes: u64) -> Result<(), Refusal> {
        self.referred = self.referred.saturating_add(bytes);
        if self.referred > limits::REFERRED {
            return Err(Refusal::of_workbook(format!("its cells hold more than {} MiB of text", limits::REFERRED >> 20)));
        }
        Ok(())
    }

    /// The column of an address that ends in this row's number as it is written everywhere in the row.
    fn column_in_row(&self, address: &[u8]) -> Option<u32> {
        let letters = address.strip_suffix(self.row_text.as_bytes())?;
        if !(1..=3).contains(&letters.len()) || !letters.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let column = letters.iter().fold(0_u32, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
        (column <= limits::COLUMNS).then_some(column)
    }

    /// The column of an address; its row must be the row it stands in.
    fn column_of(&self, address: &str) -> Result<u32, Refusal> {
        let letters = address.bytes().take_while(u8::is_ascii_uppercase).count();
        let (name, number) = address.split_at(letters);
        let column = name.bytes().fold(0_u32, |column, letter| column.saturating_mul(26).saturating_add(u32::from(letter - b'A') + 1));
        let good = (1..=3).contains(&letters)
            && number.len() <= 7
            && !number.starts_with('0')
            && number.bytes().all(|digit| digit.is_ascii_digit());
        let row = number.parse::<u32>().ok().filter(|_| good && (1..=limits::COLUMNS).contains(&column));
        match row {
            Some(row) if row == self.row => Ok(column),
            Some(row) => {
                let what = format!("it stands in row {}, so that nobody can say where it belongs", self.row);
                Err(Refusal::within(format!("cell {name}{row}"), what))
            }
            None => Err(Refusal::within(format!("cell {}", shortened(address)), "there is no such cell in a sheet")),
        }
    }

    fn close(&mut self, cell: &Open) -> Result<(), Refusal> {
        let at = (cell.row, cell.column);
        let value = cell.value.as_deref().unwrap_or_default();
        if cell.formula {
            self.notes.formulas.push(at);
            // A formula that gives an empty text has a place for its value, and nothing in it.
            let empty_text = cell.kind == CellKind::Text && cell.has_value;
            if cell.value.is_none() && cell.kind != CellKind::Inline && !empty_text {
                self.notes.uncalculated.push(at);
            }
        }
        if cell.kind == CellKind::Error && !is_known_error(value) {
            self.notes.odd_errors.push((at.0, at.1, shortened(value)));
        }
        if cell.external {
            self.notes.external.push(at);
        }
        self.refer(cell.check(self.texts)?)?;
        if cell.value.is_some() || cell.kind == CellKind::Inline {
            self.notes.last = (self.notes.last.0.max(cell.row), self.notes.last.1.max(cell.column));
        }
        Ok(())
    }

    /// Elements outside the rows.
    fn beside(&mut self, element: &BytesStart<'_>) -> Result<(), Refusal> {
        match element.local_name().as_ref() {
            "col" if is_true(attribute(element, "hidden")?.as_deref()) => {
                let number = |name: &str| Ok(attribute(element, name)?.and_then(|text| text.parse::<u32>().ok()));
                if let (Some(first), Some(last)) = (number("min")?, number("max")?) {
                    self.notes.hidden_columns.push((first, last.min(limits::COLUMNS)));
                }
            }
            "autoFilter" => self.notes.filtered = true,
            "mergeCell" => {
                let reference = attribute(element, "ref")?.unwrap_or_default();
                if let Some(block) = block(&reference) {
                    self.merged.add(block)?;
                    self.notes.merges.push(block);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn address(&self, column: u32) -> String {
        format!("cell {}{}", column_letters(column), self.row)
    }
}

/// Adds a row to runs of rows.
fn extend(runs: &mut Vec<(u32, u32)>, row: u32) {
    match runs.last_mut() {
        Some((_, last)) if last.saturating_add(1) == row => *last = row,
        _ => runs.push((row, row)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::workbook::Block;

    fn texts() -> SharedTexts {
        super::super::strings::scan(&b"<sst><si><t>a</t></si><si><r><t>b</t></r><r><t>c</t></r></si></sst>"[..]).unwrap()
    }

    /// The notes of rows inside a sheet, and what stands before and behind them.
    fn scanned(before: &str, rows: &str, behind: &str) -> Result<SheetNotes, String> {
        let xml = format!("<?xml version=\"1.0\"?><worksheet>{before}<sheetData>{rows}</sheetData>{behind}</worksheet>");
        scan(xml.as_bytes(), &texts()).map_err(|refusal| refusal.to_string())
    }

    fn refused(rows: &str) -> String {
        scanned("", rows, "").unwrap_err()
    }

    #[test]
    fn what_the_reader_does_not_tell_is_gathered() {
        let rows = "<row r=\"2\"><c r=\"B2\"><f>1+1</f><v>2</v></c><c r=\"C2\"><f>x</f></c></row>\
            <row r=\"4\" hidden=\"1\"><c r=\"A4\" t=\"s\"><v>1</v></c></row><row r=\"5\" hidden=\"true\"/><row><c><v>1</v></c><c/></row>";
        let behind = "<autoFilter ref=\"A1:B2\"/><mergeCells><mergeCell ref=\"A2:A4\"/></mergeCells>";
        let notes = scanned("<cols><col min=\"3\" max=\"4\" hidden=\"1\"/></cols>", rows, behind).unwrap();
        assert_eq!(notes.formulas, [(2, 2), (2, 3)]);
        assert_eq!(notes.uncalculated, [(2, 3)]);
        let odd = "<row r=\"2\"><c r=\"B2\" t=\"e\"><f>[1]Sheet1!A1+T[x]</f><v>#SPILL!</v></c><c r=\"C2\"><f>T[x]+1</f><v>2</v></c></row>";
        let of_odd = scanned("", odd, "").unwrap();
        assert_eq!((of_odd.odd_errors.as_slice(), of_odd.external.as_slice()), (&[(2, 2, "#SPILL!".to_owned())][..], &[(2, 2)][..]));
        assert!(!of_odd.unaddressed && notes.unaddressed);
        assert_eq!((notes.hidden_rows.as_slice(), notes.hidden_columns.as_slice()), (&[(4, 5)][..], &[(3, 4)][..]));
        assert_eq!(notes.merges, [Block { top: 2, left: 1, bottom: 4, right: 1 }]);
        assert_eq!((notes.filtered, notes.last), (true, (6, 2)));
        let hidden: Vec<bool> = [(3, 1), (4, 9), (5, 1), (6, 1), (1, 3), (1, 5)].map(|(row, column)| notes.is_hidden(row, column)).to_vec();
        assert_eq!(hidden, [false, true, true, false, true, false]);
    }

    #[test]
    fn merged_blocks_over_one_another_are_refused() {
        let merge = "<mergeCell ref=\"A1:A1048576\"/>";
        assert!(scanned("", "", &merge.repeat(10)).is_ok());
        assert_eq!(scanned("", "", &merge.repeat(30)).unwrap_err(), "its merged cells cover more than 20000000 rows together");
    }

    #[test]
    fn rows_in_any_order_and_without_addresses_are_read() {
        assert!(scanned("", "<row r=\"3\"><c r=\"B3\"/><c r=\"A3\"/></row><row r=\"1\"><c r=\"A1\"/></row>", "").is_ok());
        assert!(scanned("", "<x:row xmlns:x=\"y\"><x:c><x:v>1</x:v></x:c></x:row>", "").is_ok());
    }

    #[test]
    fn an_address_that_cannot_be_is_refused() {
        for (address, said) in [
            ("D4294967298", "cell D4294967298: there is no such cell in a sheet"),
            ("A0", "cell A0: there is no such cell in a sheet"),
            ("XFE2", "cell XFE2: there is no such cell in a sheet"),
            ("2A", "cell 2A: there is no such cell in a sheet"),
            ("a2", "cell a2: there is no such cell in a sheet"),
            ("A02", "cell A02: there is no such cell in a sheet"),
            ("A3", "cell A3: it stands in row 2, so that nobody can say where it belongs"),
        ] {
            assert_eq!(refused(&format!("<row r=\"2\"><c r=\"{address}\"><v>1</v></c></row>")), said);
        }
        assert_eq!(refused("<row r=\"1048577\"/>"), "it has a row `1048577`, which no sheet has");
        assert_eq!(refused("<row r=\"2\"/><row r=\"2\"/>"), "its row 2 is stored twice");
        let twice = "<row r=\"2\"><c r=\"D2\"><v>1</v></c><c r=\"D2\"><v>2</v></c></row>";
        assert_eq!(refused(twice), "cell D2: it is stored twice, and programs differ in which of the two they read");
    }

    #[test]
    fn a_value_that_readers_take_for_another_is_refused() {
        let cell = |kind: &str, value: &str| format!("<row r=\"2\"><c r=\"D2\" t=\"{kind}\"><v>{value}</v></c></row>");
        for value in ["NaN", "INF", "1e999", "0x10", "11<!-- -->37", "1&#49;37", " 1"] {
            assert!(refused(&cell("n", value)).starts_with("cell D2: "), "{value}");
        }
        for value in ["x7", " 1", "-1", "2", "1<!-- -->"] {
            assert!(refused(&cell("s", value)).starts_with("cell D2: it refers to the shared text"), "{value}");
        }
        for (kind, value) in [("n", "-1.5E-3"), ("n", ""), ("s", "1"), ("s", ""), ("str", "a<!-- -->b"), ("b", "1"), ("e", "#N/A")] {
            assert!(scanned("", &cell(kind, value), "").is_ok(), "{kind} {value}");
        }
        let long = super::super::strings::scan(format!("<sst><si><t>{}</t></si></sst>", "x".repeat(40_000)).as_bytes()).unwrap();
        let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", cell("s", "0"));
        let said = scan(sheet.as_bytes(), &long).unwrap_err().to_string();
        assert_eq!(said, "cell D2: its text has 40000 characters, more than 32767");
        assert_eq!(refused(&cell("zz", "1")), "cell D2: it says that it is of the kind `zz`, which there is not");
    }

    #[test]
    fn a_sheet_that_ends_in_the_middle_is_refused() {
        let of = |xml: &str| scan(xml.as_bytes(), &texts()).map_err(|refusal| refusal.to_string());
        assert_eq!(
            of("<worksheet><sheetData><row r=\"7\"><c r=\"B7\"><v>1").unwrap_err(),
            "at or after cell B7: it is incomplete: its XML ends in the middle"
        );
        assert_eq!(of("<worksheet></worksheet>").unwrap_err(), "it is incomplete: its rows do not come to an end");
        assert!(of("<!DOCTYPE x><worksheet><sheetData/></worksheet>").unwrap_err().contains("document type"));
        assert!(
            of("<worksheet><sheetData><row r=\"2\"><c r=\"D2\"><v>1</c></v></row></sheetData></worksheet>")
                .unwrap_err()
                .starts_with("at or after cell D2: its XML is damaged")
        );
        let deep = format!("<worksheet><sheetData/>{}{}</worksheet>", "<x>".repeat(300), "</x>".repeat(300));
        assert_eq!(of(&deep).unwrap_err(), "more than 256 elements stand inside one another");
    }
}
