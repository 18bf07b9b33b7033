//! The demo collection: invented evaluations of invented people, and the truth about them.

mod evaluation;
mod grammar;
mod lines;
mod models;
mod people;
mod planted;
mod rng;
#[cfg(test)]
mod tests;
mod voice;

use lines::{Cell, World};
use planted::AGAIN_EVERY;
use rng::{Rng, Stream};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use voice::Voice;

/// What to make. The same records, models and seed give the same bytes, whatever the threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How many candidates there are.
    pub(crate) records: u64,
    /// How many models evaluated each of them.
    pub(crate) models: usize,
    /// What all choices depend on.
    pub(crate) seed: u64,
    /// How many files are made at the same time.
    pub(crate) threads: usize,
}

/// Where the files go.
pub(crate) trait Sink: Sync {
    /// Opens a file to be written from its start; `relative` has `/` between its parts.
    fn file(&self, relative: &str) -> io::Result<Box<dyn Write + Send>>;
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Made {
    /// Candidates.
    pub(crate) records: u64,
    /// Lines of results, second attempts included.
    pub(crate) outputs: u64,
    /// Files, the truth included.
    pub(crate) files: u64,
    /// Bytes in all files.
    pub(crate) bytes: u64,
}

/// How many lines a batch has at most.
const BATCH: u64 = 50_000;

/// How many results run at once, so how far completion order strays from the order of requests.
const WINDOW: usize = 64;

/// How many bytes are handed to a file at a time.
const CHUNK: usize = 1 << 20;

/// After how many results progress is reported.
const REPORT: u64 = 1_000;

impl Plan {
    /// How many outputs there will be: the end that `progress` counts towards.
    pub(crate) fn outputs(&self) -> u64 {
        self.models as u64 * (self.records + self.records / AGAIN_EVERY)
    }
}

/// Writes the collection that `plan` describes, file by file; `progress` hears from any thread how
/// many outputs are done. The first error of the sink ends the work and is returned.
pub(crate) fn make(
    plan: &Plan,
    sink: &dyn Sink,
    progress: &(dyn Fn(u64) + Sync),
) -> io::Result<Made> {
    let world = World::new(plan.seed, plan.records, plan.models);
    let sheets = sheets(plan);
    let desk = Desk {
        world: &world,
        sheets: &sheets,
        sink,
        progress,
        next: AtomicUsize::new(0),
        done: AtomicU64::new(0),
        failed: AtomicBool::new(false),
    };
    let threads = plan.threads.clamp(1, sheets.len());
    let parts: Vec<_> = thread::scope(|scope| {
        let hands: Vec<_> = (0..threads).map(|_| scope.spawn(|| desk.work())).collect();
        let join = |hand: thread::ScopedJoinHandle<'_, io::Result<Made>>| {
            hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        hands.into_iter().map(join).collect()
    });
    let mut made = Made { records: plan.records, ..Made::default() };
    for part in parts {
        let part = part?;
        made.outputs += part.outputs;
        made.files += part.files;
        made.bytes += part.bytes;
    }
    progress(made.outputs);
    Ok(made)
}

/// One file to be made.
#[derive(Clone, Copy, Debug)]
enum Sheet {
    Truth,
    Batch { model: usize, number: u64, lines: Lines, results: bool },
}

/// The lines of a batch: records from `first` on, or the records asked again of blocks from
/// `first`.
#[derive(Clone, Copy, Debug)]
struct Lines {
    first: u64,
    count: u64,
    again: bool,
}

/// Lists the files, the longest work first.
fn sheets(plan: &Plan) -> Vec<Sheet> {
    let mut sheets = vec![Sheet::Truth];
    for results in [true, false] {
        for model in 0..plan.models {
            let first_runs = batches(plan.records, false);
            let lines = first_runs.chain(batches(plan.records / AGAIN_EVERY, true));
            let numbered = (0..).zip(lines);
            sheets.extend(numbered.map(|(number, lines)| Sheet::Batch {
                model,
                number,
                lines,
                results,
            }));
        }
    }
    sheets
}

fn batches(lines: u64, again: bool) -> impl Iterator<Item = Lines> {
    (0..lines.div_ceil(BATCH)).map(move |batch| {
        let first = batch * BATCH;
        Lines { first, count: BATCH.min(lines - first), again }
    })
}

/// What the threads share while they take one sheet after another.
struct Desk<'a> {
    world: &'a World,
    sheets: &'a [Sheet],
    sink: &'a dyn Sink,
    progress: &'a (dyn Fn(u64) + Sync),
    next: AtomicUsize,
    done: AtomicU64,
    failed: AtomicBool,
}

