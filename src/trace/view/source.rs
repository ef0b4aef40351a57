//! The lines of source around a place.

use super::At;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How many lines are kept on either side.
const AROUND: u32 = 4;

/// The lines around these places, as far as their files can be read.
pub(super) fn around(places: &[At]) -> BTreeMap<String, BTreeMap<u32, String>> {
    let mut wanted = BTreeMap::<&str, BTreeSet<u32>>::new();
    for At { file, line } in places {
        let lines = line.saturating_sub(AROUND)..=line.saturating_add(AROUND);
        wanted.entry(file).or_default().extend(lines);
    }
    let read = |(file, lines): (&str, BTreeSet<u32>)| {
        let text = read(file)?;
        let numbered = (1..).zip(text.lines().map(str::to_owned));
        let kept = numbered.filter(|(number, _)| lines.contains(number)).collect();
        Some((file.to_owned(), kept))
    };
    wanted.into_iter().filter_map(read).collect()
}

/// The text of a file, which is named from where its crate was compiled: the crate itself, or its
/// workspace. That this is the crate is only known if it was not compiled for another.
pub(in crate::trace) fn read(file: &str) -> Option<String> {
    let here = std::env::current_dir().unwrap_or_default();
    let own = option_env!("CARGO_PRIMARY_PACKAGE").map(|_| Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut roots = here.ancestors().chain(own);
    roots.find_map(|root| std::fs::read_to_string(root.join(file)).ok())
}
