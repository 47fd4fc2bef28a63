//! Where a country's tables stand in its files, as a context declares it. Applied in `stage/locate`.

use super::files::{
    BadWeightsName, DataEndsName, DecimalMarkName, ErrorCellsName, HeaderPrefixesName, LeafColumnsName, OtherColumnsName, PercentScaleName,
    RoleName, RowsWithoutAreaName,
};
use crate::domain::{Leaf, PCode};

/// Sheets that the template of the engine's own workbook writes for people; they hold no data.
pub const SHEETS_FOR_PEOPLE: [&str; 3] = ["read me", "lists", "examples"];

impl RoleName {
    /// The word for what a table holds, as in a context.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Areas => "areas",
            Self::Population => "population",
            Self::Indicators => "indicators",
            Self::Shares => "shares",
            Self::Estimates => "estimates",
            Self::Judgements => "judgements",
            Self::Decisions => "decisions",
            Self::Previous => "previous",
            Self::Sectors => "sectors",
            Self::Response => "response",
            Self::Households => "households",
        }
    }
}

/// Where one table stands and how its cells are read.
#[derive(Clone, Debug, PartialEq)]
pub struct TableLayout {
    /// What it holds.
    pub role: RoleName,
    /// Names of the sheet that are accepted.
    pub sheets: Vec<String>,
    /// The sheet may be absent.
    pub optional: bool,
    /// Row of the headers, from 1; `None`: where most of the headers stand that the table may have.
    pub header_row: Option<u32>,
    /// Row of titles above the headers.
    pub band_row: Option<u32>,
    /// Rows may have been put above the headers or taken away: another row counts that has more than twice as many of them.
    pub headers_may_move: bool,
    /// Headers, and letters of columns without one, that are known not to be read; folded.
    pub ignored: Vec<String>,
    /// Where the table ends.
    pub data_ends: DataEndsName,
    /// A row may name an area above the deepest level that the table has a column for.
    pub mixed_levels: bool,
    /// What a row is that names no area.
    pub rows_without_area: RowsWithoutAreaName,
    /// Tokens that mean missing, folded.
    pub missing: Vec<String>,
    /// Whether groups of a form stand before the headers, parted by slashes.
    pub header_prefixes: HeaderPrefixesName,
    /// What a household does that has no weight or one below 0.
    pub bad_weights: BadWeightsName,
    /// What an error cell is.
    pub error_cells: ErrorCellsName,
    /// What parts the whole from the fraction in numbers that are written as text, where the context says it; else a point, and
    /// one that may part thousands is refused.
    pub decimal_mark: Option<DecimalMarkName>,
    /// Scale of per cent columns; `None`: 0 to 100, and a column that looks like 0 to 1 is refused.
    pub percent_scale: Option<PercentScaleName>,
    /// Rows that are no areas: our column name and folded texts.
    pub skip_where: Vec<(String, Vec<String>)>,
    /// Rows that are this table's. All have to hold.
    pub rows_where: Vec<RowsWhere>,
    /// Headers, folded, of a column that says of which country a row is, and that country, folded; blank: any, as long as it
    /// is just one.
    pub country_column: (Vec<String>, String),
    /// What columns hold that are not named.
    pub other_columns: OtherColumnsName,
    /// How headers of people by sex and age are made, where they are not named.
    pub leaf_columns: Option<LeafColumnsName>,
    /// Our names and the headers that mean them.
    pub columns: Vec<(String, Vec<String>)>,
    /// Columns of population by leaf: header and leaf.
    pub leaves: Vec<(String, Leaf)>,
}

impl TableLayout {
    /// Whether a comma parts the whole from the fraction in numbers that are written as text.
    pub fn decimal_comma(&self) -> bool {
        self.decimal_mark == Some(DecimalMarkName::Comma)
    }

    /// Whether the table may stand in any sheet that has its headers.
    pub fn in_any_sheet(&self) -> bool {
        self.sheets.iter().any(|name| name == ANY_SHEET)
    }
}

/// What tells the rows of a table from others in its sheet; all texts folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsWhere {
    /// Headers of the column. Where rows may be blank there, it may be absent.
    pub headers: Vec<String>,
    /// What the table's rows say there; an empty text is a blank cell.
    pub is: Vec<String>,
    /// What rows of other kinds say there; `None`: anything.
    pub others: Option<Vec<String>>,
}

/// In place of a sheet's name: any sheet that has the headers.
pub const ANY_SHEET: &str = "*";

/// A population group of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRule {
    /// As the outputs show it.
    pub code: String,
    /// Other spellings.
    pub aliases: Vec<String>,
}

/// A core sector of the intersectoral step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sector {
    /// Kebab-case.
    pub code: String,
    /// As the outputs show it.
    pub name: String,
}

/// A set of areas for coefficients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Its name in coefficients.
    pub code: String,
    /// Its areas; the areas in them belong too.
    pub areas: Vec<PCode>,
}
