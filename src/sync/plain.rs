//! Data that are told by value.
//!
//! A thread that takes a mutex is told its data. The checker can compare those of the types below, each bare
//! or one level deep in an option, a box, a sequence, a pair or a short array, and all others by a key that it is
//! given. Rust cannot ask whether a type has a trait where no bound says so, hence a table by the types'
//! identities.

use super::copied::Copied;
use crate::world::DataId;
use rustc_hash::FxHashMap;
use std::any::TypeId;
use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::hash::Hash;
use std::sync::{Arc, LazyLock};

/// Tells values of the type apart that it was made for.
#[derive(Clone)]
pub(super) enum Teller {
    /// As the table says, if the type is in it.
    OfType(fn() -> Option<Ways>),
    /// By what the user says, and as the table says what the user does not.
    Keyed(Arc<dyn Fn(*const ()) -> DataId + Send + Sync>, fn() -> Option<Ways>),
}

/// What can be done with values of a type of the table.
#[derive(Clone, Copy)]
pub(super) struct Ways {
    tell: unsafe fn(*const ()) -> DataId,
    copy: unsafe fn(*const ()) -> Copied,
}

/// What the table says of a type.
fn ways<T>() -> Option<Ways> {
    TABLE.get(&typeid::of::<T>()).copied()
}

impl Teller {
    /// For values of this type, by the table, if the type is in it.
    pub(super) const fn plain<T>() -> Self {
        Self::OfType(ways::<T>)
    }

    /// The same, if every value of the type that is no longer used can still be looked at: one that was dropped in its
    /// place cannot.
    pub(super) const fn plain_in_place<T>() -> Self {
        if std::mem::needs_drop::<T>() { Self::OfType(|| None) } else { Self::plain::<T>() }
    }

    /// For values of this type, by a key: equal keys, equal values.
    pub(super) fn keyed<T, K: Hash + Debug + 'static>(
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Self {
        let tell = move |data: *const ()| {
            // SAFETY: whoever calls `tell` sees to it that this is a `T` that nobody changes.
            let key = key(unsafe { &*data.cast::<T>() });
            let mut bytes = Bytes(Vec::new());
            key.hash(&mut bytes);
            DataId::of(TypeId::of::<K>(), bytes.0, || format!("{key:?}"))
        };
        Self::Keyed(Arc::new(tell), ways::<T>)
    }

    /// Whether it can tell them.
    pub(super) fn tells(&self) -> bool {
        match self {
            Self::OfType(ways) => ways().is_some(),
            Self::Keyed(..) => true,
        }
    }

    /// Which value it is; nothing if nobody can tell.
    ///
    /// # Safety
    /// `data` points to a value of the type that this was made for, and nobody changes it meanwhile.
    pub(super) unsafe fn tell(&self, data: *const ()) -> Option<DataId> {
        match self {
            // SAFETY: the table has this function under the identity of the type that this was made for,
            // which is therefore the one that the function takes: no type of the table has a lifetime, which
            // the identity would leave out.
            Self::OfType(ways) => ways().map(|ways| unsafe { (ways.tell)(data) }),
            Self::Keyed(tell, _) => Some(tell(data)),
        }
    }

    /// A copy of it; nothing if nobody can make one.
    ///
    /// # Safety
    /// As of [`tell`](Self::tell).
    pub(super) unsafe fn copy(&self, data: *const ()) -> Option<Copied> {
        let (Self::OfType(ways) | Self::Keyed(_, ways)) = self;
        // SAFETY: as above.
        ways().map(|ways| unsafe { (ways.copy)(data) })
    }
}

impl Debug for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OfType(_) => "OfType",
            Self::Keyed(..) => "Keyed",
        })
    }
}

/// The key itself, instead of a hash of it, so that two keys never collide.
struct Bytes(Vec<u8>);

impl std::hash::Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("a key is compared, never hashed")
    }
}

/// A value that can be written down: two values of a type have the same bytes only if they are the same.
trait Plain: Debug + Clone + Send + Sync + 'static {
    fn write(&self, bytes: &mut Vec<u8>);
}

/// # Safety
/// `data` points to a `T` that nobody changes.
unsafe fn tell<T: Plain>(data: *const ()) -> DataId {
    // SAFETY: it does.
    let data = unsafe { &*data.cast::<T>() };
    let mut bytes = Vec::new();
    data.write(&mut bytes);
    DataId::of(TypeId::of::<T>(), bytes, || format!("{data:?}"))
}

type Table = FxHashMap<TypeId, Ways>;

