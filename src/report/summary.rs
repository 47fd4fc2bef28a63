//! The figures a coordinator looks at first; the same for the workbook and for the terminal.

use super::decisions::{Overridden, overridden_units};
use super::model::{Column, Datum, Format, Table};
use super::pin::touch_of_area;
use crate::diag::{Findings, Level};
use crate::domain::{AreaId, Decimal, People, Scope, Series};
use crate::stage::Analysis;
use crate::stage::ranges::PeopleRange;
use crate::stage::survey_marks::SurveyMarks;
use crate::stage::touched::Touch;

/// Key figures of an analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyFigures {
    /// People living there.
    pub population: Option<People>,
    /// People affected.
    pub affected: Option<People>,
    /// People in need.
    pub in_need: Option<People>,
    /// How far people in need may lie, where they rest on households.
    pub range: Option<PeopleRange>,
    /// In need of the people for whom it is known.
    pub share: Option<Decimal>,
    /// Share of the population for which people in need are known.
    pub coverage: Option<Decimal>,
    /// People for whom nothing is known.
    pub not_assessed: Option<People>,
    /// Targeted and reached.
    pub targeted: Option<People>,
    /// Reached.
    pub reached: Option<People>,
    /// Share of the population for which affected, targeted and reached are known.
    pub known: [Option<Decimal>; 3],
    /// In need per AoR in play.
    pub by_aor: Vec<AorFigure>,
    /// In need per area of the first level.
    pub by_area: Vec<AreaFigure>,
    /// Units by overall phase 1 to 5, and unknown.
    pub units_by_phase: [usize; 6],
    /// People living in units by overall phase 1 to 5, and unknown.
    pub people_by_phase: [People; 6],
    /// What decisions have to do with the people affected and in need, and so with those for whom nothing is known.
    pub touch: Touch,
    /// What decisions have to do with the phases of units.
    pub touch_of_phases: Touch,
    /// Units of which a decision changed a phase or a figure.
    pub overridden: Overridden,
}

/// People in need of an AoR in the whole country.
#[derive(Clone, Debug, PartialEq)]
pub struct AorFigure {
    /// The AoR.
    pub series: Series,
    /// People in need.
    pub in_need: Option<People>,
    /// People for whom they are known.
    pub assessed: Option<People>,
    /// These as a share of the population.
    pub coverage: Option<Decimal>,
    /// What decisions have to do with them.
    pub touch: Touch,
}

/// People in need of an area, overall.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaFigure {
    /// Which.
    pub area: AreaId,
    /// Its p-code.
    pub pcode: String,
    /// Its name.
    pub name: String,
    /// People in need.
    pub in_need: Option<People>,
    /// People for whom they are known.
    pub assessed: Option<People>,
    /// What decisions have to do with them.
    pub touch: Touch,
}

/// In need of the people for whom it is known.
pub fn share_in_need(in_need: Option<People>, assessed: Option<People>) -> Option<Decimal> {
    in_need.zip(assessed).and_then(|(need, people)| need.share_of(people)).map(|share| share.0)
}

/// Gathers the key figures.
pub fn key_figures(analysis: &Analysis) -> KeyFigures {
    let country = analysis.rolled.area(analysis.areas.country(), Series::Overall);
    let mut units_by_phase = [0; 6];
    let mut people_by_phase = [People::ZERO; 6];
    for cell in analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell)) {
        let at = analysis.severity.phase(cell, Scope::Overall).map_or(5, crate::domain::Phase::index);
        if let (Some(units), Some(people)) = (units_by_phase.get_mut(at), people_by_phase.get_mut(at)) {
            *units += 1;
            *people += analysis.population.of(cell).unwrap_or_default();
        }
    }
    KeyFigures {
        population: country.population,
        affected: country.affected,
        in_need: country.in_need,
        range: analysis.ranges.of_sum(analysis.areas.country(), None, Series::Overall),
        share: share_in_need(country.in_need, country.assessed),
        coverage: country.coverage(),
        not_assessed: country.population.map(|people| people - country.assessed.unwrap_or_default()),
        targeted: country.targeted,
        reached: country.reached,
        known: country.known.map(|known| known.share(country.population)),
        by_aor: analysis.aors.iter().map(|&aor| of_aor(analysis, Series::Aor(aor))).collect(),
        by_area: super::pin::first_level(analysis).into_iter().map(|area| of_area(analysis, area)).collect(),
        units_by_phase,
        people_by_phase,
        touch: touch_of_area(analysis, analysis.areas.country(), Series::Overall),
        touch_of_phases: analysis.touched.phases_anywhere(Scope::Overall),
        overridden: overridden_units(analysis),
    }
}

