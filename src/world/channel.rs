//! std's channel: values go from those that send to the one that receives, in the order in which they come.
//!
//! Where there is no room at all, who sends offers the value and then waits until it is received; and who
//! receives says before that it is about to, since only then can be sent what nobody waits with.

use super::{Arrow, ChannelId, DataId, Operation, Outcome, Primitive, Shown, ThreadId};
use std::any::TypeId;

/// What is done to a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelOp {
    /// Send this, waiting while there is no room.
    Send(DataId),
    /// Send this if there is room, or if somebody waits for it where there never is.
    TrySend(DataId),
    /// Offer this, where there never is room.
    Offer(DataId),
    /// Wait until what was offered is received.
    HandOver,
    /// Be about to receive, where there never is room.
    Await,
    /// Receive, waiting while nothing is there.
    Receive,
    /// Receive if something is there.
    TryReceive,
    /// Receive, or time out; the scheduler picks the moment.
    ReceiveTimeout,
    /// Be one more that can send.
    AddSender,
    /// Be one less that can send.
    DropSender,
    /// Receive no more.
    DropReceiver,
}

use ChannelOp::{
    AddSender, Await, DropReceiver, DropSender, HandOver, Offer, Receive, ReceiveTimeout, Send,
    TryReceive, TrySend,
};

/// All that threads can tell of a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelState(DataId);

impl ChannelState {
    /// A channel with room for so many, or for any number, of which there are both ends.
    pub(crate) fn new(room: Option<usize>) -> Self {
        let room = room.map_or(ANY, |room| u32::try_from(room).unwrap_or(ANY));
        Inside { room, senders: 1, receives: true, ..Inside::default() }.packed()
    }

    fn inside(self) -> Inside {
        Inside::of(&self.0.key())
    }
}

/// Room for any number.
const ANY: u32 = u32::MAX;

/// Nobody waits with it.
const NOBODY: u32 = u32::MAX;

#[derive(Clone, Debug, Default)]
struct Inside {
    room: u32,
    senders: u32,
    receives: bool,
    is_awaited: bool,
    /// What is there, and which thread waits with it.
    queue: Vec<(u32, DataId)>,
}

impl Inside {
    fn of(key: &[u8]) -> Self {
        let words = key.chunks_exact(4).map(|word| word.try_into().expect("it has four bytes"));
        let mut words = words.map(u32::from_le_bytes);
        let mut next = || words.next().unwrap_or_default();
        let (room, senders, receives, is_awaited) = (next(), next(), next() == 1, next() == 1);
        let mut queue = Vec::new();
        while let (Some(thread), Some(data)) = (words.next(), words.next()) {
            queue.push((thread, DataId::from_word(data)));
        }
        Self { room, senders, receives, is_awaited, queue }
    }

    fn packed(&self) -> ChannelState {
        let head = [self.room, self.senders, self.receives.into(), self.is_awaited.into()];
        let queue = self.queue.iter().flat_map(|&(thread, data)| [thread, data.word()]);
        let key = head.into_iter().chain(queue).flat_map(u32::to_le_bytes).collect();
        ChannelState(DataId::of(TypeId::of::<Self>(), key, String::new))
    }

    fn has_room(&self) -> bool {
        match self.room {
            0 => self.is_awaited && self.queue.is_empty(),
            room => self.queue.len() < room as usize,
        }
    }

    fn offer_of(&self, thread: ThreadId) -> Option<usize> {
        self.queue.iter().position(|&(by, _)| by as usize == thread.index())
    }

    /// Whether it is so that the operation has to wait, or will time out or fail.
    fn holds_up(&self, thread: ThreadId, deed: ChannelOp) -> bool {
        match deed {
            Send(_) | TrySend(_) => self.receives && !self.has_room(),
            HandOver => self.receives && self.offer_of(thread).is_some(),
            Receive | ReceiveTimeout | TryReceive => self.queue.is_empty() && self.senders > 0,
            _ => false,
        }
    }

    fn send(&mut self, by: u32, data: DataId) -> Outcome {
        if !self.receives {
            return Outcome::Gone;
        }
        self.queue.push((by, data));
        Outcome::Done
    }

    fn receive(&mut self) -> Outcome {
        self.is_awaited = false;
        if self.queue.is_empty() {
            return Outcome::Gone;
        }
        let (_, data) = self.queue.remove(0);
        Outcome::Had { data, is_poisoned: false }
    }

    /// What waits with somebody is his.
    fn drop_receiver(&mut self) {
        self.receives = false;
        self.is_awaited = false;
        self.queue.retain(|&(by, _)| by != NOBODY);
    }

