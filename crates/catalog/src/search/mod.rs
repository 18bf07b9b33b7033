//! Full text: which entries hold a word or a phrase, from an index that is kept among the caches.
//!
//! The index has a document for each entry of each batch: the words of its text, of its prompt, of
//! its name and of its id, and where the entry stands (batch and row). It holds no text and ranks
//! nothing. A query asks for a set of entries and combines it with others; the order of the table
//! is its own.

mod build;
mod find;
mod index;
mod merging;
mod source;
#[cfg(test)]
mod tests;
pub(crate) mod words;

pub(crate) use build::Built;
pub(crate) use index::Held;
pub(crate) use source::Wanted;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Where a phrase is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    /// What the model answered, as it is shown.
    Text,
    /// The prompt that the entry's line holds.
    Prompt,
    /// The record's name.
    Name,
    /// The `custom_id`.
    Id,
}

/// Rows of a batch that stand side by side among the entries of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first_row: u32,
    pub(crate) rows: u32,
    pub(crate) first_entry: u32,
}

impl Span {
    fn end(&self) -> u32 {
        self.first_row + self.rows
    }
}

/// The full-text index of a collection. It may be asked while it is being built: then it knows
/// what has been put in place by then.
#[derive(Debug)]
pub(crate) struct Search {
    folder: PathBuf,
    threads: usize,
    heap_bytes: usize,
    held: RwLock<Option<Arc<Held>>>,
    /// One thread brings it up to date.
    building: Mutex<()>,
}

/// Why the index can't be asked or brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another process is at it.
    #[error("another program is building the search index {}; it is read meanwhile", .0.display())]
    Busy(PathBuf),
    /// The folder can't be read or written.
    #[error("the search index {}: {what}; words are looked for in the texts meanwhile", .folder.display())]
    Engine {
        /// The folder of the index.
        folder: PathBuf,
        /// What went wrong.
        what: String,
    },
}

impl Search {
    /// The index in `folder`, which need not be there yet. Nothing is read: see [`Search::check`].
    /// Building uses so many threads, and memory for about `heap_bytes` of words not yet written.
    pub(crate) fn new(folder: &Path, threads: usize, heap_bytes: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            threads: threads.max(1),
            heap_bytes,
            held: RwLock::default(),
            building: Mutex::default(),
        }
    }

    /// What can be asked now; none before it is checked.
    pub(crate) fn held(&self) -> Option<Arc<Held>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hold(&self, held: Option<Held>) {
        let held = held.map(Arc::new);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    fn error(&self, what: impl ToString) -> SearchError {
        SearchError::Engine { folder: self.folder.clone(), what: what.to_string() }
    }
}
