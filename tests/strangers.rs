//! What is said of programs that are not the suite's: each fact that somebody would look for, in the text
//! of a failing check and in the page.
#![cfg(all(not(loom), feature = "shuttle"))]

mod called;
mod computed;
mod locks;
mod races;
mod starving;
mod unsaid;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::{Effort, Engine, Program};
use tellers::sync::thread::{self, yield_now};
use tellers::sync::{Cell, Event, Lock, checkpoint};
use tellers::trace::Picture;

/// What a failing check of a program says, but for the excerpt. The page says it, too.
fn said(body: impl Fn() + Send + Sync + Clone + 'static) -> String {
    says_so_on_the_page(&Program::new(body.clone()));
    let panic = catch_unwind(AssertUnwindSafe(|| tellers::check(body)));
    let payload = panic.expect_err("it fails");
    payload.downcast_ref::<String>().expect("it says why").clone()
}

/// The same in one line.
fn in_one_line(told: &str) -> String {
    told.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn says_so_on_the_page(program: &Program<()>) {
    let report = Engine::Product.run(program, Effort::default()).expect("it is answered");
    for (&failure, found) in &report.failures {
        let picture = Picture::of("stranger", failure, found);
        let told = picture.diagnosis().tell(picture.trace);
        let page = picture.html();
        let escaped = |text: &str| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            text.replace('\'', "&#x27;").replace('"', "&quot;").replace('/', "&#x2f;")
        };
        assert!(page.contains(&escaped(&told.summary)), "{}", told.summary);
        let badge = format!("<p class=\"badge\">{}</p>", picture.diagnosis().headline());
        assert!(page.contains(&badge), "{badge}");
    }
}

/// Two threads on what they share.
fn both<T: Send + Sync + 'static>(
    shared: T,
    one: impl FnOnce(&T) + Send + 'static,
    two: impl FnOnce(&T) + Send + 'static,
) -> Arc<T> {
    let shared = Arc::new(shared);
    let (first, second) = (Arc::clone(&shared), Arc::clone(&shared));
    let threads = [thread::spawn(move || one(&first)), thread::spawn(move || two(&second))];
    threads.into_iter().for_each(|thread| drop(thread.join()));
    shared
}

macro_rules! snapshot {
    ($body:expr) => {
        insta::with_settings!({ filters => vec![(r"tests/strangers\.rs:\d+", "HERE"), (r"lines? \d+", "LINE"), (r"(?m)^ *\d+ \| ", "N | ")] }, {
            insta::assert_snapshot!(said($body));
        });
    };
}

#[test]
fn steps_are_what_took_effect_wherever_they_are_counted() {
    snapshot!(|| {
        let shared = Arc::new((Lock::named("lock"), Event::named("go")));
        let spawn = |work: fn(&(Lock, Event))| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || work(&shared))
        };
        let waits = spawn(|shared| {
            let _held = shared.0.guard();
            shared.1.wait();
        });
        let others =
            [spawn(|shared| drop(shared.0.guard())), spawn(|shared| drop(shared.0.guard()))];
        waits.join().unwrap();
        others.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

/// A lock that is named by the branch that made it; one of the two branches locks itself out.
fn doors(fatal: i64) -> impl Fn() + Send + Sync + Clone + 'static {
    move || {
        let cell = Arc::new(Cell::named("cell", 0));
        let theirs = Arc::clone(&cell);
        let other = thread::spawn(move || theirs.store(1));
        let seen = cell.load();
        let (lock, event) = match seen {
            1 => (Lock::named("front door"), Event::named("front bell")),
            _ => (Lock::named("back door"), Event::named("back bell")),
        };
        let own = Cell::named(if seen == 1 { "front" } else { "back" }, seen + 10);
        lock.acquire();
        if seen == fatal {
            own.load();
            event.is_set();
            lock.acquire();
        }
        other.join().unwrap();
    }
}

#[test]
fn what_a_branch_made_has_the_name_and_the_first_value_of_that_branch() {
    for (fatal, [here, there]) in [(0, ["back", "front"]), (1, ["front", "back"])] {
        let said = said(doors(fatal));
        assert!(said.contains(&format!("waits for {here} door")), "{said}");
        assert!(said.contains(&format!("{here} ➜ {}", fatal + 10)), "{said}");
        assert!(said.contains(&format!("{here} bell set? no")), "{said}");
        assert!(!said.contains(&format!("{there} ")), "{said}");
    }
}

#[test]
fn a_lock_that_was_let_go_between_read_and_write_is_told() {
    snapshot!(|| {
        let withdraw = |shared: &(Lock, Cell)| {
            let balance = {
                let _held = shared.0.guard();
                shared.1.load()
            };
            let _held = shared.0.guard();
            shared.1.store(balance - 1);
        };
        let shared = both((Lock::named("m"), Cell::named("balance", 10)), withdraw, withdraw);
        assert_eq!(shared.1.load(), 8);
    });
}

