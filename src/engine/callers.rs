//! From where each operation of a trace was called, found out by running it once more and looking at the
//! stacks.

mod frames;

use super::Erased;
use super::along::once;
use super::filter::{self, drive};
use crate::sync::backend::Guide;
use crate::trace::{Callers, Place, Step, Trace};
use crate::world::{Finish, Op, Outcome, ThreadId, Turn, World};
use frames::Known;
use parking_lot::Mutex;
use std::backtrace::Backtrace;
use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::sync::Arc;

/// No more operations than this are looked at.
const MOST: usize = 500;

/// No more text of stacks than this is read: it takes std half a second to write.
const MOST_BYTES: usize = 1 << 23;

/// A stack, taken when a thread came to an operation, by the thread and by how many it had come to before.
type Stacks = BTreeMap<(ThreadId, usize), (Place, Backtrace)>;

/// Who called for the operations of a trace. Where a build has no lines for its frames, nobody is known.
pub(crate) fn callers(program: &Erased, trace: &Trace) -> Callers {
    let copy = trace.clone();
    let stacks = Arc::new(Mutex::new(Stacks::new()));
    let sink = Arc::clone(&stacks);
    // What was seen was seen, however the run goes on.
    let _ = program.supervised(move |program| look_on(program, &copy, sink));
    let stacks = mem::take(&mut *stacks.lock());
    let printed = stacks.into_iter().map(|(of, (place, stack))| (of, place, format!("{stack:#}")));
    let printed: Vec<_> = printed.scan(0, within_reason).collect();
    let (mut known, mut callers) = (Known::default(), Callers::default());
    let shown: Vec<_> = printed.iter().map(|(_, at, stack)| known.learn(*at, stack)).collect();
    for (((thread, nth), place, stack), shown) in printed.iter().zip(shown) {
        let by = shown.or_else(|| known.recognise(*place, stack));
        callers.note(*thread, *nth, by.unwrap_or_default());
    }
    callers
}

/// Of deep stacks only as many are read as take no time to speak of.
fn within_reason<T>(read: &mut usize, printed: (T, Place, String)) -> Option<(T, Place, String)> {
    *read += printed.2.len();
    (*read <= MOST_BYTES).then_some(printed)
}

fn look_on(program: &Erased, trace: &Trace, stacks: Arc<Mutex<Stacks>>) {
    let mut turns: Vec<Turn> = trace.steps.iter().map(Step::turn).collect();
    turns.reverse();
    let onlooker = Onlooker { come_to: HashMap::new(), stacks };
    let mut onlooker = Some(Box::new(onlooker) as Box<dyn Guide>);
    drive(
        once(move |_| turns.pop()),
        program,
        trace.names.clone(),
        filter::MAX_STEPS,
        move |run| run.guide = onlooker.take(),
        |_, _, _| (),
    );
}

/// Leaves all to the world, and keeps the stacks.
struct Onlooker {
    /// How many operations each thread has come to.
    come_to: HashMap<ThreadId, usize>,
    stacks: Arc<Mutex<Stacks>>,
}

impl Guide for Onlooker {
    fn announced(&mut self, _: &World, thread: ThreadId, _: Op, place: Place) -> Option<u32> {
        let nth = self.come_to.entry(thread).or_default();
        let mut stacks = self.stacks.lock();
        if stacks.len() < MOST {
            stacks.insert((thread, *nth), (place, Backtrace::force_capture()));
        }
        *nth += 1;
        None
    }

    fn perform(&mut self, world: &mut World, thread: ThreadId, op: Op) -> Outcome {
        world.apply(thread, op)
    }

    fn cut(&mut self, _: ThreadId) -> bool {
        true
    }

    fn left(&mut self, _: ThreadId, panic: Option<&str>, _: bool) -> Finish {
        Finish { panicked: panic.is_some(), token: 0 }
    }
}
