//! One column of a sheet of indicators, cell by cell: is the value possible in its unit, is the answer among those
//! that the form knows. What blank, token and error cell mean is decided in `read_row`.

use super::audit::{Audit, AuditKind};
use super::locate::Located;
use super::read_row::{Content, RowReader};
use super::scale::{ScaleSeen, to_nine_places};
use crate::diag::place::listed;
use crate::diag::shown::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::files::{AdditiveDontKnow, PercentScaleName, UnitName};
use crate::framework::rules::Indicator;
use crate::framework::score_form::{ScoreForm, options_of};
use crate::table::sheet::{Keys, Row};
use crate::table::{CellValue, Column, Memo, folded, without_zero_fraction};

/// So many accepted answers are shown.
const SHOWN_ANSWERS: usize = 12;

/// A column that is being read: where its values go, and what was found in it.
pub(super) struct ColumnReader<'a, 'b> {
    table: &'b Located<'a>,
    name: &'b str,
    column: u32,
    indicator: &'b Indicator,
    into: &'b mut Column,
    percent: Percent,
    /// Tokens that mean missing in answers.
    tokens: &'b [String],
    found: Findings,
    audit: Audit,
    /// How many cells hold a value, readable or not.
    values: usize,
    /// Numbers that look like codes for missing.
    sentinels: Vec<CellRef>,
    /// What values say of which there is nothing else to say.
    plain: Memo<Plain>,
    keys: Keys<'a>,
}

/// What a value says, where nothing else is to be said about it.
#[derive(Copy, Clone, Debug)]
enum Plain {
    Missing {
        is_blank: bool,
    },
    Number(f64),
    /// The code of an answer.
    Answer(u32),
}

/// Whether a number is one of those that stand for "not known" in many a data set: nines alone, at least three of them.
fn is_sentinel(number: f64) -> bool {
    [999.0, 9_999.0, 99_999.0, 999_999.0, 9_999_999.0].contains(&number)
}

/// How a column of per cents is written, as far as one knows.
struct Percent {
    is_unit: bool,
    /// 100 where the context says that 1 stands for 100 %.
    factor: f64,
    /// The context says how the column is written.
    is_declared: bool,
    seen: ScaleSeen,
}

impl<'a, 'b> ColumnReader<'a, 'b> {
    /// A column of which nothing is read yet.
    pub(super) fn new(table: &'b Located<'a>, name: &'b str, column: u32, indicator: &'b Indicator, into: &'b mut Column) -> Self {
        let is_unit = indicator.unit == UnitName::Percent && !matches!(indicator.form, ScoreForm::Shares(_));
        let stretch = is_unit && table.layout.percent_scale == Some(PercentScaleName::ZeroToOne);
        // Where "don't know" has a meaning of its own, the form reads it; of a household it is no blank, which may mean no need.
        let form_reads_it = match indicator.form {
            ScoreForm::Additive { dont_know, .. } => dont_know == AdditiveDontKnow::Ignored || indicator.is_of_households(),
            _ => false,
        };
        let tokens: &[String] = if form_reads_it || indicator.dont_know.is_some() { &[] } else { &indicator.missing };
        let is_declared = table.layout.percent_scale.is_some();
        let percent = Percent { is_unit, factor: if stretch { 100.0 } else { 1.0 }, is_declared, seen: ScaleSeen::default() };
        // Which cells of which household are blank is nobody's business outside.
        let audit = if indicator.is_of_households() { Audit::of_no_cells() } else { Audit::default() };
        let (found, plain, keys) = (Findings::default(), Memo::default(), table.sheet.keys(column));
        Self { table, name, column, indicator, into, percent, tokens, found, audit, values: 0, sentinels: Vec::new(), plain, keys }
    }

    /// Reads the column's cell of the row of this number, which speaks for cell `at`.
    #[inline]
    pub(super) fn read(&mut self, number: u32, at: usize) {
        match (self.plain.of_key(self.keys.of(number)), &mut *self.into) {
            (Some(Plain::Missing { is_blank }), _) => {
                self.values += usize::from(!is_blank);
                let mut reader = RowReader { table: self.table, found: &mut self.found, audit: &mut self.audit };
                return reader.note(number, self.column, AuditKind::Missing, self.name);
            }
            (Some(Plain::Number(number)), Column::Numbers(values)) => {
                self.values += 1;
                if let Some(slot) = values.get_mut(at) {
                    *slot = number;
                }
                return;
            }
            (Some(Plain::Answer(code)), Column::Answers(answers)) => {
                self.values += 1;
                return answers.put(at, code);
            }
            _ => {}
        }
        if let Some(row) = self.table.sheet.row(number) {
            self.read_new(row, at);
        }
    }

