//! A bounded queue as one writes it over std's mutex and condition variables, and a spin lock.

use super::row::Row;
use super::time::{median, own};
use ::tellers::engine::product::{Limits, product};
use ::tellers::engine::{Program, Verdict};
use ::tellers::steps;
use ::tellers::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use ::tellers::sync::{Condvar, Mutex, hint, thread};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

pub(super) fn rows() -> Vec<Row> {
    let small = proved("queue, 2 × 1 and 2 × 1", traffic(1));
    let is_small = small.states.is_some_and(|states| states < 2_000);
    vec![
        small.asked("fewer than 2,000 states", is_small),
        proved("queue, 2 × 2 and 2 × 2", traffic(2)).within(Duration::from_secs(10)),
        proved("the same, by steps", in_steps()).within(Duration::from_secs(1)),
        proved("spin lock, 3 × 2", spinning(3, 2)).within(Duration::from_secs(1)),
    ]
}

fn proved(name: &str, program: Program<()>) -> Row {
    let (time, report) =
        median(|| own(|| product(&program, &Limits::default()).expect("it is deterministic")));
    let runs = Some(report.coverage.executions);
    let is_proved = report.verdict() == Verdict::Proved;
    let states = report.proof.map(|proof| proof.states as u64);
    let row = Row { runs, states, time: Some(time), ..Row::new(name, "product") };
    row.asked("it is proved", is_proved)
}

/// Room for one.
#[derive(Default)]
struct Queue {
    items: Mutex<VecDeque<u32>>,
    not_empty: Condvar,
    not_full: Condvar,
}

impl Queue {
    fn push(&self, item: u32) {
        let items = self.items.lock().expect("nobody panics");
        let mut items = self.not_full.wait_while(items, |items| !items.is_empty()).expect("nor");
        items.push_back(item);
        self.not_empty.notify_one();
    }

    fn pop(&self) -> u32 {
        let items = self.items.lock().expect("nobody panics");
        let mut items = self.not_empty.wait_while(items, |items| items.is_empty()).expect("nor");
        let item = items.pop_front().expect("it is not empty");
        self.not_full.notify_one();
        item
    }
}

const PUSH: fn(&Queue) = |queue| queue.push(1);
const POP: fn(&Queue) = |queue| assert_eq!(queue.pop(), 1);

/// Two producers and two consumers of so many each.
fn traffic(each: u32) -> Program<()> {
    Program::new(move || {
        let queue = Arc::<Queue>::default();
        let start = |body: fn(&Queue)| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || (0..each).for_each(|_| body(&queue)))
        };
        let all = [PUSH, PUSH, POP, POP].map(start);
        all.into_iter().for_each(|thread| thread.join().expect("it is well"));
    })
}

/// The same, two of each, by threads that forget what they have pushed and popped.
fn in_steps() -> Program<()> {
    Program::new(move || {
        let queue = Arc::<Queue>::default();
        let all = [PUSH, PUSH, POP, POP].map(|step| steps(&queue, [step, step]));
        all.into_iter().for_each(|thread| thread.join().expect("it is well"));
    })
}

fn spinning(threads: u32, times: u32) -> Program<()> {
    Program::new(move || {
        let shared = Arc::new((AtomicBool::new(false), AtomicU32::new(0)));
        let all = (0..threads).map(|_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                for _ in 0..times {
                    while shared.0.swap(true, SeqCst) {
                        hint::spin_loop();
                    }
                    shared.1.store(shared.1.load(SeqCst) + 1, SeqCst);
                    shared.0.store(false, SeqCst);
                }
            })
        });
        all.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().expect("it is well"));
        assert_eq!(shared.1.load(SeqCst), threads * times);
    })
}
