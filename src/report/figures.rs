//! Every figure, unrounded: area x pocket x group (x leaf) x scope, from the units of analysis up to the country.
//! The table that programs read; nothing else states what a row means (docs/formats.md).

use std::borrow::Cow;

use crate::domain::id::Id;
use crate::domain::{AreaId, CellId, Decimal, LeafId, People, Phase, Scope, Series, SlotId};
use crate::report::model::{Datum, TextFile};
use crate::stage::Analysis;
use crate::stage::beside::{Beside, Known};
use crate::stage::people::Method;
use crate::stage::ranges::PeopleRange;
use crate::stage::rollup::RollKey;
use crate::stage::severity::ScopePhase;
use crate::stage::survey::estimates::Domain;
use crate::stage::survey_marks::{SurveyMarks, speaking};
use crate::stage::touched::Touch;

/// One figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FigureRow<'a> {
    /// The area.
    pub pcode: &'a str,
    /// Its level.
    pub level: u8,
    /// A named sub-place.
    pub pocket: &'a str,
    /// The group; empty for all.
    pub group: &'a str,
    /// Sex; empty for both.
    pub sex: &'a str,
    /// Age band; empty for all.
    pub age: &'a str,
    /// Kind of scope.
    pub scope: &'static str,
    /// What it is about.
    pub code: &'a str,
    /// People living there.
    pub population: Option<People>,
    /// People affected.
    pub affected: Option<People>,
    /// People in need.
    pub in_need: Option<People>,
    /// How far people in need may lie, where they rest on households.
    pub range: Option<PeopleRange>,
    /// Households with a known phase on which the row rests.
    pub households: Option<usize>,
    /// What has to be known of them.
    pub survey: SurveyMarks,
    /// The phase.
    pub phase: Option<Phase>,
    /// At the unit: known of the expected; above: share of the population for which in need is known.
    pub coverage: Option<Decimal>,
    /// How it came about.
    pub method: &'static str,
    /// Where the highest was taken.
    pub mosaic: &'static str,
    /// People targeted.
    pub targeted: Option<People>,
    /// People reached.
    pub reached: Option<People>,
    /// Whether a decision changed the phase or the figure, or something that they rest on.
    pub touch: Touch,
    /// Across sectors: the severity rests on fewer than four core phases.
    pub low_coverage: bool,
    /// Of sums: for how many people affected, targeted and reached are known, where they leave out people whose in
    /// need is known.
    pub partial: [Option<People>; 3],
}

impl FigureRow<'_> {
    /// What a reader has to know beside the figures, in a word each, joined by a bar.
    pub fn marks(&self) -> Cow<'static, str> {
        let partial = Beside::ALL.into_iter().zip(self.partial).filter(|(_, known)| known.is_some());
        let mut marks = Cow::Borrowed(super::decisions::marks(self.touch, self.low_coverage));
        let of_households = self.survey.words().map(str::to_owned);
        for word in of_households.chain(partial.map(|(beside, _)| format!("partial-{}", beside.word()))) {
            let bar = if marks.is_empty() { "" } else { "|" };
            marks = Cow::Owned(format!("{marks}{bar}{word}"));
        }
        marks
    }
}

/// All figures in the order area, pocket, group, leaf, scope.
pub fn figures(analysis: &Analysis) -> impl Iterator<Item = FigureRow<'_>> {
    areas_by_code(analysis).into_iter().flat_map(|area| area_rows(analysis, area))
}

/// The areas as they are listed: the country, then in p-code order.
pub fn areas_by_code(analysis: &Analysis) -> Vec<AreaId> {
    analysis.areas.in_code_order().collect()
}

