//! The sections `[severity]` and `[survey]`.

use crate::diag::{Code, Findings};
use crate::domain::{Evidence, Share};
use crate::framework::combine::CombineRule;
use crate::framework::files::{
    AboveTheUnit, BlankAnswersName, CombineFile, CombineName, Comparator, EvidenceName, FallBackName, IntervalName, LonelyPsuName,
    MissingName, ResamplingName, RoundingName, SeverityFile, SurveyFile, WeightName,
};
use crate::framework::rules::{AreaPhaseRule, SeverityRules, SurveyRules};
use crate::framework::source::Source;

pub(super) fn severity(file: &SeverityFile, source: &Source, found: &mut Findings) -> SeverityRules {
    let area_phase = file.area_phase.clone().unwrap_or_default();
    let cut = share(area_phase.share.as_ref().map(|text| text.0.as_str()), Share::percent(20));
    if cut <= Share::ZERO || cut > Share::ALL {
        found.add(Code::WrongType, source.place(&["severity", "area-phase", "share"]), format!("a cut of {cut} can never decide"));
    }
    SeverityRules {
        evidence_order: evidence_order(file, source, found),
        household: combine(file.household.as_ref()),
        risk: combine(file.risk.as_ref()),
        aor: combine(file.aor.as_ref()),
        overall: combine(file.overall.as_ref()),
        area_phase: AreaPhaseRule { cut, comparator: area_phase.comparator.unwrap_or(Comparator::AtLeast) },
        least_coverage: share(file.least_coverage.as_ref().map(|text| text.0.as_str()), Share::percent(50)),
        above_the_unit: file.above_the_unit.unwrap_or(AboveTheUnit::None),
    }
}

/// `over` where it is written, else `base`.
pub(super) fn laid_over(over: &SeverityFile, base: &SeverityFile) -> SeverityFile {
    SeverityFile {
        evidence_order: over.evidence_order.clone().or_else(|| base.evidence_order.clone()),
        household: over.household.clone().or_else(|| base.household.clone()),
        risk: over.risk.clone().or_else(|| base.risk.clone()),
        aor: over.aor.clone().or_else(|| base.aor.clone()),
        overall: over.overall.clone().or_else(|| base.overall.clone()),
        area_phase: over.area_phase.clone().or_else(|| base.area_phase.clone()),
        least_coverage: over.least_coverage.clone().or_else(|| base.least_coverage.clone()),
        above_the_unit: over.above_the_unit.or(base.above_the_unit),
        why: over.why.clone(),
    }
}

/// So often a survey is drawn again where the framework does not say it, and at most.
const REPLICATES: u32 = 500;
const MOST_REPLICATES: u32 = 100_000;

pub(super) fn survey(file: &SurveyFile) -> SurveyRules {
    SurveyRules {
        weights: file.weights.unwrap_or(WeightName::Households),
        least_households: file.least_households.unwrap_or(30),
        fall_back: file.fall_back.unwrap_or(FallBackName::None),
        confidence: share(file.confidence.as_ref().map(|text| text.0.as_str()), Share::percent(95)),
        interval: file.interval.unwrap_or(IntervalName::Xlogit),
        lonely_psu: file.lonely_psu.unwrap_or(LonelyPsuName::CentreAtGrandMean),
        blank_answers: file.blank_answers.unwrap_or(BlankAnswersName::Missing),
        resampling: file.resampling.unwrap_or(ResamplingName::Bootstrap),
        replicates: file.replicates.unwrap_or(REPLICATES).min(MOST_REPLICATES),
        seed: file.seed.unwrap_or(1),
    }
}

fn combine(file: Option<&CombineFile>) -> CombineRule {
    let file = file.cloned().unwrap_or_default();
    CombineRule {
        combine: file.combine.unwrap_or(CombineName::Worst),
        missing: file.missing.unwrap_or(MissingName::AnyKnown),
        least_known: file.least_known.unwrap_or(1),
        rounding: file.rounding.unwrap_or(RoundingName::HalfUp),
    }
}

fn evidence_order(file: &SeverityFile, source: &Source, found: &mut Findings) -> Vec<Evidence> {
    let Some(names) = &file.evidence_order else { return Evidence::ALL.to_vec() };
    let mut order: Vec<Evidence> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let kind = match name {
            EvidenceName::Given => Evidence::Given,
            EvidenceName::Households => Evidence::Households,
            EvidenceName::Shares => Evidence::Shares,
            EvidenceName::Area => Evidence::Area,
            EvidenceName::Judgement => Evidence::Judgement,
        };
        if order.contains(&kind) {
            found.add(
                Code::DuplicateId,
                source.place(&["severity", "evidence-order", &index.to_string()]),
                format!("`{kind}` stands twice in the evidence order"),
            );
        } else {
            order.push(kind);
        }
    }
    for kind in Evidence::ALL.into_iter().filter(|kind| !order.contains(kind)).collect::<Vec<_>>() {
        found.add(
            Code::MissingKey,
            source.place(&["severity", "evidence-order"]),
            format!("the evidence order leaves out `{kind}`; name all five kinds"),
        );
        order.push(kind);
    }
    order
}

pub(super) fn share(text: Option<&str>, default: Share) -> Share {
    // A text that is no share has been reported by the shape.
    text.and_then(Share::parse).unwrap_or(default)
}
