//! Parts of a table looked at on all cores.

use goldstar_catalog::{Part, each_in_parallel};

/// Fewer parts than this are looked at sooner than another thread is there.
const ALONE: usize = 8;

/// Looks at all parts on up to `threads` threads, each with a `T` of its own, and gives those.
pub(crate) fn each_part<'t, T: Send>(
    parts: &[Part<'t>],
    threads: usize,
    make: impl Fn() -> T + Sync,
    look: impl Fn(&mut T, &Part<'t>) + Sync,
) -> Vec<T> {
    let threads = if parts.len() < ALONE { 1 } else { threads };
    each_in_parallel(parts, threads, make, |made, _, part| look(made, part))
}
