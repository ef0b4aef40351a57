//! An interleaving as Markdown that GitHub renders, with its sequence diagram.

use super::columns::number_of;
use super::rows::{Row, Rows, Said};
use super::words::grouped;
use super::{Picture, Told, Trace, mermaid, text};
use std::fmt::Write as _;

pub(super) fn render(picture: &Picture<'_>) -> String {
    let diagnosis = picture.diagnosis();
    let rows = Rows::of(picture, &diagnosis, false);
    let mut page = format!(
        "## {}: {}\n\n{}\n\n",
        escaped(&diagnosis.headline().to_string().to_uppercase()),
        escaped(picture.title),
        text::size_in_full(picture, &rows),
    );
    page += &told(&diagnosis.tell(picture.trace));
    page += &table(picture.trace, &rows);
    let _ = write!(page, "\n```mermaid\n{}```\n", mermaid::render(picture));
    if let Some(rerun) = &picture.rerun {
        let _ = write!(page, "\n```sh\n{}\n```\n", rerun.command);
    }
    for sentence in &picture.known {
        let _ = write!(page, "\n{}\n", escaped(sentence));
    }
    page
}

fn told(told: &Told) -> String {
    let mut page = format!("**{}**\n\n", escaped(&told.summary));
    for fact in &told.facts {
        let _ = writeln!(page, "- {}", escaped(&fact.words));
    }
    if let Some(remedy) = &told.remedy {
        let _ = write!(page, "\n{}\n", escaped(remedy));
    }
    page + "\n"
}

fn table(trace: &Trace, rows: &Rows) -> String {
    let names = &trace.names;
    let mut head = vec![String::new(), "status".to_owned()];
    head.extend(rows.lanes.iter().map(|&lane| escaped(names.thread(lane))));
    head.extend(rows.counted.iter().map(|&object| escaped(names.name(object))));
    let mut rule = vec!["--:", ":--"];
    rule.extend(rows.lanes.iter().map(|_| ":--"));
    rule.extend(rows.counted.iter().map(|_| "--:"));
    let mut page = format!("| {} |\n| {} |\n", head.join(" | "), rule.join(" | "));
    for row in &rows.rows {
        let _ = writeln!(page, "| {} |", line(rows, row).join(" | "));
    }
    page
}

fn line(rows: &Rows, row: &Row) -> Vec<String> {
    let mut status = row.status.words().to_owned();
    if row.no_return {
        status += &format!("; {}", rows.no_return);
    }
    let mut line = vec![number_of(row), status];
    let said = |said: &str| match said {
        "" => String::new(),
        said if row.key => format!("**{}**", escaped(said)),
        said => escaped(said),
    };
    match &row.said {
        Said::By(_) => line
            .extend(rows.lanes.iter().map(|&lane| said(row.by(lane).next().unwrap_or_default()))),
        Said::Plainly(plain) => {
            line.push(said(plain));
            line.extend(rows.lanes.iter().skip(1).map(|_| String::new()));
        }
    }
    line.extend(row.values.iter().map(|value| value.map(grouped).unwrap_or_default()));
    line
}

/// Text in which Markdown finds no syntax of its own; an underscore within a word is none.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        let mut in_word =
            || before.is_alphanumeric() && rest.peek().is_some_and(|c| c.is_alphanumeric());
        match c {
            '_' if in_word() => {}
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' => {
                escaped.push('\\')
            }
            _ => {}
        }
        escaped.push(if c.is_control() { ' ' } else { c });
        before = c;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn only_syntax_is_escaped() {
        assert_eq!(escaped("lock_acc1 | _x_ <b> 1 * 2"), r"lock_acc1 \| \_x\_ \<b\> 1 \* 2");
    }
}
