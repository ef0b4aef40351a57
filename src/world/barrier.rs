//! std's barrier: threads that come wait until enough have come, and then all of them go on.
//!
//! Any of those that were let go together can be their leader; here it is the one that goes on first. Some may
//! not have gone on yet when others have come again.

use super::{Arrow, BarrierId, DataId, Operation, Outcome, Primitive, Shown, ThreadId};
use std::any::TypeId;

/// What is done to a barrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BarrierOp {
    /// Be one of those that have come.
    Arrive,
    /// Go on, once enough have come.
    Leave,
}

use BarrierOp::{Arrive, Leave};

/// How many a barrier lets go together, and who has come to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BarrierState {
    /// So many.
    pub threads: u32,
    parties: DataId,
}

impl BarrierState {
    /// A barrier that nobody has come to.
    pub(crate) fn new(threads: usize) -> Self {
        let threads = u32::try_from(threads).unwrap_or(u32::MAX);
        Self { threads, parties: DataId::default() }
    }

    fn parties(self) -> Parties {
        Parties::of(&self.parties.key())
    }
}

/// Threads, counted from 1.
type Threads = Vec<u8>;

/// Ends a list of threads.
const END: u8 = 0;

/// Everybody who has come and not gone on, each list in the order of their numbers.
#[derive(Default)]
struct Parties {
    waiting: Threads,
    /// Those that may go on, and whose leader has.
    led: Threads,
    /// Those that may go on together, and whose leader has not.
    unled: Vec<Threads>,
}

impl Parties {
    fn of(key: &[u8]) -> Self {
        let mut lists = key.split(|&word| word == END).map(<[u8]>::to_vec);
        let (waiting, led) = (lists.next().unwrap_or_default(), lists.next().unwrap_or_default());
        Self { waiting, led, unled: lists.filter(|list| !list.is_empty()).collect() }
    }

    fn packed(mut self) -> DataId {
        self.unled.sort_unstable();
        let lists = [self.waiting, self.led].into_iter().chain(self.unled);
        let key = lists.collect::<Vec<_>>().join(&END);
        if key == [END] {
            return DataId::default();
        }
        DataId::of(TypeId::of::<Self>(), key, String::new)
    }

    fn add(&mut self, thread: ThreadId, threads: u32) {
        insert(&mut self.waiting, word(thread));
        if self.waiting.len() >= threads as usize {
            self.unled.push(std::mem::take(&mut self.waiting));
        }
    }

    /// The thread goes on; whether it is the leader.
    fn remove(&mut self, thread: ThreadId) -> bool {
        let word = word(thread);
        self.led.retain(|&other| other != word);
        let Some(at) = self.unled.iter().position(|party| party.contains(&word)) else {
            return false;
        };
        let party = self.unled.remove(at);
        party.into_iter().filter(|&other| other != word).for_each(|it| insert(&mut self.led, it));
        true
    }

    fn keep(&self, thread: ThreadId) -> bool {
        self.waiting.contains(&word(thread))
    }
}

fn word(thread: ThreadId) -> u8 {
    u8::try_from(thread.index() + 1).expect("fewer than 255 threads")
}

fn insert(threads: &mut Threads, word: u8) {
    threads.insert(threads.partition_point(|&other| other < word), word);
}

impl Primitive for BarrierId {
    type State = BarrierState;
    const BITS: usize = 64;

    #[inline]
    fn pack(state: BarrierState) -> u64 {
        u64::from(state.threads) | u64::from(state.parties.word()) << 32
    }

    #[inline]
    fn unpack(bits: u64) -> BarrierState {
        let parties = DataId::from_word((bits >> 32) as u32);
        BarrierState { threads: bits as u32, parties }
    }

    fn shown(state: BarrierState) -> Shown {
        Shown::Number(state.parties().waiting.len() as i64)
    }

    fn enabled(state: BarrierState, thread: ThreadId, deed: BarrierOp) -> bool {
        deed != Leave || !state.parties().keep(thread)
    }

    fn contended(state: BarrierState, thread: ThreadId, deed: BarrierOp) -> bool {
        !Self::enabled(state, thread, deed)
    }

    fn apply(state: BarrierState, thread: ThreadId, deed: BarrierOp) -> (BarrierState, Outcome) {
        let mut parties = state.parties();
        let outcome = match deed {
            Arrive => {
                parties.add(thread, state.threads);
                Outcome::Done
            }
            Leave => Outcome::Is(parties.remove(thread)),
        };
        (BarrierState { parties: parties.packed(), ..state }, outcome)
    }
}

impl Operation for BarrierOp {
    fn doing(&self, name: &str) -> String {
        match self {
            Arrive => format!("arrive at {name}"),
            Leave => format!("wait at {name}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        match (self, outcome) {
            (Leave, Outcome::Is(true)) => format!("go on from {name}, as the leader"),
            (Leave, _) => format!("go on from {name}"),
            (Arrive, _) => self.doing(name),
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        (*self == Leave).then(|| format!("others at {name}"))
    }

    fn arrow(&self, _: Outcome) -> Arrow {
        match self {
            Arrive => Arrow::Tells,
            Leave => Arrow::IsTold,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Arrive => "arrive",
            Leave => "leave",
        };
        (key, None)
    }
}
