//! The catalog: all batches of a collection, indexed while it is already being read.

use crate::batch::{Batch, relative};
use crate::blemish::{Blemish, Blemishes};
use crate::cache::Stamp;
use crate::full_text::{self, SearchState};
use crate::kept_join::{self, KeptJoin};
use crate::names::NameRule;
use crate::opening::{self, Opening};
use crate::record::Record;
use crate::search::Search;
use crate::table::{Model, Table};
use crate::{discover, work};
use goldstar_disk::Disk;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

/// Memory for words that are not written to the full-text index yet.
const SEARCH_HEAP_BYTES: usize = 320 << 20;

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
    /// The full-text index.
    pub search: SearchState,
    /// Bytes of texts in the full-text index, and of all texts.
    pub search_done: u64,
    /// See `search_done`.
    pub search_total: u64,
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
    pub(crate) search: Search,
    pub(crate) search_progress: full_text::Progress,
}

/// Files with their sizes and times.
type Seen = Vec<(String, Option<Stamp>)>;

/// What has been read of all batches.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) progress: Progress,
    table: RwLock<Table>,
    blemishes: Mutex<Found>,
    /// Entries in the join that is kept.
    kept_entries: AtomicU32,
}

/// Blemishes: of files and folders as such, of the full-text index, and of each batch.
#[derive(Debug, Default)]
struct Found {
    files: Vec<Blemish>,
    /// Of batches whose words are not in the full-text index.
    not_in_search: Vec<Blemish>,
    batches: BTreeMap<String, Blemishes>,
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
        let cache = root.join(".goldstar");
        Self {
            root: root.to_owned(),
            search: Search::new(&cache.join("search"), options.threads, SEARCH_HEAP_BYTES),
            search_progress: full_text::Progress::default(),
            cache,
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
        let contents = self.contents();
        // Both are read whole, to see that they are not damaged.
        let (join, openings) = std::thread::scope(|scope| {
            let join = scope.spawn(|| self.kept_join(&contents));
            let openings = self.open(&contents, found, &HashMap::new());
            (join.join().unwrap_or_default(), openings)
        });
        let table = join.and_then(|join| self.reopened(&contents, &join, &openings));
        self.fill(&contents, table.unwrap_or_default(), openings);
    }

    /// Looks whether batches have come, grown, changed or gone since they were read, and reads what
    /// is new. Until that is done the catalog stays as it was. `true` when something had changed.
    pub fn refresh(&self) -> bool {
        let found = discover::batches(&self.root, &self.cache);
        let now = stamps(&found);
        let old = self.contents();
        if !old.is_ready() || *self.seen() == now {
            return false;
        }
        let joined = std::mem::replace(&mut *self.seen(), now).into_iter();
        let joined = joined.filter_map(|(path, stamp)| Some((path, stamp?))).collect();
        let mut contents = Arc::new(Contents::default());
        let mut openings = self.open(&contents, found.clone(), &joined);
        let mut table = old.table().clone();
        if opening::continues(&table, &openings) {
            let carried = old.found().batches.clone();
            contents.found().batches = carried;
            contents
                .kept_entries
                .store(old.kept_entries.load(Ordering::Acquire), Ordering::Release);
        } else {
            // A batch was replaced or is gone: all are joined anew, from what is kept of them.
            table = Table::default();
            contents = Arc::new(Contents::default());
            openings = self.open(&contents, found, &HashMap::new());
        }
        self.fill(&contents, table, openings);
        *self.contents.write().unwrap_or_else(PoisonError::into_inner) = contents;
        self.changed();
        true
    }

    fn open(
        &self,
        contents: &Contents,
        found: discover::Found,
        joined: &HashMap<String, Stamp>,
    ) -> Vec<Opening> {
        for (file, what) in found.blemishes {
            contents.add_blemish(Blemish { file, line: None, what });
        }
        opening::open_all(self, contents, found.batches, joined)
    }

    /// The kept join, if there is one.
    fn kept_join(&self, contents: &Contents) -> Option<KeptJoin> {
        if !self.options.keep_index {
            return None;
        }
        let (join, is_damaged) = kept_join::open(&self.join_path());
        if is_damaged {
            let what = "the kept join was damaged; the records were joined again".to_owned();
            let file = relative(&self.join_path(), &self.root);
            contents.add_blemish(Blemish { file, line: None, what });
        }
        join
    }

    /// The table of the kept join, if it still fits.
    fn reopened(
        &self,
        contents: &Contents,
        join: &KeptJoin,
        openings: &[Opening],
    ) -> Option<Table> {
        let table = opening::reopened(join, openings)?;
        contents.kept_entries.store(table.entry_count(), Ordering::Release);
        Some(table)
    }

    fn fill(&self, contents: &Contents, table: Table, openings: Vec<Opening>) {
        let progress = &contents.progress;
        progress.batches.store(openings.len() as u64, Ordering::Release);
        let bytes = openings.iter().map(|opening| opening.stamp.bytes).sum();
        progress.bytes_total.store(bytes, Ordering::Release);
        self.write(contents, |place| *place = table);
        work::index(self, contents, openings);
        self.write(contents, |table| {
            table.settle();
            table.freeze();
        });
        progress.is_ready.store(true, Ordering::Release);
        self.changed();
        self.keep_join(contents);
    }

