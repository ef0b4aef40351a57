//! How timed acquires went.

/// For each thread, whether each of its timed acquires took the lock, in order.
///
/// ```
/// use std::time::Duration;
/// use tellers::engine::{Effort, Engine, Program};
/// use tellers::sync::Lock;
///
/// let twice = Program::new(|| {
///     let lock = Lock::new();
///     [lock.acquire_timeout(Duration::ZERO), lock.acquire_timeout(Duration::ZERO)]
/// });
/// for &engine in Engine::of_this_build() {
///     let report = engine.run(&twice, Effort { executions: 1, ..Effort::of(engine) }).unwrap();
///     assert!(report.tries.iter().all(|tries| tries[0] == [true, false]));
/// }
/// ```
pub type Tries = Vec<Vec<bool>>;
