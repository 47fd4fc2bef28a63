//! Phases: one row per unit (and per whole-area row that carries evidence) and scope; and the matrix of areas and
//! risks for the workbook.

use std::borrow::Cow;

use super::figures::evidence_word;
use super::model::{Column, Datum, Format, StreamedTable, Table, TextFile};
use crate::domain::id::Id;
use crate::domain::{CellId, Decimal, Phase, Scope};
use crate::stage::Analysis;
use crate::stage::survey_marks::SurveyMarks;
use crate::stage::touched::Touch;

/// One phase.
#[derive(Clone, Debug, PartialEq)]
pub struct SeverityRow<'a> {
    /// The unit.
    pub cell: CellId,
    /// Kind of scope.
    pub scope: &'static str,
    /// What it is about.
    pub code: &'a str,
    /// The phase.
    pub phase: Option<Phase>,
    /// Known of the expected.
    pub coverage: Option<Decimal>,
    /// On what it rests.
    pub method: &'static str,
    /// Whether a decision changed it, or something that it rests on.
    pub touch: Touch,
    /// Across sectors: rests on fewer than four core phases.
    pub low_coverage: bool,
    /// What has to be known of the households on which it rests.
    pub survey: SurveyMarks,
}

impl SeverityRow<'_> {
    /// What a reader has to know beside the phase.
    pub fn marks(&self) -> Cow<'static, str> {
        let mut marks = Cow::Borrowed(super::decisions::marks(self.touch, self.low_coverage));
        for word in self.survey.words() {
            let bar = if marks.is_empty() { "" } else { "|" };
            marks = Cow::Owned(format!("{marks}{bar}{word}"));
        }
        marks
    }
}

/// The units that have rows of their own: those that are counted; whole areas that carry evidence, and groups in areas above
/// those that are counted (method, section 15.8).
pub fn units(analysis: &Analysis) -> impl Iterator<Item = CellId> + '_ {
    let is_counted = |cell: CellId| analysis.population.is_counted(cell);
    analysis.cells.ids().filter(move |&cell| {
        let key = analysis.cells.key(cell);
        let may_speak = || key.group.is_none() || !analysis.cells.of_area(key.area).any(is_counted);
        is_counted(cell) || (may_speak() && carries_evidence(analysis, cell))
    })
}

fn carries_evidence(analysis: &Analysis, cell: CellId) -> bool {
    // Decisions and judgements are sorted by cell.
    let decisions = &analysis.decisions.list;
    let first = decisions.partition_point(|decision| decision.cell < cell);
    let any_row = decisions
        .iter()
        .skip(first)
        .take_while(|decision| decision.cell == cell)
        .any(|decision| decision.what == crate::stage::decide::Decided::Phase)
        || analysis.observed.rows.contains_key(&cell)
        || analysis.evidence.judgements.binary_search_by_key(&cell, |judgement| judgement.cell).is_ok()
        || analysis.population.slots.leaves_of(cell).map(|(_, slot)| slot).chain([analysis.population.slots.total(cell)]).any(|slot| {
            analysis.series.iter().any(|&series| {
                analysis.evidence.given_in_need(slot, series).is_some() || analysis.evidence.given_affected(slot, series).is_some()
            })
        });
    // What a pocket takes from its area is no evidence of its own.
    let speaks = |scope: Scope| {
        let judged = analysis.severity.get(cell, scope);
        (judged.phase.is_some() && !judged.inherited)
            || analysis.evidence.shares.contains_key(&(cell, scope))
            || analysis.evidence.given_phase(cell, scope).is_some()
    };
    let any_risk = || analysis.rules.risks.ids().any(|risk| speaks(Scope::Risk(risk)));
    let any_series = || analysis.series.iter().any(|series| speaks(series.scope()));
    any_row || analysis.across.get(cell).is_some() || any_series() || any_risk()
}

