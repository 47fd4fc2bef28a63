//! The XML of one part, event by event, under the rules that hold for every part: UTF-8, no document type, no more
//! elements inside one another than any writer makes.

use std::io::BufRead;

pub(in crate::io) use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Refusal, limits};

/// Reads events and keeps count of the depth.
pub(in crate::io) struct Events<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    depth: usize,
    /// Whether the last event was a tag, so that nothing of what stands behind it is looked at yet.
    behind_tag: bool,
}

impl<R: BufRead> Events<R> {
    pub(in crate::io) fn new(reader: R) -> Self {
        let mut reader = Reader::from_reader(reader);
        let config = reader.config_mut();
        config.check_end_names = true;
        config.expand_empty_elements = false;
        Self { reader, buffer: Vec::with_capacity(1 << 12), depth: 0, behind_tag: false }
    }

    /// The next event. At the end of the part every element must be closed.
    pub(in crate::io) fn next(&mut self) -> Result<Event<'_>, Refusal> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer);
        let event = event.map_err(|error| Refusal::of_workbook(format!("its XML is damaged ({error})")))?;
        self.behind_tag = matches!(event, Event::Start(_) | Event::Empty(_) | Event::End(_));
        match &event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > limits::DEPTH {
                    return Err(Refusal::of_workbook(format!("more than {} elements stand inside one another", limits::DEPTH)));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(Refusal::of_workbook("it declares a document type, which no workbook does")),
            Event::Decl(declaration) => {
                let other = declaration.encoding().and_then(Result::ok).filter(|name| !name.eq_ignore_ascii_case("utf-8"));
                if let Some(name) = other {
                    return Err(Refusal::of_workbook(format!("its text is stored as {name}; only UTF-8 is read")));
                }
            }
            Event::Eof if self.depth > 0 => {
                return Err(Refusal::of_workbook("it is incomplete: its XML ends in the middle"));
            }
            _ => {}
        }
        Ok(event)
    }

    /// Shows the bytes behind a tag, as many as are at hand, to `take`, which says how many of them it has taken. These come
    /// in no event: they must be whole elements.
    pub(in crate::io) fn taken(&mut self, take: impl FnOnce(&[u8]) -> Result<usize, Refusal>) -> Result<(), Refusal> {
        if !self.behind_tag {
            return Ok(());
        }
        let mut stream = self.reader.stream();
        let bytes = stream.fill_buf().map_err(|error| Refusal::of_workbook(format!("its XML is damaged ({error})")))?;
        let count = take(bytes)?;
        stream.consume(count);
        Ok(())
    }
}

/// Reads a part to its end; nothing of it is kept.
pub(in crate::io) fn look_through(part: impl BufRead) -> Result<(), Refusal> {
    let mut events = Events::new(part);
    loop {
        if let Event::Eof = events.next()? {
            return Ok(());
        }
    }
}

/// The value of an attribute, by its name without a prefix.
pub(in crate::io) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refusal> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| Refusal::of_workbook(format!("its XML is damaged ({error})")))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| Refusal::of_workbook(format!("its XML is damaged ({error})")))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Whether a flag is set.
pub(in crate::io) fn is_true(value: Option<&str>) -> bool {
    matches!(value, Some("1" | "true"))
}
