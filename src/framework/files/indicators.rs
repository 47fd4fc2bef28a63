//! `indicators.toml`: an indicator and its one form, field for field.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choices::{BlankAnswersName, MeasuredOnName, UnitName, WorseWhenName};

file_struct! {
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
        /// Several questions with the same options, whose sums are added; without it the column of the indicator's own name.
        #[serde(default)]
        of: Vec<String>,
        /// What a wholly blank question means, where it is another thing than `survey.blank-answers` says.
        blank_answers: Option<BlankAnswersName>,
    }
    /// How many columns hold.
    CountFile {
        /// The columns.
        of: Vec<String>,
        /// The answers that count as true.
        #[serde(default)]
        is: Vec<String>,
    }
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
