//! What is initialised once, by whoever comes first: std's `Once`, `OnceLock` and `LazyLock`.

use super::{Arrow, DataId, OnceId, Operation, Outcome, Primitive, Shown, ThreadId};

/// What is done to what is initialised once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnceOp {
    /// Begin to initialise it, if nobody has; wait while somebody does.
    Begin,
    /// The same, though a panic may have kept somebody from it.
    BeginAgain,
    /// Have initialised it with this.
    Complete(DataId),
    /// Have panicked instead, so that nobody is to begin.
    Poison,
    /// Have panicked instead; somebody else may begin.
    GiveUp,
    /// Initialise it with this at once, if nobody has; wait while somebody does.
    Set(DataId),
    /// Wait until it is initialised, or poisoned.
    Wait,
    /// Wait until it is initialised.
    WaitOn,
    /// Look at it.
    Get,
    /// Have it, which nobody else can reach, and leave it as it will be.
    Lend,
    /// Ask whether it is initialised.
    IsCompleted,
    /// Take it out, which nobody else can reach.
    Take,
    /// Say what it is that somebody left who had it alone.
    Change(DataId),
}

use OnceOp::{
    Begin, BeginAgain, Change, Complete, Get, GiveUp, IsCompleted, Lend, Poison, Set, Take, Wait,
    WaitOn,
};

/// How far it has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// Nobody has begun.
    #[default]
    Unbegun,
    /// This thread initialises it.
    Running(ThreadId),
    /// A panic kept somebody from it.
    Poisoned,
    /// It is initialised with this.
    Complete(DataId),
}

impl Progress {
    fn told(self) -> Outcome {
        match self {
            Self::Complete(data) => Outcome::Had { data, is_poisoned: false },
            Self::Poisoned => POISONED,
            Self::Unbegun | Self::Running(_) => Outcome::Is(false),
        }
    }

    /// Whether it is so that the operation has to wait.
    fn holds_up(self, deed: OnceOp) -> bool {
        match deed {
            Begin | BeginAgain | Set(_) => matches!(self, Self::Running(_)),
            Wait => matches!(self, Self::Unbegun | Self::Running(_)),
            WaitOn => !matches!(self, Self::Complete(_)),
            _ => false,
        }
    }
}

const POISONED: Outcome = Outcome::Had { data: DataId::NONE, is_poisoned: true };

impl Primitive for OnceId {
    type State = Progress;
    const BITS: usize = 64;

    #[inline]
    fn pack(state: Progress) -> u64 {
        match state {
            Progress::Unbegun => 0,
            Progress::Running(thread) => 1 | (thread.index() as u64) << 2,
            Progress::Poisoned => 2,
            Progress::Complete(data) => 3 | u64::from(data.word()) << 2,
        }
    }

    #[inline]
    fn unpack(bits: u64) -> Progress {
        match bits & 3 {
            0 => Progress::Unbegun,
            1 => Progress::Running(ThreadId::new((bits >> 2) as usize)),
            2 => Progress::Poisoned,
            _ => Progress::Complete(DataId::from_word((bits >> 2) as u32)),
        }
    }

    fn shown(state: Progress) -> Shown {
        match state {
            Progress::Running(thread) => Shown::Held(thread),
            state => Shown::Is(matches!(state, Progress::Complete(_))),
        }
    }

    #[inline]
    fn enabled(state: Progress, _: ThreadId, deed: OnceOp) -> bool {
        !state.holds_up(deed)
    }

    #[inline]
    fn contended(state: Progress, _: ThreadId, deed: OnceOp) -> bool {
        state.holds_up(deed)
    }

    fn awaited(state: Progress, deed: OnceOp) -> Option<ThreadId> {
        match state {
            Progress::Running(thread) if state.holds_up(deed) => Some(thread),
            _ => None,
        }
    }

