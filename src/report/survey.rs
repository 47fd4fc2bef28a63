//! The quality of a survey: how many households were asked, how much they weigh, how sure what they say is, and how many left
//! a question open. No household stands here, only counts of them.

use super::model::{Column, Datum, Format, Table};
use crate::domain::{Decimal, Scope};
use crate::stage::Analysis;
use crate::stage::survey::estimates::{Domain, Estimate, ShareEstimate};
use crate::stage::survey::phases::phases_of_indicator;
use crate::stage::survey_marks::SurveyMarks;

/// What households say of one domain in one scope.
pub struct DomainRow<'a> {
    /// The area.
    pub pcode: &'a str,
    /// A named sub-place.
    pub pocket: &'a str,
    /// The group; empty for all.
    pub group: &'a str,
    /// Of what.
    pub scope: Scope,
    /// Its code.
    pub code: &'a str,
    /// What they say.
    pub estimate: &'a Estimate,
    few: bool,
    borderline: bool,
}

impl DomainRow<'_> {
    /// What a reader has to know beside it.
    pub fn mark(&self) -> String {
        SurveyMarks::new(self.few, self.borderline).words().collect::<Vec<_>>().join("|")
    }
}

/// The domains in the order of p-code, group and scope; those of whole areas and of groups in them first, then pockets.
pub fn domains(analysis: &Analysis) -> impl Iterator<Item = DomainRow<'_>> {
    let least = analysis.rules.survey.least_households as usize;
    let of = move |(&(domain, scope), estimate): (&(Domain, Scope), &'_ Estimate)| {
        let (area, pocket, group) = match domain {
            Domain::Area(area, group) => (area, "", group),
            Domain::Cell(cell) => {
                let key = analysis.cells.key(cell);
                (key.area, key.pocket.as_str(), key.group)
            }
        };
        // A unit outside pockets and its group in the area are the same households, unless the area has pockets: one row
        // stands for both, and only the unit's knows how likely its phase is.
        let unit = || analysis.cells.find(area, "", group).and_then(|cell| analysis.estimates.get(Domain::Cell(cell), scope));
        let of_area = || analysis.estimates.get(Domain::Area(area, group), scope);
        let same = || unit().zip(of_area()).is_some_and(|(unit, of_area)| unit.asked == of_area.asked);
        let is_again = pocket.is_empty() && matches!(domain, Domain::Area(..)) == same();
        let place = (analysis.areas.get(area).pcode.as_str(), pocket, analysis.cells.group_code(group));
        (!is_again).then_some((place, scope, estimate.known < least))
    };
    let mut rows: Vec<((&str, &str, &str), Scope, bool, &Estimate)> = Vec::new();
    for (key, estimate) in &analysis.estimates.by_domain {
        if let Some((place, scope, few)) = of((key, estimate)) {
            rows.push((place, scope, few, estimate));
        }
    }
    let country = analysis.areas.get(analysis.areas.country()).pcode.as_str();
    rows.sort_by_key(|(place, scope, ..)| (place.0 != country, *place, *scope));
    rows.into_iter().map(|((pcode, pocket, group), scope, few, estimate)| {
        let code = match scope {
            Scope::Risk(risk) => analysis.rules.risks[risk].code.as_str(),
            Scope::Aor(aor) => aor.code(),
            _ => crate::domain::Series::Overall.code(),
        };
        let borderline = estimate.is_borderline(analysis.rules.severity.area_phase);
        DomainRow { pcode, pocket, group, scope, code, estimate, few, borderline }
    })
}

