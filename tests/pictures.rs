//! What a failing interleaving is shown as, for every way of failing.
#![cfg(all(not(loom), feature = "shuttle"))]

pub(crate) mod programs;

use std::hash::Hash;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Failure, Found, Program, replay, unreached};
use tellers::suite;
use tellers::trace::{Look, Picture};
use tellers::world::ThreadId;
use textwrap::core::display_width;

/// The simplest trace that fails in this way.
fn failing<R: Clone + Ord + Hash + Send + 'static>(
    program: &Program<R>,
    failure: Failure,
) -> Found {
    let report = product(program, &Limits::default());
    let mut failures = report.expect("the program can be explored").failures;
    let found = failures.remove(&failure);
    found.unwrap_or_else(|| panic!("no {failure} among {:?}", failures.keys()))
}

/// The picture at several widths, which no line exceeds.
fn shown<R: Clone + Ord + Hash + Send + 'static>(
    title: &str,
    failure: Failure,
    program: &Program<R>,
) -> String {
    let found = failing(program, failure);
    let mut picture = Picture::of(title, failure, &found);
    picture.unreached = unreached(program, &found.trace);
    at_each_width(&picture)
}

fn at_each_width(picture: &Picture<'_>) -> String {
    looking(picture, Look::default())
}

fn looking(picture: &Picture<'_>, look: Look) -> String {
    let at = |width: usize| {
        let text = picture.text(Look { width, ..look });
        for line in text.lines() {
            assert!(display_width(line) <= width, "wider than {width}: {line}");
        }
        format!("{}\n{text}", "-".repeat(width))
    };
    [60, 80, 120, 200].map(at).concat()
}

/// The lines of source at several widths, as they stand under the diagnosis.
fn source(failure: Failure, program: Program<()>) -> String {
    let found = failing(&program.judged_by(programs::judge), failure);
    let picture = Picture::of("program", failure, &found);
    let without = at_each_width(&picture);
    let with = looking(&picture, Look { source: true, ..Look::default() });
    let known: Vec<&str> = without.lines().collect();
    with.lines()
        .filter(|line| line.starts_with("---") || !known.contains(line))
        .collect::<Vec<_>>()
        .join("\n")
}

macro_rules! sources {
    ($($name:ident: $program:expr, $failure:ident;)+) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(source(Failure::$failure, Program::new($program)));
        }
    )+};
}

sources! {
    source_of_a_deadlock: programs::inverted, Deadlock;
    source_of_a_lost_event: programs::never_set, Deadlock;
    source_of_a_lost_update: programs::race, LostUpdate;
    source_of_a_torn_audit: programs::race_audit, TornAudit;
    source_of_a_release: programs::taken_away, ReleaseUnlocked;
    source_of_a_livelock: programs::spinning, Livelock;
    source_of_an_assertion: programs::assertion, Panic;
    source_of_a_data_race: programs::unguarded, DataRace;
}

macro_rules! pictures {
    ($($name:ident: $program:expr, $failure:ident;)+) => {$(
        #[test]
        fn $name() {
            let program = Program::new($program).judged_by(programs::judge);
            insta::assert_snapshot!(shown(stringify!($name), Failure::$failure, &program));
        }
    )+};
}

pictures! {
    inverted: programs::inverted, Deadlock;
    second_transfer: programs::second_transfer, Deadlock;
    wide_names: programs::wide_names, Deadlock;
    ring_of_three: || programs::ring(3), Deadlock;
    ring_of_five: || programs::ring(5), Deadlock;
    lock_taken_twice: programs::taken_twice, Deadlock;
    event_never_set: programs::never_set, Deadlock;
    ended_with_the_lock: programs::ended_with_the_lock, Deadlock;
    race: programs::race, LostUpdate;
    mislabelled: programs::mislabelled, LostUpdate;
    race_audit: programs::race_audit, TornAudit;
    taken_away: programs::taken_away, ReleaseUnlocked;
    spinning: programs::spinning, Livelock;
    assertion: programs::assertion, Panic;
    data_race: programs::unguarded, DataRace;
    assertion_of_main: programs::assertion_of_main, Panic;
}

macro_rules! scenarios {
    ($($name:ident: $scenario:literal, $failure:ident;)+) => {$(
        #[test]
        fn $name() {
            let scenario = suite::find($scenario).expect("it is in the suite");
            let program = scenario.program(scenario.setup);
            let mut settings = insta::Settings::clone_current();
            settings.add_filter(r"(src/\w+/\w+\.rs):\d+", "$1:LINE");
            let _bound = settings.bind_to_scope();
            insta::assert_snapshot!(shown($scenario, Failure::$failure, &program));
        }
    )+};
}

scenarios! {
    the_race_of_the_lesson: "race", LostUpdate;
    the_audit_of_the_lesson: "race-audit", TornAudit;
    the_labels_of_the_lesson: "mislabelled", LostUpdate;
    the_deadlock_of_the_lesson: "inverted", Deadlock;
    the_hack_of_the_lesson: "forced-release", ReleaseUnlocked;
    the_loss_of_the_hack: "forced-release", LostUpdate;
    the_sum_of_the_hack: "forced-release", TornAudit;
    the_ring_of_the_lesson: "ring", Deadlock;
    the_window_of_the_lesson: "tellers-window", Deadlock;
}

/// Main starts the threads of a ring, then each takes its own lock.
#[test]
fn ring_of_twelve() {
    let program = Program::new(|| programs::ring(12)).judged_by(programs::judge);
    let start = std::iter::repeat_n(ThreadId::MAIN, 12);
    let schedule: Vec<_> = start.chain((1..=12).map(ThreadId::new)).collect();
    let trace = replay(&program, &schedule).expect("it ends").trace;
    insta::assert_snapshot!(at_each_width(&Picture::new("ring", Failure::Deadlock, &trace)));
}

#[test]
fn starvation_is_shown_as_what_repeats() {
    let scenario = suite::find("timeout").expect("it is in the suite");
    let report = product(&scenario.program(scenario.setup), &Limits::default());
    let proof = report.expect("it can be explored").proof.expect("it is complete");
    let found = proof.starvation.expect("two threads can keep timing out");
    let picture = Picture::of("timeout", Failure::Livelock, &found);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(src/\w+/\w+\.rs):\d+", "$1:LINE");
    settings.bind(|| insta::assert_snapshot!(picture.text(Look::default())));
}

#[test]
fn the_deadlock_of_the_lesson_takes_less_than_twenty_lines() {
    let scenario = suite::find("inverted").expect("it is in the suite");
    let program = scenario.program(scenario.setup);
    let found = failing(&program, Failure::Deadlock);
    let mut picture = Picture::of("inverted", Failure::Deadlock, &found);
    picture.unreached = unreached(&program, &found.trace);
    let text = picture.text(Look::default());
    assert!(text.lines().count() < 20, "{text}");
}
