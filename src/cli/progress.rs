//! A progress bar for checks that take longer than a second.

use super::{interrupt, seen};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::time::Duration;
use tellers::engine::{Progress, Watch};
use tellers::gate::count;

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
