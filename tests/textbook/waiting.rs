//! Threads that wait for each other: philosophers, and a bounded buffer.

use std::sync::Arc;
use tellers::sync::{Cell, Event, Lock, checkpoint, thread};

/// Dining philosophers, by the fork that each takes first.
pub(crate) fn philosophers(count: usize, first: fn(usize, usize) -> usize) {
    let forks: Arc<Vec<_>> =
        Arc::new((0..count).map(|i| Lock::named(format!("fork{i}"))).collect());
    let philosopher = |me: usize| {
        let forks = Arc::clone(&forks);
        thread::spawn(move || {
            let one = first(me, forks.len());
            let other = if one == me { (me + 1) % forks.len() } else { me };
            let _one = forks[one].guard();
            let _other = forks[other].guard();
        })
    };
    let philosophers: Vec<_> = (0..count).map(philosopher).collect();
    philosophers.into_iter().for_each(|p| p.join().expect("nobody panics"));
}

/// Everybody the left one.
pub(crate) fn naive(me: usize, _: usize) -> usize {
    me
}

/// Everybody the one with the lower number.
pub(crate) fn ordered(me: usize, count: usize) -> usize {
    me.min((me + 1) % count)
}

/// Everybody the left one, but the first.
pub(crate) fn one_left_handed(me: usize, count: usize) -> usize {
    if me == 0 { 1 % count } else { me }
}

struct Buffer {
    lock: Lock,
    /// How many items there are: room for one.
    count: Cell,
    not_empty: Event,
    not_full: Event,
}

impl Buffer {
    /// Waits until the buffer is as full as `wanted`, and puts the item or takes it. The signal that it
    /// may be so is lowered before each look or, which is too late, after one that was in vain.
    fn when(&self, wanted: i64, signal: &Event, item: i64, lower_first: bool) {
        loop {
            checkpoint(item);
            if lower_first {
                signal.clear();
            }
            {
                let _held = self.lock.guard();
                if self.count.load() == wanted {
                    return self.count.store(1 - wanted);
                }
            }
            if !lower_first {
                signal.clear();
            }
            signal.wait();
        }
    }

    fn put(&self, item: i64, lower_first: bool) {
        self.when(0, &self.not_full, item, lower_first);
        self.not_empty.set();
    }

    fn take(&self, item: i64, lower_first: bool) {
        self.when(1, &self.not_empty, item, lower_first);
        self.not_full.set();
    }
}

/// A producer and a consumer of so many items.
pub(crate) fn bounded_buffer(items: i64, lower_first: bool) {
    let buffer = Arc::new(Buffer {
        lock: Lock::named("lock"),
        count: Cell::named("count", 0),
        not_empty: Event::named("not empty"),
        not_full: Event::named("not full"),
    });
    let shared = Arc::clone(&buffer);
    let producer = thread::spawn(move || {
        for item in 1..=items {
            shared.put(item, lower_first);
        }
    });
    let consumer = thread::spawn(move || {
        for item in 1..=items {
            buffer.take(item, lower_first);
        }
    });
    [producer, consumer].into_iter().for_each(|t| t.join().expect("nobody panics"));
}
