//! The obvious first try at mutual exclusion, and a ticket lock.

use super::exclusion::{Room, enter, spin, two};
use std::sync::Arc;
use tellers::sync::{Cell, Event, Lock, checkpoint, thread};

/// Two threads that look whether the other one wants to enter, then say that one does.
pub(crate) fn look_then_say() {
    let body = |room: &Room, me: usize, rounds| {
        spin(rounds, || room.wants[1 - me].load() == 0);
        room.wants[me].store(1);
        enter(&room.inside);
        room.wants[me].store(0);
    };
    two(body, None);
}

/// A ticket lock; `careful` draws tickets under a lock. Gives the tickets that were drawn.
pub(crate) fn tickets(threads: usize, careful: bool) -> Vec<Option<i64>> {
    let desk = Arc::new((
        Lock::named("desk"),
        Cell::named("next", 0),
        Cell::named("serving", 0),
        Event::named("inside"),
    ));
    let customer = |_| {
        let desk = Arc::clone(&desk);
        thread::spawn(move || {
            let (lock, next, serving, inside) = &*desk;
            let ticket = {
                let _drawing = careful.then(|| lock.guard());
                let ticket = next.load();
                next.store(ticket + 1);
                ticket
            };
            loop {
                checkpoint(ticket);
                if serving.load() == ticket {
                    break;
                }
            }
            enter(inside);
            serving.store(ticket + 1);
            ticket
        })
    };
    let customers: Vec<_> = (0..threads).map(customer).collect();
    customers.into_iter().map(|customer| customer.join().ok()).collect()
}
