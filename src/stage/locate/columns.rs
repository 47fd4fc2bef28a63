//! Which column of a sheet is which column of a table: by name, by what the headers of parts by sex and age look like, as one
//! that tells the table's rows from others', or as a number of which the layout knows the place alone.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::Frame;
use super::headers::{Header, Selector, meant, missing_column};
use super::leaf_columns::{self, LeafColumns};
use super::options::{Options, options};
use super::personal::personal_columns;
use super::wanted::Wanted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::Leaf;
use crate::framework::files::{LeafColumnsName, OtherColumnsName, RoleName};
use crate::framework::layout::TableLayout;
use crate::table::{Sheet, folded};

/// The columns of a table, all by their number from 1.
#[derive(Default)]
pub(super) struct Columns<'a> {
    /// By our name, with the header as it is written.
    pub(super) named: BTreeMap<String, (u32, String)>,
    /// Our names that two headers mean, which has been said.
    pub(super) ambiguous: BTreeSet<String>,
    /// People by leaf.
    pub(super) leaves: Vec<(Leaf, u32)>,
    /// People of one sex as a whole, beside those by age.
    pub(super) sexes: Vec<(Leaf, u32)>,
    /// Those that are there, in the order of the layout.
    pub(super) selectors: Vec<Selector<'a>>,
    /// The column that says of which country a row is.
    pub(super) country: Option<u32>,
    /// Of questions with a column for each option.
    pub(super) options: Options,
    /// Replicate weights, by the numbers in their headers.
    pub(super) replicate_weights: Vec<(u32, u32)>,
    /// Numbers that the layout does not name.
    pub(super) measures: Vec<(u32, String)>,
    /// What tells persons apart.
    pub(super) personal: BTreeSet<u32>,
    /// All columns that mean something here.
    pub(super) taken: BTreeSet<u32>,
}

/// Finds them. What is doubtful is said.
pub(super) fn find_columns<'a>(
    layout: &'a TableLayout,
    sheet: &Sheet,
    frame: Frame,
    headers: &[Header],
    wanted: &Wanted,
    found: &mut Findings,
) -> Columns<'a> {
    let mut columns = Columns::default();
    for column in &wanted.columns {
        let hits = meant(headers, column);
        columns.taken.extend(hits.iter().map(|header| header.column));
        match hits.as_slice() {
            [] => {}
            [header] => {
                // The layout knows several years; which of those in the sheet is meant nobody says.
                let year = without_year(header.compared()).filter(|_| column.headers.len() > 1);
                let is_other = |other: &&Header| other.column != header.column && without_year(other.compared()) == year;
                if let Some(other) = year.as_ref().and_then(|_| headers.iter().find(is_other)) {
                    let cell = CellRef { sheet: sheet.name.clone(), row: frame.header_row, column: other.column };
                    let message =
                        format!("`{}` and `{}` may each be the column `{}`: of which year is it?", header.text, other.text, column.name);
                    found.add(Code::AmbiguousColumn, Place::Cell(cell), message);
                }
                columns.named.insert(column.name.clone(), (header.column, header.text.clone()));
            }
            [first, second, ..] => {
                columns.ambiguous.insert(column.name.clone());
                let cell = |column: u32| CellRef { sheet: sheet.name.clone(), row: frame.header_row, column };
                let (a, b) = (cell(first.column).address(), cell(second.column).address());
                let message = if first.text == second.text {
                    format!("{a} and {b} both have the header `{}`", first.text)
                } else {
                    format!("{a} (`{}`) and {b} (`{}`) both mean `{}`", first.text, second.text, column.name)
                };
                found.add(Code::AmbiguousColumn, Place::Cell(cell(second.column)), message);
            }
        }
    }
    for header in headers.iter().filter(|header| !header.is_no_name) {
        let number = wanted.replicate_weight(header.compared()).filter(|_| !columns.taken.contains(&header.column));
        columns.replicate_weights.extend(number.map(|number| (number, header.column)));
    }
    columns.replicate_weights.sort_unstable();
    columns.taken.extend(columns.replicate_weights.iter().map(|(_, column)| *column));
    for (wanted, leaf) in &layout.leaves {
        match headers.iter().find(|header| header.is(&[folded(wanted)])) {
            Some(header) => columns.leaves.push((leaf.clone(), header.column)),
            None => missing_column(frame.header_row, sheet, wanted, headers, found),
        }
    }
    if layout.leaf_columns == Some(LeafColumnsName::SexAndAge) {
        let LeafColumns { leaves, sexes, both } = leaf_columns::by_sex_and_age(headers);
        columns.leaves.extend(leaves.into_iter().filter(|(_, column)| !columns.taken.contains(column)));
        columns.taken.extend(sexes.iter().map(|(_, column)| *column).chain(both));
        columns.sexes = sexes;
    }
    let column = |accepted: &Vec<String>| headers.iter().find(|header| header.is(accepted)).map(|header| header.column);
    columns.selectors = layout.rows_where.iter().filter_map(|rows| Some((column(&rows.headers)?, rows))).collect();
    columns.country = column(&layout.country_column.0);
    columns.taken.extend(columns.country);
    if layout.role == RoleName::Households {
        columns.options = options(headers, wanted);
        columns.taken.extend(columns.options.values().flatten().map(|(_, column)| *column));
    }
    columns.taken.extend(columns.leaves.iter().map(|(_, column)| *column));
    columns.taken.extend(columns.selectors.iter().map(|(column, _)| *column));
    columns.personal = personal_columns(headers, &columns.named, layout.role);
    if layout.other_columns == OtherColumnsName::Numbers {
        let is_known = |column: u32| columns.taken.contains(&column) || columns.personal.contains(&column);
        let others = headers.iter().filter(|header| !is_known(header.column) && !layout.ignored.contains(&folded(&header.text)));
        columns.measures = others.map(|header| (header.column, header.text.clone())).collect();
        columns.taken.extend(columns.measures.iter().map(|(column, _)| *column));
    }
    columns
}

/// A header without its year; `None` where it has none.
fn without_year(header: &str) -> Option<String> {
    let is_year = |word: &str| {
        word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|digit| digit.is_ascii_digit())
    };
    let mut words = header.split(' ').collect::<Vec<_>>();
    let at = words.iter().position(|word| is_year(word))?;
    words.remove(at);
    Some(words.join(" "))
}
