//! The join: entries of all batches under their `custom_id`, growing while batches are indexed.
//!
//! Everything here is a number into a column: an entry is its place in the order of joining, a
//! record is a chain of entries, newest first. At ten million outputs this is what fits.

use crate::batch::Batch;
use crate::columns::{Columns, Entry, NO_CODE, State};
use crate::index::Codes;
use hashbrown::HashTable;
use std::collections::HashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

const NONE: u32 = u32::MAX;

/// A model's place in the order of columns.
pub type ModelNo = u16;

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
#[derive(Debug)]
pub(crate) struct BatchTable {
    pub(crate) batch: Arc<Batch>,
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

/// A run of entries that were joined together.
#[derive(Debug)]
struct Run {
    first: u32,
    batch: u32,
    columns: Columns,
}

/// All entries, joined.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) models: Vec<Model>,
    pub(crate) batches: Vec<BatchTable>,
    runs: Vec<Run>,
    /// The next older entry of the same record, by entry.
    older: Vec<u32>,
    /// Slots by `custom_id`.
    slots: HashTable<u32>,
    /// The newest entry, by slot.
    newest: Vec<u32>,
    /// The row, by slot; none while only requests are known.
    row: Vec<u32>,
    /// The slot, by row: records in order of their first output.
    rows: Vec<u32>,
    /// Models of entries whose line does not name one.
    settled: HashMap<u32, ModelNo>,
    pub(crate) outputs: u64,
    pub(crate) requests: u64,
}

/// An entry with its place in the join.
#[derive(Debug)]
pub(crate) struct Joined<'t> {
    pub(crate) number: u32,
    pub(crate) batch: &'t BatchTable,
    pub(crate) entry: Entry<'t>,
}

impl Tables {
    /// Takes a batch in; its entries follow.
    pub(crate) fn add_batch(
        &mut self,
        batch: Arc<Batch>,
        models: Arc<Codes>,
        finishes: Arc<Codes>,
    ) {
        self.batches.push(BatchTable {
            batch,
            models,
            finishes,
            names: Vec::new(),
            finish_names: Vec::new(),
            numbers: Vec::new(),
            nameless: Vec::new(),
        });
    }

    /// Joins the next entries of a batch.
    pub(crate) fn join(&mut self, batch: usize, columns: Columns) {
        let first = u32::try_from(self.older.len()).unwrap_or(NONE);
        let rows = columns.len();
        if rows == 0 || (NONE - first) as usize <= rows {
            return; // four thousand million entries are 12 TB of batches
        }
        let table = &mut self.batches[batch];
        table.names = table.models.names();
        table.finish_names = table.finishes.names();
        table.numbers.resize(table.names.len(), None);
        self.runs.push(Run { first, batch: batch as u32, columns });
        for row in 0..rows {
            self.join_entry(first + row as u32, batch, row);
        }
    }

    fn join_entry(&mut self, number: u32, batch: usize, row: usize) {
        let columns = &self.runs[self.runs.len() - 1].columns;
        let (state, code) = (columns.state(row), columns.model(row));
        let slot = self.slot_of(number, row);
        self.older.push(self.newest[slot]);
        self.newest[slot] = number;
        if state == State::Request {
            self.requests += 1;
            return;
        }
        self.outputs += 1;
        if self.row[slot] == NONE {
            self.row[slot] = self.rows.len() as u32;
            self.rows.push(slot as u32);
        }
        let table = &mut self.batches[batch];
        if code == NO_CODE {
            table.nameless.push(number);
            return;
        }
        let code = usize::from(code);
        let number = match table.numbers[code] {
            Some(number) => number,
            None => {
                let name = table.names[code].clone();
                let number = self.model_number(&name);
                self.batches[batch].numbers[code] = Some(number);
                number
            }
        };
        self.count(number, state);
    }

