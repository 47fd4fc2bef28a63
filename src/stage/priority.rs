//! What reads the phases without changing them: the priority list of risks, the evidence matrix and the risk
//! register (method, section 3).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::cells::CellTable;
use super::evidence::EvidenceTable;
use super::observe::IndicatorTable;
use super::people::PeopleBasis;
use super::score::ScoredTable;
use super::severity::SeverityTable;
use crate::domain::id::Id;
use crate::domain::{AreaId, CellId, IdVec, IndicatorId, PafPillar, People, Phase, RiskId, Scope};
use crate::framework::Framework;
use crate::framework::rules::Indicator;

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
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|risk| {
            let mut priority = Priority {
                risk,
                people_in_phase_4: People::ZERO,
                people_in_phase_3: People::ZERO,
                areas_in_phase_4: 0,
                areas_in_phase_3: 0,
                people_assessed: People::ZERO,
            };
            // The cells of an area are neighbours, so an area is new if it is not the one before.
            let (mut last_four, mut last_three) = (None, None);
            for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
                let Some(phase) = basis.severity.phase(cell, Scope::Risk(risk)) else { continue };
                let (people, area) = (basis.population.of(cell).unwrap_or_default(), basis.cells.key(cell).area);
                priority.people_assessed += people;
                if phase >= phase_4 {
                    priority.people_in_phase_4 += people;
                    priority.areas_in_phase_4 += usize::from(last_four.replace(area) != Some(area));
                }
                if phase >= Phase::SEVERE {
                    priority.people_in_phase_3 += people;
                    priority.areas_in_phase_3 += usize::from(last_three.replace(area) != Some(area));
                }
            }
            priority
        })
        .collect();
    // Of a risk that is assessed nowhere nothing can be said, not even that it is the last.
    list.retain(|priority| priority.people_assessed > People::ZERO);
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

/// Area x risk x pillar: how many pieces of evidence, of which source and date. Areas are independent, so threads
/// change nothing.
pub fn evidence_matrix(
    cells: &CellTable,
    observed: &IndicatorTable,
    scored: &ScoredTable,
    evidence: &EvidenceTable,
    rules: &Framework,
) -> BTreeMap<(AreaId, RiskId, PafPillar), EvidenceCount> {
    let targets = Targets::new(rules);
    let words = words_once(observed, evidence);
    let ids: Vec<CellId> = cells.ids().collect();
    let areas: Vec<&[CellId]> = ids.chunk_by(|a, b| cells.key(*a).area == cells.key(*b).area).collect();
    let rows_of = |of_area: &&[CellId]| {
        let area = of_area.first().map(|&cell| cells.key(cell).area);
        let gathered = gather(of_area, &targets, observed, scored, evidence, rules);
        let mut lists: Vec<Words> = vec![Words::default()];
        let mut rows = Vec::with_capacity(gathered.len());
        for ((risk, pillar), gathered) in targets.list.iter().zip(gathered) {
            if let (Some(area), Some(found)) = (area, gathered) {
                let (sources, dates) = (shared(found.sources, &mut lists, &words), shared(found.dates, &mut lists, &words));
                let Gathered { indicators, missing, judgements, shares, .. } = found;
                rows.push(((area, *risk, *pillar), EvidenceCount { indicators, missing, judgements, shares, sources, dates }));
            }
        }
        rows
    };
    areas.par_iter().flat_map_iter(rows_of).collect::<Vec<_>>().into_iter().collect()
}

/// The risks and pillars of which something may be found, and those that each indicator speaks for.
struct Targets {
    /// In order.
    list: Vec<(RiskId, PafPillar)>,
    of_indicators: IdVec<IndicatorId, Vec<usize>>,
    /// What a judgement or a distribution of each risk speaks for: the threat as it stands, pillar B.
    threats: IdVec<RiskId, Option<usize>>,
}

impl Targets {
    fn new(rules: &Framework) -> Self {
        let of_areas = |indicator: &&Indicator| indicator.is_of_areas();
        let measured = rules.indicators.iter().filter(of_areas);
        let of_measured = measured.flat_map(|indicator| indicator.risks.iter().map(|&risk| (risk, indicator.pillar)));
        let threats = rules.risks.ids().map(|risk| (risk, PafPillar::Threats));
        let list: Vec<(RiskId, PafPillar)> = of_measured.chain(threats).collect::<BTreeSet<_>>().into_iter().collect();
        let find = |risk: RiskId, pillar: PafPillar| list.binary_search(&(risk, pillar)).ok();
        let of_indicators = rules.indicators.iter().map(|indicator| {
            let risks = indicator.risks.iter().filter(|_| indicator.is_of_areas());
            risks.filter_map(|&risk| find(risk, indicator.pillar)).collect()
        });
        let of_indicators = of_indicators.collect();
        let threats = rules.risks.ids().map(|risk| find(risk, PafPillar::Threats)).collect();
        Self { list, of_indicators, threats }
    }

    fn threat(&self, scope: Scope) -> Option<usize> {
        if let Scope::Risk(risk) = scope { self.threats[risk] } else { None }
    }
}

