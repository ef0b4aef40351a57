//! std's lock for many readers or one writer, with its data.
//!
//! Whether a writer that waits keeps readers out std leaves to the system. So a reader may be let in past one, and
//! cannot count on it.

mod users;

use super::{Arrow, DataId, Doubt, Operation, Outcome, Primitive, RwLockId, Shown, ThreadId};
use users::{Everyone, insert, remove, word};

pub use users::{Several, Users};

/// What is done to a lock for many readers or one writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RwLockOp {
    /// Read, waiting while somebody writes.
    Read,
    /// Read if nobody writes.
    TryRead,
    /// Read, or time out; the scheduler picks the moment.
    TryReadFor,
    /// Write, or be one of those that wait to.
    Write,
    /// Write, having waited for those that read or write.
    TakeWrite,
    /// Write if nobody reads or writes.
    TryWrite,
    /// Write, or time out; the scheduler picks the moment.
    TryWriteFor,
    /// Read no more.
    EndRead,
    /// Write no more, and leave the data as they are now.
    EndWrite {
        /// The data.
        data: DataId,
        /// Whether the writer has changed them.
        changed: bool,
        /// Whether a panic unwinds the writer, who leaves the data as they may not have been meant.
        poisons: bool,
    },
    /// Write no more, leave the data as they are now, and go on reading them.
    Downgrade {
        /// The data.
        data: DataId,
        /// Whether the writer has changed them.
        changed: bool,
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

use RwLockOp::{
    Change, ClearPoison, Downgrade, EndRead, EndWrite, Inspect, IsPoisoned, Lend, Read, TakeWrite,
    TryRead, TryReadFor, TryWrite, TryWriteFor, Write,
};

/// What threads can tell of such a lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RwLockState {
    /// Who reads or writes, or waits to write.
    pub users: Users,
    /// Whether somebody panicked while he wrote.
    pub is_poisoned: bool,
    /// The data, as they were left.
    pub data: DataId,
}

impl RwLockState {
    fn told(self) -> Outcome {
        Outcome::Had { data: self.data, is_poisoned: self.is_poisoned }
    }
}

/// Where the bits of the users begin, after the data and the poison, and how many there are for who it is.
const USERS: u32 = 33;
const IS_WRITER: u64 = 1 << 30;

impl Primitive for RwLockId {
    type State = RwLockState;
    const BITS: usize = 64;

    #[inline]
    fn pack(state: RwLockState) -> u64 {
        let users = match state.users {
            Users::None => 0,
            Users::Writer(thread) => IS_WRITER | thread.index() as u64,
            Users::Several(several) => several.0.word().into(),
        };
        assert!(users < 2 * IS_WRITER, "fewer than 2^30 values");
        u64::from(state.data.word()) | u64::from(state.is_poisoned) << 32 | users << USERS
    }

    #[inline]
    fn unpack(bits: u64) -> RwLockState {
        let users = match bits >> USERS {
            0 => Users::None,
            users if users & IS_WRITER == 0 => {
                Users::Several(Several(DataId::from_word(users as u32)))
            }
            users => Users::Writer(ThreadId::new((users ^ IS_WRITER) as usize)),
        };
        RwLockState {
            users,
            is_poisoned: bits >> 32 & 1 == 1,
            data: DataId::from_word(bits as u32),
        }
    }

    fn shown(state: RwLockState) -> Shown {
        let Everyone { writer, readers, .. } = state.users.everyone();
        match writer {
            Some(thread) => Shown::Held(ThreadId::new(thread.into())),
            None if readers.is_empty() => Shown::Nobody,
            None => Shown::Readers(readers.len() as u32),
        }
    }

    const DOUBTS: bool = true;

    #[inline]
    fn enabled(state: RwLockState, _: ThreadId, deed: RwLockOp) -> bool {
        !matches!(deed, Read | TakeWrite) || !state.users.keep_out(deed)
    }

    #[inline]
    fn certain(state: RwLockState, thread: ThreadId, deed: RwLockOp) -> bool {
        Self::enabled(state, thread, deed) && state.users.waits_before(deed).is_none()
    }

    #[inline]
    fn contended(state: RwLockState, _: ThreadId, deed: RwLockOp) -> bool {
        state.users.keep_out(deed) || state.users.waits_before(deed).is_some()
    }

    fn is_held_by(state: RwLockState, thread: ThreadId) -> bool {
        let Everyone { writer, readers, .. } = state.users.everyone();
        writer == Some(word(thread)) || readers.contains(&word(thread))
    }

    /// All readers must move; one is enough to find a ring.
    fn awaited(state: RwLockState, deed: RwLockOp) -> Option<ThreadId> {
        if !matches!(deed, Read | TakeWrite) || !state.users.keep_out(deed) {
            return state.users.waits_before(deed);
        }
        let Everyone { writer, readers, .. } = state.users.everyone();
        let thread = writer.or_else(|| readers.first().copied())?;
        Some(ThreadId::new(thread.into()))
    }

