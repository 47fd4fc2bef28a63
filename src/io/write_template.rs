//! The empty input workbook: headers in row 1 with their notes, lists to choose from in the rows below, and beside
//! the sheets that the engine reads three for people. The same sheets give the same bytes on every day.

use std::io::Write;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format as Style, FormatAlign, FormatBorder, FormatUnderline, Formula, IgnoreError,
    Note, Workbook, Worksheet, XlsxError,
};

use super::error::WriteError;
use super::write_xlsx::{BREAKS_FROM, LINE_HEIGHT, Styles, all_lines_of, failed, new_workbook, set_up_page};
use super::xlsx_cells::{Shown, shown};
use super::xlsx_names::cut;
use crate::report::Format;
use crate::report::template::{Need, TemplateColumn, TemplateSheet, example_in_words};

/// The date that every template carries.
const DATE: &str = "2000-01-01";
/// Lists and formats reach down to this row, from 0.
const LAST_ROW: u32 = 4999;
/// The longest list that a cell's own rule holds.
const LONGEST_LIST: usize = 255;
/// The sheet of the longer lists.
const LISTS: &str = "lists";
/// The sheet of the examples.
const EXAMPLES: &str = "examples";
/// The longest head of a line on the first sheet.
const LONGEST_HEAD: usize = 16;
/// The widths of the first sheet's columns.
const FRONT_WIDTHS: [u16; 2] = [20, 104];
/// The widths of the columns of examples: header, example, need, note.
const EXAMPLE_WIDTHS: [u16; 4] = [30, 30, 13, 84];
/// The width of a note on a header and the height of its lines, in pixels; how many letters fit a line.
const NOTE: (u32, usize, usize) = (340, 15, 52);

/// Writes the sheets as a workbook to be filled in. `framework` is named in its title.
pub fn write_template(sheets: &[TemplateSheet], framework: &str, out: &mut dyn Write) -> Result<(), WriteError> {
    let title = format!("Input for pinpoint, framework {framework}");
    let mut workbook = new_workbook(&title, DATE)?;
    let looks = Looks::new();
    let mut lists = Lists::default();
    for sheet in sheets {
        let page = workbook.add_worksheet().set_name(&sheet.name).map_err(failed)?;
        if sheet.columns.is_empty() {
            write_front(page, sheet, sheets, &looks).map_err(failed)?;
        } else {
            write_sheet(page, sheet, &mut lists, &looks).map_err(failed)?;
        }
        set_up_page(page, &title);
    }
    write_examples(&mut workbook, sheets, &title, &looks)?;
    lists.write(&mut workbook, &title, &looks).map_err(failed)?;
    Ok(out.write_all(&workbook.save_to_buffer().map_err(failed)?)?)
}

/// The sheet to read first: its lines, what the colours mean, and what each other sheet is for.
fn write_front(page: &mut Worksheet, sheet: &TemplateSheet, all: &[TemplateSheet], looks: &Looks) -> Result<(), XlsxError> {
    for (at, width) in (0..).zip(FRONT_WIDTHS) {
        page.set_column_width(at, f64::from(width))?;
    }
    let mut lines = sheet.notes.iter();
    if let Some(title) = lines.next() {
        page.write_string_with_format(0, 0, title, &looks.title)?;
    }
    let mut row = 2;
    for line in lines {
        let (head, text) = line.split_once(": ").filter(|(head, _)| head.len() <= LONGEST_HEAD).unwrap_or(("", line));
        page.write_string_with_format(row, 0, head, &looks.head)?;
        write_broken(page, row, text, looks)?;
        row += 1;
    }
    row += 1;
    page.write_string_with_format(row, 0, "Colours of headers", &looks.head)?;
    for need in Need::ALL {
        row += 1;
        page.write_string_with_format(row, 0, need.word(), looks.header(need))?;
        write_broken(page, row, need.meaning(), looks)?;
    }
    row += 2;
    page.write_string_with_format(row, 0, "Sheets", &looks.head)?;
    for sheet in all.iter().filter(|sheet| !sheet.columns.is_empty()) {
        row += 1;
        let link = format!("internal:'{}'!A2", sheet.name);
        page.write_url_with_options(row, 0, link.as_str(), &sheet.name, "", Some(&looks.link))?;
        write_broken(page, row, &sheet.notes.join(" "), looks)?;
    }
    Ok(())
}

