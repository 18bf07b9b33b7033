//! A disk that fails where a test says, in the way it says, and that can crash.

use crate::{Disk, Fill, Log, RealDisk};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many bytes of a file arrive before a full disk says so.
const SHORT_BYTES: usize = 64;

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was done (EIO).
    Refused,
    /// A part was done, as on a full disk (ENOSPC): half of an append, the beginning of a file.
    Short,
    /// All was done, and yet an error was reported (EIO).
    Late,
}

impl Fault {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Short, Self::Late];

    fn error(self) -> io::Error {
        io::Error::from_raw_os_error(match self {
            Self::Refused | Self::Late => 5, // EIO
            Self::Short => 28,               // ENOSPC
        })
    }
}

/// What a crash leaves of the bytes that nobody had synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// All of them.
    All,
    /// Their first half.
    Half,
    /// None of them.
    None,
}

impl Left {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::All, Self::Half, Self::None];
}

/// How much of an operation is done; one without parts is done whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Part,
}

impl Extent {
    fn of(self, bytes: &[u8]) -> &[u8] {
        match self {
            Self::Whole => bytes,
            Self::Part => &bytes[..bytes.len() / 2],
        }
    }
}

/// Which operations fail and how, how many were asked for, and what is on the disk for good.
#[derive(Debug)]
pub struct Faults {
    done: AtomicU64,
    first: u64,
    last: u64,
    fault: Fault,
    /// Bytes of each file that outlive a crash. The rest of it may.
    synced: Mutex<BTreeMap<PathBuf, u64>>,
}

impl Faults {
    /// Nothing fails.
    pub fn none() -> Arc<Self> {
        Self::between(1, 0, Fault::Refused)
    }

    /// Operation `n` (counted from 1) fails, the others succeed.
    pub fn once(n: u64, fault: Fault) -> Arc<Self> {
        Self::between(n, n, fault)
    }

    /// Operation `n` and every later one fail.
    pub fn from(n: u64, fault: Fault) -> Arc<Self> {
        Self::between(n, u64::MAX, fault)
    }

    fn between(first: u64, last: u64, fault: Fault) -> Arc<Self> {
        let (done, synced) = (AtomicU64::new(0), Mutex::default());
        Arc::new(Self { done, first, last, fault, synced })
    }

    /// Operations asked for so far.
    pub fn count(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// The machine loses its power: of what was written and not synced only `left` stays. Whoever
    /// used this disk must be gone.
    #[expect(clippy::disallowed_methods, reason = "a crash asks nobody")]
    pub fn crash(&self, left: Left) -> io::Result<()> {
        for (path, synced) in self.synced().iter() {
            let Ok(file) = fs::OpenOptions::new().write(true).open(path) else { continue };
            let unsynced = file.metadata()?.len().saturating_sub(*synced);
            let stays = match left {
                Left::All => unsynced,
                Left::Half => unsynced / 2,
                Left::None => 0,
            };
            file.set_len(synced + stays)?;
        }
        Ok(())
    }

    fn synced(&self) -> MutexGuard<'_, BTreeMap<PathBuf, u64>> {
        self.synced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an operation, and does it or fails. It is told how much of it to do.
    fn meet<T>(&self, operation: impl FnOnce(Extent) -> io::Result<T>) -> io::Result<T> {
        let number = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !(self.first..=self.last).contains(&number) {
            return operation(Extent::Whole);
        }
        match self.fault {
            Fault::Refused => {}
            // The disk is full, and says so below as well.
            Fault::Short => drop(operation(Extent::Part)),
            Fault::Late => drop(operation(Extent::Whole)?),
        }
        Err(self.fault.error())
    }
}

/// Has `work` meet every fault of every one of its operations, once and for ever, followed by every
/// kind of crash that [`Faults::crash`] knows. Gives how many times it ran.
///
/// `work` makes what it needs anew each time, uses one [`FaultyDisk`] with the faults it is handed,
/// crashes, and looks at what is left.
pub fn every_fault(work: impl Fn(Arc<Faults>, Left) + Sync) -> u64 {
    let undisturbed = Faults::none();
    work(undisturbed.clone(), Left::All);
    let mut cases = Vec::new();
    for n in 1..=undisturbed.count() {
        for fault in Fault::ALL {
            for left in Left::ALL {
                cases.push((Faults::once(n, fault), left));
                cases.push((Faults::from(n, fault), left));
            }
        }
    }
    let count = cases.len() as u64 + 1;
    let next = Mutex::new(cases.into_iter());
    // They wait for the disk more than they compute.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let case = next.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((faults, left)) = case else { break };
                    work(faults, left);
                }
            });
        }
    });
    count
}

/// The real disk, with faults.
#[derive(Debug)]
pub struct FaultyDisk {
    faults: Arc<Faults>,
}

impl FaultyDisk {
    /// A disk with these faults.
    pub fn new(faults: Arc<Faults>) -> Self {
        Self { faults }
    }

