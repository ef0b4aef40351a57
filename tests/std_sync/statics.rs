//! What was made outside of every run: each run begins with its value, and changes nothing outside.

use super::{assert_fails, assert_returns, told};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tellers::engine::{Effort, Engine, Failure, Program, Verdict};
use tellers::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use tellers::sync::{Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock, mpsc, thread};

#[test]
fn an_atomic_begins_with_its_value_outside_in_every_run() {
    static SERVED: AtomicU32 = AtomicU32::const_new(5);
    assert_returns([6, 7], || {
        let add = || SERVED.store(SERVED.load(SeqCst) + 1, SeqCst);
        let other = thread::spawn(add);
        add();
        other.join().unwrap();
        SERVED.load(SeqCst)
    });
    assert_eq!(SERVED.load(SeqCst), 5);
    SERVED.store(10, SeqCst);
    assert_returns([12], || {
        let other = thread::spawn(|| SERVED.fetch_add(1, SeqCst));
        SERVED.fetch_add(1, SeqCst);
        other.join().unwrap();
        SERVED.load(SeqCst)
    });
    assert_eq!(SERVED.load(SeqCst), 10);
}

/// Nobody comes to the second one but a thread that looks at the first in just that moment.
#[test]
fn one_that_is_met_late_begins_with_its_value_outside_too() {
    static FIRST: AtomicU32 = AtomicU32::const_new(0);
    static SECOND: AtomicU32 = AtomicU32::const_new(3);
    assert_returns([0, 3], || {
        let is_one = || FIRST.load(SeqCst) == 1;
        let other = thread::spawn(move || if is_one() { SECOND.fetch_add(1, SeqCst) } else { 0 });
        FIRST.store(1, SeqCst);
        FIRST.store(2, SeqCst);
        other.join().unwrap()
    });
}

#[test]
fn static_mutexes_exclude_and_deadlock_as_others_do() {
    static ADA: Mutex<i64> = Mutex::const_new(100);
    static BOB: Mutex<i64> = Mutex::const_new(100);
    fn transfer(from: &Mutex<i64>, to: &Mutex<i64>) {
        let (mut from, mut to) = (from.lock().unwrap(), to.lock().unwrap());
        *from -= 30;
        *to += 30;
    }
    assert_fails(Failure::Deadlock, || {
        let other = thread::spawn(|| transfer(&ADA, &BOB));
        transfer(&BOB, &ADA);
        other.join().unwrap();
    });
    assert_returns([(40, 160)], || {
        let other = thread::spawn(|| transfer(&ADA, &BOB));
        transfer(&ADA, &BOB);
        other.join().unwrap();
        (*ADA.lock().unwrap(), *BOB.lock().unwrap())
    });
    assert_eq!((*ADA.lock().unwrap(), *BOB.lock().unwrap()), (100, 100));
}

#[test]
fn what_a_closure_captures_is_met_as_it_is_outside() {
    let log = Arc::new(Mutex::new(vec![1_u32]));
    log.lock().unwrap().push(2);
    let theirs = Arc::clone(&log);
    assert_returns([vec![1, 2, 3, 4], vec![1, 2, 4, 3]], move || {
        let also = Arc::clone(&theirs);
        let other = thread::spawn(move || also.lock().unwrap().push(3));
        theirs.lock().unwrap().push(4);
        other.join().unwrap();
        theirs.lock().unwrap().clone()
    });
    assert_eq!(*log.lock().unwrap(), [1, 2]);
}

#[test]
fn several_of_one_place_are_several() {
    let all: Arc<Vec<AtomicU32>> = Arc::new((0..3).map(AtomicU32::new).collect());
    assert_returns([[11, 12, 2], [11, 1, 2]], move || {
        let theirs = Arc::clone(&all);
        let other = thread::spawn(move || theirs[1].store(12, SeqCst));
        all[0].store(11, SeqCst);
        let seen = [0, 1, 2].map(|nth: usize| all[nth].load(SeqCst));
        other.join().unwrap();
        seen
    });
}

