//! What operations mean, without a program.

use tellers::world::{
    Edge, EventId, EventOp, LockId, LockOp, Op, Outcome, ThreadId, ThreadOp, UnsafeCellId,
    UnsafeCellOp, WaitFor, World,
};

fn threads<const N: usize>() -> [ThreadId; N] {
    std::array::from_fn(ThreadId::new)
}

fn locks<const N: usize>() -> [LockId; N] {
    std::array::from_fn(LockId::new)
}

#[test]
fn only_to_take_a_lock_that_is_held_is_contended() {
    let mut world = World::new();
    let [main, other] = threads();
    let [lock, free] = locks();
    let takes = [Op::Lock(lock, LockOp::Acquire), Op::Lock(lock, LockOp::AcquireTimeout)];
    assert!(takes.iter().all(|&op| !world.contended(ThreadId::MAIN, op)));
    world.apply(main, Op::Lock(lock, LockOp::Acquire));
    assert!(takes.iter().all(|&op| world.contended(ThreadId::MAIN, op)));
    assert!(!world.contended(ThreadId::MAIN, Op::Lock(free, LockOp::Acquire)));
    let others = [
        Op::Lock(lock, LockOp::Release),
        Op::Lock(lock, LockOp::Locked),
        Op::Thread(other, ThreadOp::Join),
        Op::Yield,
    ];
    assert!(others.iter().all(|&op| !world.contended(ThreadId::MAIN, op)));
}

#[test]
fn a_ring_begins_with_its_first_thread_wherever_it_is_entered() {
    let mut world = World::new();
    let [main, a, b, c] = threads();
    let locks = locks::<3>();
    for (thread, lock) in [a, b, c].into_iter().zip(locks) {
        world.apply(thread, Op::Lock(lock, LockOp::Acquire));
    }
    let edge = |waiter, op, on| Edge { waiter, op, on: Some(on) };
    let ring = [
        edge(a, Op::Lock(locks[2], LockOp::Acquire), c),
        edge(c, Op::Lock(locks[1], LockOp::Acquire), b),
        edge(b, Op::Lock(locks[0], LockOp::Acquire), a),
    ];
    let joins = edge(main, Op::Thread(b, ThreadOp::Join), b);
    let waits = [joins, ring[2], ring[1], ring[0]].map(|edge| (edge.waiter, edge.op));
    let found = WaitFor::new(&world, waits);
    assert_eq!((&found.cycle[..], &found.others[..]), (&ring[..], &[joins][..]));
}

#[test]
fn who_waits_for_an_event_waits_for_nobody_in_particular() {
    let mut world = World::new();
    let [main, other] = threads();
    let [lock] = locks();
    let event = EventId::new(0);
    world.apply(other, Op::Lock(lock, LockOp::Acquire));
    let waits = [(main, Op::Lock(lock, LockOp::Acquire)), (other, Op::Event(event, EventOp::Wait))];
    let found = WaitFor::new(&world, waits);
    assert_eq!(found.cycle, []);
    assert_eq!(found.others.iter().map(|edge| edge.on).collect::<Vec<_>>(), [Some(other), None]);
    world.apply(main, Op::Event(event, EventOp::Set));
    assert_eq!(WaitFor::new(&world, waits).others.len(), 1);
}

#[test]
fn whoever_has_unguarded_data_alone_races_with_who_reads_them() {
    use UnsafeCellOp::{BeginRead, BeginWrite, EndRead, Inspect, Lend};
    let mut world = World::new();
    let [main, other] = threads();
    let data = UnsafeCellId::new(0);
    let had = |outcome| matches!(outcome, Outcome::Had { .. });
    assert!(had(world.apply(other, Op::UnsafeCell(data, BeginRead))));
    assert!(had(world.apply(main, Op::UnsafeCell(data, BeginRead))));
    world.apply(main, Op::UnsafeCell(data, EndRead));
    for deed in [BeginWrite, Inspect, Lend] {
        let op = Op::UnsafeCell(data, deed);
        assert!(world.races(op) && !world.enabled(main, op));
    }
    assert!(!world.races(Op::UnsafeCell(data, BeginRead)));
    world.apply(other, Op::UnsafeCell(data, EndRead));
    assert!(had(world.apply(main, Op::UnsafeCell(data, Inspect))));
}
