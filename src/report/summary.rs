//! The figures a coordinator looks at first; the same for the workbook and for the terminal.

use super::decisions::{Overridden, overridden_units};
use super::model::{Column, Datum, Format, Table};
use crate::diag::{Findings, Level};
use crate::domain::{Decimal, People, Scope, Series};
use crate::stage::Analysis;

/// Key figures of an analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyFigures {
    /// People living there.
    pub population: Option<People>,
    /// People affected.
    pub affected: Option<People>,
    /// People in need.
    pub in_need: Option<People>,
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
    /// In need per AoR in play, the share of the population for which they are known, and how many people these are.
    pub by_aor: Vec<(Series, Option<People>, Option<Decimal>, Option<People>)>,
    /// In need per area of the first level: code, name, people in need, population.
    pub by_area: Vec<(String, String, Option<People>, Option<People>)>,
    /// Units by overall phase 1 to 5, and unknown.
    pub units_by_phase: [usize; 6],
    /// People living in units by overall phase 1 to 5, and unknown.
    pub people_by_phase: [People; 6],
    /// Units of which a decision changed a phase or a figure.
    pub overridden: Overridden,
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
        share: country.in_need.zip(country.assessed).and_then(|(need, people)| need.share_of(people)).map(|share| share.0),
        coverage: country.coverage(),
        not_assessed: country.population.map(|people| people - country.assessed.unwrap_or_default()),
        targeted: country.targeted,
        reached: country.reached,
        known: country.known.map(|known| known.share(country.population)),
        by_aor: analysis
            .aors
            .iter()
            .map(|&aor| {
                let sums = analysis.rolled.area(analysis.areas.country(), Series::Aor(aor));
                (Series::Aor(aor), sums.in_need, sums.coverage(), sums.assessed)
            })
            .collect(),
        by_area: super::pin::first_level(analysis)
            .into_iter()
            .map(|area| {
                let sums = analysis.rolled.area(area, Series::Overall);
                let place = analysis.areas.get(area);
                (place.pcode.as_str().to_owned(), place.name.clone(), sums.in_need, sums.assessed)
            })
            .collect(),
        units_by_phase,
        people_by_phase,
        overridden: overridden_units(analysis),
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
        ]
    });
    let notes = vec![
        "By people living where the risk stands in phase 4 or 5, then 3 or worse, then by the number of such areas.".into(),
        "People are counted by area and group. An area counts once, where the risk stands so for any of its groups.".into(),
    ];
    Table { name: "Priority risks".into(), notes, columns, rows: rows.collect(), key_columns: 3 }
}

/// The sheet.
pub fn table(analysis: &Analysis, findings: &Findings, country: &str, language: &str) -> Table {
    let key = key_figures(analysis);
    let people = |people: Option<People>| Datum::rounded(people.map(|people| people.0));
    let mut rows: Vec<Vec<Datum>> = Vec::new();
    let mut add =
        |what: &str, which: String, people: Datum, share: Datum| rows.push(vec![Datum::text(what), Datum::text(which), people, share]);
    add("Population", String::new(), people(key.population), Datum::Empty);
    let [affected_for, targeted_for, reached_for] = key.known.map(|share| known_for(share).trim_start_matches(", ").to_owned());
    add("Affected", affected_for, people(key.affected), Datum::Empty);
    add("In need", Series::Overall.name().into(), people(key.in_need), Datum::share(key.share));
    add("Not assessed", String::new(), people(key.not_assessed), Datum::share(key.coverage.map(|coverage| Decimal::ONE - coverage)));
    add("Targeted", targeted_for, people(key.targeted), Datum::Empty);
    add("Reached", reached_for, people(key.reached), Datum::Empty);
    for (series, need, coverage, assessed) in &key.by_aor {
        let share = need.zip(*assessed).and_then(|(need, people)| need.share_of(people));
        add(
            "In need by AoR",
            format!("{}{}", series.name(), known_for(*coverage)),
            people(*need),
            Datum::share(share.map(|share| share.0)),
        );
    }
    for (pcode, name, need, population) in &key.by_area {
        let share = need.zip(*population).and_then(|(need, people)| need.share_of(people));
        add("In need by area", format!("{pcode} {name}"), people(*need), Datum::share(share.map(|share| share.0)));
    }
    for (at, living) in key.people_by_phase.into_iter().enumerate() {
        let name =
            crate::domain::Phase::ALL.get(at).map_or_else(|| "not known".to_owned(), |phase| format!("phase {phase} {}", phase.name()));
        let share = key.population.and_then(|people| living.share_of(people));
        add("People living in units of overall", name, people(Some(living)), Datum::share(share.map(|share| share.0)));
    }
    for (rank, priority) in analysis.priorities.iter().enumerate().filter(|(_, priority)| priority.areas_in_phase_3 > 0).take(5) {
        let risk = &analysis.rules.risks[priority.risk];
        let share = key.population.and_then(|people| priority.people_in_phase_4.share_of(people));
        let name = format!("{} {}", risk.code, risk.name(language));
        add(
            &format!("Risk {}: people where it stands in phase 4 or 5", rank + 1),
            name,
            people(Some(priority.people_in_phase_4)),
            Datum::share(share.map(|share| share.0)),
        );
    }
    let (units, share) = (i128::try_from(key.overridden.units).unwrap_or_default(), key.overridden.share());
    add("Units changed by decisions", format!("of {} units", key.overridden.of), Datum::Whole(units), Datum::share(share));
    for level in [Level::Warning, Level::Note] {
        let count = i128::try_from(findings.count(level)).unwrap_or_default();
        add("Findings", format!("{}s", level.word()), Datum::Whole(count), Datum::Empty);
    }
    let columns = vec![
        Column::new("What", Format::Text, 46),
        Column::new("Which", Format::Text, 70),
        Column::new("People", Format::Whole, 16),
        Column::new("Share", Format::Percent, 10),
    ];
    let notes = vec![
        format!("{country}. Framework {}.", analysis.rules.name_and_version()),
        format!("Overall: {}.", super::methods::across_in_words(analysis)),
        "A unit is an area and group, or a pocket of it. Share: people in need of the people for whom they are known; all others of the population.".into(),
    ];
    Table { name: "Summary".into(), notes, columns, rows, key_columns: 1 }
}
