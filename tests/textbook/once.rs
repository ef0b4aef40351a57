//! Double-checked initialisation.

use std::sync::Arc;
use tellers::sync::{Cell, Lock, thread};

/// Two threads that use a value, made by whoever comes first. `in_order` writes it before it says
/// that it is there. Gives how often it was made.
pub(crate) fn double_checked(in_order: bool) -> i64 {
    let shared = Arc::new((
        Lock::named("lock"),
        Cell::named("ready", 0),
        Cell::named("value", 0),
        Cell::named("made", 0),
    ));
    let user = |_| {
        let shared = Arc::clone(&shared);
        thread::spawn(move || {
            let (lock, ready, value, made) = &*shared;
            if ready.load() == 0 {
                let _held = lock.guard();
                if ready.load() == 0 {
                    made.store(made.load() + 1);
                    let steps = [(value, 42), (ready, 1)];
                    let [first, second] = if in_order { steps } else { [steps[1], steps[0]] };
                    first.0.store(first.1);
                    second.0.store(second.1);
                }
            }
            assert_eq!(value.load(), 42, "it is used before it is there");
        })
    };
    [0, 1].map(user).into_iter().for_each(|user| drop(user.join()));
    shared.3.load()
}
