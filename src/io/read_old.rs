//! Workbooks of the old kinds (.xls, .xlsb). Their reader can be made to crash, to run without end and to take all memory,
//! so that it runs in a process of its own: this program starts itself once more, hands over the bytes, and takes back cells
//! as lines of text. The process has little memory and little time; whatever becomes of it, this one goes on.

use std::io::{BufRead as _, BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use calamine::{Data, Range, Reader, SheetType, SheetVisible, Xls, Xlsb};
use serde::{Deserialize, Serialize};

use super::error::ReadError;
use super::guard::{MergedRows, Refusal, limits};
use super::read_workbook::{CellSource, EachCell, SheetInfo, date_text};
use crate::table::workbook::{Block, CellMarks, CellValue, SheetNotes};

/// The hidden command of this program that reads such a workbook.
pub const COMMAND: &str = "read-old-workbook";

/// Bytes of memory that the process may take: a little, and more for larger workbooks, up to a bound.
fn memory(bytes: usize) -> u64 {
    (80_u64 << 20).saturating_add((bytes as u64).saturating_mul(60)).min(1 << 30)
}

/// How long it may run.
const TIME: Duration = Duration::from_secs(15);
/// Bytes that it may give back.
const ANSWER: u64 = 1 << 30;

/// A line of what the process gives back.
#[derive(Debug, Serialize, Deserialize)]
enum Line {
    /// A sheet begins: its name, whether it is hidden.
    Sheet(String, bool),
    /// A merged block: top, left, bottom, right.
    Merge(u32, u32, u32, u32),
    /// A cell that holds a formula.
    Formula(u32, u32),
    Text(u32, u32, String),
    /// The bits of a number, which no writing can round.
    Number(u32, u32, u64),
    Truth(u32, u32, bool),
    Error(u32, u32, String),
    /// Nothing follows.
    End,
}

/// Reads the workbook that comes by `input` and writes its cells. Runs in the process of its own.
///
/// # Errors
/// What the reader says of the workbook, or that the answer cannot be written.
pub fn answer(mut input: impl Read, out: impl Write) -> Result<(), String> {
    let mut bytes = Vec::new();
    input.by_ref().take(limits::FILE as u64).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let most = memory(bytes.len());
    #[cfg(unix)]
    rlimit::setrlimit(rlimit::Resource::AS, most, most).map_err(|error| error.to_string())?;
    let mut out = std::io::BufWriter::new(out);
    let cursor = Cursor::new(bytes.as_slice());
    if bytes.starts_with(b"PK") {
        sheets(&mut Xlsb::new(cursor).map_err(|error| error.to_string())?, |_, _| Vec::new(), &mut out)?;
    } else {
        let merges = |xls: &mut Xls<_>, name: &str| xls.merge_cells_by_sheet_name(name).unwrap_or_default();
        sheets(&mut Xls::new(cursor).map_err(|error| error.to_string())?, merges, &mut out)?;
    }
    put(&mut out, &Line::End)?;
    out.flush().map_err(|error| error.to_string())
}

fn put(out: &mut impl Write, line: &Line) -> Result<(), String> {
    serde_json::to_writer(&mut *out, line).map_err(|error| error.to_string())?;
    out.write_all(b"\n").map_err(|error| error.to_string())
}

fn sheets<'a, R: Reader<Cursor<&'a [u8]>>>(
    reader: &mut R,
    merges: impl Fn(&mut R, &str) -> Vec<calamine::Dimensions>,
    out: &mut impl Write,
) -> Result<(), String> {
    let listed = reader.sheets_metadata().to_vec();
    for sheet in listed.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        #[expect(clippy::disallowed_methods, reason = "this process has bounds of its own, and its end is no harm")]
        let range = reader.worksheet_range(&sheet.name).map_err(|error| format!("{error:?}"))?;
        put(out, &Line::Sheet(sheet.name.clone(), sheet.visible != SheetVisible::Visible))?;
        for merge in merges(reader, &sheet.name) {
            let ((top, left), (bottom, right)) = (merge.start, merge.end);
            put(out, &Line::Merge(top + 1, left + 1, bottom + 1, right + 1))?;
        }
        if let Ok(formulas) = reader.worksheet_formula(&sheet.name) {
            for (row, column, formula) in cells(&formulas) {
                if !formula.is_empty() {
                    put(out, &Line::Formula(row, column))?;
                }
            }
        }
        for (row, column, value) in cells(&range) {
            let line = match value {
                Data::Empty => continue,
                Data::Float(number) => Line::Number(row, column, number.to_bits()),
                Data::Int(number) => Line::Number(row, column, number.to_string().parse::<f64>().unwrap_or(f64::NAN).to_bits()),
                Data::String(text) | Data::DurationIso(text) => Line::Text(row, column, text.clone()),
                Data::Bool(truth) => Line::Truth(row, column, *truth),
                Data::Error(error) => Line::Error(row, column, error.to_string()),
                Data::DateTime(moment) => Line::Text(row, column, date_text(*moment)),
                Data::DateTimeIso(text) => Line::Text(row, column, text.split('T').next().unwrap_or(text).to_owned()),
            };
            put(out, &line)?;
        }
    }
    Ok(())
}

