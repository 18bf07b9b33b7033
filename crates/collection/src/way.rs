//! The way through a view: where a record stands, and which is the next to review.

use crate::collection::{Collection, View};
use crate::view::Rows;
use goldstar_catalog::{SHOWN, State, Table};
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

impl Collection {
    /// The position of a record in a view, if it is in it.
    pub fn position(&self, view: &View, custom_id: &str) -> Option<u32> {
        let row = view.snapshot.look(|table| table.row_of(custom_id))?;
        view.rows.position(row)
    }

    /// The nearest record behind (or before) a position that has no star and an output that can be
    /// starred. Without a position it is looked for from the end of the view that comes first.
    pub fn next_unreviewed(
        &self,
        view: &View,
        from: Option<u32>,
        direction: Direction,
    ) -> Option<Waypoint> {
        let starred = self.standing(&view.snapshot).rows(view.snapshot.row_count(), |_| true);
        let rows: Option<Arc<[u32]>> = match &view.rows {
            Rows::All(_) => None,
            Rows::Set(_, rows) => Some(rows.ones().collect()),
            Rows::List(rows) => Some(rows.clone()),
        };
        let len = view.rows.len();
        let row = |index: u32| rows.as_ref().map_or(index, |rows| rows[index as usize]);
        view.snapshot.look(|table| {
            let is_next = |index: &u32| {
                let row = row(*index);
                !starred.get(row) && has_text(table, row)
            };
            let index = match direction {
                Direction::Forward => {
                    (from.map_or(0, |from| from.saturating_add(1))..len).find(is_next)
                }
                Direction::Backward => {
                    (0..from.map_or(len, |from| from.min(len))).rev().find(is_next)
                }
            };
            index.map(|index| Waypoint { index, custom_id: table.custom_id(row(index)).to_owned() })
        })
    }
}

fn has_text(table: &Table, row: u32) -> bool {
    table.entry_numbers(row).any(|entry| {
        let part = table.part_of(entry);
        part.flags()[0] & SHOWN != 0 && part.states()[0] == State::Ok as u8
    })
}
