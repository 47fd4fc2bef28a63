//! What a file really is, told by its bytes and never by its extension, so that a refusal can name it.

/// What a file is that is no Excel workbook, and what to do about it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// What it is, after "it is".
    pub what: &'static str,
    /// What to do.
    pub help: &'static str,
}

const SAVE_AS_XLSX: &str = "open it in a spreadsheet program and save it as .xlsx";
const PICK_ANOTHER: &str = "name the workbook itself";

/// A workbook that only a password opens.
pub const LOCKED: Stranger = Stranger { what: "protected by a password", help: "save a copy without the password" };
/// What a spreadsheet program leaves beside an open file.
pub const LOCK_FILE: Stranger = Stranger {
    what: "what a spreadsheet program leaves beside an open file",
    help: "close the program and name the workbook, without `~$` in front",
};
/// A workbook with nothing to read.
pub const WITHOUT_SHEETS: Stranger = Stranger { what: "a workbook without a sheet", help: PICK_ANOTHER };

/// Whether these are the bytes of a table as Parquet.
pub fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PAR1")
}

/// What these bytes are, if they are certainly no workbook: a workbook is a zip archive.
pub fn stranger(bytes: &[u8]) -> Option<Stranger> {
    let found = |what, help| Some(Stranger { what, help });
    if bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    if bytes.is_empty() {
        return found("empty (0 bytes)", "get the file again; it was probably not copied to its end");
    }
    if bytes.starts_with(b"PK\x05\x06") {
        return found("an empty zip archive", PICK_ANOTHER);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return if holds(bytes, &wide("EncryptedPackage")) {
            Some(LOCKED)
        } else {
            found("a workbook of the old kind (.xls)", SAVE_AS_XLSX)
        };
    }
    if bytes.starts_with(b"%PDF") {
        return found("a PDF document", PICK_ANOTHER);
    }
    // A name with its length in front, and blanks up to a fixed size.
    if bytes.len() == 165 && bytes.first().is_some_and(|&length| length <= 54) {
        return Some(LOCK_FILE);
    }
    let Some(text) = beginning_as_text(bytes) else {
        return found("no file of a known kind", PICK_ANOTHER);
    };
    let small = text.to_ascii_lowercase();
    if small.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return found("an XML spreadsheet of Excel 2003", SAVE_AS_XLSX);
    }
    if ["<!doctype html", "<html", "<table"].iter().any(|mark| small.contains(mark)) {
        return found("a web page (HTML)", SAVE_AS_XLSX);
    }
    if small.starts_with("<?xml") {
        return found("an XML file", SAVE_AS_XLSX);
    }
    if small.lines().next().is_some_and(|line| line.contains([',', ';', '\t'])) {
        return found("a table as text (CSV)", "put it into a folder, named after its sheet as in `population.csv`, and name the folder");
    }
    found("plain text", PICK_ANOTHER)
}

/// Whether a workbook is of an old kind, which is read in a process of its own; one that is locked is not.
pub fn is_old(bytes: &[u8]) -> bool {
    let xls = bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") && !holds(bytes, &wide("EncryptedPackage"));
    // An archive lists its parts at its end.
    let directory = bytes.len().saturating_sub(1 << 20);
    xls || (bytes.starts_with(b"PK\x03\x04") && holds(bytes.get(directory..).unwrap_or(bytes), b"xl/workbook.bin"))
}

/// Whether an archive is an OpenDocument spreadsheet.
pub fn is_ods(bytes: &[u8]) -> bool {
    // The first part of such an archive is its kind.
    holds(bytes.get(..1 << 16).unwrap_or(bytes), b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
}

/// What a zip archive is that cannot be read as a workbook; `None` if it is a workbook all the same.
pub fn zip_stranger(bytes: &[u8]) -> Option<Stranger> {
    stranger_in(|name| holds(bytes, name.as_bytes()))
}

/// What an archive is that is no workbook we read. `has` says whether it has a part whose name begins so.
pub fn stranger_in(has: impl Fn(&str) -> bool) -> Option<Stranger> {
    let told = |what, help| Some(Stranger { what, help });
    if has("xl/workbook.bin") {
        told("a binary workbook (.xlsb)", SAVE_AS_XLSX)
    } else if has("word/document.xml") {
        told("a Word document", PICK_ANOTHER)
    } else if has("ppt/presentation.xml") {
        told("a presentation", PICK_ANOTHER)
    } else if has("xl/") {
        None
    } else {
        told("a zip archive without a workbook in it", "unpack it and name the workbook, or get the file again if it was cut off")
    }
}

/// The first bytes as text; `None` if they hold what no text holds.
fn beginning_as_text(bytes: &[u8]) -> Option<String> {
    let start = bytes.get(..4096).unwrap_or(bytes);
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Some(start.iter().filter(|&&byte| byte != 0).map(|&byte| char::from(byte)).skip(2).collect());
    }
    let odd = |byte: &u8| *byte < b' ' && !matches!(*byte, b'\t' | b'\r' | b'\n');
    if start.iter().any(odd) {
        return None;
    }
    Some(String::from_utf8_lossy(start).trim_start_matches('\u{feff}').trim_start().to_owned())
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_named() {
        let ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more".to_vec();
        let locked = [ole.as_slice(), wide("EncryptedPackage").as_slice()].concat();
        let cases: [(&[u8], &str); 9] = [
            (b"", "empty (0 bytes)"),
            (b"pcode,population\nXV01,1\n", "a table as text (CSV)"),
            ("\u{feff}pcode;population\n".as_bytes(), "a table as text (CSV)"),
            (b"hello", "plain text"),
            (b" \n<html><table>", "a web page (HTML)"),
            (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", "an XML spreadsheet of Excel 2003"),
            (b"\x05Admin", "no file of a known kind"),
            (&ole, "a workbook of the old kind (.xls)"),
            (&locked, "protected by a password"),
        ];
        for (bytes, what) in cases {
            assert_eq!(stranger(bytes).map(|found| found.what), Some(what));
        }
        assert_eq!(stranger(b"PK\x03\x04..."), None);
    }

    #[test]
    fn a_zip_of_another_kind_is_named() {
        let told = |bytes: &[u8]| zip_stranger(bytes).map(|found| found.what);
        assert_eq!(told(b"..word/document.xml.."), Some("a Word document"));
        assert_eq!(told(b"PK"), Some("a zip archive without a workbook in it"));
        assert_eq!(told(b"..xl/workbook.xml.."), None);
    }
}
