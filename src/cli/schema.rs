//! `pinpoint schema`: the JSON Schema of a data file, for editors and programs.

use super::{Exit, print};
use crate::framework::schema::FileKind;
use crate::report::document;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The kind of file
    file: File,
}

#[derive(Copy, Clone, Debug, clap::ValueEnum)]
enum File {
    Framework,
    Indicators,
    Coefficients,
    Risks,
    Paf,
    Cases,
    Context,
    Analysis,
}

pub(super) fn run(args: &Args) -> Exit {
    let kind = match args.file {
        File::Framework => FileKind::Framework,
        File::Indicators => FileKind::Indicators,
        File::Coefficients => FileKind::Coefficients,
        File::Risks => FileKind::Risks,
        File::Paf => FileKind::Paf,
        File::Cases => FileKind::Cases,
        File::Context => FileKind::Context,
        File::Analysis => {
            print(&document::schema_text());
            return Exit::Done;
        }
    };
    print(&kind.schema_text());
    Exit::Done
}
