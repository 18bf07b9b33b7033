//! Parts of a table looked at on all cores.

use goldstar_catalog::Part;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Fewer parts than this are looked at sooner than another thread is there.
const ALONE: usize = 8;

/// Looks at all parts on up to `threads` threads, each with a `T` of its own, and gives those.
pub(crate) fn each_part<'t, T: Send>(
    parts: &[Part<'t>],
    threads: usize,
    make: impl Fn() -> T + Sync,
    look: impl Fn(&mut T, &Part<'t>) + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = make();
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            look(&mut made, part);
        }
        made
    };
    let threads = if parts.len() < ALONE { 1 } else { threads };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut made = vec![work()];
        made.extend(
            others
                .into_iter()
                .map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))),
        );
        made
    })
}
