//! Acts in bulk: many outputs starred, tagged or taken back at once, all of them or none.

use crate::chosen::Chosen;
use crate::collection::Collection;
use crate::sight::Sight;
use crate::starring::{StarError, its_own};
use crate::targets::{LeftOut, Target, Targets};
use goldstar_catalog::{Record, Snapshot, map_in_parallel};
use goldstar_journal::{
    Act, AppendError, Check, Invalid, Kind, NewAct, Score, State, Step, Ulid, What,
};
use std::sync::Arc;

/// Records that one thread looks at together.
const RECORDS_AT_ONCE: usize = 64;
/// Records that are shown before anything is done.
const SAMPLES: usize = 5;

/// What is to be done in bulk.
#[derive(Debug, Clone)]
pub struct NewBulk {
    /// What.
    pub what: What,
    /// In which records.
    pub of: Chosen,
    /// Whose outputs; of stars, only those on outputs of this model.
    pub model: Option<String>,
    /// The score of the new stars.
    pub quality_score: Option<Score>,
    /// Their tags, or those that are added or taken away.
    pub tags: Vec<String>,
    /// Their notes.
    pub notes: String,
    /// Who.
    pub starred_by: String,
    /// A person or an agent.
    pub kind: Kind,
    /// What the reviewer sees, of which the query is asked.
    pub sight: Sight,
    /// The idempotency key of the act.
    pub id: Ulid,
    /// When: RFC 3339, UTC.
    pub at: String,
}

/// What a bulk act would do.
#[derive(Debug, Default)]
pub struct BulkCount {
    /// Records that are looked at.
    pub records: u32,
    /// Outputs that would be written.
    pub count: u64,
    /// Stars of the reviewer among them that would be replaced.
    pub replaces: u64,
    /// Outputs that are left out.
    pub left_out: LeftOut,
    /// The first of them.
    pub sample: Vec<BulkSample>,
}

/// One output that a bulk act would be about.
#[derive(Debug)]
pub struct BulkSample {
    /// Its record.
    pub record: Record,
    /// The model; none when the star belongs to the record as a whole.
    pub model: Option<Arc<str>>,
    /// Its text.
    pub text: String,
}

/// A bulk act that is done.
#[derive(Debug)]
pub struct BulkDone {
    /// Outputs.
    pub count: u64,
    /// Outputs that were left out.
    pub left_out: LeftOut,
}

/// Why a bulk act was not done; nothing of it counts.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// Something is wrong with it, or with the journal.
    #[error(transparent)]
    Star(#[from] StarError),
    /// They are not as many as was expected.
    #[error("it is about {found} outputs, not {expected}; nothing was done")]
    NotAsMany {
        /// So many there are.
        found: u64,
        /// So many were expected.
        expected: u64,
    },
    /// The view is not what it was.
    #[error("the view is another one now; nothing was done")]
    View,
    /// It was given up when asked to.
    #[error("it was cancelled; nothing was done")]
    Cancelled,
}

impl From<Invalid> for BulkError {
    fn from(invalid: Invalid) -> Self {
        Self::Star(invalid.into())
    }
}

impl From<AppendError> for BulkError {
    fn from(error: AppendError) -> Self {
        Self::Star(error.into())
    }
}

/// How far a bulk act has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Whether lines are being written; else texts are looked at.
    pub is_writing: bool,
    /// Outputs that are through.
    pub done: u64,
}

/// Who wants to know how far it has come, and may stop it.
pub struct Watch<'w> {
    /// Told now and then.
    pub progress: &'w (dyn Fn(Progress) + Sync),
    /// Asked between lots: whether to give it up.
    pub is_cancelled: &'w (dyn Fn() -> bool + Sync),
}

/// Steps with the stars that they are about as they stand, for a last look before they count.
type Standing = Vec<(Arc<str>, u64)>;

