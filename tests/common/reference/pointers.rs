//! Atomic pointers to nodes.

use super::super::instr::{Instr, MODULUS, To};
use super::panic::Panic;
use super::state::Name;
use super::thread::{Thread, Todo};
use std::collections::BTreeSet;

/// A node is known by who made it, and by how many that one had made before.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Node {
    maker: Name,
    nth: usize,
    number: i64,
}

/// What a thread has to do with nodes: the one that it keeps a pointer to, and how many it has made.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Nodes {
    pub(super) kept: Option<Node>,
    made: usize,
}

/// What is done to a pointer, that leads there or nowhere.
pub(super) fn perform(pointer: &mut Option<Node>, thread: &mut Thread, to: To) {
    let is_kept = *pointer == thread.nodes.kept;
    let new = match to {
        To::Follow | To::Free => None,
        To::Put => Some(thread.nodes.kept.clone()),
        To::Publish(more) | To::Replace(more) | To::Change(more) | To::ChangeWeakly(more) => {
            Some(Some(make(thread, more)))
        }
    };
    if !matches!(to, To::Put | To::Publish(_)) {
        thread.seen.push(pointer.as_ref().map_or(-1, |node| node.number));
        thread.nodes.kept = pointer.clone();
    }
    let changes = match to {
        To::Change(_) | To::ChangeWeakly(_) => {
            thread.seen.push(is_kept.into());
            is_kept
        }
        _ => true,
    };
    if let Some(new) = new.filter(|_| changes) {
        *pointer = new;
    }
}

/// A thread frees the node that it keeps a pointer to, as it does, and then follows this one; or panics, if somebody has
/// freed it.
pub(super) fn free(freed: &mut BTreeSet<Node>, thread: &mut Thread, which: usize) {
    let node = thread.nodes.kept.take().expect("it is silent without one");
    match freed.insert(node) {
        true => thread.todo.push(Todo::Do(Instr::Pointer(which, To::Follow))),
        false => thread.panic(Panic::Message("double free")),
    }
}

/// A thread fails for no reason to change a pointer; nothing if there is one.
pub(super) fn fail(pointer: &Option<Node>, thread: &mut Thread, more: i64) -> Option<()> {
    if *pointer != thread.nodes.kept {
        return None;
    }
    make(thread, more);
    thread.seen.push(pointer.as_ref().map_or(-1, |node| node.number));
    Some(())
}

fn make(thread: &mut Thread, more: i64) -> Node {
    let number = (thread.acc() + more).rem_euclid(MODULUS);
    thread.nodes.made += 1;
    Node { maker: thread.name.clone(), nth: thread.nodes.made, number }
}
