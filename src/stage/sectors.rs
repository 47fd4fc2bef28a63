//! What the other sectors found, and the outcome indicators beside them: input of the intersectoral step
//! (method, section 8).

use std::collections::BTreeMap;

use super::audit::Audit;
use super::cells::CellTable;
use super::five_shares::five_shares;
use super::population::PopulationTable;
use super::previous::PreviousTable;
use super::read_row::RowReader;
use super::scale::{ScaleSeen, to_nine_places};
use super::units::{Keyed, KeyedSheets};
use crate::diag::shown::quoted;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{CellId, Decimal, People, Phase, PhaseShares, SectorId};
use crate::framework::Context;
use crate::framework::files::{PercentScaleName, RoleName};
use crate::framework::intersectoral::IntersectoralRules;
use crate::table::Grid;
use crate::table::sheet::Row;

/// Outcome indicators of a unit as observed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcomes {
    /// Crude death rate per 10,000 people and day.
    pub crude_death_rate: Option<f64>,
    /// Under-five death rate per 10,000 children and day.
    pub under5_death_rate: Option<f64>,
    /// Civilian casualties.
    pub civilian_casualties: Option<f64>,
    /// Wasting by weight for height, in per cent.
    pub whz: Option<f64>,
    /// Wasting by arm circumference, in per cent.
    pub muac: Option<f64>,
    /// Severity of epidemics; may be a fraction.
    pub epidemics: Option<f64>,
    /// Severity of violations of human rights and humanitarian law.
    pub hr_ihl_violations: Option<f64>,
    /// Shares of households by phase of livelihood coping.
    pub coping: Option<PhaseShares>,
    /// A phase of mortality given as such.
    pub mortality: Option<f64>,
    /// A phase of malnutrition given as such.
    pub malnutrition: Option<f64>,
    /// A phase of livelihood coping given as such.
    pub livelihood_coping: Option<f64>,
}

impl Outcomes {
    /// Takes what another sheet says beside this one; whether both say something of the same.
    fn take_over(&mut self, other: Self) -> bool {
        let numbers = [
            (&mut self.crude_death_rate, other.crude_death_rate),
            (&mut self.under5_death_rate, other.under5_death_rate),
            (&mut self.civilian_casualties, other.civilian_casualties),
            (&mut self.whz, other.whz),
            (&mut self.muac, other.muac),
            (&mut self.epidemics, other.epidemics),
            (&mut self.hr_ihl_violations, other.hr_ihl_violations),
            (&mut self.mortality, other.mortality),
            (&mut self.malnutrition, other.malnutrition),
            (&mut self.livelihood_coping, other.livelihood_coping),
        ];
        let mut twice = self.coping.is_some() && other.coping.is_some();
        for (own, new) in numbers {
            twice |= own.is_some() && new.is_some();
            *own = own.or(new);
        }
        self.coping = self.coping.take().or(other.coping);
        twice
    }
}

/// What a person changed in a finished sheet.
#[derive(Clone, Debug, Default)]
pub struct FinalFigures {
    /// Final severity and its place.
    pub severity: Option<(Phase, Place)>,
    /// Why.
    pub severity_reason: String,
    /// Final people in need and its place.
    pub in_need: Option<(People, Place)>,
    /// Why.
    pub in_need_reason: String,
    /// Flagged by hand.
    pub manual_flag: bool,
}

/// Figures of all core sectors.
#[derive(Clone, Debug)]
pub struct SectorTable {
    /// Phases, cells x sectors; 0 stands for unknown.
    pub phases: Grid<u8>,
    /// People in need by cell, per sector.
    pub in_need: Vec<PeopleColumn>,
    /// The population that this sheet writes.
    pub population: BTreeMap<CellId, (People, Place)>,
    /// Outcome indicators.
    pub outcomes: BTreeMap<CellId, Outcomes>,
    /// Final figures and flags.
    pub finals: BTreeMap<CellId, FinalFigures>,
    /// Every cell that stands in a sheet of sectors, and where.
    pub listed: BTreeMap<CellId, Place>,
}

impl SectorTable {
    /// The phase of a sector.
    pub fn phase(&self, cell: CellId, sector: SectorId) -> Option<Phase> {
        self.phases.get(cell.index(), sector.index()).and_then(Phase::new)
    }

    /// The people in need of a sector.
    pub fn people(&self, cell: CellId, sector: SectorId) -> Option<People> {
        self.in_need.get(sector.index()).and_then(|column| column.get(cell.index()))
    }
}