#[test]
fn a_panic_names_the_locks_of_what_it_comes_down_to() {
    let told = said(|| {
        let locks = (Lock::named("dataLock"), Lock::named("thisLock"));
        both(
            (locks, Cell::named("data", 0)),
            |(locks, data)| {
                let _held = locks.0.guard();
                data.store(7);
                data.store(0);
            },
            |(locks, data)| {
                let _held = locks.1.guard();
                assert_eq!(data.load(), 0);
            },
        );
    });
    let told = in_one_line(&told);
    assert!(told.contains("Thread-2 held thisLock (step "), "{told}");
    assert!(told.contains("and Thread-1 held dataLock (step "), "{told}");
    assert!(told.contains("no lock in common"), "{told}");
}

#[test]
fn an_assertion_under_a_bare_lock_is_a_panic_before_it_is_a_deadlock() {
    snapshot!(|| {
        both(
            (Lock::named("lock"), Cell::named("cell", 0)),
            |(lock, cell)| {
                lock.acquire();
                assert_eq!(cell.load(), 1, "early");
                lock.release().unwrap();
            },
            |(lock, cell)| {
                lock.acquire();
                cell.store(1);
                lock.release().unwrap();
            },
        );
    });
}

#[test]
fn a_deadlock_that_leaves_an_onlooker_polling_is_told_as_the_deadlock_that_it_is() {
    snapshot!(|| {
        let shared = Arc::new((Lock::named("a"), Lock::named("b"), Cell::named("done", 0)));
        let [one, two] = [Arc::clone(&shared), Arc::clone(&shared)];
        let threads = [
            thread::spawn(move || {
                let (_a, _b) = (one.0.guard(), one.1.guard());
                one.2.store(1);
            }),
            thread::spawn(move || drop((two.1.guard(), two.0.guard()))),
        ];
        while shared.2.load() == 0 {
            checkpoint(());
            yield_now();
        }
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn whoever_goes_round_is_told_what_it_waits_for() {
    snapshot!(|| {
        let wait = |ready: &Cell| {
            while ready.load() == 0 {
                checkpoint(());
                yield_now();
            }
        };
        both(Cell::named("ready", 0), wait, |ready| ready.store(0));
    });
}

#[test]
fn who_gave_a_lock_away_is_told_wherever_its_release_fails() {
    let gives_away = |lock: &Lock| {
        let _ = lock.release();
    };
    let by_hand = said(move || {
        both(
            Lock::named("lock"),
            |lock| {
                lock.acquire();
                lock.release().unwrap();
            },
            gives_away,
        );
    });
    let by_guard =
        said(move || drop(both(Lock::named("lock"), |lock| drop(lock.guard()), gives_away)));
    for told in [by_hand, by_guard] {
        let one_line = in_one_line(&told);
        assert!(one_line.contains("but Thread-2 had released it meanwhile"), "{told}");
        assert!(!told.contains("src/sync"), "{told}");
    }
}

#[test]
fn a_lost_wakeup_is_told_as_such() {
    snapshot!(|| {
        let waits = |ready: &Event| {
            ready.clear();
            ready.wait();
        };
        both(Event::named("ready"), waits, Event::set);
    });
}

#[test]
fn a_check_that_was_no_longer_so_is_cited() {
    snapshot!(|| {
        let open = |(opened, accounts): &(Cell, Cell)| {
            if opened.load() == 0 {
                opened.store(1);
                accounts.store(accounts.load() + 1);
            }
        };
        let shared = both((Cell::named("opened", 0), Cell::named("accounts", 0)), open, open);
        assert_eq!(shared.1.load(), 1);
    });
}

#[test]
fn whoever_locks_itself_out_is_not_told_to_let_others_go_first() {
    snapshot!(|| {
        let lock = Lock::named("lock");
        lock.acquire();
        while !lock.acquire_timeout(Duration::ZERO) {
            checkpoint(());
        }
    });
}

#[test]
fn a_panic_before_any_step_is_not_counted_in_steps() {
    let told = said(|| panic!("no"));
    assert!(told.contains("main alone, before any step; no panic is simpler"), "{told}");
    assert!(told.contains("It always fails: every interleaving ends in a panic."), "{told}");
}

#[test]
fn it_is_told_how_many_interleavings_fail_and_whether_all_do() {
    let told = said(|| {
        let shared = both(Cell::named("cell", 0), |cell| cell.store(1), |cell| cell.store(2));
        assert_eq!(shared.load(), 3);
    });
    assert!(told.contains("It always fails: every interleaving ends in a panic."), "{told}");
    assert!(
        told.contains("From the start every end that can still be reached is a panic."),
        "{told}"
    );
}

#[test]
fn a_line_of_source_that_does_not_fit_is_cut() {
    let told = said(|| {
        let a_name_that_is_so_long_that_whatever_comes_after_it_is_beyond_the_width_of_a_terminal =
            Lock::named("lock");
        let l =
            &a_name_that_is_so_long_that_whatever_comes_after_it_is_beyond_the_width_of_a_terminal;
        l.acquire();
        l.acquire();
    });
    assert!(told.contains("step 1") && told.contains("  --> tests/strangers.rs:"), "{told}");
    assert!(told.lines().all(|line| line.chars().count() <= 100), "{told}");
}
