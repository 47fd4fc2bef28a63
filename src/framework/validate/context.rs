//! A country's context: layout, groups, sectors, and the rules it changes, each with its reason.

use std::collections::BTreeSet;

use super::{check_shape, has_reason, is_kebab, section};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Checked, Code, Findings};
use crate::domain::{Aor, IdVec, Leaf, PCode, SectorId};
use crate::framework::Context;
use crate::framework::files::{
    AreaLevelsName, BadWeightsName, ChecksFile, ContextHead, ContextIndicators, DataEndsName, ErrorCellsName, GroupFile,
    HeaderPrefixesName, IntersectoralFile, LayoutHead, OtherColumnsName, PeopleFile, RoleName, RowsWhereFile, RowsWithoutAreaName,
    SectorFile, SeverityFile, TableFile, TextEncodingName, TierFile,
};
use crate::framework::layout::{GroupRule, RowsWhere, Sector, TableLayout, Tier};
use crate::framework::schema::FileKind;
use crate::framework::source::Source;
use crate::table::folded;

/// The eight core sectors (method, section 8).
const CORE_SECTORS: [(&str, &str); 8] = [
    ("cccm", "CCCM"),
    ("education", "Education"),
    ("nutrition", "Nutrition"),
    ("food-security", "Food Security"),
    ("health", "Health"),
    ("protection", "Protection"),
    ("shelter", "Shelter"),
    ("wash", "WASH"),
];

/// Makes a context of its file. `text` is `None` where the user gives no context; `own_layout` is the list of
/// tables of the engine's own workbook, used where the context names none.
pub fn context(file_name: &str, text: Option<&str>, own_layout: &[TableLayout]) -> Checked<Option<Context>> {
    let mut found = Findings::default();
    let source = Source::read(file_name, text.unwrap_or(""), &mut found);
    if text.is_some() && !found.any_error() {
        check_shape(&source, FileKind::Context, &mut found);
    }
    let head: ContextHead = section(&source, "context", &mut found).unwrap_or_default();
    let country = head.country.trim().to_owned();
    let layout: Option<LayoutHead> = section::<Option<LayoutHead>>(&source, "layout", &mut found).flatten();
    if text.is_some() && layout.is_none() && country.is_empty() {
        found.add(Code::MissingKey, source.place(&["context"]), "the context does not say whose year it is: `country` is missing");
    }
    let pcode = head.country_pcode.as_deref().and_then(PCode::new).or_else(|| PCode::new(&country)).or_else(|| PCode::new("country"));
    let Some(country_pcode) = pcode else { return found.with(None) };

    let is_code = country.len() == 3 && country.bytes().all(|letter| letter.is_ascii_uppercase());
    if !(country.is_empty() || is_code) {
        let message = format!("{} is no code of a country: three capital letters, as in `MOZ`", crate::diag::shown::quoted(&country));
        found.add(Code::BadId, source.place(&["context", "country"]), message);
    }
    let aors = aors(&head, &source, &mut found);
    let groups = groups(&source, &mut found);
    let mut tables = table_list(&source, &mut found);
    let tables_stated = !tables.is_empty();
    if !tables_stated {
        tables = own_layout.to_vec();
    }
    for table in &mut tables {
        table.country_column.1 = folded(&country);
    }
    let sectors = sectors(&source, &mut found);
    let tiers: Vec<TierFile> = section(&source, "tier", &mut found).unwrap_or_default();
    let indicators: ContextIndicators = section(&source, "indicators", &mut found).unwrap_or_default();
    if !indicators.not_used.is_empty() && !has_reason([indicators.why.as_ref(), None]) {
        found.add(Code::MissingWhy, source.place(&["indicators"]), "indicators are left aside without a reason");
    }
    let severity: SeverityFile = section(&source, "severity", &mut found).unwrap_or_default();
    let people: PeopleFile = section(&source, "people-in-need", &mut found).unwrap_or_default();
    let intersectoral: IntersectoralFile = section(&source, "intersectoral", &mut found).unwrap_or_default();
    for (key, why) in [("severity", &severity.why), ("people-in-need", &people.why), ("intersectoral", &intersectoral.why)] {
        // The rules of an AoR alone carry their own reason, which is asked for where they are read.
        let of_aors_alone =
            |section: &toml::Value| section.as_table().is_some_and(|table| !table.is_empty() && table.keys().all(|key| key == "aor"));
        if source.table.get(key).is_some_and(|section| !of_aors_alone(section)) && !has_reason([why.as_ref(), None]) {
            found.add(Code::MissingWhy, source.place(&[key]), format!("`[{key}]` changes a rule without a reason"));
        }
    }
    // The changed sections are tried here, where their lines are known.
    super::severity::severity(&severity, &source, &mut found);
    super::people::people(&people, &source, &mut found);
    check_sectors_named(&intersectoral, &sectors, &source, &mut found);
    let raised = raised(&source, &mut found);

    let context = Context {
        name: head.name.unwrap_or_else(|| country.clone()),
        country,
        country_pcode,
        country_pcode_stated: head.country_pcode.is_some(),
        cycle: head.cycle.unwrap_or_default(),
        language: head.language.unwrap_or_else(|| "en".into()),
        framework: head.framework,
        text_encoding: head.text_encoding.map(|TextEncodingName::Windows1252| "windows-1252".to_owned()),
        as_of: head.as_of,
        has_hrp: head.has_hrp,
        in_gho: head.in_gho,
        reference_period: head.reference_period.map(|period| (period.start, period.end)),
        aors,
        groups,
        drop_identifiers: false,
        gazetteer: None,
        layout: layout.map(|layout| (layout.id, layout.title)),
        tables_stated,
        tables,
        sectors,
        tiers: tiers
            .into_iter()
            .map(|tier| Tier { code: tier.code, areas: tier.areas.iter().filter_map(|code| PCode::new(code)).collect() })
            .collect(),
        not_used: indicators.not_used,
        severity,
        people,
        intersectoral,
        raised,
    };
    let sound = !found.any_error();
    found.with(sound.then_some(context))
}

