//! Operations on std's primitives, but for mutexes and atomics, and programs that are about them.

use super::super::instr::{CHANNELS, End, How, Instr, OBJECTS, To};
use super::super::shape::{About, Shape};
use super::Instrs;
use proptest::prelude::*;
use proptest::strategy::Union;

/// A program about this or that; those that others are not made for are about locks.
pub(super) fn about_any(shape: Shape, main: impl Fn(Shape) -> Instrs) -> Instrs {
    let drops = |about| shape.drops && !matches!(about, About::Unguarded | About::Pointers);
    let endless = |about| shape.endless && about != About::Pointers;
    let about =
        |about| main(Shape { about, drops: drops(about), endless: endless(about), ..shape });
    if shape.disciplined || shape.beside {
        return about(About::Locks);
    }
    let all = [
        (3, About::Locks),
        (2, About::RwLocks),
        (2, About::Barriers),
        (3, About::Once),
        (4, About::Channels),
        (2, About::Parking),
        (2, About::Unguarded),
        (2, About::Pointers),
    ];
    Union::new_weighted(all.map(|(weight, it)| (weight, about(it))).into()).boxed()
}

/// An operation that does not panic, of a program about this.
pub(super) fn operation_on(about: About) -> Option<BoxedStrategy<Instr>> {
    match about {
        About::Anything | About::Locks => None,
        About::RwLocks => Some(rwlock(Just(vec![]).boxed())),
        About::Barriers => Some(barrier()),
        About::Once => Some(once()),
        About::Channels => Some(prop_oneof![send(channel()), receive(channel())].boxed()),
        About::Sending => Some(prop_oneof![5 => send(first()), 1 => receive(second())].boxed()),
        About::Receiving => Some(prop_oneof![5 => receive(first()), 1 => send(second())].boxed()),
        About::Parking => Some(parking()),
        About::Unguarded => Some(unguarded(Just(vec![]).boxed())),
        About::Pointers => Some(pointer()),
    }
}

/// What a program about this does while it has something, and what may panic.
pub(super) fn around(shape: Shape, body: Instrs) -> Option<(u32, BoxedStrategy<Instr>)> {
    let panics = (body.clone(), 0..2_i64).prop_map(|(mut body, value)| {
        body.push(Instr::PanicIf(value));
        body
    });
    let body = prop_oneof![3 => body, 1 => panics].boxed();
    match shape.about {
        About::RwLocks => Some((16, rwlock(body))),
        About::Once => Some((12, initialised(body))),
        About::Unguarded => Some((12, unguarded(body))),
        _ => None,
    }
}

fn how() -> BoxedStrategy<How> {
    prop_oneof![4 => Just(How::Waits), 2 => Just(How::Tries), 1 => Just(How::WaitsInTime)].boxed()
}

fn more() -> std::ops::Range<i64> {
    -1..2
}

fn rwlock(body: Instrs) -> BoxedStrategy<Instr> {
    let lock = || prop_oneof![3 => Just(0), 1 => 1..OBJECTS];
    let read = (lock(), how(), body.clone());
    let write = (lock(), how(), more(), body.clone());
    prop_oneof![
        4 => read.prop_map(|(lock, how, body)| Instr::Read(lock, how, body)),
        4 => write.prop_map(|(lock, how, more, body)| Instr::Write(lock, how, more, body)),
        1 => (lock(), more(), body)
            .prop_map(|(lock, more, body)| Instr::WriteThenRead(lock, more, body)),
    ]
    .boxed()
}

/// Half of it is under the first lock.
fn unguarded(body: Instrs) -> BoxedStrategy<Instr> {
    let look = (which(), body.clone()).prop_map(|(data, body)| Instr::Look(data, body));
    let touch = (which(), more(), body);
    let touch = touch.prop_map(|(data, more, body)| Instr::Touch(data, more, body));
    (prop_oneof![look, touch], any::<bool>())
        .prop_map(|(access, is_locked)| match is_locked {
            true => Instr::With(0, 0, vec![access]),
            false => access,
        })
        .boxed()
}

fn pointer() -> BoxedStrategy<Instr> {
    let to = prop_oneof![
        3 => more().prop_map(To::Publish),
        1 => Just(To::Put),
        3 => Just(To::Follow),
        2 => more().prop_map(To::Replace),
        2 => more().prop_map(To::Change),
        1 => more().prop_map(To::ChangeWeakly),
        1 => Just(To::Free),
    ];
    (which(), to).prop_map(|(pointer, to)| Instr::Pointer(pointer, to)).boxed()
}

