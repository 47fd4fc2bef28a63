//! The indicators: each has exactly one form, known risks, a sub-pillar, and a source.

use std::collections::BTreeMap;

use super::{has_reason, is_kebab, readable, report_unread};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Findings};
use crate::domain::{IdVec, IndicatorId, PafPillar, Phase, RiskId};
use crate::framework::files::{
    AdditiveDontKnow, ConditionFile, CountFile, DontKnowFile, IndicatorFile, MeasuredOnName, TestFile, UnitName, WorseWhenName,
};
use crate::framework::ladder::ThresholdLadder;
use crate::framework::rules::{Indicator, Risk};
use crate::framework::score_form::{Compare, Condition, ScoreForm, Test};
use crate::framework::source::Source;
use crate::table::folded;

/// The framework's own indicators and those it uses of the libraries.
pub(super) fn indicators(
    own: &Source,
    libraries: &[(String, Source)],
    used: &[String],
    main: &Source,
    risks: &IdVec<RiskId, Risk>,
    found: &mut Findings,
) -> IdVec<IndicatorId, Indicator> {
    let mut all: BTreeMap<String, Indicator> = BTreeMap::new();
    for (id, value) in table_of(own) {
        if let Some(indicator) = (Reader { source: own, id, risks, found }).read(value) {
            all.insert(id.clone(), indicator);
        }
    }
    for (index, id) in used.iter().enumerate() {
        let place = main.place(&["framework", "use", &index.to_string()]);
        if all.contains_key(id) {
            found.add(Code::DuplicateId, place, format!("indicator `{id}` stands twice"));
            continue;
        }
        match libraries.iter().find_map(|(_, source)| table_of(source).find(|(known, _)| *known == id).map(|(_, value)| (source, value))) {
            Some((source, value)) => {
                if let Some(indicator) = (Reader { source, id, risks, found }).read(value) {
                    all.insert(id.clone(), indicator);
                }
            }
            None => {
                let known: Vec<&str> = libraries.iter().flat_map(|(_, source)| table_of(source).map(|(id, _)| id.as_str())).collect();
                found.add(Code::UnknownReference, place, format!("no library has an indicator `{id}`{}", did_you_mean(id, known)));
            }
        }
    }
    all.into_values().collect()
}

fn table_of(source: &Source) -> impl Iterator<Item = (&String, &toml::Value)> {
    source.table.get("indicator").and_then(toml::Value::as_table).into_iter().flatten()
}

struct Reader<'a> {
    source: &'a Source,
    id: &'a str,
    risks: &'a IdVec<RiskId, Risk>,
    found: &'a mut Findings,
}

