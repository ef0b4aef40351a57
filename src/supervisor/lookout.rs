//! Looks at a search from outside, and at what is left of it.

use super::crash::{Cause, Crash};
use super::ward::{How, Pulse, Ward};
use super::{Allowance, TICK};
#[cfg(target_os = "linux")]
use {
    super::{Membership, memory::Share, start},
    std::sync::mpsc::channel,
    std::thread::{Builder, sleep},
};

/// Looks at a search now and then.
pub(super) struct Lookout {
    ward: &'static Ward,
    allowance: Allowance,
    pulse: Option<Pulse>,
    /// For how many looks the pulse has been the same.
    looks: u32,
    /// The bytes that searches had taken when it changed.
    taken: usize,
    #[cfg(target_os = "linux")]
    memory: Share,
}

impl Lookout {
    pub(super) fn new(ward: &'static Ward, allowance: Allowance) -> Self {
        Self {
            ward,
            allowance,
            pulse: None,
            looks: 0,
            taken: 0,
            #[cfg(target_os = "linux")]
            memory: Share::new(allowance.bytes),
        }
    }

    /// Sees whether the search has crashed. Looks are counted, and not the time that they take: a
    /// process that was stopped for a while has not been looked at.
    pub(super) fn look(&mut self) -> Result<(), Crash> {
        let pulse = self.ward.pulse();
        let taken = look_at_memory();
        if self.pulse.replace(pulse) == Some(pulse) {
            self.looks += 1;
        } else {
            (self.looks, self.taken) = (0, taken);
        }
        let cause = self.ward.take_crash().map(|how| self.cause(how));
        let cause = cause.or_else(|| self.stuck(pulse, taken));
        cause.map_or(Ok(()), |cause| Err(self.give_up(cause)))
    }

    fn give_up(&mut self, cause: Cause) -> Crash {
        #[cfg(target_os = "linux")]
        match cause {
            Cause::Memory { .. } => self.memory.was_refused(),
            _ => Share::let_grow(),
        }
        self.ward.give_up(cause)
    }

    /// The search is over for whoever asked. As long as threads of it go on they may take memory, and
    /// are looked at until they have stopped.
    #[cfg(target_os = "linux")]
    pub(super) fn end(self, asker: Membership) {
        if !self.ward.goes_on() {
            return self.leave();
        }
        let (hand_over, handed_over) = channel::<(Self, Membership)>();
        let name = "tellers: what a search has left";
        let watcher = start(Builder::new().name(name.into()), move || {
            handed_over.iter().for_each(|(lookout, asker)| lookout.watch(&asker));
        });
        match watcher {
            Ok(_) => drop(hand_over.send((self, asker))),
            // They go on unseen.
            Err(_) => self.memory.leave_behind(),
        }
    }

    #[cfg(target_os = "linux")]
    fn watch(mut self, asker: &Membership) {
        loop {
            // Asked first: the last one may stop because it is refused.
            let goes_on = asker.ward().goes_on();
            if asker.ward().take_crash() == Some(How::Refused) {
                self.memory.was_refused();
            }
            Share::look();
            if !goes_on {
                break;
            }
            sleep(TICK);
        }
        self.leave();
    }

    /// A thread that has stopped holds what it took; one that has ended does not.
    #[cfg(target_os = "linux")]
    fn leave(self) {
        if self.ward.stopped() > 0 {
            self.memory.leave_behind();
        }
    }

    fn cause(&self, how: How) -> Cause {
        match how {
            #[cfg(target_os = "linux")]
            How::Refused => Cause::Memory { taken: Share::too_much() },
            #[cfg(not(target_os = "linux"))]
            How::Refused => Cause::Aborted,
            How::Overflowed => Cause::Overflowed,
            How::Aborted => Cause::Aborted,
            How::AbortedUnwinding => {
                self.ward.panicked_again().map_or(Cause::Aborted, Cause::PanickedAgain)
            }
        }
    }

    fn stuck(&self, pulse: Pulse, taken: usize) -> Option<Cause> {
        let time = self.allowance.stuck_after;
        let late = TICK.saturating_mul(self.looks) >= time;
        let grown = taken.saturating_sub(self.taken);
        (pulse.is_of_the_model() && late).then_some(Cause::Stuck { time, grown })
    }
}

/// The bytes that searches have taken, where that is looked at.
fn look_at_memory() -> usize {
    #[cfg(target_os = "linux")]
    return Share::look();
    #[cfg(not(target_os = "linux"))]
    0
}
