//! The sheets of a report as one workbook for people. A sheet holds its notes, an empty row, and a native table with
//! its header. Texts are texts and never formulas, figures are finite, and the same report gives the same bytes.

use std::io::Write;

use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, DocProperties, ExcelDateTime, Format as Style, FormatAlign, IgnoreError,
    Table as NativeTable, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use super::error::WriteError;
use super::xlsx_cells::{LONGEST_TEXT, PHASE_COLOURS, Shown, shown};
use super::xlsx_names::{Names, cut};
use crate::report::{Column, Datum, Format, Report, StreamedTable, Table};

/// Above so many notes the header row does not stay in view: the notes above it would fill the screen.
const NOTES_IN_VIEW: usize = 6;
/// A column of texts from this width on breaks its lines.
pub(super) const BREAKS_FROM: u16 = 22;
/// The height of a line of text, in points.
pub(super) const LINE_HEIGHT: f64 = 15.0;
/// A row shows at most so many lines; the rest stands in the cell.
const MOST_LINES: u32 = 8;
/// The rows that a sheet holds.
const ROWS: usize = 1_048_576;
/// From so many rows on a sheet goes to the disk row by row instead of standing in memory. Then a filter takes the
/// place of the native table, of which every cell would stand in memory.
const LONG: usize = 50_000;
/// How hard the bytes are packed once a sheet is long: lightly, for speed; such a file is about twice as large.
const PACKED_LIGHTLY: u8 = 1;
/// A4, in the numbers of the format.
const A4: u8 = 9;

/// Writes the sheets of a report as a workbook.
pub fn write_xlsx(report: &Report<'_>, out: &mut dyn Write) -> Result<(), WriteError> {
    write_sheets(&report.title(), report.date(), report.sheets(), out)
}

/// Writes tables as the sheets of a workbook. The date, YYYY-MM-DD, is the one that the file carries: never the
/// clock's, so that the same tables give the same bytes.
pub fn write_workbook(title: &str, date: &str, tables: &[Table], out: &mut dyn Write) -> Result<(), WriteError> {
    write_sheets(title, date, tables.iter().cloned().map(StreamedTable::from), out)
}

fn write_sheets<'a>(
    title: &str,
    date: &str,
    tables: impl Iterator<Item = StreamedTable<'a>>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut workbook = new_workbook(title, date)?;
    let styles = Styles::new();
    let (mut sheet_names, mut table_names) = (Names::default(), Names::default());
    for StreamedTable { table, count, mut rows } in tables {
        let parts = parts(count, table.notes.len(), ROWS);
        for (part, &count) in (1..).zip(&parts) {
            let mut table = table.clone();
            if parts.len() > 1 {
                table.notes.push(format!(
                    "Part {part} of {}: one sheet cannot hold all {} rows.",
                    parts.len(),
                    parts.iter().sum::<usize>()
                ));
            }
            let name = sheet_names.sheet(&table.name);
            let native = table_names.table(&name);
            let native = (count < LONG).then_some(native.as_str());
            let sheet = if native.is_some() {
                workbook.add_worksheet()
            } else {
                workbook.set_zip_compression_level(PACKED_LIGHTLY).add_worksheet_with_low_memory().map_err(failed)?
            };
            sheet.set_name(name).map_err(failed)?;
            write_sheet(sheet, &table, count, rows.by_ref().take(count), native, &styles)?;
            set_up_page(sheet, title);
        }
    }
    Ok(out.write_all(&workbook.save_to_buffer().map_err(failed)?)?)
}

/// A workbook without sheets that carries this title and date.
pub(super) fn new_workbook(title: &str, date: &str) -> Result<Workbook, WriteError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::parse_from_str(date).map_err(|_| WriteError::Date { date: date.to_owned() })?;
    workbook.set_properties(&DocProperties::new().set_title(title).set_author("pinpoint").set_creation_datetime(&created));
    Ok(workbook)
}

/// The row of the header, from 0: below the notes and an empty row.
fn header_row(notes: usize) -> usize {
    if notes == 0 { 0 } else { notes + 1 }
}

