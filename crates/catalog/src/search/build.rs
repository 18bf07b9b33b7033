//! Bringing the index up to date: what is gone is taken out, what is new is put in.
//!
//! It goes in rounds. In a round each thread takes pieces of text and collects their words until
//! its memory is used up, and writes them as one part of the index; when all have, everything is
//! put in place together with the list of batches. What is stopped in a round is as if the round
//! had not begun.

use super::index::{BATCH, Known, List, PLACE, Unheld, place};
use super::merging::BySize;
use super::source::{Document, Wanted};
use super::{Field, Search, SearchError};
use crate::parallel::map_in_parallel;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, DirectoryLock, Lock, MmapDirectory};
use tantivy::index::SegmentMeta;
use tantivy::indexer::{AddOperation, IndexWriterOptions, SegmentWriter};
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

/// Who builds holds this lock of the folder, beside the engine's own.
const LOCK: &str = ".building.lock";
/// What the engine wants at least for a thread; its own thread gets no documents from us.
const ENGINE_BYTES: usize = 15 << 20;
const STOP_LOOK: Duration = Duration::from_millis(50);

/// What came of building.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// What was wrong with the index that was there; it was made anew.
    pub(crate) dropped: Option<String>,
    /// Batches that could not be read, and why; none of their rows are in.
    pub(crate) failed: Vec<(String, String)>,
    /// Whether all that was wanted and could be read is in.
    pub(crate) is_finished: bool,
}

impl Search {
    /// Brings the index up to these batches. Takes long; what has been put in place can be asked
    /// meanwhile. `progress` is told how many bytes of the batches' text are in; when `stop` says
    /// so, it ends soon, and the next build goes on from what was put in place.
    pub(crate) fn build(
        &self,
        wanted: &[Wanted<'_>],
        progress: &(dyn Fn(u64) + Sync),
        stop: &AtomicBool,
    ) -> Result<Built, SearchError> {
        let _one = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        let dropped = self.check();
        let lock = self.lock()?;
        let index = match dropped.is_none().then(|| self.open()) {
            Some(Ok(index)) => index,
            Some(Err(Unheld::Nothing)) => self.create().map_err(|error| self.error(error))?,
            Some(Err(Unheld::Damaged(_))) | None => {
                self.clear().map_err(|error| self.error(error))?;
                self.create().map_err(|error| self.error(error))?
            }
        };
        let held = self.held();
        let list = held.map(|held| held.list.clone()).unwrap_or_default();
        let mut build =
            Build::new(self, &index, wanted, list).map_err(|error| self.error(error))?;
        let whole = build.run(progress, stop).map_err(|error| self.error(error))?;
        let is_finished = whole && finish(build.writer, lock, stop);
        self.reload(&index)?;
        Ok(Built { dropped, failed: build.failed, is_finished })
    }

    fn lock(&self) -> Result<DirectoryLock, SearchError> {
        make_folder(&self.folder).map_err(|error| self.error(error))?;
        let directory = MmapDirectory::open(&self.folder).map_err(|error| self.error(error))?;
        let lock = Lock { filepath: LOCK.into(), is_blocking: false };
        match directory.acquire_lock(&lock) {
            Ok(lock) => Ok(lock),
            Err(LockError::LockBusy) => Err(SearchError::Busy(self.folder.clone())),
            Err(error) => Err(self.error(error)),
        }
    }

    /// Takes all files out of the folder but the locks.
    fn clear(&self) -> Result<(), Box<dyn std::error::Error>> {
        let directory = MmapDirectory::open(&self.folder)?;
        for file in std::fs::read_dir(&self.folder)? {
            let file = file?;
            if file.file_type()?.is_file()
                && file.path().extension().is_none_or(|end| end != "lock")
            {
                directory.delete(file.file_name().as_ref())?;
            }
        }
        Ok(())
    }

    fn reload(&self, index: &Index) -> Result<(), SearchError> {
        match self.load(index, true) {
            Ok(held) => {
                self.hold(Some(held));
                Ok(())
            }
            Err(Unheld::Nothing) => Ok(()),
            Err(Unheld::Damaged(what)) => {
                self.hold(None);
                Err(self.error(what))
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the engine writes below this folder itself: a cache"
)]
fn make_folder(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Waits until parts of the index have been merged, or until it is time to stop; then the merging
/// ends by itself, and nobody else builds before.
fn finish(writer: IndexWriter, lock: DirectoryLock, stop: &AtomicBool) -> bool {
    let (send, merged) = channel();
    std::thread::spawn(move || {
        let result = writer.wait_merging_threads();
        drop(lock);
        send.send(result.is_ok()).ok();
    });
    loop {
        match merged.recv_timeout(STOP_LOOK) {
            Ok(merged) => return merged,
            Err(RecvTimeoutError::Timeout) if !stop.load(Ordering::Acquire) => {}
            Err(_) => return false,
        }
    }
}

/// A build on its way.
struct Build<'a, 'w> {
    search: &'a Search,
    index: &'a Index,
    writer: IndexWriter,
    wanted: &'a [Wanted<'w>],
    list: List,
    /// Batches with rows to be put in: where each stands among the wanted, its number, its next
    /// row. The last is next.
    open: Vec<Open>,
    failed: Vec<(String, String)>,
    /// Something was taken out.
    is_changed: bool,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    wanted: usize,
    number: u32,
    row: u32,
}

impl<'a, 'w> Build<'a, 'w> {
    fn new(
        search: &'a Search,
        index: &'a Index,
        wanted: &'a [Wanted<'w>],
        mut list: List,
    ) -> tantivy::Result<Self> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(ENGINE_BYTES)
            .num_merge_threads(1)
            .build();
        let writer = index.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(BySize));
        let by_path: HashMap<&str, &Wanted<'_>> =
            wanted.iter().map(|batch| (batch.batch.path(), batch)).collect();
        let stays = |known: &Known| {
            let batch = by_path.get(&*known.path);
            batch.is_some_and(|now| now.origin == known.origin && now.rows >= known.rows)
        };
        let before = list.batches.len();
        list.batches.retain(|known| {
            let stays = stays(known);
            if !stays {
                writer.delete_term(Term::from_field_u64(BATCH, known.number.into()));
            }
            stays
        });
        let is_changed = list.batches.len() < before;
        let known: HashMap<&str, (u32, u32)> =
            list.batches.iter().map(|known| (&*known.path, (known.number, known.rows))).collect();
        let mut open = Vec::new();
        for (at, batch) in wanted.iter().enumerate() {
            let (number, row) = match known.get(batch.batch.path()) {
                Some(known) => *known,
                None => {
                    list.next += 1;
                    (list.next - 1, 0)
                }
            };
            if row < batch.rows {
                open.push(Open { wanted: at, number, row });
            }
        }
        open.reverse();
        let failed = Vec::new();
        Ok(Self { search, index, writer, wanted, list, open, failed, is_changed })
    }

