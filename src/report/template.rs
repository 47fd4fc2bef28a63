//! The empty input workbook for a framework: which sheets and columns a team finds, what each header tells them, and
//! a row of each that shows how. Decides words and examples only; headers and answers are those that the stages read.

mod columns;
mod indicators;
mod standing;

use super::model::{Datum, Format};
use crate::domain::{Decimal, Phase};
use crate::framework::Framework;
use crate::framework::files::Status;
use crate::table::folded;

/// The area of every example: a code that no country has.
pub const EXAMPLE_PCODE: &str = "XX01";
/// The group of every example.
const EXAMPLE_GROUP: &str = "IDPs";
/// From this width on a column of texts breaks its lines.
const LONG_TEXT: u16 = 36;

/// Whether a cell has to be filled where its row is filled.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Required,
    /// This one or another one, as the note says.
    OneOf,
    /// It may stay blank.
    Optional,
}

impl Need {
    /// Every need, the strictest first.
    pub const ALL: [Self; 3] = [Self::Required, Self::OneOf, Self::Optional];

    /// The word for a reader.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::OneOf => "it depends",
            Self::Optional => "optional",
        }
    }

    /// What it asks for.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Required => "every row of the sheet needs a value here",
            Self::OneOf => "needed in some rows, or one of several columns is enough; the note on the header says which",
            Self::Optional => "may stay blank; blank means not known, or not applicable",
        }
    }
}

/// A column of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateColumn {
    /// Its header, by which it is found again.
    pub header: String,
    /// What to write, in which unit, within which bounds.
    pub note: String,
    /// Whether it has to be filled.
    pub need: Need,
    /// The values to choose from.
    pub list: Option<Vec<String>>,
    /// Nothing else than one value of the list may be written.
    pub closed: bool,
    /// Its width in characters.
    pub width: u16,
    /// How its cells are shown.
    pub format: Format,
}

impl TemplateColumn {
    fn new(header: &str, format: Format, need: Need, note: &str) -> Self {
        let length = u16::try_from(header.len()).unwrap_or(u16::MAX);
        Self {
            header: header.to_owned(),
            note: note.to_owned(),
            need,
            list: None,
            closed: false,
            width: (length.saturating_add(3)).clamp(11, 18),
            format,
        }
    }

    fn choosing(self, list: Vec<String>, closed: bool) -> Self {
        Self { list: Some(list), closed, ..self }
    }

    fn long(self) -> Self {
        Self { width: LONG_TEXT, ..self }
    }
}

/// A sheet of the template. A sheet without columns holds its notes only.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateSheet {
    /// Its name, by which it is found again.
    pub name: String,
    /// What a row of it is, and what to heed. The engine reads row 1 as headers, so these stand on the first sheet.
    pub notes: Vec<String>,
    /// Its columns.
    pub columns: Vec<TemplateColumn>,
    /// A row that shows how, as long as the columns. It is invented, and all rows together make a sound workbook.
    pub example: Vec<Datum>,
}

impl TemplateSheet {
    fn new(name: &str, notes: &[&str]) -> Self {
        Self { name: name.to_owned(), notes: notes.iter().map(|&note| note.to_owned()).collect(), columns: Vec::new(), example: Vec::new() }
    }

    fn push(&mut self, column: TemplateColumn, example: Datum) {
        // Headers that differ in hyphens only would be taken for one.
        if !self.columns.iter().any(|known| folded(&known.header) == folded(&column.header)) {
            self.columns.push(column);
            self.example.push(example);
        }
    }

    /// How many columns at the start name the row.
    pub fn key_columns(&self) -> usize {
        self.columns.iter().take_while(|column| columns::is_key(&column.header)).count()
    }
}

/// The sheets of the template, the one to read first in front.
pub fn sheets(framework: &Framework) -> Vec<TemplateSheet> {
    let mut sheets = vec![read_me(framework)];
    sheets.extend(standing::sheets(framework));
    sheets
}

/// A line is a heading, `: `, and what it says.
fn read_me(framework: &Framework) -> TemplateSheet {
    let title = format!("Input workbook for pinpoint, framework {}", framework.name_and_version());
    let about = format!("Framework: {}. {}", framework.name_and_version(), framework.title);
    let state = match framework.status {
        Status::InUse => "",
        Status::Draft => "Status: This framework is a draft; it can still change.",
        Status::Retired => "Status: This framework is retired; do not use it for new figures.",
    };
    let check = format!(
        "Check: `pinpoint check FILE.xlsx --framework {}` says what is wrong or missing, with sheet and cell; `pinpoint analyse` makes the figures. For a framework of your own, name its folder instead.",
        framework.id
    );
    let example = format!(
        "Examples: Sheet `examples` shows a row of each sheet, column by column, for an invented area `{EXAMPLE_PCODE}`. It is not read, nor are `read me` and `lists`."
    );
    let lines = [
        title.as_str(),
        &about,
        state,
        "Start: Fill in sheet `population`; it is the only one that must have rows. Of the others fill in what you have and leave the rest as they are.",
        "Rows: One row is one area and group, as written below for each sheet. Row 1 holds the headers and the data begin in row 2; write no title above and no total below.",
        "Headers: Point at a header to read what belongs there. Columns may change places, but headers and sheets keep their names.",
        "Areas: An area is named by its p-code, written as text with its leading zeros, the same in every sheet.",
        "Groups: A group is spelled in every sheet as in sheet `population`. A row without a group speaks for the whole area.",
        "Blank cells: Leave a cell blank where the value is not known. Blank is never read as zero, and never as phase 1.",
        "Numbers: Plain numbers. Per cent go from 0 to 100, without the sign; shares of people go from 0 to 1; phases are 1 to 5.",
        "Dates: YYYY-MM-DD, as in 2025-11-03.",
        "Lists: Where a cell offers a list, choose from it. Where several answers may be ticked, write them in one cell, separated by blanks.",
        "Privacy: Write no names, telephone numbers or single cases into any cell.",
        &example,
        &check,
    ];
    let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    TemplateSheet::new("read me", &lines)
}

/// An example as it stands in a cell of this format.
fn example_of(text: &str, format: Format) -> Datum {
    match format {
        Format::Text => Datum::text(text),
        Format::Phase => Datum::phase(text.parse().ok().and_then(Phase::new)),
        _ => Datum::exact(Decimal::parse(text)),
    }
}

/// An example in words, for the note on its header; `None` if it is blank.
pub fn example_in_words(example: &Datum) -> Option<String> {
    Some(match example {
        Datum::Empty => return None,
        Datum::Text(text) => text.clone(),
        Datum::Whole(number) => number.to_string(),
        Datum::Exact(number) | Datum::Share(number) => number.to_string(),
        Datum::Phase(phase) => phase.to_string(),
    })
}
