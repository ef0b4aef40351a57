//! std's atomics, under std's own path.
//!
//! Made in a checked closure they belong to the run; made anywhere else they are the real thing. The product
//! engine, and the others of the default build, take every operation for sequentially consistent, whatever
//! its ordering; under loom the orderings are loom's. `compare_exchange_weak` may fail where it could succeed, but
//! not under loom, and nobody can count on it: a loop that tries again is finite. Not here are `as_ptr` and
//! `from_ptr`, by which memory is reached that no checker sees.
//!
//! ```
//! # #[cfg(all(not(loom), feature = "shuttle"))]
//! # {
//! use std::sync::Arc;
//! use tellers::sync::atomic::{AtomicU32, Ordering::SeqCst};
//! use tellers::sync::thread;
//!
//! tellers::check(|| {
//!     let served = Arc::new(AtomicU32::new(0));
//!     let theirs = Arc::clone(&served);
//!     let teller = thread::spawn(move || theirs.fetch_add(1, SeqCst));
//!     served.fetch_add(1, SeqCst);
//!     teller.join().unwrap();
//!     assert_eq!(served.load(SeqCst), 2);
//! });
//! # }
//! ```

mod ptr;
mod traits;
mod types;

use super::backend;
use super::outside::Outside;
use crate::trace::{Maker, Place};
use crate::world::{AtomicDeed, AtomicId, AtomicOp, Int, Outcome, Primitive, Spurious};
pub use ptr::AtomicPtr;
use std::ops::Deref;
use std::sync::Arc;
pub use std::sync::atomic::Ordering;
pub use types::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16,
    AtomicU32, AtomicU64, AtomicUsize,
};

/// A fence. The engines of the default build need none, since there every operation is sequentially consistent.
///
/// ```
/// use tellers::sync::atomic::Ordering::{Acquire, Relaxed, Release};
/// use tellers::sync::atomic::{AtomicBool, AtomicU32, fence};
/// use tellers::sync::thread;
///
/// let (letter, sent) = (AtomicU32::new(0), AtomicBool::new(false));
/// thread::scope(|s| {
///     s.spawn(|| {
///         letter.store(7, Relaxed);
///         fence(Release);
///         sent.store(true, Relaxed);
///     });
///     while !sent.load(Relaxed) {
///         thread::yield_now();
///     }
///     fence(Acquire);
///     assert_eq!(letter.load(Relaxed), 7);
/// });
/// ```
///
/// # Panics
/// If the ordering is relaxed.
pub fn fence(order: Ordering) {
    if backend::is_checking() {
        assert!(order != Ordering::Relaxed, "there is no such thing as a relaxed fence");
        backend::fence(order);
    } else {
        std::sync::atomic::fence(order);
    }
}

/// A value that an atomic can contain, and the bits that the world knows it by.
trait Word: Copy {
    const INT: Int;
    fn word(self) -> i64;
    fn of(word: i64) -> Self;
}

macro_rules! words {
    ($($int:ty: $Int:ident),+) => { $(
        impl Word for $int {
            const INT: Int = Int::$Int;

            fn word(self) -> i64 {
                self as i64
            }

            fn of(word: i64) -> Self {
                word as Self
            }
        }
    )+ };
}

words!(i8: I8, i16: I16, i32: I32, i64: I64, isize: Isize, u8: U8, u16: U16, u32: U32, u64: U64, usize: Usize);

impl Word for bool {
    const INT: Int = Int::Bool;

    fn word(self) -> i64 {
        self.into()
    }

    fn of(word: i64) -> Self {
        word == 1
    }
}

/// Where an atomic is: `S` is std's, `R` that of the build's own checker.
enum Face<P, S, R> {
    /// It was made outside of every run.
    Real(S, Outside),
    /// It belongs to a run.
    Checked(backend::Atomic<P, R>),
}

/// What an atomic is to whoever uses it now.
enum Used<'a, P, S, R> {
    /// The real one.
    Real(&'a S),
    /// One of the run under way.
    Checked(InRun<'a, P, R>),
}

/// An atomic of the run under way.
enum InRun<'a, P, R> {
    /// It was made there.
    Made(&'a backend::Atomic<P, R>),
    /// It stands for one that was made outside.
    StandsFor(Arc<backend::Atomic<P, R>>),
}

impl<P, R> Deref for InRun<'_, P, R> {
    type Target = backend::Atomic<P, R>;

    fn deref(&self) -> &backend::Atomic<P, R> {
        match self {
            Self::Made(object) => object,
            Self::StandsFor(object) => object,
        }
    }
}

impl<P: Primitive, S, R: Send + Sync + 'static> Face<P, S, R> {
    /// What it is for who uses it there; `find` has the state in which a run finds the real one, and `other` makes
    /// another one that begins with it.
    #[track_caller]
    #[inline]
    fn used_at(
        &self,
        used: Place,
        find: impl FnOnce(&S) -> P::State,
        other: fn(P::State) -> R,
    ) -> Used<'_, P, S, R> {
        match self {
            Self::Checked(object) => Used::Checked(InRun::Made(object)),
            Self::Real(real, outside) if !outside.is_in_run(P::KIND, used) => Used::Real(real),
            Self::Real(real, outside) => {
                let place = outside.place();
                Used::Checked(InRun::StandsFor(outside.stand_in(|| {
                    let first = find(real);
                    let other = move || other(first);
                    move |number| backend::Atomic::new(first, other, Maker::Outside(number), place)
                })))
            }
        }
    }
}

/// What is done, by these orderings.
fn op<T: Word>(deed: AtomicDeed, orders: &[Ordering]) -> AtomicOp {
    AtomicOp { deed, int: T::INT, relaxed: is_relaxed(orders), spurious: Spurious::No }
}

/// Whether one of these is below `SeqCst`.
fn is_relaxed(orders: &[Ordering]) -> bool {
    orders.iter().any(|&order| order != Ordering::SeqCst)
}

/// Performs an operation of a run, by what is really done and tells the value before; nothing if it fails spuriously.
#[track_caller]
fn perform<R>(
    object: &backend::Atomic<AtomicId, R>,
    op: AtomicOp,
    place: Place,
    real: impl Fn(&R) -> Option<i64>,
) -> Option<i64> {
    let outcome = object.perform(op, place, |raw| match (op.deed, real(raw)) {
        (AtomicDeed::Store(_), _) => Outcome::Done,
        (_, told) => told.map_or(Outcome::Failed, Outcome::Value),
    });
    match outcome {
        Outcome::Failed => None,
        Outcome::Value(before) => Some(before),
        _ => Some(0),
    }
}

#[track_caller]
fn check_load(order: Ordering) {
    match order {
        Ordering::Release => panic!("there is no such thing as a release load"),
        Ordering::AcqRel => panic!("there is no such thing as an acquire-release load"),
        _ => {}
    }
}

#[track_caller]
fn check_store(order: Ordering) {
    match order {
        Ordering::Acquire => panic!("there is no such thing as an acquire store"),
        Ordering::AcqRel => panic!("there is no such thing as an acquire-release store"),
        _ => {}
    }
}

#[track_caller]
fn check_failure(order: Ordering) {
    match order {
        Ordering::Release => panic!("there is no such thing as a release failure ordering"),
        Ordering::AcqRel => {
            panic!("there is no such thing as an acquire-release failure ordering")
        }
        _ => {}
    }
}
