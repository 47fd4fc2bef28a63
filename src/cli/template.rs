//! `pinpoint template`: an empty input workbook made from a framework. Never writes over a file that is there, which
//! may have been filled in.

use std::path::PathBuf;

use super::{Exit, complain, file_trouble, print};
use crate::diag::render::{self, HowMany};
use crate::io::{atomic, write_template};
use crate::report::template;
use crate::run;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The workbook to write; a file that is there already stays as it is
    #[arg(value_name = "OUT.xlsx", value_parser = workbook_path)]
    out: PathBuf,
    /// A shipped framework's id, or a framework's folder
    #[arg(long, value_name = "ID|DIR", default_value = run::DEFAULT_FRAMEWORK)]
    framework: String,
}

/// Spreadsheet programs refuse a workbook under another ending.
fn workbook_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let fits = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    if fits { Ok(path) } else { Err("the name of the workbook has to end in .xlsx".into()) }
}

pub(super) fn run(args: &Args) -> Exit {
    if args.out.symlink_metadata().is_ok() {
        complain(&format!(
            "error: `{}` is there already and may have been filled in; name another file, or take it away first\n",
            args.out.display()
        ));
        return Exit::Files;
    }
    let (framework, findings) = match run::check_framework(&args.framework, false) {
        Ok(checked) => checked,
        Err(error) => return file_trouble(&error),
    };
    let Some(framework) = framework else {
        print(&render::list(&findings, HowMany::All));
        return Exit::of(&findings);
    };
    let sheets = template::sheets(&framework);
    let folder = args.out.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), PathBuf::from);
    let name = args.out.file_name().map_or_else(|| "template.xlsx".into(), |name| name.to_string_lossy().into_owned());
    let file = atomic::OutFile::new(name, |out| write_template::write_template(&sheets, &framework.name_and_version(), out));
    match atomic::write_all(&folder, vec![file]) {
        Ok(()) => {
            let to_fill = sheets.iter().filter(|sheet| !sheet.columns.is_empty()).count();
            print(&format!("{}: {to_fill} sheets to fill in, for {}\n", args.out.display(), framework.name_and_version()));
            Exit::Done
        }
        Err(error) => file_trouble(&error),
    }
}