#[test]
fn a_panic_outside_has_poisoned_it_in_every_run() {
    static DATA: Mutex<u32> = Mutex::const_new(7);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _held = DATA.lock().unwrap();
        panic!("outside");
    }));
    assert!(panicked.is_err());
    assert_returns([true], || {
        let was_poisoned = DATA.lock().is_err();
        DATA.clear_poison();
        was_poisoned && DATA.lock().is_ok()
    });
    assert!(DATA.is_poisoned());
}

#[test]
fn an_rwlock_lets_a_reader_in_before_a_writer_or_after_it() {
    static RATE: RwLock<u32> = RwLock::const_new(3);
    assert_returns([3, 4], || {
        let other = thread::spawn(|| *RATE.write().unwrap() += 1);
        let seen = *RATE.read().unwrap();
        other.join().unwrap();
        seen
    });
    assert_eq!(*RATE.read().unwrap(), 3);
}

#[test]
fn a_static_condvar_notifies_whoever_waits_in_the_run() {
    static MAIL: Mutex<Option<u32>> = Mutex::const_new(None);
    static CAME: Condvar = Condvar::const_new();
    assert_returns([Some(7)], || {
        let other = thread::spawn(|| {
            *MAIL.lock().unwrap() = Some(7);
            CAME.notify_one();
        });
        let letter = CAME.wait_while(MAIL.lock().unwrap(), |letter| letter.is_none());
        let letter = *letter.unwrap();
        other.join().unwrap();
        letter
    });
    assert_fails(Failure::Deadlock, || {
        let other = thread::spawn(|| CAME.notify_one());
        drop(CAME.wait_while(MAIL.lock().unwrap(), |letter| letter.is_none()).unwrap());
        other.join().unwrap();
    });
}

#[test]
fn a_static_barrier_lets_so_many_go_in_every_run() {
    static OPENING: Barrier = Barrier::const_new(2);
    assert_returns([true, false], || {
        let other = thread::spawn(|| OPENING.wait().is_leader());
        let mine = OPENING.wait().is_leader();
        assert_ne!(mine, other.join().unwrap());
        mine
    });
}

#[test]
fn what_was_done_once_outside_is_done_and_what_was_not_is_not() {
    static DONE: Once = Once::const_new();
    static TO_DO: Once = Once::const_new();
    DONE.call_once(|| ());
    assert_returns([(0, 1)], || {
        let (done, to_do) = (AtomicU32::new(0), AtomicU32::new(0));
        for _ in 0..2 {
            DONE.call_once(|| done.store(1, SeqCst));
            TO_DO.call_once(|| to_do.store(to_do.load(SeqCst) + 1, SeqCst));
        }
        (done.load(SeqCst), to_do.load(SeqCst))
    });
    assert!(DONE.is_completed() && !TO_DO.is_completed());
}

#[test]
fn a_cell_is_written_in_every_run_unless_it_was_outside() {
    static RATE: OnceLock<u32> = OnceLock::const_new();
    static FIXED: OnceLock<u32> = OnceLock::const_new();
    FIXED.set(9).unwrap();
    assert_returns([(3, 9), (4, 9)], || {
        let other = thread::spawn(|| *RATE.get_or_init(|| 3));
        let mine = *RATE.get_or_init(|| 4);
        assert_eq!(FIXED.set(1), Err(1));
        assert_eq!(other.join().unwrap(), mine);
        (mine, *FIXED.get().unwrap())
    });
    assert_eq!((RATE.get(), FIXED.get()), (None, Some(&9)));
}

/// What it is made with is read in the run.
#[test]
fn a_lazy_value_is_made_in_every_run_anew() {
    static FROM: AtomicU32 = AtomicU32::const_new(1);
    static RATE: LazyLock<u32> = LazyLock::const_new(|| FROM.load(SeqCst));
    assert_eq!(*RATE, 1);
    assert_returns([(1, 1), (2, 2)], || {
        let other = thread::spawn(|| *RATE);
        FROM.store(2, SeqCst);
        (*RATE, other.join().unwrap())
    });
    FROM.store(5, SeqCst);
    assert_eq!(*RATE, 1);
    assert_returns([5], || *RATE);
}

