//! How a run can end.

use super::Failure;
use crate::sync::value::Value;
use crate::trace::{End, Names, Pending};
use crate::world::{CellId, Kind, LockId, Object, Op, ThreadId, World};

/// How a run ended: all that can be told of it without its steps.
///
/// ```
/// use tellers::engine::{Conclusion, Ending};
/// use tellers::sync::{Cell, Lock};
///
/// let report = tellers::check(|| {
///     Cell::named("balance", 100).store(70);
///     Lock::named("till").acquire();
///     "closed"
/// });
/// let ending = Ending {
///     conclusion: Conclusion::Returned("closed"),
///     panics: vec![],
///     cells: vec![70],
///     locked: vec![true],
/// };
/// assert!(report.outcomes.into_keys().eq([ending]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ending<R> {
    /// What became of the main thread.
    pub conclusion: Conclusion<R>,
    /// The threads that a panic ended, with its message.
    pub panics: Vec<(ThreadId, String)>,
    /// The last value of each cell, by [`CellId::index`](crate::world::CellId::index).
    pub cells: Vec<i64>,
    /// Whether each lock was held, by [`LockId::index`](crate::world::LockId::index).
    pub locked: Vec<bool>,
}

/// What became of the main thread.
///
/// ```
/// use tellers::engine::{Conclusion, Effort, Engine, Program};
/// use tellers::sync::Lock;
///
/// let program = Program::new(|| {
///     let lock = Lock::named("lock");
///     lock.acquire();
///     lock.acquire();
/// });
/// let engine = Engine::of_this_build()[0];
/// let report = engine.run(&program, Effort::of(engine)).unwrap();
/// let (ending, _) = report.outcomes.first_key_value().unwrap();
/// assert!(matches!(&ending.conclusion, Conclusion::Deadlocked(waits) if waits.len() == 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conclusion<R> {
    /// It returned, and every thread ended.
    Returned(R),
    /// It panicked, and every thread ended.
    Panicked,
    /// Some threads can never move again; these, and what they wait to do.
    Deadlocked(Vec<(ThreadId, Op)>),
    /// Threads came to accesses that race with one that went on; these, and their accesses. Nothing is defined from
    /// there on.
    Raced(Vec<(ThreadId, Op)>),
}

/// The objects of each kind in an order that does not depend on the schedules that were run.
#[derive(Debug)]
pub(crate) struct Numbers([Vec<usize>; Kind::COUNT]);

impl Numbers {
    pub(crate) fn new(names: &Names) -> Self {
        Self(std::array::from_fn(|kind| names.in_order(Kind::ALL[kind])))
    }

    /// What there is of each object, in this order; `nothing` of those that this run did not make.
    pub(crate) fn ordered<T: Clone>(&self, kind: Kind, of: &[T], nothing: &T) -> Vec<T> {
        let order = self.0[kind as usize].iter();
        order.map(|&index| of.get(index).unwrap_or(nothing).clone()).collect()
    }

    fn number(&self, object: Object) -> usize {
        let order = &self.0[object.kind as usize];
        order.iter().position(|&at| at == object.index()).unwrap_or(object.index())
    }

    fn thread(&self, thread: ThreadId) -> ThreadId {
        ThreadId::new(self.number(Object::of(thread)))
    }

    fn op(&self, op: Op) -> Op {
        op.renumbered(|object| self.number(object))
    }
}

impl<R> Ending<R> {
    /// The ending of a run in which every thread ended; `result` is what the main thread returned.
    pub(crate) fn finished(world: &World, ends: &[End], result: Option<R>) -> Self {
        let conclusion = result.map_or(Conclusion::Panicked, Conclusion::Returned);
        Self::new(world, ends, conclusion)
    }

