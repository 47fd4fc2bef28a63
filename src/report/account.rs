//! The account of an input: what became of every row of every sheet that is read, and of the people in them. As a sheet, as
//! lines of `audit.csv`, and in a line or two for whoever runs the program.

use super::model::{Column, Datum, Format, Table};
use crate::diag::place::ranges;
use crate::domain::People;
use crate::stage::ledger::{Ledger, TableAccount};

/// The sheet.
pub fn table(ledger: &Ledger) -> Table {
    let columns = vec![
        Column::new("What", Format::Text, 34),
        Column::new("Table", Format::Text, 14),
        Column::new("Sheet", Format::Text, 26),
        Column::new("Count", Format::Whole, 14),
        Column::new("Which", Format::Text, 70),
    ];
    let rows = lines(ledger).map(|Line { what, table, sheet, count, which }| {
        vec![Datum::text(what), Datum::text(table), Datum::text(sheet), Datum::Whole(count), Datum::text(which)]
    });
    Table {
        name: "Account".into(),
        notes: vec![
            "Rows read are used or set aside; people read are assessed, not assessed, stated again or set aside. Each side is counted by itself, and no figure is given where they differ.".into(),
        ],
        columns,
        rows: rows.collect(),
        key_columns: 1,
    }
}

/// A line of the account.
pub(super) struct Line {
    pub(super) what: &'static str,
    pub(super) table: &'static str,
    pub(super) sheet: String,
    pub(super) count: i128,
    pub(super) which: String,
}

/// Every line: the rows of each table, the people, what was cleaned up, what is missing, what is not read.
pub(super) fn lines(ledger: &Ledger) -> impl Iterator<Item = Line> {
    let of_people = people(ledger).into_iter().map(|(what, people, which)| Line {
        what,
        table: "population",
        sheet: String::new(),
        count: people.rounded(),
        which: which.into(),
    });
    let cleaned = ledger.cleaned.iter().map(|(sheet, what, times, first)| Line {
        what: "cells read as meant",
        table: "",
        sheet: sheet.to_string(),
        count: count(*times),
        which: format!("{what}; the first is {first}"),
    });
    let missing = ledger.missing.iter().map(|(sheet, times)| Line {
        what: "cells missing",
        table: "",
        sheet: sheet.to_string(),
        count: count(*times),
        which: String::new(),
    });
    let unread =
        ledger.unread.iter().map(|name| Line { what: "sheets not read", table: "", sheet: name.clone(), count: 1, which: String::new() });
    ledger.tables.iter().flat_map(of_table).chain(of_people).chain(cleaned).chain(missing).chain(unread)
}

fn of_table(of: &TableAccount) -> Vec<Line> {
    let line = |what, number: usize, which| Line { what, table: of.table, sheet: of.sheet.to_string(), count: count(number), which };
    let mut lines = vec![line("rows read", of.read, String::new()), line("rows used", of.used, String::new())];
    for (why, rows) in &of.set_aside {
        lines.push(line("rows set aside", rows.len(), format!("{why}: {}", ranges(rows))));
    }
    lines
}

/// The people of the tables of people: what, how many, and what that means.
fn people(ledger: &Ledger) -> Vec<(&'static str, People, &'static str)> {
    let of = &ledger.people;
    let always = [
        ("people read", of.read, "in every row that holds a number of people"),
        ("people assessed", of.assessed, "their people in need are known"),
        ("people not assessed", of.not_assessed, "they count, and their people in need are not known"),
    ];
    let sometimes = [
        ("people stated again", of.stated_again, "of an area or group for whose parts people are stated too; the parts count"),
        ("people as parts of a total", of.parts_of_totals, "by sex and age beside a total; the total counts"),
        ("people with disabilities", of.with_disabilities, "among the others"),
        ("people set aside", of.set_aside, "in rows that are set aside"),
    ];
    always.into_iter().chain(sometimes.into_iter().filter(|(_, people, _)| *people != People::ZERO)).collect()
}

/// The account in words for a person: rows, and people.
pub fn in_words(ledger: &Ledger) -> [String; 2] {
    let sum = |of: fn(&TableAccount) -> usize| ledger.tables.iter().map(of).sum::<usize>();
    let aside = |of: &TableAccount| of.set_aside.iter().map(|(_, rows)| rows.len()).sum::<usize>();
    let tables = ledger.tables.len();
    let cleaned: usize = ledger.cleaned.iter().map(|(_, _, times, _)| times).sum();
    let missing: usize = ledger.missing.iter().map(|(_, times)| times).sum();
    let s = if tables == 1 { "" } else { "s" };
    let rows = format!(
        "{tables} table{s}, {} rows read: {} used, {} set aside; {missing} cells missing, {cleaned} read as meant",
        sum(|of| of.read),
        sum(|of| of.used),
        sum(aside)
    );
    let told: Vec<String> = people(ledger)
        .into_iter()
        .map(|(what, people, _)| format!("{} {}", what.trim_start_matches("people "), people.rounded()))
        .collect();
    [rows, format!("people: {}", told.join(", "))]
}

fn count(number: usize) -> i128 {
    i128::try_from(number).unwrap_or(i128::MAX)
}
