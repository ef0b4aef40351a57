//! Single operations, and what is done in place of one.

use super::super::instr::{Deed, Instr, OBJECTS};
use super::super::shape::Shape;
use super::primitives::operation_on;
use proptest::prelude::*;

/// An operation of a program of this shape.
pub(super) fn operation_of(shape: Shape) -> BoxedStrategy<Instr> {
    match shape {
        Shape { disciplined: true, .. } => disciplined(),
        Shape { beside: true, .. } => prop_oneof![operation(), beside()].boxed(),
        _ => match operation_on(shape.about) {
            Some(special) => prop_oneof![1 => operation(), 2 => special].boxed(),
            None => operation(),
        },
    }
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
        6 => mutex(),
        5 => atomic(),
        1 => (1..4_usize).prop_map(Instr::Choose),
        4 => signal(),
    ]
    .boxed()
}

fn mutex() -> BoxedStrategy<Instr> {
    let body = prop::collection::vec(prop_oneof![access(), signal()], 0..=1);
    prop_oneof![
        6 => with(body.boxed()),
        2 => (0..OBJECTS).prop_map(Instr::IsPoisoned),
        1 => (0..OBJECTS).prop_map(Instr::ClearPoison),
        2 => (0..OBJECTS, -1..2_i64).prop_map(|(mutex, more)| Instr::Await(mutex, more)),
        2 => (0..OBJECTS, -1..2_i64).prop_map(|(mutex, more)| Instr::AwaitTimeout(mutex, more)),
        2 => (0..OBJECTS).prop_map(Instr::NotifyOne),
        2 => (0..OBJECTS).prop_map(Instr::NotifyAll),
    ]
    .boxed()
}

fn atomic() -> BoxedStrategy<Instr> {
    let number = || 0..8_i64;
    let more = || -1..2_i64;
    let deed = prop_oneof![
        3 => Just(Deed::Load),
        3 => more().prop_map(Deed::Store),
        1 => more().prop_map(Deed::Swap),
        1 => number().prop_map(Deed::Add),
        1 => number().prop_map(Deed::Sub),
        1 => number().prop_map(Deed::And),
        1 => number().prop_map(Deed::Nand),
        1 => number().prop_map(Deed::Or),
        1 => number().prop_map(Deed::Xor),
        1 => number().prop_map(Deed::Max),
        1 => number().prop_map(Deed::Min),
        2 => (number(), more()).prop_map(|(is, more)| Deed::Exchange(is, more)),
        1 => (number(), more()).prop_map(|(is, more)| Deed::Weak(is, more)),
    ];
    (0..OBJECTS, deed).prop_map(|(atomic, deed)| Instr::Atomic(atomic, deed)).boxed()
}

/// This is done while a mutex is held.
pub(super) fn with(body: BoxedStrategy<Vec<Instr>>) -> BoxedStrategy<Instr> {
    (0..OBJECTS, -1..2_i64, body, any::<bool>())
        .prop_map(|(mutex, more, body, tries)| match tries {
            false => Instr::With(mutex, more, body),
            true => Instr::TryWith(mutex, more, body),
        })
        .boxed()
}

fn signal() -> BoxedStrategy<Instr> {
    prop_oneof![
        2 => Just(Instr::Set),
        1 => Just(Instr::Clear),
        1 => Just(Instr::IsSet),
        1 => Just(Instr::Wait),
        2 => permits(),
        1 => Just(Instr::Yield),
    ]
    .boxed()
}

fn permits() -> BoxedStrategy<Instr> {
    prop_oneof![
        2 => (1..3_u32).prop_map(Instr::Take),
        1 => (1..3_u32).prop_map(Instr::TryTake),
        1 => (1..3_u32).prop_map(Instr::TakeTimeout),
        4 => (1..3_u32).prop_map(Instr::Give),
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
        1 => (1..4_usize).prop_map(Instr::Choose),
        4 => signal(),
    ]
    .boxed()
}

/// An access to what is shared without operations: mostly under the first lock.
fn beside() -> BoxedStrategy<Instr> {
    let lock = prop_oneof![6 => Just(0), 1 => 1..OBJECTS];
    let update = |between: Vec<Instr>, more| {
        let accesses = between.into_iter().chain([Instr::Poke(more)]);
        std::iter::once(Instr::Peek).chain(accesses).collect::<Vec<_>>()
    };
    let between = prop::collection::vec(operation(), 0..=1);
    let body = prop_oneof![
        1 => Just(vec![Instr::Peek]),
        3 => (between, -1..2_i64).prop_map(move |(between, more)| update(between, more)),
    ];
    (lock, body).prop_map(|(lock, body)| Instr::Guarded(lock, body)).boxed()
}
