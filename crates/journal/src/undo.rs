//! Undo and redo: lines that bring back what stood before an act, or what it had made of it.

use crate::acts::{Act, Irreversible, Mark, Reversal, What};
use crate::journal::{AppendError, Journal};
use crate::line::{Step, read_line};
use crate::star::Star;
use crate::state::State;
use crate::writing::NewAct;
use std::io;
use std::sync::Arc;
use ulid::Ulid;

/// An act that is to be taken back or done again.
#[derive(Debug, Clone)]
pub struct NewReversal {
    /// Whose.
    pub starred_by: String,
    /// Which act, and what is to become of it.
    pub of: Reversal,
    /// The idempotency key of the undo or redo itself.
    pub id: Ulid,
    /// When: RFC 3339, UTC.
    pub at: String,
}

/// Why an act was not taken back or done again.
#[derive(Debug, thiserror::Error)]
pub enum ReverseError {
    /// It cannot be.
    #[error(transparent)]
    Irreversible(#[from] Irreversible),
    /// The id belongs to something else.
    #[error("names another line of the journal")]
    IdTaken,
    /// What stood there before cannot be read.
    #[error("the journal cannot be read: {0}")]
    Read(#[from] io::Error),
    /// The journal cannot be written.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl Journal {
    /// Takes an act back or does it again, whole or not at all; gives the act. The same id twice is
    /// one undo. `new_id` makes idempotency keys.
    pub fn reverse(
        &self,
        new: &NewReversal,
        mut new_id: impl FnMut() -> Ulid,
    ) -> Result<Arc<Act>, ReverseError> {
        if let Some(known) = self.reversed_with(new)? {
            return Ok(known);
        }
        let act = self.state().reversible(&new.starred_by, new.of)?.clone();
        let lines: Vec<Mark> = act.lines(new.of).collect();
        let is_star = lines.iter().any(|mark| mark.is_star);
        let header = NewAct {
            id: new.id,
            what: if is_star { What::Star } else { What::Unstar },
            starred_by: new.starred_by.clone(),
            at: new.at.clone(),
            is_bulk: act.is_bulk,
            reversal: Some(new.of),
        };
        let mut writing = self.begin(header, new_id())?;
        for mark in &lines {
            let step = self.step(mark, new_id(), &new.at);
            let pushed = step.map_err(ReverseError::from).and_then(|step| Ok(writing.push(step)?));
            if let Err(error) = pushed {
                writing.cancel(new_id()).ok();
                return Err(error);
            }
        }
        let (starred_by, of) = (new.starred_by.clone(), new.of);
        let check = move |state: &State| match state.reversible(&starred_by, of) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        writing.close(new_id(), Arc::new(check))?;
        Ok(act)
    }

    /// The act that the line with this id takes back or does again.
    pub fn reversal_with(&self, id: Ulid) -> io::Result<Option<Reversal>> {
        let Some(place) = self.state().line_of(id) else { return Ok(None) };
        let line = read_line(self.line(place)?.as_bytes()).map_err(io::Error::other)?;
        Ok(line.and_then(|line| line.reversal))
    }

    /// The act, if this id has reversed it already.
    fn reversed_with(&self, new: &NewReversal) -> Result<Option<Arc<Act>>, ReverseError> {
        if self.state().line_of(new.id).is_none() {
            return Ok(None);
        }
        let is_same = self.reversal_with(new.id)? == Some(new.of);
        let state = self.state();
        let mut acts = state.acts(&new.starred_by).map(|(act, _)| act);
        let known = acts.find(|act| is_same && act.id == new.of.act());
        known.cloned().map(Some).ok_or(ReverseError::IdTaken)
    }

    /// The line for a mark, with the text as it was written.
    fn step(&self, mark: &Mark, id: Ulid, at: &str) -> io::Result<Step> {
        let star = Star { id: Some(id), ..self.star_of(&mark.entry)? };
        Ok(if mark.is_star { Step::Star(star) } else { Step::unstar(star, at) })
    }
}