impl Collection {
    /// What a bulk act would do. Texts are not read, but for the sample.
    pub fn count_bulk(&self, new: &NewBulk) -> Result<BulkCount, BulkError> {
        let new = self.checked(new)?;
        let mut found = BulkCount::default();
        let (snapshot, rows) = self.chosen(&new.of, &new.sight, &mut found.left_out)?;
        found.records = rows.len() as u32;
        for rows in rows.chunks(RECORDS_AT_ONCE) {
            for targets in self.targets(&new, &snapshot, rows, &mut found.left_out)? {
                self.add(&mut found, targets)?;
            }
        }
        Ok(found)
    }

    fn add(&self, found: &mut BulkCount, targets: Targets) -> Result<(), BulkError> {
        let Targets { record, outputs } = targets;
        for target in &outputs {
            found.count += 1;
            let replaces =
                matches!(target, Target::Star { .. } | Target::Output { replaces: true, .. });
            found.replaces += u64::from(replaces);
            if found.sample.len() < SAMPLES {
                let model = match target {
                    Target::Output { at, .. } => Some(record.outputs[*at].model.clone()),
                    Target::Star { judged, .. } => judged.model.clone(),
                };
                let text = self.text_of(&record, target).unwrap_or_default();
                found.sample.push(BulkSample { record: record.clone(), model, text });
            }
        }
        Ok(())
    }

    /// Does something in bulk, if it is about just `expect` outputs. The same id twice is one act.
    /// `new_id` makes idempotency keys.
    pub fn bulk(
        &self,
        new: &NewBulk,
        expect: u64,
        watch: &Watch<'_>,
        mut new_id: impl FnMut() -> Ulid,
    ) -> Result<BulkDone, BulkError> {
        let is_same = |act: &Act| act.is_bulk && act.what == new.what;
        if let Some(act) = self.act_with(new.id, &new.starred_by, is_same)? {
            let count = act.turns.len() as u64;
            return Ok(BulkDone { count, left_out: LeftOut::default() });
        }
        let new = self.checked(new)?;
        let mut left_out = LeftOut::default();
        let (snapshot, rows) = self.chosen(&new.of, &new.sight, &mut left_out)?;
        let doing = Doing { collection: self, new: &new, snapshot: &snapshot, watch };
        // What cannot be read is left out, so that it has to be known before the first line.
        let (count, _) = doing.each_lot(&rows, false, &mut left_out, |_| Ok(()))?;
        if count != expect {
            return Err(BulkError::NotAsMany { found: count, expected: expect });
        }
        if count == 0 {
            return Ok(BulkDone { count, left_out });
        }
        let act = NewAct {
            id: new.id,
            what: new.what,
            starred_by: new.starred_by.clone(),
            at: new.at.clone(),
            is_bulk: true,
            reversal: None,
        };
        let mut writing = self.journal().begin(act, new_id())?;
        let written = doing.each_lot(&rows, true, &mut LeftOut::default(), |mut step| {
            let (Step::Star(star) | Step::Unstar(star)) = &mut step;
            star.id = Some(new_id());
            writing.push(step)
        });
        let standing = match written {
            Ok((written, standing)) if written == expect && !(watch.is_cancelled)() => standing,
            other => {
                writing.cancel(new_id())?;
                let (found, _) = other?;
                return Err(match found == expect {
                    true => BulkError::Cancelled,
                    false => BulkError::NotAsMany { found, expected: expect },
                });
            }
        };
        let is_its_own = its_own(new.kind, &new.starred_by);
        let still = still_stand(standing);
        writing.close(
            new_id(),
            Arc::new(move |state| is_its_own(state).and_then(|()| still(state))),
        )?;
        Ok(BulkDone { count, left_out })
    }

    fn checked(&self, new: &NewBulk) -> Result<NewBulk, BulkError> {
        let limits = self.settings().limits.star;
        let invalid = |field, detail: &str| Invalid { field, detail: detail.to_owned() };
        let mut new = new.clone();
        new.tags = limits.checked_tags(&new.tags)?;
        new.notes = limits.checked_notes(&new.notes)?;
        new.starred_by = limits.checked_name("starred_by", &new.starred_by)?;
        self.name_of_its_own(new.kind, &new.starred_by)?;
        if new.what == What::Star && new.quality_score.is_none() {
            return Err(invalid("quality_score", "is required").into());
        }
        if matches!(new.what, What::Tag | What::Untag) && new.tags.is_empty() {
            return Err(invalid("tags", "is required").into());
        }
        if let Some(model) = &new.model {
            let models = self.catalog().models();
            if self.is_complete() && models.iter().all(|known| *known.name != **model) {
                let names: Vec<&str> = models.iter().map(|model| &*model.name).collect();
                let detail = format!("there is no model {model}; there are {}", names.join(", "));
                return Err(invalid("model", &detail).into());
            }
        }
        Ok(new)
    }

