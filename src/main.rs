//! The command line: parse, call, print, exit.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run().into()
}