/// How many rows stand in each of the sheets over which a table goes; one, unless it is too long for that.
fn parts(count: usize, notes: usize, most: usize) -> Vec<usize> {
    if header_row(notes) + count < most {
        return vec![count];
    }
    // Each part has a note more, which says that it is one.
    let room = most.saturating_sub(header_row(notes + 1) + 1).max(1);
    (0..count.div_ceil(room)).map(|part| room.min(count - part * room)).collect()
}

/// Where the parts of a sheet stand; rows and columns from 0.
struct Layout {
    header: u32,
    first: u32,
    last: u32,
    last_column: u16,
}

impl Layout {
    fn of(table: &Table, count: usize) -> Result<Self, WriteError> {
        let header = header_row(table.notes.len());
        let last = header + count.max(1);
        let full = || WriteError::SheetFull { sheet: table.name.clone(), rows: count, columns: table.columns.len() };
        let row = |row: usize| if row < ROWS { u32::try_from(row).map_err(|_| full()) } else { Err(full()) };
        let last_column = u16::try_from(table.columns.len()).map_err(|_| full())?.saturating_sub(1);
        Ok(Self { header: row(header)?, first: row(header + 1)?, last: row(last)?, last_column })
    }
}

fn write_sheet(
    sheet: &mut Worksheet,
    table: &Table,
    count: usize,
    rows: impl Iterator<Item = Vec<Datum>>,
    native: Option<&str>,
    styles: &Styles,
) -> Result<(), WriteError> {
    let layout = Layout::of(table, count)?;
    for (row, note) in (0..).zip(&table.notes) {
        sheet.write_string_with_format(row, 0, cut(note, LONGEST_TEXT), &styles.note).map_err(failed)?;
    }
    if table.columns.is_empty() {
        return Ok(());
    }
    for (number, column) in (0..).zip(&table.columns) {
        sheet.set_column_width(number, f64::from(column.width.clamp(4, 100))).map_err(failed)?;
        sheet.set_column_format(number, styles.of_column(column)).map_err(failed)?;
    }
    let heads = table.columns.iter().map(|column| lines_of(&column.title, column.width)).max().unwrap_or(1);
    sheet.set_row_height(layout.header, LINE_HEIGHT * f64::from(heads)).map_err(failed)?;
    if native.is_none() {
        write_header(sheet, table, &layout, styles).map_err(failed)?;
    }
    for (number, row) in (layout.first..).zip(rows) {
        let lines = lines_in_row(table, &row);
        if lines > 1 {
            sheet.set_row_height(number, LINE_HEIGHT * f64::from(lines)).map_err(failed)?;
        }
        if row.len() != table.columns.len() {
            let said = format!("row {} of `{}` has {} cells for {} columns", number + 1, table.name, row.len(), table.columns.len());
            return Err(WriteError::format("workbook", said));
        }
        for ((at, column), datum) in (0..).zip(&table.columns).zip(&row) {
            let not_finite = || WriteError::NotFinite { sheet: table.name.clone(), column: column.title.clone() };
            let shown = shown(datum, column.format).ok_or_else(not_finite)?;
            write_cell(sheet, (number, at), column, shown, styles).map_err(failed)?;
        }
    }
    if let Some(native) = native {
        add_native_table(sheet, table, native, &layout, styles).map_err(failed)?;
    }
    // P-codes of digits are meant to be texts.
    let as_text = IgnoreError::NumberStoredAsText;
    sheet.ignore_error_range(layout.first, 0, layout.last, layout.last_column, as_text).map_err(failed)?;
    colour_phases(sheet, table, &layout).map_err(failed)?;
    let frozen = if table.notes.len() <= NOTES_IN_VIEW { layout.first } else { 0 };
    sheet.set_freeze_panes(frozen, table.key_columns.min(layout.last_column)).map_err(failed)?;
    sheet.set_repeat_rows(layout.header, layout.header).map_err(failed)?;
    Ok(())
}

