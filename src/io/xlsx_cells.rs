//! What a cell of a workbook shows: a text or a finite number, with the format that fits it. No library's words
//! stand here.

use super::xlsx_names::cut;
use crate::report::{Datum, Format};

/// The longest text that a cell holds.
pub const LONGEST_TEXT: usize = 32_767;

/// Fill and letters of the phases 1 to 5. The fills darken from phase to phase, so that they can be told on a grey
/// print as well.
pub const PHASE_COLOURS: [(u32, u32); 5] =
    [(0xE6_F2_D5, 0x00_00_00), (0xFF_E6_99, 0x00_00_00), (0xF9_C1_7A, 0x00_00_00), (0xE0_6B_4F, 0x00_00_00), (0x7B_1E_3A, 0xFF_FF_FF)];

/// A cell as it is shown.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Shown<'a> {
    /// Nothing.
    Nothing,
    /// A text, also where it looks like a number or a formula.
    Text(&'a str),
    /// A number and how it is written.
    Number(f64, Format),
}

/// How a datum is shown in a column of this format; `None` if it is no finite number. A share is shown in per cent
/// and a phase as one digit, whatever their column.
pub fn shown(datum: &Datum, column: Format) -> Option<Shown<'_>> {
    let (number, wanted) = match datum {
        Datum::Empty => return Some(Shown::Nothing),
        Datum::Text(text) => return Some(Shown::Text(cut(text, LONGEST_TEXT))),
        #[expect(clippy::cast_precision_loss, reason = "people and counts are far below 2^53")]
        Datum::Whole(number) => (*number as f64, if column == Format::Phase { Format::Phase } else { Format::Whole }),
        Datum::Exact(number) => (number.to_f64(), if column == Format::Text { Format::Number } else { column }),
        Datum::Share(share) => (share.to_f64(), Format::Percent),
        Datum::Phase(phase) => (f64::from(phase.number()), Format::Phase),
    };
    // Without this a whole number would show a point with nothing behind it.
    let wanted = if wanted == Format::Number && number.fract() == 0.0 { Format::Whole } else { wanted };
    number.is_finite().then_some(Shown::Number(number, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Decimal, Phase};

    #[test]
    fn the_datum_decides_and_the_column_helps() {
        let decimal = |text| Datum::exact(Decimal::parse(text));
        let cases = [
            (decimal("0.25"), Format::Number, 0.25, Format::Number),
            (decimal("2"), Format::Number, 2.0, Format::Whole),
            (decimal("2.5"), Format::Whole, 2.5, Format::Whole),
            (decimal("2.5"), Format::Text, 2.5, Format::Number),
            (decimal("0.5"), Format::Percent, 0.5, Format::Percent),
            (Datum::Whole(-7), Format::Number, -7.0, Format::Whole),
            (Datum::Whole(3), Format::Phase, 3.0, Format::Phase),
            (Datum::share(Decimal::parse("0.2")), Format::Number, 0.2, Format::Percent),
            (Datum::phase(Phase::new(5)), Format::Text, 5.0, Format::Phase),
        ];
        for (datum, column, number, format) in cases {
            assert_eq!(shown(&datum, column), Some(Shown::Number(number, format)), "{datum:?} in {column:?}");
        }
        assert_eq!(shown(&Datum::Empty, Format::Whole), Some(Shown::Nothing));
        assert_eq!(shown(&Datum::text("=1+1"), Format::Whole), Some(Shown::Text("=1+1")));
    }

    #[test]
    fn a_text_is_cut_where_a_cell_ends() {
        let long = Datum::text("x".repeat(LONGEST_TEXT + 1));
        let Some(Shown::Text(text)) = shown(&long, Format::Text) else { panic!("no text") };
        assert_eq!(text.len(), LONGEST_TEXT);
    }

    #[test]
    fn phases_darken() {
        let light = |(fill, _): (u32, u32)| (fill >> 16) * 299 + (fill >> 8 & 0xFF) * 587 + (fill & 0xFF) * 114;
        assert!(PHASE_COLOURS.map(light).is_sorted_by(|a, b| a > b));
    }
}
