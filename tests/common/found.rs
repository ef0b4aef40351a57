//! What random programs found, each with its story. Who includes this says what it is to `agree`.

use super::{agree, common};
use common::Instr::{Guarded, Join, PanicIf, Release, Spawn};
use common::program;

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
