//! The lines of source around a place.

use super::At;
use crate::trace::source::read;
use std::collections::{BTreeMap, BTreeSet};

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
