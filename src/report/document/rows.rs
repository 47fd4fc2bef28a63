//! The rows of `analysis.json`, each made while it is written.

use super::{
    ChangeDoc, DecisionDoc, EstimateDoc, EvidenceDoc, FigureDoc, FindingDoc, JudgementDoc, OutcomesDoc, PlaceDoc, PriorityDoc, RegisterDoc,
    SeverityDoc, ShareDoc, SourceDoc, UnitDoc, number, phase,
};
use crate::domain::id::Id;
use crate::domain::{Confidence, Decimal, Phase};
use crate::report::build::Report;
use crate::stage::Analysis;
use crate::stage::survey::estimates::ShareEstimate;

/// Figures of people; the phases of risks and indicators stand under `severity`.
pub(super) fn figures(analysis: &Analysis) -> impl Iterator<Item = FigureDoc<'_>> {
    crate::report::figures::figures(analysis).filter(|row| !matches!(row.scope, "risk" | "indicator")).map(|row| FigureDoc {
        pcode: row.pcode,
        level: row.level,
        pocket: row.pocket,
        group: row.group,
        sex: row.sex,
        age: row.age,
        scope: row.scope,
        code: row.code,
        population: number(row.population),
        affected: number(row.affected),
        in_need: number(row.in_need),
        in_need_low: number(row.range.map(|range| range.low)),
        in_need_high: number(row.range.map(|range| range.high)),
        phase: phase(row.phase),
        coverage: row.coverage.map(Decimal::to_f64),
        households: row.households,
        method: row.method,
        mosaic: row.mosaic,
        targeted: number(row.targeted),
        reached: number(row.reached),
        mark: row.marks(),
    })
}

/// What households say of every domain.
pub(super) fn survey(analysis: &Analysis) -> impl Iterator<Item = EstimateDoc<'_>> {
    crate::report::survey::domains(analysis).map(|row| {
        let of = row.estimate;
        let share = |phase: Phase, share: &ShareEstimate| ShareDoc {
            phase: phase.number(),
            share: share.share,
            error: share.error,
            low: share.interval.map(|interval| interval.low),
            high: share.interval.map(|interval| interval.high),
        };
        EstimateDoc {
            pcode: row.pcode,
            pocket: row.pocket,
            group: row.group,
            scope: row.scope.word(),
            code: row.code,
            asked: of.asked,
            known: of.known,
            effective: of.effective,
            weight: of.weight,
            clusters: of.clusters,
            strata: of.strata,
            degrees_of_freedom: of.degrees(),
            design_effect: of.design_effect(analysis.rules.people.from_phase),
            in_phase: Phase::ALL.into_iter().zip(&of.in_phase).map(|(phase, of)| share(phase, of)).collect(),
            in_or_worse: Phase::ALL.into_iter().skip(1).zip(&of.in_or_worse).map(|(phase, of)| share(phase, of)).collect(),
            likelihood: of.likelihood,
            mark: row.mark(),
        }
    })
}

/// Area, pocket and group of a cell.
pub(super) fn keys(analysis: &Analysis, cell: crate::domain::CellId) -> (&str, &str, &str) {
    let key = analysis.cells.key(cell);
    (analysis.areas.get(key.area).pcode.as_str(), &key.pocket, analysis.cells.group_code(key.group))
}

pub(super) fn severity(analysis: &Analysis) -> impl Iterator<Item = SeverityDoc<'_>> {
    crate::report::severity::units(analysis).flat_map(|cell| crate::report::severity::rows_of(analysis, cell)).map(|row| {
        let (pcode, pocket, group) = keys(analysis, row.cell);
        SeverityDoc {
            pcode,
            pocket,
            group,
            scope: row.scope,
            code: row.code,
            phase: phase(row.phase),
            coverage: row.coverage.map(Decimal::to_f64),
            method: row.method,
            mark: row.marks(),
        }
    })
}

