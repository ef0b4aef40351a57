//! An interleaving as one page that needs nothing but a browser.
//!
//! The table and the diagnosis are written out, so they are there without scripts, too; a script
//! steps through them, and draws what is shared at each step from the same [`View`] that is the
//! JSON format.

use super::columns::number_of;
use super::rows::{Row, Rows, Said, Status};
use super::view::{State, Thing};
use super::words::grouped;
use super::{Picture, Trace, View, json, text};
use crate::world::{Kind, Object};
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;
use std::collections::BTreeMap;

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

pub(super) fn render(picture: &Picture<'_>) -> String {
    let view = View::of(picture);
    let rows = Rows::of(picture, &picture.diagnosis(), false);
    let lines = lines(&view, &rows);
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        size: text::size_in_full(picture, &rows),
        lanes: lanes(&view, &rows),
        locks: of_locks(&view.objects).map(|lock| &*lock.name).collect(),
        counted: counted(picture.trace, &rows),
        facts: facts(&view, &lines),
        positions: lines.iter().filter(|line| line.position.is_some()).count(),
        no_return: &rows.no_return,
        rows: &lines,
        view: &view,
        // So that no text in it can end the element that it is in.
        json: json::compact(&view).replace('<', "\\u003c"),
    };
    let mut templates = Environment::new();
    let rendered = templates
        .add_template("page.html", PAGE)
        .and_then(|()| templates.get_template("page.html")?.render(Serde(&page)));
    match rendered {
        Ok(page) => page + "\n",
        Err(error) => unreachable!("every kind of failure was tried on the template: {error}"),
    }
}

/// What the template is filled with.
#[derive(Serialize)]
struct Page<'a> {
    style: &'a str,
    script: &'a str,
    size: String,
    lanes: Vec<Lane<'a>>,
    /// The columns that show how long a lock is held.
    locks: Vec<&'a str>,
    /// The columns of values.
    counted: Vec<Counted>,
    facts: Vec<FactLine<'a>>,
    /// How many rows can be stepped to.
    positions: usize,
    /// What is said below the step after which no continuation is well.
    no_return: &'a str,
    rows: &'a [Line],
    view: &'a View,
    json: String,
}

/// A thread's column.
#[derive(Serialize)]
struct Lane<'a> {
    name: &'a str,
    colour: usize,
}

/// A column of values.
#[derive(Serialize)]
struct Counted {
    name: String,
    first: String,
}

/// A row of the table.
#[derive(Serialize)]
struct Line {
    /// Its place among the rows that can be stepped to, from 1.
    position: Option<usize>,
    /// The index of the last step that it shows, or after which it comes; -1 before the first.
    step: i64,
    /// The index among [`View::pending`] of what it shows.
    pending: Option<usize>,
    number: String,
    status: &'static str,
    class: String,
    lanes: Vec<LaneCell>,
    plain: Option<String>,
    locks: Vec<Option<Held>>,
    values: Vec<String>,
    no_return: bool,
}

/// What a thread does in a row.
#[derive(Serialize)]
struct LaneCell {
    said: String,
    colour: usize,
}

/// A piece of the bar that shows how long a lock is held.
#[derive(Clone, PartialEq, Serialize)]
struct Held {
    colour: usize,
    edges: String,
    title: String,
}

/// A line of evidence, and the rows that it refers to.
#[derive(Serialize)]
struct FactLine<'a> {
    words: &'a str,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Link {
    row: usize,
    number: usize,
}

fn lanes<'a>(view: &'a View, rows: &Rows) -> Vec<Lane<'a>> {
    let lane = |index: usize| Lane { name: &view.threads[index].name, colour: index };
    rows.lanes.iter().map(|thread| lane(thread.index())).collect()
}

fn lines(view: &View, rows: &Rows) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut position = 0;
    for row in &rows.rows {
        let before = lines.last().map_or(-1, |line| line.step);
        let step = last_step(view, row).map_or(before, |step| step as i64);
        let can_be_stepped_to = !matches!(row.status, Status::CannotReach | Status::Repeats);
        position += usize::from(can_be_stepped_to);
        lines.push(line(view, rows, row, step, can_be_stepped_to.then_some(position)));
    }
    join_bars(&mut lines);
    lines
}

