//! A kept file: what may be made again, with a version and a checksum at its end.

use bytes::Bytes;
use goldstar_disk::Disk;
use std::io::{self, Write};
use std::path::Path;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Raised whenever the columns, their meaning, the readers of lines or the join change.
const VERSION: u32 = 2;
/// Ends every kept file: this, the version and the checksum of all before it.
const MAGIC: &[u8; 4] = b"GSIX";
const TRAILER_BYTES: usize = 4 + 4 + 8;

/// What is found at a path.
#[derive(Debug)]
pub(crate) enum Found {
    /// The content, whole and of this version.
    Good(Bytes),
    /// No file, or one of another version.
    Nothing,
    /// A file that is not what was written.
    Damaged,
}

/// Writes a file and maps it.
pub(crate) fn write(
    disk: &dyn Disk,
    path: &Path,
    fill: impl Fn(&mut dyn Write) -> io::Result<()>,
) -> io::Result<Bytes> {
    disk.keep(path, &mut |file| {
        let mut hashed = Hashed { to: file, hash: Xxh3::new() };
        fill(&mut hashed)?;
        hashed.write_all(MAGIC)?;
        hashed.write_all(&VERSION.to_le_bytes())?;
        let sum = hashed.hash.digest();
        hashed.to.write_all(&sum.to_le_bytes())
    })?;
    let bytes = goldstar_disk::map(path)?;
    let body = bytes.len().checked_sub(TRAILER_BYTES);
    body.map(|body| bytes.slice(..body)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Maps a file that was kept, and sees that it is whole.
pub(crate) fn read(path: &Path) -> Found {
    let bytes = match goldstar_disk::map(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Nothing,
        Err(_) => return Found::Damaged,
    };
    let Some(body) = bytes.len().checked_sub(TRAILER_BYTES) else { return Found::Damaged };
    let trailer = &bytes[body..];
    let sum = u64::from_le_bytes(trailer[8..].try_into().expect("eight bytes"));
    if xxh3_64(&bytes[..body + 8]) != sum || trailer[..4] != MAGIC[..] {
        return Found::Damaged;
    }
    if trailer[4..8] != VERSION.to_le_bytes() {
        return Found::Nothing;
    }
    Found::Good(bytes.slice(..body))
}

struct Hashed<'a> {
    to: &'a mut dyn Write,
    hash: Xxh3,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
