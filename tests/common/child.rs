//! The children of a thread, and what they leave to who joins them.

use super::run::Told;
use std::any::Any;
use tellers::sync::thread::JoinHandle;

/// Does something when it is dropped.
pub struct OnDrop(Option<Box<dyn FnOnce() + Send>>);

pub fn on_drop(act: impl FnOnce() + Send + 'static) -> OnDrop {
    OnDrop(Some(Box::new(act)))
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        if let Some(act) = self.0.take() {
            act();
        }
    }
}

/// What a thread observed, and what it owned at its end.
pub type Left = (Told, Option<OnDrop>);

/// A child that is not joined yet.
pub struct Child {
    handle: Option<JoinHandle<Left>>,
    /// Whether what it leaves has a destructor: then it matters who drops the handle, and when.
    owns: bool,
}

impl Child {
    pub fn new(handle: JoinHandle<Left>) -> Self {
        Self { handle: Some(handle), owns: false }
    }

    pub fn owner(handle: JoinHandle<Left>) -> Self {
        Self { handle: Some(handle), owns: true }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.owns {
            std::mem::forget(self.handle.take());
        }
    }
}

/// Nobody joins this one.
pub fn detach(handle: JoinHandle<Left>) {
    drop(handle);
}

/// Joins the latest child.
pub fn join(children: &mut Vec<Child>, seen: &mut Told) {
    let child = children.pop().and_then(|mut child| child.handle.take());
    match child.map(JoinHandle::join) {
        None => {}
        Some(Err(payload)) => seen.push(told_by(&*payload)),
        Some(Ok((told, owned))) => {
            seen.push(told.len() as i64);
            seen.extend(told);
            drop(owned);
        }
    }
}

/// Asks whether the latest child has ended.
pub fn has_ended(children: &[Child], seen: &mut Told) {
    let child = children.last().and_then(|child| child.handle.as_ref());
    seen.extend(child.map(|child| i64::from(child.is_finished())));
}

/// What is observed of a block that was to be caught.
pub fn caught(result: std::thread::Result<()>) -> i64 {
    result.map_or_else(|payload| told_by(&*payload), |()| 0)
}

fn told_by(payload: &(dyn Any + Send)) -> i64 {
    payload.downcast_ref().copied().unwrap_or(-1)
}
