//! Checks on single units: evidence, phases, people, those with disabilities (method, section 12).

use std::collections::BTreeSet;

use super::{Checks, called};
use crate::diag::{Code, Place};
use crate::domain::id::Id;
use crate::domain::{CellId, Evidence, IndicatorId, People, Phase, RiskId, Scope, Series};
use crate::stage::parts::parts_of;
use crate::stage::survey::estimates::Domain;

impl Checks<'_> {
    /// Areas and groups without any evidence are reported as not assessed.
    pub(super) fn population(&mut self, cell: CellId) {
        let analysis = self.analysis;
        if !analysis.population.is_counted(cell) {
            return;
        }
        let total = analysis.population.slots.total(cell);
        let slots = || analysis.population.slots.leaves_of(cell).map(|(_, slot)| slot).chain([total]);
        let any_figure = analysis.series.iter().any(|&series| slots().any(|slot| analysis.in_need.in_need(slot, series).is_some()));
        if !any_figure && analysis.severity.phase(cell, Scope::Overall).is_none() {
            let people = analysis.population.of(cell).unwrap_or_default();
            self.say(Code::NoEvidence, cell, format!("no evidence for {people} people"));
        }
        let lacks_coefficient = analysis.series.iter().any(|&series| analysis.in_need.no_coefficient.contains_key(&(cell, series)));
        if let Some(phase) =
            analysis.severity.phase(cell, Scope::Overall).filter(|phase| !any_figure && *phase >= Phase::SEVERE && !lacks_coefficient)
        {
            let people = analysis.population.of(cell).unwrap_or_default();
            self.say(
                Code::PeopleUnknown,
                cell,
                format!("overall stands in phase {phase}, but nothing says how many of {people} people are in need"),
            );
        }
        if analysis.in_need.gated.contains(&cell)
            && let Some(phase) = analysis.severity.phase(cell, Scope::Overall)
        {
            let message = format!("overall stands in phase {phase}, below the area gate: what is estimated is 0 people in need");
            self.say(Code::AreaGate, cell, message);
        }
        if let Some(affected) = analysis.in_need.affected(total, Series::Overall)
            && let Some(people) = analysis.population.of(cell)
            && affected > people
        {
            self.say(Code::AffectedAbovePopulation, cell, format!("{affected} people affected of {people}"));
        }
    }

    /// AoRs that have phases and no people, beside others that have people: the column of their people has got lost.
    pub(super) fn series_without_people(&mut self) {
        let analysis = self.analysis;
        let has_people = |series: Series| {
            let mut slots = analysis.population.slots.ids();
            slots.any(|slot| analysis.in_need.in_need(slot, series).is_some())
        };
        let aors: Vec<Series> = analysis.series.iter().copied().filter(|series| *series != Series::Overall).collect();
        if !aors.iter().any(|&series| has_people(series)) {
            return;
        }
        for &series in aors.iter().filter(|&&series| !has_people(series)) {
            let counted = analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell));
            let phases = counted.filter(|&cell| analysis.severity.phase(cell, series.scope()).is_some()).count();
            if phases > 0 {
                let message = format!("{phases} areas and groups have a phase, and none has people in need; other AoRs have");
                self.found.add(Code::PeopleUnknown, Place::Figure(called(series).into()), message);
            }
        }
    }

    /// Enough households were asked, and too few of them have a known phase.
    pub(super) fn households(&mut self, cell: CellId) {
        let analysis = self.analysis;
        let least = analysis.rules.survey.least_households as usize;
        let said = analysis.estimates.get(Domain::Cell(cell), Scope::Overall);
        if let Some(estimate) = said.filter(|estimate| estimate.known < least && estimate.asked >= least) {
            let message = format!("of {} households only {} have a known phase, fewer than {least}", estimate.asked, estimate.known);
            self.say(Code::FewHouseholds, cell, message);
        }
    }

    pub(super) fn phases(&mut self, cell: CellId) {
        let severity = &self.analysis.severity;
        let worst = self.analysis.aors.iter().filter_map(|&aor| severity.phase(cell, Scope::Aor(aor))).max();
        let overall = severity.get(cell, Scope::Overall);
        if let (Some(phase), Some(worst)) = (overall.phase, worst)
            && phase != worst
            && !overall.decided
        {
            self.say(Code::OverallPhaseDiffers, cell, format!("overall stands in phase {phase}, the worst AoR in phase {worst}"));
        }
        let mut passed: Vec<String> = Vec::new();
        let scopes = self.analysis.series.iter().map(|series| (series.scope(), called(*series).to_owned()));
        let risks = self.analysis.rules.risks.entries().map(|(id, risk)| (Scope::Risk(id), risk.code.clone()));
        for (scope, code) in scopes.chain(risks) {
            let judged = severity.get(cell, scope);
            let kinds: Vec<&str> =
                Evidence::ALL.into_iter().filter(|kind| judged.passed_over & (1 << (*kind as u8)) != 0).map(Evidence::word).collect();
            if let Some(used) = judged.evidence.filter(|_| !kinds.is_empty()) {
                // The same kind stands for the scope itself and, combined, for the scope below.
                let below = |used: bool| if used == judged.combined { " combined from below" } else { " for the scope itself" };
                let passed_over: Vec<String> = kinds
                    .iter()
                    .map(|kind| if *kind == used.word() { format!("{kind}{}", below(false)) } else { (*kind).to_owned() })
                    .collect();
                let used = if kinds.contains(&used.word()) { format!("{used}{}", below(true)) } else { used.to_string() };
                passed.push(format!("{code}: {used} used, {} passed over", passed_over.join(" and ")));
            }
        }
        for series in &self.analysis.series {
            if let Some(ways) = self.analysis.in_need.passed_over.get(&(cell, *series)) {
                let method = self.analysis.in_need.method(self.analysis.population.slots.total(cell), *series);
                let used = if method.word().is_empty() { String::new() } else { format!("{} used, ", method.word()) };
                passed.push(format!("people of {}: {used}{} passed over", called(*series), ways.join(" and ")));
            }
        }
        if !passed.is_empty() {
            self.say(Code::PassedOver, cell, passed.join("; "));
        }
    }

    pub(super) fn people(&mut self, cell: CellId, series: Series) {
        let analysis = self.analysis;
        if !analysis.population.is_counted(cell) {
            return;
        }
        let total = analysis.population.slots.total(cell);
        let leaves = || analysis.population.slots.leaves_of(cell).map(|(_, slot)| slot);
        for slot in std::iter::once(total).chain(leaves()) {
            self.slot(cell, slot, series);
        }
        self.parts(cell, series);
        let Some(need) = analysis.in_need.in_need(total, series) else { return };
        let own = analysis.severity.phase(cell, series.scope());
        let phase = own.or_else(|| analysis.severity.phase(cell, Scope::Overall));
        if let Some(phase) = phase.filter(|phase| *phase < analysis.rules.people.from_phase)
            && need > People::ZERO
        {
            self.say(Code::NeedBelowPhase3, cell, {
                let whose = if own.is_some() { "" } else { " of overall" };
                format!("{}: {need} people in need in phase {phase}{whose}", called(series))
            });
        }
        for (code, people, word) in [
            (Code::TargetAboveInNeed, analysis.response.targeted(cell, series), "targeted"),
            (Code::ReachedAboveInNeed, analysis.response.reached(cell, series), "reached"),
        ] {
            if let Some(people) = people.filter(|people| *people > need) {
                self.say(code, cell, format!("{}: {people} people {word}, {need} in need", called(series)));
            }
        }
    }

    /// Risks that indicators of the framework ask for and of which nothing is known anywhere: the AoRs rest on the others, and the coverage of a phase says on how many.
    fn silent_risks(&mut self) {
        let analysis = self.analysis;
        let assessed: BTreeSet<RiskId> = analysis.priorities.iter().map(|priority| priority.risk).collect();
        let asked: BTreeSet<RiskId> = analysis.rules.indicators.iter().flat_map(|indicator| indicator.risks.iter().copied()).collect();
        let risks = analysis.rules.risks.entries().filter(|(id, _)| asked.contains(id) && !assessed.contains(id));
        let silent: Vec<&str> = risks.map(|(_, risk)| risk.code.as_str()).collect();
        if !assessed.is_empty() && !silent.is_empty() {
            let message = format!("nothing is known anywhere of {}: the AoRs rest on the other risks", silent.join(", "));
            self.found.add(Code::RiskWithoutEvidence, Place::Input, message);
        }
    }

    pub(super) fn evidence(&mut self) {
        self.silent_risks();
        let analysis = self.analysis;
        for &(cell, risk) in &analysis.severity.too_little {
            // What a group takes from its area alone is said of the area.
            let is_own = |id: IndicatorId| {
                let at = (cell.index(), id.index());
                analysis.scored.phase(at.0, id).is_some() && analysis.scored.inherited.get(at.0, at.1) != Some(true)
            };
            let of_risk = |id: &IndicatorId| analysis.rules.indicators[*id].risks.contains(&risk);
            if analysis.cells.around(cell).is_some() && !analysis.rules.indicators.ids().filter(of_risk).any(is_own) {
                continue;
            }
            let judged = analysis.severity.get(cell, Scope::Risk(risk));
            let code = &analysis.rules.risks[risk].code;
            let missing: Vec<&str> = analysis
                .rules
                .indicators
                .entries()
                .filter(|(id, indicator)| {
                    indicator.is_of_areas()
                        && indicator.expected
                        && indicator.risks.contains(&risk)
                        && analysis.scored.phase(cell.index(), *id).is_none()
                })
                .map(|(_, indicator)| indicator.id.as_str())
                .collect();
            let message = format!("{code}: {} of {} indicators known; missing: {}", judged.known, judged.expected, missing.join(", "));
            self.say(Code::LowCoverage, cell, message);
        }
        for (&(cell, series), &slot) in &analysis.in_need.no_coefficient {
            let phase = analysis.severity.phase(cell, series.scope()).map_or(String::new(), |phase| format!(" in phase {phase}"));
            let slots = &analysis.population.slots;
            let part = slots.get(slot).1.map_or(String::new(), |leaf| format!(" {}", slots.leaves[leaf]));
            self.say(Code::NoCoefficient, cell, format!("{}: no coefficient fits{part}{phase}", called(series)));
        }
        for &cell in &analysis.in_need.fell_back {
            self.say(Code::LeafMosaicFellBack, cell, "not every AoR has figures by sex and age".into());
        }
    }

    pub(super) fn disability(&mut self) {
        for (&cell, &people) in &self.analysis.population.disability {
            let analysis = self.analysis;
            let counted = || -> Option<People> {
                let parts = parts_of(cell, &analysis.cells, &analysis.areas, &analysis.population);
                parts.into_iter().filter_map(|part| analysis.population.of(part)).reduce(|sum, part| sum + part)
            };
            if let Some(total) = analysis.population.of(cell).or_else(counted)
                && people > total
            {
                self.say(Code::DisabilityAboveTotal, cell, format!("{people} people with disabilities of {total}"));
            }
        }
    }
}
