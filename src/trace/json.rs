//! An interleaving as JSON, for other programs.

use super::{Picture, View};

pub(super) fn render(picture: &Picture<'_>) -> String {
    written(serde_json::to_string_pretty(&View::of(picture))) + "\n"
}

/// On one line.
pub(super) fn compact(view: &View) -> String {
    written(serde_json::to_string(view))
}

fn written(json: serde_json::Result<String>) -> String {
    json.unwrap_or_else(|_| unreachable!("every key of a view is a string or a number"))
}
