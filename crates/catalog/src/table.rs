//! The join: entries of all batches under their `custom_id`, growing while batches are indexed.
//!
//! Everything here is a number into a column: an entry is its place in the order of joining, a
//! record is a chain of entries, newest first. The columns are paged, so that a table can be mapped
//! from a file, shared with whoever is reading it, and mended beside them.

use crate::batch::{Batch, natural_order};
use crate::columns::{Columns, Entry, NO_CODE, State};
use crate::index::Codes;
use crate::paged::Paged;
use crate::slots::Slots;
use std::cmp::Ordering;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

pub(crate) const NONE: u32 = u32::MAX;
/// Entries whose ids are looked up together.
const TOGETHER: usize = 256;

/// A model's place in the order of columns.
pub type ModelNo = u16;

/// Stands for no model: a request, or an output whose batch is still being indexed.
pub const NO_MODEL: ModelNo = u16::MAX;

/// The entry is the newest run of its model and choice: an output that is shown.
pub const SHOWN: u8 = 1;
/// The entry holds the prompt that the record shows.
pub const PROMPT: u8 = 2;
/// The entry holds the name that the record shows.
pub const NAME: u8 = 4;

/// A model and how many outputs it has, re-runs and further choices counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The served model's name.
    pub name: Arc<str>,
    /// All its outputs.
    pub outputs: u64,
    /// Those that are errors.
    pub errors: u64,
}

/// One batch as the join sees it.
#[derive(Debug, Clone)]
pub(crate) struct BatchTable {
    pub(crate) batch: Arc<Batch>,
    /// Names the reading of the batch that its rows come from (see `About::origin`).
    pub(crate) origin: u64,
    /// Rows of the batch that are joined.
    pub(crate) rows: u32,
    pub(crate) models: Arc<Codes>,
    pub(crate) finishes: Arc<Codes>,
    /// Names by code, as of the last join.
    names: Vec<Arc<str>>,
    pub(crate) finish_names: Vec<Arc<str>>,
    /// Number of the model by code, once an output had it.
    numbers: Vec<Option<ModelNo>>,
    /// Entries without a model.
    nameless: Vec<u32>,
}

/// Entries that were joined one after the other, of one batch.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) first: u32,
    pub(crate) len: u32,
    pub(crate) batch: u32,
    /// The row of the batch that the first entry is.
    pub(crate) from: u32,
    /// The row of the batch with which the columns begin.
    base: u32,
    pub(crate) columns: Columns,
}

/// All entries, joined.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub(crate) models: Vec<Model>,
    pub(crate) batches: Vec<BatchTable>,
    pub(crate) runs: Vec<Run>,
    pub(crate) by_entry: ByEntry,
    pub(crate) by_slot: BySlot,
    /// The slot, by row: records in order of their first output.
    pub(crate) rows: Paged<u32>,
    pub(crate) outputs: u64,
    pub(crate) requests: u64,
}

/// What the join knows of each entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByEntry {
    /// The row of its record; none while only requests are known.
    pub(crate) row: Paged<u32>,
    /// The next older entry of the same record.
    pub(crate) older: Paged<u32>,
    pub(crate) model: Paged<u16>,
    pub(crate) flags: Paged<u8>,
}

/// What the join knows of each `custom_id`.
#[derive(Debug, Clone, Default)]
pub(crate) struct BySlot {
    pub(crate) slots: Slots,
    /// The newest entry.
    pub(crate) newest: Paged<u32>,
    /// The row; none while only requests are known.
    pub(crate) row: Paged<u32>,
}

/// An entry with its place in the join.
#[derive(Debug)]
pub(crate) struct Joined<'t> {
    pub(crate) number: u32,
    pub(crate) batch: &'t BatchTable,
    pub(crate) entry: Entry<'t>,
}

