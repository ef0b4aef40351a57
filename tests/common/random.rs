//! Random programs, the same in every build for the same seed.

use super::instr::{Instr, OBJECTS};
use super::source::source;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

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
}

impl Shape {
    pub const ALL: Self =
        Self { children: 3, len: 5, assumes: true, endless: true, disciplined: false };
}

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
        match property(&main) {
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

fn main_thread(shape: Shape) -> impl Strategy<Value = Vec<Instr>> {
    let child = instrs(shape, 1..=shape.len, true);
    let children = prop::collection::vec(child, 1..=shape.children);
    (children, instrs(shape, 0..=2, true), 0..=1_usize).prop_map(|(children, own, left)| {
        let joins = children.len() - left;
        let spawns = children.into_iter().map(Instr::Spawn);
        spawns.chain(own).chain(std::iter::repeat_n(Instr::Join, joins)).collect()
    })
}

type Instrs = BoxedStrategy<Vec<Instr>>;

fn instrs(shape: Shape, len: std::ops::RangeInclusive<usize>, may_spawn: bool) -> Instrs {
    prop::collection::vec(instr(shape, may_spawn), len).boxed()
}

fn instr(shape: Shape, may_spawn: bool) -> BoxedStrategy<Instr> {
    let mut kinds = vec![
        (20, if shape.disciplined { disciplined() } else { operation() }),
        (3, (0..2_i64).prop_map(Instr::PanicIf).boxed()),
        (3, Just(Instr::Checkpoint).boxed()),
        (if shape.assumes { 2 } else { 0 }, (0..2_i64).prop_map(Instr::AssumeNot).boxed()),
        (3, Just(Instr::IsFinished).boxed()),
    ];
    if may_spawn {
        let block = instrs(shape, 0..=2, false);
        kinds.extend([
            (1, block.clone().prop_map(Instr::Spawn).boxed()),
            (1, Just(Instr::Join).boxed()),
            (2, (block.clone(), block).prop_map(|(yes, no)| Instr::If(yes, no)).boxed()),
            (4, guarded(shape)),
            (4, retry(shape)),
        ]);
    }
    kinds.retain(|(weight, _)| *weight > 0);
    prop::strategy::Union::new_weighted(kinds).boxed()
}

/// An operation on what is shared.
fn operation() -> BoxedStrategy<Instr> {
    let lock = || 0..OBJECTS;
    prop_oneof![
        4 => lock().prop_map(Instr::Acquire),
        3 => lock().prop_map(Instr::AcquireTimeout),
        5 => lock().prop_map(Instr::Release),
        1 => lock().prop_map(Instr::Locked),
        4 => access(),
        4 => signal(),
    ]
    .boxed()
}

fn signal() -> BoxedStrategy<Instr> {
    prop_oneof![
        2 => Just(Instr::Set),
        1 => Just(Instr::Clear),
        1 => Just(Instr::IsSet),
        1 => Just(Instr::Wait),
        1 => Just(Instr::Yield),
    ]
    .boxed()
}

fn access() -> BoxedStrategy<Instr> {
    prop_oneof![
        (0..OBJECTS).prop_map(Instr::Load),
        (0..OBJECTS, -1..2_i64).prop_map(|(cell, more)| Instr::Store(cell, more)),
    ]
    .boxed()
}

/// An operation of a program whose cells each have a lock: the lock of that number, which is only
/// ever held by a guard. The last lock has no cell.
fn disciplined() -> BoxedStrategy<Instr> {
    const FREE: usize = OBJECTS - 1;
    let store = (0..FREE, -1..2_i64).prop_map(|(cell, more)| {
        Instr::Guarded(cell, vec![Instr::Load(cell), Instr::Store(cell, more)])
    });
    prop_oneof![
        4 => store,
        2 => (0..FREE).prop_map(|cell| Instr::Guarded(cell, vec![Instr::Load(cell)])),
        1 => (0..FREE).prop_map(Instr::Locked),
        2 => Just(Instr::Acquire(FREE)),
        2 => Just(Instr::AcquireTimeout(FREE)),
        3 => Just(Instr::Release(FREE)),
        4 => signal(),
    ]
    .boxed()
}

fn guarded(shape: Shape) -> BoxedStrategy<Instr> {
    let body = instrs(shape, 0..=3, false);
    (0..OBJECTS, body).prop_map(|(lock, body)| Instr::Guarded(lock, body)).boxed()
}

/// A loop; one without end begins with an operation, so that it does not go on without any.
fn retry(shape: Shape) -> BoxedStrategy<Instr> {
    let body = (operation_of(shape), instrs(shape, 0..=2, false)).prop_map(|(first, mut rest)| {
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

fn operation_of(shape: Shape) -> BoxedStrategy<Instr> {
    if shape.disciplined { disciplined() } else { operation() }
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
