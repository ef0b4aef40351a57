//! Programs that mean no good: each ends in a clear message, and the next one runs, unless it ends the
//! process.
//!
//! The same in all three builds, where the answer is the same.

#[cfg(unix)]
mod thread_locals;

#[cfg(unix)]
mod last_words;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tellers::engine::{Effort, Engine, Extent, Failure, Program, Report, Verdict};
use tellers::sync::{Cell, Event, Lock, thread};
use tellers::{Apart, ApartError};

/// Checks a program with the best engine of this build, and then one that is well.
#[track_caller]
fn check(body: impl Fn() + Send + Sync + 'static) -> Report<()> {
    answer(&Program::new(body))
}

fn answer(program: &Program<()>) -> Report<()> {
    let engine = Engine::of_this_build()[0];
    let effort = Effort { executions: 50, ..Effort::of(engine) };
    let report = engine.run(program, effort).expect("it is answered");
    let next = engine.run(&Program::new(|| Cell::new(0).store(1)), effort);
    assert!(matches!(next.expect("it answers").verdict(), Verdict::Proved | Verdict::Sampled));
    report
}

fn panics(report: &Report<()>) -> Vec<&str> {
    let panics = report.outcomes.keys().flat_map(|ending| &ending.panics);
    panics.map(|(_, message)| message.as_str()).collect()
}

#[test]
fn a_panic_that_leaves_a_lock_held_is_a_panic_and_a_deadlock() {
    let report = check(|| {
        let lock = Arc::new(Lock::new());
        let theirs = Arc::clone(&lock);
        let holder = thread::spawn(move || {
            theirs.acquire();
            panic!("with the lock held");
        });
        drop(holder.join());
        lock.acquire();
    });
    let failures: Vec<_> = report.failures.keys().copied().collect();
    assert_eq!(failures, [Failure::Deadlock, Failure::Panic]);
    assert!(panics(&report)[0].starts_with("with the lock held (tests/hostile.rs:"));
}

struct Bomb(Arc<Lock>);

impl Drop for Bomb {
    fn drop(&mut self) {
        let _held = self.0.guard();
        panic!("a destructor panics");
    }
}

#[test]
fn a_panic_in_a_destructor_is_a_panic() {
    let report = check(|| {
        let lock = Arc::new(Lock::new());
        let bombs = [(); 2].map(|()| Bomb(Arc::clone(&lock)));
        let threads = bombs.map(|bomb| thread::spawn(move || drop(bomb)));
        threads.into_iter().for_each(|thread| assert!(thread.join().is_err()));
    });
    assert_eq!(report.failures.keys().copied().collect::<Vec<_>>(), [Failure::Panic]);
    let said = panics(&report);
    assert!(said.iter().all(|said| said.starts_with("a destructor panics (")), "{said:?}");
}

/// Waits for all it has when it is dropped, one try after the other.
struct Patient {
    lock: Arc<Lock>,
    event: Event,
    cell: Cell,
    thread: thread::JoinHandle<()>,
}

impl Drop for Patient {
    fn drop(&mut self) {
        while !self.lock.acquire_timeout(Duration::ZERO) {}
        while !self.event.is_set() || !self.thread.is_finished() {}
        while self.cell.load() != 0 {}
    }
}

#[test]
fn a_destructor_waits_for_nothing_once_its_thread_is_deadlocked() {
    let report = check(|| {
        let lock = Arc::new(Lock::new());
        let theirs = Arc::clone(&lock);
        let thread = thread::spawn(move || {
            theirs.acquire();
            theirs.acquire();
        });
        let patient = Patient { lock, event: Event::new(), cell: Cell::new(0), thread };
        patient.event.wait();
    });
    assert_eq!(report.failures.keys().copied().collect::<Vec<_>>(), [Failure::Deadlock]);
}

