//! A free choice of whoever schedules.

use super::{assert_fails, assert_returns};
use tellers::choose;
use tellers::engine::Failure;
use tellers::sync::Mutex;
use tellers::thread;

#[test]
fn every_number_below_is_chosen_and_no_other() {
    assert_returns([0, 1, 2], || choose(3));
    assert_returns([0], || choose(1));
}

#[test]
fn choices_are_made_one_by_one_whoever_moves_between() {
    assert_returns([0, 1, 10, 11], || {
        let other = thread::spawn(|| choose(2));
        10 * choose(2) + other.join().unwrap()
    });
}

#[test]
fn what_was_chosen_decides_what_comes_next() {
    assert_returns([0, 10, 11, 12], || match choose(2) {
        0 => 0,
        _ => 10 + choose(3),
    });
}

#[test]
fn a_withdrawal_of_any_size_overdraws_the_account_only_if_it_is_too_large() {
    let left = |most: usize| {
        let balance = std::sync::Arc::new(Mutex::new(3));
        let theirs = std::sync::Arc::clone(&balance);
        let withdraw = move |balance: &Mutex<i64>| {
            *balance.lock().unwrap() -= choose(most) as i64;
        };
        let teller = thread::spawn(move || withdraw(&theirs));
        withdraw(&balance);
        teller.join().unwrap();
        let left = *balance.lock().unwrap();
        assert!(left >= 0, "{left} left");
        left as usize
    };
    assert_returns([1, 2, 3], move || left(2));
    assert_fails(Failure::Panic, move || left(3));
}

#[test]
#[should_panic(expected = "there is nothing to choose from: tellers::choose(0)")]
fn there_has_to_be_something_to_choose_from() {
    choose(0);
}

#[test]
#[should_panic(
    expected = "more than can be explored: tellers::choose(65537), which takes up to 65536"
)]
fn more_than_can_be_explored_is_refused() {
    choose(65_537);
}

#[test]
#[should_panic(expected = "tellers::sync is used outside of a checked closure, at ")]
fn outside_of_every_check_nobody_chooses() {
    choose(2);
}

#[cfg(feature = "shuttle")]
mod scheduled {
    use super::*;
    use tellers::engine::product::{Limits, product};
    use tellers::engine::{
        Count, Effort, Engine, Found, Program, Report, Tried, dfs, minimised, replay_schedule,
        reproduced,
    };
    use tellers::sync::checkpoint;
    use tellers::trace::Schedule;

    fn explored(body: impl Fn() -> usize + Send + Sync + 'static) -> Report<usize> {
        product(&Program::new(body), &Limits::default()).expect("it is answered")
    }

    /// How many interleavings there are, by the proof and by the enumeration.
    fn interleavings(body: impl Fn() -> usize + Copy + Send + Sync + 'static) -> (Count, u64) {
        let proof = explored(body).proof.expect("it is proved");
        (proof.interleavings, dfs(&Program::new(body), 10_000).coverage.executions)
    }

    #[test]
    fn each_choice_is_an_interleaving_of_its_own() {
        assert_eq!(interleavings(|| choose(5)), (Count::Finite(5_u32.into()), 5));
        // By hand: the join comes last, and two choices in either order, each of two.
        let two = || {
            let other = thread::spawn(|| choose(2));
            choose(2) + other.join().unwrap()
        };
        assert_eq!(interleavings(two), (Count::Finite(8_u32.into()), 8));
        // Each of them was run on the real code.
        let tried = explored(two).proof.expect("it is proved").tried;
        assert_eq!(tried, Tried::Interleavings { seen: 8, of: 8 });
        let nested = || if choose(3) == 2 { choose(4) } else { 9 };
        assert_eq!(interleavings(nested), (Count::Finite(6_u32.into()), 6));
    }

    #[test]
    fn a_choice_can_be_counted_on_and_need_not_be_made() {
        let report = explored(|| {
            loop {
                checkpoint(());
                if choose(2) == 0 {
                    break 0;
                }
            }
        });
        assert_eq!(report.failures.keys().next(), None);
        let proof = report.proof.expect("it is proved");
        assert!(proof.completion_always_possible);
        assert!(proof.doubts.is_empty());
        assert_eq!((proof.interleavings, proof.spins), (Count::Infinite, 0));
        let starves = proof.starvation.expect("it may choose to go on for ever");
        let around = &starves.trace.steps[starves.repeats_from.expect("it repeats")..];
        assert!(around.iter().all(|step| step.turn().choice == 1), "{around:?}");
    }

