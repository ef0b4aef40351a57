//! One value, which threads put in and take out.

#[cfg(feature = "shuttle")]
use super::assert_panics;
use super::assert_returns;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use tellers::sync::atomic::AtomicPtr;
use tellers::thread;

/// A letter that is sent once.
struct Oneshot(AtomicPtr<String>);

impl Oneshot {
    fn send(&self, letter: &str) {
        let before = self.0.swap(Box::into_raw(Box::new(letter.to_owned())), SeqCst);
        if !before.is_null() {
            // SAFETY: whoever swaps it out has it alone.
            drop(unsafe { Box::from_raw(before) });
        }
    }

    fn receive(&self) -> Option<String> {
        let letter = self.0.swap(null_mut(), SeqCst);
        // SAFETY: likewise.
        (!letter.is_null()).then(|| *unsafe { Box::from_raw(letter) })
    }

    /// Looks first, and takes it then, whoever else does.
    #[cfg(feature = "shuttle")]
    fn receive_unwisely(&self) {
        let letter = self.0.load(SeqCst);
        if !letter.is_null() {
            self.0.store(null_mut(), SeqCst);
            // SAFETY: another one may have taken it meanwhile, and that is what is wrong.
            drop(unsafe { Box::from_raw(letter) });
        }
    }
}

impl Drop for Oneshot {
    fn drop(&mut self) {
        self.receive();
    }
}

#[test]
fn a_letter_is_received_once_or_not_yet() {
    let all = [(Some("one"), None), (Some("other"), None), (Some("one"), Some("other"))];
    let owned = |letter: Option<&str>| letter.map(str::to_owned);
    let all = all.map(|(first, second)| (owned(first), owned(second)));
    assert_returns(all, || {
        let oneshot = Arc::new(Oneshot(AtomicPtr::new(null_mut())));
        let theirs = Arc::clone(&oneshot);
        let other = thread::spawn(move || {
            theirs.send("other");
            theirs
        });
        oneshot.send("one");
        let first = oneshot.receive();
        let _oneshot = other.join().unwrap();
        (first, oneshot.receive())
    });
}

#[test]
#[cfg(feature = "shuttle")]
fn two_that_look_first_free_it_twice() {
    assert_panics("double free", || {
        let oneshot = Arc::new(Oneshot(AtomicPtr::new(null_mut())));
        oneshot.send("one");
        let theirs = Arc::clone(&oneshot);
        let other = thread::spawn(move || {
            theirs.receive_unwisely();
            theirs
        });
        oneshot.receive_unwisely();
        let _oneshot = other.join();
    });
}
