//! Data of any type: what nobody can tell by its value is told by who left it, and after what.

use super::{assert_fails, assert_returns, told};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use tellers::choose;
use tellers::engine::Failure;
use tellers::sync::{Condvar, LazyLock, Mutex, OnceLock, RwLock, checkpoint, mpsc, thread};

#[derive(Debug)]
struct Account {
    balance: u64,
    history: Vec<i64>,
}

type Bank = Arc<Vec<Mutex<Account>>>;

fn bank() -> Bank {
    let account = || Mutex::new(Account { balance: 100, history: vec![] });
    Arc::new(vec![account(), account()])
}

fn transfer(from: &Mutex<Account>, to: &Mutex<Account>, amount: i64) {
    for (account, amount) in [(from, -amount), (to, amount)] {
        let mut account = account.lock().unwrap();
        account.balance = account.balance.strict_add_signed(amount);
        account.history.push(amount);
    }
}

#[test]
fn the_wrong_order_of_two_accounts_deadlocks() {
    assert_fails(Failure::Deadlock, || {
        let bank = bank();
        let both = |bank: &Bank, first: usize| {
            let _first = bank[first].lock().unwrap();
            bank[1 - first].lock().unwrap().history.push(0);
        };
        let theirs = Arc::clone(&bank);
        let other = thread::spawn(move || both(&theirs, 1));
        both(&bank, 0);
        other.join().unwrap();
    });
}

#[test]
fn every_history_of_an_account_is_seen() {
    let history = |order: [i64; 2]| (order.map(i64::wrapping_neg).to_vec(), order.to_vec());
    let mixed = |from: [i64; 2], to: [i64; 2]| (history(from).0, history(to).1);
    let (one, other) = ([20, 30], [30, 20]);
    assert_returns([history(one), history(other), mixed(one, other), mixed(other, one)], || {
        let bank = bank();
        let theirs = Arc::clone(&bank);
        let other = thread::spawn(move || transfer(&theirs[0], &theirs[1], 20));
        transfer(&bank[0], &bank[1], 30);
        other.join().unwrap();
        let account = |nth: usize| bank[nth].lock().unwrap();
        assert_eq!(account(0).balance + account(1).balance, 200);
        (account(0).history.clone(), account(1).history.clone())
    });
}

