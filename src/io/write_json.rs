//! The whole analysis as JSON for programs: indented, with a line end behind it. What is not known is `null`.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::error::WriteError;

/// Writes anything that can be written as JSON, row by row if it makes its rows row by row.
pub fn write_json(value: &impl Serialize, out: &mut dyn Write) -> Result<(), WriteError> {
    // Most writes are of a few bytes; a buffer of a known kind takes them without asking what `out` is.
    let mut buffer = BufWriter::with_capacity(1 << 16, out);
    serde_json::to_writer_pretty(&mut buffer, value).map_err(failed)?;
    buffer.write_all(b"\n")?;
    Ok(buffer.flush()?)
}

fn failed(error: serde_json::Error) -> WriteError {
    if error.is_io() { io::Error::from(error).into() } else { WriteError::format("JSON", error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_with_a_line_end_and_keeps_its_order() {
        let value = serde_json::json!({ "z": 1, "a": [null, 0.1, "=1+1"] });
        let mut bytes = Vec::new();
        write_json(&value, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "{\n  \"z\": 1,\n  \"a\": [\n    null,\n    0.1,\n    \"=1+1\"\n  ]\n}\n");
    }
}
