//! `tellers check`: a line for each scenario and engine, and a sentence to close.

use super::args::{Check, Task};
use super::{Error, interrupt, json, progress, seen};
use crate::exit::Exit;
use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use std::io::{IsTerminal, Write};
use std::path::Path;
use tellers::engine::Extent;
use tellers::suite::{Checked, check_watched};

/// The width of the table where there is no terminal to ask for one.
const WIDTH: u16 = 110;

const BAD: Style = AnsiColor::Red.on_default().bold();

pub(super) fn run(args: &Check, out: &mut impl Write) -> Result<Exit, Error> {
    let tasks = args.tasks()?;
    let total = tasks.len();
    let wanted = tasks.iter().enumerate().take_while(|_| !interrupt::pressed());
    let checked = wanted.map(|(i, task)| {
        let bar = progress::bar(i, total, format!("{} with {}", task.scenario.name, task.engine));
        let Task { scenario, engine, setup, effort } = *task;
        check_watched(scenario, engine, setup, effort, bar.watch())
    });
    let checked: Vec<Checked<'_>> = checked.collect::<Result<_, _>>()?;
    if let Some(path) = &args.json {
        json::write(&checked, path, out)?;
    }
    if args.json.as_deref() != Some(Path::new("-")) {
        let timed = std::io::stdout().is_terminal() && !args.no_time;
        print(&checked, total, timed, out)?;
    }
    if interrupt::pressed() {
        return Ok(Exit::Interrupted);
    }
    let well = checked.iter().all(Checked::is_as_expected);
    Ok(if well { Exit::AsExpected } else { Exit::NotAsExpected })
}

fn print(
    checked: &[Checked<'_>],
    total: usize,
    timed: bool,
    out: &mut impl Write,
) -> Result<(), Error> {
    for line in table(checked, timed).lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)?;
    if interrupt::pressed() {
        writeln!(out, "{BAD}INTERRUPTED{BAD:#}: {} of {total} checks were begun.", checked.len())?;
    } else {
        writeln!(out, "{}", closing(checked))?;
    }
    Ok(())
}

fn table(checked: &[Checked<'_>], timed: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(WIDTH);
    }
    let time = |words: String| timed.then_some(words);
    let head = ["scenario", "engine", "verdict", "seen"].map(String::from);
    table.set_header(head.into_iter().chain(time("time".into())));
    for one in checked {
        let cells = [
            one.scenario.name.to_owned(),
            one.engine.to_string(),
            seen::verdict(one),
            seen::coverage(&one.report),
        ];
        table.add_row(cells.into_iter().chain(time(format!("{:.1?}", one.elapsed))));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.to_string()
}

fn closing(checked: &[Checked<'_>]) -> String {
    let bad: Vec<String> = checked
        .iter()
        .filter(|one| !one.is_as_expected())
        .map(|one| format!("{} ({})", one.scenario.name, one.engine))
        .collect();
    let (all, short) = (checked.len(), checked.iter().filter(|one| is_cut_short(one)).count());
    let short = match short {
        0 => String::new(),
        1 => "; 1 search was cut short, so what it did not find may still be there".into(),
        short => format!(
            "; {short} searches were cut short, so what they did not find may still be there"
        ),
    };
    match (bad.len(), all) {
        (0, 1) => format!("The verdict is as expected{short}."),
        (0, _) => format!("All {all} verdicts are as expected{short}."),
        (n, _) => {
            let bad = bad.join(", ");
            format!("{BAD}{n} OF {all} NOT AS EXPECTED{BAD:#}: {bad}{short}.")
        }
    }
}

fn is_cut_short(checked: &Checked<'_>) -> bool {
    matches!(checked.report.extent, Extent::CutShort { .. })
}
