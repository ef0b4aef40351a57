//! The engines side by side: `cargo bench --bench engines`.
//!
//! | rows | what they show |
//! | --- | --- |
//! | ordered | two or four threads under two locks, on every engine that can finish them |
//! | timeout | a retry loop without a bound, which of the others only Spin can finish |
//! | race | how fast the product is searched when threads keep no order at all |
//! | first failure | how soon a wide program shows a failure, long before it is searched |
//! | simplest failure | what it costs beyond the search to find the simplest failure |
//! | queue, spin lock | std's primitives with data, waits that may end for no reason, and spins |
//! | growth | states and runs of the real code, as the number of transfers grows |
//!
//! First comes what a run leaves behind whose threads never end.
//!
//! In "ordered, 2 × 3" one of the two threads is the main thread. There are two ways to write a lock for
//! loom: its own mutex, and a word in one of its atomics, which is how [`sync`](tellers::sync) has it,
//! because loom's mutex never shows a try that fails. The word is what the product engine is held
//! against; the mutex stands beside it.
//!
//! For the product engine the time is that of a whole call: learning the threads, searching their
//! product, the verdicts, replaying the counterexamples and running the runs of the real code. For the
//! others it is that of enumerating, with nothing asked of an execution but that it ends.
//! All of it is the processor's time (user and system), so that a busy machine changes little; it is
//! the median of several runs, but for what takes seconds.
//!
//! Spin runs `timeout.pml` and `ring.pml`, where one step is one operation of the real code. Its full
//! graph is that of the product engine when every step is taken by itself, and two states more, for
//! the sum: 443,802 and 443,800 for two threads that make 100 transfers each. `timeout-plain.pml` is
//! the program as one would write it down, where each test and each assignment is a step. Each model
//! runs twice, with Spin's partial-order reduction and without, and the faster one counts.
//! `-DSAFETY` leaves out what only liveness needs, its hash table
//! is no larger than it has to be, and nothing is compressed: all of that is for speed. Spin checks for
//! deadlocks and assertions only. Its translation to C and the compiler are left out of its time.

#[cfg(all(not(loom), feature = "shuttle"))]
mod compare;

#[cfg(all(not(loom), feature = "shuttle"))]
fn main() {
    if std::env::args().any(|argument| argument == "--bench") {
        compare::main();
    } else {
        println!("nothing is timed in a test: use cargo bench");
    }
}

#[cfg(any(loom, not(feature = "shuttle")))]
fn main() {
    println!("this build has no engines to compare: use the default one");
}
