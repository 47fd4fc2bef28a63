//! *Combine*: phases of indicators become the phase of a risk, of an AoR, of protection as a whole; where several
//! kinds of evidence speak, the framework's order decides, and what was passed over is kept (method, section 5).

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::cells::CellTable;
use super::decide::{Decided, Decision, Decisions};
use super::evidence::{EvidenceTable, HouseholdEvidence};
use super::observe::IndicatorTable;
use super::score::ScoredTable;
use crate::domain::id::Id;
use crate::domain::{Aor, CellId, Decimal, Evidence, IndicatorId, Phase, RiskId, Scope};
use crate::framework::Framework;
use crate::framework::combine::{CombineRule, Part};
use crate::table::Grid;

/// What is known of one cell's phase in one scope.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct ScopePhase {
    /// The phase; `None` if unknown.
    pub phase: Option<Phase>,
    /// The evidence that decided.
    pub evidence: Option<Evidence>,
    /// Combined from the scope below, not evidence for the scope itself.
    pub combined: bool,
    /// Taken from the whole area, because the group has no evidence of its own.
    pub inherited: bool,
    /// Changed by a recorded decision.
    pub decided: bool,
    /// Kinds of evidence that had a phase and were passed over, a bit each in the order of [`Evidence::ALL`].
    pub passed_over: u8,
    /// Expected parts that are known.
    pub known: u16,
    /// Parts that are expected.
    pub expected: u16,
}

impl ScopePhase {
    /// Known of the expected; `None` where nothing is expected.
    pub fn coverage(&self) -> Option<Decimal> {
        Decimal::whole(self.known.into()).divided_by(Decimal::whole(self.expected.into()))
    }

    /// Whether coverage is below the least that the framework asks for.
    fn covers_less_than(&self, least: Decimal) -> bool {
        Decimal::whole(self.known.into()).compare_with_product(least, Decimal::whole(self.expected.into())).is_lt()
    }
}

/// Phases of every cell in every scope.
#[derive(Clone, Debug)]
pub struct SeverityTable {
    judged: Grid<ScopePhase>,
    risks: usize,
    /// Risks whose indicators covered too little: the phase is unknown for that.
    pub too_little: Vec<(CellId, RiskId)>,
    /// Phases before a decision changed them.
    pub before: BTreeMap<(CellId, Scope), Option<Phase>>,
}

impl SeverityTable {
    fn column(&self, scope: Scope) -> usize {
        match scope {
            Scope::Overall => self.risks + Aor::ALL.len(),
            Scope::Aor(aor) => self.risks + aor.index(),
            Scope::Risk(risk) => risk.index(),
            Scope::Indicator(_) | Scope::Intersectoral => usize::MAX,
        }
    }

    /// What is known of a cell in a scope.
    pub fn get(&self, cell: CellId, scope: Scope) -> ScopePhase {
        self.judged.get(cell.index(), self.column(scope)).unwrap_or_default()
    }

    /// The phase of a cell in a scope.
    pub fn phase(&self, cell: CellId, scope: Scope) -> Option<Phase> {
        self.get(cell, scope).phase
    }

    /// Sets what is known of every cell in a scope.
    fn fill(&mut self, scope: Scope, judged: &[ScopePhase]) {
        let column = self.column(scope);
        for (row, &judged) in judged.iter().enumerate() {
            self.judged.set(row, column, judged);
        }
    }

    /// Replaces what is known of a cell in a scope.
    pub fn set(&mut self, cell: CellId, scope: Scope, judged: ScopePhase) {
        self.judged.set(cell.index(), self.column(scope), judged);
    }
}

/// The tables on which phases rest.
#[derive(Copy, Clone)]
pub struct PhaseBasis<'a> {
    /// Which cells there are.
    pub cells: &'a CellTable,
    /// Values.
    pub observed: &'a IndicatorTable,
    /// Phases of indicators.
    pub scored: &'a ScoredTable,
    /// Other evidence.
    pub evidence: &'a EvidenceTable,
    /// AoRs in play.
    pub aors: &'a [Aor],
    /// The rules.
    pub rules: &'a Framework,
}

