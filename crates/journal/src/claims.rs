//! Claims: which reviewer has which record before them, so that two do not judge the same one
//! unless they should. They are soft: nobody is kept from starring.
//!
//! The journal's order decides, for every program that reads it: of two who claim a record the
//! first has it.

use crate::entry::{Place, microseconds};
use crate::journal::{AppendError, Journal};
use crate::line::claim_line;
use crate::state::Change;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use ulid::Ulid;

/// No claim lasts longer than a day, in microseconds; one that says so was written by hand.
const LONGEST: i64 = 24 * 60 * 60 * 1_000_000;
/// So many ids are known, for a writer to see that its line has arrived.
const IDS_KEPT: usize = 4096;

/// What a line about a claim says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClaim {
    /// The record.
    pub custom_id: String,
    /// Who has it before them.
    pub starred_by: String,
    /// Since when: RFC 3339, UTC.
    pub starred_at: String,
    /// Until when, in the same form.
    pub until: String,
}

/// A record that a reviewer has before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The record.
    pub custom_id: Arc<str>,
    /// Who.
    pub starred_by: Arc<str>,
    /// Until when, microseconds since 1970-01-01 UTC.
    pub until: i64,
}

/// The last claim of each reviewer, as far as it may still be live.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    held: BTreeMap<Arc<str>, Claim>,
    ids: VecDeque<Ulid>,
}

impl Journal {
    /// Appends a claim; returns when it is on the disk and folded. Whether it counts says the
    /// state: somebody may have come first.
    pub fn claim(&self, claim: &NewClaim, id: Ulid) -> Result<(), AppendError> {
        self.append_lines(vec![(id, claim_line(claim, id))], None).map(drop)
    }
}

impl Claim {
    /// Whether it stands at a time.
    pub fn is_live(&self, now: i64) -> bool {
        now < self.until && self.until - now <= LONGEST
    }
}

impl Claims {
    pub(crate) fn live(&self, now: i64) -> impl Iterator<Item = &Claim> {
        self.held.values().filter(move |claim| claim.is_live(now))
    }

    /// Takes what a line says, unless another reviewer came first. Its own time is the clock.
    pub(crate) fn put(
        &mut self,
        said: NewClaim,
        id: Option<Ulid>,
        ids: &mut HashMap<Ulid, Place>,
        changes: &mut Vec<Change>,
    ) {
        self.ids.extend(id);
        if self.ids.len() > IDS_KEPT {
            self.ids.pop_front().map(|old| ids.remove(&old));
        }
        let (now, until) = (microseconds(&said.starred_at), microseconds(&said.until));
        let starred_by: Arc<str> = said.starred_by.into();
        // Whoever goes on leaves what they had.
        self.held.remove(&starred_by);
        let custom_id: Arc<str> = said.custom_id.into();
        let claim = Claim { custom_id, starred_by, until };
        let is_same = |known: &Claim| known.custom_id == claim.custom_id;
        let is_taken = self.held.values().any(|known| is_same(known) && known.is_live(now));
        if claim.is_live(now) && !is_taken {
            // Of other records nothing is known by this clock, which may be wrong.
            self.held.retain(|_, known| !is_same(known));
            self.held.insert(claim.starred_by.clone(), claim.clone());
            changes.push(Change::Claim(claim));
        }
    }

    /// Whoever has starred a record is done with it.
    pub(crate) fn starred(&mut self, starred_by: &str, custom_id: &str) {
        if self.held.get(starred_by).is_some_and(|claim| *claim.custom_id == *custom_id) {
            self.held.remove(starred_by);
        }
    }
}
