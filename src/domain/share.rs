//! Shares of a whole, and the five shares of a population by phase. Compared exactly, never in binary.

use std::fmt;

use super::decimal::Decimal;
use super::phase::Phase;

/// A share of a whole; 20 % is `0.2`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Share(pub Decimal);

impl Share {
    /// Nothing of the whole.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// All of the whole.
    pub const ALL: Self = Self(Decimal::ONE);

    /// So many per cent.
    pub fn percent(per_cent: i64) -> Self {
        Self(Decimal::whole(per_cent).times(Decimal::from_units(10_000_000_000)))
    }

    /// Reads a share as a framework file writes it: digits and a per cent sign, as in `20%` or `2.5 %`.
    pub fn parse(text: &str) -> Option<Self> {
        let number = Decimal::parse(text.trim().strip_suffix('%')?.trim_end())?;
        Some(Self(number.times(Decimal::from_units(10_000_000_000))))
    }

    /// The per cent figure, without its sign.
    pub fn in_percent(self) -> Decimal {
        self.0.times(Decimal::whole(100))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} %", self.in_percent())
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// How the people of one area and group are spread over the phases 1-5.
/// The parts are shares or people; `total` is what they add up to.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct PhaseShares {
    parts: [Decimal; 5],
}

/// How far five shares may add up beside 1 and still be taken as a whole (method, section 4.6).
pub const TOLERANCE: Decimal = Decimal::from_units(5_000_000_000);

impl PhaseShares {
    /// The parts in the order of the phases.
    pub const fn new(parts: [Decimal; 5]) -> Self {
        Self { parts }
    }

    /// What the parts add up to.
    pub fn total(&self) -> Decimal {
        self.parts.iter().copied().sum()
    }

    /// Whether the parts add up to 1 within 0.005 and none is negative.
    pub fn is_whole(&self) -> bool {
        let off = self.total() - Decimal::ONE;
        off <= TOLERANCE && -off <= TOLERANCE && self.parts.iter().all(|part| *part >= Decimal::ZERO)
    }

    /// Each part rounded to nine places, as what is compared is (method, section 14.2).
    pub fn to_nine_places(&self) -> Self {
        Self { parts: self.parts.map(Decimal::to_nine_places) }
    }

    /// The share, or the people, in this phase.
    pub fn in_phase(&self, phase: Phase) -> Decimal {
        self.parts.get(phase.index()).copied().unwrap_or(Decimal::ZERO)
    }

    /// The part that stands in `phase` or worse, not yet divided by the total.
    pub fn in_or_worse(&self, phase: Phase) -> Decimal {
        self.parts.iter().skip(phase.index()).copied().sum()
    }

    /// Adds people of one phase.
    pub fn add(&mut self, phase: Phase, people: Decimal) {
        if let Some(part) = self.parts.get_mut(phase.index()) {
            *part += people;
        }
    }

    /// The parts in the order of the phases.
    pub const fn parts(&self) -> &[Decimal; 5] {
        &self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_needs_its_sign() {
        assert_eq!(Share::parse("20%"), Some(Share::percent(20)));
        assert_eq!(Share::parse("2.5 %").map(|share| share.0.to_string()), Some("0.025".into()));
        for refused in ["20", "0.2", "%", "20 percent"] {
            assert_eq!(Share::parse(refused), None, "{refused}");
        }
        assert_eq!(Share::percent(20).to_string(), "20 %");
    }
}
