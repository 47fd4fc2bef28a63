//! A framework as the stages read it: immutable, valid, every reference resolved.

use std::collections::BTreeMap;

use super::cases::Case;
use super::coefficients::CoefficientTable;
use super::combine::CombineRule;
use super::files::{
    AboveTheUnit, BlankAnswersName, Comparator, FallBackName, IntervalName, LonelyPsuName, MeasuredOnName, MosaicCell, PeopleFile,
    ResamplingName, SeverityFile, Status, UnitName, WeightName,
};
use super::intersectoral::IntersectoralRules;
use super::score_form::ScoreForm;
use crate::domain::{Aor, Evidence, IdVec, IndicatorId, PafPillar, Phase, PhaseShares, RiskId, Series, Share};

/// The rules of one framework version, with a context's changes where there is one.
#[derive(Clone, Debug)]
pub struct Framework {
    /// Kebab-case name.
    pub id: String,
    /// Version.
    pub version: String,
    /// How far it has come.
    pub status: Status,
    /// What it does, in a line.
    pub title: String,
    /// Where its rules come from.
    pub source: String,
    /// The protection risks in code order.
    pub risks: IdVec<RiskId, Risk>,
    /// The pillars and sub-pillars of the Protection Analysis Framework, by code.
    pub paf: BTreeMap<String, PafPart>,
    /// The indicators in id order.
    pub indicators: IdVec<IndicatorId, Indicator>,
    /// From values to phases.
    pub severity: SeverityRules,
    /// From phases to people.
    pub people: PeopleRules,
    /// How a household survey is read.
    pub survey: SurveyRules,
    /// The step across sectors.
    pub intersectoral: IntersectoralRules,
    /// Coefficients.
    pub coefficients: CoefficientTable,
    /// Worked examples.
    pub cases: Vec<Case>,
    /// What a context changed, key and reason.
    pub changes: Vec<(String, String)>,
    /// As written, so that a context's changes can be laid over them.
    pub(super) written: Written,
}

/// The sections that a context may change, as written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// `[severity]`
    pub severity: SeverityFile,
    /// `[people-in-need]`
    pub people: PeopleFile,
}

/// A protection risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// `PR01` to `PR15`.
    pub code: String,
    /// AoRs it belongs to.
    pub aors: Vec<Aor>,
    /// Names by language; `en` is always there.
    pub names: BTreeMap<String, String>,
    /// How sure each name is.
    pub name_status: BTreeMap<String, String>,
    /// Older wordings.
    pub aliases: Vec<String>,
}

impl Risk {
    /// The name in a language, else in English.
    pub fn name(&self, language: &str) -> &str {
        self.names.get(language).or_else(|| self.names.get("en")).map_or("", String::as_str)
    }
}

/// A pillar or sub-pillar of the Protection Analysis Framework (method, section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PafPart {
    /// Names by language; `en` is always there.
    pub names: BTreeMap<String, String>,
    /// How sure the wording is.
    pub status: String,
}

/// An indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Kebab-case name, and the name of its column.
    pub id: String,
    /// What it says, in a line.
    pub label: String,
    /// Risks it speaks to.
    pub risks: Vec<RiskId>,
    /// Sub-pillar, as in `C2`.
    pub sub_pillar: String,
    /// Its pillar.
    pub pillar: PafPillar,
    /// Who answers for it.
    pub measured_on: MeasuredOnName,
    /// Unit of its values.
    pub unit: UnitName,
    /// How values become a phase.
    pub form: ScoreForm,
    /// Tokens that mean missing, folded.
    pub missing: Vec<String>,
    /// The phase that "don't know" means; `None`: missing.
    pub dont_know: Option<Phase>,
    /// Phase 5 decides alone.
    pub decisive: bool,
    /// For `weighted-mean`, in thousandths.
    pub weight: u64,
    /// Counts in the coverage of its risks.
    pub expected: bool,
    /// Speaks of survivors or of named harm.
    pub sensitive: bool,
    /// Other headers of its column.
    pub aliases: Vec<String>,
    /// Where its bounds come from, or why they are so.
    pub source: String,
}

impl Indicator {
    /// Whether it is measured on areas, so that sheet `indicators` carries it.
    pub fn is_of_areas(&self) -> bool {
        matches!(self.measured_on, MeasuredOnName::Area | MeasuredOnName::KeyInformants)
    }

    /// Whether households answer for it, so that sheet `households` carries it.
    pub fn is_of_households(&self) -> bool {
        self.measured_on == MeasuredOnName::Households
    }
}

/// How shares become an area's phase.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct AreaPhaseRule {
    /// The cut.
    pub cut: Share,
    /// Whether a share on the cut passes.
    pub comparator: Comparator,
}

impl AreaPhaseRule {
    /// Cumulates from phase 5 downward; the first phase whose cumulated part passes the cut (method, section 5).
    /// Compared exactly: part against cut x total. `None` if the parts add up to nothing.
    pub fn phase_of(&self, shares: &PhaseShares) -> Option<Phase> {
        let total = shares.total();
        if total <= crate::domain::Decimal::ZERO {
            return None;
        }
        Phase::ALL.into_iter().rev().find(|&phase| {
            let order = shares.in_or_worse(phase).compare_with_product(self.cut.0, total);
            match self.comparator {
                Comparator::AtLeast => order.is_ge(),
                Comparator::MoreThan => order.is_gt(),
            }
        })
    }
}

