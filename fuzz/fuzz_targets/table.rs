//! Bytes that may be a table as text.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use pinpoint::io::read_csv::read_table;

fuzz_target!(|bytes: &[u8]| {
    drop(read_table(Path::new("table.csv"), bytes, None, &mut |_, _, _, _| ()));
    drop(read_table(Path::new("table.csv"), bytes, Some("windows-1252"), &mut |_, _, _, _| ()));
});
