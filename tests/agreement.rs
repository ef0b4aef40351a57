//! On programs that nobody wrote, every engine of the default build agrees with the reference.
#![cfg(all(not(loom), feature = "shuttle"))]

#[path = "common/found.rs"]
mod found;

use crate::common::reference::{Reference, reference};
use crate::common::{
    Shape, Told, counted, for_random_programs, lines, nameless, outcomes, program, ranked,
};
use tellers::engine::product::{Limits, Reduction, product};
use tellers::engine::{Count, Failure, Found, Program, Report, dfs, pct, random};
use tellers::trace::Switches;

/// A program with more states than this is left out.
const MAX_STATES: usize = 5_000;

/// A program with more states than this has too many interleavings, nearly always.
const MAX_ENUMERATED: usize = 1_000;

/// A program with more interleavings than this is not enumerated.
const MAX_EXECUTIONS: u64 = 300;

/// How often a sampling engine runs a program, and how often one whose runs may have no end.
const SAMPLES: u64 = 5;
const ENDLESS_SAMPLES: u64 = 1;

#[test]
fn the_engines_find_what_the_reference_finds_no_more_and_no_less() {
    for_random_programs(150, Shape::ALL, |main| {
        let Some(known) = reference(main, MAX_STATES) else { return false };
        let program = program(main);
        let found = explored(&program);
        if known.unwound_for_ever && found.proof.is_none() {
            assert_lost(&found, &known);
            return true;
        }
        assert_proof(&found, &known);
        assert_reduction(&program, &found);
        assert_samples(&program, &known);
        if !known.entangled && interleavings(&found) <= u128::from(MAX_EXECUTIONS) {
            assert_enumeration(&program, &found, &known);
        }
        true
    });
}

#[test]
fn an_enumeration_finds_what_the_reference_finds() {
    for_random_programs(400, Shape::ALL, |main| {
        let Some(known) = reference(main, MAX_ENUMERATED) else { return false };
        enumerates(&program(main), &known)
    });
}

/// What is shared without operations, under a lock or under none: an engine that runs the real code every
/// time finds what it does. The product engine may refuse, and must not be wrong.
#[test]
fn what_is_shared_without_operations_is_as_the_reference_says() {
    for_random_programs(50, Shape { beside: true, ..Shape::ALL }, |main| {
        let Some(known) = reference(main, MAX_STATES) else { return false };
        let program = program(main);
        assert_samples(&program, &known);
        if let Ok(found) = product(&program, &Limits { samples: 200, ..Limits::default() })
            && found.proof.as_ref().is_some_and(|proof| proof.tried.is_complete())
        {
            assert_proof(&found, &known);
        }
        enumerates(&program, &known)
    });
}

/// Holds every interleaving against the reference, unless there are too many.
fn enumerates(program: &Program<Told>, known: &Reference) -> bool {
    let expected = known.outcomes.values().sum::<u128>() + known.left_out;
    if known.endless || known.entangled || expected > u128::from(MAX_EXECUTIONS) {
        return false;
    }
    let found = dfs(program, MAX_EXECUTIONS);
    if !found.is_exhaustive() {
        return false;
    }
    assert_some(&found, known);
    if known.counted && !known.doubtful {
        assert_eq!(ranked(&counted(&found)), ranked(&known.outcomes));
        assert_eq!(u128::from(left_out(&found)), known.left_out);
    }
    true
}

fn explored(program: &Program<Told>) -> Report<Told> {
    product(program, &Limits { samples: 4, ..Limits::default() }).expect("it can be explored")
}

/// A search ended with a thread that a panic unwinds and that nothing can answer: what it had found is so.
fn assert_lost(found: &Report<Told>, known: &Reference) {
    let reason = found.extent.cut_short().expect("it proves nothing");
    assert!(reason.contains("a thread that a panic unwinds"), "{reason}");
    assert!(nameless(&outcomes(found)).is_subset(&nameless(&known.all())));
}

