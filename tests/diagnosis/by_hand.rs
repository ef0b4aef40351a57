//! What a diagnosis says of traces that are written by hand, step by step.

use tellers::engine::{Failure, Program, random};
use tellers::sync::{Cell, Event, Lock, thread};
use tellers::trace::{Cause, Diagnosis, End, Follows, Pending, Place, Step, Told, Trace};
use tellers::world::{
    CellId, CellOp, EventId, EventOp, Finish, LockId, LockOp, Op, Outcome, ThreadId, ThreadOp,
};

/// How many steps a trace has before those that are written: the threads are spawned.
const SPAWNS: usize = 3;

fn thread(index: usize) -> ThreadId {
    ThreadId::new(index)
}

fn lock(index: usize) -> LockId {
    LockId::new(index)
}

/// Three cells of 100, three locks, an event, and three threads that have been spawned.
fn nothing_yet() -> Trace {
    let main = || {
        let _cells = ["x", "y", "z"].map(|name| Cell::named(name, 100));
        let _locks = ["a", "b", "c"].map(Lock::named);
        let _event = Event::named("go");
        let threads = [(); SPAWNS].map(|()| thread::spawn(|| ()));
        threads.into_iter().for_each(|thread| thread.join().expect("it does nothing"));
    };
    let program = Program::new(main).judged_by(|_| vec![Failure::Panic]);
    let mut trace =
        random(&program, 1, 0).failures.remove(&Failure::Panic).expect("it fails").trace;
    trace.steps.retain(|step| matches!(step.op, Op::Thread(_, ThreadOp::Spawn)));
    trace.ends.clear();
    assert_eq!(trace.steps.len(), SPAWNS);
    trace
}

/// A trace of these steps, each the number of a thread, what it does and what that answers.
fn trace(steps: &[(usize, Op, Outcome)]) -> Trace {
    let mut trace = nothing_yet();
    let step = |&(index, op, outcome): &(usize, Op, Outcome)| Step {
        thread: thread(index),
        op,
        outcome,
        place: Place::caller(),
        doubtful: false,
        follows: Follows::default(),
    };
    trace.steps.extend(steps.iter().map(step));
    trace
}

/// The same, and what threads wait for at its end.
fn stuck(steps: &[(usize, Op, Outcome)], waits: &[(usize, Op)]) -> Told {
    let mut trace = trace(steps);
    let pending =
        |&(index, op): &(usize, Op)| Pending { thread: thread(index), op, place: Place::caller() };
    trace.pending = waits.iter().map(pending).collect();
    told(&trace, Failure::Deadlock)
}

fn told(trace: &Trace, failure: Failure) -> Told {
    Diagnosis::of(trace, failure).tell(trace)
}

fn says(told: &Told, words: &str) -> bool {
    told.facts.iter().any(|fact| fact.words.contains(words))
}

fn takes(index: usize, taken: usize) -> (usize, Op, Outcome) {
    (index, Op::Lock(lock(taken), LockOp::Acquire), Outcome::Done)
}

fn takes_in_time(index: usize, taken: usize) -> (usize, Op, Outcome) {
    (index, Op::Lock(lock(taken), LockOp::AcquireTimeout), Outcome::Acquired)
}

fn times_out(index: usize, held: usize) -> (usize, Op, Outcome) {
    (index, Op::Lock(lock(held), LockOp::AcquireTimeout), Outcome::TimedOut)
}

fn releases(index: usize, held: usize) -> (usize, Op, Outcome) {
    (index, Op::Lock(lock(held), LockOp::Release), Outcome::Done)
}

fn reads(index: usize, cell: usize, value: i64) -> (usize, Op, Outcome) {
    (index, Op::Cell(CellId::new(cell), CellOp::Load), Outcome::Value(value))
}

fn writes(index: usize, cell: usize, value: i64) -> (usize, Op, Outcome) {
    (index, Op::Cell(CellId::new(cell), CellOp::Store(value)), Outcome::Done)
}

#[test]
fn only_a_ring_of_locks_is_mended_by_their_order() {
    let steps = [takes(0, 0), takes(1, 1), takes(2, 2)];
    let wait = |index, wanted| (index, Op::Lock(lock(wanted), LockOp::Acquire));
    let join = |index, child| (index, Op::Thread(thread(child), ThreadOp::Join));
    let rings = [
        (vec![wait(0, 1), wait(1, 0)], "each hold the lock that the other waits for", true),
        (vec![join(0, 1), wait(1, 0)], "wait for each other, all the way round", false),
        (vec![wait(0, 1), wait(1, 2), wait(2, 0)], "each hold the lock that the one before", true),
        (vec![join(0, 1), wait(1, 2), wait(2, 0)], "wait for each other, all the way round", false),
    ];
    for (waits, words, has_remedy) in rings {
        let told = stuck(&steps, &waits);
        assert!(told.summary.contains(words), "{}", told.summary);
        assert_eq!(told.remedy.is_some(), has_remedy, "{}", told.summary);
    }
}

