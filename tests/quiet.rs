//! What checked programs panic is kept off the terminal: the interleaving shows it.

use tellers::engine::{Effort, Engine, Failure, Program};
use tellers::{Apart, ApartError};

#[test]
fn nothing_is_printed_of_what_is_found() {
    let apart = Apart::new("quiet::nothing_is_printed_of_what_is_found");
    let error = apart.run(|| {
        for &engine in Engine::of_this_build() {
            let program = Program::new(|| panic!("{}", "this is found"));
            let effort = Effort { executions: 2, ..Effort::of(engine) };
            let report = engine.run(&program, effort).expect("it answers");
            assert!(report.failures.contains_key(&Failure::Panic), "{engine}");
        }
        std::process::exit(3);
    });
    let Err(ApartError::Died { how, said, .. }) = error else { panic!("{error:?}") };
    assert!(how.ends_with(": 3"), "{how}: {said}");
    // With one test thread, the name of the test is printed before it runs.
    let said = said.replace("test quiet::nothing_is_printed_of_what_is_found ... ", "");
    assert_eq!(said.trim(), "running 1 test");
}
