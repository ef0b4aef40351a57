//! What the threads of a run have in their thread locals.
//!
//! A value is dropped by its own thread, at that one's end, or not at all: a run that is left leaves what
//! its threads have here, too.

use crate::sync::backend;
use crate::world::ThreadId;
use std::any::Any;
use std::cell::RefCell;
use std::mem::{ManuallyDrop, needs_drop};
use std::rc::Rc;

std::thread_local! {
    /// In the order in which they were made.
    static VALUES: RefCell<Vec<Local>> = const { RefCell::new(Vec::new()) };
}

struct Local {
    thread: ThreadId,
    /// The address of the static.
    key: usize,
    has_destructor: bool,
    /// Nothing once it is being dropped.
    value: Option<Value>,
}

type Value = ManuallyDrop<Rc<dyn Any>>;

/// What the thread that moves has for a key.
pub(super) enum Found<T> {
    /// It has not looked yet.
    Nothing,
    Value(Rc<T>),
    /// It is at its end.
    Dropped,
}

pub(super) fn find<T: 'static>(key: usize) -> Found<T> {
    let thread = backend::current();
    VALUES.with_borrow(|values| {
        let of_key = |local: &&Local| local.thread == thread && local.key == key;
        match values.iter().find(of_key).map(|local| &local.value) {
            None => Found::Nothing,
            Some(None) => Found::Dropped,
            Some(Some(value)) => {
                let value = Rc::clone(value).downcast();
                Found::Value(value.unwrap_or_else(|_| unreachable!("a key has one type")))
            }
        }
    })
}

/// From now on the thread that moves has this; instead of another one, if making this made that.
pub(super) fn put<T: 'static>(key: usize, value: T) -> Rc<T> {
    let thread = backend::current();
    let value = Rc::new(value);
    let ours: Value = ManuallyDrop::new(Rc::<T>::clone(&value));
    let before = VALUES.with_borrow_mut(|values| {
        let of_key = |local: &&mut Local| local.thread == thread && local.key == key;
        if let Some(local) = values.iter_mut().find(of_key) {
            return local.value.replace(ours);
        }
        let has_destructor = needs_drop::<T>();
        values.push(Local { thread, key, has_destructor, value: Some(ours) });
        None
    });
    drop(before.map(ManuallyDrop::into_inner));
    value
}

/// Whether the thread that moves has none.
pub(in crate::sync) fn has_no_locals() -> bool {
    let thread = backend::current();
    VALUES.with_borrow(|values| values.iter().all(|local| local.thread != thread))
}

/// The thread that moves is at its end: drops what it has, the newest first, and what that makes on the way.
/// Where nothing is to be done for a value, the others' destructors may use it.
pub(in crate::sync) fn drop_locals() {
    let thread = backend::current();
    let next = || {
        VALUES.with_borrow_mut(|values| {
            let mut values = values.iter_mut().rev().filter(|local| local.thread == thread);
            values.find_map(|local| local.value.take_if(|_| local.has_destructor))
        })
    };
    while let Some(value) = next() {
        drop(ManuallyDrop::into_inner(value));
    }
    let rest = VALUES.with_borrow_mut(|values| {
        values.extract_if(.., |local| local.thread == thread).collect::<Vec<_>>()
    });
    for value in rest.into_iter().filter_map(|local| local.value) {
        drop(ManuallyDrop::into_inner(value));
    }
}

/// The thread has ended, however it did.
#[cfg(any(loom, feature = "shuttle"))]
pub(super) fn forget(thread: ThreadId) {
    VALUES.with_borrow_mut(|values| values.retain(|local| local.thread != thread));
}

/// A run begins.
#[cfg(any(loom, feature = "shuttle"))]
pub(super) fn forget_all() {
    VALUES.take();
}
