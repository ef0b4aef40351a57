//! The lines of source that a failure comes down to, and what happened at each, as rustc would show
//! them.

mod order;

use super::diagnose::{Called, What, described};
use super::words::Words;
use super::{Caller, Cause, Diagnosis, Look, Picture, Place, Told, source};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use order::in_order_of_calling;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use textwrap::core::display_width;

/// Something that happened at a place in the source.
struct Mark {
    file: String,
    line: usize,
    /// Counted from 1.
    column: Option<usize>,
    step: Option<usize>,
    thread: String,
    what: String,
}

/// By how much a line may be longer than the renderer is told.
const OVERSHOOT: usize = 4;

/// How much is told of what happened, as there is room.
#[derive(Clone, Copy)]
enum Detail {
    Everything,
    Who,
    When,
}

/// The excerpt, line by line, cut off where it does not fit; nothing if no source can be read. Who called is
/// shown below it, and takes no room from the steps.
pub(super) fn draw(
    picture: &Picture<'_>,
    (diagnosis, told): (&Diagnosis, &Told),
    look: Look,
) -> Vec<String> {
    let mut lines = draw_marks(&marks(picture, diagnosis, told), look);
    let callers = draw_marks(&callers(picture, diagnosis, told), look);
    if !callers.is_empty() {
        lines.push("called from:".to_owned());
        lines.extend(callers);
    }
    lines
}

fn draw_marks(marks: &[Mark], look: Look) -> Vec<String> {
    let sources = sources(marks);
    let fits = |line: &String| display_width(line) <= look.width;
    [Detail::Everything, Detail::Who]
        .into_iter()
        .map(|detail| render(&sources, marks, detail, look))
        .find(|lines| lines.iter().all(fits))
        .unwrap_or_else(|| {
            let lines = render(&sources, marks, Detail::When, look).into_iter();
            lines.map(|line| cut(&line, look)).collect()
        })
}

