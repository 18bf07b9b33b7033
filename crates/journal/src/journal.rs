//! The journal: an append-only file that others may be writing too, and the fold over it.

use crate::entry::{Entry, Place};
use crate::followed::Followed;
use crate::line::{self, Beside, Event, Step, step_line};
use crate::star::Star;
use crate::state::{Blemish, Change, State};
use crate::writer::{Lines, Writer};
use goldstar_disk::Disk;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::mpsc::channel;
use std::sync::{Arc, RwLockReadGuard};
use ulid::Ulid;

/// Why nothing could be appended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// The journal cannot be written.
    #[error("{path}: {what}")]
    Disk {
        /// The journal.
        path: String,
        /// What happened, and what to do.
        what: String,
    },
    /// It was no longer right when its turn came; nothing of it counts.
    #[error("{0}")]
    Refused(String),
}

/// Lines that are on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// They were written.
    New,
    /// Every one of their ids was in the journal already, or came there by another caller.
    Known,
}

/// What became of lines.
pub type Outcome = Result<Appended, AppendError>;

/// Whether an act may be written, asked when nobody else can write; `Err` says why not.
pub type Check = Arc<dyn Fn(&State) -> Result<(), String> + Send + Sync>;

/// The journal of a collection.
pub struct Journal {
    followed: Arc<Followed>,
    writer: Writer,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("path", &self.followed.path()).finish_non_exhaustive()
    }
}

impl Journal {
    /// Opens the journal at `path` and folds it. A file that is not there is an empty journal; it
    /// is made with the first star. `hash` names the text of an output.
    pub fn open(path: &Path, disk: Arc<dyn Disk>, hash: fn(&str) -> u64) -> io::Result<Self> {
        let followed = Arc::new(Followed::new(path, hash));
        followed.follow()?;
        let writer = Writer::new(followed.clone(), disk);
        Ok(Self { followed, writer })
    }

    /// Today's stars. Held only for a moment: stars wait for it.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.followed.state()
    }

    /// Grows with every star that is given or taken back.
    pub fn revision(&self) -> u64 {
        self.followed.revision()
    }

    /// Calls `listener` with every change from now on, whoever made it. Once.
    pub fn listen(&self, listener: impl Fn(&[Change]) + Send + Sync + 'static) {
        self.followed.listen(Box::new(listener));
    }

    /// Folds what others have appended.
    pub fn follow(&self) -> io::Result<()> {
        self.followed.follow()
    }

    /// Lines that are no stars; a last line that is torn is one of them.
    pub fn blemishes(&self) -> Vec<Blemish> {
        self.followed.blemishes()
    }

    /// Reads the line at a place, as it was written, but for a mark that begins the file.
    pub fn line(&self, place: Place) -> io::Result<String> {
        let line = String::from_utf8(self.followed.line_at(place)?).map_err(io::Error::other)?;
        Ok(line.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(line))
    }

    /// Reads the star at a place; `true` when the line takes it back.
    pub fn star(&self, place: Place) -> io::Result<(Star, bool)> {
        let line = line::read_line(&self.followed.line_at(place)?).map_err(io::Error::other)?;
        match line.map(|line| line.event) {
            Some(Event::Star(star)) => Ok((star, false)),
            Some(Event::Unstar(star)) => Ok((star, true)),
            _ => Err(io::Error::other("the journal has changed; open it again")),
        }
    }

    /// Reads the star of an entry, with its text, as it stands in the fold: an old line may have
    /// taken the model of a newer one.
    pub fn star_of(&self, entry: &Entry) -> io::Result<Star> {
        let (star, _) = self.star(entry.place)?;
        let model = entry.model.as_deref().map(str::to_owned);
        Ok(Star { model, choice: entry.choice, ..star })
    }

    /// Appends steps, each an act of its own, all in one write, and returns when they are on the
    /// disk and folded. Steps whose id is in the journal already are not written again, but synced
    /// all the same.
    ///
    /// Callers that come while others are being served share the next write and its sync.
    pub fn append(&self, steps: &[Step]) -> Outcome {
        self.append_if(steps, None)
    }

    /// As [`Journal::append`], if `check` passes when nobody else can write.
    pub fn append_if(&self, steps: &[Step], check: Option<Check>) -> Outcome {
        self.append_lines(lines_of(steps), check)
    }

    /// As [`Journal::append_if`] of one step, but returns at once; `done` gets it back when it is
    /// on the disk and folded. The thread that writes calls it, and it must not wait for anything.
    pub fn append_then(
        &self,
        step: Step,
        check: Option<Check>,
        done: impl FnOnce(Step, Outcome) + Send + 'static,
    ) {
        let lines = lines_of(std::slice::from_ref(&step));
        let done = Box::new(move |outcome| done(step, outcome));
        self.writer.put(Lines { lines, check, done });
    }

    pub(crate) fn append_lines(&self, lines: Vec<(Ulid, String)>, check: Option<Check>) -> Outcome {
        let (done, outcome) = channel();
        // Who waits for it is just below.
        let done = Box::new(move |outcome| drop(done.send(outcome)));
        self.writer.put(Lines { lines, check, done });
        outcome.recv().unwrap_or_else(|_gone| Err(self.followed.has_ended()))
    }
}

fn lines_of(steps: &[Step]) -> Vec<(Ulid, String)> {
    let line = |step: &Step| Some((step.star().id?, step_line(step, Beside::default())));
    steps.iter().filter_map(line).collect()
}
