//! std's condition variable: a notification is for one of those that wait when it comes.
//!
//! Which of them that is shows when one of them goes on: until then it is kept with those that it can be for. To
//! choose later leaves nothing out, since whoever is chosen could not do anything before. Who came earlier can
//! be meant by every notification that who came later can, so each takes the oldest that it can be meant by.

use super::{Arrow, CondvarId, DataId, Doubt, Operation, Outcome, Primitive, Shown, ThreadId};
use std::any::TypeId;

/// What is done to a condition variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CondvarOp {
    /// Be one of those that wait, before the mutex is given back.
    Wait,
    /// Go on, once notified; or without that, which cannot be counted on.
    Wake,
    /// Go on, once notified or when the time is over: the scheduler picks the moment.
    WakeTimeout,
    /// The same before either, which cannot be counted on.
    WakeEarly,
    /// Notify one of those that wait, if there is one.
    NotifyOne,
    /// Notify all that wait.
    NotifyAll,
}

use CondvarOp::{NotifyAll, NotifyOne, Wait, Wake, WakeEarly, WakeTimeout};

/// Who waits for a condition variable, and what notifications are under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiters(DataId);

/// One after the other: who waits, and notifications, each for one of those before it. Between two
/// notifications, those that wait are in the order of their numbers.
#[derive(Default)]
struct Queue(Vec<u8>);

/// A notification; threads are counted from 1.
const NOTIFIED: u8 = 0;

impl Waiters {
    fn queue(self) -> Queue {
        Queue(self.0.key())
    }

    /// How many wait that are not notified.
    fn waiting(self) -> usize {
        self.queue().unnotified()
    }

    fn is_notified(self, thread: ThreadId) -> bool {
        self.queue().notification_for(thread).is_some()
    }
}

impl Queue {
    fn packed(self) -> Waiters {
        if self.0.is_empty() {
            return Waiters::default();
        }
        Waiters(DataId::of(TypeId::of::<Self>(), self.0, String::new))
    }

    fn word(thread: ThreadId) -> u8 {
        u8::try_from(thread.index() + 1).expect("fewer than 255 threads")
    }

    fn unnotified(&self) -> usize {
        let notifications = self.0.iter().filter(|&&word| word == NOTIFIED).count();
        self.0.len() - 2 * notifications
    }

    fn place(&self, thread: ThreadId) -> Option<usize> {
        self.0.iter().position(|&word| word == Self::word(thread))
    }

    /// The oldest notification that can be for the thread.
    fn notification_for(&self, thread: ThreadId) -> Option<usize> {
        let place = self.place(thread)?;
        let after = self.0[place..].iter().position(|&word| word == NOTIFIED)?;
        Some(place + after)
    }

    fn add(&mut self, thread: ThreadId) {
        let from = self.0.iter().rposition(|&word| word == NOTIFIED).map_or(0, |at| at + 1);
        let at = self.0[from..].partition_point(|&word| word < Self::word(thread));
        self.0.insert(from + at, Self::word(thread));
    }

    fn notify(&mut self, most: usize) {
        let many = self.unnotified().min(most);
        self.0.extend(std::iter::repeat_n(NOTIFIED, many));
    }

    /// The thread goes on, by a notification if there is one for it; whether there was.
    fn remove(&mut self, thread: ThreadId) -> bool {
        let notification = self.notification_for(thread);
        if let Some(at) = notification {
            self.0.remove(at);
        }
        if let Some(at) = self.place(thread) {
            self.0.remove(at);
        }
        self.0.split_mut(|&word| word == NOTIFIED).for_each(<[u8]>::sort_unstable);
        notification.is_some()
    }
}

impl Primitive for CondvarId {
    type State = Waiters;
    const BITS: usize = 32;
    const DOUBTS: bool = true;

    #[inline]
    fn pack(state: Waiters) -> u64 {
        state.0.word().into()
    }

    #[inline]
    fn unpack(bits: u64) -> Waiters {
        Waiters(DataId::from_word(bits as u32))
    }

    fn shown(state: Waiters) -> Shown {
        Shown::Number(state.waiting() as i64)
    }

    /// Who is notified is not woken for no reason.
    fn enabled(state: Waiters, thread: ThreadId, deed: CondvarOp) -> bool {
        deed != WakeEarly || !state.is_notified(thread)
    }

    fn certain(state: Waiters, thread: ThreadId, deed: CondvarOp) -> bool {
        match deed {
            Wake => state.is_notified(thread),
            WakeEarly => false,
            _ => true,
        }
    }

    fn choices(deed: CondvarOp) -> u32 {
        if deed == WakeTimeout { 2 } else { 1 }
    }

    fn chosen(deed: CondvarOp, choice: u32) -> CondvarOp {
        if deed == WakeTimeout && choice == 1 { WakeEarly } else { deed }
    }

    fn choice(deed: CondvarOp) -> u32 {
        (deed == WakeEarly).into()
    }

    fn contended(state: Waiters, thread: ThreadId, deed: CondvarOp) -> bool {
        matches!(deed, Wake | WakeTimeout | WakeEarly) && !state.is_notified(thread)
    }

    fn apply(state: Waiters, thread: ThreadId, deed: CondvarOp) -> (Waiters, Outcome) {
        let mut queue = state.queue();
        let outcome = match deed {
            Wait => {
                queue.add(thread);
                Outcome::Done
            }
            Wake => {
                queue.remove(thread);
                Outcome::Done
            }
            WakeEarly => {
                queue.remove(thread);
                Outcome::Acquired
            }
            WakeTimeout if queue.remove(thread) => Outcome::Acquired,
            WakeTimeout => Outcome::TimedOut,
            NotifyOne => {
                queue.notify(1);
                Outcome::Done
            }
            NotifyAll => {
                queue.notify(usize::MAX);
                Outcome::Done
            }
        };
        (queue.packed(), outcome)
    }
}

impl Operation for CondvarOp {
    fn described(&self, name: &str) -> String {
        match self {
            WakeTimeout | WakeEarly => format!("wait for {name} with a timeout"),
            _ => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Wait => format!("begin to wait for {name}"),
            Wake | WakeTimeout | WakeEarly => format!("wait for {name}"),
            NotifyOne => format!("notify one of {name}"),
            NotifyAll => format!("notify all of {name}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        match (self, outcome) {
            (WakeTimeout, Outcome::TimedOut) => format!("{}: timed out", self.doing(name)),
            (Wake | WakeTimeout | WakeEarly, _) => format!("{}: woken", self.doing(name)),
            _ => self.doing(name),
        }
    }

    fn done_unprompted(&self, outcome: Outcome, name: &str) -> String {
        format!("{} without a notification", self.done(outcome, name))
    }

    fn awaited(&self, name: &str) -> Option<String> {
        (*self == Wake).then(|| format!("a notification of {name}"))
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match self {
            Wake | WakeTimeout if outcome == Outcome::TimedOut => Arrow::Fails,
            Wake | WakeTimeout | WakeEarly => Arrow::IsTold,
            Wait | NotifyOne | NotifyAll => Arrow::Tells,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Wait => "wait",
            Wake => "wake",
            WakeTimeout | WakeEarly => "wake-timeout",
            NotifyOne => "notify-one",
            NotifyAll => "notify-all",
        };
        (key, None)
    }

    fn is_timed(&self) -> bool {
        matches!(self, WakeTimeout | WakeEarly)
    }

    fn ends_a_round(&self) -> bool {
        *self == Wait
    }

    fn doubt(&self) -> Option<Doubt> {
        matches!(self, Wake | WakeEarly).then_some(Doubt::WakeUp)
    }
}
