//! The TOML files field for field. Nothing is checked here beyond the kind of each value; `shape` checks that
//! kind with the schemas made from these very structs, and `validate` checks the meaning.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! file_struct {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq)]
        #[serde(rename_all = "kebab-case")]
        #[schemars(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)*
        }
    )*};
}

macro_rules! choice {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }
    )*};
}

/// A share written with its sign, as in `"20%"`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub struct ShareText(pub String);

/// What a share must look like.
pub const SHARE_PATTERN: &str = r"^\d+(\.\d+)?\s?%$";

impl JsonSchema for ShareText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Share".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": SHARE_PATTERN, "description": "A share written with its sign, as in \"20%\"." })
    }
}

choice! {
    /// How far a framework has come.
    Status {
        /// Still being written.
        Draft,
        /// Figures rest on it; it does not change any more.
        InUse,
        /// No longer used for new figures.
        Retired,
    }
    /// How phases of the same people become one (method, section 5).
    CombineName {
        /// The highest known.
        Worst,
        /// Mean of the ceil(known / 2) worst, half up.
        MeanOfWorstHalf,
        /// Weighted mean of the known.
        WeightedMean,
        /// The most frequent; a tie goes to the worse.
        Majority,
    }
    /// What missing indicators do (method, section 5).
    MissingName {
        /// The known ones decide.
        AnyKnown,
        /// Unknown if every indicator that can reach the highest tier is missing.
        AllOfTopTier,
        /// Unknown if any is missing.
        CompleteOnly,
    }
    /// How a mean becomes a phase.
    RoundingName {
        /// To the nearest, half up.
        HalfUp,
        /// Up.
        Up,
        /// Down.
        Down,
    }
    /// How shares become an area's phase.
    AreaPhaseName {
        /// The first phase, from 5 downward, whose cumulated share passes the cut.
        ShareAtOrAbove,
    }
    /// Whether a share on the cut passes it (method, section 5).
    Comparator {
        /// It does.
        AtLeast,
        /// It does not.
        MoreThan,
    }
    /// The phase of areas above the unit of analysis (method, section 14.6).
    AboveTheUnit {
        /// None.
        None,
        /// The area-phase rule over the children's people by phase.
        PeopleByPhase,
    }
    /// A kind of evidence.
    EvidenceName {
        /// A phase computed elsewhere.
        Given,
        /// Answers of households.
        Households,
        /// Shares by phase.
        Shares,
        /// Indicators of areas.
        Area,
        /// A person's judgement.
        Judgement,
    }
    /// A way from phases to people (method, section 6).
    PeopleRuleName {
        /// A figure computed elsewhere.
        Given,
        /// Population x shares.
        Shares,
        /// Base x coefficient of the phase.
        Coefficients,
        /// A share of another figure.
        Derived,
    }
    /// How AoRs become overall protection (method, section 7).
    AcrossName {
        /// The highest of the AoRs in each cell.
        Highest,
        /// Overall is estimated on its own.
        Independent,
    }
    /// Where the highest is taken.
    MosaicCell {
        /// Per area and group.
        Group,
        /// Per sex and age within it, where known.
        Leaf,
    }
    /// When a figure is rounded.
    RoundingPolicy {
        /// Once, half up, where it is published.
        HalfUpAtTheEnd,
    }
    /// By what survey shares are weighted.
    WeightName {
        /// Each household once.
        Households,
        /// Each household by its size.
        People,
    }
    /// What stands in for too few households.
    FallBackName {
        /// Nothing.
        None,
        /// The shares of the parent area.
        ParentArea,
    }
    /// How a survey's interval is made.
    IntervalName {
        /// On the logit scale, with a t quantile.
        Xlogit,
        /// By the beta distribution.
        Beta,
    }
    /// What a stratum with one PSU counts.
    LonelyPsuName {
        /// Deviations from the grand mean.
        CentreAtGrandMean,
        /// Deviations from its own mean: nothing.
        CentreAtStratum,
        /// Taken as certain.
        Certainty,
    }
    /// What a wholly blank answer means.
    BlankAnswersName {
        /// Missing.
        Missing,
        /// No need: the behaviour of a peer.
        NoNeed,
    }
    /// What a blank MUAC means in the malnutrition rule.
    BlankMuac {
        /// Missing.
        Missing,
        /// 0, as in the JIAF sheet.
        Zero,
    }
    /// Who answers for an indicator.
    MeasuredOnName {
        /// Households.
        Households,
        /// An area as a whole.
        Area,
        /// Key informants of an area or site.
        KeyInformants,
        /// A person who judges.
        Judgement,
    }
    /// The unit of an indicator's values.
    UnitName {
        /// 0 to 100.
        Percent,
        /// 0 to 1.
        Fraction,
        /// A count.
        Count,
        /// Deaths per 10,000 people and day.
        #[serde(rename = "rate-per-10000-per-day")]
        RatePer10000PerDay,
        /// Per 100,000 people.
        #[serde(rename = "rate-per-100000")]
        RatePer100000,
        /// A phase from 1 to 5.
        Phase,
        /// One or more answers out of a list.
        Answer,
        /// Yes or no.
        YesNo,
    }
    /// In which direction a value is worse.
    WorseWhenName {
        /// A greater value is worse.
        Higher,
        /// A smaller value is worse.
        Lower,
    }
    /// What a table of the input holds.
    RoleName {
        /// Admin areas.
        Areas,
        /// People.
        Population,
        /// Values of indicators.
        Indicators,
        /// Shares by phase.
        Shares,
        /// Figures computed elsewhere.
        Estimates,
        /// Judgements.
        Judgements,
        /// Changed figures.
        Decisions,
        /// Last cycle's figures.
        Previous,
        /// Other sectors' figures.
        Sectors,
        /// People targeted and reached.
        Response,
    }
    /// Where a table ends.
    DataEndsName {
        /// Before the first row without a p-code.
        FirstRowWithoutPcode,
        /// With the sheet.
        EndOfSheet,
    }
    /// What an error cell is.
    ErrorCellsName {
        /// An error.
        Error,
        /// Missing, with a warning.
        Missing,
    }
    /// The scale of a table's per cent columns.
    PercentScaleName {
        /// 0 to 100.
        #[serde(rename = "0-100")]
        ZeroToHundred,
        /// 0 to 1.
        #[serde(rename = "0-1")]
        ZeroToOne,
    }
}

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
    /// `indicators.toml`.
    IndicatorsFile {
        /// Version of this file format: 1.
        format: u32,
        /// The indicators by id.
        #[serde(default)]
        indicator: BTreeMap<String, IndicatorFile>,
    }
    /// One indicator.
    IndicatorFile {
        /// What it says, in a line.
        label: Option<String>,
        /// The same in other languages.
        #[serde(default)]
        labels: BTreeMap<String, String>,
        /// Codes of the risks it speaks to.
        #[serde(default)]
        risks: Vec<String>,
        /// Sub-pillar, as in `C2`.
        pillar: Option<String>,
        /// Who answers for it.
        measured_on: Option<MeasuredOnName>,
        /// Unit of its values.
        unit: Option<UnitName>,
        /// Direction of the ladder.
        worse_when: Option<WorseWhenName>,
        /// Lower bounds of the phases.
        phase_from: Option<BTreeMap<String, f64>>,
        /// Accepted spellings of each phase.
        answers: Option<BTreeMap<String, Vec<String>>>,
        /// Tests, most severe first.
        conditions: Option<Vec<ConditionFile>>,
        /// The phase when no condition holds.
        otherwise: Option<u8>,
        /// Weights per ticked option.
        additive: Option<AdditiveFile>,
        /// How many columns hold.
        count: Option<CountFile>,
        /// The column of each phase's share.
        shares: Option<BTreeMap<String, String>>,
        /// Mean of 0/1 items.
        non_critical: Option<CountFile>,
        /// A person's phase.
        judgement: Option<bool>,
        /// Tokens that mean missing.
        #[serde(default)]
        missing: Vec<String>,
        /// What "don't know" means: `missing` or a phase.
        dont_know: Option<DontKnowFile>,
        /// Phase 5 decides alone.
        decisive: Option<bool>,
        /// For `weighted-mean`.
        weight: Option<f64>,
        /// Counts in the coverage of its risks.
        expected: Option<bool>,
        /// Speaks of survivors or of named harm.
        sensitive: Option<bool>,
        /// Other headers of its column.
        #[serde(default)]
        aliases: Vec<String>,
        /// Where its bounds come from.
        source: Option<String>,
        /// Or why they are so.
        why: Option<String>,
    }
    /// A condition: all its tests must hold.
    ConditionFile {
        /// The phase it gives.
        phase: u8,
        /// Its tests.
        when: Vec<TestFile>,
    }
    /// One test on one column, or on the area.
    TestFile {
        /// The column.
        column: Option<String>,
        /// Equal to this answer.
        is: Option<String>,
        /// One of these answers.
        any_of: Option<Vec<String>>,
        /// All of these are ticked.
        all_of: Option<Vec<String>>,
        /// At least so many of these are ticked.
        at_least_n_of: Option<AtLeastFile>,
        /// Number at least.
        at_least: Option<f64>,
        /// Number above.
        more_than: Option<f64>,
        /// Number at most.
        at_most: Option<f64>,
        /// Number below.
        less_than: Option<f64>,
        /// The area is one of these, or lies in one of these.
        area_in: Option<Vec<String>>,
    }
    /// At least n of a list.
    AtLeastFile {
        /// How many.
        n: u32,
        /// Of which.
        of: Vec<String>,
    }
    /// Weights per ticked option.
    AdditiveFile {
        /// Weight of each option.
        options: BTreeMap<String, f64>,
        /// The sum stops here.
        cap: Option<f64>,
        /// Options that exclude all others: ticked, the sum is their own weight.
        #[serde(default)]
        exclusive: Vec<String>,
        /// What "don't know" means for the sum: `missing`, `missing-unless-sum` or `ignored`.
        dont_know: Option<AdditiveDontKnow>,
    }
    /// How many columns hold.
    CountFile {
        /// The columns.
        of: Vec<String>,
        /// The answers that count as true.
        #[serde(default)]
        is: Vec<String>,
    }
    /// `coefficients.toml`.
    CoefficientsFile {
        /// Version of this file format: 1.
        format: u32,
        /// The rows.
        #[serde(default)]
        coefficient: Vec<CoefficientFile>,
    }
    /// One row of coefficients; a key left out means any.
    CoefficientFile {
        /// An AoR or `overall`.
        aor: Option<String>,
        /// 1 to 5.
        phase: Option<u8>,
        /// Population group.
        group: Option<String>,
        /// Sex.
        sex: Option<String>,
        /// Age band.
        age: Option<String>,
        /// A set of areas named in the context.
        tier: Option<String>,
        /// Share of the people in need.
        in_need: ShareText,
        /// Share of the people affected.
        affected: Option<ShareText>,
        /// Where the number comes from.
        source: Option<String>,
        /// Or why it is so.
        why: Option<String>,
    }
    /// `risks.toml`.
    RisksFile {
        /// Version of this file format: 1.
        format: u32,
        /// The risks.
        #[serde(default)]
        risk: Vec<RiskFile>,
    }
    /// One protection risk.
    RiskFile {
        /// `PR01` to `PR15`.
        code: String,
        /// AoRs it belongs to.
        aors: Vec<String>,
        /// Names by language.
        name: BTreeMap<String, String>,
        /// How sure each name is.
        #[serde(default)]
        name_status: BTreeMap<String, String>,
        /// Older wordings.
        #[serde(default)]
        aliases: Vec<String>,
    }
    /// `paf.toml`: the Protection Analysis Framework.
    PafFile {
        /// Version of this file format: 1.
        format: u32,
        /// Its pillars.
        #[serde(default)]
        pillar: Vec<PillarFile>,
        /// Its sub-pillars.
        #[serde(default)]
        sub_pillar: Vec<SubPillarFile>,
    }
    /// A pillar.
    PillarFile {
        /// `A` to `D`.
        code: String,
        /// Names by language.
        name: BTreeMap<String, String>,
    }
    /// A sub-pillar.
    SubPillarFile {
        /// As in `C2`.
        code: String,
        /// Its pillar's code.
        pillar: String,
        /// Names by language.
        name: BTreeMap<String, String>,
        /// How sure the wording is.
        status: Option<String>,
    }
    /// `cases/*.toml`.
    CasesFile {
        /// Version of this file format: 1.
        format: Option<u32>,
        /// The cases.
        #[serde(default, rename = "case")]
        cases: Vec<CaseFile>,
    }
    /// `context.toml`.
    ContextFile {
        /// Version of this file format: 1.
        format: u32,
        /// Whose year it is.
        context: ContextHead,
        /// Population groups.
        #[serde(default)]
        group: Vec<GroupFile>,
        /// Tables that are read.
        #[serde(default)]
        table: Vec<TableFile>,
        /// Core sectors.
        #[serde(default)]
        sector: Vec<SectorFile>,
        /// Sets of areas for coefficients.
        #[serde(default)]
        tier: Vec<TierFile>,
        /// Which indicators are left aside.
        #[serde(default)]
        indicators: ContextIndicators,
        /// Rules changed.
        #[serde(default)]
        severity: SeverityFile,
        /// Rules changed.
        #[serde(default)]
        people_in_need: PeopleFile,
        /// Thresholds changed.
        #[serde(default)]
        intersectoral: IntersectoralFile,
        /// Checks changed.
        #[serde(default)]
        checks: ChecksFile,
    }
    /// Whose year it is.
    ContextHead {
        /// ISO 3166 alpha-3.
        country: String,
        /// The country's name.
        name: Option<String>,
        /// The cycle, as in `2026`.
        cycle: Option<String>,
        /// Language of labels.
        language: Option<String>,
        /// Framework used when the command line names none.
        framework: Option<String>,
        /// P-code of level 0.
        country_pcode: Option<String>,
        /// The date the outputs carry.
        as_of: Option<String>,
        /// AoRs in play.
        aors: Option<Vec<String>>,
        /// Whether there is a response plan.
        has_hrp: Option<bool>,
        /// Whether the country is in the global overview.
        in_gho: Option<bool>,
        /// The period the figures are for.
        reference_period: Option<PeriodFile>,
    }
    /// A span of time.
    PeriodFile {
        /// First day, YYYY-MM-DD.
        start: String,
        /// Last day, YYYY-MM-DD.
        end: String,
    }
    /// A population group.
    GroupFile {
        /// As the outputs show it.
        code: String,
        /// Other spellings.
        #[serde(default)]
        aliases: Vec<String>,
    }
    /// Where a table stands.
    TableFile {
        /// What it holds.
        role: Option<RoleName>,
        /// Names of the sheet.
        #[serde(default)]
        sheet: Vec<String>,
        /// The sheet may be absent.
        optional: Option<bool>,
        /// Row of the headers, from 1.
        header_row: Option<u32>,
        /// Row of titles above the headers.
        band_row: Option<u32>,
        /// Where the table ends.
        data_ends: Option<DataEndsName>,
        /// Tokens that mean missing.
        #[serde(default)]
        missing: Vec<String>,
        /// What an error cell is.
        error_cells: Option<ErrorCellsName>,
        /// Scale of per cent columns.
        percent_scale: Option<PercentScaleName>,
        /// Rows that are no areas.
        #[serde(default)]
        skip_rows_where: Vec<SkipFile>,
        /// Our names and their headers.
        #[serde(default)]
        columns: BTreeMap<String, Vec<String>>,
        /// Columns of population by leaf.
        #[serde(default)]
        leaf: Vec<LeafFile>,
        /// Why a leniency is granted.
        why: Option<String>,
    }
    /// Rows that are no areas.
    SkipFile {
        /// Our name of the column.
        column: String,
        /// Texts that mark such a row.
        is: Vec<String>,
    }
    /// A column of population by leaf.
    LeafFile {
        /// Its header.
        header: String,
        /// Sex.
        sex: Option<String>,
        /// Age band.
        age: Option<String>,
    }
    /// A core sector.
    SectorFile {
        /// Kebab-case.
        code: String,
        /// As outputs show it.
        name: Option<String>,
    }
    /// A set of areas.
    TierFile {
        /// Its name in coefficients.
        code: String,
        /// P-codes; the areas in them belong too.
        areas: Vec<String>,
    }
    /// Which indicators are left aside.
    ContextIndicators {
        /// Their ids.
        #[serde(default)]
        not_used: Vec<String>,
        /// Why.
        why: Option<String>,
    }
    /// Checks changed.
    ChecksFile {
        /// Codes of findings that become errors.
        #[serde(default)]
        raise: Vec<String>,
    }
}

/// A worked example. Its keys are ids, so they are checked by meaning, not by shape.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq)]
#[schemars(deny_unknown_fields)]
pub struct CaseFile {
    /// What it shows, in a sentence.
    pub name: String,
    /// People, values, answers.
    pub given: BTreeMap<String, serde_json::Value>,
    /// Phases and people that must come out.
    pub expect: BTreeMap<String, serde_json::Value>,
}

/// What "don't know" means: missing, or a phase.
#[derive(Copy, Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(untagged)]
pub enum DontKnowFile {
    /// Missing.
    Word(DontKnowWord),
    /// This phase.
    Phase(u8),
}

choice! {
    /// The word for missing.
    DontKnowWord {
        /// Missing.
        Missing,
    }
    /// What "don't know" does to a sum.
    AdditiveDontKnow {
        /// The sum is missing.
        Missing,
        /// The sum is missing only if nothing else counts.
        MissingUnlessSum,
        /// Nothing.
        Ignored,
    }
}
