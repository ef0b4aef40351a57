//! What std's atomics are besides.

use super::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16,
    AtomicU32, AtomicU64, AtomicUsize, Ordering,
};
use std::fmt::{self, Debug};

macro_rules! traits {
    ($($Atomic:ident($value:ty))+) => { $(
        impl Debug for $Atomic {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Debug::fmt(&self.load(Ordering::Relaxed), f)
            }
        }

        impl Default for $Atomic {
            #[track_caller]
            fn default() -> Self {
                Self::new(<$value>::default())
            }
        }

        impl From<$value> for $Atomic {
            #[track_caller]
            fn from(value: $value) -> Self {
                Self::new(value)
            }
        }
    )+ };
}

traits! {
    AtomicI8(i8) AtomicI16(i16) AtomicI32(i32) AtomicI64(i64) AtomicIsize(isize)
    AtomicU8(u8) AtomicU16(u16) AtomicU32(u32) AtomicU64(u64) AtomicUsize(usize)
    AtomicBool(bool)
}