    /// Whether it came to the end.
    fn run(&mut self, progress: &(dyn Fn(u64) + Sync), stop: &AtomicBool) -> tantivy::Result<bool> {
        let bytes_done: u64 = self.wanted.iter().map(|batch| batch.bytes_before(batch.rows)).sum();
        let left = |open: &Open| {
            let batch = &self.wanted[open.wanted];
            batch.bytes_before(batch.rows) - batch.bytes_before(open.row)
        };
        let done = AtomicU64::new(bytes_done - self.open.iter().map(left).sum::<u64>());
        progress(done.load(Ordering::Acquire));
        loop {
            let round = Round {
                search: self.search,
                index: self.index,
                wanted: self.wanted,
                open: Mutex::new(self.open.clone()),
                failed: Mutex::default(),
                progress,
                done: &done,
                stop,
            };
            let segments = round.run()?;
            let Round { failed, open, .. } = round;
            let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
            let open = open.into_inner().unwrap_or_else(PoisonError::into_inner);
            if stop.load(Ordering::Acquire) {
                return Ok(false);
            }
            let is_changed = std::mem::take(&mut self.is_changed);
            if !segments.is_empty() || is_changed {
                self.commit(&segments, &open, failed)?;
            }
            self.open = open;
            if self.open.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Puts in place what a round made.
    fn commit(
        &mut self,
        segments: &[SegmentMeta],
        open: &[Open],
        failed: BTreeMap<usize, String>,
    ) -> tantivy::Result<()> {
        for segment in segments {
            self.writer.add_segment(segment.clone())?;
        }
        for before in std::mem::take(&mut self.open) {
            let batch = &self.wanted[before.wanted];
            let path = batch.batch.path();
            self.list.batches.retain(|known| known.number != before.number);
            if let Some(what) = failed.get(&before.wanted) {
                self.writer.delete_term(Term::from_field_u64(BATCH, before.number.into()));
                self.failed.push((path.to_owned(), what.clone()));
                continue;
            }
            let now = open.iter().find(|open| open.number == before.number);
            let rows = now.map_or(batch.rows, |open| open.row);
            let (number, path, origin) = (before.number, path.to_owned(), batch.origin);
            self.list.batches.push(Known { number, path, origin, rows });
        }
        self.list.batches.sort_by_key(|known| known.number);
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&self.list.write());
        commit.commit()?;
        // A part that was merged meanwhile is not wrong, only in two places for a moment: the next
        // look sees it. That it can't be read is found by the last look, which is told.
        self.search.reload(self.index).ok();
        Ok(())
    }
}

/// One round of a build.
struct Round<'a, 'w> {
    search: &'a Search,
    index: &'a Index,
    wanted: &'a [Wanted<'w>],
    open: Mutex<Vec<Open>>,
    /// Batches that can't be read, by their place among the wanted.
    failed: Mutex<BTreeMap<usize, String>>,
    progress: &'a (dyn Fn(u64) + Sync),
    done: &'a AtomicU64,
    stop: &'a AtomicBool,
}

