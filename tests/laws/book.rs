//! A workbook as rows of plain cells, so that a law can shuffle, rename and cut it before it is read.

use std::path::Path;

use pinpoint::table::workbook::CellMarks;
use pinpoint::table::{CellValue, SheetBuilder, Workbook};

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Blank,
    Number(f64),
    Text(String),
    Truth(bool),
    Error(String),
}

/// A text cell; an empty one is blank.
pub fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Blank } else { Cell::Text(text.to_owned()) }
}

/// A number cell; a missing one is blank.
pub fn number(number: Option<f64>) -> Cell {
    number.map_or(Cell::Blank, Cell::Number)
}

/// A sheet: the first row holds the headers.
#[derive(Clone, Debug)]
pub struct Page {
    pub name: String,
    pub rows: Vec<Vec<Cell>>,
}

impl Page {
    /// A page with these headers and no rows.
    pub fn new(name: &str, headers: &[&str]) -> Self {
        Self { name: name.to_owned(), rows: vec![headers.iter().map(|header| text(header)).collect()] }
    }

    /// The position of a header.
    pub fn column(&self, header: &str) -> Option<usize> {
        self.rows.first()?.iter().position(|cell| *cell == text(header))
    }
}

/// A workbook.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub pages: Vec<Page>,
}

impl Book {
    /// As the readers would deliver it.
    pub fn workbook(&self) -> Workbook {
        let sheets = self.pages.iter().map(|page| {
            let mut builder = SheetBuilder::default();
            for (row, cells) in (1..).zip(&page.rows) {
                for (column, cell) in (1..).zip(cells) {
                    let value = match cell {
                        Cell::Blank => CellValue::Blank,
                        Cell::Number(number) => CellValue::Number(*number),
                        Cell::Text(text) => CellValue::Text(text),
                        Cell::Truth(truth) => CellValue::Truth(*truth),
                        Cell::Error(text) => CellValue::Error(text),
                    };
                    builder.push(row, column, value, CellMarks::default());
                }
            }
            builder.finish(&page.name, false)
        });
        Workbook { sheets: sheets.collect(), unread: Vec::new() }
    }

    /// A folder of CSV files, a page each.
    pub fn read(folder: &Path) -> Self {
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let pages = paths.iter().map(|path| {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
            let cell = |field: &str| field.parse::<f64>().map_or_else(|_| text(field), Cell::Number);
            let rows = reader.records().map(|record| record.unwrap().iter().map(cell).collect()).collect();
            Page { name: path.file_stem().unwrap().to_str().unwrap().to_owned(), rows }
        });
        Self { pages: pages.collect() }
    }

    /// Writes the pages as CSV files into a folder.
    pub fn write(&self, folder: &Path) {
        for page in &self.pages {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_path(folder.join(format!("{}.csv", page.name))).unwrap();
            for row in &page.rows {
                let fields = row.iter().map(|cell| match cell {
                    Cell::Blank => String::new(),
                    Cell::Number(number) => number.to_string(),
                    Cell::Text(text) | Cell::Error(text) => text.clone(),
                    Cell::Truth(truth) => truth.to_string(),
                });
                writer.write_record(fields).unwrap();
            }
            writer.flush().unwrap();
        }
    }

    /// The page of this name.
    pub fn page(&mut self, name: &str) -> Option<&mut Page> {
        self.pages.iter_mut().find(|page| page.name == name)
    }

    /// Rows, columns and pages in another order, drawn from `seed`.
    pub fn shuffled(&self, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut pages = self.pages.clone();
        dice.shuffle(&mut pages);
        for page in &mut pages {
            let (_, data) = page.rows.split_first_mut().unwrap();
            dice.shuffle(data);
            let width = page.rows.iter().map(Vec::len).max().unwrap();
            let mut order: Vec<usize> = (0..width).collect();
            dice.shuffle(&mut order);
            for row in &mut page.rows {
                *row = order.iter().map(|&at| row.get(at).cloned().unwrap_or(Cell::Blank)).collect();
            }
        }
        Self { pages }
    }

    /// Every text cell that `rename` knows, renamed.
    pub fn renamed(&self, rename: impl Fn(&str) -> Option<String>) -> Self {
        let mut book = self.clone();
        for cell in book.pages.iter_mut().flat_map(|page| page.rows.iter_mut().skip(1)).flatten() {
            if let Cell::Text(text) = cell
                && let Some(new) = rename(text)
            {
                *text = new;
            }
        }
        book
    }
}

/// A small generator of numbers (splitmix64), so that a shuffle is its seed and nothing else.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `below`.
    pub fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below.max(1) as u64) as usize
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}
