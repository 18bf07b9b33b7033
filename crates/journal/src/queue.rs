//! Those who wait to append: one of them leads, and serves all who wait in one write.
//!
//! Nobody waits for a lock that others hold by turns: whoever is served is woken once, and the next
//! group is on its way to the disk while that happens.

use crate::journal::{AppendError, Check};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, Thread};
use ulid::Ulid;

/// Callers in the order in which they came.
#[derive(Default)]
pub(crate) struct Queue(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    waiting: Vec<Arc<Waiting>>,
    /// Somebody is serving a group, or has been told to.
    is_led: bool,
}

/// One caller's lines on their way.
pub(crate) struct Waiting {
    pub(crate) lines: Vec<(Ulid, String)>,
    pub(crate) check: Option<Check>,
    pub(crate) outcome: OnceLock<Result<(), AppendError>>,
    thread: Thread,
    leads: AtomicBool,
}

/// The right to write, for a group of callers, until it is dropped.
pub(crate) struct Lead<'q> {
    queue: &'q Queue,
    pub(crate) group: Vec<Arc<Waiting>>,
}

impl Queue {
    /// Waits until the caller's lines were served by another, or are this caller's to serve
    /// together with those of all who wait by then.
    pub(crate) fn wait(&self, waiting: &Arc<Waiting>) -> Option<Lead<'_>> {
        let mut inner = self.inner();
        inner.waiting.push(waiting.clone());
        if std::mem::replace(&mut inner.is_led, true) {
            drop(inner);
            while !waiting.leads.load(Ordering::Acquire) {
                if waiting.outcome.get().is_some() {
                    return None;
                }
                thread::park();
            }
            inner = self.inner();
        }
        Some(Lead { queue: self, group: std::mem::take(&mut inner.waiting) })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    pub(crate) fn new(lines: Vec<(Ulid, String)>, check: Option<Check>) -> Arc<Self> {
        let (outcome, leads) = (OnceLock::new(), AtomicBool::new(false));
        Arc::new(Self { lines, check, outcome, thread: thread::current(), leads })
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut inner = self.queue.inner();
        match inner.waiting.first() {
            Some(next) => {
                next.leads.store(true, Ordering::Release);
                next.thread.unpark();
            }
            None => inner.is_led = false,
        }
        drop(inner);
        for served in &self.group {
            // Only a defect leaves somebody without an outcome; nobody waits for ever for that.
            served.outcome.get_or_init(|| Err(AppendError::Refused(UNSERVED.to_owned())));
            served.thread.unpark();
        }
    }
}

const UNSERVED: &str = "writing to the journal ended before its time; nothing was acknowledged";

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::AtomicUsize;

    /// Callers in many threads; each group's leader finds itself alone.
    #[test]
    fn each_caller_is_served_once_and_one_leads_at_a_time() {
        let (queue, leaders) = (Queue::default(), AtomicUsize::new(0));
        let served = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let waiting = Waiting::new(Vec::new(), None);
                        if let Some(lead) = queue.wait(&waiting) {
                            assert_eq!(leaders.fetch_add(1, Ordering::SeqCst), 0);
                            for waiting in &lead.group {
                                waiting.outcome.set(Ok(())).expect("nobody served it before");
                                served.fetch_add(1, Ordering::SeqCst);
                            }
                            leaders.fetch_sub(1, Ordering::SeqCst);
                        }
                        assert!(waiting.outcome.get().is_some_and(Result::is_ok));
                    }
                });
            }
        });
        assert_eq!(served.into_inner(), 4000);
    }

    #[test]
    fn a_leader_that_panics_leaves_nobody_waiting() {
        let queue = Queue::default();
        let first = Waiting::new(Vec::new(), None);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _lead = queue.wait(&first);
            panic!("a defect");
        }));
        assert!(panicked.is_err());
        assert!(first.outcome.get().is_some_and(Result::is_err));
        let next = Waiting::new(Vec::new(), None);
        assert!(queue.wait(&next).is_some_and(|lead| lead.group.len() == 1));
    }
}