/// The index of the last step that a row shows.
fn last_step(view: &View, row: &Row) -> Option<usize> {
    let (_, last) = row.numbers?;
    view.steps.iter().position(|step| step.number == Some(last))
}

fn line(view: &View, rows: &Rows, row: &Row, step: i64, position: Option<usize>) -> Line {
    let mut class = row.status.words().replace(' ', "-");
    if row.key {
        class += " key";
    }
    let lane = |&thread: &crate::world::ThreadId| LaneCell {
        said: row.by(thread).collect::<Vec<_>>().join(", "),
        colour: thread.index(),
    };
    Line {
        position,
        step,
        pending: row.pending,
        number: number_of(row),
        status: row.status.words(),
        class,
        lanes: rows.lanes.iter().map(lane).collect(),
        plain: match &row.said {
            Said::Plainly(said) => Some(said.clone()),
            Said::By(_) => None,
        },
        locks: if position.is_some() {
            held(view, step)
        } else {
            vec![None; of_locks(&view.objects).count()]
        },
        values: row.values.iter().map(|value| value.map(grouped).unwrap_or_default()).collect(),
        no_return: row.no_return,
    }
}

fn counted(trace: &Trace, rows: &Rows) -> Vec<Counted> {
    let column = |&object: &Object| Counted {
        name: trace.names.name(object).to_owned(),
        first: trace.initial.shown(object).number().map(grouped).unwrap_or_default(),
    };
    rows.counted.iter().map(column).collect()
}

/// Who holds each lock after a step.
fn held(view: &View, step: i64) -> Vec<Option<Held>> {
    let after = usize::try_from(step).ok().and_then(|step| view.steps.get(step));
    let states = of_locks(&after.map_or(&view.before, |step| &step.after).states);
    let held = |(lock, holder): (&Thing, &State)| {
        let &State::Number(thread) = holder else { return None };
        let thread = usize::try_from(thread).ok()?;
        let title = format!("{} held by {}", lock.name, view.threads[thread].name);
        Some(Held { colour: thread, edges: String::new(), title })
    };
    of_locks(&view.objects).zip(states).map(held).collect()
}

/// What there is of locks and mutexes: one thread has one alone.
fn of_locks<T>(all: &BTreeMap<String, Vec<T>>) -> impl Iterator<Item = &T> {
    [Kind::Lock, Kind::Mutex].into_iter().filter_map(|kind| all.get(kind.noun())).flatten()
}

/// Rounds the bars where a lock is taken and where it is given back.
fn join_bars(lines: &mut [Line]) {
    let locks = lines.first().map_or(0, |line| line.locks.len());
    let holder = |lines: &[Line], at: usize, lock: usize| {
        lines.get(at).and_then(|line| line.locks[lock].as_ref()).map(|held| held.colour)
    };
    for at in 0..lines.len() {
        for lock in 0..locks {
            let now = holder(lines, at, lock);
            let starts = at == 0 || holder(lines, at - 1, lock) != now;
            let ends = holder(lines, at + 1, lock) != now;
            if let Some(held) = &mut lines[at].locks[lock] {
                held.edges += if starts { " starts" } else { "" };
                held.edges += if ends { " ends" } else { "" };
            }
        }
    }
}

fn facts<'a>(view: &'a View, lines: &[Line]) -> Vec<FactLine<'a>> {
    let link = |&step: &usize| {
        let number = view.steps.get(step)?.number?;
        let shown = lines.iter().find(|line| line.position.is_some() && line.step >= step as i64);
        Some(Link { row: shown?.position?, number })
    };
    let facts = view.diagnosis.facts.iter();
    facts
        .map(|fact| FactLine {
            words: &fact.words,
            links: fact.steps.iter().filter_map(link).collect(),
        })
        .collect()
}
