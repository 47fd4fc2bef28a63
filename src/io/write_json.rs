//! The whole analysis as JSON for programs. Each key of the whole and each entry of a table stands on a line of its
//! own, so that two runs can be compared line by line, and no more is broken than that. What is not known is `null`.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::error::WriteError;

/// Writes anything that can be written as JSON, row by row if it makes its rows row by row.
pub fn write_json(value: &impl Serialize, out: &mut dyn Write) -> Result<(), WriteError> {
    // Most writes are of a few bytes; a buffer of a known kind takes them without asking what `out` is.
    let mut buffer = BufWriter::with_capacity(1 << 16, out);
    value.serialize(&mut Serializer::with_formatter(&mut buffer, EntriesOnLines::default())).map_err(failed)?;
    buffer.write_all(b"\n")?;
    Ok(buffer.flush()?)
}

/// So deep do lines end: the keys of the whole, and the entries of each.
const LINES_TO_DEPTH: usize = 2;

/// Ends lines before the keys of the whole and before the entries of each; further in all is compact.
#[derive(Default)]
struct EntriesOnLines {
    depth: usize,
    /// Whether what is open holds anything: an empty list needs no line.
    is_filled: bool,
}

impl EntriesOnLines {
    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.is_filled = false;
        out.write_all(bracket)
    }

    fn entry<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.is_filled = true;
        match (first, self.depth <= LINES_TO_DEPTH) {
            (true, true) => out.write_all(b"\n"),
            (false, true) => out.write_all(b",\n"),
            (true, false) => Ok(()),
            (false, false) => out.write_all(b","),
        }
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        if self.is_filled && self.depth <= LINES_TO_DEPTH {
            out.write_all(b"\n")?;
        }
        self.depth -= 1;
        // What is around it holds at least this.
        self.is_filled = true;
        out.write_all(bracket)
    }
}

impl Formatter for EntriesOnLines {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.entry(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.entry(out, first)
    }
}

fn failed(error: serde_json::Error) -> WriteError {
    if error.is_io() { io::Error::from(error).into() } else { WriteError::format("JSON", error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_of_a_table_stands_on_its_own_line() {
        let value = serde_json::json!({ "z": 1, "a": [{ "k": [null, 0.1], "m": {} }, "=1+1"], "none": [], "of": { "x": [1, 2] } });
        let mut bytes = Vec::new();
        write_json(&value, &mut bytes).unwrap();
        let lines = ["{", r#""z":1,"#, r#""a":["#, r#"{"k":[null,0.1],"m":{}},"#, r#""=1+1""#, "],", r#""none":[],"#, r#""of":{"#];
        assert_eq!(String::from_utf8(bytes).unwrap(), format!("{}\n\"x\":[1,2]\n}}\n}}\n", lines.join("\n")));
    }
}