#[test]
fn only_a_holder_that_has_ended_is_said_to_have_ended() {
    let event = Op::Event(EventId::new(0), EventOp::Wait);
    let waits = [(1, event), (2, Op::Lock(lock(0), LockOp::Acquire))];
    let told = stuck(&[takes(1, 0)], &waits);
    assert!(told.summary.contains("wait for what no thread is left to bring about"));
    assert!(says(&told, "held by Thread-1") && !says(&told, "ended"), "{told:?}");
}

#[test]
fn a_lock_that_one_of_two_held_is_none_in_common() {
    let lost = [reads(1, 0, 100), takes(2, 0), reads(2, 0, 100), writes(2, 0, 101)];
    let told = told(&trace(&[&lost[..], &[writes(1, 0, 102)]].concat()), Failure::LostUpdate);
    assert!(says(&told, "Thread-1 held no lock; Thread-2 held a (step 2, "), "{told:?}");
    assert!(says(&told, "): no lock in common"), "{told:?}");
}

#[test]
fn a_second_loss_is_told_in_a_line_of_its_own() {
    let steps = [
        [reads(1, 0, 100), reads(2, 0, 100), writes(2, 0, 101), writes(1, 0, 102)],
        [reads(1, 1, 100), reads(2, 1, 100), writes(2, 1, 103), writes(1, 1, 104)],
    ];
    let told = told(&trace(&steps.concat()), Failure::LostUpdate);
    assert!(says(&told, "then Thread-1 writes y = 104 "), "{told:?}");
}

