//! The phases 1-5 of severity. Need begins at 3. An unknown phase is `None`, never 0 and never 1.

use std::fmt;
use std::num::NonZeroU8;

use super::decimal::Decimal;

/// A phase of severity, 1 to 5; a greater phase is worse.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phase(NonZeroU8);

impl Phase {
    /// The five phases, mildest first.
    pub const ALL: [Self; 5] = [Self::at(1), Self::at(2), Self::at(3), Self::at(4), Self::at(5)];
    /// The mildest.
    pub const MINIMAL: Self = Self::at(1);
    /// Where need begins unless a framework says otherwise.
    pub const SEVERE: Self = Self::at(3);
    /// The worst.
    pub const CATASTROPHIC: Self = Self::at(5);

    const fn at(number: u8) -> Self {
        match NonZeroU8::new(number) {
            Some(number) => Self(number),
            None => Self(NonZeroU8::MIN),
        }
    }

    /// The phase of this number; `None` outside 1 to 5.
    pub fn new(number: u8) -> Option<Self> {
        NonZeroU8::new(number).filter(|number| number.get() <= 5).map(Self)
    }

    /// 1 to 5.
    pub const fn number(self) -> u8 {
        self.0.get()
    }

    /// The number as a decimal, to stand beside people where a decision may change either.
    pub fn to_decimal(self) -> Decimal {
        Decimal::whole(self.number().into())
    }

    /// The phase of a decimal; `None` if it is none of the five.
    pub fn from_decimal(number: Decimal) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.to_decimal() == number)
    }

    /// 0 to 4, for arrays over the phases.
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// The name JIAF gives the phase, in English.
    pub const fn name(self) -> &'static str {
        match self.number() {
            1 => "None/Minimal",
            2 => "Stress",
            3 => "Severe",
            4 => "Extreme",
            _ => "Catastrophic",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

impl fmt::Debug for Phase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "phase {}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_five_phases() {
        assert_eq!(Phase::new(0), None);
        assert_eq!(Phase::new(6), None);
        assert_eq!((1..=5).filter_map(Phase::new).collect::<Vec<_>>(), Phase::ALL);
        assert_eq!(size_of::<Option<Phase>>(), 1);
    }
}
