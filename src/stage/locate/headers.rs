//! The headers of a sheet, and the columns that a table has and needs.

use std::collections::BTreeSet;

use super::Located;
use super::frame::{self, Frame};
use super::wanted::{Wanted, WantedColumn, compared};
use crate::diag::place::listed;
use crate::diag::shown::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::is_unseen;
use crate::framework::files::RoleName;
use crate::framework::layout::{RowsWhere, TableLayout};
use crate::table::{CellValue, Sheet, folded};

/// A column that tells the rows of a table from those of others, and what its rows say there, folded.
pub(super) type Selector<'a> = (u32, &'a RowsWhere);

/// A header as it is written, and as it is compared.
pub(super) struct Header {
    pub(super) column: u32,
    pub(super) text: String,
    plain: String,
    with_band: String,
    /// The HXL tag under it.
    tag: Option<String>,
    /// It is a number or a date.
    pub(super) is_no_name: bool,
}

impl Header {
    /// Whether it is one of these, as headers are compared.
    pub(super) fn is(&self, wanted: &[String]) -> bool {
        wanted.iter().any(|wanted| self.plain == *wanted || self.with_band == *wanted)
    }

    /// As it is compared.
    pub(super) fn compared(&self) -> &str {
        &self.plain
    }

    /// Whether it has this HXL tag, under it or in its own place.
    fn has_tag(&self, wanted: &str) -> bool {
        self.plain == wanted || self.tag.as_deref() == Some(wanted)
    }

    /// Whether it holds what nobody sees: line breaks, hard blanks, characters without width, blanks around it.
    fn is_unclean(&self) -> bool {
        let strange = |letter: char| letter.is_control() || letter == '\u{a0}' || is_unseen(letter);
        self.text.trim() != self.text || self.text.contains(strange)
    }
}

/// The headers of a table.
pub(super) fn headers(layout: &TableLayout, sheet: &Sheet, frame: Frame, wanted: &Wanted) -> Vec<Header> {
    let texts_of = |row: Option<u32>| row.map(|number| frame::texts(sheet, number, None)).unwrap_or_default();
    let (bands, tags) = (texts_of(frame.upper_row), texts_of(frame.tags_row));
    // A row of bands that the context names is no row of headers.
    let upper = frame.upper_row.filter(|_| layout.band_row.is_none());
    let is_text = |number: u32, column: u32| sheet.row(number).is_some_and(|row| is_name(row.get(column)));
    let header = |(column, text): (u32, String)| {
        // A band's title stands over its first column and speaks for those to the right of it.
        let band = bands.range(..=column).next_back().map_or("", |(_, band)| band);
        let tag = tags.get(&column).map(|tag| compared(tag));
        let plain = wanted.without_groups(compared(&text));
        let is_no_name = !is_text(frame.header_row, column) && upper.is_none_or(|upper| !is_text(upper, column));
        Header { column, plain, with_band: folded(&format!("{band} / {text}")), tag, is_no_name, text }
    };
    frame::texts(sheet, frame.header_row, upper).into_iter().map(header).collect()
}

/// Whether a cell names something: a text that is no date, or nothing, where a merged cell from above speaks.
fn is_name(value: CellValue<'_>) -> bool {
    match value {
        CellValue::Text(text) => !text.trim().chars().all(|character| character.is_ascii_digit() || "-/.:".contains(character)),
        CellValue::Blank => true,
        _ => false,
    }
}

/// The headers that mean a column: by name, else by the one that has its HXL tag.
pub(super) fn meant<'a>(headers: &'a [Header], column: &WantedColumn) -> Vec<&'a Header> {
    let by_name: Vec<&Header> = headers.iter().filter(|header| header.is(&column.headers)).collect();
    if !by_name.is_empty() {
        return by_name;
    }
    let tagged = |tag: &String| headers.iter().filter(|header| header.has_tag(tag)).collect();
    // What stands under several headers, as `#inneed` of each sector does, is told apart by their names alone.
    column.tag.as_ref().map(tagged).filter(|hits: &Vec<_>| hits.len() == 1).unwrap_or_default()
}

/// Says which of the headers that are read hold what nobody sees.
pub(super) fn note_unclean(sheet: &Sheet, row: u32, headers: &[Header], taken: &BTreeSet<u32>, found: &mut Findings) {
    let unclean: Vec<CellRef> = headers
        .iter()
        .filter(|header| taken.contains(&header.column) && header.is_unclean())
        .map(|header| CellRef { sheet: sheet.name.clone(), row, column: header.column })
        .collect();
    if let Some(first) = unclean.first() {
        let message = format!("read without line breaks, hard blanks and blanks around it: {}", listed(&unclean));
        found.add(Code::HeaderCleaned, Place::Cell(first.clone()), message);
    }
}

/// Whether a column carries its AoR or sector in its name, as in `CP.in-need`.
fn is_wide(name: &str) -> bool {
    name.contains('.')
}

