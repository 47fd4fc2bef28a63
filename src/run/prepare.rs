//! Rules and input of a run: which context and framework hold, by which layout the tables are read, and the input itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{DEFAULT_FRAMEWORK, Inputs, own_layout};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Findings, Place};
use crate::framework::files::{PeopleFile, RoleName};
use crate::framework::layout::{ANY_SHEET, TableLayout};
use crate::framework::validate::{self, FrameworkFiles};
use crate::framework::{Context, Framework};
use crate::io::error::ReadError;
use crate::io::{digest, read_form, read_framework, read_gazetteer, read_input};
use crate::report::Provenance;
use crate::report::first_context::text as first_context_text;
use crate::stage::locate::fit;
use crate::stage::locate::guess::guess;
use crate::table::form::{Form, Relabelled};
use crate::table::{Sheet, Workbook, folded};

/// Rules and input of a run, as far as they can be used.
pub(super) struct Prepared {
    pub(super) findings: Findings,
    /// The context; `None` where it or the framework cannot be used.
    pub(super) rules: Option<(Context, Framework)>,
    pub(super) input: read_input::Input,
    pub(super) provenance: Provenance,
    pub(super) context_file: Option<PathBuf>,
}

/// Reads the rules, and with them the input.
pub(super) fn prepare(inputs: &Inputs, step: &dyn Fn(&str)) -> Result<Prepared, ReadError> {
    step("reading the rules");
    let mut findings = Findings::default();
    let context_file = inputs.context.clone().or_else(|| context_beside(&inputs.input));
    let context_text = context_file.as_deref().map(read_framework::read_text).transpose()?;
    let context_name = context_file.as_deref().map_or_else(|| "context.toml".into(), file_name);
    let context = findings.keep(validate::context(&context_name, context_text.as_deref(), &own_layout()));
    let mut provenance = Provenance {
        engine: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        context: context_text.as_ref().map(|text| (context_name, digest::sha256(text.as_bytes()))),
        as_of: inputs.as_of.clone().or_else(|| context.as_ref().and_then(|context| context.as_of.clone())).unwrap_or_default(),
        ..Provenance::default()
    };
    let mut input = read_input::Input::default();
    let mut context = context.map(|context| Context { drop_identifiers: inputs.drop_identifiers, ..context });
    if let Some(stated) = &mut context {
        step("reading the input");
        let form = inputs.form.as_deref().map(read_form::read).transpose()?;
        let mut first = read(inputs, &inputs.input, inputs.layout.as_deref(), form.as_ref().map(|(form, _)| form), stated)?;
        if let Some(path) = &inputs.population {
            lay_over(&mut first, read(inputs, path, None, None, stated)?);
        }
        input = std::mem::take(&mut first.input);
        input.digest.extend(form.map(|(_, digest)| digest));
        take_over(stated, first, &mut input, &mut findings);
    }
    if let (Some(path), Some(context)) = (&inputs.gazetteer, &mut context) {
        let (gazetteer, digest) = read_gazetteer::read(path)?;
        context.gazetteer = Some(Arc::new(gazetteer));
        input.digest.push(digest);
    }
    let named = inputs.framework.clone().or_else(|| context.as_ref().and_then(|context| context.framework.clone()));
    let files = read_framework::framework_files(named.as_deref().unwrap_or(DEFAULT_FRAMEWORK))?;
    let framework = findings.keep(validate::framework(&files)).map(|framework| told_apart(framework, &files));
    let rules = context.zip(framework);
    if let Some((_, framework)) = &rules {
        provenance.framework = (framework.id.clone(), framework.version.clone(), read_framework::digest(&files));
        provenance.inputs = std::mem::take(&mut input.digest);
    }
    Ok(Prepared { findings, rules, input, provenance, context_file })
}

/// The shipped layouts by which the tables may be read: the one that is named, else all of them where the context names no
/// tables of its own.
fn candidates(named: Option<&str>, context: &Context) -> Result<Vec<Context>, ReadError> {
    if context.tables_stated && named.is_none() {
        return Ok(Vec::new());
    }
    let wanted = |name: &str| named.is_none_or(|layout| layout == name);
    // A layout is of no country: its rows are those of the context's.
    let layout = |(name, text): (&str, &str)| validate::layout(&format!("layout/{name}.toml"), text, &context.country).value;
    let layouts: Vec<Context> = read_framework::layouts().filter(|(name, _)| wanted(name)).filter_map(layout).collect();
    match named {
        Some(name) if layouts.is_empty() => Err(unknown_layout(name)),
        _ => Ok(layouts),
    }
}

/// A file as it is read, and the tables that stand in it.
struct FileRead {
    input: read_input::Input,
    tables: Vec<TableLayout>,
    /// The layout that was chosen, and how many of its headers are known.
    chosen: Option<(Context, usize)>,
    /// The same of a file that brings people and areas alone: its layout says nothing of the rules.
    of_people: Option<(Context, usize)>,
}

