//! What random programs found, each with its story. Who includes this says what it is to `agree`.

use super::agree;
use crate::common::Instr::{
    Guarded, If, IsFinished, Join, Load, PanicIf, Release, Set, Spawn, Store, Wait,
};
use crate::common::program;

/// One thread is unwound by a panic and, as its guard is dropped, another one moves. std counts
/// panics for each OS thread, and model threads share one: so the other thread, which had lost its
/// lock to a release, seemed to be panicking too, and its guard kept silent. What it did was then not
/// determined by what it was told: the product engine took the program for nondeterministic.
#[test]
fn a_guard_complains_while_another_thread_is_unwound() {
    let loser = vec![Guarded(0, vec![Release(0)])];
    let panicker = vec![Guarded(1, vec![PanicIf(0)])];
    let main = [Spawn(panicker), Spawn(loser), Join, Join];
    agree(
        &program(&main),
        &["returned [-1, -1]; cells [0, 0, 0]; locked [false, false, false]; \
           1 panicked: told to panic; 2 panicked: release unlocked lock"],
    );
}

/// A thread used to end with its last operation, but for loom and real threads: there it is seen alive
/// for a while after that.
#[test]
fn a_thread_is_alive_for_a_while_after_its_last_operation() {
    let child = vec![Store(0, 1)];
    let main = [Spawn(child), Load(0), If(vec![IsFinished], vec![PanicIf(0)])];
    let told =
        |told: &str| format!("returned {told}; cells [1, 0, 0]; locked [false, false, false]");
    agree(
        &program(&main),
        &[
            &told("[1, 0]"),
            &told("[1, 1]"),
            "panicked; cells [1, 0, 0]; locked [false, false, false]; 0 panicked: told to panic",
        ],
    );
}

/// The same, where the main thread knows by an event that there is nothing left to do.
#[test]
fn a_thread_ends_some_time_after_its_last_operation() {
    let main = [Spawn(vec![Set]), Wait, IsFinished];
    let told = |told| format!("returned [{told}]; cells [0, 0, 0]; locked [false, false, false]");
    agree(&program(&main), &[&told(0), &told(1)]);
}
