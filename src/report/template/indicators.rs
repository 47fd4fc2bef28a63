//! The columns that the framework's indicators read from sheet `indicators`: what to write in each, in words, the
//! answers to choose from, and a value that shows how.

use super::super::methods::ladder_in_words;
use super::super::model::{Datum, Format};
use super::{Need, TemplateColumn};
use crate::domain::{Decimal, Phase};
use crate::framework::Framework;
use crate::framework::files::{MeasuredOnName, UnitName};
use crate::framework::ladder::ThresholdLadder;
use crate::framework::rules::Indicator;
use crate::framework::score_form::{ColumnKind, ScoreForm, Test};
use crate::table::folded;

/// One column for each that an indicator of areas or key informants reads, in the order of the indicators.
pub(super) fn columns(framework: &Framework) -> Vec<(TemplateColumn, Datum)> {
    let mut columns: Vec<(TemplateColumn, Datum)> = Vec::new();
    for indicator in framework.indicators.iter().filter(|indicator| indicator.is_of_areas()) {
        let reads = indicator.form.reads(&indicator.id);
        let names: Vec<&str> = reads.iter().map(|(name, _)| name.as_str()).collect();
        for (at, (name, kind)) in reads.iter().enumerate() {
            let note = note(framework, indicator, name, *kind, at, &names);
            match columns.iter_mut().find(|(column, _)| folded(&column.header) == folded(name)) {
                Some((column, _)) => column.note = format!("{}\nAlso read for: {note}", column.note),
                None => columns.push(column(indicator, name, *kind, at, &note)),
            }
        }
    }
    columns
}

/// What is to be known of indicators that sheet `indicators` does not carry.
pub(super) fn asked_elsewhere(framework: &Framework) -> Vec<String> {
    let of = |kind: MeasuredOnName| framework.indicators.iter().filter(|indicator| indicator.measured_on == kind).count();
    let mut notes = Vec::new();
    if !framework.indicators.iter().any(Indicator::is_of_areas) {
        notes.push("This framework measures no indicator on areas, so the sheet may stay empty.".to_owned());
    }
    let households = of(MeasuredOnName::Households);
    if households > 0 {
        notes.push(format!("{households} indicators of this framework are asked of households and have no column here; their result goes into sheet `shares`, as shares of the people by phase."));
    }
    let judged = of(MeasuredOnName::Judgement);
    if judged > 0 {
        notes.push(format!(
            "{judged} indicators of this framework are judged by people and have no column here; their result goes into sheet `judgements`."
        ));
    }
    notes
}

fn column(indicator: &Indicator, name: &str, kind: ColumnKind, at: usize, note: &str) -> (TemplateColumn, Datum) {
    let format = if kind == ColumnKind::Number { Format::Number } else { Format::Text };
    let column = TemplateColumn::new(name, format, Need::Optional, note);
    if kind == ColumnKind::Number {
        return (column, number_example(indicator, name, at));
    }
    let (list, closed) = answers(indicator, name);
    let example = answer_example(indicator, &list, at);
    (column.choosing(list, closed), Datum::text(example))
}

/// Answers are kept without their hyphens. With hyphens they are read as the same, and blanks stay free to separate
/// several answers in one cell.
fn spelled(answer: &str) -> String {
    answer.replace(' ', "-")
}

