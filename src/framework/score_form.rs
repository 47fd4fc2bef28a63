//! The forms in which an indicator turns values into a phase (method, section 4). A closed set; a new form is a
//! variant, its cases and its paragraph in the documentation.

use std::collections::BTreeMap;

use super::files::{AdditiveDontKnow, BlankAnswersName};
use super::kernel::Kernel;
use super::ladder::ThresholdLadder;
use super::rules::AreaPhaseRule;
use crate::domain::{Decimal, Phase, PhaseShares};
use crate::table::{Answers, Column, folded};

use super::conditions::score_conditions;
pub use super::conditions::{Compare, Condition, Test};

/// How an indicator turns values into a phase. Numbers of phases: 0 stands for unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum ScoreForm {
    /// Lower bounds.
    Ladder(ThresholdLadder),
    /// Accepted spellings, folded, and the phase of each.
    Answers(BTreeMap<String, Phase>),
    /// The first condition that holds.
    Conditions {
        /// Most severe first.
        list: Vec<Condition>,
        /// The phase when none holds.
        otherwise: Option<Phase>,
    },
    /// Weights of ticked options, summed.
    Additive {
        /// Weight of each option, folded.
        options: BTreeMap<String, f64>,
        /// The sum stops here.
        cap: Option<f64>,
        /// Options that exclude all others, folded.
        exclusive: Vec<String>,
        /// Tokens that mean "don't know", folded.
        dont_know_tokens: Vec<String>,
        /// What they do to the sum.
        dont_know: AdditiveDontKnow,
        /// Questions whose sums are added; none: the column of the indicator's own name.
        of: Vec<String>,
        /// What a wholly blank question means, if it is another thing than the framework says of all.
        blank_answers: Option<BlankAnswersName>,
        /// Bounds of the sum.
        ladder: ThresholdLadder,
    },
    /// How many columns hold.
    Count {
        /// The columns.
        of: Vec<String>,
        /// The answers that count as true, folded.
        is: Vec<String>,
        /// Bounds of the count.
        ladder: ThresholdLadder,
    },
    /// A column for each phase's share.
    Shares([String; 5]),
    /// Mean of 0/1 items.
    NonCritical {
        /// The columns.
        of: Vec<String>,
        /// The answers that count as true, folded.
        is: Vec<String>,
    },
    /// A person's phase.
    Judgement,
}

/// What a form reads from the input.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Numbers.
    Number,
    /// Answers, one or several separated by blanks.
    Answer,
}

/// What scoring may ask beside the columns.
pub struct Surroundings<'a> {
    /// Number of rows.
    pub rows: usize,
    /// For a list of p-codes: which rows lie in them.
    pub area_in: &'a (dyn Fn(&[String]) -> Vec<bool> + Sync),
    /// How shares become a phase.
    pub area_phase: AreaPhaseRule,
    /// What a wholly blank question means.
    pub blank_answers: BlankAnswersName,
}

impl ScoreForm {
    /// The columns the form reads, for an indicator of this id.
    pub fn reads(&self, id: &str) -> Vec<(String, ColumnKind)> {
        match self {
            Self::Ladder(_) => vec![(id.to_owned(), ColumnKind::Number)],
            Self::Additive { of, .. } if !of.is_empty() => of.iter().map(|column| (column.clone(), ColumnKind::Answer)).collect(),
            Self::Answers(_) | Self::Additive { .. } => vec![(id.to_owned(), ColumnKind::Answer)],
            Self::Conditions { list, .. } => {
                let mut reads = Vec::new();
                for test in list.iter().flat_map(|condition| &condition.tests) {
                    let read = match test {
                        Test::Number { column, .. } => (column.clone(), ColumnKind::Number),
                        Test::Ticked { column, .. } => (column.clone(), ColumnKind::Answer),
                        Test::AreaIn(_) => continue,
                    };
                    if !reads.contains(&read) {
                        reads.push(read);
                    }
                }
                reads
            }
            Self::Count { of, .. } | Self::NonCritical { of, .. } => of.iter().map(|column| (column.clone(), ColumnKind::Answer)).collect(),
            Self::Shares(columns) => columns.iter().map(|column| (column.clone(), ColumnKind::Number)).collect(),
            Self::Judgement => Vec::new(),
        }
    }