    /// Reads a value of which nothing is known yet.
    fn read_new(&mut self, row: Row<'a>, at: usize) {
        let said = |reader: &Self| (reader.found.times(), reader.audit.entries.len(), reader.sentinels.len());
        let before = said(self);
        self.look(row, at);
        let after = said(self);
        // A line of the account says that a value is missing.
        let is_missing = match &*self.into {
            Column::Numbers(values) => values.get(at).is_none_or(|number| number.is_nan()),
            Column::Answers(answers) => answers.code_of(at) == 0,
        };
        let lines = usize::from(is_missing && self.audit.is_of_cells());
        // What per cents are held against is known only when all of them have been seen.
        if after == (before.0, before.1 + lines, before.2) && !self.percent.is_unit {
            let plain = match &*self.into {
                _ if is_missing => Plain::Missing { is_blank: row.get(self.column) == CellValue::Blank },
                Column::Numbers(values) => Plain::Number(values.get(at).copied().unwrap_or(f64::NAN)),
                Column::Answers(answers) => Plain::Answer(answers.code_of(at)),
            };
            self.plain.learn_key(self.keys.of(row.number), plain);
        }
    }

    /// Looks at a value that is not known yet.
    fn look(&mut self, row: Row<'a>, at: usize) {
        let Self { name, column, indicator, .. } = *self;
        self.values += usize::from(row.get(column) != CellValue::Blank);
        let mut reader = RowReader { table: self.table, found: &mut self.found, audit: &mut self.audit };
        match self.into {
            Column::Numbers(values) => {
                let Some(number) = reader.number_at(row, column, name, &indicator.missing) else {
                    return reader.note(row.number, column, AuditKind::Missing, name);
                };
                if is_sentinel(number) {
                    self.sentinels.push(reader.cell(row.number, column));
                }
                let value = if self.percent.is_unit && !self.percent.is_declared && row.marks(column).percent {
                    self.percent.seen.see_shown(row.number);
                    number * 100.0
                } else {
                    self.percent.value(number, row.number)
                };
                if let Some((code, said)) = fault_of_number(value, self.percent.is_unit, indicator) {
                    let place = Place::Cell(reader.cell(row.number, column));
                    reader.found.add(code, place, format!("column {}: {value} is {said}", quoted(name)));
                }
                if let Some(slot) = values.get_mut(at) {
                    *slot = value;
                }
            }
            Column::Answers(answers) => {
                let shown;
                let text = match reader.content(row, column, name, self.tokens) {
                    None => return reader.note(row.number, column, AuditKind::Missing, name),
                    Some(Content::Text(text)) => without_zero_fraction(text),
                    Some(Content::Number(value)) => {
                        shown = value.to_string();
                        &shown
                    }
                };
                // An answer is only looked into when it comes for the first time.
                if answers.repeat(at, text) {
                    return;
                }
                let Some((unknown, known)) = unknown_answer(&indicator.form, text, &indicator.missing) else {
                    if contradicts_itself(&indicator.form, text) {
                        let place = Place::Cell(reader.cell(row.number, column));
                        let message = format!("column {}: {} ticks an option that excludes the others", quoted(name), quoted(text));
                        reader.found.add(Code::Contradiction, place, message);
                    }
                    return answers.set(at, text);
                };
                let several = matches!(indicator.form, ScoreForm::Additive { .. });
                let hint = did_you_mean(&folded(&unknown), known.iter().map(String::as_str));
                let hint = if several { hint.replace(' ', "-").replacen(";-did-you-mean-", "; did you mean ", 1) } else { hint };
                let place = Place::Cell(reader.cell(row.number, column));
                // Options are separated by blanks, so that the words of one are joined when they are shown.
                let joined = |word: &String| if several { word.replace(' ', "-") } else { word.clone() };
                let mut accepted: Vec<String> = known.iter().take(SHOWN_ANSWERS).map(joined).collect();
                if known.len() > SHOWN_ANSWERS {
                    accepted.push("…".into());
                }
                let message = format!(
                    "column {}: {} is no accepted answer{}; accepted are {}",
                    quoted(name),
                    shown_answer(&unknown, indicator),
                    hint.trim_end_matches('?'),
                    accepted.join(", ")
                );
                reader.found.add(Code::UnknownAnswer, place, message);
            }
        }
    }

    /// How many cells hold anything.
    pub(super) fn written(&self) -> usize {
        self.values
    }

    /// Hands over what was found.
    pub(super) fn finish(mut self, audit: &mut Audit, found: &mut Findings) {
        if let Some(first) = self.sentinels.first() {
            let message =
                format!("column {}: these look like a code for a value that is not known: {}", quoted(self.name), listed(&self.sentinels));
            self.found.add(Code::SentinelValue, Place::Cell(first.clone()), message);
        }
        if self.values == 0 && !self.table.rows.is_empty() {
            let at = CellRef { sheet: self.table.sheet.name.clone(), row: self.table.frame.header_row, column: self.column };
            let message = format!("column {} has no value in any of {} rows", quoted(self.name), self.table.rows.len());
            self.found.add(Code::IndicatorEmpty, Place::Cell(at), message);
        }
        if self.percent.is_unit {
            let mut reader = RowReader { table: self.table, found: &mut self.found, audit: &mut self.audit };
            reader.check_scale(self.name, self.column, self.percent.seen);
        }
        audit.entries.append(&mut self.audit.entries);
        found.append(self.found);
    }
}

