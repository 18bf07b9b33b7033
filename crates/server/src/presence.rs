//! Who has the page open now: a name for each stream of events. In memory only.

use crate::wire::PresenceEvent;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many names are known at once; who comes later is not seen.
const NAMES_MAX: usize = 1000;
/// So many are told.
const TOLD_MAX: usize = 50;

/// Who is here, with how many streams each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Presence(Arc<Mutex<BTreeMap<String, u32>>>);

impl Presence {
    /// Somebody comes; whether they were not here before.
    pub(crate) fn enter(&self, name: &str) -> bool {
        let mut names = self.names();
        if let Some(streams) = names.get_mut(name) {
            *streams += 1;
            return false;
        }
        if names.len() >= NAMES_MAX {
            return false;
        }
        names.insert(name.to_owned(), 1);
        true
    }

    /// A stream of theirs ends; whether it was the last.
    pub(crate) fn leave(&self, name: &str) -> bool {
        let mut names = self.names();
        let Some(streams) = names.get_mut(name) else { return false };
        *streams -= 1;
        let is_last = *streams == 0;
        if is_last {
            names.remove(name);
        }
        is_last
    }

    /// Who is here now.
    pub(crate) fn now(&self) -> PresenceEvent {
        let names = self.names();
        PresenceEvent {
            names: names.keys().take(TOLD_MAX).cloned().collect(),
            count: names.len() as u32,
        }
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<String, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_here_as_long_as_a_page_is_open() {
        let presence = Presence::default();
        let names = || presence.now().names;
        assert!(presence.enter("ben") && presence.enter("ada"));
        assert!(!presence.enter("ben"), "a second page");
        assert_eq!(names(), ["ada", "ben"]);
        assert!(!presence.leave("ben") && presence.leave("ben") && !presence.leave("ben"));
        assert_eq!(names(), ["ada"]);
    }

    #[test]
    fn a_crowd_is_bounded() {
        let presence = Presence::default();
        let came = (0..2000).filter(|n| presence.enter(&n.to_string())).count();
        assert_eq!((came, presence.now().count), (1000, 1000));
        assert_eq!(presence.now().names.len(), 50);
        // Who was not seen coming takes nobody away when they go.
        assert!(!presence.leave("1999") && presence.leave("999"));
        assert_eq!(presence.now().count, 999);
    }
}
