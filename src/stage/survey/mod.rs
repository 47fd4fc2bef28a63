//! Households that were asked: who they are, what each counts, and what they answered (method, section 10). A row that
//! counts is a household with a weight above 0; what is wrong with a row is a finding, and what is odd about the whole is
//! said in `quality`. Nothing of a single household leaves this table.

mod design;
pub mod estimates;
pub mod interval;
mod options;
pub mod phases;
mod quality;
mod replicates;

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use super::audit::{Audit, Fate};
use super::cells::CellTable;
use super::locate::Located;
use super::questions::{Questions, read_columns};
use super::read_column::ColumnReader;
use super::read_row::{self, RowReader};
use super::units::{Keyed, KeyedSheets};
use crate::diag::place::{listed, with_more};
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::{AreaTree, CellId, IdVec, IndicatorId};
use crate::framework::Framework;
use crate::framework::files::{BadWeightsName, RoleName, WeightName};
use crate::framework::rules::Indicator;
use crate::framework::score_form::ColumnKind;
use crate::table::sheet::Row;
use crate::table::{Answers, Column, Memo};

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
    /// Clusters in its stratum; NaN where that is not known.
    pub clusters_in_stratum: Vec<f64>,
    /// Question, kind and answers.
    pub columns: Vec<(String, ColumnKind, Column)>,
    /// The columns that each indicator reads, in the order of its form.
    pub reads: IdVec<IndicatorId, Vec<usize>>,
    /// Whether the input has each column.
    pub there: Vec<bool>,
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
        let rows = households(keyed, cells, areas, rules, &mut survey, audit, &mut found);
        members.push((keyed, rows));
    }
    let count = survey.len();
    survey.sizes = vec![f64::NAN; count];
    survey.clusters_in_stratum = vec![f64::NAN; count];
    (survey.strata, survey.clusters) = (Answers::missing(count), Answers::missing(count));
    let Questions { columns, reads, askers } = Questions::of(rules, Indicator::is_of_households, count);
    let is_there =
        |name: &String| members.iter().any(|(keyed, _)| keyed.table.column(name).is_some() || keyed.table.options.contains_key(name));
    survey.there = columns.iter().map(|(name, _, _)| is_there(name)).collect();
    (survey.columns, survey.reads) = (columns, reads);
    // Which cells of which household are blank is nobody's business outside; how many are is told by the survey's quality.
    let mut unnoted = Audit::of_no_cells();
    for (keyed, rows) in &members {
        let table = keyed.table;
        let SurveyTable { sizes, clusters_in_stratum, strata, clusters, columns, .. } = &mut survey;
        let design = DesignColumns { sizes, clusters_in_stratum, strata, clusters };
        let questions = columns.iter_mut().zip(&askers);
        let readers =
            questions.filter_map(|((name, _, into), indicator)| Some(ColumnReader::new(table, name, table.column(name)?, indicator, into)));
        let readers: Vec<ColumnReader<'_, '_>> = readers.collect();
        // Each keeps what it finds to itself, so that threads change nothing.
        let (twice, (of_design, read)) =
            rayon::join(|| say_twice(keyed), || rayon::join(|| read_design(table, rows, design), || read_columns(table, rows, readers)));
        found.append(twice);
        found.append(of_design);
        for column in read {
            column.finish(&mut unnoted, &mut found);
        }
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

/// Finds the rows of a sheet that count as households, with their place in the survey.
fn households(
    keyed: &Keyed<'_, '_>,
    cells: &CellTable,
    areas: &AreaTree,
    rules: &Framework,
    survey: &mut SurveyTable,
    audit: &mut Audit,
    found: &mut Findings,
) -> Vec<(u32, usize)> {
    let table = keyed.table;
    let mut unnoted = Audit::of_no_cells();
    let mut reader = RowReader { table, found, audit: &mut unnoted };
    let mut rows = Vec::with_capacity(keyed.rows.len());
    let mut without_weight = Vec::new();
    let mut weightless = Vec::new();
    let weight_column = table.column("weight");
    let mut weights = Memo::default();
    let mut seen: IdVec<CellId, bool> = cells.ids().map(|_| false).collect();
    let needs_group = table.column("group").is_some() && cells.tell_groups();
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        // Where households are told apart by group, one without a group would stand beside all of them.
        if needs_group && cells.key(cell).group.is_none() {
            let place = reader.place(number, "group");
            reader.found.add(Code::HouseholdWithoutGroup, place, "the household has no population group");
        }
        let before = reader.found.times();
        let known = weight_column.and_then(|column| weights.known(row, column));
        let of_row = known.or_else(|| weight(&mut reader, row, weight_column?, &mut without_weight));
        let Some(weight) = of_row else { continue };
        if let Some(column) = weight_column.filter(|_| known.is_none() && before == reader.found.times()) {
            weights.learn(row, column, weight);
        }
        if weight == 0.0 {
            weightless.push((number, cell));
            continue;
        }
        rows.push((number, survey.len()));
        if !std::mem::replace(&mut seen[cell], true) {
            survey.places.entry(cell).or_insert_with(|| reader.key_place(number));
        }
        survey.cells.push(cell);
        survey.weights.push(weight);
    }
    for (code, why, rows) in [
        (Code::WeightZero, "weight 0", weightless.iter().map(|(row, _)| *row).collect()),
        (Code::WeightSetAside, "no weight above 0", without_weight),
    ] {
        set_aside(table, code, why, &rows, audit, found);
    }
    for (row, _) in &rows {
        audit.note_row(table.id, *row, Fate::Used);
    }
    quality::say(quality::Sheet { table, rows: &rows, weightless: &weightless, cells, areas, rules }, survey, found);
    rows
}