/// A search in which steps are taken together finds the same. Where that is not enough, a search
/// without follows, and the engine holds the two against each other.
fn assert_reduction(program: &Program<Told>, found: &Report<Told>) {
    for reduction in [Reduction::Never, Reduction::Always] {
        let limits = Limits { reduction, samples: 2, ..Limits::default() };
        let other = product(program, &limits).expect("it can be explored");
        assert_eq!(
            other.outcomes.keys().collect::<Vec<_>>(),
            found.outcomes.keys().collect::<Vec<_>>()
        );
        assert_eq!(sizes(&other), sizes(found));
        let [other, found] = [&other, found].map(|report| report.proof.as_ref().unwrap());
        assert_eq!(other.completion_always_possible, found.completion_always_possible);
        assert_eq!(other.starvation.is_some(), found.starvation.is_some());
    }
}

fn assert_proof(found: &Report<Told>, known: &Reference) {
    if is_held_back(found) {
        assert!(known.doubtful);
        return assert_some(found, known);
    }
    assert_eq!(nameless(&outcomes(found)), nameless(&known.all()));
    assert_eq!(found.failures.contains_key(&Failure::Livelock), known.hopeless);
    let proof = found.proof.as_ref().expect("nothing cut the search short");
    assert_eq!(proof.interleavings == Count::Infinite, known.endless);
    if known.counted && !known.endless {
        let ended = known.outcomes.values().sum::<u128>();
        assert_eq!(proof.interleavings, Count::Finite(ended.into()));
        assert_eq!(ranked(&counted(found)), ranked(&known.outcomes));
        assert_eq!(u128::from(left_out(found)), known.left_out);
    }
}

/// How many interleavings there are, those that are left out included.
fn interleavings(found: &Report<Told>) -> u128 {
    let proof = found.proof.as_ref().expect("nothing cut the search short");
    u128::from(proof.interleavings.saturated()) + u128::from(left_out(found))
}

/// An enumeration finds what there is, but for runs with more wake-ups and failures for no reason than it gives one.
fn assert_some(found: &Report<Told>, known: &Reference) {
    let (some, all) = (nameless(&outcomes(found)), nameless(&known.all()));
    assert!(some.is_subset(&all), "{:?}", some.difference(&all));
    if found.is_exhaustive() && !is_held_back(found) {
        assert_eq!(some, all);
    }
}

/// Whether there could have been more wake-ups and failures for no reason.
fn is_held_back(found: &Report<Told>) -> bool {
    found.bounds.iter().any(|bound| bound.limit.contains("spurious"))
}

fn left_out(report: &Report<Told>) -> u64 {
    report.bounds.iter().map(|bound| bound.hits).sum()
}

fn assert_samples(program: &Program<Told>, known: &Reference) {
    if known.entangled {
        return;
    }
    let all = nameless(&known.all());
    let samples = if known.endless { ENDLESS_SAMPLES } else { SAMPLES };
    for sampled in [random(program, samples, 0), pct(program, samples, 0)] {
        let sampled = nameless(&outcomes(&sampled));
        assert!(sampled.is_subset(&all), "{:?}", sampled.difference(&all));
    }
}

fn assert_enumeration(program: &Program<Told>, found: &Report<Told>, known: &Reference) {
    let enumerated = dfs(program, MAX_EXECUTIONS);
    if known.doubtful {
        return assert_some(&enumerated, known);
    }
    if known.unwound_for_ever && enumerated.extent.cut_short().is_some() {
        return assert_lost(&enumerated, known);
    }
    assert_eq!(u128::from(enumerated.coverage.executions), interleavings(found));
    assert_eq!(ranked(&counted(&enumerated)), ranked(&counted(found)));
    assert_eq!(enumerated.bounds, found.bounds);
    assert_eq!(sizes(&enumerated), sizes(found));
}

fn sizes(report: &Report<Told>) -> Vec<(Failure, Switches)> {
    let size = |(&kind, found): (&Failure, &Found)| (kind, found.size);
    report.failures.iter().map(size).collect()
}

