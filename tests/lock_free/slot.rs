//! One value, which threads put in and take out.

#[cfg(feature = "shuttle")]
use super::assert_panics;
use super::assert_returns;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use tellers::sync::atomic::AtomicPtr;
#[cfg(feature = "shuttle")]
use tellers::sync::atomic::AtomicU8;
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

#[cfg(feature = "shuttle")]
struct Node {
    uses: AtomicU8,
    letter: String,
}

#[test]
#[cfg(feature = "shuttle")]
fn what_is_freed_before_it_is_put_somewhere_is_used_after_that() {
    assert_panics("use after free", || {
        let node = Box::into_raw(Box::new(Node { uses: AtomicU8::new(0), letter: String::new() }));
        // SAFETY: it is not used any more; who uses it all the same is in the wrong.
        drop(unsafe { Box::from_raw(node) });
        let slot = AtomicPtr::new(node);
        // SAFETY: the allocator has it still.
        unsafe { (*slot.load(SeqCst)).uses.fetch_add(1, SeqCst) };
    });
}

/// The letter is nobody's but the node's, and two take it out of there.
#[test]
#[cfg(feature = "shuttle")]
fn what_is_in_a_node_is_freed_twice_by_two_that_take_it() {
    assert_panics("double free", || {
        let node = Node { uses: AtomicU8::new(0), letter: "one".to_owned() };
        let slot = AtomicPtr::new(Box::into_raw(Box::new(node)));
        // SAFETY: it is there, and whoever takes the letter a second time is in the wrong.
        let take = || drop(unsafe { std::ptr::read(&(*slot.load(SeqCst)).letter) });
        take();
        take();
    });
}

/// Whose node the memory is told by would be up to the schedule.
#[test]
#[cfg(feature = "shuttle")]
fn two_threads_do_not_put_pointers_into_the_same_memory() {
    let program = tellers::engine::Program::new(|| {
        let nodes = Box::leak(Box::new([(); 2].map(|()| AtomicU8::new(0))));
        let slots = Arc::new([(); 2].map(|()| AtomicPtr::new(null_mut())));
        let [one, other] = nodes.each_ref();
        let theirs = Arc::clone(&slots);
        let put =
            thread::spawn(move || theirs[1].store(std::ptr::from_ref(other).cast_mut(), SeqCst));
        slots[0].store(std::ptr::from_ref(one).cast_mut(), SeqCst);
        put.join().unwrap();
    });
    let engine = tellers::engine::Engine::Product;
    let answer = engine.run(&program, tellers::engine::Effort::of(engine));
    let why =
        answer.map_or_else(|error| error.to_string(), |report| format!("{:?}", report.extent));
    assert!(why.contains("come by otherwise"), "{why}");
}
