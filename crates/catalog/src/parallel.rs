//! Many pieces of work, done on several threads.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Takes the items on up to `threads` threads, each the next that nobody has taken and each thread
/// with a `T` of its own, and gives those. `take` is handed the item's place, too.
pub fn each_in_parallel<I: Sync, T: Send>(
    items: &[I],
    threads: usize,
    make: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, usize, &I) + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = make();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return made };
            take(&mut made, at, item);
        }
    };
    std::thread::scope(|scope| {
        let others = 1..threads.min(items.len());
        let others: Vec<_> = others.map(|_| scope.spawn(work)).collect();
        let mut made = vec![work()];
        let joined = others.into_iter().map(|other| other.join());
        made.extend(joined.map(|other| other.unwrap_or_else(|panic| resume_unwind(panic))));
        made
    })
}

/// Does a piece of work for each item on up to `threads` threads; the results come in the order of
/// the items.
pub fn map_in_parallel<I: Sync, R: Send>(
    items: &[I],
    threads: usize,
    work: impl Fn(&I) -> R + Sync,
) -> Vec<R> {
    let take = |done: &mut Vec<(usize, R)>, at: usize, item: &I| done.push((at, work(item)));
    let done = each_in_parallel(items, threads, Vec::new, take);
    let mut done: Vec<(usize, R)> = done.into_iter().flatten().collect();
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_taken_once_and_results_keep_their_order() {
        for (items, threads) in [(0, 4), (1, 4), (100, 1), (100, 3)] {
            let items: Vec<usize> = (0..items).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(map_in_parallel(&items, threads, |item| item * 2), doubled);
            let sums = each_in_parallel(
                &items,
                threads,
                || 0,
                |sum, at, item| {
                    assert_eq!(at, *item);
                    *sum += item;
                },
            );
            assert_eq!(sums.iter().sum::<usize>(), items.iter().sum::<usize>());
        }
    }
}
