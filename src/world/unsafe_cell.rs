//! Data that nothing guards: who reads or writes them relies on others not to write or use them meanwhile.
//!
//! An access begins and ends, and what comes between may be anything. A thread that has come to begin one while
//! another one goes on, of which one writes, is in a data race: nothing orders the two, in whatever order they come. From
//! there on nothing is defined, so its access never begins.

use super::{Arrow, DataId, LockId, Operation, Outcome, Primitive, Shown, ThreadId, UnsafeCellId};

/// What is done to such data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnsafeCellOp {
    /// Begin to read.
    BeginRead,
    /// Read no more.
    EndRead,
    /// Begin to write.
    BeginWrite,
    /// Write no more, and leave this.
    EndWrite(DataId),
    /// Look at the data, which nobody else can reach.
    Inspect,
    /// Have the data, which nobody else can reach, and leave them as they will be.
    Lend,
    /// Say what the data are that somebody left who had them alone.
    Change(DataId),
}

use UnsafeCellOp::{BeginRead, BeginWrite, Change, EndRead, EndWrite, Inspect, Lend};

/// Who uses such data, and what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnsafeCellState {
    /// Who writes.
    pub writer: Option<ThreadId>,
    /// How many accesses read.
    pub readers: u16,
    /// The data, as they were left.
    pub data: DataId,
}

impl UnsafeCellState {
    fn told(self) -> Outcome {
        Outcome::Had { data: self.data, is_poisoned: false }
    }
}

/// Where the bits of the readers begin, and those of the writer.
const READERS: u32 = 32;
const WRITER: u32 = 48;

impl Primitive for UnsafeCellId {
    type State = UnsafeCellState;
    const BITS: usize = 64;

    #[inline]
    fn pack(state: UnsafeCellState) -> u64 {
        let readers = u64::from(state.readers) << READERS;
        u64::from(state.data.word()) | readers | LockId::pack(state.writer) << WRITER
    }

    #[inline]
    fn unpack(bits: u64) -> UnsafeCellState {
        UnsafeCellState {
            writer: LockId::unpack(bits >> WRITER),
            readers: (bits >> READERS) as u16,
            data: DataId::from_word(bits as u32),
        }
    }

    fn shown(state: UnsafeCellState) -> Shown {
        match state.writer {
            Some(thread) => Shown::Held(thread),
            None if state.readers == 0 => Shown::Nobody,
            None => Shown::Readers(state.readers.into()),
        }
    }

    #[inline]
    fn enabled(state: UnsafeCellState, _: ThreadId, deed: UnsafeCellOp) -> bool {
        !Self::races(state, deed)
    }

    #[inline]
    fn races(state: UnsafeCellState, deed: UnsafeCellOp) -> bool {
        match deed {
            BeginRead => state.writer.is_some(),
            BeginWrite | Inspect | Lend => state.writer.is_some() || state.readers > 0,
            EndRead | EndWrite(_) | Change(_) => false,
        }
    }

    #[inline(always)]
    fn apply(
        state: UnsafeCellState,
        thread: ThreadId,
        deed: UnsafeCellOp,
    ) -> (UnsafeCellState, Outcome) {
        match deed {
            BeginRead => (UnsafeCellState { readers: state.readers + 1, ..state }, state.told()),
            BeginWrite => (UnsafeCellState { writer: Some(thread), ..state }, state.told()),
            EndRead => {
                let readers = state.readers.saturating_sub(1);
                (UnsafeCellState { readers, ..state }, Outcome::Done)
            }
            EndWrite(data) => (UnsafeCellState { writer: None, data, ..state }, Outcome::Done),
            Inspect => (state, state.told()),
            Lend => (UnsafeCellState { data: DataId::OPEN, ..state }, state.told()),
            Change(data) => (UnsafeCellState { data, ..state }, Outcome::Done),
        }
    }
}

impl Operation for UnsafeCellOp {
    fn doing(&self, name: &str) -> String {
        match self {
            BeginRead => format!("begin to read {name}"),
            EndRead => format!("read {name} no more"),
            BeginWrite => format!("begin to write {name}"),
            EndWrite(data) => format!("write {name} no more = {data}"),
            Inspect => format!("look at {name}"),
            Lend => format!("have {name} alone"),
            Change(data) => format!("{name} = {data}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let doing = self.doing(name);
        match outcome {
            Outcome::Had { data, .. } => format!("{doing} ➜ {data}"),
            _ => doing,
        }
    }

    fn arrow(&self, _: Outcome) -> Arrow {
        match self {
            BeginRead | Inspect | Lend => Arrow::IsTold,
            BeginWrite => Arrow::Takes,
            EndWrite(_) => Arrow::Returns,
            EndRead | Change(_) => Arrow::Tells,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            BeginRead => "begin-read",
            EndRead => "end-read",
            BeginWrite => "begin-write",
            EndWrite(_) => "end-write",
            Inspect => "inspect",
            Lend => "lend",
            Change(_) => "change",
        };
        (key, None)
    }

    fn only_looks(&self) -> bool {
        matches!(self, Inspect)
    }
}