/// A text of the first sheet. Not every program works out the height of a row by itself.
fn write_broken(page: &mut Worksheet, row: u32, text: &str, looks: &Looks) -> Result<(), XlsxError> {
    page.write_string_with_format(row, 1, text, &looks.broken)?;
    let [_, width] = FRONT_WIDTHS;
    page.set_row_height(row, LINE_HEIGHT * f64::from(all_lines_of(text, width)))?;
    Ok(())
}

/// A sheet to be filled in.
fn write_sheet(page: &mut Worksheet, sheet: &TemplateSheet, lists: &mut Lists, looks: &Looks) -> Result<(), XlsxError> {
    for ((at, column), example) in (0..).zip(&sheet.columns).zip(&sheet.example) {
        page.set_column_width(at, f64::from(column.width))?;
        page.set_column_format(at, looks.cell(column))?;
        page.write_string_with_format(0, at, &column.header, looks.header(column.need))?;
        page.insert_note(0, at, &note_on(column, example_in_words(example)))?;
        if let Some(list) = column.list.as_ref().filter(|list| !list.is_empty()) {
            let rule = lists.rule(list, &format!("{}.{}", sheet.name, column.header))?;
            page.add_data_validation(1, at, LAST_ROW, at, &answer_rule(rule, column)?)?;
        }
        if column.format == Format::Text {
            // P-codes of digits are meant to be texts.
            page.ignore_error_range(1, at, LAST_ROW, at, IgnoreError::NumberStoredAsText)?;
        }
    }
    let heads = sheet.columns.iter().map(|column| all_lines_of(&column.header, column.width)).max().unwrap_or(1);
    page.set_row_height(0, LINE_HEIGHT * f64::from(heads))?;
    page.set_freeze_panes(1, u16::try_from(sheet.key_columns()).unwrap_or(0))?;
    page.set_repeat_rows(0, 0)?;
    Ok(())
}

/// What a closed list does with other values; where several answers may be ticked the list only helps.
fn answer_rule(rule: DataValidation, column: &TemplateColumn) -> Result<DataValidation, XlsxError> {
    if !column.closed {
        return Ok(rule.show_error_message(false));
    }
    rule.set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("Not on the list")?
        .set_error_message("Choose a value from the list of this cell, or leave the cell blank.")
}

fn note_on(column: &TemplateColumn, example: Option<String>) -> Note {
    let mut text = format!("{} ({})\n{}", column.header, column.need.word(), column.note);
    if let Some(example) = example {
        text.push_str("\nExample: ");
        text.push_str(example.trim_start_matches("Example: "));
    }
    let (width, line_height, letters) = NOTE;
    let lines: usize = text.lines().map(|line| line.chars().count().div_ceil(letters).max(1)).sum();
    let height = u32::try_from((lines + 2) * line_height).unwrap_or(u32::MAX);
    Note::new(text).add_author_prefix(false).set_author("pinpoint").set_width(width).set_height(height)
}

/// A block for each sheet, a line for each of its columns: what it asks for, the value of the example row, and what
/// to write. It can be printed and read where notes on headers cannot. The engine does not read this sheet.
fn write_examples(workbook: &mut Workbook, sheets: &[TemplateSheet], title: &str, looks: &Looks) -> Result<(), WriteError> {
    let page = workbook.add_worksheet().set_name(EXAMPLES).map_err(failed)?;
    for (at, width) in (0..).zip(EXAMPLE_WIDTHS) {
        page.set_column_width(at, f64::from(width)).map_err(failed)?;
    }
    page.write_string_with_format(
        0,
        0,
        "Examples: an invented row of each sheet, column by column. Nothing on this sheet is read.",
        &looks.title,
    )
    .map_err(failed)?;
    let mut row = 1;
    for sheet in sheets.iter().filter(|sheet| !sheet.columns.is_empty()) {
        row += 1;
        page.write_string_with_format(row, 0, format!("Sheet {}", sheet.name), &looks.head).map_err(failed)?;
        for (at, head) in (1..).zip(["example", "need", "what to write"]) {
            page.write_string_with_format(row, at, head, &looks.head).map_err(failed)?;
        }
        row += 1;
        for (column, example) in sheet.columns.iter().zip(&sheet.example) {
            let not_finite = || WriteError::NotFinite { sheet: EXAMPLES.to_owned(), column: column.header.clone() };
            let example = shown(example, column.format).ok_or_else(not_finite)?;
            write_example(page, row, column, example, looks).map_err(failed)?;
            row += 1;
        }
    }
    set_up_page(page, title);
    Ok(())
}