    fn targets(
        &self,
        new: &NewBulk,
        snapshot: &Snapshot,
        rows: &[u32],
        left_out: &mut LeftOut,
    ) -> Result<Vec<Targets>, Invalid> {
        let tags_most = self.settings().limits.star.tags;
        let records = self.records_of(snapshot, rows.iter().copied(), &Sight::All).into_iter();
        records.map(|judged| new.targets(judged, tags_most, left_out)).collect()
    }
}

/// A bulk act while its records are gone through.
struct Doing<'d> {
    collection: &'d Collection,
    new: &'d NewBulk,
    snapshot: &'d Snapshot,
    watch: &'d Watch<'d>,
}

/// What became of some records.
struct Lot {
    count: u64,
    /// Only when they are to be written.
    steps: Vec<Step>,
    standing: Standing,
    left_out: LeftOut,
}

impl Doing<'_> {
    /// Looks whether each output can be read, or hands over its step, in order; gives how many they
    /// are, and the stars that they are about.
    fn each_lot(
        &self,
        rows: &[u32],
        is_writing: bool,
        left_out: &mut LeftOut,
        mut take: impl FnMut(Step) -> Result<(), AppendError>,
    ) -> Result<(u64, Standing), BulkError> {
        let (mut done, mut standing) = (0, Standing::new());
        let chunks: Vec<&[u32]> = rows.chunks(RECORDS_AT_ONCE).collect();
        for chunks in chunks.chunks(self.collection.threads) {
            if (self.watch.is_cancelled)() {
                return Err(BulkError::Cancelled);
            }
            let lots =
                map_in_parallel(chunks, self.collection.threads, |rows| self.lot(rows, is_writing));
            for lot in lots {
                let mut lot = lot?;
                done += lot.count;
                standing.append(&mut lot.standing);
                for (reason, count) in lot.left_out {
                    *left_out.entry(reason).or_default() += count;
                }
                lot.steps.into_iter().try_for_each(&mut take)?;
            }
            (self.watch.progress)(Progress { is_writing, done });
        }
        Ok((done, standing))
    }

    fn lot(&self, rows: &[u32], is_writing: bool) -> Result<Lot, Invalid> {
        let (mut count, mut steps, mut standing) = (0, Vec::new(), Vec::new());
        let mut left_out = LeftOut::new();
        let (collection, new) = (self.collection, self.new);
        for targets in collection.targets(new, self.snapshot, rows, &mut left_out)? {
            let Targets { record, outputs } = targets;
            for target in &outputs {
                let is_there = if is_writing {
                    let step = collection.step(new, &record, target);
                    let had = steps.len();
                    steps.extend(step);
                    steps.len() > had
                } else {
                    collection.is_readable(&record, target)
                };
                match is_there {
                    true => count += 1,
                    false => *left_out.entry("cannot be read").or_default() += 1,
                }
                if let Target::Star { judged, .. } = target {
                    standing.push((judged.star.custom_id.clone(), judged.star.place.offset));
                }
            }
        }
        Ok(Lot { count, steps, standing, left_out })
    }
}

/// Whether the stars that were looked at are still the reviewer's last word, asked when nobody else
/// can write.
fn still_stand(standing: Standing) -> Check {
    Arc::new(move |state: &State| {
        let stands = |(custom_id, offset): &&(Arc<str>, u64)| {
            state.of_record(custom_id).iter().any(|entry| entry.place.offset == *offset)
        };
        match standing.iter().find(|one| !stands(one)) {
            Some((id, _)) => Err(format!("{id} was judged again meanwhile; nothing was done")),
            None => Ok(()),
        }
    })
}