/// Makes a context of a shipped layout, for a country; that may be blank.
pub fn layout(file_name: &str, text: &str, country: &str) -> Checked<Option<Context>> {
    let country = if country.is_empty() { String::new() } else { format!("\n[context]\ncountry = {country:?}\n") };
    context(file_name, Some(&format!("{text}{country}")), &[])
}

/// The `[[table]]` entries of a file.
pub fn table_list(source: &Source, found: &mut Findings) -> Vec<TableLayout> {
    let files: Vec<TableFile> = section(source, "table", found).unwrap_or_default();
    files.into_iter().enumerate().filter_map(|(index, file)| table(&index.to_string(), file, source, found)).collect()
}

fn table(at: &str, file: TableFile, source: &Source, found: &mut Findings) -> Option<TableLayout> {
    let place = |key: &str| source.place(&["table", at, key]);
    let Some(role) = file.role else {
        found.add(Code::MissingKey, source.place(&["table", at]), "the table does not say what it holds: `role` is missing");
        return None;
    };
    if file.sheet.is_empty() {
        found.add(Code::MissingKey, source.place(&["table", at]), "the table names no sheet");
    }
    if file.header_row == Some(0) || file.band_row.is_some_and(|band| band == 0 || file.header_row.is_none_or(|row| band >= row)) {
        let message = "rows count from 1, and a band row stands above the header row, which has to be named too";
        found.add(Code::WrongType, place("header-row"), message);
    }
    let lenient = file.error_cells == Some(ErrorCellsName::Missing);
    if lenient && !has_reason([file.why.as_ref(), None]) {
        found.add(Code::MissingWhy, place("error-cells"), "error cells are taken as missing without a reason");
    }
    if file.bad_weights == Some(BadWeightsName::SetAside) && !has_reason([file.why.as_ref(), None]) {
        found.add(Code::MissingWhy, place("bad-weights"), "households are set aside without a reason");
    }
    for (name, headers) in &file.columns {
        if headers.is_empty() {
            found.add(Code::MissingKey, source.place(&["table", at, "columns", name]), format!("column `{name}` names no header"));
        }
        if !is_known_column(role, name) {
            found.add(
                Code::UnknownKey,
                source.place(&["table", at, "columns", name]),
                format!("`{name}` is no column of this kind of table"),
            );
        }
    }
    for (index, skip) in file.skip_rows_where.iter().enumerate() {
        if !file.columns.contains_key(&skip.column) {
            let message = format!("`{}` is no column of this table, so no row can be told by it", skip.column);
            found.add(Code::UnknownReference, source.place(&["table", at, "skip-rows-where", &index.to_string()]), message);
        }
    }
    Some(TableLayout {
        role,
        sheets: file.sheet,
        optional: file.optional.unwrap_or(false),
        header_row: file.header_row,
        ignored: file.ignore_columns.iter().map(|header| folded(header)).collect(),
        band_row: file.band_row,
        headers_may_move: file.headers_may_move.unwrap_or(false),
        data_ends: file.data_ends.unwrap_or(DataEndsName::EndOfSheet),
        mixed_levels: file.area_levels == Some(AreaLevelsName::Mixed),
        rows_without_area: file.rows_without_area.unwrap_or(RowsWithoutAreaName::Error),
        missing: file.missing.iter().map(|token| folded(token)).collect(),
        error_cells: file.error_cells.unwrap_or(ErrorCellsName::Error),
        header_prefixes: file.header_prefixes.unwrap_or(HeaderPrefixesName::Keep),
        bad_weights: file.bad_weights.unwrap_or(BadWeightsName::Error),
        decimal_mark: file.decimal_mark,
        percent_scale: file.percent_scale,
        skip_where: file.skip_rows_where.into_iter().map(|skip| (skip.column, skip.is.iter().map(|text| folded(text)).collect())).collect(),
        rows_where: file.rows_where.iter().map(rows_where).collect(),
        country_column: (all_folded(&file.country_column), String::new()),
        other_columns: file.other_columns.unwrap_or(OtherColumnsName::Unknown),
        leaf_columns: file.leaf_columns,
        columns: file.columns.into_iter().collect(),
        leaves: file
            .leaf
            .into_iter()
            .map(|leaf| (leaf.header, Leaf { sex: leaf.sex.unwrap_or_default(), age: leaf.age.unwrap_or_default() }))
            .collect(),
    })
}

