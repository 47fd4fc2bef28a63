//! Evidence that is not an indicator: figures computed elsewhere, shares by phase, judgements. Each is read into
//! a table by cell; which evidence decides is settled in `severity` and `people`.

use std::collections::BTreeMap;

use super::audit::{Audit, AuditKind};
use super::locate::is_wide;
use super::population::{PopulationTable, SlotTable};
use super::read_row::RowReader;
use super::units::{Keyed, KeyedSheets};
use crate::diag::render::quoted;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{Aor, CellId, Decimal, Leaf, People, Phase, PhaseShares, RiskId, Scope, Series, SlotId};
use crate::framework::Framework;
use crate::framework::files::RoleName;
use crate::table::Grid;

/// Figures computed elsewhere (method, section 6.4).
#[derive(Clone, Debug)]
pub struct GivenTable {
    /// Phases, cells x series; 0 stands for none.
    pub phases: Grid<u8>,
    /// People in need by slot, per series.
    pub in_need: [PeopleColumn; 6],
    /// People affected by slot, per series.
    pub affected: [PeopleColumn; 6],
    /// Where each figure stands: cell, leaf slot, series.
    pub places: BTreeMap<(SlotId, usize), Place>,
    /// The source of each.
    pub sources: BTreeMap<(SlotId, usize), String>,
}

/// A person's judgement (method, section 4.7), with the texts of the risk register.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// For which area and group.
    pub cell: CellId,
    /// A risk, an AoR or overall.
    pub scope: Scope,
    /// The phase.
    pub phase: Option<Phase>,
    /// Why.
    pub reason: String,
    /// `high`, `medium` or `low`, as written.
    pub confidence: String,
    /// The threat.
    pub threat: String,
    /// Its effects.
    pub effects: String,
    /// Capacities to address it.
    pub capacities: String,
    /// Evidence ids or texts.
    pub evidence: String,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub date: String,
    /// Where it stands.
    pub place: Place,
}

/// All such evidence.
#[derive(Clone, Debug)]
pub struct EvidenceTable {
    /// Figures computed elsewhere.
    pub given: GivenTable,
    /// Shares by phase.
    pub shares: BTreeMap<(CellId, Scope), PhaseShares>,
    /// Where the shares stand.
    pub share_places: BTreeMap<(CellId, Scope), Place>,
    /// Judgements in the order of cell and scope.
    pub judgements: Vec<Judgement>,
    by_target: BTreeMap<(CellId, Scope), usize>,
}

impl EvidenceTable {
    /// The judgement on a target.
    pub fn judgement(&self, cell: CellId, scope: Scope) -> Option<&Judgement> {
        self.by_target.get(&(cell, scope)).and_then(|&at| self.judgements.get(at))
    }

    /// The phase given for a target; risks are never given.
    pub fn given_phase(&self, cell: CellId, scope: Scope) -> Option<Phase> {
        series_of(scope).and_then(|series| self.given.phases.get(cell.index(), series.index())).and_then(Phase::new)
    }

    /// The people in need given for a slot.
    pub fn given_in_need(&self, slot: SlotId, series: Series) -> Option<People> {
        self.given.in_need.get(series.index()).and_then(|column| column.get(slot.index()))
    }

    /// The people affected given for a slot.
    pub fn given_affected(&self, slot: SlotId, series: Series) -> Option<People> {
        self.given.affected.get(series.index()).and_then(|column| column.get(slot.index()))
    }
}

/// The series of a scope that has one.
pub fn series_of(scope: Scope) -> Option<Series> {
    match scope {
        Scope::Overall => Some(Series::Overall),
        Scope::Aor(aor) => Some(Series::Aor(aor)),
        _ => None,
    }
}

/// The AoR, or overall, that a row in long form is for. A code that is none, a row with figures but no code, and an AoR
/// that is not in play are findings; what they say is not used.
pub fn series_of_row(reader: &mut RowReader<'_, '_>, number: u32, figures: &[&str], aors: &[Aor]) -> Option<Series> {
    let row = reader.row(number)?;
    let place = reader.place(number, "aor");
    let Some(code) = reader.text(row, "aor") else {
        let column = figures
            .iter()
            .find(|figure| reader.table.column(figure).is_some_and(|column| !matches!(row.get(column), crate::table::CellValue::Blank)))?;
        reader.found.add(Code::UnknownAor, place, format!("the row has a figure in column `{column}` but names no area of responsibility"));
        return None;
    };
    let series = Series::parse(&code);
    match series {
        None => reader.found.add(Code::UnknownAor, place, format!("{} is no area of responsibility", quoted(&code))),
        Some(Series::Aor(aor)) if !aors.contains(&aor) => {
            reader.found.add(Code::AorNotInPlay, place, format!("{aor} is not in play in this context"));
            return None;
        }
        Some(_) => {}
    }
    series
}

