//! A progress bar for checks that take longer than a second.

use super::{interrupt, seen, show};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal;
use std::time::Duration;
use tellers::engine::{Progress, Watch};
use tellers::gate::count;
use tellers::suite::{Scenario, Setup, picture};
use tellers::trace::Look;

/// Shorter checks show no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that shows itself after a while, if there is a terminal, until it is dropped.
pub(super) struct Bar(ProgressBar);

/// The bar of the check that comes after `done` of `total`.
pub(super) fn bar(done: usize, total: usize, what: String) -> Bar {
    let bar = ProgressBar::new(total as u64).with_position(done as u64).with_message(what);
    let late = |state: &ProgressState, out: &mut dyn Write| {
        if state.elapsed() >= PATIENCE {
            let (done, total) = (state.pos(), state.len().unwrap_or(0));
            let seconds = state.elapsed().as_secs();
            // A bar that cannot be drawn is no reason to stop.
            let _ = write!(out, "{done} of {total} done; {seconds} s on ");
        }
    };
    if let Ok(style) = ProgressStyle::with_template("{late}{msg}") {
        bar.set_style(style.with_key("late", late));
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    Bar(bar)
}

impl Bar {
    /// What tells this bar how far a search has come, and has ctrl-C stop it.
    pub(super) fn watch(&self) -> Watch {
        let (bar, what) = (self.0.clone(), self.0.message());
        Watch::new(interrupt::flag(), move |far| bar.set_message(format!("{what}: {}", words(far))))
    }

    /// The same; on a terminal, a failure that was found is shown above the bar while the search goes on.
    pub(super) fn watch_of(&self, scenario: &'static Scenario, setup: Setup) -> Watch {
        let bar = self.0.clone();
        self.watch().showing(PATIENCE, move |failure, found| {
            if !std::io::stderr().is_terminal() {
                return;
            }
            let look = Look { width: show::width(), ..Look::default() };
            let picture = picture(scenario, setup, failure, found).text(look);
            let goes_on =
                "This was found, and is not proved to be the simplest; the search goes on.";
            bar.suspend(|| anstream::eprintln!("{picture}\n{goes_on}\n"));
        })
    }
}

fn words(Progress { runs, states, frontier }: Progress) -> String {
    let runs = count(runs, "run");
    match states {
        0 => runs,
        states => {
            let states = count(states as u64, "state");
            format!("{states}, {} to go, {runs}", seen::number(frontier as u64))
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