pub(super) fn unit<'a>(analysis: &'a Analysis, unit: &'a crate::stage::intersectoral::Unit) -> UnitDoc<'a> {
    let (pcode, pocket, group) = keys(analysis, unit.cell);
    let codes = &analysis.previous.sector_codes;
    let code = |at: usize| codes.get(at).map_or("", String::as_str);
    let first = unit.places.first().map(|place| place.people);
    let places = unit.places.iter().map(|place| PlaceDoc {
        in_need: place.people.to_f64(),
        sectors: place.sectors.iter().map(|sector| code(sector.index())).collect(),
        share_of_population: unit.population.and_then(|people| place.people.share_of(people)).map(|share| share.0.to_f64()),
        difference: first.and_then(|first| (first - place.people).share_of(place.people)).map(|share| share.0.to_f64()),
    });
    let outcomes = unit.outcomes;
    UnitDoc {
        pcode,
        pocket,
        group,
        population: number(unit.population),
        severity_preliminary: phase(unit.severity_preliminary),
        severity_final: phase(unit.severity_final),
        known_sectors: unit.known,
        low_coverage: unit.low_coverage,
        sector_phases: unit.phases.entries().map(|(sector, of)| (code(sector.index()), phase(*of))).collect(),
        sector_in_need: unit.people.entries().map(|(sector, of)| (code(sector.index()), number(*of))).collect(),
        outcomes: OutcomesDoc {
            mortality: outcomes.mortality,
            malnutrition: outcomes.malnutrition,
            epidemics: outcomes.epidemics,
            livelihood_coping: outcomes.livelihood_coping,
            hr_ihl_violations: outcomes.hr_ihl_violations,
        },
        places: places.collect(),
        severity_flags: unit.severity_flags.clone(),
        in_need_flags: unit.in_need_flags.clone(),
        in_need_preliminary: number(unit.in_need_preliminary),
        in_need_final: number(unit.in_need_final),
        targeted: number(unit.targeted),
        prioritised: number(unit.prioritised),
        mark: crate::report::sectors::marks(analysis, unit),
    }
}

pub(super) fn sources(analysis: &Analysis) -> impl Iterator<Item = SourceDoc<'_>> {
    let units = analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell));
    let pairs = units.flat_map(|cell| analysis.series.iter().map(move |&series| (cell, series)));
    pairs.filter_map(|(cell, series)| {
        let source = crate::report::pin::source(analysis, cell, series);
        let (pcode, _, group) = keys(analysis, cell);
        let pocket = crate::report::pin::pocket_shown(analysis, cell);
        let method = analysis.in_need.method(analysis.population.slots.total(cell), series).word();
        (!source.is_empty()).then(|| SourceDoc { pcode, pocket, group, code: series.code(), method, source })
    })
}

pub(super) fn changes(analysis: &Analysis) -> impl Iterator<Item = ChangeDoc<'_>> {
    analysis.changes.iter().map(|change| {
        let (pcode, _, group) = keys(analysis, change.cell);
        let pocket = crate::report::pin::pocket_shown(analysis, change.cell);
        let (scope, code) = crate::report::trend::scope_and_code(analysis, change);
        ChangeDoc {
            pcode,
            pocket,
            group,
            scope,
            code,
            figure: if change.is_phase { "phase" } else { "in-need" },
            old: change.old.to_f64(),
            new: change.new.map(Decimal::to_f64),
            change: change.change.map(Decimal::to_f64),
            status: change.status.word(),
            mark: crate::report::trend::mark(analysis, change),
        }
    })
}

pub(super) fn priorities<'a>(analysis: &'a Analysis, language: &'a str) -> impl Iterator<Item = PriorityDoc<'a>> {
    analysis.priorities.iter().enumerate().map(move |(at, priority)| {
        let risk = &analysis.rules.risks[priority.risk];
        PriorityDoc {
            rank: at + 1,
            risk: &risk.code,
            name: risk.name(language),
            people_in_phase_4: priority.people_in_phase_4.to_f64(),
            people_in_phase_3: priority.people_in_phase_3.to_f64(),
            areas_in_phase_4: priority.areas_in_phase_4,
            areas_in_phase_3: priority.areas_in_phase_3,
            people_assessed: priority.people_assessed.to_f64(),
            mark: analysis.touched.phases_anywhere(crate::domain::Scope::Risk(priority.risk)).word(),
        }
    })
}

