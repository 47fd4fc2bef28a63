//! Where the texts of a framework come from: from the program itself, by name, or from a folder on the disk. What
//! they mean is decided in `framework`; here they are only found, and named by their digest.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::digest::sha256_of;
use super::embedded::{EMBEDDED, embedded};
use super::error::ReadError;
use crate::diag::suggest::did_you_mean;
use crate::framework::validate::FrameworkFiles;

/// A framework that the program brings with it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShippedFramework {
    /// Its id.
    pub id: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// The frameworks that the program brings with it: by id, and for each the newest version first.
pub fn shipped() -> Vec<ShippedFramework> {
    let mut found: Vec<ShippedFramework> = EMBEDDED
        .iter()
        .filter_map(|(path, _)| {
            let (id, version) = path.strip_suffix("/framework.toml")?.split_once('/')?;
            Some(ShippedFramework { id, version })
        })
        .collect();
    found.sort_by(|a, b| a.id.cmp(b.id).then_with(|| version_key(b.version).cmp(&version_key(a.version))));
    found
}

/// The files of a shipped framework, named by its id (the newest version) or as `id@version`, or else those of a
/// folder on the disk.
pub fn framework_files(id_or_dir: &str) -> Result<FrameworkFiles, ReadError> {
    let (id, version) = match id_or_dir.split_once('@') {
        Some((id, version)) => (id, Some(version)),
        None => (id_or_dir, None),
    };
    let all = shipped();
    if let Some(found) = all.iter().find(|known| known.id == id && version.is_none_or(|version| version == known.version)) {
        let folder = format!("{}/{}", found.id, found.version);
        let inside = |path: &'static str| path.strip_prefix(&folder)?.strip_prefix('/');
        let texts = EMBEDDED.iter().filter_map(|(path, text)| Some((inside(path)?.to_owned(), (*text).to_owned()))).collect();
        return Ok(with_shared(folder, texts));
    }
    if Path::new(id_or_dir).is_dir() {
        return Ok(with_shared(id_or_dir.to_owned(), read_folder(Path::new(id_or_dir))?));
    }
    let names: Vec<String> = all.iter().map(|known| format!("{}@{}", known.id, known.version)).collect();
    let hint = match version {
        Some(_) => did_you_mean(id_or_dir, names.iter().map(String::as_str)),
        None => did_you_mean(id, all.iter().map(|known| known.id)),
    };
    Err(ReadError::UnknownFramework { name: id_or_dir.to_owned(), hint, shipped: format!("`{}`", names.join("`, `")) })
}

/// The layout of our own workbook.
pub fn own_layout_text() -> &'static str {
    embedded("layout/workbook.toml").unwrap_or_default()
}

/// The layouts of other files that are shipped: name and text, in the order of their names.
pub fn layouts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_layout = |(path, text): &(&'static str, &'static str)| Some((path.strip_prefix("layout/")?.strip_suffix(".toml")?, *text));
    EMBEDDED.iter().filter_map(of_layout).filter(|(name, _)| *name != "workbook")
}

/// The protection risks that hold where a framework has none of its own.
pub fn risks_text() -> &'static str {
    embedded("risks.toml").unwrap_or_default()
}

/// The pillars and sub-pillars under which evidence is kept.
pub fn paf_text() -> &'static str {
    embedded("paf.toml").unwrap_or_default()
}

/// The SHA-256 of everything that the framework rests on: its own files, the indicator lists that it names and the
/// risks that it takes over, sorted by name. Each enters as its name, NUL, its text, NUL, so that no two sets of
/// files look alike; lines may end with LF or CRLF.
pub fn digest(files: &FrameworkFiles) -> String {
    let main = files.texts.get("framework.toml").map_or("", String::as_str);
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    all.insert("risks.toml".to_owned(), unix_lines(&files.risks));
    for (name, text) in &files.libraries {
        if main.contains(&format!("\"{name}\"")) {
            all.insert(format!("library/{name}/indicators.toml"), unix_lines(text));
        }
    }
    all.extend(files.texts.iter().map(|(name, text)| (name.clone(), unix_lines(text))));
    sha256_of(all.iter().flat_map(|(name, text)| [name.as_bytes(), b"\0", text.as_bytes(), b"\0"]))
}

fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Adds what all frameworks share.
fn with_shared(folder: String, texts: BTreeMap<String, String>) -> FrameworkFiles {
    let libraries = EMBEDDED.iter().filter_map(|(path, text)| {
        let name = path.strip_prefix("library/")?.strip_suffix("/indicators.toml")?;
        Some((name.to_owned(), (*text).to_owned()))
    });
    FrameworkFiles { folder, texts, libraries: libraries.collect(), risks: risks_text().to_owned(), paf: paf_text().to_owned() }
}

