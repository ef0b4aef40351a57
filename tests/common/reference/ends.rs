//! The ends of channels that a thread has.

use super::super::instr::{CHANNELS, End};
use super::state::Name;

/// The channels of which a thread has ends, by their number, with the latest last.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Ends {
    pub(super) senders: [Vec<Name>; CHANNELS],
    pub(super) receivers: [Vec<Name>; CHANNELS],
}

impl Ends {
    pub(super) fn is_empty(&self) -> bool {
        self.senders.iter().chain(&self.receivers).all(Vec::is_empty)
    }

    /// The first one that is dropped, if there is a sender.
    pub(super) fn take_sender(&mut self) -> Option<Name> {
        take_first(&mut self.senders)
    }

    pub(super) fn take_receiver(&mut self) -> Option<Name> {
        take_first(&mut self.receivers)
    }

    /// These, as far as they are there, are another thread's from here on.
    pub(super) fn split_off(&mut self, ends: &[End]) -> Self {
        let mut other = Self::default();
        for end in ends {
            match *end {
                End::Sender(i) => other.senders[i].extend(self.senders[i].pop()),
                End::Receiver(i) => other.receivers[i].extend(self.receivers[i].pop()),
            }
        }
        other
    }
}

fn take_first(ends: &mut [Vec<Name>]) -> Option<Name> {
    ends.iter_mut().find(|ends| !ends.is_empty()).map(|ends| ends.remove(0))
}
