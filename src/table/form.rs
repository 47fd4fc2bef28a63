//! The form behind an export of answers: its questions and choices, each with a name and labels. An export may write labels in
//! place of names; here they become names again, in headers and in answers, where a label means just one name.

use std::collections::BTreeMap;

use super::sheet::Row;
use super::{CellValue, Sheet, SheetBuilder, folded};

/// Answers stand below one of so many rows.
const DEEPEST: usize = 50;

/// A name and its labels, one for each language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// As data have it.
    pub name: String,
    /// As people read it.
    pub labels: Vec<String>,
}

/// A question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Name and labels.
    pub named: Named,
    /// The list of its choices; `None` for numbers and texts.
    pub choices: Option<String>,
}

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// In its order.
    pub questions: Vec<Question>,
    /// By name of the list.
    pub choices: BTreeMap<String, Vec<Named>>,
}

/// How much of a sheet was labels.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Relabelled {
    /// Headers.
    pub headers: usize,
    /// Cells with answers.
    pub answers: usize,
}

/// Labels, folded, and the name that each means; `None` where two have it.
type Names<'a> = BTreeMap<String, Option<&'a str>>;

fn names_by_label<'a>(named: impl Iterator<Item = &'a Named>) -> Names<'a> {
    let mut names = Names::new();
    for Named { name, labels } in named {
        for label in labels {
            let known = names.entry(folded(label)).or_insert(Some(name));
            if *known != Some(name) {
                *known = None;
            }
        }
    }
    names
}

/// A column of a sheet, as the form knows it.
struct Column<'a> {
    /// Its header with names in place of labels.
    header: Option<String>,
    /// Choices by label, and their names; none where the column holds something else, or one option of several.
    choices: Option<(Names<'a>, Vec<&'a str>)>,
}

impl Form {
    /// A sheet with names in place of labels; `None` where it has none of the form's labels.
    pub fn relabelled(&self, sheet: &Sheet) -> Option<(Sheet, Relabelled)> {
        let labels = names_by_label(self.questions.iter().map(|question| &question.named));
        let columns = |row: &Row<'_>| -> BTreeMap<u32, Column<'_>> {
            let text = |(column, value)| if let CellValue::Text(text) = value { Some((column, text)) } else { None };
            row.cells().filter_map(text).filter_map(|(column, text)| Some((column, self.column(text, &labels)?))).collect()
        };
        let (head, columns) = sheet
            .rows()
            .take(DEEPEST)
            .map(|row| (row.number, columns(&row)))
            .max_by_key(|(row, of)| (of.len(), std::cmp::Reverse(*row)))?;
        let mut done = Relabelled::default();
        let mut builder = SheetBuilder::default();
        for row in sheet.rows() {
            for (column, value) in row.cells() {
                let new = match (columns.get(&column), value) {
                    (Some(known), CellValue::Text(_)) if row.number == head => known.header.clone().inspect(|_| done.headers += 1),
                    (Some(Column { choices: Some(choices), .. }), CellValue::Text(text)) if row.number > head => {
                        named_answer(text, choices).inspect(|_| done.answers += 1)
                    }
                    _ => None,
                };
                let value = new.as_deref().map_or(value, CellValue::Text);
                builder.push(row.number, column, value, row.marks(column));
            }
        }
        if done == Relabelled::default() {
            return None;
        }
        let mut new = builder.finish(&sheet.name, sheet.hidden);
        (new.notes, new.alone) = (sheet.notes.clone(), sheet.alone);
        Some((new, done))
    }

    /// What a header means: a question by its name, behind groups of the form or not, or by its label; or an option of one.
    fn column<'a>(&'a self, header: &str, labels: &Names<'a>) -> Option<Column<'a>> {
        let of_name = |name: &str| self.questions.iter().find(|question| question.named.name == name);
        let plain = header.rsplit_once('/').map_or(header, |(_, last)| last);
        if let Some(question) = of_name(header).or_else(|| of_name(plain)) {
            return Some(Column { header: None, choices: self.choices_of(question) });
        }
        if let Some(name) = labels.get(&folded(header)).copied().flatten() {
            let choices = of_name(name).and_then(|question| self.choices_of(question));
            return Some(Column { header: Some(name.to_owned()), choices });
        }
        let (before, option) = header.rsplit_once(['/', '.'])?;
        let name =
            labels.get(&folded(before)).copied().flatten().or_else(|| of_name(before).map(|question| question.named.name.as_str()))?;
        let (choices, names) = self.choices_of(of_name(name)?)?;
        let known = names.iter().find(|known| **known == option).copied();
        let option = known.or_else(|| choices.get(&folded(option)).copied().flatten())?;
        let new = format!("{name}/{option}");
        Some(Column { header: (new != header).then_some(new), choices: None })
    }