impl Reader<'_> {
    fn say(&mut self, code: Code, path: &[&str], message: String) {
        let mut whole = vec!["indicator", self.id];
        whole.extend_from_slice(path);
        let place = self.source.place(&whole);
        self.found.add(code, place, format!("indicator `{}`: {message}", self.id));
    }

    fn read(mut self, value: &toml::Value) -> Option<Indicator> {
        let (file, dropped): (IndicatorFile, Vec<String>) = match readable(value.clone()) {
            Ok(read) => read,
            Err(error) => {
                report_unread(self.source, &["indicator", self.id], &error, self.found);
                return None;
            }
        };
        if !is_kebab(self.id) {
            self.say(Code::BadId, &[], format!("`{}` is no id", self.id));
        }
        if !has_reason([file.source.as_ref(), file.why.as_ref()]) {
            self.say(Code::NoSource, &[], "nothing says where its bounds come from".into());
        }
        for (key, present) in [
            ("label", file.label.is_some()),
            ("measured-on", file.measured_on.is_some()),
            ("unit", file.unit.is_some()),
            ("pillar", file.pillar.is_some()),
        ] {
            if !present && !dropped.iter().any(|left| left == key) {
                self.say(Code::MissingKey, &[], format!("`{key}` is missing"));
            }
        }
        let risks = self.risks_of(&file);
        let sub_pillar = file.pillar.clone().unwrap_or_default();
        let pillar = PafPillar::of_sub_pillar(&sub_pillar);
        if pillar.is_none() && file.pillar.is_some() {
            self.say(Code::UnknownReference, &["pillar"], format!("`{sub_pillar}` is no sub-pillar from A1 to D3"));
        }
        // Without the key that tells the form nothing can be said of the form.
        const FORMS: [&str; 9] =
            ["phase-from", "answers", "conditions", "additive", "count", "shares", "non-critical", "judgement", "worse-when"];
        if dropped.iter().any(|key| FORMS.contains(&key.as_str())) {
            return None;
        }
        let mut form = self.form(&file)?;
        let dont_know = match file.dont_know {
            Some(DontKnowFile::Phase(number)) => self.phase(number, &["dont-know"]),
            _ => None,
        };
        match (dont_know, &mut form) {
            (Some(phase), ScoreForm::Answers(answers)) => answers.extend(file.missing.iter().map(|token| (folded(token), phase))),
            (Some(_), _) => {
                self.say(Code::UnknownChoice, &["dont-know"], "only an indicator with `answers` can give \"don't know\" a phase".into());
            }
            (None, ScoreForm::Answers(answers)) => {
                if let Some(token) = file.missing.iter().find(|token| answers.contains_key(&folded(token))) {
                    self.say(Code::DuplicateId, &["missing"], format!("`{token}` is among the answers already"));
                }
            }
            (None, _) => {}
        }
        let weight = file.weight.unwrap_or(1.0);
        if !(weight > 0.0 && weight <= 1000.0) {
            self.say(Code::WrongType, &["weight"], format!("a weight of {weight} is not above 0 and at most 1000"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1,000,000 as just checked; casts saturate"
        )]
        let weight = (weight * 1000.0).round() as u64;
        Some(Indicator {
            id: self.id.to_owned(),
            label: file.label.clone().unwrap_or_default(),
            risks,
            sub_pillar,
            pillar: pillar.unwrap_or(PafPillar::Context),
            measured_on: file.measured_on.unwrap_or(MeasuredOnName::Area),
            unit: file.unit.unwrap_or(UnitName::Count),
            form,
            missing: file.missing.iter().map(|token| folded(token)).collect(),
            dont_know,
            decisive: file.decisive.unwrap_or(false),
            weight,
            expected: file.expected.unwrap_or(true),
            sensitive: file.sensitive.unwrap_or(false),
            aliases: file.aliases,
            source: file.source.or(file.why).unwrap_or_default(),
        })
    }

    fn risks_of(&mut self, file: &IndicatorFile) -> Vec<RiskId> {
        if file.risks.is_empty() {
            self.say(Code::MissingKey, &["risks"], "it speaks to no risk".into());
        }
        let mut risks = Vec::new();
        for (index, code) in file.risks.iter().enumerate() {
            match self.risks.find(|risk| risk.code == *code) {
                Some(risk) => risks.push(risk),
                None => {
                    let known: Vec<&str> = self.risks.iter().map(|risk| risk.code.as_str()).collect();
                    let hint = did_you_mean(code, known);
                    self.say(Code::UnknownReference, &["risks", &index.to_string()], format!("there is no risk `{code}`{hint}"));
                }
            }
        }
        risks.sort_unstable();
        risks.dedup();
        risks
    }

    fn phase(&mut self, number: u8, path: &[&str]) -> Option<Phase> {
        let phase = Phase::new(number);
        if phase.is_none() {
            self.say(Code::WrongType, path, format!("{number} is no phase from 1 to 5"));
        }
        phase
    }

    fn form(&mut self, file: &IndicatorFile) -> Option<ScoreForm> {
        let forms = [
            ("answers", file.answers.is_some()),
            ("conditions", file.conditions.is_some()),
            ("additive", file.additive.is_some()),
            ("count", file.count.is_some()),
            ("shares", file.shares.is_some()),
            ("non-critical", file.non_critical.is_some()),
            ("judgement", file.judgement == Some(true)),
        ];
        let mut named: Vec<&str> = forms.iter().filter(|(_, present)| *present).map(|(name, _)| *name).collect();
        let takes_ladder = named.is_empty() || named == ["additive"] || named == ["count"];
        if file.phase_from.is_some() && (named.is_empty() || !takes_ladder) {
            named.insert(0, "phase-from");
        }
        match named.as_slice() {
            [] => {
                self.say(Code::NoForm, &[], "nothing says how a value becomes a phase".into());
                return None;
            }
            [_] => {}
            several => {
                let list = several.join("`, `");
                self.say(Code::TwoForms, &[], format!("it has several forms: `{list}`"));
                return None;
            }
        }
        if let Some(answers) = &file.answers {
            return self.answers(answers).map(ScoreForm::Answers);
        }
        if let Some(conditions) = &file.conditions {
            return self.conditions(conditions, file.otherwise);
        }
        if let Some(additive) = &file.additive {
            let ladder = self.ladder(file)?;
            return Some(ScoreForm::Additive {
                options: additive.options.iter().map(|(option, weight)| (folded(option), *weight)).collect(),
                cap: additive.cap,
                exclusive: additive.exclusive.iter().map(|option| folded(option)).collect(),
                dont_know_tokens: file.missing.iter().map(|token| folded(token)).collect(),
                dont_know: additive.dont_know.unwrap_or(AdditiveDontKnow::Missing),
                of: additive.of.clone(),
                blank_answers: additive.blank_answers,
                ladder,
            });
        }
        if let Some(count) = &file.count {
            let ladder = self.ladder(file)?;
            let (of, is) = held(count);
            return Some(ScoreForm::Count { of, is, ladder });
        }
        if let Some(shares) = &file.shares {
            let columns = ["1", "2", "3", "4", "5"].map(|phase| shares.get(phase).cloned());
            if columns.iter().any(Option::is_none) || shares.len() != 5 {
                self.say(Code::MissingKey, &["shares"], "it needs a column for each phase from 1 to 5".into());
                return None;
            }
            return Some(ScoreForm::Shares(columns.map(Option::unwrap_or_default)));
        }
        if let Some(block) = &file.non_critical {
            let (of, is) = held(block);
            return Some(ScoreForm::NonCritical { of, is });
        }
        if file.judgement == Some(true) {
            return Some(ScoreForm::Judgement);
        }
        self.ladder(file).map(ScoreForm::Ladder)
    }

    fn ladder(&mut self, file: &IndicatorFile) -> Option<ThresholdLadder> {
        let Some(bounds) = &file.phase_from else {
            self.say(Code::MissingKey, &[], "`phase-from` is missing: it turns the sum or the count into a phase".into());
            return None;
        };
        let mut read = Vec::new();
        for (key, bound) in bounds {
            match key.parse::<u8>().ok().and_then(Phase::new) {
                Some(phase) => read.push((phase, *bound)),
                None => self.say(Code::UnknownKey, &["phase-from", key], format!("`{key}` is no phase from 1 to 5")),
            }
        }
        let needs_direction = file.additive.is_none() && file.count.is_none();
        if needs_direction && file.worse_when.is_none() {
            self.say(Code::MissingKey, &[], "`worse-when` is missing: does a higher or a lower value mean worse?".into());
        }
        let worse_when = file.worse_when.unwrap_or(WorseWhenName::Higher);
        let ladder = ThresholdLadder::new(worse_when, read);
        if ladder.is_none() {
            let direction = if worse_when == WorseWhenName::Higher { "rise" } else { "fall" };
            self.say(Code::LadderNotRising, &["phase-from"], format!("the bounds do not {direction} from phase to phase"));
        }
        ladder
    }

    fn answers(&mut self, file: &BTreeMap<String, Vec<String>>) -> Option<BTreeMap<String, Phase>> {
        let mut answers = BTreeMap::new();
        let mut sound = true;
        for (key, spellings) in file {
            let Some(phase) = key.parse::<u8>().ok().and_then(Phase::new) else {
                self.say(Code::UnknownKey, &["answers", key], format!("`{key}` is no phase from 1 to 5"));
                sound = false;
                continue;
            };
            for spelling in spellings {
                if answers.insert(folded(spelling), phase).is_some_and(|other| other != phase) {
                    self.say(Code::DuplicateId, &["answers", key], format!("the answer `{spelling}` stands under two phases"));
                    sound = false;
                }
            }
        }
        sound.then_some(answers)
    }

    fn conditions(&mut self, files: &[ConditionFile], otherwise: Option<u8>) -> Option<ScoreForm> {
        let mut list: Vec<Condition> = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let at = index.to_string();
            let phase = self.phase(file.phase, &["conditions", &at, "phase"])?;
            if list.last().is_some_and(|before| before.phase < phase) {
                self.say(Code::LadderNotRising, &["conditions", &at, "phase"], "the conditions do not stand most severe first".into());
            }
            if file.when.is_empty() {
                self.say(Code::MissingKey, &["conditions", &at, "when"], "a condition without a test would always hold".into());
            }
            let tests =
                file.when.iter().enumerate().map(|(place, test)| self.test(test, &at, &place.to_string())).collect::<Option<Vec<_>>>()?;
            list.push(Condition { phase, tests });
        }
        let otherwise = match otherwise {
            Some(number) => Some(self.phase(number, &["otherwise"])?),
            None => None,
        };
        Some(ScoreForm::Conditions { list, otherwise })
    }

    fn test(&mut self, file: &TestFile, condition: &str, place: &str) -> Option<Test> {
        if let (Some(areas), None) = (&file.area_in, &file.column) {
            return Some(Test::AreaIn(areas.clone()));
        }
        let column = file.column.clone();
        let fold = |list: &[String]| list.iter().map(|option| folded(option)).collect::<Vec<_>>();
        let mut tests = Vec::new();
        if let Some(column) = column {
            for (compare, bound) in [
                (Compare::AtLeast, file.at_least),
                (Compare::MoreThan, file.more_than),
                (Compare::AtMost, file.at_most),
                (Compare::LessThan, file.less_than),
            ] {
                tests.extend(bound.map(|bound| Test::Number { column: column.clone(), compare, bound }));
            }
            tests.extend(file.is.as_ref().map(|answer| Test::Ticked { column: column.clone(), n: 1, of: vec![folded(answer)] }));
            tests.extend(file.any_of.as_ref().map(|list| Test::Ticked { column: column.clone(), n: 1, of: fold(list) }));
            tests.extend(file.all_of.as_ref().map(|list| Test::Ticked {
                column: column.clone(),
                n: u32::try_from(list.len()).unwrap_or(u32::MAX),
                of: fold(list),
            }));
            tests.extend(file.at_least_n_of.as_ref().map(|some| Test::Ticked { column: column.clone(), n: some.n, of: fold(&some.of) }));
        }
        if tests.len() != 1 {
            let message = "a test names one column and one comparison, or `area-in` alone".to_owned();
            self.say(Code::WrongType, &["conditions", condition, "when", place], message);
            return None;
        }
        tests.pop()
    }
}

fn held(file: &CountFile) -> (Vec<String>, Vec<String>) {
    let is = if file.is.is_empty() {
        vec!["yes".into(), "1".into(), "true".into()]
    } else {
        file.is.iter().map(|answer| folded(answer)).collect()
    };
    (file.of.clone(), is)
}
