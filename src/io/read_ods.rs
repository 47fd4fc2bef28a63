//! An OpenDocument spreadsheet (.ods) becomes typed cells here and nowhere else, in one walk over its XML under the same
//! bounds as any workbook. What stands once and is said to be repeated is handed over as often as it is meant, if it holds
//! anything; a million blank rows are nothing.

use std::path::{Path, PathBuf};

use super::error::ReadError;
use super::guard::package::Package;
use super::guard::xml::{BytesStart, Event, Events, attribute};
use super::guard::{MergedRows, Refusal, limits};
use super::read_workbook::{CellSource, EachCell, SheetInfo};
use super::sniff::LOCKED;
use crate::diag::place::column_letters;
use crate::table::workbook::{Block, CellMarks, CellValue, SheetNotes};

/// The part that holds every sheet.
const CONTENT: &str = "content.xml";

/// An open spreadsheet.
pub struct OdsSource<'a> {
    path: PathBuf,
    package: Package<'a>,
    sheets: Vec<SheetInfo>,
}

impl<'a> OdsSource<'a> {
    /// Opens a spreadsheet of which this is the archive. `path` only names it.
    pub fn open(path: &Path, mut package: Package<'a>) -> Result<Self, ReadError> {
        if is_locked(&mut package) {
            return Err(ReadError::NotAWorkbook { path: path.to_owned(), what: LOCKED.what, help: LOCKED.help });
        }
        let sheets = list(&mut package).map_err(|refusal| ReadError::Refused { path: path.to_owned(), refusal })?;
        Ok(Self { path: path.to_owned(), package, sheets })
    }
}

impl CellSource for OdsSource<'_> {
    fn sheets(&self) -> Vec<SheetInfo> {
        self.sheets.clone()
    }

    fn read(&mut self, sheet: &str, each: &mut EachCell<'_>) -> Result<SheetNotes, ReadError> {
        let refused = |refusal: Refusal| ReadError::Refused { path: self.path.clone(), refusal: refusal.in_sheet(sheet) };
        walk(&mut self.package, sheet, each).map_err(refused)
    }
}