fn write_example(page: &mut Worksheet, row: u32, column: &TemplateColumn, example: Shown<'_>, looks: &Looks) -> Result<(), XlsxError> {
    page.write_string_with_format(row, 0, &column.header, looks.header(column.need))?;
    let [header_width, example_width, _, note_width] = EXAMPLE_WIDTHS;
    let mut longest = all_lines_of(&column.note, note_width).max(all_lines_of(&column.header, header_width));
    match example {
        Shown::Nothing => page.write_blank(row, 1, &looks.example),
        Shown::Text(text) => {
            longest = longest.max(all_lines_of(text, example_width));
            page.write_string_with_format(row, 1, text, &looks.example)
        }
        Shown::Number(number, _) => page.write_number_with_format(row, 1, number, &looks.example),
    }?;
    page.write_string_with_format(row, 2, column.need.word(), &looks.broken)?;
    page.write_string_with_format(row, 3, &column.note, &looks.broken)?;
    page.set_row_height(row, LINE_HEIGHT * f64::from(longest))?;
    Ok(())
}

/// Lists that are too long for a cell's own rule, each in a column of its own sheet.
#[derive(Default)]
struct Lists {
    columns: Vec<(String, Vec<String>)>,
}

impl Lists {
    /// A rule that offers this list. `used_in` names the list where it is written down.
    fn rule(&mut self, list: &[String], used_in: &str) -> Result<DataValidation, XlsxError> {
        let length = list.iter().map(|value| value.encode_utf16().count() + 1).sum::<usize>();
        if length <= LONGEST_LIST && !list.iter().any(|value| value.contains([',', '"'])) {
            return DataValidation::new().allow_list_strings(list);
        }
        let known = self.columns.iter().position(|(_, values)| values == list);
        let at = known.unwrap_or_else(|| {
            self.columns.push((used_in.to_owned(), list.to_vec()));
            self.columns.len() - 1
        });
        let letters = crate::diag::place::column_letters(u32::try_from(at + 1).unwrap_or(u32::MAX));
        let range = format!("={LISTS}!${letters}$2:${letters}${}", list.len() + 1);
        Ok(DataValidation::new().allow_list_formula(Formula::new(range)))
    }

    fn write(&self, workbook: &mut Workbook, title: &str, looks: &Looks) -> Result<(), XlsxError> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let page = workbook.add_worksheet().set_name(LISTS)?;
        for (at, (name, values)) in (0..).zip(&self.columns) {
            page.set_column_width(at, 34)?;
            page.write_string_with_format(0, at, name, looks.header(Need::Optional))?;
            for (row, value) in (1..).zip(values) {
                page.write_string_with_format(row, at, cut(value, LONGEST_LIST), &looks.text)?;
            }
        }
        page.set_freeze_panes(1, 0)?;
        set_up_page(page, title);
        Ok(())
    }
}

/// The looks of cells that only the template has.
struct Looks {
    styles: Styles,
    number: Style,
    title: Style,
    head: Style,
    link: Style,
    broken: Style,
    text: Style,
    long_text: Style,
    example: Style,
    headers: [Style; 3],
}

impl Looks {
    fn new() -> Self {
        let top = || Style::new().set_align(FormatAlign::Top);
        // The fills differ in brightness, so that they can be told on a grey print as well.
        let header = |fill: u32, letters: u32| {
            let style = top().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Thin);
            style.set_background_color(Color::RGB(fill)).set_font_color(Color::RGB(letters))
        };
        Self {
            styles: Styles::new(),
            // As it is typed: the figures' own format would show a point behind a whole number.
            number: top(),
            title: Style::new().set_bold().set_font_size(14),
            head: top().set_bold(),
            link: top().set_font_color(Color::RGB(0x05_63_C1)).set_underline(FormatUnderline::Single),
            broken: top().set_text_wrap(),
            text: top().set_num_format("@"),
            long_text: top().set_num_format("@").set_text_wrap(),
            example: top().set_align(FormatAlign::Left).set_italic().set_text_wrap().set_font_color(Color::RGB(0x59_59_59)),
            headers: [header(0x1F_3A_5F, 0xFF_FF_FF), header(0x9C_C2_E5, 0x00_00_00), header(0xED_ED_ED, 0x00_00_00)],
        }
    }

    fn header(&self, need: Need) -> &Style {
        let [required, one_of, optional] = &self.headers;
        match need {
            Need::Required => required,
            Need::OneOf => one_of,
            Need::Optional => optional,
        }
    }

    fn cell(&self, column: &TemplateColumn) -> &Style {
        match column.format {
            Format::Text if column.width >= BREAKS_FROM => &self.long_text,
            Format::Text => &self.text,
            Format::Number => &self.number,
            other => self.styles.of(other),
        }
    }
}