    /// The worst phase the form can give.
    pub fn tier(&self) -> Phase {
        match self {
            Self::Ladder(ladder) => ladder.tier(),
            Self::Count { of, ladder, .. } => worst_of((0..=of.len()).filter_map(|held| u32::try_from(held).ok()).map(f64::from), ladder),
            Self::Additive { options, cap, exclusive, of, ladder, .. } => {
                let questions = f64::from(u32::try_from(of.len().max(1)).unwrap_or(u32::MAX));
                let together = || options.iter().filter(|(option, _)| !exclusive.contains(option)).map(|(_, weight)| *weight);
                let low: f64 = together().filter(|weight| *weight < 0.0).sum();
                let high: f64 = together().filter(|weight| *weight > 0.0).sum();
                // An option that excludes the others stands alone.
                let alone = options.iter().filter(|(option, _)| exclusive.contains(option)).map(|(_, weight)| *weight);
                let sums = alone.chain([low, high]).map(|sum| sum * questions);
                worst_of(sums.map(|sum| cap.map_or(sum, |cap| sum.min(cap))), ladder)
            }
            Self::Answers(phases) => phases.values().max().copied().unwrap_or(Phase::MINIMAL),
            Self::Conditions { list, otherwise } => {
                list.iter().map(|condition| condition.phase).chain(*otherwise).max().unwrap_or(Phase::MINIMAL)
            }
            Self::NonCritical { .. } => Phase::SEVERE,
            Self::Shares(_) | Self::Judgement => Phase::CATASTROPHIC,
        }
    }

    /// The phase of every row, 0 for unknown. `columns` are those that [`ScoreForm::reads`] names, in order.
    pub fn score(&self, columns: &[&Column], around: &Surroundings<'_>) -> Vec<u8> {
        self.compile(columns, around).phases()
    }

    /// How the phase of every row is found. `columns` are those that [`ScoreForm::reads`] names, in order.
    pub fn compile<'a>(&self, columns: &[&'a Column], around: &Surroundings<'_>) -> Kernel<'a> {
        match (self, columns.first()) {
            (Self::Ladder(ladder), Some(Column::Numbers(values))) => {
                let (sign, cuts) = ladder.cuts();
                Kernel::Bounds { values, sign, cuts }
            }
            (Self::Answers(phases), Some(Column::Answers(answers))) => {
                let of_word = |word: &String| phases.get(&folded(word)).map_or(0, |phase| phase.number());
                Kernel::Codes { codes: answers.codes(), phases: std::iter::once(0).chain(answers.words().iter().map(of_word)).collect() }
            }
            _ => Kernel::Phases(self.score_rows(columns, around)),
        }
    }

    fn score_rows(&self, columns: &[&Column], around: &Surroundings<'_>) -> Vec<u8> {
        match self {
            // Without a column nothing is known.
            Self::Ladder(_) | Self::Answers(_) | Self::Judgement => vec![0; around.rows],
            Self::Additive { options, cap, exclusive, dont_know_tokens, dont_know, blank_answers, ladder, .. } => {
                let meant = |blank: BlankAnswersName| if blank == BlankAnswersName::NoNeed { 0.0 } else { f64::NAN };
                let blank = meant(blank_answers.unwrap_or(around.blank_answers));
                let sum_of = |word: &str| match sum_of_options(word, options, exclusive, dont_know_tokens, *dont_know) {
                    Some(sum) => sum,
                    // Options without a weight, as if nothing were ticked; "don't know" stays unknown.
                    None if !options_of(word).any(|option| dont_know_tokens.contains(&option)) => meant(around.blank_answers),
                    None => f64::NAN,
                };
                let sums = added_up(columns, around.rows, blank, sum_of);
                let number = |sum: f64| if sum.is_nan() { 0 } else { ladder.number_of(cap.map_or(sum, |cap| sum.min(cap))) };
                sums.into_iter().map(number).collect()
            }
            Self::Count { is, ladder, .. } => {
                let (held, known) = count_held(columns, is, around.rows);
                held.iter().zip(known).map(|(&held, known)| if known == 0 { 0 } else { ladder.number_of(f64::from(held)) }).collect()
            }
            Self::NonCritical { is, .. } => {
                let (held, known) = count_held(columns, is, around.rows);
                held.iter().zip(known).map(|(&held, known)| non_critical(held, known)).collect()
            }
            Self::Conditions { list, otherwise } => score_conditions(list, *otherwise, columns, self, around),
            Self::Shares(_) => (0..around.rows).map(|row| shares_phase(columns, row, around.area_phase)).collect(),
        }
    }
}

/// The worst phase that some of these values reach.
fn worst_of(values: impl IntoIterator<Item = f64>, ladder: &ThresholdLadder) -> Phase {
    values.into_iter().filter_map(|value| Phase::new(ladder.number_of(value))).max().unwrap_or(Phase::MINIMAL)
}

