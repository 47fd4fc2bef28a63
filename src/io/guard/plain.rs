//! Cells as nearly every program writes them, `<c r="B7" s="3"><v>12.5</v></c>`, told from the bytes alone. What is not
//! exactly of this shape is left to the XML reader, which says of every shape what it is; a plain cell is the same to both.

use super::cell::CellKind;

/// A cell of the plain shape.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct PlainCell<'a> {
    /// Its address as written: letters and digits.
    pub(super) address: &'a [u8],
    pub(super) kind: CellKind,
    /// Its value as written; `None` if it has none.
    pub(super) value: Option<&'a str>,
    /// How many bytes it takes.
    pub(super) length: usize,
}

/// The plain cell with which these bytes begin.
pub(super) fn plain_cell(bytes: &[u8]) -> Option<PlainCell<'_>> {
    let rest = bytes.strip_prefix(b"<c r=\"")?;
    let (address, mut rest) = split(rest, u8::is_ascii_alphanumeric)?;
    rest = rest.strip_prefix(b"\"")?;
    if let Some(style) = rest.strip_prefix(b" s=\"") {
        rest = split(style, u8::is_ascii_digit)?.1.strip_prefix(b"\"")?;
    }
    let mut kind = CellKind::Number;
    for (written, of_it) in [(&b" t=\"s\""[..], CellKind::Shared), (b" t=\"n\"", CellKind::Number), (b" t=\"b\"", CellKind::Truth)] {
        if let Some(behind) = rest.strip_prefix(written) {
            (rest, kind) = (behind, of_it);
            break;
        }
    }
    let (value, rest) = match rest.strip_prefix(b"/>") {
        Some(rest) => (None, rest),
        None => {
            let (value, rest) =
                split(rest.strip_prefix(b"><v>")?, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'))?;
            (Some(std::str::from_utf8(value).ok()?), rest.strip_prefix(b"</v></c>")?)
        }
    };
    Some(PlainCell { address, kind, value, length: bytes.len() - rest.len() })
}

/// What stands in front of the first byte of another kind; at least one byte.
fn split(bytes: &[u8], of_kind: impl Fn(&u8) -> bool) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| !of_kind(byte)).filter(|end| *end > 0)?;
    Some(bytes.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_cell_is_told_with_its_length() {
        let cell = |address: &'static str, kind, value, length| Some(PlainCell { address: address.as_bytes(), kind, value, length });
        assert_eq!(plain_cell(b"<c r=\"B7\" s=\"3\"><v>12.5</v></c><c"), cell("B7", CellKind::Number, Some("12.5"), 31));
        assert_eq!(plain_cell(b"<c r=\"A1\" t=\"s\"><v>0</v></c>"), cell("A1", CellKind::Shared, Some("0"), 28));
        assert_eq!(plain_cell(b"<c r=\"A1\" s=\"2\" t=\"b\"/></row>"), cell("A1", CellKind::Truth, None, 23));
    }

    #[test]
    fn every_other_shape_is_left() {
        for other in [
            "<c r=\"A1\"><f>1+1</f><v>2</v></c>",
            "<c r=\"A1\" t=\"str\"><v>a</v></c>",
            "<c r=\"A1\" t=\"s\" s=\"1\"><v>0</v></c>",
            "<c r=\"A1\"><v></v></c>",
            "<c r=\"A1\"><v>1&#49;</v></c>",
            "<c r=\"A1\"><v>1<!-- --></v></c>",
            "<c r=\"A1\"><v> 1</v></c>",
            "<c r=\"A1\"><v>1</v><v>2</v></c>",
            "<c r='A1'><v>1</v></c>",
            "<c r=\"A1\" r=\"A2\"><v>1</v></c>",
            "<c><v>1</v></c>",
            "<c r=\"A1\"><v>1</v></row>",
            "<c r=\"A1\"><v>1</v></",
            "<c r=\"A1\"><v>12",
            "\n<c r=\"A1\"><v>1</v></c>",
            "",
        ] {
            assert_eq!(plain_cell(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn a_plain_cell_is_the_same_to_the_xml_reader() {
        let texts = super::super::strings::scan(&b"<sst><si><t>a</t></si></sst>"[..]).unwrap();
        let scanned = |rows: &str| {
            let notes = super::super::sheet::scan(format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes(), &texts);
            format!("{notes:?}")
        };
        let row = |cells: &str| format!("<row r=\"2\">{cells}</row><row r=\"3\" hidden=\"1\"><c r=\"C3\"><v>1</v></c></row>");
        let mut refused = 0;
        for cell in [
            "<c r=\"B2\"><v>1</v></c>",
            "<c r=\"B2\" t=\"s\"><v>0</v></c>",
            "<c r=\"D2\" s=\"1\"/>",
            "<c r=\"B2\" t=\"s\"><v>1</v></c>",
            "<c r=\"B2\"><v>1e999</v></c>",
            "<c r=\"B2\"><v>INF</v></c>",
            "<c r=\"B3\"><v>1</v></c>",
            "<c r=\"2B\"><v>1</v></c>",
            "<c r=\"XFE2\"><v>1</v></c>",
            "<c r=\"A2\"><v>1</v></c>",
            "<c r=\"A2\"><v>1</v>",
        ] {
            let cells = format!("<c r=\"A2\"><v>7</v></c>{cell}<c r=\"E2\"><v>7</v></c>");
            let plain = scanned(&row(&cells));
            assert_eq!(plain, scanned(&row(&cells.replace("<c r", "<c  r"))), "{cell}");
            refused += u32::from(plain.starts_with("Err"));
        }
        assert_eq!(refused, 8);
    }
}
