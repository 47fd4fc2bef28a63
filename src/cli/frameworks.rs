//! `pinpoint frameworks`: which there are, what one says, whether one is sound.

use super::{Exit, complain, file_trouble, print};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::diag::render::{self, HowMany};
use crate::io::atomic::{self, OutFile};
use crate::io::error::WriteError;
use crate::io::read_framework;
use crate::run;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the shipped frameworks
    List,
    /// Print the files of a framework, or write them into a folder, to start one of your own
    Show {
        /// A shipped framework's id, or a folder
        framework: String,
        /// A folder that is not there yet
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Check a framework's folder and run its worked examples
    Check {
        /// A shipped framework's id, or a folder
        framework: String,
    },
}

pub(super) fn run(args: &Args) -> Exit {
    match &args.what {
        What::List => list(),
        What::Show { framework, out } => show(framework, out.as_deref()),
        What::Check { framework } => check(framework),
    }
}

fn list() -> Exit {
    for shipped in read_framework::shipped() {
        match run::check_framework(&format!("{}@{}", shipped.id, shipped.version), false) {
            Ok((Some(framework), _)) => {
                let status = match framework.status {
                    crate::framework::files::Status::Draft => "draft",
                    crate::framework::files::Status::InUse => "in use",
                    crate::framework::files::Status::Retired => "retired",
                };
                print(&format!("{:<22} {:<9} {:<8} {}\n", framework.id, framework.version, status, framework.title));
            }
            Ok((None, findings)) => print(&render::list(&findings, HowMany::All)),
            Err(error) => return file_trouble(&error),
        }
    }
    Exit::Done
}

fn show(framework: &str, out: Option<&Path>) -> Exit {
    let files = match read_framework::framework_files(framework) {
        Ok(files) => files.texts,
        Err(error) => return file_trouble(&error),
    };
    let Some(folder) = out else {
        for (name, text) in &files {
            print(&format!("# ---- {name} ----\n{text}\n"));
        }
        return Exit::Done;
    };
    if folder.exists() {
        complain(&format!("error: {} is there already; name a folder that is not, so that nothing of yours is lost\n", folder.display()));
        return Exit::Files;
    }
    match write_files(folder, &files) {
        Ok(()) => {
            print(&format!(
                "{} files written to {}; `pinpoint frameworks check` says whether it is sound\n",
                files.len(),
                folder.display()
            ));
            Exit::Done
        }
        Err(error) => file_trouble(&error),
    }
}

/// Writes files whose names may have one folder before them.
fn write_files(folder: &Path, files: &BTreeMap<String, String>) -> Result<(), WriteError> {
    let mut by_folder: BTreeMap<PathBuf, Vec<OutFile<'_>>> = BTreeMap::new();
    for (name, text) in files {
        let (within, name) =
            name.rsplit_once('/').map_or((folder.to_path_buf(), name.as_str()), |(within, name)| (folder.join(within), name));
        let file = OutFile::new(name, move |out| Ok(out.write_all(text.as_bytes())?));
        by_folder.entry(within).or_default().push(file);
    }
    by_folder.into_iter().try_for_each(|(folder, files)| atomic::write_all(&folder, files))
}

fn check(framework: &str) -> Exit {
    match run::check_framework(framework, true) {
        Ok((checked, findings)) => {
            print(&render::list(&findings, HowMany::All));
            if let Some(checked) = checked.filter(|_| !findings.any_error()) {
                print(&format!(
                    "{} is sound: {} indicators, {} cases hold\n",
                    checked.name_and_version(),
                    checked.indicators.len(),
                    checked.cases.len()
                ));
            }
            Exit::of(&findings)
        }
        Err(error) => file_trouble(&error),
    }
}