/// Reads every sheet of a file that the context or one of the layouts may read, and finds out by which of them it is read.
fn read(inputs: &Inputs, path: &Path, named: Option<&str>, form: Option<&Form>, context: &Context) -> Result<FileRead, ReadError> {
    let candidates = candidates(named, context)?;
    // A layout that is named is read in place of the context's own tables.
    let own = Some(context).filter(|_| named.is_none());
    let readers: Vec<&Context> = own.into_iter().chain(&candidates).collect();
    let wanted: Vec<String> = readers.iter().flat_map(|context| context.sheets()).map(folded).collect();
    let any = named.is_some() && readers.iter().any(|context| context.tables.iter().any(TableLayout::in_any_sheet));
    let wants = |name: &str| any || wanted.contains(&folded(name));
    let how = read_input::How { encoding: context.text_encoding.as_deref(), program: inputs.program.as_deref() };
    let mut input = read_input::read_input(path, &wants, how)?;
    if let Some(form) = form {
        relabel(&mut input.workbook, form);
    }
    let framework = inputs.framework.as_deref().or(context.framework.as_deref()).unwrap_or(DEFAULT_FRAMEWORK);
    let chosen = choose(named, context, candidates, &input, framework)?;
    let tables = chosen.as_ref().map_or(&context.tables, |(layout, _)| &layout.tables).clone();
    if chosen.is_some() || reads_several(&tables, &input.workbook) {
        input.workbook.sheets.iter_mut().for_each(|sheet| sheet.alone = false);
    }
    Ok(FileRead { input, tables, chosen, of_people: None })
}

/// Whether a single table is several of the context's, which then has all that there is.
fn reads_several(tables: &[TableLayout], workbook: &Workbook) -> bool {
    let names = |table: &TableLayout, sheet: &Sheet| table.sheets.iter().any(|name| folded(name) == folded(&sheet.name));
    workbook.is_one_table() && workbook.sheets.iter().all(|sheet| tables.iter().filter(|table| names(table, sheet)).count() > 1)
}

/// Lays a file with people over another one: its tables of people and areas stand in place of the other's.
fn lay_over(first: &mut FileRead, mut second: FileRead) {
    let of_people = |table: &TableLayout| matches!(table.role, RoleName::Population | RoleName::Areas);
    if first.chosen.is_some() || second.chosen.is_some() {
        // What may stand in any sheet stands in one of its own file.
        for file in [&mut *first, &mut second] {
            let names: Vec<String> = file.input.workbook.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
            file.tables.iter_mut().filter(|table| table.in_any_sheet()).for_each(|table| table.sheets.clone_from(&names));
        }
        let roles: Vec<RoleName> = second.tables.iter().filter(|table| of_people(table)).map(|table| table.role).collect();
        first.tables.retain(|table| !roles.contains(&table.role));
        first.tables.extend(second.tables.into_iter().filter(of_people));
    }
    first.input.merge(second.input);
    first.of_people = second.chosen;
}

/// Labels of the form become its names, and each sheet says how many did.
fn relabel(workbook: &mut Workbook, form: &Form) {
    for sheet in &mut workbook.sheets {
        if let Some((mut new, Relabelled { headers, answers })) = form.relabelled(sheet) {
            new.notes.read_as.push(format!("{headers} headers and {answers} answers that are labels of the form are read as its names"));
            *sheet = new;
        }
    }
}

/// Chooses the layout whose tables are all there and that knows most headers, if it knows more than the program's own tables
/// do; a layout that the run names is taken as it is.
fn choose(
    named: Option<&str>,
    context: &Context,
    candidates: Vec<Context>,
    input: &read_input::Input,
    framework: &str,
) -> Result<Option<(Context, usize)>, ReadError> {
    if named.is_some() {
        return Ok(candidates.into_iter().next().map(|layout| (layout, 0)));
    }
    let own_names = context.tables.iter().flat_map(|table| &table.sheets).map(|name| folded(name)).collect::<Vec<_>>();
    let is_own = input.workbook.sheets.iter().any(|sheet| own_names.contains(&folded(&sheet.name)));
    if candidates.is_empty() || is_own {
        return Ok(None);
    }
    // What is wrong with the framework is said where it is read.
    let Some(rules) = validate::framework(&read_framework::framework_files(framework)?).value else { return Ok(None) };
    let least = if input.workbook.is_one_table() { fit_alone(input, context, &rules) } else { 0 };
    let fits = candidates.into_iter().filter_map(|layout| fit(&input.workbook, &layout, &rules).map(|known| (layout, known)));
    // Of equal ones the first.
    Ok(fits.filter(|(_, known)| *known > least).reduce(|best, next| if next.1 > best.1 { next } else { best }))
}

/// How many headers of a single table one of the program's own tables knows.
fn fit_alone(input: &read_input::Input, context: &Context, rules: &Framework) -> usize {
    let alone = |table: &TableLayout| {
        let table = TableLayout { sheets: vec![ANY_SHEET.into()], optional: false, ..table.clone() };
        fit(&input.workbook, &Context { tables: vec![table], ..context.clone() }, rules).unwrap_or(0)
    };
    context.tables.iter().map(alone).max().unwrap_or(0)
}