static TABLE: LazyLock<Table> = LazyLock::new(table);

fn add<T: Plain>(table: &mut Table) {
    table.insert(TypeId::of::<T>(), Ways { tell: tell::<T>, copy: Copied::of::<T> });
}

/// A type, and all that has it one level deep but pairs.
fn add_all_of<T: Plain>(table: &mut Table) {
    add::<T>(table);
    add::<Option<T>>(table);
    add::<Box<T>>(table);
    add::<Vec<T>>(table);
    add::<VecDeque<T>>(table);
    add::<[T; 1]>(table);
    add::<[T; 2]>(table);
    add::<[T; 3]>(table);
    add::<[T; 4]>(table);
    add::<[T; 5]>(table);
    add::<[T; 6]>(table);
    add::<[T; 7]>(table);
    add::<[T; 8]>(table);
}

macro_rules! numbers {
    ($($number:ty),+) => { $(
        impl Plain for $number {
            fn write(&self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }
        }
    )+ };
}

numbers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64);

impl Plain for () {
    fn write(&self, _: &mut Vec<u8>) {}
}

impl Plain for bool {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push((*self).into());
    }
}

impl Plain for char {
    fn write(&self, bytes: &mut Vec<u8>) {
        u32::from(*self).write(bytes);
    }
}

impl Plain for String {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.len().write(bytes);
        bytes.extend_from_slice(self.as_bytes());
    }
}

impl<T: Plain> Plain for Box<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        (**self).write(bytes);
    }
}

impl<T: Plain> Plain for Option<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.is_some().write(bytes);
        self.iter().for_each(|value| value.write(bytes));
    }
}

fn write_all<'a, T: Plain>(values: impl ExactSizeIterator<Item = &'a T>, bytes: &mut Vec<u8>) {
    values.len().write(bytes);
    values.for_each(|value| value.write(bytes));
}

impl<T: Plain> Plain for Vec<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_all(self.iter(), bytes);
    }
}

impl<T: Plain> Plain for VecDeque<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_all(self.iter(), bytes);
    }
}

impl<T: Plain, const N: usize> Plain for [T; N] {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_all(self.iter(), bytes);
    }
}

impl<A: Plain, B: Plain> Plain for (A, B) {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.write(bytes);
        self.1.write(bytes);
    }
}

macro_rules! table {
    ($($all:ty),+) => {
        fn table() -> Table {
            let mut table = Table::default();
            $(
                add_all_of::<$all>(&mut table);
                add_pairs_of::<$all>(&mut table);
            )+
            table
        }

        fn add_pairs_of<T: Plain>(table: &mut Table) {
            $(add::<(T, $all)>(table);)+
        }
    };
}

table!(
    (),
    bool,
    char,
    String,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    f32,
    f64
);

#[cfg(test)]
mod tests {
    use super::*;

    fn told<T>(value: T) -> Option<DataId> {
        told_by(&Teller::plain::<T>(), &value)
    }

    fn told_by<T>(teller: &Teller, value: &T) -> Option<DataId> {
        // SAFETY: the tests make it for this type.
        unsafe { teller.tell(std::ptr::from_ref(value).cast()) }
    }

    #[test]
    fn equal_values_of_a_type_are_one_and_others_are_not() {
        assert_eq!(told(7_i64), told(7_i64));
        assert_ne!(told(7_i64), told(8_i64));
        assert_ne!(told(7_i64), told(7_u64));
        assert_ne!(told(Some(0_u8)), told(None::<u8>));
        assert_ne!(told(0.0_f64), told(-0.0_f64));
        assert_ne!(
            told(vec!["a".to_owned(), "bc".into()]),
            told(vec!["ab".to_owned(), "c".into()])
        );
        assert_eq!(told(VecDeque::from([1_u32])).map(|id| id.to_string()).as_deref(), Some("[1]"));
        assert!(told((String::new(), [0_i128; 8])).is_none());
        assert!(told((String::new(), true)).is_some());
    }

    #[test]
    fn what_is_in_no_table_is_told_by_its_key_alone() {
        struct Account<'a>(&'a str, i64);
        assert!(told(Account("a", 1)).is_none());
        let teller = Teller::keyed(|account: &Account<'static>| account.1);
        let [one, same, other] = [("a", 1), ("b", 1), ("a", 2)].map(|(name, sum)| {
            let account = Account(name, sum);
            assert_eq!(account.0, name);
            told_by(&teller, &account)
        });
        assert_eq!(one, same);
        assert_ne!(one, other);
    }
}