/// The phases of one unit in every scope.
pub fn rows_of(analysis: &Analysis, cell: CellId) -> Vec<SeverityRow<'_>> {
    let mut rows = Vec::new();
    let judged_row = |scope: Scope, code, cell| {
        let judged = analysis.severity.get(cell, scope);
        SeverityRow {
            cell,
            scope: scope.word(),
            code,
            phase: judged.phase,
            coverage: judged.coverage(),
            method: evidence_word(&judged),
            touch: analysis.touched.phase(cell, scope),
            low_coverage: false,
            survey: analysis.marks.unit(cell, scope),
        }
    };
    rows.extend(analysis.series.iter().map(|series| judged_row(series.scope(), series.code(), cell)));
    rows.extend(analysis.rules.risks.entries().map(|(id, risk)| judged_row(Scope::Risk(id), risk.code.as_str(), cell)));
    for (id, indicator) in analysis.rules.indicators.entries().filter(|(_, indicator)| indicator.is_of_areas()) {
        let phase = analysis.scored.phase(cell.index(), id);
        let method = if phase.is_some() { "area" } else { "" };
        rows.push(SeverityRow {
            cell,
            scope: "indicator",
            code: &indicator.id,
            phase,
            coverage: None,
            method,
            touch: analysis.touched.phase(cell, Scope::Indicator(id)),
            low_coverage: false,
            survey: SurveyMarks::default(),
        });
    }
    if !analysis.across.units.is_empty() {
        let phase = analysis.across.severity_of(cell, &analysis.cells);
        let method = if phase.is_some() { "combined" } else { "" };
        let word = Scope::Intersectoral.word();
        rows.push(SeverityRow {
            cell,
            scope: word,
            code: word,
            phase,
            coverage: None,
            method,
            touch: analysis.touched.phase(cell, Scope::Intersectoral),
            low_coverage: analysis.across.is_low(cell, &analysis.cells),
            survey: SurveyMarks::default(),
        });
    }
    rows
}

/// `severity.csv`.
pub fn file(analysis: &Analysis) -> TextFile<'_> {
    let rows = units(analysis).flat_map(|cell| rows_of(analysis, cell)).map(|row| {
        let key = analysis.cells.key(row.cell);
        vec![
            Datum::text(analysis.areas.get(key.area).pcode.as_str()),
            Datum::text(key.pocket.as_str()),
            Datum::text(analysis.cells.group_code(key.group)),
            Datum::text(row.scope),
            Datum::text(row.code),
            Datum::phase(row.phase),
            Datum::exact(row.coverage),
            Datum::text(row.method),
            Datum::Empty,
            Datum::Empty,
            Datum::text(row.marks()),
        ]
    });
    TextFile {
        name: "severity.csv",
        header: vec!["pcode", "pocket", "population_group", "scope", "code", "phase", "coverage", "method", "low", "high", "mark"],
        rows: Box::new(rows),
    }
}

/// The matrix: a row per unit, a column per risk, then the AoRs and overall.
pub fn matrix(analysis: &Analysis) -> StreamedTable<'_> {
    let mut columns = super::pin::key_columns();
    columns.push(Column::new("Overall", Format::Phase, 9));
    columns.extend(analysis.aors.iter().map(|aor| Column::new(aor.code(), Format::Phase, 7)));
    columns.extend(analysis.rules.risks.iter().map(|risk| Column::new(&risk.code, Format::Phase, 7)));
    let scopes: Vec<Scope> =
        analysis.series.iter().map(|series| series.scope()).chain(analysis.rules.risks.ids().map(Scope::Risk)).collect();
    columns.push(Column::new("Mark", Format::Text, 18));
    let rows = units(analysis).map(move |cell| {
        let mut row = super::pin::key_cells(analysis, cell);
        row.extend(scopes.iter().map(|&scope| Datum::phase(analysis.severity.phase(cell, scope))));
        let touched = |touch: Touch| {
            let scopes = scopes.iter().filter(|&&scope| analysis.touched.phase(cell, scope) == touch);
            let codes: Vec<String> = scopes.map(|&scope| super::decisions::scope_code(analysis, scope)).collect();
            (!codes.is_empty()).then(|| format!("{}: {}", touch.word(), codes.join(", ")))
        };
        let of_households = |word: &'static str| {
            let has = |scope: &&Scope| analysis.marks.unit(cell, **scope).words().any(|known| known == word);
            let codes: Vec<String> = scopes.iter().filter(has).map(|&scope| super::decisions::scope_code(analysis, scope)).collect();
            (!codes.is_empty()).then(|| format!("{word}: {}", codes.join(", ")))
        };
        let touched = [Touch::Changed, Touch::Rests].into_iter().filter_map(touched);
        let marks: Vec<String> = touched.chain(SurveyMarks::WORDS.into_iter().filter_map(of_households)).collect();
        row.push(Datum::text(marks.join("; ")));
        row
    });
    let table = Table {
        name: "Severity matrix".into(),
        notes: vec![
            "Phases 1 to 5; blank: not known. A row without a group speaks for the whole area. Mark: the phases that a decision changed (override) and those that rest on one that it changed."
                .into(),
        ],
        columns,
        rows: Vec::new(),
        key_columns: 4,
    };
    StreamedTable::new(table, units(analysis).count(), rows)
}
