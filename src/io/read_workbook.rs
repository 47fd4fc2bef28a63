//! A workbook (.xlsx) becomes typed cells here and nowhere else. A shared text, an inline text and a text that a
//! formula gave are all texts; an error value stays an error; a date becomes the text YYYY-MM-DD.
//!
//! The cells are streamed: the reader's own grid is never built, because one stray cell in the last corner of a
//! sheet would make it larger than any memory.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Style, Xlsx, XlsxError};

use super::error::ReadError;
use super::guard::package::{Package, PackageError};
use super::guard::workbook::Contents;
use super::guard::{self, Refusal};
use super::sniff::{self, Stranger};
use crate::table::workbook::{CellMarks, CellValue, SheetNotes};

/// A sheet that a source has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// Whether it is hidden. Hidden sheets are data.
    pub hidden: bool,
}

/// Takes one cell: row and column from 1, the value and what else is known of it.
pub type EachCell<'a> = dyn FnMut(u32, u32, CellValue<'_>, CellMarks) + 'a;

/// The seam between the bytes of an input and its typed cells. A new format is a new implementation.
pub trait CellSource {
    /// The sheets, in the input's order.
    fn sheets(&self) -> Vec<SheetInfo>;

    /// Hands over the cells of one sheet, in any order, and then what the sheet holds beside their values.
    fn read(&mut self, sheet: &str, each: &mut EachCell<'_>) -> Result<SheetNotes, ReadError>;
}

/// An open workbook.
pub struct WorkbookSource<'a> {
    path: PathBuf,
    sheets: Vec<SheetInfo>,
    package: Package<'a>,
    contents: Contents,
    xlsx: Xlsx<Cursor<&'a [u8]>>,
}

impl<'a> WorkbookSource<'a> {
    /// Opens a workbook of which these are the bytes. `path` only names it.
    pub fn open(path: &Path, bytes: &'a [u8]) -> Result<Self, ReadError> {
        let not_one = |told: Stranger| ReadError::NotAWorkbook { path: path.to_owned(), what: told.what, help: told.help };
        if let Some(told) = sniff::stranger(bytes) {
            return Err(not_one(told));
        }
        let (package, contents) = guarded(path, bytes)?;
        let xlsx = match Xlsx::new(Cursor::new(bytes)) {
            Ok(xlsx) => xlsx,
            Err(error) if is_locked(&error) => return Err(not_one(sniff::LOCKED)),
            Err(error) => return Err(ReadError::Damaged { path: path.to_owned(), source: Box::new(error) }),
        };
        let sheets = sheets_of(&xlsx);
        if sheets.is_empty() {
            return Err(not_one(sniff::WITHOUT_SHEETS));
        }
        Ok(Self { path: path.to_owned(), sheets, package, contents, xlsx })
    }
}

/// Looks through the archive around a workbook.
pub(super) fn open_package<'a>(path: &Path, bytes: &'a [u8]) -> Result<Package<'a>, ReadError> {
    let not_one = |told: Stranger| ReadError::NotAWorkbook { path: path.to_owned(), what: told.what, help: told.help };
    match Package::open(bytes) {
        Ok(package) => Ok(package),
        Err(PackageError::Locked) => Err(not_one(sniff::LOCKED)),
        Err(PackageError::Refused(refusal)) => Err(ReadError::Refused { path: path.to_owned(), refusal }),
        Err(PackageError::Damaged(error)) => {
            let damaged = ReadError::Damaged { path: path.to_owned(), source: Box::new(error) };
            Err(sniff::zip_stranger(bytes).map_or(damaged, not_one))
        }
    }
}

/// Looks through the archive and what lists its parts, before the reader does.
fn guarded<'a>(path: &Path, bytes: &'a [u8]) -> Result<(Package<'a>, Contents), ReadError> {
    let not_one = |told: Stranger| ReadError::NotAWorkbook { path: path.to_owned(), what: told.what, help: told.help };
    let refused = |refusal| ReadError::Refused { path: path.to_owned(), refusal };
    let mut package = open_package(path, bytes)?;
    if let Some(told) = sniff::stranger_in(|name| package.has_beginning(name)) {
        return Err(not_one(told));
    }
    let contents = guard::workbook::scan(&mut package).map_err(refused)?;
    Ok((package, contents))
}

