//! std's atomic pointer.
//!
//! An address differs from run to run, so a pointer is told by a [name](Pointee), and with it what its memory is: as it
//! was left by who put the pointer where it is, and by all who had done so before in one chain of exchanges.

mod pointee;

use super::{
    Arrow, AtomicPtrId, DataId, Doubt, Granted, Operation, Outcome, Primitive, Shown, Spurious,
    ThreadId,
};
pub use pointee::Pointee;

/// A pointer in an atomic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    /// The [name](Pointee) of where it points.
    pub to: DataId,
    /// As what the memory there, and all that is reached from it, was left; none where it leads nowhere.
    pub left: DataId,
}

/// What is done to an atomic pointer, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AtomicPtrOp {
    /// What is done.
    pub deed: AtomicPtrDeed,
    /// Whether its ordering is below `SeqCst`.
    pub relaxed: bool,
    /// Whether it fails although it could succeed.
    pub spurious: Spurious,
}

/// What is done to an atomic pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AtomicPtrDeed {
    /// Read it.
    Load,
    /// Write it.
    Store(Pointer),
    /// Write it, and tell what it was.
    Swap(Pointer),
    /// Write it if it points where is expected, and tell what it was.
    CompareExchange {
        /// The name of where it is to point.
        expected: DataId,
        /// What is written then.
        new: Pointer,
    },
}

use AtomicPtrDeed::{CompareExchange, Load, Store, Swap};

impl Pointer {
    /// What this becomes in place of another one whose past is part of its own from then on; but for one that leads
    /// nowhere.
    fn after(self, before: Self) -> Self {
        if self.left == DataId::NONE {
            self
        } else {
            Self { left: self.left.after(before.left), ..self }
        }
    }
}

impl AtomicPtrOp {
    /// Where it has to point for it to succeed.
    fn expected(self) -> Option<DataId> {
        match self.deed {
            CompareExchange { expected, .. } => Some(expected),
            _ => None,
        }
    }

    /// What it puts there, if it succeeds.
    fn puts(self) -> Option<Pointer> {
        match self.deed {
            Load => None,
            Store(new) | Swap(new) | CompareExchange { new, .. } => Some(new),
        }
    }

    /// The same, by who leaves this behind what it puts there, if that leads somewhere.
    fn left(mut self, past: DataId) -> Self {
        if let Store(new) | Swap(new) | CompareExchange { new, .. } = &mut self.deed
            && new.left != DataId::NONE
        {
            new.left = past;
        }
        self
    }
}

impl Primitive for AtomicPtrId {
    type State = Pointer;
    const BITS: usize = 64;

    #[inline]
    fn pack(pointer: Pointer) -> u64 {
        u64::from(pointer.to.word()) | u64::from(pointer.left.word()) << 32
    }

    #[inline]
    fn unpack(bits: u64) -> Pointer {
        let word = |bits: u64| DataId::from_word(bits as u32);
        Pointer { to: word(bits), left: word(bits >> 32) }
    }

    fn shown(_: Pointer) -> Shown {
        Shown::Nobody
    }

    /// Where it fails anyway it does not fail for no reason.
    #[inline]
    fn enabled(pointer: Pointer, _: ThreadId, op: AtomicPtrOp) -> bool {
        op.spurious != Spurious::Yes || op.expected() == Some(pointer.to)
    }

    const DOUBTS: bool = true;

    #[inline]
    fn certain(_: Pointer, _: ThreadId, op: AtomicPtrOp) -> bool {
        op.spurious != Spurious::Yes
    }

    #[inline]
    fn choices(op: AtomicPtrOp) -> u32 {
        op.spurious.choices()
    }

    #[inline]
    fn chosen(op: AtomicPtrOp, choice: u32) -> AtomicPtrOp {
        AtomicPtrOp { spurious: op.spurious.chosen(choice), ..op }
    }

    fn choice(op: AtomicPtrOp) -> u32 {
        (op.spurious == Spurious::Yes).into()
    }

    fn left(op: AtomicPtrOp, past: DataId) -> AtomicPtrOp {
        op.left(past)
    }

    /// A spurious failure tells what the memory is, too, and no name: it is the expected one.
    fn apply(pointer: Pointer, _: ThreadId, op: AtomicPtrOp) -> (Pointer, Outcome) {
        let told = Outcome::Pointer(pointer);
        match op.deed {
            _ if op.spurious == Spurious::Yes => {
                (pointer, Outcome::Pointer(Pointer { to: DataId::OPEN, ..pointer }))
            }
            Store(new) => (new, Outcome::Done),
            Swap(new) => (new.after(pointer), told),
            CompareExchange { expected, new } if expected == pointer.to => {
                (new.after(pointer), told)
            }
            Load | CompareExchange { .. } => (pointer, told),
        }
    }
}

impl Operation for AtomicPtrOp {
    fn doing(&self, name: &str) -> String {
        match self.deed {
            Load => format!("read {name}"),
            Store(new) | Swap(new) => format!("{name} = {}", new.to),
            CompareExchange { expected, new } => format!("{name} = {} if it is {expected}", new.to),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let Outcome::Pointer(Pointer { to: was, .. }) = outcome else { return self.doing(name) };
        match self.deed {
            Load => format!("{name} ➜ {was}"),
            CompareExchange { expected, .. } if was == DataId::OPEN => {
                format!("{name} ➜ {expected}, and fails spuriously")
            }
            CompareExchange { expected, new } if was == expected => {
                format!("{name} = {}, was {was}", new.to)
            }
            CompareExchange { expected, .. } => format!("{name} ➜ {was}, not {expected}"),
            Store(_) | Swap(_) => format!("{}, was {was}", self.doing(name)),
        }
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match (self.deed, outcome) {
            (Load, _) => Arrow::IsTold,
            (CompareExchange { expected, .. }, Outcome::Pointer(was)) if was.to != expected => {
                Arrow::Fails
            }
            _ => Arrow::Tells,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self.deed {
            Load => "load",
            Store(_) => "store",
            Swap(_) => "swap",
            CompareExchange { .. } => "compare-exchange",
        };
        (key, None)
    }

    fn only_looks(&self) -> bool {
        self.deed == Load
    }

    fn ends_a_round(&self) -> bool {
        self.spurious == Spurious::Maybe
    }

    fn doubt(&self) -> Option<Doubt> {
        (self.spurious == Spurious::Yes).then_some(Doubt::WeakFailure)
    }

    fn takes_for_granted(&self, granted: Granted) -> bool {
        match granted {
            Granted::SequentialConsistency => self.relaxed,
            Granted::FreshAddresses | Granted::HandedOnByPointer => {
                self.puts().is_some_and(|new| Pointee::is_named(new.to))
            }
        }
    }
}
