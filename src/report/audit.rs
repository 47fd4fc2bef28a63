//! `audit.csv`: every cell that was missing, repaired or set aside, every figure that a person changed, and every
//! published figure that was rounded (docs/formats.md).

use super::account::{self, Line};
use super::decisions;
use super::figures::{FigureRow, figures};
use super::model::{Datum, TextFile};
use crate::domain::{CellId, People, Scope, Series};
use crate::stage::Analysis;
use crate::stage::audit::{AuditEntry, AuditKind};
use crate::stage::decide::Decision;
use crate::stage::intersectoral::Unit;

/// The account.
pub fn file(analysis: &Analysis) -> TextFile<'_> {
    let of_cells = analysis.audit.entries.iter().map(move |entry| of_cell(analysis, entry));
    let overridden = decisions::all(analysis).map(move |decision| of_decision(analysis, decision));
    let rounded = figures(analysis).filter_map(|row| of_rounding(&row));
    let account = account::lines(&analysis.ledger).map(of_account);
    let across = analysis.across.units.iter().filter_map(move |unit| of_unit(analysis, unit));
    TextFile {
        name: "audit.csv",
        header: vec!["kind", "sheet", "cell", "pcode", "pocket", "population_group", "code", "detail"],
        rows: Box::new(account.chain(of_cells).chain(overridden).chain(rounded).chain(across)),
    }
}

/// P-code, pocket and group; blank where a row speaks for none.
fn keys(analysis: &Analysis, cell: Option<CellId>) -> [Datum; 3] {
    let Some(cell) = cell else { return [Datum::Empty, Datum::Empty, Datum::Empty] };
    let key = analysis.cells.key(cell);
    [
        Datum::text(analysis.areas.get(key.area).pcode.as_str()),
        Datum::text(key.pocket.as_str()),
        Datum::text(analysis.cells.group_code(key.group)),
    ]
}

/// A line of the account of rows and people, before the cells.
fn of_account(line: Line) -> Vec<Datum> {
    let Line { what, table, sheet, count, which } = line;
    let detail = if which.is_empty() { format!("{what}: {count}") } else { format!("{what}: {count} ({which})") };
    let none = || Datum::Empty;
    vec![Datum::text("account"), Datum::text(sheet), none(), none(), none(), none(), Datum::text(table), Datum::text(detail)]
}

fn of_cell(analysis: &Analysis, entry: &AuditEntry) -> Vec<Datum> {
    let [pcode, pocket, group] = keys(analysis, analysis.row_units.find(&entry.cell.sheet, entry.cell.row));
    let (kind, sheet, address) = (entry.kind.word(), &*entry.cell.sheet, entry.cell.address());
    // Of a cell without a value its column is told, of any other what happened to it.
    let (code, detail) = match entry.kind {
        AuditKind::Missing => (Datum::text(&*entry.detail), Datum::text("nothing, or what counts as missing")),
        AuditKind::Repaired | AuditKind::SetAside => (Datum::Empty, Datum::text(&*entry.detail)),
    };
    vec![Datum::text(kind), Datum::text(sheet), Datum::text(address), pcode, pocket, group, code, detail]
}

fn of_decision(analysis: &Analysis, decision: &Decision) -> Vec<Datum> {
    let [pcode, pocket, group] = keys(analysis, Some(decision.cell));
    // A final figure of a sheet of sectors says itself what it was before.
    let before = analysis.before(decision).unwrap_or(decision.old);
    vec![
        Datum::text("overridden"),
        Datum::text(decision.place.sheet()),
        Datum::text(decision.place.within()),
        pcode,
        pocket,
        group,
        Datum::text(decisions::scope_code(analysis, decision.scope)),
        Datum::text(format!("{} {before} became {}", decision.what.word(), decision.new)),
    ]
}

/// `None` where every figure of the row is whole.
fn of_rounding(row: &FigureRow<'_>) -> Option<Vec<Datum>> {
    // Risks and indicators have no people; the step across sectors is told by its units, as its sheet shows them.
    Series::parse(row.code)?;
    let figures = [
        ("population", row.population),
        ("affected", row.affected),
        ("in_need", row.in_need),
        ("targeted", row.targeted),
        ("reached", row.reached),
    ];
    let fractions = fractions(figures);
    let group: Vec<&str> = [row.group, row.sex, row.age].into_iter().filter(|part| !part.is_empty()).collect();
    (!fractions.is_empty()).then(|| {
        vec![
            Datum::text("rounded"),
            Datum::Empty,
            Datum::Empty,
            Datum::text(row.pcode),
            Datum::text(row.pocket),
            Datum::text(group.join(" ")),
            Datum::text(row.code),
            Datum::text(fractions.join("; ")),
        ]
    })
}

/// The figures of the sheet across sectors, likewise.
fn of_unit(analysis: &Analysis, unit: &Unit) -> Option<Vec<Datum>> {
    let place = |at: usize| unit.places.get(at).map(|place| place.people);
    let fractions = fractions([
        ("population", unit.population),
        ("highest", place(0)),
        ("second", place(1)),
        ("third", place(2)),
        ("in_need_preliminary", unit.in_need_preliminary),
        ("in_need_final", unit.in_need_final),
        ("targeted", unit.targeted),
        ("prioritised", unit.prioritised),
    ]);
    let [pcode, pocket, group] = keys(analysis, Some(unit.cell));
    (!fractions.is_empty()).then(|| {
        let (code, detail) = (Datum::text(Scope::Intersectoral.word()), Datum::text(fractions.join("; ")));
        vec![Datum::text("rounded"), Datum::Empty, Datum::Empty, pcode, pocket, group, code, detail]
    })
}

/// The figures that are not whole, and how they are shown.
fn fractions<const N: usize>(figures: [(&str, Option<People>); N]) -> Vec<String> {
    let broken = figures.into_iter().filter_map(|(name, people)| Some((name, people.filter(|people| !people.0.is_whole())?)));
    broken.map(|(name, people)| format!("{name} {people} as {}", people.rounded())).collect()
}