/// The tables that the step across sectors reads.
#[derive(Copy, Clone)]
pub struct Across<'a> {
    /// Which cells there are.
    pub cells: &'a CellTable,
    /// Who lives where.
    pub population: &'a PopulationTable,
    /// What the sectors found.
    pub sectors: &'a SectorTable,
    /// Last year's figures.
    pub previous: &'a PreviousTable,
    /// Thresholds.
    pub rules: &'a IntersectoralRules,
}

/// Reads the sheets of sectors.
pub fn read_sectors(sheets: &KeyedSheets<'_, '_>, cells: usize, context: &Context, audit: &mut Audit) -> Checked<SectorTable> {
    let mut found = Findings::default();
    let mut table = SectorTable {
        phases: Grid::filled(cells, context.sectors.len(), 0),
        in_need: context.sectors.iter().map(|_| PeopleColumn::missing(cells)).collect(),
        population: BTreeMap::new(),
        outcomes: BTreeMap::new(),
        finals: BTreeMap::new(),
        listed: BTreeMap::new(),
    };
    for keyed in sheets.of(RoleName::Sectors) {
        read_table(keyed, context, &mut table, audit, &mut found);
    }
    found.with(table)
}

fn read_table(keyed: &Keyed<'_, '_>, context: &Context, table: &mut SectorTable, audit: &mut Audit, found: &mut Findings) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    let mut seen: BTreeMap<CellId, u32> = BTreeMap::new();
    let mut wasting = WASTING.map(|name| (name, ScaleSeen::default()));
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let place = Place::Row(keyed.table.sheet.name.clone(), number);
        if let Some(first) = seen.insert(cell, number) {
            reader.found.add(Code::DuplicateRow, reader.key_place(number), format!("this area and group stand here and in row {first}"));
            continue;
        }
        reader.used(number);
        table.listed.entry(cell).or_insert(place);
        for (sector, rule) in context.sectors.entries() {
            let (phase_column, people_column) = (format!("{}.phase", rule.code), format!("{}.in-need", rule.code));
            if let Some(phase) = reader.phase(row, &phase_column, Code::SectorPhase) {
                if table.phase(cell, sector).is_some() {
                    let place = reader.place(number, &phase_column);
                    reader.found.add(Code::DuplicateRow, place, format!("the phase of {} stands in two sheets", rule.name));
                }
                table.phases.set(cell.index(), sector.index(), phase.number());
            }
            if let Some(people) = reader.people(row, &people_column, Code::NegativePeople)
                && let Some(column) = table.in_need.get_mut(sector.index())
            {
                if column.get(cell.index()).is_some() {
                    let place = reader.place(number, &people_column);
                    reader.found.add(Code::DuplicateRow, place, format!("the people in need of {} stand in two sheets", rule.name));
                }
                column.set(cell.index(), Some(people));
            }
        }
        if let Some(people) = reader.people(row, "population", Code::NegativePopulation) {
            let place = reader.place(number, "population");
            if let Some((before, first)) = table.population.insert(cell, (people, place.clone()))
                && before != people
            {
                reader.found.add(Code::PopulationDiffers, place, format!("{people} people here, {before} in {first}"));
            }
        }
        let outcomes = read_outcomes(&mut reader, row, &mut wasting);
        if outcomes != Outcomes::default() && table.outcomes.entry(cell).or_default().take_over(outcomes) {
            let place = Place::Row(keyed.table.sheet.name.clone(), number);
            reader.found.add(Code::DuplicateRow, place, "an outcome indicator of this area and group stands in two sheets");
        }
        read_finals(&mut reader, row, table.finals.entry(cell).or_default());
    }
    for (name, scale) in wasting {
        if let Some(column) = reader.table.column(name) {
            reader.check_scale(name, column, scale);
        }
    }
}

/// The shares of households by phase of livelihood coping.
const COPING: [&str; 5] = ["coping-phase1", "coping-phase2", "coping-phase3", "coping-phase4", "coping-phase5"];

/// The outcome indicators in per cent.
const WASTING: [&str; 2] = ["whz", "muac"];

