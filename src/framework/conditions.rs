//! Conditions: the first that is met decides (method, section 4, form 3). Tests are a closed set; a test of a blank cell is
//! neither met nor failed (section 15.16).

use super::score_form::{ScoreForm, Surroundings, options_of, truth};
use crate::domain::Phase;
use crate::table::{Column, folded};

/// All tests must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The phase it gives.
    pub phase: Phase,
    /// The tests.
    pub tests: Vec<Test>,
}

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A number against a bound; both rounded to nine places.
    Number {
        /// The column.
        column: String,
        /// The comparison.
        compare: Compare,
        /// The bound.
        bound: f64,
    },
    /// At least `n` of these answers are ticked.
    Ticked {
        /// The column.
        column: String,
        /// How many.
        n: u32,
        /// Of which, folded.
        of: Vec<String>,
    },
    /// The area is one of these, or lies in one.
    AreaIn(Vec<String>),
}

/// A comparison with a number.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
    /// `<=`
    AtMost,
    /// `<`
    LessThan,
}

impl Compare {
    fn holds(self, value: f64, bound: f64) -> bool {
        let (value, bound) = ((value * 1e9).round(), (bound * 1e9).round());
        match self {
            Self::AtLeast => value >= bound,
            Self::MoreThan => value > bound,
            Self::AtMost => value <= bound,
            Self::LessThan => value < bound,
        }
    }
}

/// The phase of every row, 0 for unknown.
pub(super) fn score_conditions(
    list: &[Condition],
    otherwise: Option<Phase>,
    columns: &[&Column],
    form: &ScoreForm,
    around: &Surroundings<'_>,
) -> Vec<u8> {
    let names: Vec<String> = form.reads("").into_iter().map(|(name, _)| name).collect();
    let find = |name: &String| names.iter().position(|known| known == name).and_then(|at| columns.get(at)).copied();
    let mut phases = vec![0; around.rows];
    let mut undecided = vec![false; around.rows];
    for condition in list {
        // A test of a blank cell is neither met nor failed; one that fails decides against its condition.
        let mut holds: Vec<Option<bool>> = vec![Some(true); around.rows];
        for test in &condition.tests {
            let truths: Vec<Option<bool>> = match test {
                Test::AreaIn(codes) => (around.area_in)(codes).into_iter().map(Some).collect(),
                Test::Number { column, compare, bound } => match find(column) {
                    Some(Column::Numbers(values)) => {
                        values.iter().map(|&value| (!value.is_nan()).then(|| compare.holds(value, *bound))).collect()
                    }
                    _ => vec![None; around.rows],
                },
                Test::Ticked { column, n, of } => match find(column) {
                    Some(column) => truth(column, around.rows, |word| at_least_ticked(word, *n, of)),
                    None => vec![None; around.rows],
                },
            };
            for (holds, truth) in holds.iter_mut().zip(truths) {
                *holds = match (*holds, truth) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), truth) => truth,
                    (None, _) => None,
                };
            }
        }
        for ((phase, undecided), holds) in phases.iter_mut().zip(undecided.iter_mut()).zip(holds) {
            if *phase == 0 && holds == Some(true) {
                *phase = condition.phase.number();
            }
            *undecided |= holds.is_none();
        }
    }
    // "Otherwise" speaks only of rows that say something, and only where no condition is left open: what a blank
    // cell would have said may be worse (method, section 15.16).
    for ((row, phase), undecided) in phases.iter_mut().enumerate().zip(undecided) {
        if *phase == 0 && !undecided && columns.iter().any(|column| column.is_known(row)) {
            *phase = otherwise.map_or(0, Phase::number);
        }
    }
    phases
}

fn at_least_ticked(text: &str, n: u32, of: &[String]) -> bool {
    let whole = folded(text);
    if of.contains(&whole) {
        return n <= 1;
    }
    let ticked: Vec<String> = options_of(text).collect();
    of.iter().filter(|option| ticked.contains(option)).count() >= n as usize
}