    fn apply(state: Progress, thread: ThreadId, deed: OnceOp) -> (Progress, Outcome) {
        let told = state.told();
        match (deed, state) {
            (Begin | BeginAgain, Progress::Unbegun) => {
                (Progress::Running(thread), Outcome::Acquired)
            }
            (BeginAgain, Progress::Poisoned) => (Progress::Running(thread), told),
            (Set(data), Progress::Unbegun | Progress::Poisoned) => {
                (Progress::Complete(data), Outcome::Is(true))
            }
            (Set(_), _) => (state, Outcome::Is(false)),
            (Complete(data), _) => (Progress::Complete(data), Outcome::Done),
            (Poison, _) => (Progress::Poisoned, Outcome::Done),
            (GiveUp, _) => (Progress::Unbegun, Outcome::Done),
            (IsCompleted, _) => (state, Outcome::Is(matches!(state, Progress::Complete(_)))),
            (Lend, Progress::Complete(_)) => (Progress::Complete(DataId::OPEN), told),
            (Take, _) => (Progress::Unbegun, told),
            (Change(data), Progress::Complete(_)) => (Progress::Complete(data), Outcome::Done),
            (Change(_), _) => (state, Outcome::Done),
            (Begin | BeginAgain | Wait | WaitOn | Get | Lend, _) => (state, told),
        }
    }
}

/// Nothing is shown of what has no value.
fn with(name: &str, sign: &str, data: DataId) -> String {
    let data = data.to_string();
    if data.is_empty() { name.to_owned() } else { format!("{name} {sign} {data}") }
}

impl Operation for OnceOp {
    fn described(&self, name: &str) -> String {
        match self {
            IsCompleted => format!("ask whether {name} is initialised"),
            _ => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match *self {
            Begin | BeginAgain => format!("begin to initialise {name}"),
            Complete(data) => format!("initialise {}", with(name, "=", data)),
            Poison => format!("poison {name}"),
            GiveUp => format!("leave {name} uninitialised"),
            Set(data) => format!("set {}", with(name, "=", data)),
            Wait | WaitOn => format!("wait for {name}"),
            Get => format!("look at {name}"),
            Lend => format!("have {name} alone"),
            IsCompleted => format!("{name} initialised?"),
            Take => format!("take {name}"),
            Change(data) => with(name, "=", data),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let doing = self.doing(name);
        match (self, outcome) {
            (BeginAgain, POISONED) => format!("{doing} again"),
            (_, Outcome::Had { is_poisoned: true, .. }) => format!("{doing}: poisoned"),
            (Begin | BeginAgain, Outcome::Had { data, .. }) => {
                format!("{}: initialised", with(name, "➜", data))
            }
            (_, Outcome::Had { data, .. }) => with(&doing, "➜", data),
            (IsCompleted, Outcome::Is(yes)) => format!("{doing} {}", super::lock::yes_or_no(yes)),
            (Set(_), Outcome::Is(false)) => format!("{doing}: too late"),
            (_, Outcome::Is(false)) => format!("{doing}: uninitialised"),
            _ => doing,
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        let waits = matches!(self, Begin | BeginAgain | Set(_) | Wait | WaitOn);
        waits.then(|| format!("{name}, to be initialised"))
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match (self, outcome) {
            (Begin | BeginAgain, Outcome::Acquired) | (BeginAgain, POISONED) => Arrow::Takes,
            (Complete(_) | Poison | GiveUp, _) => Arrow::Returns,
            (Set(_), Outcome::Is(false)) => Arrow::Fails,
            (Set(_) | Change(_), _) => Arrow::Tells,
            (Begin | BeginAgain | Wait | WaitOn | Get | Lend | IsCompleted | Take, _) => {
                Arrow::IsTold
            }
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Begin => "begin",
            BeginAgain => "begin-again",
            Complete(_) => "complete",
            Poison => "poison",
            GiveUp => "give-up",
            Set(_) => "set",
            Wait => "wait",
            WaitOn => "wait-on",
            Get => "get",
            Lend => "lend",
            IsCompleted => "is-completed",
            Take => "take",
            Change(_) => "change",
        };
        (key, None)
    }

    fn only_looks(&self) -> bool {
        matches!(self, Wait | WaitOn | Get | IsCompleted)
    }

    fn asks(&self) -> bool {
        matches!(self, Get | IsCompleted)
    }
}
