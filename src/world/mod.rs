//! What each operation means, as a pure value.
//!
//! A [`World`] holds everything that threads share: locks, cells, events and the threads
//! themselves. [`World::enabled`] says whether a thread may perform an operation now, and
//! [`World::apply`] performs it. Nothing else in the crate knows what an operation does: the
//! shuttle build executes by a `World`, the product engine explores by one, and a trace from any
//! build is shown by feeding its steps to one. The meaning is written over a trait, `Shared`, so
//! that the product engine's packed states have it too.
//!
//! All that is to be known of a kind of object stands in a file of its own, which has
//! [`Primitive`] for its identifier and the words for its operations; the list below is the only
//! other place in which it is named.

mod allocation;
mod atomic;
mod atomic_ptr;
mod barrier;
mod cell;
mod channel;
mod choice;
mod condvar;
mod data;
mod doubt;
mod event;
mod granted;
mod life;
mod lock;
mod mutex;
mod object;
mod once;
mod op;
mod outcome;
mod parker;
mod primitive;
mod rwlock;
mod semaphore;
pub(crate) mod shared;
mod state;
#[macro_use]
mod table;
mod thread;
mod turn;
mod unsafe_cell;
mod wait_for;

pub use atomic::{AtomicDeed, Exchange, Fetch, Int, Spurious};
pub use atomic_ptr::{AtomicPtrDeed, Pointee, Pointer};
pub use barrier::BarrierState;
pub use channel::ChannelState;
pub use choice::Choice;
pub use condvar::Waiters;
pub use data::DataId;
pub use doubt::Doubt;
pub use granted::Granted;
pub use life::{Finish, ThreadState};
pub use mutex::MutexState;
pub use object::Object;
pub use once::Progress;
pub use outcome::Outcome;
pub(crate) use primitive::{Arrow, Operation};
pub use primitive::{Id, Primitive, Shown};
pub use rwlock::{RwLockState, Several, Users};
use shared::{Look, Shared};
pub use state::World;
pub use thread::ThreadOp;
pub use turn::Turn;
pub use unsafe_cell::UnsafeCellState;
pub use wait_for::{Edge, WaitFor};

primitives! {
    /// A lock.
    lock: Lock(LockId, LockOp);
    /// An atomic.
    atomic: Atomic(AtomicId, AtomicOp);
    /// An atomic pointer.
    atomic_ptr: AtomicPtr(AtomicPtrId, AtomicPtrOp);
    /// A barrier.
    barrier: Barrier(BarrierId, BarrierOp);
    /// A cell.
    cell: Cell(CellId, CellOp);
    /// A channel.
    channel: Channel(ChannelId, ChannelOp);
    /// A condition variable.
    condvar: Condvar(CondvarId, CondvarOp);
    /// An event.
    event: Event(EventId, EventOp);
    /// A mutex.
    mutex: Mutex(MutexId, MutexOp);
    /// A thread's token to go on.
    parker: Parker(ParkerId, ParkerOp);
    /// Something that is initialised once.
    once: Once(OnceId, OnceOp);
    /// A lock for many readers or one writer.
    rwlock: RwLock(RwLockId, RwLockOp);
    /// A semaphore.
    semaphore: Semaphore(SemaphoreId, SemaphoreOp);
    /// Data that nothing guards.
    unsafe_cell: UnsafeCell(UnsafeCellId, UnsafeCellOp);
    /// Memory that is freed by hand.
    allocation: Allocation(AllocationId, AllocationOp);
}
