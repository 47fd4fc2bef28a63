//! The text of one TOML file with the place of every key, so that a finding can name line and column.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::diag::{Code, Findings, Place};

/// A TOML file: its name, its content and where each key stands.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file as the user knows it.
    pub file: Arc<str>,
    /// Its content; empty if the file cannot be read as TOML.
    pub table: toml::Table,
    places: BTreeMap<Vec<String>, (u32, u32)>,
}

impl Source {
    /// Reads a file. Every syntax error is a finding.
    pub fn read(file: &str, text: &str, found: &mut Findings) -> Self {
        let file: Arc<str> = file.into();
        let (table, errors) = DeTable::parse_recoverable(text);
        let lines = Lines::of(text);
        for error in &errors {
            let (line, column) = error.span().map_or((0, 0), |span| lines.line_and_column(span.start));
            found.add(Code::TomlSyntax, Place::Text { file: Arc::clone(&file), line, column }, error.message().trim());
        }
        let mut places = BTreeMap::new();
        collect_places(&lines, table.get_ref(), &mut Vec::new(), &mut places);
        let table = if errors.is_empty() { text.parse().unwrap_or_default() } else { toml::Table::new() };
        Self { file, table, places }
    }

    /// Where the key at this path stands; the nearest key above it if it is not written.
    #[must_use]
    pub fn place(&self, path: &[&str]) -> Place {
        let mut path: Vec<String> = path.iter().map(|&key| key.to_owned()).collect();
        loop {
            if let Some(&(line, column)) = self.places.get(&path) {
                return Place::Text { file: Arc::clone(&self.file), line, column };
            }
            if path.pop().is_none() {
                return Place::Text { file: Arc::clone(&self.file), line: 0, column: 0 };
            }
        }
    }
}

fn collect_places(lines: &Lines<'_>, table: &DeTable<'_>, path: &mut Vec<String>, places: &mut BTreeMap<Vec<String>, (u32, u32)>) {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        // The value's place, because that is what a person has to change.
        places.insert(path.clone(), lines.line_and_column(value.span().start.max(key.span().start)));
        collect_value(lines, value.get_ref(), path, places);
        path.pop();
    }
}

fn collect_value(lines: &Lines<'_>, value: &DeValue<'_>, path: &mut Vec<String>, places: &mut BTreeMap<Vec<String>, (u32, u32)>) {
    match value {
        DeValue::Table(table) => collect_places(lines, table, path, places),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                places.insert(path.clone(), lines.line_and_column(item.span().start));
                collect_value(lines, item.get_ref(), path, places);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Where lines begin, and how many characters stand before every so many bytes: a file may have very many keys, in lines that
/// may be very long.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Characters before each block of bytes.
    before: Vec<u32>,
}

/// Bytes of a block.
const BLOCK: usize = 256;

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(after_breaks).collect();
        let mut before = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut count = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            before.push(count);
            count += characters(block);
        }
        before.push(count);
        Self { text, starts, before }
    }

    /// How many characters begin before this byte.
    fn characters_before(&self, offset: usize) -> u32 {
        let block = offset / BLOCK;
        let rest = self.text.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
        self.before.get(block).copied().unwrap_or_default() + characters(rest)
    }

    fn line_and_column(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or_default();
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), column)
    }
}

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_in_characters() {
        let text = format!("a\n\u{e9}\u{e9}x = 1\n{}y", "\u{e9}".repeat(1000));
        let lines = Lines::of(&text);
        for (offset, character) in text.char_indices() {
            let before = &text[..offset];
            let count = |number: usize| u32::try_from(number).unwrap();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            assert_eq!(lines.line_and_column(offset), (count(line), count(column)), "{character} at {offset}");
        }
        assert_eq!(lines.line_and_column(text.len()), (3, 1002));
    }
}
