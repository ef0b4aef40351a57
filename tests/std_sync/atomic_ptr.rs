//! Pointers that threads hand to each other: whoever is told one finds there what was left.

use super::statics::assert_refused;
use super::{assert_returns, beside, told};
use std::collections::BTreeSet;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use tellers::engine::{Effort, Engine, Program};
use tellers::sync::Mutex;
use tellers::sync::atomic::{AtomicPtr, AtomicU8};
use tellers::thread;
use tellers::world::Granted;

/// Of no type that is told by value. Nobody frees one, so that no address comes back.
struct Account {
    history: Vec<i64>,
    next: *mut Account,
}

fn account(balance: i64) -> *mut Account {
    leaked(Account { history: vec![balance], next: null_mut() })
}

fn leaked<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

fn latest(account: *mut Account) -> Option<i64> {
    // SAFETY: whoever put it there left it, and changes it no more.
    unsafe { account.as_ref() }.and_then(|account| account.history.last().copied())
}

/// Nobody joins the writer, who would tell, too.
#[test]
fn whoever_is_told_a_pointer_finds_what_was_left_there() {
    assert_returns([None, Some(1), Some(2)], || {
        let shared = Arc::new((AtomicU8::new(1), AtomicPtr::<Account>::default()));
        beside(&shared, |(seen, slot)| {
            slot.store(account(seen.load(SeqCst).into()), Release);
        });
        shared.0.store(2, SeqCst);
        latest(shared.1.load(Acquire))
    });
}

/// One thread takes the first account, writes there, and puts it back, while another one puts a second one before it.
#[test]
fn an_exchange_hands_on_what_was_behind_the_pointer_before() {
    assert_returns([None, Some(0), Some(1), Some(2)], || {
        let shared = Arc::new((AtomicU8::new(1), AtomicPtr::new(account(0))));
        beside(&shared, |(seen, slot)| {
            let taken = slot.swap(null_mut(), SeqCst);
            // SAFETY: nobody changes where it leads.
            if unsafe { (*taken).next.is_null() } {
                // SAFETY: it is the first one, and nobody looks there who is not led there from the second one.
                unsafe { (*taken).history.push(seen.load(SeqCst).into()) };
                slot.store(taken, SeqCst);
            }
        });
        beside(&shared, |(_, slot)| {
            let next = slot.load(SeqCst);
            let second = leaked(Account { history: vec![], next });
            slot.compare_exchange(next, second, SeqCst, SeqCst).is_ok()
        });
        shared.0.store(2, SeqCst);
        // SAFETY: as above.
        let found = unsafe { shared.1.load(SeqCst).as_ref() };
        found.and_then(|found| latest(found.next))
    });
}

#[test]
fn of_two_that_fill_a_slot_one_comes_first() {
    assert_returns([(true, false, Some(0)), (false, true, Some(1))], || {
        let slot = Arc::new(AtomicPtr::new(null_mut()));
        let fill = |balance: i64| {
            move |slot: &AtomicPtr<Account>| {
                slot.compare_exchange(null_mut(), account(balance), SeqCst, Relaxed).is_ok()
            }
        };
        let other = beside(&slot, fill(1));
        let mine = fill(0)(&slot);
        let theirs = other.join().unwrap();
        (mine, theirs, latest(slot.load(SeqCst)))
    });
}

/// Onto a stack.
fn push(head: &AtomicPtr<Account>, balance: i64) {
    let new = account(balance);
    let mut next = head.load(SeqCst);
    loop {
        // SAFETY: nobody else has it yet.
        unsafe { (*new).next = next };
        match head.compare_exchange_weak(next, new, SeqCst, SeqCst) {
            Ok(_) => return,
            Err(now) => next = now,
        }
    }
}

/// All that is on a stack.
fn all(head: *mut Account) -> Vec<i64> {
    // SAFETY: whoever pushed it changes it no more.
    let accounts =
        std::iter::successors(unsafe { head.as_ref() }, |it| unsafe { it.next.as_ref() });
    accounts.map(|account| account.history[0]).collect()
}

#[test]
fn what_is_pushed_leads_to_what_was_pushed_before() {
    let orders = [[1, 2, 3], [1, 3, 2], [3, 1, 2]].map(|order| order.to_vec());
    assert_returns(orders, || {
        let head = Arc::new(AtomicPtr::default());
        let other = beside(&head, |head| push(head, 3));
        push(&head, 2);
        push(&head, 1);
        other.join().unwrap();
        all(head.load(SeqCst))
    });
}

