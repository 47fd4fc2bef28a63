//! Households that were asked: who they are, what each counts, and what they answered (method, section 10). A row that
//! counts is a household with a weight above 0; what is wrong with a row is a finding, and what is odd about the whole is
//! said in `quality`. Nothing of a single household leaves this table.

mod design;
mod drawn;
pub mod estimates;
pub mod interval;
mod options;
pub mod phases;
mod quality;
mod replicate_weights;
mod replicates;
mod rows;
pub mod sums;

use std::collections::BTreeMap;

use super::audit::Audit;
use super::cells::CellTable;
use super::questions::{Questions, read_columns};
use super::read_column::ColumnReader;
use super::units::KeyedSheets;
use crate::diag::place::with_more;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::{AreaTree, CellId, IdVec, IndicatorId};
use crate::framework::Framework;
use crate::framework::files::{RoleName, WeightName};
use crate::framework::rules::Indicator;
use crate::framework::score_form::{ColumnKind, ScoreForm, options_of};
use crate::table::{Answers, Column};
use drawn::{DesignColumns, check_counts_of_strata, read_design, say_blank_design, say_without_size};
use replicate_weights::read_replicate_weights;
use rows::{Members, households, say_twice};

/// The households that count, a row each.
#[derive(Clone, Debug, Default)]
pub struct SurveyTable {
    /// The area and group of each.
    pub cells: Vec<CellId>,
    /// Where the first household of each area and group stands.
    pub places: BTreeMap<CellId, Place>,
    /// What each counts; above 0.
    pub weights: Vec<f64>,
    /// People in each; NaN where that is not known.
    pub sizes: Vec<f64>,
    /// Its stratum.
    pub strata: Answers,
    /// Its cluster, the primary sampling unit.
    pub clusters: Answers,
    /// What each counts in each replicate, where the households bring replicate weights along and the framework asks for them.
    pub replicate_weights: Vec<Vec<f64>>,
    /// Clusters in its stratum, NaN where that is not known; none at all where nothing is said of any.
    pub clusters_in_stratum: Vec<f64>,
    /// Question, kind and answers.
    pub columns: Vec<(String, ColumnKind, Column)>,
    /// The columns that each indicator reads, in the order of its form.
    pub reads: IdVec<IndicatorId, Vec<usize>>,
    /// Whether the input has each column.
    pub there: Vec<bool>,
    /// How many cells of each column hold anything, also where that means that nothing is known.
    pub written: Vec<usize>,
}

impl SurveyTable {
    /// How many households count.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// How many households each area and group has.
    pub fn households_by_cell(&self, cells: &CellTable) -> IdVec<CellId, usize> {
        let mut counts: IdVec<CellId, usize> = cells.ids().map(|_| 0).collect();
        self.cells.iter().for_each(|&cell| counts[cell] += 1);
        counts
    }

    /// Whether the input has an indicator's questions at all.
    pub fn is_asked(&self, indicator: IndicatorId) -> bool {
        let reads = self.reads.as_slice().get(indicator.index()).map_or(&[][..], Vec::as_slice);
        reads.iter().any(|at| self.there.get(*at).copied().unwrap_or(false))
    }

    /// How many answers to an indicator's questions say that nothing is known: cells that hold something and give no value, and
    /// answers that hold one of its words for "don't know", where these are kept because they have a meaning of their own.
    pub fn dont_know(&self, id: IndicatorId, indicator: &Indicator) -> usize {
        let tokens: &[String] = match &indicator.form {
            ScoreForm::Additive { dont_know_tokens, .. } => dont_know_tokens,
            _ if indicator.dont_know.is_some() => &indicator.missing,
            _ => &[],
        };
        let reads = self.reads.as_slice().get(id.index()).map_or(&[][..], Vec::as_slice);
        let of_column = |at: &usize| {
            let (_, _, column) = self.columns.get(*at)?;
            let known = (0..self.len()).filter(|row| column.is_known(*row)).count();
            let says_so = |word: &str| options_of(word).any(|option| tokens.contains(&option));
            let said = match column {
                Column::Answers(answers) if !tokens.is_empty() => answers.spread(0, |word| usize::from(says_so(word))).into_iter().sum(),
                _ => 0,
            };
            Some(self.written.get(*at)?.saturating_sub(known) + said)
        };
        reads.iter().filter_map(of_column).sum()
    }

