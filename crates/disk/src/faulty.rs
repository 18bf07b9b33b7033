//! A disk that fails where a test says: operation number n, once or from there on.

use crate::{Disk, Fill, Log, RealDisk};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which operations fail, and how many were asked for.
#[derive(Debug, Default)]
pub struct Faults {
    done: AtomicU64,
    first: u64,
    last: u64,
}

impl Faults {
    /// Operation `n` (counted from 1) fails, the others succeed.
    pub fn once(n: u64) -> Arc<Self> {
        Arc::new(Self { done: AtomicU64::new(0), first: n, last: n })
    }

    /// Operation `n` and every later one fail.
    pub fn from(n: u64) -> Arc<Self> {
        Arc::new(Self { done: AtomicU64::new(0), first: n, last: u64::MAX })
    }

    /// Operations asked for so far.
    pub fn count(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    fn next_fails(&self) -> bool {
        let number = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.first..=self.last).contains(&number)
    }

    fn next(&self) -> io::Result<()> {
        if self.next_fails() { Err(fault()) } else { Ok(()) }
    }
}

fn fault() -> io::Error {
    io::Error::other("the disk failed, as the test asked")
}

/// The real disk, with faults. An append that fails leaves the first half of its bytes behind, as
/// a full disk does.
#[derive(Debug)]
pub struct FaultyDisk {
    faults: Arc<Faults>,
}

impl FaultyDisk {
    /// A disk with these faults.
    pub fn new(faults: Arc<Faults>) -> Self {
        Self { faults }
    }
}

impl Disk for FaultyDisk {
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn Log>> {
        self.faults.next()?;
        Ok(Box::new(FaultyLog { log: RealDisk.open_log(path)?, faults: self.faults.clone() }))
    }

    fn replace(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        self.faults.next()?;
        RealDisk.replace(path, fill)
    }

    fn keep(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        self.faults.next()?;
        RealDisk.keep(path, fill)
    }

    fn put_new(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        self.faults.next()?;
        RealDisk.put_new(path, fill)
    }

    fn stream(&self, path: &Path) -> io::Result<Box<dyn Write + Send>> {
        self.faults.next()?;
        RealDisk.stream(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.faults.next()?;
        RealDisk.remove(path)
    }
}

#[derive(Debug)]
struct FaultyLog {
    log: Box<dyn Log>,
    faults: Arc<Faults>,
}

impl Log for FaultyLog {
    fn lock(&mut self) -> io::Result<()> {
        self.faults.next()?;
        self.log.lock()
    }

    fn unlock(&mut self) -> io::Result<()> {
        self.log.unlock()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.faults.next_fails() {
            self.log.append(&bytes[..bytes.len() / 2])?;
            return Err(fault());
        }
        self.log.append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.faults.next()?;
        self.log.sync()
    }

    fn is_current(&self) -> io::Result<bool> {
        self.faults.next()?;
        self.log.is_current()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asked_for_operation_fails_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let faults = Faults::once(3);
        let disk = FaultyDisk::new(faults.clone());
        let mut log = disk.open_log(&folder.path().join("log")).unwrap();
        assert!(log.append(b"one\n").is_ok());
        assert!(log.append(b"torn").is_err());
        assert!(log.append(b"two\n").is_ok());
        assert_eq!(faults.count(), 4);
        assert_eq!(std::fs::read(folder.path().join("log")).unwrap(), b"one\ntotwo\n");
    }
}