/// How many lines the longest text of a row takes where its column breaks lines. Not every program works this out by
/// itself when it opens the file.
fn lines_in_row(table: &Table, row: &[Datum]) -> u32 {
    let broken = table.columns.iter().zip(row).filter(|(column, _)| column.format == Format::Text && column.width >= BREAKS_FROM);
    let lines = broken.map(|(column, datum)| if let Datum::Text(text) = datum { lines_of(text, column.width) } else { 1 });
    lines.max().unwrap_or(1)
}

/// Lines of a text in a column of this width, at most `MOST_LINES`.
fn lines_of(text: &str, width: u16) -> u32 {
    all_lines_of(text, width).min(MOST_LINES)
}

/// Lines of a text in a column of this width, however many.
pub(super) fn all_lines_of(text: &str, width: u16) -> u32 {
    let width = usize::from(width.max(5) - 2);
    let lines: usize = text.lines().map(|line| line.chars().count().div_ceil(width).max(1)).sum();
    u32::try_from(lines).unwrap_or(u32::MAX).max(1)
}

/// One cell. The look of its column shows unless the cell asks for another.
fn write_cell(sheet: &mut Worksheet, (row, at): (u32, u16), column: &Column, shown: Shown<'_>, styles: &Styles) -> Result<(), XlsxError> {
    match shown {
        Shown::Nothing => return Ok(()),
        Shown::Text(text) if column.format == Format::Text => sheet.write_string(row, at, text)?,
        Shown::Text(text) => sheet.write_string_with_format(row, at, text, &styles.text)?,
        Shown::Number(value, format) if format == column.format => sheet.write_number(row, at, value)?,
        Shown::Number(value, format) => sheet.write_number_with_format(row, at, value, styles.of(format))?,
    };
    Ok(())
}

fn add_native_table(sheet: &mut Worksheet, table: &Table, native: &str, layout: &Layout, styles: &Styles) -> Result<(), XlsxError> {
    let mut names = Names::default();
    let headed = |column: &Column| TableColumn::new().set_header(names.column(&column.title)).set_header_format(styles.head_of(column));
    let columns: Vec<TableColumn> = table.columns.iter().map(headed).collect();
    let native = NativeTable::new().set_name(native).set_style(TableStyle::Light1).set_columns(&columns);
    sheet.add_table(layout.header, 0, layout.last, layout.last_column, &native)?;
    Ok(())
}

/// The header of a sheet without a native table, with a filter.
fn write_header(sheet: &mut Worksheet, table: &Table, layout: &Layout, styles: &Styles) -> Result<(), XlsxError> {
    let mut names = Names::default();
    for (at, column) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(layout.header, at, names.column(&column.title), styles.head_of(column))?;
    }
    sheet.autofilter(layout.header, 0, layout.last, layout.last_column)?;
    Ok(())
}

/// Colours the columns of phases, neighbours in one go.
fn colour_phases(sheet: &mut Worksheet, table: &Table, layout: &Layout) -> Result<(), XlsxError> {
    let mut start: u16 = 0;
    for run in table.columns.chunk_by(|a, b| (a.format == Format::Phase) == (b.format == Format::Phase)) {
        let end = start.saturating_add(u16::try_from(run.len()).unwrap_or(u16::MAX));
        if run.first().is_some_and(|column| column.format == Format::Phase) {
            for (phase, (fill, letters)) in (1..).zip(PHASE_COLOURS) {
                let style = Style::new().set_background_color(Color::RGB(fill)).set_font_color(Color::RGB(letters));
                let rule = ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::EqualTo(phase)).set_format(style);
                sheet.add_conditional_format(layout.first, start, layout.last, end - 1, &rule)?;
            }
        }
        start = end;
    }
    Ok(())
}

pub(super) fn set_up_page(sheet: &mut Worksheet, title: &str) {
    // In a header an ampersand begins a command; two stand for one.
    let title = cut(title, 100).replace('&', "&&");
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_header(format!("&L&\"-,Bold\"{title}&R&A")).set_footer("&Lpinpoint&RPage &P of &N");
}

