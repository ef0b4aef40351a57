//! std's `Once`, `OnceLock` and `LazyLock`.

use super::{assert_fails, assert_returns, beside};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tellers::engine::Failure;
use tellers::sync::{LazyLock, Mutex, Once, OnceLock, thread};

fn panics(body: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(body)).is_err()
}

#[test]
fn whoever_comes_second_waits_until_it_is_done() {
    assert_returns([(true, 1), (false, 1)], || {
        let shared = Arc::new((Once::new(), Mutex::new(0)));
        let init = |(once, calls): &(Once, Mutex<u32>)| {
            let mut mine = false;
            once.call_once(|| {
                *calls.lock().unwrap() += 1;
                mine = true;
            });
            assert!(once.is_completed());
            assert_eq!(*calls.lock().unwrap(), 1);
            mine
        };
        let other = beside(&shared, init);
        let mine = init(&shared);
        assert_ne!(mine, other.join().unwrap());
        (mine, *shared.1.lock().unwrap())
    });
}

#[test]
fn who_only_asks_may_come_before_it_is_done() {
    assert_returns([true, false], || {
        let once = Arc::new(Once::new());
        let other = beside(&once, Once::is_completed);
        once.call_once(|| ());
        other.join().unwrap()
    });
    assert_returns([1], || {
        let shared = Arc::new((Once::new(), Mutex::new(0)));
        let other = beside(&shared, |(once, data)| {
            once.wait();
            *data.lock().unwrap()
        });
        shared.0.call_once(|| *shared.1.lock().unwrap() = 1);
        other.join().unwrap()
    });
}

#[test]
fn a_panic_poisons_it_for_who_does_not_insist() {
    assert_returns([(true, true, true, true)], || {
        let once = Once::new();
        let first = panics(|| once.call_once(|| panic!("on the way")));
        let second = panics(|| once.call_once(|| ())) && panics(|| once.wait());
        let mut was_poisoned = false;
        once.call_once_force(|state| was_poisoned = state.is_poisoned());
        once.wait_force();
        once.call_once(|| panic!("it is done"));
        (first, second, was_poisoned, once.is_completed())
    });
    assert_fails(Failure::Panic, || {
        let once = Arc::new(Once::new());
        let other = beside(&once, |once| {
            let _ = panics(|| once.call_once(|| panic!("on the way")));
        });
        once.call_once(|| ());
        other.join().unwrap();
    });
}

#[test]
fn who_initialises_it_on_the_way_waits_for_himself() {
    assert_fails(Failure::Deadlock, || {
        let once = Once::new();
        once.call_once(|| once.call_once(|| ()));
    });
    assert_fails(Failure::Deadlock, || {
        let cell = OnceLock::new();
        cell.get_or_init(|| *cell.get_or_init(|| 1));
    });
}

#[test]
fn all_are_told_the_value_of_who_came_first() {
    assert_returns([3, 4], || {
        let rate = Arc::new(OnceLock::new());
        let other = beside(&rate, |rate| *rate.get_or_init(|| 3));
        let mine = *rate.get_or_init(|| 4);
        assert_eq!(other.join().unwrap(), mine);
        mine
    });
}

#[test]
fn what_is_set_is_seen_or_not_yet() {
    let all = [(None, Ok(())), (Some(1), Ok(())), (None, Err(1)), (Some(2), Err(1))];
    assert_returns(all, || {
        let cell = Arc::new(OnceLock::new());
        let looks = beside(&cell, |cell| cell.get().copied());
        let sets = beside(&cell, |cell| cell.set(2).is_ok());
        let mine = cell.set(1);
        assert_ne!(sets.join().unwrap(), mine.is_ok());
        (looks.join().unwrap(), mine)
    });
}

#[test]
fn who_sets_it_while_somebody_initialises_it_is_too_late() {
    assert_returns([(1, Err(2)), (2, Ok(()))], || {
        let cell = Arc::new(OnceLock::new());
        let other = beside(&cell, |cell| cell.set(2));
        let seen = *cell.get_or_init(|| {
            thread::yield_now();
            1
        });
        assert_eq!(*cell.wait(), seen);
        (seen, other.join().unwrap())
    });
}

