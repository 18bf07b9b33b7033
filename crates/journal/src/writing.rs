//! Writing an act of many lines: in lots, so that others may write between them, and counted only
//! once its closing line is there.

use crate::acts::{Reversal, What};
use crate::journal::{AppendError, Appended, Check, Journal};
use crate::line::{Beside, Closing, Step, closing_line, step_line};
use std::sync::Arc;
use ulid::Ulid;

/// Bytes that are written together.
const LOT_BYTES: usize = 8 << 20;

/// An act that is to be written.
#[derive(Debug, Clone)]
pub struct NewAct {
    /// Its idempotency key.
    pub id: Ulid,
    /// What is done.
    pub what: What,
    /// Who.
    pub starred_by: String,
    /// When: RFC 3339, UTC.
    pub at: String,
    /// Whether it is a bulk act even if it is one line.
    pub is_bulk: bool,
    /// The act that it is about, if it is an undo or a redo.
    pub reversal: Option<Reversal>,
}

/// An act on its way into the journal. One that is dropped before it is closed never counts.
#[derive(Debug)]
pub struct Writing<'j> {
    journal: &'j Journal,
    act: NewAct,
    bulk: String,
    lot: Vec<Step>,
    lot_bytes: usize,
    /// Lines that are in the file.
    written: u64,
}

impl Journal {
    /// Begins an act. What an earlier attempt at the same act has left is given up.
    pub fn begin(&self, act: NewAct, id: Ulid) -> Result<Writing<'_>, AppendError> {
        let bulk = act.id.to_string();
        let is_left_over = self.state().held_lines(&bulk) > 0;
        let mut writing =
            Writing { journal: self, act, bulk, lot: Vec::new(), lot_bytes: 0, written: 0 };
        if is_left_over {
            writing.give_up(id)?;
        }
        Ok(writing)
    }
}

impl Writing<'_> {
    /// Adds a step, which must have an id of its own. Every 8 MB are written at once.
    pub fn push(&mut self, step: Step) -> Result<(), AppendError> {
        let star = step.star();
        self.lot_bytes += star.llm_output.len() + star.notes.len() + 256;
        self.lot.push(step);
        if self.lot_bytes >= LOT_BYTES { self.flush() } else { Ok(()) }
    }

    /// Writes what was added so far. It does not count yet.
    pub fn flush(&mut self) -> Result<(), AppendError> {
        let beside = Beside { bulk: Some(&self.bulk), reversal: None };
        let lines =
            self.lot.iter().filter_map(|step| Some((step.star().id?, step_line(step, beside))));
        let lines: Vec<(Ulid, String)> = lines.collect();
        self.lot.clear();
        self.lot_bytes = 0;
        let count = lines.len() as u64;
        if count > 0 {
            // Some of them may be in the file even if it fails.
            self.written += count;
            self.journal.append_lines(lines, None)?;
        }
        Ok(())
    }

    /// Lets the act count, if `check` passes when nobody else can write: `Err` says why not, and
    /// then nothing of it ever counts. `id` makes a new idempotency key.
    pub fn close(mut self, id: Ulid, check: Check) -> Result<(), AppendError> {
        let closed = self.try_to_close(check);
        if closed.is_err() && self.written > 0 {
            // Whether or not this can be written: without its closing line nothing counts.
            self.give_up(id).ok();
        }
        closed
    }

    /// Gives the act up: nothing of it ever counts.
    pub fn cancel(mut self, id: Ulid) -> Result<(), AppendError> {
        if self.written > 0 { self.give_up(id) } else { Ok(()) }
    }

    fn try_to_close(&mut self, check: Check) -> Result<(), AppendError> {
        let act_id = self.act.id;
        if !self.act.is_bulk
            && self.written == 0
            && let [step] = &mut self.lot[..]
        {
            let (Step::Star(star) | Step::Unstar(star)) = step;
            star.id = Some(act_id);
            let beside = Beside { bulk: None, reversal: self.act.reversal };
            let line = step_line(step, beside);
            return self.journal.append_lines(vec![(act_id, line)], Some(check)).and_then(is_new);
        }
        self.flush()?;
        let (bulk, written) = (self.bulk.clone(), self.written);
        let line = self.closing(act_id, Some((written, self.act.what)));
        let check: Check = Arc::new(move |state| match state.held_lines(&bulk) == written {
            true => check(state),
            false => Err("the journal was replaced meanwhile; nothing was done".into()),
        });
        self.journal.append_lines(vec![(act_id, line)], Some(check)).and_then(is_new)
    }

    fn give_up(&mut self, id: Ulid) -> Result<(), AppendError> {
        self.written = 0;
        self.journal.append_lines(vec![(id, self.closing(id, None))], None).map(drop)
    }

    fn closing(&self, id: Ulid, complete: Option<(u64, What)>) -> String {
        closing_line(&Closing {
            id,
            bulk: &self.bulk,
            starred_by: &self.act.starred_by,
            at: &self.act.at,
            complete,
            reversal: self.act.reversal.filter(|_| complete.is_some()),
        })
    }
}

/// Whoever asked for an act looked for its id before: if it is there by now, another program was
/// faster, and what that did may be something else.
fn is_new(appended: Appended) -> Result<(), AppendError> {
    match appended {
        Appended::New => Ok(()),
        Appended::Known => {
            let what = "an act with this id was written by another program a moment ago; send it \
                        again to hear what became of it";
            Err(AppendError::Refused(what.into()))
        }
    }
}