#[test]
fn a_weak_exchange_that_is_tried_again_is_no_bound() {
    let engine = Engine::of_this_build()[0];
    let program = Program::new(|| {
        let head = Arc::new(AtomicPtr::default());
        let other = beside(&head, |head| push(head, 3));
        push(&head, 2);
        other.join().unwrap();
    });
    let report = engine.run(&program, Effort::of(engine)).unwrap();
    assert_eq!(engine == Engine::Product, report.proof.is_some());
    if let Some(proof) = report.proof {
        assert!(proof.spins > 0);
        assert_eq!(report.bounds, []);
    }
}

/// What is written there after the pointer was handed on is seen by who joins the writer.
#[test]
fn who_joins_a_thread_finds_all_that_it_wrote() {
    assert_returns([vec![0, 1], vec![0, 2]], || {
        let shared = Arc::new((AtomicU8::new(1), AtomicPtr::default()));
        let other = beside(&shared, |(seen, slot)| {
            let account = account(0);
            slot.store(account, SeqCst);
            let seen = seen.load(SeqCst);
            // SAFETY: nobody looks before this thread is joined.
            unsafe { (*account).history.push(seen.into()) };
        });
        shared.0.store(2, SeqCst);
        other.join().unwrap();
        // SAFETY: as above.
        unsafe { (*shared.1.load(SeqCst)).history.clone() }
    });
}

/// A thread that does the same in each round, but for what it leaves behind the pointer, does not go round.
#[test]
fn rounds_that_leave_something_each_time_are_no_spin() {
    assert_returns([1, 2, 3, 4, 5, 6], || {
        let shared = Arc::new((Mutex::new(()), AtomicPtr::new(account(0))));
        let other = beside(&shared, |(lock, slot)| {
            let account = slot.load(SeqCst);
            for balance in 1..6 {
                let held = lock.lock().unwrap();
                // SAFETY: whoever looks there has the lock.
                unsafe { (*account).history.push(balance) };
                slot.store(account, SeqCst);
                drop(held);
                thread::yield_now();
            }
        });
        let held = shared.0.lock().unwrap();
        // SAFETY: as above.
        let found = unsafe { (*shared.1.load(SeqCst)).history.len() };
        drop(held);
        other.join().unwrap();
        found
    });
}

#[test]
fn a_lock_of_ones_own_by_two_sentinels_is_finite() {
    const FREE: *mut u8 = null_mut();
    const HELD: *mut u8 = std::ptr::without_provenance_mut(usize::MAX);
    let engine = Engine::of_this_build()[0];
    let program = Program::new(|| {
        let shared = Arc::new((AtomicPtr::new(FREE), AtomicU8::new(0)));
        let section = |(lock, count): &(AtomicPtr<u8>, AtomicU8)| {
            while lock.swap(HELD, Acquire) == HELD {
                thread::yield_now();
            }
            let before = count.load(Relaxed);
            count.store(before + 1, Relaxed);
            lock.store(FREE, Release);
            before
        };
        let other = beside(&shared, section);
        assert_ne!(section(&shared), other.join().unwrap());
    });
    let report = engine.run(&program, Effort::of(engine)).unwrap();
    assert_eq!(report.failures.keys().next(), None);
    assert!(engine != Engine::Product || report.proof.is_some_and(|proof| proof.spins > 0));
}

#[test]
fn whoever_swaps_a_pointer_has_it_alone() {
    assert_returns([(Some(7), None), (None, Some(7))], || {
        let slot = Arc::new(AtomicPtr::new(account(7)));
        let take = |slot: &AtomicPtr<Account>| latest(slot.swap(null_mut(), SeqCst));
        let other = beside(&slot, take);
        let mine = take(&slot);
        (mine, other.join().unwrap())
    });
}

#[test]
fn tags_are_a_part_of_a_pointer() {
    assert_returns([(0, true), (1, false)], || {
        let first = account(0);
        let slot = Arc::new(AtomicPtr::new(first));
        let other = beside(&slot, |slot| slot.fetch_or(1, SeqCst).addr() & 1);
        let before = slot.compare_exchange(first, null_mut(), SeqCst, SeqCst);
        assert_eq!(other.join().unwrap(), 0);
        let (Ok(before) | Err(before)) = before;
        (before.addr() & 1, before == first)
    });
}

