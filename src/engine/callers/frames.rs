//! The callers in a stack, as std prints it.

use crate::trace::{Caller, Place};
use std::collections::HashMap;

/// The folder below which all is ours that may call a program, or be called by it.
const SYNC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sync/");

/// What is known of the operations in a file whose callers were seen.
#[derive(Default)]
pub(super) struct Known(HashMap<&'static str, Seen>);

struct Seen {
    /// What comes before the names of files in the same crate.
    root: String,
    /// The lines from which they were called.
    callers: Vec<Caller>,
}

impl Known {
    /// The callers of the operation at a place, the innermost first, down to the body of the thread: those in
    /// files of the same crate, or of its workspace. Nothing if the stack does not show the operation.
    pub(super) fn learn(&mut self, place: Place, stack: &str) -> Option<Vec<Caller>> {
        let mut frames = stack.lines().filter_map(frame);
        let root = frames.find_map(|frame| root(&frame, place))?;
        let own = Caller { file: place.file().to_owned(), line: place.line(), column: 0 };
        let mut callers = vec![own];
        callers.extend(named(frames, &root));
        // A closure and what it is given to are often in one line.
        callers.dedup_by_key(|caller| (caller.file.clone(), caller.line));
        callers.remove(0);
        let seen = Seen { root, callers: Vec::new() };
        self.0.entry(place.file()).or_insert(seen).callers.extend(callers.first().cloned());
        Some(callers)
    }

    /// The same where an optimiser left nothing of the operation on the stack: it was the last of its function.
    /// What is there instead must be known to call an operation in that file.
    pub(super) fn recognise(&self, place: Place, stack: &str) -> Option<Vec<Caller>> {
        let Seen { root, callers: known } = self.0.get(place.file())?;
        let is_ours = |frame: &Caller| frame.file.starts_with(SYNC);
        let frames = stack.lines().filter_map(frame).skip_while(|frame| !is_ours(frame));
        let above = frames.skip_while(|frame| is_ours(frame) || !is_of(root, frame));
        let mut callers: Vec<Caller> = named(above, root).collect();
        callers.dedup_by_key(|caller| (caller.file.clone(), caller.line));
        known.contains(callers.first()?).then_some(callers)
    }
}

/// What a line says of a frame, as in "at /home/me/crate/src/lib.rs:3:5".
fn frame(line: &str) -> Option<Caller> {
    let mut parts = line.trim().strip_prefix("at ")?.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Caller { file: parts.next()?.to_owned(), line, column }).filter(|caller| caller.line > 0)
}

/// What comes before the names of files in the crate of this place, if the frame is the operation's there.
fn root(frame: &Caller, place: Place) -> Option<String> {
    let root = frame.file.strip_suffix(place.file())?;
    let is_whole = root.is_empty() || root.ends_with('/');
    let is_it = (frame.line, frame.column) == (place.line(), place.column());
    (is_whole && is_it).then(|| root.to_owned())
}

/// Those of the crate, up to where the thread begins, by the names of their files there.
fn named(frames: impl Iterator<Item = Caller>, root: &str) -> impl Iterator<Item = Caller> {
    let of_thread = frames.take_while(|frame| !frame.file.starts_with(SYNC));
    of_thread.filter(|frame| is_of(root, frame)).map(|frame| {
        let file = frame.file[root.len()..].to_owned();
        Caller { file, ..frame }
    })
}

fn is_of(root: &str, frame: &Caller) -> bool {
    let of_rust =
        frame.file.starts_with("/rustc/") || frame.file.contains("/lib/rustlib/src/rust/library/");
    frame.file.starts_with(root) && !of_rust
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where an operation stands, and the stack of a thread that came to it, below these frames.
    fn stack(place: Place, frames: &[&str]) -> String {
        let own = format!("/home/me/{}:{}:{}", place.file(), place.line(), place.column());
        let ours = [format!("{SYNC}lock.rs:9:9"), "/rustc/0/library/core/src/x.rs:1:1".into()];
        let frames = frames.iter().map(|frame| frame.replace("OWN", &own));
        let outside = [format!("{SYNC}shuttle.rs:9:9"), "/home/me/src/main.rs:1:1".into()];
        let all = ours.into_iter().chain(frames).chain(outside);
        all.map(|frame| format!("   0:   0x5 - a::b\n    at {frame}\n")).collect()
    }

    fn told(callers: Option<Vec<Caller>>) -> Option<Vec<String>> {
        Some(callers?.iter().map(Caller::to_string).collect())
    }

    #[test]
    fn callers_are_those_of_the_crate_up_to_where_the_thread_begins() {
        let place = Place::caller();
        let other = "/home/you/src/lib.rs:1:1";
        let rust = "/rustc/0/library/alloc/src/y.rs:2:2";
        let frames = ["OWN", other, rust, "/home/me/src/a.rs:3:5", "/home/me/src/b.rs:4:5"];
        let callers = Known::default().learn(place, &stack(place, &frames));
        assert_eq!(told(callers).expect("it is shown"), ["src/a.rs:3", "src/b.rs:4"]);
    }

    #[test]
    fn nothing_is_known_of_a_stack_that_does_not_show_the_operation() {
        let place = Place::caller();
        let beside = format!("/home/me/{}:{}:1", place.file(), place.line() + 1);
        let mut known = Known::default();
        assert_eq!(known.learn(place, &stack(place, &[&beside, "/home/me/src/a.rs:3:5"])), None);
        assert_eq!(known.recognise(place, &stack(place, &["/home/me/src/a.rs:3:5"])), None);
        assert_eq!(known.learn(place, "   0: <unknown>\n"), None);
    }

    #[test]
    fn a_caller_that_was_seen_is_recognised_where_the_operation_is_not_shown() {
        let place = Place::caller();
        let (seen, unseen) = ("/home/me/src/a.rs:3:5", "/home/me/src/a.rs:7:5");
        let mut known = Known::default();
        known.learn(place, &stack(place, &["OWN", seen])).expect("it is shown");
        let callers = known.recognise(place, &stack(place, &[seen, "/home/me/src/b.rs:4:5"]));
        assert_eq!(told(callers).expect("it is known"), ["src/a.rs:3", "src/b.rs:4"]);
        assert_eq!(known.recognise(place, &stack(place, &[unseen])), None);
    }
}
