//! Coefficients from phases to people: the most specific row wins (method, section 6.2).

use crate::domain::{Phase, Series, Share};
use crate::table::Word;

/// One row. A key that is `None` means any.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Coefficient {
    /// What it is for.
    pub series: Option<Series>,
    /// In which phase.
    pub phase: Option<Phase>,
    /// Population group.
    pub group: Option<Word>,
    /// Sex.
    pub sex: Option<Word>,
    /// Age band.
    pub age: Option<Word>,
    /// Set of areas.
    pub tier: Option<Word>,
    /// Share of the people in need.
    pub in_need: Share,
    /// Share of the people affected.
    pub affected: Option<Share>,
}

/// Whom a coefficient is asked for.
#[derive(Copy, Clone, Debug)]
pub struct Asked<'a> {
    /// What it is for.
    pub series: Series,
    /// The phase there.
    pub phase: Phase,
    /// Population group; empty if none.
    pub group: &'a str,
    /// Sex; empty if not split.
    pub sex: &'a str,
    /// Age band; empty if not split.
    pub age: &'a str,
    /// The sets the area belongs to.
    pub tiers: &'a [&'a str],
}

impl Coefficient {
    /// How many keys the row names.
    pub fn keys_named(&self) -> usize {
        [self.series.is_some(), self.phase.is_some(), self.group.is_some(), self.sex.is_some(), self.age.is_some(), self.tier.is_some()]
            .into_iter()
            .filter(|&named| named)
            .count()
    }

    fn fits(&self, asked: &Asked<'_>) -> bool {
        let text = |row: &Option<Word>, asked: &str| row.as_ref().is_none_or(|row| row.means(asked));
        self.series.is_none_or(|series| series == asked.series)
            && self.phase.is_none_or(|phase| phase == asked.phase)
            && text(&self.group, asked.group)
            && text(&self.sex, asked.sex)
            && text(&self.age, asked.age)
            && self.tier.as_ref().is_none_or(|tier| asked.tiers.iter().any(|of| tier.means(of)))
    }

    /// Whether some question fits both rows.
    pub fn may_meet(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
            match (a, b) {
                (Some(a), Some(b)) => a == b,
                _ => true,
            }
        }
        // Two tiers may share an area, so different tiers may meet.
        agree(&self.series, &other.series)
            && agree(&self.phase, &other.phase)
            && agree(&self.group, &other.group)
            && agree(&self.sex, &other.sex)
            && agree(&self.age, &other.age)
    }
}

/// All rows of a framework; no two of them fit a question equally well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoefficientTable {
    rows: Vec<Coefficient>,
}

impl CoefficientTable {
    /// A table of these rows, most specific first.
    pub fn new(mut rows: Vec<Coefficient>) -> Self {
        rows.sort_by_key(|row| std::cmp::Reverse(row.keys_named()));
        Self { rows }
    }

    /// The row that decides. Below `from_phase` only a row that names the phase speaks.
    pub fn find(&self, asked: &Asked<'_>, from_phase: Phase) -> Option<&Coefficient> {
        self.rows.iter().find(|row| row.fits(asked) && (asked.phase >= from_phase || row.phase.is_some()))
    }

    /// Whether any row can speak for this series.
    pub fn speaks_for(&self, series: Series) -> bool {
        self.rows.iter().any(|row| row.series.is_none_or(|of| of == series))
    }

    /// The rows, most specific first.
    pub fn rows(&self) -> &[Coefficient] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Aor;

    #[test]
    fn the_most_specific_row_wins() {
        let cp = Series::Aor(Aor::ChildProtection);
        let any = Coefficient { phase: Some(Phase::SEVERE), in_need: Share::percent(20), ..Coefficient::default() };
        let girls = Coefficient { series: Some(cp), sex: Some(Word::new("Female")), in_need: Share::percent(50), ..any.clone() };
        let table = CoefficientTable::new(vec![any, girls]);
        let ask = |phase: Phase, sex| {
            let asked = Asked { series: cp, phase, group: "IDPs", sex, age: "", tiers: &[] };
            table.find(&asked, Phase::SEVERE).map(|row| row.in_need)
        };
        assert_eq!(ask(Phase::SEVERE, "female"), Some(Share::percent(50)));
        assert_eq!(ask(Phase::SEVERE, "male"), Some(Share::percent(20)));
        assert_eq!(ask(Phase::CATASTROPHIC, "male"), None);
        assert_eq!(ask(Phase::MINIMAL, "female"), None);
    }
}
