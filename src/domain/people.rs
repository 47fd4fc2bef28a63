//! People are counted here, and rounded here and nowhere else (method, section 9): real numbers are kept
//! through every step, summed, and rounded once, half up, where a figure is published.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use super::decimal::Decimal;
use super::share::Share;

/// A number of people, not rounded. Never negative where we estimated it; given figures are kept as given.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct People(pub Decimal);

impl People {
    /// Nobody.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A whole number of people.
    pub const fn whole(number: i64) -> Self {
        Self(Decimal::whole(number))
    }

    /// This share of these people.
    pub fn times(self, share: Share) -> Self {
        Self(self.0.times(share.0))
    }

    /// These people as a share of `whole`; `None` if `whole` is nobody.
    pub fn share_of(self, whole: Self) -> Option<Share> {
        self.0.divided_by(whole.0).map(Share)
    }

    /// The sum of parts, where there are any and all are known: a part that is missing is not nobody.
    pub fn sum_if_all_known(parts: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let mut any = false;
        let sum = parts.into_iter().inspect(|_| any = true).sum::<Option<Self>>();
        sum.filter(|_| any)
    }

    /// Rounded half up, for publication only.
    pub fn rounded(self) -> i128 {
        self.0.rounded_half_up()
    }

    /// The nearest binary number.
    pub fn to_f64(self) -> f64 {
        self.0.to_f64()
    }
}

/// Rounds `parts` so that they add up to their rounded total: each is rounded down, and the people left over
/// go to the largest remainders; ties go to the earlier part (method, section 9).
pub fn split_by_largest_remainder(parts: &[People]) -> Vec<i128> {
    let total: People = parts.iter().copied().sum();
    let mut floors: Vec<i128> = Vec::with_capacity(parts.len());
    let mut rests: Vec<(Decimal, usize)> = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let (floor, rest) = part.0.floor_and_rest();
        floors.push(floor);
        rests.push((rest, index));
    }
    let mut left_over = total.rounded() - floors.iter().sum::<i128>();
    rests.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, index) in rests {
        if left_over <= 0 {
            break;
        }
        if let Some(floor) = floors.get_mut(index) {
            *floor += 1;
            left_over -= 1;
        }
    }
    floors
}

impl fmt::Display for People {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Debug for People {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} people", self.0)
    }
}

impl Add for People {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for People {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for People {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for People {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

/// A column of people in which a figure may be missing: 16 bytes a row, no gaps, no allocation per row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleColumn(Vec<i128>);

/// Stands for "not known". No figure can reach it: see `Decimal::LIMIT`.
const MISSING: i128 = i128::MIN;

impl PeopleColumn {
    /// A column of `rows` missing figures.
    pub fn missing(rows: usize) -> Self {
        Self(vec![MISSING; rows])
    }

    /// The figure in a row; `None` when it is missing.
    pub fn get(&self, row: usize) -> Option<People> {
        self.0.get(row).filter(|&&units| units != MISSING).map(|&units| People(Decimal::from_units(units)))
    }

    /// Sets or clears the figure in a row. A row outside the column is ignored.
    pub fn set(&mut self, row: usize, people: Option<People>) {
        if let Some(units) = self.0.get_mut(row) {
            *units = people.map_or(MISSING, |people| people.0.to_units());
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every figure in row order.
    pub fn iter(&self) -> impl Iterator<Item = Option<People>> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(text: &str) -> People {
        People(Decimal::parse(text).unwrap())
    }

    #[test]
    fn a_split_adds_up_to_the_rounded_total() {
        assert_eq!(split_by_largest_remainder(&[p("1.5"), p("1.5"), p("1.5")]), [2, 2, 1]);
        assert_eq!(split_by_largest_remainder(&[p("0.3"), p("0.3"), p("0.4")]), [0, 0, 1]);
        assert_eq!(split_by_largest_remainder(&[]), [] as [i128; 0]);
    }

    #[test]
    fn missing_is_not_zero() {
        let mut column = PeopleColumn::missing(2);
        column.set(0, Some(People::ZERO));
        assert_eq!(column.get(0), Some(People::ZERO));
        assert_eq!(column.get(1), None);
    }
}
