//! `pinpoint context`: a first context for an unknown input, or a shipped layout to start from, or the list of them.

use std::path::PathBuf;

use super::{Exit, file_trouble, print};
use crate::run;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A workbook, a folder of .csv files, or one such file; without it the shipped layouts are listed
    input: Option<PathBuf>,
    /// Print this layout as it is shipped, to start a context of your own from
    #[arg(long, value_name = "ID", conflicts_with = "input")]
    layout: Option<String>,
    /// A shipped framework's id, or a framework's folder: its indicators are looked for among the headers
    #[arg(long, value_name = "ID|DIR")]
    framework: Option<String>,
}

pub(super) fn run(args: &Args) -> Exit {
    let text = match (&args.input, &args.layout) {
        (Some(input), _) => run::first_context(input, args.framework.as_deref()),
        (None, Some(layout)) => run::layout_text(layout).map(str::to_owned),
        (None, None) => Ok(run::layouts().iter().map(|(id, title)| format!("{id:<14} {title}\n")).collect()),
    };
    match text {
        Ok(text) => {
            print(&text);
            Exit::Done
        }
        Err(error) => file_trouble(&error),
    }
}