/// The looks of cells.
pub(super) struct Styles {
    note: Style,
    header: Style,
    header_of_figures: Style,
    header_of_phases: Style,
    text: Style,
    broken: Style,
    whole: Style,
    number: Style,
    percent: Style,
    phase: Style,
}

impl Styles {
    pub(super) fn new() -> Self {
        let base = || Style::new().set_align(FormatAlign::Top);
        let header = || base().set_bold().set_text_wrap().set_background_color(Color::RGB(0x1F_3A_5F)).set_font_color(Color::White);
        Self {
            note: Style::new().set_italic().set_font_color(Color::RGB(0x59_59_59)),
            header: header().set_align(FormatAlign::Left).set_indent(1),
            header_of_figures: header().set_align(FormatAlign::Right),
            header_of_phases: header().set_align(FormatAlign::Center),
            // A text does not touch the figure to its left.
            text: base().set_align(FormatAlign::Left).set_indent(1),
            broken: base().set_align(FormatAlign::Left).set_text_wrap().set_indent(1),
            whole: base().set_num_format("#,##0"),
            number: base().set_num_format("#,##0.####"),
            percent: base().set_num_format("0.0%"),
            phase: base().set_num_format("0").set_align(FormatAlign::Center),
        }
    }

    pub(super) fn of(&self, format: Format) -> &Style {
        match format {
            Format::Text => &self.text,
            Format::Whole => &self.whole,
            Format::Number => &self.number,
            Format::Percent => &self.percent,
            Format::Phase => &self.phase,
        }
    }

    /// A header stands over its column as the column's cells do.
    fn head_of(&self, column: &Column) -> &Style {
        match column.format {
            Format::Text => &self.header,
            Format::Phase => &self.header_of_phases,
            Format::Whole | Format::Number | Format::Percent => &self.header_of_figures,
        }
    }

    fn of_column(&self, column: &Column) -> &Style {
        if column.format == Format::Text && column.width >= BREAKS_FROM { &self.broken } else { self.of(column.format) }
    }
}

