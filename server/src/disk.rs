//! Room on the disk.

use std::io;
use std::path::Path;

/// How many bytes this process may still write to the disk of a file or folder that exists.
///
/// # Errors
/// The system does not say.
pub fn free_space(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
