//! An interleaving as JSON, for other programs.

use super::{Picture, View};

pub(super) fn render(picture: &Picture<'_>) -> String {
    let json = serde_json::to_string_pretty(&View::of(picture));
    json.unwrap_or_else(|_| unreachable!("a view has no keys other than strings and numbers"))
        + "\n"
}