#[test]
fn one_that_is_had_alone_is_as_it_was_left() {
    assert_returns([vec![2, 1, 0]], || {
        let mut head = AtomicPtr::default();
        push(&head, 0);
        let other = thread::spawn(move || {
            push(&head, 1);
            let top = *head.get_mut();
            *head.get_mut() = leaked(Account { history: vec![2], next: top });
            all(head.into_inner())
        });
        other.join().unwrap()
    });
}

#[test]
#[cfg(feature = "shuttle")]
fn one_that_was_had_alone_is_first_used_by_who_had_it() {
    assert_refused("by get_mut", || {
        let mut slot = AtomicPtr::new(account(0));
        *slot.get_mut() = account(1);
        let slot = Arc::new(slot);
        let other = beside(&slot, |slot| latest(slot.load(SeqCst)));
        other.join().unwrap();
    });
}

#[cfg(feature = "shuttle")]
struct Carried(*mut Account);

// SAFETY: nobody looks at what is there.
#[cfg(feature = "shuttle")]
unsafe impl Send for Carried {}

#[test]
#[cfg(feature = "shuttle")]
fn a_pointer_that_was_come_by_otherwise_is_refused() {
    assert_refused("come by otherwise", || {
        let shared = Arc::new((
            Mutex::keyed(Carried(null_mut()), |it| it.0.is_null()),
            [(); 2].map(|()| AtomicPtr::default()),
        ));
        let other = beside(&shared, |(carried, slots)| {
            let account = account(1);
            carried.lock().unwrap().0 = account;
            slots[0].store(account, SeqCst);
        });
        let account = shared.0.lock().unwrap().0;
        shared.1[1].store(account, SeqCst);
        other.join().unwrap();
    });
}

static HEAD: AtomicPtr<Account> = AtomicPtr::const_new(null_mut());

#[test]
fn a_static_that_leads_nowhere_begins_each_run_so() {
    assert_returns([vec![1, 2], vec![2, 1]], || {
        let other = thread::spawn(|| push(&HEAD, 1));
        push(&HEAD, 2);
        other.join().unwrap();
        all(HEAD.load(SeqCst))
    });
    assert!(HEAD.load(SeqCst).is_null());
}

#[test]
fn one_that_leads_outside_is_refused() {
    let slot = Arc::new(AtomicPtr::new(account(0)));
    assert_refused("that leads somewhere", move || {
        slot.load(SeqCst);
    });
}

/// A verdict says that it takes it for granted that no address comes back, and so on, wherever there is one.
#[test]
fn what_is_taken_for_granted_is_said() {
    let granted = |body: fn()| -> BTreeSet<_> {
        let all = told(body).into_iter().filter_map(|(_, report)| report.proof);
        all.flat_map(|proof| proof.granted).collect()
    };
    let proves = Engine::of_this_build()[0] == Engine::Product;
    let all = [Granted::FreshAddresses, Granted::HandedOnByPointer];
    let expected = if proves { all.to_vec() } else { vec![] };
    let named = granted(|| AtomicPtr::new(null_mut()).store(account(0), SeqCst));
    assert_eq!(Vec::from_iter(named), expected);
    let unnamed = granted(|| AtomicPtr::<Account>::new(null_mut()).store(null_mut(), SeqCst));
    assert_eq!(unnamed, BTreeSet::new());
}

#[test]
fn outside_of_a_check_it_is_the_real_thing() {
    let mut slot = AtomicPtr::new(account(1));
    let other = account(2);
    let first = slot.swap(other, SeqCst);
    assert_eq!((latest(first), latest(*slot.get_mut())), (Some(1), Some(2)));
    assert_eq!(slot.fetch_update(SeqCst, SeqCst, |_| Some(first)), Ok(other));
    assert_eq!(slot.fetch_ptr_add(1, SeqCst), first);
    assert_eq!(slot.fetch_ptr_sub(1, SeqCst), first.wrapping_add(1));
    assert_eq!(format!("{slot:?} {slot:p}"), format!("{first:?} {first:p}"));
    assert_eq!(slot.into_inner(), first);
}