impl Table {
    /// Takes a batch in, or one that has grown in again; its entries follow.
    pub(crate) fn open_batch(
        &mut self,
        batch: Arc<Batch>,
        origin: u64,
        models: Arc<Codes>,
        finishes: Arc<Codes>,
    ) -> usize {
        let known = self.batches.iter().position(|known| known.batch.path == batch.path);
        let number = known.unwrap_or(self.batches.len());
        if known.is_none() {
            self.batches.push(BatchTable {
                batch: batch.clone(),
                origin,
                rows: 0,
                models: models.clone(),
                finishes: finishes.clone(),
                names: Vec::new(),
                finish_names: Vec::new(),
                numbers: Vec::new(),
                nameless: Vec::new(),
            });
        }
        let table = &mut self.batches[number];
        (table.batch, table.models, table.finishes) = (batch, models, finishes);
        number
    }

    /// Joins the next rows of a batch: those of `columns` from `skip` on.
    pub(crate) fn join(&mut self, batch: usize, columns: Columns, skip: u32) {
        let first = self.by_entry.row.len() as u32;
        let len = (columns.len() as u32).saturating_sub(skip);
        if len == 0 || NONE - first <= len {
            return; // four thousand million entries are 12 TB of batches
        }
        let from = self.batches[batch].rows;
        self.name_codes(batch);
        self.batches[batch].rows += len;
        let base = from - skip;
        self.runs.push(Run { first, len, batch: batch as u32, from, base, columns });
        let mut hashes = Vec::with_capacity(TOGETHER);
        for start in (first..first + len).step_by(TOGETHER) {
            let numbers = start..(first + len).min(start + TOGETHER as u32);
            hashes.clear();
            hashes
                .extend(numbers.clone().map(|number| xxh3_64(self.id_of_entry(number).as_bytes())));
            self.by_slot.slots.fetch(&hashes);
            for (number, hash) in numbers.zip(&hashes) {
                self.join_entry(number, *hash);
            }
        }
    }

    /// Puts the columns of the whole batch in the place of the pieces that were joined.
    pub(crate) fn whole(&mut self, batch: usize, columns: &Columns) {
        let mut runs: Vec<Run> = Vec::with_capacity(self.runs.len());
        for run in self.runs.drain(..) {
            match runs.last_mut() {
                Some(last)
                    if run.batch as usize == batch
                        && last.batch == run.batch
                        && last.from + last.len == run.from =>
                {
                    last.len += run.len;
                }
                _ => runs.push(run),
            }
        }
        for run in runs.iter_mut().filter(|run| run.batch as usize == batch) {
            (run.base, run.columns) = (0, columns.clone());
        }
        self.runs = runs;
    }

    /// A batch whose rows are joined in the kept columns already.
    pub(crate) fn reopened(&mut self, batch: usize, rows: u32) {
        self.name_codes(batch);
        let models = &self.models;
        let table = &mut self.batches[batch];
        table.rows = rows;
        let number = |name: &Arc<str>| models.iter().position(|model| model.name == *name);
        let numbers = table.names.iter().map(|name| number(name).map(|at| at as ModelNo));
        table.numbers = numbers.collect();
    }

    /// Puts back what a kept join says of a batch; its entries are joined already.
    pub(crate) fn reopen_run(&mut self, run: (u32, u32, u32, u32), columns: Columns) {
        let (first, len, batch, from) = run;
        self.runs.push(Run { first, len, batch, from, base: 0, columns });
    }

    /// Brings the lists of names up to what workers have found by now.
    pub(crate) fn name_codes(&mut self, batch: usize) {
        let table = &mut self.batches[batch];
        table.names = table.models.names();
        table.finish_names = table.finishes.names();
        table.numbers.resize(table.names.len(), None);
    }

