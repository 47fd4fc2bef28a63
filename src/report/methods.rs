//! The framework in words: every rule and every threshold in force, with its section of the method.

use super::model::{Column, Datum, Format, Table};
use crate::domain::{Evidence, People, Phase, Series};
use crate::framework::combine::CombineRule;
use crate::framework::files::{AboveTheUnit, CombineName, Comparator, MissingName, MosaicCell, RoundingName, WorseWhenName};
use crate::framework::rules::{AcrossAors, Indicator, PeopleRule};
use crate::framework::score_form::{Compare, Condition, ScoreForm, Test};
use crate::stage::Analysis;
use crate::stage::people::Method;
use crate::stage::touched::{self, Touch};

/// The sheet.
pub fn table(analysis: &Analysis) -> Table {
    let rules = &analysis.rules;
    let mut lines: Vec<(String, String, &str)> = vec![
        ("Framework".into(), format!("{}: {}", rules.name_and_version(), rules.title), "13"),
        ("Source".into(), rules.source.clone(), "13"),
        ("Evidence".into(), evidence_in_words(&rules.severity.evidence_order), "5"),
        ("Risk from indicators".into(), combine_in_words(rules.severity.risk), "5"),
        ("AoR from risks".into(), combine_in_words(rules.severity.aor), "5"),
        ("Overall phase from AoRs".into(), combine_in_words(rules.severity.overall), "5"),
        ("Phase from shares".into(), area_phase_in_words(analysis), "5"),
        (
            "Coverage".into(),
            format!(
                "a risk's phase from indicators is unknown when less than {} of the expected ones are known",
                rules.severity.least_coverage
            ),
            "14.14",
        ),
        ("Areas above the unit of analysis".into(), above_in_words(rules.severity.above_the_unit).into(), "14.6"),
    ];
    for &series in &analysis.series {
        lines.push((format!("People: {}", series.name()), ways_in_words(analysis, series), "6"));
    }
    if let Some(gate) = rules.people.need_from_area_phase {
        lines.push((
            "Area gate".into(),
            format!("where the overall phase is below {gate}, what is estimated as in need is 0; affected stays"),
            "6.5",
        ));
    }
    lines.push(("Across AoRs".into(), across_in_words(analysis), "7"));
    let levels = analysis.mosaic_levels;
    let mut shown = format!(
        "of the figures of AoRs that enter overall: {} by area and group; {} by area; {} for the country; the sum of AoRs would be {}",
        levels.group.rounded(),
        levels.area.rounded(),
        levels.country.rounded(),
        levels.sum.rounded()
    );
    if let Some(alone) = without_aors(analysis) {
        shown.push_str(&format!("; overall holds {} people more, by evidence of its own where no AoR has a figure", alone.rounded()));
    }
    if touched::of_aors(analysis) != Touch::None {
        shown.push_str("; these figures rest on what decisions changed");
    }
    lines.push(("In need by level of the highest".into(), shown, "7"));
    let priority = "people of the areas and groups where the risk stands in phase 4 or 5, then 3 or worse; then the number of areas with such a group, each counted once; then the order of the codes";
    lines.push(("Priority list".into(), priority.into(), "3"));
    lines.push(("Sums above the unit of analysis".into(), "each figure over the areas and groups for which it is known; affected, targeted and reached say where they leave out people whose in need is known".into(), "15.5"));
    lines.push(("Rounding".into(), "half up, once, at each published figure; sums are of unrounded figures".into(), "9"));
    let threshold = rules.intersectoral.change_from_last_year;
    lines.push(("Change from last year".into(), format!("a change of {threshold} or more is said (default 100%)"), "12"));
    if !analysis.across.units.is_empty() {
        for (key, value, default) in rules.intersectoral.beside_defaults() {
            lines.push((format!("Across sectors: {key}"), format!("{value} (default {default})"), "8"));
        }
    }
    for indicator in rules.indicators.iter() {
        lines.push((format!("Indicator {}", indicator.id), indicator_in_words(analysis, indicator), "4"));
    }
    for (_, risk) in rules.risks.entries() {
        let aors: Vec<&str> = risk.aors.iter().map(|aor| aor.code()).collect();
        lines.push((format!("Risk {}", risk.code), format!("counts for {}", aors.join(", ")), "2"));
    }
    let uses_coefficients = analysis.series.iter().any(|&series| rules.people.ways_of(series).contains(&PeopleRule::Coefficients));
    for row in rules.coefficients.rows().iter().filter(|_| uses_coefficients) {
        lines.push(("Coefficient".into(), coefficient_in_words(row), "6.2"));
    }
    let rows = lines.into_iter().map(|(what, text, section)| vec![Datum::text(what), Datum::text(text), Datum::text(section)]).collect();
    let columns = vec![
        Column::new("What", Format::Text, 36),
        Column::new("Rule in force", Format::Text, 110),
        Column::new("Method section", Format::Text, 9),
    ];
    Table { name: "Methods".into(), notes: vec!["Sections are those of docs/method.md.".into()], columns, rows, key_columns: 1 }
}

