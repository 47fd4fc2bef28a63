//! Tables as text without a quotation mark, as large exports of surveys are: every separator parts fields and every end of a
//! line ends a row, so that parts of the text can be read side by side. Whatever is odd about a text is left to the
//! reader that looks at every letter.

use memchr::{memchr, memchr_iter, memchr2_iter};
use rayon::prelude::*;

use super::read_csv::{is_too_long, value_of};
use crate::table::DenseBuilder;

/// Parts of about so many bytes are read side by side; always the same, whatever the threads.
const PART: usize = 4 << 20;

/// Reads a text whose first line has this number; `None` where something about it is odd, wrong or quoted.
pub(super) fn read_plain(text: &str, separator: u8, first_row: u32) -> Option<DenseBuilder> {
    let bytes = text.as_bytes();
    let ends_alone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    if memchr(b'"', bytes).is_some() || memchr_iter(b'\r', bytes).any(ends_alone) || !separator.is_ascii() {
        return None;
    }
    // Empty lines before the first row are rows of their own.
    let first = text.split_inclusive('\n').take_while(|line| line.trim_end_matches(['\r', '\n']).is_empty());
    let (above, begin) = first.fold((0_u32, 0), |(lines, at), line| (lines + 1, at + line.len()));
    let text = text.get(begin..)?;
    let header = text.lines().next()?;
    let width = memchr_iter(separator, header.as_bytes()).count() + 1;
    let read = |part: &&str| read_part(part, separator, width, first_row.saturating_add(above));
    let mut parts = parts(text).par_iter().map(read).collect::<Option<Vec<_>>>()?.into_iter();
    let mut whole = parts.next()?;
    parts.for_each(|part| whole.append(part));
    Some(whole)
}

/// The text in parts of whole lines.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let after = rest.as_bytes().get(PART..).and_then(|after| memchr(b'\n', after));
        let (part, below) = rest.split_at(after.map_or(rest.len(), |at| PART + at + 1));
        parts.push(part);
        rest = below;
    }
    parts
}

fn read_part(part: &str, separator: u8, width: usize, first_row: u32) -> Option<DenseBuilder> {
    let mut cells = DenseBuilder::new(width, first_row);
    let (mut field_start, mut column) = (0, 0);
    let ends = memchr2_iter(separator, b'\n', part.as_bytes());
    let without_end = (!part.ends_with('\n')).then_some(part.len());
    for end in ends.chain(without_end) {
        let (text, length) = (part.get(field_start..)?, end - field_start);
        let field = text.get(..length)?;
        field_start = end + 1;
        if part.as_bytes().get(end) == Some(&separator) {
            if is_odd(field, column, width) {
                return None;
            }
            cells.field_of(column, text, length, value_of);
            column += 1;
            continue;
        }
        let field = field.strip_suffix('\r').unwrap_or(field);
        let is_empty_line = column == 0 && field.is_empty();
        if is_odd(field, column, width) || (column + 1 < width && !is_empty_line) {
            return None;
        }
        cells.field(column, field, value_of);
        cells.end_row(column + 1);
        column = 0;
    }
    Some(cells)
}

/// A field behind the last column, or one that no cell can hold.
fn is_odd(field: &str, column: usize, width: usize) -> bool {
    (column >= width && !field.is_empty()) || is_too_long(field)
}
