//! Treiber's stack (R. K. Treiber, "Systems programming: coping with parallelism", 1986).

#[cfg(feature = "shuttle")]
use super::assert_panics;
use super::assert_returns;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use tellers::sync::atomic::AtomicPtr;
use tellers::thread;

struct Node {
    value: Option<Box<u8>>,
    next: AtomicPtr<Node>,
}

/// Frees what was popped at once, or keeps it until nobody has the stack any more.
struct Stack {
    head: AtomicPtr<Node>,
    popped: AtomicPtr<Node>,
    frees_at_once: bool,
}

impl Stack {
    fn new(frees_at_once: bool) -> Arc<Self> {
        let [head, popped] = [(); 2].map(|()| AtomicPtr::new(null_mut()));
        Arc::new(Self { head, popped, frees_at_once })
    }

    fn push(&self, value: u8) {
        let node = Node { value: Some(Box::new(value)), next: AtomicPtr::new(null_mut()) };
        push_onto(&self.head, Box::into_raw(Box::new(node)));
    }

    fn pop(&self) -> Option<u8> {
        let mut head = self.head.load(Acquire);
        loop {
            // SAFETY: it is there as long as the stack is; if it is freed at once, that is what is wrong.
            let node = unsafe { head.as_ref() }?;
            let next = node.next.load(Relaxed);
            match self.head.compare_exchange(head, next, AcqRel, Acquire) {
                Ok(_) => break,
                Err(now) => head = now,
            }
        }
        // SAFETY: who has popped it has its value alone.
        let value = unsafe { (*head).value.take() };
        if self.frees_at_once {
            // SAFETY: nobody else is to look at it.
            drop(unsafe { Box::from_raw(head) });
        } else {
            push_onto(&self.popped, head);
        }
        value.map(|value| *value)
    }
}

fn push_onto(head: &AtomicPtr<Node>, node: *mut Node) {
    let mut next = head.load(Relaxed);
    loop {
        // SAFETY: it is there.
        unsafe { (*node).next.store(next, Relaxed) };
        match head.compare_exchange(next, node, AcqRel, Relaxed) {
            Ok(_) => return,
            Err(now) => next = now,
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        for head in [&mut self.head, &mut self.popped] {
            let mut next = *head.get_mut();
            while !next.is_null() {
                // SAFETY: nobody else has the stack any more.
                let mut node = unsafe { Box::from_raw(next) };
                next = *node.next.get_mut();
            }
        }
    }
}

#[test]
fn what_is_pushed_is_popped_once() {
    assert_returns([(None, Some(1)), (Some(1), None)], || {
        let stack = Stack::new(false);
        let theirs = Arc::clone(&stack);
        let other = thread::spawn(move || {
            theirs.push(1);
            theirs
        });
        let first = stack.pop();
        let _stack = other.join().unwrap();
        (first, stack.pop())
    });
}

#[test]
fn two_that_pop_have_one_each() {
    assert_returns([(Some(1), Some(2)), (Some(2), Some(1))], || {
        let stack = Stack::new(false);
        stack.push(1);
        stack.push(2);
        let theirs = Arc::clone(&stack);
        let other = thread::spawn(move || (theirs.pop(), theirs));
        let mine = stack.pop();
        let (theirs, _stack) = other.join().unwrap();
        (mine, theirs)
    });
}

#[cfg(feature = "shuttle")]
fn two_pop_and_free(pushed: &[u8]) {
    let stack = Stack::new(true);
    pushed.iter().for_each(|&value| stack.push(value));
    let theirs = Arc::clone(&stack);
    let other = thread::spawn(move || {
        theirs.pop();
        theirs
    });
    stack.pop();
    let _stack = other.join();
}

#[test]
#[cfg(feature = "shuttle")]
fn a_node_that_is_freed_at_once_is_used_after_that() {
    assert_panics("use after free", || two_pop_and_free(&[1, 2]));
}

/// Who freed it is told, and what would make that impossible.
#[test]
#[cfg(feature = "shuttle")]
fn a_use_after_free_is_told_with_who_freed_it() {
    let told = *std::panic::catch_unwind(|| tellers::check(|| two_pop_and_free(&[1])))
        .unwrap_err()
        .downcast::<String>()
        .unwrap();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "main panicked: use after free (tests/lock_free/stack.rs:40). It used #1 of main at step 10, which Thread-1 had freed \
         at step 9.",
        "▸ Thread-1 had freed #1 of main at step 9 ▸ main used it at step 10",
        "If #1 of main were freed only once no other thread could have a pointer to it, this could not happen.",
    ] {
        assert!(told.contains(line), "{told}");
    }
}