fn area_rows(analysis: &Analysis, area: AreaId) -> Vec<FigureRow<'_>> {
    let mut rows = Vec::new();
    let cells: Vec<CellId> = analysis.cells.of_area(area).filter(|&cell| analysis.population.is_counted(cell)).collect();
    // Where a cell is the whole area by itself, its row is the area's.
    let is_area = |cell: CellId| analysis.cells.key(cell).group.is_none() && analysis.cells.key(cell).pocket.is_empty();
    let alone = matches!(cells.as_slice(), [cell] if is_area(*cell));
    let first = RollKey { area, group: None, leaf: None };
    let start = analysis.rolled.keys.partition_point(|key| *key < first);
    for (row, key) in analysis.rolled.keys.iter().enumerate().skip(start).take_while(|(_, key)| key.area == area) {
        if !(alone && key.group.is_none()) {
            rolled_rows(analysis, row, *key, &mut rows);
        }
    }
    for cell in cells {
        let pocket = if is_area(cell) && !alone { OUTSIDE_POCKETS } else { &analysis.cells.key(cell).pocket };
        unit_rows(analysis, cell, pocket, &mut rows);
    }
    rows
}

fn leaf_names(analysis: &Analysis, leaf: Option<LeafId>) -> (&str, &str) {
    leaf.map_or(("", ""), |leaf| {
        let leaf = &analysis.population.slots.leaves[leaf];
        (leaf.sex.as_str(), leaf.age.as_str())
    })
}

fn rolled_rows<'a>(analysis: &'a Analysis, row: usize, key: RollKey, rows: &mut Vec<FigureRow<'a>>) {
    let area = analysis.areas.get(key.area);
    let (sex, age) = leaf_names(analysis, key.leaf);
    let base = FigureRow {
        pcode: area.pcode.as_str(),
        level: area.level.0,
        group: analysis.cells.group_code(key.group),
        sex,
        age,
        ..FigureRow::default()
    };
    for &series in &analysis.series {
        let sums = analysis.rolled.get(row, series);
        rows.push(FigureRow {
            scope: series.scope().word(),
            code: series.code(),
            population: sums.population,
            affected: sums.affected,
            in_need: sums.in_need,
            range: if key.leaf.is_none() { analysis.ranges.of_sum(key.area, key.group, series) } else { None },
            households: analysis.estimates.get(Domain::Area(key.area, key.group), series.scope()).map(|estimate| estimate.known),
            phase: if key.leaf.is_none() { analysis.rolled.phase(key.area, key.group, series.scope()) } else { None },
            coverage: sums.coverage(),
            method: if sums.in_need.is_some() { "sum" } else { "" },
            targeted: sums.targeted,
            reached: sums.reached,
            partial: sums.known.map(Known::partial),
            touch: touch_of_sum(analysis, key, series),
            survey: if key.leaf.is_none() { analysis.marks.sum(key.area, key.group, series) } else { SurveyMarks::default() },
            ..base.clone()
        });
    }
    if key.leaf.is_none() {
        rows.extend(across_sum(analysis, key, &base));
    }
}

/// What decisions have to do with a sum, and with the phase beside it.
fn touch_of_sum(analysis: &Analysis, key: RollKey, series: Series) -> Touch {
    let is_area = key.group.is_none() && key.leaf.is_none();
    let speaker = analysis.rolled.speaker(key.area, series.scope()).filter(|_| is_area);
    let of_phase = speaker.map_or(Touch::None, |cell| analysis.touched.phase(cell, series.scope()));
    analysis.touched.sum(key.area, key.group, key.leaf, series).max(of_phase)
}