    /// The slot of the `custom_id` in this row of the newest run, made if it is new.
    fn slot_of(&mut self, number: u32, row: usize) -> usize {
        let columns = &self.runs[self.runs.len() - 1].columns;
        let id = columns.custom_id(row);
        if let Some(slot) = self.find_slot(id) {
            return slot as usize;
        }
        let hash = xxh3_64(id.as_bytes());
        let slot = self.newest.len();
        // Taken out so that the table may ask the columns for the hashes of its other slots.
        let mut slots = std::mem::take(&mut self.slots);
        self.newest.push(number);
        self.row.push(NONE);
        slots.insert_unique(hash, slot as u32, |slot| {
            xxh3_64(self.id_of_entry(self.newest[*slot as usize]).as_bytes())
        });
        self.slots = slots;
        // The chain of a new slot ends at its first entry.
        self.newest[slot] = NONE;
        slot
    }

    fn model_number(&mut self, name: &Arc<str>) -> ModelNo {
        if let Some(at) = self.models.iter().position(|model| model.name == *name) {
            return at as ModelNo;
        }
        self.models.push(Model { name: name.clone(), outputs: 0, errors: 0 });
        (self.models.len() - 1) as ModelNo
    }

    fn count(&mut self, model: ModelNo, state: State) {
        let model = &mut self.models[usize::from(model)];
        model.outputs += 1;
        model.errors += u64::from(state == State::Error);
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
                self.settled.insert(number, model);
                let state = self.joined(number).entry.state;
                self.count(model, state);
            }
        }
    }

    fn model_asked_for(&mut self, batch: usize, number: u32) -> ModelNo {
        let slot = self.find_slot(self.id_of_entry(number));
        let newest = slot.map_or(NONE, |slot| self.newest[slot as usize]);
        let asked = self.chain(newest).find_map(|joined| asked_model(&joined));
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

    /// Records that have an output.
    pub(crate) fn row_count(&self) -> u32 {
        self.rows.len() as u32
    }

    /// Requests that no output answers.
    pub(crate) fn unanswered(&self) -> u64 {
        (self.newest.len() - self.rows.len()) as u64
    }

    /// The row of a record.
    pub(crate) fn row_of(&self, custom_id: &str) -> Option<u32> {
        let slot = self.find_slot(custom_id)?;
        Some(self.row[slot as usize]).filter(|row| *row != NONE)
    }

    fn find_slot(&self, custom_id: &str) -> Option<u32> {
        let same = |slot: &u32| self.id_of_entry(self.newest[*slot as usize]) == custom_id;
        self.slots.find(xxh3_64(custom_id.as_bytes()), same).copied()
    }

    /// The entries of the record in this row, newest first; none beyond the last row.
    pub(crate) fn entries(&self, row: u32) -> impl Iterator<Item = Joined<'_>> {
        let newest = self.rows.get(row as usize).map_or(NONE, |slot| self.newest[*slot as usize]);
        self.chain(newest)
    }

    fn chain(&self, from: u32) -> impl Iterator<Item = Joined<'_>> {
        let mut next = from;
        std::iter::from_fn(move || {
            let number = Some(next).filter(|number| *number != NONE)?;
            next = self.older[number as usize];
            Some(self.joined(number))
        })
    }

    /// The model of an output; none while its batch is still being indexed.
    pub(crate) fn model_of(&self, joined: &Joined<'_>) -> Option<ModelNo> {
        match joined.entry.model {
            NO_CODE => self.settled.get(&joined.number).copied(),
            code => joined.batch.numbers.get(usize::from(code)).copied().flatten(),
        }
    }

    fn joined(&self, number: u32) -> Joined<'_> {
        let (run, row) = self.place(number);
        let batch = &self.batches[run.batch as usize];
        Joined { number, batch, entry: run.columns.entry(row) }
    }

    fn id_of_entry(&self, number: u32) -> &str {
        let (run, row) = self.place(number);
        run.columns.custom_id(row)
    }

    fn place(&self, number: u32) -> (&Run, usize) {
        let at = self.runs.partition_point(|run| run.first <= number) - 1;
        let run = &self.runs[at];
        (run, (number - run.first) as usize)
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
