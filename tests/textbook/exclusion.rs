//! Mutual exclusion of two threads by reading and writing alone: Peterson and Dekker.

use std::sync::Arc;
use tellers::sync::{Cell, Event, assume, checkpoint, thread};

/// What two threads that keep out of each other's way share. An event is never seen old, so that both
/// being inside is seen for what it is under weak memory, too.
pub(crate) struct Room {
    pub(crate) wants: [Cell; 2],
    turn: Cell,
    pub(crate) inside: Event,
}

impl Room {
    fn new() -> Self {
        Self {
            wants: [Cell::named("wants0", 0), Cell::named("wants1", 0)],
            turn: Cell::named("turn", 0),
            inside: Event::named("inside"),
        }
    }
}

/// The critical section.
pub(crate) fn enter(inside: &Event) {
    assert!(!inside.is_set(), "two threads are inside");
    inside.set();
    inside.clear();
}

/// Waits until `may_go`; runs that take more rounds than this are left out. Each caller makes a promise
/// of its own.
#[track_caller]
pub(crate) fn spin(rounds: Option<usize>, may_go: impl Fn() -> bool) {
    let mut round = 0;
    loop {
        checkpoint(round);
        assume(rounds.is_none_or(|rounds| round < rounds));
        if may_go() {
            return;
        }
        round += rounds.map_or(0, |_| 1);
    }
}

/// Two threads, told apart by their numbers.
pub(crate) fn two(body: fn(&Room, usize, Option<usize>), rounds: Option<usize>) {
    let room = Arc::new(Room::new());
    let each = [0, 1].map(|me| {
        let room = Arc::clone(&room);
        thread::spawn(move || body(&room, me, rounds))
    });
    each.into_iter().for_each(|thread| drop(thread.join()));
}

/// Peterson's algorithm.
pub(crate) fn peterson(rounds: Option<usize>) {
    let body = |room: &Room, me: usize, rounds| {
        let other = 1 - me;
        room.wants[me].store(1);
        room.turn.store(other as i64);
        spin(rounds, || room.wants[other].load() == 0 || room.turn.load() == me as i64);
        enter(&room.inside);
        room.wants[me].store(0);
    };
    two(body, rounds);
}

/// Dekker's algorithm.
pub(crate) fn dekker(rounds: Option<usize>) {
    let body = |room: &Room, me: usize, rounds| {
        let other = 1 - me;
        room.wants[me].store(1);
        spin(rounds, || {
            if room.wants[other].load() == 0 {
                return true;
            }
            if room.turn.load() != me as i64 {
                room.wants[me].store(0);
                spin(rounds, || room.turn.load() == me as i64);
                room.wants[me].store(1);
            }
            false
        });
        enter(&room.inside);
        room.turn.store(other as i64);
        room.wants[me].store(0);
    };
    two(body, rounds);
}
