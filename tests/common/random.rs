//! Random programs, the same in every build for the same seed.

mod operations;
mod primitives;

use super::instr::{Instr, OBJECTS};
use super::shape::{About, Shape};
use super::source::source;
use operations::{operation_of, with};
use primitives::{around, channels, entrusted, operation_on};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

/// Whether this build sees what is freed.
const SEES_FREES: bool = cfg!(all(not(loom), feature = "shuttle"));

/// Shows the property `TELLERS_CASES` random programs from the seed `TELLERS_SEED`; the property says
/// no to programs that it cannot judge.
///
/// # Panics
/// If the property panics: with the simplest program found for which it does, as source.
pub fn for_random_programs(usual: u32, shape: Shape, property: impl Fn(&[Instr]) -> bool) {
    let number = |name| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let cases = number("TELLERS_CASES").map_or(usual, |cases| cases as u32);
    let seed = number("TELLERS_SEED").unwrap_or(0);
    let config = Config {
        cases,
        max_global_rejects: cases.saturating_mul(20),
        failure_persistence: None,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let outcome = TestRunner::new_with_rng(config, rng).run(&main_thread(shape), |main| {
        match (SEES_FREES || !main.iter().any(Instr::frees)) && property(&main) {
            true => Ok(()),
            false => Err(TestCaseError::reject("it cannot be judged")),
        }
    });
    match outcome {
        Ok(()) => println!("{cases} programs from the seed {seed}"),
        Err(TestError::Fail(why, main)) => panic!("seed {seed}: {why}\n{}", source(&main)),
        Err(error) => panic!("seed {seed}: {error}"),
    }
}

fn main_thread(shape: Shape) -> BoxedStrategy<Vec<Instr>> {
    // One that catches what unwinds it goes on, and may make something.
    if !shape.leftovers && shape.catches && shape.makes {
        let either = [Shape { catches: false, ..shape }, Shape { makes: false, ..shape }];
        return prop::strategy::Union::new(either.map(main_thread)).boxed();
    }
    if shape.about == About::Anything {
        return primitives::about_any(shape, main_thread);
    }
    let whole = |shape| instrs(shape, 1..=shape.len, Room::THREAD);
    let child = match shape.about {
        About::Channels => entrusted(shape, whole),
        _ => started(shape, whole(shape)),
    };
    let children = prop::collection::vec(child, 1..=shape.children);
    let own = instrs(shape, 0..=2, Room::THREAD);
    let looks = prop::option::of((0..OBJECTS).prop_map(|mutex| Instr::With(mutex, 0, vec![])));
    (channels(shape), children, own, 0..=1_usize, looks)
        .prop_map(move |(channels, children, own, left, looks)| {
            let joins = std::iter::repeat_n(Instr::Join, children.len() - left);
            let last = shape.beside.then(|| Instr::Guarded(0, vec![Instr::Peek]));
            let begun = channels.into_iter().chain(children);
            begun.chain(own).chain(joins).chain(looks).chain(last).collect()
        })
        .boxed()
}

type Instrs = BoxedStrategy<Vec<Instr>>;

/// What there is room for.
#[derive(Clone, Copy)]
struct Room {
    /// How deep blocks may be nested.
    depth: usize,
    /// Whether threads may be started and joined.
    threads: bool,
    /// Whether there may be loops. In one there are none, and nothing is made: it would be new in each
    /// round.
    loops: bool,
}

impl Room {
    const THREAD: Self = Self { depth: 2, threads: true, loops: true };
    const SMALL: Self = Self { depth: 0, ..Self::THREAD.within() };

    const fn within(self) -> Self {
        Self { depth: self.depth - 1, threads: false, ..self }
    }
}

fn instrs(shape: Shape, len: std::ops::RangeInclusive<usize>, room: Room) -> Instrs {
    prop::collection::vec(instr(shape, room), len).boxed()
}

fn instr(shape: Shape, room: Room) -> BoxedStrategy<Instr> {
    let mut kinds = vec![
        (20, operation_of(shape)),
        (3, (0..2_i64).prop_map(Instr::PanicIf).boxed()),
        (3, Just(Instr::Checkpoint).boxed()),
        (if shape.assumes { 2 } else { 0 }, (0..2_i64).prop_map(Instr::AssumeNot).boxed()),
        (3, Just(Instr::IsFinished).boxed()),
        (1, Just(Instr::IsPanicking).boxed()),
        (if shape.throws { 2 } else { 0 }, Just(Instr::Throw).boxed()),
        (if shape.makes && room.loops { 3 } else { 0 }, make()),
    ];
    kinds.extend(operation_on(shape.about).map(|operation| (20, operation)));
    if room.threads {
        let block = instrs(shape, 0..=2, Room::SMALL);
        kinds.extend([
            (1, started(shape, block.clone())),
            (1, Just(Instr::Join).boxed()),
            (2, (block.clone(), block).prop_map(|(yes, no)| Instr::If(yes, no)).boxed()),
        ]);
    }
    if room.depth > 0 {
        let small = Room { depth: 0, ..room.within() };
        kinds.push((4, guarded(shape, small)));
        kinds.push((4, with(instrs(shape, 0..=3, small))));
        kinds.extend(around(shape, instrs(shape, 0..=2, small)));
        kinds.push((if room.loops { 4 } else { 0 }, retry(shape, room)));
        kinds.push((if shape.catches { 3 } else { 0 }, caught(shape, room.within())));
        kinds.push((if shape.drops { 3 } else { 0 }, keeping(shape, room.within())));
    }
    kinds.retain(|(weight, _)| *weight > 0);
    prop::strategy::Union::new_weighted(kinds).boxed()
}

/// A thread is started that does this.
fn started(shape: Shape, body: Instrs) -> BoxedStrategy<Instr> {
    let orphan = if shape.drops && shape.orphans { owned(shape) } else { Just(vec![]).boxed() };
    let mut kinds = vec![
        (12, body.clone().prop_map(Instr::Spawn).boxed()),
        (1, (orphan, body.clone()).prop_map(|(owned, body)| Instr::Detached(owned, body)).boxed()),
    ];
    if shape.hands {
        let question = prop_oneof![2 => Just(Instr::Join), 1 => Just(Instr::IsFinished)];
        let heir = (question, body.clone()).prop_map(|(question, mut body)| {
            body.insert(body.len() / 2, question);
            Instr::Hand(body)
        });
        kinds.push((2, heir.boxed()));
    }
    if shape.drops && shape.leftovers {
        let owner = (owned(shape), body).prop_map(|(owned, body)| Instr::Owner(owned, body));
        kinds.push((3, owner.boxed()));
    }
    prop::strategy::Union::new_weighted(kinds).boxed()
}

fn make() -> BoxedStrategy<Instr> {
    prop_oneof![(0..OBJECTS).prop_map(Instr::Make), Just(Instr::MakeEvent)].boxed()
}

fn guarded(shape: Shape, room: Room) -> BoxedStrategy<Instr> {
    let mut body = instrs(shape, 0..=3, room);
    if !shape.disciplined {
        body = prop_oneof![4 => body, 1 => update(shape)].boxed();
    }
    (0..OBJECTS, body).prop_map(|(lock, body)| Instr::Guarded(lock, body)).boxed()
}

/// A cell is stored to that was loaded before.
fn update(shape: Shape) -> Instrs {
    let between = prop::collection::vec(operation_of(shape), 0..=1);
    (0..OBJECTS, between, -1..2_i64)
        .prop_map(|(cell, between, more)| {
            let (load, store) = (Instr::Load(cell), Instr::Store(cell, more));
            std::iter::once(load).chain(between).chain([store]).collect()
        })
        .boxed()
}

fn caught(shape: Shape, room: Room) -> BoxedStrategy<Instr> {
    instrs(shape, 0..=3, room).prop_map(Instr::Catch).boxed()
}

fn keeping(shape: Shape, room: Room) -> BoxedStrategy<Instr> {
    let guard = operation_of(shape).prop_map(|operation| vec![operation]);
    let guard = (0..OBJECTS, guard).prop_map(|(lock, body)| Instr::Guarded(lock, body)).boxed();
    let dropped = destructor(shape, room, prop_oneof![6 => part(shape), 1 => guard].boxed());
    (dropped, instrs(shape, 0..=2, room))
        .prop_map(|(dropped, body)| Instr::Keeping(dropped, body))
        .boxed()
}

/// The destructor of what a thread returns. It has no guard: that might panic, and std aborts if that
/// happens to the value of a thread whose handle was dropped.
fn owned(shape: Shape) -> Instrs {
    destructor(shape, Room::SMALL, part(shape))
}

fn destructor(shape: Shape, room: Room, part: BoxedStrategy<Instr>) -> Instrs {
    let makes = usize::from(shape.makes && shape.leftovers && room.loops);
    let made = prop::collection::vec(make(), 0..=makes);
    // What it makes is always made, so that it need not be promised.
    (made, prop::collection::vec(part, 1..=2))
        .prop_map(|(made, parts)| made.into_iter().chain(parts).collect())
        .boxed()
}

/// A part of a destructor. It does not panic.
fn part(shape: Shape) -> BoxedStrategy<Instr> {
    let shape = Shape { beside: false, ..shape };
    let operation = || operation_of(shape).prop_map(|operation| vec![operation]);
    prop_oneof![
        6 => operation_of(shape),
        1 => Just(Instr::IsPanicking),
        1 => (operation(), operation()).prop_map(|(yes, no)| Instr::If(yes, no)),
    ]
    .boxed()
}

/// A loop; one without end begins with an operation, so that it does not go on without any: with none on a channel,
/// which may be none.
fn retry(shape: Shape, room: Room) -> BoxedStrategy<Instr> {
    let rest = instrs(shape, 0..=2, Room { loops: false, ..room.within() });
    let first = match shape.about {
        About::Channels | About::Sending | About::Receiving => {
            operation_of(Shape { about: About::Locks, ..shape })
        }
        _ => operation_of(shape),
    };
    let body = (first, rest).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        rest
    });
    let body =
        if shape.disciplined { body.boxed() } else { prop_oneof![body, two_locks()].boxed() };
    let times = (1..=2_usize).prop_map(Some);
    let times = match shape.endless {
        true => prop_oneof![times, Just(None)].boxed(),
        false => times.boxed(),
    };
    (times, body).prop_map(|(times, body)| Instr::Retry(times, body)).boxed()
}

/// One lock and then, if it does not take too long, another; else all over again.
fn two_locks() -> BoxedStrategy<Vec<Instr>> {
    let give_back = |lock| Instr::If(vec![], vec![Instr::Release(lock)]);
    (0..OBJECTS, 0..OBJECTS)
        .prop_map(move |(one, two)| {
            vec![Instr::Acquire(one), Instr::AcquireTimeout(two), give_back(one)]
        })
        .boxed()
}
