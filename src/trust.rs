//! What a verdict rests on: what is assumed, what is proved, how that is tested, and how it could still
//! be wrong.
//!
//! # What is assumed
//!
//! - **A thread is determined by what it is told.** Given the answers that its operations have had, it
//!   does the same thing next. Clocks, random numbers, the order of a hash map, statics, and data passed
//!   around [`sync`](crate::sync) break this, and so does a thread that waits for another one by other
//!   means. The product engine learns each thread from few runs, so
//!   its whole answer rests on it. Two runs that differ are an error; a difference that no run showed
//!   is not seen.
//! - **Sequential consistency**, in all engines but loom: each operation takes effect at once, for all,
//!   in one order. Under loom a [`Cell`](crate::sync::Cell) is relaxed, and may be read old; locks,
//!   events and the ends of threads never are. What loom leaves out of C11, it leaves out here.
//! - **A timeout is a free choice.** A timed acquire of a held lock gives up, at whatever moment the
//!   scheduler picks: to wait for longer is to be scheduled later. So a proof holds for every duration,
//!   and a failure may need durations that nobody would set.
//! - **A thread ends at any time after its last operation**, in a step of its own, until which
//!   [`is_finished`](crate::sync::thread::JoinHandle::is_finished) says no; the engines of the default
//!   build take that step only while somebody is about to ask, since nobody else could tell.
//! - **What a thread does outside of `sync` is its own.** To learn a retry loop in few runs, the product
//!   engine may answer a timed acquire with a timeout that no interleaving has. What follows is searched
//!   only where it can be; but a file that is written there is written.
//! - **A promise is kept.** [`checkpoint`](crate::sync::checkpoint) merges all that led to it with the
//!   same key, at the same place in the source. Two loops that share a line, in a helper, share their
//!   promises, unless the helper is `#[track_caller]` or the key tells them apart.
//! - **What is left out is left out.** A run that breaks an [`assume`](crate::sync::assume) counts for
//!   nothing, whatever it did before.
//!
//! # What is proved
//!
//! When a search is exhausted, its outcomes are those of all interleavings within the bounds that it names,
//! no more and no less. The product engine proves more from its finished graph: whether every state still
//! leads to an end, which failures were inevitable from where on, how many interleavings there are, and
//! that no failure of its kind takes fewer context switches than the one that is shown. Before it says so
//! it replays that one on the real code. In a program with a loop it takes a step that no other thread can
//! see together with the step before, which changes neither the endings nor whether there is a cycle or a
//! way to an end; its source has the argument. Where that search finds a failure, every step is taken by
//! itself again, and both must have the same endings. A search that was cut short, a sample, and a run on
//! real threads prove nothing, and say so.
//!
//! # How that is tested
//!
//! - **Against a reference.** `tests/common` makes random programs: two to five threads, three locks,
//!   three cells and an event, every operation of `sync`, guards, branches, panics, and loops with and
//!   without a bound. `tests/common/reference.rs` tries everything that such a program can do, with a
//!   few lines of semantics of its own. The product engine and shuttle's enumeration must find its
//!   outcomes, each in as many interleavings as it says; they must agree on the size of the simplest
//!   failure; livelocks are found if and only if some state leads to no end. Random walks, PCT
//!   and real threads must stay within its outcomes. Loom must find exactly them when cells are under locks,
//!   and at least them otherwise. `TELLERS_CASES` and `TELLERS_SEED` say how many programs, and which;
//!   the same seed gives all builds the same ones.
//! - **Against textbooks.** `tests/textbook.rs` has programs whose verdict, number of endings and
//!   fewest context switches are derived by hand: philosophers, Peterson, Dekker, tickets, a bounded buffer,
//!   double-checked initialisation, and two anomalies of databases. `loom-tests/textbook.rs` has those
//!   that weak memory breaks.
//! - **Against malice.** `tests/hostile.rs` has programs that panic where they must not, recurse,
//!   allocate or wait for ever; `tests/garbled.rs` feeds replay tokens and command lines of noise.
//!
//! What these found is told in `tests/common/found.rs`, and beside the tests that keep it mended.
//!
//! # How it could still be wrong
//!
//! - The reference and the engines were written by the same people, from the same idea of what an
//!   operation means. Loom and the real threads share that idea less: they are what tells us that it is
//!   right.
//! - Random programs are small. What takes more than a few threads, more than some thousand states, or
//!   data structures of the program's own is tested only by the suite.
//! - A program that loom cannot exhaust in some thousand runs is not compared.
//! - Panics are counted by std for each OS thread, and model threads share one. Who is being unwound is
//!   noted when a panic starts; one that is started by `resume_unwind` while another thread is being
//!   unwound is taken for none, and one that a thread catches meanwhile for one that goes on.
//! - A checked closure runs in the process that checks it, on threads that can be left behind. On Unix a
//!   stack that ends between two operations, an abort, a failed allocation, and a second panic while
//!   unwinding cut the search short, as does everywhere a thread that comes to no operation for ten
//!   seconds. On Linux so does a process that grows, meanwhile, by 4 GiB more than the search may take, or
//!   by three quarters of what was to be had. Searches side by side share what all of them may take, and
//!   memory is then refused to every thread of the process, so that others are kept waiting at their next
//!   operation, for a second or so: but a thread that is of no search ends it. A thread that was given up
//!   and comes to no operation goes on, and is refused memory as before; for as long as it does, or is
//!   blocked, searches are charged with all that the process grows by. What the search had found is
//!   reported, unless it crashed while it judged an ending or looked at a finished graph, or crashes again
//!   when it is shown; the product engine has forgotten what it found before it started again, as when it
//!   meets its first loop. What a thread held that was left behind is lost, locks of the process among it.
//!   A call of `std::process::exit`, memory corrupted by `unsafe` code, and what happens on threads that
//!   are not `sync`'s are not held back: run that with [`Apart`](crate::Apart).
//! - Runs of the sampling and the enumerating engines are cut off after 10,000 steps. The bounds of the
//!   report say how many were; what those would have come to is not known.
//! - Endings number the threads that the engine has met. One that met a thread which no interleaving
//!   starts, while it was learning, leaves a gap in the numbers; the names are not affected.