/// The sheet; `None` without households.
pub fn table(analysis: &Analysis) -> Option<Table> {
    if analysis.survey.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Area", Format::Text, 14),
        Column::new("Pocket", Format::Text, 12),
        Column::new("Group", Format::Text, 16),
        Column::new("Scope", Format::Text, 10),
        Column::new("Code", Format::Text, 12),
        Column::new("Asked", Format::Whole, 9),
        Column::new("Known", Format::Whole, 9),
        Column::new("Effective", Format::Number, 10),
        Column::new("Clusters", Format::Whole, 9),
        Column::new("Degrees of freedom", Format::Whole, 10),
        Column::new("Design effect", Format::Number, 9),
        Column::new("In need", Format::Percent, 9),
        Column::new("Standard error", Format::Percent, 10),
        Column::new("Low", Format::Percent, 9),
        Column::new("High", Format::Percent, 9),
        Column::new("Phase", Format::Phase, 8),
        Column::new("Sure", Format::Percent, 8),
        Column::new("Mark", Format::Text, 16),
    ];
    let rows = domains(analysis).map(|row| row_of(&row, analysis)).collect();
    Some(Table { name: "Survey quality".into(), notes: notes(analysis), columns, rows, key_columns: 3 })
}

fn row_of(row: &DomainRow<'_>, analysis: &Analysis) -> Vec<Datum> {
    let of = row.estimate;
    let from = analysis.rules.people.from_phase;
    let need = of.from(from).copied();
    let count = |count: usize| Datum::Whole(i128::try_from(count).unwrap_or_default());
    let share = |share: Option<f64>| Datum::share(share.and_then(Decimal::from_f64));
    // Hundredths are more than these figures are good for.
    let number = |number: f64| Datum::exact(Decimal::from_f64((number * 100.0).round() / 100.0));
    let interval = need.and_then(|need: ShareEstimate| need.interval);
    vec![
        Datum::text(row.pcode),
        Datum::text(row.pocket),
        Datum::text(row.group),
        Datum::text(row.scope.word()),
        Datum::text(row.code),
        count(of.asked),
        count(of.known),
        number(of.effective),
        count(of.clusters),
        count(of.degrees()),
        of.design_effect(from).map_or(Datum::Empty, number),
        share(need.map(|need| need.share)),
        share(need.map(|need| need.error)),
        share(interval.map(|interval| interval.low)),
        share(interval.map(|interval| interval.high)),
        Datum::phase(analysis.rules.severity.area_phase.phase_of(&of.weights)),
        share(of.sureness(analysis.rules.severity.area_phase)),
        Datum::text(row.mark()),
    ]
}

/// Of the survey as a whole: weights, and questions that were left open.
#[expect(clippy::cast_precision_loss, reason = "numbers of households, for per cents")]
fn notes(analysis: &Analysis) -> Vec<String> {
    let survey = &analysis.survey;
    let weights = &survey.weights;
    let (low, high) = weights.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), weight| (low.min(*weight), high.max(*weight)));
    let mut notes = vec![
        format!("{} households; weights from {low} to {high}, the largest {:.1} times the smallest.", survey.len(), high / low),
        "Sure: how often the area stands in this phase when the survey is drawn again out of itself; below 80 % it is borderline.".into(),
        "Low and high: the interval of the share in need with the framework's confidence. Empty where the design leaves no degree of freedom.".into(),
    ];
    for (id, indicator) in analysis.rules.indicators.entries().filter(|(id, _)| survey.is_asked(*id)) {
        let phases = phases_of_indicator(id, survey, &analysis.cells, &analysis.areas, &analysis.rules);
        let columns = survey.columns_of(id);
        let answered = |row: &usize| columns.iter().any(|column| column.is_known(*row));
        let open = (0..survey.len()).filter(|row| !answered(row)).count();
        let unsure = survey.dont_know(id, indicator);
        let unknown = phases.iter().map(|phase| usize::from(*phase == 0)).sum();
        let share = |count: usize| 100.0 * (count as f64) / (survey.len() as f64);
        notes.push(format!(
            "{}: not answered by {open} ({:.1} %), \"don't know\" or a word that means it {unsure} times ({:.1} %), no phase for {unknown} ({:.1} %).",
            indicator.id,
            share(open),
            share(unsure) / columns.len().max(1) as f64,
            share(unknown)
        ));
    }
    notes
}