    fn join_entry(&mut self, number: u32, hash: u64) {
        let run = &self.runs[self.runs.len() - 1];
        let (at, batch) = ((number - run.first + run.from - run.base) as usize, run.batch as usize);
        let (state, code) = (run.columns.state(at), run.columns.model(at));
        let (has_prompt, has_name) = (run.columns.has_prompt(at), run.columns.has_name(at));
        let slot = self.slot_of(number, at, hash);
        let older = self.by_slot.newest.get(slot);
        self.by_slot.newest.set(slot, number);
        self.by_entry.older.push(older);
        let is_output = state != State::Request;
        if is_output && self.by_slot.row.get(slot) == NONE {
            self.new_row(slot, older);
        }
        self.by_entry.row.push(self.by_slot.row.get(slot));
        self.by_entry.model.push(NO_MODEL);
        self.by_entry.flags.push(0);
        if has_prompt {
            self.crown(number, number, PROMPT, |_, _| true);
        }
        if has_name {
            self.crown(number, number, NAME, |_, _| true);
        }
        if !is_output {
            self.requests += 1;
            return;
        }
        self.outputs += 1;
        if code == NO_CODE {
            self.batches[batch].nameless.push(number);
        } else {
            let model = self.model_by_code(batch, usize::from(code));
            self.give_model(number, model, state);
        }
    }

    fn model_by_code(&mut self, batch: usize, code: usize) -> ModelNo {
        if let Some(number) = self.batches[batch].numbers[code] {
            return number;
        }
        let name = self.batches[batch].names[code].clone();
        let number = self.model_number(&name);
        self.batches[batch].numbers[code] = Some(number);
        number
    }

    fn give_model(&mut self, number: u32, model: ModelNo, state: State) {
        self.by_entry.model.set(number as usize, model);
        let choice = self.choice(number);
        let slot = self.rows.get(self.by_entry.row.get(number as usize) as usize);
        let newest = self.by_slot.newest.get(slot as usize);
        self.crown(number, newest, SHOWN, |table, other| {
            table.by_entry.model.get(other as usize) == model && table.choice(other) == choice
        });
        let model = &mut self.models[usize::from(model)];
        model.outputs += 1;
        model.errors += u64::from(state == State::Error);
    }

    /// Gives an entry a flag that one entry of its kind in the record has, if it is newer than the
    /// one that has it now. `newest` is the record's newest entry: what is settled late may have
    /// others joined behind it.
    fn crown(&mut self, number: u32, newest: u32, flag: u8, is_same: impl Fn(&Self, u32) -> bool) {
        let mut next = newest;
        while next != NONE {
            let flags = self.by_entry.flags.get(next as usize);
            if next != number && flags & flag != 0 && is_same(self, next) {
                if self.newer(number, next, flag) == Ordering::Less {
                    return;
                }
                self.by_entry.flags.set(next as usize, flags & !flag);
                break;
            }
            next = self.by_entry.older.get(next as usize);
        }
        let flags = self.by_entry.flags.get(number as usize);
        self.by_entry.flags.set(number as usize, flags | flag);
    }

    /// Which of two entries is newer: by the time that outputs name, else by their places in the
    /// batches, so that it does not matter in which order they were joined.
    fn newer(&self, a: u32, b: u32, flag: u8) -> Ordering {
        let (run_a, at_a) = self.place(a);
        let (run_b, at_b) = self.place(b);
        let created = |run: &Run, at: usize| match flag {
            SHOWN => run.columns.created(at).unwrap_or(i64::MIN),
            _ => 0,
        };
        let by_place = || match run_a.batch == run_b.batch {
            true => (run_a.base as usize + at_a).cmp(&(run_b.base as usize + at_b)),
            false => self.batch_order(run_a.batch, run_b.batch),
        };
        created(run_a, at_a).cmp(&created(run_b, at_b)).then_with(by_place)
    }

    /// Results before requests, each in natural order of their paths, as they are found.
    fn batch_order(&self, a: u32, b: u32) -> Ordering {
        let key = |batch: u32| &self.batches[batch as usize].batch;
        let (a, b) = (key(a), key(b));
        a.is_input.cmp(&b.is_input).then_with(|| natural_order(&a.path, &b.path))
    }

    fn choice(&self, number: u32) -> u16 {
        let (run, at) = self.place(number);
        run.columns.choice(at)
    }

