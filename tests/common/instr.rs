//! The language of the random programs.

/// How many locks there are, and how many cells.
pub const OBJECTS: usize = 3;

/// What cells contain is counted round to 0 from here, so that a loop without end has finitely many
/// states.
pub const MODULUS: i64 = 4;

/// One instruction of a thread. A program is what its main thread does.
///
/// A thread keeps a list of what it has observed; the latest of it (0 if there is nothing) decides
/// what comes next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Instr {
    Acquire(usize),
    /// Observes 1 if it took the lock.
    AcquireTimeout(usize),
    /// Observes 1 if the lock was not held.
    Release(usize),
    Locked(usize),
    /// Does this under a guard.
    Guarded(usize, Vec<Instr>),
    Load(usize),
    /// Stores the latest observation plus this.
    Store(usize, i64),
    Set,
    Clear,
    IsSet,
    Wait,
    Yield,
    /// Starts a thread that does this.
    Spawn(Vec<Instr>),
    /// Joins the child that was spawned last and is not joined yet: observes how many things it
    /// observed, and those, or −1 if it panicked.
    Join,
    /// Asks whether that child has ended.
    IsFinished,
    /// Promises that what was observed so far determines the rest.
    Checkpoint,
    /// Leaves the run out if the latest observation is this.
    AssumeNot(i64),
    /// Panics if the latest observation is this.
    PanicIf(i64),
    /// Does the first if the latest observation is not 0, and the second if it is.
    If(Vec<Instr>, Vec<Instr>),
    /// Does this until the latest observation is not 0, at most so often, or for ever. What one
    /// round observed is forgotten in the next.
    Retry(Option<usize>, Vec<Instr>),
}

impl Instr {
    /// Whether a thread may ask if another one has ended.
    pub fn asks_for_ends(&self) -> bool {
        let ask = |body: &[Self]| body.iter().any(Self::asks_for_ends);
        match self {
            Self::IsFinished => true,
            Self::If(yes, no) => ask(yes) || ask(no),
            Self::Spawn(body) | Self::Guarded(_, body) | Self::Retry(_, body) => ask(body),
            _ => false,
        }
    }

    /// Whether it starts, joins or asks for a thread.
    pub fn is_about_threads(&self) -> bool {
        match self {
            Self::Spawn(_) | Self::Join | Self::IsFinished => true,
            Self::If(yes, no) => yes.iter().chain(no).any(Self::is_about_threads),
            Self::Guarded(_, body) | Self::Retry(_, body) => {
                body.iter().any(Self::is_about_threads)
            }
            _ => false,
        }
    }
}
