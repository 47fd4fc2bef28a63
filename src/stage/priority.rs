//! What reads the phases without changing them: the priority list of risks, the evidence matrix and the risk
//! register (method, section 3).

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::EvidenceTable;
use super::observe::IndicatorTable;
use super::people::Basis;
use super::score::ScoredTable;
use super::severity::SeverityTable;
use super::units::CellTable;
use crate::domain::id::Id;
use crate::domain::{AreaId, CellId, PafPillar, People, Phase, RiskId, Scope};
use crate::framework::Framework;

/// A risk with the figures that decide its rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priority {
    /// The risk.
    pub risk: RiskId,
    /// People living where it stands in phase 4 or 5.
    pub people_in_phase_4: People,
    /// People living where it stands in phase 3 or worse.
    pub people_in_phase_3: People,
    /// Areas where it stands in phase 4 or 5.
    pub areas_in_phase_4: usize,
    /// Areas where it stands in phase 3 or worse.
    pub areas_in_phase_3: usize,
    /// People living where its phase is known.
    pub people_assessed: People,
}

/// Risks by people living where they stand in phase 4 or worse, then 3 or worse, then by the number of such
/// areas; ties in code order.
pub fn rank_risks(basis: Basis<'_>) -> Vec<Priority> {
    let phase_4 = Phase::ALL[3];
    let mut list: Vec<Priority> = basis
        .rules
        .risks
        .ids()
        .map(|risk| {
            let mut priority = Priority {
                risk,
                people_in_phase_4: People::ZERO,
                people_in_phase_3: People::ZERO,
                areas_in_phase_4: 0,
                areas_in_phase_3: 0,
                people_assessed: People::ZERO,
            };
            let (mut four, mut three): (BTreeSet<AreaId>, BTreeSet<AreaId>) = (BTreeSet::new(), BTreeSet::new());
            for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
                let Some(phase) = basis.severity.phase(cell, Scope::Risk(risk)) else { continue };
                let people = basis.population.of(cell).unwrap_or_default();
                priority.people_assessed += people;
                if phase >= phase_4 {
                    priority.people_in_phase_4 += people;
                    four.insert(basis.cells.key(cell).area);
                }
                if phase >= Phase::SEVERE {
                    priority.people_in_phase_3 += people;
                    three.insert(basis.cells.key(cell).area);
                }
            }
            (priority.areas_in_phase_4, priority.areas_in_phase_3) = (four.len(), three.len());
            priority
        })
        .collect();
    list.sort_by(|a, b| {
        let key = |priority: &Priority| {
            (priority.people_in_phase_4, priority.people_in_phase_3, priority.areas_in_phase_4, priority.areas_in_phase_3)
        };
        key(b).cmp(&key(a)).then(a.risk.cmp(&b.risk))
    });
    list
}

/// On what a finding rests: an area, a risk, a pillar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvidenceCount {
    /// Indicators with a value.
    pub indicators: usize,
    /// Expected indicators without one.
    pub missing: usize,
    /// Judgements.
    pub judgements: usize,
    /// Shares by phase.
    pub shares: usize,
    /// Sources named.
    pub sources: BTreeSet<String>,
    /// Oldest and newest date named.
    pub dates: BTreeSet<String>,
}

/// Area x risk x pillar: how many pieces of evidence, of which source and date.
pub fn evidence_matrix(
    cells: &CellTable,
    observed: &IndicatorTable,
    scored: &ScoredTable,
    evidence: &EvidenceTable,
    rules: &Framework,
) -> BTreeMap<(AreaId, RiskId, PafPillar), EvidenceCount> {
    let mut matrix: BTreeMap<(AreaId, RiskId, PafPillar), EvidenceCount> = BTreeMap::new();
    let mut by_area: BTreeMap<AreaId, Vec<CellId>> = BTreeMap::new();
    for cell in cells.ids() {
        by_area.entry(cells.key(cell).area).or_default().push(cell);
    }
    for (&area, of_area) in &by_area {
        for (id, indicator) in rules.indicators.entries().filter(|(_, indicator)| indicator.is_of_areas()) {
            let holding: Vec<CellId> = of_area.iter().copied().filter(|cell| scored.phase(cell.index(), id).is_some()).collect();
            for &risk in &indicator.risks {
                if holding.is_empty() && !indicator.expected {
                    continue;
                }
                let count = matrix.entry((area, risk, indicator.pillar)).or_default();
                if holding.is_empty() {
                    count.missing += 1;
                    continue;
                }
                count.indicators += 1;
                for (source, date) in holding.iter().filter_map(|cell| observed.sources.get(cell)) {
                    count.sources.extend((!source.is_empty()).then(|| source.clone()));
                    count.dates.extend((!date.is_empty()).then(|| date.clone()));
                }
            }
        }
        for &cell in of_area {
            for risk in rules.risks.ids() {
                // A judgement and a distribution speak of the threat as it stands: pillar B.
                if let Some(judgement) = evidence.judgement(cell, Scope::Risk(risk)) {
                    let count = matrix.entry((area, risk, PafPillar::Threats)).or_default();
                    count.judgements += 1;
                    count.dates.extend((!judgement.date.is_empty()).then(|| judgement.date.clone()));
                    count.sources.extend((!judgement.evidence.is_empty()).then(|| judgement.evidence.clone()));
                }
                if evidence.shares.contains_key(&(cell, Scope::Risk(risk))) {
                    matrix.entry((area, risk, PafPillar::Threats)).or_default().shares += 1;
                }
            }
        }
    }
    matrix
}

/// The cells and risks of the register: every phase that is known.
pub fn register(cells: &CellTable, severity: &SeverityTable, rules: &Framework) -> Vec<(CellId, RiskId)> {
    let known = |cell: CellId, risk: RiskId| severity.phase(cell, Scope::Risk(risk)).is_some();
    cells.ids().flat_map(|cell| rules.risks.ids().map(move |risk| (cell, risk))).filter(|&(cell, risk)| known(cell, risk)).collect()
}
