//! Which runs use what was made outside of all of them.

use crate::sync::refusal::{Mark, Watcher};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Those that have come to a thing with such a number, as far as they are not over.
static USERS: LazyLock<Mutex<FxHashMap<u32, Vec<Watcher>>>> = LazyLock::new(Mutex::default);

/// A run has come to it.
#[cfg_attr(
    all(not(loom), not(feature = "shuttle")),
    expect(dead_code, reason = "nothing is proved on real threads")
)]
pub(in crate::sync) fn uses(number: u32, run: &Mark) {
    let mut users = USERS.lock();
    let users = users.entry(number).or_default();
    users.retain(Watcher::is_there);
    users.push(run.watcher());
}

/// The searches of those that use it must not be believed.
pub(super) fn refuse(number: u32, why: &str) {
    for run in USERS.lock().get(&number).into_iter().flatten() {
        run.refuse(why);
    }
}
