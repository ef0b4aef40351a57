//! From the list of all primitives: their identifiers, and what can be asked of an operation whichever
//! primitive it is about.

/// Makes the types that name every primitive, from a list of them: the module, the kind, its identifier and
/// its operations. Each module implements [`Primitive`](super::Primitive) for the identifier and
/// [`Operation`](super::Operation) for the operations.
macro_rules! primitives {
    ($($(#[$doc:meta])* $module:ident: $Kind:ident($Id:ident, $Op:ident);)+) => {
        $(
            pub use $module::$Op;
            dense_id! { $(#[$doc])* $Id, $Kind, $Op }
        )+
        dense_id! {
            /// A thread; index 0 is the one that runs the checked closure.
            ThreadId, Thread, ThreadOp
        }

        /// One operation of a thread on what is shared: what it is about, and what is done to that.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Op {
            $($(#[$doc])* $Kind($Id, $Op),)+
            /// Another thread.
            Thread(ThreadId, ThreadOp),
            /// One of several ways to go on, whatever is shared.
            Choose(Choice),
            /// Let another thread go first.
            Yield,
            /// End, some time after the last of all these. Only where somebody asks does it matter when: so
            /// it is a step of its own only before the first question that it answers with yes.
            End,
        }

        /// The kinds of things that threads share.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $Kind,)+
            /// A thread.
            Thread,
        }

        impl Kind {
            /// All of them; threads come last.
            pub const ALL: &[Self] = &[$(Self::$Kind,)+ Self::Thread];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Its name in a sentence.
            pub fn noun(self) -> &'static str {
                match self {
                    $(Self::$Kind => stringify!($module),)+
                    Self::Thread => "thread",
                }
            }

            /// How many bits of a packed state one of these takes.
            #[allow(dead_code, reason = "only the product engine packs")]
            pub(crate) const fn bits(self) -> usize {
                match self {
                    $(Self::$Kind => <$Id as Primitive>::BITS,)+
                    Self::Thread => 32,
                }
            }

            /// Whether its state is a number that a table has a column for.
            pub(crate) const fn is_counted(self) -> bool {
                match self {
                    $(Self::$Kind => <$Id as Primitive>::IS_COUNTED,)+
                    Self::Thread => false,
                }
            }

            /// Whether the thread holds what has these bits, as one holds a lock.
            pub(crate) fn is_held_by(self, bits: u64, thread: ThreadId) -> bool {
                match self {
                    $(Self::$Kind => $Id::is_held_by($Id::unpack(bits), thread),)+
                    Self::Thread => false,
                }
            }

            /// What the bits of its state say.
            pub(crate) fn shown(self, bits: u64) -> Shown {
                match self {
                    $(Self::$Kind => $Id::shown($Id::unpack(bits)),)+
                    Self::Thread => Shown::Nobody,
                }
            }
        }

        impl Op {
            /// The operation itself, without what it is about; to yield and to end are no more than that.
            #[inline]
            pub(crate) fn deed(&self) -> Option<&dyn Operation> {
                match self {
                    $(Self::$Kind(_, deed) => Some(deed),)+
                    Self::Thread(_, deed) => Some(deed),
                    Self::Choose(choice) => Some(choice),
                    Self::Yield | Self::End => None,
                }
            }

            /// What the operation is about, if this thread performs it; to choose and to yield are about nothing.
            #[inline]
            pub fn object(self, thread: ThreadId) -> Option<Object> {
                match self {
                    $(Self::$Kind(id, _) => Some(Object::of(id)),)+
                    Self::Thread(id, _) => Some(Object::of(id)),
                    Self::End => Some(Object::of(thread)),
                    Self::Choose(_) | Self::Yield => None,
                }
            }

            /// The same operation on the object that has this number.
            pub(crate) fn renumbered(self, mut number: impl FnMut(Object) -> usize) -> Self {
                match self {
                    $(Self::$Kind(id, deed) => {
                        Self::$Kind($Id::new(number(Object::of(id))), deed)
                    })+
                    Self::Thread(id, deed) => {
                        Self::Thread(ThreadId::new(number(Object::of(id))), deed)
                    }
                    Self::Choose(_) | Self::Yield | Self::End => self,
                }
            }

            /// In how many ways it can be meant: for each there is an operation that can be meant in one.
            #[inline]
            pub fn choices(self) -> u32 {
                match self {
                    $(Self::$Kind(_, deed) => $Id::choices(deed),)+
                    Self::Choose(choice) => choice.choices(),
                    Self::Thread(..) | Self::Yield | Self::End => 1,
                }
            }

            /// The operation that it comes down to by this choice; itself if it leaves none.
            #[inline]
            #[must_use]
            pub fn chosen(self, choice: u32) -> Self {
                match self {
                    $(Self::$Kind(id, deed) => Self::$Kind(id, $Id::chosen(deed, choice)),)+
                    Self::Choose(one) => Self::Choose(one.chosen(choice)),
                    Self::Thread(..) | Self::Yield | Self::End => self,
                }
            }

            /// The same, by a thread that leaves all that it leaves as this.
            #[allow(dead_code, reason = "only the product engine closes spins")]
            pub(crate) fn left(self, past: DataId) -> Self {
                match self {
                    $(Self::$Kind(id, deed) => Self::$Kind(id, $Id::left(deed, past)),)+
                    _ => self,
                }
            }

            /// Whether it was done in vain, by this answer.
            #[allow(dead_code, reason = "only the product engine closes spins")]
            pub(crate) fn is_in_vain(self, outcome: Outcome) -> bool {
                self.deed().is_some_and(|deed| deed.arrow(outcome) == Arrow::Fails)
            }

            /// By which choice it came to be, 0 if there was none.
            pub fn choice(self) -> u32 {
                match self {
                    $(Self::$Kind(_, deed) => $Id::choice(deed),)+
                    Self::Choose(choice) => choice.taken.unwrap_or(0),
                    Self::Thread(..) | Self::Yield | Self::End => 0,
                }
            }
        }

        /// Whether the thread's operation can take effect now.
        #[inline]
        pub(crate) fn enabled(shared: &impl Look, thread: ThreadId, op: Op) -> bool {
            match op {
                $(Op::$Kind(id, deed) => $Id::enabled(shared.state(id), thread, deed),)+
                Op::Thread(other, ThreadOp::Join) => shared.thread(other).finish().is_some(),
                Op::Thread(..) | Op::Choose(_) | Op::Yield | Op::End => true,
            }
        }

        /// Whether the thread's operation, which is enabled, cannot be counted on.
        #[inline]
        #[allow(dead_code, reason = "only the product engine asks")]
        pub(crate) fn doubtful(shared: &impl Look, thread: ThreadId, op: Op) -> bool {
            match op {
                $(Op::$Kind(id, deed) => {
                    $Id::DOUBTS && !$Id::certain(shared.state(id), thread, deed)
                })+
                Op::Thread(..) | Op::Choose(_) | Op::Yield | Op::End => false,
            }
        }

        /// Whether it can be counted on that the thread's operation takes effect now.
        #[inline]
        pub(crate) fn certain(shared: &impl Look, thread: ThreadId, op: Op) -> bool {
            match op {
                $(Op::$Kind(id, deed) => $Id::certain(shared.state(id), thread, deed),)+
                Op::Thread(..) | Op::Choose(_) | Op::Yield | Op::End => enabled(shared, thread, op),
            }
        }

        /// Whether the operation, which a thread has come to, races with an access that goes on.
        #[inline]
        pub(crate) fn races(shared: &impl Look, op: Op) -> bool {
            match op {
                $(Op::$Kind(id, deed) => $Id::races(shared.state(id), deed),)+
                Op::Thread(..) | Op::Choose(_) | Op::Yield | Op::End => false,
            }
        }

        /// Whether the operation meets something that another thread has.
        #[inline]
        pub(crate) fn contended(shared: &impl Look, thread: ThreadId, op: Op) -> bool {
            match op {
                $(Op::$Kind(id, deed) => $Id::contended(shared.state(id), thread, deed),)+
                Op::Thread(..) | Op::Choose(_) | Op::Yield | Op::End => false,
            }
        }

        /// The thread that must move before the operation can take effect, if it is one in particular.
        pub(crate) fn awaited(shared: &impl Look, op: Op) -> Option<ThreadId> {
            match op {
                $(Op::$Kind(id, deed) => $Id::awaited(shared.state(id), deed),)+
                Op::Thread(thread, ThreadOp::Join) => Some(thread),
                Op::Thread(..) | Op::Choose(_) | Op::Yield | Op::End => None,
            }
        }

        /// Performs an enabled operation, and says what it answered.
        #[inline(always)]
        pub(crate) fn apply(shared: &mut impl Shared, thread: ThreadId, op: Op) -> Outcome {
            debug_assert!(enabled(shared, thread, op) || races(shared, op), "{op:?} is not enabled");
            match op {
                $(Op::$Kind(id, deed) => {
                    let before = shared.state(id);
                    let (after, outcome) = $Id::apply(before, thread, deed);
                    if after != before {
                        shared.put(id, after);
                    }
                    outcome
                })+
                Op::Thread(other, deed) => thread::apply(shared, other, deed),
                Op::Choose(choice) => choice.outcome(),
                Op::Yield => Outcome::Done,
                Op::End => {
                    shared.end(thread);
                    Outcome::Done
                }
            }
        }
    };
}

/// Makes an identifier.
macro_rules! dense_id {
    ($(#[$doc:meta])* $Id:ident, $Kind:ident, $Op:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Id(u32);

        impl $Id {
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

        impl Id for $Id {
            type Op = $Op;
            const KIND: Kind = Kind::$Kind;

            #[inline]
            fn new(index: usize) -> Self {
                Self::new(index)
            }

            #[inline]
            fn index(self) -> usize {
                self.index()
            }

            #[inline]
            fn op(self, deed: Self::Op) -> Op {
                Op::$Kind(self, deed)
            }
        }
    };
}
