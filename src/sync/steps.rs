//! A thread that is written as a list.

use super::backend;
use super::checkpoint::Promise;
use super::thread::{JoinHandle, has_no_locals, spawn};
use std::sync::Arc;

/// Starts a thread that does these steps, one after the other, with what is shared.
///
/// It remembers nothing from one step to the next: a step is a function, or a closure that captures nothing, and all
/// that it can leave behind is in what is shared. So the product engine need not tell apart in how many ways the thread
/// may have come to a step, as it need not after a [`checkpoint`](crate::sync::checkpoint); there is no key that could
/// forget too much. Only a value of [`thread_local!`](crate::thread_local) goes with a thread from step to step, and
/// one that has such a value forgets nothing. What is shared has to be shared by [`tellers::sync`](crate::sync). In a check that is all that a list means; in other engines, and outside
/// of a check, it is a thread like any other.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::Mutex;
///
/// tellers::check(|| {
///     let balance = Arc::new(Mutex::new(100));
///     let deposit = |balance: &Mutex<i64>| *balance.lock().unwrap() += 30;
///     let teller = tellers::steps(&balance, [deposit, deposit]);
///     deposit(&balance);
///     teller.join().unwrap();
///     assert_eq!(*balance.lock().unwrap(), 190);
/// });
/// # }
/// ```
///
/// # Panics
/// If the system does not start the thread.
#[track_caller]
pub fn steps<S, const N: usize>(shared: &Arc<S>, steps: [fn(&S); N]) -> JoinHandle<()>
where
    S: ?Sized + Send + Sync + 'static,
{
    let shared = Arc::clone(shared);
    spawn(move || {
        for (nth, step) in (0..).zip(steps) {
            if nth > 0 && backend::is_checking() && has_no_locals() {
                backend::checkpoint(Promise::Step(nth));
            }
            step(&shared);
        }
    })
}
