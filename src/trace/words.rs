//! Operations in words, with the names of what they are about.

use super::numbering::Numbering;
use super::{Names, Trace};
pub(super) use crate::thousands as grouped;
use crate::trace::Step;
use crate::world::{Op, ThreadId};
use std::fmt::Write as _;

/// Tells of one trace.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    pub(super) trace: &'a Trace,
    pub(super) names: &'a Names,
    pub(super) numbering: Numbering,
}

impl<'a> Words<'a> {
    pub(super) fn new(trace: &'a Trace) -> Self {
        Self { trace, names: &trace.names, numbering: Numbering::new(trace) }
    }

    /// The same, of things that have these names.
    pub(super) fn with(&self, names: &'a Names) -> Self {
        Self { names, ..self.clone() }
    }

    /// The name of a thread.
    pub(super) fn thread(&self, thread: ThreadId) -> &'a str {
        self.names.thread(thread)
    }

    /// An operation and its outcome.
    pub(super) fn done(&self, step: &Step) -> String {
        self.names.put(step.op, |deed, name| match step.doubtful {
            true => deed.done_unprompted(step.outcome, name),
            false => deed.done(step.outcome, name),
        })
    }

    /// An operation that cannot take effect.
    pub(super) fn waiting(&self, op: Op) -> String {
        let wait = |name: &str| format!("wait for {name}");
        self.names.put(op, |deed, name| {
            deed.awaited(name).map_or_else(|| deed.doing(name), |it| wait(&it))
        })
    }

    /// What an operation waits for.
    pub(super) fn awaited(&self, op: Op) -> String {
        self.names.put(op, |deed, name| deed.awaited(name).unwrap_or_else(|| "its turn".to_owned()))
    }

    /// The number of a step and its place, in brackets.
    pub(super) fn at(&self, step: usize) -> String {
        let place = self.trace.steps[step].place;
        match self.numbering.of(step) {
            Some(number) => format!("(step {number}, {place})"),
            None => format!("({place})"),
        }
    }

    /// The number of a step, as in "at step 3".
    pub(super) fn step(&self, step: usize) -> String {
        match self.numbering.of(step) {
            Some(number) => format!("step {number}"),
            None => self.trace.steps[step].place.to_string(),
        }
    }
}

/// A message without line breaks.
pub(super) fn in_one_line(message: &str) -> String {
    let lines: Vec<&str> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("; ")
}

/// A count and its noun.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ if noun.ends_with("ch") => format!("{} {noun}es", grouped(count)),
        _ => format!("{} {noun}s", grouped(count)),
    }
}

/// A list, as in "a, b and c".
pub(super) fn listed<S: AsRef<str>>(items: &[S]) -> String {
    let mut list = String::new();
    for (i, item) in items.iter().enumerate() {
        let joint = match items.len() - i {
            _ if i == 0 => "",
            1 => " and ",
            _ => ", ",
        };
        let _ = write!(list, "{joint}{}", item.as_ref());
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let written = [0, 999, 1_000, -807_416, 1_007_416, i64::MIN].map(grouped);
        let expected = ["0", "999", "1,000", "-807,416", "1,007,416", "-9,223,372,036,854,775,808"];
        assert_eq!(written, expected);
    }

    #[test]
    fn lists_end_in_and() {
        assert_eq!(listed::<&str>(&[]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b"]), "a and b");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