    /// The ending of a run in which these threads can never move again.
    pub(crate) fn deadlocked(
        world: &World,
        ends: &[End],
        pending: impl Iterator<Item = Pending>,
    ) -> Self {
        let waits = pending.map(|waits| (waits.thread, waits.op)).collect();
        Self::new(world, ends, Conclusion::Deadlocked(waits))
    }

    /// The ending of a run in which some of these threads have come to data races.
    pub(crate) fn raced(
        world: &World,
        ends: &[End],
        pending: impl Iterator<Item = Pending>,
    ) -> Self {
        let racing = pending.filter(|pending| world.races(pending.op));
        let racing = racing.map(|pending| (pending.thread, pending.op)).collect();
        Self::new(world, ends, Conclusion::Raced(racing))
    }

    pub(crate) fn new(world: &World, ends: &[End], conclusion: Conclusion<R>) -> Self {
        let panicked = |end: &End| Some((end.thread, end.panic.clone()?));
        let mut panics: Vec<_> = ends.iter().filter_map(panicked).collect();
        panics.sort_unstable();
        let cells = world.all::<CellId>().map(|cell| world.value(cell)).collect();
        let locked = world.all::<LockId>().map(|lock| world.holder(lock).is_some()).collect();
        Self { conclusion, panics, cells, locked }
    }

    /// The same ending, with every object numbered as if no schedule had been run; what this run
    /// did not make is a cell of 0 or a free lock.
    pub(crate) fn renumbered(mut self, numbers: &Numbers) -> Self {
        self.cells = numbers.ordered(Kind::Cell, &self.cells, &0);
        self.locked = numbers.ordered(Kind::Lock, &self.locked, &false);
        for (thread, _) in &mut self.panics {
            *thread = numbers.thread(*thread);
        }
        self.panics.sort_unstable();
        if let Conclusion::Deadlocked(those) | Conclusion::Raced(those) = &mut self.conclusion {
            for (thread, op) in &mut *those {
                *thread = numbers.thread(*thread);
                *op = numbers.op(*op);
            }
            those.sort_unstable();
        }
        self
    }

    /// Whether threads were left that can never move again.
    pub fn is_deadlock(&self) -> bool {
        matches!(self.conclusion, Conclusion::Deadlocked(_))
    }

    /// Whether every thread ended.
    pub fn is_complete(&self) -> bool {
        matches!(self.conclusion, Conclusion::Returned(_) | Conclusion::Panicked)
    }

    /// The failures that need no knowledge of the program: a deadlock, a data race, or a panic in any thread.
    ///
    /// ```
    /// use tellers::engine::{Conclusion, Ending, Failure};
    ///
    /// let conclusion: Conclusion<()> = Conclusion::Deadlocked(vec![]);
    /// let stuck = Ending { conclusion, panics: vec![], cells: vec![], locked: vec![true] };
    /// assert_eq!(stuck.failures(), [Failure::Deadlock]);
    /// ```
    pub fn failures(&self) -> Vec<Failure> {
        let how = match self.conclusion {
            Conclusion::Deadlocked(_) => Some(Failure::Deadlock),
            Conclusion::Raced(_) => Some(Failure::DataRace),
            Conclusion::Returned(_) | Conclusion::Panicked => None,
        };
        let panicked = matches!(self.conclusion, Conclusion::Panicked) || !self.panics.is_empty();
        how.into_iter().chain(panicked.then_some(Failure::Panic)).collect()
    }
}

impl Ending<Value> {
    /// The same, with what was returned of the type that it has.
    pub(super) fn typed<R: 'static>(self) -> Ending<R> {
        let conclusion = match self.conclusion {
            Conclusion::Returned(value) => Conclusion::Returned(value.typed()),
            Conclusion::Panicked => Conclusion::Panicked,
            Conclusion::Deadlocked(waits) => Conclusion::Deadlocked(waits),
            Conclusion::Raced(racing) => Conclusion::Raced(racing),
        };
        let Self { panics, cells, locked, .. } = self;
        Ending { conclusion, panics, cells, locked }
    }
}
