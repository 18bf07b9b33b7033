//! The way through a view: where a record stands, and which is the next to review.

use crate::collection::{Collection, View};
use crate::judged::Judged;
use crate::view::Rows;
use goldstar_catalog::{Bits, SHOWN, State, Table};
use jiff::Timestamp;
use std::sync::Arc;

/// A record of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waypoint {
    /// Its position in the view, from 0.
    pub index: u32,
    /// Its id.
    pub custom_id: String,
}

/// In which direction one looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the end of the view.
    Forward,
    /// To its beginning.
    Backward,
}

/// How one looks for the next record to review.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'w> {
    /// Behind (or before) this position; without one from the end of the view that comes first.
    pub from: Option<u32>,
    /// In which direction.
    pub direction: Direction,
    /// Who looks: what others claim is passed over.
    pub by: &'w str,
    /// When.
    pub now: Timestamp,
    /// The view is of what somebody has still to star: what others have starred counts, too.
    pub is_todo: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The nearest record to review.
    pub next: Option<Waypoint>,
    /// When there is none: how many there are that others claim.
    pub claimed: u32,
}

impl Collection {
    /// The position of a record in a view, if it is in it.
    pub fn position(&self, view: &View, custom_id: &str) -> Option<u32> {
        let row = view.snapshot.look(|table| table.row_of(custom_id))?;
        view.rows.position(row)
    }

    /// The nearest record that has no star, an output that can be starred, and nobody else before
    /// it.
    pub fn next_unreviewed(&self, view: &View, walk: Walk<'_>) -> Way {
        let Walk { from, direction, by, now, is_todo } = walk;
        let is_done = |_: &[Judged]| !is_todo;
        let starred = {
            let standing = self.standing_of(&view.snapshot, &view.sight);
            standing.rows(view.snapshot.row_count(), is_done)
        };
        let rows: Option<Arc<[u32]>> = match &view.rows {
            Rows::All(_) => None,
            Rows::Set(_, rows) => Some(rows.ones().collect()),
            Rows::List(rows) => Some(rows.clone()),
        };
        let len = view.rows.len();
        let row = |index: u32| rows.as_ref().map_or(index, |rows| rows[index as usize]);
        let ahead = match direction {
            Direction::Forward => from.map_or(0, |from| from.saturating_add(1))..len,
            Direction::Backward => 0..from.map_or(len, |from| from.min(len)),
        };
        view.snapshot.look(|table| {
            let claimed = self.rows_of_others(table, by, now);
            let is_left = |row: u32| !starred.get(row) && has_text(table, row);
            let is_next = |index: &u32| {
                let row = row(*index);
                !claimed.get(row) && is_left(row)
            };
            let index = match direction {
                Direction::Forward => ahead.clone().find(is_next),
                Direction::Backward => ahead.clone().rev().find(is_next),
            };
            let Some(index) = index else {
                let is_ahead = |row| view.rows.position(row).is_some_and(|at| ahead.contains(&at));
                let held = claimed.ones().filter(|row| is_left(*row) && is_ahead(*row));
                return Way { next: None, claimed: held.count() as u32 };
            };
            let custom_id = table.custom_id(row(index)).to_owned();
            Way { next: Some(Waypoint { index, custom_id }), claimed: 0 }
        })
    }

    /// The rows that others have before them.
    fn rows_of_others(&self, table: &Table, by: &str, now: Timestamp) -> Bits {
        let mut rows = Bits::new(table.row_count());
        let claims = self.claims(now).into_iter().filter(|claim| *claim.starred_by != *by);
        claims.filter_map(|claim| table.row_of(&claim.custom_id)).for_each(|row| rows.set(row));
        rows
    }
}

pub(crate) fn has_text(table: &Table, row: u32) -> bool {
    table.entry_numbers(row).any(|entry| {
        let part = table.part_of(entry);
        part.flags()[0] & SHOWN != 0 && part.states()[0] == State::Ok as u8
    })
}