    /// Fills a file by one operation; a full disk stops it after its first bytes.
    fn fill(&self, put: impl FnOnce(Fill<'_>) -> io::Result<()>, fill: Fill<'_>) -> io::Result<()> {
        self.faults.meet(|extent| match extent {
            Extent::Whole => put(fill),
            Extent::Part => put(&mut |to| fill(&mut Full { to, room: SHORT_BYTES })),
        })
    }
}

impl Disk for FaultyDisk {
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn Log>> {
        let faults = self.faults.clone();
        let log = faults.meet(|_| RealDisk.open_log(path))?;
        let length = fs::metadata(path)?.len();
        // What was there when it was opened is taken to be there for good.
        faults.synced().entry(path.to_owned()).or_insert(length);
        Ok(Box::new(FaultyLog { log, path: path.to_owned(), faults }))
    }

    fn make_private(&self, path: &Path) -> io::Result<()> {
        self.faults.meet(|_| RealDisk.make_private(path))
    }

    fn replace(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        self.fill(|fill| RealDisk.replace(path, fill), fill)
    }

    fn keep(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        self.faults.synced().insert(path.to_owned(), 0);
        self.fill(|fill| RealDisk.keep(path, fill), fill)
    }

    fn put_new(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        self.fill(|fill| RealDisk.put_new(path, fill), fill)
    }

    fn stream(&self, path: &Path) -> io::Result<Box<dyn Write + Send>> {
        self.faults.synced().insert(path.to_owned(), 0);
        let to = self.faults.meet(|_| RealDisk.stream(path))?;
        Ok(Box::new(FaultyStream { to, faults: self.faults.clone() }))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.faults.meet(|_| RealDisk.remove(path))
    }
}

/// A writer on a disk with little room.
struct Full<'w> {
    to: &'w mut dyn Write,
    room: usize,
}

impl Write for Full<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(Fault::Short.error());
        }
        let written = self.to.write(&bytes[..bytes.len().min(self.room)])?;
        self.room -= written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

struct FaultyStream {
    to: Box<dyn Write + Send>,
    faults: Arc<Faults>,
}

impl Write for FaultyStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.faults.meet(|extent| self.to.write(extent.of(bytes)))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[derive(Debug)]
struct FaultyLog {
    log: Box<dyn Log>,
    path: PathBuf,
    faults: Arc<Faults>,
}

impl Log for FaultyLog {
    fn lock(&mut self) -> io::Result<()> {
        self.faults.meet(|_| self.log.lock())
    }

    fn unlock(&mut self) -> io::Result<()> {
        self.log.unlock()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.faults.meet(|extent| self.log.append(extent.of(bytes)))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.faults.meet(|extent| {
            if extent == Extent::Whole {
                self.log.sync()?;
                let length = fs::metadata(&self.path)?.len();
                self.faults.synced().insert(self.path.clone(), length);
            }
            Ok(())
        })
    }

    fn is_current(&self) -> io::Result<bool> {
        self.faults.meet(|_| self.log.is_current())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appends three times to a log on a disk with faults; gives what succeeded and the file.
    fn check(faults: &Arc<Faults>, succeeds: [bool; 3], left: Left, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = FaultyDisk::new(faults.clone()).open_log(&path).unwrap();
        let appended = ["one\n", "torn", "two\n"].map(|text| log.append(text.as_bytes()).is_ok());
        assert_eq!(appended, succeeds);
        assert_eq!(faults.count(), 4);
        faults.crash(left).unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), expected);
    }

    #[test]
    fn the_asked_for_operation_fails_and_no_other() {
        let check = |fault, expected| {
            check(&Faults::once(3, fault), [true, false, true], Left::All, expected);
        };
        check(Fault::Refused, "one\ntwo\n");
        check(Fault::Short, "one\ntotwo\n");
        check(Fault::Late, "one\ntorntwo\n");
    }

    #[test]
    fn what_was_not_synced_may_be_lost() {
        let check = |left, expected| check(&Faults::none(), [true; 3], left, expected);
        check(Left::All, "one\ntorntwo\n");
        check(Left::Half, "one\nto");
        check(Left::None, "");
    }

    #[test]
    fn what_was_synced_outlives_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let faults = Faults::none();
        let mut log = FaultyDisk::new(faults.clone()).open_log(&path).unwrap();
        log.append(b"one\n").unwrap();
        log.sync().unwrap();
        log.append(b"two\n").unwrap();
        faults.crash(Left::None).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\n");
    }

    #[test]
    fn a_file_that_a_full_disk_stops_is_not_put_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let put = |fault| {
            let disk = FaultyDisk::new(Faults::once(1, fault));
            disk.put_new(&path, &mut |to| to.write_all(&[b'x'; 200]))
        };
        assert_eq!(put(Fault::Short).unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(put(Fault::Refused).unwrap_err().raw_os_error(), Some(5));
        assert!(!path.exists());
        assert_eq!(put(Fault::Late).unwrap_err().raw_os_error(), Some(5));
        assert_eq!(fs::metadata(&path).unwrap().len(), 200);
    }
}