fn evidence_in_words(order: &[Evidence]) -> String {
    let words: Vec<&str> = order.iter().map(|kind| kind.word()).collect();
    format!("the first that is known of: {}", words.join(", "))
}

fn combine_in_words(rule: CombineRule) -> String {
    let how = match rule.combine {
        CombineName::Worst => "the worst known phase".to_owned(),
        CombineName::MeanOfWorstHalf => "the mean of the worse half of the known phases, half up".to_owned(),
        CombineName::WeightedMean => {
            let rounding = match rule.rounding {
                RoundingName::HalfUp => "half up",
                RoundingName::Up => "up",
                RoundingName::Down => "down",
            };
            format!("the weighted mean of the known phases, rounded {rounding}")
        }
        CombineName::Majority => "the phase that most have; a tie goes to the worse".to_owned(),
    };
    let missing = match rule.missing {
        MissingName::AnyKnown => "",
        MissingName::AllOfTopTier => "; unknown when all that can reach the worst phase are missing",
        MissingName::CompleteOnly => "; unknown when any is missing",
    };
    let least = if rule.least_known > 1 { format!("; unknown below {} known", rule.least_known) } else { String::new() };
    format!("{how}{missing}{least}")
}

fn area_phase_in_words(analysis: &Analysis) -> String {
    let rule = analysis.rules.severity.area_phase;
    let comparator = match rule.comparator {
        Comparator::AtLeast => "at least",
        Comparator::MoreThan => "more than",
    };
    format!("the worst phase in which, or worse, {comparator} {} of the people stand", rule.cut)
}

const fn above_in_words(rule: AboveTheUnit) -> &'static str {
    match rule {
        AboveTheUnit::None => "no phase",
        AboveTheUnit::PeopleByPhase => "the rule for shares over the people of its parts by phase",
    }
}

fn ways_in_words(analysis: &Analysis, series: Series) -> String {
    if series == Series::Overall && analysis.rules.people.across != AcrossAors::Independent {
        return across_in_words(analysis);
    }
    let rules = &analysis.rules.people;
    let ways: Vec<String> = rules
        .ways_of(series)
        .iter()
        .map(|way| match way {
            PeopleRule::Given => "the figure computed elsewhere".to_owned(),
            PeopleRule::Shares => format!(
                "population x share in phase {} or worse (affected: phase {} or worse)",
                rules.from_phase, rules.affected_from_phase
            ),
            PeopleRule::Coefficients => "population x coefficient of the phase".to_owned(),
            PeopleRule::Derived { of, share } => format!("{share} of {}", of.name()),
        })
        .collect();
    format!("the first that can be had of: {}", ways.join("; "))
}

/// Overall people in need that rest on their own evidence, where no AoR has a figure: no comparison of the AoRs has them.
fn without_aors(analysis: &Analysis) -> Option<People> {
    if analysis.rules.people.across == AcrossAors::Independent {
        return None;
    }
    let slots = analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell)).map(|cell| analysis.population.slots.total(cell));
    let alone = slots.filter(|&slot| !matches!(analysis.in_need.method(slot, Series::Overall), Method::None | Method::Highest));
    let people: Vec<People> = alone.filter_map(|slot| analysis.in_need.in_need(slot, Series::Overall)).collect();
    (!people.is_empty()).then(|| people.into_iter().sum())
}

/// How AoRs become overall, in words.
pub fn across_in_words(analysis: &Analysis) -> String {
    match analysis.rules.people.across {
        AcrossAors::Highest(MosaicCell::Group) => {
            "the highest of the AoRs in each area and group, then the sum; AoRs are never added up".into()
        }
        AcrossAors::Highest(MosaicCell::Leaf) => {
            "the highest of the AoRs for each sex and age in each area and group, then the sum; AoRs are never added up".into()
        }
        AcrossAors::Independent => "estimated on its own, not from the AoRs".into(),
    }
}

