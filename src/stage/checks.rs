//! Checks after computing (method, section 12). Each is a finding with the figure and what it was held against;
//! none changes a figure.

use std::collections::BTreeMap;

use super::analysis::Analysis;
use super::beside::Beside;
use super::change::ChangeStatus;
use super::check_areas::check_areas;
use super::decide::{Decided, Decision, OldValue};
use super::parts::parts_of;
use super::previous::PreviousOf;
use super::rollup::Rolled;
use super::wholes::{Figure, Whole};
use crate::diag::{Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::{CellId, Evidence, People, Phase, Scope, Series};

/// Reasons used word for word on so many decisions are listed (method, section 11).
const REPEATED: usize = 10;

/// Looks at every figure.
pub fn check(analysis: &Analysis) -> Findings {
    let mut checks = Checks { analysis, found: Findings::default() };
    for cell in analysis.cells.ids() {
        checks.population(cell);
        checks.phases(cell);
        for &series in &analysis.series {
            checks.people(cell, series);
        }
    }
    checks.targets();
    checks.given_in_part();
    checks.evidence();
    checks.disability();
    checks.given_parents();
    checks.decisions();
    checks.changes();
    checks.units();
    checks.found.append(check_areas(analysis));
    checks.found
}

/// As an analyst calls it.
pub(super) const fn called(series: Series) -> &'static str {
    match series {
        Series::Overall => "overall",
        Series::Aor(_) => series.code(),
    }
}

pub(super) struct Checks<'a> {
    pub(super) analysis: &'a Analysis,
    found: Findings,
}

