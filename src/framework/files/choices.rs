//! The words among which a key lets choose.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
        /// None at all.
        None,
    }
    /// Where the likelihood of each phase comes from.
    ResamplingName {
        /// From draws of the survey out of itself.
        Bootstrap,
        /// From leaving out each sampling unit once.
        Jackknife,
        /// From the replicate weights that the households bring along.
        Given,
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
        /// A number of people out of those who live there.
        People,
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
        /// Households that were asked.
        Households,
    }
    /// Where a table ends.
    DataEndsName {
        /// Before the first row without a p-code.
        FirstRowWithoutPcode,
        /// With the sheet.
        EndOfSheet,
    }
    /// On which levels the areas of a table stand.
    AreaLevelsName {
        /// All on the deepest that the table has a column for.
        Deepest,
        /// On the deepest that a row fills.
        Mixed,
    }
    /// What a row is that names no area.
    RowsWithoutAreaName {
        /// An error.
        Error,
        /// It speaks for the country.
        Country,
    }
    /// What columns hold that a table does not name.
    OtherColumnsName {
        /// Nobody knows; they are not read.
        Unknown,
        /// Numbers of what the table measures, or nothing: they are checked, and no figure rests on them.
        Numbers,
    }
    /// How headers of people by sex and age are made.
    LeafColumnsName {
        /// `F_00_04`, `M_80Plus`: sex, then first and last year of age; `F_TL`, `M_TL` where there are no ages.
        SexAndAge,
    }
    /// What a household does that has no weight or one below 0.
    BadWeightsName {
        /// It is an error.
        Error,
        /// It is set aside, with a warning.
        SetAside,
    }
    /// What stands before a slash in a header.
    HeaderPrefixesName {
        /// A part of the header.
        Keep,
        /// The groups of a form, which do not count.
        Drop,
    }
    /// What an error cell is.
    ErrorCellsName {
        /// An error.
        Error,
        /// Missing, with a warning.
        Missing,
    }
    /// What parts the whole from the fraction in numbers that are written as text.
    DecimalMarkName {
        /// A point.
        #[serde(rename = ".")]
        Point,
        /// A comma.
        #[serde(rename = ",")]
        Comma,
    }
    /// Encodings of texts beside Unicode.
    TextEncodingName {
        /// Western Europe.
        #[serde(rename = "windows-1252")]
        Windows1252,
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