fn indicator_in_words(analysis: &Analysis, indicator: &Indicator) -> String {
    let risks: Vec<&str> = indicator.risks.iter().map(|&risk| analysis.rules.risks[risk].code.as_str()).collect();
    let expected = if indicator.expected { "" } else { "; not expected" };
    let decisive = if indicator.decisive { "; phase 5 decides alone" } else { "" };
    format!(
        "{} ({}): {}{decisive}{expected}. Source: {}",
        indicator.label,
        risks.join(", "),
        form_in_words(&indicator.form),
        indicator.source
    )
}

fn form_in_words(form: &ScoreForm) -> String {
    match form {
        ScoreForm::Ladder(ladder) => ladder_in_words(ladder.bounds(), ladder.worse_when()),
        ScoreForm::Answers(answers) => {
            let of_phase = |phase: Phase| -> Option<String> {
                let words: Vec<&str> = answers.iter().filter(|(_, of)| **of == phase).map(|(word, _)| word.as_str()).collect();
                (!words.is_empty()).then(|| format!("phase {phase}: {}", words.join(", ")))
            };
            Phase::ALL.into_iter().filter_map(of_phase).collect::<Vec<_>>().join("; ")
        }
        ScoreForm::Conditions { list, otherwise } => {
            let mut parts: Vec<String> = list.iter().map(condition_in_words).collect();
            parts.extend(otherwise.map(|phase| format!("otherwise phase {phase}")));
            parts.join("; ")
        }
        ScoreForm::Additive { options, cap, ladder, .. } => {
            let options: Vec<String> = options.iter().map(|(option, weight)| format!("{option} {weight}")).collect();
            let cap = cap.map_or(String::new(), |cap| format!(", at most {cap}"));
            format!("sum of {}{cap}; {}", options.join(", "), ladder_in_words(ladder.bounds(), ladder.worse_when()))
        }
        ScoreForm::Count { of, ladder, .. } => {
            format!("how many of {} hold; {}", of.join(", "), ladder_in_words(ladder.bounds(), ladder.worse_when()))
        }
        ScoreForm::Shares(columns) => format!("shares by phase in {}", columns.join(", ")),
        ScoreForm::NonCritical { of, .. } => format!("mean of {}: above 2/3 phase 3, above 1/3 phase 2, else 1", of.join(", ")),
        ScoreForm::Judgement => "a person's judgement".into(),
    }
}

pub(super) fn ladder_in_words(bounds: &[(Phase, f64)], worse_when: WorseWhenName) -> String {
    let word = if worse_when == WorseWhenName::Higher { "from" } else { "at most" };
    bounds.iter().map(|(phase, bound)| format!("phase {phase} {word} {bound}")).collect::<Vec<_>>().join(", ")
}

fn condition_in_words(condition: &Condition) -> String {
    let tests: Vec<String> = condition
        .tests
        .iter()
        .map(|test| match test {
            Test::Number { column, compare, bound } => {
                let sign = match compare {
                    Compare::AtLeast => "at least",
                    Compare::MoreThan => "more than",
                    Compare::AtMost => "at most",
                    Compare::LessThan => "less than",
                };
                format!("{column} {sign} {bound}")
            }
            Test::Ticked { column, n: 1, of } => format!("{column} is {}", of.join(" or ")),
            Test::Ticked { column, n, of } => format!("{column} has {n} of {}", of.join(", ")),
            Test::AreaIn(codes) => format!("the area lies in {}", codes.join(", ")),
        })
        .collect();
    format!("phase {} when {}", condition.phase, tests.join(" and "))
}

fn coefficient_in_words(row: &crate::framework::coefficients::Coefficient) -> String {
    let mut of: Vec<String> = Vec::new();
    of.extend(row.series.map(|series| series.code().to_owned()));
    of.extend(row.phase.map(|phase| format!("phase {phase}")));
    of.extend([&row.group, &row.sex, &row.age, &row.tier].into_iter().flatten().map(|word| word.written().to_owned()));
    let affected = row.affected.map_or(String::new(), |share| format!(", affected {share}"));
    format!("{}: in need {}{affected}", if of.is_empty() { "any".into() } else { of.join(", ") }, row.in_need)
}
