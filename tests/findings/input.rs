//! A small sound input of which a case breaks one thing.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use pinpoint::diag::{Code, Findings};
use pinpoint::domain::PCode;
use pinpoint::domain::gazetteer::{Gazetteer, Place};
use pinpoint::framework::layout::TableLayout;
use pinpoint::framework::validate::{self, FrameworkFiles};
use pinpoint::framework::{Context, Framework};
use pinpoint::io::read_framework;
use pinpoint::run;
use pinpoint::stage::{Analysis, analyse, try_case};
use pinpoint::table::workbook::{CellMarks, SheetNotes};
use pinpoint::table::{CellValue, Sheet, SheetBuilder, Workbook, folded};

static LAYOUT: LazyLock<Vec<TableLayout>> = LazyLock::new(run::own_layout);

/// Sheets, a framework's files and a context, all as text.
#[derive(Clone, Debug)]
pub struct Input {
    sheets: BTreeMap<&'static str, String>,
    notes: BTreeMap<&'static str, SheetNotes>,
    /// Places of a list: country, level, code, parent.
    places: &'static [(&'static str, u8, &'static str, &'static str)],
    /// A sheet that comes as a file of its own, by another name.
    alone: Option<&'static str>,
    /// A sheet whose last row stands in this one.
    lowest: Option<(&'static str, u32)>,
    framework: BTreeMap<String, String>,
    context: String,
}

/// Two areas, two groups, two indicators; nothing is found in it.
pub fn sound() -> Input {
    let text = |text: &str| text.to_owned();
    Input {
        sheets: [
            (
                "areas",
                text(
                    "pcode,name,level,parent_pcode
                     XV01,Great Island,1,
                     XV0101,North Cape,2,XV01
                     XV0102,South Bay,2,XV01",
                ),
            ),
            (
                "population",
                text(
                    "pcode,population_group,population
                     XV0101,IDPs,1000
                     XV0101,Residents,4000
                     XV0102,IDPs,500",
                ),
            ),
            (
                "indicators",
                text(
                    "pcode,population_group,movement-fear,roads
                     XV0101,IDPs,20,open
                     XV0101,Residents,10,open
                     XV0102,IDPs,35,some closed",
                ),
            ),
        ]
        .into(),
        notes: BTreeMap::new(),
        places: &[],
        alone: None,
        lowest: None,
        framework: [
            ("framework.toml", include_str!("../../fixtures/frameworks/valid/minimal/framework.toml")),
            ("indicators.toml", include_str!("../../fixtures/frameworks/valid/minimal/indicators.toml")),
            ("coefficients.toml", include_str!("../../fixtures/frameworks/valid/minimal/coefficients.toml")),
        ]
        .map(|(name, content)| (text(name), text(content)))
        .into(),
        context: text("format = 1\n\n[context]\ncountry = \"XVA\"\nname = \"Two Islands\"\n"),
    }
}

impl Input {
    /// Puts a sheet in, or in place of the one of this name: a line a row, a comma between cells. What reads as a
    /// number is one, `'20` is the text 20, `#N/A` is an error value.
    pub fn sheet(mut self, name: &'static str, rows: &str) -> Self {
        self.sheets.insert(name, rows.to_owned());
        self
    }

    /// Says what a sheet holds beside its cells.
    pub fn noted(mut self, name: &'static str, notes: SheetNotes) -> Self {
        self.notes.insert(name, notes);
        self
    }