/// The answers to choose from, mildest first where the form says so, then the tokens for missing; and whether the
/// cell holds exactly one of them.
fn answers(indicator: &Indicator, name: &str) -> (Vec<String>, bool) {
    let (mut list, closed): (Vec<String>, bool) = match &indicator.form {
        ScoreForm::Answers(phases) => {
            let mut sorted: Vec<(&Phase, bool, &String)> =
                phases.iter().map(|(word, phase)| (phase, word.parse::<f64>().is_ok(), word)).collect();
            sorted.sort();
            (sorted.into_iter().map(|(_, _, word)| spelled(word)).collect(), true)
        }
        ScoreForm::Additive { options, exclusive, .. } => (options.keys().chain(exclusive).map(|word| spelled(word)).collect(), false),
        ScoreForm::Conditions { .. } => {
            let tests = tests_of(indicator, name);
            let several = tests.iter().any(|test| matches!(test, Test::Ticked { n, of, .. } if *n > 1 || of.len() > 1));
            let ticked = tests.iter().filter_map(|test| if let Test::Ticked { of, .. } = test { Some(of) } else { None });
            (ticked.flatten().map(|word| spelled(word)).collect(), !several)
        }
        ScoreForm::Count { is, .. } | ScoreForm::NonCritical { is, .. } => {
            let mut list: Vec<String> = is.iter().map(|word| spelled(word)).collect();
            list.push("no".into());
            (list, true)
        }
        _ => (Vec::new(), false),
    };
    list.extend(indicator.missing.iter().map(|token| spelled(token)));
    let mut seen = std::collections::BTreeSet::new();
    list.retain(|word| !word.is_empty() && seen.insert(word.clone()));
    (list, closed)
}

fn tests_of<'a>(indicator: &'a Indicator, name: &str) -> Vec<&'a Test> {
    let ScoreForm::Conditions { list, .. } = &indicator.form else { return Vec::new() };
    let asks = |test: &&Test| matches!(test, Test::Number { column, .. } | Test::Ticked { column, .. } if column == name);
    list.iter().flat_map(|condition| &condition.tests).filter(asks).collect()
}

fn answer_example(indicator: &Indicator, list: &[String], at: usize) -> String {
    let first = list.first().cloned().unwrap_or_default();
    match &indicator.form {
        // The middle of the scale, so that the row looks like one from the field.
        ScoreForm::Answers(phases) => list.get(phases.len() / 2).cloned().unwrap_or(first),
        ScoreForm::Additive { options, exclusive, .. } => {
            let ticked: Vec<String> = options.keys().filter(|word| !exclusive.contains(word)).take(2).map(|word| spelled(word)).collect();
            ticked.join(" ")
        }
        ScoreForm::Count { .. } | ScoreForm::NonCritical { .. } if at > 1 => "no".into(),
        _ => first,
    }
}

fn number_example(indicator: &Indicator, name: &str, at: usize) -> Datum {
    let number = match &indicator.form {
        ScoreForm::Shares(_) => return Datum::exact(["0.1", "0.3", "0.35", "0.15", "0.1"].get(at).and_then(|text| Decimal::parse(text))),
        ScoreForm::Ladder(ladder) => bound_for_example(ladder, indicator.unit),
        _ => tests_of(indicator, name).iter().find_map(|test| if let Test::Number { bound, .. } = test { Some(*bound) } else { None }),
    };
    Datum::exact(number.and_then(Decimal::from_f64))
}

/// The bound in the middle. A single value in per cent below 1 would look like a share.
fn bound_for_example(ladder: &ThresholdLadder, unit: UnitName) -> Option<f64> {
    let bounds: Vec<f64> = ladder.bounds().iter().map(|(_, bound)| *bound).collect();
    let middle = bounds.get(bounds.len() / 2).copied();
    let plain = |bound: &f64| unit != UnitName::Percent || *bound >= 1.0 || *bound == 0.0;
    middle.filter(plain).or_else(|| bounds.into_iter().find(plain))
}

