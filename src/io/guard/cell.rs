//! One cell's XML: of what kind it says that it is, and whether its value is one of that kind.

use super::addresses::{is_plain_number, shortened};
use super::strings::SharedTexts;
use super::{Refusal, limits};
use crate::diag::place::column_letters;

/// What a cell holds, as its `t` says.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    Number,
    Shared,
    Truth,
    Error,
    Text,
    Inline,
    Date,
}

impl CellKind {
    /// The kind of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "n" => Self::Number,
            "s" => Self::Shared,
            "b" => Self::Truth,
            "e" => Self::Error,
            "str" => Self::Text,
            "inlineStr" => Self::Inline,
            "d" => Self::Date,
            _ => return None,
        })
    }
}

/// The cell that is being read.
pub(super) struct Open {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) kind: CellKind,
    pub(super) formula: bool,
    /// Its formula reads another workbook.
    pub(super) external: bool,
    /// Whether there is a place for a value, be it empty.
    pub(super) has_value: bool,
    pub(super) value: Option<String>,
    pub(super) parts: u32,
}

impl Open {
    /// Adds to its value.
    pub(super) fn put(&mut self, text: &str) {
        self.parts += 1;
        match &mut self.value {
            Some(value) => value.push_str(text),
            None => self.value = Some(text.to_owned()),
        }
    }

    fn address(&self) -> String {
        format!("cell {}{}", column_letters(self.column), self.row)
    }

    /// Whether its value is one of its kind; bytes of the shared text that it refers to.
    pub(super) fn check(&self, texts: &SharedTexts) -> Result<u64, Refusal> {
        let value = self.value.as_deref().unwrap_or_default();
        check_value(self.kind, value, self.parts == 1, texts).map_err(|what| Refusal::within(self.address(), what))
    }
}

/// Whether a value is one of its kind: bytes of the shared text that it refers to, or what is wrong with it. `whole` says
/// whether it is written in one piece.
pub(super) fn check_value(kind: CellKind, value: &str, whole: bool, texts: &SharedTexts) -> Result<u64, String> {
    match kind {
        CellKind::Number if !value.is_empty() => {
            let fits = whole && is_plain_number(value);
            if fits { Ok(0) } else { Err(format!("`{}` is not written as a finite number", shortened(value))) }
        }
        CellKind::Shared if !value.is_empty() => {
            let index = Some(value).filter(|text| whole && text.bytes().all(|digit| digit.is_ascii_digit()));
            let index = index.and_then(|index| index.parse().ok());
            if let Some(characters) = index.and_then(|index| texts.too_long(index)) {
                return Err(format!("its text has {characters} characters, more than {}", limits::TEXT));
            }
            let length = index.and_then(|index| texts.length(index));
            let missing = || format!("it refers to the shared text `{}`, which there is not", shortened(value));
            length.map(u64::from).ok_or_else(missing)
        }
        _ => Ok(0),
    }
}

/// Error values that the reader knows.
pub(super) fn is_known_error(text: &str) -> bool {
    matches!(text, "#DIV/0!" | "#N/A" | "#NAME?" | "#NULL!" | "#NUM!" | "#REF!" | "#VALUE!" | "#GETTING_DATA" | "#DATA!")
}

/// Whether a formula reads another workbook, as in `[1]Sheet1!A1`. Columns of Excel tables stand in brackets too, but are no
/// numbers.
pub(super) fn names_another_workbook(formula: &str) -> bool {
    formula.split('[').skip(1).any(|rest| {
        let (inside, after) = rest.split_once(']').unwrap_or_default();
        !inside.is_empty() && inside.bytes().all(|digit| digit.is_ascii_digit()) && !after.is_empty()
    })
}
