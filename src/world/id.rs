//! Dense identifiers of what a world holds.

macro_rules! dense_id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The identifier with this index.
            ///
            /// # Panics
            /// If `index` does not fit in 32 bits.
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 objects"))
            }

            /// The position of the object among its kind, counted from 0.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

dense_id! {
    /// A thread; index 0 is the one that runs the checked closure.
    ThreadId,
    /// A lock.
    LockId,
    /// A cell.
    CellId,
    /// An event.
    EventId,
}

impl ThreadId {
    /// The thread that runs the checked closure.
    pub const MAIN: Self = Self(0);
}