    /// The columns that an indicator reads.
    pub fn columns_of(&self, indicator: IndicatorId) -> Vec<&Column> {
        let reads = self.reads.as_slice().get(indicator.index()).map_or(&[][..], Vec::as_slice);
        reads.iter().filter_map(|&at| self.columns.get(at)).map(|(_, _, column)| column).collect()
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

/// Reads every sheet of households.
pub fn read_survey(
    sheets: &KeyedSheets<'_, '_>,
    cells: &CellTable,
    areas: &AreaTree,
    rules: &Framework,
    audit: &mut Audit,
) -> Checked<SurveyTable> {
    let mut found = Findings::default();
    let mut survey = SurveyTable::default();
    let mut members = Vec::new();
    for keyed in sheets.of(RoleName::Households) {
        let of_sheet = households(keyed, cells, &mut survey, audit, &mut found);
        members.push((keyed, of_sheet));
    }
    let count = survey.len();
    survey.sizes = vec![f64::NAN; count];
    if sheets.of(RoleName::Households).any(|keyed| keyed.table.column("fpc").is_some()) {
        survey.clusters_in_stratum = vec![f64::NAN; count];
    }
    (survey.strata, survey.clusters) = (Answers::missing(count), Answers::missing(count));
    let Questions { columns, reads, askers } = Questions::of(rules, Indicator::is_of_households, count);
    let is_there =
        |name: &String| members.iter().any(|(keyed, _)| keyed.table.column(name).is_some() || keyed.table.options.contains_key(name));
    survey.there = columns.iter().map(|(name, _, _)| is_there(name)).collect();
    survey.written = vec![0; columns.len()];
    (survey.columns, survey.reads) = (columns, reads);
    // Which cells of which household are blank is nobody's business outside; how many are is told by the survey's quality.
    let mut unnoted = Audit::of_no_cells();
    for (keyed, Members { rows, weightless }) in &members {
        let table = keyed.table;
        let SurveyTable { cells: cells_of, weights, sizes, clusters_in_stratum, strata, clusters, columns, written, .. } = &mut survey;
        let whole = quality::Sheet { table, rows, weightless, cells, areas, rules, cells_of, weights };
        let design = DesignColumns { sizes, clusters_in_stratum, strata, clusters };
        let questions = columns.iter_mut().zip(&askers).zip(written);
        let readers = questions.filter_map(|(((name, _, into), indicator), written)| {
            Some((ColumnReader::new(table, name, table.column(name)?, indicator, into), written))
        });
        let (readers, written): (Vec<ColumnReader<'_, '_>>, Vec<&mut usize>) = readers.unzip();
        // Each keeps what it finds to itself, so that threads change nothing.
        let ((twice, odd), (of_design, read)) = rayon::join(
            || rayon::join(|| say_twice(keyed), || quality::say(whole)),
            || rayon::join(|| read_design(table, rows, design), || read_columns(rows, readers)),
        );
        found.append(twice);
        found.append(odd);
        found.append(of_design);
        for (column, written) in read.into_iter().zip(written) {
            *written += column.written();
            column.finish(&mut unnoted, &mut found);
        }
        say_blank_design(table, rows, &survey, &mut found);
        if rules.survey.weights == WeightName::People {
            say_without_size(table, rows, &survey, &mut found);
        }
        options::read(keyed, rows, &mut survey.columns, &askers, &mut found);
    }
    let place = members.first().map_or(Place::Input, |(keyed, _)| Place::Sheet(keyed.table.sheet.name.clone()));
    let of_households = || rules.indicators.entries().filter(|(_, indicator)| indicator.is_of_households() && indicator.expected);
    let lacking: Vec<&str> = of_households().filter(|(id, _)| !survey.is_asked(*id)).map(|(_, indicator)| indicator.id.as_str()).collect();
    if count > 0 && !lacking.is_empty() && lacking.len() < of_households().count() {
        let shown: Vec<&str> = lacking.iter().take(10).copied().collect();
        let names = with_more(&format!("`{}`", shown.join("`, `")), lacking.len() - shown.len());
        found.add(Code::IndicatorLacking, place.clone(), format!("expected indicators without a column: {names}"));
    }
    survey.replicate_weights = read_replicate_weights(&members, count, rules.survey.resampling, &mut found);
    check_counts_of_strata(&members, &survey, &mut found);
    if count > 0 && !rules.indicators.ids().any(|id| survey.is_asked(id)) {
        found.add(
            Code::HouseholdsNotScored,
            place,
            format!("{count} households are read and checked, and no indicator of the framework asks them anything"),
        );
    }
    found.with(survey)
}
