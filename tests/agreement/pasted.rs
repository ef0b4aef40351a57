#[test]
#[allow(unused, reason = "not every thread uses everything")]
fn found_at_random() {
    use crate::common::{acc, has_ended, join};
    use std::{sync::Arc, time::Duration};
    use tellers::sync::{Cell, Event, Lock, assume, checkpoint, thread};
    let program = tellers::engine::Program::new(|| {
        let shared = Arc::new((
            std::array::from_fn::<_, 3, _>(|i| Lock::named(format!("lock{i}"))),
            std::array::from_fn::<_, 3, _>(|i| Cell::named(format!("cell{i}"), 0)),
            Event::named("event"),
        ));
        let (locks, cells, event) = &*shared;
        let mut seen = Vec::<i64>::new();
        let mut children = Vec::<thread::JoinHandle<Vec<i64>>>::new();
        children.push({
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (locks, cells, event) = &*shared;
                let mut seen = Vec::<i64>::new();
                let mut children = Vec::<thread::JoinHandle<Vec<i64>>>::new();
                checkpoint(&seen);
                {
                    let _held = locks[0].guard();
                    seen.push(cells[0].load());
                    cells[0].store((acc(&seen) + 1).rem_euclid(4));
                }
                {
                    let start = seen.len();
                    for round0 in 0..2 {
                        seen.truncate(start);
                        checkpoint((round0, &seen));
                        locks[1].acquire();
                        seen.push(locks[2].acquire_timeout(Duration::ZERO).into());
                        if acc(&seen) != 0 {
                        } else {
                            seen.push(locks[1].release().is_err().into());
                        }
                        if acc(&seen) != 0 {
                            break;
                        }
                    }
                }
                seen.push(locks[1].release().is_err().into());
                seen.push(locks[2].release().is_err().into());
                event.set();
                seen.push(cells[1].load());
                seen
            })
        });
        seen.push(event.is_set().into());
        {
            let start = seen.len();
            loop {
                seen.truncate(start);
                checkpoint(&seen);
                thread::yield_now();
                seen.push(locks[2].acquire_timeout(Duration::ZERO).into());
                if acc(&seen) != 0 {
                    break;
                }
            }
        }
        seen.push(locks[2].release().is_err().into());
        seen.push(locks[0].locked().into());
        assume(acc(&seen) != 1);
        event.wait();
        event.clear();
        has_ended(&children, &mut seen);
        assert!(acc(&seen) != 1, "told to panic");
        join(&mut children, &mut seen);
        seen
    });
    let outcomes = [
        "returned [0, 1, 0, 0, 0, 5, 0, 1, 0, 0, 0]; cells [1, 0, 0]; locked [false, false, false]",
        "returned [0, 1, 0, 0, 0, 6, 0, 0, 0, 1, 1, 0]; cells [1, 0, 0]; locked [false, false, false]",
        "returned [0, 1, 1, 0, 0, 6, 0, 0, 0, 1, 0, 0]; cells [1, 0, 0]; locked [false, false, false]",
        "returned [1, 1, 0, 0, 0, 5, 0, 1, 0, 0, 0]; cells [1, 0, 0]; locked [false, false, false]",
        "panicked; cells [1, 0, 0]; locked [false, false, false]; 0 panicked: told to panic",
    ];
    agree(&program, &outcomes);
}
