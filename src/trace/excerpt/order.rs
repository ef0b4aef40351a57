//! In which order the files of callers are shown.

use crate::trace::Caller;

/// The files in these chains, whose innermost callers come first: each before those that call it, unless
/// they call each other.
pub(super) fn in_order_of_calling<'a>(
    chains: impl Iterator<Item = &'a [Caller]> + Clone,
) -> Vec<&'a str> {
    let mut calls: Vec<(&str, &str)> = Vec::new();
    for chain in chains.clone() {
        calls.extend(chain.windows(2).map(|pair| (&*pair[0].file, &*pair[1].file)));
    }
    calls.retain(|(inner, outer)| inner != outer);
    let (mut begun, mut files) = (Vec::new(), Vec::new());
    for caller in chains.flatten() {
        place(&caller.file, &calls, &mut begun, &mut files);
    }
    files
}

/// Places a file behind all that it calls.
fn place<'a>(
    file: &'a str,
    calls: &[(&'a str, &'a str)],
    begun: &mut Vec<&'a str>,
    files: &mut Vec<&'a str>,
) {
    if begun.contains(&file) {
        return;
    }
    begun.push(file);
    for (inner, _) in calls.iter().filter(|(_, outer)| *outer == file) {
        place(inner, calls, begun, files);
    }
    files.push(file);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(chains: &[&[&str]]) -> Vec<String> {
        let caller = |file: &&str| Caller { file: (*file).to_owned(), line: 1, column: 1 };
        let chains: Vec<Vec<Caller>> =
            chains.iter().map(|chain| chain.iter().map(caller).collect()).collect();
        let files = in_order_of_calling(chains.iter().map(Vec::as_slice));
        files.into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_file_comes_before_those_that_call_it() {
        assert_eq!(order(&[&["z", "a"]]), ["z", "a"]);
        assert_eq!(order(&[&["b", "c"], &["m"], &["a", "b", "c"]]), ["a", "b", "c", "m"]);
    }

    #[test]
    fn files_that_call_each_other_are_each_shown_once() {
        assert_eq!(order(&[&["a", "b", "a", "c"]]), ["b", "a", "c"]);
    }
}