impl Checks<'_> {
    fn name(&self, cell: CellId) -> String {
        self.analysis.cells.name(&self.analysis.areas, cell)
    }

    pub(super) fn say(&mut self, code: Code, cell: CellId, message: String) {
        let name = self.name(cell);
        self.found.add(code, Place::Figure(name.into()), message);
    }

    /// Areas and groups without any evidence are reported as not assessed.
    fn population(&mut self, cell: CellId) {
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
        let lacks_coefficient = analysis.series.iter().any(|&series| analysis.in_need.no_coefficient.contains(&(cell, series)));
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

    fn phases(&mut self, cell: CellId) {
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
                passed.push(format!("{code}: {used} used, {} passed over", kinds.join(" and ")));
            }
        }
        for series in &self.analysis.series {
            if let Some(ways) = self.analysis.in_need.passed_over.get(&(cell, *series)) {
                let method = self.analysis.in_need.method(self.analysis.population.slots.total(cell), *series);
                passed.push(format!("people of {}: {} used, {} passed over", called(*series), method.word(), ways.join(" and ")));
            }
        }
        if !passed.is_empty() {
            self.say(Code::PassedOver, cell, passed.join("; "));
        }
    }

    fn people(&mut self, cell: CellId, series: Series) {
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
        let phase = analysis.severity.phase(cell, series.scope()).or_else(|| analysis.severity.phase(cell, Scope::Overall));
        if let Some(phase) = phase.filter(|phase| *phase < analysis.rules.people.from_phase)
            && need > People::ZERO
        {
            self.say(Code::NeedBelowPhase3, cell, format!("{}: {need} people in need in phase {phase}", called(series)));
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

    /// An AoR that targets more people than protection as a whole, in a unit or in the sums of an area.
    fn targets(&mut self) {
        let analysis = self.analysis;
        let aors: Vec<Series> = analysis.series.iter().copied().filter(|series| *series != Series::Overall).collect();
        for cell in analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell)) {
            let Some(overall) = analysis.response.targeted(cell, Series::Overall) else { continue };
            for &series in &aors {
                if let Some(people) = analysis.response.targeted(cell, series).filter(|people| *people > overall) {
                    self.say(Code::TargetBelowAor, cell, format!("{}: {people} people targeted, overall {overall}", called(series)));
                }
            }
        }
        for area in analysis.areas.ids() {
            // Where a unit is the whole area, it has been looked at.
            if analysis.cells.find(area, "", None).is_some_and(|cell| analysis.population.is_counted(cell)) {
                continue;
            }
            let of_overall = analysis.rolled.area(area, Series::Overall);
            let Some(overall) = of_overall.targeted else { continue };
            for &series in &aors {
                let of_aor = analysis.rolled.area(area, series);
                let Some(people) = of_aor.targeted.filter(|people| *people > overall) else { continue };
                let living = |rolled: Rolled| Beside::Targeted.of(rolled.known).living.unwrap_or_default();
                let mut message = format!("{}: {people} people targeted, overall {overall}", called(series));
                if living(of_overall) < living(of_aor) {
                    let places = (living(of_overall), living(of_aor));
                    message.push_str(&format!("; overall is known where {} people live, {} where {}", places.0, called(series), places.1));
                }
                let place = Place::Figure(format!("`{}`", analysis.areas.get(area).pcode).into());
                self.found.add(Code::TargetBelowAor, place, message);
            }
        }
    }

    /// A phase decided for a whole area that none of its groups takes.
    fn without_effect(&mut self, decision: &Decision) {
        let analysis = self.analysis;
        if decision.what != Decided::Phase || decision.scope == Scope::Intersectoral || analysis.population.is_counted(decision.cell) {
            return;
        }
        let takes = |cell: CellId| {
            let decided = match decision.scope {
                Scope::Indicator(indicator) => analysis.scored.decided.get(cell.index(), indicator.index()) == Some(true),
                scope => analysis.severity.get(cell, scope).decided,
            };
            decided && analysis.decisions.on(cell, decision.scope, Decided::Phase).is_none()
        };
        let area = analysis.cells.key(decision.cell).area;
        let is_around = |cell: CellId| analysis.cells.speaking_for(cell).skip(1).any(|around| around == decision.cell);
        let mut groups = analysis.cells.of_area(area).filter(|&cell| is_around(cell));
        if !groups.any(|cell| analysis.population.is_counted(cell) && takes(cell)) {
            let message = format!("{}: each group has evidence or a decision of its own", self.name(decision.cell));
            self.found.add(Code::DecisionWithoutEffect, decision.place.clone(), message);
        }
    }

    fn evidence(&mut self) {
        let analysis = self.analysis;
        for &(cell, risk) in &analysis.severity.too_little {
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
        for &(cell, series) in &analysis.in_need.no_coefficient {
            let phase = analysis.severity.phase(cell, series.scope()).map_or(String::new(), |phase| format!(" in phase {phase}"));
            self.say(Code::NoCoefficient, cell, format!("{}: no coefficient fits{phase}", called(series)));
        }
        for &cell in &analysis.in_need.fell_back {
            self.say(Code::LeafMosaicFellBack, cell, "not every AoR has figures by sex and age".into());
        }
    }

    fn disability(&mut self) {
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

    /// Figures stated for a whole area, or for an area above the units, beside the sum of the cells they speak for.
    fn given_parents(&mut self) {
        let analysis = self.analysis;
        let tables = analysis.stated();
        for cell in analysis.cells.ids().filter(|&cell| !analysis.population.is_counted(cell)) {
            let mut parts: Option<Vec<CellId>> = None;
            for (&series, figure) in analysis.series.iter().flat_map(|series| Figure::ALL.map(|figure| (series, figure))) {
                let Some(stated) = tables.of_whole(cell, series, figure) else { continue };
                if analysis.rolled.wholes.people.contains_key(&Whole { cell, series, figure }) {
                    self.stands_once(cell, series, figure, stated);
                    continue;
                }
                let parts = parts.get_or_insert_with(|| parts_of(cell, &analysis.cells, &analysis.areas, &analysis.population));
                let mut known: Vec<People> = parts.iter().filter_map(|&part| tables.of_unit(part, series, figure)).collect();
                known.extend(self.stated_within(cell, series, figure));
                let sum = (!known.is_empty()).then(|| known.into_iter().sum::<People>());
                if sum.map(People::rounded) != Some(stated.rounded()) {
                    let shown = sum.map_or_else(|| "unknown".to_owned(), |sum| sum.to_string());
                    let message = format!("{}: {stated} people {} are given, the parts add up to {shown}", called(series), figure.word());
                    self.say(Code::ChildrenDiffer, cell, message);
                }
            }
        }
    }

    /// People in need that are given for several units together cannot enter the highest over the AoRs of each of them.
    fn stands_once(&mut self, cell: CellId, series: Series, figure: Figure, stated: People) {
        if figure == Figure::InNeed {
            let behind = match series {
                Series::Overall => "they stand in the sums, not in the rows of these units",
                Series::Aor(_) => "they stand in the sums of the AoR, not in those of overall, for which each unit is asked",
            };
            self.say(
                Code::GivenForSeveral,
                cell,
                format!("{}: {stated} people in need are given for several units; {behind}", called(series)),
            );
        }
    }

    /// Figures that stand for several of the cells that a row speaks for.
    fn stated_within(&self, cell: CellId, series: Series, figure: Figure) -> Vec<People> {
        let (cells, areas) = (&self.analysis.cells, &self.analysis.areas);
        let key = cells.key(cell);
        let lies_in = |of: CellId| {
            let inner = cells.key(of);
            (inner.area != key.area || (key.group.is_none() && inner.group.is_some()))
                && areas.path(inner.area).any(|area| area == key.area)
                && (key.group.is_none() || key.group == inner.group)
        };
        let wholes = self.analysis.rolled.wholes.people.iter();
        let same = wholes.filter(|(whole, _)| whole.series == series && whole.figure == figure && lies_in(whole.cell));
        same.map(|(_, people)| *people).collect()
    }

    fn decisions(&mut self) {
        let analysis = self.analysis;
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for decision in &analysis.decisions.list {
            *reasons.entry(decision.reason.as_str()).or_default() += 1;
            let before = analysis.before(decision);
            if let Some(before) = before
                && !before.shows_as(decision.old)
            {
                let message = format!("the decision says it changes {}, but the rule gives {before}", decision.old);
                self.found.add(Code::DecisionOldDiffers, decision.place.clone(), message);
            }
            self.without_effect(decision);
        }
        for decision in &analysis.across.decisions {
            *reasons.entry(decision.reason.as_str()).or_default() += 1;
            let what = decision.what.word();
            let old = decision.old;
            let mut message = format!("final {what} is {}, preliminary {old}", decision.new);
            if old.shows_as(OldValue(Some(decision.new))) {
                message.push_str("; the severity around it, in which it would stand, was changed");
            }
            self.found.add(Code::DecisionUnsigned, decision.place.clone(), message);
            if decision.reason.is_empty() {
                let message = format!("final {what} is {} instead of {old}, without a reason", decision.new);
                self.found.add(Code::FinalWithoutReason, decision.place.clone(), message);
            }
        }
        for (reason, count) in reasons.into_iter().filter(|(reason, count)| *count >= REPEATED && !reason.is_empty()) {
            let message = format!("{count} decisions have the reason {}", crate::diag::render::quoted(reason));
            self.found.add(Code::RepeatedReason, Place::Input, message);
        }
    }

    fn changes(&mut self) {
        let threshold = self.analysis.rules.intersectoral.change_from_last_year.0;
        let beyond = self
            .analysis
            .changes
            .iter()
            .filter(|change| !change.is_phase && change.status == ChangeStatus::Compared && matches!(change.of, PreviousOf::Series(_)));
        for change in beyond.collect::<Vec<_>>() {
            let (Some(relative), PreviousOf::Series(series)) = (change.change, change.of) else { continue };
            if relative >= threshold || -relative >= threshold {
                let (old, new) = (change.old, change.new.unwrap_or_default());
                self.say(
                    Code::ChangeBeyondThreshold,
                    change.cell,
                    format!(
                        "{}: {old} last year, {new} now ({:+.0} %); the threshold is {}",
                        called(series),
                        relative.to_f64() * 100.0,
                        self.analysis.rules.intersectoral.change_from_last_year
                    ),
                );
            }
        }
    }

    /// Overall protection against all sectors together, and the populations of two sheets.
    fn units(&mut self) {
        let analysis = self.analysis;
        for unit in &analysis.across.units {
            // A group that stands in its area's severity is not told again what is told of the area.
            if unit.low_coverage && unit.known > 0 {
                self.say(
                    Code::FewSectors,
                    unit.cell,
                    format!("{} core sector{} known", unit.known, if unit.known == 1 { " is" } else { "s are" }),
                );
            }
            if let (Some(need), Some(people)) = (unit.in_need_final, unit.population)
                && need > people
            {
                self.say(Code::InNeedAbovePopulation, unit.cell, format!("across sectors: {need} people in need of {people}"));
            }
            if unit.not_computable {
                self.say(Code::NotComputable, unit.cell, "the second or third highest PiN is 0".into());
            }
            if analysis.population.is_counted(unit.cell)
                && let Some(overall) = analysis.in_need.in_need(analysis.population.slots.total(unit.cell), Series::Overall)
                && let Some(all) = unit.in_need_final
                && overall.rounded() > all.rounded()
            {
                let mut message = format!("overall protection has {} people in need, all sectors {}", overall.rounded(), all.rounded());
                if let Some(severity) = unit.severity_final.filter(|severity| *severity < Phase::SEVERE && all == People::ZERO) {
                    message
                        .push_str(&format!(": the severity across sectors is {severity}, and below {} nobody is counted", Phase::SEVERE));
                }
                self.say(Code::OverallAboveAllSectors, unit.cell, message);
            }
        }
        for row in &analysis.rolled_across.compared {
            if row.counted.map(People::rounded) != Some(row.stated.rounded()) {
                let counted = row.counted.map_or_else(|| "unknown".to_owned(), |people| people.to_string());
                let message =
                    format!("across sectors: {} people in need are given, the parts that are counted add up to {counted}", row.stated);
                self.say(Code::ChildrenDiffer, row.cell, message);
            }
        }
        for (&cell, (people, place)) in &analysis.sectors.population {
            let own = if analysis.population.is_counted(cell) {
                analysis.population.of(cell)
            } else {
                let parts = parts_of(cell, &analysis.cells, &analysis.areas, &analysis.population);
                People::sum_if_all_known(parts.into_iter().map(|part| analysis.population.of(part)))
            };
            if let Some(own) = own.filter(|own| own != people) {
                let message = format!("{}: {people} people here, {own} in the population", self.name(cell));
                self.found.add(Code::PopulationDiffers, place.clone(), message);
            }
        }
    }
}
