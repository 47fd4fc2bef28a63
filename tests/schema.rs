//! The committed JSON Schemas are those of the structs that read the files. `UPDATE_EXPECTED=1 cargo test --test
//! schema` rewrites them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use common::root;
use pinpoint::framework::schema::FileKind;
use pinpoint::report::document;

#[test]
fn the_schemas_are_those_of_the_structs() {
    let folder = root().join("frameworks/schema");
    let data = FileKind::ALL.map(|kind| (kind.name().to_owned(), kind.schema_text()));
    for (name, wanted) in data.into_iter().chain([("analysis".to_owned(), document::schema_text())]) {
        let path = folder.join(format!("{name}.schema.json"));
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &wanted).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == wanted, "{} is out of date: run UPDATE_EXPECTED=1 cargo test --test schema", path.display());
    }
}