/// Whether a table has the columns that it needs; says which are missing.
pub(super) fn require_columns(table: &Located<'_>, ambiguous: &BTreeSet<String>, headers: &[Header], found: &mut Findings) -> bool {
    let Located { layout, sheet, columns, leaves, .. } = table;
    // A header that stands twice has been reported as such.
    let has = |name: &str| columns.contains_key(name) || ambiguous.contains(name);
    let mut sound = true;
    let mut need = |name: &str, present: bool| {
        if !present {
            match layout.columns.iter().any(|(declared, _)| declared == name) {
                false => unnamed_column(sheet, name, headers, found),
                true if layout.optional => missing_column(table.frame.header_row, sheet, name, headers, found),
                // Said below, by the header that the context names.
                true => {}
            }
            sound = false;
        }
    };
    need("pcode", has("pcode") || (1..=5).any(|level| has(&format!("admin{level}-pcode"))));
    let any_wide = columns.keys().any(|name| is_wide(name));
    match layout.role {
        RoleName::Population => need("population", has("population") || !leaves.is_empty()),
        RoleName::Estimates => {
            need("aor", has("aor") || any_wide);
            need("in-need", any_wide || has("in-need") || has("phase") || has("affected"));
        }
        RoleName::Shares => {
            for name in ["scope", "phase1", "phase2", "phase3", "phase4", "phase5"] {
                need(name, has(name));
            }
        }
        RoleName::Judgements => {
            need("risk", has("risk") || has("aor"));
            for name in ["phase", "reason", "evidence", "decided-by", "date"] {
                need(name, has(name));
            }
        }
        RoleName::Decisions => {
            for name in ["scope", "what", "old", "new", "reason", "evidence", "decided-by", "date"] {
                need(name, has(name));
            }
        }
        RoleName::Previous => need("in-need", any_wide || has("in-need") || has("phase")),
        RoleName::Response => need("targeted", any_wide || has("targeted") || has("reached")),
        RoleName::Households => {
            for name in ["household-id", "weight"] {
                need(name, has(name));
            }
        }
        RoleName::Areas | RoleName::Indicators | RoleName::Sectors => {}
    }
    // What a country's own layout names has to be there; the engine's own workbook may leave columns out.
    if !layout.optional {
        for (name, accepted) in layout.columns.iter().filter(|(name, _)| !has(name)) {
            let wanted = accepted.first().map_or(name.as_str(), String::as_str);
            missing_column(table.frame.header_row, sheet, wanted, headers, found);
            sound = false;
        }
    }
    sound
}

/// Whether a table has the columns that tell its rows from those of others; says which are missing. A column that may be
/// blank may be absent: then nothing is told apart by it.
pub(super) fn require_selectors(table: &Located<'_>, headers: &[Header], found: &mut Findings) -> bool {
    let mut sound = true;
    for rows in &table.layout.rows_where {
        let is_there = table.selectors.iter().any(|(_, there)| std::ptr::eq(*there, rows));
        if !is_there && !rows.is.iter().any(String::is_empty) {
            let wanted = rows.headers.first().map_or("", String::as_str);
            missing_column(table.frame.header_row, table.sheet, wanted, headers, found);
            sound = false;
        } else if let Some((header, word)) = headers.iter().filter(|_| !is_there).find_map(|header| holds_words_of(table, header, rows)) {
            let wanted = rows.headers.first().map_or("", String::as_str);
            let place = CellRef { sheet: table.sheet.name.clone(), row: table.frame.header_row, column: header.column };
            let message = format!(
                "{} holds nothing but words of `{wanted}`, such as {}, by which rows of parts are told from those of everybody",
                quoted(&header.text),
                quoted(word)
            );
            found.add(Code::MissingColumn, Place::Cell(place), message);
            sound = false;
        }
    }
    sound
}

/// Whether a column that means nothing here holds words by which the rows of the table are told from others, and no other
/// words; with one that rows of another kind have.
fn holds_words_of<'a>(table: &Located<'a>, header: &'a Header, rows: &RowsWhere) -> Option<(&'a Header, &'a str)> {
    let others = rows.others.as_ref()?;
    let is_read = table.columns.values().any(|(column, _)| *column == header.column);
    if is_read || table.selectors.iter().any(|(column, _)| *column == header.column) {
        return None;
    }
    let mut foreign = None;
    for row in table.sheet.rows().filter(|row| row.number > table.frame.bottom()) {
        match row.get(header.column) {
            CellValue::Blank => {}
            CellValue::Text(text) => {
                let word = folded(text);
                let is_other = others.contains(&word) && !word.is_empty();
                if !is_other && !rows.is.contains(&word) {
                    return None;
                }
                foreign = foreign.or(is_other.then_some(text));
            }
            _ => return None,
        }
    }
    foreign.map(|word| (header, word))
}

pub(super) fn missing_column(header_row: u32, sheet: &Sheet, wanted: &str, headers: &[Header], found: &mut Findings) {
    let hint = did_you_mean(wanted, headers.iter().map(|header| header.text.as_str()));
    let message = format!("row {header_row} has no column `{wanted}`{hint}");
    found.add(Code::MissingColumn, Place::Sheet(sheet.name.clone()), message);
}

/// A column that the sheet may well have, but whose header the context does not name.
fn unnamed_column(sheet: &Sheet, name: &str, headers: &[Header], found: &mut Findings) {
    let there = headers.iter().find(|header| header.is(&[compared(name)]));
    let hint = there.map_or(String::new(), |header| format!("; column {} has it", crate::diag::place::column_letters(header.column)));
    let message = format!("the context names no header for `{name}`{hint}");
    found.add(Code::MissingColumn, Place::Sheet(sheet.name.clone()), message);
}
