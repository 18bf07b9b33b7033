//! What a file looks like from outside: one that was written to looks another way.

use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Where a file is, how long, and when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    dev: u64,
    ino: u64,
    pub(crate) bytes: u64,
    pub(crate) is_file: bool,
    seconds: i64,
    nanos: i64,
}

impl Stamp {
    /// What a file looks like now; none: there is no file.
    pub(crate) fn of(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::metadata(path) {
            Ok(about) => Ok(Some(Self {
                dev: about.dev(),
                ino: about.ino(),
                bytes: about.len(),
                is_file: about.is_file(),
                seconds: about.mtime(),
                nanos: about.mtime_nsec(),
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The same of what can be read to its end: a pipe would have us wait for ever.
    pub(crate) fn of_file(path: &Path) -> io::Result<Option<Self>> {
        match Self::of(path)? {
            Some(Self { is_file: false, .. }) => Err(io::Error::other("it is no regular file")),
            stamp => Ok(stamp),
        }
    }
}
