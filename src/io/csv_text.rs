//! What can be told of a CSV text without reading its fields: its encoding, its separator, where its lines begin and
//! whether a quotation mark is left open. What would need a guess is refused.

use std::path::Path;

use super::error::ReadError;

/// The bytes as text, once everything that can be told without reading it field by field is in order.
pub fn checked_text<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ReadError> {
    let encoding = |line, what| ReadError::Encoding { path: path.to_owned(), line, what };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(encoding(1, "the file is UTF-16"));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(ReadError::Csv {
            path: path.to_owned(),
            line: 1,
            what: "this is a workbook, not a table as text; name it by itself".to_owned(),
        });
    }
    let text = match str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let sound = bytes.get(..error.valid_up_to()).and_then(|sound| str::from_utf8(sound).ok()).unwrap_or_default();
            return Err(encoding(line_of(sound, sound.len()), "the text is not UTF-8"));
        }
    };
    if let Some(at) = text.find('\0') {
        return Err(encoding(line_of(text, at), "a character (NUL) that no text holds"));
    }
    let first = text.lines().next().unwrap_or_default();
    let what = if first.starts_with("sep=") {
        "the line sets a separator; take it out, and separate the fields by commas"
    } else if first.contains(',') {
        return Ok(text);
    } else if first.contains(';') {
        "the fields are separated by semicolons; save the file with commas, and with points in the numbers"
    } else if first.contains('\t') {
        "the fields are separated by tabs; save the file with commas"
    } else {
        return Ok(text);
    };
    Err(ReadError::Csv { path: path.to_owned(), line: 1, what: what.to_owned() })
}

/// How many empty lines stand from `start` on, and where the first line begins that is not empty. `start` is where
/// the reader left off: behind the end of a line, or between the two bytes of such an end.
pub fn skip_blank_lines(bytes: &[u8], start: usize) -> (u32, usize) {
    let mut at = start;
    if start > 0 && bytes.get(start - 1) == Some(&b'\r') && bytes.get(start) == Some(&b'\n') {
        at += 1;
    }
    let mut blank = 0;
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => at += 2,
            (Some(b'\r' | b'\n'), _) => at += 1,
            _ => return (blank, at),
        }
        blank += 1;
    }
}

/// Whether a quotation mark is still open at the end of these records.
pub fn ends_in_quotes(records: &[u8]) -> bool {
    let mut open = false;
    let mut field_begins = true;
    for &byte in records {
        if open {
            // A doubled mark closes and opens again, which comes to the same.
            open = byte != b'"';
            field_begins = !open;
        } else {
            open = byte == b'"' && field_begins;
            field_begins = matches!(byte, b',' | b'\r' | b'\n');
        }
    }
    open
}

/// The line on which this byte stands, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    // Old files end their lines with CR alone.
    let ends = |(index, byte): &(usize, &u8)| **byte == b'\n' || (**byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
    bytes.iter().enumerate().take(at).filter(ends).count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_mark_is_told_from_a_doubled_one() {
        for (text, open) in [
            ("a,\"b\"\n", false),
            ("a,\"b\n", true),
            ("\"a\"\"b\"", false),
            ("\"a\"\"", true),
            ("a\"b,c\n", false),
            ("\"a\"\"\"", false),
            ("", false),
        ] {
            assert_eq!(ends_in_quotes(text.as_bytes()), open, "{text:?}");
        }
    }

    #[test]
    fn empty_lines_are_counted_from_where_the_reader_left_off() {
        assert_eq!(skip_blank_lines(b"a\nb", 2), (0, 2));
        assert_eq!(skip_blank_lines(b"a\r\nb", 2), (0, 3));
        assert_eq!(skip_blank_lines(b"a\r\n\r\n\nb", 2), (2, 6));
        assert_eq!(skip_blank_lines(b"a\r\rb", 2), (1, 3));
        assert_eq!(skip_blank_lines(b"a\n\n", 2), (1, 3));
    }

    #[test]
    fn lines_are_counted_by_their_ends() {
        assert_eq!([0, 1, 2, 3, 5].map(|at| line_of("a\r\nb\rc", at)), [1, 1, 1, 2, 3]);
    }

    #[test]
    fn a_single_column_needs_no_separator() {
        assert_eq!(checked_text(Path::new("t.csv"), "\u{feff}pcode\nXV01\n".as_bytes()).unwrap(), "pcode\nXV01\n");
    }
}
