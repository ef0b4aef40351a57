//! Numbers of things, in words.

use crate::thousands;

/// The number and the noun, in the plural where it has to be.
pub fn count(n: u64, noun: &str) -> String {
    let noun = match (n, noun.strip_suffix('y')) {
        (1, _) => noun.to_owned(),
        (_, _) if noun.ends_with("ch") => format!("{noun}es"),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{noun}s"),
    };
    format!("{} {noun}", thousands(n))
}
