//! An interleaving as text: what it is, its table, and why it fails.

use super::paint::{ALARM, CAUTION, FAINT, KEY, Paint};
use super::rows::{Row, Rows, Said, Status};
use super::switches::{is_housekeeping, uncounted};
use super::words::{counted, grouped};
use super::{Diagnosis, Look, Picture, Rerun, Switches, Told, excerpt, no_return, table};
use crate::engine::Failure;
use crate::world::ThreadId;
use anstyle::Style;
use textwrap::WordSplitter;
use textwrap::core::display_width;

/// Narrower than this, a table cannot be read.
const NARROWEST: usize = 40;

/// Prose wider than this is tiring.
const WIDEST_PROSE: usize = 110;

pub(super) fn render(picture: &Picture<'_>, look: Look) -> String {
    let look = Look { width: look.width.max(NARROWEST), ..look };
    let diagnosis = picture.diagnosis();
    let mut rows = Rows::of(picture, &diagnosis, look.full);
    let account = diagnosis.tell(picture.trace);
    let folded = !look.full && rows.fold(picture.trace, &account);
    let mut lines = head(picture, &diagnosis, &rows, look);
    lines.push(String::new());
    lines.extend(table::draw(picture.trace, &rows, look));
    lines.extend(legend(picture, &rows, look));
    lines.push(String::new());
    let key = if table::marks_help(&rows) { diagnosis.key_steps() } else { Vec::new() };
    lines.extend(told(&account, &key, look));
    let sentences = no_return::sentence(picture).into_iter().chain([measure(picture)]);
    for sentence in sentences {
        lines.extend(prose(&sentence, "", "", Style::new(), look));
    }
    if look.source {
        lines.extend(excerpt::draw(picture, (&diagnosis, &account), look));
    }
    if let Some(rerun) = &picture.rerun {
        lines.extend(replay(rerun, folded, look));
    }
    lines.join("\n") + "\n"
}

