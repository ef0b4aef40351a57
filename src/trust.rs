//! What a verdict rests on: what is assumed, what is proved, how that is tested, and how it could still
//! be wrong.
//!
//! # What is assumed
//!
//! - **A thread is determined by what it is told.** Given the answers that its operations have had, it
//!   does the same thing next. Clocks, random numbers, the order of a hash map, statics of std, and data passed
//!   around [`sync`](crate::sync) break this, and so does a thread that waits for another one by other
//!   means. The product engine learns each thread from few runs, so
//!   its whole answer rests on it. Two runs that differ are an error, or a failure if one of them fails; a
//!   difference that no run showed is not seen: the table below has what is.
//! - **Sequential consistency**, in all engines but loom: each operation takes effect at once, for all,
//!   in one order. Under loom a [`Cell`](crate::sync::Cell) is relaxed, and may be read old; locks,
//!   events and the ends of threads never are. What loom leaves out of C11, it leaves out here.
//!   So are std's atomics whatever their ordering: where a program has one below, [`Proof::granted`](crate::engine::Proof::granted)
//!   says so. Under loom the orderings are loom's.
//! - **Data are told by value.** Who takes a mutex is told what its data are, and two runs in which they are the
//!   same go on in the same way. What cannot be told of a value (the capacity of a vector, an address) is not seen,
//!   nor is what a key leaves out that somebody gives.
//! - **Other data are told by who wrote them last, and after what**: a thread is determined by what it was told, and
//!   so is what it leaves. Who takes a lock and has the data only by a shared reference is taken to leave them as they
//!   are: what changes through one, a `Cell` or a `RefCell`, is data beside a lock, unless they have a key. Once a
//!   thread has twice written data that have no key and then come to where it may wake up or fail for no reason, it
//!   no longer does so for none; the verdict says where it could have.
//! - **Two accesses race that can come in either order**, of which one writes: an access to an
//!   [`UnsafeCell`](crate::cell::UnsafeCell) begins and ends, and a thread that comes to one while another one goes on is in
//!   a data race. That is the end of the run, and a failure of its own: nothing is defined from there on. Every atomic
//!   counts as sequentially consistent here, so what only a stronger ordering than the one that is written keeps apart is
//!   not seen to race; nor is what is reached by a pointer from such data, nor that they are dropped while somebody uses
//!   them. Under loom and on real threads a thread comes to its first access only once it has begun, so runs may go on past
//!   a race of it: a search that finds a race says nothing about what else there is.
//! - **A wake-up may come without a notification, a weak compare-exchange may fail spuriously, and nobody may count
//!   on it.** The product engine looks at what comes of it, but not where nothing else is left that could move: that
//!   is a deadlock. Other engines of the default build let it happen twice in a run; loom never, and real threads
//!   have a compare-exchange fail now and then.
//! - **A pointer is told by who first put it into an atomic, and with what is behind it.** Who reads an
//!   [`AtomicPtr`](crate::sync::atomic::AtomicPtr) is told all that determines what its writer had left in memory, and what
//!   those had before whose pointers it took the place of by a swap or an exchange; who joins a thread that uses such
//!   pointers, all that it wrote. What a thread writes there once it has handed the pointer on, and hands on by anything
//!   that tells by value, such as a flag or null, is data beside a lock: a proof says that it takes it for granted that
//!   there is none ([`Granted::HandedOnByPointer`](crate::world::Granted)). It says the same of addresses that come back
//!   once they are freed ([`Granted::FreshAddresses`](crate::world::Granted)), on the heap or a stack: what comes of them
//!   (ABA) is not explored. If [`Alloc`](crate::Alloc) is the process's allocator none comes back in a run, and so that is
//!   seen which is used once it is freed, or freed again: in the default build to free memory that a pointer was put
//!   into an atomic to is an operation, and so is each look whether that is freed in which a primitive is that is used.
//!   Plain memory that is used once it is freed is still there, and nobody sees it; nor that memory is never freed.
//! - **A choice is free.** Whatever [`choose`](crate::choose) may answer it answers in some interleaving, whatever it
//!   answered before, and each answer can be counted on. Loom has no choices of its own: it explores the program
//!   again for each way of choosing that it has met.
//! - **A reader may be let in past a writer that waits** for an [`RwLock`](crate::sync::RwLock), and cannot count on it:
//!   std leaves that to the system. So a thread that reads twice may wait for ever, behind a writer that waits for
//!   it. The product engine looks at both; under loom and on real threads such a reader waits. Only `read` does, and
//!   only behind a `write` that waits: that std's lock may also keep out who tries, or waits for so long only, and
//!   readers for as long as somebody reads who has come by `downgrade`, is not explored.
//! - **Who goes round goes round for ever.** A thread that comes back to where it yields, waits, parks or
//!   tries a weak compare-exchange, told the same as in the round before, is led through 128 more such rounds, and is
//!   then taken to be where it was. One that counts further than that is not seen to count, nor is one whose count
//!   shows only once it goes on: it goes on as after the second round. [`Proof::spins`](crate::engine::Proof::spins) says how often
//!   this was relied on.
//! - **A timeout is a free choice.** A timed acquire of a held lock gives up, at whatever moment the
//!   scheduler picks: to wait for longer is to be scheduled later. So a proof holds for every duration,
//!   and a failure may need durations that nobody would set.
//! - **A thread ends at any time after its last operation**, in a step of its own, until which
//!   [`is_finished`](crate::sync::thread::JoinHandle::is_finished) says no; the engines of the default
//!   build take that step only while somebody is about to ask, since nobody else could tell.
//! - **A thread has ended once its thread locals are dropped.** Those of
//!   [`thread_local!`](crate::thread_local) are dropped in a run before anybody can see that their thread has ended.
//!   std promises that to who joins a thread. A scope that ends, and
//!   [`is_finished`](crate::sync::thread::JoinHandle::is_finished), may be earlier than the last destructors there:
//!   that is not explored. If such a destructor panics, std ends the process, and here its thread has panicked.
//! - **What was made outside begins each run as it is there**, and no run changes it: statics by `const_new`, and what
//!   a closure captures. A run has a copy of plain data, and refuses others; a value that a run writes to a static
//!   [`OnceLock`](crate::sync::OnceLock) or makes for a [`LazyLock`](crate::sync::LazyLock) is never freed, since it may have been
//!   borrowed for ever. Who changes something outside while a check is under way may find that the check has no
//!   answer. A thread of std that a closure starts, and that uses such a thing before the run does, is not seen.
//! - **What a thread does outside of `sync` is its own.** A file that is written in a run is written.
//! - **A promise is kept.** [`checkpoint`](crate::sync::checkpoint) merges all that led to it with the
//!   same key, at the same place in the source. Two loops that share a line, in a helper, share their
//!   promises, unless the helper is `#[track_caller]` or the key tells them apart.
//!   A thread of [`steps`](crate::steps) promises as much at each step, and has no key that could forget anything: but
//!   what is shared has to be shared by `sync`, as everywhere. Both promise as well what is behind the pointers that they
//!   put into an atomic later.
//! - **What is left out is left out.** A run that breaks an [`assume`](crate::sync::assume) counts for
//!   nothing, whatever it did before.
//!
//! # Data beside a lock
//!
//! What passes between threads outside of `sync` is seen only by who runs the code. Before the product engine
//! says that a program is proved it runs all interleavings, if there are up to 200; or one of each order in
//! which threads can hand over locks, cells and events, if these are up to 1,000, and then random walks of
//! 20,000 steps in all, half of them with priorities; or else interleavings until each single hand-over was
//! seen, and then walks: 1,000 runs in all, and a step for every eight moves of the graph, or 40,000. In half of
//! the walks, and in 32 more where all interleavings were run, a thread begins only when it is chosen, so that
//! what it does before its first operation comes late. The verdict says how many of how many were seen, and a
//! proof with a gap says so. Where the hand-overs are counted one by one, no gap means that each was seen, and
//! not that each order of them was.
//!
//! | data in an `UnsafeCell`, an atomic or a mutex of std | found |
//! | --- | --- |
//! | got under a lock, set under it later: an update is lost | always, up to 4 threads |
//! | pushed under a lock, once by each thread: the order matters | always, up to 5 threads |
//! | written under a lock by the second thread, read by the first | always, up to 4 threads |
//! | guarded by two different locks, with another one's section between | always, up to 4 threads |
//! | two balances with a lock each, and an audit between | always, up to 4 threads |
//! | an audit that must see the fifth of ten deposits | always, up to 4 threads |
//! | a `Cell` in a mutex's data, set through a shared reference | always, up to 4 threads |
//! | initialised once, by whoever comes first | always, up to 4 threads |
//! | one order of more than 1,000, of which each hand-over is in others, too | by luck |
//! | guarded by two locks that have nothing to do with each other | by luck: the walks |
//! | used before a thread's first operation, and by who spawned it meanwhile | always, up to 4 threads |
//! | written or read after a thread's last operation, or twice between two | never: nothing separates it |
//! | how many an `Arc` has, beside a thread without operations | never |
//! | used on a thread of std that nobody joins, later than 50 ms after the last run | never |
//! | std's primitives made and used on a thread of std alone | never: there they are the real thing |
//! | a static that a run which cannot end has left changed | never: it may look like a failure |
//!
//! "Always" is from each of 100 seeds: `tests/never_false/{beside,beginning}.rs` hold the table.
//!
//! Who drops what several threads own is decided outside of `sync`, too: an `Arc`'s last owner, and whoever
//! drops a handle after its thread has ended. If the destructor is an operation, the thread is not determined
//! by what it is told, and the program is refused.
//!
//! # How a run is left
//!
//! No destructor is told what the program could not tell it. The runs by which the product engine learns go on
//! until every thread has ended, in some interleaving. A run that deadlocks, is left out, or takes more than
//! 10,000 steps is forgotten: its threads are not unwound, and what they own is never freed, their thread locals
//! included. After 262,144 such runs the search ends. A lock of std that such a thread holds stays locked. A thread that a panic of
//! its own unwinds just then is an exception: it goes on, and is told what the world would tell it; nobody
//! takes note. What nothing can answer, such as a wait for a thread that never ends, ends the search, which
//! says so. Under loom, so does every thread that is left; on real threads one that would have to wait is
//! left where it is.
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
//! real threads prove nothing, and say so. A search that has come far (65,536 states, or 256 runs to learn the
//! threads) makes a sample of up to 500 random walks and 20,000 steps before it goes on: a failure that these
//! show is the answer of a search that is cut short, and one that comes to its end must have it, too.
//!
//! Who called for a step is no part of a proof: it is read from the frames of one more run, as far as the
//! build has lines for them. An optimiser may leave out a caller that had nothing else to do, and may put one
//! function in the place of another one with the same instructions.
//!
//! # How that is tested
//!
//! - **Against a reference.** `tests/common` makes random programs: two to five threads, three objects
//!   of each kind, up to two channels, every operation of `sync`, accesses that race, data that nobody can tell by their
//!   value, free choices, guards, branches, panics, and loops
//!   with and without a bound; threads make objects of their own, hand on handles, panic with payloads, catch what
//!   panics, and drop values that do something then. `tests/common/reference.rs` tries everything that such
//!   a program can do, with a few lines of semantics of its own. Where a thread may catch a panic while
//!   another one is being unwound, only the product engine is held against it. The product engine and shuttle's
//!   enumeration must find its outcomes, each in as many interleavings as it says; they must agree on the
//!   size of the simplest failure; livelocks are found if and only if some state leads to no end. Random
//!   walks, PCT and real threads must stay within its outcomes. Loom must find exactly them when cells are under locks,
//!   and at least them otherwise. In some programs threads share a number without operations, under a lock
//!   or under none: what they do with it is held against random walks, PCT and shuttle's enumeration.
//!   `TELLERS_CASES` and `TELLERS_SEED` say how many programs, and which; the same seed gives all builds
//!   the same ones.
//! - **In another process.** `tests/other_process.rs` has every engine look for failures of such programs.
//!   Another process, which has met nothing else, replays the token of each, and must show the same.
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
//! - Panics are counted by std for each OS thread, and model threads share one. What depends on that count
//!   (`std::thread::panicking()`, the poison of a lock of std) is refused by the product engine as not
//!   determined; in the other engines it may fail although it would not on real threads, and
//!   [`Coverage::beside_panics`](crate::engine::Coverage::beside_panics) says in how many runs that could
//!   be. Who is being unwound is noted when a panic starts; one that is started by `resume_unwind` while
//!   another thread is being unwound is taken for none, and one that a thread catches meanwhile for one that goes on.
//! - Before a failure is shown, the program is run with answers that no interleaving gives, to find out what
//!   was computed from what ([`Follows`](crate::trace::Follows)). Code that such a number makes recurse for
//!   ever ends the process; one that makes it compute for ever costs ten seconds.
//! - A checked closure runs in the process that checks it, and what ends a Rust process ends this one: a
//!   stack that ends between two operations, an abort, a second panic while unwinding, an
//!   allocation that fails. On Unix a last line on standard error says which program that was and after
//!   which operation; what the search had found is lost, and so are the other tests of that process, unless
//!   they run in others ([`Apart`](crate::Apart), or a runner such as cargo-nextest). So it is with memory:
//!   the states of a search and what it learned have a limit, and what the closure takes has none but the system's
//!   (`ulimit -v`).
//! - A thread that comes to no operation for ten seconds cuts the search short, which says so and what it
//!   had found; the product engine has forgotten what it found before it started again, as when it meets
//!   its first loop. The OS thread is left behind, with all that it holds, and goes on until its next
//!   operation.
//! - Runs of the sampling and the enumerating engines are cut off after 10,000 steps. The bounds of the
//!   report say how many were; what those would have come to is not known.
//! - Endings number the threads that the engine has met. One that met a thread which no interleaving
//!   starts, while it was learning, leaves a gap in the numbers; the names are not affected.
