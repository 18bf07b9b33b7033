//! Indexing all batches on all cores: workers take the next piece of text, whatever its batch, and
//! one thread joins what they made in the order of the text, so that the result never depends on
//! which worker was faster.

use crate::batch::Batch;
use crate::blemish::{Blemish, Blemishes};
use crate::cache::{self, About, Index, Stamp};
use crate::catalog::{Catalog, Contents};
use crate::chunks::{Chunk, Chunks};
use crate::columns::Columns;
use crate::fast;
use crate::index::{Codes, Indexed, Indexer, Unfinished};
use crate::opening::{Opened, Opening};
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Finished pieces that may wait to be joined.
const WAITING_MAX: usize = 16;

/// Indexes the batches and joins them into `contents`, which may be read meanwhile.
pub(crate) fn index(catalog: &Catalog, contents: &Contents, openings: Vec<Opening>) {
    let source = Mutex::new(Source {
        catalog,
        contents,
        openings: openings.into_iter(),
        open: None,
        number: 0,
    });
    let (send, receive) = sync_channel(WAITING_MAX);
    std::thread::scope(|scope| {
        for _ in 0..catalog.options.threads.max(1) {
            let (send, source) = (send.clone(), &source);
            scope.spawn(move || {
                let mut worker = Worker::default();
                loop {
                    let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
                    let Some((number, piece)) = source.next(&mut worker.buffer) else { break };
                    drop(source);
                    if send.send((number, worker.done(catalog, contents, piece))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        join(catalog, contents, receive);
    });
}

/// A piece of work, in the order of the text.
enum Piece {
    /// A batch begins; perhaps with an index that was kept.
    Open(Arc<Job>, Option<Box<Index>>),
    /// Some of its lines.
    Lines(Arc<Job>, Chunk),
    /// A whole JSON document.
    Document(Arc<Job>, Vec<u8>),
    /// The batch is read to its end; what went wrong in reading it.
    Close(Arc<Job>, Blemishes),
}

/// A batch being indexed.
struct Job {
    batch: Arc<Batch>,
    stamp: Stamp,
    origin: u64,
    models: Arc<Codes>,
    finishes: Arc<Codes>,
    /// Text bytes and lines that were read; known when the last piece has been handed out.
    read_bytes: AtomicU64,
    read_lines: AtomicU64,
    /// The kept index was good as it was.
    is_reused: AtomicBool,
    /// The disk failed before its end: what was read is shown, and not kept.
    is_cut: AtomicBool,
}

impl Job {
    fn indexer<'a>(&'a self, catalog: &'a Catalog, memory: &'a mut fast::Memory) -> Indexer<'a> {
        Indexer::new(&self.batch, &catalog.options.names, &self.models, &self.finishes, memory)
    }
}

/// Hands out pieces of all batches, one after the other.
struct Source<'a> {
    catalog: &'a Catalog,
    contents: &'a Contents,
    openings: std::vec::IntoIter<Opening>,
    open: Option<(Arc<Job>, Option<Chunks>)>,
    number: u64,
}

impl Source<'_> {
    /// The next piece; its text comes in `buffer`.
    fn next(&mut self, buffer: &mut Vec<u8>) -> Option<(u64, Piece)> {
        let piece = match self.open.take() {
            Some((job, Some(mut chunks))) => match chunks.next_chunk(buffer) {
                Some(chunk) => {
                    let piece = Piece::Lines(job.clone(), chunk);
                    self.open = Some((job, Some(chunks)));
                    piece
                }
                None => {
                    let (bytes, lines) = chunks.position();
                    job.read_bytes.store(bytes, Ordering::Release);
                    job.read_lines.store(lines - 1, Ordering::Release);
                    job.is_cut.store(chunks.is_cut, Ordering::Release);
                    Piece::Close(job, chunks.blemishes)
                }
            },
            Some((job, None)) => self.document(job),
            None => self.open_next()?,
        };
        self.number += 1;
        Some((self.number - 1, piece))
    }

    /// Opens the next batch that can be opened.
    fn open_next(&mut self) -> Option<Piece> {
        loop {
            let opening = self.openings.next()?;
            if matches!(opening.state, Opened::Joined) {
                self.contents.progress.add_reused(opening.stamp.bytes);
                continue;
            }
            let file = opening.batch.path.clone();
            match self.open_batch(opening) {
                Ok(piece) => return Some(piece),
                Err(error) => {
                    let what = format!("cannot be read: {error}");
                    self.contents.add_blemish(Blemish { file, line: None, what });
                }
            }
        }
    }

    fn open_batch(&mut self, opening: Opening) -> io::Result<Piece> {
        let Catalog { options, disk, .. } = self.catalog;
        let origin = opening.origin(&options.names.fingerprint());
        let Opening { batch, stamp, state } = opening;
        let is_reused = matches!(state, Opened::Whole(_));
        let kept = match state {
            Opened::Whole(index) | Opened::Grown(index) => Some(index),
            Opened::Joined | Opened::New => None,
        };
        let about = kept.as_ref().map(|kept| &kept.about);
        let (bytes, lines) = about.map_or((0, 0), |about| (about.text_bytes, about.lines));
        let chunks = if batch.is_document || is_reused {
            None
        } else {
            Some(batch.chunks(&**disk, bytes, lines + 1, options.line_bytes_max)?)
        };
        let codes = |names: fn(&About) -> &Vec<Arc<str>>| {
            Arc::new(Codes::from_names(about.map(|about| names(about).clone()).unwrap_or_default()))
        };
        let job = Arc::new(Job {
            stamp,
            origin,
            models: codes(|about| &about.models),
            finishes: codes(|about| &about.finishes),
            read_bytes: AtomicU64::new(bytes),
            read_lines: AtomicU64::new(lines),
            is_reused: AtomicBool::new(is_reused),
            is_cut: AtomicBool::new(false),
            batch,
        });
        self.open = Some((job.clone(), chunks));
        Ok(Piece::Open(job, kept.map(Box::new)))
    }

    /// The next piece of a batch that is not read by lines.
    fn document(&mut self, job: Arc<Job>) -> Piece {
        let is_read = job.read_bytes.load(Ordering::Acquire) > 0;
        if is_read || job.is_reused.load(Ordering::Acquire) {
            return Piece::Close(job, Blemishes::default());
        }
        let read = match std::fs::read(&job.batch.file) {
            Ok(bytes) if bytes.is_empty() => Err("an empty file".to_owned()),
            Ok(bytes) => Ok(bytes),
            Err(error) => {
                job.is_cut.store(true, Ordering::Release);
                Err(format!("cannot be read: {error}"))
            }
        };
        match read {
            Ok(bytes) => {
                job.read_bytes.store(bytes.len() as u64, Ordering::Release);
                self.open = Some((job.clone(), None));
                Piece::Document(job, bytes)
            }
            Err(what) => {
                let mut blemishes = Blemishes::default();
                blemishes.add(None, what);
                Piece::Close(job, blemishes)
            }
        }
    }
}

/// A piece of work that is done.
enum Done {
    Open(Arc<Job>, Option<Box<Index>>),
    Rows(Box<Indexed>),
    Close(Arc<Job>, Blemishes),
}

/// What a worker keeps from piece to piece.
#[derive(Default)]
struct Worker {
    buffer: Vec<u8>,
    memory: fast::Memory,
}

impl Worker {
    /// Does a piece of work.
    fn done(&mut self, catalog: &Catalog, contents: &Contents, piece: Piece) -> Done {
        let memory = &mut self.memory;
        match piece {
            Piece::Open(job, index) => Done::Open(job, index),
            Piece::Lines(job, chunk) => {
                let indexed = job.indexer(catalog, memory).lines(&chunk);
                if job.batch.packing == crate::batch::Packing::Plain {
                    let bytes = chunk.bytes.len() as u64;
                    contents.progress.bytes_done.fetch_add(bytes, Ordering::AcqRel);
                }
                self.buffer = chunk.bytes;
                Done::Rows(Box::new(indexed))
            }
            Piece::Document(job, bytes) => {
                let as_document = job.indexer(catalog, memory).document(&bytes);
                Done::Rows(Box::new(as_document.unwrap_or_else(|| {
                    // Some tools write lines under this name.
                    job.indexer(catalog, memory).lines(&Chunk::new(bytes, 0, 1))
                })))
            }
            Piece::Close(job, blemishes) => Done::Close(job, blemishes),
        }
    }
}

/// Joins finished pieces in their order, whatever the order in which they come.
fn join(catalog: &Catalog, contents: &Contents, receive: Receiver<(u64, Done)>) {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    let mut joined = Joined::default();
    for (number, done) in receive {
        waiting.insert(number, done);
        while let Some(done) = waiting.remove(&next) {
            next += 1;
            joined.take(catalog, contents, done);
        }
    }
}

/// What has been joined of the batch that is open.
#[derive(Default)]
struct Joined {
    /// Its number in the table.
    batch: usize,
    pieces: Vec<Columns>,
    blemishes: Blemishes,
    unfinished: Option<Unfinished>,
}

impl Joined {
    fn take(&mut self, catalog: &Catalog, contents: &Contents, done: Done) {
        match done {
            Done::Open(job, index) => self.open(catalog, contents, &job, index),
            Done::Rows(indexed) => {
                self.blemishes.extend(indexed.blemishes);
                self.unfinished = indexed.unfinished;
                let (batch, columns) = (self.batch, indexed.columns);
                self.pieces.push(columns.clone());
                catalog.write(contents, |table| table.join(batch, columns, 0));
            }
            Done::Close(job, blemishes) => {
                self.blemishes.extend(blemishes);
                self.close(catalog, contents, &job);
            }
        }
    }

    fn open(
        &mut self,
        catalog: &Catalog,
        contents: &Contents,
        job: &Job,
        index: Option<Box<Index>>,
    ) {
        *self = Self::default();
        let (batch, models) = (job.batch.clone(), job.models.clone());
        catalog.write(contents, |table| {
            self.batch = table.open_batch(batch, job.origin, models, job.finishes.clone());
            let Some(index) = index else { return };
            self.blemishes = index.about.blemishes();
            self.pieces.push(index.columns.clone());
            if !job.is_reused.load(Ordering::Acquire) {
                let bytes = index.about.text_bytes;
                contents.progress.bytes_done.fetch_add(bytes, Ordering::AcqRel);
            }
            let joined = table.batches[self.batch].rows;
            table.join(self.batch, index.columns, joined);
        });
    }

    fn close(&mut self, catalog: &Catalog, contents: &Contents, job: &Job) {
        let progress = &contents.progress;
        if job.is_reused.load(Ordering::Acquire) {
            progress.add_reused(job.stamp.bytes);
        } else {
            if job.batch.is_document || job.batch.packing != crate::batch::Packing::Plain {
                progress.bytes_done.fetch_add(job.stamp.bytes, Ordering::AcqRel);
            }
            let columns = self.whole(catalog, job);
            catalog.write(contents, |table| table.whole(self.batch, &columns));
        }
        // Not kept with the index: the line is read again when the batch is opened again.
        if let Some(Unfinished { line, what, .. }) = self.unfinished.take() {
            self.blemishes.add(Some(line), what);
        }
        contents.set_blemishes(&job.batch.path, std::mem::take(&mut self.blemishes));
        self.pieces.clear();
    }

    /// The columns of the whole batch: mapped from its kept index, so that they take no memory of
    /// our own. That it can't be kept (no right to write here) costs memory and time, not truth.
    fn whole(&self, catalog: &Catalog, job: &Job) -> Columns {
        let columns = Columns::concat(&self.pieces);
        if !catalog.options.keep_index || job.is_cut.load(Ordering::Acquire) {
            return columns;
        }
        let read_bytes = job.read_bytes.load(Ordering::Acquire);
        let text_bytes = self.unfinished.as_ref().map_or(read_bytes, |line| line.offset);
        let about = About {
            path: job.batch.path.clone(),
            stamp: job.stamp.clone(),
            origin: job.origin,
            names: catalog.options.names.fingerprint(),
            models: job.models.names(),
            finishes: job.finishes.names(),
            text_bytes,
            lines: job.read_lines.load(Ordering::Acquire),
            tail: cache::tail_hash(&job.batch.file, text_bytes).unwrap_or_default(),
            blemish_count: self.blemishes.total,
            blemishes: self.blemishes.kept.clone(),
        };
        let path = job.batch.index_path(&catalog.cache);
        let index = Index { about, columns };
        cache::save(&*catalog.disk, &path, &index).map_or(index.columns, |kept| kept.columns)
    }
}