#[test]
fn a_cell_whose_initialisation_panics_is_as_before() {
    assert_returns([2], || {
        let cell = Arc::new(OnceLock::new());
        let other = beside(&cell, |cell| {
            let _ = panics(|| {
                cell.get_or_init(|| panic!("on the way"));
            });
        });
        let seen = *cell.get_or_init(|| 2);
        other.join().unwrap();
        seen
    });
}

#[test]
fn what_one_had_alone_others_are_told() {
    assert_returns([(Some(7), Some(7), Some(7), None, true)], || {
        let mut cell = OnceLock::from(1);
        *cell.get_mut().unwrap() = 6;
        *cell.get_mut().unwrap() += 1;
        let copy = cell.clone();
        let cell = Arc::new(cell);
        let others = [0, 1].map(|_| beside(&cell, |cell| cell.get().copied()));
        let [one, other] = others.map(|other| other.join().unwrap());
        let mut cell = Arc::try_unwrap(cell).unwrap();
        (one, other, cell.take(), cell.into_inner(), copy == OnceLock::from(7))
    });
}

#[test]
fn a_lazy_value_is_made_once_and_seen_by_all() {
    assert_returns([(1, 1, 1)], || {
        let makes = Arc::new(Mutex::new(0));
        let calls = Arc::clone(&makes);
        let lazy = Arc::new(LazyLock::new(move || {
            *calls.lock().unwrap() += 1;
            *calls.lock().unwrap()
        }));
        let other = beside(&lazy, |lazy| **lazy);
        (**lazy, other.join().unwrap(), *makes.lock().unwrap())
    });
}

#[test]
fn a_lazy_value_whose_making_panicked_is_lost() {
    assert_returns([(true, true)], || {
        let lazy: LazyLock<u32> = LazyLock::new(|| panic!("on the way"));
        let forces = || {
            LazyLock::force(&lazy);
        };
        (panics(forces), panics(forces))
    });
}

struct Account(&'static str, u32);

#[test]
fn a_value_of_any_type_is_told_by_its_key() {
    assert_returns([("Ada", 1), ("Grace", 2)], || {
        let cell = Arc::new(OnceLock::keyed(|account: &Account| (account.0, account.1)));
        let other = beside(&cell, |cell| cell.get_or_init(|| Account("Ada", 1)).1);
        let seen = cell.get_or_init(|| Account("Grace", 2));
        assert_eq!(other.join().unwrap(), seen.1);
        (seen.0, seen.1)
    });
}

#[test]
fn outside_of_every_check_they_are_the_real_thing() {
    let cell = Arc::new(OnceLock::new());
    assert_eq!(format!("{cell:?}"), "OnceLock(<uninit>)");
    let theirs = Arc::clone(&cell);
    let other = std::thread::spawn(move || theirs.set(vec![1]).is_ok());
    assert_eq!(*cell.wait(), [1]);
    assert!(other.join().unwrap());
    assert_eq!(cell.set(vec![2]), Err(vec![2]));
    assert_eq!(format!("{cell:?}"), "OnceLock([1])");

    let lazy = LazyLock::new(|| 7);
    assert_eq!(format!("{lazy:?}"), "LazyLock(<uninit>)");
    assert_eq!(*lazy + *LazyLock::<u32>::default(), 7);
    assert_eq!(format!("{lazy:?}"), "LazyLock(7)");

    let once = Once::new();
    assert!(panics(|| once.call_once(|| panic!("on the way"))));
    assert!(panics(|| once.call_once(|| ())));
    once.call_once_force(|state| {
        assert_eq!(format!("{state:?}"), "OnceState { poisoned: true }");
    });
    assert!(once.is_completed());
    assert_eq!(format!("{once:?}"), "Once { .. }");
}
