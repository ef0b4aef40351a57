//! The verdict as text: scenarios by engines, how they fail, and why the gate is red.

use super::{Check, Judgement, Row, agree, words};
use crate::engine::Engine;
use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, Color, ContentArrangement, Table, presets};
use std::fmt::Write;

const BAD: Style = AnsiColor::Red.on_default().bold();
const WELL: Style = AnsiColor::Green.on_default().bold();
const KEY: Style = Style::new().bold();

/// Engines that disagree are marked with this.
const DISAGREES: &str = "≠";

impl Judgement {
    /// All of it, for a terminal or a log; `width` is that of the terminal, if there is one. With
    /// ANSI colours.
    pub fn text(&self, width: Option<u16>, brief: bool) -> String {
        let mut text = self.matrix(width) + "\n";
        if !brief {
            text += &self.failures();
        }
        for fault in &self.faults {
            let alarm = fault.rule.alarm();
            let _ = writeln!(text, "{BAD}{alarm}{BAD:#}: {fault}");
        }
        let style = if self.is_green() { WELL } else { BAD };
        let _ = writeln!(text, "{style}{}{style:#}", self.sentence());
        text
    }

    /// Scenarios by engines.
    fn matrix(&self, width: Option<u16>) -> String {
        let engines = self.engines();
        let mut table = Table::new();
        table.load_style(presets::NOTHING).enforce_styling();
        table.set_content_arrangement(ContentArrangement::Disabled);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        let head = engines.iter().map(|engine| engine.name());
        table.set_header(std::iter::once("scenario").chain(head));
        for row in &self.rows {
            let cells = engines.iter().map(|&engine| cell(row, engine));
            table.add_row(std::iter::once(Cell::new(row.name())).chain(cells));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let table = table.to_string();
        table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    /// The engines that have checked something.
    pub(super) fn engines(&self) -> Vec<Engine> {
        let has = |engine: &Engine| {
            self.rows.iter().flat_map(|row| &row.checks).any(|check| check.engine == *engine)
        };
        Engine::ALL.into_iter().filter(has).collect()
    }

    /// The simplest failure of each scenario.
    fn failures(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            if let Some((engine, failed)) = row.simplest() {
                let name = row.name();
                let _ = writeln!(text, "{KEY}{name}{KEY:#}, as {engine} found it:\n");
                let _ = writeln!(text, "{}", failed.text);
            }
        }
        text
    }
}

fn cell(row: &Row, engine: Engine) -> Cell {
    let checks = || row.checks.iter().filter(|check| check.engine == engine);
    let mut lines: Vec<String> = checks().flat_map(words::words).collect();
    if let Some(first) = lines.first_mut().filter(|_| disagrees(row, engine)) {
        first.insert_str(0, &format!("{DISAGREES} "));
    }
    let cell = Cell::new(lines.join("\n"));
    match checks().all(Check::is_as_expected) && !disagrees(row, engine) {
        true => cell,
        false => cell.fg(Color::Red),
    }
}

/// Whether the engine should have seen what another one saw, or the other way round.
pub(super) fn disagrees(row: &Row, engine: Engine) -> bool {
    let pairs = agree::disagreements(row);
    pairs.iter().any(|(one, all)| one.engine == engine || all.engine == engine)
}
