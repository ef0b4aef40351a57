//! Files that are either written whole or left as they were.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file through a temporary one beside it; what is no regular file (a device, a pipe) is
/// written to as it is.
///
/// # Errors
/// If the file cannot be written; it is then what it was before.
pub fn save(path: &Path, text: &str) -> io::Result<()> {
    let special = fs::metadata(path).is_ok_and(|meta| !meta.is_file());
    if special { fs::write(path, text) } else { replace(path, text) }
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link goes on to point where it did.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = builder().tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file is nobody else's to read; this one becomes an ordinary file.
#[cfg(unix)]
fn builder() -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder.permissions(fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn builder() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
}
