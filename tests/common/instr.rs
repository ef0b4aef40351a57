//! The language of the random programs.

/// How many there are of locks, cells, mutexes, condition variables and atomics each.
pub const OBJECTS: usize = 3;

/// How many channels a thread may have ends of.
pub const CHANNELS: usize = 2;

/// What cells contain is counted round to 0 from here, so that a loop without end has finitely many
/// states.
pub const MODULUS: i64 = 4;

/// What a payload is more than what was observed: so it is told from how many things a thread observed; and
/// what is observed more of data that are poisoned.
pub const PAYLOAD: i64 = 100;

/// One instruction of a thread. A program is what its main thread does.
///
/// A thread keeps a list of what it has observed; the latest of it (0 if there is nothing) decides
/// what comes next. A destructor has such a list of its own, and the objects that its thread had when the
/// value was made.
///
/// No program depends on when a handle is dropped that might have been used: one is joined, or dropped by
/// who spawned the thread and at once; and if what the thread returns has a destructor, it is forgotten
/// otherwise.
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
    /// Does this while it has the data of this mutex: observes them, and [`PAYLOAD`] more if they are poisoned;
    /// leaves [`MODULUS`] there meanwhile, and in the end the latest observation plus this.
    With(usize, i64, Vec<Instr>),
    /// The same, unless the mutex is held; then it observes −1.
    TryWith(usize, i64, Vec<Instr>),
    /// Has the data of this mutex and waits for its condition variable while they are 0, at most twice: observes
    /// the data as above, and leaves the latest observation plus this.
    Await(usize, i64),
    /// The same, if it does not take too long; before the data it observes 1 if it did.
    AwaitTimeout(usize, i64),
    NotifyOne(usize),
    NotifyAll(usize),
    IsPoisoned(usize),
    ClearPoison(usize),
    /// Does this while it reads what this lock for many readers or one writer guards: observes the data as above;
    /// or −1, if it does not come to read.
    Read(usize, How, Vec<Instr>),
    /// Does this while it writes them: observes and leaves them as with a mutex; or observes −1.
    Write(usize, How, i64, Vec<Instr>),
    /// Writes the latest observation plus this, and goes on reading while it does this.
    WriteThenRead(usize, i64, Vec<Instr>),
    /// Does this while it reads these data that nothing guards: observes them; or panics, if somebody writes them.
    Look(usize, Vec<Instr>),
    /// Does this while it writes them: observes and leaves them as with a mutex; or panics, if somebody uses them.
    Touch(usize, i64, Vec<Instr>),
    /// Waits at this barrier, which lets one more than its number go on together: observes 1 if it is the leader.
    Meet(usize),
    /// Does this unless somebody has done such a thing there: observes 1 before.
    CallOnce(usize, Vec<Instr>),
    /// The same, even if a panic kept somebody from it: observes before whether one did.
    CallOnceForce(usize, Vec<Instr>),
    /// Waits until somebody has.
    WaitOnce(usize),
    IsCompleted(usize),
    /// Has what is written there once, which is the latest observation plus this after this was done, if nobody has
    /// written anything: observes it.
    GetOrInit(usize, i64, Vec<Instr>),
    /// Writes there the latest observation plus this, and observes 1 if it was not too late.
    SetOnce(usize, i64),
    /// Observes what is written there, or −1.
    GetOnce(usize),
    /// Does this to this atomic.
    Atomic(usize, Deed),
    /// Does this to this atomic pointer.
    Pointer(usize, To),
    Load(usize),
    /// Stores the latest observation plus this.
    Store(usize, i64),
    Set,
    Clear,
    IsSet,
    Wait,
    /// Takes so many permits, of which there is one at first.
    Take(u32),
    /// Observes 1 if it took them.
    TryTake(u32),
    TakeTimeout(u32),
    /// Gives back so many.
    Give(u32),
    Yield,
    /// Observes one of so many numbers, from 0 on, that is chosen.
    Choose(usize),
    /// Makes one of each kind of object, and those with data contain 1: from here on, this
    /// thread and those that it starts have them in the place of those with this number.
    Make(usize),
    /// Makes an event, and has it in the place of the event.
    MakeEvent,
    /// Reads what is shared without an operation.
    Peek,
    /// Writes there the latest observation plus this.
    Poke(i64),
    /// Starts a thread that does this.
    Spawn(Vec<Instr>),
    /// Starts a thread that does this, with the child that was spawned last and is not joined yet for its
    /// own.
    Hand(Vec<Instr>),
    /// Starts a thread that does the second, and returns a value whose destructor does the first: in who
    /// joins it, and then at once.
    Owner(Vec<Instr>, Vec<Instr>),
    /// The same, but the handle is dropped at once: so the thread drops the value at its end.
    Detached(Vec<Instr>, Vec<Instr>),
    /// Makes a channel with room for so many, or for any number, and has both ends of it among those of this number.
    Channel(usize, Option<usize>),
    /// Clones the latest sender of this number, if there is one, as all that follows does with the latest end.
    CloneSender(usize),
    /// Sends the latest observation plus this: observes 1 if nobody receives any more, and else 0.
    Send(usize, i64),
    /// The same, and observes 2 if there is no room; if there is room for any number, it sends.
    TrySend(usize, i64),
    /// Observes what it receives, −1 if nobody sends any more, and −2 if there is nothing or for too long.
    Receive(usize, How),
    DropSender(usize),
    DropReceiver(usize),
    /// Starts a thread that does this, with these ends for its own.
    Entrust(Vec<End>, Vec<Instr>),
    Park,
    ParkTimeout,
    /// Unparks the one of this number, counted round, of the threads that it knows: those that whoever started it knew
    /// then, who that was, whoever it started itself, and itself.
    Unpark(usize),
    /// Joins the child that was spawned last and is not joined yet: observes how many things it
    /// observed, and those, or how it panicked, as who catches it.
    Join,
    /// Asks whether that child has ended.
    IsFinished,
    /// Promises that what was observed so far determines the rest.
    Checkpoint,
    /// Leaves the run out if the latest observation is this.
    AssumeNot(i64),
    /// Panics if the latest observation is this.
    PanicIf(i64),
    /// Panics unless the latest observation is 0, with that and [`PAYLOAD`] for a payload.
    Throw,
    /// Observes 1 if a panic unwinds the thread.
    IsPanicking,
    /// Does this, and catches it if it panics: observes 0 if it does not, the payload if that is a
    /// number, and else −1.
    Catch(Vec<Instr>),
    /// Does the second, with a local value whose destructor does the first.
    Keeping(Vec<Instr>, Vec<Instr>),
    /// Does the first if the latest observation is not 0, and the second if it is.
    If(Vec<Instr>, Vec<Instr>),
    /// Does this until the latest observation is not 0, at most so often, or for ever. What one
    /// round observed is forgotten in the next.
    Retry(Option<usize>, Vec<Instr>),
}

