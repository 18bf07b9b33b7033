//! Following the journal's file as it grows, whoever appends.

use serde::de::IgnoredAny;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const BLOCK_BYTES: usize = 64 << 10;
/// How much of what was read is compared when the file has grown.
const BEFORE_BYTES: u64 = 4 << 10;

/// Reads whole lines from where it stopped.
#[derive(Debug)]
pub(crate) struct Reader {
    path: PathBuf,
    file: Option<Arc<File>>,
    /// Start of the first line that is not read yet, and its number.
    position: u64,
    line: u64,
    /// Bytes after the last newline: a line being written, or torn.
    pub(crate) tail_bytes: u64,
    /// The last line that was read is whole, but nothing ends it yet.
    pub(crate) is_open: bool,
    /// When the file was last changed, as of the last reading: seconds and nanoseconds.
    changed: (i64, i64),
    /// The bytes just before `position`.
    before: Vec<u8>,
}

impl Reader {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file: None,
            position: 0,
            line: 1,
            tail_bytes: 0,
            is_open: false,
            changed: (0, 0),
            before: Vec::new(),
        }
    }

    /// Whether there is anything behind what was read.
    pub(crate) fn has_more(&self) -> io::Result<bool> {
        match &self.file {
            Some(file) => Ok(file.metadata()?.len() > self.position + self.tail_bytes),
            None => Ok(false),
        }
    }

    /// Hands over the whole lines that have come since the last time: offset, number, bytes
    /// without the newline.
    pub(crate) fn read(&mut self, mut each: impl FnMut(u64, u64, &[u8])) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut carry = Vec::new();
        loop {
            let had = carry.len();
            carry.resize(had + BLOCK_BYTES, 0);
            let read = match file.read_at(&mut carry[had..], self.position + had as u64) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    carry.truncate(had);
                    continue;
                }
                other => other?,
            };
            carry.truncate(had + read);
            let (mut start, mut seek) = (0, had);
            while let Some(found) = memchr::memchr(b'\n', &carry[seek..]) {
                let end = seek + found;
                // The newline that a whole line lacked is no line of its own.
                if !std::mem::take(&mut self.is_open) || end > start {
                    each(self.position, self.line, &carry[start..end]);
                }
                self.position += (end + 1 - start) as u64;
                self.line += 1;
                start = end + 1;
                seek = start;
            }
            carry.drain(..start);
            if read == 0 {
                if is_whole(&carry) {
                    each(self.position, self.line, &carry);
                    self.position += carry.len() as u64;
                    self.is_open = true;
                    carry.clear();
                }
                self.tail_bytes = carry.len() as u64;
                return self.remember();
            }
        }
    }

    /// Notes what the file looks like where we stopped, to tell one that grew from one that was
    /// edited.
    fn remember(&mut self) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let about = file.metadata()?;
        self.changed = (about.mtime(), about.mtime_nsec());
        self.before = bytes_before(file, self.position)?;
        Ok(())
    }

    /// Whether what was read of the open file still stands in it.
    fn is_unedited(&self, file: &File, about: &Metadata) -> io::Result<bool> {
        let read = self.position + self.tail_bytes;
        if about.len() == read {
            return Ok((about.mtime(), about.mtime_nsec()) == self.changed || read == 0);
        }
        let is_longer = about.len() > read;
        Ok(is_longer && bytes_before(file, self.position).is_ok_and(|now| now == self.before))
    }

    /// The file that is read.
    pub(crate) fn file(&self) -> Option<Arc<File>> {
        self.file.clone()
    }

    /// Opens the file that is there now, if it is not the one that is open or if that was edited or
    /// has become shorter. `true`: what was read before is void.
    pub(crate) fn reopen_if_replaced(&mut self) -> io::Result<bool> {
        let there = match std::fs::metadata(&self.path) {
            Ok(there) => Some(there),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let is_same = match (&self.file, &there) {
            (Some(file), Some(there)) => {
                let ours = file.metadata()?;
                let same_file = (ours.dev(), ours.ino()) == (there.dev(), there.ino());
                same_file && self.is_unedited(file, &ours)?
            }
            (None, None) => true,
            _ => false,
        };
        if is_same {
            return Ok(false);
        }
        let had_lines = self.file.is_some();
        *self = Self::new(&self.path);
        if there.is_some() {
            self.file = Some(Arc::new(File::open(&self.path)?));
        }
        Ok(had_lines)
    }
}

fn bytes_before(file: &File, position: u64) -> io::Result<Vec<u8>> {
    let length = position.min(BEFORE_BYTES);
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, position - length)?;
    Ok(bytes)
}

/// Whether a line that nothing ends is a whole one: edited by hand, or its newline comes later.
fn is_whole(line: &[u8]) -> bool {
    line.trim_ascii_end().ends_with(b"}") && serde_json::from_slice::<IgnoredAny>(line).is_ok()
}
