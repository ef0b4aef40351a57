//! Several threads make something, and one comes first: the others free what they made.

#[cfg(feature = "shuttle")]
use super::assert_panics;
use super::assert_returns;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, SeqCst};
use tellers::sync::atomic::{AtomicPtr, AtomicU8};
use tellers::thread;

/// Made by whoever comes first.
struct Racy(AtomicPtr<Made>);

struct Made {
    by: u8,
    uses: AtomicU8,
}

impl Racy {
    fn get(&self, by: u8, frees_either: bool) -> &Made {
        let mine = Box::into_raw(Box::new(Made { by, uses: AtomicU8::new(0) }));
        let found = match self.0.compare_exchange(null_mut(), mine, AcqRel, Acquire) {
            Ok(_) => mine,
            Err(theirs) => {
                // SAFETY: nobody else knows of mine; and who frees the other one as well is in the wrong.
                drop(unsafe { Box::from_raw(if frees_either { theirs } else { mine }) });
                theirs
            }
        };
        // SAFETY: it is there for as long as this is.
        unsafe { &*found }
    }
}

impl Drop for Racy {
    fn drop(&mut self) {
        let made = *self.0.get_mut();
        if !made.is_null() {
            // SAFETY: it is nobody else's any more.
            drop(unsafe { Box::from_raw(made) });
        }
    }
}

fn two_get(frees_either: bool) -> (u8, u8, u8) {
    let racy = Arc::new(Racy(AtomicPtr::new(null_mut())));
    let use_it = move |racy: &Racy, by| {
        let made = racy.get(by, frees_either);
        made.uses.fetch_add(1, SeqCst);
        made.by
    };
    let theirs = Arc::clone(&racy);
    let other = thread::spawn(move || {
        let by = use_it(&theirs, 1);
        // Whoever has it last drops it: so that is the main thread.
        (by, theirs)
    });
    let mine = use_it(&racy, 0);
    let (theirs, _racy) = other.join().unwrap();
    let uses = racy.get(2, false).uses.load(SeqCst);
    (mine, theirs, uses)
}

#[test]
fn what_came_too_late_is_freed_by_who_made_it() {
    assert_returns([(0, 0, 2), (1, 1, 2)], || two_get(false));
}

#[test]
#[cfg(feature = "shuttle")]
fn what_came_first_is_not_to_be_freed_by_who_came_too_late() {
    assert_panics("use after free", || {
        two_get(true);
    });
}
