//! What keeps the product engine from an answer.

use super::automata::{Automata, Deed, Divergence};
use super::follower::Endless;
use super::lead::{ALIKE, GROWN};
use crate::thousands;
use crate::trace::Names;
use crate::world::{Object, ThreadId};
use std::error::Error;
use std::fmt;

/// The program, or the engine, is not what the proof would rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductError {
    /// A thread's next operation is not a function of what it was told.
    Nondeterministic {
        /// The thread's name.
        thread: String,
        /// What it did first, and where.
        before: String,
        /// What it did the other time, and where.
        now: String,
    },
    /// A thread came neither to another operation nor to its end.
    Lost {
        /// The thread's name.
        thread: String,
    },
    /// Runs of the real code did what the search had not met.
    Unforeseen {
        /// What it did.
        what: String,
    },
    /// A counterexample did not happen on the real code.
    NotReproduced {
        /// How it fails.
        failure: crate::engine::Failure,
    },
    /// A thread does the same over and over, and there is no end in sight.
    Endless {
        /// The thread's name.
        thread: String,
        /// What it did, and where.
        what: String,
    },
    /// A thread does the same over and over, each time with other values, and there is no end in sight.
    Growing {
        /// The thread's name.
        thread: String,
        /// What it did at a place, and where.
        first: String,
        /// What it did there at last.
        last: String,
    },
    /// The search met what it cannot answer for.
    Refused {
        /// Why, in words that go on from "cut short".
        why: String,
    },
    /// There are more threads than a state has room for.
    TooManyThreads {
        /// How many there may be.
        max: usize,
    },
}

impl Error for ProductError {}

impl fmt::Display for ProductError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nondeterministic { thread, before, now } => write!(
                f,
                "{thread} is not determined by what it was told: it came to {before} and, told the same, \
                 to {now}; look for a clock, a hash map's order, a static or a thread local, const_new in \
                 what is checked, data passed outside of tellers::sync, std::thread::panicking() or a poisoned lock of std while another \
                 thread is being unwound (std counts panics for each OS thread), or a checkpoint whose key \
                 forgets too much"
            ),
            Self::Lost { thread } => write!(
                f,
                "{thread} came neither to another operation of tellers::sync nor to its end; it may wait \
                 for another thread by other means, such as a lock of shuttle's own"
            ),
            Self::Unforeseen { what } => {
                write!(f, "a random run of the real code did what the search had not met: {what}")
            }
            Self::NotReproduced { failure } => {
                write!(f, "the {failure} that was found did not happen again on the real code")
            }
            Self::Endless { thread, what } => write!(
                f,
                "{thread} has done {} operations that hardly differ, came to {what}, and is not at its \
                 end: it may go round for ever, each time in another state; put \
                 tellers::sync::checkpoint(key) at the head of the loop, with what it carries from one \
                 round to the next as the key",
                thousands(ALIKE)
            ),
            Self::Growing { thread, first, last } => write!(
                f,
                "{thread} has done {} operations at the same places and is not at its end, and what it does \
                 grows: it came from {first} to {last}; what it carries from one round to the next may have no \
                 end, or one that is too far off, and so may the states: bound it, and leave what does not \
                 matter out of the key of tellers::sync::checkpoint",
                thousands(GROWN)
            ),
            Self::Refused { why } => write!(f, "the search was cut short {why}"),
            Self::TooManyThreads { max } => {
                write!(f, "more than {max} threads; the product engine has no room for them")
            }
        }
    }
}

impl ProductError {
    pub(crate) fn diverged(divergence: &Divergence, names: &Names) -> Self {
        Self::Nondeterministic {
            thread: names.thread(divergence.thread).to_owned(),
            before: words(&divergence.before, names),
            now: words(&divergence.now, names),
        }
    }

    pub(crate) fn endless(endless: Endless, automata: &Automata, names: &Names) -> Self {
        let what = |node| words(automata.deed(node), names);
        let thread = |node| names.thread(automata.thread(node)).to_owned();
        match endless {
            Endless::Alike(node) => Self::Endless { thread: thread(node), what: what(node) },
            Endless::Growing(first, last) => {
                Self::Growing { thread: thread(last), first: what(first), last: what(last) }
            }
        }
    }

    pub(crate) fn lost(thread: ThreadId, names: &Names) -> Self {
        Self::Lost { thread: names.thread(thread).to_owned() }
    }
}

fn words(deed: &Deed, names: &Names) -> String {
    match deed {
        Deed::Op(op, place) => format!("`{}` ({place})", names.describe(*op)),
        Deed::Cut => "a broken assumption".into(),
        Deed::Made(objects) if objects.is_empty() => "nothing new".into(),
        Deed::Made(objects) => {
            let made = |&(object, bits): &(Object, u64)| match object.kind.shown(bits).number() {
                Some(value) => format!("`{} = {value}`", names.name(object)),
                None => format!("`{}`", names.name(object)),
            };
            format!("new objects: {}", objects.iter().map(made).collect::<Vec<_>>().join(", "))
        }
        Deed::End(None) => "its end".into(),
        Deed::End(Some(message)) => format!("a panic: {message}"),
    }
}
