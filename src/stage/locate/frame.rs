//! Where the headers of a table stand, when the context does not say: in the row that has most of the headers that the
//! table may have. An Excel table says it itself.

use std::collections::{BTreeMap, BTreeSet};

use super::AREA_COLUMNS;
use super::wanted::Wanted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::layout::TableLayout;
use crate::table::sheet::{Row, TopRow};
use crate::table::workbook::Block;
use crate::table::{CellValue, Sheet, is_no_word};

/// Titles, notes and totals stand above a header, but not more than so many rows that hold anything.
const DEEPEST: usize = 50;

/// The rows of a table's head, and where an Excel table ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Row of the headers; of the lower ones, where they stand in two rows.
    pub header_row: u32,
    /// Row of upper headers, where a header stands there and the cell below it is blank; or of bands, where the context
    /// names one.
    pub upper_row: Option<u32>,
    /// Row of HXL tags, under the headers.
    pub tags_row: Option<u32>,
    /// Last row of the Excel table of which this is the head, without its row of totals.
    pub last_row: Option<u32>,
}

impl Frame {
    /// The first row of the head.
    pub fn top(&self) -> u32 {
        self.upper_row.map_or(self.header_row, |upper| upper.min(self.header_row))
    }

    /// The last row of the head.
    pub fn bottom(&self) -> u32 {
        self.tags_row.unwrap_or(self.header_row)
    }
}

/// Finds the head of a table. What is found elsewhere than in row 1 is said.
pub(super) fn frame(layout: &TableLayout, sheet: &Sheet, wanted: &Wanted, found: &mut Findings) -> Frame {
    let mut frame = Frame { header_row: 1, upper_row: layout.band_row, tags_row: None, last_row: None };
    if let Some(declared) = layout.header_row {
        let (row, _) = declared_row(layout, declared, sheet, wanted);
        frame.header_row = row;
        frame.upper_row = layout.band_row.and_then(|band| (band + row).checked_sub(declared)).filter(|band| *band > 0);
        if row != declared {
            let column = texts(sheet, row, None).keys().next().copied().unwrap_or(1);
            let at = CellRef { sheet: sheet.name.clone(), row, column };
            let message = format!("headers found in row {row}, and not in row {declared} as the layout has them");
            found.add(Code::HeaderFound, Place::Cell(at), message);
        }
    } else if let Some((rows, hits, column)) = best(sheet, wanted) {
        (frame.header_row, frame.upper_row) = rows;
        if frame.header_row != 1 {
            let at = CellRef { sheet: sheet.name.clone(), row: frame.upper_row.unwrap_or(frame.header_row), column };
            let rows = frame.upper_row.map_or_else(String::new, |upper| format!("{upper} and "));
            let s = if rows.is_empty() { "" } else { "s" };
            let message = format!("headers found in row{s} {rows}{}: {hits} of them are known", frame.header_row);
            found.add(Code::HeaderFound, Place::Cell(at), message);
        }
    }
    frame.tags_row = sheet.row(frame.header_row + 1).filter(|row| is_of_tags(*row)).map(|row| row.number);
    // Beside the table another one may stand, with its headers in the same row.
    let known = texts(sheet, frame.header_row, None);
    let area = known.iter().find(|(_, text)| wanted.of_header(text).is_some_and(|name| AREA_COLUMNS.contains(&name)));
    let holds_it = |block: &Block| area.is_some_and(|(column, _)| (block.left..=block.right).contains(column));
    let of_table =
        sheet.notes.tables.iter().find(|table| table.block.top == frame.header_row && table.has_headers && holds_it(&table.block));
    frame.last_row = of_table.map(|table| table.block.bottom.saturating_sub(table.totals_rows));
    frame
}

/// How many known headers a sheet has, where a table has its headers.
pub(super) fn known_headers(layout: &TableLayout, sheet: &Sheet, wanted: &Wanted) -> usize {
    match layout.header_row {
        Some(row) => declared_row(layout, row, sheet, wanted).1,
        None => best(sheet, wanted).map_or(0, |(_, hits, _)| hits),
    }
}

/// The row of the headers where the layout names one, and how many headers are known there. Somebody may have put rows above
/// them or taken some away: where the layout says so, another row counts that has more than twice as many.
fn declared_row(layout: &TableLayout, declared: u32, sheet: &Sheet, wanted: &Wanted) -> (u32, usize) {
    let hits = |row: u32| texts(sheet, row, None).values().filter(|text| wanted.of_header(text).is_some()).count();
    let there = hits(declared);
    let best =
        layout.headers_may_move.then(|| sheet.tops().iter().take(DEEPEST).map(|top| (top.number, hits(top.number)))).into_iter().flatten();
    let first_of_most = best.fold((declared, there), |most, other| if other.1 > most.1 { other } else { most });
    if first_of_most.1 > 2 * there && first_of_most.1 > 1 { first_of_most } else { (declared, there) }
}

