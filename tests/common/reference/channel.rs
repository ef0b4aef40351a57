//! A channel, as std's documentation has it.

use super::super::instr::How;
use super::state::Name;
use std::collections::VecDeque;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Channel {
    /// For how many there is room, if not for any number.
    room: Option<usize>,
    pub(super) senders: usize,
    /// Whether there is somebody to receive, and whether he is about to.
    receives: bool,
    waits: bool,
    sent: VecDeque<i64>,
    /// What nobody has received yet of those that wait until it is received, where there is no room.
    offered: VecDeque<(Name, i64)>,
}

/// What comes of sending.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Yes,
    ToNobody,
    NoRoom,
}

impl Channel {
    pub(super) fn new(room: Option<usize>) -> Self {
        let (sent, offered) = (VecDeque::new(), VecDeque::new());
        Self { room, senders: 1, receives: true, waits: false, sent, offered }
    }

    pub(super) fn is_rendezvous(&self) -> bool {
        self.room == Some(0)
    }

    /// Without room, only who waits for it can be sent anything, and only one thing.
    pub(super) fn send(&mut self, number: i64) -> Sent {
        let is_free = match self.room {
            Some(0) => self.waits && self.sent.is_empty() && self.offered.is_empty(),
            Some(room) => self.sent.len() < room,
            None => true,
        };
        if !self.receives {
            return Sent::ToNobody;
        }
        self.sent.extend(is_free.then_some(number));
        if is_free { Sent::Yes } else { Sent::NoRoom }
    }

    /// A thread offers this to whoever will receive, if there is somebody.
    pub(super) fn offer(&mut self, thread: &Name, number: i64) -> Sent {
        if !self.receives {
            return Sent::ToNobody;
        }
        self.offered.push_back((thread.clone(), number));
        Sent::Yes
    }

    /// What came of a thread's offer.
    pub(super) fn handed_over(&mut self, thread: &Name) -> Sent {
        let is_there = self.offered.iter().any(|(by, _)| by == thread);
        match (is_there, self.receives) {
            (false, _) => Sent::Yes,
            (true, true) => Sent::NoRoom,
            (true, false) => {
                self.offered.retain(|(by, _)| by != thread);
                Sent::ToNobody
            }
        }
    }

    /// Somebody is about to receive.
    pub(super) fn wait(&mut self) {
        self.waits = true;
    }

    /// What is received, −1 if nobody sends any more, and −2 if there is nothing; nothing if that is waited for.
    pub(super) fn receive(&mut self, how: How) -> Option<i64> {
        let offered = || self.offered.pop_front().map(|(_, number)| number);
        let received = match self.sent.pop_front().or_else(offered) {
            Some(number) => number,
            None if self.senders == 0 => -1,
            None if how == How::Waits => return None,
            None => -2,
        };
        self.waits = false;
        Some(received)
    }

    /// What was sent is lost; what was only offered is not.
    pub(super) fn drop_receiver(&mut self) {
        (self.receives, self.waits) = (false, false);
        self.sent.clear();
    }
}