fn read_outcomes<'a>(reader: &mut RowReader<'a, '_>, row: Row<'a>, wasting: &mut [(&str, ScaleSeen); 2]) -> Outcomes {
    let [whz, muac] = wasting;
    let mut outcomes = Outcomes {
        crude_death_rate: reader.not_negative(row, "crude-death-rate"),
        under5_death_rate: reader.not_negative(row, "under5-death-rate"),
        civilian_casualties: reader.not_negative(row, "civilian-casualties"),
        whz: read_percent(reader, row, whz),
        muac: read_percent(reader, row, muac),
        // The mean of several phases, so that it may lie between two of them.
        epidemics: reader.between_phases(row, "epidemics", Code::SectorPhase),
        hr_ihl_violations: read_phase(reader, row, "hr-ihl-violations"),
        mortality: read_phase(reader, row, "mortality"),
        malnutrition: read_phase(reader, row, "malnutrition"),
        livelihood_coping: read_phase(reader, row, "livelihood-coping"),
        coping: None,
    };
    // As in sheet `shares`: 1 stands for all, unless the context says that 100 does.
    let in_percent = reader.table.layout.percent_scale == Some(PercentScaleName::ZeroToHundred);
    let parts = COPING.map(|name| {
        let share = reader.number(row, name).and_then(Decimal::from_f64)?;
        if in_percent { share.divided_by(Decimal::whole(100)) } else { Some(share) }
    });
    if parts.iter().any(Option::is_some) {
        outcomes.coping = five_shares(parts, COPING, row.number, "livelihood coping: ", reader);
    }
    outcomes
}

/// A phase of an outcome that is given as such: as those of the sectors, one that is no phase counts as unknown.
fn read_phase<'a>(reader: &mut RowReader<'a, '_>, row: Row<'a>, name: &str) -> Option<f64> {
    reader.phase(row, name, Code::SectorPhase).map(|phase| f64::from(phase.number()))
}

fn read_percent<'a>(reader: &mut RowReader<'a, '_>, row: Row<'a>, (name, scale): &mut (&str, ScaleSeen)) -> Option<f64> {
    let written = reader.number(row, name)?;
    let is_shown = reader.table.column(name).is_some_and(|column| row.marks(column).percent);
    let stretch = match reader.table.layout.percent_scale {
        None if is_shown => {
            scale.see_shown(row.number);
            true
        }
        declared => {
            scale.see(written, row.number);
            declared == Some(PercentScaleName::ZeroToOne)
        }
    };
    let value = if stretch { written * 100.0 } else { written };
    let near = to_nine_places(value);
    if !(0.0..=100.0).contains(&near) {
        let code = if near < 0.0 { Code::NumberOutOfRange } else { Code::PercentAboveHundred };
        let place = reader.place(row.number, name);
        reader.found.add(code, place, format!("column {}: {value} is not between 0 and 100 per cent", quoted(name)));
    }
    Some(value)
}

fn read_finals<'a>(reader: &mut RowReader<'a, '_>, row: Row<'a>, finals: &mut FinalFigures) {
    let mut twice: Vec<&str> = Vec::new();
    if let Some(phase) = reader.phase(row, "final-severity", Code::SectorPhase) {
        let place = reader.place(row.number, "final-severity");
        if finals.severity.replace((phase, place)).is_some() {
            twice.push("final-severity");
        }
    }
    if let Some(people) = reader.people(row, "final-in-need", Code::NegativePeople) {
        let place = reader.place(row.number, "final-in-need");
        if finals.in_need.replace((people, place)).is_some() {
            twice.push("final-in-need");
        }
    }
    let reasons = [("final-severity-reason", &mut finals.severity_reason), ("final-in-need-reason", &mut finals.in_need_reason)];
    for (name, kept) in reasons {
        let Some(reason) = reader.text(row, name) else { continue };
        if !kept.is_empty() {
            twice.push(name);
        }
        *kept = reason;
    }
    for name in twice {
        let place = reader.place(row.number, name);
        reader.found.add(Code::DuplicateRow, place, format!("column {} of this area and group is filled in two sheets", quoted(name)));
    }
    finals.manual_flag |= reader.text(row, "manual-flag").is_some();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sheets_fill_what_the_other_leaves_blank() {
        let mut outcomes = Outcomes { whz: Some(12.0), ..Outcomes::default() };
        assert!(!outcomes.take_over(Outcomes { muac: Some(4.0), ..Outcomes::default() }));
        assert_eq!(outcomes, Outcomes { whz: Some(12.0), muac: Some(4.0), ..Outcomes::default() });
        assert!(outcomes.take_over(Outcomes { whz: Some(9.0), ..Outcomes::default() }), "both say something of wasting");
    }
}
