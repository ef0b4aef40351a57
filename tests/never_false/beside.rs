//! Data beside a lock, which the engine cannot see: it is not proved although it is wrong.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock};
use tellers::engine::product::{Limits, ProductError, product};
use tellers::engine::{Failure, Program, Tried, Verdict};
use tellers::sync::{Cell, Lock, thread};

const SEEDS: u64 = 100;

/// From no seed is the program proved: it fails, or is refused.
pub(super) fn never_proved(program: &Program<()>) {
    for seed in 0..SEEDS {
        let answer = product(program, &Limits { seed, ..Limits::default() });
        let proved = answer.as_ref().is_ok_and(|report| report.verdict() == Verdict::Proved);
        assert!(!proved, "seed {seed}: {:?}", answer.unwrap().proof.map(|proof| proof.tried));
    }
    let report = product(program, &Limits::default()).expect("a failure is one");
    assert!(report.failures.contains_key(&Failure::Panic), "{:?}", report.outcomes);
    let reason = report.extent.cut_short().expect("it cannot be answered for");
    assert!(reason.contains("is not determined by what it was told"), "{reason}");
}

fn always_proved(program: &Program<()>) -> Tried {
    for seed in 0..SEEDS / 10 {
        let report = product(program, &Limits { seed, ..Limits::default() });
        assert_eq!(report.expect("it is determined").verdict(), Verdict::Proved, "seed {seed}");
    }
    product(program, &Limits::default()).unwrap().proof.expect("it is proved").tried
}

/// So many threads that each do this, with their number; then this is so.
pub(super) fn threads<T: Send + Sync + 'static>(
    count: usize,
    shared: impl Fn() -> T + Send + Sync + 'static,
    each: fn(&T, usize),
    then: impl Fn(&T) + Send + Sync + 'static,
) -> Program<()> {
    Program::new(move || {
        let shared = Arc::new(shared());
        let threads: Vec<_> = (0..count)
            .map(|nth| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || each(&shared, nth))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        then(&shared);
    })
}

type Beside<T> = (Lock, T);

fn beside<T>(data: T) -> Beside<T> {
    (Lock::named("lock"), data)
}

#[test]
fn an_update_beside_a_lock_is_lost() {
    for count in 2..=4 {
        let get_and_set = |(lock, data): &Beside<AtomicI64>, _| {
            let value = {
                let _held = lock.guard();
                data.load(Relaxed)
            };
            let _held = lock.guard();
            data.store(value + 1, Relaxed);
        };
        let all = move |(_, data): &Beside<AtomicI64>| assert_eq!(data.load(Relaxed), count);
        never_proved(&threads(count as usize, || beside(AtomicI64::new(0)), get_and_set, all));
    }
}

#[test]
fn an_update_under_one_lock_is_proved() {
    let update = |(lock, data): &Beside<AtomicI64>, _| {
        let _held = lock.guard();
        data.store(data.load(Relaxed) + 1, Relaxed);
    };
    let both = |(_, data): &Beside<AtomicI64>| assert_eq!(data.load(Relaxed), 3);
    always_proved(&threads(3, || beside(AtomicI64::new(0)), update, both));
}

fn push((lock, data): &Beside<Mutex<Vec<usize>>>, nth: usize) {
    let _held = lock.guard();
    data.lock().unwrap().push(nth);
}

#[test]
fn an_order_beside_a_lock_is_seen() {
    for count in 2..=5 {
        let reversed: Vec<usize> = (0..count).rev().collect();
        let not_reversed = move |(_, data): &Beside<Mutex<Vec<usize>>>| {
            assert_ne!(*data.lock().unwrap(), reversed);
        };
        never_proved(&threads(count, || beside(Mutex::default()), push, not_reversed));
    }
}

#[test]
fn data_that_comes_in_any_order_is_proved_and_every_order_was_seen() {
    for count in 2..=4 {
        let all_there = move |(_, data): &Beside<Mutex<Vec<usize>>>| {
            assert_eq!(data.lock().unwrap().len(), count);
        };
        let tried = always_proved(&threads(count, || beside(Mutex::default()), push, all_there));
        assert!(!tried.has_gap(), "{tried:?}");
    }
}

