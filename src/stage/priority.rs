//! What reads the phases without changing them: the priority list of risks, the evidence matrix and the risk
//! register (method, section 3).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::evidence::EvidenceTable;
use super::observe::IndicatorTable;
use super::people::PeopleBasis;
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
pub fn rank_risks(basis: PeopleBasis<'_>) -> Vec<Priority> {
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
    /// Sources named, in order.
    pub sources: Words,
    /// Dates named, the oldest first.
    pub dates: Words,
}

/// Different words in order; most findings of an area share one list.
pub type Words = Arc<[Arc<str>]>;

/// Area x risk x pillar: how many pieces of evidence, of which source and date.
pub fn evidence_matrix(
    cells: &CellTable,
    observed: &IndicatorTable,
    scored: &ScoredTable,
    evidence: &EvidenceTable,
    rules: &Framework,
) -> BTreeMap<(AreaId, RiskId, PafPillar), EvidenceCount> {
    let mut matrix: BTreeMap<(AreaId, RiskId, PafPillar), EvidenceCount> = BTreeMap::new();
    let mut known: HashMap<String, Arc<str>> = HashMap::new();
    let ids: Vec<CellId> = cells.ids().collect();
    for of_area in ids.chunk_by(|a, b| cells.key(*a).area == cells.key(*b).area) {
        let Some(area) = of_area.first().map(|&cell| cells.key(cell).area) else { continue };
        let gathered = gather(of_area, observed, scored, evidence, rules);
        let mut lists: Vec<Words> = vec![Words::default()];
        for ((risk, pillar), gathered) in gathered {
            let (sources, dates) = (shared(gathered.sources, &mut lists, &mut known), shared(gathered.dates, &mut lists, &mut known));
            matrix.insert((area, risk, pillar), EvidenceCount { sources, dates, ..gathered.count });
        }
    }
    matrix
}

/// What is counted of one risk and pillar while an area is read.
#[derive(Default)]
struct Gathered<'a> {
    count: EvidenceCount,
    sources: BTreeSet<&'a str>,
    dates: BTreeSet<&'a str>,
}

impl<'a> Gathered<'a> {
    fn name(&mut self, source: &'a str, date: &'a str) {
        self.sources.extend((!source.is_empty()).then_some(source));
        self.dates.extend((!date.is_empty()).then_some(date));
    }
}

/// The evidence on the cells of one area.
fn gather<'a>(
    of_area: &[CellId],
    observed: &'a IndicatorTable,
    scored: &ScoredTable,
    evidence: &'a EvidenceTable,
    rules: &Framework,
) -> BTreeMap<(RiskId, PafPillar), Gathered<'a>> {
    let mut gathered: BTreeMap<(RiskId, PafPillar), Gathered<'a>> = BTreeMap::new();
    let named: Vec<(CellId, Option<&(String, String)>)> = of_area.iter().map(|&cell| (cell, observed.sources.get(&cell))).collect();
    for (id, indicator) in rules.indicators.entries().filter(|(_, indicator)| indicator.is_of_areas()) {
        let holds = |cell: CellId| scored.phase(cell.index(), id).is_some();
        let any = of_area.iter().any(|&cell| holds(cell));
        if !any && !indicator.expected {
            continue;
        }
        for &risk in &indicator.risks {
            let of_risk = gathered.entry((risk, indicator.pillar)).or_default();
            if !any {
                of_risk.count.missing += 1;
                continue;
            }
            of_risk.count.indicators += 1;
            for (source, date) in named.iter().filter(|(cell, _)| holds(*cell)).filter_map(|(_, named)| *named) {
                of_risk.name(source, date);
            }
        }
    }
    for &cell in of_area {
        for risk in rules.risks.ids() {
            // A judgement and a distribution speak of the threat as it stands: pillar B.
            if let Some(judgement) = evidence.judgement(cell, Scope::Risk(risk)) {
                let of_risk = gathered.entry((risk, PafPillar::Threats)).or_default();
                of_risk.count.judgements += 1;
                of_risk.name(&judgement.evidence, &judgement.date);
            }
            if let Some(shares) = evidence.shares.get(&(cell, Scope::Risk(risk))) {
                let of_risk = gathered.entry((risk, PafPillar::Threats)).or_default();
                of_risk.count.shares += 1;
                of_risk.name(&shares.source, &shares.date);
            }
        }
    }
    gathered
}

/// The list of these words: one that the area has already, or a new one of words that are stored once.
fn shared(words: BTreeSet<&str>, lists: &mut Vec<Words>, known: &mut HashMap<String, Arc<str>>) -> Words {
    let same = |list: &&Words| list.len() == words.len() && list.iter().zip(&words).all(|(a, b)| **a == **b);
    if let Some(list) = lists.iter().find(same) {
        return Arc::clone(list);
    }
    let mut stored = |word: &str| match known.get(word) {
        Some(stored) => Arc::clone(stored),
        None => Arc::clone(known.entry(word.to_owned()).or_insert_with(|| word.into())),
    };
    let list: Words = words.into_iter().map(&mut stored).collect();
    lists.push(Arc::clone(&list));
    list
}

/// The cells and risks of the register: every phase that is known.
pub fn register(cells: &CellTable, severity: &SeverityTable, rules: &Framework) -> Vec<(CellId, RiskId)> {
    let known = |cell: CellId, risk: RiskId| severity.phase(cell, Scope::Risk(risk)).is_some();
    cells.ids().flat_map(|cell| rules.risks.ids().map(move |risk| (cell, risk))).filter(|&(cell, risk)| known(cell, risk)).collect()
}