/// Reads the tables as they were found; a layout's rules hold too where the context has none of its own. Sheets in which none
/// of the tables can stand are not read.
fn take_over(context: &mut Context, file: FileRead, input: &mut read_input::Input, found: &mut Findings) {
    context.tables = file.tables;
    let said = [("the tables", &file.chosen), ("people and areas of the second file", &file.of_people)];
    for (what, (layout, known)) in said.into_iter().filter_map(|(what, chosen)| Some((what, chosen.as_ref()?))) {
        let (id, title) = layout.layout.clone().unwrap_or_default();
        let headers = if *known > 0 { format!(": {known} of its headers are there") } else { String::new() };
        found.add(Code::LayoutChosen, Place::Input, format!("{what} are read by the layout `{id}` ({title}){headers}"));
    }
    if let Some((layout, _)) = file.chosen {
        context.layout = layout.layout;
        context.framework = context.framework.take().or(layout.framework);
        if context.people == PeopleFile::default() {
            context.people = layout.people;
        }
    }
    let any = context.tables.iter().any(TableLayout::in_any_sheet);
    let wanted: Vec<String> = context.sheets().map(folded).collect();
    let is_read = |sheet: &Sheet| any || sheet.alone || wanted.contains(&folded(&sheet.name));
    let unread = input.workbook.sheets.iter().filter(|sheet| !is_read(sheet)).map(|sheet| sheet.name.to_string());
    input.workbook.unread.extend(unread);
    input.workbook.sheets.retain(is_read);
}

/// A framework that carries the name and version of a shipped one but is not that one says so wherever it is named.
fn told_apart(mut framework: Framework, files: &FrameworkFiles) -> Framework {
    let shipped = read_framework::framework_files(&format!("{}@{}", framework.id, framework.version));
    let is_shipped = read_framework::shipped().iter().any(|known| known.id == framework.id && known.version == framework.version);
    if is_shipped && shipped.is_ok_and(|shipped| read_framework::digest(&shipped) != read_framework::digest(files)) {
        framework.version.push_str(" (changed)");
    }
    framework
}

/// `context.toml` in the input's folder, or in the folder itself where the input is one, or beside that.
fn context_beside(input: &Path) -> Option<PathBuf> {
    let folders =
        if input.is_dir() { vec![input.to_path_buf(), input.parent()?.to_path_buf()] } else { vec![input.parent()?.to_path_buf()] };
    folders.into_iter().map(|folder| folder.join("context.toml")).find(|path| path.is_file())
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Id and title of every shipped layout.
pub fn layouts() -> Vec<(String, String)> {
    let of = |(name, text): (&str, &str)| validate::layout(name, text, "").value.and_then(|context| context.layout);
    read_framework::layouts().filter_map(of).collect()
}

/// A shipped layout as it is written.
///
/// # Errors
/// When there is none of this name.
pub fn layout_text(name: &str) -> Result<&'static str, ReadError> {
    let found = read_framework::layouts().find(|(known, _)| *known == name).map(|(_, text)| text);
    found.ok_or_else(|| unknown_layout(name))
}

fn unknown_layout(name: &str) -> ReadError {
    let shipped: Vec<&str> = read_framework::layouts().map(|(name, _)| name).collect();
    let hint = did_you_mean(name, shipped.iter().copied());
    ReadError::UnknownLayout { name: name.to_owned(), hint, shipped: format!("`{}`", shipped.join("`, `")) }
}

/// A first context for an input of which nothing is known, as text.
///
/// # Errors
/// When the input or the framework cannot be read.
pub fn first_context(input: &Path, framework: Option<&str>) -> Result<String, ReadError> {
    let Some(own) = validate::context("context.toml", None, &own_layout()).value else { return Ok(String::new()) };
    let layouts = candidates(None, &own)?;
    let program = std::env::current_exe().ok();
    let how = read_input::How { encoding: None, program: program.as_deref() };
    let input = read_input::read_input(input, &|_| true, how)?;
    let files = read_framework::framework_files(framework.unwrap_or(DEFAULT_FRAMEWORK))?;
    let Some(rules) = validate::framework(&files).value else { return Ok(String::new()) };
    // Where a shipped layout fits, its tables go before our own.
    let chosen = choose(None, &own, layouts, &input, framework.unwrap_or(DEFAULT_FRAMEWORK))?.map(|(layout, _)| layout);
    let layout = chosen.as_ref().and_then(|layout| layout.layout.clone()).map(|(id, _)| id);
    let contexts: Vec<Context> = chosen.into_iter().chain([own]).collect();
    let guess = guess(&input.workbook, &contexts, &rules);
    let text = layout.as_deref().map(layout_text).transpose()?;
    let rules = text.and_then(|text| text.find("[people-in-need]").and_then(|at| text.get(at..)));
    Ok(first_context_text(&guess, &input.name, layout.as_deref(), rules))
}