#[test]
fn what_the_second_writes_the_first_may_read() {
    for count in 2..=4 {
        let each = |(lock, data): &Beside<AtomicI64>, nth| {
            let _held = lock.guard();
            match nth {
                0 => assert_eq!(data.load(Relaxed), 0),
                _ => data.store(1, Relaxed),
            }
        };
        never_proved(&threads(count, || beside(AtomicI64::new(0)), each, |_| ()));
    }
}

#[test]
fn a_wrong_lock_guards_nothing() {
    let update = |(locks, data): &([Lock; 4], AtomicI64), nth: usize| {
        let value = {
            let _held = locks[nth].guard();
            data.load(Relaxed)
        };
        drop(locks[(nth + 1) % 4].guard());
        let _held = locks[nth].guard();
        data.store(value + 1, Relaxed);
    };
    for count in 2..=4 {
        let shared = || (std::array::from_fn(|_| Lock::new()), AtomicI64::new(0));
        let all = move |(_, data): &([Lock; 4], AtomicI64)| assert_eq!(data.load(Relaxed), count);
        never_proved(&threads(count as usize, shared, update, all));
    }
}

#[test]
fn an_audit_of_balances_beside_their_locks_is_torn() {
    type Accounts = [(Lock, AtomicI64); 2];
    let account = |lock: &'static str| (Lock::named(lock), AtomicI64::new(100));
    let transfer_or_audit = |accounts: &Accounts, nth| {
        let [from, to] = accounts;
        if nth == 0 {
            let balance = |(lock, balance): &(Lock, AtomicI64)| {
                let _held = lock.guard();
                balance.load(Relaxed)
            };
            assert_eq!(balance(from) + balance(to), 200);
        } else {
            for (account, amount) in [(from, -10), (to, 10)] {
                let _held = account.0.guard();
                account.1.store(account.1.load(Relaxed) + amount, Relaxed);
            }
        }
    };
    for count in 2..=4 {
        never_proved(&threads(
            count,
            move || [account("from"), account("to")],
            transfer_or_audit,
            |_| (),
        ));
    }
}

#[test]
fn an_audit_may_come_after_the_fifth_of_ten_deposits() {
    for audits in 1..=3 {
        let each = |(lock, data): &Beside<AtomicI64>, nth| {
            if nth == 0 {
                for _ in 0..10 {
                    let _held = lock.guard();
                    data.store(data.load(Relaxed) + 1, Relaxed);
                }
            } else {
                let _held = lock.guard();
                assert_ne!(data.load(Relaxed), 5);
            }
        };
        never_proved(&threads(1 + audits, || beside(AtomicI64::new(0)), each, |_| ()));
    }
}

#[test]
fn anybody_may_be_the_first() {
    for count in 2..=4 {
        let first = |(lock, first): &Beside<OnceLock<usize>>, nth| {
            let _held = lock.guard();
            first.get_or_init(|| nth);
        };
        let not_the_last = move |(_, first): &Beside<OnceLock<usize>>| {
            assert_ne!(first.get(), Some(&(count - 1)));
        };
        never_proved(&threads(count, || beside(OnceLock::new()), first, not_the_last));
    }
}

#[test]
fn what_is_written_after_the_last_operation_is_never_seen() {
    let shared = || (Lock::new(), (Cell::named("ready", 0), AtomicI64::new(0)));
    let each = |(_, (ready, data)): &Beside<(Cell, AtomicI64)>, nth| match nth {
        0 => {
            ready.store(1);
            data.store(7, Relaxed);
        }
        _ if ready.load() == 1 => assert_eq!(data.load(Relaxed), 7),
        _ => {}
    };
    // What comes after the last operation is not separated from it: the writer is never overtaken.
    always_proved(&threads(2, shared, each, |_| ()));
}

#[test]
fn what_hands_nothing_over_takes_no_order() {
    let tried = always_proved(&threads(
        4,
        || [Lock::new(), Lock::new(), Lock::new(), Lock::new()],
        |locks, nth| drop(locks[nth].guard()),
        |_| (),
    ));
    assert_eq!(tried, Tried::Orders { seen: 1, of: 1 });
}

#[test]
fn what_only_the_result_tells_is_held_against_the_graph() {
    let program = Program::new(|| {
        let shared = Arc::new(beside(Mutex::<Vec<usize>>::default()));
        let threads = [0, 1].map(|nth| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || push(&shared, nth))
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        shared.1.lock().unwrap().clone()
    });
    let answer = product(&program, &Limits::default());
    let ended = ProductError::Unforeseen { what: "it ended where it cannot in the graph".into() };
    assert_eq!(answer.err(), Some(ended));
}

