//! The archive around a workbook: how many parts, how large, none twice, none locked.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Refusal, limits};

/// An archive that keeps the bounds.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Position of each part, by its name with `/` and small letters.
    parts: BTreeMap<String, usize>,
    /// Names that the directory lists more than once.
    twice: BTreeSet<String>,
}

/// Why an archive is not opened.
#[derive(Debug)]
pub enum PackageError {
    /// It cannot be read as an archive.
    Damaged(ZipError),
    /// A part of it is locked.
    Locked,
    /// It breaks a rule.
    Refused(Refusal),
}

impl<'a> Package<'a> {
    /// Opens an archive and checks its directory; nothing is unpacked.
    pub fn open(bytes: &'a [u8]) -> Result<Self, PackageError> {
        let refused = |what: String| PackageError::Refused(Refusal::of_workbook(what));
        if bytes.len() > limits::FILE {
            return Err(refused(format!("the file is larger than {}", in_mib(limits::FILE as u64))));
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(PackageError::Damaged)?;
        let start = usize::try_from(archive.central_directory_start()).unwrap_or(usize::MAX);
        let listed = listed_names(bytes.get(start..).unwrap_or_default());
        if archive.len().max(listed.len()) > limits::PARTS {
            return Err(refused(format!("the archive has {} parts, more than {}", archive.len().max(listed.len()), limits::PARTS)));
        }
        let mut seen = BTreeSet::new();
        let twice = listed.into_iter().filter(|name| !seen.insert(name.clone())).collect();
        let mut parts = BTreeMap::new();
        let mut total: u64 = 0;
        for at in 0..archive.len() {
            let part = archive.by_index_raw(at).map_err(PackageError::Damaged)?;
            if part.encrypted() {
                return Err(PackageError::Locked);
            }
            let shown = part.name().map_err(PackageError::Damaged)?.into_owned();
            let size = part.size();
            total = total.saturating_add(size);
            parts.insert(part_name(&shown), at);
        }
        if total > limits::TOTAL {
            return Err(refused(format!("the archive unpacks to {}, more than {}", in_mib(total), in_mib(limits::TOTAL))));
        }
        Ok(Self { archive, parts, twice })
    }

    /// A part that stands twice, of which programs differ in which they read.
    pub fn twice(&self) -> impl Iterator<Item = &str> {
        self.twice.iter().map(String::as_str)
    }

    /// Whether there is such a part.
    pub fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&part_name(name))
    }

    /// Whether there is a part whose name begins so.
    pub fn has_beginning(&self, name: &str) -> bool {
        self.parts.range(name.to_owned()..).next().is_some_and(|(part, _)| part.starts_with(name))
    }

    /// The bytes of a part, unpacked as they are read, where it is not too large. What the directory says of their
    /// number is held against what comes by the archive's reader, and their sum against the checksum.
    pub fn read(&mut self, name: &str) -> Result<impl BufRead, Refusal> {
        let refused = |what: String| Refusal::within(format!("part `{name}`"), what);
        let at = *self.parts.get(&part_name(name)).ok_or_else(|| refused("it is listed but is not in the file".into()))?;
        let part = self.archive.by_index(at).map_err(|error| refused(error.to_string()))?;
        let size = part.size();
        if size > limits::PART || (size > limits::RATIO_FROM && size / limits::RATIO > part.compressed_size()) {
            return Err(refused(format!("it unpacks to {}, out of all proportion", in_mib(size))));
        }
        Ok(BufReader::with_capacity(1 << 17, part.take(limits::PART)))
    }
}

/// The names in the archive's directory, as names of parts are compared. The archive's own list has each name once.
fn listed_names(mut directory: &[u8]) -> Vec<String> {
    const ENTRY: &[u8] = b"PK\x01\x02";
    const FIXED: usize = 46;
    let mut names = Vec::new();
    while directory.starts_with(ENTRY) {
        let length =
            |at: usize| directory.get(at..at + 2).map_or(0, |two| two.iter().rev().fold(0, |sum, byte| sum * 256 + usize::from(*byte)));
        let (name, beside) = (length(28), length(30) + length(32));
        let Some(bytes) = directory.get(FIXED..FIXED + name) else { break };
        names.push(part_name(&String::from_utf8_lossy(bytes)));
        directory = directory.get(FIXED + name + beside..).unwrap_or_default();
    }
    names
}

/// As names of parts are compared: with `/`, without one in front, in small letters.
pub(super) fn part_name(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

fn in_mib(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}
