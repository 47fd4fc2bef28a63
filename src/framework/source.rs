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
        for error in &errors {
            let (line, column) = error.span().map_or((0, 0), |span| line_and_column(text, span.start));
            found.add(Code::TomlSyntax, Place::Text { file: Arc::clone(&file), line, column }, error.message().trim());
        }
        let mut places = BTreeMap::new();
        collect_places(text, table.get_ref(), &mut Vec::new(), &mut places);
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

fn collect_places(text: &str, table: &DeTable<'_>, path: &mut Vec<String>, places: &mut BTreeMap<Vec<String>, (u32, u32)>) {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        // The value's place, because that is what a person has to change.
        places.insert(path.clone(), line_and_column(text, value.span().start.max(key.span().start)));
        collect_value(text, value.get_ref(), path, places);
        path.pop();
    }
}

fn collect_value(text: &str, value: &DeValue<'_>, path: &mut Vec<String>, places: &mut BTreeMap<Vec<String>, (u32, u32)>) {
    match value {
        DeValue::Table(table) => collect_places(text, table, path, places),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                places.insert(path.clone(), line_and_column(text, item.span().start));
                collect_value(text, item.get_ref(), path, places);
                path.pop();
            }
        }
        _ => {}
    }
}

fn line_and_column(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}
