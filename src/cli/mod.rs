//! What each command does.

mod args;
mod check;
mod demo;
mod error;
mod explain;
mod format;
mod interrupt;
mod json;
mod list;
mod misplaced;
mod progress;
mod replay;
mod report;
mod seen;
mod show;

use args::{Args, Command};
use clap::Parser;
use error::Error;
use std::io::{self, Write};
use tellers::Exit;

/// Does what the command line asks for.
pub(crate) fn run() -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return tell(&misplaced::advised(error)),
    };
    let mut out = anstream::stdout().lock();
    let done = match args.command {
        None => check::run(&args.check, &mut out),
        Some(Command::Check(check)) => check::run(&check, &mut out),
        Some(Command::Explain(explain)) => explain::run(&explain, &mut out),
        Some(Command::Replay(replay)) => replay::run(&replay, &mut out),
        Some(Command::Report(report)) => report::run(&report, &mut out),
        Some(Command::List) => list::run(&mut out),
        Some(Command::Demo(demo)) => demo::run(&demo, &mut out),
    };
    let done = done.and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    done.unwrap_or_else(|error| {
        if !error.is_closed_pipe() {
            anstream::eprintln!("error: {error}");
        }
        error.exit()
    })
}

/// Prints what clap has to say: its help, or what makes no sense.
fn tell(told: &clap::Error) -> Exit {
    match told.print().and_then(|()| io::stdout().flush()) {
        Err(_) => Exit::Unwritten,
        Ok(()) if told.use_stderr() => Exit::Misuse,
        Ok(()) => Exit::AsExpected,
    }
}