fn all_folded(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| folded(text)).collect()
}

/// The keys that name an area, a pocket and a group: every table may have them.
pub(crate) const KEY_COLUMNS: [&str; 13] = [
    "pcode",
    "pocket",
    "group",
    "admin1-pcode",
    "admin1-name",
    "admin2-pcode",
    "admin2-name",
    "admin3-pcode",
    "admin3-name",
    "admin4-pcode",
    "admin4-name",
    "admin5-pcode",
    "admin5-name",
];

/// The columns of each kind of table beside the keys.
pub(crate) const fn columns_of(role: RoleName) -> &'static [&'static str] {
    match role {
        RoleName::Areas => &["name", "level", "parent-pcode"],
        RoleName::Population => {
            &["level", "sex", "age", "disability", "population", "affected", "female-percent", "children-percent", "disability-percent"]
        }
        RoleName::Indicators => &["source", "date"],
        RoleName::Shares => &["scope", "code", "phase1", "phase2", "phase3", "phase4", "phase5", "source", "date"],
        RoleName::Estimates => &["level", "aor", "sex", "age", "phase", "affected", "in-need", "source"],
        RoleName::Judgements => {
            &["risk", "aor", "phase", "reason", "confidence", "threat", "effects", "capacities", "evidence", "decided-by", "date"]
        }
        RoleName::Decisions => &["scope", "code", "what", "old", "new", "reason", "evidence", "decided-by", "date"],
        RoleName::Previous => &["aor", "sector", "phase", "in-need"],
        RoleName::Sectors => &[
            "population",
            "crude-death-rate",
            "under5-death-rate",
            "civilian-casualties",
            "whz",
            "muac",
            "epidemics",
            "hr-ihl-violations",
            "coping-phase1",
            "coping-phase2",
            "coping-phase3",
            "coping-phase4",
            "coping-phase5",
            "mortality",
            "malnutrition",
            "livelihood-coping",
            "manual-flag",
            "final-severity",
            "final-severity-reason",
            "final-in-need",
            "final-in-need-reason",
        ],
        RoleName::Response => &["level", "aor", "targeted", "reached"],
        RoleName::Households => &["household-id", "stratum", "cluster", "fpc", "weight", "household-size"],
    }
}

