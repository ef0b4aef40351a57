use super::super::automata::{Deed, Luggage, Origin};
use super::super::packed::Layout;
use super::*;
use crate::trace::Place;
use crate::world::shared::Shared;
use crate::world::{CellOp, Kind, LockOp, Outcome, World};

const NONE: u128 = 0;
const A: u128 = 1;
const B: u128 = 2;

/// What keeps others away from a thread that holds these locks while others live.
fn cover(thread: usize, held: u128) -> Cover {
    Cover { thread: ThreadId::new(thread), held: Locks(held), alone: false }
}

fn load(cell: usize) -> Op {
    Op::Cell(CellId::new(cell), CellOp::Load)
}

/// What is known once threads have read cells: who, holding what, which cell, and whether that was
/// taken to be private.
fn known(reads: &[(usize, u128, usize, bool)]) -> Privacy {
    let mut privacy = Privacy::default();
    for &(thread, held, cell, private) in reads {
        privacy.note(cover(thread, held), load(cell), private);
    }
    privacy
}

#[test]
fn a_cell_is_private_to_the_only_thread_that_uses_it() {
    let privacy = known(&[(1, NONE, 0, true), (1, NONE, 0, false)]);
    assert!(privacy.is_private(cover(1, NONE), load(0)));
    assert!(!privacy.is_private(cover(2, NONE), load(0)));
    assert!(privacy.is_private(cover(2, NONE), load(1)), "nobody has used it");
    assert!(!privacy.is_mistaken());
}

#[test]
fn a_cell_is_private_under_a_lock_that_everybody_held() {
    let privacy = known(&[(1, A | B, 0, true), (2, A, 0, true)]);
    assert!(privacy.is_private(cover(2, A), load(0)) && privacy.is_private(cover(1, A), load(0)));
    assert!(
        !privacy.is_private(cover(1, B), load(0)) && !privacy.is_private(cover(1, NONE), load(0))
    );
    assert!(!privacy.is_mistaken());
}

#[test]
fn it_is_a_mistake_to_have_taken_a_shared_cell_for_private() {
    assert!(known(&[(1, NONE, 3, true), (1, NONE, 3, false), (2, NONE, 3, false)]).is_mistaken());
    assert!(
        known(&[(1, A, 3, false), (2, A, 3, true), (2, B, 3, false), (1, A, 0, true)])
            .is_mistaken()
    );
    assert!(!known(&[(1, NONE, 3, false), (2, NONE, 3, false), (1, NONE, 0, true)]).is_mistaken());
}

#[test]
fn who_is_alone_is_not_seen_and_does_not_count() {
    let alone = Cover { alone: true, ..cover(1, NONE) };
    let mut privacy = known(&[(1, NONE, 0, false), (2, NONE, 0, false)]);
    assert!(privacy.is_private(alone, load(0)));
    privacy.note(alone, load(1), true);
    assert!(privacy.is_private(cover(2, NONE), load(1)));
}

#[test]
fn another_search_knows_what_is_shared_and_nothing_else() {
    let mistaken = known(&[(1, NONE, 0, true), (2, NONE, 0, false), (1, NONE, 1, true)]);
    let corrected = mistaken.corrected();
    assert!(mistaken.is_mistaken() && !corrected.is_mistaken());
    assert!(!corrected.is_private(cover(1, A), load(0)));
    assert!(corrected.is_private(cover(2, NONE), load(1)));
}

#[test]
fn to_let_another_thread_go_first_is_private_and_to_take_a_lock_is_not() {
    let privacy = Privacy::default();
    assert!(privacy.is_private(cover(1, NONE), Op::Yield));
    assert!(!privacy.is_private(cover(1, NONE), Op::Lock(LockId::new(0), LockOp::Acquire)));
    let may_be = [load(0), Op::Cell(CellId::new(0), CellOp::Store(1)), Op::Yield, Op::End]
        .map(may_be_private);
    assert_eq!(may_be, [true, true, true, false]);
}

#[test]
fn a_thread_has_the_locks_that_it_holds_and_is_alone_once_all_others_have_ended() {
    let layout = Layout::new(|kind| match kind {
        Kind::Thread => 3,
        Kind::Lock => 130,
        _ => 0,
    });
    let automata = Automata::default();
    let mut packed =
        Packed { layout: &layout, automata: &automata, words: vec![0; layout.words()] };
    for (lock, thread) in [(0, 1), (1, 2), (5, 1), (129, 1)] {
        packed.put(LockId::new(lock), Some(ThreadId::new(thread)));
    }
    let cover = Cover::of(&packed, ThreadId::new(1));
    assert!(cover.alone);
    assert_eq!(cover.held, Locks(1 | 1 << 5));
}

#[test]
fn only_to_release_what_another_thread_holds_is_theft() {
    let mut world = World::new();
    world.create(LockId::new(0), Some(ThreadId::new(1)));
    let [held, free] = [0, 1].map(LockId::new);
    assert!(is_theft(&world, ThreadId::new(2), Op::Lock(held, LockOp::Release)));
    assert!(!is_theft(&world, ThreadId::new(1), Op::Lock(held, LockOp::Release)));
    assert!(!is_theft(&world, ThreadId::new(2), Op::Lock(free, LockOp::Release)));
    assert!(!is_theft(&world, ThreadId::new(2), Op::Lock(held, LockOp::Acquire)));
}

#[test]
fn private_operations_close_no_cycle_and_end_no_thread() {
    let mut automata = Automata::default();
    let mut learn = |origin, deed| {
        automata.arrive(ThreadId::MAIN, origin, Luggage::default(), deed, false).expect("it is new")
    };
    let op = |op| Deed::Op(op, Place::caller());
    let load = learn(Origin::Start(None), op(load(0)));
    let yields = learn(Origin::After(load, Outcome::Value(0)), op(Op::Yield));
    let takes =
        learn(Origin::After(yields, Outcome::Done), op(Op::Lock(LockId::new(0), LockOp::Acquire)));
    let ends = learn(Origin::After(takes, Outcome::Acquired), Deed::End(None));
    assert!(leads_on(&automata, load, yields));
    assert!(!leads_on(&automata, yields, load) && !leads_on(&automata, yields, yields));
    assert!(leads_on(&automata, ends, takes), "nobody takes a lock in private");
    assert!(!leads_on(&automata, takes, ends));
}
