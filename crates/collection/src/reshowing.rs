//! Records that come before a reviewer again, to see how far one agrees with oneself.

use crate::collection::{Collection, View};
use crate::judged::Judged;
use crate::way::{Waypoint, has_text};

/// To whom a record is to come again, and which.
#[derive(Debug, Clone, Copy)]
pub struct Reshowing<'a> {
    /// Who has starred it.
    pub name: &'a str,
    /// Not later than this: microseconds since 1970-01-01 UTC.
    pub before: i64,
    /// Chooses among those that there are.
    pub luck: u64,
}

impl Collection {
    /// A record of the view that the reviewer has starred long enough ago, and that is as it was.
    pub fn to_reshow(&self, view: &View, which: &Reshowing<'_>) -> Option<Waypoint> {
        let rows = view.rows.as_set(view.snapshot.row_count());
        let is_own = |judged: &&Judged| *judged.star.starred_by == *which.name;
        let is_old = |judged: &Judged| judged.star.at <= which.before && !judged.is_stale;
        let standing = self.standing_of(&view.snapshot, &view.sight);
        let starred = standing.among(rows.as_deref()).filter(|(_, stars)| {
            let mut own = stars.iter().filter(is_own).peekable();
            own.peek().is_some() && own.all(is_old)
        });
        let starred: Vec<u32> = starred.map(|(row, _)| row).collect();
        drop(standing);
        view.snapshot.look(|table| {
            let known: Vec<u32> = starred.into_iter().filter(|row| has_text(table, *row)).collect();
            let at = which.luck.checked_rem(known.len() as u64)?;
            let row = known[at as usize];
            let index = view.rows.position(row)?;
            Some(Waypoint { index, custom_id: table.custom_id(row).to_owned() })
        })
    }
}