/// Whether only a password opens it: the list of the parts says that they are encrypted.
fn is_locked(package: &mut Package<'_>) -> bool {
    let Ok(part) = package.read("META-INF/manifest.xml") else { return false };
    let mut events = Events::new(part);
    loop {
        match events.next() {
            Ok(Event::Start(element) | Event::Empty(element)) if element.local_name().as_ref() == "encryption-data" => return true,
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// The names of the sheets, and whether each is hidden: its style says so.
fn list(package: &mut Package<'_>) -> Result<Vec<SheetInfo>, Refusal> {
    let mut events = Events::new(package.read(CONTENT)?);
    let (mut style, mut away) = (String::new(), Vec::new());
    let mut sheets: Vec<(String, String)> = Vec::new();
    let mut depth = 0_usize;
    loop {
        match events.next()? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "style" => {
                style = attribute(&element, "name")?.unwrap_or_default();
            }
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "table-properties" => {
                let is_away = attribute(&element, "display")?.as_deref() == Some("false");
                away.extend(is_away.then(|| style.clone()));
            }
            Event::Start(element) if element.name().as_ref() == "table:table" => {
                // A table inside a cell is no sheet.
                if depth == 0 {
                    sheets.push((attribute(&element, "name")?.unwrap_or_default(), attribute(&element, "style-name")?.unwrap_or_default()));
                }
                depth += 1;
            }
            Event::End(element) if element.name().as_ref() == "table:table" => depth = depth.saturating_sub(1),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(sheets.into_iter().map(|(name, style)| SheetInfo { name, hidden: away.contains(&style) }).collect())
}

/// A cell as it stands in the XML.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute of its own")]
struct Cell {
    column: u32,
    repeated: u32,
    kind: String,
    value: Option<String>,
    text: String,
    paragraphs: u32,
    formula: bool,
    external: bool,
    error: bool,
    /// Another one is merged over it.
    covered: bool,
    /// Rows and columns over which it is merged.
    span: (u32, u32),
}

/// Walks over the part and hands over the cells of one sheet.
fn walk(package: &mut Package<'_>, sheet: &str, each: &mut EachCell<'_>) -> Result<SheetNotes, Refusal> {
    let mut events = Events::new(package.read(CONTENT)?);
    let mut walk = Walk { notes: SheetNotes::default(), row: 0, columns: 0, cells: 0, repeated: 0, merged: MergedRows::default(), each };
    let mut row: Vec<Cell> = Vec::new();
    let (mut inside, mut depth, mut column, mut hidden, mut repeated) = (false, 0_usize, 0_u32, false, 1_u32);
    let mut open: Option<Cell> = None;
    // Inside a remark on a cell the texts are not those of the cell.
    let mut remark = 0_usize;
    loop {
        match events.next().map_err(|refusal| walk.near(refusal))? {
            Event::Start(element) => match element.name().as_ref() {
                "table:table" => {
                    inside |= depth == 0 && attribute(&element, "name")?.as_deref() == Some(sheet);
                    depth += 1;
                }
                "table:table-row" if inside && depth == 1 => {
                    (column, hidden, repeated) = (0, is_hidden(&element)?, count(&element, "number-rows-repeated")?);
                    row.clear();
                }
                "table:table-cell" | "table:covered-table-cell" if inside && depth == 1 => open = Some(cell(&element, &mut column)?),
                "office:annotation" => remark += 1,
                "text:p" if remark == 0 => {
                    if let Some(cell) = &mut open {
                        cell.text.extend((cell.paragraphs > 0).then_some('\n'));
                        cell.paragraphs += 1;
                    }
                }
                "table:table-column" if inside && depth == 1 => walk.columns(&element)?,
                _ => {}
            },
            Event::Empty(element) => match element.name().as_ref() {
                "table:table-row" if inside && depth == 1 => {
                    let hidden = is_hidden(&element)?;
                    walk.row(&[], hidden, count(&element, "number-rows-repeated")?)?;
                }
                "table:table-cell" | "table:covered-table-cell" if inside && depth == 1 => row.push(cell(&element, &mut column)?),
                "table:table-column" if inside && depth == 1 => walk.columns(&element)?,
                "text:s" | "text:tab" | "text:line-break" if remark == 0 => {
                    if let Some(cell) = &mut open {
                        cell.text.push(if element.name().as_ref() == "text:line-break" { '\n' } else { ' ' });
                    }
                }
                _ => {}
            },
            Event::End(element) => match element.name().as_ref() {
                "table:table" => {
                    depth = depth.saturating_sub(1);
                    if inside && depth == 0 {
                        return Ok(walk.notes.in_order());
                    }
                }
                "table:table-row" if inside && depth == 1 => walk.row(&row, hidden, repeated)?,
                "table:table-cell" | "table:covered-table-cell" if depth == 1 => row.extend(open.take()),
                "office:annotation" => remark = remark.saturating_sub(1),
                _ => {}
            },
            Event::Text(text) if remark == 0 => put(&mut open, &text.into_inner()),
            Event::CData(text) if remark == 0 => put(&mut open, &text.into_inner()),
            Event::GeneralRef(reference) if remark == 0 => {
                let named = match reference.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                put(&mut open, named.unwrap_or('\u{fffd}').encode_utf8(&mut [0; 4]));
            }
            Event::Eof => return Err(Refusal::of_workbook("it is listed but is not in the file")),
            _ => {}
        }
    }
}

fn put(open: &mut Option<Cell>, text: &str) {
    // Between paragraphs stands nothing but the layout of the XML.
    if let Some(cell) = open.as_mut().filter(|cell| cell.paragraphs > 0 && cell.text.len() <= limits::TEXT * 4) {
        cell.text.push_str(text);
    }
}

fn is_hidden(element: &BytesStart<'_>) -> Result<bool, Refusal> {
    Ok(matches!(attribute(element, "visibility")?.as_deref(), Some("collapse" | "filter")))
}

/// How often something is repeated; nothing said is once.
fn count(element: &BytesStart<'_>, name: &str) -> Result<u32, Refusal> {
    let Some(text) = attribute(element, name)? else { return Ok(1) };
    let wrong =
        |_| Refusal::of_workbook(format!("it says that something is repeated `{}` times", text.chars().take(20).collect::<String>()));
    text.parse::<u64>().map_err(wrong).map(|count| u32::try_from(count).unwrap_or(u32::MAX).max(1))
}

/// A cell with what its attributes say; `column` is the last one before it.
fn cell(element: &BytesStart<'_>, column: &mut u32) -> Result<Cell, Refusal> {
    let repeated = count(element, "number-columns-repeated")?;
    let mut cell = Cell { column: column.saturating_add(1), repeated, span: (1, 1), ..Cell::default() };
    *column = column.saturating_add(repeated);
    if element.name().as_ref() == "table:covered-table-cell" {
        cell.covered = true;
        return Ok(cell);
    }
    cell.span = (count(element, "number-rows-spanned")?, count(element, "number-columns-spanned")?);
    for part in element.attributes().with_checks(false) {
        let part = part.map_err(|error| Refusal::of_workbook(format!("its XML is damaged ({error})")))?;
        let value = || attribute(element, part.key.local_name().as_ref()).map(Option::unwrap_or_default);
        match part.key.as_ref() {
            "office:value-type" => cell.kind = value()?,
            "calcext:value-type" => cell.error = part.value.as_ref() == "error",
            "office:value" | "office:boolean-value" | "office:date-value" | "office:time-value" | "office:string-value" => {
                cell.value = Some(value()?);
            }
            "table:formula" => {
                cell.formula = true;
                cell.external = part.value.contains("file://");
            }
            _ => {}
        }
    }
    Ok(cell)
}

impl Cell {
    /// What it holds, and whether it is shown in per cent.
    fn value(&self, at: impl Fn() -> String) -> Result<(CellValue<'_>, CellMarks), Refusal> {
        let plain = CellMarks::default();
        let text = self.value.as_deref().unwrap_or(&self.text);
        if text.chars().count() > limits::TEXT {
            return Err(Refusal::within(at(), format!("its text is longer than {} characters", limits::TEXT)));
        }
        // Spreadsheet programs write an error as a text that they mark, or as the text of a formula.
        let shown = self.text.trim();
        if self.error || (self.formula && ((shown.starts_with('#') && shown.len() < 16) || shown.starts_with("Err:"))) {
            return Ok((CellValue::Error(if shown.is_empty() { "#ERROR" } else { shown }), plain));
        }
        Ok(match self.kind.as_str() {
            "float" | "currency" | "percentage" => {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
                let wrong = || Refusal::within(at(), format!("`{}` is no number", text.chars().take(20).collect::<String>()));
                (CellValue::Number(number.ok_or_else(wrong)?), CellMarks { percent: self.kind == "percentage" })
            }
            "boolean" => (CellValue::Truth(text == "true"), plain),
            "date" => (CellValue::Text(text.split('T').next().unwrap_or(text)), plain),
            // A formula that was never calculated has no kind.
            "" if self.formula => (CellValue::Blank, plain),
            _ if text.is_empty() => (CellValue::Blank, plain),
            _ => (CellValue::Text(text), plain),
        })
    }
}

/// What is gathered on the way.
struct Walk<'a, 'b> {
    notes: SheetNotes,
    /// The last row.
    row: u32,
    /// The last column that was described.
    columns: u32,
    cells: u64,
    /// Cells beside those that stand in the file.
    repeated: u64,
    merged: MergedRows,
    each: &'a mut EachCell<'b>,
}

impl Walk<'_, '_> {
    /// Says after which row the XML breaks.
    fn near(&self, refusal: Refusal) -> Refusal {
        if self.row == 0 { refusal } else { Refusal { within: format!("below row {}", self.row), ..refusal } }
    }

    /// Columns that are hidden.
    fn columns(&mut self, element: &BytesStart<'_>) -> Result<(), Refusal> {
        let repeated = count(element, "number-columns-repeated")?;
        let first = self.columns.saturating_add(1);
        self.columns = self.columns.saturating_add(repeated).min(limits::COLUMNS);
        if is_hidden(element)? && first <= limits::COLUMNS {
            self.notes.hidden_columns.push((first, self.columns));
        }
        Ok(())
    }

    /// Hands over a row as often as it is repeated.
    fn row(&mut self, cells: &[Cell], hidden: bool, repeated: u32) -> Result<(), Refusal> {
        let first = self.row.saturating_add(1);
        let blank = |cell: &Cell| cell.covered || (cell.kind.is_empty() && cell.text.is_empty() && !cell.formula && !cell.error);
        if hidden && first <= limits::ROWS {
            self.notes.hidden_rows.push((first, first.saturating_add(repeated - 1).min(limits::ROWS)));
        }
        if cells.iter().all(|cell| blank(cell) && cell.span == (1, 1)) {
            self.row = self.row.saturating_add(repeated);
            return Ok(());
        }
        let held: u64 = cells.iter().filter(|cell| !blank(cell)).map(|cell| u64::from(cell.repeated)).sum();
        if self.cells.saturating_add(held.saturating_mul(u64::from(repeated))) > limits::CELLS {
            return Err(Refusal::of_workbook(format!("it has more than {} cells", limits::CELLS)));
        }
        let again = held.saturating_mul(u64::from(repeated)).saturating_sub(cells.len() as u64);
        self.repeated = self.repeated.saturating_add(again);
        if self.repeated > limits::REPEATED_CELLS {
            return Err(Refusal::of_workbook(format!("it says of more than {} cells that they are repeated", limits::REPEATED_CELLS)));
        }
        for _ in 0..repeated {
            self.row = self.row.saturating_add(1);
            if self.row > limits::ROWS {
                return Err(Refusal::of_workbook(format!("it has more than {} rows", limits::ROWS)));
            }
            for cell in cells {
                self.cell(cell, blank(cell))?;
            }
        }
        Ok(())
    }

    fn cell(&mut self, cell: &Cell, is_blank: bool) -> Result<(), Refusal> {
        if cell.span != (1, 1) {
            let (bottom, right) = (self.row.saturating_add(cell.span.0 - 1), cell.column.saturating_add(cell.span.1 - 1));
            let block = Block { top: self.row, left: cell.column, bottom, right };
            self.merged.add(block)?;
            self.notes.merges.push(block);
        }
        if is_blank {
            return Ok(());
        }
        let row = self.row;
        let (value, marks) = cell.value(|| format!("cell {}{row}", column_letters(cell.column)))?;
        for column in (cell.column..).take(cell.repeated as usize) {
            self.cells += 1;
            if column > limits::COLUMNS {
                return Err(Refusal::of_workbook(format!("it has more than {} columns", limits::COLUMNS)));
            }
            if cell.formula {
                self.notes.formulas.push((row, column));
                if cell.kind.is_empty() && !cell.error && value == CellValue::Blank {
                    self.notes.uncalculated.push((row, column));
                }
            }
            if cell.external {
                self.notes.external.push((row, column));
            }
            (self.each)(row, column, value, marks);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::io::read_input::read_sheets;
    use crate::io::read_workbook::open_package;

    fn spreadsheet(rows: &str) -> Vec<u8> {
        let names = "xmlns:office='o' xmlns:table='t' xmlns:text='x' xmlns:style='s' xmlns:calcext='c'";
        let style = "<style:style style:name='away'><style:table-properties table:display='false'/></style:style>";
        let sheets = format!(
            "<table:table table:name='open'>{rows}</table:table><table:table table:name='gone' table:style-name='away'></table:table>"
        );
        let content = format!("<office:document-content {names}>{style}<office:body>{sheets}</office:body></office:document-content>");
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_str())] {
            let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            zip.start_file(name, stored).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn read(rows: &str) -> Result<(Vec<String>, SheetNotes), String> {
        let bytes = spreadsheet(rows);
        let path = Path::new("t.ods");
        let mut source = OdsSource::open(path, open_package(path, &bytes).unwrap()).map_err(|error| error.to_string())?;
        let mut seen = Vec::new();
        let notes = source.read("open", &mut |row, column, value, marks| {
            seen.push(format!("{row}:{column} {value:?}{}", if marks.percent { " %" } else { "" }));
        });
        Ok((seen, notes.map_err(|error| error.to_string())?))
    }

    fn value(kind: &str, value: &str, text: &str) -> String {
        format!("<table:table-cell office:value-type='{kind}' {value}><text:p>{text}</text:p></table:table-cell>")
    }

    #[test]
    fn every_kind_of_cell_is_told_from_the_others() {
        let cells = [
            value("string", "", "a &amp;<text:s/><text:span>b</text:span></text:p><text:p>c"),
            value("float", "office:value='12.5'", "12,50"),
            value("percentage", "office:value='0.2'", "20 %"),
            value("boolean", "office:boolean-value='true'", "TRUE"),
            value("date", "office:date-value='2025-10-01T00:00:00'", "1 Oct"),
            value("string", "calcext:value-type='error' table:formula='of:=1/0'", "#DIV/0!"),
            "<table:table-cell table:formula='of:=1+1'/>".to_owned(),
            "<table:table-cell office:value-type='float' office:value='7'><office:annotation><text:p>a remark</text:p></office:annotation><text:p>7</text:p></table:table-cell>".to_owned(),
        ];
        let (seen, notes) = read(&format!("<table:table-row>{}</table:table-row>", cells.concat())).unwrap();
        let expected = [
            "1:1 Text(\"a & b\\nc\")",
            "1:2 Number(12.5)",
            "1:3 Number(0.2) %",
            "1:4 Truth(true)",
            "1:5 Text(\"2025-10-01\")",
            "1:6 Error(\"#DIV/0!\")",
            "1:7 Blank",
            "1:8 Number(7.0)",
        ];
        assert_eq!(seen, expected);
        assert_eq!((notes.formulas, notes.uncalculated), (vec![(1, 6), (1, 7)], vec![(1, 7)]));
    }

    #[test]
    fn what_is_repeated_hidden_or_merged_is_known() {
        let rows = "<table:table-column table:number-columns-repeated='2'/><table:table-column table:visibility='collapse'/>\
            <table:table-row table:number-rows-repeated='2' table:visibility='filter'><table:table-cell/><table:table-cell office:value-type='float' office:value='1' table:number-columns-repeated='2'/></table:table-row>\
            <table:table-row table:number-rows-repeated='3'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>\
            <table:table-row><table:table-cell office:value-type='string' table:number-rows-spanned='2'><text:p>x</text:p></table:table-cell></table:table-row>\
            <table:table-row><table:covered-table-cell><text:p>under it</text:p></table:covered-table-cell></table:table-row>\
            <table:table-row table:number-rows-repeated='4294967295'><table:table-cell/></table:table-row>";
        let (seen, notes) = read(rows).unwrap();
        assert_eq!(seen, ["1:2 Number(1.0)", "1:3 Number(1.0)", "2:2 Number(1.0)", "2:3 Number(1.0)", "6:1 Text(\"x\")"]);
        assert_eq!((notes.hidden_rows, notes.hidden_columns), (vec![(1, 2)], vec![(3, 3)]));
        assert_eq!(notes.merges, [Block { top: 6, left: 1, bottom: 7, right: 1 }]);
    }

    #[test]
    fn bounds_hold_and_sheets_are_known() {
        let many = "<table:table-row table:number-rows-repeated='1048576'><table:table-cell office:value-type='float' office:value='1' table:number-columns-repeated='16384'/></table:table-row>";
        assert!(read(many).unwrap_err().contains("`t.ods`: sheet `open`: it has more than 20000000 cells"));
        assert!(read("<table:table-row>").unwrap_err().contains("its XML"));
        let bytes = spreadsheet("");
        let path = Path::new("t.ods");
        let mut source = OdsSource::open(path, open_package(path, &bytes).unwrap()).unwrap();
        let hidden: Vec<(String, bool)> = source.sheets().into_iter().map(|sheet| (sheet.name, sheet.hidden)).collect();
        assert_eq!(hidden, [("open".to_owned(), false), ("gone".to_owned(), true)]);
        assert!(read_sheets(&mut source, &|_| true).unwrap().sheets.iter().all(crate::table::Sheet::is_empty));
    }
}
