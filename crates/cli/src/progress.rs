//! Progress bars on standard error, when that is a terminal.

use goldstar_collection::{Collection, SearchState};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What ends sooner shows no bar.
const SHOWN_AFTER: Duration = Duration::from_millis(300);
const EVERY: Duration = Duration::from_millis(100);

/// A bar that counts, hidden where nobody would see it.
pub(crate) fn bar(total: u64, template: &str) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), target).with_style(style.progress_chars("━╸ "))
}

/// Shows how indexing goes on while `work` does it.
pub(crate) fn while_indexing(collection: &Collection, work: impl FnOnce()) {
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(collection, &is_done));
        work();
        is_done.store(true, Ordering::Release);
        watcher.thread().unpark();
    });
}

/// Shows how the search index is built, until it is ready the first time.
pub(crate) fn of_search(collection: &Collection) {
    let bar = bar(0, "search index {bar:32} {bytes}/{total_bytes} {elapsed}");
    loop {
        std::thread::sleep(SHOWN_AFTER);
        let status = collection.catalog().status();
        if status.search == SearchState::Ready || bar.is_hidden() {
            return bar.finish_and_clear();
        }
        bar.set_length(status.search_total);
        bar.set_position(status.search_done);
    }
}

fn watch(collection: &Collection, is_done: &AtomicBool) {
    std::thread::park_timeout(SHOWN_AFTER);
    if is_done.load(Ordering::Acquire) {
        return;
    }
    let template = "indexing {bar:32} {bytes}/{total_bytes} {msg} {elapsed}";
    let bar = bar(collection.catalog().status().bytes_total, template);
    while !is_done.load(Ordering::Acquire) {
        let status = collection.catalog().status();
        bar.set_length(status.bytes_total);
        bar.set_position(status.bytes_done);
        bar.set_message(format!("{} outputs", status.outputs));
        std::thread::park_timeout(EVERY);
    }
    bar.finish_and_clear();
}
