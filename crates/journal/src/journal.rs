//! The journal: an append-only file that others may be writing too, and the fold over it.

use crate::entry::{Entry, Place};
use crate::line::{self, Beside, Event, Step, step_line};
use crate::reader::Reader;
use crate::star::Star;
use crate::state::{Blemish, Change, State};
use goldstar_disk::{Disk, Log};
use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard};
use std::thread::sleep;
use std::time::Duration;
use ulid::Ulid;

/// How long a line without its newline may stand before it counts as torn: a program that writes a
/// long line in two parts gets this time for the second.
const TORN_AFTER: Duration = Duration::from_millis(200);
/// A line that another program's half line swallowed is written again, this often at most.
const TRIES: usize = 3;

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

/// The journal of a collection.
pub struct Journal {
    path: PathBuf,
    disk: Arc<dyn Disk>,
    hash: fn(&str) -> u64,
    reader: Mutex<Reader>,
    state: RwLock<State>,
    waiting: Mutex<Vec<Arc<Waiting>>>,
    writer: Mutex<Writer>,
    revision: AtomicU64,
    listener: OnceLock<Listener>,
}

type Listener = Box<dyn Fn(&[Change]) + Send + Sync>;

/// Whether an act may be written, asked when nobody else can write; `Err` says why not.
pub type Check = Arc<dyn Fn(&State) -> Result<(), String> + Send + Sync>;

/// One caller's lines on their way.
struct Waiting {
    lines: Vec<(Ulid, String)>,
    check: Option<Check>,
    outcome: OnceLock<Result<(), AppendError>>,
}

#[derive(Default)]
struct Writer {
    log: Option<Box<dyn Log>>,
    /// A sync failed: what the disk holds is not known, so nothing more is promised.
    broken: Option<String>,
}

/// Why lines could not be written.
enum WriteError {
    /// They are not all there.
    Write(io::Error),
    /// They may be there, or not.
    Sync(io::Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Journal {
    /// Opens the journal at `path` and folds it. A file that is not there is an empty journal; it
    /// is made with the first star. `hash` names the text of an output.
    pub fn open(path: &Path, disk: Arc<dyn Disk>, hash: fn(&str) -> u64) -> io::Result<Self> {
        let journal = Self {
            path: path.to_owned(),
            disk,
            hash,
            reader: Mutex::new(Reader::new(path)),
            state: RwLock::default(),
            waiting: Mutex::default(),
            writer: Mutex::default(),
            revision: AtomicU64::new(0),
            listener: OnceLock::new(),
        };
        journal.follow()?;
        Ok(journal)
    }

    /// Today's stars. Held only for a moment: stars wait for it.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Grows with every star that is given or taken back.
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Calls `listener` with every change from now on, whoever made it. Once.
    pub fn listen(&self, listener: impl Fn(&[Change]) + Send + Sync + 'static) {
        self.listener.set(Box::new(listener)).ok();
    }

    /// Folds what others have appended.
    pub fn follow(&self) -> io::Result<()> {
        let mut reader = locked(&self.reader);
        self.fold_new(&mut reader)
    }

    /// Lines that are no stars; a last line that is torn is one of them.
    pub fn blemishes(&self) -> Vec<Blemish> {
        let tail_bytes = locked(&self.reader).tail_bytes;
        let state = self.state();
        let mut all = state.blemishes().to_vec();
        if tail_bytes > 0 {
            let what = "the last line has no end: it was torn, or is being written".to_owned();
            all.push(Blemish { line: state.lines() + 1, what });
        }
        all
    }

    /// Reads the line at a place, as it was written.
    pub fn line(&self, place: Place) -> io::Result<String> {
        let bytes = locked(&self.reader).line_at(place.offset, place.length)?;
        String::from_utf8(bytes).map_err(io::Error::other)
    }

    /// Reads the star at a place; `true` when the line takes it back.
    pub fn star(&self, place: Place) -> io::Result<(Star, bool)> {
        let line = line::read_line(self.line(place)?.as_bytes()).map_err(io::Error::other)?;
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
    /// Callers that come while another is being served share the next write and its sync.
    pub fn append(&self, steps: &[Step]) -> Result<(), AppendError> {
        let line = |step: &Step| Some((step.star().id?, step_line(step, Beside::default())));
        self.append_lines(steps.iter().filter_map(line).collect(), None)
    }

    pub(crate) fn append_lines(
        &self,
        lines: Vec<(Ulid, String)>,
        check: Option<Check>,
    ) -> Result<(), AppendError> {
        let waiting = Arc::new(Waiting { lines, check, outcome: OnceLock::new() });
        locked(&self.waiting).push(waiting.clone());
        let mut writer = locked(&self.writer);
        if waiting.outcome.get().is_none() {
            // Whoever gets here first serves all who wait.
            let all = std::mem::take(&mut *locked(&self.waiting));
            // What has to be checked goes by itself, behind what may change the verdict.
            let (free, checked): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|waiting| waiting.check.is_none());
            let groups = std::iter::once(&free[..]).chain(checked.chunks(1));
            for group in groups.filter(|group| !group.is_empty()) {
                let outcome = self.commit(&mut writer, group);
                for served in group {
                    served.outcome.set(outcome.clone()).ok();
                }
            }
        }
        drop(writer);
        waiting.outcome.get().cloned().unwrap_or(Ok(()))
    }

    fn commit(&self, writer: &mut Writer, all: &[Arc<Waiting>]) -> Result<(), AppendError> {
        if let Some(what) = &writer.broken {
            return Err(self.error(what));
        }
        let log = self.locked_log(writer)?;
        let written = self.write_lines(log, all);
        log.unlock().ok(); // closing the file gives the lock back too
        written.map_err(|failed| match failed {
            WriteError::Write(error) => {
                writer.log = None;
                self.error(&format!("nothing was acknowledged: {error}"))
            }
            WriteError::Sync(error) => {
                let what = format!(
                    "could not be synced ({error}); what is on the disk is uncertain, so nothing \
                     more is written until Goldstar is started again"
                );
                writer.broken = Some(what.clone());
                self.error(&what)
            }
        })
    }

    /// The file, open and locked, and the one that is there now.
    fn locked_log<'w>(&self, writer: &'w mut Writer) -> Result<&'w mut dyn Log, AppendError> {
        let open = || -> io::Result<Box<dyn Log>> {
            let mut log = self.disk.open_log(&self.path)?;
            log.lock()?;
            Ok(log)
        };
        let reused = writer.log.take().and_then(|mut log| {
            log.lock().ok()?;
            log.is_current().ok()?.then_some(log)
        });
        let log = match reused {
            Some(log) => log,
            None => open().map_err(|error| {
                self.error(&format!("cannot be written: {error}; check its rights and the disk"))
            })?,
        };
        Ok(&mut **writer.log.insert(log))
    }

