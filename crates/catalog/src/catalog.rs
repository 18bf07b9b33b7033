//! The catalog: all batches of a collection, indexed while it is already being read.

use crate::batch::Batch;
use crate::blemish::{Blemish, Blemishes};
use crate::cache::Stamp;
use crate::names::NameRule;
use crate::record::Record;
use crate::tables::{Model, Tables};
use crate::{discover, work};
use goldstar_disk::Disk;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

/// How a catalog reads its batches.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where names of records come from.
    pub names: NameRule,
    /// A longer line is a blemish, bytes.
    pub line_bytes_max: usize,
    /// Threads that read batches.
    pub threads: usize,
    /// Whether indexes are kept in `.goldstar/`.
    pub keep_index: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            names: NameRule::default(),
            line_bytes_max: 256 << 20,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            keep_index: true,
        }
    }
}

/// How far indexing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// Whether all batches are indexed.
    pub is_ready: bool,
    /// Records with an output.
    pub records: u64,
    /// Outputs, re-runs and further choices counted.
    pub outputs: u64,
    /// Requests.
    pub requests: u64,
    /// Requests that no output answers.
    pub unanswered: u64,
    /// Files.
    pub batches: u64,
    /// Bytes of batches done, and of all.
    pub bytes_done: u64,
    /// See `bytes_done`.
    pub bytes_total: u64,
    /// Batches whose kept index was used again without reading them.
    pub reused: u64,
    /// Blemishes.
    pub blemishes: u64,
    /// Grows with every change of what can be read.
    pub revision: u64,
}

/// What the models wrote: a folder of batches, read in place.
#[derive(Debug)]
pub struct Catalog {
    pub(crate) root: PathBuf,
    pub(crate) cache: PathBuf,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) options: Options,
    contents: RwLock<Arc<Contents>>,
    /// The batches as they were found the last time.
    seen: Mutex<Seen>,
    revision: AtomicU64,
}

/// Files with their sizes and times.
type Seen = Vec<(String, Option<Stamp>)>;

/// What has been read of all batches.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) progress: Progress,
    tables: RwLock<Tables>,
    blemishes: Mutex<Found>,
}

#[derive(Debug, Default)]
struct Found {
    total: u64,
    kept: Vec<Blemish>,
}

#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) is_ready: AtomicBool,
    pub(crate) batches: AtomicU64,
    pub(crate) bytes_done: AtomicU64,
    pub(crate) bytes_total: AtomicU64,
    pub(crate) reused: AtomicU64,
}

impl Catalog {
    /// A catalog of the folder `root`. Nothing is read yet: see [`Catalog::index`].
    pub fn new(root: &Path, disk: Arc<dyn Disk>, options: Options) -> Self {
        Self {
            root: root.to_owned(),
            cache: root.join(".goldstar"),
            disk,
            options,
            contents: RwLock::default(),
            seen: Mutex::default(),
            revision: AtomicU64::new(0),
        }
    }

    /// Reads all batches, or what has changed since their index was kept. Records can be read from
    /// other threads from the first moment on.
    pub fn index(&self) {
        let found = discover::batches(&self.root, &self.cache);
        *self.seen() = stamps(&found);
        self.fill(&self.contents(), found);
    }

    /// Looks whether batches have come, grown, changed or gone since they were read, and reads what
    /// is new. Until that is done the catalog stays as it was. `true` when something had changed.
    pub fn refresh(&self) -> bool {
        let found = discover::batches(&self.root, &self.cache);
        let now = stamps(&found);
        if !self.contents().is_ready() || *self.seen() == now {
            return false;
        }
        *self.seen() = now;
        let contents = Arc::new(Contents::default());
        self.fill(&contents, found);
        *self.contents.write().unwrap_or_else(PoisonError::into_inner) = contents;
        self.changed();
        true
    }

    fn fill(&self, contents: &Contents, found: discover::Found) {
        for (file, what) in found.blemishes {
            contents.add_blemish(Blemish { file, line: None, what });
        }
        work::index(self, contents, found.batches);
        contents.tables.write().unwrap_or_else(PoisonError::into_inner).settle();
        contents.progress.is_ready.store(true, Ordering::Release);
        self.changed();
    }

    /// How far it is.
    pub fn status(&self) -> Status {
        let load = |number: &AtomicU64| number.load(Ordering::Acquire);
        let contents = self.contents();
        let is_ready = contents.is_ready();
        let revision = load(&self.revision);
        let tables = contents.tables();
        Status {
            is_ready,
            records: u64::from(tables.row_count()),
            outputs: tables.outputs,
            requests: tables.requests,
            unanswered: if is_ready { tables.unanswered() } else { 0 },
            batches: load(&contents.progress.batches),
            bytes_done: load(&contents.progress.bytes_done),
            bytes_total: load(&contents.progress.bytes_total),
            reused: load(&contents.progress.reused),
            blemishes: contents.found().total,
            revision,
        }
    }

    /// The models in order of their columns.
    pub fn models(&self) -> Vec<Model> {
        self.contents().tables().models.clone()
    }

    /// What could not be read: how many in all, and the first of each batch.
    pub fn blemishes(&self) -> (u64, Vec<Blemish>) {
        let contents = self.contents();
        let found = contents.found();
        (found.total, found.kept.clone())
    }

    /// How many records there are now.
    pub fn row_count(&self) -> u32 {
        self.contents().tables().row_count()
    }

    /// The record under a `custom_id`, if it has an output.
    pub fn record(&self, custom_id: &str) -> Option<Record> {
        let contents = self.contents();
        let tables = contents.tables();
        Record::of(&tables, tables.row_of(custom_id)?)
    }

    /// The records in these rows; a row that is not there is passed over.
    pub fn records(&self, rows: impl IntoIterator<Item = u32>) -> Vec<Record> {
        let contents = self.contents();
        let tables = contents.tables();
        rows.into_iter().filter_map(|row| Record::of(&tables, row)).collect()
    }

    /// The finest look at a run of rows, for filters and sorts: [`Catalog::records`] without
    /// copying texts or waiting for each other for long.
    pub fn for_each(&self, rows: std::ops::Range<u32>, mut look: impl FnMut(Record)) {
        const AT_ONCE: u32 = 4096;
        let mut start = rows.start;
        while start < rows.end {
            let end = rows.end.min(start + AT_ONCE);
            self.records(start..end).into_iter().for_each(&mut look);
            start = end;
        }
    }

    /// Adds to what can be read.
    pub(crate) fn write(&self, contents: &Contents, change: impl FnOnce(&mut Tables)) {
        change(&mut contents.tables.write().unwrap_or_else(PoisonError::into_inner));
        self.changed();
    }

    fn changed(&self) {
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    fn contents(&self) -> Arc<Contents> {
        self.contents.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    pub(crate) fn add_blemishes(&self, file: &str, found: Blemishes) {
        let mut all = self.found();
        all.total += found.total;
        let kept = found.kept.into_iter();
        all.kept.extend(kept.map(|(line, what)| Blemish { file: file.to_owned(), line, what }));
    }

    pub(crate) fn add_blemish(&self, blemish: Blemish) {
        let mut all = self.found();
        all.total += 1;
        all.kept.push(blemish);
    }

    fn is_ready(&self) -> bool {
        self.progress.is_ready.load(Ordering::Acquire)
    }

    fn tables(&self) -> RwLockReadGuard<'_, Tables> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.blemishes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamps(found: &discover::Found) -> Seen {
    let stamp = |batch: &Batch| (batch.path().to_owned(), Stamp::of(&batch.file).ok());
    found.batches.iter().map(stamp).collect()
}
