//! Ctrl-C stops a search, and what it has covered is shown.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// The flag that ctrl-C sets. Pressed again, it ends the process, as if nobody had asked to be told.
pub(super) fn flag() -> Arc<AtomicBool> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let flag = FLAG.get_or_init(|| {
        let flag = Arc::<AtomicBool>::default();
        let ours = Arc::clone(&flag);
        // Without a handler, ctrl-C ends the process: that is what it does anyway.
        let _ = ctrlc::set_handler(move || {
            if ours.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED_TWICE);
            }
        });
        flag
    });
    Arc::clone(flag)
}

/// What a shell reports for a process that SIGINT has ended.
const INTERRUPTED_TWICE: i32 = 130;

/// Whether ctrl-C has been pressed.
pub(super) fn pressed() -> bool {
    flag().load(Ordering::Relaxed)
}
