//! What a thread promises about its future.

use super::backend;
use crate::trace::Place;
use std::hash::{Hash, Hasher};

/// Promises that from here on `key` alone determines what this thread does: whatever else it has
/// been told before is forgotten, and so is what it will return.
///
/// It makes a loop finite for the product engine: a thread that comes by with the same key is where
/// it was before. Call it at the head of a loop, with what the loop carries from one round to the
/// next. Two calls at different places never promise the same. It is no operation: no scheduling point, and no effect in the other engines. Primitives
/// made inside the loop are new in each round, which breaks the promise.
///
/// The key also stands for all that the thread has written behind pointers which it puts into an
/// [`AtomicPtr`](crate::sync::atomic::AtomicPtr) later.
///
/// While the thread has data in hand that nobody can tell by their value (see [`Mutex`](crate::sync::Mutex)), it
/// promises nothing.
///
/// A broken promise is found when two visits with the same key go different ways, and is reported
/// as an error that names the thread and the place.
///
/// ```
/// # use tellers::engine::Engine;
/// # if Engine::of_this_build()[0] == Engine::Product {
/// use tellers::sync::checkpoint;
///
/// let report = tellers::check(|| {
///     loop {
///         checkpoint(());
///         if tellers::choose(2) == 0 {
///             break;
///         }
///     }
/// });
/// assert_eq!(report.proof.unwrap().interleavings.to_string(), "infinitely many");
/// # }
/// ```
#[track_caller]
pub fn checkpoint(key: impl Hash) {
    let mut bytes = KeyBytes(Vec::with_capacity(USUAL_KEY));
    Place::caller().hash(&mut bytes);
    key.hash(&mut bytes);
    backend::checkpoint(Promise::Key(bytes.0));
}

/// What a thread says that alone determines what it does from here on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// This key.
    Key(Vec<u8>),
    /// How it was started, that it has come to this step, and how many of each kind it has made, by which what it
    /// makes is known.
    Step(u32),
}

impl Promise {
    /// What stands for it, of a thread that was started by who was there, and has made so many of each kind and named so
    /// many pointers. No two promises of a thread have the same: a key has a place, and no place is a step.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn key(self, started_by: u32, (made, named): (&[u32], u32)) -> Vec<u8> {
        match self {
            Self::Key(key) => [&[0][..], &named.to_le_bytes(), &key].concat(),
            Self::Step(nth) => {
                let words = [started_by, nth, named].into_iter().chain(made.iter().copied());
                std::iter::once(1).chain(words.flat_map(u32::to_le_bytes)).collect()
            }
        }
    }
}

/// Leaves the run out of the check unless `condition` holds: the verdict is then about all other
/// runs, and says that a bound was hit.
///
/// It is how an unbounded loop is bounded for the engines that cannot finish one. On OS threads it
/// does nothing.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use tellers::sync::assume;
///
/// let report = tellers::check(|| {
///     let fee = tellers::choose(3);
///     assume(fee != 1);
///     fee
/// });
/// assert_eq!(report.outcomes.len(), 2);
/// assert_eq!(report.bounds[0].limit, "the program's own");
/// # }
/// ```
#[track_caller]
pub fn assume(condition: bool) {
    if !condition {
        backend::cut();
    }
}

/// How many bytes the place and a key of two numbers take.
const USUAL_KEY: usize = 96;

/// The key itself, instead of a hash of it, so that two keys never collide.
struct KeyBytes(Vec<u8>);

impl Hasher for KeyBytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("a key is compared, never hashed")
    }
}
