//! Questions of which several answers may be ticked, spelled as one column for each option: `question/option` or
//! `question.option`, with 1 where it is ticked and 0 where it is not.

use std::collections::BTreeMap;

use super::headers::Header;
use super::wanted::{Wanted, compared};

/// By our name of the question: each option as its header writes it, and its column.
pub(super) type Options = BTreeMap<String, Vec<(String, u32)>>;

/// The option columns of the questions that a table may have.
pub(super) fn options(headers: &[Header], wanted: &Wanted) -> Options {
    let mut options = Options::new();
    for header in headers {
        // The groups of a form may stand before the question.
        for (at, _) in header.text.match_indices(['/', '.']) {
            let (before, option) = (header.text.get(..at).unwrap_or_default(), header.text.get(at + 1..).unwrap_or_default());
            let question = wanted.without_groups(compared(before));
            let known = wanted.columns.iter().find(|column| column.implied && column.headers.contains(&question));
            if let Some(column) = known.filter(|_| !option.trim().is_empty()) {
                options.entry(column.name.clone()).or_default().push((option.trim().to_owned(), header.column));
                break;
            }
        }
    }
    options
}
