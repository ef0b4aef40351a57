//! `tellers explain`: how a scenario fails.

use super::args::Explain;
use super::{Error, interrupt, progress, seen, show};
use std::io::Write;
use tellers::Exit;
use tellers::engine::{Count, Engine, Failure, Found};
use tellers::gate::Asked;
use tellers::suite::{Checked, check_watched};

pub(super) fn run(args: &Explain, out: &mut impl Write) -> Result<Exit, Error> {
    let Asked { scenario, engine, setup, effort } = args.ask()?;
    let bar = |what: &str| progress::bar(0, 1, format!("{what} {} with {engine}", scenario.name));
    let checking = bar("checking");
    let watch = checking.watch_of(scenario, setup);
    let checked = check_watched(scenario, engine, setup, effort, watch)?;
    drop(checking);
    let failures = failures(args, &checked);
    if failures.len() > 1 && !args.show.format.joins() {
        let names = failures.iter().map(|(failure, _)| failure.name()).collect();
        return Err(Error::SeveralFailures { scenario: scenario.name, names });
    }
    let known = known(&checked);
    for (i, &(failure, found)) in failures.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        let bar = bar("simplifying");
        let watch = bar.watch().within(effort.time);
        let program = scenario.program(setup).watched_by(watch);
        let found = match args.raw {
            true => checked.report.as_found.get(&failure).unwrap_or(found).clone(),
            false => Engine::minimised(&program, failure, found),
        };
        let found = Engine::followed(&program, &found);
        drop(bar);
        show::show(out, &args.show, (scenario, setup), failure, &found, &known)?;
    }
    if args.show.format.is_text() {
        conclude(&checked, args.failure.filter(|_| failures.is_empty()), out)?;
    } else if failures.is_empty() {
        return Err(Error::NothingToShow { scenario: scenario.name });
    }
    if interrupt::pressed() {
        return Ok(Exit::Interrupted);
    }
    Ok(seen::exit(&checked))
}

/// Every failure that was asked for, and a cycle that is none.
fn failures<'a>(args: &Explain, checked: &'a Checked<'_>) -> Vec<(Failure, &'a Found)> {
    let report = &checked.report;
    let cycle = report.proof.as_ref().and_then(|proof| proof.starvation.as_ref());
    let failures = report.failures.iter().map(|(&failure, found)| (failure, found));
    let all = failures.chain(cycle.map(|cycle| (Failure::Starvation, cycle)));
    all.filter(|&(failure, _)| args.failure.is_none_or(|asked| asked == failure)).collect()
}

/// What is known of all interleavings together.
fn known(checked: &Checked<'_>) -> Vec<String> {
    let complete = checked.report.bounds.is_empty();
    let proof = checked.report.proof.iter();
    proof.flat_map(|proof| proof.sentences(complete)).collect()
}

/// What there is to say besides the failures.
fn conclude(
    checked: &Checked<'_>,
    asked: Option<Failure>,
    out: &mut impl Write,
) -> Result<(), Error> {
    let Checked { scenario, engine, report, .. } = checked;
    if let Some(asked) = asked.filter(|asked| !report.failures.contains_key(asked)) {
        let never = if report.is_exhaustive() { "in no interleaving" } else { "in no run seen" };
        writeln!(out, "{} ends in a {asked} {never}.", scenario.name)?;
    }
    let mut sentences = known(checked);
    sentences.extend(proved(checked));
    if report.failures.is_empty() || report.proof.is_none() || !checked.is_as_expected() {
        sentences.push(format!("{} with {engine}: {}.", scenario.name, seen::verdict(checked)));
        sentences.push(format!("{}.", seen::coverage(report)));
    }
    for sentence in sentences {
        writeln!(out, "{}", textwrap::fill(&sentence, show::width()))?;
    }
    Ok(())
}

/// What a proof is a proof of.
fn proved(checked: &Checked<'_>) -> Option<String> {
    let report = &checked.report;
    let is_proved =
        report.is_exhaustive() && report.failures.is_empty() && !report.outcomes.is_empty();
    // Where runs were cut off, whether they could have come to an end is not known.
    let is_known = |failure: &Failure| match failure {
        Failure::Starvation => false,
        Failure::Livelock => report.bounds.is_empty(),
        _ => true,
    };
    let failures = Failure::ALL.into_iter().filter(is_known);
    let failures: Vec<String> = failures.map(|failure| failure.to_string()).collect();
    let (last, others) = failures.split_last()?;
    let cut = if report.bounds.is_empty() { "" } else { " that was not cut off" };
    // One of infinitely many may be kept from its end by others, and then that is told.
    let is_finite =
        report.proof.as_ref().is_some_and(|proof| matches!(proof.interleavings, Count::Finite(_)));
    let ends = match report.starving() {
        Some(_) => ", not that each comes to an end",
        None if is_finite => ", and that each comes to an end",
        None => "",
    };
    is_proved.then(|| {
        format!(
            "What is proved is that there is no {} or {last} in any interleaving{cut}{ends}.",
            others.join(", "),
        )
    })
}