/// Whether somebody waits for what he wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    Waits,
    Tries,
    /// Not for too long.
    WaitsInTime,
}

/// The latest end of a channel of this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    Sender(usize),
    Receiver(usize),
}

/// What is done to an atomic, whose type has eight numbers, 0 to 7, that make three bits: what is observed is the
/// number that was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    Load,
    /// The latest observation plus this is written, and nothing is observed.
    Store(i64),
    /// The latest observation plus this is written.
    Swap(i64),
    /// The lower two bits are a number that is added to, and carries nothing over.
    Add(i64),
    Sub(i64),
    And(i64),
    Nand(i64),
    Or(i64),
    Xor(i64),
    Max(i64),
    Min(i64),
    /// If it is the first, the latest observation plus the second is written; observes 1 then, too, and else 0.
    Exchange(i64, i64),
    /// The same, by the operation that may fail.
    Weak(i64, i64),
}

/// What is done to an atomic pointer. A node has a number, which whoever makes it gives it and nobody changes. A thread
/// keeps the pointer that it was told last, up to the next promise and the next round; at first it has one to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum To {
    /// Writes one to a new node, whose number is the latest observation plus this.
    Publish(i64),
    /// Writes the one that it keeps.
    Put,
    /// Observes the number of the node, or −1, as do all that follow.
    Follow,
    /// Writes one to such a node.
    Replace(i64),
    /// Writes one to such a node if the one that it keeps is there: observes 1 then, too, and else 0.
    Change(i64),
    /// The same, by the operation that may fail.
    ChangeWeakly(i64),
    /// Frees the node that it keeps a pointer to, if there is one, and follows then; panics if it was freed before. Only
    /// the default build sees it.
    Free,
}

impl Instr {
    /// Whether a thread may ask if another one has ended.
    pub fn asks_for_ends(&self) -> bool {
        self.has(&|instr| *instr == Self::IsFinished)
    }

    /// Whether it starts, joins or asks for a thread.
    pub fn is_about_threads(&self) -> bool {
        self.has(&|instr| matches!(instr, Self::Join | Self::IsFinished) || instr.child().is_some())
    }

    /// Whether it chooses.
    pub fn chooses(&self) -> bool {
        self.has(&|instr| matches!(instr, Self::Choose(_)))
    }

    /// Whether it may catch a panic.
    pub fn catches(&self) -> bool {
        self.has(&|instr| matches!(instr, Self::Catch(_)))
    }

    /// Whether it may notify one thread of several.
    pub fn picks(&self) -> bool {
        self.has(&|instr| matches!(instr, Self::NotifyOne(_)))
    }

    /// Whether it may make objects.
    pub fn makes(&self) -> bool {
        self.has(&|instr| matches!(instr, Self::Make(_) | Self::MakeEvent))
    }

    /// Whether it may free a node.
    pub fn frees(&self) -> bool {
        self.has(&|instr| matches!(instr, Self::Pointer(_, To::Free)))
    }

    /// Whether it may go on for ever.
    pub fn may_have_no_end(&self) -> bool {
        self.has(&|instr| matches!(instr, Self::Retry(None, _)))
    }

    /// What the thread does that it starts, if it starts one.
    pub fn child(&self) -> Option<&[Self]> {
        match self {
            Self::Spawn(body)
            | Self::Hand(body)
            | Self::Owner(_, body)
            | Self::Entrust(_, body)
            | Self::Detached(_, body) => Some(body),
            _ => None,
        }
    }

    fn has(&self, wanted: &dyn Fn(&Self) -> bool) -> bool {
        wanted(self) || self.parts().into_iter().flatten().any(|part| part.has(wanted))
    }

    fn parts(&self) -> [&[Self]; 2] {
        match self {
            Self::Spawn(body)
            | Self::Hand(body)
            | Self::Guarded(_, body)
            | Self::With(_, _, body)
            | Self::TryWith(_, _, body)
            | Self::Read(_, _, body)
            | Self::Write(_, _, _, body)
            | Self::WriteThenRead(_, _, body)
            | Self::Look(_, body)
            | Self::Touch(_, _, body)
            | Self::CallOnce(_, body)
            | Self::CallOnceForce(_, body)
            | Self::GetOrInit(_, _, body)
            | Self::Entrust(_, body)
            | Self::Catch(body)
            | Self::Retry(_, body) => [body, &[]],
            Self::Owner(dropped, body)
            | Self::Detached(dropped, body)
            | Self::Keeping(dropped, body) => [dropped, body],
            Self::If(yes, no) => [yes, no],
            _ => [&[], &[]],
        }
    }
}
