//! `pinpoint check`: what is wrong with an input, or with a framework's worked examples; writes nothing.

use super::analyse::{InputArgs, advance, progress};
use super::{Exit, file_trouble, print, summary};
use crate::diag::render::{self, HowMany};
use crate::run;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(flatten)]
    input: Option<InputArgs>,
    /// Run the worked examples of a framework (a shipped id, or a folder) instead
    #[arg(long, value_name = "ID|DIR", num_args = 0..=1, default_missing_value = run::DEFAULT_FRAMEWORK, conflicts_with = "InputArgs")]
    cases: Option<String>,
}

pub(super) fn run(args: &Args) -> Exit {
    if let Some(framework) = &args.cases {
        return cases(framework);
    }
    let Some(input) = &args.input else {
        super::complain("error: name an input, or a framework with --cases\n");
        return Exit::CommandLine;
    };
    let progress = progress();
    let inputs = run::Inputs { one_table: true, ..input.inputs() };
    let done = run::analyse(&inputs, &|step| advance(&progress, step));
    progress.finish_and_clear();
    let done = match done {
        Ok(done) => done,
        Err(error) => return file_trouble(&error),
    };
    if input.json {
        print(&summary::json(&done, &[]));
    } else {
        print(&render::list(&done.findings, input.how_many()));
        print(&summary::findings_line(&done.findings));
    }
    Exit::of(&done.findings)
}

fn cases(framework: &str) -> Exit {
    match run::check_framework(framework, true) {
        Ok((framework, findings)) => {
            print(&render::list(&findings, HowMany::All));
            if let Some(framework) = framework {
                let failed = findings
                    .iter()
                    .filter(|finding| finding.code == crate::diag::Code::CaseFails)
                    .map(|finding| finding.times)
                    .sum::<usize>();
                print(&format!("{}: {} cases, {failed} findings\n", framework.name_and_version(), framework.cases.len()));
            }
            Exit::of(&findings)
        }
        Err(error) => file_trouble(&error),
    }
}