/// A loss under the lock `a`, which thread 3 has given away, and the step at which it did.
fn robbed(takes: &[(usize, Op, Outcome)]) -> (Option<usize>, usize) {
    let away = SPAWNS + takes.len();
    let rest =
        [releases(3, 0), reads(1, 0, 100), reads(2, 0, 100), writes(2, 0, 101), writes(1, 0, 102)];
    let trace = trace(&[takes, &rest].concat());
    match Diagnosis::of(&trace, Failure::LostUpdate).cause {
        Some(Cause::LostUpdate(found)) => (found.losses[0].robbed, away),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_lock_is_taken_from_the_thread_that_took_it_last() {
    let ways: [&[_]; 4] = [
        &[takes(1, 0)],
        &[takes_in_time(1, 0)],
        &[takes(1, 0), times_out(3, 0)],
        &[takes(1, 0), takes_in_time(3, 1)],
    ];
    for takes in ways {
        let (robbed, away) = robbed(takes);
        assert_eq!(robbed, Some(away), "{takes:?}");
    }
    assert_eq!(robbed(&[takes_in_time(3, 0), times_out(1, 0)]).0, None);
}

#[test]
fn a_release_in_vain_is_told_from_the_last_time_that_the_lock_was_taken() {
    let in_vain = (1, Op::Lock(lock(0), LockOp::Release), Outcome::NotHeld);
    let found = |steps: &[(usize, Op, Outcome)]| {
        let trace = trace(&[steps, &[in_vain]].concat());
        match Diagnosis::of(&trace, Failure::ReleaseUnlocked).cause {
            Some(Cause::ReleaseUnlocked(found)) => (found.taken, found.taken_away),
            other => panic!("{other:?}"),
        }
    };
    let again = [takes(1, 0), releases(1, 0), takes(1, 0), releases(2, 0)];
    assert_eq!(found(&again), (Some(SPAWNS + 2), Some(SPAWNS + 3)));
    assert_eq!(found(&again[..2]), (None, None));
}

#[test]
fn one_thread_goes_round_and_several_go_round() {
    let steps = [takes(3, 0), times_out(1, 0), times_out(2, 0)];
    let told = |len: usize| {
        let trace = trace(&steps[..len]);
        Diagnosis::of_lasso(&trace, Failure::Livelock, SPAWNS + 1).tell(&trace)
    };
    let (one, two) = (told(2), told(3));
    assert!(one.summary.starts_with("Thread-1 goes round for ever"), "{one:?}");
    assert!(two.summary.starts_with("Thread-1 and Thread-2 go round for ever"), "{two:?}");
    // What they ask for is up to neither.
    assert_eq!((one.remedy, two.remedy), (None, None));
}

#[test]
fn those_who_ask_for_what_the_others_hold_can_give_it_up() {
    let told = |steps: &[(usize, Op, Outcome)]| {
        let trace = trace(steps);
        Diagnosis::of_lasso(&trace, Failure::Livelock, SPAWNS + 2).tell(&trace)
    };
    let each = [takes(1, 0), takes(2, 1), times_out(1, 1), times_out(2, 0)];
    assert!(told(&each).remedy.is_some_and(|it| it.starts_with("Each of them holds what another")));
    // The second asks for what it holds itself.
    let own = [takes(1, 0), takes(2, 1), times_out(1, 1), times_out(2, 1)];
    assert_eq!(told(&own).remedy, None);
}

#[test]
fn a_lock_taken_in_time_and_taken_away_is_told_from_its_taking_on() {
    let misses = (1, Op::Lock(lock(0), LockOp::Release), Outcome::NotHeld);
    let told =
        told(&trace(&[takes_in_time(1, 0), releases(2, 0), misses]), Failure::ReleaseUnlocked);
    assert!(told.summary.contains("but Thread-2 had released it meanwhile"), "{}", told.summary);
    assert!(says(&told, "Thread-1 takes a (step 1, "), "{told:?}");
}

#[test]
fn an_old_value_is_told_with_the_latest_store_that_it_did_not_see() {
    let steps = [reads(2, 0, 100), writes(1, 0, 101), writes(1, 0, 102), reads(2, 0, 100)];
    let told = told(&trace(&steps), Failure::Panic);
    let [fact] = &told.facts[..] else { panic!("only the second load is old: {told:?}") };
    assert!(fact.words.starts_with("Thread-2 read the old x = 100 (step 4, "), "{}", fact.words);
    assert!(fact.words.contains("it did not see Thread-1's 102 yet (step 3, "), "{}", fact.words);
}

#[test]
fn an_old_value_of_ones_own_is_told_as_such() {
    let told = told(&trace(&[writes(1, 0, 101), reads(1, 0, 100)]), Failure::Panic);
    assert!(says(&told, "its own 101 reached memory before that (step 1, "), "{told:?}");
}

#[test]
fn loads_with_a_store_between_them_are_no_audit() {
    let halves = |between: &[(usize, Op, Outcome)]| {
        let before = [reads(2, 0, 100), writes(2, 0, 90), reads(1, 0, 90)];
        let after = [reads(1, 1, 100), reads(2, 1, 100), writes(2, 1, 110)];
        let trace = trace(&[&before[..], between, &after[..]].concat());
        Diagnosis::of(&trace, Failure::TornAudit).cause
    };
    assert!(matches!(halves(&[]), Some(Cause::TornAudit(_))));
    assert_eq!(halves(&[writes(1, 1, 100)]), None);
}

#[test]
fn a_cell_that_nobody_writes_is_no_part_of_an_audit() {
    let moved = [reads(2, 0, 100), writes(2, 0, 90), reads(2, 1, 100), writes(2, 1, 110)];
    let cause = |sees: [(usize, Op, Outcome); 3]| {
        let trace = trace(&[&moved[..], &sees].concat());
        Diagnosis::of(&trace, Failure::TornAudit).cause
    };
    assert_eq!(cause([reads(1, 0, 90), reads(1, 2, 100), reads(1, 1, 110)]), None);
    let torn = cause([reads(1, 0, 90), reads(1, 2, 100), reads(1, 1, 100)]);
    assert!(matches!(torn, Some(Cause::TornAudit(_))));
}

#[test]
fn a_panic_is_laid_to_a_lost_update_only_if_the_thread_saw_it() {
    let lost = [reads(1, 0, 100), reads(2, 0, 100), writes(2, 0, 101), writes(1, 0, 102)];
    let told = |later: &[(usize, Op, Outcome)]| {
        let mut trace = trace(&[&lost[..], later].concat());
        let finish = Finish { panicked: true, token: 0 };
        let panic = Some("it is wrong (somewhere:1)".to_owned());
        trace.ends.push(End { thread: thread(1), finish, panic, after: trace.steps.len() });
        told(&trace, Failure::Panic)
    };
    let seen = told(&[reads(1, 0, 102)]);
    assert!(seen.summary.contains("Before that, an update was lost: Thread-1 wrote x = 102"));
    assert!(says(&seen, "Thread-2 writes x = 101 ") && seen.remedy.is_some(), "{seen:?}");
    for later in [&[][..], &[writes(2, 0, 7), reads(1, 0, 7)], &[reads(1, 1, 100)]] {
        let unseen = told(later);
        assert!(!unseen.summary.contains("lost") && unseen.remedy.is_none(), "{unseen:?}");
    }
}
