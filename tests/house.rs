//! How the files of the project hang together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// No file is longer.
const LONGEST: usize = 350;

/// What each folder of `src` knows of the others, and nothing else.
const KNOWS: [(&str, &[&str]); 7] = [
    ("world", &[]),
    ("bank", &["sync"]),
    ("sync", &["supervisor", "trace", "world"]),
    ("trace", &["apart", "engine", "supervisor", "world"]),
    ("engine", &["supervisor", "sync", "trace", "world"]),
    ("suite", &["bank", "engine", "sync", "trace", "world"]),
    ("gate", &["engine", "exit", "suite", "trace"]),
];

/// A file of Rust, known by the path of its module.
type Module = Vec<String>;

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        match path.is_dir() {
            true => open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path())),
            false if path.extension().is_some_and(|is| is == "rs") => found.push(path),
            false => {}
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("it is there")
}

/// The files of the library, without their tests and comments.
fn library() -> BTreeMap<Module, String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources("src").into_iter().filter(|path| !path.ends_with("tests.rs"));
    let module = |path: &Path| -> Module {
        let path = path.strip_prefix(&src).unwrap().with_extension("");
        let parts = path.iter().map(|part| part.to_str().unwrap().to_owned());
        parts.filter(|part| part != "mod" && part != "lib").collect()
    };
    let code = |path: &Path| {
        let text = read(path);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
        lines.collect::<Vec<_>>().join("\n")
    };
    files.map(|path| (module(&path), code(&path))).collect()
}

/// The paths of a `use`, groups spread out.
fn paths(tree: &str) -> Vec<Module> {
    let Some((head, group)) = tree.trim().split_once('{') else {
        let path = tree.trim().split(" as ").next().unwrap_or_default();
        return vec![path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()];
    };
    let head: Module = paths(head).remove(0);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in group.strip_suffix('}').unwrap_or(group).chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            c => parts.last_mut().expect("there is one").push(c),
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| paths(part)).map(|path| [head.clone(), path].concat()).collect()
}

/// The modules that a file imports from.
fn imports(files: &BTreeMap<Module, String>, of: &Module) -> BTreeSet<Module> {
    let uses = files[of].split("use ").skip(1).filter_map(|rest| rest.split_once(';'));
    let absolute = |path: Module| -> Option<Module> {
        let up = path.iter().take_while(|part| *part == "super").count();
        match path.first()?.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "super" => Some([&of[..of.len().saturating_sub(up)], &path[up..]].concat()),
            _ => None,
        }
    };
    let file = |path: Module| {
        (1..=path.len()).rev().map(|len| path[..len].to_vec()).find(|path| files.contains_key(path))
    };
    let all = uses.flat_map(|(tree, _)| paths(tree)).filter_map(absolute).filter_map(file);
    all.filter(|other| other != of).collect()
}

#[test]
fn no_file_is_too_long() {
    let all = ["src", "tests", "loom-tests", "ci"].into_iter().flat_map(sources);
    let long = all.filter(|path| read(path).lines().count() > LONGEST);
    assert_eq!(long.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn no_two_files_import_each_other_but_a_module_and_its_parts() {
    let files = library();
    let known: BTreeMap<_, _> = files.keys().map(|of| (of, imports(&files, of))).collect();
    assert!(known.values().map(BTreeSet::len).sum::<usize>() > 500, "it looks at imports");
    let family = |one: &Module, other: &Module| one.starts_with(other) || other.starts_with(one);
    for (one, others) in &known {
        for other in others.iter().filter(|other| !family(one, other)) {
            assert!(!known[other].contains(*one), "{one:?} and {other:?}");
        }
    }
}

#[test]
fn folders_know_no_more_than_they_say() {
    let files = library();
    for (folder, knows) in KNOWS {
        let inside = files.keys().filter(|module| module.first().is_some_and(|it| it == folder));
        for module in inside {
            for word in files[module].split("crate::").skip(1) {
                let other: String =
                    word.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let is_folder = files.keys().any(|module| module.first() == Some(&other));
                let is_known = other == folder || other == "thousands" || knows.contains(&&*other);
                assert!(!is_folder || is_known, "{module:?} knows {other}");
            }
        }
    }
}
