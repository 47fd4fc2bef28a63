//! A list of places: a table with a row for each, its headers in row 1, in the columns of the global list of p-codes.

use std::path::Path;

use super::error::ReadError;
use super::read_input::{How, read_input};
use crate::domain::PCode;
use crate::domain::gazetteer::{Gazetteer, Place};
use crate::table::sheet::Row;
use crate::table::{CellValue, folded};

/// The columns, and the headers that mean them, folded.
const COLUMNS: [(&str, &[&str]); 5] = [
    ("P-Code", &["p code", "pcode", "code", "#geo+code"]),
    ("Name", &["name", "#geo+name"]),
    ("Admin Level", &["admin level", "level", "#geo+admin level", "#geo+admin_level"]),
    ("Parent P-Code", &["parent p code", "parent pcode", "parent", "#geo+code+parent"]),
    ("Location", &["location", "country", "iso3", "country iso3", "#country+code"]),
];

/// Reads a list; gives its file name and digest with it.
///
/// # Errors
/// When the file cannot be read, or lacks a column.
pub fn read(path: &Path) -> Result<(Gazetteer, (String, String)), ReadError> {
    let input = read_input(path, &|_| true, How::default())?;
    let without = |column: &'static str| ReadError::NoGazetteer { path: path.to_owned(), column };
    let sheet = input.workbook.sheets.first().ok_or_else(|| without("P-Code"))?;
    let head = sheet.row(1).ok_or_else(|| without("P-Code"))?;
    let column = |at: usize| {
        let (name, accepted) = COLUMNS.get(at).copied().unwrap_or(("P-Code", &[]));
        let is_it = |(column, value): (u32, CellValue<'_>)| match value {
            CellValue::Text(text) if accepted.contains(&folded(text).as_str()) => Some(column),
            _ => None,
        };
        head.cells().find_map(is_it).ok_or_else(|| without(name))
    };
    let (code, name, level, parent, country) = (column(0)?, column(1)?, column(2)?, column(3)?, column(4)?);
    let place = |row: Row<'_>| {
        let parent = PCode::new(&text(row, parent));
        Some(Place {
            pcode: PCode::new(&text(row, code))?,
            name: text(row, name),
            level: text(row, level).parse().ok()?,
            // A place of the first level lies in the country, which goes by another code there.
            parent: parent.filter(|_| text(row, level) != "1"),
            country: text(row, country),
        })
    };
    let places = sheet.rows().skip(1).filter_map(place);
    let digest = input.digest.into_iter().next().unwrap_or_default();
    Ok((Gazetteer::new(places), digest))
}

fn text(row: Row<'_>, column: u32) -> String {
    match row.get(column) {
        CellValue::Text(text) => text.trim().to_owned(),
        CellValue::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_by_the_names_of_the_columns() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("places.csv");
        std::fs::write(
            &path,
            "Location,Admin Level,P-Code,Name,Parent P-Code\nXVA,1,XV01,Great Island,XVA\nXVA,2,XV0101,North Cape,XV01\n",
        )
        .unwrap();
        let (list, (file, _)) = read(&path).unwrap();
        let place = list.find(&PCode::new("xv0101").unwrap()).unwrap();
        assert_eq!(
            (place.name.as_str(), place.level, place.parent.as_ref().map(PCode::as_str), file.as_str()),
            ("North Cape", 2, Some("XV01"), "places.csv")
        );
        assert_eq!(list.find(&PCode::new("XV01").unwrap()).unwrap().parent, None);
        std::fs::write(&path, "Location,P-Code\n").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("no column `Name`"));
    }
}