fn of_aor(analysis: &Analysis, series: Series) -> AorFigure {
    let country = analysis.areas.country();
    let sums = analysis.rolled.area(country, series);
    let touch = touch_of_area(analysis, country, series);
    AorFigure { series, in_need: sums.in_need, assessed: sums.assessed, coverage: sums.coverage(), touch }
}

fn of_area(analysis: &Analysis, area: AreaId) -> AreaFigure {
    let sums = analysis.rolled.area(area, Series::Overall);
    let place = analysis.areas.get(area);
    AreaFigure {
        area,
        pcode: place.pcode.as_str().to_owned(),
        name: place.name.clone(),
        in_need: sums.in_need,
        assessed: sums.assessed,
        touch: touch_of_area(analysis, area, Series::Overall),
    }
}

/// For how much of the population a figure is known, where that is not all of it.
pub fn known_for(coverage: Option<Decimal>) -> String {
    match coverage {
        Some(Decimal::ZERO) => ", not known".into(),
        Some(coverage) if coverage < Decimal::ONE => format!(", known for {:.1} % of the population", coverage.to_f64() * 100.0),
        _ => String::new(),
    }
}

/// The risks by rank, with the figures that decide.
pub fn priorities(analysis: &Analysis, language: &str) -> Table {
    let columns = vec![
        Column::new("Rank", Format::Whole, 7),
        Column::new("Risk", Format::Text, 8),
        Column::new("Name", Format::Text, 70),
        Column::new("People where it stands in phase 4 or 5", Format::Whole, 18),
        Column::new("People where it stands in phase 3 or worse", Format::Whole, 18),
        Column::new("Areas in phase 4 or 5", Format::Whole, 12),
        Column::new("Areas in phase 3 or worse", Format::Whole, 12),
        Column::new("People where its phase is known", Format::Whole, 18),
        Column::new("Mark", Format::Text, 18),
    ];
    let count = |number: usize| Datum::Whole(i128::try_from(number).unwrap_or_default());
    let people = |people: People| Datum::rounded(Some(people.0));
    let rows = analysis.priorities.iter().enumerate().map(|(at, priority)| {
        let risk = &analysis.rules.risks[priority.risk];
        vec![
            count(at + 1),
            Datum::text(risk.code.as_str()),
            Datum::text(risk.name(language)),
            people(priority.people_in_phase_4),
            people(priority.people_in_phase_3),
            count(priority.areas_in_phase_4),
            count(priority.areas_in_phase_3),
            people(priority.people_assessed),
            Datum::text(analysis.touched.phases_anywhere(Scope::Risk(priority.risk)).word()),
        ]
    });
    let notes = vec![
        "By people living where the risk stands in phase 4 or 5, then 3 or worse, then by the number of such areas.".into(),
        "People are counted by area and group. An area counts once, where the risk stands so for any of its groups.".into(),
        "Mark: rests-on-override = a decision changed the phase of this risk in a unit, or what it rests on.".into(),
    ];
    Table { name: "Priority risks".into(), notes, columns, rows: rows.collect(), key_columns: 3 }
}