/// The texts of a folder: `*.toml`, `cases/*.toml` and `CHANGES.md`.
fn read_folder(folder: &Path) -> Result<BTreeMap<String, String>, ReadError> {
    let mut texts = BTreeMap::new();
    read_into(folder, "", &mut texts)?;
    if folder.join("cases").is_dir() {
        read_into(&folder.join("cases"), "cases/", &mut texts)?;
    }
    Ok(texts)
}

fn read_into(folder: &Path, prefix: &str, texts: &mut BTreeMap<String, String>) -> Result<(), ReadError> {
    let refused = |source| ReadError::Open { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_text = path.extension().is_some_and(|extension| extension == "toml") || (prefix.is_empty() && name == "CHANGES.md");
        if is_text && path.is_file() {
            texts.insert(format!("{prefix}{name}"), read_text(&path)?);
        }
    }
    Ok(())
}

/// Rules and contexts are written by people; none comes near this.
const LARGEST_TEXT: usize = 1 << 20;

/// Reads a text file, such as a context. It has to be UTF-8.
pub fn read_text(path: &Path) -> Result<String, ReadError> {
    let bytes = fs::read(path).map_err(|source| ReadError::Open { path: path.to_owned(), source })?;
    if bytes.len() > LARGEST_TEXT {
        return Err(ReadError::TooLong { path: path.to_owned(), most: LARGEST_TEXT >> 10 });
    }
    match String::from_utf8(bytes) {
        // Some editors on Windows set a byte order mark.
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), ToOwned::to_owned)),
        Err(error) => {
            let sound = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(sound).filter(|&&byte| byte == b'\n').count() + 1;
            Err(ReadError::Encoding { path: path.to_owned(), line, what: "the text is not UTF-8" })
        }
    }
}

/// Versions are compared by their numbers: 2026.10 is newer than 2026.9.
fn version_key(version: &str) -> (Vec<u64>, &str) {
    (version.split('.').map_while(|part| part.parse().ok()).collect(), version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::validate;

    #[test]
    fn every_shipped_framework_is_sound() {
        let all = shipped();
        assert!(all.len() >= 3, "{all:?}");
        for known in all {
            let files = framework_files(&format!("{}@{}", known.id, known.version)).unwrap();
            let checked = validate::framework(&files);
            assert!(!checked.findings.any_error(), "{known:?}: {:?}", checked.findings);
            let framework = checked.value.unwrap();
            assert_eq!((framework.id.as_str(), framework.version.as_str()), (known.id, known.version));
        }
    }

    #[test]
    fn a_framework_is_found_by_id_version_or_folder() {
        let newest = framework_files("area-coefficient").unwrap();
        assert_eq!(newest.folder, "area-coefficient/2026.1");
        assert!(newest.texts.contains_key("cases/people.toml") && newest.texts.contains_key("CHANGES.md"));
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/frameworks/area-coefficient/2026.1");
        let on_disk = framework_files(root).unwrap();
        assert_eq!(on_disk.texts, newest.texts);
        assert_eq!(digest(&on_disk), digest(&newest));
    }

    #[test]
    fn an_unknown_framework_is_answered_with_a_suggestion() {
        let error = framework_files("area-coeficient").unwrap_err().to_string();
        assert!(error.contains("did you mean `area-coefficient`?"), "{error}");
        let error = framework_files("area-coefficient@1999.1").unwrap_err().to_string();
        assert!(error.contains("Shipped are `area-coefficient@2026.1`"), "{error}");
    }

    #[test]
    fn the_digest_moves_with_every_text_it_rests_on_and_with_no_other() {
        let files = framework_files("household-20pct").unwrap();
        let before = digest(&files);
        let changed = |change: &dyn Fn(&mut FrameworkFiles)| {
            let mut other = files.clone();
            change(&mut other);
            digest(&other)
        };
        assert_ne!(changed(&|files| files.texts.get_mut("cases/answers.toml").unwrap().push('#')), before);
        assert_ne!(changed(&|files| files.libraries.get_mut("indicators/2026.1").unwrap().push('#')), before);
        assert_ne!(changed(&|files| files.risks.push('#')), before);
        assert_eq!(changed(&|files| drop(files.libraries.insert("other/2026.1".into(), "#".into()))), before);
        assert_eq!(changed(&|files| files.folder = "elsewhere".into()), before);
        let windows = |files: &mut FrameworkFiles| files.texts.values_mut().for_each(|text| *text = text.replace('\n', "\r\n"));
        assert_eq!(changed(&windows), before);
    }

    #[test]
    fn a_newer_version_is_told_by_its_numbers() {
        assert!(version_key("2026.10") > version_key("2026.9"));
    }
}