fn note(framework: &Framework, indicator: &Indicator, name: &str, kind: ColumnKind, at: usize, names: &[&str]) -> String {
    let mut lines = vec![format!("{}.", indicator.label.trim_end_matches('.'))];
    let together = |list: &[&str]| {
        format!("Read together with {}.", list.iter().filter(|other| **other != name).copied().collect::<Vec<_>>().join(", "))
    };
    match &indicator.form {
        ScoreForm::Ladder(ladder) => {
            lines.push(format!("{}.", unit_in_words(indicator.unit)));
            lines.push(sentence(&ladder_in_words(ladder.bounds(), ladder.worse_when())));
        }
        ScoreForm::Answers(phases) => {
            lines.push("One of these answers.".into());
            for phase in Phase::ALL {
                let words: Vec<String> = phases.iter().filter(|(_, of)| **of == phase).map(|(word, _)| spelled(word)).collect();
                if !words.is_empty() {
                    lines.push(format!("Phase {phase}: {}.", words.join(", ")));
                }
            }
        }
        ScoreForm::Additive { options, cap, exclusive, ladder, .. } => {
            lines.push("One or more answers, separated by blanks.".into());
            let weighed: Vec<String> = options.iter().map(|(word, weight)| format!("{} {weight}", spelled(word))).collect();
            let most = cap.map_or(String::new(), |cap| format!(", at most {cap}"));
            lines.push(format!("They are added up: {}{most}.", weighed.join(", ")));
            if !exclusive.is_empty() {
                let alone: Vec<String> = exclusive.iter().map(|word| spelled(word)).collect();
                lines.push(format!("Stands alone: {}.", alone.join(", ")));
            }
            lines.push(format!("By the sum: {}.", ladder_in_words(ladder.bounds(), ladder.worse_when())));
        }
        ScoreForm::Conditions { .. } => {
            let of_answers = "An answer of the list; others count as none of these.";
            lines.push(if kind == ColumnKind::Number { "A number, 0 or more." } else { of_answers }.into());
            let bounds: Vec<String> = tests_of(indicator, name)
                .iter()
                .filter_map(|test| if let Test::Number { bound, .. } = test { Some(bound.to_string()) } else { None })
                .collect();
            if !bounds.is_empty() {
                let mut seen = std::collections::BTreeSet::new();
                let bounds: Vec<String> = bounds.into_iter().filter(|bound| seen.insert(bound.clone())).collect();
                lines.push(format!("It is held against {}.", bounds.join(", ")));
            }
            if names.len() > 1 {
                lines.push(together(names));
            }
        }
        ScoreForm::Count { is, ladder, .. } => {
            lines.push(holds(name, is));
            lines.push(format!("By how many hold: {}.", ladder_in_words(ladder.bounds(), ladder.worse_when())));
            lines.push(together(names));
        }
        ScoreForm::NonCritical { is, .. } => {
            lines.push(holds(name, is));
            lines.push("Above two thirds holding phase 3, above one third phase 2, else phase 1.".into());
            lines.push(together(names));
        }
        ScoreForm::Shares(_) => {
            lines.push(format!("Share of the people in phase {}, from 0 to 1. The five shares add up to 1.", at + 1));
            lines.push(together(names));
        }
        ScoreForm::Judgement => {}
    }
    let risks: Vec<&str> = indicator.risks.iter().map(|&risk| framework.risks[risk].code.as_str()).collect();
    lines.push(format!("Speaks to {}.", risks.join(", ")));
    if !indicator.missing.is_empty() && kind == ColumnKind::Answer {
        let tokens: Vec<String> = indicator.missing.iter().map(|token| spelled(token)).collect();
        let meaning = indicator.dont_know.map_or_else(String::new, |phase| format!(" and counts as phase {phase}"));
        lines.push(format!("Blank: not known. Asked without an answer: {}{meaning}.", tokens.join(" or ")));
    }
    if !indicator.expected {
        lines.push("Not expected everywhere.".into());
    }
    if indicator.sensitive {
        lines.push("Sensitive: no single cases, and nothing by which a person can be found.".into());
    }
    lines.join("\n")
}

fn holds(name: &str, is: &[String]) -> String {
    let yes: Vec<String> = is.iter().map(|word| spelled(word)).collect();
    format!("Does this hold: {}? It does with {}; with any other answer it does not.", name.replace('-', " "), yes.join(" or "))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

const fn unit_in_words(unit: UnitName) -> &'static str {
    match unit {
        UnitName::Percent => "Per cent, from 0 to 100",
        UnitName::Fraction => "A fraction from 0 to 1",
        UnitName::Count => "A count, 0 or more",
        UnitName::People => "People out of those who live there, 0 or more",
        UnitName::RatePer10000PerDay => "A rate per 10,000 people and day",
        UnitName::RatePer100000 => "A rate per 100,000 people",
        UnitName::Phase => "A phase from 1 to 5",
        UnitName::Answer => "An answer, as a number",
        UnitName::YesNo => "1 for yes, 0 for no",
    }
}
