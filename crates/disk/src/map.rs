//! Reading a finished file without copying it.

use bytes::Bytes;
use std::fs::File;
use std::io;
use std::path::Path;

/// Maps a file that only Goldstar writes, and only by [`crate::Disk::replace`] or
/// [`crate::Disk::keep`]: a cache.
///
/// Not for batches: a program that cuts a mapped file short ends every program that reads the map.
#[expect(
    unsafe_code,
    reason = "mapping a file is the one thing here that the language can't check"
)]
pub fn map(path: &Path) -> io::Result<Bytes> {
    let file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(Bytes::new());
    }
    // SAFETY: the file is never written in place. A new one is put under its name, and the map
    // keeps the old one alive.
    let map = unsafe { memmap2::Mmap::map(&file)? };
    Ok(Bytes::from_owner(map))
}