/// Says which households have no id, or that of another one.
fn say_twice<'a>(keyed: &Keyed<'a, '_>) -> Findings {
    let (table, mut found) = (keyed.table, Findings::default());
    let mut unnoted = Audit::of_no_cells();
    let mut reader = RowReader { table, found: &mut found, audit: &mut unnoted };
    let column = table.column("household-id");
    let id_of =
        |reader: &mut RowReader<'a, '_>, number: u32| reader.row(number).and_then(|row| reader.text_at(row, column?, "household-id"));
    // Ids that rise from row to row are different; they are looked up only from where one does not.
    let mut before: Option<Cow<'a, str>> = None;
    let mut first_of: Option<HashMap<Cow<'a, str>, u32, RandomState>> = None;
    for (at, &(number, _)) in keyed.rows.iter().enumerate() {
        let Some(id) = id_of(&mut reader, number) else {
            let place = reader.place(number, "household-id");
            reader.found.add(Code::HouseholdTwice, place, "the household has no id, so that nobody can tell whether it stands twice");
            continue;
        };
        if first_of.is_none() && before.as_ref().is_none_or(|before| *before < id) {
            before = Some(id);
            continue;
        }
        let known = first_of.get_or_insert_with(|| {
            let (mut unsaid, mut unnoted) = (Findings::default(), Audit::of_no_cells());
            let mut reader = RowReader { table, found: &mut unsaid, audit: &mut unnoted };
            let mut known = HashMap::with_capacity_and_hasher(keyed.rows.len(), RandomState::default());
            known.extend(keyed.rows.iter().take(at).filter_map(|&(number, _)| Some((id_of(&mut reader, number)?, number))));
            known
        });
        match known.entry(id) {
            Entry::Occupied(first) => {
                let message = format!("rows {} and {number} have the same id", first.get());
                let place = reader.place(number, "household-id");
                reader.found.add(Code::HouseholdTwice, place, message);
            }
            Entry::Vacant(place) => drop(place.insert(number)),
        }
    }
    found
}

/// The weight of a row; `None` where it has none that can be used, which has been said or is noted among `aside`.
fn weight<'a>(reader: &mut RowReader<'a, '_>, row: Row<'a>, column: u32, aside: &mut Vec<u32>) -> Option<f64> {
    let number = row.number;
    match reader.number_at(row, column, "weight", &[]) {
        Some(weight) if weight >= 0.0 => return Some(weight),
        _ if reader.table.layout.bad_weights == BadWeightsName::SetAside => aside.push(number),
        Some(weight) => {
            let place = reader.place(number, "weight");
            reader.found.add(Code::WeightBad, place, format!("weight {weight} is below 0"));
        }
        // What is no number has been said.
        None if reader.says_something(row, column) => {}
        None => {
            let place = reader.place(number, "weight");
            reader.found.add(Code::WeightBad, place, "the household has no weight; it is never taken as 1");
        }
    }
    None
}

/// Says which households do not count, and enters them in the account.
fn set_aside(table: &Located<'_>, code: Code, why: &'static str, rows: &[u32], audit: &mut Audit, found: &mut Findings) {
    let Some(column) = table.column("weight") else { return };
    let cells: Vec<CellRef> = rows.iter().map(|&row| CellRef { sheet: table.sheet.name.clone(), row, column }).collect();
    if let Some(first) = cells.first() {
        let s = if cells.len() == 1 { "" } else { "s" };
        let message = format!("{} household{s} with {why} set aside: {}", cells.len(), listed(&cells));
        found.add(code, Place::Cell(first.clone()), message);
    }
    for &row in rows {
        read_row::set_aside(table, row, why, audit);
    }
}