/// The row or the two rows with most known headers, how many these are, and the column of the first of them. Of equal ones
/// the head of an Excel table goes before others, then the uppermost, and one row before two. The tags under a row speak for
/// headers of it that are not known.
fn best(sheet: &Sheet, wanted: &Wanted) -> Option<((u32, Option<u32>), usize, u32)> {
    let heads: BTreeSet<u32> = sheet.notes.tables.iter().filter(|table| table.has_headers).map(|table| table.block.top).collect();
    let tops = sheet.tops();
    let of_row = |top: &TopRow| -> Vec<(u32, String)> {
        let known = top.texts.iter().filter_map(|(column, text, folded)| Some((*column, wanted.of_folded(text, folded)?.to_owned())));
        known.chain(reaching(sheet, top.number, wanted)).collect()
    };
    let known: Vec<Vec<(u32, String)>> = tops.iter().map(of_row).collect();
    let mut best: Option<((usize, bool), (u32, Option<u32>), u32)> = None;
    for (at, top) in tops.iter().enumerate().take(DEEPEST) {
        let above = at.checked_sub(1).filter(|&above| tops.get(above).is_some_and(|above| above.number + 1 == top.number));
        for upper in [None, above] {
            let is_filled = |column: u32| sheet.row(top.number).is_some_and(|row| shown(row.get(column)).is_some());
            let lower = known.get(at).into_iter().flatten();
            let from_above = upper.and_then(|upper| known.get(upper)).into_iter().flatten().filter(|(column, _)| !is_filled(*column));
            let mut names: BTreeMap<&str, u32> = lower.chain(from_above).map(|(column, name)| (name.as_str(), *column)).collect();
            // The tags under a row speak for headers of it that are not known.
            let below = tops.get(at + 1).filter(|below| below.number == top.number + 1);
            if below.and_then(|below| sheet.row(below.number)).is_some_and(is_of_tags) {
                for (column, tag) in known.get(at + 1).into_iter().flatten().filter(|(column, _)| is_filled(*column) || upper.is_some()) {
                    names.entry(tag).or_insert(*column);
                }
            }
            let has_area = AREA_COLUMNS.iter().any(|name| names.contains_key(name));
            let Some(&first) = names.values().min() else { continue };
            let rank = (names.len(), upper.is_none() && heads.contains(&top.number));
            if has_area && names.len() > 1 && best.as_ref().is_none_or(|(most, ..)| rank > *most) {
                let upper = upper.and_then(|upper| tops.get(upper)).map(|upper| upper.number);
                best = Some((rank, (top.number, upper), first));
            }
        }
    }
    best.map(|((hits, _), rows, first)| (rows, hits, first))
}

/// What merged cells that reach down into a row from above mean there.
fn reaching<'a>(sheet: &'a Sheet, lower: u32, wanted: &'a Wanted) -> impl Iterator<Item = (u32, String)> + 'a {
    let reaches = move |merge: &&Block| merge.top < lower && merge.bottom >= lower && merge.left == merge.right;
    let filled = move |column: u32| sheet.row(lower).is_some_and(|row| shown(row.get(column)).is_some());
    sheet.notes.merges.iter().filter(reaches).filter(move |merge| !filled(merge.left)).filter_map(move |merge| {
        let text = sheet.row(merge.top).and_then(|row| shown(row.get(merge.left)))?;
        Some((merge.left, wanted.of_header(&text)?.to_owned()))
    })
}

/// The header of each column: what stands in the lower row, or in the upper one where the lower is blank. A merged cell
/// that reaches down into the lower row stands there.
pub(super) fn texts(sheet: &Sheet, lower: u32, upper: Option<u32>) -> BTreeMap<u32, String> {
    let mut texts = BTreeMap::new();
    for number in upper.into_iter().chain([lower]) {
        let row = sheet.row(number);
        texts.extend(row.into_iter().flat_map(|row| row.cells()).filter_map(|(column, value)| Some((column, shown(value)?))));
    }
    let reaching = |merge: &&Block| merge.top < lower && merge.bottom >= lower && merge.left == merge.right;
    for merge in sheet.notes.merges.iter().filter(reaching) {
        let text = sheet.row(merge.top).and_then(|row| shown(row.get(merge.left)));
        if let Some(text) = text {
            texts.entry(merge.left).or_insert(text);
        }
    }
    texts
}

/// What a header cell shows, if it shows anything.
pub(super) fn shown(value: CellValue<'_>) -> Option<String> {
    match value {
        CellValue::Text(text) if !is_no_word(text) => Some(text.to_owned()),
        CellValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a row holds HXL tags and nothing else, as in `#adm2+code`.
fn is_of_tags(row: Row<'_>) -> bool {
    let is_tag =
        |text: &str| text.trim().strip_prefix('#').and_then(|tag| tag.chars().next()).is_some_and(|first| first.is_ascii_alphabetic());
    let mut filled = row.cells().filter(|(_, value)| !matches!(value, CellValue::Text(text) if is_no_word(text))).peekable();
    filled.peek().is_some() && filled.all(|(_, value)| matches!(value, CellValue::Text(text) if is_tag(text)))
}