/// What is counted of one risk and pillar while an area is read.
#[derive(Clone, Default)]
struct Gathered<'a> {
    indicators: usize,
    missing: usize,
    judgements: usize,
    shares: usize,
    sources: Vec<&'a str>,
    dates: Vec<&'a str>,
}

impl<'a> Gathered<'a> {
    fn name(&mut self, source: &'a str, date: &'a str) {
        for (words, word) in [(&mut self.sources, source), (&mut self.dates, date)] {
            // An area has few sources, and most indicators name the same.
            if !word.is_empty() && !words.contains(&word) {
                words.push(word);
            }
        }
    }
}

/// The evidence on the cells of one area, in the order of the targets.
fn gather<'a>(
    of_area: &[CellId],
    targets: &Targets,
    observed: &'a IndicatorTable,
    scored: &ScoredTable,
    evidence: &'a EvidenceTable,
    rules: &Framework,
) -> Vec<Option<Gathered<'a>>> {
    let mut gathered: Vec<Option<Gathered<'a>>> = vec![None; targets.list.len()];
    let named: Vec<(CellId, Option<&(String, String)>)> = of_area.iter().map(|&cell| (cell, observed.sources.get(&cell))).collect();
    for (id, indicator) in rules.indicators.entries().filter(|(_, indicator)| indicator.is_of_areas()) {
        let holds = |cell: CellId| scored.phase(cell.index(), id).is_some();
        let any = of_area.iter().any(|&cell| holds(cell));
        if !any && !indicator.expected {
            continue;
        }
        for &at in &targets.of_indicators[id] {
            let Some(of_risk) = gathered.get_mut(at).map(Option::get_or_insert_default) else { continue };
            if !any {
                of_risk.missing += 1;
                continue;
            }
            of_risk.indicators += 1;
            for (source, date) in named.iter().filter(|(cell, _)| holds(*cell)).filter_map(|(_, named)| *named) {
                of_risk.name(source, date);
            }
        }
    }
    // The cells of an area are neighbours, and so is their other evidence, which is sorted by cell and scope.
    let (Some(&first), Some(&last)) = (of_area.first(), of_area.last()) else { return gathered };
    let start = evidence.judgements.partition_point(|judgement| judgement.cell < first);
    let mut before = None;
    for judgement in evidence.judgements.iter().skip(start).take_while(|judgement| judgement.cell <= last) {
        // Of two judgements on the same the first holds.
        if before.replace((judgement.cell, judgement.scope)) == Some((judgement.cell, judgement.scope)) {
            continue;
        }
        if let Some(of_risk) = targets.threat(judgement.scope).and_then(|at| gathered.get_mut(at)).map(Option::get_or_insert_default) {
            of_risk.judgements += 1;
            of_risk.name(&judgement.evidence, &judgement.date);
        }
    }
    let shares = evidence.shares.range((first, Scope::Overall)..);
    for ((_, scope), sourced) in shares.take_while(|((cell, _), _)| *cell <= last) {
        if let Some(of_risk) = targets.threat(*scope).and_then(|at| gathered.get_mut(at)).map(Option::get_or_insert_default) {
            of_risk.shares += 1;
            of_risk.name(&sourced.source, &sourced.date);
        }
    }
    gathered
}

/// Every source and date, each stored once.
fn words_once<'a>(observed: &'a IndicatorTable, evidence: &'a EvidenceTable) -> HashMap<&'a str, Arc<str>> {
    let mut words: HashMap<&str, Arc<str>> = HashMap::new();
    let of_judgements = evidence.judgements.iter().map(|judgement| (&judgement.evidence, &judgement.date));
    let of_shares = evidence.shares.values().map(|sourced| (&sourced.source, &sourced.date));
    let of_indicators = observed.sources.values().map(|(source, date)| (source, date));
    for (source, date) in of_indicators.chain(of_judgements).chain(of_shares) {
        for word in [source, date] {
            words.entry(word).or_insert_with(|| word.as_str().into());
        }
    }
    words
}

/// The list of these words in order: one that the area has already, or a new one.
fn shared(mut words: Vec<&str>, lists: &mut Vec<Words>, known: &HashMap<&str, Arc<str>>) -> Words {
    words.sort_unstable();
    let same = |list: &&Words| list.len() == words.len() && list.iter().zip(&words).all(|(a, b)| **a == **b);
    if let Some(list) = lists.iter().find(same) {
        return Arc::clone(list);
    }
    // Storing a word once spares memory; a word that is not stored yet is kept all the same.
    let list: Words = words.into_iter().map(|word| known.get(word).map_or_else(|| word.into(), Arc::clone)).collect();
    lists.push(Arc::clone(&list));
    list
}

/// The cells and risks of the register: every phase that is known.
pub fn register(cells: &CellTable, severity: &SeverityTable, rules: &Framework) -> Vec<(CellId, RiskId)> {
    let known = |cell: CellId, risk: RiskId| severity.phase(cell, Scope::Risk(risk)).is_some();
    cells.ids().flat_map(|cell| rules.risks.ids().map(move |risk| (cell, risk))).filter(|&(cell, risk)| known(cell, risk)).collect()
}
