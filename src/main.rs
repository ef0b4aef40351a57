//! The command line: parse, call, print, exit.

mod cli;
mod exit;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run().into()
}