/// The clusters of a stratum as the sheet counts them: one whole number for all of it, and no fewer than were drawn.
fn check_counts_of_strata(members: &[(&Keyed<'_, '_>, Vec<(u32, usize)>)], survey: &SurveyTable, found: &mut Findings) {
    if survey.clusters_in_stratum.iter().all(|count| count.is_nan()) {
        return;
    }
    let mut drawn: BTreeMap<Option<&str>, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for at in 0..survey.len() {
        let (clusters, alone) = drawn.entry(survey.strata.get(at)).or_default();
        match survey.clusters.get(at) {
            Some(cluster) => drop(clusters.insert(cluster)),
            None => *alone += 1,
        }
    }
    let mut said: BTreeMap<Option<&str>, f64> = BTreeMap::new();
    for (keyed, rows) in members {
        let Some(column) = keyed.table.column("fpc") else { continue };
        for &(row, at) in rows {
            let Some(&count) = survey.clusters_in_stratum.get(at).filter(|count| !count.is_nan()) else { continue };
            let stratum = survey.strata.get(at);
            let name = stratum.map_or_else(|| "the survey".to_owned(), |stratum| format!("stratum {}", quoted(stratum)));
            let units = drawn.get(&stratum).map_or(0, |(clusters, alone)| clusters.len() + alone);
            #[expect(clippy::cast_precision_loss, reason = "a number of clusters")]
            let too_few = count < units as f64;
            let first = *said.entry(stratum).or_insert(count);
            let what = if count.fract() != 0.0 {
                format!("{count} is no number of clusters")
            } else if too_few {
                format!("{name} has {count} clusters here, and {units} were drawn from it")
            } else if count.to_bits() != first.to_bits() {
                format!("{name} has {count} clusters here and {first} elsewhere")
            } else {
                continue;
            };
            let place = CellRef { sheet: keyed.table.sheet.name.clone(), row, column };
            found.add(Code::NumberOutOfRange, Place::Cell(place), format!("column `fpc`: {what}"));
        }
    }
}

/// Where each household counts by its size, one without a size counts nothing.
fn say_without_size(table: &Located<'_>, rows: &[(u32, usize)], survey: &SurveyTable, found: &mut Findings) {
    let without = rows.iter().filter(|(_, at)| survey.sizes.get(*at).is_none_or(|size| size.is_nan()));
    let column = table.column("household-size").or_else(|| table.column("weight")).unwrap_or(1);
    let cells: Vec<CellRef> = without.map(|&(row, _)| CellRef { sheet: table.sheet.name.clone(), row, column }).collect();
    if let Some(first) = cells.first() {
        let s = if cells.len() == 1 { "" } else { "s" };
        let message =
            format!("{} household{s} without a size, and households count by the people in them: {}", cells.len(), listed(&cells));
        found.add(Code::HouseholdWithoutSize, Place::Cell(first.clone()), message);
    }
}

/// What tells how households were drawn, a row each.
struct DesignColumns<'s> {
    sizes: &'s mut [f64],
    clusters_in_stratum: &'s mut [f64],
    strata: &'s mut Answers,
    clusters: &'s mut Answers,
}

/// Size, stratum and cluster of each household.
fn read_design(table: &Located<'_>, rows: &[(u32, usize)], into: DesignColumns<'_>) -> Findings {
    let DesignColumns { sizes, clusters_in_stratum, strata, clusters } = into;
    let (mut found, mut unnoted) = (Findings::default(), Audit::of_no_cells());
    let mut reader = RowReader { table, found: &mut found, audit: &mut unnoted };
    if let Some(column) = table.column("household-size") {
        let mut known_sizes = Memo::default();
        for &(number, at) in rows {
            let (Some(row), Some(slot)) = (reader.row(number), sizes.get_mut(at)) else { continue };
            if let Some(known) = known_sizes.known(row, column) {
                *slot = known;
                continue;
            }
            let before = reader.found.times();
            let Some(size) = reader.number_at(row, column, "household-size", &[]) else { continue };
            if !(1.0..=MOST_PERSONS).contains(&size) || size.fract() != 0.0 {
                let message = format!("column `household-size`: {size} is no number of persons in a household");
                let place = reader.place(number, "household-size");
                reader.found.add(Code::NumberOutOfRange, place, message);
            }
            *slot = size;
            if before == reader.found.times() {
                known_sizes.learn(row, column, size);
            }
        }
    }
    for &(number, at) in rows.iter().filter(|_| table.column("fpc").is_some()) {
        let count = reader.row(number).and_then(|row| reader.not_negative(row, "fpc"));
        if let (Some(count), Some(slot)) = (count, clusters_in_stratum.get_mut(at)) {
            *slot = count;
        }
    }
    for (name, into) in [("stratum", strata), ("cluster", clusters)] {
        let Some(column) = table.column(name) else { continue };
        let mut codes = Memo::default();
        for &(number, at) in rows {
            let Some(row) = reader.row(number) else { continue };
            let code = match codes.known(row, column) {
                Some(code) => code,
                None => {
                    let before = reader.found.times();
                    let code = reader.text_at(row, column, name).map_or(0, |text| into.code(&text));
                    if before == reader.found.times() {
                        codes.learn(row, column, code);
                    }
                    code
                }
            };
            into.put(at, code);
        }
    }
    found
}

/// More persons do not live in one household.
const MOST_PERSONS: f64 = 100_000.0;
