//! The headers of a sheet, and the columns that a table has and needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Findings, Place};
use crate::domain::{Aor, Leaf};
use crate::framework::Context;
use crate::framework::files::RoleName;
use crate::framework::layout::TableLayout;
use crate::framework::rules::Framework;
use crate::table::{CellValue, Sheet, folded, is_no_word};

/// A header as it is written, and as it is compared.
pub(super) struct Header {
    pub(super) column: u32,
    pub(super) text: String,
    pub(super) plain: String,
    with_band: String,
}

impl Header {
    pub(super) fn is(&self, wanted: &str) -> bool {
        let wanted = folded(wanted);
        self.plain == wanted || self.with_band == wanted
    }
}

pub(super) fn headers(layout: &TableLayout, sheet: &Sheet) -> Vec<Header> {
    let mut bands: Vec<(u32, String)> = Vec::new();
    if let Some(row) = layout.band_row.and_then(|number| sheet.row(number)) {
        bands.extend(row.cells().filter_map(|(column, value)| Some((column, shown(value)?))));
    }
    let Some(row) = sheet.row(layout.header_row) else { return Vec::new() };
    row.cells()
        .filter_map(|(column, value)| {
            let text = shown(value)?;
            // A band's title stands over its first column and speaks for those to the right of it.
            let band = bands.iter().rev().find(|(start, _)| *start <= column).map_or("", |(_, band)| band);
            Some(Header { column, plain: folded(&text), with_band: folded(&format!("{band} / {text}")), text })
        })
        .collect()
}

fn shown(value: CellValue<'_>) -> Option<String> {
    match value {
        CellValue::Text(text) if !is_no_word(text) => Some(text.to_owned()),
        CellValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Columns that need no declaration: those that indicators read, and wide ones such as `CP.in-need`.
pub(super) fn implied_columns(role: RoleName, context: &Context, rules: &Framework) -> Vec<(String, Vec<String>)> {
    let series: Vec<String> = std::iter::once("overall".to_owned()).chain(Aor::ALL.map(|aor| aor.code().to_owned())).collect();
    let sectors: Vec<String> = context.sectors.iter().map(|sector| sector.code.clone()).collect();
    match role {
        RoleName::Indicators => indicator_columns(rules),
        RoleName::Estimates => wide(&series, &["phase", "in-need", "affected"]),
        RoleName::Response => wide(&series, &["targeted", "reached"]),
        RoleName::Previous => wide(&[series, sectors].concat(), &["phase", "in-need"]),
        RoleName::Sectors => wide(&sectors, &["phase", "in-need"]),
        _ => Vec::new(),
    }
}

fn wide(codes: &[String], figures: &[&str]) -> Vec<(String, Vec<String>)> {
    let pairs = codes.iter().flat_map(|code| figures.iter().map(move |figure| (code, figure)));
    pairs.map(|(code, figure)| (format!("{code}.{figure}"), vec![format!("{code}.{figure}"), format!("{code}_{figure}")])).collect()
}

/// By id, label and alias.
fn indicator_columns(rules: &Framework) -> Vec<(String, Vec<String>)> {
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    for indicator in rules.indicators.iter().filter(|indicator| indicator.is_of_areas()) {
        for (column, _) in indicator.form.reads(&indicator.id) {
            let mut accepted = vec![column.clone()];
            if column == indicator.id {
                accepted.push(indicator.label.clone());
                accepted.extend(indicator.aliases.clone());
            }
            columns.push((column, accepted));
        }
    }
    columns
}

/// Whether a column carries its AoR or sector in its name, as in `CP.in-need`.
fn is_wide(name: &str) -> bool {
    name.contains('.')
}

pub(super) fn require_columns(
    layout: &TableLayout,
    sheet: &Sheet,
    columns: &BTreeMap<String, (u32, String)>,
    ambiguous: &BTreeSet<String>,
    leaves: &[(Leaf, u32)],
    headers: &[Header],
    found: &mut Findings,
) -> bool {
    // A header that stands twice has been reported as such.
    let has = |name: &str| columns.contains_key(name) || ambiguous.contains(name);
    let mut sound = true;
    let mut need = |name: &str, present: bool| {
        if !present {
            match layout.columns.iter().any(|(declared, _)| declared == name) {
                false => unnamed_column(sheet, name, headers, found),
                true if layout.optional => missing_column(layout, sheet, name, headers, found),
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
        RoleName::Areas | RoleName::Indicators | RoleName::Sectors => {}
    }
    // What a country's own layout names has to be there; the engine's own workbook may leave columns out.
    if !layout.optional {
        for (name, accepted) in layout.columns.iter().filter(|(name, _)| !has(name)) {
            let wanted = accepted.first().map_or(name.as_str(), String::as_str);
            missing_column(layout, sheet, wanted, headers, found);
            sound = false;
        }
    }
    sound
}

pub(super) fn missing_column(layout: &TableLayout, sheet: &Sheet, wanted: &str, headers: &[Header], found: &mut Findings) {
    let hint = did_you_mean(wanted, headers.iter().map(|header| header.text.as_str()));
    let message = format!("row {} has no column `{wanted}`{hint}", layout.header_row);
    found.add(Code::MissingColumn, Place::Sheet(sheet.name.clone()), message);
}

/// A column that the sheet may well have, but whose header the context does not name.
fn unnamed_column(sheet: &Sheet, name: &str, headers: &[Header], found: &mut Findings) {
    let snake = name.replace('-', "_");
    let there = headers.iter().find(|header| header.is(name) || header.is(&snake));
    let hint = there.map_or(String::new(), |header| format!("; column {} has it", crate::diag::place::column_letters(header.column)));
    let message = format!("the context names no header for `{name}`{hint}");
    found.add(Code::MissingColumn, Place::Sheet(sheet.name.clone()), message);
}
