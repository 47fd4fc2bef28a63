//! Bytes that may be a workbook (.xlsx, .ods): every sheet is read, and the whole flow is run on it.
#![no_main]

use std::io::Write as _;

use libfuzzer_sys::fuzz_target;
use pinpoint::run::{self, Inputs};

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut file) = tempfile_named(".xlsx") else { return };
    if file.1.write_all(bytes).is_err() {
        return;
    }
    drop(file.1);
    let inputs = Inputs { input: file.0.clone(), one_table: true, ..Inputs::default() };
    drop(run::analyse(&inputs, &|_| ()));
    drop(std::fs::remove_file(file.0));
});

/// A file of this process in the system's folder for such files.
fn tempfile_named(ending: &str) -> std::io::Result<(std::path::PathBuf, std::fs::File)> {
    let path = std::env::temp_dir().join(format!("pinpoint-fuzz-{}{ending}", std::process::id()));
    let file = std::fs::File::create(&path)?;
    Ok((path, file))
}