    /// Writes the lines whose ids are not in the file yet, and sees that they arrived whole.
    fn write_lines(&self, log: &mut dyn Log, all: &[Arc<Waiting>]) -> Result<(), WriteError> {
        let mut reader = locked(&self.reader);
        let mut is_synced = false;
        self.fold_new(&mut reader)?;
        let right = right_ones(all, &self.state());
        let lines = || right.iter().flat_map(|waiting| &waiting.lines);
        for _ in 0..TRIES {
            self.fold_new(&mut reader)?;
            let mut bytes = Vec::new();
            {
                let state = self.state();
                let mut taken = HashSet::new();
                let is_new = |(id, _): &&(Ulid, String)| state.line_of(*id).is_none();
                // Two callers may have come with the same act.
                for (id, line) in lines().filter(is_new).filter(|(id, _)| taken.insert(*id)) {
                    debug_assert!(!line.contains('\n'), "{id}");
                    bytes.extend_from_slice(line.as_bytes());
                    bytes.push(b'\n');
                }
            }
            if bytes.is_empty() {
                // Who wrote them before may have died before the sync.
                return if is_synced { Ok(()) } else { log.sync().map_err(WriteError::Sync) };
            }
            self.seal_torn_tail(log, &mut reader)?;
            log.append(&bytes)?;
            // Before anybody is told, the fold and the browsers included.
            log.sync().map_err(WriteError::Sync)?;
            is_synced = true;
        }
        self.fold_new(&mut reader)?;
        let state = self.state();
        if lines().all(|(id, _)| state.line_of(*id).is_some()) {
            return Ok(());
        }
        Err(io::Error::other("another program keeps writing into our lines").into())
    }

    /// Ends a line that nobody is going to end. It stays in place, and is a blemish.
    fn seal_torn_tail(&self, log: &mut dyn Log, reader: &mut Reader) -> io::Result<()> {
        if reader.is_open {
            log.append(b"\n")?;
            self.fold_new(reader)?;
        }
        let mut seen = reader.tail_bytes;
        while reader.tail_bytes > 0 {
            sleep(TORN_AFTER);
            self.fold_new(reader)?;
            if reader.tail_bytes == seen {
                log.append(b"\n")?;
                self.fold_new(reader)?;
            }
            seen = reader.tail_bytes;
        }
        Ok(())
    }

    /// Folds the lines that are new in the file and tells who listens.
    fn fold_new(&self, reader: &mut Reader) -> io::Result<()> {
        let starts_over = reader.reopen_if_replaced()?;
        if !starts_over && !reader.has_more()? {
            return Ok(());
        }
        let mut changes = Vec::new();
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let (had, before) = (state.lines(), state.moment());
        if starts_over {
            *state = state.again();
        }
        reader.read(|offset, line, bytes| {
            let place = Place { offset, length: bytes.len() as u32, line };
            state.fold(line::read_line(bytes), place, self.hash, &mut changes);
        })?;
        if starts_over && state.lines() < had {
            state.lost_lines(had);
        }
        // What looks at stars stays right when somebody merely claims.
        if starts_over || state.moment() != before {
            self.revision.fetch_add(1, Ordering::AcqRel);
        }
        drop(state);
        if let Some(listener) = self.listener.get() {
            listener(&changes);
        }
        Ok(())
    }

    fn error(&self, what: &str) -> AppendError {
        AppendError::Disk { path: self.path.display().to_string(), what: what.to_owned() }
    }
}

/// Those whose lines may be written. The others are told why not; what is in the file already needs
/// no second look.
fn right_ones<'w>(all: &'w [Arc<Waiting>], state: &State) -> Vec<&'w Arc<Waiting>> {
    let mut checked: Vec<&Arc<Waiting>> = Vec::new();
    for waiting in all {
        let is_known = waiting.lines.iter().all(|(id, _)| state.line_of(*id).is_some());
        let verdict = match &waiting.check {
            Some(check) if !is_known => check(state),
            _ => Ok(()),
        };
        match verdict {
            Ok(()) => checked.push(waiting),
            Err(why) => drop(waiting.outcome.set(Err(AppendError::Refused(why)))),
        }
    }
    checked
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