    /// The slot of the `custom_id` with this hash in this row of the newest run, made if it is new.
    fn slot_of(&mut self, number: u32, at: usize, hash: u64) -> usize {
        let run = &self.runs[self.runs.len() - 1];
        let id = run.columns.custom_id(at);
        let same = |slot: u32| self.id_of_entry(self.by_slot.newest.get(slot as usize)) == id;
        if let Some(slot) = self.by_slot.slots.find(hash, same) {
            return slot as usize;
        }
        let slot = self.by_slot.newest.len();
        self.by_slot.slots.insert(hash, slot as u32);
        // Its chain ends at its first entry, which is not joined yet.
        debug_assert_eq!(number as usize, self.by_entry.older.len());
        self.by_slot.newest.push(NONE);
        self.by_slot.row.push(NONE);
        slot
    }

    fn new_row(&mut self, slot: usize, older: u32) {
        let row = self.rows.len() as u32;
        self.by_slot.row.set(slot, row);
        self.rows.push(slot as u32);
        let mut next = older;
        while next != NONE {
            self.by_entry.row.set(next as usize, row);
            next = self.by_entry.older.get(next as usize);
        }
    }

    fn model_number(&mut self, name: &Arc<str>) -> ModelNo {
        if let Some(at) = self.models.iter().position(|model| model.name == *name) {
            return at as ModelNo;
        }
        self.models.push(Model { name: name.clone(), outputs: 0, errors: 0 });
        (self.models.len() - 1) as ModelNo
    }

    /// Gives the outputs whose lines name no model theirs: the only model of their file; else the
    /// one that was asked for; else the file's own name. Done when all batches are joined.
    pub(crate) fn settle(&mut self) {
        for batch in 0..self.batches.len() {
            let nameless = std::mem::take(&mut self.batches[batch].nameless);
            let mut served = self.batches[batch].numbers.iter().flatten();
            let only = match (served.next(), served.next()) {
                (Some(only), None) => Some(*only),
                _ => None,
            };
            for number in nameless {
                let model = only.unwrap_or_else(|| self.model_asked_for(batch, number));
                let (run, at) = self.place(number);
                let state = run.columns.state(at);
                self.give_model(number, model, state);
            }
        }
    }

    fn model_asked_for(&mut self, batch: usize, number: u32) -> ModelNo {
        let slot = self.find_slot(self.id_of_entry(number));
        let newest = slot.map_or(NONE, |slot| self.by_slot.newest.get(slot as usize));
        let asked = self.chain(newest).find_map(|number| asked_model(&self.joined(number)));
        let name = match asked {
            // A service may answer `gpt-4o` with `gpt-4o-2024-08-06`: the same column.
            Some(asked) => self.served_as(&asked).unwrap_or(asked),
            None => self.batches[batch].batch.stem().into(),
        };
        self.model_number(&name)
    }

    fn served_as(&self, asked: &str) -> Option<Arc<str>> {
        let mut served = self.models.iter().map(|model| &model.name);
        if let Some(same) = served.clone().find(|name| &***name == asked) {
            return Some(same.clone());
        }
        let dated =
            |name: &&Arc<str>| name.strip_prefix(asked).is_some_and(|rest| rest.starts_with('-'));
        let first = served.find(dated)?;
        served.find(dated).is_none().then(|| first.clone())
    }

    /// Makes it one that clones share page by page.
    pub(crate) fn freeze(&mut self) {
        let ByEntry { row, older, model, flags } = &mut self.by_entry;
        for column in [row, older, &mut self.by_slot.newest, &mut self.by_slot.row, &mut self.rows]
        {
            column.freeze();
        }
        model.freeze();
        flags.freeze();
        self.by_slot.slots.freeze();
    }

    /// Entries of all batches: outputs and requests.
    pub fn entry_count(&self) -> u32 {
        self.by_entry.row.len() as u32
    }

    /// Records that have an output.
    pub fn row_count(&self) -> u32 {
        self.rows.len() as u32
    }

    /// The models in order of their columns.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// Requests that no output answers.
    pub(crate) fn unanswered(&self) -> u64 {
        (self.by_slot.newest.len() - self.rows.len()) as u64
    }

