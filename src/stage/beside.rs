//! Affected, targeted and reached beside people in need: for how many people each is known, so that a sum over a few
//! is never read as one over all (method, section 15.5).

use crate::domain::people::PeopleColumn;
use crate::domain::{Decimal, People};

/// A figure that is summed beside people in need, and may be known for fewer people.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beside {
    /// People affected.
    Affected,
    /// People targeted.
    Targeted,
    /// People reached.
    Reached,
}

impl Beside {
    /// All of them, in the order of [`Known`] wherever three stand together.
    pub const ALL: [Self; 3] = [Self::Affected, Self::Targeted, Self::Reached];

    /// Its one of the three.
    pub fn of(self, [affected, targeted, reached]: [Known; 3]) -> Known {
        match self {
            Self::Affected => affected,
            Self::Targeted => targeted,
            Self::Reached => reached,
        }
    }

    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Targeted => "targeted",
            Self::Reached => "reached",
        }
    }
}

/// For how many people a summed figure is known.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// People living in the cells for which it is known; `None` where it is known for no cell.
    pub living: Option<People>,
    /// Whether people live in cells for which in need is known and this figure is not.
    pub left_out: bool,
}

impl Known {
    /// Takes note of a cell: its people, and whether its in need and this figure are known.
    pub fn add(&mut self, population: Option<People>, need_known: bool, figure_known: bool) {
        let people = population.unwrap_or_default();
        if figure_known {
            self.living = Some(self.living.unwrap_or_default() + people);
        } else {
            self.left_out |= need_known && people > People::ZERO;
        }
    }

    /// For how many people it is known, where the sum leaves out people whose in need is known.
    pub fn partial(self) -> Option<People> {
        self.living.filter(|_| self.left_out)
    }

    /// For which share of a population it is known.
    pub fn share(self, population: Option<People>) -> Option<Decimal> {
        self.living.unwrap_or_default().share_of(population?).map(|share| share.0)
    }
}

/// What is known beside people in need of one series, per row of the roll-up.
#[derive(Clone, Debug, Default)]
pub struct KnownColumns {
    living: [PeopleColumn; 3],
    /// A bit for each figure: one byte a row instead of three columns.
    left_out: Vec<u8>,
}

impl KnownColumns {
    /// Nothing is known yet.
    pub fn new(rows: usize) -> Self {
        Self { living: Beside::ALL.map(|_| PeopleColumn::missing(rows)), left_out: vec![0; rows] }
    }

    /// What is known in a row: affected, targeted, reached.
    pub fn get(&self, row: usize) -> [Known; 3] {
        let bits = self.left_out.get(row).copied().unwrap_or(0);
        let mut known = [Known::default(); 3];
        for ((at, known), column) in known.iter_mut().enumerate().zip(&self.living) {
            *known = Known { living: column.get(row), left_out: bits & (1 << at) != 0 };
        }
        known
    }

    /// Takes note of a cell: which of affected, targeted and reached are known, and whether in need is.
    pub fn add(&mut self, row: usize, figures: [bool; 3], need: bool, population: Option<People>) {
        let mut known = self.get(row);
        let Some(bits) = self.left_out.get_mut(row) else { return };
        for (((at, known), column), figure) in known.iter_mut().enumerate().zip(&mut self.living).zip(figures) {
            known.add(population, need, figure);
            column.set(row, known.living);
            *bits |= u8::from(known.left_out) << at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_partial_where_it_leaves_out_people_whose_need_is_known() {
        let p = |number| Some(People::whole(number));
        let mut table = KnownColumns::new(1);
        // 1,000 people with everything, 400 whose need alone is known, 50 of whom nothing is known.
        table.add(0, [true, true, false], true, p(1000));
        table.add(0, [true, false, false], true, p(400));
        table.add(0, [false, false, false], false, p(50));
        let [affected, targeted, reached] = table.get(0);
        assert_eq!((affected.living, affected.partial()), (p(1400), None));
        assert_eq!((targeted.living, targeted.partial()), (p(1000), p(1000)));
        assert_eq!((reached.living, reached.partial()), (None, None), "what is blank is not partial");
        assert_eq!(targeted.share(p(1450)).map(|share| share.to_string()), Some("0.689655172414".into()));
    }
}