/// What the answers to several questions add up to in each row. A sum of which a part is unknown is unknown; where blank
/// answers mean no need, unknown parts add nothing, and only a row without any known part is unknown.
fn added_up(columns: &[&Column], rows: usize, blank: f64, mut sum_of: impl FnMut(&str) -> f64) -> Vec<f64> {
    let adds_nothing = !blank.is_nan();
    let mut sums: Vec<Option<f64>> = vec![None; rows];
    for column in columns {
        let Column::Answers(answers) = column else { continue };
        for (sum, part) in sums.iter_mut().zip(answers.spread(blank, &mut sum_of)) {
            *sum = Some(match *sum {
                None => part,
                Some(sum) if adds_nothing && part.is_nan() => sum,
                Some(sum) if adds_nothing && sum.is_nan() => part,
                Some(sum) => sum + part,
            });
        }
    }
    sums.into_iter().map(|sum| sum.unwrap_or(f64::NAN)).collect()
}

/// The options ticked in a text that separates them by blanks, commas or semicolons.
pub fn options_of(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';')).filter(|option| !option.is_empty()).map(folded)
}

fn sum_of_options(
    text: &str,
    options: &BTreeMap<String, f64>,
    exclusive: &[String],
    dont_know_tokens: &[String],
    dont_know: AdditiveDontKnow,
) -> Option<f64> {
    let mut ticked: Vec<String> = options_of(text).collect();
    // An option that is named twice is ticked once.
    ticked.sort_unstable();
    ticked.dedup();
    // An option that excludes the others counts alone; beside others it contradicts them, and they stand.
    if let [alone] = ticked.as_slice()
        && exclusive.contains(alone)
    {
        return Some(options.get(alone).copied().unwrap_or(0.0));
    }
    if !ticked.iter().all(|option| exclusive.contains(option)) {
        ticked.retain(|option| !exclusive.contains(option));
    }
    let sum: f64 = ticked.iter().filter_map(|option| options.get(option)).sum();
    let unsure = ticked.iter().any(|option| dont_know_tokens.contains(option));
    let known = ticked.iter().any(|option| options.contains_key(option));
    match dont_know {
        AdditiveDontKnow::Missing if unsure => None,
        AdditiveDontKnow::MissingUnlessSum if unsure && sum == 0.0 => None,
        _ => (known || (unsure && dont_know == AdditiveDontKnow::Ignored)).then_some(sum),
    }
}

pub(super) fn truth(column: &Column, rows: usize, mut holds: impl FnMut(&str) -> bool) -> Vec<Option<bool>> {
    match column {
        Column::Answers(answers) => answers.spread(None, |word| Some(holds(word))),
        Column::Numbers(_) => vec![None; rows],
    }
}

fn count_held(columns: &[&Column], is: &[String], rows: usize) -> (Vec<u32>, Vec<u32>) {
    let (mut held, mut known) = (vec![0; rows], vec![0; rows]);
    for column in columns {
        let truths = truth(column, rows, |word| is.contains(&folded(word)));
        for ((held, known), truth) in held.iter_mut().zip(known.iter_mut()).zip(truths) {
            *known += u32::from(truth.is_some());
            *held += u32::from(truth == Some(true));
        }
    }
    (held, known)
}

/// Mean of the known items: above 2/3 phase 3, above 1/3 phase 2, else 1; in whole numbers, so exactly.
fn non_critical(held: u32, known: u32) -> u8 {
    match (3 * held, known) {
        (_, 0) => 0,
        (thrice, known) if thrice > 2 * known => 3,
        (thrice, known) if thrice > known => 2,
        _ => 1,
    }
}

/// A blank share counts as 0 where the known ones add up to 1 (method, section 14.3).
fn shares_phase(columns: &[&Column], row: usize, rule: AreaPhaseRule) -> u8 {
    let mut parts = [Decimal::ZERO; 5];
    for (part, column) in parts.iter_mut().zip(columns) {
        if let Column::Numbers(values) = column
            && let Some(share) = values.get(row).and_then(|&value| Decimal::from_f64(value))
        {
            *part = share;
        }
    }
    let shares = PhaseShares::new(parts);
    if shares.is_whole() { rule.phase_of(&shares).map_or(0, Phase::number) } else { 0 }
}

/// A column of answers made of texts, for tests and examples.
pub fn answers(texts: &[&str]) -> Column {
    let mut column = Answers::missing(texts.len());
    for (row, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        column.set(row, text);
    }
    Column::Answers(column)
}

#[cfg(test)]
mod tests {
    use super::super::files::{Comparator, WorseWhenName};
    use super::*;
    use crate::domain::Share;

    fn score(form: &ScoreForm, columns: &[Column]) -> Vec<u8> {
        let rows = match &columns[0] {
            Column::Numbers(values) => values.len(),
            Column::Answers(answers) => answers.spread(0, |_| 0).len(),
        };
        let area_in = |_: &[String]| vec![true; rows];
        let area_phase = AreaPhaseRule { cut: Share::percent(20), comparator: Comparator::AtLeast };
        form.score(
            &columns.iter().collect::<Vec<_>>(),
            &Surroundings { rows, area_in: &area_in, area_phase, blank_answers: BlankAnswersName::Missing },
        )
    }

