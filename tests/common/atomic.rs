//! std's atomics, of each of whose types eight numbers are used.

use super::instr::Deed;
use super::run::{Told, acc};
use std::sync::Arc;
use tellers::sync::atomic::Ordering::SeqCst;
use tellers::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16,
    AtomicU32, AtomicU64, AtomicUsize,
};

/// An atomic of any type.
pub trait AnyAtomic: Send + Sync {
    fn perform(&self, deed: Deed, seen: &mut Told);
}

/// An atomic of this type that contains this number.
pub fn atomic(kind: usize, number: i64) -> Arc<dyn AnyAtomic> {
    match kind % 11 {
        0 => Arc::new(AtomicBool::new(Stands::of(number))),
        1 => Arc::new(AtomicI8::new(Stands::of(number))),
        2 => Arc::new(AtomicU64::new(Stands::of(number))),
        3 => Arc::new(AtomicI16::new(Stands::of(number))),
        4 => Arc::new(AtomicU32::new(Stands::of(number))),
        5 => Arc::new(AtomicI32::new(Stands::of(number))),
        6 => Arc::new(AtomicU16::new(Stands::of(number))),
        7 => Arc::new(AtomicI64::new(Stands::of(number))),
        8 => Arc::new(AtomicU8::new(Stands::of(number))),
        9 => Arc::new(AtomicIsize::new(Stands::of(number))),
        _ => Arc::new(AtomicUsize::new(Stands::of(number))),
    }
}

/// What stands for a number from 0 to 7.
trait Stands {
    fn of(number: i64) -> Self;
    fn number(self) -> i64;
}

/// The first two bits of the number are the upper two of the type, and the third one all others.
macro_rules! stands {
    ($($int:ty),+) => { $(
        impl Stands for $int {
            fn of(number: i64) -> Self {
                let lower = <$int>::BITS - 2;
                let all = if number >= 4 { (1 << lower) - 1 } else { 0 };
                (((number as u64) % 4) << lower) as $int | all
            }

            fn number(self) -> i64 {
                (0..8).find(|&number| Self::of(number) == self).unwrap_or(-1)
            }
        }
    )+ };
}

stands!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl Stands for bool {
    fn of(number: i64) -> Self {
        number >= 4
    }

    fn number(self) -> i64 {
        if self { 7 } else { 0 }
    }
}

macro_rules! atomics {
    ($($Atomic:ty: $plus:ident $minus:ident $max:ident $min:ident ($many:expr)),+) => { $(
        impl AnyAtomic for $Atomic {
            fn perform(&self, deed: Deed, seen: &mut Told) {
                let latest = acc(seen);
                let latest_and = |more: i64| (latest + more).rem_euclid(8);
                let before = match deed {
                    Deed::Load => self.load(SeqCst),
                    Deed::Store(more) => return self.store(Stands::of(latest_and(more)), SeqCst),
                    Deed::Swap(more) => self.swap(Stands::of(latest_and(more)), SeqCst),
                    Deed::Add(with) => self.$plus(Stands::of(with % $many), SeqCst),
                    Deed::Sub(with) => self.$minus(Stands::of(with % $many), SeqCst),
                    Deed::And(with) => self.fetch_and(Stands::of(with), SeqCst),
                    Deed::Nand(with) => self.fetch_nand(Stands::of(with), SeqCst),
                    Deed::Or(with) => self.fetch_or(Stands::of(with), SeqCst),
                    Deed::Xor(with) => self.fetch_xor(Stands::of(with), SeqCst),
                    Deed::Max(with) => self.$max(Stands::of(with), SeqCst),
                    Deed::Min(with) => self.$min(Stands::of(with), SeqCst),
                    Deed::Exchange(is, more) => {
                        let (is, new) = (Stands::of(is), Stands::of(latest_and(more)));
                        return told(self.compare_exchange(is, new, SeqCst, SeqCst), seen);
                    }
                    Deed::Weak(is, more) => {
                        let (is, new) = (Stands::of(is), Stands::of(latest_and(more)));
                        return told(self.compare_exchange_weak(is, new, SeqCst, SeqCst), seen);
                    }
                };
                seen.push(before.number());
            }
        }
    )+ };
}

fn told<T: Stands>(result: Result<T, T>, seen: &mut Told) {
    let is_so = result.is_ok();
    let (Ok(before) | Err(before)) = result;
    seen.extend([before.number(), is_so.into()]);
}

atomics!(
    AtomicBool: fetch_xor fetch_xor fetch_or fetch_and (8),
    AtomicI8: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicI16: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicI32: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicI64: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicIsize: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicU8: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicU16: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicU32: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicU64: fetch_add fetch_sub fetch_max fetch_min (4),
    AtomicUsize: fetch_add fetch_sub fetch_max fetch_min (4)
);