/// The sum across sectors over the units in an area.
fn across_sum<'a>(analysis: &'a Analysis, key: RollKey, base: &FigureRow<'a>) -> Option<FigureRow<'a>> {
    if analysis.across.units.is_empty() {
        return None;
    }
    let sums = analysis.rolled_across.get(key.area, key.group);
    let own = analysis.cells.find(key.area, "", None).filter(|_| key.group.is_none()).and_then(|cell| analysis.across.get(cell));
    Some(FigureRow {
        scope: Scope::Intersectoral.word(),
        code: Scope::Intersectoral.word(),
        population: Some(sums.population),
        in_need: sums.in_need,
        phase: own.and_then(|unit| unit.severity_final),
        coverage: sums.assessed.share_of(sums.population).map(|share| share.0),
        method: match (sums.in_need, own.and_then(|unit| unit.severity_final)) {
            (Some(_), _) => "sum",
            (None, Some(_)) => "combined",
            (None, None) => "",
        },
        targeted: sums.targeted,
        touch: own.map_or(Touch::None, |unit| analysis.touched.across(unit.cell)).max(analysis.touched.across_sum(key.area, key.group)),
        low_coverage: own.is_some_and(|unit| unit.low_coverage),
        partial: [None, sums.targeted_known.partial(), None],
        ..base.clone()
    })
}

/// The people of an area who live in none of its pockets; the area's own row is the sum.
pub const OUTSIDE_POCKETS: &str = "(outside pockets)";

fn unit_rows<'a>(analysis: &'a Analysis, cell: CellId, pocket: &'a str, rows: &mut Vec<FigureRow<'a>>) {
    let key = analysis.cells.key(cell);
    let area = analysis.areas.get(key.area);
    let group = analysis.cells.group_code(key.group);
    let base = FigureRow { pcode: area.pcode.as_str(), level: area.level.0, pocket, group, ..FigureRow::default() };
    let total = analysis.population.slots.total(cell);
    for &series in &analysis.series {
        rows.push(series_row(analysis, cell, total, series, &base));
    }
    let population = analysis.population.of(cell);
    for (risk, rule) in analysis.rules.risks.entries() {
        let judged = analysis.severity.get(cell, Scope::Risk(risk));
        rows.push(FigureRow {
            scope: "risk",
            code: &rule.code,
            population,
            phase: judged.phase,
            coverage: judged.coverage(),
            method: evidence_word(&judged),
            touch: analysis.touched.phase(cell, Scope::Risk(risk)),
            ..on_households(analysis, cell, Scope::Risk(risk), &judged, &base)
        });
    }
    for (id, indicator) in analysis.rules.indicators.entries().filter(|(_, indicator)| indicator.is_of_areas()) {
        let phase = analysis.scored.phase(cell.index(), id);
        rows.push(FigureRow {
            scope: "indicator",
            code: &indicator.id,
            population,
            phase,
            method: if phase.is_some() { "area" } else { "" },
            touch: analysis.touched.phase(cell, Scope::Indicator(id)),
            ..base.clone()
        });
    }
    if !analysis.across.units.is_empty() {
        rows.push(across_row(analysis, cell, population, &base));
    }
    for (leaf, slot) in analysis.population.slots.leaves_of(cell) {
        let (sex, age) = leaf_names(analysis, Some(leaf));
        let base = FigureRow { sex, age, ..base.clone() };
        rows.extend(analysis.series.iter().map(|&series| series_row(analysis, cell, slot, series, &base)));
    }
}

fn series_row<'a>(analysis: &'a Analysis, cell: CellId, slot: SlotId, series: Series, base: &FigureRow<'a>) -> FigureRow<'a> {
    let judged = analysis.severity.get(cell, series.scope());
    let in_need = analysis.in_need.in_need(slot, series);
    let is_total = analysis.population.slots.get(slot).1.is_none();
    // A leaf shows the phase of its cell, so it shows that a decision changed it; a total that was decided is not its own.
    let touch = match analysis.touched.series(cell, series) {
        Touch::Changed if !is_total && !judged.decided => Touch::Rests,
        touch => touch,
    };
    let method = analysis.in_need.method(slot, series);
    FigureRow {
        scope: series.scope().word(),
        code: series.code(),
        population: analysis.population.at(slot),
        affected: analysis.in_need.affected(slot, series),
        in_need,
        range: analysis.range_basis().of_unit(cell, slot, series),
        phase: judged.phase,
        coverage: judged.coverage(),
        method: match (in_need, method) {
            (None, _) => evidence_word(&judged),
            (Some(_), Method::None) if is_total => DECIDED,
            (Some(_), method) => method.word(),
        },
        mosaic: if series == Series::Overall && in_need.is_some() { mosaic_word(analysis, cell) } else { "" },
        targeted: analysis.response.targeted(cell, series).filter(|_| is_total),
        reached: analysis.response.reached(cell, series).filter(|_| is_total),
        touch,
        ..on_households(analysis, cell, series.scope(), &judged, base)
    }
}

