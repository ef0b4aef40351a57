//! Programs from textbooks, whose answers are known: the verdict, in how many ways they can end, and
//! how many context switches the simplest failure takes, each derived by hand.
//!
//! Threads count from 0. A switch away from a thread that has ended is none.
#![cfg(all(not(loom), feature = "shuttle"))]

mod database;
mod exclusion;
mod once;
mod tickets;
pub(crate) mod waiting;

use tellers::engine::product::{Limits, product};
use tellers::engine::{Failure, Program, Report};

fn explored<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Report<R>
where
    R: Clone + Ord + std::hash::Hash + Send + 'static,
{
    let report = product(&Program::new(body), &Limits::default()).expect("it can be explored");
    assert!(report.is_exhaustive() && report.bounds.is_empty());
    report
}

/// Asserts that nothing fails, and that the program ends in so many ways.
fn assert_proved<R>(report: &Report<R>, outcomes: usize) {
    assert_eq!(report.failures.keys().next(), None);
    assert_eq!(report.outcomes.len(), outcomes);
}

/// Asserts that the program fails in this way only, after so many switches, and ends in so many
/// ways in all.
fn assert_fails<R>(report: &Report<R>, failure: Failure, switches: u32, outcomes: usize) {
    let found: Vec<_> = report.failures.iter().map(|(kind, f)| (*kind, f.size.context)).collect();
    assert_eq!(found, [(failure, switches)]);
    assert_eq!(report.outcomes.len(), outcomes);
}

/// All forks are free in the end, or each is held and everybody waits: 2 endings. For the second, each
/// of n philosophers takes one fork before any takes another one: n − 1 switches.
#[test]
fn naive_philosophers_deadlock_once_each_holds_a_fork() {
    for count in 2..=6 {
        let report = explored(move || waiting::philosophers(count, waiting::naive));
        assert_fails(&report, Failure::Deadlock, count as u32 - 1, 2);
    }
}

/// Whoever holds the highest fork that is held waits for none, so somebody can always go on.
#[test]
fn philosophers_who_agree_on_an_order_of_the_forks_all_eat() {
    for count in 2..=6 {
        let report = explored(move || waiting::philosophers(count, waiting::ordered));
        assert_proved(&report, 1);
        assert!(report.coverage.contended > 0);
    }
}

/// A ring of waiting needs everybody to hold the first fork and wait for the second. The left-handed
/// one and the neighbour at the right take the same fork first, so one of the two holds nothing.
#[test]
fn one_left_handed_philosopher_is_enough() {
    for count in 2..=6 {
        let report = explored(move || waiting::philosophers(count, waiting::one_left_handed));
        assert_proved(&report, 1);
        assert!(report.coverage.contended > 0);
    }
}

/// Both flags are down in the end, and the turn is with whoever was not the last to give it away: 2
/// endings. A thread can be kept spinning, but only by a scheduler that never lets the other one
/// move.
#[test]
fn petersons_algorithm_keeps_the_threads_apart() {
    let report = explored(|| exclusion::peterson(None));
    assert_proved(&report, 2);
    let proof = report.proof.expect("the search is complete");
    assert!(proof.completion_always_possible && proof.starvation.is_some());
}

/// Whoever leaves last gives the turn away: 2 endings.
#[test]
fn dekkers_algorithm_keeps_the_threads_apart() {
    let report = explored(|| exclusion::dekker(None));
    assert_proved(&report, 2);
    let proof = report.proof.expect("the search is complete");
    assert!(proof.completion_always_possible && proof.starvation.is_some());
}

/// Thread 0 looks, then thread 1 looks and goes inside, then thread 0 goes there, too: 2 switches. One
/// is not enough: who is inside has raised the flag, and the other would have to look after that.
/// Either thread can be the one that panics, and leaves its flag up: 2 endings and the good one.
#[test]
fn to_look_before_one_says_so_lets_both_inside() {
    let report = explored(tickets::look_then_say);
    assert_fails(&report, Failure::Panic, 2, 3);
}