/// Why no engine answers.
fn refused(body: impl Fn() + Send + Sync + 'static) -> Vec<String> {
    let program = Program::new(body);
    let why = |&engine: &Engine| {
        let report = match engine.run(&program, Effort::of(engine)) {
            Err(error) => return error.to_string(),
            Ok(report) => report,
        };
        assert_ne!(report.verdict(), Verdict::Proved, "{engine}");
        format!("{:?}", report.extent)
    };
    Engine::of_this_build().iter().map(why).collect()
}

pub(super) fn assert_refused(wanted: &str, body: impl Fn() + Send + Sync + 'static) {
    for why in refused(body) {
        assert!(why.contains(wanted) && why.contains("tests/std_sync/"), "{why}");
    }
}

#[test]
fn what_no_run_can_have_a_copy_of_is_refused() {
    struct Account {
        balance: i64,
    }
    static ACCOUNT: Mutex<Account> = Mutex::const_new(Account { balance: 1 });
    assert_refused("Account", || ACCOUNT.lock().unwrap().balance += 1);
    static ARRAY: Mutex<[u32; 2]> = Mutex::const_new([1, 2]);
    assert_refused("[u32]", || (&ARRAY as &Mutex<[u32]>).lock().unwrap()[0] += 1);
    let lazy = Arc::new(LazyLock::new(|| 3));
    assert_refused("LazyLock::const_new", move || assert_eq!(**lazy, 3));
    let (sender, _receiver) = mpsc::channel::<u32>();
    assert_refused("the channel, made at", move || sender.send(1).unwrap());
    assert_eq!(ACCOUNT.lock().unwrap().balance, 1);
}

#[test]
fn what_is_held_outside_is_refused() {
    static HELD: Mutex<u32> = Mutex::const_new(0);
    let held = HELD.lock().unwrap();
    assert_refused("which is held there", || *HELD.lock().unwrap() += 1);
    drop(held);
    assert_returns([1], || {
        *HELD.lock().unwrap() += 1;
        *HELD.lock().unwrap()
    });
}

#[test]
fn no_run_has_one_to_itself_that_was_made_outside() {
    let all = std::sync::Mutex::new((0..100).map(AtomicU32::new).collect::<Vec<_>>());
    assert_refused("as one that nobody else has", move || {
        let taken = all.lock().unwrap().pop();
        *taken.expect("there is one for each engine").get_mut() += 1;
    });
}

#[test]
fn a_step_on_a_static_names_the_place_where_that_is() {
    static FLAGS: [AtomicBool; 2] = [const { AtomicBool::const_new(false) }; 2];
    let reports = told(|| {
        let other = thread::spawn(|| FLAGS[1].store(true, SeqCst));
        FLAGS[0].store(true, SeqCst);
        assert!(!FLAGS[1].load(SeqCst), "the other was first");
        other.join().unwrap();
    });
    for (engine, report) in reports {
        let Some(found) = report.failures.get(&Failure::Panic) else {
            assert!(!report.is_exhaustive(), "{engine}");
            continue;
        };
        let told = found.trace.steps.iter().map(|step| found.trace.names.describe(step.op));
        let stores: BTreeSet<_> = told.filter(|told| told.contains("statics.rs:")).collect();
        assert!(stores.len() >= 3, "{engine}: {stores:?}");
    }
}

/// It is another one in every run, and dropped there.
#[test]
fn who_makes_a_static_in_a_run_is_told_so() {
    assert_refused("by const_new, which is for statics", || {
        let served = AtomicU32::const_new(1);
        served.fetch_add(1, SeqCst);
    });
    assert_refused("by const_new, which is for statics", || {
        assert_eq!(OnceLock::const_new().set(1), Ok(()));
    });
}
