//! What to switch on and off in random programs.

/// What a program is about: of a kind, more than of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// One of those that follow.
    Anything,
    /// Locks, cells, mutexes, condition variables, atomics, an event and permits: these are in all programs.
    Locks,
    RwLocks,
    Barriers,
    Once,
    Channels,
    /// What a thread does in a program about channels that was given an end.
    Sending,
    Receiving,
    Parking,
    /// Data that nothing guards; no destructor uses them, since one that races cannot panic.
    Unguarded,
    /// Atomic pointers. A loop without end would make nodes without end, so there is none; and no destructor.
    Pointers,
}

/// What programs may contain.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The most children of the main thread; there are always some.
    pub children: usize,
    /// The most instructions of a child outside of its blocks.
    pub len: usize,
    /// Whether the program may leave runs out.
    pub assumes: bool,
    /// Whether loops may go on for ever.
    pub endless: bool,
    /// Whether every access to a cell is under a lock that belongs to the cell, and that nobody
    /// else releases.
    pub disciplined: bool,
    /// Whether threads and destructors may make objects.
    pub makes: bool,
    /// Whether a thread may be given the handle of another one.
    pub hands: bool,
    /// Whether panics may have payloads.
    pub throws: bool,
    /// Whether panics may be caught.
    pub catches: bool,
    /// Whether local values and what threads return may have destructors.
    pub drops: bool,
    /// Whether what a thread returns whose handle is dropped may have one.
    pub orphans: bool,
    /// Whether it may matter what threads do that are unwound because the run is over: what they make,
    /// and what is dropped that they return.
    pub leftovers: bool,
    /// Whether something is shared without operations, often under the first lock.
    pub beside: bool,
    pub about: About,
}

impl Shape {
    pub const ALL: Self = Self {
        children: 3,
        len: 5,
        assumes: true,
        endless: true,
        disciplined: false,
        makes: true,
        hands: true,
        throws: true,
        catches: true,
        drops: true,
        orphans: true,
        leftovers: true,
        beside: false,
        about: About::Anything,
    };
}
