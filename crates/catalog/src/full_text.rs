//! The full-text index put to the table: which entries and rows hold a phrase, and which entries
//! are not in it yet.

use crate::bits::Bits;
use crate::catalog::Catalog;
use crate::part::Part;
use crate::search::words::Phrase;
use crate::search::{Built, Field, Held, SearchError, Span, Wanted};
use crate::snapshot::Snapshot;
use crate::table::{NAME, PROMPT, Table};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far the full-text index has come.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    is_finished: AtomicBool,
    bytes_done: AtomicU64,
    bytes_total: AtomicU64,
    /// The state of the catalog that it was built for last.
    revision: AtomicU64,
}

/// Whether the full-text index answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SearchState {
    /// There is none, and none is being built.
    #[default]
    Missing,
    /// It is being built; texts that are not in it yet are looked through.
    Building,
    /// It answers for every text.
    Ready,
}

/// Where a phrase stands, as far as the index knows.
#[derive(Debug)]
pub struct Stands {
    /// Entries whose output has it.
    pub in_output: Bits,
    /// Rows whose prompt, name or id has it.
    pub in_record: Bits,
}

/// The index as it was when it was taken.
#[derive(Debug)]
pub struct FullText {
    held: Arc<Held>,
    /// Rows that are in the index, by number of the batch.
    rows_done: Vec<u32>,
    /// Where the rows of each batch that is held stand in the table; of a batch that is no more in
    /// the table, nowhere.
    spans: Vec<Vec<Span>>,
}

impl Snapshot {
    /// The full-text index, put to this snapshot's table; none when there is none yet.
    pub fn full_text(&self, table: &Table) -> Option<FullText> {
        Some(FullText::of(self.held.clone()?, table))
    }
}

impl FullText {
    fn of(held: Arc<Held>, table: &Table) -> Self {
        let mut places = vec![Vec::new(); table.batches.len()];
        for run in &table.runs {
            let span = Span { first_row: run.from, rows: run.len, first_entry: run.first };
            places[run.batch as usize].push(span);
        }
        let numbers: HashMap<(&str, u64), usize> = (table.batches.iter().enumerate())
            .map(|(number, batch)| ((batch.batch.path(), batch.origin), number))
            .collect();
        let mut rows_done = vec![0; table.batches.len()];
        let spans = held.batches().map(|(path, origin, rows)| {
            let number = numbers.get(&(path, origin)).copied();
            number.map_or_else(Vec::new, |number| {
                rows_done[number] = rows;
                std::mem::take(&mut places[number])
            })
        });
        let spans = spans.collect();
        Self { held, rows_done, spans }
    }

    /// How many of the first entries of a part are in the index.
    pub fn indexed(&self, part: &Part<'_>) -> usize {
        let (batch, row) = part.batch_row();
        let done = self.rows_done[batch].saturating_sub(row);
        part.len.min(done as usize)
    }

    /// Where a phrase stands among the first `entries` entries and `rows` rows; none when the index
    /// can't say: then it is looked for in the texts.
    pub fn find(&self, table: &Table, phrase: &Phrase, entries: u32, rows: u32) -> Option<Stands> {
        let find = |field| self.held.find(phrase, field, &self.spans, entries).ok();
        let in_output = find(Field::Text)?;
        let mut in_record = Bits::new(rows);
        for (field, flag) in [(Field::Prompt, PROMPT), (Field::Name, NAME), (Field::Id, u8::MAX)] {
            let found = find(field)?;
            for entry in found.ones() {
                let at = entry as usize;
                if flag == u8::MAX || table.flags(entry) & flag != 0 {
                    in_record.set(table.by_entry.row.get(at));
                }
            }
        }
        Some(Stands { in_output, in_record })
    }
}

impl Catalog {
    /// Opens the full-text index that was kept, so that words can be looked for in it; it is read
    /// whole, to see that it is not damaged.
    pub fn open_search(&self) {
        if self.options.keep_index {
            let damage = self.search.check();
            self.note_damage(damage);
        }
    }

    /// Brings the full-text index up to the batches; long. `false` when there was nothing to do.
    pub fn build_search(&self) -> Result<bool, SearchError> {
        let snapshot = self.snapshot();
        if !self.options.keep_index || !snapshot.is_complete {
            return Ok(false);
        }
        let progress = &self.search_progress;
        if progress.is_finished.load(Ordering::Acquire)
            && progress.revision.load(Ordering::Acquire) == snapshot.revision
        {
            return Ok(false);
        }
        // A copy of the table shares its pages; what is being built never waits for a look at it.
        let table = snapshot.look(Table::clone);
        let wanted = table.batches.iter().enumerate().filter_map(|(number, batch)| {
            let of_batch = |run: &&crate::table::Run| run.batch as usize == number;
            let columns = &table.runs.iter().find(of_batch)?.columns;
            Some(Wanted::of_runs(&batch.batch, batch.origin, std::slice::from_ref(columns)))
        });
        let wanted: Vec<Wanted<'_>> = wanted.collect();
        let total = wanted.iter().map(Wanted::bytes).sum();
        progress.bytes_total.store(total, Ordering::Release);
        progress.is_finished.store(false, Ordering::Release);
        let told = |bytes: u64| progress.bytes_done.store(bytes, Ordering::Release);
        let never = AtomicBool::new(false);
        let Built { dropped, failed, is_finished } = self.search.build(&wanted, &told, &never)?;
        self.note_damage(dropped);
        self.contents().note_not_in_search(failed);
        if is_finished {
            progress.bytes_done.store(total, Ordering::Release);
            progress.revision.store(snapshot.revision, Ordering::Release);
            progress.is_finished.store(true, Ordering::Release);
        }
        Ok(true)
    }

    /// State, bytes done and bytes of all texts.
    pub(crate) fn search_status(&self) -> (SearchState, u64, u64) {
        let progress = &self.search_progress;
        let done = progress.bytes_done.load(Ordering::Acquire);
        let total = progress.bytes_total.load(Ordering::Acquire);
        let state = match (progress.is_finished.load(Ordering::Acquire), total) {
            (true, _) => SearchState::Ready,
            (false, 0) => SearchState::Missing,
            (false, _) => SearchState::Building,
        };
        (state, done.min(total), total)
    }
}