impl Percent {
    /// The value that a number stands for.
    fn value(&mut self, number: f64, row: u32) -> f64 {
        self.seen.see(number, row);
        number * self.factor
    }
}

/// An answer as a message shows it: what a household said in its own words is nobody's business, so that of households only
/// what looks like the code or label of an answer is shown, and of sensitive questions nothing.
pub(super) fn shown_answer(answer: &str, indicator: &Indicator) -> String {
    let is_code = |answer: &str| {
        let word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '/' | '\'' | '’');
        let digits = answer.bytes().filter(u8::is_ascii_digit).count();
        answer.chars().count() <= LONGEST_CODE && digits <= MOST_DIGITS && answer.chars().all(word)
    };
    if indicator.is_of_households() && (indicator.sensitive || !is_code(answer)) { "an answer".to_owned() } else { quoted(answer) }
}

/// The code of an answer is no longer, and holds no more digits.
const LONGEST_CODE: usize = 40;
const MOST_DIGITS: usize = 4;

/// What is wrong with a value. It is held against the bounds of its unit as against a ladder's: to nine places
/// (method, section 14.2).
fn fault_of_number(value: f64, in_percent: bool, indicator: &Indicator) -> Option<(Code, &'static str)> {
    let near = to_nine_places(value);
    if in_percent && !(0.0..=100.0).contains(&near) {
        let code = if near < 0.0 { Code::NumberOutOfRange } else { Code::PercentAboveHundred };
        Some((code, "not between 0 and 100 per cent"))
    } else if indicator.unit == UnitName::Fraction && !(0.0..=1.0).contains(&near) {
        Some((Code::NumberOutOfRange, "not between 0 and 1"))
    } else if indicator.unit == UnitName::Phase && (near > 5.0 || near.fract() != 0.0) {
        Some((Code::PhaseOutside, "no phase from 1 to 5"))
    } else if indicator.unit == UnitName::Phase && near == 0.0 {
        Some((Code::PhaseZero, "no phase; it is read as unknown"))
    } else if indicator.unit != UnitName::Percent && near < 0.0 {
        Some((Code::NumberOutOfRange, "below 0"))
    } else {
        let milder = matches!(&indicator.form, ScoreForm::Ladder(ladder) if ladder.phase_of(value).is_none());
        milder.then_some((Code::ValueBelowLadder, "milder than every bound"))
    }
}

/// Whether an answer ticks an option that excludes the others beside one of the others.
fn contradicts_itself(form: &ScoreForm, text: &str) -> bool {
    let ScoreForm::Additive { exclusive, .. } = form else { return false };
    let alone = |option: &String| exclusive.contains(option);
    options_of(text).any(|option| alone(&option)) && options_of(text).any(|option| !alone(&option))
}

/// The part of an answer that the form does not know, and what it knows; only for forms with a closed list.
pub(super) fn unknown_answer(form: &ScoreForm, text: &str, missing: &[String]) -> Option<(String, Vec<String>)> {
    match form {
        ScoreForm::Answers(phases) => {
            let word = folded(text);
            let known = phases.contains_key(&word) || missing.contains(&word);
            (!known).then(|| (text.to_owned(), phases.keys().cloned().collect()))
        }
        ScoreForm::Additive { options, exclusive, .. } => {
            let unknown = options_of(text)
                .find(|option| !options.contains_key(option) && !exclusive.contains(option) && !missing.contains(option))?;
            Some((unknown, options.keys().cloned().collect()))
        }
        ScoreForm::Count { is, .. } | ScoreForm::NonCritical { is, .. } => {
            let accepted = yes_no_answers(is)?;
            let word = folded(text);
            let known = accepted.contains(&word) || missing.contains(&word);
            (!known).then(|| (text.to_owned(), accepted))
        }
        _ => None,
    }
}

/// Words for yes and for no.
const YES_AND_NO: [[&str; 8]; 2] =
    [["yes", "1", "true", "y", "oui", "si", "sim", "نعم"], ["no", "0", "false", "n", "non", "nao", "not", "لا"]];

/// The answers of a question of yes or no: those that count, and the words for the other side. A word for the side that
/// counts which is not among those named is neither: nobody said that it counts. `None` where the question is another.
fn yes_no_answers(is: &[String]) -> Option<Vec<String>> {
    let names = |words: &[&str; 8]| is.iter().any(|word| words.contains(&word.as_str()));
    let [yes, no] = &YES_AND_NO;
    let other = match (names(yes), names(no)) {
        (true, false) => no,
        (false, true) => yes,
        _ => return None,
    };
    Some(is.iter().cloned().chain(other.iter().map(|word| (*word).to_owned())).collect())
}
