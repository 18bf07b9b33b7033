//! Claims: a reviewer who has a record before them says so, and others are led past it.

use crate::collection::Collection;
use crate::sight::Sight;
use crate::starring::{StarError, no_record};
use goldstar_journal::{Claim, Kind, NewClaim, Ulid};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The record is the claimer's until then.
    Until(Timestamp),
    /// Another reviewer has it, until then.
    By(Arc<str>, Timestamp),
    /// It should be unreviewed, and this reviewer has starred it.
    Starred(Arc<str>),
    /// The collection's owner has switched claims off.
    Off,
}

/// A record that somebody wants to have to themselves.
#[derive(Debug, Clone, Copy)]
pub struct Claiming<'c> {
    /// The record.
    pub custom_id: &'c str,
    /// Who.
    pub starred_by: &'c str,
    /// Only if no person has starred it: another may have been faster.
    pub is_unreviewed: bool,
    /// Which stars the claimer sees.
    pub sight: &'c Sight,
    /// When.
    pub now: Timestamp,
}

impl Collection {
    /// Claims a record for a reviewer; returns when that is on the disk. One that has more than
    /// half of its time left is not written again.
    pub fn claim(&self, claiming: Claiming<'_>, id: Ulid) -> Result<Claimed, StarError> {
        let Claiming { is_unreviewed, sight, now, .. } = claiming;
        let limits = self.settings().limits.star;
        let custom_id = limits.checked_id(claiming.custom_id)?;
        let starred_by = limits.checked_name("starred_by", claiming.starred_by)?;
        let lasts = SignedDuration::from_mins(i64::from(self.settings().claim_minutes));
        let is_complete = self.is_complete();
        if self.catalog().snapshot().look(|table| table.row_of(&custom_id)).is_none() {
            return Err(self.absent(is_complete, no_record(&custom_id)));
        }
        if lasts.is_zero() {
            return Ok(Claimed::Off);
        }
        let (now, until) = (whole_seconds(now), whole_seconds(now) + lasts);
        let starred =
            |custom_id: &str| is_unreviewed.then(|| self.starred_by(custom_id, sight)).flatten();
        if let Some(by) = starred(&custom_id) {
            return Ok(Claimed::Starred(by));
        }
        let standing = self.claim_on(&custom_id, now);
        let is_fresh = |claim: &Claim| now.duration_until(end_of(claim)) * 2 >= lasts;
        if let Some(claim) = standing
            && (*claim.starred_by != *starred_by || is_fresh(&claim))
        {
            return Ok(told(&claim, &starred_by));
        }
        let new = NewClaim {
            custom_id,
            starred_by,
            starred_at: now.to_string(),
            until: until.to_string(),
        };
        self.journal().claim(&new, id)?;
        // Of two who came at once the journal says who was first, and who is done already.
        if let Some(by) = starred(&new.custom_id) {
            return Ok(Claimed::Starred(by));
        }
        let standing = self.claim_on(&new.custom_id, now);
        Ok(standing.map_or(Claimed::Until(until), |claim| told(&claim, &new.starred_by)))
    }

    /// What reviewers have before them, in order of their names.
    pub fn claims(&self, now: Timestamp) -> Vec<Claim> {
        self.journal().state().claims(now.as_microsecond()).cloned().collect()
    }

    /// A person whose star on a record is seen.
    fn starred_by(&self, custom_id: &str, sight: &Sight) -> Option<Arc<str>> {
        if *sight != Sight::All {
            let mut seen = sight.seen(self.judged(custom_id)).into_iter();
            let of_people = seen.find(|judged| judged.star.kind == Kind::Human);
            return of_people.map(|judged| judged.star.starred_by.clone());
        }
        let state = self.journal().state();
        let stars = state.of_record(custom_id);
        let of_people = stars.iter().find(|star| star.kind == Kind::Human);
        of_people.map(|star| star.starred_by.clone())
    }

    fn claim_on(&self, custom_id: &str, now: Timestamp) -> Option<Claim> {
        let state = self.journal().state();
        state.claims(now.as_microsecond()).find(|claim| *claim.custom_id == *custom_id).cloned()
    }
}

/// When a claim ends.
pub fn end_of(claim: &Claim) -> Timestamp {
    Timestamp::from_microsecond(claim.until).unwrap_or(Timestamp::MAX)
}

fn told(claim: &Claim, starred_by: &str) -> Claimed {
    match *claim.starred_by == *starred_by {
        true => Claimed::Until(end_of(claim)),
        false => Claimed::By(claim.starred_by.clone(), end_of(claim)),
    }
}

/// As lines of the journal have times.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
