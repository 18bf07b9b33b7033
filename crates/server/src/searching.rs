//! The full-text index, brought up to the batches in the background.

use crate::app::App;
use crate::memory;
use goldstar_collection::SearchError;
use std::thread::sleep;
use std::time::Duration;

/// How soon texts that have come are put into the index.
const EVERY: Duration = Duration::from_millis(500);
/// How soon it is tried again when another program builds, and when the disk refuses.
const LATER: Duration = Duration::from_secs(2);
const MUCH_LATER: Duration = Duration::from_secs(60);

impl App {
    /// Opens the full-text index and keeps it up to the batches, for ever. To be called on a thread
    /// of its own, when the batches are indexed.
    pub fn keep_search(&self) {
        let catalog = self.collection.catalog();
        self.collection.warm_up();
        catalog.open_search();
        memory::give_back();
        let mut has_failed = false;
        loop {
            match catalog.build_search() {
                Ok(has_built) => {
                    has_failed = false;
                    if has_built {
                        memory::give_back();
                    }
                    sleep(EVERY);
                }
                Err(SearchError::Busy(_)) => {
                    // What the other has put in place by now can be asked.
                    catalog.open_search();
                    sleep(LATER);
                }
                Err(error) => {
                    if !has_failed {
                        tracing::error!("{error}");
                    }
                    has_failed = true;
                    sleep(MUCH_LATER);
                }
            }
        }
    }
}