/// Combines indicators into risks, risks into AoRs, AoRs into overall; decisions apply after the step they name.
pub fn combine(grounds: PhaseBasis<'_>, decisions: &Decisions) -> SeverityTable {
    let rules = grounds.rules;
    let risks = rules.risks.len();
    let mut table = SeverityTable {
        judged: Grid::filled(grounds.cells.len(), risks + Aor::ALL.len() + 1, ScopePhase::default()),
        risks,
        too_little: Vec::new(),
        before: BTreeMap::new(),
    };

    let spoken = cells_spoken_for(grounds);
    let of_risks: Vec<(RiskId, Vec<(ScopePhase, bool)>)> = rules
        .risks
        .ids()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|risk| {
            let measured = RiskIndicators::new(risk, grounds);
            let mut parts = Vec::with_capacity(measured.list.len());
            let judge = |cell| judge_risk(cell, risk, &measured, &mut parts, &spoken, grounds);
            let column = grounds.cells.ids().map(judge).collect();
            (risk, column)
        })
        .collect();
    for (risk, column) in of_risks {
        for (cell, (judged, too_little)) in grounds.cells.ids().zip(column) {
            table.set(cell, Scope::Risk(risk), judged);
            if too_little && judged.phase.is_none() {
                table.too_little.push((cell, risk));
            }
        }
    }
    apply_to_phases(decisions, |scope| matches!(scope, Scope::Risk(_)), grounds.cells, &mut table);

    let judge_aor = |&aor: &Aor| {
        let of_aor = rules.risks.entries().filter(|(_, risk)| risk.aors.contains(&aor));
        let below: Vec<Scope> = of_aor.map(|(risk, _)| Scope::Risk(risk)).collect();
        (aor, judge_scope(Scope::Aor(aor), &below, rules.severity.aor, &spoken, grounds, &table))
    };
    let of_aors: Vec<(Aor, Vec<ScopePhase>)> = grounds.aors.par_iter().map(judge_aor).collect();
    for (aor, column) in of_aors {
        table.fill(Scope::Aor(aor), &column);
    }
    apply_to_phases(decisions, |scope| matches!(scope, Scope::Aor(_)), grounds.cells, &mut table);

    let below: Vec<Scope> = grounds.aors.iter().map(|&aor| Scope::Aor(aor)).collect();
    let overall = judge_scope(Scope::Overall, &below, rules.severity.overall, &spoken, grounds, &table);
    table.fill(Scope::Overall, &overall);
    apply_to_phases(decisions, |scope| scope == Scope::Overall, grounds.cells, &mut table);
    table
}

/// A phase that could be taken, and whether it rests on the cell's own evidence.
#[derive(Copy, Clone)]
struct Candidate {
    evidence: Evidence,
    phase: Phase,
    combined: bool,
    own: bool,
}

/// The indicators of a risk that are measured on areas and present in the input, or expected.
struct RiskIndicators {
    list: Vec<(IndicatorId, bool)>,
    expected: u16,
}

impl RiskIndicators {
    fn new(risk: RiskId, grounds: PhaseBasis<'_>) -> Self {
        let indicators = &grounds.rules.indicators;
        let of_risk = indicators.entries().filter(|(_, indicator)| indicator.is_of_areas() && indicator.risks.contains(&risk));
        let list: Vec<(IndicatorId, bool)> = of_risk.map(|(id, indicator)| (id, indicator.expected)).collect();
        let expected = list.iter().filter(|(_, expected)| *expected).count();
        Self { list, expected: u16::try_from(expected).unwrap_or(u16::MAX) }
    }
}

/// A risk's phase, and whether its indicators covered too little. `parts` is room that is used again and again.
fn judge_risk(
    cell: CellId,
    risk: RiskId,
    measured: &RiskIndicators,
    parts: &mut Vec<Part>,
    spoken: &[bool],
    grounds: PhaseBasis<'_>,
) -> (ScopePhase, bool) {
    let rules = grounds.rules;
    parts.clear();
    let (mut known, mut own) = (0, false);
    for &(id, expected) in &measured.list {
        let indicator = &rules.indicators[id];
        let phase = grounds.scored.phase(cell.index(), id);
        if phase.is_some() && expected {
            known += 1;
        }
        own |= phase.is_some() && !grounds.scored.inherited.get(cell.index(), id.index()).unwrap_or(false);
        parts.push(Part { phase, tier: indicator.form.tier(), weight: indicator.weight, decisive: indicator.decisive });
    }
    let mut judged = ScopePhase { known, expected: measured.expected, ..ScopePhase::default() };
    let combined = rules.severity.risk.apply(parts);
    let decides_alone = parts.iter().any(|part| part.decisive && part.phase == Some(Phase::CATASTROPHIC));
    let too_little = combined.is_some() && !decides_alone && judged.covers_less_than(rules.severity.least_coverage.0);
    let of_area = combined.filter(|_| !too_little).map(|phase| Candidate { evidence: Evidence::Area, phase, combined: false, own });
    let [given, households, shares, judgement] = direct(cell, Scope::Risk(risk), spoken, grounds);
    choose([given, households, shares, judgement, of_area], rules, &mut judged);
    (judged, too_little)
}

/// The phase of an AoR or of overall in every cell.
fn judge_scope(
    scope: Scope,
    below: &[Scope],
    rule: CombineRule,
    spoken: &[bool],
    grounds: PhaseBasis<'_>,
    table: &SeverityTable,
) -> Vec<ScopePhase> {
    let mut parts = Vec::with_capacity(below.len());
    let judge = |cell| {
        parts.clear();
        let mut judged = ScopePhase::default();
        let mut best: Option<Evidence> = None;
        let mut own = false;
        for &part in below {
            let of_part = table.get(cell, part);
            judged.expected += 1;
            if of_part.phase.is_some() {
                judged.known += 1;
                own |= !of_part.inherited;
                // What is combined stands at the place of the best kind among its parts.
                best = [best, of_part.evidence].into_iter().flatten().min_by_key(|kind| grounds.rules.severity.rank(*kind));
            }
            parts.push(Part { phase: of_part.phase, tier: Phase::CATASTROPHIC, weight: 1000, decisive: false });
        }
        let combined = rule.apply(&parts).zip(best).map(|(phase, evidence)| Candidate { evidence, phase, combined: true, own });
        let [given, households, shares, judgement] = direct(cell, scope, spoken, grounds);
        choose([given, households, shares, judgement, combined], grounds.rules, &mut judged);
        judged
    };
    grounds.cells.ids().map(judge).collect()
}