pub(super) fn failed(source: XlsxError) -> WriteError {
    WriteError::format("workbook", source)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::domain::{Decimal, Phase};
    use crate::io::read_input::read_sheets;
    use crate::io::read_workbook::WorkbookSource;
    use crate::table::workbook::{CellValue, Sheet};

    fn bytes_of(tables: &[Table]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_workbook("A & B", "2026-01-31", tables, &mut bytes).unwrap();
        bytes
    }

    fn sheets_of(tables: &[Table]) -> Vec<Sheet> {
        let bytes = bytes_of(tables);
        let mut source = WorkbookSource::open(Path::new("t.xlsx"), &bytes).unwrap();
        read_sheets(&mut source, &|_| true).unwrap().sheets
    }

    fn tables() -> Vec<Table> {
        let kinds = [Format::Text, Format::Text, Format::Whole, Format::Number, Format::Percent, Format::Phase, Format::Phase];
        let columns = kinds.iter().map(|kind| Column::new("Same", *kind, 40)).collect();
        let decimal = |text| Datum::exact(Decimal::parse(text));
        let row = |code: &str, phase| {
            let share = Datum::share(Decimal::parse("0.123"));
            vec![
                Datum::text(code),
                Datum::text("=1+1"),
                Datum::Whole(1_234),
                decimal("-0.25"),
                share,
                Datum::phase(Phase::new(phase)),
                Datum::Empty,
            ]
        };
        let rows = vec![row("007", 5), row("\u{1}_x0041_\n&<>", 1)];
        let full = Table { name: "PiN by sex/age".into(), notes: vec!["=note".into(), String::new()], columns, rows, key_columns: 2 };
        let empty = Table { notes: vec![], rows: vec![], key_columns: 9, ..full.clone() };
        let notes = Table { name: "Notes".into(), columns: vec![], rows: vec![], ..full.clone() };
        vec![full, empty, notes]
    }

    #[test]
    fn the_same_tables_give_the_same_bytes() {
        let tables = tables();
        let first = bytes_of(&tables);
        assert_eq!(first, bytes_of(&tables));
    }

    #[test]
    fn what_was_written_reads_back() {
        let sheets = sheets_of(&tables());
        let names: Vec<&str> = sheets.iter().map(|sheet| &*sheet.name).collect();
        assert_eq!(names, ["PiN by sex-age", "PiN by sex-age (2)", "Notes"]);
        let sheet = &sheets[0];
        assert_eq!(sheet.row(1).unwrap().get(1), CellValue::Text("=note"));
        assert_eq!(sheet.row(4).unwrap().get(1), CellValue::Text("Same"));
        assert_eq!(sheet.row(4).unwrap().get(7), CellValue::Text("Same (7)"));
        let row = sheet.row(5).unwrap();
        let cells: Vec<CellValue<'_>> = (1..=7).map(|column| row.get(column)).collect();
        let expected = [
            CellValue::Text("007"),
            CellValue::Text("=1+1"),
            CellValue::Number(1_234.0),
            CellValue::Number(-0.25),
            CellValue::Number(0.123),
            CellValue::Number(5.0),
            CellValue::Blank,
        ];
        assert_eq!(cells, expected);
        let percent: Vec<bool> = (1..=7).map(|column| row.marks(column).percent).collect();
        assert_eq!(percent, [false, false, false, false, true, false, false]);
        assert_eq!(sheets[1].rows().count(), 1);
    }

    #[test]
    fn a_bad_date_is_refused() {
        let error = write_workbook("t", "31.1.2026", &tables(), &mut Vec::new()).unwrap_err();
        assert!(error.to_string().starts_with("`31.1.2026` is no date"), "{error}");
    }

    #[test]
    fn a_table_too_long_for_a_sheet_goes_over_several() {
        assert_eq!(parts(0, 1, 10), [0]);
        assert_eq!(parts(7, 1, 10), [7]);
        assert_eq!(parts(8, 1, 10), [6, 2]);
        assert_eq!(parts(12, 1, 10), [6, 6]);
        assert_eq!(parts(10, 0, 10), [7, 3]);
        assert_eq!(parts(2_000_000, 1, ROWS).iter().sum::<usize>(), 2_000_000);
    }

    #[test]
    fn a_long_sheet_reads_back() {
        let columns =
            vec![Column::new("Code", Format::Text, 40), Column::new("Share", Format::Percent, 9), Column::new("P", Format::Phase, 9)];
        let row = |at: usize| {
            let share = Datum::share(Decimal::parse("0.2"));
            vec![Datum::text(format!("0{}", at % 7)), share, Datum::phase(Phase::new(5))]
        };
        let long = Table { name: "Long".into(), notes: vec!["note".into()], columns, rows: (0..LONG).map(row).collect(), key_columns: 1 };
        let tables = [tables(), vec![long.clone(), Table { rows: vec![row(0)], ..long }]].concat();
        let sheets = sheets_of(&tables);
        let (long, short) = (&sheets[3], &sheets[4]);
        assert_eq!(long.rows().count(), LONG + 2);
        for sheet in [long, short] {
            let cells = |number| sheet.row(number).unwrap().cells().map(|(_, value)| value).collect::<Vec<_>>();
            assert_eq!(cells(1), [CellValue::Text("note")]);
            assert_eq!(cells(3), [CellValue::Text("Code"), CellValue::Text("Share"), CellValue::Text("P")]);
            assert_eq!(cells(4), [CellValue::Text("00"), CellValue::Number(0.2), CellValue::Number(5.0)]);
            assert!(sheet.row(4).unwrap().marks(2).percent);
        }
        assert_eq!(long.row(u32::try_from(LONG).unwrap() + 3).unwrap().get(1), CellValue::Text("05"));
        assert_eq!(sheets[0].row(5).unwrap().get(1), CellValue::Text("007"));
    }
}