    fn apply(&mut self, thread: ThreadId, deed: ChannelOp) -> Outcome {
        let held_up = self.holds_up(thread, deed);
        match deed {
            TrySend(_) if held_up => return Outcome::Is(false),
            TrySend(data) => match self.send(NOBODY, data) {
                Outcome::Done => return Outcome::Is(true),
                gone => return gone,
            },
            Send(data) => return self.send(NOBODY, data),
            Offer(data) => return self.send(thread.index() as u32, data),
            HandOver => {
                if let Some(at) = self.offer_of(thread) {
                    self.queue.remove(at);
                    return Outcome::Gone;
                }
            }
            TryReceive if held_up => return Outcome::Is(false),
            ReceiveTimeout if held_up => {
                self.is_awaited = false;
                return Outcome::TimedOut;
            }
            Receive | ReceiveTimeout | TryReceive => return self.receive(),
            Await => self.is_awaited = true,
            AddSender => self.senders += 1,
            DropSender => self.senders = self.senders.saturating_sub(1),
            DropReceiver => self.drop_receiver(),
        }
        Outcome::Done
    }
}

impl Primitive for ChannelId {
    type State = ChannelState;
    const BITS: usize = 32;

    #[inline]
    fn pack(state: ChannelState) -> u64 {
        state.0.word().into()
    }

    #[inline]
    fn unpack(bits: u64) -> ChannelState {
        ChannelState(DataId::from_word(bits as u32))
    }

    fn shown(state: ChannelState) -> Shown {
        Shown::Number(state.inside().queue.len() as i64)
    }

    fn enabled(state: ChannelState, thread: ThreadId, deed: ChannelOp) -> bool {
        !matches!(deed, Send(_) | HandOver | Receive) || !state.inside().holds_up(thread, deed)
    }

    fn contended(state: ChannelState, thread: ThreadId, deed: ChannelOp) -> bool {
        state.inside().holds_up(thread, deed)
    }

    fn apply(state: ChannelState, thread: ThreadId, deed: ChannelOp) -> (ChannelState, Outcome) {
        let mut inside = state.inside();
        let outcome = inside.apply(thread, deed);
        (inside.packed(), outcome)
    }
}

impl Operation for ChannelOp {
    fn described(&self, name: &str) -> String {
        match self {
            ReceiveTimeout => format!("{} with a timeout", self.doing(name)),
            _ => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Send(data) => format!("send {data} to {name}"),
            TrySend(data) => format!("try to send {data} to {name}"),
            Offer(data) => format!("offer {data} to {name}"),
            HandOver => format!("hand it over to {name}"),
            Await => format!("come to receive from {name}"),
            Receive | ReceiveTimeout => format!("receive from {name}"),
            TryReceive => format!("try to receive from {name}"),
            AddSender => format!("clone a sender of {name}"),
            DropSender => format!("drop a sender of {name}"),
            DropReceiver => format!("drop the receiver of {name}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let doing = self.doing(name);
        match (self, outcome) {
            (_, Outcome::TimedOut) => format!("{doing}: timed out"),
            (Receive | ReceiveTimeout | TryReceive, Outcome::Gone) => {
                format!("{doing}: nobody sends any more")
            }
            (_, Outcome::Gone) => format!("{doing}: nobody receives any more"),
            (TrySend(_), Outcome::Is(false)) => format!("{doing}: no room"),
            (_, Outcome::Is(false)) => format!("{doing}: nothing there"),
            (_, Outcome::Had { data, .. }) => format!("{doing} ➜ {data}"),
            _ => doing,
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        match self {
            Send(_) => Some(format!("room in {name}")),
            HandOver => Some(format!("somebody to receive from {name}")),
            Receive => Some(format!("something to receive from {name}")),
            _ => None,
        }
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match (self, outcome) {
            (_, Outcome::TimedOut | Outcome::Gone | Outcome::Is(false)) => Arrow::Fails,
            (HandOver | Receive | TryReceive | ReceiveTimeout, _) => Arrow::IsTold,
            _ => Arrow::Tells,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Send(_) => "send",
            TrySend(_) => "try-send",
            Offer(_) => "offer",
            HandOver => "hand-over",
            Await => "await",
            Receive => "receive",
            TryReceive => "try-receive",
            ReceiveTimeout => "receive-timeout",
            AddSender => "add-sender",
            DropSender => "drop-sender",
            DropReceiver => "drop-receiver",
        };
        (key, None)
    }

    fn asks(&self) -> bool {
        matches!(self, TrySend(_) | TryReceive)
    }

    fn is_timed(&self) -> bool {
        *self == ReceiveTimeout
    }
}
