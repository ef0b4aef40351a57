//! The files that hold results, as one answer.

use super::complete::{Wanted, missing};
use super::{Build, Fault, Reach, Row, agree, count, judge, merge, read};
use crate::Exit;
use std::path::PathBuf;

/// All results together, and every reason to be red.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// What was found out, by scenario.
    pub rows: Vec<Row>,
    /// Why the gate is red, the gravest first; nothing if it is green.
    pub faults: Vec<Fault>,
}

impl Judgement {
    /// Reads the files and judges them; `program` is the command that runs the program that they are
    /// of, in the default build. There must be results of these builds; those that were not
    /// built are said to have failed.
    pub fn of(program: &str, files: &[PathBuf], builds: &[Build], unbuilt: &[Build]) -> Self {
        let (sources, mut faults) = read::read_all(program, files);
        let (rows, twice) = merge::merge(&sources);
        faults.extend(twice);
        faults.extend(missing(&Wanted { program, files, builds, unbuilt }, &sources));
        for row in &rows {
            faults.extend(judge::judge(row));
            faults.extend(agree::faults(row));
        }
        faults.sort_by_key(|fault| fault.rule);
        Self { rows, faults }
    }

    /// Whether there is no fault.
    pub fn is_green(&self) -> bool {
        self.faults.is_empty()
    }

    /// The gravest fault's code.
    pub fn exit(&self) -> Exit {
        self.faults.first().map_or(Exit::AsExpected, |fault| fault.rule.exit())
    }

    /// All of it in one sentence, which begins in capitals if it is red.
    pub fn sentence(&self) -> String {
        let checks = || self.rows.iter().flat_map(|row| &row.checks);
        let all = count(self.rows.len() as u64, "scenario");
        let verdicts = count(checks().count() as u64, "verdict");
        if self.is_green() {
            let to_the_end = checks().filter(|check| check.extent == Reach::Exhausted).count();
            let searches = count(to_the_end as u64, "search");
            return format!("{all}, {verdicts}, all as expected; {searches} came to the end.");
        }
        let mut alarms: Vec<&str> = self.faults.iter().map(|fault| fault.rule.alarm()).collect();
        alarms.dedup();
        let (faults, alarms) = (count(self.faults.len() as u64, "fault"), alarms.join(", "));
        format!("RED: {faults} in {all}, {verdicts} ({}).", alarms.to_lowercase())
    }
}
