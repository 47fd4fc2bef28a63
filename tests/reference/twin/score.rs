//! From values to phases (method 4).

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::combine::{five_shares, phase_past_the_cut};
use super::numbers::{decimal, folded, nine, number, percent};
use super::{ONE, Row, Twin, decimal_of, section, small, text_of, texts};

/// The phase on the ladder of an indicator.
fn on_ladder(rule: &Table, value: i128) -> Option<u8> {
    let worse_when = text_of(rule, "worse-when").unwrap_or("higher");
    let mut found = None;
    for phase in 1..=5u8 {
        let Some(bound) = rule["phase-from"].get(phase.to_string()) else { continue };
        let (value, bound) = (nine(value), nine(decimal_of(bound)));
        if (worse_when == "higher" && value >= bound) || (worse_when == "lower" && value <= bound) {
            found = Some(phase);
        }
    }
    found
}

impl Twin {
    /// The phase of an indicator in a row; and whether the row says anything of it.
    pub(super) fn score(&self, id: &str, row: &Row) -> (Option<u8>, bool) {
        let rule = &self.indicators[id];
        let missing: Vec<String> = texts(rule.get("missing")).iter().map(|token| folded(token)).collect();
        let dont_know = rule.get("dont-know").and_then(Value::as_integer).map(|phase| u8::try_from(phase).unwrap());
        // The text of a cell; blank where it is a token for missing.
        let known = |column: &str| -> String {
            let text = row.get(column);
            if missing.contains(&folded(text)) { String::new() } else { text.to_owned() }
        };
        let ladder = |value: i128| on_ladder(rule, value);
        if let Some(columns) = rule.get("shares") {
            let parts = [1, 2, 3, 4, 5].map(|phase: u8| number(&known(columns[phase.to_string()].as_str().unwrap())));
            let says = parts.iter().any(Option::is_some);
            return (five_shares(parts).and_then(|shares| self.phase_of_shares(&shares)), says);
        }
        for form in ["count", "non-critical"] {
            let Some(block) = rule.get(form).and_then(Value::as_table) else { continue };
            let mut is: Vec<String> = texts(block.get("is")).iter().map(|answer| folded(answer)).collect();
            if is.is_empty() {
                is = ["yes", "1", "true"].map(str::to_owned).to_vec();
            }
            // SETTLED: the items that are known count; unknown when none is.
            let items: Vec<bool> = texts(block.get("of"))
                .iter()
                .map(|column| known(column))
                .filter(|text| !text.is_empty())
                .map(|text| is.contains(&folded(&text)))
                .collect();
            let held = i128::try_from(items.iter().filter(|held| **held).count()).unwrap();
            let count = i128::try_from(items.len()).unwrap();
            if count == 0 {
                return (None, false);
            }
            if form == "count" {
                return (ladder(held * ONE), true);
            }
            let phase = if 3 * held > 2 * count {
                3
            } else if 3 * held > count {
                2
            } else {
                1
            };
            return (Some(phase), true);
        }
        if let Some(conditions) = rule.get("conditions").and_then(Value::as_array) {
            let mut says = false;
            for condition in conditions {
                for test in condition["when"].as_array().unwrap() {
                    says |= test.get("column").is_some_and(|column| !known(column.as_str().unwrap()).is_empty());
                }
            }
            let mut open = false;
            for condition in conditions {
                let tests = condition["when"].as_array().unwrap();
                let tests: Vec<Option<bool>> = tests.iter().map(|test| self.holds(test.as_table().unwrap(), row, &known)).collect();
                if tests.iter().all(|test| *test == Some(true)) {
                    return (Some(small(&condition["phase"])), says);
                }
                open |= !tests.contains(&Some(false));
            }
            // 15.16: "otherwise" speaks only of rows that say something, and only when no condition is open.
            return (rule.get("otherwise").filter(|_| says && !open).map(small), says);
        }
        if let Some(form) = rule.get("additive").and_then(Value::as_table) {
            let text = row.get(id);
            // Method 4: "don't know" means missing, unless the form says that it is to be ignored.
            let only_unsure = missing.contains(&folded(text)) && text_of(form, "dont-know") != Some("ignored");
            if text.is_empty() || only_unsure {
                return (None, false);
            }
            let options: BTreeMap<String, i128> =
                section(form, "options").iter().map(|(option, weight)| (folded(option), decimal_of(weight))).collect();
            let mut ticked: Vec<String> = text.split_whitespace().map(folded).collect();
            let exclusive: Vec<String> = texts(form.get("exclusive")).iter().map(|option| folded(option)).collect();
            // 15.16: beside other options one that excludes them is not believed.
            if ticked.iter().any(|option| !exclusive.contains(option)) {
                ticked.retain(|option| !exclusive.contains(option));
            }
            let unsure = ticked.iter().any(|option| missing.contains(option));
            let total: i128 = ticked.iter().filter_map(|option| options.get(option)).sum();
            let sum = if let Some(alone) = ticked.iter().find(|option| exclusive.contains(option)) {
                Some(options.get(alone).copied().unwrap_or(0))
            } else {
                match text_of(form, "dont-know").unwrap_or("missing") {
                    "missing" if unsure => None,
                    "missing-unless-sum" if unsure && total == 0 => None,
                    _ => Some(total),
                }
            };
            let cap = form.get("cap").map(decimal_of);
            // A sum of nothing but "don't know" says nothing of its own.
            return (sum.and_then(|sum| ladder(cap.map_or(sum, |cap| sum.min(cap)))), true);
        }
        if let Some(answers) = rule.get("answers").and_then(Value::as_table) {
            let text = folded(row.get(id));
            if text.is_empty() || (dont_know.is_none() && missing.contains(&text)) {
                return (None, false);
            }
            if missing.contains(&text) {
                return (dont_know, true);
            }
            for (phase, spellings) in answers {
                if texts(Some(spellings)).iter().any(|spelling| folded(spelling) == text) {
                    return (Some(phase.parse().unwrap()), true);
                }
            }
            panic!("{id}: `{text}` stands under no phase");
        }
        match number(&known(id)) {
            Some(value) => (ladder(value), true),
            None => (None, false),
        }
    }