impl CellSource for WorkbookSource<'_> {
    fn sheets(&self) -> Vec<SheetInfo> {
        self.sheets.clone()
    }

    /// The guard looks through the sheet while the reader streams it; what the reader gave counts only if the guard has
    /// nothing to say. The stream itself cannot be made to crash or to take more memory than its cells need.
    fn read(&mut self, sheet: &str, each: &mut EachCell<'_>) -> Result<SheetNotes, ReadError> {
        let Self { path, xlsx, sheets, package, contents } = self;
        if !sheets.iter().any(|known| known.name == sheet) {
            return Err(ReadError::NoSuchSheet { path: path.clone(), sheet: sheet.to_owned() });
        }
        // What the workbook lists and the guard does not know as a sheet of cells has none.
        let Some(part) = contents.sheets.get(sheet) else { return Ok(SheetNotes::default()) };
        let refused = |refusal: Refusal| ReadError::Refused { path: path.clone(), refusal: refusal.in_sheet(sheet) };
        let tables = guard::workbook::tables(package, part).map_err(refused)?;
        let part = package.read(part).map_err(refused)?;
        let texts = &contents.texts;
        let (scanned, streamed) = std::thread::scope(|scope| {
            let guard = scope.spawn(move || guard::sheet::scan(part, texts));
            let streamed = stream(xlsx, sheet, each);
            (guard.join(), streamed)
        });
        let fault =
            |_| ReadError::Refused { path: path.clone(), refusal: Refusal::of_workbook("it cannot be looked through").in_sheet(sheet) };
        let notes = scanned.map_err(fault)?.map_err(refused)?;
        let odd = streamed.map_err(|error| sheet_error(path, sheet, error))?;
        if let Some(text) = odd.filter(|_| notes.unaddressed) {
            // Behind such a cell the reader has lost count of the columns.
            return Err(ReadError::UnknownErrorValue { path: path.clone(), sheet: sheet.to_owned(), text });
        }
        Ok(SheetNotes { tables, ..notes })
    }
}

/// Hands over the cells of a sheet as the reader streams them, but for those with an error value that it does not know; one
/// of these is given back. The guard knows where they stand.
fn stream(xlsx: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, each: &mut EachCell<'_>) -> Result<Option<String>, XlsxError> {
    let mut cells = match xlsx.worksheet_cells_reader(sheet) {
        // Some writers list them among the sheets of cells.
        Err(XlsxError::NotAWorksheet(kind)) if kind == "chartsheet" || kind == "dialogsheet" => return Ok(None),
        cells => cells?,
    };
    let percent: Vec<bool> = cells.styles().iter().map(shows_percent).collect();
    let mut odd = None;
    loop {
        let (cell, style) = match cells.next_cell_with_style_id() {
            Ok(Some(cell)) => cell,
            Ok(None) => return Ok(odd),
            Err(XlsxError::CellError(text)) => {
                odd = Some(text);
                continue;
            }
            Err(error) => return Err(error),
        };
        let (row, column) = cell.get_position();
        let (row, column) = (row.saturating_add(1), column.saturating_add(1));
        let marks = CellMarks { percent: percent.get(style).copied().unwrap_or(false) };
        hand_over(cell.get_value(), &mut |value| each(row, column, value, marks));
    }
}

fn sheets_of(xlsx: &Xlsx<Cursor<&[u8]>>) -> Vec<SheetInfo> {
    let with_cells = xlsx.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    with_cells.map(|sheet| SheetInfo { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible }).collect()
}

/// Gives the value of a cell in our own words.
fn hand_over(value: &DataRef<'_>, each: &mut dyn FnMut(CellValue<'_>)) {
    match value {
        DataRef::Empty => {}
        DataRef::Float(number) => each(CellValue::Number(*number)),
        // Whole numbers come as such from other formats only; by way of their text they are rounded once.
        DataRef::Int(number) => each(number.to_string().parse().map_or(CellValue::Error("#NUM!"), CellValue::Number)),
        DataRef::SharedString(text) => each(CellValue::Text(text)),
        DataRef::String(text) | DataRef::DurationIso(text) => each(CellValue::Text(text)),
        DataRef::Bool(truth) => each(CellValue::Truth(*truth)),
        DataRef::Error(error) => each(CellValue::Error(&error.to_string())),
        DataRef::DateTime(moment) => each(CellValue::Text(&date_text(*moment))),
        DataRef::DateTimeIso(text) => each(CellValue::Text(text.split('T').next().unwrap_or(text))),
    }
}

