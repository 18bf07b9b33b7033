//! Which records a bulk act looks at.

use crate::bulk::BulkError;
use crate::collection::{Collection, View};
use crate::query::Query;
use crate::sight::Sight;
use crate::starring::no_record;
use crate::targets::LeftOut;
use crate::view::Sort;
use goldstar_catalog::{Bits, Snapshot};
use goldstar_journal::Invalid;

/// Records, chosen.
#[derive(Debug, Clone)]
pub enum Chosen {
    /// All that answer a query.
    Query(Query),
    /// These.
    Ids(Vec<String>),
    /// From one position to before another, in a view of this name.
    Ranges {
        /// The query.
        query: Query,
        /// Its order.
        sort: Sort,
        /// The name that the view had.
        view: String,
        /// Positions from 0, the second one excluded.
        ranges: Vec<(u32, u32)>,
    },
}

impl Collection {
    /// The rows that are meant, in order, each once.
    pub(crate) fn chosen(
        &self,
        of: &Chosen,
        sight: &Sight,
        left_out: &mut LeftOut,
    ) -> Result<(Snapshot, Vec<u32>), BulkError> {
        match of {
            Chosen::Query(query) => {
                let View { rows, snapshot, .. } = self.view_of(query, &Sort::default(), sight);
                let rows = rows.slice(0, u32::MAX);
                Ok((snapshot, rows))
            }
            Chosen::Ids(ids) => {
                let is_complete = self.is_complete();
                let snapshot = self.catalog().snapshot();
                let mut rows = Vec::with_capacity(ids.len());
                let mut absent = Vec::new();
                snapshot.look(|table| {
                    for id in ids {
                        match table.row_of(id) {
                            Some(row) => rows.push(row),
                            None => absent.push(id),
                        }
                    }
                });
                if let Some(id) = absent.first() {
                    if !is_complete {
                        return Err(self.absent(is_complete, no_record(id)).into());
                    }
                    left_out.insert("not in the batches", absent.len() as u64);
                }
                let mut seen = Bits::new(snapshot.row_count());
                rows.retain(|row| {
                    let is_new = !seen.get(*row);
                    seen.set(*row);
                    is_new
                });
                Ok((snapshot, rows))
            }
            Chosen::Ranges { query, sort, view: name, ranges } => {
                let view = self.view_of(query, sort, sight);
                if view.name != *name {
                    return Err(BulkError::View);
                }
                let mut ranges = ranges.clone();
                ranges.sort_unstable();
                let (mut rows, mut done) = (Vec::new(), 0);
                for (from, to) in ranges {
                    if from > to || to > view.rows.len() {
                        let most = view.rows.len();
                        let detail = format!("[{from}, {to}] is no part of a view of {most}");
                        return Err(Invalid { field: "ranges", detail }.into());
                    }
                    let from = from.max(done);
                    rows.extend(view.rows.slice(from, to.saturating_sub(from)));
                    done = done.max(to);
                }
                Ok((view.snapshot, rows))
            }
        }
    }
}
