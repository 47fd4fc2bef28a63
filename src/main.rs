//! The program: parses the command line, runs it, and turns the outcome into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A panic is a bug of ours and ends as such, whatever thread it is in; no path or memory is printed.
    std::panic::set_hook(Box::new(|info| {
        use std::io::Write as _;
        // Of a library that gives up on a broken file the reader speaks.
        if pinpoint::io::guard::foreign::is_inside() {
            return;
        }
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let _ = writeln!(std::io::stderr(), "error: a bug of ours{place}. Nothing was written. Please report it with the command you ran.");
    }));
    std::panic::catch_unwind(pinpoint::cli::main).unwrap_or_else(|_| ExitCode::from(pinpoint::cli::BUG))
}
