//! `tellers check`: a line for each scenario and engine, and a sentence to close.

use super::args::{Check, Task};
use super::{Error, interrupt, json, progress, seen, show};
use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use std::io::{IsTerminal, Write};
use std::path::Path;
use tellers::Exit;
use tellers::engine::{EngineError, Watch};
use tellers::gate::{Build, Results, asked_for};
use tellers::suite::{Checked, check_watched};

/// The width of the table where there is nobody to ask for one.
const WIDTH: usize = 110;

/// The columns that hold sentences.
const VERDICT: usize = 2;
const SEEN: usize = 3;

const BAD: Style = AnsiColor::Red.on_default().bold();

/// A check, and its answer or why the engine has none.
type Answer = (Task, Result<Checked<'static>, EngineError>);

pub(super) fn run(args: &Check, out: &mut impl Write) -> Result<Exit, Error> {
    let tasks = args.tasks()?;
    let total = tasks.len();
    let wanted = tasks.iter().enumerate().take_while(|_| !interrupt::pressed());
    let answers: Vec<Answer> =
        wanted.map(|(i, &task)| answer(task, (i, total))).collect::<Result<_, _>>()?;
    if let Some(path) = &args.json {
        json::write(&results(args, &answers)?, path, out)?;
    }
    if args.json.as_deref() != Some(Path::new("-")) {
        let timed = std::io::stdout().is_terminal() && !args.no_time;
        print(&answers, total, timed, out)?;
    }
    if interrupt::pressed() {
        return Ok(Exit::Interrupted);
    }
    Ok(exit(&answers))
}

/// An engine that fails does not keep the others from their answers.
fn answer(task: Task, (i, total): (usize, usize)) -> Result<Answer, Error> {
    let (scenario, engine) = (task.asked.scenario, task.asked.engine);
    let bar = progress::bar(i, total, format!("{} with {engine}", scenario.name));
    let watch = bar.watch_of(scenario, task.asked.setup);
    match check_watched(scenario, engine, task.asked.setup, task.share, watch) {
        Err(error) if !matches!(error, EngineError::Failed(_)) => Err(error.into()),
        answer => Ok((task, answer)),
    }
}

fn results(args: &Check, answers: &[Answer]) -> Result<Results, Error> {
    let planned = args.whole()?.into_iter().map(|asked| asked.planned());
    let watch = Watch::new(interrupt::flag(), |_| ());
    let check = |(task, answer): &Answer| match answer {
        Ok(checked) => task.asked.checked_watched(checked, &watch),
        Err(error) => task.asked.unanswered(error),
    };
    Ok(Results {
        version: Results::VERSION,
        build: Build::this(),
        shard: args.shard,
        asked: asked_for(std::env::args_os()),
        planned: planned.collect(),
        checks: answers.iter().map(check).collect(),
    })
}

fn exit(answers: &[Answer]) -> Exit {
    if answers.iter().any(|(_, answer)| answer.is_err()) {
        return Exit::NoAnswer;
    }
    let has =
        |exit| answers.iter().flat_map(|(_, answer)| answer).any(|one| seen::exit(one) == exit);
    let bad = [Exit::NotAsExpected, Exit::NoAnswer];
    bad.into_iter().find(|&exit| has(exit)).unwrap_or(Exit::AsExpected)
}

fn print(answers: &[Answer], total: usize, timed: bool, out: &mut impl Write) -> Result<(), Error> {
    for line in table(answers, timed).lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)?;
    if interrupt::pressed() {
        writeln!(out, "{BAD}INTERRUPTED{BAD:#}: {} of {total} checks were begun.", answers.len())?;
    } else {
        writeln!(out, "{}", closing(answers))?;
    }
    Ok(())
}

fn table(answers: &[Answer], timed: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(u16::try_from(show::width_or(WIDTH)).unwrap_or(u16::MAX));
    }
    let time = |words: String| timed.then_some(words);
    let head = ["scenario", "engine", "verdict", "seen"].map(String::from);
    table.set_header(head.into_iter().chain(time("time".into())));
    for (task, answer) in answers {
        let (verdict, seen, elapsed) = match answer {
            Ok(one) => {
                let elapsed = format!("{:.1?}", one.elapsed);
                (seen::verdict(one), seen::coverage(&one.report), elapsed)
            }
            Err(error) => (format!("NO ANSWER: {error}"), String::new(), String::new()),
        };
        let asked = task.asked;
        let cells = [asked.scenario.name.to_owned(), asked.engine.to_string(), verdict, seen];
        table.add_row(cells.into_iter().chain(time(elapsed)));
    }
    keep_words_whole(&mut table);
    table.to_string()
}

/// Names stay on one line; sentences are broken between words.
fn keep_words_whole(table: &mut Table) {
    const PADDING: u16 = 2;
    let longest = |column: usize| {
        let cells = table.row_iter().filter_map(|row| row.cell_iter().nth(column));
        let words = cells.map(|cell| cell.content().split_whitespace().map(str::len).max());
        words.max().flatten().unwrap_or(0) as u16 + PADDING
    };
    let least = [VERDICT, SEEN].map(|column| (column, longest(column)));
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, PADDING));
        let sentences = least.iter().find(|(column, _)| *column == at);
        column.set_constraint(match sentences {
            Some(&(_, least)) => ColumnConstraint::LowerBoundary(Width::Fixed(least)),
            None => ColumnConstraint::ContentWidth,
        });
    }
}

fn closing(answers: &[Answer]) -> String {
    let bad: Vec<String> = answers
        .iter()
        .filter(|(_, answer)| !answer.as_ref().is_ok_and(Checked::is_as_expected))
        .map(|(task, _)| format!("{} ({})", task.asked.scenario.name, task.asked.engine))
        .collect();
    let checked = answers.iter().filter_map(|(_, answer)| answer.as_ref().ok());
    let (all, short) =
        (answers.len(), checked.filter(|one| one.report.extent.cut_short().is_some()).count());
    let short = match short {
        0 => String::new(),
        1 => "; 1 search was cut short, so what it did not find may still be there".into(),
        short => format!(
            "; {short} searches were cut short, so what they did not find may still be there"
        ),
    };
    let all_answered = answers.iter().all(|(_, answer)| answer.is_ok());
    let unproved = all_answered && exit(answers) == Exit::NoAnswer;
    match (bad.len(), all) {
        (0, 0) => "Nothing is checked in this shard.".into(),
        (0, 1) if short.is_empty() => "The verdict is as expected.".into(),
        (0, _) if short.is_empty() => format!("All {all} verdicts are as expected."),
        (0, _) => format!("Nothing is otherwise than expected{short}."),
        (n, _) => {
            let bad = bad.join(", ");
            let what = if unproved { "NOT PROVED" } else { "NOT AS EXPECTED" };
            format!("{BAD}{n} OF {all} {what}{BAD:#}: {bad}{short}.")
        }
    }
}
