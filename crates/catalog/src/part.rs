//! A table looked at as columns: entries side by side, a part at a time.

use crate::paged::PAGE;
use crate::table::{ModelNo, Run, Table};
use arrow_array::{StringArray, UInt16Array, UInt32Array};
use std::ops::Range;
use std::sync::Arc;

/// Entries side by side: columns of one batch and of the join, all of the same length, at most
/// 16,384.
#[derive(Debug, Clone, Copy)]
pub struct Part<'t> {
    table: &'t Table,
    run: &'t Run,
    /// The number of the first entry.
    pub first: u32,
    /// How many there are.
    pub len: usize,
}

impl Table {
    /// All entries in parts, in order of their numbers.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let page = PAGE as u32;
        let mut parts = Vec::with_capacity(self.runs.len() + self.entry_count() as usize / PAGE);
        for run in &self.runs {
            let (mut first, end) = (run.first, run.first + run.len);
            while first < end {
                let next = end.min((first / page + 1) * page);
                parts.push(Part { table: self, run, first, len: (next - first) as usize });
                first = next;
            }
        }
        parts
    }

    /// The part of one entry only.
    pub fn part_of(&self, entry: u32) -> Part<'_> {
        let (run, _) = self.place(entry);
        Part { table: self, run, first: entry, len: 1 }
    }
}

impl<'t> Part<'t> {
    /// The row of each entry's record; a row that is not there for requests without an output.
    pub fn rows(&self) -> &'t [u32] {
        self.table.by_entry.row.slice(self.first as usize, self.len)
    }

    /// The model of each entry, or `NO_MODEL`.
    pub fn models(&self) -> &'t [ModelNo] {
        self.table.by_entry.model.slice(self.first as usize, self.len)
    }

    /// `SHOWN`, `PROMPT` and `NAME` of each entry.
    pub fn flags(&self) -> &'t [u8] {
        self.table.by_entry.flags.slice(self.first as usize, self.len)
    }

    /// Codes of states.
    pub fn states(&self) -> &'t [u8] {
        &self.run.columns.states()[self.range()]
    }

    /// Choices.
    pub fn choices(&self) -> &'t [u16] {
        &self.run.columns.choices()[self.range()]
    }

    /// Characters of each text.
    pub fn chars(&self) -> UInt32Array {
        self.run.columns.chars().slice(self.start(), self.len)
    }

    /// Tokens of each answer, where they are known.
    pub fn tokens(&self) -> UInt32Array {
        self.run.columns.tokens().slice(self.start(), self.len)
    }

    /// Codes of finish reasons: places in [`Part::finish_names`], or beyond it.
    pub fn finishes(&self) -> UInt16Array {
        self.run.columns.finishes().slice(self.start(), self.len)
    }

    /// Finish reasons of this batch.
    pub fn finish_names(&self) -> &'t [Arc<str>] {
        &self.table.batches[self.run.batch as usize].finish_names
    }

    /// The batch's path, relative to the collection's folder.
    pub fn file(&self) -> &'t str {
        self.table.batches[self.run.batch as usize].batch.path()
    }

    /// The `custom_id` of each entry.
    pub fn custom_ids(&self) -> StringArray {
        self.run.columns.custom_ids().slice(self.start(), self.len)
    }

    /// The name that each entry gives its record.
    pub fn names(&self) -> StringArray {
        self.run.columns.names().slice(self.start(), self.len)
    }

    /// XXH3-64 of an entry's text.
    pub fn hash(&self, at: usize) -> u64 {
        self.run.columns.hash(self.start() + at)
    }

    /// The number of the batch, and the row of it that the first entry is.
    pub(crate) fn batch_row(&self) -> (usize, u32) {
        (self.run.batch as usize, self.run.from + (self.first - self.run.first))
    }

    fn start(&self) -> usize {
        self.run.column_row(self.first)
    }

    fn range(&self) -> Range<usize> {
        self.start()..self.start() + self.len
    }
}
