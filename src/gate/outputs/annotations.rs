//! Faults as GitHub's workflow commands, which it shows at their places in a pull request.

use crate::gate::{Fault, Judgement};

pub(super) fn render(verdict: &Judgement) -> String {
    verdict.faults.iter().map(annotation).collect()
}

fn annotation(fault: &Fault) -> String {
    let place =
        fault.at.as_ref().map(|at| format!("file={},line={},", property(&at.file), at.line));
    let (place, title) = (place.unwrap_or_default(), property(fault.rule.alarm()));
    format!("::error {place}title={title}::{}\n", data(&fault.to_string()))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