/// What a row says of the households on which its phase rests.
fn on_households<'a>(analysis: &Analysis, cell: CellId, scope: Scope, judged: &ScopePhase, base: &FigureRow<'a>) -> FigureRow<'a> {
    let said = speaking(analysis, cell, scope, judged);
    let estimate = said.and_then(|said| analysis.estimates.get(said.domain, scope));
    FigureRow { households: estimate.map(|estimate| estimate.known), survey: analysis.marks.unit(cell, scope), ..base.clone() }
}

fn across_row<'a>(analysis: &'a Analysis, cell: CellId, population: Option<People>, base: &FigureRow<'a>) -> FigureRow<'a> {
    let unit = analysis.across.get(cell);
    let in_need = unit.and_then(|unit| unit.in_need_final);
    let phase = analysis.across.severity_of(cell, &analysis.cells);
    let method = match (in_need, phase) {
        (Some(_), _) => "highest",
        (None, Some(_)) => "combined",
        (None, None) => "",
    };
    FigureRow {
        scope: Scope::Intersectoral.word(),
        code: Scope::Intersectoral.word(),
        population,
        in_need,
        phase,
        method,
        targeted: unit.and_then(|unit| unit.targeted),
        touch: analysis.touched.across(cell),
        low_coverage: analysis.across.is_low(cell, &analysis.cells),
        ..base.clone()
    }
}

/// The method of people whom no rule gives, but a decision.
pub const DECIDED: &str = "decision";

/// The word for the evidence behind a phase.
pub fn evidence_word(judged: &ScopePhase) -> &'static str {
    match (judged.evidence, judged.combined) {
        (None, _) => "",
        (Some(_), true) => "combined",
        (Some(kind), false) => kind.word(),
    }
}

/// The word for the level at which the highest was taken.
pub fn mosaic_word(analysis: &Analysis, cell: CellId) -> &'static str {
    analysis.in_need.levels.get(cell.index()).copied().flatten().map_or("", crate::stage::mosaic::MosaicLevel::word)
}

/// `figures.csv`.
pub fn file(analysis: &Analysis) -> TextFile<'_> {
    let people = |people: Option<People>| Datum::exact(people.map(|people| people.0));
    let rows = figures(analysis).map(move |row| {
        vec![
            Datum::text(row.pcode),
            Datum::Whole(row.level.into()),
            Datum::text(row.pocket),
            Datum::text(row.group),
            Datum::text(row.sex),
            Datum::text(row.age),
            Datum::text(row.scope),
            Datum::text(row.code),
            people(row.population),
            people(row.affected),
            people(row.in_need),
            people(row.range.map(|range| range.low)),
            people(row.range.map(|range| range.high)),
            Datum::phase(row.phase),
            Datum::exact(row.coverage),
            row.households.map_or(Datum::Empty, |count| Datum::Whole(i128::try_from(count).unwrap_or_default())),
            Datum::text(row.method),
            Datum::text(row.mosaic),
            people(row.targeted),
            people(row.reached),
            Datum::text(row.marks()),
        ]
    });
    TextFile {
        name: "figures.csv",
        header: vec![
            "pcode",
            "level",
            "pocket",
            "population_group",
            "sex",
            "age",
            "scope",
            "code",
            "population",
            "affected",
            "in_need",
            "in_need_low",
            "in_need_high",
            "phase",
            "coverage",
            "households",
            "method",
            "mosaic",
            "targeted",
            "reached",
            "mark",
        ],
        rows: Box::new(rows),
    }
}
