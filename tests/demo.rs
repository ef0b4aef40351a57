//! The lesson's own runs, on real threads.
#![cfg(all(not(loom), not(feature = "shuttle")))]

use assert_cmd::Command;

fn demo(args: &str) -> String {
    let mut command = Command::cargo_bin("tellers").expect("the program is built");
    let output = command.arg("demo").args(args.split_whitespace()).output().expect("it runs");
    assert!(output.status.success(), "{args}: {output:?}");
    String::from_utf8(output.stdout).expect("the output is text")
}

#[test]
fn ordered_transfers_reach_their_limit() {
    let told = demo("ordered --transfers 1000");
    let end = "Thread-1 reached iteration limit. Stopping...\n\
               Thread-2 reached iteration limit. Stopping...\n\
               acc1 locked? no | acc2 locked? no\n";
    assert!(told.contains(end), "{told}");
    assert!(told.ends_with("Validation: 200,000 == 200,000\n"), "{told}");
}

#[test]
fn timeouts_conserve() {
    for name in ["timeout", "timeout-ring"] {
        let told = demo(&format!("{name} --transfers 20"));
        let total = if name == "timeout" { "200,000" } else { "300,000" };
        assert!(told.ends_with(&format!("Validation: {total} == {total}\n")), "{told}");
    }
}

#[test]
fn a_deadlock_ends_the_demo_and_not_the_threads() {
    for name in ["inverted", "ring"] {
        let told = demo(name);
        assert!(told.ends_with("nothing ever will.\n"), "{name}: {told}");
        assert!(told.contains("t1 alive? yes | t2 alive? yes"), "{name}: {told}");
        assert!(told.contains(" locked? yes | "), "{name}: {told}");
    }
}

#[test]
fn force_ends_a_deadlock() {
    // Two threads that never meet come to their limit.
    let mut runs = (0..20).map(|_| demo("forced-release"));
    let told = runs.find(|told| told.contains("released by force"));
    let told = told.expect("they meet at some time");
    assert!(told.contains(" locked? no | "), "{told}");
}

#[test]
fn trains_wait_for_each_other() {
    assert!(demo("trains").ends_with("nothing ever will.\n"));
}
