//! `framework.toml`: the rules, field for field.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ShareText;
use super::choices::{
    AboveTheUnit, AcrossName, AreaPhaseName, BlankAnswersName, BlankMuac, CombineName, Comparator, EvidenceName, FallBackName,
    IntervalName, LonelyPsuName, MissingName, MosaicCell, PeopleRuleName, ResamplingName, RoundingName, RoundingPolicy, Status, WeightName,
};

file_struct! {
    /// `framework.toml`.
    FrameworkFile {
        /// Version of this file format: 1.
        format: u32,
        /// Who the framework is.
        framework: FrameworkHead,
        /// From values to phases.
        #[serde(default)]
        severity: SeverityFile,
        /// From phases to people.
        #[serde(default)]
        people_in_need: PeopleFile,
        /// How a household survey is read.
        #[serde(default)]
        survey: SurveyFile,
        /// The step across sectors.
        #[serde(default)]
        intersectoral: IntersectoralFile,
    }
    /// Who a framework is.
    FrameworkHead {
        /// Kebab-case; the folder's name.
        id: String,
        /// The folder's version.
        version: String,
        /// How far it has come.
        status: Option<Status>,
        /// What it does, in a line.
        title: Option<String>,
        /// Where its rules come from.
        source: Option<String>,
        /// Shared indicator lists that `use` may pick from.
        #[serde(default)]
        library: Vec<String>,
        /// Ids taken from these lists.
        #[serde(default, rename = "use")]
        used: Vec<String>,
    }
    /// Rules from values to phases.
    SeverityFile {
        /// Which evidence goes first.
        evidence_order: Option<Vec<EvidenceName>>,
        /// Indicators of a household into its phase.
        household: Option<CombineFile>,
        /// Indicators into a risk's phase.
        risk: Option<CombineFile>,
        /// Risks into an AoR's phase.
        aor: Option<CombineFile>,
        /// AoRs into the overall phase.
        overall: Option<CombineFile>,
        /// Shares into an area's phase.
        area_phase: Option<AreaPhaseFile>,
        /// Share of the expected indicators that must be known.
        least_coverage: Option<ShareText>,
        /// The phase of areas above the unit of analysis.
        above_the_unit: Option<AboveTheUnit>,
        /// Why, where a context changes a rule.
        why: Option<String>,
    }
    /// How phases become one.
    CombineFile {
        /// The rule.
        combine: Option<CombineName>,
        /// What missing ones do.
        missing: Option<MissingName>,
        /// Unknown below so many known ones.
        least_known: Option<u32>,
        /// For `weighted-mean`.
        rounding: Option<RoundingName>,
    }
    /// How shares become a phase.
    AreaPhaseFile {
        /// The rule.
        rule: Option<AreaPhaseName>,
        /// The cut.
        share: Option<ShareText>,
        /// Whether a share on the cut passes.
        comparator: Option<Comparator>,
    }
    /// Rules from phases to people.
    PeopleFile {
        /// Need begins here.
        from_phase: Option<u8>,
        /// Being affected begins here.
        affected_from_phase: Option<u8>,
        /// Ways to people in order.
        rules: Option<Vec<PeopleRuleName>>,
        /// AoRs into overall.
        across_aors: Option<AcrossFile>,
        /// Below this overall phase in need is 0.
        need_from_area_phase: Option<u8>,
        /// When a figure is rounded.
        rounding: Option<RoundingPolicy>,
        /// Ways of one AoR.
        #[serde(default)]
        aor: BTreeMap<String, AorPeopleFile>,
        /// Why, where a context changes a rule.
        why: Option<String>,
    }
    /// AoRs into overall.
    AcrossFile {
        /// The rule.
        rule: Option<AcrossName>,
        /// Where the highest is taken.
        cell: Option<MosaicCell>,
    }
    /// Ways to people of one AoR.
    AorPeopleFile {
        /// In order.
        rules: Option<Vec<PeopleRuleName>>,
        /// For `derived`.
        derived: Option<DerivedFile>,
        /// Why.
        why: Option<String>,
        /// Or the source.
        source: Option<String>,
    }
    /// A share of another figure.
    DerivedFile {
        /// `overall` or an AoR.
        of: String,
        /// How much of it.
        share: ShareText,
    }
    /// How a household survey is read.
    SurveyFile {
        /// By what shares are weighted.
        weights: Option<WeightName>,
        /// Fewer are marked as low precision.
        least_households: Option<u32>,
        /// What stands in for too few.
        fall_back: Option<FallBackName>,
        /// Confidence of intervals.
        confidence: Option<ShareText>,
        /// Kind of interval.
        interval: Option<IntervalName>,
        /// A stratum with one PSU.
        lonely_psu: Option<LonelyPsuName>,
        /// A wholly blank answer.
        blank_answers: Option<BlankAnswersName>,
        /// Where the likelihood of each phase comes from.
        resampling: Option<ResamplingName>,
        /// How often the survey is drawn again to see how likely each phase is; 0: not at all.
        replicates: Option<u32>,
        /// Where these draws begin.
        seed: Option<u64>,
    }
    /// Thresholds of the step across sectors.
    IntersectoralFile {
        /// So many sectors with zero or missing PiN raise a flag.
        zero_or_missing_sectors: Option<u32>,
        /// (1st - 2nd) / 2nd.
        first_over_second: Option<ShareText>,
        /// (1st - 3rd) / 3rd.
        first_over_third: Option<ShareText>,
        /// Highest PiN over population.
        share_of_population: Option<ShareText>,
        /// Sectors that cover only a part of the population.
        sub_population_sectors: Option<Vec<String>>,
        /// Change of the first or second from last year.
        change_from_last_year: Option<ShareText>,
        /// Change beyond so many standard deviations of all changes.
        change_in_standard_deviations: Option<f64>,
        /// So many sectors in phase 5 raise a flag.
        sectors_in_phase_5: Option<u32>,
        /// So many in phase 4 or 5 while the preliminary phase is 4.
        sectors_in_phase_4_or_5: Option<u32>,
        /// Share of final PiN targeted in phase 3.
        target_in_phase_3: Option<ShareText>,
        /// Share of final PiN targeted in phases 4 and 5.
        target_in_phase_4_or_5: Option<ShareText>,
        /// What a blank MUAC means.
        blank_muac: Option<BlankMuac>,
        /// Why, where a context changes a threshold.
        why: Option<String>,
    }
}
