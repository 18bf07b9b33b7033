//! The catalog at one moment: what was asked of it can be asked on, whatever it becomes meanwhile.

use crate::catalog::{Catalog, Contents};
use crate::record::Record;
use crate::search::Held;
use crate::table::Table;
use std::sync::Arc;

/// The catalog as it was when this was taken. While batches are being indexed it still grows; rows
/// and entries keep their numbers.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) contents: Arc<Contents>,
    /// Names this state of the catalog: see `Status::revision`.
    pub revision: u64,
    /// Whether all batches are indexed.
    pub is_complete: bool,
    /// The full-text index as it was.
    pub(crate) held: Option<Arc<Held>>,
}

impl Catalog {
    /// The catalog as it is now.
    pub fn snapshot(&self) -> Snapshot {
        // The revision first: what comes in between belongs to a later one.
        let revision = self.revision();
        let contents = self.contents();
        let is_complete = contents.is_ready();
        Snapshot { contents, revision, is_complete, held: self.search.held() }
    }
}

impl Snapshot {
    /// Looks at the table. While batches are being indexed they wait for the look to end: it reads
    /// no texts.
    pub fn look<R>(&self, look: impl FnOnce(&Table) -> R) -> R {
        look(&self.contents.table())
    }

    /// How many records there are.
    pub fn row_count(&self) -> u32 {
        self.look(Table::row_count)
    }

    /// The record under a `custom_id`, if it has an output.
    pub fn record(&self, custom_id: &str) -> Option<Record> {
        self.look(|table| Record::of(table, table.row_of(custom_id)?))
    }

    /// The records in these rows; a row that is not there is passed over.
    pub fn records(&self, rows: impl IntoIterator<Item = u32>) -> Vec<Record> {
        self.look(|table| rows.into_iter().filter_map(|row| Record::of(table, row)).collect())
    }
}