/// A date without its time of day; a time or duration alone as hours, minutes and seconds.
pub(super) fn date_text(moment: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() {
        let days = moment.as_f64().max(0.0).floor();
        return format!("{}:{minute:02}:{second:02}", days.mul_add(24.0, f64::from(hour)));
    }
    if (0.0..1.0).contains(&moment.as_f64()) {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    format!("{year:04}-{month:02}-{day:02}")
}

/// Whether a style shows 0.2 as 20 %: a per cent sign in its number format that is neither quoted nor escaped.
fn shows_percent(style: &Style) -> bool {
    let Some(format) = &style.number_format else { return false };
    let mut quoted = false;
    let mut escaped = false;
    for character in format.format_code.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' | '_' | '*' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

/// The reader tells a locked workbook from a damaged one only where the whole file is locked, not its parts.
fn is_locked(error: &XlsxError) -> bool {
    match error {
        XlsxError::Password => true,
        XlsxError::Zip(error) => error.to_string().contains("Password"),
        _ => false,
    }
}

fn sheet_error(path: &Path, sheet: &str, error: XlsxError) -> ReadError {
    ReadError::Sheet { path: path.to_owned(), sheet: sheet.to_owned(), source: Box::new(error) }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;
    use crate::io::read_input::read_sheets;

    /// A zip archive that packs nothing, enough to hold a small workbook.
    fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
        let crc = |bytes: &[u8]| {
            !bytes.iter().fold(u32::MAX, |crc, byte| {
                (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
            })
        };
        let (mut out, mut index) = (Vec::new(), Vec::new());
        for (name, text) in parts {
            let at = u32::try_from(out.len()).unwrap().to_le_bytes();
            let length = u32::try_from(text.len()).unwrap().to_le_bytes();
            let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
            let common =
                [&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x28], &crc(text.as_bytes()).to_le_bytes()[..], &length, &length, &name_length].concat();
            out.extend([b"PK\x03\x04", &common[..], &[0, 0], name.as_bytes(), text.as_bytes()].concat());
            index.extend([b"PK\x01\x02\x14\x00", &common[..], &[0; 12], &at, name.as_bytes()].concat());
        }
        let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
        let (size, start) = (u32::try_from(index.len()).unwrap().to_le_bytes(), u32::try_from(out.len()).unwrap().to_le_bytes());
        out.extend(index);
        out.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &start, &[0, 0]].concat());
        out
    }

    fn workbook(sheet_data: &str) -> Vec<u8> {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let rels = |list: &str| {
            format!("<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{list}</Relationships>")
        };
        let rel = |id: &str, kind: &str, target: &str| format!("<Relationship Id='{id}' Type='{links}/{kind}' Target='{target}'/>");
        let sheet = |name: &str, id: &str, state: &str| format!("<sheet name='{name}' sheetId='1' r:id='{id}' state='{state}'/>");
        let sheets = [sheet("open", "r1", "visible"), sheet("away", "r2", "veryHidden"), sheet("chart", "r3", "visible")].concat();
        let styles = "<numFmts><numFmt numFmtId='170' formatCode='0.0\\ %'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/><xf numFmtId='9'/></cellXfs>";
        zip(&[
            ("_rels/.rels", &rels(&rel("r1", "officeDocument", "xl/workbook.xml"))),
            ("xl/workbook.xml", &format!("<workbook xmlns='{main}' xmlns:r='{links}'><sheets>{sheets}</sheets></workbook>")),
            (
                "xl/_rels/workbook.xml.rels",
                &rels(&[rel("r1", "worksheet", "s1.xml"), rel("r2", "worksheet", "s2.xml"), rel("r3", "chartsheet", "c.xml")].concat()),
            ),
            ("xl/sharedStrings.xml", &format!("<sst xmlns='{main}'><si><t>shared</t></si></sst>")),
            ("xl/styles.xml", &format!("<styleSheet xmlns='{main}'>{styles}</styleSheet>")),
            ("xl/s1.xml", &format!("<worksheet xmlns='{main}'><sheetData>{sheet_data}</sheetData></worksheet>")),
            ("xl/s2.xml", &format!("<worksheet xmlns='{main}'><sheetData/></worksheet>")),
        ])
    }

    fn read(sheet_data: &str) -> Result<Vec<String>, ReadError> {
        let bytes = workbook(sheet_data);
        let mut source = WorkbookSource::open(Path::new("t.xlsx"), &bytes)?;
        let mut seen = Vec::new();
        source.read("open", &mut |row, column, value, marks| {
            seen.push(format!("{row}:{column} {value:?}{}", if marks.percent { " %" } else { "" }));
        })?;
        Ok(seen)
    }

    #[test]
    fn every_kind_of_cell_is_told_from_the_others() {
        let seen = read(
            "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>own</t></is></c><c r='C1' t='str'><f>A1</f><v>made</v></c></row>
             <row r='7'><c r='B7'><v>0.5</v></c><c r='C7' t='b'><v>1</v></c><c r='D7' t='e'><v>#N/A</v></c><c r='E7' s='1'><v>45931</v></c></row>
             <row r='1048576'><c r='XFD1048576' s='2'><v>0.2</v></c><c r='A1048576' s='3'><f>1/0</f><v></v></c></row>",
        );
        let expected = [
            "1:1 Text(\"shared\")",
            "1:2 Text(\"own\")",
            "1:3 Text(\"made\")",
            "7:2 Number(0.5)",
            "7:3 Truth(true)",
            "7:4 Error(\"#N/A\")",
            "7:5 Text(\"2025-10-01\")",
            "1048576:16384 Number(0.2) %",
        ];
        assert_eq!(seen.unwrap(), expected);
    }

    #[test]
    fn a_formula_without_a_value_is_no_blank() {
        let bytes = workbook(
            "<row r='1'><c r='A1'><f>1+1</f><v></v></c><c r='B1' t='str'><f>A2&amp;B2</f><v></v></c><c r='C1'><f>2</f><v>2</v></c><c r='D1'><f>3</f></c></row>",
        );
        let mut source = WorkbookSource::open(Path::new("t.xlsx"), &bytes).unwrap();
        let sheet = read_sheets(&mut source, &|name| name == "open").unwrap().sheets.remove(0);
        let row: Vec<String> = (1..=4).map(|column| format!("{:?}", sheet.row(1).unwrap().get(column))).collect();
        assert_eq!(row, ["Error(\"#NOT CALCULATED\")", "Blank", "Number(2.0)", "Error(\"#NOT CALCULATED\")"]);
    }

    #[test]
    fn hidden_sheets_are_read_and_charts_are_none() {
        let bytes = workbook("");
        let mut source = WorkbookSource::open(Path::new("t.xlsx"), &bytes).unwrap();
        let sheets: Vec<(String, bool)> = source.sheets().into_iter().map(|sheet| (sheet.name, sheet.hidden)).collect();
        assert_eq!(sheets, [("open".to_owned(), false), ("away".to_owned(), true)]);
        assert_eq!(read_sheets(&mut source, &|name| name == "away").unwrap().unread, ["open"]);
        assert!(matches!(source.read("none", &mut |_, _, _, _| {}), Err(ReadError::NoSuchSheet { .. })));
    }

    #[test]
    fn a_sheet_that_breaks_off_is_no_sheet() {
        let error = read("<row r='1'><c r='A1'><v>1</v></row>").unwrap_err();
        assert!(matches!(error, ReadError::Refused { .. }), "{error}");
        assert!(error.to_string().starts_with("`t.xlsx`: sheet `open`, at or after cell A1: its XML is damaged"), "{error}");
        // An error value that the reader does not know is told by the guard, unless cells are counted instead of addressed.
        let odd = "<row r='1'><c r='A1' t='e'><v>#SPILL!</v></c><c r='B1'><v>2</v></c></row>";
        assert_eq!(read(odd).unwrap(), ["1:2 Number(2.0)"]);
        let error = read(&odd.replace(" r='B1'", "")).unwrap_err().to_string();
        assert!(error.contains("the error value `#SPILL!`"), "{error}");
        let cut_off = workbook("").split_off(100);
        assert!(WorkbookSource::open(Path::new("t.xlsx"), &cut_off).is_err());
        let half = workbook("");
        let error = WorkbookSource::open(Path::new("t.xlsx"), &half[..half.len() / 2]).err().unwrap();
        assert!(matches!(error, ReadError::Damaged { .. }), "{error}");
    }

    #[test]
    fn dates_are_texts() {
        let date = |serial, kind| date_text(ExcelDateTime::new(serial, kind, false));
        assert_eq!(date(45_931.75, ExcelDateTimeType::DateTime), "2025-10-01");
        assert_eq!(date(0.75, ExcelDateTimeType::DateTime), "18:00:00");
        assert_eq!(date(1.5, ExcelDateTimeType::TimeDelta), "36:00:00");
        assert_eq!(date_text(ExcelDateTime::new(44_469.0, ExcelDateTimeType::DateTime, true)), "2025-10-01");
    }

    #[test]
    fn a_quoted_per_cent_sign_is_none() {
        for (code, percent) in [("0.0%", true), ("0\\ %", true), ("0\"%\"", false), ("0\\%", false), ("General", false)] {
            let mut format = calamine::NumberFormat::default();
            code.clone_into(&mut format.format_code);
            let mut style = Style::default();
            style.number_format = Some(format);
            assert_eq!(shows_percent(&style), percent, "{code}");
        }
    }

    #[test]
    fn numbers_of_other_formats_are_numbers() {
        let mut seen = Vec::new();
        for value in [DataRef::Int(7), DataRef::DateTimeIso("2025-10-01T12:00:00".into()), DataRef::Error(CellErrorType::Div0)] {
            hand_over(&value, &mut |value| seen.push(format!("{value:?}")));
        }
        assert_eq!(seen, ["Number(7.0)", "Text(\"2025-10-01\")", "Error(\"#DIV/0!\")"]);
    }
}
