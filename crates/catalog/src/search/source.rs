//! Where the texts come from: batches, read in big pieces in the order of their lines.

use crate::batch::Batch;
use crate::columns::{Columns, Entry};
use crate::index::output_text;
use crate::line::{Answer, Reading};
use crate::read::read_line;
use std::ops::Range;

/// How much text is read at once, about.
const PIECE_BYTES: u64 = 4 << 20;

/// A batch that shall be in the index.
pub(crate) struct Wanted<'a> {
    pub(crate) batch: &'a Batch,
    /// Another number when the batch was replaced and read anew; the same when it grew.
    pub(crate) origin: u64,
    pub(crate) rows: u32,
    /// A row of the batch's columns.
    pub(crate) entry: Box<dyn Fn(u32) -> Entry<'a> + Send + Sync + 'a>,
}

/// What is put into the index for an entry.
pub(super) struct Document<'a> {
    pub(super) row: u32,
    pub(super) text: &'a str,
    pub(super) prompt: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) id: &'a str,
}

impl<'a> Wanted<'a> {
    /// A batch whose columns are in runs.
    pub(crate) fn of_runs(batch: &'a Batch, origin: u64, runs: &'a [Columns]) -> Self {
        let ends: Vec<u32> = runs
            .iter()
            .scan(0, |end, run| {
                *end += run.len() as u32;
                Some(*end)
            })
            .collect();
        let rows = ends.last().copied().unwrap_or(0);
        let entry = move |row: u32| {
            let at = ends.partition_point(|end| *end <= row);
            let first = at.checked_sub(1).map_or(0, |before| ends[before]);
            runs[at].entry((row - first) as usize)
        };
        Self { batch, origin, rows, entry: Box::new(entry) }
    }

    /// Bytes of its text.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes_before(self.rows)
    }

    /// Bytes of text before a row.
    pub(super) fn bytes_before(&self, row: u32) -> u64 {
        row.checked_sub(1).map_or(0, |last| {
            let last = (self.entry)(last);
            last.offset + u64::from(last.length)
        })
    }

    /// The end of the piece of text that begins with this row: all rows of a line are in one piece.
    pub(super) fn piece_from(&self, first: u32) -> Range<u32> {
        let limit = (self.entry)(first).offset + PIECE_BYTES;
        let (mut low, mut high) = (first + 1, self.rows);
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.entry)(middle).offset < limit {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let last = (self.entry)(low - 1).offset;
        while low < self.rows && (self.entry)(low).offset == last {
            low += 1;
        }
        first..low
    }

    /// Reads the lines of these rows again and hands out a document for each row; `bytes` is memory
    /// that is used again. `Err` says why the batch can't be read, or that it has changed.
    pub(super) fn documents<E>(
        &self,
        rows: Range<u32>,
        bytes: &mut Vec<u8>,
        mut take: impl FnMut(Document<'_>) -> Result<(), E>,
    ) -> Result<Result<(), E>, String> {
        let start = (self.entry)(rows.start).offset;
        let length = self.bytes_before(rows.end).saturating_sub(start);
        bytes.resize(length as usize, 0);
        if let Err(error) = self.batch.read_into(start, bytes) {
            return Err(format!("cannot be read: {error}"));
        }
        let mut row = rows.start;
        while row < rows.end {
            let first = (self.entry)(row);
            let mut next = row + 1;
            while next < rows.end && (self.entry)(next).offset == first.offset {
                next += 1;
            }
            let from = (first.offset - start) as usize;
            let line = &bytes[from..from + first.length as usize];
            let read =
                read_line(line, false, |reading, _| self.line(reading, row..next, &mut take));
            match read {
                Ok(Some((Some(Ok(())), _))) => {}
                Ok(Some((Some(Err(error)), _))) => return Ok(Err(error)),
                _ => return Err(format!("line {} has changed since it was read", first.line)),
            }
            row = next;
        }
        Ok(Ok(()))
    }

    /// Hands out the documents of one line; `None` when it does not have these rows.
    fn line<E>(
        &self,
        reading: &Reading<'_>,
        rows: Range<u32>,
        take: &mut impl FnMut(Document<'_>) -> Result<(), E>,
    ) -> Option<Result<(), E>> {
        if reading.answers.len().max(1) != rows.len() {
            return None;
        }
        let prompt = reading.prompt.as_ref().map(|prompt| prompt.as_input());
        for (at, row) in rows.enumerate() {
            let entry = (self.entry)(row);
            let text = reading.answers.get(at).map(|answer: &Answer<'_>| output_text(answer));
            let document = Document {
                row,
                text: text.as_deref().unwrap_or_default(),
                prompt: prompt.as_deref(),
                name: entry.name,
                id: entry.custom_id,
            };
            if let Err(error) = take(document) {
                return Some(Err(error));
            }
        }
        Some(Ok(()))
    }
}