/// What the marks in the table mean, as far as there are any, and how its steps are counted.
fn legend(picture: &Picture<'_>, rows: &Rows, look: Look) -> Option<String> {
    let of_a_step = |row: &&Row| row.numbers.is_some() || row.status == Status::CannotReach;
    let says = |mark: &str| rows.rows.iter().filter(of_a_step).any(|row| row.said.contains(mark));
    let is_sum = |said: &Said| said.contains(" += ") || said.contains(" -= ");
    let adds = rows.rows.iter().any(|row| row.numbers.is_some() && is_sum(&row.said));
    let parts = [
        (table::marks_help(rows), "▸ what it comes down to"),
        (says(" ➜ "), "x ➜ 1 reads"),
        (says(" = "), "x = 1 writes"),
        (adds, "x += 1 reads and writes, in two steps"),
        (!rows.counted.is_empty(), "the columns on the right: after each step"),
    ];
    let parts = parts.into_iter().filter_map(|(is_there, what)| is_there.then_some(what));
    let parts: Vec<&str> = parts.chain(how_it_is_counted(picture)).collect();
    (!parts.is_empty()).then(|| {
        let paint = Paint { on: look.colour };
        let legend = format!("({})", parts.join("; "));
        textwrap::wrap(&legend, look.width)
            .iter()
            .map(|line| paint.paint(FAINT, line))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

/// What a reader must know to count the same in the table.
fn how_it_is_counted(picture: &Picture<'_>) -> impl Iterator<Item = &'static str> {
    let once = picture
        .repeats_from
        .is_some()
        .then_some("what repeats is counted once, without the way back");
    uncounted(picture.trace).into_iter().chain(once)
}

fn head(picture: &Picture<'_>, diagnosis: &Diagnosis, rows: &Rows, look: Look) -> Vec<String> {
    let paint = Paint { on: look.colour };
    let failure = diagnosis.headline().to_string().to_uppercase();
    let size = size(picture, rows);
    let alarm = if picture.failure == Failure::Starvation { CAUTION } else { ALARM };
    let line = format!("{failure}  {}   {size}", picture.title);
    if display_width(&line) <= look.width {
        let title = paint.paint(KEY, picture.title);
        return vec![format!("{}  {title}   {size}", paint.paint(alarm, &failure))];
    }
    let mut lines = prose(&format!("{failure}  {}", picture.title), "", "  ", alarm, look);
    lines.extend(prose(&size, "", "", Style::new(), look));
    lines
}

/// How big the interleaving is, in words.
fn size(picture: &Picture<'_>, rows: &Rows) -> String {
    let Switches { context, steps, .. } = picture.size();
    let mut parts = vec![threads(rows)];
    match steps {
        0 => parts.push("before any step".to_owned()),
        _ => parts
            .extend([counted(context as usize, "context switch"), counted(steps as usize, "step")]),
    }
    let blocked = rows.rows.iter().filter(|row: &&Row| row.status == Status::Blocked).count();
    if blocked > 0 {
        parts.push(format!("{blocked} blocked"));
    }
    if let Some(from) = picture.repeats_from {
        let round = picture.trace.steps.iter().skip(from);
        let round = round.filter(|step| !is_housekeeping(step.thread, step.op)).count();
        parts.push(match no_return::begins_at_once(picture) {
            true => "all over and over".to_owned(),
            false => format!("the last {} over and over", grouped(round as i64)),
        });
    }
    let mut size = parts.join(", ");
    if picture.failure == Failure::Starvation {
        size += "; it may happen, and is no failure";
    } else if picture.minimal {
        size += &format!("; no {} is simpler", picture.failure);
    } else if picture.reordered {
        size += "; a simpler order of the steps that were seen";
    }
    size
}

/// How many threads there are; main is named where a row is about it.
fn threads(rows: &Rows) -> String {
    let others = rows.lanes.iter().filter(|&&thread| thread != ThreadId::MAIN).count();
    let is_of_main =
        |row: &Row| row.status != Status::Repeats && matches!(row.said, Said::Plainly(_));
    match (others, rows.lanes.len() - others) {
        (0, _) => "main alone".to_owned(),
        (_, 0) if rows.rows.iter().any(is_of_main) => {
            format!("{} beside main", counted(others, "thread"))
        }
        (_, 0) => counted(others, "thread"),
        _ => format!("main and {}", counted(others, "thread")),
    }
}

/// The same, and what it is measured by.
#[cfg(feature = "cli")]
pub(super) fn size_in_full(picture: &Picture<'_>, rows: &Rows) -> String {
    let counted: Vec<&str> = how_it_is_counted(picture).collect();
    let counted = if counted.is_empty() {
        String::new()
    } else {
        format!(" (Counting: {}.)", counted.join("; "))
    };
    format!("{}.{counted} {}", size(picture, rows), measure(picture))
}

/// What a simpler failure would have, where it is said that there is none; or that it is not said.
fn measure(picture: &Picture<'_>) -> String {
    let Picture { minimal, failure, .. } = *picture;
    let kind = match failure {
        Failure::ReleaseUnlocked => "Of this kind: by a thread that had taken the lock. ",
        _ => "",
    };
    match minimal {
        true => format!(
            "({kind}Simpler: fewer context switches, then preemptions, then steps, main's spawns and joins left out.)"
        ),
        false => format!("({kind}Whether a simpler {failure} exists is not known.)"),
    }
}

/// The command is one word to whoever copies it, however wide it is.
fn replay(Rerun { command, reproduced, tried }: &Rerun, folded: bool, look: Look) -> Vec<String> {
    let mut remark = Vec::new();
    if *tried > 0 {
        remark.push(format!("(reproduced {reproduced} of {tried})"));
    }
    if folded {
        remark.push("--full shows every step".to_owned());
    }
    let (line, remark) = (format!("replay: {command}"), remark.join("; "));
    let paint = Paint { on: look.colour };
    let both = format!("{line} {remark}");
    if display_width(both.trim_end()) <= look.width {
        return vec![paint.paint(FAINT, both.trim_end())];
    }
    let mut lines = vec![paint.paint(FAINT, &line)];
    lines.extend(prose(&remark, "  ", "  ", FAINT, look));
    lines
}

/// A line of evidence has the mark of the steps that it is about.
fn told(told: &Told, key: &[usize], look: Look) -> Vec<String> {
    let mut lines = prose(&told.summary, "", "", KEY, look);
    for fact in &told.facts {
        let marked = fact.steps.iter().any(|step| key.contains(step));
        let gutter = if marked { "▸ " } else { "  " };
        lines.extend(prose(&fact.words, gutter, "    ", Style::new(), look));
    }
    if let Some(remedy) = &told.remedy {
        lines.extend(prose(remedy, "", "", Style::new(), look));
    }
    lines
}

fn prose(text: &str, first: &str, later: &str, style: Style, look: Look) -> Vec<String> {
    let paint = Paint { on: look.colour };
    let options = textwrap::Options::new(look.width.min(WIDEST_PROSE))
        .word_splitter(WordSplitter::NoHyphenation)
        .initial_indent(first)
        .subsequent_indent(later);
    // A step and its number stay together.
    let text = text.replace("step ", "step\u{a0}");
    let lines = textwrap::wrap(&text, options);
    lines.iter().map(|line| paint.paint(style, &line.replace('\u{a0}', " "))).collect()
}
