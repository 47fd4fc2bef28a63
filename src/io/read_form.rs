//! A form as an XLSForm: sheet `survey` with a row for each question, sheet `choices` with a row for each choice.

use std::path::Path;

use super::error::ReadError;
use super::read_input::{How, read_input};
use crate::table::form::{Form, Named, Question};
use crate::table::sheet::Row;
use crate::table::{CellValue, Sheet, folded};

/// Reads a form; gives its file name and digest with it.
///
/// # Errors
/// When the file cannot be read, or is no form.
pub fn read(path: &Path) -> Result<(Form, (String, String)), ReadError> {
    let wanted = |name: &str| ["survey", "choices"].contains(&folded(name).as_str());
    let input = read_input(path, &wanted, How::default())?;
    let sheet = |name: &'static str| {
        let found = input.workbook.find(|sheet| folded(sheet) == name);
        found.ok_or_else(|| ReadError::NoForm { path: path.to_owned(), what: format!("it has no sheet `{name}`") })
    };
    let lacks = |what: &str| ReadError::NoForm { path: path.to_owned(), what: what.to_owned() };
    let (survey, choices) = (sheet("survey")?, sheet("choices")?);
    let mut form = Form::default();
    let head = Head::of(survey, "type").ok_or_else(|| lacks("sheet `survey` has no columns `type` and `name`"))?;
    for row in survey.rows().filter(|row| row.number > head.row) {
        let kind = text(row, head.kind);
        let mut words = kind.split_whitespace();
        let choices = match words.next() {
            Some("select_one" | "select_multiple" | "rank") => words.next().map(str::to_owned),
            None | Some("begin_group" | "end_group" | "begin_repeat" | "end_repeat" | "begin" | "end" | "note") => continue,
            Some(_) => None,
        };
        form.questions.extend(head.named(row).map(|named| Question { named, choices }));
    }
    let head = Head::of(choices, "list_name").ok_or_else(|| lacks("sheet `choices` has no columns `list_name` and `name`"))?;
    for row in choices.rows().filter(|row| row.number > head.row) {
        let list = text(row, head.kind);
        form.choices.entry(list).or_default().extend(head.named(row));
    }
    let digest = input.digest.into_iter().next().unwrap_or_default();
    Ok((form, digest))
}

/// Where the columns of a sheet of a form stand.
struct Head {
    row: u32,
    /// The type of a question, or the list of a choice.
    kind: u32,
    name: u32,
    labels: Vec<u32>,
}

impl Head {
    /// `kind` is the header of the first column.
    fn of(sheet: &Sheet, kind: &str) -> Option<Self> {
        let row = sheet.rows().next()?;
        let headers: Vec<(u32, String)> = row.cells().map(|(column, _)| (column, text(row, column).to_lowercase())).collect();
        let column = |accepted: &[&str]| headers.iter().find(|(_, header)| accepted.contains(&header.as_str())).map(|(column, _)| *column);
        let labels =
            headers.iter().filter(|(_, header)| header == "label" || header.starts_with("label::") || header.starts_with("label:"));
        Some(Self {
            row: row.number,
            kind: column(&[kind, &kind.replace('_', " ")])?,
            name: column(&["name", "value"])?,
            labels: labels.map(|(column, _)| *column).collect(),
        })
    }

    fn named(&self, row: Row<'_>) -> Option<Named> {
        let name = text(row, self.name);
        let labels = self.labels.iter().map(|column| text(row, *column)).filter(|label| !label.is_empty()).collect();
        (!name.is_empty()).then_some(Named { name, labels })
    }
}

fn text(row: Row<'_>, column: u32) -> String {
    match row.get(column) {
        CellValue::Text(text) => text.trim().to_owned(),
        CellValue::Number(number) => number.to_string(),
        CellValue::Truth(truth) => truth.to_string(),
        CellValue::Blank | CellValue::Error(_) => String::new(),
    }
}