/// The sheet.
pub fn table(analysis: &Analysis, findings: &Findings, country: &str, language: &str) -> Table {
    let key = key_figures(analysis);
    let people = |people: Option<People>| Datum::rounded(people.map(|people| people.0));
    let mut rows: Vec<Vec<Datum>> = Vec::new();
    let mut add = |what: &str, which: String, people: Datum, share: Option<Decimal>, touch: Touch, marks: SurveyMarks| {
        let words: Vec<&str> = Some(touch.word()).filter(|word| !word.is_empty()).into_iter().chain(marks.words()).collect();
        rows.push(vec![Datum::text(what), Datum::text(which), people, Datum::share(share), Datum::text(words.join("|"))]);
    };
    let none = SurveyMarks::default();
    let country_area = analysis.areas.country();
    let sum = |area: AreaId, series: Series| super::pin::survey_marks_of_area(analysis, area, series);
    add("Population", String::new(), people(key.population), None, Touch::None, none);
    let [affected_for, targeted_for, reached_for] = key.known.map(|share| known_for(share).trim_start_matches(", ").to_owned());
    add("Affected", affected_for, people(key.affected), None, key.touch, none);
    add("In need", Series::Overall.name().into(), people(key.in_need), key.share, key.touch, sum(country_area, Series::Overall));
    if let Some(range) = key.range {
        add("In need", "low".into(), people(Some(range.low)), None, Touch::None, none);
        add("In need", "high".into(), people(Some(range.high)), None, Touch::None, none);
    }
    let left = key.coverage.map(|coverage| Decimal::ONE - coverage);
    add("Not assessed", String::new(), people(key.not_assessed), left, key.touch, none);
    add("Targeted", targeted_for, people(key.targeted), None, Touch::None, none);
    add("Reached", reached_for, people(key.reached), None, Touch::None, none);
    for of in &key.by_aor {
        let which = format!("{}{}", of.series.name(), known_for(of.coverage));
        add("In need by AoR", which, people(of.in_need), share_in_need(of.in_need, of.assessed), of.touch, sum(country_area, of.series));
    }
    for of in &key.by_area {
        let which = format!("{} {}", of.pcode, of.name);
        add("In need by area", which, people(of.in_need), share_in_need(of.in_need, of.assessed), of.touch, sum(of.area, Series::Overall));
    }
    let of_population = |people: People| key.population.and_then(|all| people.share_of(all)).map(|share| share.0);
    for (at, living) in key.people_by_phase.into_iter().enumerate() {
        let name =
            crate::domain::Phase::ALL.get(at).map_or_else(|| "not known".to_owned(), |phase| format!("phase {phase} {}", phase.name()));
        add("People living in units of overall", name, people(Some(living)), of_population(living), key.touch_of_phases, none);
    }
    for (rank, priority) in analysis.priorities.iter().enumerate().filter(|(_, priority)| priority.areas_in_phase_3 > 0).take(5) {
        let risk = &analysis.rules.risks[priority.risk];
        let living = priority.people_in_phase_4;
        let what = format!("Risk {}: people where it stands in phase 4 or 5", rank + 1);
        let which = format!("{} {}", risk.code, risk.name(language));
        add(&what, which, people(Some(living)), of_population(living), analysis.touched.phases_anywhere(Scope::Risk(priority.risk)), none);
    }
    let units = i128::try_from(key.overridden.units).unwrap_or_default();
    let of_units = format!("of {} units", key.overridden.of);
    add("Units changed by decisions", of_units, Datum::Whole(units), key.overridden.share(), Touch::None, none);
    for level in [Level::Warning, Level::Note] {
        let count = i128::try_from(findings.count(level)).unwrap_or_default();
        add("Findings", format!("{}s", level.word()), Datum::Whole(count), None, Touch::None, none);
    }
    let columns = vec![
        Column::new("What", Format::Text, 46),
        Column::new("Which", Format::Text, 70),
        Column::new("People", Format::Whole, 16),
        Column::new("Share", Format::Percent, 10),
        Column::new("Mark", Format::Text, 18),
    ];
    let notes = vec![
        format!("{country}. Framework {}.", analysis.rules.name_and_version()),
        format!("Overall: {}.", super::methods::across_in_words(analysis)),
        "A unit is an area and group, or a pocket of it. Share: people in need of the people for whom they are known; all others of the population.".into(),
        "Mark: rests-on-override = this figure rests on what a decision changed. Sheet Decisions says which. rests-on-low-precision, rests-on-fallback = some unit in it rests on few households, or on those of the area around.".into(),
    ];
    Table { name: "Summary".into(), notes, columns, rows, key_columns: 1 }
}
