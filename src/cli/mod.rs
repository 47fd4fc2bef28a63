//! The command line: one file a command. Decides nothing about figures; here stand the exit codes.

mod analyse;
mod check;
mod context;
mod dump;
mod frameworks;
mod schema;
mod summary;
mod template;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{CommandFactory, Parser, Subcommand};

use crate::diag::Findings;
use crate::diag::shown::safe;
use crate::io::read_old;

/// How a run ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; there may be warnings.
    Done,
    /// Findings of level error: nothing was written.
    Findings,
    /// The command line asks for nothing that can be done.
    CommandLine,
    /// A file could not be read or written.
    Files,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            // Most of these are found by the parser, which gives 2 too.
            Exit::CommandLine => Self::from(2),
            Exit::Files => Self::from(3),
        }
    }
}

/// The exit code of a bug of ours.
pub const BUG: u8 = 70;

impl Exit {
    /// Whether errors stand among the findings.
    fn of(findings: &Findings) -> Self {
        if findings.any_error() { Self::Findings } else { Self::Done }
    }
}

/// Tells how many people need protection, where, and how badly, and can show why.
#[derive(Debug, Parser)]
#[command(
    name = "pinpoint",
    version,
    about,
    after_help = "Exit codes: 0 done, 1 findings of level error and nothing written, 2 wrong command line, 3 file trouble, 70 a bug of ours."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Analyse an input and write the tables
    Analyse(analyse::Args),
    /// Say what is wrong with an input, and write nothing
    Check(check::Args),
    /// Print the tables of an input as they were read, as JSON
    Dump(dump::Args),
    /// Write a first context for an unknown input, or show the layouts that are shipped
    Context(context::Args),
    /// List, show or check frameworks
    Frameworks(frameworks::Args),
    /// Write an empty input workbook with headers, lists, notes and an example row
    Template(template::Args),
    /// Print the JSON Schema of a data file
    Schema(schema::Args),
    /// Read a workbook of an old kind from standard input, in a process of its own
    #[command(name = read_old::COMMAND, hide = true)]
    ReadOld,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Parses the command line and runs it.
pub fn main() -> ExitCode {
    let exit = match Cli::parse().command {
        Command::Analyse(args) => analyse::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Dump(args) => dump::run(&args),
        Command::Context(args) => context::run(&args),
        Command::Frameworks(args) => frameworks::run(&args),
        Command::Template(args) => template::run(&args),
        Command::Schema(args) => schema::run(&args),
        // Another process of ours started this one, and reads why it ended from its exit code.
        Command::ReadOld => match read_old::answer(std::io::stdin().lock(), std::io::stdout().lock()) {
            Ok(()) => Exit::Done,
            Err(_) => Exit::Files,
        },
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "pinpoint", &mut script);
            print(&String::from_utf8_lossy(&script));
            Exit::Done
        }
    };
    if OUTPUT_LOST.load(Ordering::Relaxed) { Exit::Files.into() } else { exit.into() }
}

/// Whether something could not be written to standard output.
static OUTPUT_LOST: AtomicBool = AtomicBool::new(false);

/// Writes to standard output. A closed pipe is the reader's wish, not an error.
fn print(text: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            complain(&format!("error: cannot write to standard output: {error}\n"));
            OUTPUT_LOST.store(true, Ordering::Relaxed);
        }
        _ => {}
    }
}

/// Writes to standard error.
fn complain(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Says what went wrong outside, with its causes.
fn file_trouble(error: &dyn std::error::Error) -> Exit {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    complain(&format!("{}\n", safe(&text)));
    Exit::Files
}
