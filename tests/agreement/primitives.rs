#[test]
#[allow(unused, clippy::identity_op, reason = "it was made at random")]
fn found_at_random() {
    use crate::common::{Child, Deed, Ends, How, Kept, Objects, Outside, To, acc, caught, detach, has_ended, join, on_drop};
    use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
    use std::time::Duration;
    use tellers::sync::{assume, checkpoint, choose, thread};
    let outside = Outside::of(13);
    let program = tellers::engine::Program::new(move || {
        let mut objects = Objects::new(13).with(outside.as_ref());
        let mut children = Vec::<Child>::new();
        let mut ends = Ends::default();
        let mut seen = Vec::<i64>::new();
        let mut kept = Kept::default();
        ends.make(0, objects.kinds, Some(1));
        ends.clone_sender(0);
        children.push(Child::new(objects.met({
            let mut objects = objects.inherited();
            let mut children = Vec::<Child>::new();
            let mut entrusted = Ends::default();
            entrusted.take_sender(0, &mut ends);
            thread::spawn(move || {
                let mut ends = entrusted;
                let mut seen = Vec::<i64>::new();
                let mut kept = Kept::default();
                {
                    let rwlock = objects.rwlocks[0].clone();
                    if let Some(_data) = rwlock.read(How::Tries, &mut seen) {
                        seen.push(objects.barriers[0].wait().is_leader().into());
                    }
                }
                {
                    let _kept = on_drop({
                        let mut objects = objects.clone();
                        move || {
                            let mut ends = Ends::default();
                            let mut seen = Vec::<i64>::new();
                            let mut kept = Kept::default();
                            objects.unpark(1);
                        }
                    });
                    ends.send(0, (acc(&seen) + 1).rem_euclid(4), &mut seen);
                }
                ends.try_send(0, (acc(&seen) + 0).rem_euclid(4), &mut seen);
                ends.drop_sender(0);
                {
                    let once = objects.onces[0].clone();
                    once.call_once(|| {
                        seen.push(1);
                        thread::park();
                    });
                }
                (seen, None)
            })
        })));
        {
            let rwlock = objects.rwlocks[0].clone();
            if let Some(mut data) = rwlock.write(How::WaitsInTime, &mut seen) {
                objects.once_locks[0].get(&mut seen);
                data.leave((acc(&seen) + 1).rem_euclid(4));
            }
        }
        ends.receive(0, How::Waits, &mut seen);
        join(&mut children, &mut seen);
        objects.onces[0].wait();
        {
            let rwlock = objects.rwlocks[1].clone();
            let _data = rwlock.write_then_read(1, &mut seen);
            seen.push(objects.onces[0].is_completed().into());
        }
        {
            let once = objects.onces[1].clone();
            once.call_once_force(|state| {
                seen.push(state.is_poisoned().into());
                thread::park_timeout(Duration::ZERO);
            });
        }
        {
            let once_lock = objects.once_locks[0].clone();
            let number = once_lock.get_or_init(&mut || {
                objects.once_locks[1].set((acc(&seen) + 0).rem_euclid(4), &mut seen);
                (acc(&seen) + 1).rem_euclid(4)
            });
            seen.push(number);
        }
        {
            let data = objects.unguarded[0].clone();
            data.look(&mut |number| {
                seen.push(number);
                objects.pointers[0].perform(To::Follow, &mut kept, &mut seen);
            });
        }
        {
            let start = seen.len();
            for round0 in 0..1 {
                seen.truncate(start);
                kept = Kept::default();
                checkpoint((round0, &objects.made, ends.key(), &seen));
                {
                    let data = objects.unguarded[0].clone();
                    data.touch(&mut |number| {
                        seen.push(number);
                        objects.pointers[1].perform(To::Change(1), &mut kept, &mut seen);
                        (acc(&seen) + 1).rem_euclid(4)
                    });
                }
                if acc(&seen) != 0 {
                    break;
                }
            }
        }
        ends.drop_receiver(0);
        seen
    });
    let outcomes = [
        "returned [-1, 2, 5, 0, 1, 0, 0, 1, 0, 1, 0, 1, 2, 0, -1, 0, -1, 1]; cells [0, 0, 0]; locked [false, false, false]",
        "returned [-1, 2, 5, 0, 1, 0, 2, 1, 0, 1, 0, 1, 2, 0, -1, 0, -1, 1]; cells [0, 0, 0]; locked [false, false, false]",
        "returned [0, -1, 0, 4, -1, 0, 0, 1, 0, 1, 0, 1, 2, 0, -1, 0, -1, 1]; cells [0, 0, 0]; locked [false, false, false]",
        "returned [0, -1, 0, 4, -1, 0, 2, 1, 0, 1, 0, 1, 2, 0, -1, 0, -1, 1]; cells [0, 0, 0]; locked [false, false, false]",
        "returned [0, -1, 2, 5, 0, 1, 0, 0, 1, 0, 1, 0, 1, 2, 0, -1, 0, -1, 1]; cells [0, 0, 0]; locked [false, false, false]",
        "returned [0, -1, 2, 5, 0, 1, 0, 2, 1, 0, 1, 0, 1, 2, 0, -1, 0, -1, 1]; cells [0, 0, 0]; locked [false, false, false]",
    ];
    agree(&program, &outcomes);
}