    /// The row of a record.
    pub fn row_of(&self, custom_id: &str) -> Option<u32> {
        let slot = self.find_slot(custom_id)?;
        Some(self.by_slot.row.get(slot as usize)).filter(|row| *row != NONE)
    }

    fn find_slot(&self, custom_id: &str) -> Option<u32> {
        let newest = |slot: u32| self.by_slot.newest.get(slot as usize);
        let same = |slot: u32| self.id_of_entry(newest(slot)) == custom_id;
        self.by_slot.slots.find(xxh3_64(custom_id.as_bytes()), same)
    }

    /// The entries of the record in this row, newest first; none beyond the last row.
    pub(crate) fn entries(&self, row: u32) -> impl Iterator<Item = Joined<'_>> {
        self.entry_numbers(row).map(|number| self.joined(number))
    }

    /// The id of the record in this row.
    pub fn custom_id(&self, row: u32) -> &str {
        self.id_of_entry(self.by_slot.newest.get(self.rows.get(row as usize) as usize))
    }

    /// The name of the record in this row: the newest that an entry gives it, else its id.
    pub fn name(&self, row: u32) -> &str {
        match self.entry_numbers(row).find(|number| self.flags(*number) & NAME != 0) {
            Some(number) => {
                let (run, at) = self.place(number);
                run.columns.name(at).unwrap_or_default()
            }
            None => self.custom_id(row),
        }
    }

    /// The numbers of the entries of the record in this row, newest first.
    pub fn entry_numbers(&self, row: u32) -> impl Iterator<Item = u32> {
        let newest = match (row as usize) < self.rows.len() {
            true => self.by_slot.newest.get(self.rows.get(row as usize) as usize),
            false => NONE,
        };
        self.chain(newest)
    }

    /// An entry and those before it of the same record.
    fn chain(&self, from: u32) -> impl Iterator<Item = u32> {
        let mut next = from;
        std::iter::from_fn(move || {
            let number = Some(next).filter(|number| *number != NONE)?;
            next = self.by_entry.older.get(number as usize);
            Some(number)
        })
    }

    /// The model of an output; none while its batch is still being indexed.
    pub(crate) fn model_of(&self, joined: &Joined<'_>) -> Option<ModelNo> {
        Some(self.by_entry.model.get(joined.number as usize)).filter(|model| *model != NO_MODEL)
    }

    /// `SHOWN`, `PROMPT` and `NAME` of an entry.
    pub(crate) fn flags(&self, number: u32) -> u8 {
        self.by_entry.flags.get(number as usize)
    }

    pub(crate) fn joined(&self, number: u32) -> Joined<'_> {
        let (run, at) = self.place(number);
        let batch = &self.batches[run.batch as usize];
        Joined { number, batch, entry: run.columns.entry(at) }
    }

    fn id_of_entry(&self, number: u32) -> &str {
        let (run, at) = self.place(number);
        run.columns.custom_id(at)
    }

    /// The run of an entry, and the row of its columns.
    pub(crate) fn place(&self, number: u32) -> (&Run, usize) {
        let at = self.runs.partition_point(|run| run.first <= number) - 1;
        let run = &self.runs[at];
        (run, run.column_row(number))
    }
}

impl Run {
    /// The row of the columns that an entry is.
    pub(crate) fn column_row(&self, number: u32) -> usize {
        (number - self.first + self.from - self.base) as usize
    }
}

/// The model that a request asks for.
pub(crate) fn asked_model(joined: &Joined<'_>) -> Option<Arc<str>> {
    let is_request = joined.entry.state == State::Request;
    joined.batch.names.get(usize::from(joined.entry.model)).filter(|_| is_request).cloned()
}

impl Joined<'_> {
    /// Why the model stopped.
    pub(crate) fn finish(&self) -> Option<Arc<str>> {
        self.batch.finish_names.get(usize::from(self.entry.finish)).cloned()
    }
}