/// So much of a line as fits, with a mark where it goes on.
fn cut(line: &str, Look { width, colour, .. }: Look) -> String {
    if display_width(line) <= width {
        return line.to_owned();
    }
    let mut kept = String::new();
    for c in line.chars() {
        if display_width(&kept) + display_width(c.encode_utf8(&mut [0; 4])) >= width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    if colour {
        kept += &anstyle::Reset.to_string();
    }
    kept
}

fn marks(picture: &Picture<'_>, diagnosis: &Diagnosis, told: &Told) -> Vec<Mark> {
    let trace = picture.trace;
    let words = Words::new(trace);
    let step = |at: usize| {
        let step = &trace.steps[at];
        let what = words.done(step);
        Mark::new(step.place, words.numbering.of(at), words.thread(step.thread), what)
    };
    let cited = told.facts.iter().flat_map(|fact| fact.steps.iter().copied());
    let steps: BTreeSet<usize> = diagnosis.key_steps().into_iter().chain(cited).collect();
    let mut marks: Vec<Mark> = steps.into_iter().map(step).collect();
    if let Some(Cause::Panicked(found)) = &diagnosis.cause {
        marks.extend(Mark::of_panic(words.thread(found.thread), &found.message));
    }
    let undone = diagnosis.undone().into_iter();
    marks.extend(undone.map(|pending| {
        Mark::new(pending.place, None, words.thread(pending.thread), words.waiting(pending.op))
    }));
    marks.sort_by_key(|mark| mark.step.unwrap_or(usize::MAX));
    marks
}

/// The lines from which the steps were called, each file before those that call it.
fn callers(picture: &Picture<'_>, diagnosis: &Diagnosis, told: &Told) -> Vec<Mark> {
    let words = Words::new(picture.trace);
    let all = Called::all(&words, diagnosis, told);
    let mut callers = BTreeMap::<&Caller, Vec<What>>::new();
    for called in &all {
        for caller in called.by {
            callers.entry(caller).or_default().extend(called.all.iter().map(|&(what, _)| what));
        }
    }
    let files = in_order_of_calling(all.iter().map(|called| called.by));
    let mut marks: Vec<Mark> =
        callers.into_iter().map(|(caller, all)| Mark::of_caller(caller, all)).collect();
    marks.sort_by_key(|mark| files.iter().position(|file| *file == mark.file));
    marks
}

impl Mark {
    fn new(place: Place, step: Option<usize>, thread: &str, what: String) -> Self {
        let (line, column) = (place.line() as usize, place.column() as usize);
        let file = place.file().to_owned();
        Self { file, line, column: Some(column), step, thread: thread.to_owned(), what }
    }

    /// A line from which these steps were called.
    fn of_caller(caller: &Caller, all: Vec<What>) -> Self {
        let Caller { ref file, line, column } = *caller;
        let (line, column) = (line as usize, Some(column as usize));
        let (thread, what) = (described(all), String::new());
        Self { file: file.clone(), line, column, step: None, thread, what }
    }

    /// A panic's message ends in its place, in brackets.
    fn of_panic(thread: &str, message: &str) -> Option<Self> {
        let (_, place) = message.strip_suffix(')')?.rsplit_once(" (")?;
        let (file, line) = place.rsplit_once(':')?;
        let (line, thread, what) = (line.parse().ok()?, thread.to_owned(), "panics".to_owned());
        Some(Self { file: file.to_owned(), line, column: None, step: None, thread, what })
    }

    fn label(&self, detail: Detail) -> String {
        let step = self.step.map(|step| format!("step {step}"));
        let who = match &step {
            Some(step) => format!("{step}, {}", self.thread),
            None => self.thread.clone(),
        };
        // Where there is no step, the first word tells what it is.
        let briefly = self.what.split(' ').next().filter(|it| step.is_none() && !it.is_empty());
        match detail {
            Detail::Everything if !self.what.is_empty() => format!("{who}: {}", self.what),
            Detail::Who | Detail::When if let Some(briefly) = briefly => {
                format!("{who}: {briefly}")
            }
            Detail::Everything | Detail::Who => who,
            Detail::When => step.unwrap_or(who),
        }
    }

    /// The name of what was called; for a panic that no macro names, all of the line but its
    /// indentation.
    fn span(&self, source: &str) -> Option<Range<usize>> {
        let line = source.lines().nth(self.line.checked_sub(1)?)?;
        let start = line.as_ptr() as usize - source.as_ptr() as usize;
        let all = line.len() - line.trim_start().len()..line.trim_end().len();
        let span = match self.column {
            // Where there is no name, the file is not the one that was compiled.
            Some(column) => name_at(line, column.checked_sub(1)?)?,
            None => macro_in(line).unwrap_or(all),
        };
        (!span.is_empty()).then_some(start + span.start..start + span.end)
    }
}

/// The name in a line that begins after so many characters.
fn name_at(line: &str, characters: usize) -> Option<Range<usize>> {
    let (from, _) = line.char_indices().nth(characters)?;
    let rest = &line[from..];
    let length = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
    (length > 0).then_some(from..from + length)
}

/// The name of the first macro that a line calls, as those that panic are.
fn macro_in(line: &str) -> Option<Range<usize>> {
    let name = |(until, _)| line[..until].trim_end_matches(is_of_name).len()..until;
    line.match_indices("!(").map(name).find(|name: &Range<usize>| !name.is_empty())
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The files that can be read, in the order in which they are come across.
fn sources(marks: &[Mark]) -> Vec<(&str, String)> {
    let mut files: Vec<&str> = Vec::new();
    for mark in marks {
        if !files.contains(&mark.file.as_str()) {
            files.push(&mark.file);
        }
    }
    files.into_iter().filter_map(|file| Some((file, source::read(file)?))).collect()
}

fn render(sources: &[(&str, String)], marks: &[Mark], detail: Detail, look: Look) -> Vec<String> {
    let snippets = sources.iter().filter_map(|(file, source)| {
        let here = marks.iter().filter(|mark| mark.file == *file);
        let annotations: Vec<Annotation<'_>> =
            here.filter_map(|mark| annotation(mark, source, detail)).collect();
        let snippet = Snippet::source(source.as_str()).path(*file);
        (!annotations.is_empty()).then(|| snippet.annotations(annotations))
    });
    let group = snippets.fold(Group::with_level(Level::NOTE), Group::element);
    if group.is_empty() {
        return Vec::new();
    }
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    let drawn = renderer.term_width(look.width.saturating_sub(OVERSHOOT)).render(&[group]);
    drawn.lines().map(|line| line.trim_end().to_owned()).collect()
}

fn annotation<'a>(mark: &Mark, source: &str, detail: Detail) -> Option<Annotation<'a>> {
    Some(AnnotationKind::Primary.span(mark.span(source)?).label(mark.label(detail)))
}
