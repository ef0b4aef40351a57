//! What a `check` was asked for, so that it can be asked for again.

use std::ffi::OsString;

/// The words of a command line after `check`, without those that say which part of the work it does and
/// where the results go: what all shards of one check have in common.
///
/// `args` are those of the process, the program first.
pub fn asked_for(args: impl IntoIterator<Item = OsString>) -> String {
    let words = args.into_iter().map(|word| word.to_string_lossy().into_owned());
    let mut args = words.skip(1).peekable();
    args.next_if(|word| word == "check");
    let mut kept = Vec::new();
    while let Some(word) = args.next() {
        match word.split('=').next() {
            Some("--shard" | "--json") if word.contains('=') => {}
            Some("--shard" | "--json") => drop(args.next()),
            Some("--no-time") => {}
            _ => kept.push(word),
        }
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shards_have_in_common_is_kept() {
        let words = |line: &str| asked_for(line.split(' ').map(OsString::from));
        let asked = "race --engine all --seed=5";
        assert_eq!(words("tellers check race --shard 1/2 --engine all --seed=5 --json a"), asked);
        assert_eq!(
            words("tellers race --json=a --engine all --no-time --shard=2/2 --seed=5"),
            asked
        );
        assert_eq!(words("gate check check"), "check");
    }
}