    /// Whether a test is met; `None` where its column is blank.
    pub(super) fn holds(&self, test: &Table, row: &Row, known: &dyn Fn(&str) -> String) -> Option<bool> {
        if let Some(areas) = test.get("area-in") {
            let line = self.line(&row.key.0);
            return Some(texts(Some(areas)).iter().any(|area| line.contains(area)));
        }
        let text = known(text_of(test, "column").unwrap());
        if text.is_empty() {
            return None;
        }
        for (name, bound) in test {
            let compare = |holds: fn(i128, i128) -> bool| holds(nine(decimal(&text)), nine(decimal_of(bound)));
            let ticked: Vec<String> = text.split_whitespace().map(folded).collect();
            let of = |list: Option<&Value>| -> Vec<String> { texts(list).iter().map(|option| folded(option)).collect() };
            return Some(match name.as_str() {
                "column" => continue,
                "at-least" => compare(|value, bound| value >= bound),
                "more-than" => compare(|value, bound| value > bound),
                "at-most" => compare(|value, bound| value <= bound),
                "less-than" => compare(|value, bound| value < bound),
                "is" => ticked.contains(&folded(bound.as_str().unwrap())),
                "any-of" => of(Some(bound)).iter().any(|option| ticked.contains(option)),
                "all-of" => of(Some(bound)).iter().all(|option| ticked.contains(option)),
                "at-least-n-of" => {
                    let n = usize::from(small(&bound["n"]));
                    of(bound.get("of")).iter().filter(|option| ticked.contains(option)).count() >= n
                }
                other => panic!("no test `{other}`"),
            });
        }
        None
    }

    /// Cumulated from phase 5 downward (method 5).
    pub(super) fn phase_of_shares(&self, shares: &[i128; 5]) -> Option<u8> {
        let rule = section(&self.severity_rules, "area-phase");
        phase_past_the_cut(shares, percent(text_of(&rule, "share").unwrap_or("20%")), text_of(&rule, "comparator") == Some("more-than"))
    }

    /// The highest phase that the form of an indicator can reach.
    pub(super) fn tier(&self, id: &str) -> u8 {
        let rule = &self.indicators[id];
        let highest = |table: &Table| table.keys().map(|phase| phase.parse::<u8>().unwrap()).max().unwrap();
        // 14.5: what the form can reach: every number of items that may hold, every sum that may be ticked.
        if let Some(form) = rule.get("count").and_then(Value::as_table) {
            let items = texts(form.get("of")).len();
            return (0..=items).filter_map(|held| on_ladder(rule, i128::try_from(held).unwrap() * ONE)).max().unwrap_or(1);
        }
        if let Some(form) = rule.get("additive").and_then(Value::as_table) {
            let exclusive: Vec<String> = texts(form.get("exclusive")).iter().map(|option| folded(option)).collect();
            let options: Vec<(String, i128)> =
                section(form, "options").iter().map(|(option, weight)| (folded(option), decimal_of(weight))).collect();
            let mut sums = vec![0];
            for (_, weight) in options.iter().filter(|(option, _)| !exclusive.contains(option)) {
                sums.extend(sums.clone().into_iter().map(|sum| sum + weight));
            }
            sums.extend(options.iter().filter(|(option, _)| exclusive.contains(option)).map(|(_, weight)| *weight));
            let cap = form.get("cap").map(decimal_of);
            return sums.into_iter().filter_map(|sum| on_ladder(rule, cap.map_or(sum, |cap| sum.min(cap)))).max().unwrap_or(1);
        }
        if let Some(bounds) = rule.get("phase-from").and_then(Value::as_table) {
            return highest(bounds);
        }
        if let Some(answers) = rule.get("answers").and_then(Value::as_table) {
            return highest(answers);
        }
        if let Some(conditions) = rule.get("conditions").and_then(Value::as_array) {
            let phases = conditions.iter().map(|condition| small(&condition["phase"])).chain(rule.get("otherwise").map(small));
            return phases.max().unwrap();
        }
        if rule.contains_key("non-critical") { 3 } else { 5 }
    }
}