/// So many threads that each take one lock so often.
fn sections(threads_: usize, times: usize) -> Program<()> {
    threads(
        threads_,
        move || (Lock::new(), times),
        |(lock, times), _| {
            (0..*times).for_each(|_| drop(lock.guard()));
        },
        |_| (),
    )
}

#[test]
fn of_few_orders_each_is_seen() {
    // Three threads take a lock twice: 6! over 2! · 2! · 2!.
    assert_eq!(always_proved(&sections(3, 2)), Tried::Orders { seen: 90, of: 90 });
    // Two threads take it five times: 10 over 5.
    assert_eq!(always_proved(&sections(2, 5)), Tried::Orders { seen: 252, of: 252 });
}

#[test]
fn of_many_orders_each_hand_over_is_seen() {
    // Four threads take a lock twice, in 2,520 orders: each release is followed by each acquisition of
    // another thread.
    assert_eq!(always_proved(&sections(4, 2)), Tried::HandOvers { seen: 48, of: 48 });
}

#[test]
fn hardly_any_interleavings_are_all_run() {
    let report = product(&sections(2, 1), &Limits::default()).unwrap();
    let proof = report.proof.expect("it is proved");
    let all = proof.interleavings.saturated();
    assert_eq!(proof.tried, Tried::Interleavings { seen: all, of: all });
    // And so many runs in which threads begin late.
    assert_eq!(proof.samples, all + 32);
}

#[test]
fn a_proof_with_a_gap_says_so() {
    let limits = Limits { samples: 1, ..Limits::default() };
    let proof = product(&sections(4, 2), &limits).unwrap().proof.expect("it is proved");
    let Tried::HandOvers { seen, of: 48 } = proof.tried else { panic!("{:?}", proof.tried) };
    assert!(0 < seen && seen < 48 && proof.tried.has_gap(), "{seen}");
    let said = format!("{seen} of 48 hand-overs were seen on the real code");
    assert_eq!(proof.tried.to_string(), said);
}

#[test]
fn walks_count_as_they_went() {
    let limits = Limits { samples: 64, ..Limits::default() };
    let proof = product(&sections(4, 2), &limits).unwrap().proof.expect("it is proved");
    // No way is planned: 64 walks are all.
    let Tried::HandOvers { seen, of: 48 } = proof.tried else { panic!("{:?}", proof.tried) };
    assert!(24 < seen, "{seen}");
}

/// Two threads push their number under a lock, when the main thread has done this.
fn pushes_after(first: impl Fn(&Lock) + Send + Sync + 'static) -> Program<()> {
    Program::new(move || {
        let shared = Arc::new(beside(Mutex::<Vec<usize>>::default()));
        first(&shared.0);
        let theirs = Arc::clone(&shared);
        let child = thread::spawn(move || push(&theirs, 1));
        push(&shared, 0);
        child.join().unwrap();
        assert_eq!(*shared.1.lock().unwrap(), [0, 1]);
    })
}

#[test]
fn a_long_run_is_followed_to_its_end() {
    let program = pushes_after(|_| {
        let cell = Cell::named("cell", 0);
        (0..10_100).for_each(|i| cell.store(i));
    });
    let report = product(&program, &Limits::default()).expect("a failure is one");
    assert!(report.failures.contains_key(&Failure::Panic), "{:?}", report.outcomes);
}

#[test]
fn what_no_lock_separates_is_seen_by_luck_alone() {
    // Ten sections under one lock beside one under another: nothing is handed over.
    let shared = || (Lock::named("a"), (Lock::named("b"), AtomicI64::new(0)));
    let each = |(a, (b, data)): &Beside<(Lock, AtomicI64)>, nth| match nth {
        0 => (0..10).for_each(|_| {
            let _held = a.guard();
            data.fetch_add(1, Relaxed);
        }),
        _ => {
            let _held = b.guard();
            assert_ne!(data.load(Relaxed), 5);
        }
    };
    let program = threads(2, shared, each, |_| ());
    let found = (0..SEEDS).filter(|&seed| {
        let answer = product(&program, &Limits { seed, ..Limits::default() });
        !answer.is_ok_and(|report| report.verdict() == Verdict::Proved)
    });
    assert_eq!(found.count(), 100);
}