/// Reads the evidence.
pub fn read_evidence(
    sheets: &KeyedSheets<'_, '_>,
    population: &PopulationTable,
    cells: usize,
    rules: &Framework,
    aors: &[Aor],
    audit: &mut Audit,
) -> Checked<EvidenceTable> {
    let mut found = Findings::default();
    let slots = population.slots.len();
    let mut given = GivenTable {
        phases: Grid::filled(cells, Series::ALL.len(), 0),
        in_need: Series::ALL.map(|_| PeopleColumn::missing(slots)),
        affected: Series::ALL.map(|_| PeopleColumn::missing(slots)),
        places: BTreeMap::new(),
        sources: BTreeMap::new(),
    };
    let mut phase_places = BTreeMap::new();
    for keyed in sheets.of(RoleName::Estimates) {
        read_estimates(keyed, &population.slots, aors, &mut given, &mut phase_places, audit, &mut found);
    }
    let (mut shares, mut share_places) = (BTreeMap::new(), BTreeMap::new());
    for keyed in sheets.of(RoleName::Shares) {
        read_shares(keyed, rules, &mut shares, &mut share_places, audit, &mut found);
    }
    let mut judgements = Vec::new();
    for keyed in sheets.of(RoleName::Judgements) {
        read_judgements(keyed, rules, &mut judgements, audit, &mut found);
    }
    judgements.sort_by(|a, b| (a.cell, a.scope).cmp(&(b.cell, b.scope)).then_with(|| a.place.cmp(&b.place)));
    let mut by_target: BTreeMap<(CellId, Scope), usize> = BTreeMap::new();
    for (at, judgement) in judgements.iter().enumerate() {
        match by_target.get(&(judgement.cell, judgement.scope)).and_then(|&first| judgements.get(first)) {
            Some(first) => found.add(Code::DuplicateRow, judgement.place.clone(), format!("this is judged here and in {}", first.place)),
            None => {
                by_target.insert((judgement.cell, judgement.scope), at);
            }
        }
    }
    found.with(EvidenceTable { given, shares, share_places, judgements, by_target })
}

fn read_estimates(
    keyed: &Keyed<'_, '_>,
    slots: &SlotTable,
    aors: &[Aor],
    given: &mut GivenTable,
    phase_places: &mut BTreeMap<(CellId, usize), Place>,
    audit: &mut Audit,
    found: &mut Findings,
) {
    let wide: Vec<(Series, String)> = keyed
        .table
        .names()
        .filter(|name| is_wide(name))
        .filter_map(|name| Some((Series::parse(name.split_once('.')?.0)?, name.to_owned())))
        .collect();
    let mut reader = RowReader { table: keyed.table, found, audit };
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let leaf = Leaf { sex: reader.text(row, "sex").unwrap_or_default(), age: reader.text(row, "age").unwrap_or_default() };
        let slot = if leaf.sex.is_empty() && leaf.age.is_empty() { Some(slots.total(cell)) } else { slots.leaf(cell, &leaf) };
        let Some(slot) = slot else { continue };
        let source = reader.text(row, "source").unwrap_or_default();
        const FIGURES: [&str; 3] = ["phase", "in-need", "affected"];
        let series = series_of_row(&mut reader, number, &FIGURES, aors);
        let long: Vec<(Series, String)> = series.into_iter().flat_map(|series| FIGURES.map(|figure| (series, figure.to_owned()))).collect();
        for (series, column) in long.iter().chain(&wide) {
            let figure = column.split_once('.').map_or(column.as_str(), |(_, figure)| figure);
            let at = series.index();
            let place = reader.place(number, column);
            let twice = if figure == "phase" {
                let Some(phase) = reader.phase(row, column, Code::PhaseOutside) else { continue };
                given.phases.set(cell.index(), at, phase.number());
                phase_places.insert((cell, at), place.clone())
            } else {
                let Some(people) = reader.people(row, column, Code::NegativePeople) else { continue };
                let into = if figure == "in-need" { given.in_need.get_mut(at) } else { given.affected.get_mut(at) };
                let before = into.as_ref().and_then(|column| column.get(slot.index()));
                if let Some(into) = into {
                    into.set(slot.index(), Some(people));
                }
                if !source.is_empty() {
                    given.sources.insert((slot, at), source.clone());
                }
                let first = given.places.insert((slot, at), place.clone());
                before.and(first)
            };
            if let Some(first) = twice {
                reader.found.add(Code::DuplicateRow, place, format!("{} is given here and in {first}", series.code()));
            }
        }
    }
}

