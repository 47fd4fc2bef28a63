//! `context.toml`: a country's year and the layout of its workbook, field for field.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choices::{
    AreaLevelsName, BadWeightsName, DataEndsName, DecimalMarkName, ErrorCellsName, HeaderPrefixesName, LeafColumnsName, OtherColumnsName,
    PercentScaleName, RoleName, RowsWithoutAreaName, TextEncodingName,
};
use super::rules::{IntersectoralFile, PeopleFile, SeverityFile};

file_struct! {
    /// `context.toml`.
    ContextFile {
        /// Version of this file format: 1.
        format: u32,
        /// Whose year it is.
        #[serde(default)]
        context: ContextHead,
        /// Which layout this is; only in the layouts that are shipped.
        layout: Option<LayoutHead>,
        /// Population groups.
        #[serde(default)]
        group: Vec<GroupFile>,
        /// Tables that are read.
        #[serde(default)]
        table: Vec<TableFile>,
        /// Core sectors.
        #[serde(default)]
        sector: Vec<SectorFile>,
        /// Sets of areas for coefficients.
        #[serde(default)]
        tier: Vec<TierFile>,
        /// Which indicators are left aside.
        #[serde(default)]
        indicators: ContextIndicators,
        /// Rules changed.
        #[serde(default)]
        severity: SeverityFile,
        /// Rules changed.
        #[serde(default)]
        people_in_need: PeopleFile,
        /// Thresholds changed.
        #[serde(default)]
        intersectoral: IntersectoralFile,
        /// Checks changed.
        #[serde(default)]
        checks: ChecksFile,
    }
    /// Whose year it is.
    ContextHead {
        /// ISO 3166 alpha-3.
        #[serde(default)]
        country: String,
        /// The country's name.
        name: Option<String>,
        /// The cycle, as in `2026`.
        cycle: Option<String>,
        /// Language of labels.
        language: Option<String>,
        /// Framework used when the command line names none.
        framework: Option<String>,
        /// P-code of level 0.
        country_pcode: Option<String>,
        /// The date the outputs carry.
        as_of: Option<String>,
        /// AoRs in play.
        aors: Option<Vec<String>>,
        /// Whether there is a response plan.
        has_hrp: Option<bool>,
        /// Whether the country is in the global overview.
        in_gho: Option<bool>,
        /// Encoding of tables as text that are not Unicode: `windows-1252`.
        text_encoding: Option<TextEncodingName>,
        /// The period the figures are for.
        reference_period: Option<PeriodFile>,
    }
    /// A layout that many files share.
    LayoutHead {
        /// Kebab-case.
        id: String,
        /// What the files are.
        title: String,
        /// Where the layout is described.
        source: Option<String>,
    }
    /// A span of time.
    PeriodFile {
        /// First day, YYYY-MM-DD.
        start: String,
        /// Last day, YYYY-MM-DD.
        end: String,
    }
    /// A population group.
    GroupFile {
        /// As the outputs show it.
        code: String,
        /// Other spellings.
        #[serde(default)]
        aliases: Vec<String>,
    }
    /// Where a table stands.
    TableFile {
        /// What it holds.
        role: Option<RoleName>,
        /// Names of the sheet; `*` is any sheet that has its headers.
        #[serde(default)]
        sheet: Vec<String>,
        /// The sheet may be absent.
        optional: Option<bool>,
        /// Row of the headers, from 1.
        header_row: Option<u32>,
        /// Row of titles above the headers.
        band_row: Option<u32>,
        /// The headers may stand in another row than `header-row`, where that row has more than twice as many of them.
        headers_may_move: Option<bool>,
        /// Headers, and letters of columns without one, that are known not to be read.
        #[serde(default)]
        ignore_columns: Vec<String>,
        /// Where the table ends.
        data_ends: Option<DataEndsName>,
        /// On which levels its areas stand.
        area_levels: Option<AreaLevelsName>,
        /// What a row is that names no area.
        rows_without_area: Option<RowsWithoutAreaName>,
        /// Tokens that mean missing.
        #[serde(default)]
        missing: Vec<String>,
        /// What an error cell is.
        error_cells: Option<ErrorCellsName>,
        /// What stands before a slash in a header.
        header_prefixes: Option<HeaderPrefixesName>,
        /// What a household does that has no weight or one below 0.
        bad_weights: Option<BadWeightsName>,
        /// What parts the whole from the fraction in numbers that are written as text: `.` or `,`.
        decimal_mark: Option<DecimalMarkName>,
        /// Scale of per cent columns.
        percent_scale: Option<PercentScaleName>,
        /// Rows that are no areas.
        #[serde(default)]
        skip_rows_where: Vec<SkipFile>,
        /// Rows that are this table's, where one sheet holds several kinds: all of these hold. The others are set aside.
        #[serde(default)]
        rows_where: Vec<RowsWhereFile>,
        /// Headers of a column with the code of the country, where a table holds rows of several: those of the context's country
        /// are read.
        #[serde(default)]
        country_column: Vec<String>,
        /// Columns that are not named here.
        other_columns: Option<OtherColumnsName>,
        /// Columns of people by sex and age, known by how their headers are made.
        leaf_columns: Option<LeafColumnsName>,
        /// Our names and their headers.
        #[serde(default)]
        columns: BTreeMap<String, Vec<String>>,
        /// Columns of population by leaf.
        #[serde(default)]
        leaf: Vec<LeafFile>,
        /// Why a leniency is granted.
        why: Option<String>,
    }
    /// Rows that are no areas.
    SkipFile {
        /// Our name of the column.
        column: String,
        /// Texts that mark such a row.
        is: Vec<String>,
    }
    /// What a row of a table says in a column.
    RowsWhereFile {
        /// Headers that the column may have.
        header: Vec<String>,
        /// What its rows say there; an empty text is a blank cell.
        is: Vec<String>,
        /// What its rows may say where they are of another kind. With this, anything else is reported.
        others: Option<Vec<String>>,
    }
    /// A column of population by leaf.
    LeafFile {
        /// Its header.
        header: String,
        /// Sex.
        sex: Option<String>,
        /// Age band.
        age: Option<String>,
    }
    /// A core sector.
    SectorFile {
        /// Kebab-case.
        code: String,
        /// As outputs show it.
        name: Option<String>,
    }
    /// A set of areas.
    TierFile {
        /// Its name in coefficients.
        code: String,
        /// P-codes; the areas in them belong too.
        areas: Vec<String>,
    }
    /// Which indicators are left aside.
    ContextIndicators {
        /// Their ids.
        #[serde(default)]
        not_used: Vec<String>,
        /// Why.
        why: Option<String>,
    }
    /// Checks changed.
    ChecksFile {
        /// Codes of findings that become errors.
        #[serde(default)]
        raise: Vec<String>,
    }
}
