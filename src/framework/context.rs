//! One country's year: its layout, groups, AoRs in play, and the thresholds it changes.

use std::sync::Arc;

use super::files::{IntersectoralFile, PeopleFile, SeverityFile};
use super::layout::{GroupRule, Sector, TableLayout, Tier};
use crate::diag::Code;
use crate::domain::gazetteer::Gazetteer;
use crate::domain::{Aor, IdVec, PCode, SectorId};

/// A context as the stages read it: immutable and valid.
#[derive(Clone, Debug)]
pub struct Context {
    /// ISO 3166 alpha-3.
    pub country: String,
    /// The country's name.
    pub name: String,
    /// P-code of level 0.
    pub country_pcode: PCode,
    /// Whether the context itself names that p-code.
    pub country_pcode_stated: bool,
    /// The cycle, as in `2026`.
    pub cycle: String,
    /// Language of labels.
    pub language: String,
    /// Framework named for this country.
    pub framework: Option<String>,
    /// The date the outputs carry.
    pub as_of: Option<String>,
    /// Encoding of tables as text that are not Unicode.
    pub text_encoding: Option<String>,
    /// Whether there is a response plan.
    pub has_hrp: Option<bool>,
    /// Whether the country is in the global overview.
    pub in_gho: Option<bool>,
    /// First and last day that the figures are for.
    pub reference_period: Option<(String, String)>,
    /// AoRs in play.
    pub aors: Vec<Aor>,
    /// Declared groups; empty: those of the population sheet.
    pub groups: Vec<GroupRule>,
    /// Columns that tell persons apart are left out of a sheet of households in place of refusing it: a choice of the run.
    pub drop_identifiers: bool,
    /// A list of places against which codes are held: a choice of the run.
    pub gazetteer: Option<Arc<Gazetteer>>,
    /// Id and title of the shipped layout by which the tables are read.
    pub layout: Option<(String, String)>,
    /// Whether the context names tables of its own.
    pub tables_stated: bool,
    /// The tables that are read.
    pub tables: Vec<TableLayout>,
    /// Core sectors.
    pub sectors: IdVec<SectorId, Sector>,
    /// Sets of areas.
    pub tiers: Vec<Tier>,
    /// Indicators left aside.
    pub not_used: Vec<String>,
    /// Rules changed, with the reason.
    pub severity: SeverityFile,
    /// Rules changed, with the reason.
    pub people: PeopleFile,
    /// Thresholds changed, with the reason.
    pub intersectoral: IntersectoralFile,
    /// Findings that become errors.
    pub raised: Vec<Code>,
}

impl Context {
    /// Every sheet name that a table may stand under.
    pub fn sheets(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().flat_map(|table| table.sheets.iter().map(String::as_str))
    }
}
