//! Stars as columns beside the index: those of each starred record by its row, kept up to date with
//! the journal line by line. What people gave counts; what agents gave is beside it, suggested.

use crate::judged::{Judged, judge_row};
use crate::sight::Sight;
use goldstar_catalog::{Bits, Snapshot};
use goldstar_journal::{Moment, State};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The stars of every record that has some.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    /// Which stars are here.
    sight: Sight,
    /// The catalog's revision and the journal's moment that it is true for.
    of: Option<(u64, Moment)>,
    rows: BTreeMap<u32, Vec<Judged>>,
    /// Stars of agents.
    suggested: BTreeMap<u32, Vec<Judged>>,
}

impl Standing {
    /// An empty one for what somebody sees.
    pub(crate) fn seen_by(sight: Sight) -> Self {
        Self { sight, ..Self::default() }
    }

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
                self.suggested.clear();
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
                let judged = judge_row(table, row, stars, snapshot.is_complete);
                let judged = self.sight.seen(judged);
                let (suggested, given) = judged.into_iter().partition(Judged::is_suggestion);
                put(&mut self.rows, row, given);
                put(&mut self.suggested, row, suggested);
            }
        });
    }

    /// The rows below `limit` whose stars pass a test; rows without a star are not asked about.
    pub(crate) fn rows(&self, limit: u32, test: impl Fn(&[Judged]) -> bool) -> Bits {
        meant(&self.rows, limit, test)
    }

    /// The same of what agents suggest.
    pub(crate) fn suggested(&self, limit: u32, test: impl Fn(&[Judged]) -> bool) -> Bits {
        meant(&self.suggested, limit, test)
    }

    /// The rows that a reviewer has starred, be it as a suggestion.
    pub(crate) fn starred_by(&self, name: &str, limit: u32) -> Bits {
        let is_theirs =
            |stars: &[Judged]| stars.iter().any(|judged| *judged.star.starred_by == *name);
        let mut rows = self.rows(limit, is_theirs);
        rows.or(&self.suggested(limit, is_theirs));
        rows
    }

    /// The starred rows among these, each with its stars; among all rows when none are named.
    pub(crate) fn among(&self, rows: Option<&Bits>) -> impl Iterator<Item = (u32, &[Judged])> {
        self.iter().filter(move |(row, _)| rows.is_none_or(|rows| rows.get(*row)))
    }

    /// The same of what agents suggest.
    pub(crate) fn suggested_among(
        &self,
        rows: Option<&Bits>,
    ) -> impl Iterator<Item = (u32, &[Judged])> {
        let suggested = self.suggested.iter().map(|(row, stars)| (*row, &**stars));
        suggested.filter(move |(row, _)| rows.is_none_or(|rows| rows.get(*row)))
    }

    /// Every star, and what agents suggest.
    pub(crate) fn stars(&self) -> impl Iterator<Item = &Judged> {
        self.rows.values().chain(self.suggested.values()).flatten()
    }

    /// The starred rows in order, each with its stars.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &[Judged])> {
        self.rows.iter().map(|(row, stars)| (*row, &**stars))
    }
}

fn put(rows: &mut BTreeMap<u32, Vec<Judged>>, row: u32, stars: Vec<Judged>) {
    if stars.is_empty() {
        rows.remove(&row);
    } else {
        rows.insert(row, stars);
    }
}

fn meant(rows: &BTreeMap<u32, Vec<Judged>>, limit: u32, test: impl Fn(&[Judged]) -> bool) -> Bits {
    let mut meant = Bits::new(limit);
    let passing = rows.iter().filter(|(_, stars)| test(stars));
    passing.for_each(|(row, _)| meant.set(*row));
    meant
}
