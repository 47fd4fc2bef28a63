//! What can be told of a table as text without reading its fields: its encoding, its separator, where its lines begin and
//! whether a quotation mark is left open. What is told by the bytes themselves is read and said; what would need a guess is
//! refused.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::ReadError;

/// A table as text, once everything that can be told without reading it field by field is in order.
#[derive(Debug)]
pub struct CheckedText<'a> {
    /// Without a byte order mark.
    pub text: Cow<'a, str>,
    /// What parts the fields.
    pub separator: u8,
    /// Where the first line of the table begins, behind a line that names the separator.
    pub start: usize,
    /// How it was read, where that is not UTF-8 with commas.
    pub said: Vec<String>,
}

/// Encodings that a context may name.
pub const DECLARED: [(&str, &Encoding); 1] = [("windows-1252", WINDOWS_1252)];

/// Reads the bytes as text. `declared` is the encoding that the context names.
pub fn checked_text<'a>(path: &Path, bytes: &'a [u8], declared: Option<&str>) -> Result<CheckedText<'a>, ReadError> {
    let wrong = |line, what| ReadError::Encoding { path: path.to_owned(), line, what };
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(ReadError::Csv {
            path: path.to_owned(),
            line: 1,
            what: "this is a workbook, not a table as text; name it by itself".to_owned(),
        });
    }
    let mut said = Vec::new();
    let text = decoded(bytes, declared, &mut said).map_err(|(line, what)| wrong(line, what))?;
    if let Some(at) = text.find('\0') {
        return Err(wrong(line_of(&text, at), "a character (NUL) that no text holds"));
    }
    let (separator, start) = separator(&text);
    said.extend(separator_said(separator));
    Ok(CheckedText { text, separator, start, said })
}

/// What is said of a separator that is no comma.
pub fn separator_said(separator: u8) -> Option<String> {
    match separator {
        b',' => None,
        b';' => Some("the fields are separated by semicolons".into()),
        b'\t' => Some("the fields are separated by tabs".into()),
        other => Some(format!("the fields are separated by `{}`", char::from(other))),
    }
}

/// The text that the bytes stand for; else the line on which they break the rules of UTF-8.
fn decoded<'a>(bytes: &'a [u8], declared: Option<&str>, said: &mut Vec<String>) -> Result<Cow<'a, str>, (usize, &'static str)> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes).filter(|(encoding, _)| [UTF_16LE, UTF_16BE].contains(encoding)) {
        let (text, damaged) = encoding.decode_with_bom_removal(bytes);
        said.push("read as UTF-16".into());
        return if damaged { Err((1, "the file is UTF-16 and damaged")) } else { Ok(text) };
    }
    match str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text))),
        Err(error) => {
            let encoding = DECLARED.iter().find(|(name, _)| Some(*name) == declared);
            if let Some((name, encoding)) = encoding {
                said.push(format!("read as {name}, as the context declares"));
                return Ok(encoding.decode_without_bom_handling(bytes).0);
            }
            let sound = bytes.get(..error.valid_up_to()).and_then(|sound| str::from_utf8(sound).ok()).unwrap_or_default();
            Err((line_of(sound, sound.len()), "the text is not UTF-8"))
        }
    }
}

/// What parts the fields, and where the table begins: a first line `sep=;` says it; else that of `,`, `;`, tab and `|` of
/// which the first line holds most outside quotation marks, in this order.
pub fn separator(text: &str) -> (u8, usize) {
    let first = text.lines().next().unwrap_or_default();
    if let Some(named) = first.strip_prefix("sep=").and_then(|named| named.bytes().next()) {
        let rest = text.get(first.len()..).unwrap_or_default();
        let end = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        return (named, first.len() + end.min(if rest.starts_with("\r\n") { 2 } else { 1 }));
    }
    let mut open = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    // An empty line says nothing of the separator.
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    for byte in header.bytes() {
        open ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(!open && byte == *separator);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    (counts.iter().find(|(_, count)| *count == most).map_or(b',', |(separator, _)| *separator), 0)
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
pub fn ends_in_quotes(records: &[u8], separator: u8) -> bool {
    let mut open = false;
    let mut field_begins = true;
    for &byte in records {
        if open {
            // A doubled mark closes and opens again, which comes to the same.
            open = byte != b'"';
            field_begins = !open;
        } else {
            open = byte == b'"' && field_begins;
            field_begins = byte == separator || matches!(byte, b'\r' | b'\n');
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
            assert_eq!(ends_in_quotes(text.as_bytes(), b','), open, "{text:?}");
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
    fn separator_and_encoding_are_told_by_the_bytes_or_declared() {
        let of = |bytes: &[u8], declared: Option<&str>| {
            let read = checked_text(Path::new("t.csv"), bytes, declared).map_err(|error| error.to_string())?;
            Ok::<_, String>((read.text.get(read.start..).unwrap().to_owned(), char::from(read.separator), read.said.join("; ")))
        };
        let plain = |text: &str, separator, said: &str| Ok((text.to_owned(), separator, said.to_owned()));
        assert_eq!(of("\u{feff}pcode\nXV01\n".as_bytes(), None), plain("pcode\nXV01\n", ',', ""));
        assert_eq!(of(b"\na;b\n1;2,5\n", None), plain("\na;b\n1;2,5\n", ';', "the fields are separated by semicolons"));
        assert_eq!(of(b"\"a,b\"\tc\n", None), plain("\"a,b\"\tc\n", '\t', "the fields are separated by tabs"));
        assert_eq!(of(b"sep=|\r\na|b\n", None), plain("a|b\n", '|', "the fields are separated by `|`"));
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("a,é\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(of(&wide, None), plain("a,é\n", ',', "read as UTF-16"));
        assert_eq!(of(&wide[..5], None).unwrap_err().split(';').next(), Some("`t.csv`, line 1: the file is UTF-16 and damaged"));
        assert!(of(b"a,b\nx,caf\xe9\n", None).unwrap_err().starts_with("`t.csv`, line 2: the text is not UTF-8"));
        let said = "read as windows-1252, as the context declares";
        assert_eq!(of(b"a,b\nx,caf\xe9\n", Some("windows-1252")), plain("a,b\nx,café\n", ',', said));
    }
}