/// The cells of a range, with rows and columns from 1.
fn cells<T: calamine::CellType>(range: &Range<T>) -> impl Iterator<Item = (u32, u32, &T)> {
    let (top, left) = range.start().unwrap_or_default();
    let number = |first: u32, at: usize| first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)).saturating_add(1);
    range.used_cells().map(move |(row, column, value)| (number(top, row), number(left, column), value))
}

/// What the process gave back.
#[derive(Debug)]
pub struct OldSource {
    path: PathBuf,
    sheets: Vec<(SheetInfo, Vec<Line>)>,
}

impl OldSource {
    /// Reads a workbook in a process of its own, which `program` becomes. `path` only names the workbook.
    pub fn open(path: &Path, bytes: &[u8], program: &Path) -> Result<Self, ReadError> {
        let damaged = |what: String| ReadError::OldWorkbook { path: path.to_owned(), what };
        let mut child = Command::new(program)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| damaged(format!("the process that reads it cannot be started ({error})")))?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(damaged("the process that reads it cannot be spoken to".into()));
        };
        let (sender, receiver) = mpsc::channel();
        let answer = std::thread::scope(|scope| {
            // A process that ends early takes nothing more; that it ended is seen below.
            scope.spawn(move || drop(input.write_all(bytes)));
            scope.spawn(move || drop(sender.send(lines(output))));
            let answer = receiver.recv_timeout(TIME);
            if answer.is_err() {
                // Its end closes both pipes, so that the threads end too.
                drop(child.kill());
            }
            answer
        });
        let ended = child.wait().map_err(|error| damaged(error.to_string()))?;
        let sheets = answer.map_err(|_| damaged(format!("it takes longer than {} seconds to read", TIME.as_secs())))?;
        match sheets.filter(|_| ended.success()) {
            Some(sheets) => Ok(Self { path: path.to_owned(), sheets }),
            None => Err(damaged("it is damaged, or needs more memory than any workbook of its kind".into())),
        }
    }
}

/// The sheets that the process tells; `None` if it does not come to its end.
fn lines(output: impl Read) -> Option<Vec<(SheetInfo, Vec<Line>)>> {
    let mut sheets: Vec<(SheetInfo, Vec<Line>)> = Vec::new();
    for line in BufReader::new(output.take(ANSWER)).lines() {
        match serde_json::from_str(&line.ok()?).ok()? {
            Line::End => return Some(sheets),
            Line::Sheet(name, hidden) => sheets.push((SheetInfo { name, hidden }, Vec::new())),
            line => sheets.last_mut()?.1.push(line),
        }
    }
    None
}

impl CellSource for OldSource {
    fn sheets(&self) -> Vec<SheetInfo> {
        self.sheets.iter().map(|(info, _)| info.clone()).collect()
    }

    fn read(&mut self, sheet: &str, each: &mut EachCell<'_>) -> Result<SheetNotes, ReadError> {
        let (mut notes, mut merged) = (SheetNotes::default(), MergedRows::default());
        let Some((_, lines)) = self.sheets.iter().find(|(info, _)| info.name == sheet) else {
            return Err(ReadError::NoSuchSheet { path: self.path.clone(), sheet: sheet.to_owned() });
        };
        notes.read_as.push("a workbook of an old kind, of which hidden rows and per cent formats are not seen".into());
        for line in lines {
            let (row, column, value) = match line {
                Line::Sheet(..) | Line::End => continue,
                Line::Merge(top, left, bottom, right) => {
                    let block = Block { top: *top, left: *left, bottom: *bottom, right: *right };
                    let refused = |refusal: Refusal| ReadError::Refused { path: self.path.clone(), refusal: refusal.in_sheet(sheet) };
                    merged.add(block).map_err(refused)?;
                    notes.merges.push(block);
                    continue;
                }
                Line::Formula(row, column) => {
                    notes.formulas.push((*row, *column));
                    continue;
                }
                Line::Text(row, column, text) => (*row, *column, CellValue::Text(text)),
                Line::Number(row, column, bits) => (*row, *column, CellValue::Number(f64::from_bits(*bits))),
                Line::Truth(row, column, truth) => (*row, *column, CellValue::Truth(*truth)),
                Line::Error(row, column, text) => (*row, *column, CellValue::Error(text)),
            };
            if row > limits::ROWS || column > limits::COLUMNS {
                return Err(ReadError::OldWorkbook { path: self.path.clone(), what: "it has cells outside any sheet".into() });
            }
            each(row, column, value, CellMarks::default());
        }
        Ok(notes.in_order())
    }
}