fn read_shares(
    keyed: &Keyed<'_, '_>,
    rules: &Framework,
    shares: &mut BTreeMap<(CellId, Scope), PhaseShares>,
    places: &mut BTreeMap<(CellId, Scope), Place>,
    audit: &mut Audit,
    found: &mut Findings,
) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    let in_percent = keyed.table.layout.percent_scale == Some(crate::framework::files::PercentScaleName::ZeroToHundred);
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let scope = reader.text(row, "scope").unwrap_or_default();
        let code = reader.text(row, "code").unwrap_or_default();
        let Some(scope) = read_scope(&scope, &code, rules).filter(|scope| !matches!(scope, Scope::Intersectoral | Scope::Indicator(_)))
        else {
            let place = reader.place(number, "scope");
            reader.found.add(
                Code::UnknownScope,
                place,
                format!("{} {} is nothing that shares can be given for", quoted(&scope), quoted(&code)),
            );
            continue;
        };
        let place = reader.place(number, "phase1");
        let mut parts = [None; 5];
        for (part, name) in parts.iter_mut().zip(["phase1", "phase2", "phase3", "phase4", "phase5"]) {
            *part = reader.number(row, name).and_then(Decimal::from_f64);
            if in_percent {
                *part = part.and_then(|share| share.divided_by(Decimal::whole(100)));
            }
            if part.is_none()
                && let Some(column) = reader.table.column(name)
            {
                reader.note(number, column, AuditKind::Missing, name);
            }
        }
        if parts.iter().all(Option::is_none) {
            continue;
        }
        let blank = parts.iter().any(Option::is_none);
        let whole = PhaseShares::new(parts.map(Option::unwrap_or_default));
        let total = whole.total();
        match (whole.is_whole(), blank) {
            (false, true) => {
                reader.found.add(Code::SharesUnknown, place, format!("the known shares add up to {total}, and others are blank"));
                continue;
            }
            (false, false) => {
                reader.found.add(Code::SharesNotWhole, place, format!("the shares add up to {total}"));
                continue;
            }
            (true, true) => {
                reader.found.add(Code::BlankShare, place.clone(), "the known shares add up to 1, so the blank ones are read as 0");
            }
            (true, false) => {}
        }
        if total != Decimal::ONE {
            reader.found.add(Code::SharesRenormalised, place.clone(), format!("the shares add up to {total}"));
        }
        if let Some(first) = places.insert((cell, scope), place.clone()) {
            reader.found.add(Code::DuplicateRow, place, format!("these shares stand here and in {first}"));
        }
        shares.insert((cell, scope), whole);
    }
}

/// Reads a scope and its code.
pub fn read_scope(scope: &str, code: &str, rules: &Framework) -> Option<Scope> {
    match scope.trim().to_ascii_lowercase().as_str() {
        "overall" => Some(Scope::Overall),
        "aor" => Aor::parse(code).map(Scope::Aor),
        "risk" => rules.risk(code).map(Scope::Risk),
        "indicator" => rules.indicator(code.trim()).map(Scope::Indicator),
        "intersectoral" => Some(Scope::Intersectoral),
        _ => None,
    }
}

fn read_judgements(keyed: &Keyed<'_, '_>, rules: &Framework, judgements: &mut Vec<Judgement>, audit: &mut Audit, found: &mut Findings) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let (risk, aor) = (reader.text(row, "risk"), reader.text(row, "aor"));
        let scope = match (&risk, &aor) {
            (Some(code), _) => match find_risk(code, rules) {
                Some(risk) => Scope::Risk(risk),
                None => {
                    let place = reader.place(number, "risk");
                    reader.found.add(Code::UnknownRisk, place, format!("{} is no protection risk", quoted(code)));
                    continue;
                }
            },
            (None, Some(code)) => match Series::parse(code) {
                Some(series) => series.scope(),
                None => {
                    let place = reader.place(number, "aor");
                    reader.found.add(Code::UnknownAor, place, format!("{} is no area of responsibility", quoted(code)));
                    continue;
                }
            },
            (None, None) => {
                let place = reader.place(number, "risk");
                reader.found.add(Code::JudgementIncomplete, place, "the judgement names neither a risk nor an area of responsibility");
                continue;
            }
        };
        let has_phase = reader.table.column("phase").is_some_and(|column| reader.content(row, column, "phase", &[]).is_some());
        let phase = reader.phase(row, "phase", Code::PhaseOutside);
        let mut text = |name: &str| reader.text(row, name).unwrap_or_default();
        let judgement = Judgement {
            cell,
            scope,
            phase,
            reason: text("reason"),
            confidence: text("confidence"),
            threat: text("threat"),
            effects: text("effects"),
            capacities: text("capacities"),
            evidence: text("evidence"),
            decided_by: text("decided-by"),
            date: text("date"),
            place: Place::Row(keyed.table.sheet.name.clone(), number),
        };
        let lacking: Vec<&str> = [
            ("reason", &judgement.reason),
            ("evidence", &judgement.evidence),
            ("decided_by", &judgement.decided_by),
            ("date", &judgement.date),
        ]
        .into_iter()
        .filter(|(_, text)| text.is_empty())
        .map(|(name, _)| name)
        .collect();
        // A 0 is unknown, with a warning of its own; nothing at all is no judgement.
        if !has_phase {
            reader.found.add(Code::JudgementIncomplete, judgement.place.clone(), "the judgement has no phase");
        } else if !lacking.is_empty() && judgement.phase.is_some() {
            reader.found.add(Code::JudgementIncomplete, judgement.place.clone(), format!("the judgement lacks {}", lacking.join(", ")));
        }
        judgements.push(judgement);
    }
}

/// A risk by code, by name in any language, or by an older wording.
pub fn find_risk(text: &str, rules: &Framework) -> Option<RiskId> {
    use crate::table::folded;
    let word = folded(text);
    rules.risk(text).or_else(|| rules.risks.find(|risk| risk.names.values().chain(&risk.aliases).any(|name| folded(name) == word)))
}
