//! The operating system's own scheduler.

use super::{Ending, Erased, Extent, Program, Report};
use crate::supervisor;
use crate::sync::backend::{MAX_STEPS, Over, Record, record};
use crate::sync::value::Value;
use crate::thousands;
use crate::trace::{Switches, Tape};
use rand::rngs::SmallRng;
use rand::{RngCore, SeedableRng};
use std::sync::Arc;

/// Runs the program `executions` times on real threads.
///
/// The seed varies the noise that the threads make, and not what the operating system does: two
/// calls with the same seed see other interleavings. A run of 100,000 steps is cut off. When no
/// operation takes effect for as long as [the program says](Program::stuck_after), some thread blocks or loops outside of
/// [`sync`](crate::sync), or waits with a timeout longer than that: the search is cut short, the run
/// does not count, and the thread is left behind.
///
/// ```
/// use tellers::engine::{Extent, Program, threads};
///
/// let report = threads(&Program::new(|| tellers::choose(2)), 5, 7);
/// assert_eq!(report.coverage.executions, 5);
/// assert_eq!(report.extent, Extent::Sampled { seed: 7 });
/// ```
pub fn threads<R: Ord + 'static>(program: &Program<R>, executions: u64, seed: u64) -> Report<R> {
    report(&program.erased, executions, seed).typed()
}

/// The same, of any program.
pub(crate) fn report(program: &Erased, executions: u64, seed: u64) -> Report<Value> {
    program.report(move |program, collected| {
        let mut seeds = SmallRng::seed_from_u64(seed);
        let mut tape = Tape::default();
        for run in 1..=executions {
            if collected.lock().is_interrupted() {
                break;
            }
            supervisor::moves(false);
            let (body, seed) = (Arc::clone(&program.body), seeds.next_u64());
            let record = record(body, tape, seed, program.stuck_after, &program.refusal);
            if record.over == Some(Over::Refused) {
                break;
            }
            if record.over == Some(Over::Stuck) {
                let time = program.stuck_after;
                return Extent::CutShort {
                    reason: format!(
                        "run {} was stuck: nothing happened for {time:?}",
                        thousands(run)
                    ),
                };
            }
            let preemptions = Switches::of(&record.tape.trace()).preemptions;
            let mut collector = collected.lock();
            collector.add(&record.tape, preemptions, ending(&record));
            if record.over == Some(Over::Cut) {
                collector.was_too_long(MAX_STEPS);
            }
            tape = record.tape;
        }
        Extent::Sampled { seed }
    })
}

fn ending(record: &Record<Value>) -> Option<Ending<Value>> {
    let (world, tape) = (&record.world, &record.tape);
    match record.over {
        None => Some(Ending::finished(world, tape.ends(), record.result.clone())),
        Some(Over::Deadlocked) => Some(Ending::deadlocked(world, tape.ends(), tape.all_pending())),
        Some(Over::Raced) => Some(Ending::raced(world, tape.ends(), tape.all_pending())),
        Some(Over::Cut | Over::Stuck | Over::Refused) => None,
    }
}
