//! What stands above a table can be counted in it.

use tellers::trace::{Picture, Switches, Trace};
use tellers::world::{Op, ThreadId, ThreadOp};

/// The table, from the line with the threads' names on: what is in the column of numbers, and the line.
fn table(text: &str) -> impl Iterator<Item = (String, &str)> {
    let mut lines = text.lines().skip_while(|line| !line.trim_start().starts_with("status"));
    let until = lines.next().and_then(|head| head.find("status")).unwrap_or(0);
    let lines = lines.take_while(|line| !line.is_empty() && !line.starts_with('('));
    lines.map(move |line| (line.chars().take(until).collect(), line))
}

/// The numbers in that column, the first and the last; nothing if it has none.
fn numbers((column, _): (String, &str)) -> Option<(usize, usize)> {
    let number = column.trim_matches(['▸', ' ']);
    let (first, last) = number.split_once('–').unwrap_or((number, number));
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// So many of something are said to be there, so many words before its name.
fn said(text: &str, noun: &str, before: usize) -> usize {
    let head = text.split("\n\n").next().expect("there is a head");
    let words: Vec<&str> = head.split([' ', '\n']).collect();
    let at = words.iter().position(|word| word.starts_with(noun));
    let number = at.and_then(|at| words.get(at.checked_sub(before)?));
    number.and_then(|number| number.replace(',', "").parse().ok()).unwrap_or(0)
}

/// Holds the counts of a text against its table, and against the steps.
pub(crate) fn check(picture: &Picture<'_>, text: &str) {
    let Switches { context, steps, .. } = picture.size();
    let mut last = 0;
    for (first, to) in table(text).filter_map(numbers) {
        assert_eq!(first, last + 1, "{text}");
        last = to;
    }
    assert_eq!((last, said(text, "step", 1)), (steps as usize, steps as usize), "{text}");
    let blocked = table(text).filter(|(_, line)| line.contains("  blocked ")).count();
    assert_eq!(blocked, said(text, "blocked", 1), "{text}");
    if steps > 0 {
        assert_eq!(said(text, "switch", 2), context as usize, "{text}");
    }
    let is_seen = turns(picture.trace) == context as usize;
    let in_one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(is_seen, !in_one_line.contains("that has only its end left"), "{text}");
    let shown = shown(picture.trace);
    let alone = |at: &usize| {
        let number = shown.iter().position(|step| step == at).map(|before| before + 1);
        let mut rows = table(text).filter_map(numbers);
        number.is_none_or(|number| rows.any(|row| row == (number, number)))
    };
    let told = picture.diagnosis().tell(picture.trace);
    let mut cited = told.facts.iter().flat_map(|fact| &fact.steps);
    assert!(cited.all(alone), "what is cited is folded: {text}");
}

/// The steps that have a number.
fn shown(trace: &Trace) -> Vec<usize> {
    let is_housekeeping = |op| matches!(op, Op::Thread(_, ThreadOp::Spawn | ThreadOp::Join));
    let is_shown = |&at: &usize| {
        trace.steps[at].thread != ThreadId::MAIN || !is_housekeeping(trace.steps[at].op)
    };
    (0..trace.steps.len()).filter(is_shown).collect()
}

/// How often another thread moves than in the row before.
fn turns(trace: &Trace) -> usize {
    let movers: Vec<ThreadId> = shown(trace).into_iter().map(|at| trace.steps[at].thread).collect();
    movers.windows(2).filter(|pair| pair[0] != pair[1]).count()
}
