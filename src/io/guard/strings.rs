//! The texts that cells share: counted and measured, whatever the part says of their number.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::xml::{Event, Events, attribute};
use super::{Refusal, limits};

/// How long each shared text is, in bytes.
#[derive(Clone, Debug, Default)]
pub struct SharedTexts {
    lengths: Vec<u32>,
    /// Texts that no spreadsheet program takes, with their number of characters. The cell that refers to one is named.
    too_long: BTreeMap<usize, usize>,
}

impl SharedTexts {
    /// Bytes of a text; `None` if there is no such text.
    pub fn length(&self, index: usize) -> Option<u32> {
        self.lengths.get(index).copied()
    }

    /// How many characters a text has that is longer than any spreadsheet program takes.
    pub fn too_long(&self, index: usize) -> Option<usize> {
        self.too_long.get(&index).copied()
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }
}

/// Looks through the part.
pub fn scan(part: impl BufRead) -> Result<SharedTexts, Refusal> {
    let mut texts = SharedTexts::default();
    let mut events = Events::new(part);
    let mut declared: Option<u64> = None;
    let (mut bytes, mut characters, mut inside, mut phonetic) = (0_usize, 0_usize, false, false);
    loop {
        match events.next()? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "sst" => {
                let count = attribute(&element, "uniqueCount")?;
                let too_many = |_| Refusal::of_workbook("it says that it holds more texts than there can be");
                declared = count.map(|count| count.parse().map_err(too_many)).transpose()?;
            }
            Event::Start(element) => match element.local_name().as_ref() {
                "si" => (bytes, characters) = (0, 0),
                "t" => inside = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::Empty(element) if element.local_name().as_ref() == "si" => texts.lengths.push(0),
            Event::End(element) => match element.local_name().as_ref() {
                "si" => {
                    if characters > limits::TEXT {
                        texts.too_long.insert(texts.lengths.len(), characters);
                    }
                    texts.lengths.push(u32::try_from(bytes).unwrap_or(u32::MAX));
                }
                "t" => inside = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            Event::Text(text) if inside => {
                let text = text.into_inner();
                bytes = bytes.saturating_add(text.len());
                characters = characters.saturating_add(text.chars().count());
            }
            Event::CData(text) if inside => {
                let text = text.into_inner();
                bytes = bytes.saturating_add(text.len());
                characters = characters.saturating_add(text.chars().count());
            }
            Event::GeneralRef(_) if inside => (bytes, characters) = (bytes.saturating_add(4), characters.saturating_add(1)),
            Event::Eof => break,
            _ => {}
        }
    }
    // The reader makes room for as many as the part says that there are.
    let held = texts.lengths.len() as u64;
    match declared {
        Some(declared) if declared > held.saturating_mul(2).saturating_add(1_000) => {
            Err(Refusal::of_workbook(format!("it says that it holds {declared} texts and holds {held}")))
        }
        _ => Ok(texts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_and_measured_whatever_the_part_says() {
        let of = |xml: &str| scan(xml.as_bytes()).map_err(|refusal| refusal.to_string());
        let texts =
            of("<sst count=\"9\" uniqueCount=\"2\"><si><t>ab</t></si><si><t>c</t><rPh><t>not read</t></rPh></si><si/></sst>").unwrap();
        assert_eq!((0..4).map(|at| texts.length(at)).collect::<Vec<_>>(), [Some(2), Some(1), Some(0), None]);
        for count in ["4294967295", "1000000"] {
            let said = of(&format!("<sst uniqueCount=\"{count}\"><si/></sst>")).unwrap_err();
            assert_eq!(said, format!("it says that it holds {count} texts and holds 1"));
        }
        assert_eq!(
            of("<sst uniqueCount=\"18446744073709551616\"><si/></sst>").unwrap_err(),
            "it says that it holds more texts than there can be"
        );
        let long = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(40_000));
        let long = of(&long).unwrap();
        assert_eq!((long.too_long(0), long.too_long(1)), (Some(40_000), None));
    }
}
