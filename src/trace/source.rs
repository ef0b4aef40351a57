//! The files of source that a trace names.

use std::path::Path;

/// The text of a file, which is named from where its crate was compiled: the crate itself, or its
/// workspace. That this is the crate is only known if it was not compiled for another.
pub(super) fn read(file: &str) -> Option<String> {
    let here = std::env::current_dir().unwrap_or_default();
    let own = option_env!("CARGO_PRIMARY_PACKAGE").map(|_| Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut roots = here.ancestors().chain(own);
    roots.find_map(|root| std::fs::read_to_string(root.join(file)).ok())
}