fn which() -> BoxedStrategy<usize> {
    prop_oneof![3 => Just(0), 1 => 1..OBJECTS].boxed()
}

fn once() -> BoxedStrategy<Instr> {
    let number = (which(), more());
    prop_oneof![
        2 => number.clone().prop_map(|(once, more)| Instr::GetOrInit(once, more, vec![])),
        1 => number.prop_map(|(once, more)| Instr::SetOnce(once, more)),
        2 => which().prop_map(Instr::GetOnce),
        1 => which().prop_map(Instr::IsCompleted),
    ]
    .boxed()
}

fn barrier() -> BoxedStrategy<Instr> {
    prop_oneof![1 => Just(0), 6 => Just(1), 3 => Just(2)].prop_map(Instr::Meet).boxed()
}

/// Something is initialised, or waited for that may be poisoned.
fn initialised(body: Instrs) -> BoxedStrategy<Instr> {
    let with = (which(), body);
    let get = (with.clone(), more());
    prop_oneof![
        3 => with.clone().prop_map(|(once, body)| Instr::CallOnce(once, body)),
        1 => with.prop_map(|(once, body)| Instr::CallOnceForce(once, body)),
        3 => get.prop_map(|((once, body), more)| Instr::GetOrInit(once, more, body)),
        1 => which().prop_map(Instr::WaitOnce),
    ]
    .boxed()
}

fn channel() -> BoxedStrategy<usize> {
    prop_oneof![3 => first(), 1 => second()].boxed()
}

fn first() -> BoxedStrategy<usize> {
    Just(0).boxed()
}

fn second() -> BoxedStrategy<usize> {
    (1..CHANNELS).boxed()
}

fn send(channel: BoxedStrategy<usize>) -> BoxedStrategy<Instr> {
    prop_oneof![
        5 => (channel.clone(), more()).prop_map(|(i, more)| Instr::Send(i, more)),
        3 => (channel.clone(), more()).prop_map(|(i, more)| Instr::TrySend(i, more)),
        2 => channel.clone().prop_map(Instr::DropSender),
        1 => channel.prop_map(Instr::CloneSender),
    ]
    .boxed()
}

fn receive(channel: BoxedStrategy<usize>) -> BoxedStrategy<Instr> {
    prop_oneof![
        6 => (channel.clone(), how()).prop_map(|(i, how)| Instr::Receive(i, how)),
        1 => channel.prop_map(Instr::DropReceiver),
    ]
    .boxed()
}

/// The channels of a program about them, with as many senders as threads may have.
pub(super) fn channels(shape: Shape) -> Instrs {
    if shape.about != About::Channels {
        return Just(vec![]).boxed();
    }
    let room = || prop_oneof![2 => (0..3_usize).prop_map(Some), 1 => Just(None)];
    let made = (0..=2_usize, room()).prop_map(|(clones, room)| (clones, room));
    (made.clone(), prop::option::of(made))
        .prop_map(|(first, second)| {
            let make = |(i, (clones, room))| {
                let clones = std::iter::repeat_n(Instr::CloneSender(i), clones);
                std::iter::once(Instr::Channel(i, room)).chain(clones)
            };
            [first].into_iter().chain(second).enumerate().flat_map(make).collect()
        })
        .boxed()
}

/// In a program about channels, a thread is started that has some of their ends.
pub(super) fn entrusted(shape: Shape, body: impl Fn(Shape) -> Instrs) -> BoxedStrategy<Instr> {
    let thread = |about, first, second| {
        let ends = prop_oneof![2 => Just(vec![first]), 1 => Just(vec![first, second])];
        let thread = (ends, body(Shape { about, ..shape }));
        thread.prop_map(|(ends, body)| Instr::Entrust(ends, body)).boxed()
    };
    prop_oneof![
        3 => thread(About::Sending, End::Sender(0), End::Receiver(1)),
        2 => thread(About::Receiving, End::Receiver(0), End::Sender(1)),
    ]
    .boxed()
}

fn parking() -> BoxedStrategy<Instr> {
    prop_oneof![
        3 => Just(Instr::Park),
        1 => Just(Instr::ParkTimeout),
        4 => (0..4_usize).prop_map(Instr::Unpark),
    ]
    .boxed()
}
