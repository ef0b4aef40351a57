//! `tellers check --json`: the verdicts for other programs to read.

use super::{Error, save};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use tellers::engine::{Extent, Report, Verdict};
use tellers::suite::{Audit, Checked};

/// Counts up when a field changes its meaning or goes away.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    as_expected: bool,
    checks: Vec<Check<'a>>,
}

#[derive(Serialize)]
struct Check<'a> {
    scenario: &'a str,
    engine: &'a str,
    threads: usize,
    transfers: usize,
    /// The bound on the rounds of a loop; null where there is none.
    retries: Option<u32>,
    verdict: &'static str,
    as_expected: bool,
    unmet: &'a [String],
    extent: &'static str,
    /// Where the random numbers of a sample started.
    seed: Option<u64>,
    cut_short: Option<&'a str>,
    coverage: Coverage,
    failures: BTreeMap<String, Size>,
}

#[derive(Serialize)]
struct Coverage {
    executions: u64,
    outcomes: usize,
    states: Option<usize>,
    steps: u64,
    contended: u64,
    timeouts: u64,
    cut_off: u64,
}

/// How simple the simplest interleaving is that fails in a way.
#[derive(Serialize)]
struct Size {
    context_switches: u32,
    preemptions: u32,
    steps: u32,
    minimal: bool,
}

/// Writes the verdicts to a file, or to standard output.
pub(super) fn write(
    checked: &[Checked<'_>],
    path: &Path,
    out: &mut impl Write,
) -> Result<(), Error> {
    let as_expected = checked.iter().all(Checked::is_as_expected);
    let checks = checked.iter().map(Check::of).collect();
    let document = Document { schema: SCHEMA, as_expected, checks };
    let text = serde_json::to_string_pretty(&document).map_err(std::io::Error::from)? + "\n";
    if path == Path::new("-") {
        out.write_all(text.as_bytes())?;
        return Ok(());
    }
    save::save(path, &text)
}

impl<'a> Check<'a> {
    fn of(checked: &'a Checked<'_>) -> Self {
        let (extent, seed, cut_short) = match &checked.report.extent {
            Extent::Exhausted => ("exhausted", None, None),
            Extent::Sampled { seed } => ("sampled", Some(*seed), None),
            Extent::CutShort { reason } => ("cut short", None, Some(reason.as_str())),
        };
        Self {
            scenario: checked.scenario.name,
            engine: checked.engine.name(),
            threads: checked.setup.threads,
            transfers: checked.setup.transfers,
            retries: checked.setup.retries.bound(),
            verdict: verdict(checked.report.verdict()),
            as_expected: checked.is_as_expected(),
            unmet: &checked.unmet,
            extent,
            seed,
            cut_short,
            coverage: Coverage::of(&checked.report),
            failures: sizes(&checked.report),
        }
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "proved",
        Verdict::Sampled => "sampled",
        Verdict::NotProved => "not proved",
        Verdict::Failed => "failed",
    }
}

impl Coverage {
    fn of(report: &Report<Audit>) -> Self {
        Self {
            executions: report.coverage.executions,
            outcomes: report.outcomes.len(),
            states: report.proof.as_ref().map(|proof| proof.states),
            steps: report.coverage.steps,
            contended: report.coverage.contended,
            timeouts: report.coverage.timeouts,
            cut_off: report.bounds.iter().map(|bound| bound.hits).sum(),
        }
    }
}

fn sizes(report: &Report<Audit>) -> BTreeMap<String, Size> {
    let sizes = report.failures.iter().map(|(failure, found)| {
        let size = Size {
            context_switches: found.size.context,
            preemptions: found.size.preemptions,
            steps: found.size.steps,
            minimal: found.minimal,
        };
        (failure.to_string(), size)
    });
    sizes.collect()
}