/// From values to phases (method, sections 4 and 5).
#[derive(Clone, Debug, PartialEq)]
pub struct SeverityRules {
    /// Which evidence goes first; every kind stands once.
    pub evidence_order: Vec<Evidence>,
    /// Indicators of a household.
    pub household: CombineRule,
    /// Indicators into a risk.
    pub risk: CombineRule,
    /// Risks into an AoR.
    pub aor: CombineRule,
    /// AoRs into overall.
    pub overall: CombineRule,
    /// Shares into a phase.
    pub area_phase: AreaPhaseRule,
    /// Share of the expected indicators that must be known.
    pub least_coverage: Share,
    /// The phase above the unit of analysis.
    pub above_the_unit: AboveTheUnit,
}

impl SeverityRules {
    /// The place of a kind of evidence; smaller goes first.
    pub fn rank(&self, evidence: Evidence) -> usize {
        self.evidence_order.iter().position(|kind| *kind == evidence).unwrap_or(usize::MAX)
    }
}

/// A way from phases to people (method, section 6).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum PeopleRule {
    /// A figure computed elsewhere.
    Given,
    /// Population x shares.
    Shares,
    /// Base x coefficient.
    Coefficients,
    /// A share of another figure.
    Derived {
        /// Of which.
        of: Series,
        /// How much.
        share: Share,
    },
}

impl PeopleRule {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Shares => "shares",
            Self::Coefficients => "coefficients",
            Self::Derived { .. } => "derived",
        }
    }
}

/// How AoRs become overall protection (method, section 7).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum AcrossAors {
    /// The highest in each cell.
    Highest(MosaicCell),
    /// Overall is estimated on its own.
    Independent,
}

/// From phases to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleRules {
    /// Need begins here.
    pub from_phase: Phase,
    /// Being affected begins here.
    pub affected_from_phase: Phase,
    /// The ways of each series, in the order of [`Series::ALL`].
    pub ways: [Vec<PeopleRule>; 6],
    /// AoRs into overall.
    pub across: AcrossAors,
    /// Below this overall phase in need is 0.
    pub need_from_area_phase: Option<Phase>,
}

impl PeopleRules {
    /// The ways of one series, in order.
    pub fn ways_of(&self, series: Series) -> &[PeopleRule] {
        self.ways.get(series.index()).map_or(&[], Vec::as_slice)
    }

    /// From what a series is derived, if one of its ways derives it.
    pub fn base_of(&self, series: Series) -> Option<Series> {
        self.ways_of(series).iter().find_map(|way| if let PeopleRule::Derived { of, .. } = way { Some(*of) } else { None })
    }

    /// These series, each after the one it is derived from; series in a circle last.
    pub fn bases_first(&self, series: &[Series]) -> Vec<Series> {
        let mut left = series.to_vec();
        let mut ordered = Vec::new();
        while !left.is_empty() {
            let (ready, rest): (Vec<Series>, Vec<Series>) =
                left.iter().copied().partition(|&one| self.base_of(one).is_none_or(|base| !left.contains(&base)));
            ordered.extend(&ready);
            if ready.is_empty() {
                ordered.extend(&rest);
                break;
            }
            left = rest;
        }
        ordered
    }
}

/// How a household survey is read (method, section 10).
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyRules {
    /// By what shares are weighted.
    pub weights: WeightName,
    /// Fewer households are marked as low precision.
    pub least_households: u32,
    /// What stands in for too few.
    pub fall_back: FallBackName,
    /// Confidence of intervals.
    pub confidence: Share,
    /// Kind of interval.
    pub interval: IntervalName,
    /// A stratum with one PSU.
    pub lonely_psu: LonelyPsuName,
    /// A wholly blank answer.
    pub blank_answers: BlankAnswersName,
    /// Where the likelihood of each phase comes from.
    pub resampling: ResamplingName,
    /// How often the survey is drawn again; 0: not at all.
    pub replicates: u32,
    /// Where the draws begin.
    pub seed: u64,
}

impl Framework {
    /// The risk of this code.
    pub fn risk(&self, code: &str) -> Option<RiskId> {
        self.risks.find(|risk| risk.code.eq_ignore_ascii_case(code.trim()))
    }

    /// The indicator of this id.
    pub fn indicator(&self, id: &str) -> Option<IndicatorId> {
        self.indicators.find(|indicator| indicator.id == id)
    }

    /// The English name of a pillar or sub-pillar.
    pub fn paf_name(&self, code: &str) -> &str {
        self.paf.get(code).and_then(|part| part.names.get("en")).map_or("", String::as_str)
    }

    /// Name and version in one word, for outputs.
    pub fn name_and_version(&self) -> String {
        format!("{} {}", self.id, self.version)
    }
}