    fn apply(state: RwLockState, thread: ThreadId, deed: RwLockOp) -> (RwLockState, Outcome) {
        let me = word(thread);
        let used_by = |change: &dyn Fn(&mut Everyone)| RwLockState {
            users: state.users.changed(change),
            ..state
        };
        match deed {
            Write if state.users.keep_out(deed) => {
                (used_by(&|all| insert(&mut all.waiting, me)), Outcome::Is(false))
            }
            TryRead | TryWrite if state.users.keep_out(deed) => (state, Outcome::Is(false)),
            TryReadFor | TryWriteFor if state.users.keep_out(deed) => (state, Outcome::TimedOut),
            Read | TryRead | TryReadFor => {
                (used_by(&|all| insert(&mut all.readers, me)), state.told())
            }
            Write | TryWrite | TryWriteFor => (used_by(&|all| all.writer = Some(me)), state.told()),
            TakeWrite => {
                let take = |all: &mut Everyone| {
                    remove(&mut all.waiting, me);
                    all.writer = Some(me);
                };
                (used_by(&take), state.told())
            }
            EndRead => (used_by(&|all| remove(&mut all.readers, me)), Outcome::Done),
            EndWrite { data, poisons, .. } => {
                let is_poisoned = state.is_poisoned || poisons;
                let users = state.users.changed(|all| all.writer = None);
                (RwLockState { users, is_poisoned, data }, Outcome::Done)
            }
            Downgrade { data, .. } => {
                let users = state.users.changed(|all| {
                    all.writer = None;
                    insert(&mut all.readers, me);
                });
                (RwLockState { users, data, ..state }, Outcome::Done)
            }
            Inspect => (state, state.told()),
            Lend => (RwLockState { data: DataId::OPEN, ..state }, state.told()),
            Change(data) => (RwLockState { data, ..state }, Outcome::Done),
            IsPoisoned => (state, Outcome::Is(state.is_poisoned)),
            ClearPoison => (RwLockState { is_poisoned: false, ..state }, Outcome::Done),
        }
    }
}

impl Operation for RwLockOp {
    fn described(&self, name: &str) -> String {
        match self {
            TryReadFor | TryWriteFor => format!("{} with a timeout", self.doing(name)),
            IsPoisoned => format!("ask whether {name} is poisoned"),
            _ => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Read | TryReadFor => format!("read-lock {name}"),
            TryRead => format!("try to read-lock {name}"),
            Write | TakeWrite | TryWriteFor => format!("write-lock {name}"),
            TryWrite => format!("try to write-lock {name}"),
            EndRead => format!("read-unlock {name}"),
            EndWrite { poisons: true, .. } => format!("write-unlock {name}, poisoned"),
            EndWrite { data, changed: true, .. } => format!("write-unlock {name} = {data}"),
            EndWrite { .. } => format!("write-unlock {name}"),
            Downgrade { data, changed: true } => format!("only read {name} = {data}"),
            Downgrade { .. } => format!("only read {name}"),
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
            Outcome::Is(yes) if *self == IsPoisoned => {
                format!("{doing} {}", super::lock::yes_or_no(yes))
            }
            Outcome::Is(_) if *self == Write => format!("{doing}: held, waits"),
            Outcome::Is(_) => format!("{doing}: held"),
            Outcome::Had { data, is_poisoned: false } => format!("{doing} ➜ {data}"),
            Outcome::Had { data, is_poisoned: true } => format!("{doing} ➜ {data}, poisoned"),
            _ => doing,
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        match self {
            Read => Some(format!("{name}, to read")),
            TakeWrite => Some(format!("{name}, to write")),
            _ => None,
        }
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match self {
            _ if matches!(outcome, Outcome::TimedOut) => Arrow::Fails,
            TryRead | TryWrite if outcome == Outcome::Is(false) => Arrow::Fails,
            Write if outcome == Outcome::Is(false) => Arrow::Tells,
            Write | TakeWrite | TryWrite | TryWriteFor => Arrow::Takes,
            EndWrite { .. } | Downgrade { .. } => Arrow::Returns,
            EndRead | Change(_) | ClearPoison => Arrow::Tells,
            Read | TryRead | TryReadFor | Inspect | Lend | IsPoisoned => Arrow::IsTold,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Read => "read",
            TryRead => "try-read",
            TryReadFor => "try-read-for",
            Write => "write",
            TakeWrite => "take-write",
            TryWrite => "try-write",
            TryWriteFor => "try-write-for",
            EndRead => "end-read",
            EndWrite { .. } => "end-write",
            Downgrade { .. } => "downgrade",
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
        matches!(self, TryRead | TryWrite | IsPoisoned)
    }

    fn is_timed(&self) -> bool {
        matches!(self, TryReadFor | TryWriteFor)
    }

    fn doubt(&self) -> Option<Doubt> {
        (*self == Read).then_some(Doubt::LetIn)
    }
}