    /// Gives a list of places: country, level, code, parent.
    pub fn listed(mut self, places: &'static [(&'static str, u8, &'static str, &'static str)]) -> Self {
        self.places = places;
        self
    }

    /// Gives a sheet as a file of its own, by another name.
    pub fn alone(mut self, name: &'static str) -> Self {
        self.alone = Some(name);
        self
    }

    /// Moves the last row of a sheet far down.
    pub fn lowest(mut self, name: &'static str, row: u32) -> Self {
        self.lowest = Some((name, row));
        self
    }

    /// Takes a sheet away.
    pub fn without(mut self, name: &str) -> Self {
        assert!(self.sheets.remove(name).is_some(), "there is no sheet `{name}`");
        self
    }

    /// Writes `new` for `old` in a sheet.
    pub fn mend(mut self, sheet: &str, old: &str, new: &str) -> Self {
        replace(self.sheets.get_mut(sheet), sheet, old, new);
        self
    }

    /// Puts a file into the framework's folder.
    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.framework.insert(name.to_owned(), text.to_owned());
        self
    }

    /// Takes a file out of the framework's folder.
    pub fn without_file(mut self, name: &str) -> Self {
        assert!(self.framework.remove(name).is_some(), "there is no file `{name}`");
        self
    }

    /// Writes `new` for `old` in a file of the framework.
    pub fn rule(mut self, file: &str, old: &str, new: &str) -> Self {
        replace(self.framework.get_mut(file), file, old, new);
        self
    }

    /// Adds lines to the context.
    pub fn context(mut self, lines: &str) -> Self {
        self.context.push_str(lines);
        self
    }

    /// Everything that is found, the gravest first.
    pub fn findings(&self) -> Findings {
        self.run().0
    }

    /// Everything that is found, and the analysis where there is one.
    pub fn run(&self) -> (Findings, Option<Analysis>) {
        let mut analysis = None;
        let mut found = Findings::default();
        let (context, framework) = self.rules(&mut found);
        if let (Some(context), Some(framework)) = (context, framework) {
            analysis = found.keep(analyse(&self.workbook(&context), &context, &framework));
            found.append(try_case::try_cases(&framework, &LAYOUT));
        }
        found.sort();
        (found, analysis)
    }

    /// Context and framework, as far as they can be used.
    pub fn rules(&self, found: &mut Findings) -> (Option<Context>, Option<Framework>) {
        let mut context = found.keep(validate::context("context.toml", Some(&self.context), &LAYOUT));
        let place = |&(country, level, code, parent): &(&str, u8, &str, &str)| Place {
            pcode: PCode::new(code).unwrap(),
            name: String::new(),
            level,
            parent: PCode::new(parent),
            country: country.to_owned(),
        };
        if let Some(context) = context.as_mut().filter(|_| !self.places.is_empty()) {
            context.gazetteer = Some(Arc::new(Gazetteer::new(self.places.iter().map(place))));
        }
        // What all frameworks share is that of a shipped one.
        let shared = read_framework::framework_files(run::DEFAULT_FRAMEWORK).expect("it is shipped");
        let files = FrameworkFiles { folder: "minimal".into(), texts: self.framework.clone(), ..shared };
        (context, found.keep(validate::framework(&files)))
    }

    /// The sheets that this context reads.
    pub fn workbook(&self, context: &Context) -> Workbook {
        let wanted: Vec<String> = context.sheets().map(folded).collect();
        let mut workbook = Workbook::default();
        for (name, rows) in &self.sheets {
            if self.alone == Some(name) {
                let mut sheet = sheet_of("table of 2025", rows, self.notes.get(name), None);
                sheet.alone = true;
                workbook.sheets.push(sheet);
            } else if wanted.contains(&folded(name)) {
                workbook.sheets.push(sheet_of(name, rows, self.notes.get(name), self.lowest.filter(|(of, _)| *of == *name)));
            } else {
                workbook.unread.push((*name).to_owned());
            }
        }
        workbook
    }
}

fn replace(text: Option<&mut String>, name: &str, old: &str, new: &str) {
    let text = text.unwrap_or_else(|| panic!("there is no `{name}`"));
    assert!(text.contains(old), "`{name}` does not hold `{old}`");
    *text = text.replacen(old, new, 1);
}

fn sheet_of(name: &str, rows: &str, notes: Option<&SheetNotes>, lowest: Option<(&str, u32)>) -> Sheet {
    let mut builder = SheetBuilder::default();
    let count = rows.lines().count();
    for (at, line) in (1..).zip(rows.lines()) {
        let row = lowest.filter(|_| at == count).map_or_else(|| u32::try_from(at).unwrap(), |(_, row)| row);
        for (column, text) in (1..).zip(line.trim().trim_start_matches('~').split(',')) {
            // `0.2%` is a number that the sheet shows in per cent.
            let shown = text.strip_suffix('%').and_then(|number| number.parse().ok());
            if let Some(number) = shown {
                builder.push(row, column, CellValue::Number(number), CellMarks { percent: true });
                continue;
            }
            let value = match (text.strip_prefix('\''), text.parse()) {
                (Some(text), _) => CellValue::Text(text),
                (None, Ok(number)) => CellValue::Number(number),
                (None, Err(_)) if text.starts_with('#') => CellValue::Error(text),
                (None, Err(_)) => CellValue::Text(text),
            };
            builder.push(row, column, value, CellMarks::default());
        }
    }
    // `~` before the first cell of a row hides the row.
    let hidden = (1..).zip(rows.lines()).filter(|(_, line)| line.trim().starts_with('~')).map(|(row, _)| (row, row));
    let hidden_rows = hidden.collect();
    let mut sheet = builder.finish(name, false);
    sheet.notes = SheetNotes { hidden_rows, ..notes.cloned().unwrap_or_default() };
    sheet
}

/// Place and message of every finding of a code.
pub fn said(input: &Input, code: Code) -> Vec<String> {
    let found = input.findings();
    found.iter().filter(|finding| finding.code == code).map(|finding| format!("{}: {}", finding.place, finding.message)).collect()
}

/// The context of an input.
pub fn context_of(input: &Input) -> pinpoint::framework::Context {
    validate::context("context.toml", Some(&input.context), &LAYOUT).value.expect("it is sound")
}
