//! Last year's figures, by area, pocket and group: of protection, of its AoRs, of the core sectors.

use std::collections::BTreeMap;

use super::audit::Audit;
use super::figure_columns::{FigureColumns, is_in_play, not_in_play, say_unnamed};
use super::read_row::RowReader;
use super::units::{Keyed, KeyedSheets};
use crate::diag::shown::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::{CellId, People, Phase, SectorId, Series};
use crate::framework::Context;
use crate::framework::files::RoleName;

/// What a figure of last year was for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PreviousOf {
    /// Protection as a whole or an AoR.
    Series(Series),
    /// A core sector.
    Sector(SectorId),
}

/// Last year's figures.
#[derive(Clone, Debug, Default)]
pub struct PreviousTable {
    pub(super) in_need: BTreeMap<(CellId, PreviousOf), (People, Place)>,
    pub(super) phases: BTreeMap<(CellId, PreviousOf), (Phase, Place)>,
    /// Codes of the sectors, in the context's order.
    pub sector_codes: Vec<String>,
}

impl PreviousTable {
    /// Last year's PiN of a sector.
    pub fn sector(&self, cell: CellId, sector: SectorId) -> Option<People> {
        self.in_need.get(&(cell, PreviousOf::Sector(sector))).map(|(people, _)| *people)
    }

    /// Where the first figure of a cell stands.
    pub fn place(&self, cell: CellId) -> Option<Place> {
        let first = (cell, PreviousOf::Series(Series::Overall));
        let of = |key: &(CellId, PreviousOf)| key.0 == cell;
        let people = self.in_need.range(first..).next().filter(|(key, _)| of(key)).map(|(_, (_, place))| place);
        let phase = self.phases.range(first..).next().filter(|(key, _)| of(key)).map(|(_, (_, place))| place);
        people.or(phase).cloned()
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.in_need.is_empty() && self.phases.is_empty()
    }
}

const FIGURES: &[&str] = &["phase", "in-need"];

/// Reads last year's figures.
pub fn read_previous(sheets: &KeyedSheets<'_, '_>, context: &Context, audit: &mut Audit) -> Checked<PreviousTable> {
    let mut found = Findings::default();
    let mut table =
        PreviousTable { sector_codes: context.sectors.iter().map(|sector| sector.code.clone()).collect(), ..PreviousTable::default() };
    for keyed in sheets.of(RoleName::Previous) {
        read_table(keyed, context, &mut table, audit, &mut found);
    }
    found.with(table)
}

fn of_code(code: &str, context: &Context) -> Option<PreviousOf> {
    let plain = code.trim();
    Series::parse(plain).map(PreviousOf::Series).or_else(|| {
        context
            .sectors
            .find(|sector| sector.code.eq_ignore_ascii_case(plain) || sector.name.eq_ignore_ascii_case(plain))
            .map(PreviousOf::Sector)
    })
}

fn read_table(keyed: &Keyed<'_, '_>, context: &Context, table: &mut PreviousTable, audit: &mut Audit, found: &mut Findings) {
    let series = |of: PreviousOf| if let PreviousOf::Series(series) = of { Some(series) } else { None };
    let columns = FigureColumns::of_table(keyed.table, FIGURES, |code| of_code(code, context));
    columns.say_out_of_play(keyed.table, &context.aors, series, Code::PreviousGone, found);
    let mut reader = RowReader { table: keyed.table, found, audit };
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let named = named_in_row(&mut reader, number, context);
        let mut any = false;
        for (of, figure, column) in columns.of_row(&named) {
            let place = reader.place(number, column);
            let twice = if figure == "phase" {
                let Some(phase) = reader.phase(row, column, Code::SectorPhase) else { continue };
                table.phases.insert((cell, of), (phase, place.clone())).map(|(_, first)| first)
            } else {
                let Some(people) = reader.people(row, column, Code::NegativePeople) else { continue };
                table.in_need.insert((cell, of), (people, place.clone())).map(|(_, first)| first)
            };
            any = true;
            if let Some(first) = twice {
                reader.found.add(Code::DuplicateRow, place, format!("last year's figure stands here and in {first}"));
            }
        }
        reader.used_if(any, number);
    }
}

/// What the columns `aor` and `sector` of a row name. What is unknown or not in play is a finding, and so is a figure of
/// which neither column says what it is of.
fn named_in_row(reader: &mut RowReader<'_, '_>, number: u32, context: &Context) -> Vec<PreviousOf> {
    let Some(row) = reader.row(number) else { return Vec::new() };
    let mut named = Vec::new();
    let mut blank = true;
    for (name, unknown) in [("aor", Code::UnknownAor), ("sector", Code::UnknownSector)] {
        let Some(code) = reader.text(row, name) else { continue };
        blank = false;
        let place = reader.place(number, name);
        match of_code(&code, context) {
            Some(of) => {
                if let PreviousOf::Series(series) = of
                    && !is_in_play(series, &context.aors)
                {
                    reader.found.add(Code::PreviousGone, place, not_in_play(series));
                }
                named.push(of);
            }
            None if name == "aor" => reader.found.add(unknown, place, format!("{} is no area of responsibility", quoted(&code))),
            None => {
                let hint = did_you_mean(&code, context.sectors.iter().map(|sector| sector.code.as_str()));
                reader.found.add(unknown, place, format!("{} is no core sector{hint}", quoted(&code)));
            }
        }
    }
    if blank {
        say_unnamed(reader, number, FIGURES, "aor", "neither an area of responsibility nor a sector");
    }
    named
}