/// Each order in which the tickets are drawn is an ending: n! of them.
#[test]
fn a_ticket_lock_serves_in_the_order_of_the_tickets() {
    assert_proved(&explored(|| tickets::tickets(2, true)), 2);
    let report = explored(|| tickets::tickets(3, true));
    assert_proved(&report, 6);
    assert!(report.coverage.contended > 0);
}

/// Thread 0 reads the number of the next ticket, then thread 1 draws that ticket and goes inside, then
/// thread 0 draws it, too, and goes there: 2 switches. One is not enough: a thread whose turn it is has
/// drawn its ticket, and the other one would have had to read the number before. If thread 1 leaves
/// first, thread 0 waits for ever for a number that is gone: 1 switch. The endings: either order of two
/// tickets, the same ticket for both, one after the other, or one of them panics: 5.
#[test]
fn a_ticket_that_two_can_draw_lets_both_inside_or_one_wait_for_ever() {
    let report = explored(|| tickets::tickets(2, false));
    let found: Vec<_> = report.failures.iter().map(|(kind, f)| (*kind, f.size.context)).collect();
    assert_eq!(found, [(Failure::Livelock, 1), (Failure::Panic, 2)]);
    assert_eq!(report.outcomes.len(), 5);
}

/// The consumer finds the buffer empty, then the producer puts the only item and ends, then the
/// consumer lowers the signal and waits for it: 1 switch, and that is the only way to fail.
#[test]
fn a_signal_that_is_lowered_after_the_look_is_lost() {
    let report = explored(|| waiting::bounded_buffer(1, false));
    assert_fails(&report, Failure::Deadlock, 1, 2);
}

/// With two items the producer cannot end before the consumer takes one, so it takes 2 switches: the
/// consumer looks, the producer puts one item and waits, the consumer waits. Who waits is woken by
/// the next change, so who is stuck has looked before the last change and lowered the signal after
/// it. Either the consumer missed the first item or the second, or the producer missed that the first
/// was taken: 3 endings and the good one.
#[test]
fn with_two_items_either_side_can_miss_a_signal() {
    let report = explored(|| waiting::bounded_buffer(2, false));
    assert_fails(&report, Failure::Deadlock, 2, 4);
}

/// A change after the look raises the signal again.
#[test]
fn a_signal_that_is_lowered_before_the_look_is_not_lost() {
    for items in 1..=3 {
        let report = explored(move || waiting::bounded_buffer(items, true));
        assert_proved(&report, 1);
        assert!(report.proof.expect("it is complete").completion_always_possible);
    }
}

/// Made once, whoever comes first.
#[test]
fn a_double_check_is_right_when_memory_is_in_order() {
    let report = explored(|| once::double_checked(true));
    assert_proved(&report, 1);
    assert!(report.coverage.contended > 0);
}

/// Thread 0 says that the value is there, then thread 1 uses it: 1 switch. Either can be the one that
/// panics: 2 endings and the good one.
#[test]
fn a_double_check_that_says_too_early_that_it_is_ready_fails() {
    let report = explored(|| once::double_checked(false));
    assert_fails(&report, Failure::Panic, 1, 3);
}

/// The teller comes between the two writes, or does not: 2 endings, 1 switch.
#[test]
fn a_dirty_read_pays_money_that_never_came() {
    assert_fails(&explored(|| database::dirty_read(false)), Failure::Panic, 1, 2);
    assert_proved(&explored(|| database::dirty_read(true)), 1);
}

/// Either teller comes first, and the other one withdraws nothing, or both look before either
/// writes: 3 endings, 1 switch. Under a lock the first two are left.
#[test]
fn write_skew_overdraws_what_each_left_sound() {
    assert_fails(&explored(|| database::write_skew(false)), Failure::Panic, 1, 3);
    assert_proved(&explored(|| database::write_skew(true)), 2);
}
