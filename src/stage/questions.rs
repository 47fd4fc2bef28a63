//! What the indicators of a framework ask of a table: one column for each question, shared by those that ask the same.

use rayon::prelude::*;

use super::read_column::ColumnReader;
use crate::domain::{IdVec, IndicatorId};
use crate::framework::Framework;
use crate::framework::rules::Indicator;
use crate::framework::score_form::ColumnKind;
use crate::table::{Answers, Column};

/// The questions, without values yet.
pub(super) struct Questions<'b> {
    /// Name, kind and values of each.
    pub(super) columns: Vec<(String, ColumnKind, Column)>,
    /// The columns that each indicator reads, in the order of its form.
    pub(super) reads: IdVec<IndicatorId, Vec<usize>>,
    /// The indicator that asks each question first.
    pub(super) askers: Vec<&'b Indicator>,
}

impl<'b> Questions<'b> {
    /// What the indicators that are `asked` here read, with room for so many rows.
    pub(super) fn of(rules: &'b Framework, asked: impl Fn(&Indicator) -> bool, rows: usize) -> Self {
        let mut questions = Self { columns: Vec::new(), reads: IdVec::default(), askers: Vec::new() };
        for indicator in rules.indicators.iter() {
            let mut reads = Vec::new();
            for (name, kind) in indicator.form.reads(&indicator.id).into_iter().filter(|_| asked(indicator)) {
                let known = questions.columns.iter().position(|(known, known_kind, _)| *known == name && *known_kind == kind);
                reads.push(known.unwrap_or_else(|| {
                    questions.columns.push((name, kind, Column::Numbers(Vec::new())));
                    questions.askers.push(indicator);
                    questions.columns.len() - 1
                }));
            }
            questions.reads.push(reads);
        }
        questions.columns.par_iter_mut().for_each(|(_, kind, column)| *column = empty_column(*kind, rows));
        questions
    }
}

fn empty_column(kind: ColumnKind, rows: usize) -> Column {
    match kind {
        ColumnKind::Number => Column::Numbers(vec![f64::NAN; rows]),
        ColumnKind::Answer => Column::Answers(Answers::missing(rows)),
    }
}

/// Reads every cell of these rows, given by their number in the sheet and in the columns. Each thread walks the rows once for
/// its share of the columns; a column keeps what it finds to itself, so that threads change nothing.
pub(super) fn read_columns<'a, 'b>(rows: &[(u32, u32)], mut columns: Vec<ColumnReader<'a, 'b>>) -> Vec<ColumnReader<'a, 'b>> {
    let share = columns.len().div_ceil(8 * rayon::current_num_threads()).max(1);
    columns.par_chunks_mut(share).with_max_len(1).for_each(|columns| {
        for &(number, at) in rows {
            for column in &mut *columns {
                column.read(number, at as usize);
            }
        }
    });
    columns
}