pub(super) fn evidence(analysis: &Analysis) -> impl Iterator<Item = EvidenceDoc<'_>> {
    analysis.matrix.iter().map(|((area, risk, pillar), count)| EvidenceDoc {
        pcode: analysis.areas.get(*area).pcode.as_str(),
        risk: &analysis.rules.risks[*risk].code,
        pillar: pillar.letter(),
        indicators: count.indicators,
        missing: count.missing,
        judgements: count.judgements,
        shares: count.shares,
        sources: count.sources.iter().map(|word| &**word).collect(),
        dates: count.dates.iter().map(|word| &**word).collect(),
    })
}

pub(super) fn register(analysis: &Analysis) -> impl Iterator<Item = RegisterDoc<'_>> {
    analysis.register.iter().map(|&(cell, risk)| {
        let (pcode, pocket, group) = keys(analysis, cell);
        let scope = crate::domain::Scope::Risk(risk);
        let judged = analysis.severity.get(cell, scope);
        let judgement = crate::report::evidence::judgement_on(analysis, cell, scope);
        let text = |of: fn(&crate::stage::evidence::Judgement) -> &String| judgement.map_or("", |judgement| of(judgement));
        RegisterDoc {
            pcode,
            pocket,
            group,
            risk: &analysis.rules.risks[risk].code,
            phase: phase(judged.phase),
            vocabulary: "JIAF 1-5",
            method: crate::report::figures::evidence_word(&judged),
            confidence: judgement.and_then(|judgement| judgement.confidence).map_or("", Confidence::word),
            threat: text(|judgement| &judgement.threat),
            effects: text(|judgement| &judgement.effects),
            capacities: text(|judgement| &judgement.capacities),
            reason: text(|judgement| &judgement.reason),
            evidence: text(|judgement| &judgement.evidence),
            decided_by: text(|judgement| &judgement.decided_by),
            date: text(|judgement| &judgement.date),
            mark: analysis.touched.phase(cell, crate::domain::Scope::Risk(risk)).word(),
        }
    })
}

pub(super) fn judgements(analysis: &Analysis) -> impl Iterator<Item = JudgementDoc<'_>> {
    analysis.evidence.judgements.iter().map(|judgement| {
        let (pcode, pocket, group) = keys(analysis, judgement.cell);
        JudgementDoc {
            pcode,
            pocket,
            group,
            scope: judgement.scope.word(),
            code: crate::report::decisions::scope_code(analysis, judgement.scope),
            phase: phase(judgement.phase),
            used: crate::report::judgements::is_used(analysis, judgement),
            confidence: judgement.confidence.map_or("", Confidence::word),
            threat: &judgement.threat,
            effects: &judgement.effects,
            capacities: &judgement.capacities,
            reason: &judgement.reason,
            evidence: &judgement.evidence,
            decided_by: &judgement.decided_by,
            date: &judgement.date,
            place: judgement.place.to_string(),
        }
    })
}

pub(super) fn decisions(analysis: &Analysis) -> impl Iterator<Item = DecisionDoc<'_>> {
    crate::report::decisions::all(analysis).map(|decision| {
        let (pcode, pocket, group) = keys(analysis, decision.cell);
        DecisionDoc {
            pcode,
            pocket,
            group,
            scope: decision.scope.word(),
            code: crate::report::decisions::scope_code(analysis, decision.scope),
            what: decision.what.word(),
            old: decision.old.0.map(Decimal::to_f64),
            new: decision.new.to_f64(),
            reason: &decision.reason,
            evidence: &decision.evidence,
            decided_by: &decision.decided_by,
            date: &decision.date,
            place: decision.place.to_string(),
        }
    })
}

pub(super) fn findings<'a>(report: &'a Report<'a>) -> impl Iterator<Item = FindingDoc<'a>> {
    report.findings.iter().map(|finding| FindingDoc {
        code: finding.code.id(),
        level: finding.level.word(),
        sheet: finding.place.sheet(),
        cell: finding.place.cell(),
        figure: finding.place.figure(),
        message: &finding.message,
        help: finding.code.help(),
    })
}
