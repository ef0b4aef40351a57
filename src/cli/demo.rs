//! `tellers demo`: the lesson's own run on real threads, with its status lines.
//!
//! Threads that can never go on are left behind; the end of the process is theirs.

use super::Error;
use super::args::Demo;
use std::io::Write;
use std::time::Duration;
use tellers::Exit;
use tellers::bank::{Retries, Stop, release_by_force};
use tellers::engine::Engine;
use tellers::suite::{Amounts, Running, Scenario, Setup};
use tellers::sync::Lock;
use tellers::sync::thread::{self, JoinHandle};
use tellers::thousands;

/// How long it is from one look to the next.
const PAUSE: Duration = Duration::from_millis(200);

/// After so many looks at which nothing has changed, as in the lesson, nothing ever will.
const LOOKS: u32 = 8;

pub(super) fn run(args: &Demo, out: &mut impl Write) -> Result<Exit, Error> {
    if !Engine::of_this_build().contains(&Engine::Threads) {
        return Err(Error::NoThreads(Engine::Threads.build()));
    }
    let scenario = args.scenario;
    let transfers = args.transfers.map_or(lessons_transfers(scenario), |n| n as usize);
    let setup = Setup { transfers, amounts: Amounts::Drawn, ..scenario.setup };
    let running = (scenario.start)(&setup);
    let mut stuck = watch(&running, out)?;
    if stuck && scenario.watchdog {
        force(&running, out)?;
        stuck = false;
    }
    if stuck {
        locked(&running.names, running.locks.iter().map(Lock::locked), out)?;
        writeln!(out, "Nothing has changed for {LOOKS} looks, and nothing ever will.")?;
        return Ok(Exit::AsExpected);
    }
    close(running, out)
}

/// What the lesson's `range` says.
fn lessons_transfers(scenario: &Scenario) -> usize {
    if scenario.loops && !scenario.watchdog { 10_000 } else { 1_000_000 }
}

/// Looks at the threads until all have ended; tells whether it gave up.
fn watch(running: &Running, out: &mut impl Write) -> Result<bool, Error> {
    let mut before = None;
    let mut unchanged = 0;
    while running.threads.iter().any(|thread| !thread.is_finished()) {
        let now = Some(status(running));
        writeln!(out, "{}", now.as_deref().unwrap_or_default())?;
        out.flush()?;
        unchanged = if now == before { unchanged + 1 } else { 0 };
        if unchanged == LOOKS {
            return Ok(true);
        }
        before = now;
        thread::sleep(PAUSE);
    }
    Ok(false)
}

fn force(running: &Running, out: &mut impl Write) -> Result<(), Error> {
    let mut errors = 0;
    let mut last = None;
    release_by_force(&running.threads, &running.locks, Retries::UNBOUNDED, |error| {
        errors += 1;
        last = Some(error);
    });
    writeln!(out, "Both locks are released by force until both threads have ended.")?;
    if let Some(error) = last {
        writeln!(out, "{} errors of type '{error}'", thousands(errors))?;
    }
    Ok(())
}

/// What the threads have to say, the locks, and the sum.
fn close(running: Running, out: &mut impl Write) -> Result<Exit, Error> {
    let names = running.names.clone();
    let audit = running.audit();
    for (i, stop) in audit.stops.iter().enumerate() {
        writeln!(out, "Thread-{} {stop}", i + 1)?;
    }
    locked(&names, audit.locked.iter().copied(), out)?;
    writeln!(out, "Balances: {}", balances(&names, &audit.balances))?;
    let (found, expected) = (thousands(audit.found()), thousands(audit.expected));
    let sign = if audit.is_conserved() { "==" } else { "!=" };
    writeln!(out, "Validation: {found} {sign} {expected}")?;
    Ok(Exit::AsExpected)
}

/// `t1 alive? yes | t2 alive? yes | acc1 100,000, acc2 100,000`, as the lesson prints it.
fn status(running: &Running) -> String {
    let alive = |(i, thread): (usize, &JoinHandle<Stop>)| {
        format!("t{} alive? {}", i + 1, yes(!thread.is_finished()))
    };
    let balances = balances(&running.names, &running.accounts.balances());
    let threads = running.threads.iter().enumerate().map(alive);
    let balances = Some(balances).filter(|balances| !balances.is_empty());
    threads.chain(balances).collect::<Vec<_>>().join(" | ")
}

fn balances(names: &[String], balances: &[i64]) -> String {
    let shown = names.iter().zip(balances).map(|(name, &n)| format!("{name} {}", thousands(n)));
    shown.collect::<Vec<_>>().join(", ")
}

fn locked(
    names: &[String],
    locked: impl Iterator<Item = bool>,
    out: &mut impl Write,
) -> Result<(), Error> {
    let shown =
        names.iter().zip(locked).map(|(name, held)| format!("{name} locked? {}", yes(held)));
    let shown: Vec<String> = shown.collect();
    if !shown.is_empty() {
        writeln!(out, "{}", shown.join(" | "))?;
    }
    Ok(())
}

fn yes(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}
