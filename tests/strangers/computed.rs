//! What was computed from what is found out, not guessed.

use super::{both, in_one_line, said};
use std::sync::Arc;
use tellers::sync::{Cell, Lock, thread};

#[test]
fn a_constant_is_computed_from_nothing() {
    let told = said(|| {
        let take = |by: i64| {
            move |(owner, taken): &(Cell, Cell)| {
                if owner.load() == 0 {
                    owner.store(by);
                    taken.store(taken.load() + 1);
                }
            }
        };
        let shared = both((Cell::named("owner", 0), Cell::named("taken", 0)), take(3), take(7));
        assert_eq!((shared.0.load().min(1), shared.1.load()), (1, 1));
    });
    assert!(!told.contains("computed from") && !told.contains("lost"), "{told}");
    assert!(told.contains("owner = 3") && told.contains("owner = 7"), "{told}");
    let told = in_one_line(&told);
    assert!(told.contains("had read owner ➜ 0 (step 1, "), "{told}");
}

#[test]
fn what_is_computed_in_another_way_is_no_addition() {
    let work = |double: bool| {
        move || {
            let shared = Arc::new((Lock::named("lock"), Cell::named("cell", 1)));
            let theirs = Arc::clone(&shared);
            let thread = thread::spawn(move || {
                let (lock, cell) = &*theirs;
                lock.acquire();
                let seen = cell.load();
                cell.store(if double { seen * 2 } else { seen + 1 });
            });
            shared.0.acquire();
            thread.join().unwrap();
        }
    };
    let [double, add] = [true, false].map(|double| said(work(double)));
    assert!(double.contains("read cell") && double.contains("cell = 2"), "{double}");
    assert!(add.contains("cell += 1"), "{add}");
}

#[test]
fn what_a_lost_update_was_computed_from_is_found_out() {
    let lost = |shift: u32| {
        said(move || {
            let work = move |cell: &Cell| cell.store((cell.load() << shift) + 5);
            assert_eq!(
                both(Cell::named("cell", 1), work, work).load(),
                (((1 << shift) + 5) << shift) + 5
            );
        })
    };
    for shift in [0, 1] {
        let told = lost(shift);
        let told = in_one_line(&told);
        assert!(told.contains("computed from the 1 that it had read before"), "{told}");
    }
}