/// Three threads write their numbers to a log, and do this between; how the log reads then.
fn log(between: fn()) -> Vec<u8> {
    struct Log(Vec<u8>);
    let log = Arc::new(Mutex::new(Log(vec![])));
    let threads = [0, 1, 2].map(|nth| {
        let log = Arc::clone(&log);
        thread::spawn(move || {
            let mut log = log.lock().unwrap();
            between();
            log.0.push(nth);
        })
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    log.lock().unwrap().0.clone()
}

const ORDERS: [[u8; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[test]
fn no_two_orders_in_which_data_were_written_are_told_as_the_same() {
    assert_returns(ORDERS.map(Vec::from), || log(|| ()));
}

/// What it has in hand is among what it cannot forget.
#[test]
fn a_promise_is_none_while_a_thread_has_data_in_hand_that_nobody_can_tell() {
    assert_returns(ORDERS.map(Vec::from), || log(|| checkpoint(())));
}

#[derive(Debug)]
struct Queue<T> {
    values: Mutex<VecDeque<T>>,
    changed: Condvar,
}

impl<T> Queue<T> {
    const ROOM: usize = 1;

    fn new() -> Self {
        Self { values: Mutex::new(VecDeque::new()), changed: Condvar::new() }
    }

    fn push(&self, value: T, notify: fn(&Condvar)) {
        let mut values = self.values.lock().unwrap();
        while values.len() == Self::ROOM {
            values = self.changed.wait(values).unwrap();
        }
        values.push_back(value);
        notify(&self.changed);
    }

    fn pop(&self, notify: fn(&Condvar)) -> T {
        let mut values = self.values.lock().unwrap();
        while values.is_empty() {
            values = self.changed.wait(values).unwrap();
        }
        notify(&self.changed);
        values.pop_front().unwrap()
    }
}

/// A value that is in no table, and cannot be copied.
#[derive(Debug, PartialEq, Eq)]
struct Job(Box<[u32]>);

/// Two threads put a job each into a queue with room for one, and two take one each.
fn jobs(notify: fn(&Condvar)) -> BTreeSet<u32> {
    let queue = Arc::new(Queue::new());
    let pushes = [1, 2].map(|number| {
        let queue = Arc::clone(&queue);
        thread::spawn(move || queue.push(Job([number].into()), notify))
    });
    let theirs = Arc::clone(&queue);
    let other = thread::spawn(move || theirs.pop(notify).0[0]);
    let mine = queue.pop(notify).0[0];
    pushes.into_iter().for_each(|push| push.join().unwrap());
    [mine, other.join().unwrap()].into()
}

#[test]
fn a_queue_of_any_type_that_notifies_one_of_two_kinds_of_waiters_loses_a_wake_up() {
    for (engine, report) in told(|| jobs(Condvar::notify_one)) {
        let found = report.failures.contains_key(&Failure::Deadlock);
        assert!(found || report.proof.is_none(), "{engine}");
    }
}

#[test]
fn one_that_notifies_all_hands_over_each_job_once() {
    let jobs = || jobs(Condvar::notify_all);
    for (engine, report) in told(jobs) {
        assert_eq!(report.failures.keys().next(), None, "{engine}");
        assert_eq!(super::returned(&report), [BTreeSet::from([1, 2])].into(), "{engine}");
        assert!(report.proof.is_none_or(|_| report.bounds.is_empty()), "{:?}", report.bounds);
    }
}

/// Who waits by `wait_while` may write, for all that can be known: so each wake-up for no reason may leave something
/// new, and only so many are explored.
#[test]
fn wake_ups_after_which_data_may_be_others_are_bounded() {
    let program = || {
        let queue = Arc::new(Queue::new());
        let theirs = Arc::clone(&queue);
        let other = thread::spawn(move || theirs.push(Job([1].into()), Condvar::notify_one));
        let values = queue.values.lock().unwrap();
        let values = queue.changed.wait_while(values, |values| values.is_empty()).unwrap();
        assert_eq!(*values, [Job([1].into())]);
        drop(values);
        other.join().unwrap();
    };
    for (engine, report) in told(program) {
        assert_eq!(report.failures.keys().next(), None, "{engine}");
        if report.proof.is_some() {
            let limits: Vec<_> = report.bounds.iter().map(|bound| &bound.limit[..]).collect();
            let limit = "2 rounds of a thread that writes data without a key, with spurious wake-ups and failures";
            assert_eq!(limits, [limit]);
        }
    }
}

#[test]
fn a_thread_pool_runs_each_closure_once() {
    assert_returns([(1, 20), (10, 2)], || {
        let (jobs, work) = mpsc::channel::<Box<dyn FnOnce(u32) -> u32 + Send>>();
        let work = Arc::new(Mutex::new(work));
        let theirs = Arc::clone(&work);
        let next = |work: &Mutex<mpsc::Receiver<_>>| work.lock().unwrap().recv().unwrap();
        let worker = thread::spawn(move || next(&theirs)(10));
        jobs.send(Box::new(|by| by)).unwrap();
        jobs.send(Box::new(|by| 2 * by)).unwrap();
        let mine = next(&work)(1);
        let (mine, theirs) = (mine, worker.join().unwrap());
        if mine == 1 { (mine, theirs) } else { (theirs, mine) }
    });
}

#[test]
fn a_value_of_any_type_is_made_once_and_seen_by_all() {
    assert_returns(["Ada", "Grace"].map(String::from), || {
        let cell = Arc::new(OnceLock::new());
        let theirs = Arc::clone(&cell);
        let other =
            thread::spawn(move || theirs.get_or_init(|| ("Ada".to_owned(), [0; 9])).0.len());
        let mine = cell.get_or_init(|| ("Grace".to_owned(), [0; 9])).0.clone();
        assert_eq!(other.join().unwrap(), mine.len());
        mine
    });
    assert_returns([2], || {
        let lazy = Arc::new(LazyLock::new(|| vec![vec![1], vec![2]]));
        let theirs = Arc::clone(&lazy);
        let other = thread::spawn(move || theirs[1][0]);
        assert_eq!(lazy[0], [1]);
        other.join().unwrap()
    });
}

#[test]
fn readers_see_whole_what_a_writer_leaves() {
    assert_returns([0, 2], || {
        let pair = Arc::new(RwLock::new((vec![vec![0]], vec![vec![0]])));
        let theirs = Arc::clone(&pair);
        let writer = thread::spawn(move || {
            let mut pair = theirs.write().unwrap();
            pair.0.push(vec![1]);
            pair.1.push(vec![1]);
        });
        let pair = pair.read().unwrap();
        assert_eq!(pair.0, pair.1);
        let more = pair.0.len() - 1;
        drop(pair);
        writer.join().unwrap();
        2 * more
    });
}

trait Balance: Send {
    fn add(&mut self, amount: i64) -> i64;
}

impl Balance for i64 {
    fn add(&mut self, amount: i64) -> i64 {
        *self += amount;
        *self
    }
}

#[test]
fn data_may_have_no_size_of_their_own() {
    assert_returns([20, 50], || {
        let balance: Arc<Mutex<dyn Balance>> = Arc::new(Mutex::new(0));
        let theirs = Arc::clone(&balance);
        let other = thread::spawn(move || theirs.lock().unwrap().add(30));
        let mine = balance.lock().unwrap().add(20);
        assert_eq!(other.join().unwrap().max(mine), 50);
        mine
    });
}

/// Who has data alone leaves what nobody is told before somebody else takes them: whatever was left is found.
#[test]
fn whatever_somebody_leaves_who_had_the_data_alone_is_found() {
    struct Number(usize);
    let all = std::array::from_fn::<_, 9, _>(|i| i);
    assert_returns(all, || {
        let mut number = Mutex::new(Number(0));
        thread::scope(|scope| {
            scope.spawn(|| number.get_mut().unwrap().0 = 3 * choose(3) + choose(3));
        });
        number.lock().unwrap().0
    });
    assert_returns(all, || {
        let mut number = Mutex::new(0_usize);
        thread::scope(|scope| {
            scope.spawn(|| *number.get_mut().unwrap() = 3 * choose(3) + choose(3));
        });
        *number.lock().unwrap()
    });
    assert_returns([0, 1, 2], || {
        let mut number = Mutex::new(Number(0));
        number.get_mut().unwrap().0 = choose(3);
        checkpoint(());
        let number = Arc::new(number);
        let theirs = Arc::clone(&number);
        thread::spawn(move || theirs.lock().unwrap().0).join().unwrap()
    });
}

#[test]
fn a_value_of_any_type_that_was_written_outside_is_found_by_whoever_looks_first() {
    static RATES: OnceLock<[u32; 9]> = OnceLock::const_new();
    RATES.set([3; 9]).unwrap();
    assert_returns([(3, 3)], || {
        let other = thread::spawn(|| RATES.get().unwrap()[0]);
        (RATES.get().unwrap()[8], other.join().unwrap())
    });
}
