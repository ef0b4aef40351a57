//! The verdict as Markdown, for the summary of a GitHub job.

use crate::engine::Engine;
use crate::gate::{Check, Judgement, Row, matrix, words};
use std::fmt::Write;

pub(super) fn render(verdict: &Judgement) -> String {
    let mark = if verdict.is_green() { "✅" } else { "❌" };
    let mut page = format!("## {mark} {}\n\n", escaped(&verdict.sentence()));
    for fault in &verdict.faults {
        let (alarm, what, why) = (fault.rule.alarm(), escaped(&fault.what), escaped(&fault.why));
        let command = fault.command.replace('`', "'");
        let _ = writeln!(page, "- **{alarm}**: {what}: {why}; run `{command}`");
    }
    if !verdict.faults.is_empty() {
        page.push('\n');
    }
    page += &table(verdict);
    page += &failures(verdict);
    page
}

fn table(verdict: &Judgement) -> String {
    let engines = verdict.engines();
    let names: Vec<&str> = engines.iter().map(|engine| engine.name()).collect();
    let mut table = format!("| scenario | {} |\n", names.join(" | "));
    let _ = writeln!(table, "| --- |{}", " --- |".repeat(engines.len()));
    for row in &verdict.rows {
        let cells: Vec<String> = engines.iter().map(|&engine| cell(row, engine)).collect();
        let _ = writeln!(table, "| {} | {} |", escaped(&row.name()), cells.join(" | "));
    }
    table
}

fn cell(row: &Row, engine: Engine) -> String {
    let checks: Vec<&Check> = row.checks.iter().filter(|check| check.engine == engine).collect();
    let lines = checks.iter().flat_map(|check| words::words(check));
    let words = lines.map(|line| escaped(&line)).collect::<Vec<_>>().join("<br>");
    if matrix::disagrees(row, engine) {
        format!("❌ ≠ {words}")
    } else if checks.iter().all(|check| check.is_as_expected()) {
        words
    } else {
        format!("❌ {words}")
    }
}

fn failures(verdict: &Judgement) -> String {
    let mut page = String::new();
    for row in &verdict.rows {
        if let Some((engine, failed)) = row.simplest() {
            let (name, text) = (escaped(&row.name()), &failed.text);
            let _ = write!(
                page,
                "\n<details><summary>{name}: {}, as {engine} found it</summary>\n\n\
                 ````text\n{text}````\n\n</details>\n",
                failed.failure
            );
        }
    }
    page
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' => escaped.extend(['\\', character]),
            '<' => escaped += "&lt;",
            '&' => escaped += "&amp;",
            '\n' => escaped += "<br>",
            _ => escaped.push(character),
        }
    }
    escaped
}