/// Holds the engines against the outcomes that a program is known to have.
fn agree(program: &Program<Told>, known: &[&str]) {
    let found = explored(program);
    assert_eq!(lines(&outcomes(&found)), known);
    let enumerated = dfs(program, MAX_EXECUTIONS);
    if enumerated.is_exhaustive() {
        assert_eq!(enumerated.outcomes, found.outcomes);
    }
}

/// The main thread's step is of no interest to the other one, and was taken together with the start: so that one
/// had nobody beside it any more, and was woken by nobody.
#[test]
fn a_thread_may_be_woken_before_a_step_that_is_of_no_interest_to_it() {
    use crate::common::Instr::{Await, Join, Load, Spawn};
    let main = [Spawn(vec![Await(0, 0)]), Load(0), Join];
    let known = reference(&main, MAX_STATES).expect("it is small");
    let program = program(&main);
    let found = explored(&program);
    assert_eq!(known.outcomes.len(), 2);
    assert_proof(&found, &known);
    assert_reduction(&program, &found);
}

include!("agreement/pasted.rs");

mod primitives {
    use super::agree;

    include!("agreement/primitives.rs");
}

#[test]
fn a_program_is_shown_as_the_source_of_a_test() {
    use crate::common::{Deed, Instr::*};
    let child = vec![
        Checkpoint,
        Guarded(0, vec![Load(0), Store(0, 1)]),
        Retry(Some(2), vec![Acquire(1), AcquireTimeout(2), If(vec![], vec![Release(1)])]),
        Release(1),
        Release(2),
        Set,
        Load(1),
        TryWith(1, 1, vec![ClearPoison(0), IsPoisoned(1)]),
        NotifyOne(0),
        Atomic(1, Deed::Exchange(0, 1)),
    ];
    let heir = vec![Join, Keeping(vec![Make(0), Acquire(0)], vec![Store(2, 1), Load(2), Throw])];
    let orphan = vec![MakeEvent, Set, Wait];
    let main = [
        Spawn(child),
        IsSet,
        Retry(None, vec![Yield, AcquireTimeout(2)]),
        Release(2),
        Locked(0),
        AssumeNot(1),
        Wait,
        With(0, 1, vec![NotifyAll(0), IsPanicking]),
        Await(0, 1),
        AwaitTimeout(1, 0),
        Atomic(0, Deed::Add(1)),
        Clear,
        Take(1),
        Give(2),
        If(vec![TryTake(2)], vec![TakeTimeout(1)]),
        IsFinished,
        Catch(vec![Peek, Poke(1), PanicIf(1)]),
        Owner(vec![Set], vec![]),
        Join,
        Hand(heir),
        Detached(vec![], orphan),
        Join,
    ];
    assert_eq!(crate::common::source(&main), include_str!("agreement/pasted.rs"));
}

#[test]
fn so_is_one_with_all_primitives() {
    use crate::common::{End, How, Instr::*, To};
    let child = vec![
        Read(0, How::Tries, vec![Meet(0)]),
        Keeping(vec![Unpark(1)], vec![Send(0, 1)]),
        TrySend(0, 0),
        DropSender(0),
        CallOnce(0, vec![Park]),
    ];
    let main = [
        Channel(0, Some(1)),
        CloneSender(0),
        Entrust(vec![End::Sender(0)], child),
        Write(0, How::WaitsInTime, 1, vec![GetOnce(0)]),
        Receive(0, How::Waits),
        Join,
        WaitOnce(0),
        WriteThenRead(1, 1, vec![IsCompleted(0)]),
        CallOnceForce(1, vec![ParkTimeout]),
        GetOrInit(0, 1, vec![SetOnce(1, 0)]),
        Look(0, vec![Pointer(0, To::Follow)]),
        Retry(Some(1), vec![Touch(0, 1, vec![Pointer(1, To::Change(1))])]),
        DropReceiver(0),
    ];
    assert_eq!(crate::common::source(&main), include_str!("agreement/primitives.rs"));
}
