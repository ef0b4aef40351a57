//! Data that nothing guards: a race is found wherever nothing orders two accesses, and nowhere else.

use super::{assert_fails, assert_returns, beside};
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};
use tellers::cell::UnsafeCell;
use tellers::engine::{Effort, Engine, Failure, Program};
use tellers::hint::spin_loop;
use tellers::sync::Mutex;
use tellers::sync::atomic::{AtomicBool, AtomicU8};

/// Shared by threads that see to it themselves that nobody uses it meanwhile, or do not.
#[derive(Default)]
struct Unguarded<T>(UnsafeCell<T>);

// SAFETY: a check is what tells whether it is.
unsafe impl<T: Send> Sync for Unguarded<T> {}

impl<T> Unguarded<T> {
    fn read<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        // SAFETY: an access that races never begins.
        self.0.with(|data| f(unsafe { &*data }))
    }

    fn write<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: likewise.
        self.0.with_mut(|data| f(unsafe { &mut *data }))
    }
}

fn assert_races(body: impl Fn() + Send + Sync + 'static) {
    assert_fails(Failure::DataRace, body);
}

#[test]
fn two_writers_that_nothing_orders_race() {
    assert_races(|| {
        let data = Arc::new(Unguarded::<Vec<u8>>::default());
        let other = beside(&data, |data| data.write(|data| data.push(1)));
        data.write(|data| data.push(0));
        let _ = other.join();
    });
}

#[test]
fn a_reader_races_with_a_writer_and_not_with_a_reader() {
    assert_races(|| {
        let data = Arc::new(Unguarded::<[Option<u8>; 9]>::default());
        let other = beside(&data, |data| data.write(|data| data[1] = Some(1)));
        data.read(|data| data[0]);
        let _ = other.join();
    });
    assert_returns([(None, None)], || {
        let data = Arc::new(Unguarded::<[Option<u8>; 9]>::default());
        let other = beside(&data, |data| data.read(|data| data[0]));
        (data.read(|data| data[1]), other.join().unwrap())
    });
}

#[test]
fn what_a_lock_orders_does_not_race() {
    let orders = [[0, 1], [1, 0]].map(|order: [u8; 2]| order.map(|nth| [nth; 9]).to_vec());
    assert_returns(orders, || {
        let shared = Arc::new((Mutex::new(0_u8), Unguarded::<Vec<[u8; 9]>>::default()));
        let push = |nth: u8| {
            move |(lock, data): &(Mutex<u8>, Unguarded<Vec<[u8; 9]>>)| {
                let _held = lock.lock().unwrap();
                data.write(|data| data.push([nth; 9]));
            }
        };
        let other = beside(&shared, push(1));
        push(0)(&shared);
        other.join().unwrap();
        shared.1.read(Vec::clone)
    });
}

/// A cell that is given its value by whoever comes first.
struct Lazy<T> {
    state: AtomicU8,
    value: Unguarded<Option<T>>,
}

const EMPTY: u8 = 0;
const BUSY: u8 = 1;
const FULL: u8 = 2;

impl<T> Lazy<T> {
    fn new() -> Self {
        Self { state: AtomicU8::new(EMPTY), value: Unguarded(UnsafeCell::new(None)) }
    }

    fn get<R>(&self, make: impl FnOnce() -> T, f: impl FnOnce(&T) -> R) -> R {
        if self.state.compare_exchange(EMPTY, BUSY, AcqRel, Acquire).is_ok() {
            self.value.write(|value| *value = Some(make()));
            self.state.store(FULL, Release);
        }
        while self.state.load(Acquire) != FULL {
            spin_loop();
        }
        self.value.read(|value| f(value.as_ref().unwrap()))
    }

    /// Looks first, and then makes it, whoever else does.
    fn get_unwisely<R>(&self, make: impl FnOnce() -> T, f: impl FnOnce(&T) -> R) -> R {
        if self.state.load(Acquire) == EMPTY {
            self.value.write(|value| *value = Some(make()));
            self.state.store(FULL, Release);
        }
        self.value.read(|value| f(value.as_ref().unwrap()))
    }
}

