//! The thread that writes: the only one that appends to the journal, for all who wait at once.

use crate::followed::Followed;
use crate::journal::{AppendError, Appended, Check, Outcome};
use crate::reader::Reader;
use crate::state::State;
use goldstar_disk::{Disk, Log};
use std::collections::HashSet;
use std::io;
use std::iter;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::Duration;
use ulid::Ulid;

/// How long a line without its newline may stand before it counts as torn: a program that writes a
/// long line in two parts gets this time for the second.
const TORN_AFTER: Duration = Duration::from_millis(200);
/// One that comes in many parts gets it so often.
const PARTS_MAX: u32 = 10;
/// A line that another program's half line swallowed is written again, this often at most.
const TRIES: usize = 3;

/// One caller's lines on their way.
pub(crate) struct Lines {
    pub(crate) lines: Vec<(Ulid, String)>,
    pub(crate) check: Option<Check>,
    /// Told what became of them, by the thread that writes: it must not wait for anything.
    pub(crate) done: Box<dyn FnOnce(Outcome) + Send>,
}

/// The thread, once there is something to write.
pub(crate) struct Writer {
    followed: Arc<Followed>,
    disk: Arc<dyn Disk>,
    running: Mutex<Option<(Sender<Lines>, JoinHandle<()>)>>,
}

/// What the thread has in hand.
struct Writing {
    followed: Arc<Followed>,
    disk: Arc<dyn Disk>,
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
    /// They are no longer right.
    Refused(String),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl Writer {
    pub(crate) fn new(followed: Arc<Followed>, disk: Arc<dyn Disk>) -> Self {
        Self { followed, disk, running: Mutex::default() }
    }

    /// Hands lines over.
    pub(crate) fn put(&self, lines: Lines) {
        if let Err((lines, error)) = self.try_to_put(lines) {
            (lines.done)(Err(error));
        }
    }

    fn try_to_put(&self, lines: Lines) -> Result<(), (Lines, AppendError)> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let (sender, _) = match &mut *running {
            Some(running) => running,
            none => match self.begin() {
                Ok(begun) => none.insert(begun),
                Err(error) => {
                    let what = format!("cannot be written: no thread for it: {error}");
                    return Err((lines, self.followed.error(&what)));
                }
            },
        };
        sender.send(lines).map_err(|unsent| (unsent.0, self.followed.has_ended()))
    }

    fn begin(&self) -> io::Result<(Sender<Lines>, JoinHandle<()>)> {
        let (sender, waiting) = channel();
        let (followed, disk) = (self.followed.clone(), self.disk.clone());
        let mut writing = Writing { followed, disk, log: None, broken: None };
        let thread = thread::Builder::new().name("journal".into());
        Ok((sender, thread.spawn(move || writing.serve(&waiting))?))
    }
}

impl Drop for Writer {
    /// Ends the thread once it has written what it was given.
    fn drop(&mut self) {
        let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some((sender, thread)) = running.take() else { return };
        drop(sender);
        // A listener may have been the last who held the journal.
        if thread.thread().id() != thread::current().id() {
            thread.join().ok();
        }
    }
}

impl Writing {
    /// Serves all who wait, together, until nobody can come any more.
    fn serve(&mut self, waiting: &Receiver<Lines>) {
        while let Ok(first) = waiting.recv() {
            let all = iter::once(first).chain(waiting.try_iter());
            // What has to be checked goes by itself, behind what may change the verdict.
            let (free, checked): (Vec<_>, Vec<_>) = all.partition(|lines| lines.check.is_none());
            let groups = iter::once(free).chain(checked.into_iter().map(|lines| vec![lines]));
            for group in groups.filter(|group| !group.is_empty()) {
                let outcomes = self.commit(&group);
                for (lines, outcome) in group.into_iter().zip(outcomes) {
                    (lines.done)(outcome);
                }
            }
        }
    }

