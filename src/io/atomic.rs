//! A set of output files is written whole or not at all. Everything is written and brought to the disk under other
//! names first, side by side; only then the names are changed. If a change of name is refused, those before it are
//! taken back.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::WriteError;

/// Writes the bytes of one file.
pub type WriteBytes<'a> = Box<dyn FnOnce(&mut dyn Write) -> Result<(), WriteError> + Send + 'a>;

/// A file to be written.
pub struct OutFile<'a> {
    /// Its plain name.
    pub name: String,
    /// What writes its bytes.
    pub bytes: WriteBytes<'a>,
}

impl<'a> OutFile<'a> {
    /// A file of this name, written by `bytes`.
    pub fn new(name: impl Into<String>, bytes: impl FnOnce(&mut dyn Write) -> Result<(), WriteError> + Send + 'a) -> Self {
        Self { name: name.into(), bytes: Box::new(bytes) }
    }
}

/// Writes all files into a folder, which is made if it is missing. On any error the folder is as it was.
pub fn write_all(folder: &Path, files: Vec<OutFile<'_>>) -> Result<(), WriteError> {
    check_names(folder, &files)?;
    let is_new = !folder.exists();
    fs::create_dir_all(folder).map_err(|source| refused(folder, source))?;
    let done = write_into(folder, files);
    if done.is_err() && is_new {
        // Only an empty folder can be taken away like this.
        let _ = fs::remove_dir(folder);
    }
    done
}

/// A file that stands written under another name.
struct Ready {
    target: PathBuf,
    written: PathBuf,
    /// The file of before, under a second name; `None` if there was none.
    before: Option<PathBuf>,
}

fn write_into(folder: &Path, files: Vec<OutFile<'_>>) -> Result<(), WriteError> {
    // In the folder itself, because a change of name across disks is no single act. It vanishes with this value.
    let bench = tempfile::Builder::new().prefix(".pinpoint-").tempdir_in(folder).map_err(|source| refused(folder, source))?;
    let write = |(index, file): (usize, OutFile<'_>)| {
        let target = folder.join(&file.name);
        let written = bench.path().join(format!("new-{index}"));
        write_one(&written, file.bytes).map_err(|error| error.in_file(&target))?;
        Ok(Ready { before: Some(bench.path().join(format!("old-{index}"))), target, written })
    };
    // Each file is taken by the thread that is free first: they differ in size. Of several errors the first file's is told.
    let written: Vec<Result<Ready, WriteError>> = files.into_par_iter().enumerate().with_max_len(1).map(write).collect();
    let mut ready = written.into_iter().collect::<Result<Vec<Ready>, WriteError>>()?;
    for file in &mut ready {
        keep_old(file).map_err(|source| refused(&file.target, source))?;
    }
    for (index, file) in ready.iter().enumerate() {
        if let Err(source) = fs::rename(&file.written, &file.target) {
            ready.iter().take(index).for_each(take_back);
            return Err(refused(&file.target, source));
        }
    }
    sync_folder(folder);
    Ok(())
}

fn write_one(path: &Path, bytes: WriteBytes<'_>) -> Result<(), WriteError> {
    let mut out = BufWriter::with_capacity(1 << 16, File::create(path)?);
    bytes(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(())
}

/// Gives the file of before a second name, or copies it where the disk knows no second names.
fn keep_old(file: &mut Ready) -> std::io::Result<()> {
    match &file.before {
        Some(before) if file.target.is_file() => {
            fs::hard_link(&file.target, before).or_else(|_| fs::copy(&file.target, before).map(|_| ()))
        }
        _ => {
            file.before = None;
            Ok(())
        }
    }
}

/// Puts the file of before in its place again. What cannot be put back stays new, and whole.
fn take_back(file: &Ready) {
    let _ = match &file.before {
        Some(before) => fs::rename(before, &file.target),
        None => fs::remove_file(&file.target),
    };
}

/// Brings the changed names to the disk where the system can; that it cannot is no reason to fail.
fn sync_folder(folder: &Path) {
    if let Ok(open) = File::open(folder) {
        let _ = open.sync_all();
    }
}

fn check_names(folder: &Path, files: &[OutFile<'_>]) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for file in files {
        let plain = !file.name.is_empty() && Path::new(&file.name).file_name().is_some_and(|name| name == file.name.as_str());
        // Some disks do not tell small letters from capitals.
        if !plain || file.name.contains('\\') || !seen.insert(file.name.to_lowercase()) {
            return Err(WriteError::Name { name: file.name.clone() });
        }
        let target = folder.join(&file.name);
        if target.is_dir() {
            return Err(refused(&target, std::io::ErrorKind::IsADirectory.into()));
        }
    }
    Ok(())
}

fn refused(path: &Path, source: std::io::Error) -> WriteError {
    WriteError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'a>(name: &str, text: &'a str) -> OutFile<'a> {
        OutFile::new(name, move |out| Ok(out.write_all(text.as_bytes())?))
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_written_and_nothing_else_is_left() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        write_all(&folder, vec![text("x.csv", "1"), text("y.csv", "2")]).unwrap();
        write_all(&folder, vec![text("x.csv", "3")]).unwrap();
        assert_eq!(names(&folder), ["x.csv", "y.csv"]);
        assert_eq!(fs::read_to_string(folder.join("x.csv")).unwrap(), "3");
        assert_eq!(fs::read_to_string(folder.join("y.csv")).unwrap(), "2");
    }

    #[test]
    fn when_one_file_fails_all_old_ones_stay() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("out");
        write_all(&folder, vec![text("x.csv", "old")]).unwrap();
        let fails = OutFile::new("y.csv", |out| {
            out.write_all(b"half")?;
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into())
        });
        let error = write_all(&folder, vec![text("x.csv", "new"), fails]).unwrap_err();
        assert!(error.to_string().contains("y.csv"), "{error}");
        assert_eq!(names(&folder), ["x.csv"]);
        assert_eq!(fs::read_to_string(folder.join("x.csv")).unwrap(), "old");
    }

    #[test]
    fn a_refused_change_of_name_takes_the_others_back() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("out");
        write_all(&folder, vec![text("x.csv", "old")]).unwrap();
        // A folder appears in the way while the files are being written.
        let blocked = folder.join("z.csv");
        let blocks = OutFile::new("z.csv", |out| {
            fs::create_dir_all(blocked.join("full"))?;
            Ok(out.write_all(b"new")?)
        });
        assert!(write_all(&folder, vec![text("x.csv", "new"), text("y.csv", "new"), blocks]).is_err());
        assert_eq!(names(&folder), ["x.csv", "z.csv"]);
        assert_eq!(fs::read_to_string(folder.join("x.csv")).unwrap(), "old");
    }

    #[test]
    fn a_failed_first_write_leaves_no_folder() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("out");
        let fails = OutFile::new("y.csv", |_| Err(WriteError::Name { name: "y".into() }));
        assert!(write_all(&folder, vec![fails]).is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn a_name_stays_inside_the_folder() {
        let root = tempfile::tempdir().unwrap();
        for name in ["../x", "a/b", "", "..", ".", "/x", "a\\b"] {
            assert!(matches!(write_all(root.path(), vec![text(name, "")]), Err(WriteError::Name { .. })), "{name}");
        }
        assert!(write_all(root.path(), vec![text("A.csv", ""), text("a.csv", "")]).is_err());
        assert!(names(root.path()).is_empty());
    }
}
