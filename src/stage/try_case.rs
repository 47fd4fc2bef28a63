//! Runs the worked examples of a framework: one area with one group goes through the whole flow, and what comes
//! out is held against what the analyst expects (docs/frameworks.md, section 6).

use super::analysis::{Analysis, analyse};
use super::evidence::{read_scope, series_of};
use crate::diag::{Checked, Code, Findings};
use crate::domain::id::Id;
use crate::domain::{CellId, Decimal, People, Phase, Scope, Series};
use crate::framework::cases::{Case, CaseValue};
use crate::framework::files::MeasuredOnName;
use crate::framework::layout::TableLayout;
use crate::framework::{Context, Framework, validate};
use crate::table::workbook::CellMarks;
use crate::table::{CellValue, SheetBuilder, Workbook};

/// Runs every case of a framework. A case that fails is a finding at its place.
pub fn try_cases(framework: &Framework, own_layout: &[TableLayout]) -> Findings {
    let mut found = Findings::default();
    let Checked { value: context, findings } = validate::context("case", None, own_layout);
    found.append(findings);
    let Some(context) = context else { return found };
    let rules = of_one_household(framework);
    for case in &framework.cases {
        try_case(case, &rules, &context, &mut found);
    }
    found
}

/// In a case a household stands for its area, so that its answers can be written down without a survey.
fn of_one_household(framework: &Framework) -> Framework {
    let mut rules = framework.clone();
    for indicator in rules.indicators.ids().collect::<Vec<_>>() {
        if rules.indicators[indicator].measured_on == MeasuredOnName::Households {
            rules.indicators[indicator].measured_on = MeasuredOnName::Area;
        }
    }
    rules
}

fn try_case(case: &Case, rules: &Framework, context: &Context, found: &mut Findings) {
    let mut fail = |message: String| found.add(Code::CaseFails, case.place.clone(), format!("case `{}`: {message}", case.name));
    let workbook = match workbook_of(case) {
        Ok(workbook) => workbook,
        Err(message) => return fail(message),
    };
    let checked = analyse(&workbook, context, rules);
    let Some(analysis) = checked.value else {
        let said: Vec<String> = checked
            .findings
            .iter()
            .filter(|finding| finding.level == crate::diag::Level::Error)
            .map(|finding| finding.message.clone())
            .collect();
        return fail(format!("it cannot be run: {}", said.join("; ")));
    };
    for (key, expected) in &case.expect {
        match actual(&analysis, key) {
            None => fail(format!("`{key}` is nothing that can be expected")),
            Some(actual) if !agrees(expected, actual) => {
                fail(format!("`{key}` should be {}, and is {}", shown(expected), shown_actual(actual)));
            }
            Some(_) => {}
        }
    }
}

const PCODE: &str = "CASE";

/// The sheets that a case stands for.
fn workbook_of(case: &Case) -> Result<Workbook, String> {
    let mut people = CaseValue::Number(1.0);
    let mut group = String::new();
    let mut indicators: Vec<(String, CaseValue)> = Vec::new();
    let mut estimates: Vec<(String, CaseValue)> = Vec::new();
    let mut shares: Vec<Vec<CaseValue>> = Vec::new();
    let mut judgements: Vec<Vec<CaseValue>> = Vec::new();
    let text = |text: &str| CaseValue::Text(text.to_owned());
    for (key, value) in &case.given {
        match (key.as_str(), key.split_once('.'), value) {
            ("people", _, _) => people = value.clone(),
            ("group", _, CaseValue::Text(code)) => group.clone_from(code),
            (_, Some((figure @ ("phase" | "in-need" | "affected"), code)), _) => {
                estimates.push((format!("{code}.{figure}"), value.clone()));
            }
            (_, Some(("shares", code)), CaseValue::List(parts)) if parts.len() == 5 => {
                let scope = if code == "overall" {
                    "overall"
                } else if crate::domain::Aor::parse(code).is_some() {
                    "aor"
                } else {
                    "risk"
                };
                let mut row = vec![text(scope), text(code)];
                row.extend(parts.iter().copied().map(CaseValue::Number));
                shares.push(row);
            }
            (_, Some(("judgement", code)), _) => {
                let is_risk = Series::parse(code).is_none();
                let (risk, aor) = if is_risk { (code, "") } else { ("", code) };
                judgements.push(vec![text(risk), text(aor), value.clone(), text("case"), text("case"), text("case"), text("2000-01-01")]);
            }
            (_, None, CaseValue::Number(_) | CaseValue::Text(_)) => indicators.push((key.clone(), value.clone())),
            _ => return Err(format!("`{key}` is nothing that can be given")),
        }
    }
    let keys = |row: Vec<CaseValue>| [vec![text(PCODE), text(&group)], row].concat();
    let sheet = |name: &str, header: &[&str], rows: Vec<Vec<CaseValue>>| {
        let header = ["pcode", "population_group"].iter().chain(header).map(|title| text(title)).collect();
        sheet_of(name, std::iter::once(header).chain(rows.into_iter().map(keys)))
    };
    let wide = |name: &str, columns: Vec<(String, CaseValue)>| {
        let header: Vec<&str> = columns.iter().map(|(title, _)| title.as_str()).collect();
        sheet(name, &header, vec![columns.iter().map(|(_, value)| value.clone()).collect()])
    };
    let mut sheets = vec![sheet("population", &["population"], vec![vec![people]])];
    if !indicators.is_empty() {
        sheets.push(wide("indicators", indicators));
    }
    if !estimates.is_empty() {
        sheets.push(wide("estimates", estimates));
    }
    if !shares.is_empty() {
        sheets.push(sheet("shares", &["scope", "code", "phase1", "phase2", "phase3", "phase4", "phase5"], shares));
    }
    if !judgements.is_empty() {
        sheets.push(sheet("judgements", &["risk", "aor", "phase", "reason", "evidence", "decided_by", "date"], judgements));
    }
    Ok(Workbook { sheets, unread: Vec::new() })
}

