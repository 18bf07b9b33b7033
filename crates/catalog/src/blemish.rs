//! What could not be read, and where.

/// A line or file that could not be read as it should: kept, counted and shown, never dropped
/// silently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blemish {
    /// The file, relative to the collection's folder.
    pub file: String,
    /// The line, counted from 1; absent when it is the whole file.
    pub line: Option<u64>,
    /// What is wrong, in a sentence.
    pub what: String,
}

/// The blemishes of one batch: all counted, the first [`Blemishes::KEPT`] kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Blemishes {
    pub(crate) total: u64,
    pub(crate) kept: Vec<(Option<u64>, String)>,
}

impl Blemishes {
    /// How many are kept with their place: a file that is not a batch at all has millions.
    pub(crate) const KEPT: usize = 1000;

    pub(crate) fn add(&mut self, line: Option<u64>, what: String) {
        self.total += 1;
        if self.kept.len() < Self::KEPT {
            self.kept.push((line, what));
        }
    }

    pub(crate) fn extend(&mut self, more: Self) {
        self.total += more.total;
        let room = Self::KEPT.saturating_sub(self.kept.len());
        self.kept.extend(more.kept.into_iter().take(room));
    }
}
