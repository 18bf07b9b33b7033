//! `goldstar.toml` while its collection is open: what its owner changes counts soon after.

use crate::collection::Collection;
use crate::settings::{Blind, Settings, SettingsError};
use crate::stamp::Stamp;
use std::mem::replace;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The settings that count now.
#[derive(Debug)]
pub(crate) struct Followed {
    now: RwLock<Current>,
    seen: Mutex<Seen>,
}

/// Settings, and how many there were before them.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    pub(crate) revision: u64,
    pub(crate) settings: Arc<Settings>,
}

#[derive(Debug)]
struct Seen {
    /// The file that was judged last; none: there was none.
    judged: Option<Stamp>,
    /// The file at the last look.
    last: Option<Stamp>,
    /// Why the file that was judged does not count.
    wrong: Option<String>,
}

impl Followed {
    pub(crate) fn new(settings: Settings) -> Self {
        let stamp = settings.stamp;
        let now = Current { revision: 0, settings: Arc::new(settings) };
        let seen = Seen { judged: stamp, last: stamp, wrong: None };
        Self { now: RwLock::new(now), seen: Mutex::new(seen) }
    }

    pub(crate) fn now(&self) -> Current {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why the file does not count as it is now.
    pub(crate) fn wrong(&self) -> Option<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).wrong.clone()
    }

    fn follow(&self, folder: &Path) -> Result<bool, SettingsError> {
        let stamp = Stamp::of(&Settings::place(folder)).unwrap_or_default();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Who saves a file may empty or remove it first: what is hidden must not show meanwhile.
        let stands_still = replace(&mut seen.last, stamp) == stamp;
        if stamp == seen.judged || !stands_still {
            return Ok(false);
        }
        seen.judged = stamp;
        let cannot = |why: &str| Settings::error(folder, why.to_owned(), true);
        let read = match stamp {
            Some(Stamp { is_file: true, bytes: 0, .. }) => Err(cannot("is empty")),
            _ => Settings::read_if_there(folder)
                .and_then(|read| read.ok_or_else(|| cannot("is gone"))),
        };
        let was_wrong = replace(&mut seen.wrong, read.as_ref().err().map(|e| e.what.clone()));
        Ok(self.put(read?) || was_wrong.is_some())
    }

    /// Lets settings count; whether they are others. The batches were read and the routes made with
    /// names and limits as they were at the start. What is hidden stays so until the file says
    /// `false`: one that is saved in parts must not show it in between.
    fn put(&self, new: Settings) -> bool {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let known = &now.settings;
        let blind = Blind {
            scores: new.said_blind.scores.unwrap_or(known.blind.scores),
            models: new.said_blind.models.unwrap_or(known.blind.models),
        };
        let new = Settings { names: known.names.clone(), limits: known.limits, blind, ..new };
        let is_other = !new.says_the_same(known);
        if is_other {
            *now = Current { revision: now.revision + 1, settings: Arc::new(new) };
        }
        is_other
    }
}

impl Collection {
    /// Looks whether `goldstar.toml` has changed, and reads it again once it is the same at two
    /// looks; whether anything is different now. Names and limits are those of the start, and what
    /// is hidden stays hidden until the file says `false`.
    ///
    /// A file that cannot be used, is empty or gone changes nothing: it is a blemish, and an error
    /// once.
    pub fn follow_settings(&self) -> Result<bool, SettingsError> {
        self.followed.follow(self.folder())
    }
}
