//! From the sheets of indicators to columns of values: what each area and group says, before any rule. What a
//! blank, a token or an error cell means is decided in `read_row`; here the unit and the answers are checked.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::audit::{Audit, AuditKind};
use super::read_row::{Content, RowReader, ScaleSeen, to_nine_places};
use super::units::{CellTable, Keyed, KeyedSheets};
use crate::diag::render::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{CellRef, Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::share::TOLERANCE;
use crate::domain::{CellId, Decimal, IdVec, IndicatorId};
use crate::framework::Framework;
use crate::framework::files::{AdditiveDontKnow, PercentScaleName, RoleName, UnitName};
use crate::framework::rules::Indicator;
use crate::framework::score_form::{ColumnKind, ScoreForm, options_of};
use crate::table::{Answers, Column, folded};

/// Values of indicators: a column per question, a row per cell.
#[derive(Clone, Debug, Default)]
pub struct IndicatorTable {
    /// Column name, kind and values.
    pub columns: Vec<(String, ColumnKind, Column)>,
    /// The columns that each indicator reads, in the order of its form.
    pub reads: IdVec<IndicatorId, Vec<usize>>,
    /// Whether the input has the indicator at all.
    pub present: IdVec<IndicatorId, bool>,
    /// Sheet and row of each cell's values, for the way back.
    pub rows: BTreeMap<CellId, Place>,
    /// Source and date of each cell's row, where the sheet says.
    pub sources: BTreeMap<CellId, (String, String)>,
}

impl IndicatorTable {
    /// The columns an indicator reads.
    pub fn columns_of(&self, indicator: IndicatorId) -> Vec<&Column> {
        self.reads[indicator].iter().filter_map(|&at| self.columns.get(at)).map(|(_, _, column)| column).collect()
    }
}

/// Reads the values of every indicator measured on areas.
pub fn observe(sheets: &KeyedSheets<'_, '_>, cells: &CellTable, rules: &Framework, audit: &mut Audit) -> Checked<IndicatorTable> {
    let mut found = Findings::default();
    let mut observed = IndicatorTable::default();
    let mut askers: Vec<&Indicator> = Vec::new();
    for indicator in rules.indicators.iter() {
        let mut reads = Vec::new();
        if indicator.is_of_areas() {
            for (name, kind) in indicator.form.reads(&indicator.id) {
                let at = observed.columns.iter().position(|(known, known_kind, _)| *known == name && *known_kind == kind);
                reads.push(at.unwrap_or_else(|| {
                    observed.columns.push((name, kind, empty_column(kind, cells.len())));
                    askers.push(indicator);
                    observed.columns.len() - 1
                }));
            }
        }
        observed.reads.push(reads);
        observed.present.push(false);
    }
    let mut there = vec![false; observed.columns.len()];
    for keyed in sheets.of(RoleName::Indicators) {
        read_rows(keyed, &mut observed, audit, &mut found);
        let names_kinds: Vec<(String, ColumnKind)> = observed.columns.iter().map(|(name, kind, _)| (name.clone(), *kind)).collect();
        for (at, (name, kind)) in names_kinds.into_iter().enumerate() {
            let (Some(column), Some(indicator)) = (keyed.table.column(&name), askers.get(at)) else { continue };
            if let Some(there) = there.get_mut(at) {
                *there = true;
            }
            let Some((_, _, into)) = observed.columns.get_mut(at) else { continue };
            match kind {
                ColumnKind::Number => read_numbers(keyed, &name, column, indicator, into, audit, &mut found),
                ColumnKind::Answer => read_answers(keyed, &name, column, indicator, into, audit, &mut found),
            }
        }
    }
    for keyed in sheets.of(RoleName::Indicators) {
        check_share_indicators(keyed, &observed, rules, &mut found);
    }
    for indicator in rules.indicators.ids() {
        observed.present[indicator] = observed.reads[indicator].iter().any(|&at| there.get(at).copied().unwrap_or(false));
    }
    found.with(observed)
}

/// Shares in the form of an indicator follow the same rule as sheet `shares` (method, sections 4.6 and 14.3).
fn check_share_indicators(keyed: &Keyed<'_, '_>, observed: &IndicatorTable, rules: &Framework, found: &mut Findings) {
    for (id, indicator) in rules.indicators.entries() {
        let ScoreForm::Shares(names) = &indicator.form else { continue };
        let columns = observed.columns_of(id);
        for &(number, cell) in &keyed.rows {
            let shares: Vec<Option<Decimal>> = columns
                .iter()
                .map(|column| {
                    if let Column::Numbers(values) = column { values.get(cell.index()).copied().and_then(Decimal::from_f64) } else { None }
                })
                .collect();
            let (known, total) = (shares.iter().flatten().count(), shares.iter().flatten().copied().sum::<Decimal>());
            let off = total - Decimal::ONE;
            if known == 0 || off.max(-off) <= TOLERANCE {
                continue;
            }
            let place = keyed.table.column(names.first().map_or("", String::as_str)).map_or_else(
                || Place::Row(keyed.table.sheet.name.clone(), number),
                |column| Place::Cell(crate::diag::CellRef { sheet: keyed.table.sheet.name.clone(), row: number, column }),
            );
            let (code, said) = if known == shares.len() {
                (Code::SharesNotWhole, "the shares")
            } else {
                (Code::SharesUnknown, "some are blank, and the known shares")
            };
            found.add(code, place, format!("indicator `{}`: {said} add up to {total}", indicator.id));
        }
    }
}

fn empty_column(kind: ColumnKind, rows: usize) -> Column {
    match kind {
        ColumnKind::Number => Column::Numbers(vec![f64::NAN; rows]),
        ColumnKind::Answer => Column::Answers(Answers::missing(rows)),
    }
}

/// Notes where each cell's values stand, and refuses a second row for the same cell.
fn read_rows(keyed: &Keyed<'_, '_>, observed: &mut IndicatorTable, audit: &mut Audit, found: &mut Findings) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    for &(number, cell) in &keyed.rows {
        let place = Place::Row(keyed.table.sheet.name.clone(), number);
        if let Some(first) = observed.rows.get(&cell) {
            reader.found.add(Code::DuplicateRow, place, format!("this area and group stand here and in {first}"));
            continue;
        }
        observed.rows.insert(cell, place);
        let Some(row) = reader.row(number) else { continue };
        let source = reader.text(row, "source").unwrap_or_default();
        let date = reader.text(row, "date").unwrap_or_default();
        if !source.is_empty() || !date.is_empty() {
            observed.sources.insert(cell, (source, date));
        }
    }
}