#[test]
fn a_destructor_knows_of_a_panic_that_is_only_resumed() {
    let report = check(|| {
        let lock = Lock::new();
        let _taken_away = lock.guard();
        lock.release().expect("it is held");
        std::panic::resume_unwind(Box::new("resumed"));
    });
    assert_eq!(report.failures.keys().copied().collect::<Vec<_>>(), [Failure::Panic]);
}

#[test]
fn a_thread_that_nobody_joins_is_part_of_the_run() {
    let report = check(|| {
        let cell = Arc::new(Cell::new(0));
        let theirs = Arc::clone(&cell);
        std::mem::forget(thread::spawn(move || theirs.store(1)));
    });
    assert_eq!(panics(&report), [""; 0]);
    assert!(report.outcomes.keys().all(|ending| ending.cells == [1]));
}

#[test]
fn a_thread_of_std_that_uses_anything_of_the_run_is_refused() {
    let program = Program::new(|| {
        let cell = Cell::new(0);
        let foreign = std::thread::spawn(move || cell.load());
        assert!(foreign.join().is_err(), "it was let in");
    });
    let engine = Engine::of_this_build()[0];
    let why = match engine.run(&program, Effort { executions: 50, ..Effort::of(engine) }) {
        Err(error) => error.to_string(),
        Ok(report) => report.extent.cut_short().unwrap_or_default().to_owned(),
    };
    assert!(why.contains("is used outside of the run that made it, at tests/hostile.rs:"), "{why}");
}

#[test]
fn a_hundred_threads_are_checked_or_refused_in_words() {
    let report = check(|| {
        let threads: Vec<_> = (0..100).map(|_| thread::spawn(|| ())).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    });
    if cfg!(loom) {
        let said = format!("{:?}", report.extent);
        assert!(said.contains("loom follows no more than 5 threads"), "{said}");
    } else {
        assert_eq!((report.failures.len(), report.outcomes.len()), (0, 1));
    }
}

#[cfg(all(not(loom), feature = "shuttle"))]
#[test]
fn a_run_without_end_is_cut_off_by_its_length_and_not_by_the_program() {
    let program = Program::new(|| {
        let cell = Cell::new(0);
        while cell.load() == 0 {}
    });
    let report = tellers::engine::random(&program, 2, 0);
    let [bound] = &report.bounds[..] else { panic!("{:?}", report.bounds) };
    assert_eq!((bound.limit.as_str(), bound.hits), ("10,000 steps a run", 2));
}

/// Goes down for ever, with an operation at each level.
#[allow(unconditional_recursion, reason = "it is what this is about")]
fn descend(cell: &Cell, depth: i64) -> i64 {
    let frame = std::hint::black_box([depth; 64]);
    cell.store(depth % 3);
    descend(cell, depth + 1) + frame[(depth % 64) as usize]
}

#[test]
fn a_recursion_without_end_is_a_panic_at_an_operation() {
    for in_main in [true, false] {
        let report = check(move || {
            let cell = Cell::new(0);
            if in_main {
                descend(&cell, 0);
            } else {
                drop(thread::spawn(move || descend(&cell, 0)).join());
            }
        });
        let [said] = &panics(&report)[..] else { panic!("{:?}", report.outcomes) };
        assert!(said.starts_with("the recursion at tests/hostile.rs:"), "{said}");
        let most = if cfg!(loom) { " KiB" } else { ": it takes more than 768 KiB" };
        assert!(said.contains(most), "{said}");
    }
}