    #[test]
    fn who_may_count_what_is_chosen_is_not_taken_to_be_where_it_was() {
        let program = Program::new(|| {
            let mut lost = 0;
            while choose(2) == 0 {
                lost += 1;
            }
            assert_ne!(lost, 1_000);
        });
        let error =
            Engine::Product.run(&program, Effort::default()).expect_err("it may be anywhere");
        let text = error.to_string();
        assert!(
            text.contains("put tellers::sync::checkpoint(key) at the head of the loop"),
            "{text}"
        );
    }

    #[test]
    fn who_chooses_three_times_the_same_is_not_taken_to_choose_for_ever() {
        let report = explored(|| (0..4).map(|_| choose(2)).sum::<usize>());
        assert_eq!(super::super::returned(&report), [0, 1, 2, 3, 4].into());
        assert_eq!(report.proof.unwrap().interleavings, Count::Finite(16_u32.into()));
    }

    /// Fails if the sum of what two threads chose is 4.
    fn too_much() -> Program<usize> {
        Program::new(|| {
            let other = thread::spawn(|| choose(3));
            let sum = choose(3) + other.join().unwrap();
            assert_ne!(sum, 4);
            sum
        })
    }

    fn assert_chosen(found: &Found) {
        let chosen: Vec<u32> =
            found.trace.steps.iter().map(|step| step.turn().choice).filter(|&it| it > 0).collect();
        assert_eq!(chosen, [2, 2]);
        assert_eq!(reproduced(&too_much(), &found.trace, 3), 3);
        let schedule = Schedule::of(&found.trace);
        let again = replay_schedule(&too_much(), &schedule).expect("it ends").trace;
        assert!(again.is_same_as(&found.trace));
        let mut other = schedule;
        other.turns.iter_mut().for_each(|turn| turn.choice = turn.choice.min(1));
        let other = replay_schedule(&too_much(), &other).expect("it ends");
        assert!(!other.trace.is_same_as(&found.trace));
        assert_eq!(other.ending.expect("it ends").panics.len(), 0);
    }

    #[test]
    fn a_failure_that_needs_a_choice_is_chosen_again() {
        let simplest = product(&too_much(), &Limits::default()).expect("it is answered");
        let simplest = simplest.failures[&Failure::Panic].size;
        for engine in Engine::of_this_build() {
            let effort = crate::told::effort(*engine);
            let report = engine.run(&too_much(), effort).expect("it is answered");
            let as_found = report.as_found.get(&Failure::Panic);
            let found = as_found.unwrap_or(&report.failures[&Failure::Panic]);
            assert_chosen(found);
            let best = minimised(&too_much(), Failure::Panic, found);
            assert_chosen(&best);
            assert_eq!(best.size, simplest, "{engine}");
        }
    }

    #[test]
    fn a_choice_is_drawn_in_every_format() {
        use tellers::trace::{Picture, View};
        let found = explored(|| {
            assert_ne!(choose(3), 2);
            0
        });
        let found = &found.failures[&Failure::Panic];
        let picture = Picture::of("fee", Failure::Panic, found);
        let pages = [picture.text(Default::default()), picture.markdown(), picture.html()];
        assert!(pages.iter().all(|page| page.contains("choose 2 from 0..3")));
        assert!(picture.mermaid().contains("T0->>T0: 1. choose 2 from 0..3"));
        let view = View::parse(&picture.json()).expect("it can be read");
        let step = &view.steps[0];
        assert_eq!((&step.op.what[..], step.op.with["of"]), ("choose", 3));
        assert_eq!(format!("{:?}", step.answer), "Some(Value(2))");
    }

    #[test]
    fn a_choice_that_there_is_not_is_not_made() {
        let program = Program::new(|| choose(2));
        let turn = |choice| tellers::world::Turn { thread: Default::default(), choice };
        let replayed = |choice| tellers::engine::replay(&program, &[turn(choice)]).unwrap();
        assert!(replayed(1).ending.is_some());
        let stopped = replayed(2);
        assert!(stopped.ending.is_none() && stopped.trace.steps.is_empty());
    }
}
