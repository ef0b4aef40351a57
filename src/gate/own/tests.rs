use super::*;
use crate::sync::Cell;

fn explain() -> Explain {
    explain_by("all")
}

fn explain_by(engine: &str) -> Explain {
    let args = Args::parse_from(["gate", "explain", "--engine", engine]);
    let Command::Explain(explain) = args.command else { panic!("{args:?}") };
    explain
}

fn text(out: Vec<u8>) -> String {
    String::from_utf8(out).expect("it is text")
}

#[test]
fn a_model_that_has_no_failure_to_show_is_told_of() {
    let model = Model::new("good", || Cell::new(0).store(1));
    let mut out = Vec::new();
    let exit = explain().run("gate", &[model], &mut out).expect("it is written");
    let said = text(out);
    assert!(said.starts_with("good with "), "{said}");
    assert_eq!(exit, Exit::AsExpected, "{said}");
}

#[test]
fn a_model_that_was_cut_short_before_any_run_ended_has_no_answer_and_is_told_why() {
    let model = Model::new("bad", || Cell::new(0).store(1));
    let results = explain().ask.results("gate", &[model]).expect("it is checked");
    for mut check in results.checks {
        check.outcomes.clear();
        check.extent = Reach::CutShort("by an interrupt".into());
        let mut out = Vec::new();
        tell(&check, &mut out).expect("it is written");
        let said = text(out);
        assert!(said.starts_with("bad with "), "{said}");
        assert!(said.contains("cut short by an interrupt"), "{said}");
        assert_eq!(exit(&[check]), Exit::NoAnswer, "{said}");
    }
}

/// Each thread reads and writes what the checker does not see, after an operation that it does.
#[cfg(all(not(loom), feature = "shuttle"))]
fn loses_an_update_unseen() {
    use crate::sync::thread;
    let sum = std::sync::Arc::new(std::sync::Mutex::new(0));
    let threads = [(); 2].map(|()| {
        let sum = std::sync::Arc::clone(&sum);
        thread::spawn(move || {
            thread::yield_now();
            let seen = *sum.lock().expect("nobody panics");
            thread::yield_now();
            *sum.lock().expect("nobody panics") = seen + 1;
        })
    });
    threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    assert_eq!(*sum.lock().expect("nobody panics"), 2);
}

#[cfg(all(not(loom), feature = "shuttle"))]
#[test]
fn what_is_shown_is_a_run_of_the_real_code() {
    for engine in ["random", "pct", "dfs"] {
        let model = Model::new("unseen", loses_an_update_unseen);
        let mut out = Vec::new();
        let exit = explain_by(engine).run("gate", &[model], &mut out).expect("it is written");
        let said = text(out);
        assert!(
            said.starts_with("PANIC  unseen   2 threads beside main, 1 context switch, "),
            "{said}"
        );
        assert_eq!(exit, Exit::NotAsExpected, "{said}");
    }
}

#[cfg(all(not(loom), feature = "shuttle"))]
#[test]
fn what_several_engines_found_is_shown_once_and_who_found_it() {
    let twice = || {
        let lock = crate::sync::Lock::named("lock");
        lock.acquire();
        lock.acquire();
    };
    let mut out = Vec::new();
    let exit =
        explain().run("gate", &[Model::new("twice", twice)], &mut out).expect("it is written");
    let said = text(out);
    assert_eq!(said.matches("DEADLOCK  twice").count(), 1, "{said}");
    assert!(said.contains("found with product, random, pct, dfs"), "{said}");
    assert_eq!(exit, Exit::NotAsExpected, "{said}");
}