impl Round<'_, '_> {
    /// The parts that the threads made; some made none.
    fn run(&self) -> tantivy::Result<Vec<SegmentMeta>> {
        let threads: Vec<usize> = (0..self.search.threads).collect();
        let made = map_in_parallel(&threads, threads.len(), |_| self.part());
        let made: Vec<_> = made.into_iter().collect::<tantivy::Result<_>>()?;
        Ok(made.into_iter().flatten().collect())
    }

    /// Takes pieces of text until the memory of a thread is used up.
    fn part(&self) -> tantivy::Result<Option<SegmentMeta>> {
        let Search { threads, heap_bytes, .. } = self.search;
        let budget = heap_bytes / threads;
        let mut bytes = Vec::new();
        let mut part = None;
        while !self.stop.load(Ordering::Acquire) {
            let Some((piece, rows)) = self.next_piece() else { break };
            let (_, writer) = match &mut part {
                Some(part) => part,
                none => {
                    let segment = self.index.new_segment();
                    none.insert((segment.clone(), SegmentWriter::for_segment(budget, segment)?))
                }
            };
            let wanted = &self.wanted[piece.wanted];
            let length = wanted.bytes_before(rows.end) - wanted.bytes_before(rows.start);
            let read = wanted.documents(rows, &mut bytes, |document| {
                let document = document_of(piece.number, &document);
                writer.add_document(AddOperation { opstamp: 0, document })
            });
            match read {
                Ok(added) => added?,
                Err(what) => self.fail(piece, what),
            }
            let done = self.done.fetch_add(length, Ordering::AcqRel) + length;
            (self.progress)(done);
            if writer.mem_usage() >= budget {
                break;
            }
        }
        if self.stop.load(Ordering::Acquire) {
            return Ok(None);
        }
        let Some((segment, writer)) = part else { return Ok(None) };
        let docs = writer.max_doc();
        if docs == 0 {
            return Ok(None);
        }
        writer.finalize()?;
        let segment = segment.with_max_doc(docs);
        segment.meta().untrack_temp_docstore();
        Ok(Some(segment.meta().clone()))
    }

    fn next_piece(&self) -> Option<(Open, Range<u32>)> {
        let mut all = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = all.last_mut()?;
        let (batch, now) = (&self.wanted[open.wanted], *open);
        let rows = batch.piece_from(open.row);
        open.row = rows.end;
        if open.row == batch.rows {
            all.pop();
        }
        Some((now, rows))
    }

    fn fail(&self, piece: Open, what: String) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|open| open.number != piece.number);
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.entry(piece.wanted).or_insert(what);
    }
}

fn document_of(batch: u32, document: &Document<'_>) -> TantivyDocument {
    let mut made = TantivyDocument::new();
    let texts = [
        (Field::Text, Some(document.text)),
        (Field::Prompt, document.prompt),
        (Field::Name, document.name),
        (Field::Id, Some(document.id)),
    ];
    for (field, text) in texts {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            made.add_text(field.column(), text);
        }
    }
    made.add_u64(BATCH, batch.into());
    made.add_u64(PLACE, place(batch, document.row));
    made
}
