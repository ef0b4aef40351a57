//! Every scenario of the suite, under loom.

use tellers::engine::{Coverage, Engine, LoomBounds, Report, loom};
use tellers::suite::{Audit, Demand, Scenario, budget, scenarios};

/// How a scenario is searched, and what the search must at least have met.
struct Search {
    scenario: &'static str,
    exhausted: bool,
    executions: u64,
    contended: u64,
    timeouts: u64,
    outcomes: usize,
}

const SMALL: Search =
    Search { scenario: "", exhausted: true, executions: 0, contended: 0, timeouts: 0, outcomes: 1 };

/// The floors are a little below what was measured. `race-audit` has some 720,000 executions, and
/// `forced-release` more than anybody has counted.
const SEARCHES: [Search; 11] = [
    Search { scenario: "race", executions: 1_000, outcomes: 21, ..SMALL },
    Search {
        scenario: "race-audit",
        exhausted: false,
        executions: 100_000,
        outcomes: 100,
        ..SMALL
    },
    Search { scenario: "ordered", executions: 20, contended: 9, ..SMALL },
    Search { scenario: "mislabelled", executions: 80, outcomes: 5, ..SMALL },
    Search { scenario: "inverted", executions: 80, contended: 60, outcomes: 2, ..SMALL },
    Search {
        scenario: "forced-release",
        exhausted: false,
        executions: 100_000,
        contended: 50_000,
        outcomes: 50,
        ..SMALL
    },
    Search { scenario: "ring", executions: 15_000, contended: 25_000, outcomes: 2, ..SMALL },
    Search { scenario: "timeout", executions: 600, contended: 1_500, timeouts: 1_500, ..SMALL },
    Search {
        scenario: "timeout-ring",
        executions: 2_000,
        contended: 1_400,
        timeouts: 1_400,
        ..SMALL
    },
    // Every run of theirs is cut off; only the product engine can tell that they go on for ever.
    Search { scenario: "trains", executions: 1, outcomes: 0, ..SMALL },
    Search { scenario: "tellers-window", executions: 3, contended: 1, outcomes: 2, ..SMALL },
];

/// Loom finds every failure, even where it does not come to its end.
const ALL: Demand = Demand { thorough: true, exhaustive: false };

fn check(scenario: &Scenario) -> Report<Audit> {
    let (setup, effort) = budget(scenario, Engine::Loom);
    let report = Engine::Loom.run(&scenario.program(setup), effort).expect("loom is in this build");
    let unmet = scenario.expectation.unmet(Engine::Loom, &report, &setup, ALL);
    assert_eq!(unmet, [], "{}", scenario.name);
    report
}

#[test]
fn every_scenario_is_as_expected() {
    let names = SEARCHES.each_ref().map(|search| search.scenario);
    assert_eq!(names, *scenarios().iter().map(|scenario| scenario.name).collect::<Vec<_>>());
    for (scenario, search) in scenarios().iter().zip(&SEARCHES) {
        let report = check(scenario);
        let cut: u64 = report.bounds.iter().map(|bound| bound.hits).sum();
        let ended: u64 = report.outcomes.values().map(|seen| seen.runs).sum();
        assert_eq!(cut + ended, report.coverage.executions, "{}", scenario.name);
        let Coverage { executions, contended, timeouts, .. } = report.coverage;
        let name = scenario.name;
        assert_eq!(report.is_exhaustive(), search.exhausted, "{name}: {:?}", report.extent);
        assert!(executions >= search.executions, "{name}: {executions} executions");
        assert!(contended >= search.contended, "{name}: {contended} times contended");
        assert!(timeouts >= search.timeouts, "{name}: {timeouts} timeouts");
        assert!(report.outcomes.len() >= search.outcomes, "{name}: {}", report.outcomes.len());
    }
}

#[test]
fn a_mended_scenario_is_noticed() {
    let named = |name: &str| scenarios().iter().find(|s| s.name == name).expect("it is there");
    for (broken, mended) in [("race", "ordered"), ("inverted", "ordered")] {
        let scenario = Scenario { start: named(mended).start, ..named(broken).clone() };
        let report = loom(&scenario.program(scenario.setup), &LoomBounds::default());
        let unmet = scenario.expectation.unmet(Engine::Loom, &report, &scenario.setup, ALL);
        assert!(!unmet.is_empty(), "{broken}");
    }
}
