//! The join, kept: the columns of a [`Table`] in one checksummed file, mapped when it is opened
//! again, so that ten million outputs need not be joined anew.

use crate::batch::Batch;
use crate::columns::Columns;
use crate::index::Codes;
use crate::kept::{self, Found};
use crate::paged::Paged;
use crate::slots::Slots;
use crate::table::{ByEntry, BySlot, Model, Table};
use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer, ToByteSlice};
use bytes::Bytes;
use goldstar_disk::Disk;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// Columns begin at multiples of this, as Arrow's do.
const ALIGNMENT: usize = 64;
const LENGTH_BYTES: usize = 8;

/// What is written behind the columns.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct About {
    models: Vec<(Arc<str>, u64, u64)>,
    batches: Vec<JoinedBatch>,
    /// First entry, entries, batch and first row of the batch, of each run.
    runs: Vec<(u32, u32, u32, u32)>,
    outputs: u64,
    requests: u64,
    slots: usize,
    /// Byte and number of values of each column, in the order of [`columns`].
    columns: Vec<(usize, usize)>,
}

/// A batch as it was joined.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JoinedBatch {
    pub(crate) path: String,
    pub(crate) origin: u64,
    pub(crate) rows: u32,
}

/// A kept join before its batches are put to it.
#[derive(Debug)]
pub(crate) struct KeptJoin {
    about: About,
    bytes: Bytes,
}

/// What a batch was opened with again.
pub(crate) struct Reopened {
    pub(crate) batch: Arc<Batch>,
    pub(crate) columns: Columns,
    pub(crate) models: Arc<Codes>,
    pub(crate) finishes: Arc<Codes>,
}

/// Keeps the join of a frozen table, and gives it the kept columns in place of its own.
pub(crate) fn save(disk: &dyn Disk, path: &Path, table: &Table) -> io::Result<KeptJoin> {
    let bytes = kept::write(disk, path, |file| {
        let mut to = Writer { file, written: 0, columns: Vec::new() };
        let ByEntry { row, older, model, flags } = &table.by_entry;
        to.column(row)?;
        to.column(older)?;
        to.column(model)?;
        to.column(flags)?;
        to.column(&table.by_slot.newest)?;
        to.column(&table.by_slot.row)?;
        to.column(&table.rows)?;
        to.column(table.by_slot.slots.buckets())?;
        let about = about(table, to.columns);
        let text = serde_json::to_vec(&about).map_err(io::Error::other)?;
        file.write_all(&text)?;
        file.write_all(&(text.len() as u64).to_le_bytes())
    })?;
    decode(bytes).ok_or_else(|| io::Error::other("the kept join reads back as something else"))
}

/// Opens a kept join; the second is whether there is one that is damaged.
pub(crate) fn open(path: &Path) -> (Option<KeptJoin>, bool) {
    match kept::read(path) {
        Found::Good(bytes) => {
            let join = decode(bytes);
            let is_damaged = join.is_none();
            (join, is_damaged)
        }
        Found::Nothing => (None, false),
        Found::Damaged => (None, true),
    }
}

fn about(table: &Table, columns: Vec<(usize, usize)>) -> About {
    let batches = table.batches.iter();
    let models = table.models.iter();
    let runs = table.runs.iter();
    About {
        models: models.map(|m| (m.name.clone(), m.outputs, m.errors)).collect(),
        batches: batches
            .map(|b| JoinedBatch { path: b.batch.path.clone(), origin: b.origin, rows: b.rows })
            .collect(),
        runs: runs.map(|run| (run.first, run.len, run.batch, run.from)).collect(),
        outputs: table.outputs,
        requests: table.requests,
        slots: table.by_slot.newest.len(),
        columns,
    }
}

fn decode(bytes: Bytes) -> Option<KeptJoin> {
    let end = bytes.len().checked_sub(LENGTH_BYTES)?;
    let length = u64::from_le_bytes(bytes[end..].try_into().ok()?);
    let start = end.checked_sub(usize::try_from(length).ok()?)?;
    let about = serde_json::from_slice(&bytes[start..end]).ok()?;
    Some(KeptJoin { about, bytes: bytes.slice(..start) })
}

impl KeptJoin {
    /// The batches that are joined in it.
    pub(crate) fn batches(&self) -> &[JoinedBatch] {
        &self.about.batches
    }

    /// The table, with the batches in the order of [`KeptJoin::batches`]. `None` when the file is
    /// not one that this program wrote.
    pub(crate) fn table(&self, batches: Vec<Reopened>) -> Option<Table> {
        let about = &self.about;
        let models = about.models.iter();
        let mut table = Table {
            models: models
                .map(|(name, outputs, errors)| Model {
                    name: name.clone(),
                    outputs: *outputs,
                    errors: *errors,
                })
                .collect(),
            outputs: about.outputs,
            requests: about.requests,
            ..Table::default()
        };
        self.lend_columns(&mut table)?;
        let mut columns = Vec::with_capacity(batches.len());
        for (joined, opened) in about.batches.iter().zip(batches) {
            let Reopened { batch, models, finishes, .. } = opened;
            let at = table.open_batch(batch, joined.origin, models, finishes);
            table.reopened(at, joined.rows);
            columns.push(opened.columns);
        }
        for run in &about.runs {
            table.reopen_run(*run, columns.get(run.2 as usize)?.clone());
        }
        Some(table)
    }

    /// Puts the kept columns in the place of the same ones that a table owns.
    pub(crate) fn lend_columns(&self, table: &mut Table) -> Option<()> {
        let mut columns = self.about.columns.iter();
        let mut next = || columns.next().copied();
        let by_entry = ByEntry {
            row: self.column(next()?)?,
            older: self.column(next()?)?,
            model: self.column(next()?)?,
            flags: self.column(next()?)?,
        };
        let (newest, row) = (self.column(next()?)?, self.column(next()?)?);
        let rows = self.column(next()?)?;
        let slots = Slots::of(self.column(next()?)?, self.about.slots)?;
        (table.by_entry, table.rows) = (by_entry, rows);
        table.by_slot = BySlot { slots, newest, row };
        Some(())
    }

    fn column<T: ArrowNativeType>(&self, (start, len): (usize, usize)) -> Option<Paged<T>> {
        let end = start.checked_add(len.checked_mul(size_of::<T>())?)?;
        if end > self.bytes.len() || !start.is_multiple_of(ALIGNMENT) {
            return None;
        }
        let buffer = Buffer::from(self.bytes.slice(start..end));
        Some(Paged::of(&ScalarBuffer::new(buffer, 0, len)))
    }
}

struct Writer<'a> {
    file: &'a mut dyn Write,
    written: usize,
    columns: Vec<(usize, usize)>,
}

impl Writer<'_> {
    fn column<T: ArrowNativeType>(&mut self, column: &Paged<T>) -> io::Result<()> {
        let padding = self.written.next_multiple_of(ALIGNMENT) - self.written;
        self.file.write_all(&[0; ALIGNMENT][..padding])?;
        self.columns.push((self.written + padding, column.len()));
        for page in column.pages() {
            self.file.write_all(page.to_byte_slice())?;
        }
        self.written += padding + column.len() * size_of::<T>();
        Ok(())
    }
}