    /// Keeps the join when it has grown by more than a little since it was kept: the rest is joined
    /// in a moment when it is opened again. That it can't be kept costs time, not truth.
    fn keep_join(&self, contents: &Contents) {
        let entries = contents.table().entry_count();
        let kept = contents.kept_entries.load(Ordering::Acquire);
        if !self.options.keep_index || entries - kept.min(entries) <= entries / 50 {
            return;
        }
        let table = contents.table().clone();
        let Ok(join) = kept_join::save(&*self.disk, &self.join_path(), &table) else { return };
        contents.kept_entries.store(entries, Ordering::Release);
        let mut table = contents.table.write().unwrap_or_else(PoisonError::into_inner);
        join.lend_columns(&mut table);
    }

    fn join_path(&self) -> PathBuf {
        self.cache.join("index").join("join.bin")
    }

    /// How far it is.
    pub fn status(&self) -> Status {
        let load = |number: &AtomicU64| number.load(Ordering::Acquire);
        let contents = self.contents();
        let is_ready = contents.is_ready();
        let revision = load(&self.revision);
        let table = contents.table();
        let (search, search_done, search_total) = self.search_status();
        Status {
            search,
            search_done,
            search_total,
            is_ready,
            records: u64::from(table.row_count()),
            outputs: table.outputs,
            requests: table.requests,
            unanswered: if is_ready { table.unanswered() } else { 0 },
            batches: load(&contents.progress.batches),
            bytes_done: load(&contents.progress.bytes_done),
            bytes_total: load(&contents.progress.bytes_total),
            reused: load(&contents.progress.reused),
            blemishes: contents.found().total(),
            revision,
        }
    }

    /// The models in order of their columns.
    pub fn models(&self) -> Vec<Model> {
        self.contents().table().models.clone()
    }

    /// What could not be read: how many in all, and the first of each batch.
    pub fn blemishes(&self) -> (u64, Vec<Blemish>) {
        let contents = self.contents();
        let found = contents.found();
        let mut all = [&found.files[..], &found.not_in_search].concat();
        for (file, blemishes) in &found.batches {
            let kept = blemishes.kept.iter().cloned();
            all.extend(kept.map(|(line, what)| Blemish { file: file.clone(), line, what }));
        }
        (found.total(), all)
    }

    /// How many records there are now.
    pub fn row_count(&self) -> u32 {
        self.snapshot().row_count()
    }

    /// The record under a `custom_id`, if it has an output.
    pub fn record(&self, custom_id: &str) -> Option<Record> {
        self.snapshot().record(custom_id)
    }

    /// The records in these rows; a row that is not there is passed over.
    pub fn records(&self, rows: impl IntoIterator<Item = u32>) -> Vec<Record> {
        self.snapshot().records(rows)
    }

    /// Grows with every change of what can be read.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// A cache that was damaged and is made anew.
    pub(crate) fn note_damage(&self, what: Option<String>) {
        let Some(what) = what else { return };
        let file = relative(&self.cache.join("search"), &self.root);
        let what = format!("the search index was damaged and is built again: {what}");
        self.contents().add_blemish(Blemish { file, line: None, what });
    }

    /// Adds to what can be read.
    pub(crate) fn write(&self, contents: &Contents, change: impl FnOnce(&mut Table)) {
        change(&mut contents.table.write().unwrap_or_else(PoisonError::into_inner));
        if std::ptr::eq(&*self.contents(), contents) {
            self.changed();
        }
    }

    fn changed(&self) {
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn contents(&self) -> Arc<Contents> {
        self.contents.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    pub(crate) fn set_blemishes(&self, path: &str, found: Blemishes) {
        self.found().batches.insert(path.to_owned(), found);
    }

    pub(crate) fn add_blemish(&self, blemish: Blemish) {
        self.found().files.push(blemish);
    }

    /// Batches that could not be put into the full-text index, and why. Those of an earlier build
    /// are forgotten.
    pub(crate) fn note_not_in_search(&self, failed: Vec<(String, String)>) {
        let blemish = |(file, what)| {
            let what = format!("its words are looked for in the texts, not in the index: {what}");
            Blemish { file, line: None, what }
        };
        self.found().not_in_search = failed.into_iter().map(blemish).collect();
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.progress.is_ready.load(Ordering::Acquire)
    }

    pub(crate) fn table(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.blemishes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Found {
    fn total(&self) -> u64 {
        let of_files = self.files.len() + self.not_in_search.len();
        of_files as u64 + self.batches.values().map(|found| found.total).sum::<u64>()
    }
}

impl Progress {
    /// A batch of so many bytes was not read again.
    pub(crate) fn add_reused(&self, bytes: u64) {
        self.reused.fetch_add(1, Ordering::AcqRel);
        self.bytes_done.fetch_add(bytes, Ordering::AcqRel);
    }
}

fn stamps(found: &discover::Found) -> Seen {
    let stamp = |batch: &Arc<Batch>| (batch.path().to_owned(), Stamp::of(&batch.file).ok());
    found.batches.iter().map(stamp).collect()
}
