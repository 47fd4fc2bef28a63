//! Evidence that is not an indicator: figures computed elsewhere, shares by phase, judgements. Each is read into
//! a table by cell; which evidence decides is settled in `severity` and `people`.

pub mod given;
pub mod households;
pub mod judgements;
pub mod shares;

use std::collections::BTreeMap;

use super::audit::Audit;
use super::cells::CellTable;
use super::decide::Decided;
use super::population::PopulationTable;
use super::units::KeyedSheets;
use crate::diag::{Checked, Code, Findings};
use crate::domain::id::Id;
use crate::domain::{Aor, CellId, Evidence, People, Phase, PhaseShares, RiskId, Scope, Series, SlotId};
use crate::framework::Framework;
use crate::framework::files::RoleName;
use crate::framework::rules::SeverityRules;
use crate::table::folded;

pub use given::GivenTable;
pub use households::{HouseholdEvidence, households_speaking};
pub use judgements::Judgement;
pub use shares::SourcedShares;

/// All such evidence.
#[derive(Clone, Debug)]
pub struct EvidenceTable {
    /// Figures computed elsewhere.
    pub given: GivenTable,
    /// Shares by phase.
    pub shares: BTreeMap<(CellId, Scope), SourcedShares>,
    /// What households say.
    pub households: BTreeMap<(CellId, Scope), HouseholdEvidence>,
    /// Judgements in the order of cell and scope.
    pub judgements: Vec<Judgement>,
    by_target: BTreeMap<(CellId, Scope), usize>,
}

impl EvidenceTable {
    /// The judgement on a target.
    pub fn judgement(&self, cell: CellId, scope: Scope) -> Option<&Judgement> {
        self.by_target.get(&(cell, scope)).and_then(|&at| self.judgements.get(at))
    }

    /// Where a given figure of people comes from.
    pub fn given_source(&self, slot: SlotId, series: Series) -> Option<&str> {
        self.given.sources.get(&(slot, series.index())).map(String::as_str)
    }

    /// The shares by phase of a target.
    pub fn shares(&self, cell: CellId, scope: Scope) -> Option<&PhaseShares> {
        self.shares.get(&(cell, scope)).map(|sourced| &sourced.shares)
    }

    /// What households say of a target, itself or the whole area around it.
    pub fn household(&self, cell: CellId, scope: Scope, cells: &CellTable) -> Option<&HouseholdEvidence> {
        cells.speaking_for(cell).find_map(|cell| self.households.get(&(cell, scope)))
    }

    /// The shares by phase on which people are estimated, of households or as they are given: the kind that goes first in the
    /// framework's order, itself or of the whole area.
    pub fn shares_speaking(
        &self,
        cell: CellId,
        scope: Scope,
        cells: &CellTable,
        rules: &SeverityRules,
    ) -> Option<(Evidence, &PhaseShares)> {
        let asked = self.household(cell, scope, cells).map(|said| (Evidence::Households, &said.shares));
        let stated = cells.speaking_for(cell).find_map(|cell| self.shares(cell, scope)).map(|shares| (Evidence::Shares, shares));
        if rules.rank(Evidence::Households) < rules.rank(Evidence::Shares) { asked.or(stated) } else { stated.or(asked) }
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

    /// The people in need or affected given for a slot.
    pub fn given_people(&self, what: Decided, slot: SlotId, series: Series) -> Option<People> {
        match what {
            Decided::InNeed => self.given_in_need(slot, series),
            Decided::Affected => self.given_affected(slot, series),
            Decided::Phase => None,
        }
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
    let mut given = GivenTable::new(cells, population.slots.len());
    for keyed in sheets.of(RoleName::Estimates) {
        given::read(keyed, &population.slots, aors, &mut given, audit, &mut found);
    }
    let mut shares = BTreeMap::new();
    for keyed in sheets.of(RoleName::Shares) {
        shares::read(keyed, rules, aors, &mut shares, audit, &mut found);
    }
    let mut judgements = Vec::new();
    for keyed in sheets.of(RoleName::Judgements) {
        judgements::read(keyed, rules, aors, &mut judgements, audit, &mut found);
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
    found.with(EvidenceTable { given, shares, households: BTreeMap::new(), judgements, by_target })
}

/// Reads a scope and its code. Overall and intersectoral have no code but their own: any other says that something
/// else is meant.
pub fn read_scope(scope: &str, code: &str, rules: &Framework) -> Option<Scope> {
    let code = code.trim();
    let own = |word: &str| code.is_empty() || code.eq_ignore_ascii_case(word);
    match scope.trim().to_ascii_lowercase().as_str() {
        "overall" => (own("PRO") || Series::parse(code) == Some(Series::Overall)).then_some(Scope::Overall),
        "aor" => Aor::parse(code).map(Scope::Aor),
        "risk" => find_risk(code, rules).map(Scope::Risk),
        "indicator" => rules.indicator(code).map(Scope::Indicator),
        "intersectoral" => own("intersectoral").then_some(Scope::Intersectoral),
        _ => None,
    }
}

/// A risk by code, by name in any language, or by an older wording.
pub fn find_risk(text: &str, rules: &Framework) -> Option<RiskId> {
    let word = folded(text);
    rules.risk(text).or_else(|| rules.risks.find(|risk| risk.names.values().chain(&risk.aliases).any(|name| folded(name) == word)))
}