fn sheet_of(name: &str, rows: impl Iterator<Item = Vec<CaseValue>>) -> crate::table::Sheet {
    let mut builder = SheetBuilder::default();
    for (row, cells) in (1..).zip(rows) {
        for (column, cell) in (1..).zip(&cells) {
            let value = match cell {
                CaseValue::Number(number) => CellValue::Number(*number),
                CaseValue::Text(text) => CellValue::Text(text),
                CaseValue::List(_) => CellValue::Blank,
            };
            builder.push(row, column, value, CellMarks::default());
        }
    }
    builder.finish(name, false)
}

/// What came out for a key: a phase or people, either of which may be unknown. `None`: no such key.
#[derive(Copy, Clone)]
enum Actual {
    Phase(Option<Phase>),
    People(Option<People>),
}

fn actual(analysis: &Analysis, key: &str) -> Option<Actual> {
    let cell: CellId = analysis.cells.ids().next_back()?;
    let slot = analysis.population.slots.total(cell);
    let phase = |scope: Scope| match scope {
        Scope::Indicator(indicator) => analysis.scored.phase(cell.index(), indicator),
        scope => analysis.severity.phase(cell, scope),
    };
    match key.split_once('.') {
        None if key == "overall" => Some(Actual::Phase(phase(Scope::Overall))),
        None => None,
        Some(("in-need", code)) => Some(Actual::People(analysis.in_need.in_need(slot, Series::parse(code)?))),
        Some(("affected", code)) => Some(Actual::People(analysis.in_need.affected(slot, Series::parse(code)?))),
        Some((kind @ ("indicator" | "risk" | "aor"), code)) => {
            let scope = read_scope(kind, code, &analysis.rules)?;
            (series_of(scope).is_some() || kind != "aor").then(|| Actual::Phase(phase(scope)))
        }
        Some(_) => None,
    }
}

fn agrees(expected: &CaseValue, actual: Actual) -> bool {
    match (expected, actual) {
        (CaseValue::Text(word), Actual::Phase(None) | Actual::People(None)) => word == "unknown",
        (CaseValue::Number(number), Actual::Phase(Some(phase))) => f64::from(phase.number()) == *number,
        (CaseValue::Number(number), Actual::People(Some(people))) => Decimal::from_f64(*number) == Some(people.0),
        _ => false,
    }
}

fn shown(value: &CaseValue) -> String {
    match value {
        CaseValue::Number(number) => number.to_string(),
        CaseValue::Text(text) => text.clone(),
        CaseValue::List(numbers) => format!("{numbers:?}"),
    }
}

fn shown_actual(actual: Actual) -> String {
    match actual {
        Actual::Phase(Some(phase)) => phase.to_string(),
        Actual::People(Some(people)) => people.to_string(),
        Actual::Phase(None) | Actual::People(None) => "unknown".into(),
    }
}
