#[test]
#[allow(unused, clippy::identity_op, reason = "it was made at random")]
fn found_at_random() {
    use crate::common::{Child, Deed, Ends, How, Kept, Objects, Outside, To, acc, caught, detach, has_ended, join, on_drop};
    use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
    use std::time::Duration;
    use tellers::sync::{assume, checkpoint, choose, thread};
    let outside = Outside::of(12022);
    let program = tellers::engine::Program::new(move || {
        let mut objects = Objects::new(12022).with(outside.as_ref());
        let _spare = Objects::spare();
        let mut children = Vec::<Child>::new();
        let mut ends = Ends::default();
        let mut seen = Vec::<i64>::new();
        let mut kept = Kept::default();
        children.push(Child::new(objects.met({
            let mut objects = objects.inherited();
            let mut children = Vec::<Child>::new();
            thread::spawn(move || {
                let mut ends = Ends::default();
                let mut seen = Vec::<i64>::new();
                let mut kept = Kept::default();
                kept = Kept::default();
                checkpoint((&objects.made, ends.key(), &seen));
                {
                    let lock = objects.locks[0].clone();
                    let _held = lock.guard();
                    seen.push(objects.cells[0].load());
                    objects.cells[0].store((acc(&seen) + 1).rem_euclid(4));
                }
                {
                    let start = seen.len();
                    for round0 in 0..2 {
                        seen.truncate(start);
                        kept = Kept::default();
                        checkpoint((round0, &objects.made, ends.key(), &seen));
                        objects.locks[1].acquire();
                        seen.push(objects.locks[2].acquire_timeout(Duration::ZERO).into());
                        if acc(&seen) != 0 {
                        } else {
                            seen.push(objects.locks[1].release().is_err().into());
                        }
                        if acc(&seen) != 0 {
                            break;
                        }
                    }
                }
                seen.push(objects.locks[1].release().is_err().into());
                seen.push(objects.locks[2].release().is_err().into());
                objects.event.set();
                seen.push(objects.cells[1].load());
                {
                    let mutex = objects.mutexes[1].clone();
                    if let Some(mut data) = mutex.try_lock(&mut seen) {
                        objects.mutexes[0].clear_poison();
                        seen.push(objects.mutexes[1].is_poisoned().into());
                        data.leave((acc(&seen) + 1).rem_euclid(4));
                    }
                }
                objects.condvars[0].notify_one();
                objects.atomics[1].perform(Deed::Exchange(0, 1), &mut seen);
                (seen, None)
            })
        })));
        seen.push(objects.event.is_set().into());
        {
            let start = seen.len();
            loop {
                seen.truncate(start);
                kept = Kept::default();
                checkpoint((&objects.made, ends.key(), &seen));
                thread::yield_now();
                seen.push(objects.locks[2].acquire_timeout(Duration::ZERO).into());
                if acc(&seen) != 0 {
                    break;
                }
            }
        }
        seen.push(objects.locks[2].release().is_err().into());
        seen.push(objects.locks[0].locked().into());
        assume(acc(&seen) != 1);
        objects.event.wait();
        {
            let mutex = objects.mutexes[0].clone();
            let mut data = mutex.lock(&mut seen);
            objects.condvars[0].notify_all();
            seen.push(thread::panicking().into());
            data.leave((acc(&seen) + 1).rem_euclid(4));
        }
        {
            let mut data = objects.mutexes[0].wait_at_most_twice(&objects.condvars[0], &mut seen);
            data.leave((acc(&seen) + 1).rem_euclid(4));
        }
        {
            let mut data = objects.mutexes[1].wait_in_time(&objects.condvars[1], &mut seen);
            data.leave((acc(&seen) + 0).rem_euclid(4));
        }
        objects.atomics[0].perform(Deed::Add(1), &mut seen);
        objects.event.clear();
        objects.permits.acquire(1);
        objects.permits.release(2);
        if acc(&seen) != 0 {
            seen.push(objects.permits.try_acquire(2).into());
        } else {
            seen.push(objects.permits.acquire_timeout(1, Duration::ZERO).into());
        }
        has_ended(&children, &mut seen);
        let result = catch_unwind(AssertUnwindSafe(|| {
            seen.push(objects.peek());
            objects.poke((acc(&seen) + 1).rem_euclid(4));
            assert!(acc(&seen) != 1, "told to panic");
        }));
        seen.push(caught(result));
        children.push(Child::owner(objects.met({
            let mut objects = objects.inherited();
            let mut children = Vec::<Child>::new();
            thread::spawn(move || {
                let mut ends = Ends::default();
                let mut seen = Vec::<i64>::new();
                let mut kept = Kept::default();
                let owned = on_drop({
                    let mut objects = objects.clone();
                    move || {
                        let mut ends = Ends::default();
                        let mut seen = Vec::<i64>::new();
                        let mut kept = Kept::default();
                        objects.event.set();
                    }
                });
                (seen, Some(owned))
            })
        })));
        join(&mut children, &mut seen);
        let handed = children.pop();
        children.push(Child::new(objects.met({
            let mut objects = objects.inherited();
            let mut children = Vec::from_iter(handed);
            thread::spawn(move || {
                let mut ends = Ends::default();
                let mut seen = Vec::<i64>::new();
                let mut kept = Kept::default();
                join(&mut children, &mut seen);
                {
                    let _kept = on_drop({
                        let mut objects = objects.clone();
                        move || {
                            let mut ends = Ends::default();
                            let mut seen = Vec::<i64>::new();
                            let mut kept = Kept::default();
                            objects.make(0);
                            objects.locks[0].acquire();
                        }
                    });
                    objects.cells[2].store((acc(&seen) + 1).rem_euclid(4));
                    seen.push(objects.cells[2].load());
                    if acc(&seen) != 0 {
                        panic_any(acc(&seen) + 100);
                    }
                }
                (seen, None)
            })
        })));
        detach(objects.met({
            let mut objects = objects.inherited();
            let mut children = Vec::<Child>::new();
            thread::spawn(move || {
                let mut ends = Ends::default();
                let mut seen = Vec::<i64>::new();
                let mut kept = Kept::default();
                objects.make_event();
                objects.event.set();
                objects.event.wait();
                (seen, None)
            })
        }));
        join(&mut children, &mut seen);
        seen
    });
    let outcomes = [
        "returned [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [1, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [1, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
        "returned [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 102]; cells [1, 2, 1]; locked [true]; 3 panicked: a panic without a message",
    ];
    agree(&program, &outcomes);
}
