//! std's mutex, with its data.

use super::{Arrow, DataId, LockId, MutexId, Operation, Outcome, Primitive, Shown, ThreadId};

/// What is done to a mutex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MutexOp {
    /// Take it, waiting while it is held.
    Lock,
    /// Take it if it is free.
    TryLock,
    /// Take it, or time out; the scheduler picks the moment.
    TryLockFor,
    /// Give it back, with the data as they are now.
    Unlock {
        /// The data.
        data: DataId,
        /// Whether its holder has changed them.
        changed: bool,
        /// Whether a panic unwinds its holder, who leaves the data as they may not have been meant.
        poisons: bool,
    },
    /// Look at the data, which nobody else can reach.
    Inspect,
    /// Have the data, which nobody else can reach, and leave them as they will be.
    Lend,
    /// Say what the data are that somebody left who had them alone.
    Change(DataId),
    /// Ask whether a panic left the data as they are.
    IsPoisoned,
    /// Say that they are as they should be.
    ClearPoison,
}

use MutexOp::{Change, ClearPoison, Inspect, IsPoisoned, Lend, Lock, TryLock, TryLockFor, Unlock};

/// What threads can tell of a mutex.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MutexState {
    /// Who holds it.
    pub holder: Option<ThreadId>,
    /// Whether somebody panicked while he held it.
    pub is_poisoned: bool,
    /// The data, as they were left.
    pub data: DataId,
}

impl MutexState {
    fn taken(self, thread: ThreadId) -> (Self, Outcome) {
        (Self { holder: Some(thread), ..self }, self.told())
    }

    fn told(self) -> Outcome {
        Outcome::Had { data: self.data, is_poisoned: self.is_poisoned }
    }
}

impl Primitive for MutexId {
    type State = MutexState;
    const BITS: usize = 64;

    #[inline]
    fn pack(state: MutexState) -> u64 {
        let holder = LockId::pack(state.holder) << 33;
        u64::from(state.data.word()) | u64::from(state.is_poisoned) << 32 | holder
    }

    #[inline]
    fn unpack(bits: u64) -> MutexState {
        MutexState {
            holder: LockId::unpack(bits >> 33),
            is_poisoned: bits >> 32 & 1 == 1,
            data: DataId::from_word(bits as u32),
        }
    }

    fn shown(state: MutexState) -> Shown {
        state.holder.map_or(Shown::Nobody, Shown::Held)
    }

    #[inline]
    fn enabled(state: MutexState, _: ThreadId, deed: MutexOp) -> bool {
        deed != Lock || state.holder.is_none()
    }

    #[inline]
    fn contended(state: MutexState, _: ThreadId, deed: MutexOp) -> bool {
        matches!(deed, Lock | TryLock | TryLockFor) && state.holder.is_some()
    }

    fn is_held_by(state: MutexState, thread: ThreadId) -> bool {
        state.holder == Some(thread)
    }

    fn awaited(state: MutexState, deed: MutexOp) -> Option<ThreadId> {
        state.holder.filter(|_| deed == Lock)
    }

    #[inline(always)]
    fn apply(state: MutexState, thread: ThreadId, deed: MutexOp) -> (MutexState, Outcome) {
        match deed {
            TryLock if state.holder.is_some() => (state, Outcome::Is(false)),
            TryLockFor if state.holder.is_some() => (state, Outcome::TimedOut),
            Lock | TryLock | TryLockFor => state.taken(thread),
            Unlock { data, poisons, .. } => {
                let is_poisoned = state.is_poisoned || poisons;
                (MutexState { holder: None, is_poisoned, data }, Outcome::Done)
            }
            Inspect => (state, state.told()),
            Lend => (MutexState { data: DataId::OPEN, ..state }, state.told()),
            Change(data) => (MutexState { data, ..state }, Outcome::Done),
            IsPoisoned => (state, Outcome::Is(state.is_poisoned)),
            ClearPoison => (MutexState { is_poisoned: false, ..state }, Outcome::Done),
        }
    }
}

impl Operation for MutexOp {
    fn described(&self, name: &str) -> String {
        match self {
            TryLockFor => format!("lock {name} with a timeout"),
            IsPoisoned => format!("ask whether {name} is poisoned"),
            _ => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Lock | TryLockFor => format!("lock {name}"),
            TryLock => format!("try to lock {name}"),
            Unlock { poisons: true, .. } => format!("unlock {name}, poisoned"),
            Unlock { data, changed: true, .. } => format!("unlock {name} = {data}"),
            Unlock { .. } => format!("unlock {name}"),
            Inspect => format!("look at {name}"),
            Lend => format!("have {name} alone"),
            Change(data) => format!("{name} = {data}"),
            IsPoisoned => format!("{name} poisoned?"),
            ClearPoison => format!("clear the poison of {name}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let doing = self.doing(name);
        match outcome {
            Outcome::TimedOut => format!("{doing}: timed out"),
            Outcome::Is(false) if *self == TryLock => format!("{doing}: held"),
            Outcome::Is(yes) => format!("{doing} {}", super::lock::yes_or_no(yes)),
            Outcome::Had { data, is_poisoned: false } => format!("{doing} ➜ {data}"),
            Outcome::Had { data, is_poisoned: true } => format!("{doing} ➜ {data}, poisoned"),
            _ => doing,
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        (*self == Lock).then(|| name.to_owned())
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match (self, outcome) {
            (_, Outcome::TimedOut) | (TryLock, Outcome::Is(false)) => Arrow::Fails,
            (Lock | TryLock | TryLockFor, _) => Arrow::Takes,
            (Unlock { .. }, _) => Arrow::Returns,
            (Change(_) | ClearPoison, _) => Arrow::Tells,
            (Inspect | Lend | IsPoisoned, _) => Arrow::IsTold,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Lock => "lock",
            TryLock => "try-lock",
            TryLockFor => "try-lock-for",
            Unlock { .. } => "unlock",
            Inspect => "inspect",
            Lend => "lend",
            Change(_) => "change",
            IsPoisoned => "is-poisoned",
            ClearPoison => "clear-poison",
        };
        (key, None)
    }

    fn only_looks(&self) -> bool {
        matches!(self, Inspect | IsPoisoned)
    }

    fn asks(&self) -> bool {
        matches!(self, TryLock | IsPoisoned)
    }

    fn is_timed(&self) -> bool {
        *self == TryLockFor
    }
}