/// Of no type that is told by value.
struct Rates(Vec<[u32; 9]>);

#[test]
fn a_lazy_cell_of_any_type_is_made_once() {
    assert_returns([(3, 3), (4, 4)], || {
        let lazy = Arc::new(Lazy::new());
        let other = beside(&lazy, |lazy| lazy.get(|| Rates(vec![[3; 9]]), |rates| rates.0[0][0]));
        let mine = lazy.get(|| Rates(vec![[4; 9]]), |rates| rates.0[0][0]);
        (mine, other.join().unwrap())
    });
}

#[test]
fn one_that_looks_before_it_is_made_races() {
    assert_races(|| {
        let lazy = Arc::new(Lazy::new());
        let get =
            |lazy: &Lazy<Rates>| lazy.get_unwisely(|| Rates(vec![[3; 9]]), |rates| rates.0[0][0]);
        let other = beside(&lazy, get);
        get(&lazy);
        let _ = other.join();
    });
}

/// A lock of one's own, that lets go before the access ends or after.
fn sections(lets_go_first: bool) -> Vec<u8> {
    let shared = Arc::new((AtomicBool::new(false), Unguarded::<Vec<u8>>::default()));
    let section = move |nth: u8| {
        move |(is_held, data): &(AtomicBool, Unguarded<Vec<u8>>)| {
            while is_held.swap(true, Acquire) {
                spin_loop();
            }
            data.write(|data| {
                data.push(nth);
                if lets_go_first {
                    is_held.store(false, Release);
                }
            });
            is_held.store(false, Release);
        }
    };
    let others = [1, 2].map(|nth| beside(&shared, section(nth)));
    section(0)(&shared);
    others.into_iter().for_each(|other| drop(other.join()));
    shared.1.read(Vec::clone)
}

#[test]
fn a_spin_lock_of_ones_own_guards_what_it_is_to_guard() {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    assert_returns(orders.map(Vec::from), || sections(false));
    assert_races(|| drop(sections(true)));
}

#[test]
fn whoever_has_it_alone_leaves_what_others_find() {
    assert_returns([vec![1, 2]], || {
        let mut data = Unguarded::<Vec<u8>>::default();
        data.0.get_mut().push(1);
        let data = Arc::new(data);
        beside(&data, |data| data.write(|data| data.push(2))).join().unwrap();
        Arc::into_inner(data).unwrap().0.into_inner()
    });
}

fn refused(body: impl Fn() + Send + Sync + 'static) -> String {
    let engine = Engine::of_this_build()[0];
    let answer = engine.run(&Program::new(body), Effort::of(engine));
    answer.map_or_else(|error| error.to_string(), |report| format!("{:?}", report.extent))
}

#[test]
fn what_no_check_could_see_is_refused() {
    let why = refused(|| assert!(!UnsafeCell::new(1).get().is_null()));
    assert!(why.contains("so use with or with_mut"), "{why}");
    let outside = Arc::new(Unguarded(UnsafeCell::new(1)));
    let why = refused(move || outside.write(|data| *data += 1));
    assert!(
        why.contains("a UnsafeCell made outside of every run, which somebody may write"),
        "{why}"
    );
}

#[test]
fn outside_of_every_check_it_is_the_real_thing() {
    static COUNT: Unguarded<u32> = Unguarded(UnsafeCell::const_new(1));
    COUNT.write(|count| *count += 1);
    // SAFETY: nobody else uses it.
    assert_eq!(unsafe { *COUNT.0.get() }, 2);
    assert_eq!(format!("{:?}", COUNT.0), "UnsafeCell { .. }");
}

/// What was dropped in its place is looked at no more.
#[test]
fn data_may_be_dropped_in_their_place() {
    assert_returns(["new".to_owned()], || {
        let data = Unguarded(UnsafeCell::new("old".to_owned()));
        // SAFETY: it is not used before another one is written.
        data.0.with_mut(|data| unsafe { std::ptr::drop_in_place(data) });
        // SAFETY: nothing is there.
        data.0.with_mut(|data| unsafe { data.write("new".to_owned()) });
        data.read(String::clone)
    });
}
