//! Population groups, and the leaves (sex x age) into which a group may be split.

use std::fmt;

/// A population group of the context: displaced people, returnees, residents …
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PopulationGroup {
    /// Its code, as the outputs show it.
    pub code: String,
}

/// Sex and age of a part of a group. Parts are only ever added up within one declared partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leaf {
    /// `female`, `male`, or as the workbook writes it; empty when the split is by age only.
    pub sex: String,
    /// An age band such as `0-17`; empty when the split is by sex only.
    pub age: String,
}

impl fmt::Display for Leaf {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.age.is_empty(), self.sex.is_empty()) {
            (false, false) => write!(out, "{} - {}", self.age, self.sex),
            (false, true) => out.write_str(&self.age),
            _ => out.write_str(&self.sex),
        }
    }
}
