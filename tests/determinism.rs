//! The same command prints the same bytes, however often, and on however many processors.
#![cfg(all(not(loom), feature = "shuttle", target_os = "linux"))]

use std::process::Command;

/// All that is printed for people and for programs.
const COMMANDS: [&str; 8] = [
    "check --json -",
    "check race timeout inverted --engine all --executions 200 --seed 5 --json -",
    "check",
    "explain race --full",
    "explain forced-release --failure torn-audit --format json",
    "explain ring --format html",
    "explain trains --format markdown",
    "explain race-audit --failure torn-audit --format mermaid",
];

/// How often each is run in each way; more for a thorough look.
fn times() -> usize {
    std::env::var("TELLERS_TIMES").ok().and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// Runs a command, on one processor if so wished.
fn printed(args: &str, pinned: bool) -> Vec<u8> {
    let program = assert_cmd::cargo::cargo_bin("tellers");
    let mut command = Command::new(if pinned { "taskset".as_ref() } else { program.as_os_str() });
    if pinned {
        command.args(["-c", "0"]).arg(&program);
    }
    let output = command.args(args.split_whitespace()).output().expect("it runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!output.stdout.is_empty());
    output.stdout
}

#[test]
fn the_same_bytes_come_again_on_one_processor_and_on_several() {
    for args in COMMANDS {
        let once = printed(args, false);
        for _ in 0..times() {
            for pinned in [true, false] {
                let again = printed(args, pinned);
                assert!(again == once, "{args}: {}", String::from_utf8_lossy(&again));
            }
        }
    }
}
