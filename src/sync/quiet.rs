//! Keeps the panics of checked programs off the terminal, and remembers where they came from.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

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
    let result = panic::catch_unwind(AssertUnwindSafe(f));
    QUIET.set(outer);
    result.unwrap_or_else(|payload| panic!("the engine failed: {}", message(&*payload)))
}

fn remember(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
    PLACE.with_borrow_mut(|last| *last = place);
}

/// Runs `f`, in which other model threads may panic, and keeps the place of this one's panic.
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) fn keeping_place<T>(f: impl FnOnce() -> T) -> T {
    let place = PLACE.take();
    let result = f();
    PLACE.set(place);
    result
}

/// The message of a panic that was caught on this OS thread just now, and its place.
pub(crate) fn message(payload: &(dyn Any + Send)) -> String {
    let text = text(payload);
    match PLACE.with_borrow_mut(Option::take) {
        Some(place) => format!("{text} ({place})"),
        None => text,
    }
}

/// The message of a panic, without its place.
pub(crate) fn text(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