impl Desk<'_> {
    fn work(&self) -> io::Result<Made> {
        let mut made = Made::default();
        let mut voice = Voice::new(&self.world.grammar);
        let mut buffer = Vec::with_capacity(CHUNK + (CHUNK >> 4));
        while !self.failed.load(Ordering::Relaxed)
            && let Some(sheet) = self.sheets.get(self.next.fetch_add(1, Ordering::Relaxed))
        {
            let written = self.write(*sheet, &mut voice, &mut buffer);
            let (outputs, bytes) =
                written.inspect_err(|_| self.failed.store(true, Ordering::Relaxed))?;
            made.files += 1;
            made.outputs += outputs;
            made.bytes += bytes;
        }
        Ok(made)
    }

    /// Writes one file and says how many outputs and bytes it has.
    fn write(
        &self,
        sheet: Sheet,
        voice: &mut Voice<'_>,
        buffer: &mut Vec<u8>,
    ) -> io::Result<(u64, u64)> {
        let mut page = Page { file: self.sink.file(&self.path(sheet))?, buffer, bytes: 0 };
        page.buffer.clear();
        let mut outputs = 0;
        match sheet {
            Sheet::Truth => self.truth(voice, &mut page)?,
            Sheet::Batch { model, lines, results: false, .. } => {
                for place in 0..lines.count {
                    self.world.request(self.cell(model, lines, place), voice, page.buffer);
                    page.flush_above(CHUNK)?;
                }
            }
            Sheet::Batch { model, number, lines, results: true } => {
                let luck = Rng::new(self.world.planted.seed, Stream::Order, model as u64, number);
                for place in CompletionOrder::new(lines.count, luck) {
                    self.world.result(self.cell(model, lines, place), voice, page.buffer);
                    page.flush_above(CHUNK)?;
                    outputs += 1;
                    let done = 1 + self.done.fetch_add(1, Ordering::Relaxed);
                    if done.is_multiple_of(REPORT) {
                        (self.progress)(done);
                    }
                }
            }
        }
        page.flush_above(0)?;
        page.file.flush()?;
        Ok((outputs, page.bytes))
    }

    fn truth(&self, voice: &mut Voice<'_>, page: &mut Page<'_>) -> io::Result<()> {
        let planted = &self.world.planted;
        let mut again = Vec::new();
        for record in 0..planted.records {
            if record.is_multiple_of(AGAIN_EVERY) {
                let block = record / AGAIN_EVERY;
                again.clear();
                if block < planted.again_count() {
                    let models = 0..self.world.models.len();
                    again.extend(models.map(|model| planted.again(model, block)));
                }
            }
            self.world.truth(record, &again, voice, page.buffer);
            page.flush_above(CHUNK)?;
        }
        Ok(())
    }

    fn cell(&self, model: usize, lines: Lines, place: u64) -> Cell {
        let line = lines.first + place;
        let record = if lines.again { self.world.planted.again(model, line) } else { line };
        Cell { model, record, again: lines.again }
    }

    fn path(&self, sheet: Sheet) -> String {
        match sheet {
            Sheet::Truth => "truth.jsonl".to_owned(),
            Sheet::Batch { model, number, results, .. } => {
                let folder = if results { "output" } else { "input" };
                let name = &self.world.models[model].served;
                format!("batches/{folder}/{name}_batch_{number:03}.jsonl")
            }
        }
    }
}

/// A file being written, a chunk at a time.
struct Page<'a> {
    file: Box<dyn Write + Send>,
    buffer: &'a mut Vec<u8>,
    bytes: u64,
}

impl Page<'_> {
    fn flush_above(&mut self, size: usize) -> io::Result<()> {
        if self.buffer.len() > size {
            self.file.write_all(self.buffer)?;
            self.bytes += self.buffer.len() as u64;
            self.buffer.clear();
        }
        Ok(())
    }
}

/// Places 0 to `count` as an engine finishes them that works on `WINDOW` at once.
struct CompletionOrder {
    running: Vec<u64>,
    waiting: std::ops::Range<u64>,
    luck: Rng,
}

impl CompletionOrder {
    fn new(count: u64, luck: Rng) -> Self {
        let started = count.min(WINDOW as u64);
        Self { running: (0..started).collect(), waiting: started..count, luck }
    }
}

impl Iterator for CompletionOrder {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if self.running.is_empty() {
            return None;
        }
        let finished = self.luck.below(self.running.len());
        match self.waiting.next() {
            Some(started) => Some(std::mem::replace(&mut self.running[finished], started)),
            None => Some(self.running.swap_remove(finished)),
        }
    }
}
