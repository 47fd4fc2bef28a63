//! Names in the rules that nothing in the input has: a coefficient for a group that is spelled otherwise fits nobody,
//! and the more general one would silently decide instead (method, section 6.2).

use std::collections::BTreeSet;

use super::cells::CellTable;
use super::slots::SlotTable;
use crate::diag::shown::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Findings, Place};
use crate::domain::AreaTree;
use crate::domain::PCode;
use crate::framework::score_form::{ScoreForm, Test};
use crate::framework::{Context, Framework};
use crate::table::Word;

/// Says which names of the coefficients, tiers and conditions are found nowhere.
pub fn check_rule_names(rules: &Framework, context: &Context, areas: &AreaTree, cells: &CellTable, slots: &SlotTable) -> Findings {
    let mut found = Findings::default();
    let groups: Vec<&str> = cells.groups().iter().map(|group| group.code.as_str()).collect();
    let sexes: Vec<&str> = slots.leaves.iter().map(|leaf| leaf.sex.as_str()).collect();
    let ages: Vec<&str> = slots.leaves.iter().map(|leaf| leaf.age.as_str()).collect();
    let tiers: Vec<&str> = context.tiers.iter().map(|tier| tier.code.as_str()).collect();
    let rows = rules.coefficients.rows();
    let mut unused = Vec::new();
    say_unknown("population group", &groups, rows.iter().filter_map(|row| row.group.as_ref()), &mut unused, &mut found);
    say_unknown("sex", &sexes, rows.iter().filter_map(|row| row.sex.as_ref()), &mut unused, &mut found);
    say_unknown("age", &ages, rows.iter().filter_map(|row| row.age.as_ref()), &mut unused, &mut found);
    say_unknown("tier", &tiers, rows.iter().filter_map(|row| row.tier.as_ref()), &mut unused, &mut found);

    for (kind, known, named) in [
        ("sex", &sexes, rows.iter().filter_map(|row| row.sex.as_ref()).collect::<Vec<_>>()),
        ("age", &ages, rows.iter().filter_map(|row| row.age.as_ref()).collect()),
    ] {
        let is_named = |part: &&str| named.iter().any(|word| word.means(part));
        let unnamed: BTreeSet<&str> = known.iter().copied().filter(|part| !part.is_empty() && !is_named(part)).collect();
        // Where none is named, the coefficients are of other people, which is said already.
        if !unnamed.is_empty() && known.iter().any(is_named) {
            let names = unnamed.into_iter().map(quoted).collect::<Vec<_>>().join(", ");
            let message = format!("no coefficient names the {kind} {names}: the rows for any {kind} count, where there are any");
            found.add(Code::NameWithoutRule, file("coefficients.toml"), message);
        }
    }
    if !unused.is_empty() {
        let message = format!("coefficients name the {}, which the input does not have", unused.join(", the "));
        found.add(Code::RuleNameUnused, file("coefficients.toml"), message);
    }
    for tier in &context.tiers {
        for code in tier.areas.iter().filter(|code| areas.find(code).is_none()) {
            say_unknown_area("context.toml", &format!("tier {}", quoted(&tier.code)), code.as_str(), areas, &mut found);
        }
    }
    for indicator in rules.indicators.iter() {
        for code in areas_named(&indicator.form) {
            if PCode::new(code).is_none_or(|code| areas.find(&code).is_none()) {
                say_unknown_area("indicators.toml", &format!("indicator {}", quoted(&indicator.id)), code, areas, &mut found);
            }
        }
    }
    found
}

/// A name that is nearly one of the input's is likely misspelled; any other may be meant for other countries, and is
/// gathered for one note.
fn say_unknown<'a>(kind: &str, known: &[&str], named: impl Iterator<Item = &'a Word>, unused: &mut Vec<String>, found: &mut Findings) {
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for word in named {
        if known.iter().any(|known| word.means(known)) || !said.insert(word.written()) {
            continue;
        }
        let hint = did_you_mean(word.written(), known.iter().copied().filter(|known| !known.is_empty()));
        let name = format!("{kind} {}", quoted(word.written()));
        if hint.is_empty() {
            unused.push(name);
        } else {
            let message = format!("coefficients name the {name}, which the input does not have{hint}");
            found.add(Code::RuleNameUnknown, file("coefficients.toml"), message);
        }
    }
}

fn say_unknown_area(name: &str, of: &str, code: &str, areas: &AreaTree, found: &mut Findings) {
    let hint = did_you_mean(code, areas.codes().map(PCode::as_str));
    found.add(Code::RuleNameUnknown, file(name), format!("{of} names the area {}, which the input does not have{hint}", quoted(code)));
}

fn areas_named(form: &ScoreForm) -> impl Iterator<Item = &str> {
    let conditions = if let ScoreForm::Conditions { list, .. } = form { list.as_slice() } else { &[] };
    let tests = conditions.iter().flat_map(|condition| &condition.tests);
    tests.filter_map(|test| if let Test::AreaIn(codes) = test { Some(codes) } else { None }).flatten().map(String::as_str)
}

fn file(name: &str) -> Place {
    Place::Text { file: name.into(), line: 0, column: 0 }
}
