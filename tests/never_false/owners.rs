//! A primitive belongs to the run that made it.

use std::sync::{Arc, LazyLock, Mutex};
use tellers::engine::{Effort, Engine, EngineError, Program, Verdict};
#[cfg(feature = "shuttle")]
use tellers::sync::atomic::{AtomicU32, Ordering::SeqCst};
use tellers::sync::{Cell, Event, Lock, assume, checkpoint, thread};

/// That no engine believes a program, and what each says of it.
fn refused(program: &Program<()>) -> Vec<String> {
    let says = |&engine: &Engine| match engine
        .run(program, Effort { executions: 20, ..Effort::of(engine) })
    {
        Err(EngineError::Failed(why)) => why,
        Err(error) => panic!("{engine}: {error}"),
        Ok(report) => {
            assert_eq!(report.verdict(), Verdict::NotProved, "{engine}");
            report.extent.cut_short().expect("it is cut short").to_owned()
        }
    };
    Engine::of_this_build().iter().map(says).collect()
}

fn assert_named(program: &Program<()>, what: &str) {
    for why in refused(program) {
        assert!(why.contains(what) && why.contains("owners.rs:"), "{why}");
        assert!(why.contains("make it inside of the checked closure"), "{why}");
    }
}

#[test]
fn a_static_lock_guards_nothing_in_another_check() {
    static GUARD: LazyLock<Lock> = LazyLock::new(|| Lock::named("guard"));
    let alone = Program::new(|| drop(GUARD.guard()));
    assert_named(&alone, "the lock `guard`");
    let beside = Program::new(|| {
        let shared = Arc::new((Lock::named("m"), Cell::named("x", 0)));
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            let _held = GUARD.guard();
            other.1.store(other.1.load() + 1);
        });
        {
            let _held = shared.0.guard();
            shared.1.store(shared.1.load() + 1);
        }
        child.join().unwrap();
        assert_eq!(shared.1.load(), 2);
    });
    assert_named(&beside, "the lock `guard`");
}

#[test]
fn a_static_cell_is_no_cell_of_another_run() {
    static CELL: LazyLock<Cell> = LazyLock::new(|| Cell::named("outer", 1));
    assert_named(&Program::new(|| CELL.store(CELL.load() + 1)), "the cell `outer`");
    assert_named(
        &Program::new(|| {
            let own = Cell::named("own", 5);
            CELL.store(7);
            assert_eq!(own.load(), 5);
        }),
        "the cell `outer`",
    );
}

#[test]
fn a_static_event_is_no_event_of_another_run() {
    static EVENT: LazyLock<Event> = LazyLock::new(Event::new);
    assert_named(&Program::new(|| EVENT.set()), "the event, made at ");
}

#[test]
fn a_handle_that_a_closure_keeps_is_no_handle_of_another_run() {
    let kept: Arc<Mutex<Option<thread::JoinHandle<()>>>> = Arc::default();
    let program = Program::new(move || {
        let before = kept.lock().unwrap().replace(thread::spawn_named("old", || ()));
        if let Some(before) = before {
            before.join().unwrap();
        }
    });
    assert_named(&program, "the thread `old`");
}

#[test]
fn a_check_inside_of_a_check_is_refused() {
    let program = Program::new(|| {
        let own = Lock::named("own");
        let _held = own.guard();
        tellers::check(|| drop(Lock::new().guard()));
    });
    for why in refused(&program) {
        assert!(why.contains("inside of a checked closure"), "{why}");
    }
}

#[test]
fn a_thread_of_std_is_refused_whoever_ignores_it() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("shared"));
        let other = Arc::clone(&lock);
        let _ = std::thread::spawn(move || drop(other.guard())).join();
        drop(lock.guard());
    });
    for why in refused(&program) {
        assert!(
            why.contains("the lock `shared`") && why.contains("tellers::sync::thread"),
            "{why}"
        );
    }
}

#[test]
fn a_thread_of_std_is_refused_whatever_it_uses() {
    let uses: [fn(); 3] = [|| drop(Lock::named("inner")), || checkpoint(1), || assume(false)];
    for (nth, each) in uses.into_iter().enumerate() {
        let program = Program::new(move || {
            let _ = std::thread::spawn(each).join();
            drop(Lock::new().guard());
        });
        for why in refused(&program) {
            assert!(why.contains("outside of a checked closure"), "{nth}: {why}");
            assert!(why.contains("at tests/never_false/owners.rs:"), "{nth}: {why}");
        }
    }
}

/// The run has one of its own that stands for it, of which that thread knows nothing.
#[cfg(feature = "shuttle")]
#[test]
fn a_thread_of_std_is_refused_that_uses_a_static_which_the_run_has_met() {
    static SERVED: AtomicU32 = AtomicU32::const_new(0);
    static BALANCE: tellers::sync::Mutex<i64> = tellers::sync::Mutex::const_new(0);
    let uses: [(&str, fn()); 2] = [
        ("the atomic", || drop(SERVED.fetch_add(1, SeqCst).to_string())),
        ("the mutex", || *BALANCE.lock().unwrap() += 1),
    ];
    for (what, each) in uses {
        let program = Program::new(move || {
            each();
            assert!(std::thread::spawn(each).join().is_ok());
        });
        for why in refused(&program) {
            assert!(why.contains(what) && why.contains("at tests/never_false/owners.rs:"), "{why}");
            assert!(why.contains("on a thread that no run knows of"), "{why}");
        }
    }
    // A thread that has nothing to do with it is left alone.
    let unnamed = std::thread::spawn(|| (SERVED.load(SeqCst), *BALANCE.lock().unwrap()));
    let (served, balance) = unnamed.join().unwrap();
    assert!(served > 0 && balance > 0);
}

#[test]
fn a_thread_of_std_that_nobody_joins_is_refused() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("shared"));
        let other = Arc::clone(&lock);
        std::thread::spawn(move || drop(other.guard()));
        drop(lock.guard());
    });
    for why in refused(&program) {
        assert!(why.contains("the lock `shared`"), "{why}");
    }
}

#[test]
#[should_panic(expected = "is made outside of a checked closure, at tests/never_false/owners.rs:")]
fn a_primitive_is_made_inside() {
    Lock::new();
}

#[test]
#[should_panic(expected = "used outside of the run that made it, at tests/never_false/owners.rs:")]
fn a_primitive_is_used_inside() {
    static LEFT: Mutex<Option<Arc<Lock>>> = Mutex::new(None);
    tellers::check(|| {
        let lock = Arc::new(Lock::named("left"));
        drop(lock.guard());
        *LEFT.lock().unwrap() = Some(lock);
    });
    let left = LEFT.lock().unwrap().take().expect("it is there");
    left.acquire();
}
