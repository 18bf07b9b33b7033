//! Stars as columns beside the index: those of each starred record by its row, kept up to date with
//! the journal line by line.

use crate::judged::{Judged, judge_row};
use goldstar_catalog::{Bits, Snapshot};
use goldstar_journal::{Moment, State};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The stars of every record that has some.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// The catalog's revision and the journal's moment that it is true for.
    of: Option<(u64, Moment)>,
    rows: BTreeMap<u32, Vec<Judged>>,
}

impl Standing {
    /// Whether it is true for this state of catalog and journal.
    pub(crate) fn is_of(&self, snapshot: &Snapshot, state: &State) -> bool {
        self.of == Some((snapshot.revision, state.moment()))
    }

    /// Brings it up to the journal: only the records that were touched are looked at again, if the
    /// catalog is what it was.
    pub(crate) fn follow(&mut self, snapshot: &Snapshot, state: &State) {
        let same_catalog = self.of.filter(|(revision, _)| *revision == snapshot.revision);
        let touched = same_catalog.and_then(|(_, moment)| state.touched_since(moment));
        match touched {
            Some(touched) => self.judge(snapshot, state, touched.iter()),
            None => {
                self.rows.clear();
                self.judge(snapshot, state, state.records());
            }
        }
        self.of = Some((snapshot.revision, state.moment()));
    }

    fn judge<'s>(
        &mut self,
        snapshot: &Snapshot,
        state: &'s State,
        records: impl Iterator<Item = &'s Arc<str>>,
    ) {
        snapshot.look(|table| {
            for custom_id in records {
                let Some(row) = table.row_of(custom_id) else { continue };
                let stars = state.of_record(custom_id);
                if stars.is_empty() {
                    self.rows.remove(&row);
                } else {
                    let judged = judge_row(table, row, stars, snapshot.is_complete);
                    self.rows.insert(row, judged);
                }
            }
        });
    }

    /// The rows below `limit` whose stars pass a test; rows without a star are not asked about.
    pub(crate) fn rows(&self, limit: u32, test: impl Fn(&[Judged]) -> bool) -> Bits {
        let mut rows = Bits::new(limit);
        let meant = self.rows.iter().filter(|(_, stars)| test(stars));
        meant.for_each(|(row, _)| rows.set(*row));
        rows
    }

    /// The starred rows among these, each with its stars; among all rows when none are named.
    pub(crate) fn among(&self, rows: Option<&Bits>) -> impl Iterator<Item = (u32, &[Judged])> {
        self.iter().filter(move |(row, _)| rows.is_none_or(|rows| rows.get(*row)))
    }

    /// The starred rows in order, each with its stars.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &[Judged])> {
        self.rows.iter().map(|(row, stars)| (*row, &**stars))
    }
}