/// Whether a cell, or the whole area around it, has households, shares or a judgement; most have neither and need not be looked up
/// scope by scope.
fn cells_spoken_for(grounds: PhaseBasis<'_>) -> Vec<bool> {
    let mut own = vec![false; grounds.cells.len()];
    let EvidenceTable { shares, households, judgements, .. } = grounds.evidence;
    let with_shares = shares.keys().chain(households.keys()).map(|(cell, _)| *cell);
    for cell in with_shares.chain(judgements.iter().map(|judgement| judgement.cell)) {
        if let Some(own) = own.get_mut(cell.index()) {
            *own = true;
        }
    }
    let is_own = |cell: CellId| own.get(cell.index()).copied().unwrap_or(false);
    grounds.cells.ids().map(|cell| grounds.cells.speaking_for(cell).any(is_own)).collect()
}

/// Evidence for the scope itself: given, households, shares, judgement; the cell's own, else the whole area's.
fn direct(cell: CellId, scope: Scope, spoken: &[bool], grounds: PhaseBasis<'_>) -> [Option<Candidate>; 4] {
    let evidence = grounds.evidence;
    let candidate = |kind: Evidence, phase_of: &dyn Fn(CellId) -> Option<Phase>| {
        let (speaker, phase) = grounds.cells.speaking_for(cell).find_map(|speaker| Some((speaker, phase_of(speaker)?)))?;
        Some(Candidate { evidence: kind, phase, combined: false, own: speaker == cell })
    };
    let given = candidate(Evidence::Given, &|at| evidence.given_phase(at, scope));
    if !spoken.get(cell.index()).copied().unwrap_or(false) {
        return [given, None, None, None];
    }
    let by_share = grounds.rules.severity.area_phase;
    let of_shares = |at| evidence.shares(at, scope).and_then(|shares| by_share.phase_of(shares));
    let of_households = |at| evidence.households.get(&(at, scope)).and_then(|said: &HouseholdEvidence| by_share.phase_of(&said.shares));
    let of_judgement = |at| evidence.judgement(at, scope).and_then(|judgement| judgement.phase);
    let households = candidate(Evidence::Households, &of_households);
    [given, households, candidate(Evidence::Shares, &of_shares), candidate(Evidence::Judgement, &of_judgement)]
}

/// The framework's order; then evidence for the scope itself before what is combined from below. Of each kind a
/// candidate is the cell's own, else the whole area's.
fn choose(candidates: [Option<Candidate>; 5], rules: &Framework, judged: &mut ScopePhase) {
    let candidates = candidates.iter().flatten();
    let best = candidates.clone().min_by_key(|candidate| (rules.severity.rank(candidate.evidence), candidate.combined));
    let Some(best) = best else { return };
    judged.phase = Some(best.phase);
    judged.evidence = Some(best.evidence);
    judged.combined = best.combined;
    judged.inherited = !best.own;
    for candidate in candidates {
        // What is combined of the same households is no other evidence.
        let same_households = candidate.evidence == Evidence::Households && best.evidence == Evidence::Households;
        if (candidate.evidence, candidate.combined) != (best.evidence, best.combined) && !same_households {
            judged.passed_over |= 1 << (candidate.evidence as u8);
        }
    }
}

/// Applies the decisions on phases of the scopes that `now` names. A decision for a whole area holds for the
/// groups that have no evidence of their own (method, section 15.3).
fn apply_to_phases(decisions: &Decisions, now: impl Fn(Scope) -> bool, cells: &CellTable, table: &mut SeverityTable) {
    let chosen = |decision: &&Decision| decision.what == Decided::Phase && now(decision.scope);
    // What the rule gave, before a decision on the whole area has reached its groups.
    for decision in decisions.list.iter().filter(chosen) {
        table.before.insert((decision.cell, decision.scope), table.phase(decision.cell, decision.scope));
    }
    for decision in decisions.list.iter().filter(chosen) {
        let phase = Phase::from_decimal(decision.new);
        let change = |cell: CellId, inherited: bool, table: &mut SeverityTable| {
            let mut judged = table.get(cell, decision.scope);
            judged.phase = phase;
            judged.decided = true;
            judged.inherited = inherited;
            // A phase that only a decision gives is a person's judgement.
            judged.evidence = judged.evidence.or(Some(Evidence::Judgement));
            table.set(cell, decision.scope, judged);
        };
        change(decision.cell, false, table);
        let takes = |cell: CellId, table: &SeverityTable| {
            let judged = table.get(cell, decision.scope);
            judged.inherited || judged.phase.is_none()
        };
        for cell in cells.taking_from(decision.cell, |cell| takes(cell, table)) {
            change(cell, true, table);
        }
    }
}