    fn choices_of<'a>(&'a self, question: &Question) -> Option<(Names<'a>, Vec<&'a str>)> {
        let list = self.choices.get(question.choices.as_ref()?)?;
        Some((names_by_label(list.iter()), list.iter().map(|choice| choice.name.as_str()).collect()))
    }
}

/// An answer in names; `None` where it is in names already, or where it is not made of labels alone.
fn named_answer(text: &str, (labels, names): &(Names<'_>, Vec<&str>)) -> Option<String> {
    let text = text.trim();
    if text.split_whitespace().all(|word| names.contains(&word)) {
        return None;
    }
    if let Some(name) = labels.get(&folded(text)) {
        return name.map(str::to_owned);
    }
    // Several labels in a row, parted by blanks or signs: the longest that fits is taken first.
    let mut rest = folded(text);
    let mut found = Vec::new();
    while !rest.is_empty() {
        let next = labels
            .iter()
            .filter(|(label, _)| !label.is_empty() && rest.starts_with(label.as_str()))
            .max_by_key(|(label, _)| label.len())?;
        found.push((*next.1)?);
        let after = rest.get(next.0.len()..)?;
        let trimmed = after.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '|'));
        // A label ends where a word ends.
        if !after.is_empty() && trimmed.len() == after.len() {
            return None;
        }
        rest = trimmed.to_owned();
    }
    (!found.is_empty()).then(|| found.join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::workbook::CellMarks;
    use super::*;

    fn named(name: &str, labels: &[&str]) -> Named {
        Named { name: name.into(), labels: labels.iter().map(|label| (*label).to_owned()).collect() }
    }

    fn form() -> Form {
        let question =
            |name: &str, labels: &[&str], choices: Option<&str>| Question { named: named(name, labels), choices: choices.map(Into::into) };
        Form {
            questions: vec![
                question("hh_size", &["How many live here?", "Combien vivez-vous ici ?"], None),
                question("fear", &["What do you fear?"], Some("l_fear")),
                question("yn_a", &["Same label"], None),
                question("yn_b", &["Same label"], None),
            ],
            choices: [(
                "l_fear".to_owned(),
                vec![named("theft", &["Theft", "Vol"]), named("arrest", &["Arrest or detention"]), named("dnk", &["Don't know"])],
            )]
            .into(),
        }
    }

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let mut builder = SheetBuilder::default();
        for (row, cells) in (1..).zip(rows) {
            for (column, text) in (1..).zip(*cells) {
                builder.push(row, column, CellValue::Text(text), CellMarks::default());
            }
        }
        builder.finish("main", false)
    }

    fn texts(sheet: &Sheet, row: u32) -> Vec<String> {
        let text = |(_, value)| if let CellValue::Text(text) = value { text.to_owned() } else { String::new() };
        sheet.row(row).unwrap().cells().map(text).collect()
    }

    #[test]
    fn labels_become_names_in_headers_and_answers() {
        let (new, done) = form()
            .relabelled(&sheet(&[
                &["uuid", "Combien vivez-vous ici ?", "What do you fear?", "What do you fear?/Theft", "Same label"],
                &["h1", "4", "Theft Arrest or detention", "1", "yes"],
                &["h2", "5", "vol", "0", "no"],
                &["h3", "5", "Theft by night", "0", "no"],
                &["h4", "5", "theft dnk", "0", "no"],
            ]))
            .unwrap();
        assert_eq!(texts(&new, 1), ["uuid", "hh_size", "fear", "fear/theft", "Same label"]);
        assert_eq!([2, 3, 4, 5].map(|row| texts(&new, row)[2].clone()), ["theft arrest", "theft", "Theft by night", "theft dnk"]);
        assert_eq!(done, Relabelled { headers: 3, answers: 2 });
    }

    #[test]
    fn an_export_by_names_stays_as_it_is() {
        assert!(form().relabelled(&sheet(&[&["uuid", "grp/hh_size", "fear"], &["h1", "4", "theft arrest"]])).is_none());
        // Labels of answers alone, under names.
        let (new, done) = form().relabelled(&sheet(&[&["uuid", "grp/fear"], &["h1", "Don't know"]])).unwrap();
        assert_eq!((texts(&new, 2)[1].as_str(), done), ("dnk", Relabelled { headers: 0, answers: 1 }));
    }
}