/// Why a search was cut short.
fn cut_short(report: &Report<()>) -> &str {
    match &report.extent {
        Extent::CutShort { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// Whether the last operation that is told was this thread's, in the file of whoever asks.
#[track_caller]
fn told_after(said: &str, thread: &str) -> bool {
    let file = std::panic::Location::caller().file();
    said.contains(&format!("; the last operation was {thread}'s, at {file}:"))
}

/// Comes to no operation any more.
fn wait_for_ever() -> ! {
    loop {
        std::thread::park();
    }
}

/// In engines that look at runs; `tests/partial.rs` has the other one.
#[test]
fn what_was_found_before_a_thread_waits_for_ever_is_not_forgotten() {
    for engine in Engine::of_this_build().iter().filter(|&&engine| engine != Engine::Product) {
        let runs = AtomicU32::new(0);
        let program = Program::new(move || {
            let cell = Arc::new(Cell::new(0));
            let theirs = Arc::clone(&cell);
            let other = thread::spawn(move || theirs.store(1));
            cell.store(2);
            drop(other.join());
            if runs.fetch_add(1, Ordering::Relaxed) == 1 {
                wait_for_ever();
            }
            panic!("every time");
        });
        let program = program.stuck_after(Duration::from_millis(200));
        let report = engine.run(&program, Effort::of(*engine)).expect("it is answered");
        let said = cut_short(&report);
        let stuck = ["by a thread that blocks or loops outside", "run 2 was stuck: "];
        assert!(stuck.iter().any(|stuck| said.starts_with(stuck)), "{engine}: {said}");
        assert_eq!(report.verdict(), Verdict::Failed, "{engine}");
        assert_eq!(
            report.failures.keys().copied().collect::<Vec<_>>(),
            [Failure::Panic],
            "{engine}"
        );
        assert_eq!(report.coverage.executions, 1, "{engine}");
    }
}

#[test]
fn a_wait_outside_of_sync_cuts_the_search_short() {
    let program = Program::new(|| {
        Cell::new(0).store(1);
        wait_for_ever();
    });
    let report = answer(&program.stuck_after(Duration::from_millis(200)));
    let said = cut_short(&report);
    if cfg!(any(loom, feature = "shuttle")) {
        let why = "by a thread that blocks or loops outside of tellers::sync: \
                   it came to no operation for 200ms";
        assert!(said.starts_with(why), "{said}");
        assert!(told_after(said, "main"), "{said}");
    } else {
        assert_eq!(said, "run 1 was stuck: nothing happened for 200ms");
    }
}

fn died(error: Result<(), ApartError>) -> String {
    match error {
        Err(error @ ApartError::Died { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_exit_ends_a_process_of_its_own() {
    let apart = Apart::new("hostile::an_exit_ends_a_process_of_its_own");
    let said = died(apart.run(|| {
        check(|| {
            Cell::new(0).store(1);
            std::process::exit(3);
        });
    }));
    assert!(said.starts_with("its process ended with exit status: 3"), "{said}");
    assert!(told_after(&said, "main"), "{said}");
}

#[test]
fn a_wait_that_is_too_long_ends_a_process_of_its_own() {
    let apart = Apart::new("hostile::a_wait_that_is_too_long_ends_a_process_of_its_own");
    let error = apart.within(Duration::from_secs(2)).run(|| {
        check(|| {
            Cell::new(0).store(1);
            wait_for_ever();
        });
    });
    let said = error.expect_err("it does not end").to_string();
    assert!(said.starts_with("it was ended after 2 seconds: some thread blocks"), "{said}");
    assert!(told_after(&said, "main"), "{said}");
}

#[test]
fn a_process_of_its_own_that_ends_well_is_well() {
    let apart = Apart::new("hostile::a_process_of_its_own_that_ends_well_is_well");
    assert!(apart.run(|| drop(check(|| ()))).is_ok());
    let nobody = Apart::new("no_test_has_this_name").run(|| ());
    assert!(died(nobody).contains("no test called no_test_has_this_name"));
}

#[test]
fn a_failed_assertion_in_a_process_of_its_own_is_told() {
    let apart = Apart::new("hostile::a_failed_assertion_in_a_process_of_its_own_is_told");
    let said = died(apart.run(|| assert!(check(|| ()).outcomes.is_empty(), "there is an outcome")));
    assert!(said.contains("there is an outcome"), "{said}");
}
