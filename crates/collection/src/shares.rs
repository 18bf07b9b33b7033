//! Assignments put to the records that there are: who has to review which rows, and how far they
//! are.

use crate::answer::Asked;
use crate::assignment::{Assignment, Weights};
use crate::collection::Collection;
use crate::following::Current;
use crate::parallel::each_part;
use crate::settings::Settings;
use crate::sight::Sight;
use crate::standing::Standing;
use goldstar_catalog::{Bits, SHOWN, Snapshot, State, Table, each_in_parallel};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

/// Rows that one thread looks at in one go.
const LOT_ROWS: u32 = 1 << 16;

/// The rows of each assignment, of one revision of the catalog and of the settings.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    of: (u64, u64),
    settings: Arc<Settings>,
    all: Vec<Share>,
    /// Rows with an output that can be starred.
    able: Option<Bits>,
}

#[derive(Debug)]
struct Share {
    /// All its rows.
    rows: Bits,
    /// Each reviewer's, in the assignment's order.
    of: Vec<(String, Bits)>,
}

/// How far an assignment is.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignmentProgress {
    /// Which.
    pub assignment: Assignment,
    /// Its records.
    pub records: u32,
    /// Those that all who should have starred them have starred.
    pub full: u32,
    /// Nothing that can be done is left. Never while batches are being indexed.
    pub is_complete: bool,
    /// Its reviewers, in its order.
    pub reviewers: Vec<ShareProgress>,
}

/// How far a reviewer is with an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareProgress {
    /// Who.
    pub name: String,
    /// Their records: those of the other three.
    pub assigned: u32,
    /// Those they have starred.
    pub done: u32,
    /// Those they have still to star.
    pub left: u32,
    /// Those without an output that can be starred.
    pub cannot: u32,
}

impl Collection {
    /// How far each assignment is by the stars that somebody sees, in the order of the settings.
    pub fn assignments(&self, sight: &Sight) -> Vec<AssignmentProgress> {
        let snapshot = self.catalog().snapshot();
        let shares = self.shares(&snapshot);
        let standing = self.standing_of(&snapshot, sight);
        let limit = snapshot.row_count();
        let mut starred: HashMap<&str, Bits> = HashMap::new();
        for name in shares.all.iter().flat_map(|share| &share.of).map(|(name, _)| &**name) {
            starred.entry(name).or_insert_with(|| standing.starred_by(name, limit));
        }
        let able = shares.able(limit);
        let known = shares.settings.assignments.iter().zip(&shares.all);
        known
            .map(|(assignment, share)| {
                let reviewers: Vec<_> = share
                    .of
                    .iter()
                    .map(|(name, rows)| progress(name, rows, &starred[&**name], &able))
                    .collect();
                let is_left = reviewers.iter().any(|reviewer| reviewer.left > 0);
                AssignmentProgress {
                    assignment: assignment.clone(),
                    records: share.rows.count_ones(),
                    full: share.full(&starred),
                    is_complete: !is_left && snapshot.is_complete,
                    reviewers,
                }
            })
            .collect()
    }

    /// What is assigned to whom, computed once for each state of the catalog and the settings.
    pub(crate) fn shares(&self, snapshot: &Snapshot) -> Arc<Shares> {
        let mut kept = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.followed.now();
        match &*kept {
            Some(shares) if shares.of == (snapshot.revision, current.revision) => shares.clone(),
            _ => {
                let shares = Arc::new(self.new_shares(snapshot, current));
                *kept = Some(shares.clone());
                shares
            }
        }
    }

    fn new_shares(&self, snapshot: &Snapshot, current: Current) -> Shares {
        let (of, settings) = ((snapshot.revision, current.revision), current.settings);
        let assignments = &settings.assignments;
        if assignments.is_empty() {
            return Shares { of, settings, ..Shares::default() };
        }
        // The query of an assignment asks for no stars.
        let asked = Asked {
            snapshot,
            standing: &Standing::default(),
            shares: &Shares::default(),
            threads: self.threads,
        };
        let scopes: Vec<Option<Bits>> =
            assignments.iter().map(|assignment| asked.rows(&assignment.query)).collect();
        let (all, able) = snapshot.look(|table| {
            let all = assignments.iter().zip(scopes);
            let share = |(assignment, scope): (&Assignment, Option<Bits>)| {
                Share::new(table, assignment, scope.as_ref(), self.threads)
            };
            (all.map(share).collect(), with_text(table, self.threads))
        });
        Shares { of, settings, all, able: Some(able) }
    }
}

