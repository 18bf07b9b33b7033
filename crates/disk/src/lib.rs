//! The one door for writing: append, sync, replace, lock. A real disk and a faulty one.
//!
//! Every other room reads with `std::fs` and writes through [`Disk`], so what is promised about
//! durability is promised here, and a test can fail any single operation with [`FaultyDisk`].
//! It knows nothing of JSON, stars or HTTP.

mod faulty;
mod map;
mod real;

pub use faulty::{Fault, Faults, FaultyDisk, Left, every_fault};
pub use map::map;
pub use real::RealDisk;

use std::fmt::Debug;
use std::io::{self, Write};
use std::path::Path;

/// Puts a file's content into the writer it is handed.
pub type Fill<'a> = &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// Where files are written.
pub trait Disk: Send + Sync + Debug {
    /// Opens a file that only grows, making it and its folders when they are not there.
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn Log>>;

    /// Makes an empty file that only its owner may read, and its folders, when it is not there; of
    /// one that is there it takes the rights of all others away.
    fn make_private(&self, path: &Path) -> io::Result<()>;

    /// Puts a whole file in place at once: after a crash there is the old one or the new one,
    /// never a part. Makes the folder when it is not there.
    fn replace(&self, path: &Path, fill: Fill<'_>) -> io::Result<()>;

    /// As [`Disk::replace`], but returns before the file is on the disk for good: for caches, which
    /// know by their checksum whether they are whole.
    fn keep(&self, path: &Path, fill: Fill<'_>) -> io::Result<()>;

    /// As [`Disk::replace`], but fails with [`io::ErrorKind::AlreadyExists`] when the file is
    /// there already, whoever made it.
    fn put_new(&self, path: &Path, fill: Fill<'_>) -> io::Result<()>;

    /// A new file written as it comes, without a promise of durability: for what can be made
    /// again. Makes the folder when it is not there; an existing file is emptied.
    fn stream(&self, path: &Path) -> io::Result<Box<dyn Write + Send>>;

    /// Takes a file away; it is no error when there is none.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// A file that only grows and that others may be appending to at the same time.
pub trait Log: Send + Debug {
    /// Waits for the exclusive lock (`flock`). Programs that do not lock can still append.
    fn lock(&mut self) -> io::Result<()>;

    /// Gives the lock back.
    fn unlock(&mut self) -> io::Result<()>;

    /// Appends at the end, wherever that is by now. On an error some bytes may have been written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns when all that was appended is on the disk (`fdatasync`).
    fn sync(&mut self) -> io::Result<()>;

    /// Whether the file at the path is still the one that was opened.
    fn is_current(&self) -> io::Result<bool>;
}
