//! The same interleaving in every format that is for other programs.
#![cfg(all(not(loom), feature = "shuttle"))]

use crate::pictures::programs;
use std::hash::Hash;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Failure, Program, unreached};
use tellers::suite;
use tellers::trace::view::{View, ViewError};
use tellers::trace::{Look, Picture, Rerun};

/// What `show` makes of the simplest failure of this kind of a scenario.
fn shown(name: &str, failure: Failure, show: impl Fn(&Picture<'_>) -> String) -> String {
    let scenario = suite::find(name).expect("it is in the suite");
    shown_of(&scenario.program(scenario.setup), (name, failure), show)
}

fn shown_of<R: Clone + Ord + Hash + Send + 'static>(
    program: &Program<R>,
    (name, failure): (&str, Failure),
    show: impl Fn(&Picture<'_>) -> String,
) -> String {
    let report = product(program, &Limits::default()).expect("it can be explored");
    let cycle = report.proof.as_ref().and_then(|proof| proof.starvation.as_ref());
    let found = report.failures.get(&failure).or(cycle).expect("it fails so");
    let mut picture = Picture::of(name, failure, found);
    picture.unreached = unreached(program, &found.trace);
    let command = "tellers replay TOKEN".to_owned();
    picture.rerun = Some(Rerun { command, reproduced: 10, tried: 10 });
    show(&picture)
}

/// The body of the page, without the script and what it reads.
fn page(picture: &Picture<'_>) -> String {
    let page = picture.html();
    let (_, body) = page.split_once("<body").expect("it has a body");
    let (body, _) = body.split_once("<script").expect("it has a script");
    body.to_owned()
}

fn without_sources(picture: &Picture<'_>) -> String {
    let mut view = View::parse(&picture.json()).expect("it was just written");
    assert!(view.sources.values().all(|lines| !lines.is_empty()) && !view.sources.is_empty());
    view.sources.clear();
    serde_json::to_string_pretty(&view).expect("it was read from JSON")
}

macro_rules! formats {
    ($($name:ident: $scenario:literal, $failure:ident;)+) => {$(
        #[test]
        fn $name() {
            let mut settings = insta::Settings::clone_current();
            settings.add_filter(r"(src/\w+/\w+\.rs):\d+", "$1:LINE");
            settings.add_filter(r#""line": \d+"#, r#""line": 0"#);
            let _bound = settings.bind_to_scope();
            insta::assert_snapshot!(
                concat!(stringify!($name), "_in_markdown"),
                shown($scenario, Failure::$failure, |picture| picture.markdown())
            );
            insta::assert_snapshot!(
                concat!(stringify!($name), "_in_json"),
                shown($scenario, Failure::$failure, without_sources)
            );
            insta::assert_snapshot!(
                concat!(stringify!($name), "_in_mermaid"),
                shown($scenario, Failure::$failure, |picture| picture.mermaid())
            );
            insta::assert_snapshot!(
                concat!(stringify!($name), "_in_html"),
                shown($scenario, Failure::$failure, page)
            );
        }
    )+};
}

formats! {
    deadlock: "inverted", Deadlock;
    lost_update: "race", LostUpdate;
    torn_audit: "race-audit", TornAudit;
    release: "forced-release", ReleaseUnlocked;
    livelock: "trains", Livelock;
    window: "tellers-window", Deadlock;
    loss_of_the_hack: "forced-release", LostUpdate;
    starvation: "timeout", Starvation;
}

#[test]
fn panic() {
    let program = Program::new(programs::assertion).judged_by(programs::judge);
    in_every_form(&program, ("assertion", Failure::Panic), "panic");
}

#[test]
fn data_race() {
    let program = Program::new(programs::unguarded);
    in_every_form(&program, ("unguarded", Failure::DataRace), "data_race");
}

fn in_every_form(program: &Program<()>, what: (&'static str, Failure), name: &str) {
    let in_form = |form: &str, show: fn(&Picture<'_>) -> String| {
        insta::assert_snapshot!(format!("{name}_in_{form}"), shown_of(program, what, show));
    };
    in_form("markdown", |picture| picture.markdown());
    in_form("json", without_sources);
    in_form("mermaid", |picture| picture.mermaid());
    in_form("html", page);
}

#[test]
fn colours_are_all_that_colours_add() {
    let plain = shown("race", Failure::LostUpdate, |picture| picture.text(Look::default()));
    let coloured = shown("race", Failure::LostUpdate, |picture| {
        picture.text(Look { colour: true, ..Look::default() })
    });
    assert_ne!(coloured, plain);
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn a_picture_of_another_version_says_so() {
    let json = shown("race", Failure::LostUpdate, |picture| picture.json());
    let newer = json.replacen(&format!("\"version\": {}", View::VERSION), "\"version\": 99", 1);
    let error = View::parse(&newer).expect_err("its version is unknown");
    assert!(matches!(error, ViewError::Version { found: 99 }), "{error}");
}

/// Every file that a page would fetch is in it, and it is the same each time.
#[test]
fn a_page_stands_alone() {
    for (scenario, failure) in
        [("inverted", Failure::Deadlock), ("forced-release", Failure::LostUpdate)]
    {
        let page = shown(scenario, failure, |picture| picture.html());
        let fetches = ["http:", "https:", "<link", "@import", "url(http", "src="];
        let own = page.replace("http://www.w3.org/2000/svg", "");
        assert!(fetches.iter().all(|fetch| !own.contains(fetch)));
        assert!(page.contains("data-position=\"1\"") && page.ends_with("</html>\n"));
        assert_eq!(page, shown(scenario, failure, |picture| picture.html()));
    }
}

#[test]
fn a_page_shows_names_as_they_are() {
    let page = shown("race", Failure::LostUpdate, |picture| {
        Picture { title: "<script>alert(1)</script>", ..picture.clone() }.html()
    });
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&lt;script&gt;alert(1)"));
}