impl Shares {
    /// Whether nothing is assigned to anybody.
    pub(crate) fn are_none(&self) -> bool {
        self.settings.assignments.is_empty()
    }

    /// The rows that are assigned to a reviewer.
    pub(crate) fn of(&self, name: &str, limit: u32) -> Bits {
        let theirs = self.all.iter().flat_map(|share| &share.of).filter(|(known, _)| known == name);
        theirs.fold(Bits::new(limit), |mut rows, (_, more)| {
            rows.or(more);
            rows
        })
    }

    /// Those among them that the reviewer can star and has not.
    pub(crate) fn todo(&self, name: &str, standing: &Standing, limit: u32) -> Bits {
        let mut rows = self.of(name, limit);
        rows.and(&self.able(limit));
        rows.and_not(&standing.starred_by(name, limit));
        rows
    }

    fn able(&self, limit: u32) -> Bits {
        self.able.clone().unwrap_or_else(|| Bits::new(limit))
    }
}

impl Share {
    fn new(table: &Table, assignment: &Assignment, scope: Option<&Bits>, threads: usize) -> Self {
        let count = table.row_count();
        let lots: Vec<u32> = (0..count).step_by(LOT_ROWS as usize).collect();
        let empty = || {
            let of: Vec<Bits> = assignment.reviewers.iter().map(|_| Bits::new(count)).collect();
            (Weights::new(assignment), Bits::new(count), of)
        };
        let look = |(weights, rows, of): &mut (Weights<'_>, Bits, Vec<Bits>), _, first: &u32| {
            for row in *first..first.saturating_add(LOT_ROWS).min(count) {
                let is_meant = scope.is_none_or(|scope| scope.get(row))
                    && assignment.rows.is_none_or(|rows| rows.contain(row));
                if !is_meant {
                    continue;
                }
                let custom_id = table.custom_id(row);
                if !weights.is_in_share(custom_id) {
                    continue;
                }
                rows.set(row);
                weights.reviewers_of(custom_id).for_each(|place| of[place].set(row));
            }
        };
        let found = each_in_parallel(&lots, threads, empty, look);
        let (mut rows, mut of) = (empty().1, empty().2);
        for (_, more, theirs) in &found {
            rows.or(more);
            of.iter_mut().zip(theirs).for_each(|(all, more)| all.or(more));
        }
        Self { rows, of: assignment.reviewers.iter().cloned().zip(of).collect() }
    }

    /// How many rows all who should have starred.
    fn full(&self, starred: &HashMap<&str, Bits>) -> u32 {
        let mut full = self.rows.clone();
        for (name, rows) in &self.of {
            let mut missing = rows.clone();
            missing.and_not(&starred[&**name]);
            full.and_not(&missing);
        }
        full.count_ones()
    }
}

fn progress(name: &str, rows: &Bits, starred: &Bits, able: &Bits) -> ShareProgress {
    let (assigned, done) = (rows.count_ones(), rows.count_common(starred));
    let mut left = rows.clone();
    left.and_not(starred);
    left.and(able);
    let left = left.count_ones();
    ShareProgress { name: name.to_owned(), assigned, done, left, cannot: assigned - done - left }
}

/// The rows with an output that can be starred.
fn with_text(table: &Table, threads: usize) -> Bits {
    let empty = || Bits::new(table.row_count());
    let found = each_part(&table.parts(), threads, empty, |able, part| {
        let (rows, flags, states) = (part.rows(), part.flags(), part.states());
        for at in 0..part.len {
            if flags[at] & SHOWN != 0 && states[at] == State::Ok as u8 {
                able.set(rows[at]);
            }
        }
    });
    found.into_iter().fold(empty(), |mut all, more| {
        all.or(&more);
        all
    })
}
