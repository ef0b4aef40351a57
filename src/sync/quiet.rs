//! Keeps the panics of checked programs off the terminal, and remembers where they came from.

#[cfg(any(loom, feature = "shuttle"))]
use super::stack::Stack;
#[cfg(any(loom, feature = "shuttle"))]
use crate::supervisor;
use crate::trace::Place;
use std::any::Any;
use std::cell::Cell;
use std::fmt::Display;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// The last panic of the model thread that moves.
    static PANIC: Cell<Option<Box<Panic>>> = const { Cell::new(None) };
    /// The place of the program's that a panic of ours is to be told with.
    static THEIRS: Cell<Option<Place>> = const { Cell::new(None) };
    /// Whether the model thread that moves is being unwound, as far as is known.
    static UNWINDING: Cell<bool> = const { Cell::new(false) };
    /// How many other model threads are being unwound.
    static OTHERS_UNWINDING: Cell<usize> = const { Cell::new(0) };
}

struct Panic {
    place: Option<String>,
    text: String,
    /// What it said, after what was said by those that it came on top of.
    said: String,
}

/// The bytes that are kept for the next panic: a thread that catches its own may look as if it were still
/// being unwound.
const MOST: usize = 1 << 12;

/// Runs `f`, in which panics on this OS thread are not printed; one that gets out of it is the
/// engine's own, and goes on with the text that was kept from the terminal.
///
/// `displace` runs once in the life of the process, and may install a panic hook: ours takes its
/// place, and passes on to the one before.
pub(crate) fn quietly<T>(displace: fn(), f: impl FnOnce() -> T) -> T {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let before = panic::take_hook();
        displace();
        panic::set_hook(Box::new(
            move |info| {
                if QUIET.get() { remember(info) } else { before(info) }
            },
        ));
    });
    let outer = QUIET.replace(true);
    OTHERS_UNWINDING.set(0);
    let result = panic::catch_unwind(AssertUnwindSafe(f));
    QUIET.set(outer);
    result.unwrap_or_else(|payload| panic!("the engine failed: {}", message(&*payload)))
}

fn remember(info: &PanicHookInfo<'_>) {
    let ours = || info.location().map(|at| format!("{}:{}", at.file(), at.line()));
    let place = THEIRS.take().map(|place| place.to_string()).or_else(ours);
    let is_on_top = UNWINDING.replace(true);
    let below = PANIC.take().filter(|panic| is_on_top && panic.said.len() < MOST);
    let said = format!("{}{info}\n", below.map(|panic| panic.said).unwrap_or_default());
    if ends_the_process(info) {
        // What a test prints is kept by whoever runs it, and would be lost.
        let _ = io::stderr().write_all(said.as_bytes());
    }
    let text = text_of(info.payload());
    PANIC.set(Some(Box::new(Panic { place, text, said })));
}

/// Panics because of what the program does there.
pub(super) fn panic_at(place: Place, why: impl Display) -> ! {
    THEIRS.set(Some(place));
    panic!("{why}");
}

/// Whether std aborts after this panic, such as that of a destructor while its thread is being unwound; it
/// says so in no other way that is stable.
fn ends_the_process(info: &PanicHookInfo<'_>) -> bool {
    format!("{info:?}").contains("can_unwind: false")
}

/// Whether the model thread that moves is being unwound.
///
/// std only knows of the OS thread, which all model threads share under a model checker. What each
/// panics is noted when it does. A panic that is only resumed cannot be noted: it is told by there
/// being no other one.
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) fn is_unwinding() -> bool {
    let alone = OTHERS_UNWINDING.get() == 0;
    let unwinding = std::thread::panicking() && (alone || UNWINDING.get());
    UNWINDING.set(unwinding);
    unwinding
}

/// Whether another model thread is being unwound, which std takes for this one.
#[cfg(loom)]
pub(crate) fn is_beside_panic() -> bool {
    OTHERS_UNWINDING.get() > 0
}

/// Unwinds the model thread that moves.
pub(crate) fn unwind(payload: Box<dyn Any + Send>) -> ! {
    UNWINDING.set(true);
    panic::resume_unwind(payload)
}

/// Runs `f`, in which other model threads move, and keeps what is known of this one.
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) fn while_others_move<T>(f: impl FnOnce() -> T) -> T {
    let _kept = Kept::new();
    f()
}

/// What is known of a model thread that does not move.
#[cfg(any(loom, feature = "shuttle"))]
struct Kept {
    stack: Stack,
    panic: Option<Box<Panic>>,
    unwinding: bool,
}

#[cfg(any(loom, feature = "shuttle"))]
impl Kept {
    fn new() -> Self {
        let unwinding = is_unwinding();
        OTHERS_UNWINDING.set(OTHERS_UNWINDING.get() + usize::from(unwinding));
        UNWINDING.set(false);
        supervisor::moves(false);
        Self { stack: Stack::current(), panic: PANIC.take(), unwinding }
    }
}

#[cfg(any(loom, feature = "shuttle"))]
impl Drop for Kept {
    fn drop(&mut self) {
        OTHERS_UNWINDING.set(OTHERS_UNWINDING.get().saturating_sub(self.unwinding.into()));
        UNWINDING.set(self.unwinding);
        self.stack.resume();
        PANIC.set(self.panic.take());
        supervisor::moves(true);
    }
}

/// The message of a panic that was caught on this OS thread just now, and its place.
pub(crate) fn message(payload: &(dyn Any + Send)) -> String {
    UNWINDING.set(false);
    let text = text(payload);
    // One that was resumed was not noted: what is noted is an earlier one, then.
    let noted = PANIC.take().filter(|panic| panic.text == text);
    match noted.and_then(|panic| panic.place) {
        Some(place) => format!("{text} ({place})"),
        None => text,
    }
}

/// The message of a panic, without its place.
pub(crate) fn text(payload: &(dyn Any + Send)) -> String {
    text_of(payload)
}

fn text_of(payload: &dyn Any) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