fn read_numbers(
    keyed: &Keyed<'_, '_>,
    name: &str,
    column: u32,
    indicator: &Indicator,
    into: &mut Column,
    audit: &mut Audit,
    found: &mut Findings,
) {
    let Column::Numbers(values) = into else { return };
    let mut reader = RowReader { table: keyed.table, found, audit };
    let in_percent = indicator.unit == UnitName::Percent && !matches!(indicator.form, ScoreForm::Shares(_));
    let stretch = in_percent && keyed.table.layout.percent_scale == Some(PercentScaleName::ZeroToOne);
    let mut scale = ScaleSeen::default();
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let Some(value) = reader.number_at(row, column, name, &indicator.missing) else {
            reader.note(number, column, AuditKind::Missing, name);
            continue;
        };
        scale.see(value);
        let value = if stretch { value * 100.0 } else { value };
        let place = || Place::Cell(CellRef { sheet: Arc::clone(&keyed.table.sheet.name), row: number, column });
        let near = to_nine_places(value);
        if in_percent && !(0.0..=100.0).contains(&near) {
            let code = if near < 0.0 { Code::NumberOutOfRange } else { Code::PercentAboveHundred };
            reader.found.add(code, place(), format!("column {}: {value} is not between 0 and 100 per cent", quoted(name)));
        } else if indicator.unit == UnitName::Fraction && !(0.0..=1.0).contains(&near) {
            reader.found.add(Code::NumberOutOfRange, place(), format!("column {}: {value} is not between 0 and 1", quoted(name)));
        } else if indicator.unit != UnitName::Percent && near < 0.0 {
            reader.found.add(Code::NumberOutOfRange, place(), format!("column {}: {value} is below 0", quoted(name)));
        } else if let ScoreForm::Ladder(ladder) = &indicator.form
            && ladder.phase_of(value).is_none()
        {
            reader.found.add(Code::ValueBelowLadder, place(), format!("column {}: {value} is milder than every bound", quoted(name)));
        }
        if let Some(slot) = values.get_mut(cell.index()) {
            *slot = value;
        }
    }
    if in_percent {
        reader.check_scale(name, column, scale);
    }
}

fn read_answers(
    keyed: &Keyed<'_, '_>,
    name: &str,
    column: u32,
    indicator: &Indicator,
    into: &mut Column,
    audit: &mut Audit,
    found: &mut Findings,
) {
    let Column::Answers(answers) = into else { return };
    let mut reader = RowReader { table: keyed.table, found, audit };
    // Where "don't know" has a meaning of its own, the form reads it.
    let form_reads_it = matches!(indicator.form, ScoreForm::Additive { dont_know: AdditiveDontKnow::Ignored, .. });
    let tokens: &[String] = if form_reads_it || indicator.dont_know.is_some() { &[] } else { &indicator.missing };
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let shown;
        let text = match reader.content(row, column, name, tokens) {
            None => {
                reader.note(number, column, AuditKind::Missing, name);
                continue;
            }
            Some(Content::Text(text)) => text,
            Some(Content::Number(value)) => {
                shown = value.to_string();
                &shown
            }
        };
        // An answer is only looked into when it comes for the first time.
        let unknown = if answers.knows(text) { None } else { unknown_answer(&indicator.form, text, &indicator.missing) };
        if let Some((unknown, known)) = unknown {
            let hint = did_you_mean(&folded(&unknown), known.iter().map(String::as_str));
            let place = Place::Cell(reader.cell(number, column));
            reader.found.add(
                Code::UnknownAnswer,
                place,
                format!("column {}: {} is no accepted answer{hint}", quoted(name), quoted(&unknown)),
            );
            continue;
        }
        answers.set(cell.index(), text);
    }
}

/// The part of an answer that the form does not know, and what it knows; only for forms with a closed list.
fn unknown_answer(form: &ScoreForm, text: &str, missing: &[String]) -> Option<(String, Vec<String>)> {
    match form {
        ScoreForm::Answers(phases) => {
            let word = folded(text);
            let known = phases.contains_key(&word) || missing.contains(&word);
            (!known).then(|| (text.to_owned(), phases.keys().cloned().collect()))
        }
        ScoreForm::Additive { options, exclusive, .. } => {
            let unknown = options_of(text)
                .find(|option| !options.contains_key(option) && !exclusive.contains(option) && !missing.contains(option))?;
            Some((unknown, options.keys().cloned().collect()))
        }
        _ => None,
    }
}