    /// What became of each.
    fn commit(&mut self, group: &[Lines]) -> Vec<Outcome> {
        match self.try_to_commit(group) {
            Ok(appended) => appended.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error); group.len()],
        }
    }

    fn try_to_commit(&mut self, group: &[Lines]) -> Result<Vec<Appended>, AppendError> {
        if let Some(what) = &self.broken {
            return Err(self.followed.error(what));
        }
        let followed = self.followed.clone();
        let log = self.locked_log()?;
        let written = write(&followed, log, group);
        log.unlock().ok(); // closing the file gives the lock back too
        written.map_err(|failed| match failed {
            WriteError::Refused(why) => AppendError::Refused(why),
            WriteError::Write(error) => {
                self.log = None;
                followed.error(&format!("nothing was acknowledged: {error}"))
            }
            WriteError::Sync(error) => {
                let what = format!(
                    "could not be synced ({error}); what is on the disk is uncertain, so nothing \
                     more is written until Goldstar is started again"
                );
                let failed = followed.error(&what);
                self.broken = Some(what);
                failed
            }
        })
    }

    /// The file, open and locked, and the one that is there now.
    fn locked_log(&mut self) -> Result<&mut dyn Log, AppendError> {
        let open = || -> io::Result<Box<dyn Log>> {
            let mut log = self.disk.open_log(self.followed.path())?;
            log.lock()?;
            Ok(log)
        };
        let reused = self.log.take().and_then(|mut log| {
            log.lock().ok()?;
            log.is_current().ok()?.then_some(log)
        });
        let log = match reused {
            Some(log) => log,
            None => open().map_err(|error| {
                let what = format!("cannot be written: {error}; check its rights and the disk");
                self.followed.error(&what)
            })?,
        };
        Ok(&mut **self.log.insert(log))
    }
}

/// Writes the lines whose ids are not in the file yet, and sees that they arrived whole.
fn write(
    followed: &Followed,
    log: &mut dyn Log,
    group: &[Lines],
) -> Result<Vec<Appended>, WriteError> {
    let mut reader = followed.reader();
    followed.fold_new(&mut reader)?;
    verdict(group, &followed.state()).map_err(WriteError::Refused)?;
    let (mut bytes, appended) = unknown(group, &followed.state());
    if bytes.is_empty() {
        // Who wrote them before may have died before the sync.
        log.sync().map_err(WriteError::Sync)?;
        return Ok(appended);
    }
    for _ in 0..TRIES {
        seal_torn_tail(followed, log, &mut reader)?;
        log.append(&bytes)?;
        // Before anybody is told, the fold and the browsers included.
        log.sync().map_err(WriteError::Sync)?;
        followed.fold_new(&mut reader)?;
        (bytes, _) = unknown(group, &followed.state());
        if bytes.is_empty() {
            return Ok(appended);
        }
    }
    Err(io::Error::other("another program keeps writing into our lines").into())
}

/// Whether the lines may be written. What is in the file already needs no second look.
fn verdict(group: &[Lines], state: &State) -> Result<(), String> {
    let is_known = |lines: &Lines| lines.lines.iter().all(|(id, _)| state.line_of(*id).is_some());
    let to_check = group.iter().filter(|lines| !is_known(lines));
    to_check.filter_map(|lines| lines.check.as_ref()).try_for_each(|check| check(state))
}

/// The bytes of lines whose ids the file does not hold, and for each caller whether there are any.
fn unknown(group: &[Lines], state: &State) -> (Vec<u8>, Vec<Appended>) {
    let (mut bytes, mut taken) = (Vec::new(), HashSet::new());
    let mut appended = Vec::with_capacity(group.len());
    for lines in group {
        let before = bytes.len();
        for (id, line) in &lines.lines {
            // Two callers may have come with the same act.
            if state.line_of(*id).is_none() && taken.insert(*id) {
                debug_assert!(!line.contains('\n'), "{id}");
                bytes.extend_from_slice(line.as_bytes());
                bytes.push(b'\n');
            }
        }
        appended.push(if bytes.len() > before { Appended::New } else { Appended::Known });
    }
    (bytes, appended)
}

/// Ends a line that nobody is going to end. It stays in place, and is a blemish.
fn seal_torn_tail(followed: &Followed, log: &mut dyn Log, reader: &mut Reader) -> io::Result<()> {
    if reader.is_open {
        log.append(b"\n")?;
        followed.fold_new(reader)?;
    }
    let (mut seen, mut parts) = (reader.tail_bytes, 0);
    while reader.tail_bytes > 0 {
        sleep(TORN_AFTER);
        followed.fold_new(reader)?;
        parts += 1;
        if reader.tail_bytes > 0 && (reader.tail_bytes == seen || parts >= PARTS_MAX) {
            log.append(b"\n")?;
            followed.fold_new(reader)?;
        }
        seen = reader.tail_bytes;
    }
    Ok(())
}
