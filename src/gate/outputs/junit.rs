//! The verdict as JUnit XML: a suite for each scenario, a test case for each engine.

use crate::gate::{Check, Fault, Judgement, Row, words};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

pub(super) fn render(verdict: &Judgement) -> String {
    let mut report = Report::new("gate");
    for row in &verdict.rows {
        let mut suite = TestSuite::new(row.name());
        suite.add_test_cases(row.checks.iter().map(|check| case(verdict, row, check)));
        report.add_test_suite(suite);
    }
    let elsewhere: Vec<&Fault> =
        verdict.faults.iter().filter(|fault| fault.cell.is_none()).collect();
    if !elsewhere.is_empty() {
        let mut suite = TestSuite::new("results");
        suite.add_test_cases(elsewhere.into_iter().map(lost));
        report.add_test_suite(suite);
    }
    report.to_string().unwrap_or_else(|_| unreachable!("a text takes all that is written to it"))
}

fn case(verdict: &Judgement, row: &Row, check: &Check) -> TestCase {
    let cell = (row.name(), check.engine);
    let faults: Vec<&Fault> =
        verdict.faults.iter().filter(|fault| fault.cell.as_ref() == Some(&cell)).collect();
    let status = match faults.first() {
        None => TestCaseStatus::success(),
        Some(fault) => {
            let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(fault.rule.name()).set_message(&*fault.why);
            status.set_description(all.join("\n"));
            status
        }
    };
    let mut case = TestCase::new(check.engine.name(), status);
    case.set_classname(row.name());
    let failures = check.failures.iter().map(|failed| failed.text.clone());
    let told = std::iter::once(words::words(check).join("\n") + "\n").chain(failures);
    case.set_system_out(told.collect::<Vec<_>>().join("\n"));
    case
}

/// What is about no cell is an error of the gate's own.
fn lost(fault: &Fault) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(fault.rule.name()).set_message(&*fault.why);
    status.set_description(fault.to_string());
    let mut case = TestCase::new(&*fault.what, status);
    case.set_classname("results");
    case
}
