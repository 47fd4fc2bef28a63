//! A finding is something said about the analyst's files. Findings are collected, never only the first.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::code::{Code, Level};
use super::place::Place;
use super::shown::safe;

/// How many findings of one code are kept with their words and place; the rest are counted. A column of a million wrong
/// cells would else fill the memory.
const LISTED: usize = 10_000;

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// How grave, after the context has had its say.
    pub level: Level,
    /// Where.
    pub place: Place,
    /// What, in words; the user's own text stands in backticks.
    pub message: String,
    /// How many it stands for: itself, or those of its code that are counted only.
    pub times: usize,
}

impl Finding {
    /// A finding at its code's own level.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        let message = if let Cow::Owned(safe) = safe(&message) { safe } else { message };
        Self { code, level: code.level(), place, message, times: 1 }
    }
}

/// All that was found, in the order in which it was found; of one code the first 10,000, and how many there are more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Finding>,
    /// How many of each code were found.
    found: BTreeMap<Code, usize>,
}

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, code: Code, place: Place, message: impl Into<String>) {
        let found = self.found.entry(code).or_default();
        *found += 1;
        if *found <= LISTED {
            self.list.push(Finding::new(code, place, message));
        }
    }

    /// Takes the value of a checked result and keeps what was found on the way.
    pub fn keep<T>(&mut self, checked: Checked<T>) -> T {
        self.append(checked.findings);
        checked.value
    }

    /// Adds all of another list.
    pub fn append(&mut self, other: Self) {
        let mut room = self.found.clone();
        for finding in other.list {
            let found = room.entry(finding.code).or_default();
            *found += finding.times;
            if *found <= LISTED || finding.times > 1 {
                self.list.push(finding);
            }
        }
        for (code, found) in other.found {
            *self.found.entry(code).or_default() += found;
        }
    }

    /// Whether figures may be written.
    pub fn any_error(&self) -> bool {
        self.list.iter().any(|finding| finding.level == Level::Error)
    }

    /// How many stand on this level.
    pub fn count(&self, level: Level) -> usize {
        self.list.iter().filter(|finding| finding.level == level).map(|finding| finding.times).sum()
    }

    /// The findings in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
    }

    /// How often something was found, listed or not.
    pub fn times(&self) -> usize {
        self.found.values().sum()
    }

    /// Number of findings.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Raises these codes to errors, as a context may ask (method, section 14.11).
    pub fn raise(&mut self, codes: &[Code]) {
        for finding in self.list.iter_mut().filter(|finding| codes.contains(&finding.code)) {
            finding.level = Level::Error;
        }
    }

    /// Puts the gravest first and otherwise sorts by place, so that the order of rows and of threads does not show. What two
    /// tables of one sheet say alike is said once. Those that are counted only stand in one finding for each code.
    pub fn sort(&mut self) {
        let mut listed: BTreeMap<Code, (usize, Level)> = BTreeMap::new();
        for finding in &self.list {
            listed.entry(finding.code).or_insert((0, finding.level)).0 += finding.times;
        }
        for (code, found) in &self.found {
            let (count, level) = listed.get(code).copied().unwrap_or((0, code.level()));
            if let Some(times) = found.checked_sub(count).filter(|more| *more > 0) {
                let message = format!("{times} more of this kind are counted and not listed: {found} in all");
                self.list.push(Finding { level, times, ..Finding::new(*code, Place::Input, message) });
            }
        }
        self.list.sort_by(|a, b| {
            b.level.cmp(&a.level).then_with(|| a.place.cmp(&b.place)).then(a.code.cmp(&b.code)).then_with(|| a.message.cmp(&b.message))
        });
        self.list.dedup();
        self.found.clear();
        for finding in &self.list {
            *self.found.entry(finding.code).or_default() += finding.times;
        }
    }

    /// Pairs a value with these findings.
    pub const fn with<T>(self, value: T) -> Checked<T> {
        Checked { value, findings: self }
    }
}

/// A value and what was found while making it.
#[derive(Clone, Debug)]
pub struct Checked<T> {
    /// The value; use it for figures only if no finding is an error.
    pub value: T,
    /// What was found.
    pub findings: Findings,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_of_one_code_are_counted_and_not_kept() {
        let mut findings = Findings::default();
        let mut other = Findings::default();
        for row in 0..6_000_u32 {
            findings.add(Code::UnusedColumn, Place::Row("a".into(), row), "x");
            other.add(Code::UnusedColumn, Place::Row("b".into(), row), "x");
        }
        other.add(Code::MissingSheet, Place::Input, "y");
        findings.append(other);
        for row in 0..988_000_u32 {
            findings.add(Code::UnusedColumn, Place::Row("c".into(), row), "x");
        }
        findings.sort();
        assert_eq!((findings.count(Level::Note), findings.count(Level::Error)), (1_000_000, 1));
        assert_eq!(findings.len(), 10_002);
        let more = findings.iter().find(|finding| finding.times > 1).map(|finding| finding.message.as_str());
        assert_eq!(more, Some("990000 more of this kind are counted and not listed: 1000000 in all"));
        let sorted = findings.clone();
        findings.sort();
        assert_eq!(findings, sorted);
    }
}
