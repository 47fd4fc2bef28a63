//! `pinpoint frameworks`: which there are, what one says, whether one is sound.

use super::{Exit, file_trouble, print};
use crate::diag::render;
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
    /// Print the files of a framework
    Show {
        /// A shipped framework's id, or a folder
        framework: String,
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
        What::Show { framework } => show(framework),
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
            Ok((None, findings)) => print(&render::list(&findings)),
            Err(error) => return file_trouble(&error),
        }
    }
    Exit::Done
}

fn show(framework: &str) -> Exit {
    match read_framework::framework_files(framework) {
        Ok(files) => {
            for (name, text) in &files.texts {
                print(&format!("# ---- {name} ----\n{text}\n"));
            }
            Exit::Done
        }
        Err(error) => file_trouble(&error),
    }
}

fn check(framework: &str) -> Exit {
    match run::check_framework(framework, true) {
        Ok((checked, findings)) => {
            print(&render::list(&findings));
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
