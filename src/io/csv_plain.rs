//! Tables as text without a quotation mark, as large exports of surveys are: every separator parts fields and every end of a
//! line ends a row, so that parts of the text can be read side by side while the file still comes in. Whatever is odd about
//! a text is left to the reader that has all of it and looks at every letter.

use std::io::{self, Read};
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, MutexGuard, PoisonError};

use memchr::{memchr, memchr_iter, memchr2_iter};

use super::csv_field::{is_too_long, value_of};
use super::csv_text::{separator, separator_said};
use super::digest::Running;
use super::guard::limits;
use crate::table::{Dictionaries, PART_ROWS, Part, PartBuilder, TextCells};

/// A table that was read as it came.
pub(super) struct Streamed {
    pub(super) cells: TextCells,
    /// The digest of its bytes.
    pub(super) digest: String,
    /// How it was read, where that is worth saying.
    pub(super) said: Vec<String>,
}

/// So many bytes are asked for at once.
const PIECE: usize = 1 << 18;

/// Reads a text; `None` where something about it is odd, wrong or quoted.
pub(super) fn read_streamed(input: &mut impl Read) -> io::Result<Option<Streamed>> {
    let mut blocks = Blocks { input, read: Vec::new(), is_over: false, digest: Running::default() };
    let Some(mut first) = blocks.next(Vec::new())? else { return Ok(None) };
    if first.starts_with("\u{feff}".as_bytes()) {
        first.drain(..3);
    }
    let Some(head) = Head::of(&first) else { return Ok(None) };
    let (spare, returned) = mpsc::channel();
    let (done, parts) = mpsc::channel();
    for _ in 0..=rayon::current_num_threads() {
        // One for each thread and one that is read. A channel whose other end is at hand takes everything.
        let _ = spare.send(Vec::new());
    }
    // What one thread has read helps it with the next part.
    let idle: Mutex<Vec<(usize, Dictionaries)>> = Mutex::default();
    let count = AtomicUsize::new(0);
    rayon::in_place_scope(|scope| -> io::Result<()> {
        let mut next = Some(first);
        let mut number = 0_usize;
        while let Some(block) = next {
            let (spare, done, idle, count) = (spare.clone(), done.clone(), &idle, &count);
            scope.spawn(move |_| {
                let known = lock(idle).pop();
                let (dictionary, known) = known.unwrap_or_else(|| (count.fetch_add(1, Relaxed), Dictionaries::default()));
                let read = read_block(&block, head, known).map(|(part, known)| {
                    lock(idle).push((dictionary, known));
                    (part, dictionary)
                });
                let _ = done.send((number, read));
                let _ = spare.send(block);
            });
            number += 1;
            next = blocks.next(free(&returned))?;
        }
        Ok(())
    })?;
    drop(done);
    let mut parts: Vec<(usize, Option<(Part, usize)>)> = parts.into_iter().collect();
    parts.sort_unstable_by_key(|(number, _)| *number);
    let Some(parts) = parts.into_iter().map(|(_, part)| part).collect() else { return Ok(None) };
    let mut dictionaries = std::mem::take(&mut *lock(&idle));
    dictionaries.sort_unstable_by_key(|(number, _)| *number);
    let dictionaries = dictionaries.into_iter().map(|(_, dictionaries)| dictionaries).collect();
    let cells = TextCells::of_parts(head.width, 1, parts, dictionaries);
    Ok(Some(Streamed { cells, digest: blocks.digest.finish(), said: separator_said(head.separator).into_iter().collect() }))
}

/// What a mutex guards; a thread that ended badly has taken the program with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A buffer that is free again. A thread of the pool works on while it waits.
fn free(returned: &Receiver<Vec<u8>>) -> Vec<u8> {
    loop {
        match returned.try_recv() {
            Ok(buffer) => return buffer,
            Err(_) if rayon::yield_now().is_some() => {}
            Err(_) => return returned.recv().unwrap_or_default(),
        }
    }
}

/// What the first lines say of all.
#[derive(Copy, Clone)]
struct Head {
    separator: u8,
    width: usize,
}

impl Head {
    fn of(first: &[u8]) -> Option<Self> {
        let text = sound(first)?;
        let (separator, start) = separator(text);
        let header = text.lines().find(|line| !line.is_empty())?;
        // A line that names the separator is told apart by the other reader, which also says that a table is too wide.
        let width = memchr_iter(separator, header.as_bytes()).count() + 1;
        let is_plain = start == 0 && !first.starts_with(b"PK\x03\x04") && width <= limits::COLUMNS as usize;
        is_plain.then_some(Self { separator, width })
    }
}

/// The bytes as a text that can be read here.
fn sound(bytes: &[u8]) -> Option<&str> {
    let ends_alone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    let is_odd = memchr(b'"', bytes).is_some() || memchr(0, bytes).is_some() || memchr_iter(b'\r', bytes).any(ends_alone);
    str::from_utf8(bytes).ok().filter(|_| !is_odd)
}

fn read_block(bytes: &[u8], Head { separator, width }: Head, known: Dictionaries) -> Option<(Part, Dictionaries)> {
    let text = sound(bytes)?;
    let mut cells = PartBuilder::new(width, known);
    let (mut field_start, mut column) = (0, 0);
    let ends = memchr2_iter(separator, b'\n', bytes);
    let without_end = (!text.ends_with('\n')).then_some(text.len());
    for end in ends.chain(without_end) {
        let (rest, length) = (text.get(field_start..)?, end - field_start);
        let is_last = bytes.get(end) != Some(&separator);
        field_start = end + 1;
        let mut field = rest.get(..length)?;
        if is_last {
            field = field.strip_suffix('\r').unwrap_or(field);
        }
        let is_behind = column >= width && !field.is_empty();
        let is_cut = is_last && column + 1 < width && !(column == 0 && field.is_empty());
        if is_behind || is_cut || is_too_long(field) {
            return None;
        }
        cells.field_of(column, rest, field.len(), value_of);
        column += 1;
        if is_last {
            cells.end_row(column);
            column = 0;
        }
    }
    Some(cells.finish())
}

/// A file in blocks of [`PART_ROWS`] lines.
struct Blocks<'r, R> {
    input: &'r mut R,
    /// What was read and belongs to the next block.
    read: Vec<u8>,
    is_over: bool,
    digest: Running,
}

impl<R: Read> Blocks<'_, R> {
    /// The next block; `into` is the room for it.
    fn next(&mut self, mut into: Vec<u8>) -> io::Result<Option<Vec<u8>>> {
        into.clear();
        std::mem::swap(&mut into, &mut self.read);
        let (mut lines, mut counted) = (0, 0);
        loop {
            for at in memchr_iter(b'\n', into.get(counted..).unwrap_or_default()) {
                lines += 1;
                if lines == PART_ROWS {
                    let end = counted + at + 1;
                    self.read.extend_from_slice(into.get(end..).unwrap_or_default());
                    into.truncate(end);
                    return Ok(Some(into));
                }
            }
            counted = into.len();
            if self.is_over {
                return Ok((!into.is_empty()).then_some(into));
            }
            // Room for what is read and for the byte that tells the end; it is not given back.
            into.reserve(PIECE + 32);
            let taken = self.input.by_ref().take(PIECE as u64).read_to_end(&mut into)?;
            self.digest.take(into.get(counted..).unwrap_or_default());
            self.is_over = taken < PIECE;
        }
    }
}
