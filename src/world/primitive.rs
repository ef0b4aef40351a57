//! What every primitive says of itself.

use super::{DataId, Doubt, Granted, Kind, Op, Outcome, ThreadId};
use std::fmt::Debug;

/// The identity of an object among its kind.
pub trait Id: Copy + Eq + Ord + Debug + Send + Sync + 'static {
    /// What can be done to the object.
    type Op: Copy + Eq + Debug;
    /// Its kind.
    const KIND: Kind;

    /// The identifier with this index.
    fn new(index: usize) -> Self;

    /// The position of the object among its kind, counted from 0.
    fn index(self) -> usize;

    /// The operation that does this to the object.
    fn op(self, deed: Self::Op) -> Op;
}

/// What the operations on a kind of object mean: on its state alone, which is a small value.
///
/// An object that nobody has made yet has the default state, which is packed as 0.
pub trait Primitive: Id {
    /// All that threads can tell of an object.
    type State: Copy + Default + PartialEq + Debug + Send;
    /// How many bits a packed state takes: 1, 8, 32 or 64.
    const BITS: usize;
    /// Whether the state is a number that a table has a column for.
    const IS_COUNTED: bool = false;

    /// The state in its bits.
    fn pack(state: Self::State) -> u64;

    /// The state that has these bits.
    fn unpack(bits: u64) -> Self::State;

    /// The state in words of the world.
    fn shown(state: Self::State) -> Shown;

    /// Whether the thread's operation can take effect now; a thread whose operation cannot must wait.
    fn enabled(state: Self::State, thread: ThreadId, deed: Self::Op) -> bool;

    /// Whether there are operations that are enabled and cannot be counted on.
    const DOUBTS: bool = false;

    /// Whether it can be counted on that an enabled operation takes effect: one that cannot be may do so or never.
    fn certain(state: Self::State, thread: ThreadId, deed: Self::Op) -> bool {
        Self::enabled(state, thread, deed)
    }

    /// In how many ways the operation can be meant: for each there is one that can be meant in a single way. By the
    /// first it takes effect wherever it can at all, and so it does as long as none is chosen.
    #[inline]
    fn choices(_: Self::Op) -> u32 {
        1
    }

    /// The operation that it comes down to by this choice; itself if it leaves none.
    #[inline]
    fn chosen(deed: Self::Op, _: u32) -> Self::Op {
        deed
    }

    /// By which choice it came to be, 0 if there was none.
    fn choice(_: Self::Op) -> u32 {
        0
    }

    /// The same, by a thread that leaves all that it leaves as this.
    fn left(deed: Self::Op, _: DataId) -> Self::Op {
        deed
    }

    /// Whether the operation, which a thread has come to, races with an access that goes on: it never takes effect, and
    /// what the program does is not defined.
    #[inline]
    fn races(_: Self::State, _: Self::Op) -> bool {
        false
    }

    /// Whether the operation meets something that another thread has: it must wait, or will time out.
    fn contended(_: Self::State, _: ThreadId, _: Self::Op) -> bool {
        false
    }

    /// Whether the thread holds it, as one holds a lock.
    fn is_held_by(_: Self::State, _: ThreadId) -> bool {
        false
    }

    /// The thread that must move before the operation can take effect, if it is one in particular.
    fn awaited(_: Self::State, _: Self::Op) -> Option<ThreadId> {
        None
    }

    /// Performs an operation that is enabled: the state after it, and what it answers.
    fn apply(state: Self::State, thread: ThreadId, deed: Self::Op) -> (Self::State, Outcome);
}

/// What the state of an object comes down to, for whoever shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown {
    /// Nobody has it.
    Nobody,
    /// This thread has it.
    Held(ThreadId),
    /// So many have it together.
    Readers(u32),
    /// It is so, or not.
    Is(bool),
    /// It comes to so much.
    Number(i64),
}

impl Shown {
    /// The number that it comes to, if it does.
    pub fn number(self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// What can be said of an operation, whatever the object that it is about is called.
pub(crate) trait Operation {
    /// What a thread comes to, as in "its next operation is to acquire L".
    fn described(&self, name: &str) -> String {
        self.doing(name)
    }

    /// In few words, whatever it answers.
    fn doing(&self, name: &str) -> String;

    /// In few words, with what it answered.
    fn done(&self, _: Outcome, name: &str) -> String {
        self.doing(name)
    }

    /// The same, of what could not be counted on.
    fn done_unprompted(&self, outcome: Outcome, name: &str) -> String {
        self.done(outcome, name)
    }

    /// What a thread waits for that has come to this; nothing if it never waits.
    fn awaited(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }

    /// How it is drawn between a thread and the object.
    #[allow(dead_code, reason = "only the formats of the command line draw")]
    fn arrow(&self, _: Outcome) -> Arrow {
        Arrow::Tells
    }

    /// Its name for other programs, and the number that goes with it, if there is one.
    fn key(&self) -> (&'static str, Option<(&'static str, i64)>);

    /// Whether it changes nothing, so that it concerns no other one that changes nothing.
    fn only_looks(&self) -> bool {
        false
    }

    /// Whether it asks a question, whose answer may send a thread round again.
    fn asks(&self) -> bool {
        false
    }

    /// Whether it can time out.
    fn is_timed(&self) -> bool {
        false
    }

    /// Whether a thread that comes to it again has gone a round, and may have learned nothing.
    fn ends_a_round(&self) -> bool {
        false
    }

    /// Of what kind it is if it cannot be counted on.
    fn doubt(&self) -> Option<Doubt> {
        None
    }

    /// Whether what it does here takes this for granted.
    fn takes_for_granted(&self, _: Granted) -> bool {
        false
    }
}

/// How an operation is drawn, and so which way news of it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "only the formats of the command line draw")]
pub(crate) enum Arrow {
    /// The thread tells the object something.
    Tells,
    /// The object tells the thread something.
    IsTold,
    /// The thread has the object from now on.
    Takes,
    /// Nobody has the object from now on.
    Returns,
    /// In vain.
    Fails,
}

impl Arrow {
    /// Whether the object is told more than it tells.
    #[allow(dead_code, reason = "only loom asks")]
    pub(crate) fn is_towards_object(self) -> bool {
        matches!(self, Self::Tells | Self::Returns)
    }
}
