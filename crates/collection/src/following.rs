//! `goldstar.toml` while its collection is open: what its owner changes counts soon after.

use crate::collection::Collection;
use crate::settings::{Settings, SettingsError};
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
        let path = Settings::place(folder);
        let stamp = Stamp::of(&path).unwrap_or_default();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Who saves a file may empty or remove it first: what is hidden must not show meanwhile.
        let stands_still = replace(&mut seen.last, stamp) == stamp;
        if stamp == seen.judged || !stands_still {
            return Ok(false);
        }
        seen.judged = stamp;
        let gone = || Settings::error(folder, "is gone; what it said still counts".into(), true);
        let read = Settings::read_if_there(folder).and_then(|read| read.ok_or_else(gone));
        seen.wrong = read.as_ref().err().map(|error| error.what.clone());
        Ok(self.put(read?))
    }

    /// Lets settings count; whether they are others. The batches were read and the routes made with
    /// names and limits as they were at the start.
    fn put(&self, new: Settings) -> bool {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let known = &now.settings;
        let new = Settings { names: known.names.clone(), limits: known.limits, ..new };
        let is_other = !new.says_the_same(known);
        if is_other {
            *now = Current { revision: now.revision + 1, settings: Arc::new(new) };
        }
        is_other
    }
}

impl Collection {
    /// Looks whether `goldstar.toml` has changed, and reads it again once it is the same at two
    /// looks; whether anything is different now. Names and limits are those of the start.
    ///
    /// A file that cannot be used, or is gone, changes nothing: it is a blemish, and an error once.
    pub fn follow_settings(&self) -> Result<bool, SettingsError> {
        self.followed.follow(self.folder())
    }
}
