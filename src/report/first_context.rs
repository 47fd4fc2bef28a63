//! A first context for an unknown workbook, as text: what a first look made of it, ready to be mended by a person.

use std::fmt::Write as _;

use crate::framework::files::{
    DataEndsName, ErrorCellsName, HeaderPrefixesName, LeafColumnsName, OtherColumnsName, PercentScaleName, RowsWithoutAreaName,
};
use crate::framework::layout::RowsWhere;
use crate::stage::locate::guess::{ColumnGuess, Guess, Sureness, TableGuess};

/// The text of the context. `rules` is what the layout changes in the framework.
pub fn text(guess: &Guess, file: &str, layout: Option<&str>, rules: Option<&str>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# A first context for {}, proposed by pinpoint. Read every line before figures rest on it:", comment(file));
    let _ = writeln!(text, "# what is matched by the name of its header is sure; what says \"nearly\" or \"by its tag\" wants a look.");
    if let Some(layout) = layout {
        let _ = writeln!(text, "# The sheets fit the layout `{layout}`, which `--layout {layout}` reads as it is.");
    }
    let country = guess.country.as_deref().map_or("\"XXX\"             # ISO 3166, three letters: to be filled in".to_owned(), quoted);
    let _ = writeln!(text, "format = 1\n\n[context]\ncountry = {country}");
    let _ = writeln!(text, "name = \"\"                   # the country's name\ncycle = \"\"                  # as in 2026");
    for tables in guess.tables.chunk_by(|a, b| a.sheet == b.sheet) {
        for table in tables {
            table_text(table, &mut text);
        }
        // What no table of the sheet knows.
        let Some(first) = tables.first() else { continue };
        let is_left = |column: &&(String, String)| tables.iter().all(|table| table.unmatched.contains(column));
        for (letters, header) in first.unmatched.iter().filter(is_left) {
            let _ = writeln!(text, "# column {letters}: {} is not matched", quoted(header));
        }
    }
    for (name, rows) in &guess.unknown {
        let _ = writeln!(text, "\n# Sheet {} ({rows} rows) is not read: no headers of a table were found in it.", quoted(name));
    }
    // What the layout says beside its tables holds for the figures too.
    if let Some(rules) = rules {
        let _ = write!(text, "\n{rules}");
    }
    text
}

fn table_text(table: &TableGuess, text: &mut String) {
    let TableGuess { layout, sheet, header_row, upper_row, rows, columns, ignored, .. } = table;
    let s = if *rows == 1 { "" } else { "s" };
    let _ = writeln!(text, "\n[[table]]                       # {rows} row{s} below the headers");
    let _ = writeln!(text, "role = \"{}\"", layout.role.word());
    let _ = writeln!(text, "sheet = [{}]", quoted(sheet));
    if layout.optional {
        let _ = writeln!(text, "optional = true");
    }
    match (upper_row, layout.band_row) {
        (None, _) => {
            let _ = writeln!(text, "header-row = {header_row}");
        }
        (Some(_), Some(band)) => {
            let _ = writeln!(text, "header-row = {header_row}\nband-row = {band}");
        }
        (Some(upper), None) => {
            let _ = writeln!(text, "# the headers stand in rows {upper} and {header_row}, and are found without being named");
        }
    }
    for (holds, line) in [
        (layout.data_ends == DataEndsName::FirstRowWithoutPcode, "data-ends = \"first-row-without-pcode\""),
        (layout.mixed_levels, "area-levels = \"mixed\""),
        (layout.rows_without_area == RowsWithoutAreaName::Country, "rows-without-area = \"country\""),
        (layout.header_prefixes == HeaderPrefixesName::Drop, "header-prefixes = \"drop\""),
        (layout.other_columns == OtherColumnsName::Numbers, "other-columns = \"numbers\""),
        (layout.leaf_columns == Some(LeafColumnsName::SexAndAge), "leaf-columns = \"sex-and-age\""),
        (layout.percent_scale == Some(PercentScaleName::ZeroToOne), "percent-scale = \"0-1\""),
        (layout.decimal_comma(), "decimal-mark = \",\""),
        (layout.error_cells == ErrorCellsName::Missing, "error-cells = \"missing\"           # say why"),
    ] {
        if holds {
            let _ = writeln!(text, "{line}");
        }
    }
    if !ignored.is_empty() {
        let _ = writeln!(text, "ignore-columns = {}", list(ignored));
    }
    if !layout.missing.is_empty() {
        // Signs alone are compared as nothing.
        let mut tokens: Vec<String> =
            layout.missing.iter().map(|token| if token.is_empty() { "-".to_owned() } else { token.clone() }).collect();
        tokens.sort_unstable();
        tokens.dedup();
        let _ = writeln!(text, "missing = {}", list(&tokens));
    }
    if !layout.country_column.0.is_empty() {
        let _ = writeln!(text, "country-column = {}", list(&layout.country_column.0));
    }
    if !layout.rows_where.is_empty() {
        let _ = writeln!(text, "rows-where = [");
        for RowsWhere { headers, is, others } in &layout.rows_where {
            let others = others.as_ref().map(|others| format!(", others = {}", list(others))).unwrap_or_default();
            let _ = writeln!(text, "    {{ header = {}, is = {}{others} }},", list(headers), list(is));
        }
        let _ = writeln!(text, "]");
    }
    let _ = writeln!(text, "\n[table.columns]");
    for ColumnGuess { name, header, letters, sure } in columns {
        let key = if name.contains('.') { format!("\"{name}\"") } else { name.clone() };
        let sure = match sure {
            Sureness::Name => "by its name",
            Sureness::Tag => "by its tag",
            Sureness::Nearly => "nearly: is it this one?",
        };
        let line = format!("{key} = [{}]", quoted(header));
        // What is only nearly the same is no decision of the program.
        let line = if sure.starts_with("nearly") { format!("# {line}") } else { line };
        let _ = writeln!(text, "{line:<60} # column {letters}, {sure}");
    }
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A text as TOML writes it, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() || crate::domain::is_unseen(letter) => {
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

fn comment(text: &str) -> String {
    quoted(text)
}