/// Wide columns carry the AoR or sector before the point, as in `CP.in-need`.
fn is_known_column(role: RoleName, name: &str) -> bool {
    let ends_in = |figures: &[&str]| name.split_once('.').is_some_and(|(_, figure)| figures.contains(&figure));
    KEY_COLUMNS.contains(&name)
        || columns_of(role).contains(&name)
        || match role {
            // Columns of indicators are named by the framework, which a context is read without.
            RoleName::Indicators | RoleName::Households => true,
            RoleName::Estimates => ends_in(&["phase", "in-need", "affected"]),
            RoleName::Previous | RoleName::Sectors => ends_in(&["phase", "in-need"]),
            RoleName::Response => ends_in(&["targeted", "reached"]),
            _ => false,
        }
}

fn aors(head: &ContextHead, source: &Source, found: &mut Findings) -> Vec<Aor> {
    let Some(codes) = &head.aors else { return Aor::ALL.to_vec() };
    let mut aors = Vec::new();
    for (index, code) in codes.iter().enumerate() {
        match Aor::parse(code) {
            Some(aor) => aors.push(aor),
            None => found.add(
                Code::UnknownReference,
                source.place(&["context", "aors", &index.to_string()]),
                format!("`{code}` is no area of responsibility"),
            ),
        }
    }
    aors.sort_unstable();
    aors.dedup();
    aors
}

fn groups(source: &Source, found: &mut Findings) -> Vec<GroupRule> {
    let files: Vec<GroupFile> = section(source, "group", found).unwrap_or_default();
    let mut seen = BTreeSet::new();
    for (index, group) in files.iter().enumerate() {
        for name in std::iter::once(&group.code).chain(&group.aliases) {
            if !seen.insert(folded(name)) {
                found.add(Code::DuplicateId, source.place(&["group", &index.to_string()]), format!("the group `{name}` stands twice"));
            }
        }
    }
    files.into_iter().map(|group| GroupRule { code: group.code, aliases: group.aliases }).collect()
}

fn sectors(source: &Source, found: &mut Findings) -> IdVec<SectorId, Sector> {
    let files: Vec<SectorFile> = section(source, "sector", found).unwrap_or_default();
    if files.is_empty() {
        return CORE_SECTORS.iter().map(|&(code, name)| Sector { code: code.into(), name: name.into() }).collect();
    }
    let mut seen = BTreeSet::new();
    for (index, sector) in files.iter().enumerate() {
        let place = source.place(&["sector", &index.to_string()]);
        if !is_kebab(&sector.code) {
            found.add(Code::BadId, place.clone(), format!("`{}` is no id", sector.code));
        }
        if !seen.insert(sector.code.clone()) {
            found.add(Code::DuplicateId, place, format!("the sector `{}` stands twice", sector.code));
        }
    }
    files.into_iter().map(|sector| Sector { name: sector.name.unwrap_or_else(|| sector.code.clone()), code: sector.code }).collect()
}

fn check_sectors_named(file: &IntersectoralFile, sectors: &IdVec<SectorId, Sector>, source: &Source, found: &mut Findings) {
    let known: Vec<&str> = sectors.iter().map(|sector| sector.code.as_str()).collect();
    for (index, code) in file.sub_population_sectors.iter().flatten().enumerate() {
        if !known.contains(&code.as_str()) {
            let place = source.place(&["intersectoral", "sub-population-sectors", &index.to_string()]);
            found.add(Code::UnknownReference, place, format!("there is no sector `{code}`{}", did_you_mean(code, known.iter().copied())));
        }
    }
}

fn raised(source: &Source, found: &mut Findings) -> Vec<Code> {
    let checks: ChecksFile = section(source, "checks", found).unwrap_or_default();
    let mut raised = Vec::new();
    for (index, id) in checks.raise.iter().enumerate() {
        match Code::find(id) {
            Some(code) => raised.push(code),
            None => {
                let hint = did_you_mean(id, Code::ALL.iter().map(|code| code.id()));
                found.add(
                    Code::UnknownReference,
                    source.place(&["checks", "raise", &index.to_string()]),
                    format!("there is no finding `{id}`{hint}"),
                );
            }
        }
    }
    raised
}

fn rows_where(file: &RowsWhereFile) -> RowsWhere {
    RowsWhere { headers: all_folded(&file.header), is: all_folded(&file.is), others: file.others.as_deref().map(all_folded) }
}