    fn ladder(bounds: [(u8, f64); 4]) -> ThresholdLadder {
        ThresholdLadder::new(WorseWhenName::Higher, bounds.map(|(phase, bound)| (Phase::new(phase).unwrap(), bound)).to_vec()).unwrap()
    }

    #[test]
    fn safety_movement_as_in_humind() {
        // INDICATORS I01: S = 0, 1, 2, 3 or more give 1, 2, 3, 4.
        let form = ScoreForm::Additive {
            options: [("no_concern", 0.0), ("unsafe", 1.0), ("markets", 2.0), ("school", 2.0)].map(|(k, v)| (folded(k), v)).into(),
            cap: Some(3.0),
            exclusive: vec![],
            dont_know_tokens: vec![folded("dnk")],
            dont_know: AdditiveDontKnow::Missing,
            of: vec![],
            blank_answers: None,
            ladder: ladder([(1, 0.0), (2, 1.0), (3, 2.0), (4, 3.0)]),
        };
        let given = answers(&["no_concern", "unsafe", "markets", "markets school", "", "dnk markets", "other"]);
        assert_eq!(score(&form, &[given]), [1, 2, 3, 4, 0, 0, 0]);
    }

    #[test]
    fn the_first_condition_wins_and_otherwise_needs_an_answer() {
        let near = Test::Number { column: "km".into(), compare: Compare::AtMost, bound: 30.0 };
        let mines = Test::Ticked { column: "concern".into(), n: 1, of: vec!["mines".into()] };
        let form = ScoreForm::Conditions {
            list: vec![
                Condition { phase: Phase::CATASTROPHIC, tests: vec![near.clone(), mines] },
                Condition { phase: Phase::new(4).unwrap(), tests: vec![near] },
            ],
            otherwise: Phase::new(1),
        };
        let km = Column::Numbers(vec![30.0, 30.0, 31.0, f64::NAN]);
        assert_eq!(score(&form, &[km, answers(&["mines theft", "", "mines", ""])]), [5, 4, 1, 0]);
    }

    #[test]
    fn otherwise_waits_for_what_a_blank_cell_leaves_open() {
        // Method, section 15.16: 5 within 30 km with mines, 3 within 100 km, otherwise 1.
        let km = |compare, bound| Test::Number { column: "km".into(), compare, bound };
        let mines = Test::Ticked { column: "mines".into(), n: 1, of: vec!["yes".into()] };
        let form = ScoreForm::Conditions {
            list: vec![
                Condition { phase: Phase::CATASTROPHIC, tests: vec![km(Compare::AtMost, 30.0), mines] },
                Condition { phase: Phase::SEVERE, tests: vec![km(Compare::LessThan, 100.0)] },
            ],
            otherwise: Phase::new(1),
        };
        // In order: both open; the second open; the first open and the second met; the first open, the second failed;
        // a distance that fails both tests, whatever the mines.
        let distance = Column::Numbers(vec![f64::NAN, f64::NAN, 20.0, 20.0, 150.0, 150.0]);
        let given = answers(&["yes", "no", "", "no", "", "no"]);
        assert_eq!(score(&form, &[distance, given]), [0, 0, 3, 3, 1, 1]);
    }

    #[test]
    fn the_non_critical_block_stands_on_thirds() {
        let form = ScoreForm::NonCritical { of: vec!["a".into(), "b".into(), "c".into()], is: vec!["no".into()] };
        let columns =
            [answers(&["no", "no", "no", "yes", ""]), answers(&["no", "no", "yes", "yes", ""]), answers(&["no", "yes", "yes", "yes", ""])];
        // 3/3 -> 3; 2/3 is not above 2/3 -> 2; 1/3 is not above 1/3 -> 1.
        assert_eq!(score(&form, &columns), [3, 2, 1, 1, 0]);
    }

    #[test]
    fn counting_items() {
        let form = ScoreForm::Count {
            of: vec!["a".into(), "b".into()],
            is: vec!["yes".into(), "1".into()],
            ladder: ladder([(1, 0.0), (2, 1.0), (3, 2.0), (4, 9.0)]),
        };
        assert_eq!(score(&form, &[answers(&["Yes", "no", "1", ""]), answers(&["YES", "no", "", ""])]), [3, 1, 2, 0]);
    }

    #[test]
    fn shares_of_ancuabe() {
        // VECTORS 9.5: .6182 .1182 .2045 .0591 gives phase 3.
        let columns = [0.6182, 0.1182, 0.2045, 0.0591, 0.0].map(|share| Column::Numbers(vec![share]));
        let form = ScoreForm::Shares(["a", "b", "c", "d", "e"].map(Into::into));
        assert_eq!(score(&form, &columns), [3]);
    }
}
