//! A thread's token to go on: whoever parks takes it, or waits until it is there.

use super::{Arrow, Doubt, Operation, Outcome, ParkerId, Primitive, Shown, ThreadId};

/// What is done about a thread's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParkerOp {
    /// Take it, waiting until it is there; or go on without it, which cannot be counted on.
    Park,
    /// Take it, or time out; the scheduler picks the moment. Who goes on for no reason cannot tell that from a timeout.
    ParkTimeout,
    /// Give it, if it is not there.
    Unpark,
}

use ParkerOp::{Park, ParkTimeout, Unpark};

impl Primitive for ParkerId {
    /// Whether the token is there.
    type State = bool;
    const BITS: usize = 1;
    const DOUBTS: bool = true;

    #[inline]
    fn pack(token: bool) -> u64 {
        token.into()
    }

    #[inline]
    fn unpack(bits: u64) -> bool {
        bits == 1
    }

    fn shown(token: bool) -> Shown {
        Shown::Is(token)
    }

    #[inline]
    fn enabled(_: bool, _: ThreadId, _: ParkerOp) -> bool {
        true
    }

    #[inline]
    fn certain(token: bool, _: ThreadId, deed: ParkerOp) -> bool {
        deed != Park || token
    }

    #[inline]
    fn contended(token: bool, _: ThreadId, deed: ParkerOp) -> bool {
        deed != Unpark && !token
    }

    #[inline]
    fn apply(token: bool, _: ThreadId, deed: ParkerOp) -> (bool, Outcome) {
        match deed {
            Park => (false, Outcome::Done),
            ParkTimeout if token => (false, Outcome::Acquired),
            ParkTimeout => (false, Outcome::TimedOut),
            Unpark => (true, Outcome::Done),
        }
    }
}

impl Operation for ParkerOp {
    fn described(&self, name: &str) -> String {
        match self {
            ParkTimeout => "park with a timeout".to_owned(),
            _ => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Park | ParkTimeout => "park".to_owned(),
            Unpark => format!("unpark {name}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        match outcome {
            Outcome::TimedOut => "park: timed out".to_owned(),
            _ => self.doing(name),
        }
    }

    fn done_unprompted(&self, outcome: Outcome, name: &str) -> String {
        format!("{}: woken without being unparked", self.done(outcome, name))
    }

    fn awaited(&self, _: &str) -> Option<String> {
        (*self == Park).then(|| "being unparked".to_owned())
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match self {
            Park | ParkTimeout if outcome == Outcome::TimedOut => Arrow::Fails,
            Park | ParkTimeout => Arrow::IsTold,
            Unpark => Arrow::Tells,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Park => "park",
            ParkTimeout => "park-timeout",
            Unpark => "unpark",
        };
        (key, None)
    }

    fn is_timed(&self) -> bool {
        *self == ParkTimeout
    }

    fn ends_a_round(&self) -> bool {
        *self == Park
    }

    fn doubt(&self) -> Option<Doubt> {
        (*self == Park).then_some(Doubt::WakeUp)
    }
}
