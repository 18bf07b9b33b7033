//! The file of the journal as it is followed: read as it grows, whoever appends, and folded.

use crate::entry::Place;
use crate::journal::AppendError;
use crate::line::{self, Line};
use crate::reader::Reader;
use crate::state::{Blemish, Change, State};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};

/// So many lines are read before stars have to wait for them to be folded.
const LINES_AHEAD: usize = 256;

/// Hears of every change.
pub(crate) type Listener = Box<dyn Fn(&[Change]) + Send + Sync>;

/// The file and its fold.
pub(crate) struct Followed {
    path: PathBuf,
    hash: fn(&str) -> u64,
    /// Held while a line is written and synced: nobody follows the file meanwhile.
    reader: Mutex<Reader>,
    /// The file that is read, to read single lines again without waiting for the reader.
    file: Mutex<Option<Arc<File>>>,
    /// Bytes behind the last newline, as of the last reading.
    tail_bytes: AtomicU64,
    state: RwLock<State>,
    revision: AtomicU64,
    listener: OnceLock<Listener>,
}

/// Lines that were read and are not folded yet.
type Ahead = Vec<(Result<Option<Line>, String>, Place)>;

impl Followed {
    pub(crate) fn new(path: &Path, hash: fn(&str) -> u64) -> Self {
        Self {
            path: path.to_owned(),
            hash,
            reader: Mutex::new(Reader::new(path)),
            file: Mutex::default(),
            tail_bytes: AtomicU64::new(0),
            state: RwLock::default(),
            revision: AtomicU64::new(0),
            listener: OnceLock::new(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Only the first one listens.
    pub(crate) fn listen(&self, listener: Listener) {
        self.listener.set(listener).ok();
    }

    /// Whoever reads the file. Nobody else follows it until this is given back.
    pub(crate) fn reader(&self) -> MutexGuard<'_, Reader> {
        locked(&self.reader)
    }

    pub(crate) fn follow(&self) -> io::Result<()> {
        self.fold_new(&mut self.reader())
    }

    pub(crate) fn blemishes(&self) -> Vec<Blemish> {
        // Without the reader, which is held while a line is synced or waited for.
        let has_tail = self.tail_bytes.load(Ordering::Acquire) > 0;
        let state = self.state();
        let mut all = state.blemishes().to_vec();
        if has_tail {
            let what = "the last line has no end: it was torn, or is being written".to_owned();
            all.push(Blemish { line: state.lines() + 1, what });
        }
        all
    }

    /// Reads a line again.
    pub(crate) fn line_at(&self, place: Place) -> io::Result<Vec<u8>> {
        let file = locked(&self.file).clone().ok_or(ErrorKind::NotFound)?;
        let mut bytes = vec![0; place.length as usize];
        file.read_exact_at(&mut bytes, place.offset)?;
        Ok(bytes)
    }

    /// Folds the lines that are new in the file and tells who listens.
    pub(crate) fn fold_new(&self, reader: &mut Reader) -> io::Result<()> {
        let starts_over = reader.reopen_if_replaced()?;
        if !starts_over && !reader.has_more()? {
            return Ok(());
        }
        // Nobody else folds while we have the reader.
        let (had, before) = (self.state().lines(), self.state().moment());
        let mut held = starts_over.then(|| {
            let mut state = self.state_to_change();
            *state = state.again();
            state
        });
        let (mut ahead, mut changes): (Ahead, _) = (Vec::new(), Vec::new());
        let read = reader.read(|offset, line, bytes| {
            let place = Place { offset, length: bytes.len() as u32, line };
            ahead.push((line::read_line(bytes), place));
            if ahead.len() >= LINES_AHEAD {
                let state = held.get_or_insert_with(|| self.state_to_change());
                self.fold(state, &mut ahead, &mut changes);
            }
        });
        let mut state = held.unwrap_or_else(|| self.state_to_change());
        self.fold(&mut state, &mut ahead, &mut changes);
        *locked(&self.file) = reader.file();
        self.tail_bytes.store(reader.tail_bytes, Ordering::Release);
        if starts_over && state.lines() < had {
            state.lost_lines(had);
        }
        // What looks at stars stays right when somebody merely claims.
        if starts_over || state.moment() != before {
            self.revision.fetch_add(1, Ordering::AcqRel);
        }
        drop(state);
        read?;
        if let Some(listener) = self.listener.get() {
            listener(&changes);
        }
        Ok(())
    }

    fn fold(&self, state: &mut State, ahead: &mut Ahead, changes: &mut Vec<Change>) {
        for (line, place) in ahead.drain(..) {
            state.fold(line, place, self.hash, changes);
        }
    }

    fn state_to_change(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn error(&self, what: &str) -> AppendError {
        AppendError::Disk { path: self.path.display().to_string(), what: what.to_owned() }
    }

    /// Nothing is written any more, through a defect of ours.
    pub(crate) fn has_ended(&self) -> AppendError {
        self.error("nothing more is written until Goldstar is started again; the log says why")
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
