//! A finding is something said about the analyst's files. Findings are collected, never only the first.

use super::code::{Code, Level};
use std::borrow::Cow;

use super::place::Place;
use super::shown::safe;

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
}

impl Finding {
    /// A finding at its code's own level.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        let message = if let Cow::Owned(safe) = safe(&message) { safe } else { message };
        Self { code, level: code.level(), place, message }
    }
}

/// All that was found, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, code: Code, place: Place, message: impl Into<String>) {
        self.list.push(Finding::new(code, place, message));
    }

    /// Takes the value of a checked result and keeps what was found on the way.
    pub fn keep<T>(&mut self, checked: Checked<T>) -> T {
        self.list.extend(checked.findings.list);
        checked.value
    }

    /// Adds all of another list.
    pub fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// Whether figures may be written.
    pub fn any_error(&self) -> bool {
        self.list.iter().any(|finding| finding.level == Level::Error)
    }

    /// How many stand on this level.
    pub fn count(&self, level: Level) -> usize {
        self.list.iter().filter(|finding| finding.level == level).count()
    }

    /// The findings in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
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
    /// tables of one sheet say alike is said once.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            b.level.cmp(&a.level).then_with(|| a.place.cmp(&b.place)).then(a.code.cmp(&b.code)).then_with(|| a.message.cmp(&b.message))
        });
        self.list.dedup();
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
